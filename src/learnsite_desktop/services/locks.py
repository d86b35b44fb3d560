"""Closing a period: a lock fixes, unit by unit, which operations its figures are made of."""

from collections.abc import Sequence
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.merge import TIER_RANK
from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.review import (
    Head,
    Lock,
    lock_register,
    lock_writes,
    narrowest,
)
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services.lock_problems import problems_of
from learnsite_desktop.services.lock_reading import locked_by, locks_below
from learnsite_desktop.services.locked_sessions import LockedSessions
from learnsite_desktop.services.reversals import steps_in_unit
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer, undelete_value
from learnsite_desktop.store import lock_rows, lookups
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import find_record, heads_of

LOCKED, SUBMITTED, OPENED = "locked", "submitted", "open"
_KIND: Final = "submission"


def _scope(workspace: Workspace, unit: str) -> tuple[str, list[str]]:
    """Return the unit asked for and those in its subtree of which anything is held."""
    if workspace.tier == "village":
        raise Refusal("lock_not_here", where=workspace.unit)
    code = unit or workspace.unit
    require_unit(workspace, code)
    if not lookups.is_within(workspace.database, code, workspace.unit):
        raise Refusal("unit_not_below", where=code)
    active = lock_rows.units_with_chains(workspace.database, code)
    return code, sorted(active | {code})


def lock(
    workspace: Workspace,
    period_text: str,
    *,
    unit: str = "",
    force: bool = False,
    why: str = "",
    operator: str = "",
    progress: Progress = silent,
) -> dict[str, Any]:
    """Lock a period of a unit and of those below it: what is held now is what counts.

    Units locked by this tier or one above stay as they are. Refuses `period_invalid`,
    `unit_unknown`, `unit_not_below`, `lock_not_here`, `lock_too_early`, `lock_order`,
    `locked_within`; with open conflicts, returns or red issues `lock_problems`, unless `force` with
    a reason `why` (else `reason_missing`).
    """
    period = parse_period(period_text)
    if force and not why.strip():
        raise Refusal("reason_missing", where=period.text)
    with workspace.database.transaction():
        wanted = lockable(workspace, period, unit)
        problems = problems_of(workspace, period, wanted, progress)
        if problems and not force:
            said = {"reason": problems[0].title(workspace), "text": problems[0].words()}
            raise Refusal(
                "lock_problems",
                where=period.text,
                count=len(problems),
                first=render(N_("%(reason)s: %(text)s"), said),
            )
        changes = _write(workspace, period, wanted, close=True, why=why, operator=operator)
    return {
        **_answer(period, LOCKED, changes),
        "units": wanted,
        "problems": [one.answer() for one in problems],
    }


def lockable(workspace: Workspace, period: Period, unit: str = "") -> list[str]:
    """Return the units, of this one or one below, whose period would be locked now.

    Refuses what `lock` does, but for what is open.
    """
    top, units = _scope(workspace, unit)
    if workspace.clock.now().date() <= period.last:
        raise Refusal("lock_too_early", where=period.text, day=period.last.isoformat())
    known = locks_below(workspace, top)
    wanted = [code for code in units if not _is_settled(workspace, known[code], period)]
    for code in wanted:
        _refuse_disorder(workspace, code, known[code], period)
    return wanted


def _is_settled(workspace: Workspace, locks: Sequence[Lock], period: Period) -> bool:
    rank = TIER_RANK.get(workspace.tier, 0)
    return any(
        lock.period == period.text and lock.rank >= rank and not lock.open and not lock.inherited
        for lock in locks
    )


def _refuse_disorder(
    workspace: Workspace, unit: str, locks: Sequence[Lock], period: Period
) -> None:
    """Refuse `lock_order` if an earlier period is open, `locked_within` in a longer locked one."""
    name = unit_name(workspace.database, unit)
    longer = _longer(locks, period)
    if longer is not None:
        raise Refusal("locked_within", where=period.text, other=longer.period, unit=name)
    for text in sorted(lock_rows.handed_in(workspace.database, unit)):
        earlier = parse_period(text)
        if earlier.last < period.first and not locked_by(locks, earlier):
            raise Refusal("lock_order", where=period.text, other=text, unit=name)


