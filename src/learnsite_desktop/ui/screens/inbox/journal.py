"""The journal's work: listing batches, showing what a rollback would do, doing and undoing it."""

from PySide6.QtCore import QObject, Signal

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.batches import Foregone, foresee_rollback, reapply, rollback
from learnsite_desktop.services.uncounted import list_uncounted
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.screens.inbox.pages import Pages
from learnsite_desktop.ui.screens.inbox.presenter import (
    Row,
    batch_rows,
    foregone_text,
    touched_rows,
    uncounted_rows,
)


class Journal(QObject):
    """Rolls batches back and brings them back; `moved` brings the number of one that was."""

    moved = Signal(object)

    def __init__(self, desk: Desk, pages: Pages, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._pages = desk, pages
        pages.batches.list.chosen.connect(self._open)

    def show_batches(self) -> None:
        """Show the files received."""
        self._pages.turn_to(self._pages.batches)
        self.renew()

    def show_uncounted(self) -> None:
        """Show what is held apart and what waits."""
        self._pages.turn_to(self._pages.uncounted)
        self.renew()

    def renew(self) -> None:
        """Ask anew for what is shown."""
        pages = self._pages
        if pages.shown is pages.batches:
            self._desk.look_up("", lambda ws, _progress: batch_rows(ws), pages.batches.show_rows)
        elif pages.shown is pages.uncounted:
            self._desk.look_up(
                "",
                lambda ws, _progress: list(uncounted_rows(list_uncounted(ws))),
                pages.uncounted.show_rows,
            )

    def _open(self, row: Row) -> None:
        """Show what rolling a batch back would do; one that is rolled back comes back at once."""
        number = int(row.key)
        if row.about["state"] != "active":
            self.bring_back(number)
            return
        self._desk.write(
            _("Looking at what it would take back"),
            lambda ws, _progress: foresee_rollback(ws, number),
            lambda found: self._show(row, found),
        )

    def _show(self, row: Row, found: Foregone) -> None:
        number = int(row.key)
        at, name, kind = row.cells[:3]
        self._pages.records.show_records(
            f"{name} · {kind} · {at}: {foregone_text(found)}",
            list(touched_rows(found.records)),
            _("Roll back (Ctrl+S)"),
            "undo",
            lambda: self.roll_back(number),
        )
        self._pages.turn_to(self._pages.records)

    def roll_back(self, number: int) -> None:
        """Take a batch back."""
        self._pages.turn_to(self._pages.batches)
        self._desk.back_up("receive")
        self._desk.write(
            _("Rolling back"),
            lambda ws, _progress: rollback(ws, number),
            lambda done: self._rolled_back(number, int(done["records"])),
        )

    def bring_back(self, number: int) -> None:
        """Bring a batch back that was taken back."""
        self._desk.write(
            _("Bringing back"),
            lambda ws, _progress: reapply(ws, number),
            lambda done: self._brought_back(number, int(done["records"])),
        )

    def _rolled_back(self, number: int, records: int) -> None:
        self._desk.changed.emit(ChangeSet())
        self.moved.emit(number)
        text = _("Rolled back: %(count)s records went or changed back.")
        undo = Action(_("Bring it back"), lambda: self.bring_back(number))
        self._desk.say(render(text, {"count": records}), Tone.OK, undo)

    def _brought_back(self, number: int, records: int) -> None:
        self._desk.changed.emit(ChangeSet())
        self.moved.emit(number)
        text = _("Brought back: %(count)s records are here again.")
        self._desk.say(render(text, {"count": records}), Tone.OK)
