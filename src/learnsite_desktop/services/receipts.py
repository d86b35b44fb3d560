"""Receipts: what this workspace holds of one unit's chains, said under its signature.

One is signed per unit, so that whoever relays passes on only what concerns the receiver. The word
of an incarnation that another took the place of is worth nothing: its computer was restored from a
backup and may lack what it once acknowledged.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.oplog.documents import (
    DOCUMENT_PREFIX,
    MARK_PREFIX,
    MAX_BRANCHES,
    Holding,
    Receipt,
    ReceiptBody,
    make_receipt,
    mark_number,
    parse_receipt,
)
from learnsite_desktop.services import other_versions
from learnsite_desktop.services.enrolment import Computers, live_incarnations
from learnsite_desktop.services.updates.held import said_in_receipts
from learnsite_desktop.services.wants import Wants, look_for_gaps, wants_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups, trust
from learnsite_desktop.store.chains import (
    ChainKey,
    carried_chains,
    chain_key,
    chains_within,
    covered_n,
    held_heads,
)
from learnsite_desktop.store.ingest import OpState
from learnsite_desktop.store.records import outcome_states

OUTCOMES_LISTED: Final = 2000
"""How many records with an outcome a receipt names; the others are counted."""
UNLISTED: Final = "outcomes_unlisted"

# The newest receipts are asked for again and again; they never change.
_receipt_of = lru_cache(maxsize=4096)(parse_receipt)


def issue_receipts(workspace: Workspace, subject: str) -> list[Receipt]:
    """Return this incarnation's receipts for a unit, first, and for those below that have chains.

    Also for others that computers of these units enter for. A new one is made only where something
    changed. Inside the caller's transaction.
    """
    database = workspace.database
    look_for_gaps(workspace)
    chains: dict[str, list[ChainKey]] = {subject: []}
    for chain in chains_within(database, subject):
        chains.setdefault(chain.unit, []).append(chain)
    others = {chain.unit for chain in carried_chains(database, subject)} - chains.keys()
    for unit in sorted(others):
        chains[unit] = [one for one in chains_within(database, unit) if one.unit == unit]
    outcomes: dict[str, dict[str, str]] = {}
    wanted: dict[str, Wants] = {}
    for top in (subject, *sorted(others)):
        for unit, record, state, code in outcome_states(database, top):
            outcomes.setdefault(unit, {})[record] = f"{state}:{code}" if code else state
        wanted |= wants_of(workspace, top)
    trusted = trust.certificates_by_unit(database)
    program = said_in_receipts(workspace)
    return [
        _issue(
            workspace,
            _Said(
                unit,
                chains[unit],
                outcomes.get(unit, {}),
                wanted.get(unit, Wants()),
                trusted[unit].digest() if unit in trusted else None,
                program,
            ),
        )
        for unit in chains
    ]


@dataclass(frozen=True, slots=True)
class _Said:
    """What a receipt for one unit is made of."""

    unit: str
    chains: list[ChainKey]
    outcomes: dict[str, str]
    wanted: Wants
    certificates: bytes | None
    program: dict[str, int]


def _issue(workspace: Workspace, said: _Said) -> Receipt:
    database = workspace.database
    inc = unb64(workspace.inc)
    holds = [
        Holding(chain.unit, unb64(chain.inc), tuple(heads))
        for chain in said.chains
        # More branches than a receipt may name is an attack: its author sends the chain again.
        if 0 < len(heads := held_heads(database, chain.id)) <= MAX_BRANCHES
    ]
    counts: dict[str, int] = {}
    for kind, scope, version, name in trust.document_versions(database):
        counts[f"{DOCUMENT_PREFIX}{kind}.{scope}"] = version
        counts[f"{MARK_PREFIX}{kind}.{scope}"] = mark_number(name)
    counts["operations"] = journal.count_state(database, OpState.READY, said.unit)
    counts |= said.program
    counts |= other_versions.said_in_receipts(database)
    if len(said.outcomes) > OUTCOMES_LISTED:
        counts[UNLISTED] = len(said.outcomes) - OUTCOMES_LISTED
    number, previous = trust.last_given(database, inc, said.unit)
    body = ReceiptBody(
        by=inc,
        unit=said.unit,
        holds=tuple(holds),
        number=number + 1,
        at=workspace.now(),
        previous=previous,
        outcomes=dict(list(said.outcomes.items())[:OUTCOMES_LISTED]),
        counts=counts,
        media=said.wanted.media,
        private=said.wanted.private,
        certificates=said.certificates,
    )
    if previous is not None:
        last = _receipt_of(trust.receipt(database, previous) or b"")
        if _same(last, body):
            return last
    workspace.note_writing()
    receipt = make_receipt(workspace.keys.device, body)
    _store(workspace, receipt, given=True)
    return receipt


def _same(last: Receipt, now: ReceiptBody) -> bool:
    return (
        {(item.unit, item.inc): item.heads for item in last.holds}
        == {(item.unit, item.inc): item.heads for item in now.holds}
        and dict(last.outcomes) == now.outcomes
        and dict(last.counts) == now.counts
        and set(last.media) == set(now.media)
        and set(last.private) == set(now.private)
        and last.certificates == now.certificates
    )


def outcome_of(value: object) -> tuple[str, str]:
    """Return (state, code) of a record's outcome in a receipt; the code is "" where there is none.

    State is "quarantined", "waiting" or "withdrawn".
    """
    state, _colon, code = str(value).partition(":")
    return state, code


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


def is_newer(workspace: Workspace, receipt: Receipt) -> bool:
    """Return whether another's receipt says more than those of its giver held here."""
    if receipt.by == unb64(workspace.inc) or trust.receipt(workspace.database, receipt.hash):
        return False
    newest = trust.newest_receipts(workspace.database, receipt.unit).get(receipt.by)
    return newest is None or _receipt_of(newest).number < receipt.number


