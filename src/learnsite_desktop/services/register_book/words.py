"""Codes as the words of the book, and words back as codes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from learnsite_desktop.domain.codes import CodeTables
from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.services.register_book.layout import MARK_WORDS
from learnsite_desktop.services.roster.cells import NOTHING, Reading, text_of

STATUSES: Final = "attendance_status"
_BETWEEN: Final = "、"
_APART: Final = re.compile(r"[、,;/|\s+]+")
_MASKS: Final = {"mobile": "mobile", "id_number": "cn_id"}
_HIDDEN: Final = "（已登记）"
_LANGUAGE: Final = "zh"


def offered(tables: CodeTables, codes: str) -> list[str]:
    """Return the words of a list to choose from; what the program works out itself is left out."""
    return [
        tables.label(codes, code, _LANGUAGE)
        for code in tables.codes(codes)
        if not tables.is_derived(codes, code)
    ]


def shown(tables: CodeTables, codes: str, value: Any) -> str:
    """Return a field's value as it stands in a cell."""
    if isinstance(value, list):
        found = [one.get("code") if isinstance(one, Mapping) else one for one in value]
        return _BETWEEN.join(tables.label(codes, str(one), _LANGUAGE) for one in found)
    if value is None:
        return ""
    return tables.label(codes, str(value), _LANGUAGE) if codes else str(value)


def hidden(name: str, text: str) -> str:
    """Return a private value as it stands in a book that does not reveal it."""
    if not text:
        return ""
    return masked(_MASKS[name], text) if name in _MASKS else _HIDDEN


def read_one(tables: CodeTables, codes: str, cell: object) -> Reading:
    """Read one word as a code."""
    word = text_of(cell).replace(" ", "")
    if not word:
        return NOTHING
    found = _by_word(tables, codes).get(word)
    return Reading(found) if found else Reading(None, _unknown(tables, codes, word))


def read_many(tables: CodeTables, codes: str, cell: object) -> Reading:
    """Read words as a list of codes."""
    by_word = _by_word(tables, codes)
    whole = text_of(cell).replace(" ", "")
    if whole in by_word:
        return Reading([by_word[whole]])
    found: list[str] = []
    for word in filter(None, _APART.split(text_of(cell))):
        code = by_word.get(word)
        if code is None:
            return Reading(None, _unknown(tables, codes, word))
        found += [code] if code not in found else []
    return Reading(found) if found else NOTHING


def read_mark(tables: CodeTables, cell: object) -> Reading:
    """Read a mark of a grid: a word of the list, or a sign that everybody understands."""
    word = text_of(cell).replace(" ", "")
    if not word:
        return NOTHING
    found = _by_word(tables, STATUSES).get(word) or MARK_WORDS.get(word)
    return Reading(found) if found else Reading(None, _unknown(tables, STATUSES, word))


def _by_word(tables: CodeTables, codes: str) -> dict[str, str]:
    return {label.replace(" ", ""): code for code, label in tables.words(codes, _LANGUAGE).items()}


def _unknown(tables: CodeTables, codes: str, word: str) -> Issue:
    words: Sequence[str] = offered(tables, codes)
    return Issue("WORD_UNKNOWN", params={"value": word, "words": _BETWEEN.join(words)})
