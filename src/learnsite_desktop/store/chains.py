"""Chains of operations: which stretches are held, where the next operation goes, what to hand on.

A chain belongs to (incarnation, unit). A *run* is an unbroken stretch that ends in an operation
without a successor; a forked chain has one run per branch. A run is rooted when it starts at the
chain's genesis; only rooted runs count as held in a receipt.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.oplog.line import decode, genesis
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.ingest import OpState


@dataclass(frozen=True, slots=True)
class ChainKey:
    """A chain: its key in the store, incarnation id and unit code as text."""

    id: int
    inc: str
    unit: str


def chains_within(database: Database, unit: str) -> list[ChainKey]:
    """Return the chains of a unit and of the units below it, ordered by (incarnation, unit)."""
    rows = database.rows(
        "SELECT c.id, i.inc, u.code FROM chain c JOIN incarnation i ON i.id=c.incarnation "
        "JOIN unit u ON u.id=c.unit JOIN unit_within w ON w.unit=c.unit "
        "JOIN unit a ON a.id=w.ancestor WHERE a.code=? ORDER BY i.inc, u.code",
        (unit,),
    )
    return sorted((ChainKey(r[0], b64(r[1]), r[2]) for r in rows), key=lambda c: (c.inc, c.unit))


def chain_genesis(database: Database, chain: int) -> bytes:
    """Return the `prev` of a chain's first operation."""
    body, unit = database.row(  # type: ignore[misc]
        "SELECT i.body, u.code FROM chain c JOIN incarnation i ON i.id=c.incarnation "
        "JOIN unit u ON u.id=c.unit WHERE c.id=?",
        (chain,),
    )
    return genesis(body, unit)


def next_place(database: Database, chain: int) -> tuple[int, bytes]:
    """Return (n, prev) for the next operation written here on `chain`."""
    row = database.row(
        "SELECT end_n, head FROM run WHERE chain=? ORDER BY end_n DESC LIMIT 1", (chain,)
    )
    return (row[0] + 1, row[1]) if row else (1, chain_genesis(database, chain))


def note_range(
    database: Database, chain: int, first_n: int, prev: bytes, last_n: int, head: bytes
) -> None:
    """Record that operations first_n … last_n (ending in `head`) are now all held."""
    if database.row("SELECT 1 FROM run WHERE chain=? AND head=?", (chain, head)):
        return
    runs = database.rows("SELECT id, end_n, head FROM run WHERE chain=?", (chain,))
    if not runs:
        database.execute(
            "INSERT INTO run (chain, start_n, start_prev, end_n, head) VALUES (?, ?, ?, ?, ?)",
            (chain, first_n, prev, last_n, head),
        )
    elif len(runs) == 1 and runs[0][2] == prev:
        database.execute("UPDATE run SET end_n=?, head=? WHERE id=?", (last_n, head, runs[0][0]))
    else:
        _find_runs(database, chain)


def _find_runs(database: Database, chain: int) -> None:
    """Find the runs of a chain from its operations; for gaps, overlaps and forks."""
    links = _links(database, chain, withdrawn=True)
    database.execute("DELETE FROM run WHERE chain=?", (chain,))
    database.executemany(
        "INSERT INTO run (chain, start_n, start_prev, end_n, head) VALUES (?, ?, ?, ?, ?)",
        [(chain, *run) for run in _runs(links)],
    )


_Links = dict[bytes, tuple[int, bytes]]


def _links(database: Database, chain: int, *, withdrawn: bool) -> _Links:
    """Return hash → (n, prev) for a chain's operations."""
    rows = database.rows("SELECT hash, n, line, state FROM op WHERE chain=?", (chain,))
    return {
        row[0]: (row[1], unb64(decode(row[2]).prev))
        for row in rows
        if withdrawn or row[3] != OpState.WITHDRAWN
    }


def _runs(links: _Links) -> list[tuple[int, bytes, int, bytes]]:
    """Return (start n, start prev, end n, head) for every operation without a successor."""
    followed = {prev for _n, prev in links.values()}
    starts: dict[bytes, tuple[int, bytes]] = {}
    runs: list[tuple[int, bytes, int, bytes]] = []
    for name, (n, prev) in sorted(links.items(), key=lambda item: item[1][0]):
        starts[name] = starts.get(prev, (n, prev))
        if name not in followed:
            runs.append((*starts[name], n, name))
    return runs


