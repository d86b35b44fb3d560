"""Other states of some records laid over the projection, for one savepoint of one connection.

Temporary views take the names of the projection's tables, so that every query that does not say
`main.` sees the records as they were told here; roll calls stand in b_mark. Nothing stored is
written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from learnsite_desktop.domain.merge import Merged
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.idents import Idents
from learnsite_desktop.store.ingest import merge_record, review_of, split_maps
from learnsite_desktop.store.projection import Projection, known_kind
from learnsite_desktop.store.projection_tables import schema_sql, tables_of

_CHUNK: Final = 500
# As `Ingest` decides between two units that claim one id.
_OUTDONE: Final = (
    "EXISTS (SELECT 1 FROM record b JOIN unit v ON v.id=b.unit JOIN unit u ON u.id=record.unit "
    "WHERE b.ident=record.ident AND b.kind=record.kind AND b.doc<>'{}' AND v.code<u.code)"
)
_MARKS: Final = "mark"


@dataclass(frozen=True, slots=True)
class Place:
    """A record: its key, the key of its id, its kind and unit (key)."""

    key: int
    ident: int
    kind: str
    unit: int


def places(database: Database, keys: Iterable[int]) -> dict[int, Place]:
    """Return the records of store keys, without those of an id that another unit's record has."""
    wanted = sorted(keys)
    found: dict[int, Place] = {}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        marks = ",".join("?" * len(part))
        for row in database.rows(
            f"SELECT id, ident, kind, unit FROM record WHERE id IN ({marks}) AND NOT {_OUTDONE}",
            part,
        ):
            found[row[0]] = Place(*row)
    return found


def state_without(database: Database, key: int, names: Iterable[bytes]) -> Merged | None:
    """Return a record as if these operations were not there, None if nothing is left of it."""
    merged = merge_record(database, key, without=frozenset(names))[0]
    return merged if merged.heads else None


class _Looking(Idents):
    """Finds keys without making any: an id that was never shown gets one below zero."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._made: dict[str, int] = {}

    def ident(self, record: str) -> int:
        found = self.find(record)
        return self._made.setdefault(record, -1 - len(self._made)) if found is None else found

    def unit(self, code: str) -> int:
        found = self._database.value("SELECT id FROM unit WHERE code=?", (code,))
        return 0 if found is None else int(found)


class Shadow:
    """Gathers other states of records; `lay` makes them what queries see."""

    def __init__(self, database: Database) -> None:
        """Lay over the projection of `database`, which may be read-only."""
        self._database = database
        self._states: dict[int, tuple[Place, Merged | None]] = {}

    def put(self, place: Place, merged: Merged | None) -> None:
        """Show a record like this; None takes it out."""
        if known_kind(place.kind) is not None:
            self._states[place.key] = place, merged

    def __contains__(self, key: int) -> bool:
        """Whether a record (its key) was told."""
        return key in self._states

    def lay(self) -> None:
        """Make the views; once."""
        kinds = {place.kind for place, _merged in self._states.values()}
        if kinds & {"link", "learner"}:
            kinds |= {"link", "learner"}  # who is one person follows from both
        if not kinds:
            return
        owners = _owners(kinds)
        self._make_tables(owners)
        hidden: dict[str, set[int]] = {table: set() for table in owners}
        for place, _merged in self._states.values():
            for table in _tables(place.kind):
                hidden[table].add(place.ident)
        if "learner" in kinds:
            hidden["learner"] |= self._copy_persons()
        self._fill()
        for table, owner in owners.items():
            if table == _MARKS:
                self._tell_marks(hidden[table])
            else:
                self._make_view(table, owner, hidden[table])
        self._tell_births()

    def _make_tables(self, owners: Mapping[str, str]) -> None:
        for statement in schema_sql():
            head, _paren, _rest = statement.partition(" (")
            table = head.removeprefix("CREATE TABLE ").strip('"')
            if head.startswith("CREATE TABLE ") and table in owners:
                self._database.execute(statement.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))

    def _copy_persons(self) -> set[int]:
        """Copy what clusters are made of: all links, and the learners they name."""
        database = self._database
        linked = {
            ident
            for row in database.rows("SELECT a, b FROM main.link")
            for ident in row
            if ident is not None
        }
        database.execute("INSERT INTO temp.link SELECT * FROM main.link")
        database.execute(
            "INSERT INTO temp.learner SELECT * FROM main.learner WHERE ident IN "
            "(SELECT a FROM main.link UNION SELECT b FROM main.link)"
        )
        return linked

    def _fill(self) -> None:
        projection = Projection(self._database, _Looking(self._database), summed=False)
        for place, merged in self._states.values():
            if merged is None:
                projection.remove(place.ident, place.kind)
                continue
            doc, maps = split_maps(place.kind, merged.shown)
            counted = not (merged.deleted or merged.frozen or review_of(doc))
            projection.put_merged(place.ident, place.kind, place.unit, doc, counted=counted)
            for family in tables_of(place.kind).kind.maps:
                projection.put_map(place.ident, family, maps)
        projection.finish()

    def _make_view(self, table: str, owner: str, hidden: Iterable[int]) -> None:
        database = self._database
        columns = ", ".join(
            f'"{name}"' for name in database.columns(f'SELECT * FROM main."{table}" LIMIT 0')
        )
        database.execute(f'CREATE TEMP TABLE "was_{table}" AS SELECT * FROM temp."{table}"')
        database.execute(f'DROP TABLE temp."{table}"')
        database.execute(f'CREATE TEMP TABLE "hidden_{table}" (ident INTEGER PRIMARY KEY)')
        if table == "link":
            stored = 'SELECT * FROM main."link" WHERE 0'
        else:
            database.executemany(
                f'INSERT INTO "hidden_{table}" VALUES (?)', [(ident,) for ident in sorted(hidden)]
            )
            stored = (
                f'SELECT {columns} FROM main."{table}" '
                f'WHERE "{owner}" NOT IN (SELECT ident FROM temp."hidden_{table}")'
            )
        database.execute(
            f'CREATE TEMP VIEW "{table}" AS {stored} '
            f'UNION ALL SELECT {columns} FROM temp."was_{table}"'
        )

    def _tell_marks(self, sessions: Iterable[int]) -> None:
        """Tell the roll calls apart: a view of so many rows would be read from end to end."""
        database = self._database
        database.executemany(
            "INSERT INTO b_remarked VALUES (?)", [(ident,) for ident in sorted(sessions)]
        )
        database.execute(
            "INSERT INTO b_mark SELECT session, learner, status, minutes FROM temp.mark"
        )
        database.execute("DROP TABLE temp.mark")

    def _tell_births(self) -> None:
        rows: list[tuple[int, Any]] = [
            (place.ident, merged.shown.get("birth"))
            for place, merged in self._states.values()
            if place.kind == "learner" and merged is not None
        ]
        self._database.executemany("INSERT OR REPLACE INTO b_birth VALUES (?, ?)", rows)


def _tables(kind: str) -> dict[str, str]:
    """Return a kind's tables with the column that names the record."""
    tables = tables_of(kind)
    found = {kind: "ident"} | {side.name: "ident" for side in tables.sides}
    return found | {family.table: kind for family in tables.kind.maps}


def _owners(kinds: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in sorted(kinds):
        found |= _tables(kind)
    return found
