"""What is asked for again: originals of photos, and private values whose commitment alone came."""

from collections.abc import Iterable

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.idents import Idents
from learnsite_desktop.store.record_rows import read_doc
from learnsite_desktop.store.records import StoredRecord

_WITHIN = "(SELECT w.unit FROM unit_within w JOIN unit a ON a.id=w.ancestor WHERE a.code=?)"


def asked_for(database: Database, subject: str) -> list[StoredRecord]:
    """Return live evidence of a unit's subtree on which some tier has noted a request, by id."""
    rows = database.rows(
        "SELECT r.id, r.ident, i.rid, r.kind, u.code, r.doc, r.deleted, r.frozen FROM record r "
        "JOIN ident i ON i.id=r.ident JOIN unit u ON u.id=r.unit "
        "WHERE r.kind='evidence' AND r.deleted=0 AND r.doc LIKE '%\"review.%.wanted\":%' "
        f"AND r.unit IN {_WITHIN} ORDER BY i.rid",
        (subject,),
    )
    return [
        StoredRecord(
            row[0], row[1], b64(row[2]), row[3], row[4], read_doc(row[5]), False, bool(row[7])
        )
        for row in rows
    ]


def is_original(database: Database, digest: str, subject: str) -> bool:
    """Return whether evidence of a unit's subtree names this content as its file."""
    sql = (
        "SELECT 1 FROM evidence e JOIN record r ON r.ident=e.ident AND r.kind='evidence' "
        f"WHERE e.file=? AND r.unit IN {_WITHIN} LIMIT 1"
    )
    return database.row(sql, (digest, subject)) is not None


def note_gaps(database: Database, idents: Idents, rows: Iterable[tuple[bytes, str]]) -> None:
    """Remember commitments without a value: (commitment, unit code)."""
    database.executemany(
        "INSERT OR IGNORE INTO gap (commitment, unit) VALUES (?, ?)",
        [(name, idents.unit(unit)) for name, unit in sorted(rows)],
    )


def close_gaps(database: Database) -> None:
    """Forget the gaps whose value has come."""
    if database.row("SELECT 1 FROM gap LIMIT 1"):
        database.execute(
            "DELETE FROM gap WHERE commitment IN (SELECT commitment FROM private_part)"
        )


def forget_gaps(database: Database) -> None:
    """Forget all gaps, before they are looked for anew."""
    database.execute("DELETE FROM gap")


def gaps(database: Database, subject: str) -> list[tuple[str, bytes]]:
    """Return (unit code, commitment) of the gaps of a unit's subtree, ordered."""
    rows = database.rows(
        "SELECT u.code, g.commitment FROM gap g JOIN unit u ON u.id=g.unit "
        f"WHERE g.unit IN {_WITHIN} ORDER BY u.code, g.commitment",
        (subject,),
    )
    return [(row[0], row[1]) for row in rows]


def lines_with_private_values(database: Database) -> Iterable[bytes]:
    """Yield the lines of the log that name a commitment, whatever their state."""
    for row in database.stream(
        "SELECT line FROM op WHERE instr(line, CAST('\"pf\":' AS BLOB)) > 0 "
        "OR instr(line, CAST('\"why\":' AS BLOB)) > 0"
    ):
        yield row[0]
