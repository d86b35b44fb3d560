"""Periods: month, quarter, half year, year and school year (September to August).

Written ``2026-03``, ``2026-Q1``, ``2026-H1``, ``2026`` and ``2025-2026``.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.refusals import Refusal

_SHAPES = re.compile(
    r"""(?P<year>[0-9]{4})
    (?: -Q(?P<quarter>[1-4]) | -H(?P<half>[12]) | -(?P<next>[0-9]{4})
      | -(?P<month>0[1-9]|1[0-2]) )?""",
    re.VERBOSE,
)
_FIRST_YEAR, _LAST_YEAR = 1900, 9998
_SCHOOL_YEAR_STARTS = 9


class PeriodKind(StrEnum):
    """The length of a period."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    SCHOOL_YEAR = "school_year"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole months; ``first`` and ``last`` are its first and last day."""

    text: str
    kind: PeriodKind
    first: date
    last: date

    def contains(self, day: date) -> bool:
        """Tell whether ``day`` lies in the period, both ends included."""
        return self.first <= day <= self.last

    def months(self) -> "list[Period]":
        """Return the months of the period, in order."""
        found = []
        day = self.first
        while True:
            found.append(month_of(day))
            if found[-1].last >= self.last:
                return found
            day = days_after(found[-1].last, 1)


def month_of(day: date) -> Period:
    """Return the month that holds ``day``."""
    return _months(f"{day.year:04d}-{day.month:02d}", PeriodKind.MONTH, day.year, day.month, 1)


def parse_period(text: str) -> Period:
    """Read a period; refuses ``period_invalid`` with the text as its place."""
    shape = _SHAPES.fullmatch(text)
    if shape is None or not _FIRST_YEAR <= int(shape["year"]) <= _LAST_YEAR:
        raise Refusal("period_invalid", where=text)
    year = int(shape["year"])
    if shape["month"]:
        return _months(text, PeriodKind.MONTH, year, int(shape["month"]), 1)
    if shape["quarter"]:
        return _months(text, PeriodKind.QUARTER, year, 3 * int(shape["quarter"]) - 2, 3)
    if shape["half"]:
        return _months(text, PeriodKind.HALF, year, 6 * int(shape["half"]) - 5, 6)
    if shape["next"]:
        if int(shape["next"]) != year + 1:
            raise Refusal("period_invalid", where=text)
        return _months(text, PeriodKind.SCHOOL_YEAR, year, _SCHOOL_YEAR_STARTS, 12)
    return _months(text, PeriodKind.YEAR, year, 1, 12)


def _months(text: str, kind: PeriodKind, year: int, month: int, count: int) -> Period:
    """Return the period of ``count`` months that begins with the given one."""
    ahead = year * 12 + (month - 1) + count - 1
    last_year, last_month = ahead // 12, ahead % 12 + 1
    last = date(last_year, last_month, monthrange(last_year, last_month)[1])
    return Period(text, kind, date(year, month, 1), last)
