"""The title of the class that follows another one."""

import re
from typing import Final

_DIGITS: Final = "零一二三四五六七八九十"
_TERM: Final = re.compile(
    r"第\s*(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*(?P<of>[期届班讲季])"
)
_SEASON: Final = re.compile(r"(?P<year>20[0-9]{2})(?P<mid>\s*年?\s*)(?P<season>[春秋])")
_YEAR: Final = re.compile(r"(?P<year>20[0-9]{2})(?=\s*(?:年|[-—(（]))")


def next_title(title: str) -> str:
    """Return a title with the next term: 第3期 after 第2期, 2026年秋季 after 2026年春季.

    A title that names neither a term nor a year gets 第2期 at its end.
    """
    term = _TERM.search(title)
    if term:
        number = _after(term["number"])
        return f"{title[: term.start()]}第{number}{term['of']}{title[term.end() :]}"
    season = _SEASON.search(title)
    if season:
        later = season["season"] == "秋"
        year = int(season["year"]) + later
        begun = f"{year}{season['mid']}{'春' if later else '秋'}"
        return f"{title[: season.start()]}{begun}{title[season.end() :]}"
    year_named = _YEAR.search(title)
    if year_named:
        year = int(year_named["year"]) + 1
        return f"{title[: year_named.start()]}{year}{title[year_named.end() :]}"
    return f"{title.rstrip()} 第2期" if title.strip() else ""


def _after(number: str) -> str:
    """Return the number after one written in digits or in Chinese."""
    return str(int(number) + 1) if number.isascii() else _chinese(_value(number) + 1)


def _value(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.index(text[-1])
    return 10 * (_DIGITS.index(tens[-1]) if tens else 1) + (_DIGITS.index(ones) if ones else 0)


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"
