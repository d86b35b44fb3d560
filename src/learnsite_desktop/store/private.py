"""Private parts: sealed values by commitment, and keyed digests for finding equal ones."""

from collections.abc import Iterable

from learnsite_desktop.store.engine import Database


def parts_held(database: Database, commitments: list[bytes]) -> set[bytes]:
    """Return those of up to 500 commitments whose values are held."""
    marks = ",".join("?" * len(commitments))
    rows = database.rows(
        f"SELECT commitment FROM private_part WHERE commitment IN ({marks})", commitments
    )
    return {row[0] for row in rows}


def add_parts(database: Database, rows: Iterable[tuple[bytes, int, str, bytes]]) -> None:
    """Store sealed values: (commitment, ident, register, sealed); those already held stay."""
    database.write_rows(
        "INSERT OR IGNORE INTO private_part (commitment, ident, register, sealed)", sorted(rows)
    )


def add_blinds(database: Database, rows: Iterable[tuple[bytes, int]]) -> None:
    """Store keyed digests of values of records."""
    database.write_rows("INSERT OR IGNORE INTO blind (digest, ident)", sorted(rows))


def namesakes(
    database: Database, digests: list[bytes]
) -> list[tuple[bytes, int, str | None, int | None, int]]:
    """Return (digest, ident, sex, birth year, cluster) of learners known by up to 500 digests."""
    marks = ",".join("?" * len(digests))
    rows = database.rows(
        "SELECT b.digest, l.ident, l.sex, l.birth_year, l.cluster FROM blind b "
        f"JOIN learner l ON l.ident=b.ident WHERE b.digest IN ({marks}) ORDER BY l.ident",
        digests,
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def part(database: Database, commitment: bytes) -> bytes | None:
    """Return the sealed value behind a commitment."""
    found = database.value("SELECT sealed FROM private_part WHERE commitment=?", (commitment,))
    return found if isinstance(found, bytes) else None


def parts(database: Database, commitments: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Return (commitment, sealed value) of those of up to 500 commitments that are held."""
    marks = ",".join("?" * len(commitments))
    rows = database.rows(
        f"SELECT commitment, sealed FROM private_part WHERE commitment IN ({marks})", commitments
    )
    return [(row[0], row[1]) for row in rows]


def some_parts(database: Database, count: int) -> list[tuple[bytes, bytes]]:
    """Return (commitment, sealed value) of a few that are held."""
    rows = database.rows("SELECT commitment, sealed FROM private_part LIMIT ?", (count,))
    return [(row[0], row[1]) for row in rows]


def part_place(database: Database, commitment: bytes) -> tuple[bytes, str] | None:
    """Return (record id, register) a commitment was made for."""
    row = database.row(
        "SELECT i.rid, p.register FROM private_part p JOIN ident i ON i.id=p.ident "
        "WHERE p.commitment=?",
        (commitment,),
    )
    return (row[0], row[1]) if row else None


def blind_idents(database: Database, digest: bytes) -> list[int]:
    """Return the records a keyed digest was stored for."""
    rows = database.rows("SELECT ident FROM blind WHERE digest=? ORDER BY ident", (digest,))
    return [row[0] for row in rows]


def note_reveal(database: Database, at: str, operator: str, what: str) -> None:
    """Note that somebody looked at private values; `what` is sealed and says at which."""
    database.execute(
        "INSERT INTO reveal (at, operator, what) VALUES (?, ?, ?)", (at, operator, what)
    )


def reveals(database: Database) -> list[tuple[str, str, str]]:
    """Return (at, operator, what) of the notes, the newest first."""
    rows = database.rows("SELECT at, operator, what FROM reveal ORDER BY id DESC")
    return [(row[0], row[1], row[2]) for row in rows]
