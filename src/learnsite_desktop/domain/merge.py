"""Merging: a pure function of the set of operations on one record.

Every register is a multi-value register: a write is *live* unless a descendant wrote the register
again. More than one distinct live value is an open conflict; all values stay, one is shown by a
fixed rule. Neither clocks nor the order of arrival have any part in it (design D2, D3).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from learnsite_desktop.domain.fields import DELETED, OUTCOME_PREFIX, REVIEW_PREFIX
from learnsite_desktop.domain.ids import canonical

MAX_HEADS: Final = 64
_AT_ONCE: Final = 1024
"""How many deletions are compared with all edits at once: one bit of each operation's for each."""
_REGISTERS_AT_ONCE: Final = 4096
"""How many registers are followed through a record at once: one bit for each."""
TIER_RANK: Final = {"village": 0, "township": 1, "county": 2, "city": 3, "province": 4}


@dataclass(frozen=True, slots=True)
class Node:
    """One operation as merging sees it.

    `own` whether its author's certificate belongs to the record's unit; `tier` the author's tier
    rank (higher is further up). `writes` holds commitments for private registers.
    """

    hash: bytes
    par: tuple[bytes, ...]
    writes: Mapping[str, object]
    own: bool = True
    tier: int = 0


@dataclass(slots=True)
class Merged:
    """The state of one record.

    `live`: register → nodes whose write is live; `shown`: register → value by the fixed rule;
    `conflicts`: registers with more than one distinct live value (`_deleted` when a deletion and
    an edit do not know of each other); `rivals`: the edits a live deletion does not know.
    """

    heads: list[bytes] = field(default_factory=list)
    live: dict[str, list[Node]] = field(default_factory=dict)
    shown: dict[str, object] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    rivals: list[Node] = field(default_factory=list)
    frozen: bool = False

    @property
    def deleted(self) -> bool:
        """Whether the record is deleted; while that is disputed it is not."""
        return bool(self.shown.get(DELETED)) and DELETED not in self.conflicts


def ready_nodes(nodes: Iterable[Node]) -> tuple[list[Node], list[Node]]:
    """Split nodes into those all of whose ancestors are present, parents first, and the rest.

    Linear in the number of nodes and edges; each group ordered independently of the input's order.
    """
    by_hash = {node.hash: node for node in nodes}
    missing = {node.hash: len(node.par) for node in by_hash.values()}
    children: dict[bytes, list[bytes]] = {}
    for node in by_hash.values():
        for parent in node.par:
            children.setdefault(parent, []).append(node.hash)
    stack = sorted((name for name, count in missing.items() if count == 0), reverse=True)
    ready: list[Node] = []
    while stack:
        name = stack.pop()
        ready.append(by_hash[name])
        for child in sorted(children.get(name, ()), reverse=True):
            missing[child] -= 1
            if missing[child] == 0:
                stack.append(child)
    done = {node.hash for node in ready}
    return ready, sorted(
        (node for node in by_hash.values() if node.hash not in done), key=lambda node: node.hash
    )


def merge(ready: Sequence[Node], is_fact: Callable[[str], bool]) -> Merged:
    """Return the state that `ready` operations (parents first) give.

    Walks from the newest operations back, carrying the set of registers that descendants have
    written; on a linear history that set is handed on, not copied, so the cost is linear.
    """
    children = {node.hash: 0 for node in ready}
    for node in ready:
        for parent in node.par:
            children[parent] += 1
    merged = Merged(heads=sorted(name for name, count in children.items() if count == 0))
    merged.live = _live(ready)
    _find_conflicts(merged, ready, is_fact)
    if not is_fact(DELETED):
        _let_the_higher_speak(merged, ready, is_fact)
    merged.frozen = len(merged.heads) > MAX_HEADS
    return merged


def _live(ready: Sequence[Node]) -> dict[str, list[Node]]:
    """Return for each register the operations whose write no descendant has overwritten."""
    overwritten: dict[bytes, set[str]] = {}
    for own in _written_again(ready):
        _note_overwritten(ready, own, overwritten)
    live: dict[str, list[Node]] = {}
    for node in reversed(ready):
        gone = overwritten.get(node.hash, ())
        for register in node.writes:
            if register not in gone:
                live.setdefault(register, []).append(node)
    return live


def _written_again(ready: Sequence[Node]) -> list[dict[bytes, list[tuple[str, int]]]]:
    """Return, some registers at a time, what operations write of them: (register, its bit).

    Only registers that more than one operation writes: nothing overwrites the others.
    """
    places: dict[str, int] = {}
    written: set[str] = set()
    for node in ready:
        for register in node.writes.keys() & written:
            places.setdefault(register, len(places))
        written.update(node.writes)
    found: list[dict[bytes, list[tuple[str, int]]]] = [
        {} for _first in range(0, len(places), _REGISTERS_AT_ONCE)
    ]
    for node in ready:
        for register in node.writes:
            if register in places:
                part, place = divmod(places[register], _REGISTERS_AT_ONCE)
                found[part].setdefault(node.hash, []).append((register, 1 << place))
    return found


