"""Projection tables, made from the registry of record kinds.

A kind gets one table keyed by the integer `ident` of its record, with a column for each public
scalar field; a field of many values gets a side table `<kind>_<field>`; a family of map registers
(the roll call) a table of its own. Private fields have no column: their values rest sealed.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from learnsite_desktop.domain.fields import Field, FieldType, Kind, MapRegister, Register
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.store import roll_sums

_INTEGER: Final = {FieldType.INT, FieldType.BOOL, FieldType.REF, FieldType.UNIT}
MERGING: Final = "5"
"""Counts the rules by which operations are merged; 2: no word over that of a tier above; 3: what is
said from above stays counted until it is deleted; 4: so with reversals and answers to proposals; 5:
two tiers that say the same do not contradict each other."""
_REFERENCE: Final = {FieldType.REF, FieldType.UNIT}

Resolve = Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where in which register its value stands, and how it is stored.

    `path` are positions inside the register's list value, () for the value itself.
    """

    name: str
    register: str
    path: tuple[int, ...]
    type: FieldType


@dataclass(frozen=True, slots=True)
class SideTable:
    """Table of a many-valued field: rows of (ident, *columns), column paths inside one item."""

    name: str
    register: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class KindTables:
    """The tables of one kind; `extra` columns are computed from others."""

    kind: Kind
    columns: tuple[Column, ...]
    sides: tuple[SideTable, ...]
    extra: tuple[str, ...]


def _column(field: Field, register: Register, prefix: str, path: tuple[int, ...]) -> list[Column]:
    if field.type is FieldType.STRUCT:
        found: list[Column] = []
        for index, member in enumerate(field.members):
            found += _column(member, register, f"{prefix}{field.name}_", (*path, index))
        return found
    return [Column(f"{prefix}{field.name}", register.key, path, field.type)]


def _side(kind: Kind, register: Register, field: Field) -> SideTable:
    if field.type is FieldType.STRUCT:
        columns = tuple(
            Column(member.name, register.key, (index,), member.type)
            for index, member in enumerate(field.members)
        )
    else:
        columns = (Column("value", register.key, (), field.type),)
    return SideTable(f"{kind.name}_{field.name}", register.key, columns)


# Columns computed from others; their values are made in `store.projection`.
EXTRA: Final[Mapping[str, tuple[str, ...]]] = {
    "session": ("minutes",),
    "learner": ("cluster",),
    "submission": ("received_at",),
}


@cache
def tables_of(kind_name: str) -> KindTables:
    """Return the tables of a kind."""
    kind = KINDS[kind_name]
    columns: list[Column] = []
    sides: list[SideTable] = []
    for register in kind.registers:
        if register.private or register.key == "reasons":
            continue
        for index, field in enumerate(register.fields):
            path = (index,) if len(register.fields) > 1 else ()
            if field.many:
                sides.append(_side(kind, register, field))
            elif field.name != "unit" or field.type is not FieldType.UNIT:
                columns += _column(field, register, "", path)
    return KindTables(kind, tuple(columns), tuple(sides), EXTRA.get(kind_name, ()))


@cache
def record_upsert(kind_name: str) -> tuple[str, str]:
    """Return the upsert of a kind's records in two parts, before and after the values.

    Columns are ident, unit, counted, the computed ones, those of the registers.
    """
    tables = tables_of(kind_name)
    names = ["ident", "unit", "counted", *tables.extra, *(c.name for c in tables.columns)]
    listed = ",".join(f'"{name}"' for name in names)
    # A person's cluster follows from links, not from the learner's own registers.
    fixed = {"ident", "unit", "cluster"} | {
        column.name
        for column in tables.columns
        if not tables.kind.by_register[column.register].mutable
    }
    sets = ",".join(f'"{n}"=excluded."{n}"' for n in names if n not in fixed)
    return (
        f'INSERT INTO "{kind_name}" ({listed})',
        f"ON CONFLICT (ident) DO UPDATE SET {sets}",
    )


def projected_kinds() -> list[str]:
    """Return the kinds that have projection tables."""
    return [name for name, kind in KINDS.items() if not kind.document]


def schema_sql() -> list[str]:
    """Return the statements that create all projection tables."""
    statements: list[str] = []
    for name in projected_kinds():
        tables = tables_of(name)
        columns = ["ident INTEGER PRIMARY KEY", "unit INTEGER NOT NULL", "counted INTEGER NOT NULL"]
        columns += [f'"{extra}"' for extra in tables.extra]
        columns += [f'"{c.name}" {_sql_type(c.type)}' for c in tables.columns]
        statements.append(f'CREATE TABLE "{name}" ({", ".join(columns)})')
        references = [(c.name,) for c in tables.columns if c.type is FieldType.REF]
        for index in [*(tables.kind.indexes or (("unit",),)), *references]:
            listed = ", ".join(f'"{column}"' for column in index)
            statements.append(f'CREATE INDEX "{name}_{"_".join(index)}" ON "{name}" ({listed})')
        for side in tables.sides:
            listed = ", ".join(f'"{c.name}" {_sql_type(c.type)}' for c in side.columns)
            statements.append(f'CREATE TABLE "{side.name}" (ident INTEGER NOT NULL, {listed})')
            statements.append(f'CREATE INDEX "{side.name}_ident" ON "{side.name}" (ident)')
        for family in tables.kind.maps:
            statements += map_table_sql(tables.kind, family)
    return [*statements, roll_sums.SCHEMA]


def map_table_sql(kind: Kind, family: MapRegister) -> list[str]:
    """Return the statements for a map register's table: (owner, key, *fields)."""
    listed = ", ".join(f'"{field.name}" {_sql_type(field.type)}' for field in family.fields)
    create = (
        f'CREATE TABLE "{family.table}" ({kind.name} INTEGER NOT NULL, '
        f"{family.key.name} INTEGER NOT NULL, {listed}, "
        f"PRIMARY KEY ({kind.name}, {family.key.name})) WITHOUT ROWID"
    )
    key = family.key.name
    return [create, f'CREATE INDEX "{family.table}_{key}" ON "{family.table}" ({key})']


def table_names() -> list[str]:
    """Return every projection table's name."""
    names: list[str] = []
    for name in projected_kinds():
        tables = tables_of(name)
        names += [name, *(side.name for side in tables.sides)]
        names += [family.table for family in tables.kind.maps]
    return [*names, roll_sums.TABLE]


def registry_digest() -> str:
    """Return a digest of the projection's shape; when it changes the projection is rebuilt.

    So it is when the rules change by which operations are merged.
    """
    return hashlib.sha256("\n".join((MERGING, *schema_sql())).encode("utf-8")).hexdigest()


def _sql_type(field_type: FieldType) -> str:
    return "INTEGER" if field_type in _INTEGER else "TEXT"


def is_reference(field_type: FieldType) -> bool:
    """Whether values of the type are stored as integer surrogates of ids."""
    return field_type in _REFERENCE


def at_path(value: object, path: tuple[int, ...]) -> object:
    """Return the part of a register value at `path`, None where the shape differs."""
    for index in path:
        if not isinstance(value, list) or index >= len(value):
            return None
        value = value[index]
    return value
