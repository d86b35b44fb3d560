"""Operations held apart after the fact, and let in again: what judging anew needs of the log."""

from collections.abc import Iterator
from dataclasses import dataclass

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.store.chains import ChainKey
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.ingest import OpState


@dataclass(frozen=True, slots=True)
class Judged:
    """An operation of the log with the verdict it stands under, "" if it may take part."""

    op: int
    record: int
    hash: bytes
    line: bytes
    code: str


@dataclass(frozen=True, slots=True)
class HeldApart:
    """An operation held apart: why, which batch brought it first (None: written here), who by."""

    record: int
    hash: bytes
    line: bytes
    code: str
    batch: int | None
    author: str


def held_apart(database: Database) -> list[HeldApart]:
    """Return the operations held apart now, oldest first."""
    rows = database.rows(
        "SELECT o.record, o.hash, o.line, q.code, "
        "(SELECT min(b.batch) FROM batch_op b WHERE b.op=o.id), u.code FROM quarantine q "
        "JOIN op o ON o.id=q.op JOIN chain c ON c.id=o.chain "
        "JOIN incarnation i ON i.id=c.incarnation JOIN unit u ON u.id=i.unit "
        "WHERE o.state=? AND o.state<>0 ORDER BY o.id",
        (OpState.QUARANTINED,),
    )
    return [HeldApart(*row) for row in rows]


def operations_of(database: Database, chain: int) -> Iterator[Judged]:
    """Yield a chain's operations with their verdicts, withdrawn ones too."""
    for row in database.rows(
        "SELECT o.id, o.record, o.hash, o.line, coalesce(q.code, '') FROM op o "
        "LEFT JOIN quarantine q ON q.op=o.id WHERE o.chain=? ORDER BY o.n, o.id",
        (chain,),
    ):
        yield Judged(*row)


def against(database: Database) -> list[Judged]:
    """Return every operation with a verdict against it, withdrawn ones too."""
    rows = database.rows(
        "SELECT o.id, o.record, o.hash, o.line, q.code FROM quarantine q JOIN op o ON o.id=q.op "
        "ORDER BY q.op"
    )
    return [Judged(*row) for row in rows]


def all_chains(database: Database) -> list[ChainKey]:
    """Return every chain held here, in a fixed order."""
    rows = database.rows(
        "SELECT c.id, i.inc, u.code FROM chain c JOIN incarnation i ON i.id=c.incarnation "
        "JOIN unit u ON u.id=c.unit ORDER BY i.inc, u.code"
    )
    return [ChainKey(row[0], b64(row[1]), row[2]) for row in rows]


def chains_of_device(database: Database, device: bytes) -> list[ChainKey]:
    """Return the chains that a device has written, in all its incarnations."""
    rows = database.rows(
        "SELECT c.id, i.inc, u.code FROM chain c JOIN incarnation i ON i.id=c.incarnation "
        "JOIN unit u ON u.id=c.unit WHERE i.device=? ORDER BY i.inc, u.code",
        (device,),
    )
    return [ChainKey(row[0], b64(row[1]), row[2]) for row in rows]


def run_heads(database: Database, chain: int) -> list[tuple[int, bytes]]:
    """Return (n, head) of every branch of a chain, what lies beyond a gap included."""
    rows = database.rows("SELECT end_n, head FROM run WHERE chain=? ORDER BY end_n, head", (chain,))
    return [(row[0], row[1]) for row in rows]


def place_of(database: Database, name: bytes) -> tuple[bytes, bytes, str, int] | None:
    """Return (device, incarnation, unit, n) of an operation held here."""
    row = database.row(
        "SELECT i.device, i.inc, u.code, o.n FROM op o JOIN chain c ON c.id=o.chain "
        "JOIN incarnation i ON i.id=c.incarnation JOIN unit u ON u.id=c.unit WHERE o.hash=?",
        (name,),
    )
    return (row[0], row[1], row[2], row[3]) if row else None


def hold_apart(database: Database, op: int, code: str) -> None:
    """Take an operation out of merging; a withdrawn one stays withdrawn and keeps the verdict."""
    database.execute("INSERT OR REPLACE INTO quarantine (op, code) VALUES (?, ?)", (op, code))
    database.execute(
        "UPDATE op SET state=? WHERE id=? AND state<>?",
        (OpState.QUARANTINED, op, OpState.WITHDRAWN),
    )


def let_in(database: Database, op: int) -> None:
    """Let an operation take part after all; a withdrawn one stays withdrawn."""
    database.execute("DELETE FROM quarantine WHERE op=?", (op,))
    database.execute(
        "UPDATE op SET state=? WHERE id=? AND state=?", (OpState.WAITING, op, OpState.QUARANTINED)
    )
