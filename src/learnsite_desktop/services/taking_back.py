"""Undoing a value that stands in dispute: the other value is left alone."""

from collections.abc import Iterable

from learnsite_desktop.domain.merge import Merged, merge, ready_nodes
from learnsite_desktop.domain.threeway import past_of
from learnsite_desktop.store.conflict_rows import nodes_of
from learnsite_desktop.store.engine import Database


def taken_back_beside(
    database: Database, key: int, written: Iterable[str], names: set[bytes], former: Merged
) -> set[str] | None:
    """Return the registers in which undoing `names` leaves one value of somebody else's.

    None if one of the registers was written again by somebody who knew of the change, or if what
    is left would still be in dispute: then there is nothing that undoing could write. `former` is
    the record's state without the operations being undone.
    """
    ready, _waiting = ready_nodes(nodes_of(database, key))
    known = {node.hash: node for node in ready}
    now = merge(ready, lambda _register: True)
    found: set[str] = set()
    for register in written:
        live = {node.hash for node in now.live.get(register, ())}
        others = live - names
        if not others:
            continue
        own = {name for name in names if name in known and register in known[name].writes}
        knew = any(past_of(known, [name]) & own for name in others)
        if knew or register in former.conflicts or not live & names:
            return None
        found.add(register)
    return found
