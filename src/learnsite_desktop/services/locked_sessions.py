"""Where locks hold a unit's sessions, and what reversals bring: each session counts once.

Moved from one locked month to another, a session stays in the month that was locked first. All
that was corrected since counts once too: what the lock covers and what each reversal has seen are
put together, one after the other, and a reversal brings what that changes. One that knows nothing
new brings nothing, whichever lock rules by then and whoever else has booked the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from learnsite_desktop.domain.merge import Merged
from learnsite_desktop.domain.periods import month_of, parse_period
from learnsite_desktop.domain.review import Lock, known_period, locked_months
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.store import lock_rows
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.lock_rows import Coverage, Written
from learnsite_desktop.store.records import merged_at
from learnsite_desktop.store.reversal_rows import Reversal, is_counted
from learnsite_desktop.store.shadow import state_without


@dataclass(frozen=True, slots=True)
class Held:
    """The month whose lock holds a session, and the session as that lock covers it.

    `counted` if it was held then and not rejected; `late` if anything was written since.
    """

    month: str
    merged: Merged
    counted: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What one reversal changes: the session as it counted before it, and as it counts with it.

    `month` is the one that takes the difference; `adds` is False if all was counted already.
    """

    entry: Reversal
    month: str
    before: Merged | None
    after: Merged
    adds: bool


class LockedSessions:
    """The sessions of one unit under all its locks."""

    def __init__(self, database: Database, unit: str, locks: Iterable[Lock]) -> None:
        """Look at the unit's `locks`, opened ones included."""
        self._database = database
        self._unit = unit
        self.ruling = locked_months(locks)
        self._coverages: dict[Lock, Coverage] = {}

    def held(self, session: int) -> Held | None:
        """Return which month holds a session (its record key), None if no lock does.

        Of several months one that counts it, of these the one whose lock has seen least.
        """
        written = lock_rows.written_on(self._database, session)
        states: dict[frozenset[bytes], Merged | None] = {}
        found = []
        for lock in set(self.ruling.values()):
            late = self._late(written, lock)
            if len(late) == len(written):
                continue
            if late not in states:
                states[late] = state_without(self._database, session, late)
            merged = states[late]
            if merged is None or merged.deleted:
                continue
            month = str(merged.shown.get("date", ""))[:7]
            if self.ruling.get(month) == lock:
                held = Held(month, merged, is_counted(merged), bool(late))
                found.append(((not held.counted, -len(late), month), held))
        return min(found, key=lambda one: one[0])[1] if found else None

    def cut(self, first: date, last: date) -> list[int]:
        """Return the sessions (record keys) dated in these days of which a lock covers a part."""
        locks = set(self.ruling.values())
        rows = lock_rows.written_on_sessions(
            self._database, self._unit, first.isoformat(), last.isoformat()
        )
        return [
            record
            for record, group in groupby(rows, key=lambda row: row.record)
            if self._is_cut(list(group), locks)
        ]

    def _is_cut(self, written: Sequence[Written], locks: Iterable[Lock]) -> bool:
        return any(0 < len(self._late(written, lock)) < len(written) for lock in locks)

    def is_late(self, written: Written, month: str) -> bool:
        """Return whether the lock of a month, if there is one, does not cover an operation."""
        lock = self.ruling.get(month)
        return lock is not None and bool(self._late([written], lock))

    def _late(self, written: Iterable[Written], lock: Lock) -> frozenset[bytes]:
        if lock not in self._coverages:
            self._coverages[lock] = Coverage(self._database, self._unit, lock.heads)
        covers = self._coverages[lock].covers
        return frozenset(one.hash for one in written if not covers(one))

    def in_force(self, session: int, entries: Iterable[Reversal]) -> list[tuple[str, Reversal]]:
        """Return the reversals of a session that count, with their months, in their order.

        An entry stands as the lock of its month covers it. It is void while the month it corrects
        is open, and where that month's lock has seen all that the entry has.
        """
        written = lock_rows.written_on(self._database, session)
        found = []
        for entry in entries:
            if not known_period(entry.period):
                continue
            month = parse_period(entry.period).months()[0].text
            lock = self.ruling.get(month)
            state = self._as_locked(entry, lock) if lock else entry
            if state is None or state.deleted:
                continue
            day = as_date(state.date)
            corrected = self.ruling.get(month_of(day).text) if day else None
            if corrected is None or self._late(written, corrected).isdisjoint(state.after):
                continue
            found.append((lock is None, month, state))
        found.sort(key=lambda one: (*one[:2], one[2].period, one[2].id))
        return [(month, state) for _open, month, state in found]

    def _as_locked(self, entry: Reversal, lock: Lock) -> Reversal | None:
        written = lock_rows.written_on(self._database, entry.key)
        late = self._late(written, lock)
        if not late:
            return entry
        if len(late) == len(written):
            return None
        return entry.like(state_without(self._database, entry.key, late))

    def steps(self, session: int, entries: Iterable[Reversal]) -> Iterator[Step]:
        """Yield what each reversal of a session in force brings, in their order."""
        held = self.held(session)
        before = held.merged if held else None
        heads = set(before.heads) if before else set()
        for month, entry in self.in_force(session, entries):
            after = merged_at(self._database, session, heads | set(entry.after))
            known = set(after.heads)
            yield Step(entry, month, before, after, known != heads)
            before, heads = after, known
