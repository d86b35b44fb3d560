"""Writing the projection: what the relational tables show of a record's registers.

Rows are gathered and written with `executemany`; the UPDATE part of each upsert names only columns
that may change, because the engine rewrites every index whose column is named.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from learnsite_desktop.domain.fields import OUTCOME_PREFIX, FieldType, Kind, MapRegister
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.store import roll_sums
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.idents import Idents
from learnsite_desktop.store.projection_tables import (
    Column,
    KindTables,
    at_path,
    record_upsert,
    registry_digest,
    schema_sql,
    table_names,
    tables_of,
)

Doc = Mapping[str, Any]

_MET: Final = 1024
_CLASSES: Final[Mapping[FieldType, type]] = {FieldType.INT: int, FieldType.BOOL: bool}
LARGEST: Final = 2**40
"""Beyond this nothing is shown: sums of what hostile computers write must not overflow."""
_DAY_MINUTES: Final = 24 * 60


def has_tables(database: Database) -> bool:
    """Return whether the projection tables have the shape that the registry asks for."""
    found = database.value("SELECT value FROM setting WHERE key='projection'")
    return bool(found == registry_digest())


def ensure_tables(database: Database) -> bool:
    """Create the projection tables if missing or of an older shape; True if they are now empty."""
    if has_tables(database):
        return False
    digest = registry_digest()
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


class _Put(NamedTuple):
    """A record to show; `new` if no row of it can be in the tables yet."""

    unit: int
    doc: Doc
    counted: bool
    new: bool


class _MapRows:
    """What one table of map registers is to show: of each owner what one operation says.

    Owners are cleared first, then single marks go, then rows are set.
    """

    def __init__(self) -> None:
        self.owners: set[int] = set()
        self.cleared: set[int] = set()
        self.values: list[Any] = []
        self.gone: list[tuple[int, int]] = []

    def clear(self) -> None:
        """Forget everything, once it is written."""
        for part in (self.owners, self.cleared, self.values, self.gone):
            part.clear()


class Projection:
    """Gathers what records show; `flush` writes the last word on each."""

    def __init__(self, database: Database, idents: Idents, *, summed: bool = True) -> None:
        """Write through `database`, inside the caller's transaction.

        `summed`: keep the summary of roll calls; the tables must be the stored ones.
        """
        self._database = database
        self._idents = idents
        self._puts: dict[str, dict[int, _Put]] = {}
        self._maps: dict[str, _MapRows] = {}
        self._removed: dict[str, set[tuple[int]]] = {}
        self._met: dict[str, dict[int, tuple[Any, list[Any]]]] = {}
        self._links_changed = False
        self._learners_changed = False
        self._summed = summed
        self._rolls: set[int] = set()

    def put(self, ident: int, kind: str, unit: int, doc: Doc, *, counted: bool, new: bool) -> None:
        """Show the registers `doc` of a record (map registers apart)."""
        puts = self._puts.setdefault(kind, {})
        former = puts.get(ident)
        puts[ident] = _Put(unit, doc, counted, former.new if former else new)
        self._links_changed |= kind == "link"
        self._learners_changed |= new and kind == "learner"

    def put_merged(self, ident: int, kind: str, unit: int, doc: Doc, *, counted: bool) -> None:
        """Show a record that was merged anew, also in the columns that do not change otherwise."""
        self._removed.setdefault(_delete(kind, "ident"), set()).add((ident,))
        self.put(ident, kind, unit, doc, counted=counted, new=False)
        self._learners_changed |= kind == "learner"

    def put_map(self, ident: int, family: MapRegister, writes: Doc) -> dict[str, Any]:
        """Show the map registers among `writes`, withdrawn when null; returns the others."""
        prefix, start = family.prefix, len(family.prefix)
        # Decoded values are shared, so most have been met before: found by identity, kept alive.
        met = self._met.setdefault(family.table, {})
        known, reference = self._idents.known, self._idents.reference
        rows = self._maps.setdefault(family.table, _MapRows())
        if ident in rows.owners:
            self._write_map(family.table)
        rows.owners.add(ident)
        values = rows.values  # flat: a tuple for each row would cost as much as all the rest
        others: dict[str, Any] = {}
        for register, value in writes.items():
            if not register.startswith(prefix):
                others[register] = value
                continue
            key = known.get(register[start:]) or reference(register[start:])
            if key is None:
                continue
            former = met.get(id(value))
            if former is not None and former[0] is value:
                values += (ident, key, *former[1])
            elif value.__class__ is list:
                if len(met) >= _MET:
                    met.clear()
                met[id(value)] = value, _tail(family, value)
                values += (ident, key, *met[id(value)][1])
            else:
                rows.gone.append((ident, key))
        return others

    def remove(self, ident: int, kind: str) -> None:
        """Take a record out of the projection."""
        tables = tables_of(kind)
        self._puts.get(kind, {}).pop(ident, None)
        for name in (kind, *(side.name for side in tables.sides)):
            self._removed.setdefault(_delete(name, "ident"), set()).add((ident,))
        self.clear_maps(ident, tables)
        self._links_changed |= kind == "link"
        self._learners_changed |= kind == "learner"

    def clear_maps(self, ident: int, tables: KindTables) -> None:
        """Take all map registers of a record out, before they are put anew."""
        for family in tables.kind.maps:
            rows = self._maps.setdefault(family.table, _MapRows())
            if ident in rows.owners:
                self._write_map(family.table)
            rows.cleared.add(ident)

    def flush(self) -> None:
        """Write what was gathered, removals first."""
        for sql, removed in self._removed.items():
            self._database.executemany(sql, sorted(removed))
        for kind, puts in self._puts.items():
            self._write_rows(tables_of(kind), puts)
        for table in self._maps:
            self._write_map(table)
        if self._summed:
            roll_sums.refresh(self._database, self._rolls)
        self._rolls.clear()
        self._removed.clear()
        self._puts.clear()

    def _write_rows(self, tables: KindTables, puts: dict[int, _Put]) -> None:
        rows = []
        for ident, (unit, doc, counted, _new) in puts.items():
            row: list[Any] = [ident, unit, counted]
            row += [_extra(name, ident, doc) for name in tables.extra]
            for column in tables.columns:
                value = doc.get(column.register)
                if value is None and column.type is not FieldType.UNIT:
                    row.append(None)
                else:
                    row.append(self._cell(column, value, unit))
            rows.append(row)
        head, tail = record_upsert(tables.kind.name)
        self._database.write_rows(head, rows, tail)
        for side in tables.sides:
            self._database.executemany(
                _delete(side.name, "ident"),
                [(ident,) for ident, item in puts.items() if not item.new],
            )
            self._database.write_rows(
                f'INSERT INTO "{side.name}"',
                [
                    (ident, *(self._stored(c, at_path(item, c.path)) for c in side.columns))
                    for ident, put in puts.items()
                    for item in _items(put.doc.get(side.register))
                ],
            )

    def _write_map(self, table: str) -> None:
        kind, family = family_of(table)
        rows = self._maps[table]
        if table == roll_sums.MARKS:
            self._rolls |= rows.owners | rows.cleared
        cleared = [(ident,) for ident in sorted(rows.cleared)]
        self._database.executemany(_delete(table, kind.name), cleared)
        self._database.executemany(_delete(table, kind.name, family.key.name), rows.gone)
        self._database.write_values(
            f'INSERT INTO "{table}"',
            2 + len(family.fields),
            rows.values,
            map_upsert(kind, family),
        )
        rows.clear()

    def finish(self) -> None:
        """Flush, then bring person clusters in line with changed links."""
        self.flush()
        if self._links_changed or (
            self._learners_changed and self._database.value("SELECT 1 FROM link LIMIT 1")
        ):
            rebuild_clusters(self._database)
        self._links_changed = self._learners_changed = False

    def _cell(self, column: Column, value: object, unit: int) -> object:
        found = self._stored(column, at_path(value, column.path) if column.path else value)
        # A unit left open means the record's own unit.
        return unit if found is None and column.type is FieldType.UNIT else found

    def _stored(self, column: Column, value: object) -> object:
        if column.type is FieldType.REF:
            return self._idents.reference(value)
        if column.type is FieldType.UNIT:
            return self._idents.unit_reference(value)
        return _typed(value, column.type)


def _tail(family: MapRegister, value: list[Any]) -> list[Any]:
    """Return map register values for the columns, null for one of another type (a newer one)."""
    padded = [*value, *[None] * len(family.fields)]
    return [
        item
        if type(item) is _CLASSES.get(field.type, str)
        and (type(item) is not int or abs(item) <= LARGEST)
        else None
        for item, field in zip(padded, family.fields, strict=False)
    ]


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _delete(table: str, *columns: str) -> str:
    place = " AND ".join(f'"{column}"=?' for column in columns)
    return f'DELETE FROM "{table}" WHERE {place}'


def _typed(value: object, field_type: FieldType) -> object:
    """Return `value` if it has the column's type, else None (a newer program's shape)."""
    if field_type is FieldType.INT:
        return value if type(value) is int and abs(value) <= LARGEST else None
    if field_type is FieldType.BOOL:
        return int(value) if isinstance(value, bool) else None
    return value if isinstance(value, str) else None


@cache
def family_of(table: str) -> tuple[Kind, MapRegister]:
    """Return the kind and family of map registers that a table shows."""
    return next(
        (kind, family) for kind in KINDS.values() for family in kind.maps if family.table == table
    )


def map_upsert(kind: Kind, family: MapRegister) -> str:
    """Return the second part of the upsert of a map register's table, after the values."""
    sets = ",".join(f'"{field.name}"=excluded."{field.name}"' for field in family.fields)
    return f"ON CONFLICT ({kind.name}, {family.key.name}) DO UPDATE SET {sets}"


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
        found = (int(end[0]) - int(start[0])) * 60 + int(end[1]) - int(start[1])
        return found if abs(found) <= _DAY_MINUTES else None
    except (TypeError, ValueError, AttributeError, IndexError):
        return None


