"""The first run: the ways to begin, one screen, at most three keys to the first day's work."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.platform import i18n
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.platform.places import usual_places
from learnsite_desktop.services.backups import SUFFIX as BACKUP_SUFFIX
from learnsite_desktop.services.founding import OPENING_SUFFIX
from learnsite_desktop.services.openings import find_openings, look_at_opening
from learnsite_desktop.services.restoring import look_into
from learnsite_desktop.services.trial.village import has_trial
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.feedback import Feedback, ProgressStrip
from learnsite_desktop.ui.first_run import steps
from learnsite_desktop.ui.first_run.at_the_top import AtTheTop
from learnsite_desktop.ui.first_run.cards import BackupCard, Card, OpeningCard
from learnsite_desktop.ui.language import speak
from learnsite_desktop.ui.tasks import Lane, Task

if TYPE_CHECKING:
    from learnsite_desktop.services.workspace import Workspace

_LETTERS: Final = 52
"""The width of the page in Chinese letters; longer lines read badly."""


def _no_workspace() -> "Workspace":
    """Give the lane nothing: its jobs make the workspace that the window will open."""
    return cast("Workspace", None)


class FirstRun(QWidget):
    """Stands in the window until there is something to work with."""

    def __init__(self, preferences: QSettings, folder: Path, clock: Clock) -> None:
        super().__init__()
        self._preferences, self._folder, self._clock = preferences, folder, clock
        self._lane = Lane("first run", _no_workspace)
        self._done: Callable[[Path, str], None] = lambda _folder, _operator: None
        self._backup: Path | None = None
        self.told = ""
        """What the window says once there is something to work with."""
        self.feedback = Feedback()
        self.opening = OpeningCard()
        self.trial = Card(
            "Alt+2",
            "hint",
            _("Try it out first"),
            _(
                "A trial village with invented people and three months of records. You may do "
                "anything in it; nothing of it can be handed in, and you throw it away at the end."
            ),
            _("Go on with the trial") if has_trial(folder) else _("Try it out"),
        )
        self.backup = BackupCard()
        self.opening.wanted.connect(self.choose_opening)
        self.opening.start.connect(self._open)
        self.trial.wanted.connect(self._try)
        self.backup.wanted.connect(self.choose_backup)
        self.backup.restore.connect(self._restore)
        self.top = AtTheTop(
            self, folder, clock, (self.opening, self.trial, self.backup), self._begin
        )
        self.founding, self.recovering = self.top.founding, self.top.recovering
        for card in self.top.cards:
            card.closed.connect(self.opening.button.setFocus)
            card.refused.connect(self.feedback.fail)
        self.setAcceptDrops(True)
        # A workspace that is being made is finished before the program ends.
        cast("QApplication", QApplication.instance()).aboutToQuit.connect(self.close_lane)
        self._build()
        for key, deed in (
            ("Alt+1", self.choose_opening), ("Alt+2", self._try), ("Alt+3", self.choose_backup),
            ("F1", self.explain), ("Alt+4", partial(self.top.show_card, self.founding)),
            ("Alt+5", partial(self.top.show_card, self.recovering)),
            ("Ctrl+O", self.top.choose_table),
        ):  # fmt: skip
            self._key(key, deed)

    def when_done(self, done: Callable[[Path, str], None]) -> None:
        """Say what happens once there is a workspace: it is given its folder and operator."""
        self._done = done

    def start(self) -> None:
        """Look for opening files where they usually lie."""
        self.opening.button.setFocus()
        self._run("", lambda _p: find_openings(usual_places()), self._found)

    def close_lane(self) -> None:
        """Let the work end; blocks until it has."""
        self._lane.close()

    # Building

    def _build(self) -> None:
        title = QLabel(_("Welcome to the learning site log"))
        title.setProperty("role", "title")
        about = QLabel(_("There are no records on this computer yet. How do you want to begin?"))
        about.setWordWrap(True)
        other = QPushButton("English" if i18n.language() == "zh" else "中文")
        other.clicked.connect(self._other_language)
        helping = QPushButton(_("Help (F1)"))
        helping.clicked.connect(self.explain)
        below = QHBoxLayout()
        for text, card in (
            (_("Found a county… Alt+4"), self.founding),
            (_("Computer lost… Alt+5"), self.recovering),
        ):
            button = QPushButton(text)
            button.clicked.connect(partial(self.top.show_card, card))
            below.addWidget(button)
        below.addStretch(1)
        below.addWidget(helping)
        below.addWidget(other)
        self._column = QWidget()
        column = QVBoxLayout(self._column)
        column.setContentsMargins(12, 24, 12, 12)
        for widget in (title, about, self.feedback, self.opening, self.trial, self.backup):
            column.addWidget(widget)
        for topmost in self.top.cards:
            column.addWidget(topmost, 1)
        column.addWidget(ProgressStrip(self._lane))
        column.addStretch(1)
        column.addLayout(below)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._column)
        area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        theme.signals().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        side = self.fontMetrics().horizontalAdvance("学") * _LETTERS
        self._column.setMaximumWidth(side)

    def _key(self, keys: str, deed: Callable[[], None]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda *_: deed())
        self.addAction(action)

    def explain(self) -> None:
        """Show the page of the help about the beginning, in a window of its own."""
        from learnsite_desktop.ui.first_run.explained import Explained  # noqa: PLC0415

        Explained(self).open()

    # The township's file

    def choose_opening(self) -> None:
        """Ask for an opening file."""
        self._ask_file(_("Choose the file from the unit above"), OPENING_SUFFIX, self._look)

    def _look(self, path: Path) -> None:
        self._run("", lambda _p: look_at_opening(path), lambda found: self.opening.offer([found]))

    def _found(self, openings: Any) -> None:
        if self.opening.chosen is None:
            self.opening.offer(openings)

    def _open(self) -> None:
        chosen = self.opening.chosen
        if chosen is not None and self._column.isEnabled():
            name = self.opening.name.text().strip()
            self._begin(
                _("Opening"),
                lambda _p: steps.open_from(chosen.path, self._folder, self._clock, name),
            )

    # The trial village

    def _try(self) -> None:
        if self._column.isEnabled():
            self._begin(
                _("Making the trial village"),
                lambda progress: steps.try_out(self._folder, self._clock, progress),
            )

    # A backup

    def choose_backup(self) -> None:
        """Ask for a backup file."""
        self._ask_file(_("Choose a backup"), BACKUP_SUFFIX, self._look_into)

    def _look_into(self, path: Path) -> None:
        def looked(look: Any) -> None:
            self._backup = path
            self.backup.show_look(look)

        self._run(_("Looking into the backup"), lambda _p: look_into(path), looked)

    def _restore(self) -> None:
        path = self._backup
        if path is not None and self._column.isEnabled():
            self._begin(
                _("Restoring"), lambda _p: steps.restore_from(path, self._folder, self._clock)
            )

    # All of them

    def _ask_file(self, title: str, suffix: str, found: Callable[[Path], None]) -> None:
        places = usual_places()
        start = str(places[0]) if places else ""
        path, _kind = QFileDialog.getOpenFileName(self, title, start, f"*{suffix} (*{suffix})")
        if path:
            found(Path(path))

    def _run(self, label: str, job: Callable[[Any], Any], done: Callable[[Any], None]) -> None:
        self._lane.submit(Task(label, lambda _ws, progress: job(progress), done, self._failed))

    def _begin(self, label: str, job: Callable[[Any], steps.Begun]) -> None:
        self._column.setEnabled(False)
        self._run(label, job, self._begun)

    def _begun(self, begun: steps.Begun) -> None:
        said = ""
        if begun.file is not None:
            said = render(
                _("Recovered. Give %(file)s to every unit below, then receive their files."),
                {"file": str(begun.file)},
            )
        self.told = said
        self._done(begun.folder, begun.operator)

    def _failed(self, error: BaseException) -> None:
        self._column.setEnabled(True)
        shown = self.top.shown()
        (shown.search if shown is not None else self.opening.button).setFocus()
        self.feedback.fail(error)

    def _other_language(self) -> None:
        speak(self._preferences, "en" if i18n.language() == "zh" else "zh")
        self._done(self._folder, "")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the dropped file: an opening file or a backup, whatever its name became."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.take(paths[0])

    def take(self, path: Path) -> None:
        """Look at a file that was handed to the window."""
        if path.suffix.lower() == BACKUP_SUFFIX:
            self._look_into(path)
        else:
            self._look(path)
