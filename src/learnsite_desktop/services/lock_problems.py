"""What stands against locking a period: open conflicts and returns, red issues of its sessions."""

from collections.abc import Iterable
from typing import Any

from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.narrowing import narrowed
from learnsite_desktop.services.returns import list_returns
from learnsite_desktop.services.submitting import red_list
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import open_conflicts, record_by_key


def problems_of(
    workspace: Workspace, period: Period, units: Iterable[str], progress: Progress
) -> list[dict[str, Any]]:
    """Return {code, record, unit, field} of what is open in a period of these units.

    Records without a date count to every period.
    """
    wanted = list(units)
    found: list[dict[str, Any]] = []
    for key, register in open_conflicts(workspace.database):
        stored = record_by_key(workspace.database, key)
        if stored.unit in wanted and stored.kind in KINDS:
            found.append(_problem("conflict", stored.id, stored.unit, register))
    open_ones = [row for row in list_returns(workspace) if row["state"] == "open"]
    found += [_problem("return", row["record"], row["unit"], row["field"]) for row in open_ones]
    found = [row for row in found if row["unit"] in wanted]
    found = narrowed(workspace, found, period=period.text)
    for count, unit in enumerate(wanted, start=1):
        progress(count, len(wanted), N_("checking"))
        for issue in red_list(workspace, period, unit):
            found.append(_problem(issue.code, str(issue.record), unit, issue.field))
    return found


def _problem(code: str, record: str, unit: str, field: str) -> dict[str, Any]:
    return {"code": code, "record": record, "unit": unit, "field": field}