def rebuild_clusters(database: Database) -> None:
    """Set every learner's cluster: the linked learner with the smallest record id.

    A link counts only where both learners are held. Rows that stand right are not written again.
    """
    parent: dict[int, int] = {}
    names: dict[int, bytes] = {}

    def root(ident: int) -> int:
        while parent.setdefault(ident, ident) != ident:
            parent[ident] = parent[parent[ident]]
            ident = parent[ident]
        return ident

    for a, b, first, second in database.rows(
        "SELECT k.a, k.b, i.rid, j.rid FROM link k JOIN learner x ON x.ident=k.a "
        "JOIN learner y ON y.ident=k.b JOIN ident i ON i.id=k.a JOIN ident j ON j.id=k.b "
        "WHERE k.linked=1 AND k.counted=1"
    ):
        names[a], names[b] = first, second
        low, high = sorted((root(a), root(b)), key=names.__getitem__)
        parent[high] = low
    wanted = {ident: root(ident) for ident in parent}
    stood: dict[int, int] = dict(
        database.rows("SELECT ident, cluster FROM learner WHERE cluster<>ident")
    )
    changed = [
        (wanted.get(ident, ident), ident)
        for ident in {*wanted, *stood}
        if wanted.get(ident, ident) != stood.get(ident, ident)
    ]
    database.executemany("UPDATE learner SET cluster=? WHERE ident=?", sorted(changed))


def known_kind(name: str) -> Kind | None:
    """Return the kind if this version projects it."""
    kind = KINDS.get(name)
    return kind if kind is not None and not kind.document else None
