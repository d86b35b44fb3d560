"""Reading birth days and dates in the many ways in which people write them.

A wrong day taken in silence is worse than a question: what may mean two things is an issue.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final

from learnsite_desktop.domain.births import parse_birth
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.roster.cells import Reading, text_of

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
_EPOCH: Final = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_FIRST_SERIAL: Final = 3654
"""1 January 1910; smaller numbers are years or nothing."""

_YEAR: Final = re.compile(r"(\d{4})年?(?:生|出生)?")
_PARTS: Final = re.compile(
    r"(\d{2}|\d{4})([年./-])(\d{1,2})(?:(?:[月./-])(\d{1,2})日?|月)?(?:生|出生)?"
)
_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_YEAR_MONTH: Final = re.compile(r"(?:19\d\d|20[0-2]\d)[1-9]")
_STAMP: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00(?::00)?")
_DAY: Final = re.compile(r"(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})日?")
_WEEKDAY: Final = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
_CLOCK: Final = re.compile(r"(上午|下午|晚上|中午|早上)?(\d{1,2})(?:[:点时](\d{2}|半)?分?)")
_RANGE: Final = re.compile(r"[-~至到—－]+")
_FULL: Final = re.compile(r"(?P<date>(?:\d{4}[年./-])?\d{1,2}[月./-]\d{1,2}日?)(?P<rest>.*)")

_MONTH_LOST: Final = N_(
    "the month may be January or October, because numbers lose the zero at their end"
)
MONTH_OR_SERIAL: Final = N_("it may be a year and a month, or the day number of a spreadsheet")
_CENTURY: Final = N_("the century is not given")
_ORDER: Final = N_("day and month cannot be told apart")
_LUNAR: Final = N_("it seems to be a day of the lunar calendar")
_NOT_A_DAY: Final = N_("there is no such day")
_FORM: Final = N_("it is not written as a birth day")


def _unclear(cell: object, why: str) -> Reading:
    return Reading(None, Issue("BIRTH_UNCLEAR", params={"value": text_of(cell), "why": why}))


def read_birth(
    cell: object, today: date, *, loses_zeros: bool = False, date1904: bool = False
) -> Reading:
    """Read a birth cell as `1955`, `1955-03` or `1955-03-12`.

    `loses_zeros` is true where 1955.10 may have become 1955.1 (numbers, text of CSV files);
    `date1904` says from when bare day numbers count.
    """
    if isinstance(cell, datetime):
        return Reading(cell.date().isoformat())
    if isinstance(cell, date):
        return Reading(cell.isoformat())
    if isinstance(cell, (bool, time, timedelta)):
        return _unclear(cell, _FORM)
    if isinstance(cell, float):
        if cell.is_integer():
            return _whole_number(int(cell), today, date1904=date1904)
        return _written(repr(cell), cell, today, loses_zeros=True)
    shown = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(cell)))
    if len(bare_digits(shown)) == 5 and shown == text_of(cell):
        return _whole_number(int(shown), today, date1904=date1904)
    return _written(shown, cell, today, loses_zeros=loses_zeros)


def bare_digits(cell: object) -> str:
    """Return a cell's digits if it is a bare number of five or six digits, else ""."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and 9999 < cell < 1_000_000 else ""
    text = cell.strip() if isinstance(cell, str) else ""
    return text if text.isdecimal() and len(text) in (5, 6) else ""


def may_be_month(digits: str) -> bool:
    """Whether five digits may also mean a year and a month: 19553 as 1955-3."""
    return bool(_YEAR_MONTH.fullmatch(digits))


def _whole_number(number: int, today: date, *, date1904: bool) -> Reading:
    if EARLIEST_YEAR <= number <= today.year:
        return Reading(str(number))
    if _FIRST_SERIAL <= number <= 99999:
        day = _EPOCH[date1904] + timedelta(days=number)
        return Reading(day.isoformat()) if day <= today else _unclear(float(number), _FORM)
    return _written(str(number), float(number), today, loses_zeros=False)


