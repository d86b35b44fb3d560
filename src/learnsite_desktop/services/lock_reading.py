"""What is locked: the periods of a unit that a tier has closed, and which of them rules a day."""

from collections.abc import Mapping, Sequence

from learnsite_desktop.domain.merge import TIER_RANK
from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.review import Lock, governing, narrowest
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lock_rows, lookups


def effective(
    unit: str, locks: Mapping[str, Sequence[Lock]], above: Mapping[str, Sequence[str]]
) -> list[Lock]:
    """Return what is locked of a unit, its own word first.

    A unit that the one above it did not name when it locked all below took no part: for it nothing
    is covered.
    """
    found = list(locks.get(unit, ()))
    said = {(lock.tier, lock.period) for lock in found}
    for code in above.get(unit, ()):
        for lock in locks.get(code, ()):
            if not lock.open and (lock.tier, lock.period) not in said:
                said.add((lock.tier, lock.period))
                found.append(Lock(lock.tier, lock.period, (), inherited=True))
    return found


def locks_of(workspace: Workspace, unit: str) -> list[Lock]:
    """Return what is locked of one unit, opened periods included."""
    locks = lock_rows.locks_above(workspace.database, unit)
    return effective(unit, locks, lock_rows.lines_up(workspace.database, unit))


def locks_below(workspace: Workspace, unit: str) -> dict[str, list[Lock]]:
    """Return what is locked of a unit and of each below it."""
    database = workspace.database
    locks, above = lock_rows.locks_around(database, unit), lock_rows.lines_up(database, unit)
    return {code: effective(code, locks, above) for code in lookups.units_within(database, unit)}


def locked_by(locks: Sequence[Lock], period: Period) -> str:
    """Return the tier that has locked the whole of a period, "" if none has."""
    whole = narrowest(locks, period)
    if whole is not None:
        return whole.tier
    ruling = governing(locks, period)
    if len(ruling) < len(period.months()):
        return ""
    return min((lock.tier for lock in ruling.values()), key=lambda tier: TIER_RANK.get(tier, 0))
