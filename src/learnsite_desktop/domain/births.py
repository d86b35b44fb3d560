"""Birth days known in full, by month or by year only, and ages counted from them.

A year alone counts as 1 July, a month alone as its first day; who is born on 29 February grows
older on 1 March in common years.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_SHAPE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class Precision(StrEnum):
    """How much of a birth day is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth day as written, and ``born``, the full date it counts as."""

    text: str
    precision: Precision
    born: date

    def age_on(self, day: date) -> int:
        """Full years on ``day``; negative before the birth."""
        return age_on(self.born, day)

    def may_be(self, other: date) -> bool:
        """Tell whether ``other`` agrees with as much of the birth day as is known."""
        return other.isoformat().startswith(self.text)


def parse_birth(text: object) -> Birth | None:
    """Read ``1955``, ``1955-03`` or ``1955-03-12``; anything else, or no such day, gives None."""
    shape = _SHAPE.fullmatch(text) if isinstance(text, str) else None
    if shape is None or not isinstance(text, str):
        return None
    year, month, day = shape.groups()
    try:
        if month is None:
            return Birth(text, Precision.YEAR, date(int(year), 7, 1))
        if day is None:
            return Birth(text, Precision.MONTH, date(int(year), int(month), 1))
        return Birth(text, Precision.DAY, date(int(year), int(month), int(day)))
    except ValueError:
        return None


def age_on(born: date, day: date) -> int:
    """Full years between ``born`` and ``day``."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
