"""Public holidays, from the yearly table that the product ships. They only warn."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final

from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.tables import read_table

_HOLIDAY: Final = "holiday"
NAMES: Final = (
    N_("New Year's Day"), N_("Spring Festival"), N_("Tomb-sweeping Day"), N_("Labour Day"),
    N_("Dragon Boat Festival"), N_("Mid-autumn Festival"), N_("National Day"),
)  # fmt: skip
"""What the table calls them; message ids."""


@lru_cache(maxsize=1)
def holidays() -> dict[date, str]:
    """Return the public holidays known to this version, with their names.

    The names are message ids. Years that the table does not reach have none.
    """
    rows = read_table(resource("calendar", "cn_holidays.csv"), ("date", "kind", "name"))
    found = {as_date(row["date"]): row["name"] for row in rows if row["kind"] == _HOLIDAY}
    return {day: name for day, name in found.items() if day is not None}


def holidays_among(days: Iterable[date]) -> dict[date, str]:
    """Return those of the days that are public holidays, with their names."""
    known = holidays()
    return {day: known[day] for day in days if day in known}
