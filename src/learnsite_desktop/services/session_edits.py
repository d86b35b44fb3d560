"""Putting sessions right where they are listed: single fields, or a whole block, as one change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.capture import CaptureResult, capture
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.receipted import is_received
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.workspace import Workspace

Change = tuple[str, Mapping[str, Any]]
"""A session's record id, and the fields to set; `headcount` may be a plain number."""


def edit_sessions(
    workspace: Workspace,
    changes: Sequence[Change],
    *,
    why: str = "",
    reasons: Mapping[str, str] | None = None,
    operator: str = "",
) -> CaptureResult:
    """Set fields of sessions, all of it or nothing.

    What the unit above has acknowledged is corrected with a reason only, so is a session of a unit
    below: refuses `reason_missing`, `record_unknown`, `record_deleted`.
    """
    document = {
        "v": 1,
        "source": "edit",
        "edits": list(_edits(workspace, changes, why.strip(), reasons or {})),
    }
    return capture(workspace, document, operator=operator)


def wants_reason(workspace: Workspace, records: Sequence[str]) -> bool:
    """Tell whether correcting any of these sessions wants a reason."""
    found = (require_record(workspace, f"session:{record}") for record in records)
    return any(one.unit != workspace.unit or is_received(workspace, one) for one in found)


def _edits(
    workspace: Workspace, changes: Sequence[Change], why: str, reasons: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    for record, fields in changes:
        stored = require_record(workspace, f"session:{record}")
        if stored.deleted:
            raise Refusal("record_deleted", where=record)
        if not why and (stored.unit != workspace.unit or is_received(workspace, stored)):
            raise Refusal("reason_missing", where=record)
        values = dict(fields)
        if isinstance(values.get("headcount"), int):
            former = entry_of(KINDS["session"], stored.doc, None).get("headcount") or {}
            values["headcount"] = {"basis": "counted", **former, "total": values["headcount"]}
        edit = {"kind": "session", "record": stored.id, "set": values, "why": why}
        yield {**edit, "reasons": dict(reasons)} if reasons else edit
