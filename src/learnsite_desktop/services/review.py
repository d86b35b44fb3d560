"""Review: a tier above approves or rejects records of the units below it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.fields import layer_of
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.merge import TIER_RANK
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.review import (
    APPROVED,
    REJECTED,
    State,
    state_register,
    tier_of_state,
    verdict_of,
)
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import policy
from learnsite_desktop.services.review_list import BATCH_KINDS, candidates
from learnsite_desktop.services.review_states import Looked, look_at, wrote_it
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import lookups, review_rows
from learnsite_desktop.store.records import StoredRecord, keys_of, record_by_key

_NO_VERDICT: Final = frozenset({"return", "submission", "reversal", "unit", "operator"})
_CHUNK: Final = 200


@dataclass(slots=True)
class Approval:
    """What approving did: how many records, and which were left out with the code why."""

    change: ChangeSet = field(default_factory=ChangeSet)
    approved: int = 0
    same: int = 0
    skipped: list[dict[str, str]] = field(default_factory=list)


def approve(
    workspace: Workspace,
    records: Sequence[StoredRecord],
    *,
    operator: str = "",
    progress: Progress = silent,
) -> Approval:
    """Approve records as they stand now, all or none; what is written later is not covered.

    Refuses `review_not_below`, `review_not_kind`, `record_deleted`, `review_conflict`,
    `review_returned`, `review_rejected_above`, `review_rejected_below`, and `reviewer_is_author`
    under the four-eyes policy.
    """
    done = Approval()
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("approve"))
        for count, stored in enumerate(records, start=1):
            looked = look_at(workspace, stored.key, stored.ident)
            code = objection(workspace, stored, looked, operator)
            if code:
                raise Refusal(code, where=stored.id)
            _approve(workspace, writer, stored, looked, done)
            if count % 200 == 0:
                progress(count, len(records), N_("approving"))
        done.change = writer.finish()
    return done


def approve_period(
    workspace: Workspace,
    period: str,
    unit: str,
    *,
    operator: str = "",
    progress: Progress = silent,
) -> Approval:
    """Approve the sessions and enrolments of a period in a unit and below.

    What cannot be approved is left out and told in `skipped`, and so is what this tier has
    rejected (`review_rejected`): that is approved by name only. Refuses `unit_unknown`,
    `unit_not_below`, `period_invalid`.
    """
    code = unit or workspace.unit
    require_unit(workspace, code)
    if not lookups.is_within(workspace.database, code, workspace.unit):
        raise Refusal("unit_not_below", where=code)
    listed = candidates(workspace, BATCH_KINDS, unit=code, period=period)
    keys = [item.key for item in listed]
    return _approve_what_may_be(workspace, keys, operator=operator, progress=progress)


def approve_listed(
    workspace: Workspace,
    records: Sequence[str],
    *,
    operator: str = "",
    progress: Progress = silent,
) -> Approval:
    """Approve records by id as one change; what cannot be approved stands in `skipped`."""
    known = keys_of(workspace.database, records)
    keys = [known[record] for record in records if record in known]
    return _approve_what_may_be(workspace, keys, operator=operator, progress=progress)


def _approve_what_may_be(
    workspace: Workspace, keys: Sequence[int], *, operator: str, progress: Progress
) -> Approval:
    done = Approval()
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("approve"))
        plain = _Plain(workspace)
        for start in range(0, len(keys), _CHUNK):
            progress(start, len(keys), N_("approving"))
            part = keys[start : start + _CHUNK]
            plain.look_at(part)
            for key in part:
                if not plain.approve(writer, key, done):
                    _approve_if(workspace, writer, key, operator, done)
        done.change = writer.finish(progress)
    return done


def _approve_if(
    workspace: Workspace, writer: Writer, key: int, operator: str, done: Approval
) -> None:
    """Approve one record, or note why not."""
    stored = record_by_key(workspace.database, key)
    looked = look_at(workspace, key, stored.ident)
    code = objection(workspace, stored, looked, operator)
    if not code and looked.with_tier(workspace.tier).state is State.REJECTED:
        code = "review_rejected"
    if code:
        done.skipped.append({"record": stored.id, "code": code})
    else:
        _approve(workspace, writer, stored, looked, done)


class _Plain:
    """Approves many records against which nothing can be said, without looking at each closely.

    Undisputed ones of which no tier has said anything. Who wrote them matters under the four-eyes
    policy only; then none is plain.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._four_eyes = policy.current(workspace).get("four_eyes") == "on"
        self._found: dict[int, review_rows.Untouched] = {}
        self._below: dict[str, bool] = {}

    def look_at(self, keys: Sequence[int]) -> None:
        """Read which of these records are plain."""
        if not self._four_eyes:
            self._found = review_rows.untouched(self._workspace.database, keys)

    def approve(self, writer: Writer, key: int, done: Approval) -> bool:
        """Approve a record if it is plain; say whether it is."""
        found = self._found.get(key)
        if found is None or found.deleted or not _has_verdict(found.kind):
            return False
        if found.unit not in self._below:
            self._below[found.unit] = _is_below(self._workspace, found.unit)
        if not self._below[found.unit]:
            return False
        writer.know(found.kind, found.record, [b64(found.head)])
        _write(self._workspace, writer, found.kind, found.record, found.unit)
        done.approved += 1
        return True


