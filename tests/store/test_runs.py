"""Runs of chains: kept as operations come, they are what all operations held give by themselves."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.oplog.line import Operation, encode, line_hash
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.migrations import migrate
from learnsite_desktop.store.runs import Runs

CHAIN = 7
GENESIS = b"g" * 32
Op = tuple[bytes, int, bytes, bytes]
"""Hash, number, hash of the one before, line."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty log."""
    found = Database(tmp_path / "log.db")
    migrate(found, tmp_path)
    yield found
    found.close()


def operation(n: int, prev: bytes, what: int) -> Op:
    made = Operation(
        at="2026-03-01T09:00:00+08:00", inc=b64(bytes(16)), k="session.edit", n=n, prev=b64(prev),
        r=b64(bytes(16)), sv=1, u="", un="410122101206", v=1, f={"notes": str(what)},
    )  # fmt: skip
    line = encode(made)
    return line_hash(line), n, prev, line


def grown(rng: Random, count: int, *, wild: float) -> list[list[Op]]:
    """Return the branches of a chain, each from its genesis; `wild` says how often one forks."""
    tree: list[list[Op]] = [[operation(1, GENESIS, -1)]]
    for number in range(count):
        branch = rng.choice(tree)
        if rng.random() < wild:
            branch = branch[: rng.randint(0, len(branch))]
            tree.append(branch)
        n, prev = (branch[-1][1] + 1, branch[-1][0]) if branch else (1, GENESIS)
        tree[tree.index(branch)] = [*branch, operation(n, prev, number)]
    return tree


def kept(database: Database) -> set[tuple[int, bytes, int, bytes]]:
    rows = database.rows("SELECT start_n, start_prev, end_n, head FROM run WHERE chain=?", (CHAIN,))
    assert len(rows) == len(set(rows))
    return set(rows)


def found_anew(held: dict[bytes, Op]) -> set[tuple[int, bytes, int, bytes]]:
    """Walk back from every operation that nothing follows."""
    followed = {prev for _name, _n, prev, _line in held.values()}
    runs = set()
    for head, (_name, n, prev, _line) in held.items():
        if head not in followed:
            start = n, prev
            while start[1] in held:
                start = held[start[1]][1], held[start[1]][2]
            runs.add((*start, n, head))
    return runs


@pytest.mark.parametrize("seed", range(40))
def test_stretches_in_any_order_overlapping_and_with_gaps(database: Database, seed: int) -> None:
    rng = Random(seed)
    tree = grown(rng, 40, wild=rng.choice((0.0, 0.1, 0.5)))
    held: dict[bytes, Op] = {}
    runs = Runs(database)
    for _time in range(40):
        branch = rng.choice(tree)
        first = rng.randrange(len(branch))
        part = branch[first : first + rng.choice((1, 2, 5, 40))]
        new = [one for one in part if one[0] not in held]
        database.executemany(
            "INSERT INTO op (hash, chain, n, record, state, line) VALUES (?, ?, ?, 1, 0, ?)",
            [(name, CHAIN, n, line) for name, n, _prev, line in new],
        )
        runs.note(CHAIN, part[0][1], part[0][2], [one[0] for one in part], set(held))
        held |= {one[0]: one for one in part}
        assert kept(database) == found_anew(held)
        if rng.random() < 0.2:
            runs = Runs(database)  # another file


def test_a_thousand_branches_cost_little_more_each_than_ten(database: Database) -> None:
    """Counted in statements, not in seconds: what one more branch costs does not grow."""
    said: list[str] = []

    def statements(deed: Callable[[], None]) -> int:
        said.clear()
        deed()
        return len(said)

    root = operation(1, GENESIS, -1)
    runs = Runs(database)

    def branch(number: int) -> None:
        name, n, prev, _line = operation(2, root[0], number)
        runs.note(CHAIN, n, prev, [name])

    with database.raw() as connection:
        connection.set_trace_callback(said.append)
    database.execute(
        "INSERT INTO op (hash, chain, n, record, state, line) VALUES (?, ?, 1, 1, 0, ?)",
        (root[0], CHAIN, root[3]),
    )
    runs.note(CHAIN, 1, GENESIS, [root[0]])
    branch(0)
    few = statements(lambda: branch(1))
    for number in range(2, 1000):
        branch(number)
    assert statements(lambda: branch(1000)) == few
    assert len(kept(database)) == 1001
