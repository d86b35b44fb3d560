"""Private parts: sealed values by commitment, and keyed digests for finding equal ones."""

from learnsite_desktop.store.engine import Database


def add_part(
    database: Database, commitment: bytes, ident: int, register: str, sealed: bytes
) -> None:
    """Store a sealed value; one already held stays."""
    database.execute(
        "INSERT OR IGNORE INTO private_part (commitment, ident, register, sealed) "
        "VALUES (?, ?, ?, ?)",
        (commitment, ident, register, sealed),
    )


def part(database: Database, commitment: bytes) -> bytes | None:
    """Return the sealed value behind a commitment."""
    found = database.value("SELECT sealed FROM private_part WHERE commitment=?", (commitment,))
    return found if isinstance(found, bytes) else None


def part_place(database: Database, commitment: bytes) -> tuple[bytes, str] | None:
    """Return (record id, register) a commitment was made for."""
    row = database.row(
        "SELECT i.rid, p.register FROM private_part p JOIN ident i ON i.id=p.ident "
        "WHERE p.commitment=?",
        (commitment,),
    )
    return (row[0], row[1]) if row else None


def add_blind(database: Database, digest: bytes, ident: int) -> None:
    """Store a keyed digest of a value of a record."""
    database.execute("INSERT OR IGNORE INTO blind (digest, ident) VALUES (?, ?)", (digest, ident))


def blind_idents(database: Database, digest: bytes) -> list[int]:
    """Return the records a keyed digest was stored for."""
    rows = database.rows("SELECT ident FROM blind WHERE digest=? ORDER BY ident", (digest,))
    return [row[0] for row in rows]


def note_reveal(database: Database, at: str, operator: str, what: str) -> None:
    """Note that somebody looked at private values; `what` says of which kind and how many."""
    database.execute(
        "INSERT INTO reveal (at, operator, what) VALUES (?, ?, ?)", (at, operator, what)
    )
