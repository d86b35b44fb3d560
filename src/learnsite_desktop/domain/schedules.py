"""The days of a series of lessons: one a week from a first day, some days left out."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from learnsite_desktop.domain.days import days_after

MOST_LESSONS: Final = 200
WEEK: Final = 7


def weekly(first: date, count: int, left_out: Collection[date] = ()) -> list[date]:
    """Return `count` days, a week apart, from `first` on; days left out are made up at the end.

    At most `MOST_LESSONS`; days after the calendar's end are not given.
    """
    days: list[date] = []
    day = first
    while len(days) < min(count, MOST_LESSONS):
        if day not in left_out:
            days.append(day)
        if date.max - day < timedelta(days=WEEK):
            break
        day += timedelta(days=WEEK)
    return days


def on_or_after(day: date, weekday: int) -> date:
    """Return the first day from `day` on that is the weekday (Monday is 1, Sunday is 7)."""
    return days_after(day, (weekday - day.isoweekday()) % WEEK)
