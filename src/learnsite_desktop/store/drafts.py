"""Draft rows: one per record being edited on this computer."""

from dataclasses import dataclass, replace

from learnsite_desktop.store.engine import Database


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: `par` JSON list of the heads seen, `sealed` the fields kept."""

    record: bytes
    kind: str
    unit: str
    par: str
    sealed: bytes
    at: str
    operator: str

    def with_content(self, sealed: bytes, at: str, operator: str) -> "Draft":
        """Return the draft with new content."""
        return replace(self, sealed=sealed, at=at, operator=operator or self.operator)


_COLUMNS = "record, kind, unit, par, sealed, at, operator"


def get(database: Database, record: bytes) -> Draft | None:
    """Return a record's draft."""
    row = database.row(f"SELECT {_COLUMNS} FROM draft WHERE record=?", (record,))
    return Draft(*row) if row else None


def everything(database: Database) -> list[Draft]:
    """Return all drafts, oldest first."""
    return [Draft(*row) for row in database.rows(f"SELECT {_COLUMNS} FROM draft ORDER BY at")]


def put(database: Database, draft: Draft) -> None:
    """Store a draft."""
    database.execute(
        f"INSERT OR REPLACE INTO draft ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            draft.record,
            draft.kind,
            draft.unit,
            draft.par,
            draft.sealed,
            draft.at,
            draft.operator,
        ),
    )


def remove(database: Database, record: bytes) -> None:
    """Drop a draft."""
    database.execute("DELETE FROM draft WHERE record=?", (record,))
