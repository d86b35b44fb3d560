"""Reading single cells: text, names, sex, phones, numbers; a reader gives a value or an issue."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from learnsite_desktop.domain.issues import Issue

LONGEST: Final = 200
_COMPOUND: Final = frozenset({
    "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯",
    "诸葛", "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠",
    "公孙", "慕容", "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘", "子车",
    "亓官", "司寇", "巫马", "公西", "颛孙", "壤驷", "公良", "漆雕", "乐正", "宰父", "谷梁",
    "拓跋", "夹谷", "轩辕", "令狐", "段干", "百里", "呼延", "东郭", "南门", "羊舌", "微生",
    "公户", "公玉", "公仪", "梁丘", "公仲", "公上", "公门", "公山", "公坚", "左丘", "公伯",
    "西门", "公祖", "第五", "公乘", "贯丘", "公皙", "南荣", "东里", "东宫", "仲长", "子书",
    "子桑", "即墨", "达奚", "褚师"
})  # fmt: skip
_SEVERAL: Final = re.compile(r"[、,;/|&+\n\r\\]|\S和\S{2}|\S与\S{2}|\S及\S{2}")
_NAME: Final = re.compile(r"[^\W\d_]+(?:·[^\W\d_]+)*")
_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z'. -]*[A-Za-z.]")
_LONGEST_NAME: Final = 20
_LONGEST_CHINESE: Final = 4
_DOTS: Final = re.compile(r"[•・‧∙⋅．.]")
_TICKS: Final = frozenset({"√", "✓", "✔", "☑", "v", "是", "1", "●", "○"})
_SEXES: Final[Mapping[str, str]] = {
    "男": "M", "男性": "M", "m": "M", "male": "M",
    "女": "F", "女性": "F", "f": "F", "female": "F",
    "未知": "U", "不详": "U", "u": "U",
}  # fmt: skip
_COUNT: Final = re.compile(r"(约|近|大约)?(\d{1,6})(余|多|来)?(?:人次|人|名|位)?(左右)?")
_AGE: Final = re.compile(r"(\d{1,3})(?:周?岁)?")
OLDEST: Final = 120


class Reading(NamedTuple):
    """What a cell says: a value ("" or None if nothing), or the issue that keeps it from saying."""

    value: Any
    issue: Issue | None = None


NOTHING: Final = Reading(None)


def text_of(cell: object) -> str:
    """Return a cell as text on one line: narrow characters, whole numbers without a point."""
    if isinstance(cell, str):
        return " ".join(unicodedata.normalize("NFKC", cell).split())
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return (
            cell.isoformat(" ", "minutes")
            if cell.time().isoformat() != "00:00:00"
            else (cell.date().isoformat())
        )
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def read_name(cell: object) -> Reading:
    """Read one person's name; blanks between its characters are taken out."""
    if not isinstance(cell, str):
        return Reading(None, Issue("NAME_UNCLEAR", params={"value": text_of(cell)}))
    whole = unicodedata.normalize("NFKC", cell).strip()
    if _SEVERAL.search(whole):
        return Reading(None, Issue("PEOPLE_SEVERAL"))
    if _LATIN.fullmatch(whole) and len(whole) <= LONGEST:
        return Reading(" ".join(whole.split()))
    parts = whole.split()
    if sum(1 for part in parts if len(part) > 1) > 1 and parts[0] not in _COMPOUND:
        return Reading(None, Issue("PEOPLE_SEVERAL"))
    name = _DOTS.sub("·", "".join(parts))
    fits = _NAME.fullmatch(name) and 2 <= len(name) <= _LONGEST_NAME
    longest = _LONGEST_CHINESE + (name[:2] in _COMPOUND)
    if not fits or ("·" not in name and len(name) > longest):
        return Reading(None, Issue("NAME_UNCLEAR", params={"value": whole}))
    return Reading(name)


def read_sex(cell: object) -> Reading:
    """Read a word for the sex; bare digits mean different things in different lists."""
    word = text_of(cell).casefold().replace(" ", "")
    if word in _SEXES:
        return Reading(_SEXES[word])
    return Reading(None, Issue("SEX_UNCLEAR", params={"value": text_of(cell)}))


def read_ticks(male: object, female: object) -> Reading:
    """Read two columns of which one is ticked."""
    marks = [text_of(cell).casefold() for cell in (male, female)]
    said = [
        mark in _TICKS or _SEXES.get(mark) == sex for mark, sex in zip(marks, "MF", strict=True)
    ]
    blank = [mark == "" for mark in marks]
    if said[0] and blank[1]:
        return Reading("M")
    if said[1] and blank[0]:
        return Reading("F")
    if all(blank):
        return NOTHING
    return Reading(None, Issue("SEX_UNCLEAR", params={"value": " / ".join(marks)}))


def read_age(cell: object) -> Reading:
    """Read an age in full years."""
    shown = text_of(cell)
    found = _AGE.fullmatch(shown.replace(" ", ""))
    if found is None or int(found[1]) > OLDEST:
        return Reading(None, Issue("AGE_UNCLEAR", params={"value": shown}))
    return Reading(int(found[1]))


def read_count(cell: object) -> Reading:
    """Read a number of people as (number, whether it is an estimate)."""
    shown = text_of(cell)
    found = _COUNT.fullmatch(shown.replace(" ", ""))
    if found is None:
        return Reading(None, Issue("COUNT_UNCLEAR", params={"value": shown}))
    return Reading((int(found[2]), any(found[group] for group in (1, 3, 4))))


def read_text(cell: object) -> Reading:
    """Read plain text of a field."""
    shown = text_of(cell)
    if len(shown) > LONGEST:
        return Reading(None, Issue("CELL_TOO_LONG"))
    return Reading(shown)


def number_text(cell: object) -> str | None:
    """Return the digits of a phone or ID cell; None for a number too long to be exact."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else None
    return text_of(cell)
