"""Which automatic backups are kept: many recent ones, few old ones."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

RECENT: Final = 10
DAILY: Final = 14
WEEKLY: Final = 8
MONTHLY: Final = 12

_SPANS: Final[tuple[tuple[Callable[[datetime], object], int], ...]] = (
    (lambda moment: moment, RECENT),
    (lambda moment: moment.date(), DAILY),
    (lambda moment: moment.isocalendar()[:2], WEEKLY),
    (lambda moment: (moment.year, moment.month), MONTHLY),
)


def kept(moments: Iterable[datetime]) -> set[datetime]:
    """Return the moments whose backups are kept.

    The 10 newest; and the newest of each of the last 14 days, 8 weeks and 12 months that have
    any, so that a computer used twice a month keeps as many as one used daily.
    """
    found: set[datetime] = set()
    newest_first = sorted(set(moments), reverse=True)
    for span_of, count in _SPANS:
        newest: dict[object, datetime] = {}
        for moment in newest_first:
            newest.setdefault(span_of(moment), moment)
        found |= set(list(newest.values())[:count])
    return found
