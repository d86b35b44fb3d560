"""Answers as text for people: labelled lines, and tables for lists of objects."""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from learnsite_desktop.cli.labels import LABELS, VALUES
from learnsite_desktop.cli.labels_desks import DESK_LABELS, DESK_VALUES
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.review import tier_of_state
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render

MAX_CELL: Final = 48
_GAP: Final = "  "
_OF_RECORDS: Final = frozenset({"record", "records"})
"""Under these stand fields of records, by their own names."""

_FIELDS: Final[Mapping[str, str]] = {
    "departments": "department",
    "lead": "department",
    "with": "department",
    "session_status": "status",
}
_LISTS: Final[Mapping[str, frozenset[str]]] = {
    "by": frozenset({"consent_by"}),
    "code": frozenset({"population_group"}),
    "groups": frozenset({"population_group"}),
    "consent_kind": frozenset({"consent_kind"}),
    "medium": frozenset({"consent_medium"}),
    "consents_in_force": frozenset({"consent_kind"}),
    "evidence_required": frozenset({"evidence_kind"}),
}
"""Code lists of what stands under a key, besides those of the fields of that name."""


def render_answer(answer: Mapping[str, Any]) -> str:
    """Return an answer's keys, without `ok`, as text in the language in use."""
    rest = {key: value for key, value in answer.items() if key != "ok"}
    if not rest:
        return _("Done.")
    return "\n".join(_block(key, value) for key, value in rest.items())


def render_error(error: Mapping[str, Any]) -> str:
    """Return an error object as two lines: what happened, what to do."""
    return f"{error['message']}\n{error['remedy']}".rstrip()


def label(key: str, within: str = "") -> str:
    """Return the words for a key in an answer, or in the list `within`; else the key itself."""
    found = next(
        (
            labels[name]
            for name in (f"{within}.{key}", key)
            for labels in (LABELS, DESK_LABELS)
            if name in labels
        ),
        None,
    )
    if found is None and key in KINDS:
        found = KINDS[key].label
    if found is None and tier_of_state(key):
        return render(N_("verdict of the %(tier)s"), {"tier": _word("tier", tier_of_state(key))})
    if found is None and within in _OF_RECORDS:
        fields = (kind.fields.get(key) for kind in KINDS.values())
        found = next((field.label for field in fields if field is not None), None)
    return _(found) if found else key


def _block(key: str, value: object, within: str = "") -> str:
    name = label(key, within)
    if isinstance(value, Mapping) and value:
        inner = [_block(str(name), item, key) for name, item in value.items()]
        return "\n".join([f"{name}:", *(_indent(line) for line in inner)])
    if value in ({}, [], ()):
        nothing = _("none")
        return f"{name}: {nothing}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        if all(isinstance(item, Mapping) for item in value):
            return f"{name}:\n{_indent(table(value, key))}"
        words = [cell(_word(key, item), 0) for item in value]
        if any(len(word) > MAX_CELL for word in words):  # sentences, not names
            return "\n".join([f"{name}:", *map(_indent, words)])
        return f"{name}: {', '.join(words)}"
    return f"{name}: {cell(_word(key, value), limit=0)}"


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
    elif isinstance(value, Mapping):
        text = _parts(value)
    elif isinstance(value, Sequence):
        text = _("、").join(cell(item, 0) for item in value) or "–"
    else:
        text = json.dumps(value, ensure_ascii=False, default=str)
    if limit:
        text = " ".join(text.split())
        return text if len(text) <= limit else text[: limit - 1] + "…"
    return text


def _parts(value: Mapping[str, Any]) -> str:
    """Return an object inside a cell: its message, or its parts that say something."""
    if "message" in value:
        return str(value["message"])
    parts = (
        f"{label(str(key))} {cell(_word(_meant(str(key), value), item), 0)}"
        for key, item in value.items()
        if item not in (None, "", [], {})
    )
    return _("; ").join(parts) or "–"


def _word(key: str, value: object) -> object:
    """Return the word for a value that stands for something: a state, a tier, a kind of record."""
    if isinstance(value, list):
        return [_word(key, item) for item in value]
    if not isinstance(value, str):
        return value
    if key in ("kind", "type") and value in KINDS:
        return _(KINDS[value].label)
    key = "state" if tier_of_state(key) else key
    word = VALUES.get(key, {}).get(value) or DESK_VALUES.get(key, {}).get(value)
    return _(word) if word else _code(key, value)


def _meant(key: str, row: Mapping[str, Any]) -> str:
    """Return what a key means in its row: the kind of a consent is another than that of a photo."""
    return "consent_kind" if key == "kind" and "medium" in row else key


def _code(key: str, value: str) -> str:
    """Return the word of a code where its key says which list it is of; numbers say too little."""
    if not value[:1].isalpha():
        return value
    from learnsite_desktop.services.codes import shipped_codes  # noqa: PLC0415 - heavy, rarely asked

    codes, field = shipped_codes(), _FIELDS.get(key, key)
    lists = {
        kind.fields[field].codes
        for kind in KINDS.values()
        if field in kind.fields and kind.fields[field].codes
    }
    lists |= _LISTS.get(key, frozenset())
    found = [codes.label(name, value, language()) for name in lists if value in codes.codes(name)]
    return found[0] if len(found) == 1 else value


def _flat(rows: Iterable[Mapping[str, Any]], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Return rows with those below them, which stand under "children", as lines of one table."""
    for row in rows:
        below = row.get("children")
        if not isinstance(below, list):
            yield row
            continue
        own = {key: value for key, value in row.items() if key != "children"}
        yield {**own, "name": "·" * depth + str(row.get("name", ""))}
        yield from _flat(below, depth + 1)


def table(rows: Iterable[Mapping[str, Any]], within: str = "") -> str:
    """Return `rows` as an aligned table; columns in the order in which keys first appear."""
    listed = list(_flat(rows))
    keys = list(dict.fromkeys(key for row in listed for key in row))
    lines = [[label(key, within) for key in keys]]
    lines += [
        [cell(_word(_meant(key, row), row[key])) if key in row else "" for key in keys]
        for row in listed
    ]
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
