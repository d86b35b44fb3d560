"""Locking a month from the board, opening it again, booking what was corrected later."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.lock_problems import Problem
from learnsite_desktop.services.locks import lock, unlock
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.reversals import reverse
from learnsite_desktop.services.supplements import (
    LockPreview,
    Supplement,
    open_month,
    preview_lock,
    supplements,
)
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.routes import place_of
from learnsite_desktop.ui.screens.board.cards import LaterCard, LockCard, Row

LISTED: Final = 200
"""How many problems are listed, each with its record."""
Preview = tuple[LockPreview, list[Row]]


class Closing:
    """Drives the cards: `ask` asks why, `show` puts one in the place of the matrix, `back` that."""

    def __init__(
        self,
        desk: Desk,
        card: LockCard,
        later: LaterCard,
        ask: Callable[..., None],
        show: Callable[[QWidget], None],
        back: Callable[[], None],
    ) -> None:
        self._desk, self._card, self._later = desk, card, later
        self._ask, self._show, self._back = ask, show, back
        self._period = ""
        card.wanted.connect(self._lock)
        card.opened.connect(self._go)
        later.wanted.connect(self._ask_to_book)

    # Locking

    def look(self, period: str) -> None:
        """Show what a lock of this unit and all below would do."""
        self._period = period

        def job(ws: Workspace, progress: Progress) -> Preview | Refusal:
            try:
                found = preview_lock(ws, period, progress=progress)
            except Refusal as refusal:
                return refusal
            return found, [_row(ws, *one) for one in enumerate(found.problems[:LISTED])]

        self._desk.look_up(_("Looking for what is still open"), job, self._looked)

    def _looked(self, made: Preview | Refusal) -> None:
        if isinstance(made, Refusal):
            self._refused(made)
            return
        found, rows = made
        if not found.units:
            self._desk.say(_("This month is locked already."), Tone.NOTE)
            return
        self._show(self._card)
        self._card.show_preview(found, rows)

    def _refused(self, refusal: Refusal) -> None:
        """Say why not; where another month has to be locked first, offer that one."""
        other, action = str(refusal.params.get("other", "")), None
        if refusal.code == "lock_order" and other < self._period:
            text = render(_("Lock %(period)s"), {"period": other})
            action = Action(text, lambda: self.look(other))
        self._desk.feedback.refuse(refusal, action)

    def _lock(self, why: str) -> None:
        period, operator = self._period, self._desk.operator
        self._desk.write(
            _("Locking"),
            lambda ws, progress: lock(
                ws, period, force=bool(why), why=why, operator=operator, progress=progress
            ),
            self._locked,
        )

    def _locked(self, answer: dict[str, Any]) -> None:
        period = str(answer["period"])
        said = {"period": period, "count": len(answer["units"])}
        text = _("%(period)s is locked for %(count)s units. What comes now is a supplement.")
        self._ended(render(text, said), Action(_("Unlock"), lambda: self.unlock(period)))

    def _ended(self, text: str, action: Action | None = None) -> None:
        self._back()
        # A lock is no change that undo takes back: every screen looks anew.
        self._desk.changed.emit(ChangeSet())
        self._desk.say(text, Tone.OK, action)

    def _go(self, row: Row) -> None:
        place = place_of(row.record_kind, row.record)
        if place is None:
            self._desk.say(row.cells[2], Tone.NOTE)
            return
        field = f" {row.field}" if row.record_kind == "session" and row.field else ""
        self._desk.go(place.screen, f"{place.about}{field}")

    def unlock(self, period: str) -> None:
        """Ask why, then open a month again."""
        question = render(
            _("Why is %(period)s opened again? The reason is kept."), {"period": period}
        )
        operator = self._desk.operator

        def deed(why: str) -> None:
            self._desk.write(
                _("Unlocking"),
                lambda ws, _progress: unlock(ws, period, why=why, operator=operator),
                lambda _answer: self._ended(
                    render(_("%(period)s is open again."), {"period": period}),
                    Action(_("Lock"), lambda: self.look(period)),
                ),
            )

        hint = _("For example: a village hands in late")
        self._ask(question, _("Unlock (Enter)"), deed, hint=hint)

    # Corrected later

    def look_later(self) -> None:
        """Show what was changed after a lock."""
        self._desk.look_up(
            _("Looking for what was changed later"),
            lambda ws, _progress: supplements(ws),
            self._show_later,
        )

    def _show_later(self, found: list[Supplement]) -> None:
        self._show(self._later)
        self._later.show_rows(found)

    def _ask_to_book(self, row: Row) -> None:
        if row.status != "warning":
            self._desk.say(row.word, Tone.NOTE)
            return
        period = self._desk.read(lambda ws: open_month(ws, require_record(ws, row.record).unit))
        said = {"title": row.cells[0], "period": period}
        text = _("%(title)s: book the difference in %(period)s. Why was it corrected?")
        self._ask(
            render(text, said), _("Book (Enter)"), lambda why: self._book(row.record, period, why)
        )

    def _book(self, record: str, period: str, why: str) -> None:
        operator = self._desk.operator

        def job(ws: Workspace, _progress: Progress) -> ChangeSet:
            stored = require_record(ws, record)
            return reverse(ws, stored, period, why=why, operator=operator)[1]

        def done(changes: ChangeSet) -> None:
            text = _("Booked in %(period)s; the locked figures stay as they are.")
            self._desk.say_done(render(text, {"period": period}), changes)
            self.look_later()

        self._desk.write(_("Booking"), job, done)


def _row(workspace: Workspace, number: int, one: Problem) -> Row:
    return Row(
        key=f"{number}:{one.record}",
        kind="problem",
        cells=(one.title(workspace), unit_name(workspace.database, one.unit), one.words()),
        status="error",
        word=_("Open"),
        record=one.record,
        record_kind=one.kind(workspace),
        field=one.field,
    )