def _written(shown: str, cell: object, today: date, *, loses_zeros: bool) -> Reading:
    """Read a birth day written out."""
    stamp = _STAMP.fullmatch(re.sub(r"(?<=\d{4}-\d{2}-\d{2})(?=\d{2}:)", " ", shown))
    shown = stamp[1] if stamp else shown
    if re.search("农历|阴历|古历|旧历|[正冬腊闰]月|初[一二三四五六七八九十]", shown):
        return _unclear(cell, _LUNAR)
    whole = _YEAR.fullmatch(shown)
    if whole:
        return _checked(whole[1], cell)
    digits = _DIGITS.fullmatch(shown)
    if digits:
        return _checked("-".join(part for part in digits.groups() if part), cell)
    parts = _PARTS.fullmatch(shown)
    if parts is None:
        late = re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", shown)
        return _unclear(cell, _ORDER if late else _FORM)
    year, mark, month, day = parts.groups()
    if len(year) == 2:
        if mark != "年" and (day is None or int(year) <= 31):
            return _unclear(cell, _CENTURY)
        if int(year) <= today.year % 100:
            return _unclear(cell, _CENTURY)
        year = f"19{year}"
    if loses_zeros and mark == "." and day is None and month == "1":
        return _unclear(cell, _MONTH_LOST)
    parts_known = [year, f"{int(month):02}", *([f"{int(day):02}"] if day else [])]
    return _checked("-".join(parts_known), cell)


def _checked(text: str, cell: object) -> Reading:
    birth = parse_birth(text)
    if birth is None or not EARLIEST_YEAR <= birth.born.year <= LATEST_YEAR:
        return _unclear(cell, _NOT_A_DAY)
    return Reading(text)


def read_day(cell: object, year: int | None, *, date1904: bool = False) -> tuple[Reading, str]:
    """Read the date of a day, with what stands behind it (times) as text.

    `year` completes dates without a year, if one is known.
    """
    if isinstance(cell, datetime):
        clock = cell.time()
        return Reading(cell.date().isoformat()), "" if clock == time() else clock.strftime("%H:%M")
    if isinstance(cell, date):
        return Reading(cell.isoformat()), ""
    shown = re.sub(r"\s+", "", text_of(cell))
    bad = Reading(None, Issue("DATE_UNCLEAR", params={"value": text_of(cell)}))
    if isinstance(cell, float):
        if not cell.is_integer() or not _FIRST_SERIAL <= cell <= 99999:
            return bad, ""
        day = _EPOCH[date1904] + timedelta(days=int(cell))
        return (Reading(day.isoformat()), "") if day.year >= 2000 else (bad, "")
    if re.fullmatch(r"20\d{6}", shown):
        return _day_of(shown[:4], shown[4:6], shown[6:], bad), ""
    found = _FULL.fullmatch(_WEEKDAY.sub("", shown))
    parts = _DAY.fullmatch(found["date"]) if found else None
    if found is None or parts is None:
        return bad, ""
    if parts[1] is None and (year is None or "月" not in shown):
        return bad, ""
    return _day_of(parts[1] or str(year), parts[2], parts[3], bad), found["rest"]


def _day_of(year: str, month: str, day: str, bad: Reading) -> Reading:
    try:
        return Reading(date(int(year), int(month), int(day)).isoformat())
    except ValueError:
        return bad


def read_times(cell: object) -> tuple[str, str] | None:
    """Read one or two times as (start, end), end "" if only one stands there; None if unclear."""
    if isinstance(cell, (time, datetime)):
        return cell.strftime("%H:%M"), ""
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}", ""
    if isinstance(cell, float) and 0 < cell < 1:
        minutes = round(cell * 1440)
        return f"{minutes // 60:02}:{minutes % 60:02}", ""
    shown = re.sub(r"\s+", "", text_of(cell))
    parts = [part for part in _RANGE.split(shown) if part]
    if not 1 <= len(parts) <= 2:
        return None
    times: list[str] = []
    half = ""
    for part in parts:
        found = _CLOCK.fullmatch(part)
        if found is None:
            return None
        half = found[1] or half
        hour = int(found[2]) + (12 if half in ("下午", "晚上") and int(found[2]) < 12 else 0)
        minute = 30 if found[3] == "半" else int(found[3] or 0)
        if hour > 23 or minute > 59:
            return None
        times.append(f"{hour:02}:{minute:02}")
    return times[0], times[1] if len(times) == 2 else ""
