"""Approved figures: records as they stood when a tier locked their period, or approved them."""

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from learnsite_desktop.domain.merge import TIER_RANK
from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.review import Lock, covered_by, governing, tier_of_state
from learnsite_desktop.services.lock_reading import locks_below
from learnsite_desktop.services.locked_sessions import LockedSessions, Step
from learnsite_desktop.services.reversals import reversed_rows, steps_below
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import approved, lock_rows, reversal_rows, review_rows
from learnsite_desktop.store.shadow import Place, Shadow, places, state_without

_HERE: Final = ""


def cover(workspace: Workspace, unit: str, unit_key: int, period: Period) -> dict[str, int]:
    """Lay covered states over the projection and say what is taken, in the figures' savepoint.

    In a locked month that is what the lock covers, whoever approved it or not; elsewhere the
    sessions and enrolments that a tier has approved, as it approved them. Returns the units of
    which something covered is not held here, with the number of such branches.
    """
    database = workspace.database
    shadow = Shadow(database)
    run = _Run(workspace, shadow)
    ruled: dict[str, Mapping[str, Lock]] = {}
    around = locks_below(workspace, unit)
    run.locked = {
        code: LockedSessions(database, code, locks) for code, locks in around.items() if locks
    }
    steps = steps_below(workspace, unit_key, run.locked)
    for key, brought in steps.items():
        for step in brought:
            run.booked.setdefault(step.entry.unit, set()).add(key)
    for code, locked in run.locked.items():
        ruling = governing(around[code], period)
        if ruling:
            ruled[code] = ruling
        if locked.ruling:
            run.lock(code, ruling, period)
    of_month = _by_month(steps, {month.text for month in period.months()})
    here, rows = of_month.pop(_HERE, {}), []
    for month, there in sorted(of_month.items()):
        with _persons_then(workspace, unit_key, run.locked, month):
            rows += reversed_rows(workspace, there)
    for verdict in approved.verdicts(database, unit_key):
        run.approve(verdict, ruled.get(verdict.unit, {}))
    shadow.lay()
    for code, ruling in ruled.items():
        one = len(set(ruling.values())) == 1 and len(ruling) == len(period.months())
        approved.approve_unit(database, code, None if one else list(ruling))
    approved.put_approved(database, run.taken)
    reversal_rows.put_reversed(database, rows + reversed_rows(workspace, here))
    return run.missing


def _by_month(
    steps: Mapping[int, Sequence[Step]], asked: Set[str]
) -> dict[str, dict[int, list[Step]]]:
    """Return what is booked in the months asked for by the month it corrects, `_HERE` in these."""
    found: dict[str, dict[int, list[Step]]] = {}
    for key, brought in steps.items():
        for step in brought:
            if step.month in asked:
                month = step.entry.date[:7]
                group = found.setdefault(_HERE if month in asked else month, {})
                group.setdefault(key, []).append(step)
    return found


@contextmanager
def _persons_then(
    workspace: Workspace, unit_key: int, locked: Mapping[str, LockedSessions], month: str
) -> Iterator[None]:
    """See who is one person as the locks of a month do, so that its reversals take what it told."""
    database = workspace.database
    late: dict[int, set[bytes]] = {}
    for unit, written in lock_rows.written_on_links(database, unit_key):
        if unit in locked and locked[unit].is_late(written, month):
            late.setdefault(written.record, set()).add(written.hash)
    database.execute("SAVEPOINT persons")
    try:
        shadow = Shadow(database)
        for key, place in places(database, late).items():
            shadow.put(place, state_without(database, key, late[key]))
        shadow.lay()
        yield
    finally:
        database.execute("ROLLBACK TO persons")
        database.execute("RELEASE persons")


@dataclass(slots=True)
class _Run:
    """One figure's ground on its way."""

    workspace: Workspace
    shadow: Shadow
    taken: set[int] = field(default_factory=set)
    missing: dict[str, int] = field(default_factory=dict)
    locked: dict[str, LockedSessions] = field(default_factory=dict)
    booked: dict[str, set[int]] = field(default_factory=dict)

    def lock(self, unit: str, ruling: Mapping[str, Lock], period: Period) -> None:
        """Show the records of a unit as its locks cover them."""
        database = self.workspace.database
        free: dict[Lock, dict[int, set[bytes]]] = {}
        for lock in set(ruling.values()):
            free[lock] = lock_rows.uncovered(database, unit, lock.heads)
            lacking = lock_rows.missing(database, unit, lock.heads)
            if lacking:
                self.missing[unit] = max(self.missing.get(unit, 0), lacking)
        touched = {key for names in free.values() for key in names}
        cut = self.locked[unit].cut(period.first, period.last)
        booked = self.booked.get(unit, set())
        found = places(database, touched.union(cut, booked))
        sessions = {key: place for key, place in found.items() if place.kind == "session"}
        if len(ruling) == len(period.months()):
            counts = lock_rows.operation_counts(database, sorted(found.keys() - sessions.keys()))
            for key in sorted(found.keys() - sessions.keys()):
                if all(key in names for names in free.values()):
                    late = set.intersection(*(names[key] for names in free.values()))
                    gone = len(late) == counts.get(key)
                    self.shadow.put(
                        found[key], None if gone else state_without(database, key, late)
                    )
        asked = {month.text for month in period.months()}
        self._choose(self.locked[unit], sessions, asked, booked)

    def _choose(
        self,
        locked: LockedSessions,
        sessions: Mapping[int, Place],
        asked: Set[str],
        booked: Set[int],
    ) -> None:
        """Count each session once: in the month in which a lock holds it."""
        months = approved.session_months(
            self.workspace.database, [place.ident for place in sessions.values()]
        )
        for key, place in sorted(sessions.items()):
            now = months.get(place.ident, "")
            held = locked.held(key)
            is_free = now not in locked.ruling and key not in booked
            if is_free and now in asked and not (held and held.counted):
                continue  # it counts if it is approved
            if held is not None and held.month in asked:
                if held.late or held.month != now:
                    self.shadow.put(place, held.merged)
            elif now in asked:
                self.shadow.put(place, None)

    def approve(self, verdict: approved.Verdict, ruling: Mapping[str, Lock]) -> None:
        """Take an approved record as it was approved, unless a lock speaks for it."""
        database = self.workspace.database
        if verdict.key in self.shadow:
            return
        if ruling and verdict.kind == "session":
            months = approved.session_months(database, [verdict.ident])
            if months.get(verdict.ident) in ruling:
                return
        self.taken.add(verdict.ident)
        if verdict.whole:
            return
        seen = review_rows.reviewed(database, verdict.key)
        tiers = sorted(
            {tier_of_state(name) for name in seen.merged.live} - {""},
            key=lambda tier: -TIER_RANK.get(tier, 0),
        )
        for tier in tiers:
            covered = covered_by(seen.ready, seen.merged, tier)
            if covered is not None:
                later = {node.hash for node in seen.ready} - covered
                for place in places(database, [verdict.key]).values() if later else ():
                    self.shadow.put(place, state_without(database, verdict.key, later))
                return