def _note_overwritten(
    ready: Sequence[Node],
    own: Mapping[bytes, Sequence[tuple[str, int]]],
    found: dict[bytes, set[str]],
) -> None:
    """Add to `found` which of an operation's writes (`own`) descendants wrote again.

    What descendants have written is carried as one bit for each register: a crafted record may have
    as many registers as operations, and each operation many parents.
    """
    after: dict[bytes, int] = {}
    for node in reversed(ready):
        later = after.pop(node.hash, 0)
        writes = own.get(node.hash, ())
        gone = [register for register, bit in writes if later & bit]
        if gone:
            found.setdefault(node.hash, set()).update(gone)
        for _register, bit in writes:
            later |= bit
        if later:
            for parent in node.par:
                after[parent] = after.get(parent, 0) | later


def _find_conflicts(merged: Merged, ready: Sequence[Node], is_fact: Callable[[str], bool]) -> None:
    for register, nodes in merged.live.items():
        nodes.sort(key=lambda node: node.hash)
        merged.shown[register] = shown_value(register, nodes, is_fact)
        distinct = {canonical(node.writes[register]) for node in nodes}
        if len(distinct) > 1 and not register.startswith(OUTCOME_PREFIX):
            merged.conflicts.append(register)
    deletions = [node for node in merged.live.get(DELETED, ()) if node.writes[DELETED]]
    # One head alone proves nothing: an operation that knew both sides may have left it open.
    if deletions:
        merged.rivals = _unaware_edits(deletions, ready, is_fact)
        if merged.rivals and DELETED not in merged.conflicts:
            merged.conflicts.append(DELETED)
    merged.conflicts.sort()


def _unaware_edits(
    deletions: Sequence[Node], ready: Sequence[Node], is_fact: Callable[[str], bool]
) -> list[Node]:
    """Return operations that are neither ancestor nor descendant of a deletion.

    Those that say what the record is about; verdicts upon it and outcomes hold up no deletion.
    """
    beside = (REVIEW_PREFIX, OUTCOME_PREFIX)
    edits = [
        node
        for node in ready
        if any(
            name != DELETED and (is_fact(name) or not name.startswith(beside))
            for name in node.writes
        )
    ]
    found: dict[bytes, Node] = {}
    for start in range(0, len(deletions), _AT_ONCE):
        part = deletions[start : start + _AT_ONCE]
        related, everyone = _related(part, ready), (1 << len(part)) - 1
        found |= {node.hash: node for node in edits if related[node.hash] != everyone}
    return [found[name] for name in sorted(found)]


def _let_the_higher_speak(
    merged: Merged, ready: Sequence[Node], is_fact: Callable[[str], bool]
) -> None:
    """In a record made from above, show nothing that a tier said beside the word of a higher one.

    Neither knew of the other: what was said less high and otherwise is kept as a conflict and not
    shown.
    """

    def says(name: str) -> bool:
        return not is_fact(name) and not name.startswith((REVIEW_PREFIX, OUTCOME_PREFIX))

    speakers = [node for node in ready if not node.own and any(map(says, node.writes))]
    void: set[bytes] = set()
    for tier in sorted({node.tier for node in speakers})[:-1]:
        higher = [node for node in speakers if node.tier > tier]
        lower = [node.hash for node in speakers if node.tier == tier]
        for start in range(0, len(higher), _AT_ONCE):
            part = higher[start : start + _AT_ONCE]
            related, everyone = _related(part, ready), (1 << len(part)) - 1
            void.update(name for name in lower if related[name] != everyone)
    if not void:
        return
    rest = _live(
        [
            replace(node, writes={k: v for k, v in node.writes.items() if not says(k)})
            if node.hash in void
            else node
            for node in ready
        ]
    )
    for register in [name for name in merged.live if says(name)]:
        unheard = [node for node in merged.live[register] if node.hash in void]
        if not unheard:
            continue
        if register in rest:
            stands = merged.shown[register] = shown_value(register, rest[register], is_fact)
            if all(canonical(node.writes[register]) == canonical(stands) for node in unheard):
                continue
        else:
            del merged.shown[register]
        merged.conflicts = sorted({*merged.conflicts, register})


def _related(some: Sequence[Node], ready: Sequence[Node]) -> dict[bytes, int]:
    """Return for each operation, as bits, which of `some` it is, builds on or is built on by."""
    own = {node.hash: 1 << place for place, node in enumerate(some)}
    before: dict[bytes, int] = {}
    for node in ready:
        bits = own.get(node.hash, 0)
        for parent in node.par:
            bits |= before[parent]
        before[node.hash] = bits
    after = dict.fromkeys(before, 0)
    for node in reversed(ready):
        bits = after[node.hash] = after[node.hash] | own.get(node.hash, 0)
        for parent in node.par:
            after[parent] |= bits
    return {name: bits | after[name] for name, bits in before.items()}


def shown_value(
    register: str, nodes: Sequence[Node], is_fact: Callable[[str], bool] = lambda _name: True
) -> object:
    """Return the one value shown of a register with these live writers.

    Outcomes: the earliest. Review registers, those of records made by units above too: the higher
    tier first. Facts: an author of the record's own unit first. Then the bytewise greater hash.
    """
    if register.startswith(OUTCOME_PREFIX):
        return min((node.writes[register] for node in nodes), key=str)
    if register.startswith(REVIEW_PREFIX) or not is_fact(register):
        return max(nodes, key=lambda node: (node.tier, node.hash)).writes[register]
    return max(nodes, key=lambda node: (node.own, node.hash)).writes[register]
