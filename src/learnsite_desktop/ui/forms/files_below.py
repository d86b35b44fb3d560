"""The files for the units below: what waits for each, one key writes them, wherever one is (F7)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform import drives
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.handing_in import OUTBOX, carry
from learnsite_desktop.services.relaying import Relayed, Relays, Waiting, waiting_below, write_below
from learnsite_desktop.ui.code_screen import show_pictures
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone, refusal_text
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from learnsite_desktop.ui.tasks import Task

_FOLDER: Final = "return_folder"
_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One unit: what waits for it, or the file that was written for it."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str
    word: str


def waiting_rows(found: Sequence[Waiting]) -> list[Row]:
    """Return a row for each unit, those for which something waits first."""
    return [
        Row(
            one.unit,
            "waiting" if one.anything else "nothing",
            (one.name, what_waits(one)),
            *_chip(one),
        )
        for one in sorted(found, key=lambda one: (not one.anything, one.unit))
    ]


def written_rows(rows: Sequence[Row], made: Sequence[Relayed]) -> list[Row]:
    """Return the rows with the files that were just written."""
    files = {one.waiting.unit: one for one in made}
    return [_written(row, files[row.key]) if row.key in files else row for row in rows]


def _written(row: Row, one: Relayed) -> Row:
    name, path = row.cells[0], one.path
    if path is None:
        said = refusal_text(one.trouble) if one.trouble is not None else ""
        return Row(row.key, "problem", (name, said), "error", _("not written"))
    if one.trouble is not None:
        return Row(row.key, "problem", (name, refusal_text(one.trouble)), "error", _("not copied"))
    return Row(row.key, "written", (name, path.name), "exported", _("written"))


def _chip(one: Waiting) -> tuple[str, str]:
    if one.anything:
        return "warning", _("Waits")
    if one.operations or one.receipts or one.documents or one.program:
        return "exported", render(_("Written on %(day)s"), {"day": one.written[:10]})
    return "ok", _("Up to date")


def what_waits(one: Waiting) -> str:
    """Return what waits for a unit, in words."""
    return _("; ").join(_what(one)) or _("nothing waits")


def _what(one: Waiting) -> Iterator[str]:
    counted = (
        (one.returns, N_("%(count)s returns")),
        (one.receipts, N_("%(count)s receipts from above")),
        (one.documents, N_("%(count)s new documents")),
        (one.operations - one.returns, N_("%(count)s changes of records")),
    )
    if one.receipt:
        yield _("our receipt")
    for count, text in counted:
        if count > 0:
            yield render(text, {"count": count})
    if one.program:
        yield render(N_("version %(version)s of the program"), {"version": one.program})


class FilesBelow(Card):
    """What waits for each unit, and where the files go.

    Enter writes all that wait, Space the current one alone (once more, too), Ctrl+O chooses another
    folder, Ctrl+T shows the current one's file as pictures to photograph. `told` brings what waits,
    as often as it was asked for.
    """

    told = Signal(object)

    def __init__(
        self,
        desk: Desk,
        folders: Callable[[], Mapping[str, Path]] = dict,
        parent: QWidget | None = None,
    ) -> None:
        """`folders` says to where the file of a unit goes unless somebody chose a folder."""
        super().__init__(parent)
        self._desk, self._folders = desk, folders
        self._place: Path | None = None
        self._chosen = False
        self._running: Task | None = None
        self.list: RowList[Row] = RowList(
            _("Files for the units below"), (_("Unit"), _("Waiting for it"), _("State")), wide=(1,)
        )
        self.list.chosen.connect(lambda _row: self.write())
        self._where = QLabel()
        self._where.setWordWrap(True)
        self.title.setText(_("Files for the units below: receipts, returns, documents"))
        self.body.addWidget(self._where)
        self.body.addWidget(self.list)
        self._go = self.add_button(QPushButton(_("Write all that wait (Enter)")))
        self._go.setProperty("role", "primary")
        self._go.clicked.connect(lambda *_: self.write())
        one = self.add_button(QPushButton(_("This one alone (Space)")))
        one.clicked.connect(lambda *_: self.write_current())
        self.add_button(QPushButton(_("Another folder (Ctrl+O)"))).clicked.connect(self.choose)
        drawn = self.add_button(QPushButton(_("As pictures (Ctrl+T)")))
        drawn.clicked.connect(lambda *_: self.draw_current())
        self.add_button(QPushButton(_("Close (Esc)"))).clicked.connect(self.shut)
        pictures = QShortcut(QKeySequence("Ctrl+T"), self, self.draw_current)
        pictures.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        alone = QShortcut(QKeySequence(Qt.Key.Key_Space), self.list, self.write_current)
        alone.setContext(Qt.ShortcutContext.WidgetShortcut)

    def ask(self) -> None:
        """Ask what waits, without showing the card: `told` brings it."""
        self._desk.look_up("", lambda ws, _progress: waiting_below(ws), self.told.emit)

    def begin(self) -> None:
        """Show what waits for whom; say so when there is nobody below."""
        self._desk.look_up(_("Reading"), lambda ws, _progress: waiting_below(ws), self._show)

    def _show(self, found: list[Waiting]) -> None:
        self.told.emit(found)
        if not found:
            self._desk.say(
                _("No unit below has opened yet. “Units” makes their opening files."), Tone.NOTE
            )
            return
        self._place, self._chosen = self._usual(), False
        self._tell_place()
        self.list.show_rows(waiting_rows(found))
        self.list.select_first()
        self.list.setMinimumHeight(self.fontMetrics().height() * _LINES)
        self.show()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _usual(self) -> Path | None:
        sticks = drives.removable_folders()
        if sticks:
            return sticks[0]
        former = str(self._desk.preferences.value(_FOLDER, ""))
        return Path(former) if former and Path(former).is_dir() else None

    def _tell_place(self) -> None:
        came = () if self._chosen else set(map(str, self._folders().values()))
        if came:
            said = {"folders": _("、").join(sorted(came))}
            text = render(
                N_("Each goes back to where its unit's file came from: %(folders)s."), said
            )
        elif self._place is not None:
            text = render(N_("They go to %(folder)s."), {"folder": str(self._place)})
        else:
            text = _("No stick is plugged in: you will be asked for a folder.")
        self._where.setText(text)

    def choose(self) -> None:
        """Choose another folder."""
        found = QFileDialog.getExistingDirectory(self, _("Where to put the file"))
        if found:
            self._place, self._chosen = Path(found), True
            self._desk.preferences.setValue(_FOLDER, found)
            self._tell_place()

    def write_current(self) -> None:
        """Write the file for the current unit, whether anything waits for it or not."""
        row = self.list.current()
        if row is not None:
            self.write((row.key,))

    def write(self, units: Sequence[str] = ()) -> None:
        """Write the files for the units named, else for all for which something waits."""
        if self._running is not None and not self._running.told:
            return
        wanted = list(units) or [row.key for row in self.list.rows() if row.kind == "waiting"]
        if not wanted:
            self._desk.say(
                _("Nothing waits. Space writes the file of the current unit once more."), Tone.NOTE
            )
            return
        places = {} if self._chosen else dict(self._folders())
        if self._place is None and not set(wanted) <= places.keys():
            self.choose()
            places = {} if self._chosen else places
            if self._place is None:
                return
        to = {unit: places.get(unit, self._place) for unit in wanted}
        known = {unit: folder for unit, folder in to.items() if folder is not None}
        self._running = self._desk.write(
            _("Writing the files for the units below"),
            lambda ws, progress: write_below(
                ws, ws.subfolder(OUTBOX), wanted, to=known, progress=progress
            ),
            self._written,
        )

    def draw_current(self) -> None:
        """Write the file for the current unit and show it as numbered pictures."""
        row = self.list.current()
        if row is None or (self._running is not None and not self._running.told):
            return
        unit = row.key

        def written(made: Relays) -> None:
            self.list.show_rows(written_rows(self.list.rows(), made.done), select=unit)
            self._desk.changed.emit(ChangeSet())
            self.ask()
            for one in made.done:
                if one.path is not None:
                    show_pictures(self._desk, self, one.path, unit)
                elif one.trouble is not None:
                    self._desk.feedback.refuse(one.trouble)

        self._running = self._desk.write(
            _("Writing the files for the units below"),
            lambda ws, progress: write_below(ws, ws.subfolder(OUTBOX), [unit], progress=progress),
            written,
        )

    def _written(self, made: Relays) -> None:
        self.list.show_rows(written_rows(self.list.rows(), made.done))
        self.list.select_first(("problem",))
        self._desk.changed.emit(ChangeSet())
        self.ask()
        good = [one for one in made.done if one.trouble is None]
        places = sorted({str(one.path.parent) for one in good if one.path is not None})
        said = {
            "count": len(good),
            "folder": _("、").join(places),
            "bad": len(made.done) - len(good),
        }
        text = _("%(count)s files for units below lie in %(folder)s; hand each to its unit.")
        action = None
        if places:
            action = Action(_("Open the folder"), lambda: _open(Path(places[0])))
        if made.trouble is not None:
            text = _(
                "%(count)s files are there; %(bad)s could not be written or copied, see below."
            )
            left = [one for one in made.done if one.trouble is not None and one.file is not None]
            action = Action(_("Copy again"), lambda: self._copy(left)) if left else action
        if made.stopped:
            text = _("Stopped: %(count)s files are written, the others wait as before.")
        tone = Tone.WARNING if made.stopped or made.trouble is not None else Tone.OK
        self._desk.say(render(text, said), tone, action)

    def _copy(self, left: Sequence[Relayed]) -> None:
        """Carry files that stand in the outbox to the place once more."""
        place = self._place
        files = {one.waiting.unit: one.file for one in left if one.file is not None}
        folders = {unit: self._folders().get(unit, place) for unit in files}

        def copied(paths: list[Path]) -> None:
            said = {"count": len(paths), "folder": str(paths[0].parent)}
            text = _("%(count)s files for units below lie in %(folder)s; hand each to its unit.")
            look = Action(_("Open the folder"), lambda: _open(paths[0].parent))
            done = [Relayed(one.waiting, one.number, one.file, one.file) for one in left]
            self.list.show_rows(written_rows(self.list.rows(), done))
            self._desk.say(render(text, said), Tone.OK, look)

        self._desk.look_up(
            _("Copying"),
            lambda _ws, _progress: [
                carry(file, folder)
                for unit, file in files.items()
                if (folder := folders[unit]) is not None
            ],
            copied,
        )


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