def held_heads(database: Database, chain: int) -> list[tuple[int, bytes]]:
    """Return (n, head) of each branch held without a gap from the genesis, ordered.

    Withdrawn operations, and what follows them, are not held.
    """
    root = chain_genesis(database, chain)
    if database.row("SELECT 1 FROM op WHERE state=3 AND chain=? LIMIT 1", (chain,)):
        runs = _runs(_links(database, chain, withdrawn=False))
        return sorted((end, head) for _n, prev, end, head in runs if prev == root)
    rows = database.rows("SELECT end_n, head, start_prev FROM run WHERE chain=?", (chain,))
    return sorted((row[0], row[1]) for row in rows if row[2] == root)


def covered_n(database: Database, chain: int, heads: list[tuple[int, bytes]]) -> int:
    """Return up to which n a holder of `heads` has this chain, as far as we can tell.

    On a forked chain the holder must have every branch to be spared any part of it.
    """
    branches = database.value("SELECT count(*) FROM run WHERE chain=?", (chain,))
    known = [
        n
        for n, head in heads
        if database.row("SELECT 1 FROM op WHERE hash=? AND chain=?", (head, chain))
    ]
    if branches > 1:
        ours = {head for _n, head in held_heads(database, chain)}
        theirs = {head for _n, head in heads}
        return max(known, default=0) if ours <= theirs else 0
    return max(known, default=0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines to hand on: consecutive operations of one chain, the first one's `prev` before them."""

    chain: ChainKey
    first_n: int
    prev: bytes
    lines: list[bytes]
    hashes: list[bytes]


def stretches(
    database: Database, chain: ChainKey, after_n: int, max_bytes: int
) -> Iterator[Stretch]:
    """Yield a chain's operations with n > after_n that are not withdrawn, in unbroken stretches.

    A stretch stays below `max_bytes`. Branches of a fork come one after the other.
    """
    lines: list[bytes] = []
    hashes: list[bytes] = []
    first_n = size = 0
    prev = b""
    for n, name, line, before in _ordered(database, chain.id, after_n):
        if lines and (before != hashes[-1] or size + len(line) > max_bytes):
            yield Stretch(chain, first_n, prev, lines, hashes)
            lines, hashes, size = [], [], 0
        if not lines:
            first_n, prev = n, before
        lines.append(line)
        hashes.append(name)
        size += len(line)
    if lines:
        yield Stretch(chain, first_n, prev, lines, hashes)


def _ordered(
    database: Database, chain: int, after_n: int
) -> Iterator[tuple[int, bytes, bytes, bytes]]:
    """Yield (n, hash, line, prev) branch by branch."""
    forked = database.value("SELECT count(*) FROM run WHERE chain=?", (chain,)) > 1
    rows = database.stream(
        "SELECT n, hash, line FROM op WHERE chain=? AND n>? AND state<>3 ORDER BY n, hash",
        (chain, after_n),
    )
    if not forked:
        for n, name, line in rows:
            yield n, name, line, unb64(decode(line).prev)
        return
    held = {row[1]: (row[0], row[2], unb64(decode(row[2]).prev)) for row in rows}
    after: dict[bytes, list[bytes]] = {}
    for name, (_n, _line, prev) in held.items():
        after.setdefault(prev, []).append(name)
    stack = sorted((name for name, row in held.items() if row[2] not in held), reverse=True)
    while stack:
        name = stack.pop()
        n, line, prev = held[name]
        yield n, name, line, prev
        stack.extend(sorted(after.get(name, ()), reverse=True))


def forks(database: Database) -> list[tuple[ChainKey, int, list[bytes]]]:
    """Return chains in which one `prev` has two successors: (chain, n of them, branch heads)."""
    rows = database.rows(
        "SELECT c.id, i.inc, u.code FROM chain c JOIN incarnation i ON i.id=c.incarnation "
        "JOIN unit u ON u.id=c.unit "
        "WHERE (SELECT count(*) FROM run r WHERE r.chain=c.id) > 1 ORDER BY i.inc, u.code"
    )
    found: list[tuple[ChainKey, int, list[bytes]]] = []
    for chain, inc, unit in rows:
        links = _links(database, chain, withdrawn=True)
        by_prev: dict[bytes, list[int]] = {}
        for n, prev in links.values():
            by_prev.setdefault(prev, []).append(n)
        places = [n[0] for n in by_prev.values() if len(n) > 1]
        if places:
            heads = sorted(run[3] for run in _runs(links))
            found.append((ChainKey(chain, b64(inc), unit), min(places), heads))
    return found
