"""What is done with items: each goes from the list at once, and comes back if it is refused."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import questions, review
from learnsite_desktop.services.conflicts import resolve
from learnsite_desktop.services.deciding import approve_unflagged, decide_pair
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.returns import return_record
from learnsite_desktop.services.review import Approval
from learnsite_desktop.services.work_queue import AGAIN, WorkItem
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.desk import Desk, changes_of
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.screens.review.looking import Looking

Job = Callable[[Workspace], Any]


class Deeds(QObject):
    """Decisions. `gone` brings an item that left the list, `back` one that is there again."""

    gone = Signal(object)
    back = Signal(object)

    def __init__(self, desk: Desk, looking: Looking, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._looking = desk, looking

    def _decide(self, item: WorkItem, said: str, job: Job) -> None:
        self._looking.drop(item)
        self.gone.emit(item)

        def done(result: Any) -> None:
            changes = changes_of(result)
            self._looking.settle(item, changes.records if changes is not None else ())
            self._desk.say_done(said, result)

        def refused(refusal: Refusal) -> None:
            self._looking.give_back(item)
            self.back.emit(item)
            self._desk.feedback.refuse(refusal)

        self._desk.write(_("Saving"), lambda ws, _progress: job(ws), done, refused)

    # Conflicts

    def keep(self, item: WorkItem, operation: str) -> None:
        """Close a conflict by one of its values."""
        operator = self._desk.operator

        def job(ws: Workspace) -> Any:
            stored = require_record(ws, item.record)
            again = item.note == AGAIN
            return resolve(ws, stored, item.field, keep=operation, again=again, operator=operator)

        self._decide(item, _("The value is taken."), job)

    def put(self, item: WorkItem, value: Any, why: str) -> None:
        """Close a conflict by a new value, for a reason."""
        operator = self._desk.operator

        def job(ws: Workspace) -> Any:
            stored = require_record(ws, item.record)
            return resolve(ws, stored, item.field, value=value, why=why, operator=operator)

        self._decide(item, _("The new value is taken."), job)

    # Pairs

    def judge(self, item: WorkItem, *, same: bool) -> None:
        """Say that two learners are one person, or two."""
        operator = self._desk.operator

        def job(ws: Workspace) -> Any:
            pair = (require_record(ws, item.record), require_record(ws, item.other))
            return decide_pair(ws, *pair, same=same, operator=operator)

        said = _("They count as one person.") if same else _("They stay two people.")
        self._decide(item, said, job)

    # Records

    def approve(self, item: WorkItem) -> None:
        """Approve one record."""
        operator = self._desk.operator

        def job(ws: Workspace) -> Any:
            return review.approve(ws, [require_record(ws, item.record)], operator=operator)

        self._decide(item, _("Approved."), job)

    def reject(self, item: WorkItem, why: str) -> None:
        """Take a record out of every figure, for a reason."""
        operator = self._desk.operator

        def job(ws: Workspace) -> Any:
            return review.reject(ws, require_record(ws, item.record), why=why, operator=operator)

        self._decide(item, _("Not taken: it is in no figure."), job)

    def give_back(self, item: WorkItem, field: str, reason: str, text: str) -> None:
        """Return one field of a record to its unit."""
        operator = self._desk.operator

        def job(ws: Workspace) -> Any:
            stored = require_record(ws, item.record)
            _name, changes = return_record(
                ws, stored, field, reason=reason, text=text, operator=operator
            )
            return changes

        self._decide(item, _("Returned. F7 writes the file for its unit."), job)

    def explain(self, item: WorkItem, text: str) -> None:
        """Keep what this unit says to a question."""
        operator = self._desk.operator
        self._decide(
            item,
            _("The explanation is kept."),
            lambda ws: questions.answer(ws, item.record, text, operator=operator),
        )

    def approve_all(self, unit: str, period: str) -> None:
        """Approve all that is not flagged."""
        operator = self._desk.operator

        def done(result: Approval) -> None:
            said = {"count": result.approved, "left": len(result.skipped)}
            text = _("%(count)s records approved.")
            if result.skipped:
                text = _("%(count)s records approved; %(left)s could not be, they stay listed.")
            self._desk.say_done(render(text, said), result, Tone.OK)

        self._desk.write(
            _("Approving"),
            lambda ws, progress: approve_unflagged(
                ws, unit=unit, period=period, operator=operator, progress=progress
            ),
            done,
        )
