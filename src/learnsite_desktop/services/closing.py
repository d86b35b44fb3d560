"""The clock of periods: which months a unit still has to hand in, and until when."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.periods import Period, month_of, parse_period
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.services.completeness import DAYS_ABOVE, DAYS_VILLAGE
from learnsite_desktop.services.units import ended
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.agenda import first_session_day, months_handed_in

LOOK_BACK: Final = 12
"""How many months back a month that was never handed in is still asked for."""


@dataclass(frozen=True, slots=True)
class Due:
    """A month: the last day to hand it in, and `state` open | handed_in | zero.

    `running` tells that the month has not ended yet: it is not asked for before.
    """

    period: str
    due: date
    state: str
    running: bool

    @property
    def open(self) -> bool:
        """Whether it still has to be handed in."""
        return self.state == "open"

    def days_left(self, today: date) -> int:
        """Return the days until the due day, negative after it."""
        return (self.due - today).days


def due_months(workspace: Workspace) -> list[Due]:
    """Return the months from the unit's first session on, at most a year back, oldest first.

    The month that is running is always among them; of a unit that was closed, the month of its
    last day is the last.
    """
    today = workspace.clock.now().date()
    running = month_of(today)
    closed = ended(workspace, workspace.unit)
    latest = month_of(days_after(closed.on, -1)) if closed is not None else running
    first = as_date(first_session_day(workspace.database, workspace.unit))
    begun = month_of(first) if first else latest
    months: list[Period] = [latest]
    while months[0].first > begun.first and len(months) <= LOOK_BACK:
        months.insert(0, month_of(days_after(months[0].first, -1)))
    handed = {
        parse_period(text): zero
        for text, zero in months_handed_in(workspace.database, workspace.unit).items()
    }
    days = DAYS_VILLAGE if workspace.tier == "village" else DAYS_ABOVE
    return [
        Due(
            month.text,
            days_after(month.last, days),
            _state(month, handed),
            running=month == running,
        )
        for month in months
    ]


def _state(month: Period, handed: dict[Period, str]) -> str:
    reasons = [
        reason
        for period, reason in handed.items()
        if period.first <= month.first and month.last <= period.last
    ]
    if not reasons:
        return "open"
    return "zero" if all(reasons) else "handed_in"


def first_open(months: list[Due]) -> Due:
    """Return the oldest month that has ended and was not handed in, else the newest."""
    ended = [month for month in months if month.open and not month.running]
    return ended[0] if ended else months[-1]


def next_to_hand_in(months: list[Due]) -> Due:
    """Return the month to offer: the oldest one due, else the last that ended, to hand in again.

    The running month is offered only when there is no other: its sessions are yet to come.
    """
    due = first_open(months)
    ended = [month for month in months if not month.running]
    return ended[-1] if due.running and ended else due
