"""Reversals 冲正: what was corrected after its period was locked counts in an open period.

A reversal names two states of one session by their heads: the one that the locked figures count and
the one that is right. Approved figures of the period it is booked in take the difference.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.merge import Merged
from learnsite_desktop.domain.periods import Period, month_of, parse_period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.review import Lock, governing, known_period
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.lock_reading import locked_by, locks_of
from learnsite_desktop.services.standing_words import require_may_write
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import lock_rows, lookups, reversal_rows
from learnsite_desktop.store.records import StoredRecord, find_record, merged_at, merged_state
from learnsite_desktop.store.reversal_rows import Reversal, Reversed
from learnsite_desktop.store.shadow import state_without

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
    before, date = _counted(workspace, stored, locks)
    after = merged_state(database, stored.key).heads
    name = b64(derived_id(KIND, stored.id, period.text))
    known = find_record(database, name, KIND)
    if known is not None and not known.deleted:
        before = list(reversal_rows.hashes(known.doc.get("before")))
    if set(before) == set(after):
        raise Refusal("reversal_not_locked", where=stored.id)
    require_may_write(workspace, KIND, name, ["after"])
    with database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("reversal"))
        fixed = {} if known else {"record": stored.id, "period": period.text}
        writes: dict[str, object] = {
            **fixed,
            "date": date,
            "before": [b64(head) for head in sorted(before)],
            "after": [b64(head) for head in sorted(after)],
        }
        if known is not None and known.deleted:
            writes["_deleted"] = None
        writer.save(kind=KIND, record=name, unit=stored.unit, writes=writes, why=why.strip())
        return name, writer.finish()


def _counted(
    workspace: Workspace, stored: StoredRecord, locks: Sequence[Lock]
) -> tuple[list[bytes], str]:
    """Return the heads of the state that figures count by now, and the original date."""
    database = workspace.database
    booked = reversal_rows.of_record(database, stored.id)
    if booked:
        newest = max(booked, key=lambda one: len(one.seen(database, stored.key)))
        return list(newest.after), newest.date
    now = str(stored.doc.get("date") or "")
    for lock in locks:
        span = parse_period(lock.period)
        if lock.open:
            continue
        free = lock_rows.uncovered(database, stored.unit, lock.heads).get(stored.key, set())
        state = state_without(database, stored.key, free)
        day = as_date(state.shown.get("date")) if state else None
        if state is not None and day is not None and span.contains(day):
            return state.heads, day.isoformat()
    day = as_date(now)
    if day is None or not governing(locks, month_of(day)):
        raise Refusal("reversal_not_locked", where=stored.id)
    return [], now


def reversed_rows(
    workspace: Workspace,
    unit_key: int,
    period: Period,
    ruled: Mapping[str, Mapping[str, Lock]],
) -> list[Reversed]:
    """Return what reversals booked in a period add to its approved figures."""
    database = workspace.database
    found = []
    for entry in reversal_rows.in_units(database, unit_key):
        if not known_period(entry.period):
            continue
        booked = parse_period(entry.period)
        if not (period.first <= booked.first and booked.last <= period.last):
            continue
        ruling = ruled.get(entry.unit, {})
        lock = ruling.get(booked.months()[0].text)
        free = lock_rows.uncovered(database, entry.unit, lock.heads) if lock else {}
        state: Reversal | None = entry
        if entry.key in free:
            state = entry.like(state_without(database, entry.key, free[entry.key]))
        if state is None or not _adds(workspace, state, period, ruling):
            continue
        session = find_record(database, state.record, "session")
        if session is not None:
            before = measured(workspace, _at(workspace, session, state.before))
            after = measured(workspace, _at(workspace, session, state.after))
            change = [new - old for new, old in zip(after, before, strict=True)]
            found.append(Reversed(state.ident, session.ident, state.date, *change))
    return found


def _at(workspace: Workspace, session: StoredRecord, heads: Sequence[bytes]) -> Merged | None:
    return merged_at(workspace.database, session.key, set(heads)) if heads else None


def _adds(
    workspace: Workspace, entry: Reversal, period: Period, ruling: Mapping[str, Lock]
) -> bool:
    """Return whether the record itself is counted without the correction in this period."""
    day = as_date(entry.date)
    if day is None or not period.contains(day):
        return True
    lock = ruling.get(month_of(day).text)
    if lock is None:
        return False
    free = lock_rows.uncovered(workspace.database, entry.unit, lock.heads)
    late = {name for names in free.values() for name in names}
    return bool(set(entry.after) & late)


def measured(workspace: Workspace, state: Merged | None) -> tuple[int, int, int, int]:
    """Return (held sessions, attendances, minutes, heads beyond the named) of a session's state."""
    return reversal_rows.measured(workspace.database, state)


def answer(name: str, changes: ChangeSet) -> dict[str, Any]:
    """Return a reversal with the keys of its answer."""
    return {"reversal": name, "change": changes.change or None, "operations": changes.operations}
