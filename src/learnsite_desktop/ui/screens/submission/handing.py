"""Handing in from the window: one gesture, and what is said of it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.handing_in import carry, hand_in
from learnsite_desktop.services.standing import unit_above
from learnsite_desktop.ui.code_screen import show_pictures
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.forms.reason import ReasonCard
from learnsite_desktop.ui.screens.submission.bar import Bar
from learnsite_desktop.ui.screens.submission.presenter import Outcome, Row

if TYPE_CHECKING:
    from learnsite_desktop.ui.tasks import Task

_EMPTY: Final = "SUBMISSION_EMPTY"


class Handing:
    """Hands in what the bar names, to where it says; `stopped` gets an outcome with a red list."""

    def __init__(
        self, desk: Desk, bar: Bar, zero: ReasonCard, stopped: Callable[[Outcome], None]
    ) -> None:
        self._desk, self._bar, self._zero, self._stopped = desk, bar, zero, stopped
        self._last: Path | None = None
        self._running: Task | None = None

    def begin(self) -> None:
        """Hand the chosen month in."""
        self._hand_in("")

    def again(self, row: Row) -> None:
        """Carry a file that was handed in once more."""
        if row.handed is not None:
            self._copy(row.handed.path, row.handed.to)

    def _hand_in(self, zero: str) -> None:
        if self._running is not None and not self._running.told:
            return
        place = self._bar.place()
        if place.kind == "choose":
            found = QFileDialog.getExistingDirectory(self._bar, _("Where to put the file"))
            if not found:
                return
            place = self._bar.add_folder(Path(found))
        period, operator, folder = self._bar.period(), self._desk.operator, place.folder
        self._running = self._desk.write(
            _("Handing in"),
            lambda ws, progress: Outcome.of(
                ws,
                hand_in(ws, period, to=folder, zero=zero, operator=operator, progress=progress),
            ),
            self._handed_in,
        )

    def _handed_in(self, outcome: Outcome) -> None:
        done = outcome.done
        if done.red and all(issue.code == _EMPTY for issue in done.red):
            question = _("No session was held in this period. Why? Then it is a zero report.")
            if self._desk.tier != "village":
                question = _(
                    "No session of this unit's own was recorded in this period. Why? Then it is a "
                    "zero report of this unit; what the units below handed in goes along as it is."
                )
            self._zero.ask(
                question,
                _("Zero report (Enter)"),
                self._hand_in,
                hint=_("For example: rain, busy with the harvest"),
            )
            return
        if done.red:
            self._stopped(outcome)
            return
        # A file went out, perhaps without anything written: the other screens look anew.
        self._desk.changed.emit(ChangeSet())
        self._last = done.packed.written.path if done.packed else None
        if done.trouble is not None:
            again = Action(_("Copy again"), self._copy_last) if self._last else None
            self._desk.feedback.refuse(done.trouble, again)
        elif done.path is not None:
            old = done.packed is not None and done.packed.nothing_new
            if self._bar.place().kind == "pictures" and not old:
                self._show_pictures(done.path, self._desk.read(unit_above))
                return
            self._tell_where(done.path, chat=done.path == self._last, old=old)

    def _tell_where(self, path: Path, *, chat: bool, old: bool = False) -> None:
        folder = path.parent
        look_there = Action(_("Open the folder"), lambda: _open_folder(folder))
        text = _("Handed in. The file %(name)s lies in %(folder)s; take it to the unit above.")
        if chat:
            content = QMimeData()
            content.setUrls([QUrl.fromLocalFile(str(path))])
            QGuiApplication.clipboard().setMimeData(content)
            text = _("Handed in. Go to the chat and press Ctrl+V: the file %(name)s is sent.")
        said = {"name": path.name, "folder": str(folder)}
        if old:
            text = _(
                "Nothing is new: all of it is acknowledged above, nothing has to be sent again. "
                "The file %(name)s only repeats that; it lies in %(folder)s."
            )
        self._desk.say(render(text, said), Tone.NOTE if old else Tone.OK, look_there)

    def _show_pictures(self, path: Path, unit: str) -> None:
        """Show a file as pictures; one that is too large for that is said so, it stands."""
        show_pictures(self._desk, self._bar, path, unit)
        text = _("Handed in. Photograph the pictures; the file %(name)s stands in the outbox too.")
        self._desk.say(render(text, {"name": path.name}), Tone.OK)

    def _copy_last(self) -> None:
        if self._last is not None:
            self._copy(self._last)

    def _copy(self, path: Path, unit: str = "") -> None:
        """Carry a file of the outbox to the place that is chosen now."""
        self._last = path
        if self._bar.place().kind == "pictures":
            show_pictures(self._desk, self._bar, path, unit or self._desk.read(unit_above))
            return
        folder = self._bar.place().folder
        if folder is None:
            self._tell_where(path, chat=True)
            return
        self._desk.look_up(
            _("Copying"),
            lambda _ws, _progress: carry(path, folder),
            lambda copy: self._tell_where(copy, chat=False),
        )


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