def _approve(
    workspace: Workspace, writer: Writer, stored: StoredRecord, looked: Looked, done: Approval
) -> None:
    if looked.with_tier(workspace.tier).state is State.APPROVED:
        done.same += 1
        return
    _write(workspace, writer, stored.kind, stored.id, stored.unit)
    done.approved += 1


def _write(workspace: Workspace, writer: Writer, kind: str, record: str, unit: str) -> None:
    writes = {state_register(workspace.tier): APPROVED}
    writer.save(kind=kind, record=record, unit=unit, writes=writes, verb="approve")


def objection(workspace: Workspace, stored: StoredRecord, looked: Looked, operator: str) -> str:
    """Return the code of what stands against approving a record, "" for nothing."""
    code = _not_reviewable(workspace, stored)
    if code:
        return code
    merged = looked.reviewed.merged
    kind = KINDS.get(stored.kind)
    if any(layer_of(kind, register) == "fact" for register in merged.conflicts):
        return "review_conflict"
    standing = looked.with_tier(workspace.tier)
    if standing.state is State.RETURNED:
        return "review_returned"
    rank = TIER_RANK.get(workspace.tier, 0)
    others = {
        TIER_RANK.get(tier_of_state(register), 0)
        for register, value in merged.shown.items()
        if tier_of_state(register) and verdict_of(value) == REJECTED
    } - {rank}
    if others:
        # Rejected by whichever tier it counts nowhere: approving it here would change nothing.
        return "review_rejected_above" if max(others) > rank else "review_rejected_below"
    if policy.current(workspace).get("four_eyes") == "on" and wrote_it(
        operator, review_rows.written_by(workspace.database, stored.key), standing.since
    ):
        return "reviewer_is_author"
    return ""


def _not_reviewable(workspace: Workspace, stored: StoredRecord) -> str:
    if not _is_below(workspace, stored.unit):
        return "review_not_below"
    if not _has_verdict(stored.kind):
        return "review_not_kind"
    return "record_deleted" if stored.deleted else ""


def _is_below(workspace: Workspace, unit: str) -> bool:
    return unit != workspace.unit and lookups.is_within(workspace.database, unit, workspace.unit)


def _has_verdict(kind: str) -> bool:
    return kind in KINDS and kind not in _NO_VERDICT


def reject(
    workspace: Workspace, stored: StoredRecord, *, why: str, operator: str = ""
) -> ChangeSet:
    """Take a record out of every figure; the reason stands on the operation.

    Refuses `reason_missing`, `review_not_below`, `review_not_kind`, `record_deleted`.
    """
    if not why.strip():
        raise Refusal("reason_missing", where=stored.id)
    code = _not_reviewable(workspace, stored)
    if code:
        raise Refusal(code, where=stored.id)
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("reject"))
        if verdict_of(stored.doc.get(state_register(workspace.tier))) != REJECTED:
            writer.save(
                kind=stored.kind,
                record=stored.id,
                unit=stored.unit,
                writes={state_register(workspace.tier): REJECTED},
                verb="reject",
                why=why.strip(),
            )
        return writer.finish()


def approval_answer(done: Approval) -> dict[str, Any]:
    """Return an approval with the keys of its answer."""
    return {
        "change": done.change.change or None,
        "operations": done.change.operations,
        "approved": done.approved,
        "same": done.same,
        "skipped": done.skipped,
    }
