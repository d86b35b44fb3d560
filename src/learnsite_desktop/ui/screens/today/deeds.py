"""What can be done with a session from Today, without opening it."""

from collections.abc import Callable

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.drafts import discard
from learnsite_desktop.services.records import delete, edit, require_record
from learnsite_desktop.services.repeating import repeat_session
from learnsite_desktop.services.roll_calls import second_session
from learnsite_desktop.ui.desk import Desk, issue_text
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.forms.reason import ReasonCard
from learnsite_desktop.ui.screens.today.presenter import Row

_DONE = ("ok", "note")


class Deeds:
    """Plans, cancels and deletes sessions; each can be undone.

    `reason` is the card that asks why; `show` makes a session (record id) the current row.
    """

    def __init__(self, desk: Desk, reason: ReasonCard, show: Callable[[str], object]) -> None:
        self._desk, self._reason, self._show = desk, reason, show
        self._asked = ""

    def repeat(self, row: Row) -> None:
        """上周照抄: the same session a week later."""
        operator = self._desk.operator
        self._desk.write(
            _("Saving"),
            lambda ws, _progress: repeat_session(ws, row.record, operator=operator),
            self._planned,
        )

    def second(self, row: Row) -> None:
        """Another session of the same class on the same day; its roll call opens."""
        operator = self._desk.operator
        self._desk.write(
            _("Saving"),
            lambda ws, _progress: second_session(ws, row.record, operator=operator),
            self._begun,
        )

    def photos(self, row: Row) -> None:
        """Go to the photos of the session."""
        self._desk.go("evidence", row.record)

    def cross_out(self, row: Row) -> None:
        """Delete: a planned session is cancelled, a recorded one deleted; why is asked.

        What was only begun is dropped by the same key pressed twice.
        """
        if row.kind == "draft":
            self._drop(row)
        elif row.session is None:
            self._desk.say(_("Only sessions can be cancelled here."), Tone.NOTE)
        elif row.status in _DONE:
            self._reason.ask(
                render(_("Delete the record of %(what)s?"), {"what": row.cells[1]}),
                _("Delete (Enter)"),
                lambda why: self._remove(row.record, why),
            )
        else:
            said = {"what": row.cells[1], "when": row.cells[0]}
            self._reason.ask(
                render(_("Cancel %(what)s, %(when)s?"), said),
                _("Cancel the session (Enter)"),
                lambda why: self._cancel(row.record, why),
                hint=_("For example: rain, busy with the harvest"),
            )

    def _drop(self, row: Row) -> None:
        """Ask once; Delete again is the answer as long as the question stands."""
        question = render(
            _("What was begun of %(what)s is lost then. Press Delete again to drop it."),
            {"what": row.cells[1]},
        )
        if (self._asked, self._desk.feedback.text) != (row.key, question):
            self._asked = row.key
            self._desk.say(question, Tone.WARNING)
            return
        self._asked = ""
        self._desk.write(
            _("Saving"), lambda ws, _progress: discard(ws, row.record), lambda _none: self._gone()
        )

    def _gone(self) -> None:
        # A draft is no change that is exchanged or undone: the screens only look anew.
        self._desk.note_draft()
        self._desk.changed.emit(ChangeSet())
        self._desk.say(_("Dropped."))

    def _cancel(self, record: str, why: str) -> None:
        operator, off = self._desk.operator, {"status": "cancelled"}
        self._desk.write(
            _("Saving"),
            lambda ws, _p: edit(ws, require_record(ws, record), off, why=why, operator=operator),
            lambda result: self._ended(result, _("Cancelled; the session stays in the list.")),
        )

    def _remove(self, record: str, why: str) -> None:
        operator = self._desk.operator
        self._desk.write(
            _("Saving"),
            lambda ws, _p: delete(ws, require_record(ws, record), why=why, operator=operator),
            lambda result: self._ended(result, _("Deleted.")),
        )

    def _begun(self, result: CaptureResult) -> None:
        if not self._blocked(result):
            self._desk.go("roll_call", _made(result))

    def _planned(self, result: CaptureResult) -> None:
        if self._blocked(result):
            return
        record = _made(result)
        self._show(record)
        day = self._desk.read(lambda ws: require_record(ws, record).doc.get("date"))
        self._ended(result, render(_("Planned for %(date)s."), {"date": day}))

    def _ended(self, result: CaptureResult, said: str) -> None:
        if not self._blocked(result):
            self._desk.say_done(said, result)

    def _blocked(self, result: CaptureResult) -> bool:
        if result.refused:
            told = " ".join(issue_text(one) for one in result.issues if one.blocking)
            self._desk.say(told, Tone.ERROR)
        return bool(result.refused)


def _made(result: CaptureResult) -> str:
    return next(iter(result.ids["session"].values()))
