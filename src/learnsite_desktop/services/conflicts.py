"""Conflicts: registers for which two people, not knowing of each other, gave different values."""

from typing import Any

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.fields import DELETED, MapRegister
from learnsite_desktop.domain.ids import b64, canonical
from learnsite_desktop.domain.issue_words import Severity
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.merge import Node
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules import RULES, Context, check_fields, check_rows
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.capture.answers import Answers
from learnsite_desktop.services.capture.plan import References
from learnsite_desktop.services.entries import decode_field, entry_of, registers_of
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

    `field` names a field or register; an object gives a group's fields or a mark's by name. What
    follows from the value (the public birth year) is settled with it. Refuses `conflict_unknown`
    when there is none, `value_unknown` when `keep` is not one of its operations, and
    `value_refused` for a value that could not be entered either.
    """
    register = _register(stored.kind, field)
    if (stored.key, register) not in open_conflicts(workspace.database):
        raise Refusal("conflict_unknown", where=f"{stored.id} {field}")
    if keep:
        nodes = live_nodes(workspace.database, stored.key, register)
        chosen = next((node for node in nodes if b64(node.hash) == keep), None)
        if chosen is None:
            raise Refusal("value_unknown", where=keep)
        writes = _kept(workspace, stored.kind, register, chosen)
    else:
        writes = _given(workspace, stored, register, value)
    if stored.unit != workspace.unit and not why:
        why = "冲突处理"
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("resolve"))
        writer.save(
            kind=stored.kind,
            record=stored.id,
            unit=stored.unit,
            writes=writes,
            verb="resolve",
            why=why,
        )
        return writer.finish()


def _register(kind_name: str, field: str) -> str:
    kind = KINDS.get(kind_name)
    found = kind.by_field.get(field) if kind else None
    return found.key if found else field


def _kept(workspace: Workspace, kind_name: str, register: str, node: Node) -> dict[str, Any]:
    """Return the writes that keep one operation's value; a private one by its commitment."""
    value = node.writes.get(register)
    kind = KINDS[kind_name]
    found = kind.by_register.get(register)
    if found is None:
        return {register: value}
    clear = value
    if found.private:
        clear = workspace.vault.reveal(value) if isinstance(value, str) else None
        value = Repeat(value if isinstance(value, str) else None)
    parts = found.unpack(clear)
    entry = {field.name: decode_field(field, parts[field.name]) for field in found.fields}
    return {**registers_of(kind, entry), register: value}


def _given(workspace: Workspace, stored: StoredRecord, register: str, value: Any) -> dict[str, Any]:
    """Return the writes of a new value, checked as if it had been entered."""
    kind = KINDS[stored.kind]
    found = kind.by_register.get(register)
    if found is None:
        family = kind.map_of(register)
        if family is None:
            return {register: value if value is not False else None}
        return {register: _given_row(workspace, stored, family, register, value)}
    if len(found.fields) == 1:
        entry = {found.fields[0].name: value}
    elif isinstance(value, dict) and set(value) <= {field.name for field in found.fields}:
        entry = {field.name: value.get(field.name) for field in found.fields}
    else:
        raise Refusal("value_refused", where=register, detail=canonical(value).decode("utf-8"))
    context = _context(workspace)
    full = {**entry_of(kind, stored.doc, workspace.vault), **entry, "ref": stored.id}
    for field in kind.fields.values():
        if kind.by_field[field.name].computed:
            full.pop(field.name, None)
    issues = check_fields(kind, full, context)
    if not issues and kind.name in RULES:
        issues = RULES[kind.name](full, context)
    _refuse_errors(register, issues)
    return registers_of(kind, entry)


def _given_row(
    workspace: Workspace, stored: StoredRecord, family: MapRegister, register: str, value: Any
) -> Any:
    """Return a map register's value (a mark) of an object with its fields; null withdraws."""
    if value is None:
        return None
    key = register.removeprefix(family.prefix)
    row = {**value, family.key.name: key} if isinstance(value, dict) else value
    issues = check_rows(KINDS[stored.kind], family, stored.id, [row], _context(workspace))
    _refuse_errors(register, issues)
    return [row.get(field.name) for field in family.fields]


def _context(workspace: Workspace) -> Context:
    return Answers(workspace, References(workspace, workspace.unit, "")).context()


def _refuse_errors(register: str, issues: list[Issue]) -> None:
    """Refuse by the first error; warnings are the business of whoever edits the record."""
    for issue in issues:
        if issue.severity is Severity.ERROR:
            raise Refusal("value_refused", where=register, detail=issue.code)
