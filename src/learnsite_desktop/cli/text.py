"""Answers as text for people: labelled lines, and tables for lists of objects."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from learnsite_desktop.cli.labels import LABELS
from learnsite_desktop.platform.i18n import _

MAX_CELL: Final = 48
_GAP: Final = "  "


def render_answer(answer: Mapping[str, Any]) -> str:
    """Return an answer's keys, without `ok`, as text in the language in use."""
    rest = {key: value for key, value in answer.items() if key != "ok"}
    if not rest:
        return _("Done.")
    return "\n".join(_block(label(key), value) for key, value in rest.items())


def render_error(error: Mapping[str, Any]) -> str:
    """Return an error object as two lines: what happened, what to do."""
    return f"{error['message']}\n{error['remedy']}".rstrip()


def label(key: str) -> str:
    """Return the words for a key of an answer, the key itself when it has none."""
    return _(LABELS[key]) if key in LABELS else key


def _block(name: str, value: object) -> str:
    if isinstance(value, Mapping) and value:
        inner = [_block(label(str(key)), item) for key, item in value.items()]
        return "\n".join([f"{name}:", *(_indent(line) for line in inner)])
    if value in ({}, [], ()):
        nothing = _("none")
        return f"{name}: {nothing}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        if all(isinstance(item, Mapping) for item in value):
            return f"{name}:\n{_indent(table(value))}"
        return f"{name}: {', '.join(cell(item) for item in value)}"
    return f"{name}: {cell(value, limit=0)}"


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


def cell(value: object, limit: int = MAX_CELL) -> str:
    """Return one value as one line of at most `limit` characters (0: any length)."""
    if value is None:
        text = "–"
    elif isinstance(value, bool):
        text = _("yes") if value else _("no")
    elif isinstance(value, (str, int, float)):
        text = str(value)
    else:
        text = json.dumps(value, ensure_ascii=False, default=str)
    if limit:
        text = " ".join(text.split())
        return text if len(text) <= limit else text[: limit - 1] + "…"
    return text


def table(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return `rows` as an aligned table; columns in the order in which keys first appear."""
    listed = list(rows)
    keys = list(dict.fromkeys(key for row in listed for key in row))
    lines = [[label(key) for key in keys]]
    lines += [[cell(row[key]) if key in row else "" for key in keys] for row in listed]
    widths = [max(width(line[index]) for line in lines) for index in range(len(keys))]
    return "\n".join(
        _GAP.join(
            text + " " * (widths[index] - width(text)) for index, text in enumerate(line)
        ).rstrip()
        for line in lines
    )


def width(text: str) -> int:
    """Return how many columns `text` takes on a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
