"""What a database holds, at a glance: to tell two copies of it apart."""

from dataclasses import dataclass

from learnsite_desktop.oplog.line import decode
from learnsite_desktop.store import settings
from learnsite_desktop.store.engine import Database

_WATCHED = ("op", "change", "batch")


@dataclass(frozen=True, slots=True)
class Overview:
    """Unit and tier, how many operations, live records per kind, when the last operation was made.

    `last_change` is RFC 3339 as written by its author, "" without operations.
    """

    unit: str
    unit_name: str
    tier: str
    operations: int
    last_change: str
    counts: dict[str, int]


def overview(database: Database) -> Overview:
    """Return what a database holds; it is only read."""
    unit = settings.read(database, "unit")
    name = database.value("SELECT name FROM unit WHERE code=?", (unit,))
    line = database.value("SELECT line FROM op ORDER BY id DESC LIMIT 1")
    rows = database.rows(
        "SELECT kind, count(*) FROM record WHERE deleted=0 AND doc<>'{}' "
        "GROUP BY kind ORDER BY kind"
    )
    return Overview(
        unit=unit,
        unit_name=str(name or ""),
        tier=settings.read(database, "tier"),
        operations=database.count("op"),
        last_change=decode(line).at if line else "",
        counts={str(kind): int(count) for kind, count in rows},
    )


def mark_of(database: Database) -> str:
    """Return a short text that changes whenever something was entered, received or undone."""
    tops = [database.value(f"SELECT coalesce(max(id), 0) FROM {table}") for table in _WATCHED]
    drafts = database.row("SELECT count(*), coalesce(max(at), '') FROM draft")
    receipts = database.value("SELECT count(*) FROM receipt")
    return " ".join(map(str, (*tops, *(drafts or ()), receipts)))
