"""Operators 经办人: the list of those who work at this unit's computers."""

import unicodedata
from dataclasses import dataclass

from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.capture import CaptureResult, capture
from learnsite_desktop.services.records import edit, list_records, require_record
from learnsite_desktop.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Operator:
    """One person of the list; `until` is the last day at this work, "" while it goes on."""

    id: str
    name: str
    until: str = ""


def list_operators(workspace: Workspace, *, gone: bool = False) -> list[Operator]:
    """Return the unit's operators by name; those who left too with `gone`, at the end."""
    rows = list_records(workspace, "operator", unit=workspace.unit)
    found = [
        Operator(row["id"], str(row.get("name", "")), str(row.get("to") or "")) for row in rows
    ]
    shown = [one for one in found if gone or not one.until]
    return sorted(shown, key=lambda one: (bool(one.until), one.name))


def add_operator(workspace: Workspace, name: str, *, operator: str = "") -> CaptureResult:
    """Put a name on the list. Refuses `operator_name_taken`."""
    wanted = _free_name(workspace, name)
    ref = b64(workspace.tokens(RECORD_ID_BYTES))
    document = {"v": 1, "source": "window", "operators": [{"ref": ref, "name": wanted}]}
    return capture(workspace, document, operator=operator)


def rename_operator(
    workspace: Workspace, record: str, name: str, *, operator: str = ""
) -> CaptureResult:
    """Put a name right; entries made under it show the new one. Refuses `operator_name_taken`."""
    wanted = _free_name(workspace, name, but=record)
    return edit(workspace, require_record(workspace, record), {"name": wanted}, operator=operator)


def let_go(
    workspace: Workspace, record: str, *, back: bool = False, operator: str = ""
) -> CaptureResult:
    """Note that a person works here no longer (or, `back`, again); nothing they entered changes."""
    until = None if back else workspace.clock.now().date().isoformat()
    return edit(workspace, require_record(workspace, record), {"to": until}, operator=operator)


def _free_name(workspace: Workspace, name: str, but: str = "") -> str:
    wanted = unicodedata.normalize("NFC", name.strip())
    taken = {one.name for one in list_operators(workspace, gone=True) if one.id != but}
    if wanted in taken:
        raise Refusal("operator_name_taken", where=wanted)
    return wanted
