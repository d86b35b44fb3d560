"""What became of a record at the units above: taken in, held apart and why, still on its way.

What they decided about it (returned, corrected, approved, rejected, locked) travels as operations
and is shown with the record. What is only a fact about *their* computer (held apart, waiting for
something, taken back) is no operation and stands in their receipts.
"""

from dataclasses import dataclass
from typing import Final

from learnsite_desktop.oplog.documents import Receipt
from learnsite_desktop.services.receipts import UNLISTED, live_receipts, outcome_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.chains import covered_n, written_up_to
from learnsite_desktop.store.records import StoredRecord

RECEIVED: Final = "received"
NOT_YET: Final = "not_yet"
UNLISTED_STATE: Final = "unlisted"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a unit above says of one record.

    `state`: "received" | "not_yet" (something written here is not covered) | "quarantined" |
    "waiting" | "withdrawn" | "unlisted" (covered, by a receipt that lists only some of what was not
    taken in). `code` says why it is held apart. `number` and `at` are the receipt's.
    """

    unit: str
    tier: str
    state: str
    code: str
    number: int
    at: str


def outcomes_above(workspace: Workspace, stored: StoredRecord) -> list[Outcome]:
    """Return what every unit above that gave a receipt for the record's unit says, nearest first.

    Of several computers of a unit above the newest receipt counts, those restored since left out.
    """
    database = workspace.database
    found = []
    unit = lookups.parent_of(database, workspace.unit)
    while unit:
        given = live_receipts(workspace, unit, stored.unit)
        if given:
            newest = max(given, key=lambda receipt: (receipt.at, receipt.number))
            found.append(_outcome(workspace, stored, unit, newest))
        unit = lookups.parent_of(database, unit)
    return found


def _outcome(workspace: Workspace, stored: StoredRecord, unit: str, receipt: Receipt) -> Outcome:
    state, code = outcome_of(receipt.outcomes.get(stored.id, ""))
    if not state and not _covered(workspace, stored, receipt):
        state = NOT_YET
    elif not state:
        state = UNLISTED_STATE if receipt.counts.get(UNLISTED) else RECEIVED
    return Outcome(
        unit,
        lookups.tier_of(workspace.database, unit) or "",
        state,
        code,
        receipt.number,
        receipt.at,
    )


def _covered(workspace: Workspace, stored: StoredRecord, receipt: Receipt) -> bool:
    """Whether the receipt covers everything written on the record here."""
    held = {(item.inc, item.unit): list(item.heads) for item in receipt.holds}
    return all(
        covered_n(workspace.database, chain, held.get((inc, unit), [])) >= number
        for chain, inc, unit, number in written_up_to(workspace.database, stored.key)
    )
