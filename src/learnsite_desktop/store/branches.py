"""Branches of forked chains: which operations a head stands for."""

from dataclasses import dataclass

from learnsite_desktop.store.chains import links_of
from learnsite_desktop.store.engine import Database


@dataclass(frozen=True, slots=True)
class _Branch:
    """What leads to a head without a gap: the operations' hashes, and the number it begins at."""

    names: frozenset[bytes]
    lowest_n: int


class Branches:
    """Says whether an operation leads to a head of its chain, from what the log holds now.

    Where the chain is not forked, or the head is not held, its number alone tells: None is cached
    for such a head. Make a new one when the log has grown.
    """

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database
        self._known: dict[bytes, _Branch | None] = {}

    def leads_to(self, operation: bytes, head: bytes) -> bool:
        """Return whether `operation`, whose number is not above the head's, lies on its branch.

        Below a gap the answer is yes until the gap is filled.
        """
        if head not in self._known:
            self._known[head] = self._branch(head)
        branch = self._known[head]
        if branch is None or operation in branch.names:
            return True
        n = self._database.value("SELECT n FROM op WHERE hash=?", (operation,))
        return n is None or n < branch.lowest_n

    def _branch(self, head: bytes) -> _Branch | None:
        chain = self._database.value("SELECT chain FROM op WHERE hash=?", (head,))
        if chain is None:
            return None
        runs = self._database.value("SELECT count(*) FROM run WHERE chain=?", (chain,))
        if runs == 1:
            return None
        links = links_of(self._database, chain)
        names: list[bytes] = []
        name = head
        while name in links:
            names.append(name)
            name = links[name][1]
        return _Branch(frozenset(names), links[names[-1]][0])
