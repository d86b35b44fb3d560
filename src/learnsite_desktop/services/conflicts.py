"""Conflicts: registers for which two people, not knowing of each other, gave different values."""

from typing import Any

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.fields import DELETED
from learnsite_desktop.domain.ids import b64, canonical
from learnsite_desktop.domain.merge import Node
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.entries import decode_field, registers_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Repeat, Writer
from learnsite_desktop.store.records import (
    StoredRecord,
    live_nodes,
    merged_state,
    merged_without,
    open_conflicts,
    operations_of,
    record_by_key,
)

EDITED = "edited"


def list_conflicts(workspace: Workspace) -> list[dict[str, Any]]:
    """Return open conflicts: the value before, all values with who and when, the one shown."""
    return [
        _conflict(workspace, record_by_key(workspace.database, key), register)
        for key, register in open_conflicts(workspace.database)
    ]


def _conflict(workspace: Workspace, stored: StoredRecord, register: str) -> dict[str, Any]:
    database = workspace.database
    nodes = live_nodes(database, stored.key, register)
    logged = {item.hash: item for item in operations_of(database, stored.key)}
    base = merged_without(database, stored.key, {node.hash for node in nodes})
    values = []
    for node in nodes:
        item = logged[b64(node.hash)]
        values.append(
            {
                "value": _value_of(workspace, stored.kind, register, node),
                "op": item.hash,
                "unit": item.author_unit,
                "operator": item.operation.u,
                "at": item.operation.at,
            }
        )
    merged = merged_state(database, stored.key)
    return {
        "record": stored.id,
        "kind": stored.kind,
        "field": register,
        "base": shown(workspace, stored.kind, register, base.shown.get(register)),
        "values": values,
        "shown": False
        if register == DELETED
        else shown(workspace, stored.kind, register, merged.shown.get(register)),
    }


def _value_of(workspace: Workspace, kind: str, register: str, node: Node) -> Any:
    if register == DELETED and register not in node.writes:
        return EDITED
    return shown(workspace, kind, register, node.writes[register])


def shown(workspace: Workspace, kind_name: str, register: str, value: Any) -> Any:
    """Return a register value as people see it: private ones opened, groups as objects."""
    kind = KINDS.get(kind_name)
    found = kind.by_register.get(register) if kind else None
    if found is None:
        return value
    clear = workspace.vault.reveal(value) if found.private else value
    if clear is None:
        return None
    parts = found.unpack(clear)
    if len(found.fields) == 1:
        return decode_field(found.fields[0], parts[found.fields[0].name])
    return {field.name: decode_field(field, parts[field.name]) for field in found.fields}


def resolve(
    workspace: Workspace,
    stored: StoredRecord,
    field: str,
    *,
    keep: str = "",
    value: Any = None,
    why: str = "",
    operator: str = "",
) -> ChangeSet:
    """Close a conflict by keeping one operation's value, or by a new value.

    `field` names a field or register. Refuses `conflict_unknown` when there is none, and
    `value_unknown` when `keep` is not one of its operations.
    """
    register = _register(stored.kind, field)
    if (stored.key, register) not in open_conflicts(workspace.database):
        raise Refusal("conflict_unknown", where=f"{stored.id} {field}")
    if keep:
        nodes = live_nodes(workspace.database, stored.key, register)
        chosen = next((node for node in nodes if b64(node.hash) == keep), None)
        if chosen is None:
            raise Refusal("value_unknown", where=keep)
        write = _kept(stored.kind, register, chosen)
    else:
        write = _given(stored.kind, register, value)
    if stored.unit != workspace.unit and not why:
        why = "冲突处理"
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("resolve"))
        writer.save(
            kind=stored.kind,
            record=stored.id,
            unit=stored.unit,
            writes={register: write},
            verb="resolve",
            why=why,
        )
        return writer.finish()


def _register(kind_name: str, field: str) -> str:
    kind = KINDS.get(kind_name)
    found = kind.by_field.get(field) if kind else None
    return found.key if found else field


def _kept(kind: str, register: str, node: Node) -> Any:
    value = node.writes.get(register)
    if KINDS[kind].is_private(register):
        return Repeat(value if isinstance(value, str) else None)
    return value


def _given(kind_name: str, register: str, value: Any) -> Any:
    """Return a new value as the register holds it; an object gives a group's fields by name."""
    kind = KINDS[kind_name]
    found = kind.by_register.get(register)
    if found is None:
        return value if value is not False else None
    if len(found.fields) == 1:
        entry = {found.fields[0].name: value}
    elif isinstance(value, dict):
        entry = value
    else:
        raise Refusal("value_unknown", where=canonical(value).decode("utf-8"))
    return registers_of(kind, entry).get(found.key)
