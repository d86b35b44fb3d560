"""What depends on a record, or on one disputed value of it: children, marks, months, figures."""

from typing import Any, Final

from learnsite_desktop.domain.fields import DELETED, MapRegister
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.services.capture.plan import References
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import conflict_rows
from learnsite_desktop.store.records import StoredRecord

ABSENT: Final = ("A", "X")
_DATED: Final = "date"
ATTENDANCES: Final = "S01"
MINUTES: Final = "S05"


def depending(workspace: Workspace, stored: StoredRecord, register: str) -> dict[str, Any]:
    """Return what hangs on a record: live children by kind, marks, months, months handed in.

    `figures` names the indicators that a disputed mark changes, [] for every other register.
    """
    database = workspace.database
    months = set(conflict_rows.months_touched(database, stored.kind, stored.ident))
    own = stored.doc.get(_DATED)
    if stored.kind == "session" and isinstance(own, str):
        months.add(own[:7])
    period = stored.doc.get("period")
    if isinstance(period, str):
        months.add(period)
    return {
        "children": _children(workspace, stored),
        "marks": conflict_rows.marks_touched(database, stored.kind, stored.ident),
        "months": sorted(months),
        "handed_in": conflict_rows.months_handed_in(database, stored.unit, sorted(months)),
        "figures": [ATTENDANCES, MINUTES] if _marks(stored, register) else [],
    }


def _children(workspace: Workspace, stored: StoredRecord) -> dict[str, int]:
    references = References(workspace, workspace.unit, "")
    found = {
        kind.name: len(references.children(stored.kind, stored.id, kind))
        for kind in KINDS.values()
        if kind.parent and not kind.document
    }
    return {name: count for name, count in found.items() if count}


def _marks(stored: StoredRecord, register: str) -> MapRegister | None:
    kind = KINDS.get(stored.kind)
    return kind.map_of(register) if kind and register != DELETED else None


def contribution(
    workspace: Workspace, stored: StoredRecord, register: str, value: Any
) -> dict[str, int] | None:
    """Return what one value of a mark adds to the figures, by indicator; None for other registers.

    `value` is the mark's list, null when it is withdrawn. Only held sessions count.
    """
    if _marks(stored, register) is None:
        return None
    present = isinstance(value, list) and bool(value) and value[0] not in (None, *ABSENT)
    if not present or stored.doc.get("status") != "held":
        return {ATTENDANCES: 0, MINUTES: 0}
    minutes = value[1] if len(value) > 1 and isinstance(value[1], int) else None
    if minutes is None:
        minutes = conflict_rows.minutes_of_session(workspace.database, stored.ident)
    return {ATTENDANCES: 1, MINUTES: minutes}
