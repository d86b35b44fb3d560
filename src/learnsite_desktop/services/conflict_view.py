"""One conflict in full: the value before, every value with its author, and what depends on it."""

from collections.abc import Callable
from typing import Any

from learnsite_desktop.domain.fields import DELETED, layer_of
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.masking import masked_value
from learnsite_desktop.domain.merge import Node
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.threeway import past_of, state_of
from learnsite_desktop.services.conflicts import (
    EDITED,
    Dispute,
    decided,
    disputed,
    register_of,
    shown,
)
from learnsite_desktop.services.depending import contribution, depending
from learnsite_desktop.services.enrolment import fingerprint
from learnsite_desktop.services.labels import label_of, operator_name, register_label
from learnsite_desktop.services.reveals import note_reveal, require_reason
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.conflict_rows import author_of
from learnsite_desktop.store.records import StoredRecord, open_conflicts

Show = Callable[[str, Any], Any]
"""`show(register, value)`: the value of a register of the record as it may be seen."""


def full_conflict(
    workspace: Workspace,
    stored: StoredRecord,
    field: str,
    *,
    reveal: bool = False,
    why: str = "",
    again: bool = False,
    operator: str = "",
) -> dict[str, Any]:
    """Return an open conflict in full; private values masked unless revealed, which is noted.

    With `again` also one that has been decided, as whoever decided it saw it.

    Each value says who gave it, when, why, for which unit, on which computer; `saw` is what its
    author had before him, `knew` which of the other values. Against a deletion every edit lists
    what it changed. Revealing wants a workspace open for writing. Refuses `conflict_unknown` and
    `reveal_reason_missing`.
    """
    register = register_of(stored.kind, field)
    is_open = (stored.key, register) in open_conflicts(workspace.database)
    former = decided(workspace, stored, register) if again and not is_open else None
    if not is_open and former is None:
        raise Refusal("conflict_unknown", where=f"{stored.id} {field}")
    if reveal:
        asked = {"conflict": stored.kind, "field": register}
        note_reveal(
            workspace,
            [stored],
            asked=asked,
            operator=operator,
            why=require_reason(why, stored.id),
        )
    found = former or disputed(workspace, stored, register)
    show = shower(workspace, stored.kind, reveal=reveal)
    return {
        "record": stored.id,
        "kind": stored.kind,
        "field": register,
        "label": label_of(workspace, stored),
        "field_label": register_label(workspace, stored.kind, register),
        "unit": stored.unit,
        "masked": not reveal and _is_private(stored.kind, register),
        "base": show(register, found.base.shown.get(register)),
        "base_disputed": register in found.base.conflicts,
        "values": [_value(workspace, found, node, show) for node in found.nodes],
        "shown": False if register == DELETED else show(register, found.merged.shown.get(register)),
        "depends": depending(workspace, stored, register),
    }


def shower(workspace: Workspace, kind_name: str, *, reveal: bool) -> Show:
    """Return what shows register values of a kind: private ones masked unless `reveal`."""
    kind = KINDS.get(kind_name)

    def show(register: str, value: Any) -> Any:
        seen = shown(workspace, kind_name, register, value)
        found = kind.by_register.get(register) if kind else None
        if found is None or not found.private or reveal or seen is None:
            return seen
        return masked_value(found, seen)

    return show


def _is_private(kind_name: str, register: str) -> bool:
    kind = KINDS.get(kind_name)
    return kind is not None and kind.is_private(register)


def _value(workspace: Workspace, found: Dispute, node: Node, show: Show) -> dict[str, Any]:
    item = found.logged[b64(node.hash)]
    past = past_of(found.known, [node.hash])
    register = found.register
    edited = register == DELETED and register not in node.writes
    before = state_of(list(found.known.values()), past, _facts(found.stored.kind))
    row: dict[str, Any] = {
        "value": EDITED if edited else show(register, node.writes[register]),
        "op": item.hash,
        "unit": item.author_unit,
        "operator": item.operation.u,
        "at": item.operation.at,
        "why": workspace.vault.reveal(item.operation.why or None),
        "saw": [show(register, other.writes[register]) for other in before.live.get(register, ())],
        "knew": [b64(other.hash) for other in found.nodes if other.hash in past],
        **author(workspace, node.hash, item.operation.u),
    }
    if edited:
        row["changes"] = [
            {
                "field": name,
                "label": register_label(workspace, found.stored.kind, name),
                "before": show(name, before.shown.get(name)),
                "after": show(name, value),
            }
            for name, value in sorted(node.writes.items())
        ]
    adds = contribution(workspace, found.stored, register, node.writes.get(register))
    if adds is not None:
        row["adds"] = adds
    return row


def author(workspace: Workspace, name: bytes, operator: str) -> dict[str, str]:
    """Return who wrote an operation: operator's and unit's name, fingerprint of the computer."""
    device, unit = author_of(workspace.database, name) or (b"", "")
    return {
        "operator_name": operator_name(workspace, operator),
        "unit_name": unit,
        "computer": fingerprint(device) if device else "",
    }


def _facts(kind_name: str) -> Callable[[str], bool]:
    kind = KINDS.get(kind_name)
    return lambda register: layer_of(kind, register) == "fact"