def accept_receipt(workspace: Workspace, receipt: Receipt) -> bool:
    """Store another's receipt; True if it shows that we lost a tail.

    A receipt under our own signature that we never gave proves that this computer was restored
    from a backup or cloned; its bundle brings it (`receipts_sent`). What others merely name, a head
    or a receipt of ours, anybody can invent and proves nothing.
    """
    if receipt.by == unb64(workspace.inc):
        return trust.receipt(workspace.database, receipt.hash) is None
    _store(workspace, receipt, given=False)
    return False


def tick_outbox(workspace: Workspace, units: Collection[str]) -> None:
    """Say anew which bundles handed out to these units are covered.

    One is, if a live computer of the receiver says in its newest receipts that it holds all of it.
    So it may lose its tick again: a receiver that was restored covers nothing, and a receipt may
    cover less than the one before.
    """
    database = workspace.database
    known: dict[str, list[_Cover]] = {}
    computers = Computers(workspace)
    for bundle_id, _path, to_unit, _at, heads, receipted in journal.outbox(database):
        promised = json.loads(heads)
        if to_unit not in units or not promised:
            continue
        if to_unit not in known:
            receivers = computers.of(to_unit)
            known[to_unit] = [_Cover(workspace, item.inc) for item in receivers]
        covered = any(cover.has_all(promised) for cover in known[to_unit])
        if covered != receipted:
            journal.set_receipted(database, bundle_id, receipted=covered)


def tick_everything(workspace: Workspace) -> None:
    """Say anew of all bundles handed out whether they are covered: somebody may be revoked."""
    tick_outbox(workspace, {row[2] for row in journal.outbox(workspace.database)})


class _Cover:
    """What one receiver incarnation holds by its newest receipts; chains are looked up once."""

    def __init__(self, workspace: Workspace, inc: bytes) -> None:
        self._workspace, self._inc = workspace, inc
        self._receipts: dict[str, Receipt | None] = {}
        self._held: dict[int, tuple[int, frozenset[bytes]]] = {}

    def has_all(self, promised: Iterable[Sequence[Any]]) -> bool:
        """Whether it holds every head: (chain, n, name) as in the outbox."""
        return all(self._has(int(chain), int(n), unb64(name)) for chain, n, name in promised)

    def _has(self, chain: int, n: int, name: bytes) -> bool:
        if chain not in self._held:
            self._held[chain] = self._of_chain(chain_key(self._workspace.database, chain))
        up_to, heads = self._held[chain]
        return name in heads or n <= up_to

    def _of_chain(self, chain: ChainKey) -> tuple[int, frozenset[bytes]]:
        if chain.unit not in self._receipts:
            body = trust.newest_receipts(self._workspace.database, chain.unit).get(self._inc)
            self._receipts[chain.unit] = _receipt_of(body) if body else None
        receipt = self._receipts[chain.unit]
        for holding in receipt.holds if receipt else ():
            if holding.unit == chain.unit and b64(holding.inc) == chain.inc:
                heads = list(holding.heads)
                up_to = covered_n(self._workspace.database, chain.id, heads)
                return up_to, frozenset(head for _n, head in heads)
        return 0, frozenset()


def received_from(workspace: Workspace, unit: str) -> list[Receipt]:
    """Return the newest receipt for every unit by each incarnation of `unit`."""
    return [_receipt_of(body) for body in trust.newest_receipts_of(workspace.database, unit)]


def live_receipts(workspace: Workspace, giver: str, about: str = "") -> list[Receipt]:
    """Return the newest receipt about a unit (this one) by each live computer of another unit."""
    bodies = trust.newest_receipts(workspace.database, about or workspace.unit)
    receivers = live_incarnations(workspace, giver) if bodies else []
    return [_receipt_of(bodies[item.inc]) for item in receivers if item.inc in bodies]


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


def newest_of(
    workspace: Workspace, units: Iterable[str], receivers: Collection[bytes]
) -> dict[str, list[Receipt]]:
    """Return by unit the newest receipt of each receiver incarnation that has given one."""
    found: dict[str, list[Receipt]] = {}
    for unit in units:
        bodies = trust.newest_receipts(workspace.database, unit)
        found[unit] = [_receipt_of(bodies[inc]) for inc in receivers if inc in bodies]
    return found


def coverage(
    workspace: Workspace, subject: str, receivers: Collection[bytes]
) -> tuple[dict[int, int], dict[str, list[Receipt]]]:
    """Return up to which n every receiver incarnation holds each chain of a subtree.

    Also returns the receivers' newest receipts by unit, the subject among them. A receiver that has
    given no receipt for a unit holds nothing of it, as far as we know.
    """
    chains = carried_chains(workspace.database, subject)
    known = newest_of(workspace, {subject, *(chain.unit for chain in chains)}, receivers)
    covered: dict[int, int] = {}
    for chain in chains:
        given = {receipt.by: receipt for receipt in known[chain.unit]}
        held = [_held(workspace, chain, given[inc]) if inc in given else 0 for inc in receivers]
        covered[chain.id] = min(held, default=0)
    return covered, known


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


def shown_outcomes(given: Iterable[Receipt]) -> dict[str, dict[str, str]]:
    """Return under "outcomes" record → state, under "codes" record → why it is held apart."""
    found = {record: outcome_of(v) for receipt in given for record, v in receipt.outcomes.items()}
    return {
        "outcomes": {record: state for record, (state, _code) in found.items()},
        "codes": {record: code for record, (_state, code) in found.items() if code},
    }


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
                **shown_outcomes([receipt]),
                "wants": {"media": len(receipt.media), "private": len(receipt.private)},
            }
        )
    return rows
