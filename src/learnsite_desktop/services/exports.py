"""Tables of records for other programs: one row a record, columns from the registry.

Private values are masked. Whoever needs them in full gives a reason, and that is noted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.fields import Field, FieldType, Kind, MapRegister, Register
from learnsite_desktop.domain.masking import masked_field
from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.reports.table_file import SUFFIXES, write_table
from learnsite_desktop.reports.workbook import Cell, Sheet, ident
from learnsite_desktop.services.capture.plan import ALIASES
from learnsite_desktop.services.entries import decode_field, entry_of
from learnsite_desktop.services.labels import field_text, record_label
from learnsite_desktop.services.records import dated_in
from learnsite_desktop.services.reveals import note_reveal, require_reason
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import StoredRecord, merged_state, records_of_kind

_WIDTH: Final = 18
_EVERY: Final = 200
_LEADING: Final = 4
"""How many columns stand before those of the fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is asked for: records of a kind, of a unit and those below ("" for all), of a period.

    `why` is the reason to see private values in full, which `reveal` asks for.
    """

    kind: str
    unit: str = ""
    period: str = ""
    reveal: bool = False
    why: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its heading and the cell that an entry (in capture shape) has there."""

    heading: str
    cell: Callable[[dict[str, Any]], Cell]


def export_names() -> tuple[str, ...]:
    """Return what can be exported: the kinds of record, and the registers kept in families."""
    kinds = [name for name, kind in KINDS.items() if not kind.document]
    return (*kinds, *(family.table for kind in KINDS.values() for family in kind.maps))


def write_export(
    workspace: Workspace, asked: Export, out: Path, progress: Progress = silent
) -> dict[str, Any]:
    """Write a table of records as .xlsx or .csv; returns `path`, `rows`, `cells`, `masked`.

    A file of that name is replaced. Revealing needs a workspace open for writing. Refuses
    `export_suffix`, `kind_unknown`, `unit_unknown`, `period_invalid`, `reveal_reason_missing`;
    OSError where `out` cannot be written.
    """
    if out.suffix.lower() not in SUFFIXES:
        raise Refusal("export_suffix", where=str(out), known=" ".join(SUFFIXES))
    if asked.unit:
        require_unit(workspace, asked.unit)
    why = require_reason(asked.why, asked.kind) if asked.reveal else ""
    kind, family = _found(asked.kind)
    within = parse_period(asked.period) if asked.period else None
    records = list(_records(workspace, kind, asked.unit, within))
    if asked.reveal:
        about = {"export": asked.kind, "period": asked.period, "unit": asked.unit}
        note_reveal(workspace, records, asked=about, operator=asked.operator, why=why)
    columns = _columns(workspace, kind, reveal=asked.reveal)
    if family is not None:
        columns = [*columns[:_LEADING], *_family_columns(workspace, family, reveal=asked.reveal)]
    rows: list[list[Cell]] = []
    for done, stored in enumerate(records):
        if done % _EVERY == 0:
            progress(done, len(records), N_("listing"))
        rows += [
            [column.cell(entry) for column in columns]
            for entry in _entries(workspace, kind, family, stored)
        ]
    title = _(family.label if family else kind.label)
    sheet = Sheet(
        title=title,
        heading=(),
        columns=_unlike([column.heading for column in columns]),
        rows=rows,
        widths=[_WIDTH] * len(columns),
    )
    cells = write_table(out, sheet, title=title, made=workspace.clock.now())
    return {"path": str(out), "rows": len(rows), "cells": cells, "masked": not asked.reveal}


def _unlike(headings: list[str]) -> list[str]:
    """Return headings of which no two are equal: the second of a kind gets a number."""
    found: list[str] = []
    for heading in headings:
        count = sum(one == heading for one in headings[: len(found)])
        found.append(f"{heading} {count + 1}" if count else heading)
    return found


def _found(name: str) -> tuple[Kind, MapRegister | None]:
    kind = KINDS.get(ALIASES.get(name, name))
    if kind is not None and not kind.document:
        return kind, None
    for owner in KINDS.values():
        for family in owner.maps:
            if name == family.table:
                return owner, family
    raise Refusal("kind_unknown", where=name, known=", ".join(export_names()))


