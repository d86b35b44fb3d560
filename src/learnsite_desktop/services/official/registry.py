"""The registry of tables: own reports and what departments ask for, as data.

Whoever asks for columns that other tables hold already is told which, and gets them printed from
there: nothing is collected twice.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import ledgers, roster
from learnsite_desktop.services.capture import CaptureResult, capture
from learnsite_desktop.services.codes import codes_in_force
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.official.catalogue import catalogue
from learnsite_desktop.services.official.lines import line_name
from learnsite_desktop.services.roster.fields import IGNORED, folded, vocabulary
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import records_of_kind

KIND: Final = "request"
_OWN_LISTS: Final = {"activities": "ledger", "attendance": "attendance", "roster": "roster"}
_SEARCHED: Final = 20
_MAX_BYTES: Final = 1024 * 1024
"""Of a description of a table."""
_FEWEST: Final = 2
_STANDING: Final = ("number", "authority", "approval", "valid_until")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and the figure or field that it means ("" if nobody said)."""

    label: str
    means: str = ""


@dataclass(frozen=True, slots=True)
class TableCard:
    """A registered table. `origin` is `own` (a report of the program) or `request`.

    `print` is what prints it: a report or ledger, "" for none.
    """

    key: str
    name: str
    department: str
    origin: str
    columns: tuple[Column, ...]
    print: str = ""
    standing: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Overlap:
    """What another table holds of the columns of one: its key and name, and the headings."""

    key: str
    name: str
    print: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """A table that was registered, what others hold of it, and the change."""

    record: str
    table: TableCard
    overlaps: tuple[Overlap, ...]
    change: ChangeSet


def list_tables(workspace: Workspace) -> list[TableCard]:
    """Return all tables: own reports and ledgers first, then what departments ask for."""
    return [*_own(workspace), *_requests(workspace)]


def table_named(workspace: Workspace, key: str) -> TableCard:
    """Return a table by its key or name; refuses `record_unknown`."""
    for one in list_tables(workspace):
        if key in (one.key, one.name):
            return one
    raise Refusal("record_unknown", where=key)


def overlaps(workspace: Workspace, table: TableCard) -> list[Overlap]:
    """Return what other tables hold of a table's columns, those that hold most first."""
    found = []
    for other in list_tables(workspace):
        if other.key == table.key or other.name == table.name:
            continue
        held = [one.label for one in table.columns if _holds(other, one)]
        if held:
            found.append(Overlap(other.key, other.name, other.print, tuple(held)))
    return sorted(found, key=lambda one: (-len(one.columns), not one.print))


def _holds(table: TableCard, column: Column) -> bool:
    label = folded(column.label)
    return any(
        (column.means and one.means == column.means) or (label and folded(one.label) == label)
        for one in table.columns
    )


def add_table(
    workspace: Workspace, path: Path, *, name: str = "", department: str = "", operator: str = ""
) -> Added:
    """Register the table that a department asks for, from its Excel table or a description.

    Refuses `table_held_already` when other tables hold all of its columns, `table_name_used`,
    `table_description`, and what `roster.open_table` does; nothing is written then.
    """
    table = read_table_file(workspace, path, name=name, department=department)
    if any(folded(one.name) == folded(table.name) for one in list_tables(workspace)):
        raise Refusal("table_name_used", where=table.name)
    known = overlaps(workspace, table)
    held = {label for one in known for label in one.columns}
    if held == {one.label for one in table.columns}:
        raise Refusal(
            "table_held_already",
            where=table.name,
            count=len(table.columns),
            tables=_said(known),
            print=next((f"“{one.name}”" for one in known if one.print), known[0].name),
        )
    fields = [_field(one) for one in table.columns]
    # An id that nobody can work out beforehand.
    ref = b64(workspace.tokens(RECORD_ID_BYTES))
    entry = {"ref": ref, "name": table.name, "department": table.department}
    document = {
        "v": 1,
        "source": "tables",
        KINDS[KIND].section: [{**entry, "fields": fields, **dict(table.standing)}],
    }
    result = capture(workspace, document, operator=operator)
    _require(result, table)
    return Added(result.ids[KIND][ref], table, tuple(known), result.change)


def _field(column: Column) -> dict[str, str]:
    return {"label": column.label, **({"means": column.means} if column.means else {})}


def _require(result: CaptureResult, table: TableCard) -> None:
    if result.refused:
        what = "; ".join(str(issue.shown(render)["message"]) for issue in result.issues)
        raise Refusal("table_description", where=table.name, what=what)


def _said(found: Sequence[Overlap]) -> str:
    """Say which tables hold which columns."""
    listed, told = [], set[str]()
    for one in found:
        fresh = [label for label in one.columns if label not in told]
        told.update(fresh)
        if fresh:
            listed.append(f"{one.name}（{'、'.join(fresh)}）")
    return "；".join(listed)


