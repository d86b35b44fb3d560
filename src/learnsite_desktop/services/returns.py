"""Returns: a tier above asks for a field to be put right; the fix closes the return by its id."""

from typing import Any

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import (
    StoredRecord,
    children_of,
    record_by_key,
    records_of_kind,
)

WHOLE_RECORD = "*"


def close_returns(
    workspace: Workspace,
    writer: Writer,
    record: str,
    registers: set[str],
    operation: str,
    *,
    whole: bool = False,
) -> None:
    """Close the open returns on a record's fields that `operation` has written; `whole`: on all.

    Only the record's own unit closes: a change from above is not an answer to itself.
    """
    ident = workspace.idents.find(record)
    for key in lookups.open_returns(workspace.database, ident):
        found = record_by_key(workspace.database, key)
        if found.unit == workspace.unit and (whole or _answers(found, registers)):
            writer.save(
                kind="return",
                record=found.id,
                unit=found.unit,
                writes={"closed_by": operation},
                verb="close",
            )


def _answers(found: StoredRecord, registers: set[str]) -> bool:
    field = found.doc.get("field")
    if field == WHOLE_RECORD:
        return bool(registers)
    for kind in KINDS.values():
        register = kind.by_field.get(str(field))
        if register is not None and register.key in registers:
            return True
    return field in registers or (
        field == "rows" and any(register.startswith("a:") for register in registers)
    )


def return_record(
    workspace: Workspace,
    target: StoredRecord,
    field: str,
    *,
    reason: str,
    text: str,
    operator: str,
) -> tuple[str, ChangeSet]:
    """Return one field of a record to its unit; gives the return's id.

    Refuses `return_not_below` for a record of this unit, `field_unknown`, `reason_unknown`,
    `text_missing`.
    """
    kind = KINDS[target.kind]
    if target.unit == workspace.unit:
        raise Refusal("return_not_below", where=target.id)
    if field not in kind.fields and field not in (WHOLE_RECORD, "rows"):
        raise Refusal("field_unknown", where=field, kind=kind.name)
    if not shipped_codes().has("return_reason", reason):
        raise Refusal("reason_unknown", where=reason)
    if not text.strip():
        raise Refusal("text_missing", where="text")
    name = b64(workspace.tokens(RECORD_ID_BYTES))
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("return"))
        writer.save(
            kind="return",
            record=name,
            unit=target.unit,
            writes={
                "record": target.id,
                "field": field,
                "reason": reason,
                "text": text.strip(),
                "tier": workspace.tier,
            },
        )
        return name, writer.finish()


def list_returns(workspace: Workspace, target: StoredRecord | None = None) -> list[dict[str, Any]]:
    """Return all returns held here, or those on one record: open ones first, then closed."""
    rows = []
    about = None if target is None else target.id
    held = (
        records_of_kind(workspace.database, "return")
        if about is None
        else children_of(workspace.database, about, "return", "record")
    )
    for found in held:
        closed = found.doc.get("closed_by")
        rows.append(
            {
                "id": found.id,
                "record": found.doc.get("record"),
                "field": found.doc.get("field"),
                "reason": found.doc.get("reason"),
                "text": workspace.vault.reveal(found.doc.get("text")),
                "unit": found.unit,
                "tier": found.doc.get("tier"),
                "state": "closed" if closed else "open",
                "closed_by": closed,
            }
        )
    return sorted(rows, key=lambda row: row["state"] == "closed")
