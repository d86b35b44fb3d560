"""What was entered for an activity, on its way to the disk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services import drafts
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import find_record
from learnsite_desktop.ui.desk import Desk, Failed
from learnsite_desktop.ui.screens.activity.presenter import (
    Editing,
    Shown,
    keep_more,
    kept_values,
)

Keep = Callable[[Workspace], object]


@dataclass(slots=True)
class _Going:
    """An activity that is being saved: what was sent first, and how much is still on its way."""

    sent: Shown
    left: int = 0
    saved: bool = False


class Keeping:
    """Writes drafts and saves them.

    What is entered while the activity is still being saved was typed over a record that will have
    changed meanwhile: it is laid over what the saving made, in its turn.
    """

    def __init__(self, desk: Desk, settled: Callable[[str], None]) -> None:
        """`settled` is told the record when everything sent has ended and something was saved."""
        self._desk, self._settled = desk, settled
        self._going: dict[str, _Going] = {}
        self._kept: set[str] = set()
        self.unkept = False
        """Whether the disk refused what is on the screen."""

    def begin(self, editing: Editing, shown: Shown) -> None:
        """Another activity is shown, or the same one anew."""
        self._kept = set()
        self.unkept = False
        if editing.record in self._going:
            self._going[editing.record].sent = shown

    def busy(self, record: str) -> bool:
        """Return whether an activity is still being saved."""
        return record in self._going

    def keep(self, editing: Editing, shown: Shown) -> None:
        """Make what is shown durable, as the activity's draft."""
        keep = self._keep(editing, shown)
        self._write(editing.record, lambda ws, _progress: keep(ws), self._noted, self._failed)

    def drop(self, editing: Editing) -> None:
        """Drop the activity's draft."""
        record = editing.record
        self._write(
            record, lambda ws, _progress: drafts.discard(ws, record), self._noted, self._failed
        )

    def save(
        self,
        editing: Editing,
        shown: Shown,
        why: str,
        done: Callable[[CaptureResult], None],
        failed: Failed,
    ) -> None:
        """Keep what is shown and make one change of it; `why` it is corrected, if it was asked.

        `failed` gets `reason_missing` when a reason is wanted, `record_deleted` when there is
        nothing left to change, and what the disk refuses.
        """
        record, operator = editing.record, self._desk.operator
        keep = self._keep(editing, shown)
        self._going.setdefault(record, _Going(shown))

        def job(workspace: Workspace, _progress: Progress) -> CaptureResult:
            stored = find_record(workspace.database, record, "activity")
            if stored is not None and stored.deleted:
                drafts.discard(workspace, record)
                raise Refusal("record_deleted", where=str(shown.fields.get("title") or ""))
            keep(workspace)
            if not why and drafts.wants_reason(workspace, record):
                raise Refusal("reason_missing", where=str(shown.fields.get("title") or ""))
            return drafts.finish(workspace, record, operator=operator, why=why)

        def ended(result: CaptureResult) -> None:
            self.unkept = False
            done(result)

        def refused(refusal: Refusal) -> None:
            self.unkept = refusal.code not in ("reason_missing", "record_deleted")
            failed(refusal)

        self._write(record, job, ended, refused)

    def _keep(self, editing: Editing, shown: Shown) -> Keep:
        """Return what keeps the draft."""
        record, operator = editing.record, self._desk.operator
        going = self._going.get(record)
        if going is not None:
            sent = going.sent
            return lambda ws: keep_more(ws, record, sent, shown, operator)
        values = kept_values(editing, shown, self._kept)
        self._kept |= values.keys() - {drafts.PLAN}
        heads = None if editing.new else list(editing.heads)
        return lambda ws: drafts.commit_fields(
            ws, "activity", record, values, operator=operator, heads=heads
        )

    def _write(self, record: str, job: Any, done: Callable[[Any], None], failed: Failed) -> None:
        going = self._going.get(record)
        if going is not None:
            going.left += 1

        def ended(result: Any) -> None:
            if going is not None and isinstance(result, CaptureResult) and not result.refused:
                going.saved = True
            self._end(record, going, failed=False)
            done(result)

        def refused(refusal: Refusal) -> None:
            self._end(record, going, failed=True)
            failed(refusal)

        self._desk.write(_("Saving"), job, ended, refused)

    def _end(self, record: str, going: _Going | None, *, failed: bool) -> None:
        if going is None:
            return
        going.left -= 1
        # What was typed after the saving and is not on the disk yet still goes on top of it.
        if going.left or (failed and going.saved):
            return
        self._going.pop(record)
        if going.saved:
            self._settled(record)

    def _noted(self, _result: object) -> None:
        self.unkept = False
        self._desk.note_draft()

    def _failed(self, refusal: Refusal) -> None:
        """The disk refused: everything stays on the screen until it can be kept."""
        self.unkept = True
        self._desk.feedback.refuse(refusal)
