"""The unbroken stretches of chains that are held, kept up to date as operations come.

A *run* ends in an operation without a successor and begins where the one before it is missing; a
forked chain has one run per branch. What came before is looked up, not read anew: a hostile file
may hold thousands of branches.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.oplog.line import decode
from learnsite_desktop.store.engine import Database

_Start = tuple[int, bytes]
"""Number of the first operation held, and the name of the one before it."""


@dataclass(slots=True)
class _Run:
    id: int
    start: _Start
    end_n: int


@dataclass(slots=True)
class _Chain:
    """A chain's runs by the operation they end in, and those ends by where their runs begin."""

    runs: dict[bytes, _Run] = field(default_factory=dict)
    heads: dict[_Start, set[bytes]] = field(default_factory=dict)
    after: dict[bytes, set[_Start]] = field(default_factory=dict)
    """Where runs begin, by the missing operation before them."""

    def put(self, head: bytes, run: _Run) -> None:
        self.runs[head] = run
        self.heads.setdefault(run.start, set()).add(head)
        self.after.setdefault(run.start[1], set()).add(run.start)

    def take(self, head: bytes) -> _Run:
        run = self.runs.pop(head)
        left = self.heads[run.start]
        left.discard(head)
        if not left:
            del self.heads[run.start]
            self.after[run.start[1]].discard(run.start)
        return run


class Runs:
    """The runs of the chains that one file, or one change, brings operations of.

    Each chain is read once; every change is written at once, inside the caller's transaction.
    """

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database
        self._chains: dict[int, _Chain] = {}

    def span(self, chain: int) -> tuple[int, int] | None:
        """Return first and last number of a chain that is held in one run, else None."""
        runs = self._of(chain).runs
        if len(runs) != 1:
            return None
        (run,) = runs.values()
        return run.start[0], run.end_n

    def note(
        self,
        chain: int,
        first_n: int,
        prev: bytes,
        names: Sequence[bytes],
        held: Collection[bytes] = (),
    ) -> None:
        """Note that operations `first_n` … are held, in chain order after the operation `prev`.

        Those of `held` were before.
        """
        begun = 0
        for place, name in enumerate(names):
            if name in held:
                if begun < place:
                    self._add(chain, first_n + begun, prev, names[begun:place])
                begun, prev = place + 1, name
        if begun < len(names):
            self._add(chain, first_n + begun, prev, names[begun:])

    def _of(self, chain: int) -> _Chain:
        found = self._chains.get(chain)
        if found is None:
            found = self._chains[chain] = _Chain()
            for id_, start_n, start_prev, end_n, head in self._database.rows(
                "SELECT id, start_n, start_prev, end_n, head FROM run WHERE chain=?", (chain,)
            ):
                found.put(head, _Run(id_, (start_n, start_prev), end_n))
        return found

    def _add(self, chain: int, first_n: int, prev: bytes, names: Sequence[bytes]) -> None:
        """Note a stretch of which nothing was held before."""
        database, known = self._database, self._of(chain)
        head, last_n = names[-1], first_n + len(names) - 1
        former = known.take(prev) if prev in known.runs else None
        start = former.start if former else self._start(known, chain, first_n, prev)
        followed = head in known.after and bool(known.after[head])
        for name in names if known.after else ():
            for gap in tuple(known.after.get(name, ())):
                for end in tuple(known.heads[gap]):
                    run = known.take(end)
                    known.put(end, _Run(run.id, start, run.end_n))
                    database.execute(
                        "UPDATE run SET start_n=?, start_prev=? WHERE id=?", (*start, run.id)
                    )
        if followed:
            if former is not None:
                database.execute("DELETE FROM run WHERE id=?", (former.id,))
        elif former is not None:
            database.execute("UPDATE run SET end_n=?, head=? WHERE id=?", (last_n, head, former.id))
            known.put(head, _Run(former.id, start, last_n))
        else:
            made = database.insert(
                "INSERT INTO run (chain, start_n, start_prev, end_n, head) VALUES (?, ?, ?, ?, ?)",
                (chain, *start, last_n, head),
            )
            known.put(head, _Run(made, start, last_n))

    def _start(self, known: _Chain, chain: int, first_n: int, prev: bytes) -> _Start:
        """Return where the run begins that an operation after `prev`, which ends none, is in."""
        line = self._line(chain, prev)
        if line is None:
            return first_n, prev
        possible = [start for start in known.heads if start[0] < first_n]
        if len(possible) == 1:
            return possible[0]
        n = first_n - 1
        while line is not None:
            prev = unb64(decode(line).prev)
            line = self._line(chain, prev)
            n -= line is not None
        return n, prev

    def _line(self, chain: int, name: bytes) -> bytes | None:
        found: bytes | None = self._database.value(
            "SELECT line FROM op WHERE hash=? AND chain=?", (name, chain)
        )
        return found
