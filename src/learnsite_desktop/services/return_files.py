"""To whom a file is owed after decisions: units below about which something new was written.

The files themselves are written by `relaying.write_below`; this says what the last ones lack.
"""

import json
from collections import defaultdict
from dataclasses import dataclass

from learnsite_desktop.services.enrolment import live_incarnations
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups
from learnsite_desktop.store.work_rows import returns_after, unit_names, written_from_outside


@dataclass(frozen=True, slots=True)
class Owed:
    """A unit directly below to which something decided about it has not gone yet.

    `written` counts operations, `returns` the open returns among them. `reached` is false while no
    computer of the unit is known: nothing can be written for it yet.
    """

    unit: str
    name: str
    written: int
    returns: int
    reached: bool


def owed(workspace: Workspace) -> list[Owed]:
    """Return the units directly below about which something was decided since their last file.

    What a unit above this one has decided about units further below counts too: it passes here.
    """
    database = workspace.database
    given = _given(workspace)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for chain in written_from_outside(database, workspace.unit):
        child = _child_towards(workspace, chain.unit)
        if not child or lookups.is_within(database, chain.author, child):
            continue
        after = given.get((child, chain.chain), 0)
        if chain.last > after:
            counts[child][0] += chain.last - after
            counts[child][1] += returns_after(database, chain.chain, after)
    names = unit_names(database, counts)
    rows = [
        Owed(unit, names[unit], written, returns, bool(live_incarnations(workspace, unit)))
        for unit, (written, returns) in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row.returns, row.unit))


def _given(workspace: Workspace) -> dict[tuple[str, int], int]:
    """Return up to which number a chain went to a unit in some file."""
    found: dict[tuple[str, int], int] = {}
    for row in journal.outbox(workspace.database):
        for chain, last, _head in json.loads(row[4]):
            found[row[2], chain] = max(found.get((row[2], chain), 0), last)
    return found


def _child_towards(workspace: Workspace, unit: str) -> str:
    """Return the unit directly below this one that a unit lies in or is, "" for none."""
    here: str | None = unit
    while here is not None:
        above = lookups.parent_of(workspace.database, here)
        if above == workspace.unit:
            return here
        here = above
    return ""
