"""The periods of a trend: those before a period, of its own kind, with itself at the end."""

from typing import Final

from learnsite_desktop.domain.periods import Period, PeriodKind, parse_period

STEPS: Final = {
    PeriodKind.MONTH: 12,
    PeriodKind.QUARTER: 4,
    PeriodKind.HALF: 4,
    PeriodKind.YEAR: 3,
    PeriodKind.SCHOOL_YEAR: 3,
}
_PARTS: Final = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.HALF: 2}


def before(period: Period) -> Period:
    """Return the period of the same kind before one; refuses `period_invalid` before 1900."""
    year = period.first.year
    if period.kind is PeriodKind.YEAR:
        return parse_period(f"{year - 1:04d}")
    if period.kind is PeriodKind.SCHOOL_YEAR:
        return parse_period(f"{year - 1:04d}-{year:04d}")
    parts = _PARTS[period.kind]
    number = (period.first.month - 1) * parts // 12 or parts
    year -= number == parts
    letter = {PeriodKind.MONTH: "", PeriodKind.QUARTER: "Q", PeriodKind.HALF: "H"}[period.kind]
    width = 2 if period.kind is PeriodKind.MONTH else 1
    return parse_period(f"{year:04d}-{letter}{number:0{width}d}")


def span(text: str) -> list[Period]:
    """Return the last 12 months, 4 quarters or halves, 3 years up to a period, the oldest first."""
    found = [parse_period(text)]
    while len(found) < STEPS[found[0].kind]:
        found.insert(0, before(found[0]))
    return found