def _records(
    workspace: Workspace, kind: Kind, unit: str, within: Period | None
) -> Iterator[StoredRecord]:
    for stored in records_of_kind(workspace.database, kind.name, unit=unit):
        if within is None or dated_in(kind, entry_of(kind, stored.doc, None), within):
            yield stored


def _columns(workspace: Workspace, kind: Kind, *, reveal: bool) -> list[_Column]:
    """Return the columns of a kind: id, unit by code and name, what it belongs to, all fields."""
    found = [
        _Column(_("Record id"), lambda entry: ident(entry[""].id)),
        _Column(_("Owning unit code"), lambda entry: ident(entry[""].unit)),
        _Column(
            _("Owning unit"), lambda entry: Cell(unit_name(workspace.database, entry[""].unit))
        ),
        _Column(
            _("Record name"),
            lambda entry: Cell(record_label(workspace, entry[""].id, 1, reveal=reveal)),
        ),
    ]
    for register in kind.registers:
        for field in register.fields:
            found += _field_columns(workspace, register, field, reveal=reveal)
    return found


def _field_columns(
    workspace: Workspace, register: Register, field: Field, *, reveal: bool
) -> Iterator[_Column]:
    """Yield a field's columns: an object has one for each of its members."""
    hide = register.private and not reveal

    def value_in(entry: dict[str, Any]) -> Any:
        value = entry.get(field.name)
        return masked_field(field, value) if hide else value

    if field.members and not field.many:
        for member in field.members:
            heading = f"{_(field.label)}: {_(member.label)}"
            yield _Column(heading, _member_cell(workspace, member, value_in, reveal=reveal))
    else:
        yield _Column(
            _(field.label), lambda entry: _cell(workspace, field, value_in(entry), reveal=reveal)
        )


def _member_cell(
    workspace: Workspace,
    member: Field,
    value_in: Callable[[dict[str, Any]], Any],
    *,
    reveal: bool,
) -> Callable[[dict[str, Any]], Cell]:
    def cell(entry: dict[str, Any]) -> Cell:
        value = value_in(entry)
        found = value.get(member.name) if isinstance(value, dict) else None
        return _cell(workspace, member, found, reveal=reveal)

    return cell


def _cell(workspace: Workspace, field: Field, value: Any, *, reveal: bool) -> Cell:
    """Return a value as a cell: whole numbers as such, all else as text."""
    if field.type is FieldType.INT and isinstance(value, int) and not isinstance(value, bool):
        return Cell(value, "0")
    if isinstance(value, dict) and field.name == "reasons":
        return Cell("\n".join(f"{code}: {text}" for code, text in value.items()))
    text = field_text(workspace, field, value, reveal=reveal)
    if field.type in (FieldType.TEXT, FieldType.BIRTH, FieldType.DATE, FieldType.HASH):
        return ident(text)
    return Cell(text)


def _entries(
    workspace: Workspace, kind: Kind, family: MapRegister | None, stored: StoredRecord
) -> Iterator[dict[str, Any]]:
    """Yield a record's entry, or one for each register of its family; the record stands at ""."""
    if family is None:
        yield {**entry_of(kind, stored.doc, workspace.vault), "": stored}
        return
    shown = merged_state(workspace.database, stored.key).shown
    for register, value in sorted(shown.items()):
        if register.startswith(family.prefix) and isinstance(value, list):
            row = zip(family.fields, value, strict=False)
            marks = {field.name: decode_field(field, one) for field, one in row}
            yield {**marks, family.key.name: register.removeprefix(family.prefix), "": stored}


def _family_columns(workspace: Workspace, family: MapRegister, *, reveal: bool) -> list[_Column]:
    """Return the columns of a family: whose register it is by id and label, and its fields."""
    key = family.key.name
    found = [_Column(_("Record of the person"), lambda entry: ident(entry[key]))]
    for field in (family.key, *family.fields):
        found += _field_columns(workspace, Register((field,)), field, reveal=reveal)
    return found
