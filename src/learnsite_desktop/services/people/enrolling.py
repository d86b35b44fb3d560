"""Putting a learner on the roster of a class, and taking somebody off it."""

from typing import Any

from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.services.capture import CaptureResult, capture
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.people.card import LEFT
from learnsite_desktop.services.people.consents import require_learner
from learnsite_desktop.services.plans import roster_of
from learnsite_desktop.services.records import edit, require_record
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord, records_of_kind


def open_classes(workspace: Workspace) -> list[tuple[str, str]]:
    """Return (record, title) of the unit's activities that are not over, the newest first."""
    today = workspace.clock.now().date().isoformat()
    found = []
    for stored in records_of_kind(workspace.database, "activity", unit=workspace.acting):
        entry = entry_of(KINDS["activity"], stored.doc, None)
        if stored.unit == workspace.acting and str(entry.get("closes") or "9999") >= today:
            opens = str(entry.get("opens") or "")
            found.append((opens, stored.key, stored.id, str(entry.get("title") or "")))
    return [(record, title) for _opens, _key, record, title in sorted(found, reverse=True)]


def enrol(
    workspace: Workspace, stored: StoredRecord, activity: str, *, operator: str = ""
) -> CaptureResult:
    """Put a learner on the roster of an activity, from today or its first day on.

    Who is on it already stays as is; who had left is on it again. Refuses `not_a_learner`,
    `record_deleted`, `record_unknown`.
    """
    require_learner(stored)
    found = require_record(workspace, f"activity:{activity}")
    about = entry_of(KINDS["activity"], found.doc, None)
    today = workspace.clock.now().date().isoformat()
    roster = [entry for _stored, entry in roster_of(workspace, found)]
    former = next((entry for entry in roster if entry.get("learner") == stored.id), {})
    entry: dict[str, Any] = {
        "activity": found.id,
        "learner": stored.id,
        "joined": former.get("joined") or max(today, str(about.get("opens") or "")),
        "row": former.get("row") or 1 + max((one.get("row") or 0 for one in roster), default=0),
        "left": None,
        "result": None,
    }
    document = {"v": 1, "source": "desk", "unit": found.unit, "enrolments": [entry]}
    return capture(workspace, document, operator=operator)


def leave_class(
    workspace: Workspace, enrolment: StoredRecord, *, operator: str = ""
) -> CaptureResult:
    """Let a learner leave one class today; who would have joined later never did."""
    today = workspace.clock.now().date().isoformat()
    joined = str(entry_of(KINDS["enrolment"], enrolment.doc, None).get("joined") or "")
    values = {"left": max(today, joined), "result": LEFT}
    why = "" if enrolment.unit == workspace.unit else "代录"
    return edit(workspace, enrolment, values, why=why, operator=operator)
