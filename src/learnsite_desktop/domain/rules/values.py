"""Reading single values of an entry: what is not of the right form reads as absent."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from learnsite_desktop.domain.rules.context import Entry

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def text(entry: Entry, key: str) -> str:
    """Return the text under ``key``, blank when there is none."""
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def number(entry: Entry, key: str) -> int | None:
    """Return the whole number under ``key``; a boolean is none."""
    value = entry.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_date(value: object) -> date | None:
    """``YYYY-MM-DD`` as a date, anything else as None."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def as_minute(value: object) -> int | None:
    """``HH:MM`` as the minute of the day, anything else as None."""
    shape = _TIME.fullmatch(value) if isinstance(value, str) else None
    return int(shape[1]) * 60 + int(shape[2]) if shape else None


def day(entry: Entry, key: str) -> date | None:
    """Return the date under ``key``."""
    return as_date(entry.get(key))


def part(entry: Entry, key: str) -> Entry | None:
    """Return the structure under ``key``, or None."""
    value = entry.get(key)
    return value if isinstance(value, Mapping) else None


def parts(entry: Entry, key: str) -> list[Entry]:
    """Return the structures in the list under ``key``."""
    value = entry.get(key)
    if not isinstance(value, Iterable) or isinstance(value, str | bytes | Mapping):
        return []
    return [member for member in value if isinstance(member, Mapping)]


def length(entry: Entry) -> int | None:
    """Minutes from ``start`` to ``end``, negative when reversed, None when one is no time."""
    start, end = as_minute(entry.get("start")), as_minute(entry.get("end"))
    return None if start is None or end is None else end - start
