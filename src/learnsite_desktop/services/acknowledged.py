"""What units above have acknowledged of this unit: how much each holds, and which files arrived."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.oplog.documents import Receipt, parse_receipt
from learnsite_desktop.services.clocks import TOLERANCE
from learnsite_desktop.services.enrolment import known_incarnations, live_incarnations
from learnsite_desktop.services.head_codes import head_code
from learnsite_desktop.services.receipts import coverage, covers, live_receipts
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups, trust
from learnsite_desktop.store.chains import carried_chains, chains_within, segments
from learnsite_desktop.store.figures import unit_name

EXPIRES_DAYS: Final = 45
"""After how many days without a newer receipt a unit above is shown in amber."""
LISTED: Final = 50
"""How many files handed out are listed, the newest."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a unit above holds of this one: `held` of `total` entries, by its receipt `number`.

    Entries are operations, those entered for other units among them; `at` is the moment of the
    receipt, `code` its head code: people compare it by telephone with the one that the unit above
    shows or has printed. `number` 0: no receipt has ever come, and `at` is since when one is
    awaited.
    """

    unit: str
    name: str
    held: int
    total: int
    number: int
    at: str
    code: str = ""

    def days_old(self, now: datetime) -> int:
        """Return how many whole days ago the receipt was given."""
        return max(0, (now - datetime.fromisoformat(self.at)).days)

    def is_ahead(self, now: datetime) -> bool:
        """Whether the receipt is dated later than this clock: its age cannot be told then."""
        return datetime.fromisoformat(self.at) - now > TOLERANCE

    def expired(self, now: datetime) -> bool:
        """Whether the receipt is too old to be relied on: somebody may be withholding newer ones.

        So it is when its date lies ahead, or one wrong clock would hide for good that none come. It
        says nothing about the records, which are safe here.
        """
        return self.is_ahead(now) or self.days_old(now) > EXPIRES_DAYS


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
    """Return what each unit above has acknowledged, the nearest first.

    One not heard of yet is left out until it has been silent for too long. Where a unit above has
    several computers, the one that holds the most counts; one that was restored since holds nothing
    until it gives a receipt again.
    """
    database = workspace.database
    found: list[Held] = []
    unit = lookups.parent_of(database, workspace.unit)
    if not unit:
        return found
    total = not_held(workspace, ())
    while unit:
        receipts = live_receipts(workspace, unit)
        if receipts:
            held = [total - not_held(workspace, [receipt.by]) for receipt in receipts]
            newest = max(receipts, key=lambda receipt: (receipt.at, receipt.number))
            found.append(
                Held(
                    unit,
                    unit_name(database, unit),
                    max(held),
                    total,
                    newest.number,
                    newest.at,
                    head_code(newest.holds),
                )
            )
        elif live_incarnations(workspace, unit):
            silent = Held(unit, unit_name(database, unit), 0, total, 0, _awaiting_since(workspace))
            found += [silent] if silent.expired(workspace.clock.now()) else []
        unit = lookups.parent_of(database, unit)
    return found


def not_held(workspace: Workspace, receivers: Collection[bytes]) -> int:
    """Return how many entries of this unit, and of those it enters for, receivers may lack.

    Each of them must hold an entry for it to be left out; without receivers all are counted.
    """
    covered, _used = coverage(workspace, workspace.unit, receivers)
    return sum(
        segment.count
        for chain in carried_chains(workspace.database, workspace.unit)
        for segment in segments(workspace.database, chain, covered[chain.id])
    )


def _awaiting_since(workspace: Workspace) -> str:
    """Return when this computer was opened: since then receipts could have come."""
    device = workspace.keys.device.public
    return min(one.at for one in known_incarnations(workspace.database) if one.ed == device)


def newest_receipt(workspace: Workspace) -> Receipt | None:
    """Return the newest receipt about this unit from the unit directly above, None without one."""
    above = lookups.parent_of(workspace.database, workspace.unit)
    got = live_receipts(workspace, above) if above else []
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
        for body in trust.receipts(workspace.database, given=False, unit=workspace.unit)
        if (receipt := parse_receipt(body)).unit == workspace.unit
        and trust.unit_of_incarnation(workspace.database, receipt.by) == unit
    ]
    return sorted(found, key=lambda receipt: (receipt.number, b64(receipt.by)))


def _number(workspace: Workspace, promised: list[list[Any]], receipts: list[Receipt]) -> int | None:
    for receipt in receipts:
        if promised and covers(workspace, receipt, promised):
            return receipt.number
    return None
