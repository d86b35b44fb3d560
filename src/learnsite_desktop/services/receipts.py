"""Receipts: what this workspace holds of one unit's chains, said under its signature.

One is signed per unit, so that whoever relays passes on only what concerns the receiver.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.oplog.documents import (
    Holding,
    Receipt,
    ReceiptBody,
    make_receipt,
    parse_receipt,
)
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups, trust
from learnsite_desktop.store.chains import ChainKey, chains_within, covered_n, held_heads
from learnsite_desktop.store.ingest import OpState
from learnsite_desktop.store.records import outcome_states

DOCUMENT_PREFIX = "document."


def issue_receipts(workspace: Workspace, subject: str) -> list[Receipt]:
    """Return this incarnation's receipts for a unit, first, and for those below that have chains.

    A new one is made only where something changed. Inside the caller's transaction.
    """
    chains: dict[str, list[ChainKey]] = {subject: []}
    for chain in chains_within(workspace.database, subject):
        chains.setdefault(chain.unit, []).append(chain)
    return [_issue(workspace, unit, chains[unit]) for unit in chains]


def _issue(workspace: Workspace, unit: str, chains: Iterable[ChainKey]) -> Receipt:
    database = workspace.database
    inc = unb64(workspace.inc)
    holds = [
        Holding(chain.unit, unb64(chain.inc), tuple(heads))
        for chain in chains
        if (heads := held_heads(database, chain.id))
    ]
    counts = {
        f"{DOCUMENT_PREFIX}{kind}.{scope}": version
        for kind, scope, version in trust.document_versions(database)
    }
    counts["operations"] = journal.count_state(database, OpState.READY, unit)
    outcomes = dict(outcome_states(database, unit))
    number, previous = trust.last_given(database, inc, unit)
    if previous is not None:
        last = parse_receipt(trust.receipt(database, previous) or b"")
        if _same(last, holds, outcomes, counts):
            return last
    receipt = make_receipt(
        workspace.keys.device,
        ReceiptBody(
            by=inc,
            unit=unit,
            holds=tuple(holds),
            number=number + 1,
            at=workspace.now(),
            previous=previous,
            outcomes=outcomes,
            counts=counts,
        ),
    )
    _store(workspace, receipt, given=True)
    return receipt


def _same(
    last: Receipt, holds: Iterable[Holding], outcomes: dict[str, str], counts: dict[str, int]
) -> bool:
    return (
        {(item.unit, item.inc): item.heads for item in last.holds}
        == {(item.unit, item.inc): item.heads for item in holds}
        and dict(last.outcomes) == outcomes
        and dict(last.counts) == counts
    )


def _store(workspace: Workspace, receipt: Receipt, *, given: bool) -> bool:
    return trust.add_receipt(
        workspace.database,
        name=receipt.hash,
        given=given,
        inc=receipt.by,
        unit=receipt.unit,
        number=receipt.number,
        at=receipt.at,
        body=receipt.raw,
    )


def accept_receipt(workspace: Workspace, receipt: Receipt) -> bool:
    """Store another's receipt; True if it shows that we lost a tail.

    A head of our current incarnation that we do not have, or a receipt of our own that we never
    gave, proves that this computer was restored from a backup or cloned.
    """
    database = workspace.database
    if receipt.by == unb64(workspace.inc):
        return trust.receipt(database, receipt.hash) is None
    _store(workspace, receipt, given=False)
    return any(
        b64(holding.inc) == workspace.inc
        and any(not trust.holds_operation(database, head) for _n, head in holding.heads)
        for holding in receipt.holds
    )


def tick_outbox(workspace: Workspace) -> None:
    """Mark bundles handed out that the receiver's newest receipts cover."""
    database = workspace.database
    covered: dict[str, set[bytes]] = {}
    for _bundle, _path, to_unit, _at, _heads, receipted in journal.outbox(database):
        if not receipted and to_unit not in covered:
            covered[to_unit] = _covered_heads(workspace, to_unit)
    for bundle_id, _path, to_unit, _at, heads, receipted in journal.outbox(database):
        if receipted:
            continue
        promised = [(row[0], row[1], unb64(row[2])) for row in json.loads(heads)]
        if promised and all(
            _is_covered(workspace, chain, n, name, covered[to_unit]) for chain, n, name in promised
        ):
            journal.set_receipted(database, bundle_id)


