"""The board 催报: how every unit below stands with each of the last months, and how to reach it.

All units are looked at in one pass for each question, never one by one.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.periods import Period, month_of, parse_period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.completeness import DAYS_ABOVE, DAYS_VILLAGE
from learnsite_desktop.services.contacts import Contact, contacts, note_contacts_revealed
from learnsite_desktop.services.lock_reading import locked_by, locks_below
from learnsite_desktop.services.unit_choice import asked_on
from learnsite_desktop.services.units import gone_from, require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import board as store
from learnsite_desktop.store import lookups
from learnsite_desktop.store.figures import unit_key, unit_name

MONTHS: Final = 6
"""How many months before the chosen period are shown."""

ON_TIME, LATE, ZERO, ENTERED = "on_time", "late", "zero", "entered"
SILENT, NOT_DUE, LOCKED = "silent", "not_due", "locked"
NO_OPENING, NOT_OPENED, NOT_ASKED = "no_opening", "not_opened", "not_asked"
STATES: Final[Mapping[str, str]] = {
    ON_TIME: N_("On time"),
    LATE: N_("Late"),
    ZERO: N_("Zero report"),
    ENTERED: N_("Entered here"),
    SILENT: N_("Not handed in"),
    NOT_DUE: N_("Not yet due"),
    NO_OPENING: N_("Not opened"),
    NOT_OPENED: N_("File not used"),
    LOCKED: N_("Locked"),
    NOT_ASKED: N_("Not asked"),
}
"""What a cell may say, in the order of legends; the word of each."""
DELIVERED: Final = frozenset({ON_TIME, LATE, ZERO, ENTERED})


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit and period.

    `handed` is the state apart from locking, `state` is "locked" over it where `locked_by` names a
    tier. `reason` is that of a zero report, `received_at` when it first came, `due` the last day.
    """

    period: str
    state: str
    handed: str
    due: date
    received_at: str = ""
    reason: str = ""
    locked_by: str = ""

    @property
    def owing(self) -> bool:
        """Whether the unit still has to hand in although the last day has gone by."""
        return self.handed == SILENT


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A unit with its cells, oldest period first, and what is known of the chosen period."""

    unit: str
    name: str
    level: int
    parent: str
    tier: str
    cells: tuple[Cell, ...]
    sessions: int = 0
    attendances: int = 0
    returns_open: int = 0
    conflicts_open: int = 0
    last_file: str = ""
    contact: Contact = field(default_factory=Contact)

    @property
    def chosen(self) -> Cell:
        """The cell of the chosen period."""
        return self.cells[-1]

    def days_ago(self, now: datetime) -> int | None:
        """Return how many days ago the last file came, None if none has."""
        if not self.last_file:
            return None
        return max(0, (now - datetime.fromisoformat(self.last_file)).days)


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board: of `unit`, for `period`, with the months before it."""

    unit: str
    name: str
    period: Period
    periods: tuple[str, ...]
    rows: tuple[BoardRow, ...]

    def counts(self) -> Counter[str]:
        """Return how many units are in each state in the chosen period, locking left aside."""
        return Counter(row.chosen.handed for row in self.rows)

    def below(self, unit: str) -> tuple[BoardRow, ...]:
        """Return the rows directly below a unit."""
        return tuple(row for row in self.rows if row.parent == unit)


def board(
    workspace: Workspace,
    period_text: str,
    *,
    unit: str = "",
    months: int = MONTHS,
    reveal: bool = False,
    why: str = "",
    operator: str = "",
) -> Board:
    """Return how the units below stand: the chosen period, and up to `months` months before it.

    Months of which nothing at all is held here are left out. With `reveal` private contacts stand
    in full, which wants a reason and a workspace open for writing. Refuses `period_invalid`,
    `unit_unknown`, `unit_not_below`, `reveal_reason_missing`.
    """
    period, code = parse_period(period_text), unit or workspace.unit
    require_unit(workspace, code)
    key = unit_key(workspace.database, code)
    if key is None or not lookups.is_within(workspace.database, code, workspace.unit):
        raise Refusal("unit_not_below", where=code)
    ground = _Ground(workspace, code, key, reveal=reveal)
    if reveal:
        private = [one for one, contact in ground.contacts.items() if contact.private]
        note_contacts_revealed(workspace, private, why=why, operator=operator)
    first, last = period.first.isoformat(), period.last.isoformat()
    held = store.held(workspace.database, key, first, last)
    spans = [*_before(workspace, key, period, months), period]
    columns = {span.text: ground.column(span) for span in spans}
    rows = tuple(
        BoardRow(
            one.code, one.name, one.level, one.parent, one.tier,
            tuple(columns[span.text][one.code] for span in spans),
            *held.get(one.code, (0, 0)),
            ground.returns.get(one.code, 0),
            ground.conflicts.get(one.code, 0),
            ground.files.get(one.code, ""),
            ground.contacts.get(one.code, Contact()),
        )
        for one in ground.units
        if columns[period.text][one.code].state != NOT_ASKED or one.code in held
    )  # fmt: skip
    name = unit_name(workspace.database, code)
    return Board(code, name, period, tuple(span.text for span in spans), rows)


