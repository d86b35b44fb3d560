"""What stands in the window without a desk.

Work that needs the records closed, or what keeps them from being opened, with every way out.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.backups import FOLDER, SUFFIX
from learnsite_desktop.services.moving import stay
from learnsite_desktop.services.safekeeping import replace_with
from learnsite_desktop.ui import icons, theme
from learnsite_desktop.ui.feedback import Feedback, ProgressStrip, Tone, ask
from learnsite_desktop.ui.tasks import Lane, Task

if TYPE_CHECKING:
    from learnsite_desktop.services.workspace import Workspace
    from learnsite_desktop.ui.main_window import MainWindow

_LETTERS: Final = 44
_DAMAGED: Final = frozenset(
    {
        *("database_damaged", "database_foreign", "database_unopenable", "keys_missing"),
        *("database_gone", "database_gone_unsaved"),
    }
)
_OTHER_VERSION: Final = frozenset({"conversion_failed", "database_newer"})
_WINDOW_REMEDIES: Final = {
    "database_gone": N_(
        "Restore the newest backup (3). Found and open nothing new here: what was entered could "
        "not be read any more."
    ),
    "database_gone_unsaved": N_(
        "Look for learnsite.db in the recycle bin, or restore a backup from the stick (3). Choose "
        "another folder (2) only to begin anew, and keep this one."
    ),
    "data_folder_removable": N_(
        "A stick that is pulled out spoils the records. Choose a folder on this computer's own "
        "disk (2); the stick is for copies and for handing in."
    ),
    "data_folder_network": N_(
        "A network that breaks off spoils the records. Choose a folder on this computer's own disk "
        "(2)."
    ),
    "database_newer": N_(
        "Nothing was changed. Start the newer program, or install it again. To stay with this "
        "older one, restore the backup that was made before the update (3); what was entered "
        "since then is not in it."
    ),
    "disk_full": N_("Free some space on this disk, then try again (1). Nothing was lost."),
    "workspace_moved": N_(
        "Work on the new computer. If the move did not happen, go on here after all (3)."
    ),
}
"""Remedies as the window offers them; the usual ones speak of commands."""
Begin = Callable[[Path, str], None]
"""Opens the window's desk over a data folder; the text is what to tell there, "" for nothing."""


def _no_workspace() -> "Workspace":
    """Give the lane nothing: its jobs open and close the workspace themselves."""
    return cast("Workspace", None)


