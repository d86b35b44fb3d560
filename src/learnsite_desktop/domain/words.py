"""Whose word stands in records in which units above speak.

They make inspections, findings, returns and reversals, and answer proposals. Every unit above a
village may write the review layer of its records, so a township could otherwise close what the
county asks of one of its villages.
"""

from collections.abc import Collection, Iterable

from learnsite_desktop.domain.fields import Kind, layer_of
from learnsite_desktop.domain.merge import Node, ready_nodes


def outranked(kind: Kind, nodes: Iterable[Node]) -> set[bytes]:
    """Return the operations that have no say: they write over the word of a tier above theirs.

    That is: one that they build on. Words that do not know of each other stand beside each other
    as a conflict. What settles a record is the answer of the unit that it is about: of others only
    the tier that began it, or one above, may give it. `nodes` are those whose authors may write
    there at all; `tier` is the rank that the author's certificate claims.
    """
    ready, _waiting = ready_nodes(nodes)
    begun_by = max((node.tier for node in ready if not node.par), default=0)
    highest: dict[bytes, int] = {}
    found: set[bytes] = set()
    for node in ready:
        known = max((highest[parent] for parent in node.par), default=0)
        says = says_from_above(kind, node.writes)
        if not node.own and (
            (says and node.tier < known)
            or (node.tier < begun_by and not kind.settled_by.isdisjoint(node.writes))
        ):
            found.add(node.hash)
        highest[node.hash] = max(known, node.tier) if says and not node.own else known
    return found


def bars(
    kind: Kind, nodes: Iterable[Node], registers: Collection[str], *, own: bool, tier: int
) -> bool:
    """Whether an operation that builds on all of a record's would have no say in it.

    `own` whether its author is of the unit that the record is about, `tier` the author's rank.
    """
    says = says_from_above(kind, registers)
    if own:
        return says
    known = list(nodes)
    heads = {node.hash for node in known} - {parent for node in known for parent in node.par}
    new = Node(b"", tuple(sorted(heads)), dict.fromkeys(registers), own=False, tier=tier)
    return new.hash in outranked(kind, [*known, new])


def says_from_above(kind: Kind, registers: Iterable[str]) -> bool:
    """Whether writing these registers says what only units above may say."""
    return kind.is_ranked and any(layer_of(kind, name) == "review" for name in registers)
