"""Writing the projection: what the relational tables show of a record's registers.

Rows are gathered and written with `executemany`; the UPDATE part of each upsert names only columns
that may change, because the engine rewrites every index whose column is named.
"""

from collections.abc import Mapping
from typing import Any

from learnsite_desktop.domain.fields import OUTCOME_PREFIX, FieldType, Kind, MapRegister
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.idents import Idents
from learnsite_desktop.store.projection_tables import (
    Column,
    KindTables,
    at_path,
    registry_digest,
    schema_sql,
    table_names,
    tables_of,
)

Doc = Mapping[str, Any]


def ensure_tables(database: Database) -> bool:
    """Create the projection tables if missing or of an older shape; True if they are now empty."""
    digest = registry_digest()
    if database.value("SELECT value FROM setting WHERE key='projection'") == digest:
        return False
    with database.transaction():
        for row in database.rows("SELECT value FROM setting WHERE key='projection_tables'"):
            for name in row[0].split():
                database.execute(f'DROP TABLE IF EXISTS "{name}"')
        for statement in schema_sql():
            database.execute(statement)
        for key, value in (
            ("projection", digest),
            ("projection_tables", " ".join(table_names())),
        ):
            database.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))
    return True


class Projection:
    """Gathers rows for the projection tables; `flush` writes them."""

    def __init__(self, database: Database, idents: Idents) -> None:
        """Write through `database`, inside the caller's transaction."""
        self._database = database
        self._idents = idents
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._clear: dict[str, list[tuple[Any, ...]]] = {}
        self._links_changed = False
        self._new_learners = False

    def put(self, ident: int, kind: str, unit: int, doc: Doc, *, counted: bool, new: bool) -> None:
        """Show the registers `doc` of a record (map registers apart)."""
        tables = tables_of(kind)
        row: list[Any] = [ident, unit, int(counted)]
        row += [_extra(name, ident, doc) for name in tables.extra]
        row += [self._cell(column, doc.get(column.register), unit) for column in tables.columns]
        self._rows.setdefault(tables.insert_sql, []).append(tuple(row))
        for side in tables.sides:
            if not new:
                sql = f'DELETE FROM "{side.name}" WHERE ident=?'
                self._clear.setdefault(sql, []).append((ident,))
            value = doc.get(side.register)
            if isinstance(value, list):
                marks = ",".join("?" * (len(side.columns) + 1))
                self._rows.setdefault(f'INSERT INTO "{side.name}" VALUES ({marks})', []).extend(
                    (ident, *(self._stored(c, at_path(item, c.path), unit) for c in side.columns))
                    for item in value
                )
        self._links_changed |= kind == "link"
        self._new_learners |= new and kind == "learner"

    def put_map(self, ident: int, kind: Kind, family: MapRegister, writes: Doc) -> None:
        """Show the map registers among `writes`: marks set, or withdrawn when null."""
        prefix = family.prefix
        start = len(prefix)
        rows: list[tuple[Any, ...]] = []
        reference = self._idents.reference
        plain = _plain_row
        types = tuple(field.type for field in family.fields)
        for register, value in writes.items():
            if not register.startswith(prefix):
                continue
            key = reference(register[start:])
            if key is None:
                continue
            if type(value) is list:
                rows.append((ident, key, *plain(value, types)))
            else:
                sql = f'DELETE FROM "{family.table}" WHERE {kind.name}=? AND {family.key.name}=?'
                self._clear.setdefault(sql, []).append((ident, key))
        if rows:
            self._rows.setdefault(_map_sql(kind, family), []).extend(rows)

    def remove(self, ident: int, kind: str) -> None:
        """Take a record out of the projection."""
        tables = tables_of(kind)
        for name in (kind, *(side.name for side in tables.sides)):
            self._clear.setdefault(f'DELETE FROM "{name}" WHERE ident=?', []).append((ident,))
        self.clear_maps(ident, tables)
        self._links_changed |= kind == "link"

    def clear_maps(self, ident: int, tables: KindTables) -> None:
        """Take all map registers of a record out, before they are put anew."""
        for family in tables.kind.maps:
            sql = f'DELETE FROM "{family.table}" WHERE {tables.kind.name}=?'
            self._clear.setdefault(sql, []).append((ident,))

    def flush(self) -> None:
        """Write what was gathered, removals first."""
        for sql, rows in self._clear.items():
            self._database.executemany(sql, rows)
        for sql, rows in self._rows.items():
            self._database.executemany(sql, rows)
        self._clear.clear()
        self._rows.clear()

    def finish(self) -> None:
        """Flush, then bring person clusters in line with changed links."""
        self.flush()
        if self._links_changed or (
            self._new_learners and self._database.value("SELECT 1 FROM link LIMIT 1")
        ):
            rebuild_clusters(self._database)
        self._links_changed = self._new_learners = False

    def _cell(self, column: Column, value: object, unit: int) -> object:
        found = self._stored(column, at_path(value, column.path), unit)
        # A unit left open means the record's own unit.
        return unit if found is None and column.type is FieldType.UNIT else found

    def _stored(self, column: Column, value: object, _unit: int) -> object:
        if column.type is FieldType.REF:
            return self._idents.reference(value)
        if column.type is FieldType.UNIT:
            return self._idents.unit_reference(value)
        return _typed(value, column.type)