def unlock(
    workspace: Workspace, period_text: str, *, unit: str = "", why: str, operator: str = ""
) -> dict[str, Any]:
    """Open a period again that this tier has locked, with a reason.

    Refuses `reason_missing`, `lock_not_here`, `not_locked`, `locked_within` if only a longer period
    was locked, `locked_above` while a unit above holds it, `unlock_order` while a later or longer
    period is locked too, and `unlock_reversed`.
    """
    period = parse_period(period_text)
    if not why.strip():
        raise Refusal("reason_missing", where=period.text)
    top, units = _scope(workspace, unit)
    rank = TIER_RANK.get(workspace.tier, 0)
    with workspace.database.transaction():
        known = locks_below(workspace, top)
        wanted = []
        within: Lock | None = None
        for code in units:
            closed = [lock for lock in known[code] if not lock.open]
            mine = [lock for lock in closed if lock.rank == rank]
            name = unit_name(workspace.database, code)
            _refuse_bound(name, [lock for lock in closed if lock.rank > rank], period)
            if not any(lock.period == period.text for lock in mine):
                within = within or _longer(mine, period)
                continue
            for lock in mine:
                span = parse_period(lock.period)
                if span != period and span.last >= period.last:
                    raise Refusal("unlock_order", where=period.text, other=lock.period)
            _refuse_reversed(workspace, code, known[code], period)
            wanted.append(code)
        if not wanted and within is not None:
            name = unit_name(workspace.database, top)
            raise Refusal("locked_within", where=period.text, other=within.period, unit=name)
        if not wanted:
            raise Refusal("not_locked", where=period.text)
        changes = _write(workspace, period, wanted, close=False, why=why, operator=operator)
    return {**_answer(period, OPENED, changes), "units": wanted}


def _refuse_reversed(
    workspace: Workspace, unit: str, locks: Sequence[Lock], period: Period
) -> None:
    """Refuse `unlock_reversed` if corrections of the period are booked elsewhere already.

    What the period's lock has seen by now is no longer counted there, so it stands against nothing.
    """
    steps = steps_in_unit(workspace, unit, LockedSessions(workspace.database, unit, locks))
    for step in steps:
        day = as_date(step.entry.date)
        if step.adds and day is not None and period.contains(day):
            raise Refusal("unlock_reversed", where=period.text, other=step.entry.period)


def _longer(locks: Sequence[Lock], period: Period) -> Lock | None:
    """Return a lock of a longer period around this one, None if there is none."""
    return narrowest(
        [lock for lock in locks if lock.period != period.text and not lock.inherited], period
    )


def _refuse_bound(name: str, higher: Sequence[Lock], period: Period) -> None:
    for lock in higher:
        span = parse_period(lock.period)
        if span.first <= period.last and period.first <= span.last:
            raise Refusal("locked_above", where=lock.period, unit=name)


def _write(
    workspace: Workspace,
    period: Period,
    units: Sequence[str],
    *,
    close: bool,
    why: str,
    operator: str,
) -> ChangeSet:
    label = N_("lock") if close else N_("unlock")
    writer = Writer(workspace, operator=operator, label=label)
    for code in units:
        record = b64(derived_id(_KIND, code, period.text))
        # Another unit may have written under this id; its record is none of ours.
        stored = find_record(workspace.database, record, _KIND, code)
        base = lock_register(workspace.tier, own=code == workspace.unit)
        heads: list[Head] | None = None
        if close:
            heads = lock_rows.heads_held(workspace.database, code)
        writes = lock_writes(base, period.text, heads, stored.doc if stored else {})
        gone = stored is not None and stored.deleted
        if gone:
            writes |= undelete_value(deleted=False)
        writer.save(
            kind=_KIND,
            record=record,
            unit=code,
            writes=writes,
            verb="lock" if close else "unlock",
            why=why.strip() or ("重新锁定" if gone else ""),
            par=heads_of(workspace.database, stored.key) if stored else [],
        )
    return writer.finish()


def _answer(period: Period, state: str, changes: ChangeSet) -> dict[str, Any]:
    return {
        "period": period.text,
        "state": state,
        "change": changes.change or None,
        "operations": changes.operations,
    }


def refuse_covered(workspace: Workspace, going: Sequence[tuple[int, int, int]], where: str) -> None:
    """Refuse `period_locked` if one of these operations (key, chain, n) is covered by a lock."""
    database = workspace.database
    chains = {chain for _op, chain, _n in going}
    for unit in {lock_rows.unit_of_chain(database, chain) for chain in chains}:
        record_locks = lock_rows.locks_above(database, unit).get(unit, [])
        for lock in record_locks:
            free = {
                name
                for names in lock_rows.uncovered(database, unit, lock.heads).values()
                for name in names
            }
            if not lock.open and lock_rows.covers_any(database, unit, going, free):
                name = unit_name(database, unit)
                raise Refusal("period_locked", where=where, period=lock.period, unit=name)
