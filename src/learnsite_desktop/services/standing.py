"""How a workspace stands towards the unit above: what it has not acknowledged yet, since when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.services.acknowledged import Held, held_above, not_held
from learnsite_desktop.services.enrolment import live_incarnations
from learnsite_desktop.services.head_codes import code_here
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups


@dataclass(frozen=True, slots=True)
class Standing:
    """What the unit above has of this one.

    `above` is its code, "" for a unit without one; `unreceipted` counts operations that no receipt
    from there covers; `handed_out` is when the last bundle for it was written, None if never;
    `drafts` counts records whose entry is not finished; `held` says what each unit above holds.
    """

    above: str
    unreceipted: int
    handed_out: datetime | None
    drafts: int
    held: tuple[Held, ...] = ()

    def days_since(self, now: datetime) -> int | None:
        """Return whole days since something was last handed in, None if never."""
        return None if self.handed_out is None else max(0, (now - self.handed_out).days)


def unit_above(workspace: Workspace) -> str:
    """Return the unit that this one hands in to: the one above, "" if none takes part."""
    above = lookups.parent_of(workspace.database, workspace.unit) or ""
    return above if above and live_incarnations(workspace, above) else ""


def standing(workspace: Workspace) -> Standing:
    """Return how the workspace stands; reads only, its cost follows what is not receipted."""
    database = workspace.database
    above = unit_above(workspace)
    drafts = database.count("draft")
    handed = [datetime.fromisoformat(row[3]) for row in journal.outbox(database) if row[2] == above]
    return Standing(
        above,
        _uncovered(workspace, above),
        max(handed, default=None),
        drafts,
        tuple(held_above(workspace)) if above else (),
    )


def standing_row(workspace: Workspace) -> dict[str, Any]:
    """Return the standing for listing, with the head codes to compare by telephone."""
    found, now = standing(workspace), workspace.clock.now()
    return {
        "unit": workspace.unit,
        "head_code": code_here(workspace, workspace.unit),
        "unreceipted": found.unreceipted,
        "handed_out": found.handed_out.isoformat() if found.handed_out else None,
        "drafts": found.drafts,
        "above": [
            {
                "unit": one.unit,
                "name": one.name,
                "held": one.held,
                "total": one.total,
                "number": one.number,
                "at": one.at,
                "days": one.days_old(now),
                "expired": one.expired(now),
                "head_code": one.code,
            }
            for one in found.held
        ],
    }


def _uncovered(workspace: Workspace, above: str) -> int:
    if not above:
        return 0
    receivers = [item.inc for item in live_incarnations(workspace, above)]
    receivers = [inc for inc in receivers if b64(inc) != workspace.inc]
    return not_held(workspace, receivers)
