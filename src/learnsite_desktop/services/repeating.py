"""上周照抄: the same session again, a week later."""

from typing import Any, Final

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.services.capture import CaptureResult, capture
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import children_of

DAYS: Final = 7
_TAKEN_OVER: Final = ("activity", "start", "end", "venue", "teachers")


def repeat_session(
    workspace: Workspace, record: str, *, days: int = DAYS, operator: str = ""
) -> CaptureResult:
    """Plan a session like another one, `days` later: same activity, time, place and teachers.

    Its number follows the activity's last one. Refuses `record_unknown`, and `session_there` if
    the activity has a session on that day at that time already; a cancelled one does not count.
    """
    stored = require_record(workspace, record)
    entry = entry_of(KINDS[stored.kind], stored.doc, workspace.vault)
    day = as_date(entry.get("date"))
    if stored.kind != "session" or day is None:
        raise Refusal("record_unknown", where=record)
    siblings = [
        entry_of(KINDS["session"], other.doc, workspace.vault)
        for other in children_of(workspace.database, str(entry["activity"]), "session", "activity")
    ]
    later = days_after(day, days).isoformat()
    for other in siblings:
        same = (other.get("date"), other.get("start")) == (later, entry.get("start"))
        if same and other.get("status") != "cancelled":
            raise Refusal("session_there", where=f"{later} {entry.get('start')}")
    new: dict[str, Any] = {key: entry[key] for key in _TAKEN_OVER if entry.get(key)}
    new |= {
        "ref": b64(workspace.tokens(RECORD_ID_BYTES)),
        "date": later,
        "status": "planned",
        "seq": 1 + max(int(other.get("seq") or 0) for other in siblings),
    }
    return capture(workspace, {"v": 1, "source": "repeat", "sessions": [new]}, operator=operator)