class _Ground:
    """What the cells are made of, asked for once."""

    def __init__(self, workspace: Workspace, code: str, key: int, *, reveal: bool) -> None:
        database = workspace.database
        self._workspace, self._code = workspace, code
        self._today = workspace.clock.now().date()
        self.units = store.units(database, key)
        self.returns = store.open_returns(database, key)
        self.conflicts = store.open_conflicts(database, key)
        self.files = store.last_files(database, key)
        sites = store.sites(database, key)
        self.contacts = contacts(workspace, key, sites, self._today, reveal=reveal)
        self._sites: dict[str, list[store.BoardSite]] = {}
        for site in sites:
            self._sites.setdefault(site.unit, []).append(site)
        self._handed = store.handed_in(database, key)
        self._elsewhere = gone_from(database, code)
        self._locks = locks_below(workspace, code)

    def column(self, period: Period) -> dict[str, Cell]:
        """Return the cells of a period by unit."""
        asked = asked_on(self._workspace, self._code, period.last)
        return {unit.code: self._cell(unit, period, asked) for unit in self.units}

    def _cell(self, unit: store.BoardUnit, period: Period, asked: set[str]) -> Cell:
        reason, received = self._handed.get((unit.code, period.text), ("", None))
        due = days_after(period.last, DAYS_VILLAGE if unit.level == 5 else DAYS_ABOVE)
        if received is None:
            handed = self._missing(unit, period, due, asked)
        elif unit.code not in asked and unit.code in self._elsewhere:
            handed = NOT_ASKED
        else:
            handed = _delivered(reason, received, due)
        lock = locked_by(self._locks.get(unit.code, ()), period)
        state = LOCKED if lock and handed != NOT_ASKED else handed
        return Cell(period.text, state, handed, due, received or "", reason, lock)

    def _missing(self, unit: store.BoardUnit, period: Period, due: date, asked: set[str]) -> str:
        """Return what is said of a unit that has handed nothing in."""
        last, sites = period.last.isoformat(), self._sites.get(unit.code, [])
        there = any(one.opened <= last and not "" < one.closed <= last for one in sites)
        takes_part = unit.invited or unit.known or there
        # A unit whose site was opened later, or has closed, had nothing to report then.
        if unit.code not in asked or not takes_part or (sites and not there):
            return NOT_ASKED
        if not unit.known:
            return NOT_OPENED if unit.invited else NO_OPENING
        return NOT_DUE if self._today <= due else SILENT


def _delivered(reason: str, received: str, due: date) -> str:
    if reason:
        return ZERO
    if not received:
        return ENTERED  # written here for the unit: it never came in by a file
    return ON_TIME if received[:10] <= due.isoformat() else LATE


def _before(workspace: Workspace, key: int, period: Period, months: int) -> list[Period]:
    """Return the months before a period, oldest first, from the first that is known of here."""
    begun = store.first_month(workspace.database, key)
    found: list[Period] = []
    first = period.first
    for _number in range(months):
        month = month_of(days_after(first, -1))
        if not begun or month.text < begun:
            break
        found.insert(0, month)
        first = month.first
    return found


def due_day(period: Period, *, village: bool) -> date:
    """Return the last day to hand a period in."""
    return days_after(period.last, DAYS_VILLAGE if village else DAYS_ABOVE)


def newest_period(workspace: Workspace) -> str:
    """Return the month to look at first: the last one that has ended."""
    today = workspace.clock.now().date()
    return month_of(days_after(today.replace(day=1), -1)).text


def board_answer(found: Board, now: datetime) -> dict[str, Any]:
    """Return a board with the keys of its answer."""
    return {
        "unit": found.unit,
        "period": found.period.text,
        "periods": list(found.periods),
        "counts": dict(sorted(found.counts().items())),
        "units": [_row_answer(row, now) for row in found.rows],
    }


def _row_answer(row: BoardRow, now: datetime) -> dict[str, Any]:
    cell = row.chosen
    return {
        "unit": row.unit,
        "name": row.name,
        "tier": row.tier,
        "parent": row.parent,
        "state": cell.state,
        "handed": cell.handed,
        "due": cell.due.isoformat(),
        "received_at": cell.received_at or None,
        "zero_reason": cell.reason or None,
        "locked_by": cell.locked_by or None,
        "cells": [{"period": one.period, "state": one.state} for one in row.cells],
        "sessions": row.sessions,
        "attendances": row.attendances,
        "returns_open": row.returns_open,
        "conflicts_open": row.conflicts_open,
        "last_file": row.last_file or None,
        "days_ago": row.days_ago(now),
        "head": row.contact.head or None,
        "phone": row.contact.phone or None,
    }
