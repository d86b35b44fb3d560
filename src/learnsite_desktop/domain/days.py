"""Reckoning with days and moments that may stand at the edge of the calendar.

Any record may carry such a day, by a slip or by a clock without a battery; nobody's screen ends
with it.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo


def days_after(day: date, count: int) -> date:
    """Return the day so many days after another (before it if negative), no further than dates go.

    The first and the last day that there are stand for what lies beyond them.
    """
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return date.max if count > 0 else date.min


def in_zone(moment: datetime, zone: tzinfo | None = UTC) -> datetime:
    """Return a moment as told in a time zone (None: this computer's); at the edges as it stands."""
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return moment.replace(tzinfo=zone or UTC)