def _covered_heads(workspace: Workspace, unit: str) -> set[bytes]:
    found: set[bytes] = set()
    for receipt in received_from(workspace, unit):
        for holding in receipt.holds:
            found |= {head for _n, head in holding.heads}
    return found


def received_from(workspace: Workspace, unit: str) -> list[Receipt]:
    """Return the newest receipt for every unit by each incarnation of `unit`."""
    return [parse_receipt(body) for body in trust.newest_receipts_of(workspace.database, unit)]


def _is_covered(workspace: Workspace, chain: int, n: int, name: bytes, heads: set[bytes]) -> bool:
    """Whether one of the heads is this operation or comes after it on its chain."""
    if name in heads:
        return True
    return trust.later_head(workspace.database, chain, n, heads)


def covers(workspace: Workspace, receipt: Receipt, promised: Sequence[Sequence[Any]]) -> bool:
    """Return whether a receipt covers all of `promised`: (chain, n, name) as in the outbox."""
    heads = {head for holding in receipt.holds for _n, head in holding.heads}
    return all(
        _is_covered(workspace, int(chain), int(n), unb64(str(name)), heads)
        for chain, n, name in promised
    )


def coverage(
    workspace: Workspace, subject: str, receivers: Sequence[bytes]
) -> tuple[dict[int, int], list[Receipt]]:
    """Return up to which n every receiver incarnation holds each chain of a subtree.

    Also returns the receivers' receipts for the subject itself. A receiver that has given no
    receipt for a unit holds nothing of it, as far as we know.
    """
    database = workspace.database
    newest: dict[str, dict[bytes, Receipt]] = {}

    def of_unit(unit: str) -> dict[bytes, Receipt]:
        if unit not in newest:
            bodies = trust.newest_receipts(database, unit)
            newest[unit] = {inc: parse_receipt(bodies[inc]) for inc in receivers if inc in bodies}
        return newest[unit]

    covered: dict[int, int] = {}
    for chain in chains_within(database, subject):
        known = of_unit(chain.unit)
        held = [_held(workspace, chain, known[inc]) if inc in known else 0 for inc in receivers]
        covered[chain.id] = min(held, default=0)
    return covered, list(of_unit(subject).values())


def _held(workspace: Workspace, chain: ChainKey, receipt: Receipt) -> int:
    for holding in receipt.holds:
        if holding.unit == chain.unit and b64(holding.inc) == chain.inc:
            return covered_n(workspace.database, chain.id, list(holding.heads))
    return 0


def acknowledged_above(workspace: Workspace, given: Iterable[Receipt]) -> list[int]:
    """Return the keys of withdrawn operations that these receipts of units above cover."""
    database = workspace.database
    above = lookups.ancestors_of(database, workspace.unit) - {workspace.unit}
    found: list[int] = []
    for receipt in given:
        if trust.unit_of_incarnation(database, receipt.by) not in above:
            continue
        for holding in receipt.holds:
            if trust.incarnation(database, holding.inc) is None:
                continue
            chain = workspace.idents.chain(b64(holding.inc), holding.unit)
            held = covered_n(database, chain, list(holding.heads))
            found += journal.withdrawn_up_to(database, chain, held)
    return found


def list_receipts(workspace: Workspace) -> list[dict[str, Any]]:
    """Return receipts given and got, oldest first per giver."""
    rows = []
    for body in trust.receipts(workspace.database):
        receipt = parse_receipt(body)
        author = trust.unit_of_incarnation(workspace.database, receipt.by)
        rows.append(
            {
                "number": receipt.number,
                "by": b64(receipt.by),
                "by_unit": author,
                "unit": receipt.unit,
                "at": receipt.at,
                "given": receipt.by == unb64(workspace.inc),
                "covers": [
                    {
                        "unit": item.unit,
                        "inc": b64(item.inc),
                        "heads": [[n, b64(head)] for n, head in item.heads],
                    }
                    for item in receipt.holds
                ],
                "outcomes": dict(receipt.outcomes),
            }
        )
    return rows
