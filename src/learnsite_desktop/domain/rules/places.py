"""Rules for sites and populations."""

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.rules.context import Context, Entry
from learnsite_desktop.domain.rules.values import day, number, text

FIRST_YEAR = 1900


def check_site(entry: Entry, _context: Context) -> list[Issue]:
    """Check that a site does not close before it opens."""
    opened, closed = day(entry, "opened"), day(entry, "closed")
    if opened and closed and closed < opened:
        return [Issue("SITE_CLOSED_BEFORE_OPENED", "site", text(entry, "ref"))]
    return []


def check_population(entry: Entry, context: Context) -> list[Issue]:
    """Check that the elders are part of the residents and the year can have been counted."""
    where = text(entry, "unit")
    issues: list[Issue] = []
    total, over60, year = (number(entry, key) for key in ("total", "over60", "year"))
    if total is not None and over60 is not None and over60 > total:
        issues.append(Issue("POPULATION_OVER60_EXCEEDS_TOTAL", "population", where))
    last = context.today.year + 1
    if year is not None and not FIRST_YEAR <= year <= last:
        params = {"key": "year", "low": FIRST_YEAR, "high": last}
        issues.append(
            Issue("NUMBER_OUT_OF_RANGE", "population", where, field="year", params=params)
        )
    return issues
