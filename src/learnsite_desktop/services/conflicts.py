"""Conflicts: registers for which two people, not knowing of each other, gave different values."""

from dataclasses import dataclass
from typing import Any

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.fields import DELETED, MapRegister, layer_of
from learnsite_desktop.domain.ids import b64, canonical
from learnsite_desktop.domain.issue_words import Severity
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.merge import Merged, Node, merge, ready_nodes
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules import RULES, Context, check_fields, check_rows
from learnsite_desktop.domain.threeway import common_past, past_of, state_of
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services.capture.answers import Answers
from learnsite_desktop.services.capture.plan import References
from learnsite_desktop.services.conflict_children import follow
from learnsite_desktop.services.corrected import OBJECT
from learnsite_desktop.services.entries import decode_field, entry_of, registers_of
from learnsite_desktop.services.labels import label_of
from learnsite_desktop.services.standing_words import require_may_write
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Repeat, Writer
from learnsite_desktop.store.conflict_rows import nodes_of
from learnsite_desktop.store.records import (
    LoggedOperation,
    StoredRecord,
    live_nodes,
    open_conflicts,
    operations_of,
    record_by_key,
)

EDITED = "edited"


def list_conflicts(workspace: Workspace) -> list[dict[str, Any]]:
    """Return open conflicts: the value before, all values with who and when, the one shown."""
    return [
        disputed(workspace, record_by_key(workspace.database, key), register).row(workspace)
        for key, register in open_conflicts(workspace.database)
    ]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A register in conflict: `nodes` hold its values, `base` is the state all authors knew.

    `known` are all operations of the record that take part in merging, by hash.
    """

    stored: StoredRecord
    register: str
    nodes: list[Node]
    base: Merged
    merged: Merged
    known: dict[bytes, Node]
    logged: dict[str, LoggedOperation]

    def row(self, workspace: Workspace) -> dict[str, Any]:
        """Return the conflict as lists show it."""
        kind, register = self.stored.kind, self.register
        return {
            "record": self.stored.id,
            "kind": kind,
            "field": register,
            "label": label_of(workspace, self.stored),
            "base": self.base_value(workspace),
            "values": [self._value(workspace, node) for node in self.nodes],
            "shown": False
            if register == DELETED
            else shown(workspace, kind, register, self.merged.shown.get(register)),
        }

    def base_value(self, workspace: Workspace) -> Any:
        """Return the value of the nearest state that all authors had before them."""
        return shown(workspace, self.stored.kind, self.register, self.base.shown.get(self.register))

    def _value(self, workspace: Workspace, node: Node) -> dict[str, Any]:
        item = self.logged[b64(node.hash)]
        return {
            "value": value_of(workspace, self.stored.kind, self.register, node),
            "op": item.hash,
            "unit": item.author_unit,
            "operator": item.operation.u,
            "at": item.operation.at,
        }


def disputed(workspace: Workspace, stored: StoredRecord, register: str) -> Dispute:
    """Return a conflict that is open, with what its authors knew."""
    database = workspace.database
    ready, _waiting = ready_nodes(nodes_of(database, stored.key))
    known = {node.hash: node for node in ready}
    kind = KINDS.get(stored.kind)

    def is_fact(name: str) -> bool:
        return layer_of(kind, name) == "fact"

    merged = merge(ready, is_fact)
    nodes = list(merged.live.get(register, []))
    if register == DELETED:
        nodes += [node for node in merged.rivals if node not in nodes]
    past = common_past(known, [node.hash for node in nodes])
    logged = {item.hash: item for item in operations_of(database, stored.key)}
    base = state_of(ready, past, is_fact)
    return Dispute(stored, register, nodes, base, merged, known, logged)


def decided(workspace: Workspace, stored: StoredRecord, register: str) -> Dispute | None:
    """Return the newest conflict of a register that somebody has decided, as he saw it; or None."""
    ready, _waiting = ready_nodes(nodes_of(workspace.database, stored.key))
    known = {node.hash: node for node in ready}
    logged = {item.hash: item for item in operations_of(workspace.database, stored.key)}
    kind = KINDS.get(stored.kind)

    def is_fact(name: str) -> bool:
        return layer_of(kind, name) == "fact"

    deciding = [node for node in ready if register in node.writes and len(node.par) > 1]
    for node in sorted(deciding, key=lambda one: -logged[b64(one.hash)].key):
        before = state_of(ready, past_of(known, [node.hash]), is_fact)
        if register not in before.conflicts:
            continue
        nodes = list(before.live.get(register, ()))
        if register == DELETED:
            nodes += [one for one in before.rivals if one not in nodes]
        past = common_past(known, [one.hash for one in nodes])
        base, now = state_of(ready, past, is_fact), merge(ready, is_fact)
        return Dispute(stored, register, nodes, base, now, known, logged)
    return None


def value_of(workspace: Workspace, kind: str, register: str, node: Node) -> Any:
    """Return what one operation says of a register; an edit that faces a deletion is `edited`."""
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
    again: bool = False,
    operator: str = "",
) -> ChangeSet:
    """Close a conflict by keeping one operation's value, or by a new value.

    With `again` also one that has been decided: `keep` then names a value that was in dispute.

    `field` names a field or register; an object gives a group's fields or a mark's by name. What
    follows from the value (the public birth year) is settled with it. Refuses `conflict_unknown`
    when there is none, `value_unknown` when `keep` is not one of its operations, and
    `value_refused` for a value that could not be entered either, and `objection_pending` where
    this unit has objected to a correction: then it may only give way, and `word_from_above`.
    """
    register = register_of(stored.kind, field)
    nodes = live_nodes(workspace.database, stored.key, register)
    if (stored.key, register) not in open_conflicts(workspace.database):
        former = decided(workspace, stored, register) if again else None
        if former is None:
            raise Refusal("conflict_unknown", where=f"{stored.id} {field}")
        nodes = former.nodes
    if keep:
        chosen = next((node for node in nodes if b64(node.hash) == keep), None)
        if chosen is None:
            raise Refusal("value_unknown", where=keep)
        writes = kept_writes(workspace, stored.kind, register, chosen.writes.get(register))
    else:
        writes = _given(workspace, stored, register, value)
    if not _may_decide(workspace, stored, register, keep):
        raise Refusal("objection_pending", where=f"{stored.id} {field}")
    require_may_write(workspace, stored.kind, stored.id, writes)
    why = why or ("" if stored.unit == workspace.unit else "冲突处理")
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
        if register == DELETED:
            for name, record, gone in follow(workspace, stored, deleted=bool(writes[DELETED])):
                writer.save(
                    kind=name,
                    record=record,
                    unit=stored.unit,
                    writes={DELETED: gone or None},
                    verb="delete" if gone else "resolve",
                    why=why,
                )
        return writer.finish()


def _may_decide(workspace: Workspace, stored: StoredRecord, register: str, keep: str) -> bool:
    """Return whether this unit may close a conflict in this way.

    Whoever has objected to a correction from above leaves the decision to whoever corrected.
    """
    if stored.unit != workspace.unit:
        return True
    logged = {item.hash: item for item in operations_of(workspace.database, stored.key)}
    nodes = live_nodes(workspace.database, stored.key, register)
    items = [logged[b64(node.hash)] for node in nodes]
    objected = any(item.operation.verb == OBJECT for item in items)
    from_above = {item.hash for item in items if item.author_unit != stored.unit}
    return not (objected and from_above) or keep in from_above


def register_of(kind_name: str, field: str) -> str:
    """Return the register that holds a field; registers and marks are named as they are."""
    kind = KINDS.get(kind_name)
    found = kind.by_field.get(field) if kind else None
    return found.key if found else field


def kept_writes(workspace: Workspace, kind_name: str, register: str, value: Any) -> dict[str, Any]:
    """Return the writes that repeat a register value as operations hold it, with what follows.

    A private one is repeated by its commitment.
    """
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
            raise Refusal("value_refused", where=register, detail=issue.shown(render)["message"])
