"""Bodies of the documents that are tables: local codes, targets, notices. Nothing is written."""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.codes import LOCAL_LISTS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import TIERS
from learnsite_desktop.services import units
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.figure_views.catalogue import known
from learnsite_desktop.services.publishing.rows import Row, read_rows
from learnsite_desktop.services.workspace import Workspace

_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
_YEAR: Final = re.compile(r"20[0-9]{2}")
MAX_TITLE, MAX_TEXT = 100, 2000
MAX_DIGITS: Final = 15
"""Of a target's value, before and after the point."""
PERIODS: Final = ("any", "month", "quarter", "half", "year", "school_year")
"""Kinds of period that a target can be for."""
AT_MOST: Final = "at_most"
SENSES: Final = ("at_least", AT_MOST)

Body = list[dict[str, Any]]


def codes_body(path: Path, held: Sequence[Mapping[str, Any]]) -> Body:
    """Return the local sub-codes of a file: list, code, parent, zh, en?, closed?, note?.

    `held` are those in use. A code never goes and never changes its parent: it is closed with a
    date. Refuses `codes_list_fixed`, `codes_parent_unknown`, `codes_national`, `codes_repeated`,
    `codes_dropped`, `codes_parent_changed` and what `read_rows` does.
    """
    rows = read_rows(path, "codes", ("list", "code", "parent", "zh"), ("en", "closed", "note"))
    found = [_code(row) for row in rows]
    keys = [(one["list"], one["code"]) for one in found]
    for row, key in zip(rows, keys, strict=True):
        if keys.count(key) > 1:
            raise Refusal("codes_repeated", where=f"{row.place}: {key[0]} {key[1]}")
    now = dict(zip(keys, found, strict=True))
    for one in held:
        kept = now.get((one["list"], one["code"]))
        place = f"{one['list']} {one['code']}"
        if kept is None:
            raise Refusal("codes_dropped", where=place)
        if kept["parent"] != one["parent"]:
            raise Refusal("codes_parent_changed", where=place, parent=one["parent"])
    return found


def _code(row: Row) -> dict[str, Any]:
    name, code, parent = row.require("list"), row.require("code"), row.require("parent")
    if name not in LOCAL_LISTS:
        raise Refusal("codes_list_fixed", where=row.place, list=name, known=" ".join(LOCAL_LISTS))
    if not _CODE.fullmatch(code):
        raise row.wrong("code")
    national = shipped_codes()
    if national.has(name, code):
        raise Refusal("codes_national", where=row.place, code=code)
    if not national.has(name, parent):
        raise Refusal("codes_parent_unknown", where=row.place, list=name, parent=parent)
    zh = row.require("zh")
    found = {
        "list": name,
        "code": code,
        "parent": parent,
        "zh": zh,
        "en": row.values.get("en") or zh,
    }
    if row.values.get("closed"):
        found["closed"] = row.day("closed")
    if row.values.get("note"):
        found["note"] = row.values["note"]
    return found


def targets_body(workspace: Workspace, path: Path, scope: str) -> Body:
    """Return a file's targets: indicator, unit, year, value, source; tier, class, period, sense.

    `value` is in the indicator's unit of measure and stays text. With `tier` or `class` (a kind of
    unit) the target is for every such unit below `unit`, which is then `scope` if left empty.
    `period` is one of PERIODS, `sense` one of SENSES; the first of each if empty or left out.
    Refuses `indicator_unknown`, `target_unit`, `publish_repeated` and what `read_rows` does.
    """
    tree = units.load_tree(workspace.database)
    below = set(tree.subtree(scope))
    classes = {row.kind for row in tree.rows()}
    columns = ("indicator", "unit", "year", "value", "source")
    rows = read_rows(path, "targets", columns, ("tier", "class", "period", "sense"))
    seen: dict[tuple[str, ...], str] = {}
    found: Body = []
    for row in rows:
        name, year = row.require("indicator"), row.require("year")
        if name not in known():
            raise Refusal("indicator_unknown", where=f"{row.place}: {name}", known=_known())
        tier = _among(row, "tier", TIERS.values())
        klass = _among(row, "class", classes)
        unit = row.values["unit"] or scope if tier or klass else row.require("unit")
        if unit not in below:
            raise Refusal("target_unit", where=row.place, unit=unit, scope=scope)
        if not _YEAR.fullmatch(year):
            raise row.wrong("year")
        period = _among(row, "period", PERIODS) or PERIODS[0]
        key = (name, unit, tier, klass, year, period)
        if key in seen:
            raise Refusal("publish_repeated", where=row.place, first=seen[key])
        seen[key] = row.place
        said = {
            "tier": tier,
            "class": klass,
            "period": period if period != PERIODS[0] else "",
            "sense": AT_MOST if _among(row, "sense", SENSES) == AT_MOST else "",
        }
        found.append(
            {
                "indicator": name,
                "unit": unit,
                "year": int(year),
                "value": _decimal(row),
                "source": row.require("source"),
                **{key: value for key, value in said.items() if value},
            }
        )
    return found


def _among(row: Row, column: str, choices: Collection[str]) -> str:
    """Return a value that may be left out; refuses `publish_value_wrong`."""
    found = row.values.get(column, "")
    if found and found not in choices:
        raise row.wrong(column)
    return found


def _known() -> str:
    return " ".join(sorted(known()))


def _fits(value: Decimal) -> bool:
    """Whether a number is written out shortly: “1E+999999999” would have a milliard digits."""
    return abs(value.adjusted()) <= MAX_DIGITS and len(value.as_tuple().digits) <= MAX_DIGITS


def as_target(text: str) -> Decimal:
    """Return the value of a target; raises ValueError for what is none."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or not _fits(value):
        raise ValueError(text)
    return value


def _decimal(row: Row) -> str:
    try:
        value = as_target(row.require("value"))
    except ValueError as error:
        raise row.wrong("value") from error
    if value < 0:
        raise row.wrong("value")
    return format(value, "f")


def notices_body(path: Path) -> Body:
    """Return the notices of a file: title, text, from, to. Refuses what `read_rows` does."""
    return [notice(row) for row in read_rows(path, "notices", ("title", "text", "from", "to"))]


def notice(row: Row) -> dict[str, Any]:
    """Return one notice; refuses `publish_value_missing`, `publish_value_wrong`."""
    title, text = row.require("title"), row.require("text")
    if len(title) > MAX_TITLE:
        raise row.wrong("title")
    if len(text) > MAX_TEXT:
        raise row.wrong("text")
    first, last = row.day("from"), row.day("to")
    if last < first:
        raise row.wrong("to")
    return {"title": title, "text": text, "from": first, "to": last}
