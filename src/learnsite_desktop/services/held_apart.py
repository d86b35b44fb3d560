"""What is held apart, with enough beside it for somebody to enter it again."""

from collections.abc import Mapping
from typing import Any, Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.oplog.line import Operation, decode
from learnsite_desktop.services.entries import decode_field
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import verdicts
from learnsite_desktop.store.records import record_by_key

HIDDEN: Final = "***"
"""Stands for a private value other than a record's title; `show --history` opens it."""


def list_held_apart(workspace: Workspace) -> list[dict[str, Any]]:
    """Return operations held apart: what they would set, why they do not count, who wrote them."""
    rows = []
    for item in verdicts.held_apart(workspace.database):
        operation = decode(item.line)
        rows.append(
            {
                "record": record_by_key(workspace.database, item.record).id,
                "code": item.code,
                "batch": item.batch,
                "op": b64(item.hash),
                "unit": operation.un,
                "by": item.author,
                "at": operation.at,
                "operator": operation.u,
                "kind": operation.k,
                "set": _shown(workspace, operation),
            }
        )
    return rows


def _shown(workspace: Workspace, operation: Operation) -> Mapping[str, Any]:
    """Return the fields an operation would set."""
    kind = KINDS.get(operation.kind)
    found: dict[str, Any] = {}
    for name, value in operation.writes().items():
        register = kind.by_register.get(name) if kind else None
        if register is None or kind is None:
            found[name] = value
            continue
        clear = workspace.vault.reveal(value) if register.private else value
        values = register.unpack(clear)
        for field in register.fields:
            told = decode_field(field, values.get(field.name))
            hidden = register.private and told is not None and field.name != kind.title_field
            found[field.name] = HIDDEN if hidden else told
    return found
