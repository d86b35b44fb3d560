"""What people type for dates, times and numbers, read into the forms that records use."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

_DAYS: Final = {
    "前天": -2,
    "昨天": -1,
    "今天": 0,
    "明天": 1,
    "后天": 2,
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
}
_WHOLE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_MONTH_DAY: Final = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
_DIGITS: Final = re.compile(r"(?P<y>\d{4})?(?P<m>\d{1,2})(?P<d>\d{2})")
_DAY: Final = re.compile(r"(\d{1,2})[日号]?")
_TIME: Final = re.compile(
    r"(?P<half>上午|下午|晚上|am|pm)?(?P<h>\d{1,2}?)(?:[:.点时]?(?P<m>\d{2})分?|[点时](?P<word>半|一刻|三刻)|[点时整]*)"
)
_WORD_MINUTES: Final = {"半": 30, "一刻": 15, "三刻": 45}
_OTHER_YEAR_DAYS: Final = 270
"""A day without its year further off than this belongs to the year next to this one."""


def half_width(text: str) -> str:
    """Return `text` with full-width digits, letters and signs made ordinary, and trimmed."""
    return unicodedata.normalize("NFKC", text).replace("。", ".").strip()


def _bare(text: str, between: str) -> str:
    """Return `text` without blanks; one between digits parts two numbers and becomes `between`."""
    parted = re.sub(r"(?<=\d)\s+(?=\d)", between, half_width(text).lower())
    return "".join(parted.split())


def read_date(text: str, today: date) -> date | None:
    """Read a date: 2026-3-5, 3.5, 3 5, 3月5日, 305, 20260305, 5, 今天, 昨天; None if it is none.

    Without a year it is the day of this year; early and late in the year, the nearer one.
    """
    bare = _bare(text, "-")
    if bare in _DAYS:
        return today + timedelta(days=_DAYS[bare])
    if found := _WHOLE.fullmatch(bare):
        return _date(*(int(part) for part in found.groups()))
    if found := _DAY.fullmatch(bare):
        return _date(today.year, today.month, int(found[1]))
    if found := _MONTH_DAY.fullmatch(bare):
        return _near(int(found[1]), int(found[2]), today)
    if found := _DIGITS.fullmatch(bare):
        month, day = int(found["m"]), int(found["d"])
        if found["y"] is None:
            return _near(month, day, today)
        return _date(int(found["y"]), month, day) if len(found["m"]) == 2 else None
    return None


def _near(month: int, day: int, today: date) -> date | None:
    years = [today.year]
    here = _date(today.year, month, day)
    if here and abs((here - today).days) > _OTHER_YEAR_DAYS:
        years = [today.year + (1 if here < today else -1), today.year]
    return next((found for year in years if (found := _date(year, month, day))), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_time(text: str) -> str | None:
    """Read a time of day as HH:MM: 900, 9, 9:00, 9.00, 9 00, 9点半, 下午2点; None if it is none."""
    found = _TIME.fullmatch(_bare(text, ":"))
    if found is None:
        return None
    hour = int(found["h"])
    minute = _WORD_MINUTES[found["word"]] if found["word"] else int(found["m"] or 0)
    if found["half"] in {"下午", "晚上", "pm"} and hour < 12:
        hour += 12
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def read_number(text: str, low: int, high: int) -> int | None:
    """Read a whole number from `low` to `high`; None if it is none or lies outside."""
    bare = half_width(text).strip()
    # A blank between digits is two numbers, not one.
    if not re.fullmatch(r"-?[0-9]{1,15}", bare):
        return None
    number = int(bare)
    return number if low <= number <= high else None
