"""Which values of a record were put in by a unit above, and whether they are in force.

Reads only; what people do about a correction stands in `services.corrections`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from learnsite_desktop.domain.fields import REASONS, layer_of
from learnsite_desktop.domain.ids import canonical, unb64
from learnsite_desktop.domain.merge import Merged, Node, merge, ready_nodes
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.threeway import past_of, state_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import conflict_rows, lookups
from learnsite_desktop.store.records import LoggedOperation, StoredRecord, operations_of

ACCEPTED: Final = "accepted"
OBJECTED: Final = "objected"
SUPERSEDED: Final = "superseded"
_AGAIN: Final = frozenset({"undo", "resolve"})
OBJECT: Final = "object"
"""The verb of an objection to a correction from above."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that a unit above gave a register of a record, and the one it found there.

    `live`: nobody has written the register since; `kept`: or only to say the same again.
    """

    stored: StoredRecord
    register: str
    item: LoggedOperation
    before: Any
    state: str
    live: bool
    kept: bool

    @property
    def after(self) -> Any:
        """The value that was put in."""
        return self.item.operation.writes()[self.register]


def corrections_of(workspace: Workspace, stored: StoredRecord) -> list[Correction]:
    """Return the corrections of a record, in the order in which they came to this computer.

    What a unit above wrote on a record that it has entered itself corrects nobody.
    """
    ready, _waiting = ready_nodes(conflict_rows.nodes_of(workspace.database, stored.key))
    known = {node.hash: node for node in ready}
    kind = KINDS.get(stored.kind)
    merged = merge(ready, lambda register: layer_of(kind, register) == "fact")
    found: list[Correction] = []
    logged = operations_of(workspace.database, stored.key)
    again = {unb64(item.hash) for item in logged if item.operation.verb in _AGAIN}
    for item in logged:
        name = unb64(item.hash)
        if name not in known or not _is_above(workspace, item.author_unit, stored.unit):
            continue
        past = past_of(known, [name])
        if any(known[one].own for one in past):
            before = state_of(ready, past, lambda register: layer_of(kind, register) == "fact")
            found += _of_operation(stored, item, known[name], before, merged, again)
    return found


def _is_above(workspace: Workspace, author_unit: str, unit: str) -> bool:
    return author_unit != unit and lookups.is_within(workspace.database, unit, author_unit)


def _of_operation(
    stored: StoredRecord,
    item: LoggedOperation,
    node: Node,
    before: Merged,
    merged: Merged,
    again: set[bytes],
) -> Iterator[Correction]:
    kind = KINDS.get(stored.kind)
    for register, after in sorted(node.writes.items()):
        spec = kind.by_register.get(register) if kind else None
        if layer_of(kind, register) != "fact" or register == REASONS or (spec and spec.computed):
            continue
        former = before.shown.get(register)
        if canonical(former) == canonical(after):
            continue
        writers = {one.hash for one in merged.live.get(register, ())}
        live = node.hash in writers
        if register in merged.conflicts and live:
            state = OBJECTED
        elif canonical(merged.shown.get(register)) == canonical(after):
            state = ACCEPTED
        else:
            state = SUPERSEDED
        kept = state == ACCEPTED and (live or writers <= again)
        yield Correction(stored, register, item, former, state, live, kept)


def standing(workspace: Workspace, stored: StoredRecord) -> dict[str, Correction]:
    """Return, by register, the corrections by units above this one that are in force unopposed."""
    if not conflict_rows.has_word_from_above(workspace.database, stored.key, workspace.unit):
        return {}
    return {
        one.register: one
        for one in corrections_of(workspace, stored)
        if one.kept and _is_above(workspace, one.item.author_unit, workspace.unit)
    }


def buried(
    workspace: Workspace, stored: StoredRecord, registers: set[str], par: list[str] | None
) -> list[Correction]:
    """Return the standing corrections that writing these registers would overwrite knowingly.

    `par` are the heads that the author had before him, None for those of now: who never saw a
    correction disputes it, which is no secret.
    """
    found = [one for name, one in standing(workspace, stored).items() if name in registers]
    if par is None or not found:
        return found
    ready, _waiting = ready_nodes(conflict_rows.nodes_of(workspace.database, stored.key))
    known = {node.hash: node for node in ready}
    seen = past_of(known, [unb64(name) for name in par]) | {unb64(name) for name in par}
    return [one for one in found if unb64(one.item.hash) in seen]


def is_decision(workspace: Workspace, one: Correction) -> bool:
    """Return whether a correction knew of an objection to the same register."""
    ready, _waiting = ready_nodes(conflict_rows.nodes_of(workspace.database, one.stored.key))
    past = past_of({node.hash: node for node in ready}, [unb64(one.item.hash)])
    return any(
        item.operation.verb == OBJECT
        and one.register in item.operation.writes()
        and unb64(item.hash) in past
        for item in operations_of(workspace.database, one.stored.key)
    )
