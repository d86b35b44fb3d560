"""Drafts: every committed field is durable at once; leaving the record makes one operation.

A draft is local: it is never counted, never travels, and rests sealed. It remembers the heads that
the record had when its editor was opened, so that a value the clerk never saw is not overwritten.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64, canonical, unb64
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.capture.apply import (
    CaptureResult,
    MakeItems,
    check_items,
    save_items,
)
from learnsite_desktop.services.capture.edits import edit_item
from learnsite_desktop.services.capture.plan import Item, References, plan_entry
from learnsite_desktop.services.enrolment import own_revocation
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.plans import Plan, completed
from learnsite_desktop.services.receipted import is_received
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import drafts, lookups
from learnsite_desktop.store.records import StoredRecord, find_record, heads_of, merged_at

ROWS: Final = "rows"
"""The name under which a draft keeps a session's roll call."""
PLAN: Final = "plan"
"""The name under which a draft keeps what is saved together with an activity (`services.plans`)."""
_BESIDE: Final = {"session": ROWS, "activity": PLAN}


def commit_field(
    workspace: Workspace,
    kind: str,
    record: str | None,
    field: str,
    value: Any,
    *,
    operator: str = "",
) -> str:
    """Keep one field of a record that is being edited (a new one if `record` is None).

    Durable when this returns. Returns the record's id. Refuses `field_unknown`.
    """
    return commit_fields(workspace, kind, record, {field: value}, operator=operator)


def commit_fields(
    workspace: Workspace,
    kind: str,
    record: str | None,
    values: Mapping[str, Any],
    *,
    operator: str = "",
    heads: Sequence[str] | None = None,
) -> str:
    """Keep several fields of a record as one gesture: one transaction, one disk barrier.

    `rows` stands for the whole roll call of a session, in the shape of capture files, `plan` for
    what goes with an activity, as `Plan.kept` gives it. `heads` are
    the record's heads when its editor was opened (now, if None). A second editor of the same
    record joins its draft. Returns the record's id. Refuses `field_unknown`.
    """
    for field in values:
        if field not in KINDS[kind].fields and field != _BESIDE.get(kind):
            raise Refusal("field_unknown", where=field, kind=kind)
    name = record or b64(workspace.tokens(RECORD_ID_BYTES))
    with workspace.database.transaction():
        held = drafts.get(workspace.database, unb64(name))
        if held is None:
            stored = find_record(workspace.database, name, kind)
            if heads is None:
                heads = heads_of(workspace.database, stored.key) if stored else []
            unit = stored.unit if stored else workspace.acting
            par = json.dumps(list(heads))
            held = drafts.Draft(unb64(name), kind, unit, par, b"", "", operator)
        sealed = workspace.vault.seal(
            canonical({**_values(workspace, held), **values}), held.record
        )
        drafts.put(workspace.database, held.with_content(sealed, workspace.now(), operator))
    return name


def _values(workspace: Workspace, draft: drafts.Draft) -> dict[str, Any]:
    if not draft.sealed:
        return {}
    found: dict[str, Any] = json.loads(workspace.vault.unseal(draft.sealed, draft.record))
    return found


def draft_values(workspace: Workspace, record: str) -> dict[str, Any]:
    """Return the fields kept in a record's draft, {} if there is none."""
    held = drafts.get(workspace.database, unb64(record))
    return _values(workspace, held) if held else {}


def discard(workspace: Workspace, record: str) -> None:
    """Drop a record's draft."""
    with workspace.database.transaction():
        drafts.remove(workspace.database, unb64(record))


def finish(
    workspace: Workspace, record: str, *, operator: str = "", why: str = ""
) -> CaptureResult:
    """Turn a record's draft into one operation; a draft that may not be saved stays.

    The result's issues say what is missing. Without a draft nothing happens. `why` is the reason
    of a correction; whoever has a person to ask asks `wants_reason` first.
    """
    held = drafts.get(workspace.database, unb64(record))
    if held is None:
        return CaptureResult()

    make, beside = _prepared(workspace, held, why)
    with workspace.database.transaction():
        result = save_items(workspace, make, beside, operator=operator or held.operator)
        if not result.refused:
            drafts.remove(workspace.database, held.record)
    return result


def wants_reason(workspace: Workspace, record: str) -> bool:
    """Tell whether a record's draft corrects what a unit above has acknowledged.

    Recording a planned session is no correction, nor is a draft that changes nothing.
    """
    held = drafts.get(workspace.database, unb64(record))
    stored = find_record(workspace.database, record) if held else None
    if held is None or stored is None or stored.doc.get("status") == "planned":
        return False
    before = entry_of(KINDS[stored.kind], stored.doc, workspace.vault)
    values = _values(workspace, held)
    changed = any(
        (before.get(name) or None) != (value or None)
        for name, value in values.items()
        if name in KINDS[stored.kind].fields
    )
    changed = changed or _marks_change(workspace, stored, values.get(ROWS, ()))
    return changed and is_received(workspace, stored)


def _marks_change(
    workspace: Workspace, stored: StoredRecord, rows: Sequence[Mapping[str, Any]]
) -> bool:
    marks = {
        workspace.idents.record(row[0]): (row[1], row[2], bool(row[4]))
        for row in lookups.marks_of(workspace.database, stored.ident)
    }
    return any(
        marks.get(row["learner"])
        != (row["status"] and (row["status"], row.get("minutes"), bool(row.get("proxy"))))
        for row in rows
    )


def draft_issues(workspace: Workspace, record: str) -> list[Issue]:
    """Return what the rules find in a record's draft, [] if there is none; writes nothing."""
    held = drafts.get(workspace.database, unb64(record))
    return check_items(workspace, *_prepared(workspace, held)) if held else []


def _prepared(
    workspace: Workspace, draft: drafts.Draft, why: str = ""
) -> tuple[MakeItems, dict[str, Any]]:
    """Return what makes the draft's item, and the sections that are saved together with it."""
    values = _values(workspace, draft)
    plan = values.pop(PLAN, None)
    beside: dict[str, Any] = {}
    if plan is not None:
        values, beside = completed(workspace, b64(draft.record), values, Plan.of(plan))
    return lambda references: [_item(workspace, references, draft, dict(values), why)], beside


def _item(
    workspace: Workspace,
    references: References,
    draft: drafts.Draft,
    values: dict[str, Any],
    why: str,
) -> Item:
    rows = values.pop(ROWS, [])
    record = b64(draft.record)
    if find_record(workspace.database, record, draft.kind) is None:
        item = plan_entry(references, KINDS[draft.kind], {**values, "ref": record}, draft.unit)
        if not item.kind.natural_key:
            item.record = record
            item.entry["ref"] = record
        item.rows = rows
        return item
    item = edit_item(references, draft.kind, record, values, why)
    item.rows = rows
    item.par = json.loads(draft.par)
    if item.stored is not None:
        seen = merged_at(workspace.database, item.stored.key, {unb64(head) for head in item.par})
        item.seen = replace(item.stored, doc=seen.shown)
    return item


def finish_drafts(workspace: Workspace) -> list[CaptureResult]:
    """Finish every draft, as packing and start-up recovery do; blocked ones stay drafts.

    A draft may refer to another one, hence as many rounds as bring something. On a computer that
    was revoked they stay what they are.
    """
    if own_revocation(workspace):
        return []
    results: dict[bytes, CaptureResult] = {}
    while True:
        left = drafts.everything(workspace.database)
        for draft in left:
            results[draft.record] = finish(workspace, b64(draft.record))
        if all(results[draft.record].refused for draft in left):
            return list(results.values())