def _typed(value: object, field_type: FieldType) -> object:
    """Return `value` if it has the column's type, else None (a newer program's shape)."""
    if field_type is FieldType.INT:
        return value if type(value) is int else None
    if field_type is FieldType.BOOL:
        return int(value) if isinstance(value, bool) else None
    return value if isinstance(value, str) else None


def _plain_row(value: list[Any], types: tuple[FieldType, ...]) -> tuple[Any, ...]:
    """Return map register values typed and padded to their columns."""
    padded = value if len(value) >= len(types) else [*value, *[None] * len(types)]
    return tuple(
        None if item is None else _typed(item, field_type)
        for item, field_type in zip(padded, types, strict=False)
    )


def _map_sql(kind: Kind, family: MapRegister) -> str:
    names = [field.name for field in family.fields]
    sets = ",".join(f'"{name}"=excluded."{name}"' for name in names)
    marks = ",".join("?" * (len(names) + 2))
    return (
        f'INSERT INTO "{family.table}" VALUES ({marks}) '
        f"ON CONFLICT ({kind.name}, {family.key.name}) DO UPDATE SET {sets}"
    )


def _extra(name: str, ident: int, doc: Doc) -> object:
    if name == "minutes":
        return session_minutes(doc.get("time"))
    if name == "cluster":
        return ident
    outcomes = [v for k, v in doc.items() if k.startswith(OUTCOME_PREFIX) and isinstance(v, str)]
    return min(outcomes, default=None)


def session_minutes(time: object) -> int | None:
    """Return the length in minutes of a [start, end] register value."""
    try:
        start, end = (part.split(":") for part in time)  # type: ignore[attr-defined]
        return (int(end[0]) - int(start[0])) * 60 + int(end[1]) - int(start[1])
    except (TypeError, ValueError, AttributeError, IndexError):
        return None


def rebuild_clusters(database: Database) -> None:
    """Set every learner's cluster: the linked learner with the smallest record id."""
    database.execute("UPDATE learner SET cluster=ident WHERE cluster<>ident")
    parent: dict[int, int] = {}

    def root(ident: int) -> int:
        while parent.setdefault(ident, ident) != ident:
            parent[ident] = parent[parent[ident]]
            ident = parent[ident]
        return ident

    for a, b in database.rows("SELECT a, b FROM link WHERE linked=1 AND counted=1"):
        if a is not None and b is not None:
            parent[root(a)] = root(b)
    members: dict[int, list[int]] = {}
    for ident in parent:
        members.setdefault(root(ident), []).append(ident)
    for group in members.values():
        marks = ",".join("?" * len(group))
        first = database.value(
            f"SELECT ident.id FROM ident JOIN learner ON learner.ident=ident.id "
            f"WHERE ident.id IN ({marks}) ORDER BY rid LIMIT 1",
            group,
        )
        if first is not None:
            database.executemany(
                "UPDATE learner SET cluster=? WHERE ident=?", [(first, member) for member in group]
            )


def known_kind(name: str) -> Kind | None:
    """Return the kind if this version projects it."""
    kind = KINDS.get(name)
    return kind if kind is not None and not kind.document else None
