"""What a database weighs: rows, bytes, statements that made it. Nothing of what it holds is read.

For a supporter who must not see a name: every function returns counts, names that stand in our own
code, and codes.
"""

import json
from dataclasses import dataclass
from typing import Any

from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.projection_tables import table_names

_LAST_BATCHES = 200


@dataclass(frozen=True, slots=True)
class BatchMeasure:
    """A received file by its counts; `file` and `unit` as they were noted, for hashing only."""

    number: int
    kind: str
    state: str
    at: str
    file: str
    unit: str
    operations: int
    counts: dict[str, Any]


def rows_of_tables(database: Database) -> dict[str, int]:
    """Return how many rows each table has, without those of the engine itself."""
    names = [
        str(row[0])
        for row in database.rows(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' "
            "ORDER BY name"
        )
    ]
    return {name: database.count(name) for name in names}


def bytes_of_tables(database: Database) -> dict[str, int] | None:
    """Return how many bytes each table and index takes, None where the engine cannot tell."""
    options = {str(row[0]) for row in database.rows("PRAGMA compile_options")}
    if "ENABLE_DBSTAT_VTAB" not in options:
        return None
    rows = database.rows("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY name")
    return {str(name): int(size) for name, size in rows}


def records_by_kind(database: Database) -> dict[str, tuple[int, int]]:
    """Return for each kind how many records there are, and how many of them are deleted."""
    rows = database.rows("SELECT kind, count(*), sum(deleted<>0) FROM record GROUP BY kind")
    return {str(kind): (int(count), int(gone or 0)) for kind, count, gone in rows}


def operations_by_state(database: Database) -> dict[int, int]:
    """Return how many operations there are in each state."""
    rows = database.rows("SELECT state, count(*) FROM op GROUP BY state")
    return {int(state): int(count) for state, count in rows}


def quarantined_by_code(database: Database) -> dict[str, int]:
    """Return how many operations are set apart, by the code of the reason."""
    rows = database.rows("SELECT code, count(*) FROM quarantine GROUP BY code ORDER BY code")
    return {str(code): int(count) for code, count in rows}


def statements(database: Database) -> dict[str, str]:
    """Return by its name the statement that made each table and index."""
    rows = database.rows(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name"
    )
    return {str(name): str(sql) for name, sql in rows}


def projected(database: Database) -> frozenset[str]:
    """Return the names of the tables that are made anew from the log."""
    found = {str(row[0]) for row in database.rows("SELECT name FROM sqlite_master")}
    return frozenset(found & set(table_names()))


def pages(database: Database) -> dict[str, int]:
    """Return what the file is made of: page size, pages, free pages, versions."""
    asked = ("page_size", "page_count", "freelist_count", "user_version", "schema_version")
    return {name: int(database.value(f"PRAGMA {name}")) for name in asked}


def last_batches(database: Database) -> list[BatchMeasure]:
    """Return the newest received files, the newest first."""
    rows = database.rows(
        "SELECT id, kind, state, received_at, file, from_unit, counts, "
        "(SELECT count(*) FROM batch_op o WHERE o.batch=batch.id) "
        "FROM batch ORDER BY id DESC LIMIT ?",
        (_LAST_BATCHES,),
    )
    return [
        BatchMeasure(
            number=number,
            kind=kind,
            state=state,
            at=at,
            file=file,
            unit=unit,
            operations=operations,
            counts=json.loads(counts),
        )
        for number, kind, state, at, file, unit, counts, operations in rows
    ]


def last_change_at(database: Database) -> str:
    """Return when the newest change was made here, RFC 3339; "" if none was."""
    return str(database.value("SELECT at FROM change ORDER BY id DESC LIMIT 1") or "")


def file_bytes(database: Database) -> int:
    """Return how many bytes the database file takes, as the engine counts its pages."""
    sizes = pages(database)
    return sizes["page_size"] * sizes["page_count"]