# Own tables


def _own(workspace: Workspace) -> Iterator[TableCard]:
    for report in catalogue().reports.values():
        if report.id in _OWN_LISTS:
            continue
        columns = tuple(
            Column(line_name(workspace, line), f"figure:{line.text}") for line in report.lines
        )
        yield TableCard(report.id, report.name(), report.departments[0], "own", columns, report.id)
    for key, ledger in _OWN_LISTS.items():
        title, headings, _make = ledgers.KINDS[ledger]
        words = [_(str(heading[0])) for heading in headings]
        columns = tuple(Column(word, _meaning(word, {})) for word in words)
        yield TableCard(key, _(title), "edu", "own", columns, ledger)


def _requests(workspace: Workspace) -> Iterator[TableCard]:
    kind = KINDS[KIND]
    for stored in records_of_kind(workspace.database, KIND):
        # What a unit below asks for is its own affair: it takes no name from anybody else.
        if not lookups.is_within(workspace.database, workspace.unit, stored.unit):
            continue
        entry = entry_of(kind, stored.doc, None)
        yield TableCard(
            stored.id,
            str(entry.get("name") or ""),
            str(entry.get("department") or ""),
            "request",
            tuple(
                Column(str(one.get("label") or ""), str(one.get("means") or ""))
                for one in _listed(entry.get("fields"))
                if isinstance(one, Mapping)
            ),
            standing=tuple((key, str(entry[key])) for key in _STANDING if entry.get(key)),
        )


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


# Reading what somebody hands in


def read_table_file(
    workspace: Workspace, path: Path, *, name: str = "", department: str = ""
) -> TableCard:
    """Return the table that a file describes: JSON, or any table with its headings."""
    known = _figure_names(workspace)
    if path.suffix.lower() == ".json":
        found = _described(path)
        columns = [_column(one, known, path) for one in _listed(found.get("fields"))]
        title = name or str(found.get("name") or path.stem)
        department = department or str(found.get("department") or "")
        standing = tuple((key, str(found[key])) for key in _STANDING if found.get(key))
    else:
        columns = [
            Column(label, _meaning(label, known))
            for label in _headings(path)
            if not _is_furniture(label)
        ]
        title, standing = name or path.stem, ()
    if not columns:
        raise Refusal("table_description", where=path.name, what=_(N_("it has no headings")))
    if not codes_in_force(workspace.database).has("department", department):
        what = _(N_("the department is missing; give its code, such as edu or mca"))
        raise Refusal("table_description", where=path.name, what=what)
    return TableCard("", title.strip(), department, "request", tuple(columns), "", standing)


def _described(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise Refusal("table_too_large", where=path.name)
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise Refusal("table_description", where=path.name, what=str(error)[:80]) from error
    if not isinstance(found, dict):
        raise Refusal("table_description", where=path.name, what=_(N_("it is no object")))
    return found


def _column(one: object, known: Mapping[str, str], path: Path) -> Column:
    if isinstance(one, str):
        return Column(one.strip(), _meaning(one, known))
    if not isinstance(one, dict) or not str(one.get("label") or "").strip():
        raise Refusal("table_description", where=path.name, what=_(N_("a column has no heading")))
    label = str(one["label"]).strip()
    return Column(label, str(one.get("means") or "") or _meaning(label, known))


def _headings(path: Path) -> list[str]:
    """Return the headings of a table: of its first rows the one with the most different words."""
    best: list[str] = []
    for sheet in roster.open_table(path).sheets:
        for row in sheet.rows[:_SEARCHED]:
            words = [cell.strip() for cell in row if isinstance(cell, str) and _says(cell)]
            different = list(dict.fromkeys(words))
            if len(different) > len(best):
                best = different
    return best if len(best) >= _FEWEST else []


def _says(cell: str) -> bool:
    return any(character.isalpha() for character in cell)


def _figure_names(workspace: Workspace) -> dict[str, str]:
    return {
        folded(line_name(workspace, line)): f"figure:{line.text}"
        for report in catalogue().reports.values()
        for line in report.lines
    }


def _meaning(label: str, known: Mapping[str, str]) -> str:
    """Return what a heading means: a figure, or a field that imports know by that heading."""
    text = folded(label)
    if text in known:
        return known[text]
    for table in ("people", "ledger"):
        found, _score = vocabulary(table).score(text)
        if found:
            return f"{table}.{found}"
    return ""


def _is_furniture(label: str) -> bool:
    """Whether a heading asks for nothing: a running number, a place to sign."""
    text = folded(label)
    for table in ("people", "ledger"):
        found, _score = vocabulary(table).score(text)
        if found:
            return found in (IGNORED, "number")
    return False
