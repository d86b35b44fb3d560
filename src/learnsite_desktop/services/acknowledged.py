"""What units above have acknowledged of this unit: how much each holds, and which files arrived."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.oplog.documents import Receipt, parse_receipt
from learnsite_desktop.services.receipts import coverage, covers
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups, trust
from learnsite_desktop.store.chains import chains_within, segments
from learnsite_desktop.store.figures import unit_name

LISTED: Final = 50
"""How many files handed out are listed, the newest."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a unit above holds of this one: `held` of `total` entries, by its receipt `number`.

    Entries are operations; `at` is the moment of the receipt.
    """

    unit: str
    name: str
    held: int
    total: int
    number: int
    at: str


@dataclass(frozen=True, slots=True)
class Handed:
    """A bundle handed out. `number` of the receipt that covers it, None while none does.

    `empty`: there was nothing new in it. `there`: the file still lies in its place.
    """

    bundle_id: str
    path: Path
    to: str
    name: str
    at: str
    receipted: bool
    number: int | None
    empty: bool
    there: bool


def held_above(workspace: Workspace) -> list[Held]:
    """Return what each unit above has acknowledged, the nearest first; those not heard of left out.

    Where a unit above has several computers, the one that holds the most counts.
    """
    database = workspace.database
    chains = chains_within(database, workspace.unit)
    total = sum(segment.count for chain in chains for segment in segments(database, chain, 0))
    found = []
    unit = lookups.parent_of(database, workspace.unit)
    while unit:
        receipts = _newest(workspace, unit)
        if receipts:
            held = [
                sum(coverage(workspace, workspace.unit, [receipt.by])[0].values())
                for receipt in receipts
            ]
            newest = max(receipts, key=lambda receipt: receipt.at)
            found.append(
                Held(unit, unit_name(database, unit), max(held), total, newest.number, newest.at)
            )
        unit = lookups.parent_of(database, unit)
    return found


def _newest(workspace: Workspace, unit: str) -> list[Receipt]:
    """Return the newest receipt about this unit by each computer of a unit above."""
    bodies = trust.newest_receipts(workspace.database, workspace.unit)
    return [
        parse_receipt(body)
        for inc, body in bodies.items()
        if trust.unit_of_incarnation(workspace.database, inc) == unit
    ]


def newest_receipt(workspace: Workspace) -> Receipt | None:
    """Return the newest receipt about this unit from the unit directly above, None without one."""
    above = lookups.parent_of(workspace.database, workspace.unit)
    got = _newest(workspace, above) if above else []
    return max(got, key=lambda receipt: (receipt.at, receipt.number), default=None)


def handed_out(workspace: Workspace) -> list[Handed]:
    """Return the newest bundles handed to the unit above, the newest first."""
    database = workspace.database
    above = lookups.parent_of(database, workspace.unit)
    rows = [row for row in journal.outbox(database) if row[2] == above]
    receipts = _all_from(workspace, above or "")
    own = {chain.id for chain in chains_within(database, workspace.unit)
           if chain.unit == workspace.unit}  # fmt: skip
    found = []
    for bundle_id, path, to, at, heads, receipted in reversed(rows[-LISTED:]):
        promised = [row for row in json.loads(heads) if row[0] in own]
        found.append(
            Handed(
                bundle_id=bundle_id,
                path=Path(path),
                to=to,
                name=unit_name(database, to),
                at=at,
                receipted=receipted,
                number=_number(workspace, promised, receipts) if receipted else None,
                empty=heads == "[]",
                there=Path(path).is_file(),
            )
        )
    return found


def _all_from(workspace: Workspace, unit: str) -> list[Receipt]:
    """Return all receipts about this unit from a unit, the oldest first."""
    found = [
        receipt
        for body in trust.receipts(workspace.database, given=False)
        if (receipt := parse_receipt(body)).unit == workspace.unit
        and trust.unit_of_incarnation(workspace.database, receipt.by) == unit
    ]
    return sorted(found, key=lambda receipt: (receipt.number, b64(receipt.by)))


def _number(workspace: Workspace, promised: list[list[Any]], receipts: list[Receipt]) -> int | None:
    for receipt in receipts:
        if promised and covers(workspace, receipt, promised):
            return receipt.number
    return None
