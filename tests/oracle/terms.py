"""Terms of the recount: periods, ages, one figure, and the cells of a dimension.

Standard library only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.replay import Json, Row

TIERS = {3: "county", 4: "township", 5: "village"}
BANDS = (
    (80, "80"),
    (70, "70"),
    (60, "60"),
    (45, "45"),
    (35, "35"),
    (18, "18"),
    (14, "14"),
    (6, "06"),
    (0, "00"),
)
UNKNOWN = "NA"


@dataclass(frozen=True)
class Period:
    """A stretch of whole months: first and last day, both included."""

    first: date
    last: date
    months: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2026-03 2026-Q1 2026-H1 2026 2025-2026` (September to August)."""
        year, _, rest = text.partition("-")
        start, months = int(year), 12
        month = 1
        if rest.startswith("Q"):
            month, months = 3 * int(rest[1:]) - 2, 3
        elif rest.startswith("H"):
            month, months = 6 * int(rest[1:]) - 5, 6
        elif len(rest) == len("2026"):
            month = 9
        elif rest:
            month, months = int(rest), 1
        beyond = start * 12 + month - 1 + months
        return cls(
            date(start, month, 1),
            date(beyond // 12, beyond % 12 + 1, 1) - timedelta(days=1),
            months,
        )

    def has(self, text: str | None) -> bool:
        """Whether an ISO date lies in the period."""
        return text is not None and self.first.isoformat() <= text <= self.last.isoformat()

    def month_ends(self) -> list[date]:
        """Return the last day of each month."""
        start = self.first.year * 12 + self.first.month
        return [
            date((start + step) // 12, (start + step) % 12 + 1, 1) - timedelta(days=1)
            for step in range(self.months)
        ]


@dataclass(frozen=True)
class Figure:
    """One figure; a plain count has no denominator, a ratio without one is `missing`."""

    numerator: int
    denominator: int | None = None
    missing: str = ""

    @property
    def value(self) -> float | None:
        """Numerator over denominator as a plain ratio (0.5 is 50 %), or the count itself."""
        if self.missing:
            return None
        return self.numerator / self.denominator if self.denominator else float(self.numerator)


def ratio(numerator: int, denominator: int | None, what: str) -> Figure:
    """Make a ratio; `what` names a denominator that is absent or nought."""
    return Figure(numerator, denominator, "" if denominator else what)


def born(birth: str | None) -> date | None:
    """Return the day counted as birth day: only a year = 1 July, only a month = the 1st."""
    if not birth:
        return None
    year, *finer = (int(part) for part in birth.split("-"))
    month, day = [*finer, 1][:2] if finer else (7, 1)
    return date(year, month, day)


def age_on(birth: str | None, day: date) -> int | None:
    """Return full years on `day`; who was born on 29 February gains a year on 1 March."""
    start = born(birth)
    if start is None:
        return None
    return day.year - start.year - ((day.month, day.day) < (start.month, start.day))


def band(age: int | None) -> str:
    """Return the age band's code."""
    return next((code for floor, code in BANDS if age is not None and age >= floor), UNKNOWN)


@dataclass(frozen=True)
class Lens:
    """Which activities, attenders (on a day), persons and part of a crowd a cell looks at."""

    activity: Callable[[Row], bool] = lambda _activity: True
    learner: Callable[[Row, date], bool] = lambda _learner, _day: True
    crowd: Callable[[Json], int] = lambda headcount: int(headcount["total"])


def minutes_between(start: str, end: str) -> int:
    """Return the minutes from `HH:MM` to `HH:MM`."""
    hours, minutes = (int(end[:2]) - int(start[:2]), int(end[3:]) - int(start[3:]))
    return 60 * hours + minutes


def groups_of(learner: Row) -> set[str]:
    """Return the typed groups of a learner."""
    return {group["code"] for group in learner.values.get("groups") or []}


def codes_of(activity: Row, by: str) -> list[str]:
    """Return an activity's codes in one dimension; `NA` where a single code was not given."""
    if by == "topic":
        return list(activity.values["topics"])
    return [activity.values.get("kind" if by == "category" else by) or "NA"]


def crowd_of_sex(headcount: Json, code: str) -> int:
    """Return the part of a crowd counted as male, female, or neither."""
    male, female = int(headcount.get("male") or 0), int(headcount.get("female") or 0)
    return {"M": male, "F": female}.get(code, int(headcount["total"]) - male - female)
