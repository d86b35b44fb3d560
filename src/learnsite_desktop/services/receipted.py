"""What a unit above has acknowledged: it may be corrected, but no longer deleted.

The unit above has counted it and handed it on; deleting would pull it out from under its figures.
"""

from collections.abc import Iterable
from typing import Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.documents import Receipt, parse_receipt
from learnsite_desktop.services.enrolment import known_incarnations
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups, people, trust
from learnsite_desktop.store.chains import chains_within, covered_n
from learnsite_desktop.store.records import StoredRecord

_STRUCK: Final = frozenset({"reversal"})


def require_deletable(workspace: Workspace, records: Iterable[StoredRecord]) -> None:
    """Refuse `received_not_deletable` if a unit above holds one of the records.

    A reversal is struck out by whoever booked it: a month locked since keeps it all the same.
    """
    known: dict[str, list[Receipt]] = {}
    for stored in records:
        if stored.kind in _STRUCK:
            continue
        if stored.unit not in known:
            known[stored.unit] = _from_above(workspace, stored.unit)
        if _is_covered(workspace, stored, known[stored.unit]):
            raise Refusal("received_not_deletable", where=stored.id)


def is_received(workspace: Workspace, stored: StoredRecord) -> bool:
    """Return whether a unit above has acknowledged anything written on a record."""
    return _is_covered(workspace, stored, _from_above(workspace, stored.unit))


def _from_above(workspace: Workspace, unit: str) -> list[Receipt]:
    """Return the newest receipts for a unit's chains by each computer of the units above us."""
    database = workspace.database
    above = lookups.ancestors_of(database, workspace.unit) - {workspace.unit}
    return [
        parse_receipt(body)
        for inc, body in trust.newest_receipts(database, unit).items()
        if trust.unit_of_incarnation(database, inc) in above
    ]


def _is_covered(workspace: Workspace, stored: StoredRecord, receipts: Iterable[Receipt]) -> bool:
    heads = [
        (chain, number, holding.heads)
        for chain, inc, unit, number in people.written_on(workspace.database, stored.key)
        for receipt in receipts
        for holding in receipt.holds
        if (holding.inc, holding.unit) == (inc, unit)
    ]
    return any(
        covered_n(workspace.database, chain, list(held)) >= number for chain, number, held in heads
    )


def covered_chains(workspace: Workspace) -> dict[int, int]:
    """Return, by chain, up to which operation a unit above has acknowledged it; for lists."""
    database = workspace.database
    known: dict[str, list[Receipt]] = {}
    found: dict[int, int] = {}
    chains = chains_within(database, workspace.unit)
    above = lookups.ancestors_of(database, workspace.unit) - {workspace.unit}
    if not any(one.unit in above for one in known_incarnations(database)):
        return dict.fromkeys((chain.id for chain in chains), 0)
    for chain in chains:
        if chain.unit not in known:
            known[chain.unit] = _from_above(workspace, chain.unit)
        held = [
            covered_n(database, chain.id, list(holding.heads))
            for receipt in known[chain.unit]
            for holding in receipt.holds
            if holding.unit == chain.unit and b64(holding.inc) == chain.inc
        ]
        found[chain.id] = max(held, default=0)
    return found
