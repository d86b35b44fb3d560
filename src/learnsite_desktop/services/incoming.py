"""The board over what comes in: who of those below has handed a month in, what wants deciding."""

from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.periods import month_of
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.services.completeness import completeness
from learnsite_desktop.services.duplicates import list_duplicates
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import open_conflicts

_SILENT: Final = "silent"


@dataclass(frozen=True, slots=True)
class Board:
    """`villages` and `townships` are (came, asked) of a period; conflicts are fields in dispute."""

    period: str
    townships: tuple[int, int]
    villages: tuple[int, int]
    conflicts: int


def last_month(workspace: Workspace) -> str:
    """Return the month that ended last."""
    today = workspace.clock.now().date()
    return month_of(days_after(month_of(today).first, -1)).text


def board(workspace: Workspace, period: str = "") -> Board:
    """Return how things stand for a period, the month that ended last if none is named."""
    period = period or last_month(workspace)
    came = {"township": 0, "village": 0}
    asked = dict(came)
    for row in completeness(workspace, period):
        if row["unit"] == workspace.unit:
            continue
        tier = lookups.tier_of(workspace.database, row["unit"]) or ""
        if tier in asked:
            asked[tier] += 1
            came[tier] += row["state"] != _SILENT
    return Board(
        period=period,
        townships=(came["township"], asked["township"]),
        villages=(came["village"], asked["village"]),
        conflicts=len(open_conflicts(workspace.database)),
    )


def suspects(workspace: Workspace, *, progress: Progress = silent) -> int:
    """Return how many pairs of learners may be one person; takes long where there are many."""
    return int(list_duplicates(workspace, limit=0, progress=progress)["total"])
