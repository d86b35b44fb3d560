"""Reversals 冲正: what was corrected after its period was locked counts in an open period.

A reversal names two states of one session by their heads: the one that figures count so far and the
one that is right. Approved figures of the month it is booked in take the difference: of a longer
period the first month.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.merge import Merged
from learnsite_desktop.domain.periods import month_of, parse_period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.review import Lock, governing
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.lock_reading import locked_by, locks_of
from learnsite_desktop.services.locked_sessions import LockedSessions, Step
from learnsite_desktop.services.standing_words import require_may_write
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import lookups, reversal_rows
from learnsite_desktop.store.records import (
    StoredRecord,
    find_record,
    merged_state,
    record_by_key,
)
from learnsite_desktop.store.reversal_rows import Reversal, Reversed

KIND: Final = "reversal"


def reverse(
    workspace: Workspace, stored: StoredRecord, period_text: str, *, why: str, operator: str = ""
) -> tuple[str, ChangeSet]:
    """Book the correction of a session of a locked period in an open one; gives the entry's id.

    Refuses `reason_missing`, `review_not_below`, `reversal_sessions_only`, `reversal_open_period`,
    `reversal_not_locked` when there is nothing to book, and `word_from_above` where a unit above
    has booked it otherwise.
    """
    if not why.strip():
        raise Refusal("reason_missing", where=stored.id)
    database = workspace.database
    if stored.unit == workspace.unit or not lookups.is_within(
        database, stored.unit, workspace.unit
    ):
        raise Refusal("review_not_below", where=stored.id)
    if stored.kind != "session":
        raise Refusal("reversal_sessions_only", where=stored.id)
    period = parse_period(period_text)
    locks = locks_of(workspace, stored.unit)
    if locked_by(locks, period) or governing(locks, period):
        raise Refusal("reversal_open_period", where=period.text)
    counted, date = _counted(workspace, stored, locks)
    now = merged_state(database, stored.key)
    if counted is not None and reversal_rows.says_the_same(counted, now):
        raise Refusal("reversal_not_locked", where=stored.id)
    before = counted.heads if counted else []
    name = b64(derived_id(KIND, stored.id, period.text))
    known = find_record(database, name, KIND)
    if known is not None and not known.deleted:
        before = list(reversal_rows.hashes(known.doc.get("before")))
    require_may_write(workspace, KIND, name, ["after"])
    with database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("reversal"))
        fixed = {} if known else {"record": stored.id, "period": period.text}
        writes: dict[str, object] = {
            **fixed,
            "date": date,
            "before": [b64(head) for head in sorted(before)],
            "after": [b64(head) for head in sorted(now.heads)],
        }
        if known is not None and known.deleted:
            writes["_deleted"] = None
        writer.save(kind=KIND, record=name, unit=stored.unit, writes=writes, why=why.strip())
        return name, writer.finish()


def _counted(
    workspace: Workspace, stored: StoredRecord, locks: Sequence[Lock]
) -> tuple[Merged | None, str]:
    """Return the state that figures count by now, None if none, and the original date."""
    locked = LockedSessions(workspace.database, stored.unit, locks)
    held = locked.held(stored.key)
    booked = list(locked.steps(stored.key, entries_of(workspace, stored)))
    if booked:
        return booked[-1].after, booked[-1].entry.date
    now = as_date(stored.doc.get("date"))
    is_free = now is None or month_of(now).text not in locked.ruling
    if held is not None and (held.counted or not is_free):
        return held.merged, str(held.merged.shown.get("date"))
    if now is None or is_free:
        raise Refusal("reversal_not_locked", where=stored.id)
    return None, now.isoformat()


def entries_of(workspace: Workspace, stored: StoredRecord) -> list[Reversal]:
    """Return the reversals booked of a session, deleted ones included."""
    booked = reversal_rows.of_unit(workspace.database, stored.unit)
    return [entry for entry in booked if entry.record == stored.id]


def steps_below(
    workspace: Workspace, unit_key: int, locked: Mapping[str, LockedSessions]
) -> dict[int, list[Step]]:
    """Return what reversals bring, by record key of the session, of a unit and those below it."""
    return _steps(workspace, reversal_rows.in_units(workspace.database, unit_key), locked)


def steps_in_unit(workspace: Workspace, unit: str, locked: LockedSessions) -> list[Step]:
    """Return what reversals bring of the sessions of one unit."""
    entries = reversal_rows.of_unit(workspace.database, unit)
    by_session = _steps(workspace, entries, {unit: locked})
    return [step for brought in by_session.values() for step in brought]


def _steps(
    workspace: Workspace, entries: Iterable[Reversal], locked: Mapping[str, LockedSessions]
) -> dict[int, list[Step]]:
    booked: dict[tuple[str, str], list[Reversal]] = {}
    for entry in entries:
        booked.setdefault((entry.unit, entry.record), []).append(entry)
    found: dict[int, list[Step]] = {}
    for (unit, record), group in booked.items():
        session = find_record(workspace.database, record, "session", unit)
        if session is not None and unit in locked:
            found[session.key] = list(locked[unit].steps(session.key, group))
    return found


def reversed_rows(workspace: Workspace, steps: Mapping[int, Sequence[Step]]) -> list[Reversed]:
    """Return what reversals add to approved figures, by the persons that queries see."""
    found = []
    for key, brought in steps.items():
        session = record_by_key(workspace.database, key)
        for step in brought:
            before = reversal_rows.measured(workspace.database, step.before)
            after = reversal_rows.measured(workspace.database, step.after)
            change = [new - old for new, old in zip(after, before, strict=True)]
            found.append(Reversed(step.entry.ident, session.ident, step.entry.date, *change))
    return found


def answer(name: str, changes: ChangeSet) -> dict[str, Any]:
    """Return a reversal with the keys of its answer."""
    return {"reversal": name, "change": changes.change or None, "operations": changes.operations}
