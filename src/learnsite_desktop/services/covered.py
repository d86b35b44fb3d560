"""Approved figures: records as they stood when a tier locked their period, or approved them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from learnsite_desktop.domain.merge import TIER_RANK, Merged
from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.review import Lock, covered_by, governing, tier_of_state
from learnsite_desktop.services.lock_reading import locks_below
from learnsite_desktop.services.reversals import reversed_rows
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import approved, lock_rows, reversal_rows, review_rows
from learnsite_desktop.store.shadow import Place, Shadow, places, state_without


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
    for code, locks in locks_below(workspace, unit).items():
        run.locks[code] = [lock for lock in locks if not lock.open]
        ruling = governing(locks, period)
        if ruling:
            ruled[code] = ruling
            run.lock(code, ruling, whole=len(ruling) == len(period.months()))
    for verdict in approved.verdicts(database, unit_key):
        run.approve(verdict, ruled.get(verdict.unit, {}))
    shadow.lay()
    for code, ruling in ruled.items():
        one = len(set(ruling.values())) == 1 and len(ruling) == len(period.months())
        approved.approve_unit(database, code, None if one else list(ruling))
    approved.put_approved(database, run.taken)
    reversal_rows.put_reversed(database, reversed_rows(workspace, unit_key, period, ruled))
    return run.missing


@dataclass(slots=True)
class _Run:
    """One figure's ground on its way."""

    workspace: Workspace
    shadow: Shadow
    taken: set[int] = field(default_factory=set)
    missing: dict[str, int] = field(default_factory=dict)
    locks: dict[str, list[Lock]] = field(default_factory=dict)
    late: dict[tuple[str, Lock], dict[int, set[bytes]]] = field(default_factory=dict)

    def lock(self, unit: str, ruling: Mapping[str, Lock], *, whole: bool) -> None:
        """Show the records of a unit as its locks cover them."""
        database = self.workspace.database
        free: dict[Lock, dict[int, set[bytes]]] = {}
        for lock in set(ruling.values()):
            free[lock] = lock_rows.uncovered(database, unit, lock.heads)
            lacking = lock_rows.missing(database, unit, lock.heads)
            if lacking:
                self.missing[unit] = max(self.missing.get(unit, 0), lacking)
        found = places(database, {key for names in free.values() for key in names})
        touched = found.keys()
        counts = lock_rows.operation_counts(database, sorted(touched))
        states = _States(self.workspace, free, counts)
        dated = {key for key, place in found.items() if place.kind == "session"}
        if len(free) == 1 and whole:
            (only,) = free
            for key in sorted(found):
                self.shadow.put(found[key], states.under(only, key))
            return
        if whole:
            for key in sorted(touched - dated):
                if all(key in names for names in free.values()):
                    self.shadow.put(found[key], states.under_any(key))
        self._choose(ruling, {key: found[key] for key in dated}, states)

    def _choose(
        self, ruling: Mapping[str, Lock], sessions: Mapping[int, Place], states: "_States"
    ) -> None:
        """Count each session once: in the month in which a lock holds it, its own month first."""
        months = approved.session_months(
            self.workspace.database, [place.ident for place in sessions.values()]
        )
        for key, place in sorted(sessions.items()):
            now = months.get(place.ident, "")
            if now in ruling and not states.touches(ruling[now], key):
                continue
            order = sorted(ruling, key=lambda month: (month != now, month))
            for month in order:
                merged = states.under(ruling[month], key)
                if merged is not None and str(merged.shown.get("date", ""))[:7] == month:
                    self.shadow.put(place, merged)
                    break
            else:
                if now in ruling:
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
        if verdict.kind == "session" and self._is_locked_elsewhere(verdict):
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

    def _is_locked_elsewhere(self, verdict: approved.Verdict) -> bool:
        """Whether a lock counts the session in the month it was dated in when that was locked.

        Moved to another month since, it is counted there by a reversal or not at all.
        """
        database = self.workspace.database
        for lock in self.locks.get(verdict.unit, ()):
            place = (verdict.unit, lock)
            if place not in self.late:
                self.late[place] = lock_rows.uncovered(database, verdict.unit, lock.heads)
            names = self.late[place].get(verdict.key)
            merged = state_without(database, verdict.key, names) if names else None
            if merged is None or merged.deleted:
                continue
            month = str(merged.shown.get("date", ""))[:7]
            if month in {item.text for item in parse_period(lock.period).months()}:
                return True
        return False


@dataclass(slots=True)
class _States:
    """What records of one unit are under its locks; only those written on since are merged anew."""

    workspace: Workspace
    free: Mapping[Lock, Mapping[int, set[bytes]]]
    counts: Mapping[int, int]

    def touches(self, lock: Lock, key: int) -> bool:
        """Return whether something on the record is not covered by a lock."""
        return key in self.free[lock]

    def under(self, lock: Lock, key: int) -> Merged | None:
        """Return a record as a lock covers it."""
        return self._without(key, self.free[lock].get(key, set()))

    def under_any(self, key: int) -> Merged | None:
        """Return a record as the locks together cover it."""
        return self._without(key, set.intersection(*(names[key] for names in self.free.values())))

    def _without(self, key: int, names: set[bytes]) -> Merged | None:
        if len(names) == self.counts.get(key):
            return None
        return state_without(self.workspace.database, key, names)
