"""What was changed in a locked period and where it is booked; what a lock would do."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from learnsite_desktop.domain.periods import Period, month_of, parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.review import governing
from learnsite_desktop.services.lock_problems import Problem, problems_of
from learnsite_desktop.services.lock_reading import locks_of
from learnsite_desktop.services.lock_view import supplements_of
from learnsite_desktop.services.locked_sessions import LockedSessions
from learnsite_desktop.services.locks import lockable
from learnsite_desktop.services.reversals import entries_of
from learnsite_desktop.services.titles import title_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import find_record, merged_state
from learnsite_desktop.store.reversal_rows import says_the_same


@dataclass(frozen=True, slots=True)
class Supplement:
    """A record changed after its period was locked; `booked` is the period that counts it or ""."""

    record: str
    kind: str
    unit: str
    unit_name: str
    title: str
    at: str
    author: str
    booked: str

    @property
    def bookable(self) -> bool:
        """Whether the difference can still be booked: sessions only, and not twice."""
        return self.kind == "session" and not self.booked

    def answer(self) -> dict[str, Any]:
        """Return it with the keys of its answer."""
        return {
            "record": self.record,
            "kind": self.kind,
            "unit": self.unit,
            "title": self.title,
            "at": self.at or None,
            "author": self.author or None,
            "booked": self.booked or None,
        }


def supplements(workspace: Workspace, period: str = "", unit: str = "") -> list[Supplement]:
    """Return what came after a lock of a period, of all without one, sessions not booked first.

    Refuses `period_invalid`, `unit_unknown`.
    """
    found = [
        Supplement(
            record=row["record"],
            kind=row["kind"],
            unit=row["unit"],
            unit_name=unit_name(workspace.database, row["unit"]),
            title=title_of(workspace, row["record"]),
            at=str(row["at"] or ""),
            author=str(row["author"] or ""),
            booked=_booked(workspace, row["unit"], row["record"]),
        )
        for row in supplements_of(workspace, period, unit)
        if row["unit"] != workspace.unit
    ]
    return sorted(found, key=lambda one: (not one.bookable, one.unit, one.at, one.record))


def _booked(workspace: Workspace, unit: str, record: str) -> str:
    """Return the period in which a session's present state is booked, "" if it is in none."""
    stored = find_record(workspace.database, record, "session", unit)
    if stored is None:
        return ""
    locked = LockedSessions(workspace.database, unit, locks_of(workspace, unit))
    now = merged_state(workspace.database, stored.key)
    steps = locked.steps(stored.key, entries_of(workspace, stored))
    return next((one.entry.period for one in steps if says_the_same(one.after, now)), "")


def open_month(workspace: Workspace, unit: str) -> str:
    """Return the month to book a correction of a unit in: this one, or the next that is open."""
    month = month_of(workspace.clock.now().date())
    locks = locks_of(workspace, unit)
    while governing(locks, month):
        month = month_of(month.last + timedelta(days=1))
    return month.text


@dataclass(frozen=True, slots=True)
class LockPreview:
    """What a lock would do: the units it would lock, and what is still open there."""

    period: Period
    units: tuple[str, ...]
    problems: tuple[Problem, ...]


def preview_lock(
    workspace: Workspace, period_text: str, unit: str = "", progress: Progress = silent
) -> LockPreview:
    """Look at what locking a period would do; writes nothing. Refuses what `lock` does."""
    period = parse_period(period_text)
    wanted = lockable(workspace, period, unit)
    problems = problems_of(workspace, period, wanted, progress)
    return LockPreview(period, tuple(wanted), tuple(problems))
