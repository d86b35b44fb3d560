"""Completeness: who has handed a period in, and who in time."""

from typing import Any

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.unit_choice import asked_on
from learnsite_desktop.services.units import gone_from
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import figures as store

DAYS_VILLAGE, DAYS_ABOVE = 5, 10


def completeness(workspace: Workspace, period: str) -> list[dict[str, Any]]:
    """Return who has handed in a period: `unit`, `state`, `received_at`.

    Asked are all townships and village-level units below this workspace's unit that take part:
    they were given an opening file here, have a computer known here or a valid site on the period's
    last day, or have handed it in; a village is asked itself. Who lay here on that day is asked
    here, wherever it lies now. A report is
    `on_time` when the unit above first received it by the 5th (village level) or 10th (above) day
    after the period, `zero` when it says that there was nothing, `silent` until it is received.
    """
    asked = parse_period(period)
    key = store.unit_key(workspace.database, workspace.unit)
    if key is None:
        raise Refusal("unit_unknown", where=workspace.unit)
    asked_units = asked_on(workspace, workspace.unit, asked.last)
    elsewhere = gone_from(workspace.database, workspace.unit)
    rows = store.submissions(workspace.database, key, asked.text, asked.last.isoformat())
    return [
        {
            "unit": code,
            "state": _state(asked, level, zero_reason, received_at),
            "received_at": received_at,
        }
        for code, level, zero_reason, received_at, there in rows
        if code in asked_units or (there and code not in elsewhere)
    ]


def _state(period: Period, level: int, zero_reason: str | None, received_at: str | None) -> str:
    if received_at is None:
        return "silent"
    if zero_reason:
        return "zero"
    grace = DAYS_VILLAGE if level == 5 else DAYS_ABOVE
    due = days_after(period.last, grace)
    return "on_time" if received_at[:10] <= due.isoformat() else "late"
