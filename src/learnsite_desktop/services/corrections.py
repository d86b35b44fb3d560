"""Corrections: what units above have changed in a unit's own records, and objecting to it.

A unit above corrects facts with a reason; the correction comes down with everything else. The
record's own unit may let it stand, overwrite it with a reason of its own, or object: the objection
repeats the value that stood there before, as an operation that stands beside the correction. So it
opens an ordinary conflict, at every tier, which the unit above decides.
"""

from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.conflict_view import Show, author, shower
from learnsite_desktop.services.conflicts import kept_writes, register_of
from learnsite_desktop.services.corrected import (
    OBJECT,
    OBJECTED,
    Correction,
    corrections_of,
    is_decision,
    standing,
)
from learnsite_desktop.services.labels import label_of, register_label
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import conflict_rows, settings
from learnsite_desktop.store.records import StoredRecord, record_by_key

_SEEN: Final = "corrections_seen"


def list_corrections(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the corrections from above of this unit's records and those below, newest last.

    Private values are masked. `new` are those that came since `mark_seen`.
    """
    seen = int(settings.read(workspace.database, _SEEN, "0"))
    by_record: dict[int, set[int]] = {}
    for key, record in conflict_rows.from_above(workspace.database, workspace.unit):
        by_record.setdefault(record, set()).add(key)
    rows = []
    for record in by_record:
        stored = record_by_key(workspace.database, record)
        show = shower(workspace, stored.kind, reveal=False)
        rows += [_row(workspace, one, show, seen) for one in corrections_of(workspace, stored)]
    rows.sort(key=lambda row: (row.pop("place"), row["field"]))
    return rows


def _row(workspace: Workspace, one: Correction, show: Show, seen: int) -> dict[str, Any]:
    operation = one.item.operation
    who = author(workspace, unb64(one.item.hash), operation.u)
    return {
        "place": one.item.key,
        "op": one.item.hash,
        "record": one.stored.id,
        "kind": one.stored.kind,
        "label": label_of(workspace, one.stored),
        "field": one.register,
        "field_label": register_label(workspace, one.stored.kind, one.register),
        "before": show(one.register, one.before),
        "after": show(one.register, one.after),
        "by": one.item.author_unit,
        "by_name": who["unit_name"],
        "operator": operation.u,
        "operator_name": who["operator_name"],
        "reason": workspace.vault.reveal(operation.why or None),
        "at": operation.at,
        "state": one.state,
        "new": one.item.key > seen and one.stored.unit == workspace.unit,
    }


def mark_seen(workspace: Workspace) -> None:
    """Note that somebody has gone through the corrections that are here now."""
    found = conflict_rows.from_above(workspace.database, workspace.unit)
    with workspace.database.transaction():
        settings.write(workspace.database, _SEEN, str(max((key for key, _one in found), default=0)))


def object_to(
    workspace: Workspace, stored: StoredRecord, field: str, *, why: str, operator: str = ""
) -> ChangeSet:
    """Object to the correction of a field: what stood there before stands beside it again.

    Refuses `reason_missing`, `objection_not_own` for a record of another unit, `objection_open`
    where the field is in dispute already, `correction_unknown` where no correction is in force or
    this unit has let it stand, and `correction_decided` where the unit above has decided about an
    objection.
    """
    if not why.strip():
        raise Refusal("reason_missing", where=stored.id)
    if stored.unit != workspace.unit:
        raise Refusal("objection_not_own", where=stored.id)
    register = register_of(stored.kind, field)
    found = [one for one in corrections_of(workspace, stored) if one.register == register]
    if any(one.state == OBJECTED for one in found):
        raise Refusal("objection_open", where=f"{stored.id} {field}")
    one = standing(workspace, stored).get(register)
    if one is None or not one.live:
        raise Refusal("correction_unknown", where=f"{stored.id} {field}")
    if is_decision(workspace, one):
        raise Refusal("correction_decided", where=f"{stored.id} {field}")
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("objection"))
        writer.save(
            kind=stored.kind,
            record=stored.id,
            unit=stored.unit,
            writes=kept_writes(workspace, stored.kind, register, one.before),
            verb=OBJECT,
            why=why.strip(),
            par=one.item.operation.par,
        )
        return writer.finish()