class Interlude(QWidget):
    """Stands in the window in the place of everything else until `begin` is called."""

    def __init__(self, window: "MainWindow", folder: Path, clock: Clock, begin: Begin) -> None:
        super().__init__()
        self._window, self._folder, self._clock, self._begin = window, folder, clock, begin
        self._lane = Lane("interlude", _no_workspace)
        cast("QApplication", QApplication.instance()).aboutToQuit.connect(self._lane.close)
        self.feedback = Feedback()
        self._picture, self._title, self._text = QLabel(), QLabel(), QLabel()
        self._title.setProperty("role", "title")
        for label in (self._title, self._text):
            label.setWordWrap(True)
        self._again = QPushButton(_("1 Try again (Enter)"))
        self._other = QPushButton(_("2 Choose another folder…"))
        self._third = QPushButton()
        self._pack = QPushButton(_("4 Diagnostics pack for whoever supports you…"))
        self._quit = QPushButton(_("Close the program (Ctrl+Q)"))
        self._third_deed: Callable[[], None] = lambda: None
        self._buttons = (self._again, self._other, self._third, self._pack, self._quit)
        self._column = QWidget()
        self._lay_out()
        for keys, button in zip(("1", "2", "3", "4", "Ctrl+Q"), self._buttons, strict=True):
            self._key(keys, button)
        window.stand_in(self)

    def _lay_out(self) -> None:
        icons.tint(self._picture, "warning", "warning")
        self._again.setProperty("role", "primary")
        self._again.clicked.connect(lambda: self._end(self._folder))
        self._other.clicked.connect(self.choose_folder)
        self._third.clicked.connect(self._do_third)
        self._pack.clicked.connect(self._save_pack)
        self._quit.clicked.connect(self._window.close)
        column = QVBoxLayout(self._column)
        column.setContentsMargins(12, 32, 12, 12)
        column.setSpacing(12)
        for widget in (self.feedback, self._picture, self._title, self._text):
            column.addWidget(widget)
        for button in self._buttons:
            button.setAutoDefault(True)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(ProgressStrip(self._lane))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        area.setWidget(self._column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        theme.signals().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        width = self.fontMetrics().horizontalAdvance("学") * _LETTERS
        self._column.setFixedWidth(min(width, max(self._window.width(), width // 2)))

    def _key(self, keys: str, button: QPushButton) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda *_: button.click())
        self.addAction(action)

    # What keeps the records from being opened

    def show_refusal(self, refusal: Refusal, said: str = "") -> None:
        """Say why the records cannot be opened and offer every way out; `said` stands above."""
        if said:
            self.feedback.say(said, Tone.NOTE)
        moved = refusal.code == "workspace_moved"
        remedy = _WINDOW_REMEDIES.get(refusal.code, refusal.text.remedy)
        self._title.setText(render(refusal.text.message, refusal.params))
        self._text.setText(render(remedy, refusal.params))
        if moved:
            self._third.setText(_("3 Go on working here after all"))
            self._third_deed = self._stay
        else:
            self._third.setText(_("3 Restore a backup…"))
            self._third_deed = self.choose_backup
        self._third.setVisible(moved or refusal.code in _DAMAGED | _OTHER_VERSION)
        self._again.setVisible(not moved)
        (self._quit if moved else self._again).setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_folder(self) -> None:
        """Ask for another data folder and open that one, this time."""
        found = QFileDialog.getExistingDirectory(self, _("Choose the data folder"))
        if found:
            self._end(Path(found))

    def choose_backup(self) -> None:
        """Ask for a backup, and put it in the place of what cannot be opened."""
        start = str(self._folder / FOLDER)
        found, _kind = QFileDialog.getOpenFileName(
            self, _("Choose a backup"), start, f"*{SUFFIX} *.db (*{SUFFIX} *.db)"
        )
        if not found or not ask(
            self,
            _("Restore a backup"),
            _("What is there now is set aside, not deleted; then the backup takes its place."),
            _("Restore"),
        ):
            return
        path, folder, clock = Path(found), self._folder, self._clock
        self.work(_("Restoring"), lambda: replace_with(folder, path, clock), _("Restored."))

    def _stay(self) -> None:
        folder, clock = self._folder, self._clock
        self.work(_("Opening"), lambda: stay(folder, clock), _("This computer goes on."))

    def _do_third(self) -> None:
        self._third_deed()

    def _save_pack(self) -> None:
        """Write a diagnostics pack where the person says; the bar tells what is not in it."""
        from learnsite_desktop.paint.surroundings import facts  # noqa: PLC0415 - seldom needed
        from learnsite_desktop.services import diagnostics  # noqa: PLC0415
        from learnsite_desktop.services.diagnostics_page import WHAT_IS_NOT_IN_IT  # noqa: PLC0415

        folder, clock, screen = self._folder, self._clock, facts()
        name = diagnostics.name_at(clock.now())
        found, _kind = QFileDialog.getSaveFileName(
            self, _("Save the diagnostics pack"), str(Path.home() / name), "*.zip (*.zip)"
        )
        if not found:
            return
        path = Path(found).with_suffix(diagnostics.SUFFIX)

        def saved(_size: Any) -> None:
            text = _("Saved: %(file)s. Send this file to whoever supports you.")
            said = f"{render(text, {'file': path.name})} {_(WHAT_IS_NOT_IN_IT)}"
            self.feedback.say(said, Tone.NOTE)

        self._lane.submit(
            Task(
                _("Saving the diagnostics pack"),
                lambda *_: diagnostics.write(
                    diagnostics.collect(folder, clock, screen=screen), path
                ),
                saved,
                self.feedback.fail,
            )
        )

    # Work that needs the records closed

    def work(self, label: str, job: Callable[[], Any], said: str) -> None:
        """Do `job` beside the window, then open the desk and say `said`, or why it failed."""
        for button in self._buttons:
            button.setEnabled(False)
        self._title.setText(label)

        def failed(error: BaseException) -> None:
            self._end(self._folder, error=error)

        self._lane.submit(
            Task(label, lambda *_: job(), lambda _done: self._end(self._folder, said), failed)
        )

    def hide_choices(self) -> None:
        """Show nothing to choose: there is only work to wait for."""
        for widget in (*self._buttons, self._text, self._picture):
            widget.hide()

    def _end(self, folder: Path, said: str = "", error: BaseException | None = None) -> None:
        """Give the window back and open the desk."""
        self._lane.close()
        window, begin = self._window, self._begin
        window.stand_in(None)
        begin(folder, said)
        if error is not None:
            page = window.standing_in()
            bar = page.feedback if isinstance(page, Interlude) else window.feedback
            bar.fail(error)
