"""How a period stands, unit by unit: open, handed in or locked, and what came after the lock."""

from collections.abc import Mapping
from typing import Any

from learnsite_desktop.domain.merge import Node
from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.progress import silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.review import (
    REJECTED,
    Lock,
    governing,
    known_period,
    state_register,
    tier_of_state,
    verdict_of,
)
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.services.lock_problems import problems_of
from learnsite_desktop.services.lock_reading import locked_by, locks_below
from learnsite_desktop.services.locked_sessions import LockedSessions
from learnsite_desktop.services.locks import LOCKED, OPENED, SUBMITTED
from learnsite_desktop.services.records import dated_in, listed
from learnsite_desktop.services.reversals import steps_in_unit
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lock_rows, reversal_rows, review_rows
from learnsite_desktop.store.records import StoredRecord, record_by_key
from learnsite_desktop.store.review_rows import Reviewed

_SUPPLEMENTS = frozenset(
    {"session", "enrolment", "activity", "learner", "site", "population", "evidence", "link"}
)


def period_state(workspace: Workspace, unit: str, locks: list[Lock], period: Period) -> str:
    """Return `open`, `submitted` or `locked`: how far a unit's period is."""
    if locked_by(locks, period):
        return LOCKED
    handed_in = lock_rows.handed_in(workspace.database, unit)
    wanted = {month.text for month in period.months()}
    return SUBMITTED if period.text in handed_in or wanted <= set(handed_in) else OPENED


def show_lock(workspace: Workspace, period_text: str, unit: str = "") -> dict[str, Any]:
    """Return how a period stands in a unit and below, with supplements and what is still open.

    Refuses `period_invalid`, `unit_unknown`.
    """
    period = parse_period(period_text)
    code = unit or workspace.unit
    require_unit(workspace, code)
    rows = []
    locks = locks_below(workspace, code)
    active = lock_rows.units_with_chains(workspace.database, code) | {code}
    for name in sorted(active):
        ruling = governing(locks[name], period)
        rows.append(
            {
                "unit": name,
                "state": period_state(workspace, name, locks[name], period),
                "by": locked_by(locks[name], period) or None,
                "incomplete": _lacking(workspace, name, ruling),
                "supplements": _supplements(workspace, name, ruling),
                "reversals": _reversals(workspace, name, locks[name], period),
            }
        )
    # What a unit hands in itself is the business of the one above it.
    below = [row for row in rows if row["unit"] != workspace.unit]
    states = {row["state"] for row in below or rows}
    state = LOCKED if states == {LOCKED} else SUBMITTED if OPENED not in states else OPENED
    open_ones = problems_of(workspace, period, sorted(active), silent)
    problems = [one.answer() for one in open_ones]
    return {"period": period.text, "state": state, "units": rows, "problems": problems}


def _reversals(
    workspace: Workspace, unit: str, locks: list[Lock], period: Period
) -> list[dict[str, Any]]:
    """Return the reversals of a period and those booked in it; `adds` False if they bring nothing.

    Either the lock has seen the correction by now, or another reversal has brought it already.
    """
    adding = {
        step.entry.id
        for step in steps_in_unit(workspace, unit, LockedSessions(workspace.database, unit, locks))
        if step.adds
    }
    found = []
    for entry in reversal_rows.of_unit(workspace.database, unit):
        day = as_date(entry.date)
        booked = parse_period(entry.period) if known_period(entry.period) else None
        about = day is not None and period.contains(day)
        inside = booked is not None and period.contains(booked.first)
        adds = entry.id in adding
        if (about or inside) and (adds or not entry.deleted):
            found.append(
                {
                    "reversal": entry.id,
                    "record": entry.record,
                    "booked": entry.period,
                    "date": entry.date or None,
                    "adds": adds,
                }
            )
    return found


def _lacking(workspace: Workspace, unit: str, ruling: Mapping[str, Lock]) -> int:
    return max(
        (lock_rows.missing(workspace.database, unit, lock.heads) for lock in ruling.values()),
        default=0,
    )


def supplements_of(workspace: Workspace, period_text: str, unit: str = "") -> list[dict[str, Any]]:
    """Return the supplements of a period as items of the work list.

    Without a period those of every locked one. Refuses `period_invalid`, `unit_unknown`.
    """
    code = unit or workspace.unit
    require_unit(workspace, code)
    found: dict[str, dict[str, Any]] = {}
    for name, locks in locks_below(workspace, code).items():
        spans = (
            [parse_period(period_text)]
            if period_text
            else [parse_period(lock.period) for lock in locks if not lock.open]
        )
        for period in spans:
            for row in _supplements(workspace, name, governing(locks, period)):
                found[row["record"]] = {
                    **row, "unit": name, "state": "supplement", "flags": ["supplement"],
                }  # fmt: skip
    return list(found.values())


def _supplements(
    workspace: Workspace, unit: str, ruling: Mapping[str, Lock]
) -> list[dict[str, Any]]:
    """Return records of a unit whose facts in a locked period were written on after the lock.

    A verdict that takes one out of the figures, or back into them, is listed like a fact.
    """
    database = workspace.database
    found: dict[int, dict[str, Any]] = {}
    for lock in set(ruling.values()):
        months = [month for month, one in ruling.items() if one == lock]
        free = lock_rows.uncovered(database, unit, lock.heads)
        counts = lock_rows.operation_counts(database, sorted(free))
        for key, names in sorted(free.items()):
            stored = record_by_key(database, key)
            if stored.kind not in _SUPPLEMENTS or key in found:
                continue
            seen = review_rows.reviewed(database, key)
            late = [node for node in seen.ready if node.hash in names]
            new = len(names) == counts.get(key)
            facts = [
                node for node in late
                if any(map(seen.is_fact, node.writes)) or _turns(node, seen, new=new)
            ]  # fmt: skip
            if facts and _concerns(workspace, stored, seen, months, names, new=new):
                last = review_rows.written_by(database, key)
                mine = [one for one in last if one.hash in {node.hash for node in facts}]
                found[key] = {
                    "record": stored.id,
                    "kind": stored.kind,
                    "new": new,
                    "author": (mine[-1].operator or mine[-1].unit) if mine else None,
                    "at": mine[-1].at if mine else None,
                }
    return list(found.values())


def _turns(node: Node, seen: Reviewed, *, new: bool) -> bool:
    """Return whether a verdict takes a record out of the figures, or back into them."""
    told = {tier_of_state(name): value for name, value in node.writes.items()}
    told.pop("", None)
    if new or not told:
        return False
    if REJECTED in map(verdict_of, told.values()):
        return True
    return any(
        verdict_of(one.writes.get(state_register(tier))) == REJECTED
        for one in seen.ready
        for tier in told
    )


def _concerns(
    workspace: Workspace,
    stored: StoredRecord,
    seen: Reviewed,
    months: list[str],
    late: set[bytes],
    *,
    new: bool,
) -> bool:
    """Return whether a late change is about these months: by any date the record had or has."""
    if stored.kind == "session":
        dates = [node.writes.get("date") for node in seen.ready]
        known = any(node.hash not in late for node in seen.ready)
        newest = [str(date)[:7] for date in dates if date]
        return bool(newest) and (newest[-1] in months or (known and newest[0] in months))
    if stored.kind in ("enrolment", "activity", "population"):
        row = listed(workspace, stored, reveal=False)
        kind = KINDS[stored.kind]
        return any(dated_in(kind, row, parse_period(month)) for month in months)
    return not new
