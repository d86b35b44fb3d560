"""Rows that carry a proof of their own, with what is needed to hold them against it.

Of what is signed, every row begins with a name to tell it by.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.store import trust
from learnsite_desktop.store.engine import Database

Rows = Iterator[tuple[Any, ...]]
Incarnations = Callable[[bytes], bytes | None]


def documents(database: Database) -> Rows:
    """Yield (name, kind, scope, version, hash, body)."""
    for row in database.rows("SELECT kind, scope, version, hash, body FROM document ORDER BY 1, 2"):
        yield (f"{row[0]} {row[1]}", *row)


def incarnations(database: Database) -> Rows:
    """Yield (name, incarnation id, device, unit code, body)."""
    for row in database.rows(
        "SELECT i.inc, i.device, u.code, i.body FROM incarnation i "
        "LEFT JOIN unit u ON u.id=i.unit ORDER BY i.id"
    ):
        yield (b64(row[0]), *row)


def certificates(database: Database) -> Rows:
    """Yield (name, hash, type, device, body, what gives the body of an incarnation)."""
    incarnation: Incarnations = partial(trust.incarnation, database)
    for row in database.rows("SELECT hash, type, device, body FROM certificate ORDER BY hash"):
        yield (b64(row[0]), *row, incarnation)


def receipts(database: Database) -> Rows:
    """Yield (name, hash, incarnation of the receiver, unit, number, at, body, its device)."""
    for row in database.stream(
        "SELECT r.hash, r.inc, r.unit, r.number, r.at, r.body, i.device FROM receipt r "
        "LEFT JOIN incarnation i ON i.inc=r.inc ORDER BY r.hash"
    ):
        yield (b64(row[0]), *row)


def checkpoints(database: Database) -> Rows:
    """Yield (name, incarnation id, unit code, number, head, signature, device)."""
    for row in database.stream(
        "SELECT i.inc, u.code, c.n, c.head, c.signature, i.device FROM checkpoint c "
        "LEFT JOIN chain k ON k.id=c.chain LEFT JOIN incarnation i ON i.id=k.incarnation "
        "LEFT JOIN unit u ON u.id=k.unit ORDER BY c.chain, c.n"
    ):
        yield (b64(row[3]), *row)


def parts(database: Database) -> Rows:
    """Yield (commitment, record id, register, sealed value) of the private values held."""
    yield from database.stream(
        "SELECT p.commitment, i.rid, p.register, p.sealed FROM private_part p "
        "LEFT JOIN ident i ON i.id=p.ident ORDER BY p.commitment"
    )


def reveals(database: Database) -> Rows:
    """Yield (number, sealed note) of who looked at private values."""
    yield from database.rows("SELECT id, what FROM reveal ORDER BY id")


def gaps_among(database: Database, names: Sequence[bytes]) -> set[bytes]:
    """Return those of up to 500 commitments whose values have not come yet."""
    marks = ",".join("?" * len(names))
    rows = database.rows(f"SELECT commitment FROM gap WHERE commitment IN ({marks})", names)
    return {row[0] for row in rows}
