"""Operations held here, as a comparison with those of a file needs them."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from learnsite_desktop.domain.merge import TIER_RANK
from learnsite_desktop.oplog.line import Operation, decode
from learnsite_desktop.store.engine import Database

_SELECT: Final = """
SELECT o.hash, o.line, i.unit=c.unit, u.tier FROM op o
JOIN chain c ON c.id=o.chain JOIN incarnation i ON i.id=c.incarnation JOIN unit u ON u.id=i.unit
"""
_IN_FORCE: Final = "o.state NOT IN (2, 3)"
_CHUNK: Final = 500


class Held(NamedTuple):
    """An operation: its hash; whether its author is of the record's unit; the author's rank."""

    hash: bytes
    operation: Operation
    own: bool
    tier: int


def of_chain(database: Database, inc: bytes, unit: str, after: int) -> Iterator[Held]:
    """Yield the operations of a chain after number `after`."""
    yield from _held(
        database,
        "WHERE i.inc=? AND c.unit=(SELECT id FROM unit WHERE code=?) AND o.n>? AND " + _IN_FORCE,
        (inc, unit, after),
    )


def of_records(database: Database, records: Iterable[bytes]) -> Iterator[Held]:
    """Yield the operations on records, named by their ids."""
    names = sorted(set(records))
    for start in range(0, len(names), _CHUNK):
        part = names[start : start + _CHUNK]
        marks = ",".join("?" * len(part))
        yield from _held(
            database,
            "JOIN record r ON r.id=o.record JOIN ident d ON d.id=r.ident "
            f"WHERE d.rid IN ({marks}) AND {_IN_FORCE}",
            tuple(part),
        )


def author_rank(database: Database, inc: bytes) -> tuple[str, int] | None:
    """Return unit and rank of an incarnation known here."""
    row = database.row(
        "SELECT u.code, u.tier FROM incarnation i JOIN unit u ON u.id=i.unit WHERE i.inc=?", (inc,)
    )
    return (row[0], TIER_RANK.get(row[1], 0)) if row else None


def _held(database: Database, where: str, values: tuple[object, ...]) -> Iterator[Held]:
    for name, line, own, tier in database.stream(_SELECT + where, values):
        yield Held(name, decode(line), bool(own), TIER_RANK.get(tier, 0))
