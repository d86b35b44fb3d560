"""Chains of operations: which stretches are held, where the next operation goes, what to hand on.

A chain belongs to (incarnation, unit). A *run* is an unbroken stretch that ends in an operation
without a successor; a forked chain has one run per branch. A run is rooted when it starts at the
chain's genesis; only rooted runs count as held in a receipt. `store.runs` keeps them.
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


def chain_key(database: Database, chain: int) -> ChainKey:
    """Return what a chain's key in the store stands for."""
    inc, unit = database.row(  # type: ignore[misc]
        "SELECT i.inc, u.code FROM chain c JOIN incarnation i ON i.id=c.incarnation "
        "JOIN unit u ON u.id=c.unit WHERE c.id=?",
        (chain,),
    )
    return ChainKey(chain, b64(inc), unit)


def carried_chains(database: Database, unit: str) -> list[ChainKey]:
    """Return the chains that travel with a unit, ordered by (incarnation, unit).

    Those of the unit and of the units below it, and what computers of these wrote for others.
    """
    rows = database.rows(
        "SELECT c.id, i.inc, u.code FROM chain c JOIN incarnation i ON i.id=c.incarnation "
        "JOIN unit u ON u.id=c.unit WHERE c.unit IN (SELECT w.unit FROM unit_within w JOIN unit a "
        "ON a.id=w.ancestor WHERE a.code=?1) OR i.unit IN (SELECT w.unit FROM unit_within w "
        "JOIN unit a ON a.id=w.ancestor WHERE a.code=?1)",
        (unit,),
    )
    return sorted((ChainKey(r[0], b64(r[1]), r[2]) for r in rows), key=lambda c: (c.inc, c.unit))


def authors_carried(database: Database, unit: str) -> set[str]:
    """Return the units whose computers wrote the chains of a unit and of those below it."""
    rows = database.rows(
        "SELECT DISTINCT b.code FROM chain c JOIN incarnation i ON i.id=c.incarnation "
        "JOIN unit b ON b.id=i.unit JOIN unit_within w ON w.unit=c.unit "
        "JOIN unit a ON a.id=w.ancestor WHERE a.code=?",
        (unit,),
    )
    return {row[0] for row in rows}


def links_of(database: Database, chain: int) -> dict[bytes, tuple[int, bytes]]:
    """Return hash → (n, prev) of every operation of a chain that is held."""
    return _links(database, chain, withdrawn=True)


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
    if database.row("SELECT 1 FROM op WHERE state=3 AND state<>0 AND chain=? LIMIT 1", (chain,)):
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


def written_up_to(database: Database, record: int) -> list[tuple[int, bytes, str, int]]:
    """Return the chains that wrote a record (store key), each with its last operation of it.

    Rows are (chain, incarnation id, unit, number of the operation); what was withdrawn is left out.
    """
    rows = database.rows(
        "SELECT o.chain, i.inc, u.code, max(o.n) FROM op o JOIN chain c ON c.id=o.chain "
        "JOIN incarnation i ON i.id=c.incarnation JOIN unit u ON u.id=c.unit "
        "WHERE o.record=? AND o.state<>? GROUP BY o.chain",
        (record, OpState.WITHDRAWN),
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


@dataclass(frozen=True, slots=True)
class Segment:
    """An unbroken stretch of one chain to hand on: numbers first_n … last_n, ending in `head`.

    `hashes` names its operations one by one where numbers alone do not: on forks, and beside
    withdrawn operations.
    """

    first_n: int
    last_n: int
    head: bytes
    hashes: tuple[bytes, ...] = ()

    @property
    def count(self) -> int:
        """How many operations it has."""
        return self.last_n - self.first_n + 1

    def up_to(self, n: int, head: bytes) -> "Segment | None":
        """Return the part that ends in operation (n, head), None if that is not in it."""
        if not self.first_n <= n <= self.last_n:
            return None
        if n == self.last_n:
            return self if head == self.head else None
        if not self.hashes:
            return Segment(self.first_n, n, head)
        hashes = self.hashes[: n - self.first_n + 1]
        return Segment(self.first_n, n, head, hashes) if hashes[-1] == head else None


def segments(database: Database, chain: ChainKey, after_n: int) -> list[Segment]:
    """Return a chain's operations with n > after_n that are not withdrawn, as segments.

    Branches of a fork come one after the other, what they share only once.
    """
    runs = database.rows("SELECT start_n, end_n, head FROM run WHERE chain=?", (chain.id,))
    withdrawn = database.row(
        "SELECT 1 FROM op WHERE state=3 AND state<>0 AND chain=? LIMIT 1", (chain.id,)
    )
    if len(runs) == 1 and not withdrawn:
        start_n, end_n, head = runs[0]
        first_n = max(start_n, after_n + 1)
        return [Segment(first_n, end_n, head)] if first_n <= end_n else []
    links = _links(database, chain.id, withdrawn=False)
    wanted = {name: place for name, place in links.items() if place[0] > after_n}
    after: dict[bytes, list[bytes]] = {}
    for name, (_n, prev) in wanted.items():
        after.setdefault(prev, []).append(name)
    stack = sorted(name for name, (_n, prev) in wanted.items() if prev not in wanted)
    found: list[Segment] = []
    while stack:
        names = [stack.pop()]
        # Follow one branch to its end, where its author's checkpoint is; the others come after.
        while following := sorted(after.get(names[-1], ())):
            names.append(following[0])
            stack.extend(following[1:])
        found.append(Segment(wanted[names[0]][0], wanted[names[-1]][0], names[-1], tuple(names)))
    return found


def pieces_of(
    database: Database, chain: ChainKey, segment: Segment, every: int
) -> Iterator[Segment]:
    """Yield a segment cut at numbers that are multiples of `every`."""
    first_n = segment.first_n
    while first_n <= segment.last_n:
        last_n = min(segment.last_n, (first_n // every + 1) * every)
        if segment.hashes:
            hashes = segment.hashes[first_n - segment.first_n : last_n - segment.first_n + 1]
            yield Segment(first_n, last_n, hashes[-1], hashes)
        elif last_n == segment.last_n:
            yield Segment(first_n, last_n, segment.head)
        else:
            head = database.value(
                "SELECT hash FROM op WHERE chain=? AND n=? AND state<>3", (chain.id, last_n)
            )
            yield Segment(first_n, last_n, head)
        first_n = last_n + 1


def lines_of(database: Database, chain: ChainKey, segment: Segment) -> Iterator[bytes]:
    """Yield the lines of a segment in order, without holding them all."""
    if segment.hashes:
        for name in segment.hashes:
            yield database.value("SELECT line FROM op WHERE hash=?", (name,))
        return
    for row in database.stream(
        "SELECT line FROM op WHERE chain=? AND n BETWEEN ? AND ? ORDER BY n",
        (chain.id, segment.first_n, segment.last_n),
    ):
        yield row[0]


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
