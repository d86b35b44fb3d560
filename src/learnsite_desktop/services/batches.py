"""The journal of received files: list, roll back, re-apply; what waits and what is held apart."""

from typing import Any, Final

from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.line import decode
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services import auto_links
from learnsite_desktop.services.locks import refuse_covered
from learnsite_desktop.services.receipts import received_from
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups, trust
from learnsite_desktop.store.chains import covered_n, forks
from learnsite_desktop.store.ingest import Ingest
from learnsite_desktop.store.records import record_by_key

_STATES: Final = {"active": N_("in use"), "rolled_back": N_("taken back already")}


def list_batches(workspace: Workspace) -> list[dict[str, Any]]:
    """Return all received files, oldest first."""
    return [
        {
            "batch": item.id,
            "bundle_id": item.bundle_id,
            "kind": item.kind,
            "from": item.from_unit,
            "at": item.received_at,
            "state": item.state,
            "operations": item.operations,
            "file": item.file,
            "counts": item.counts,
        }
        for item in journal.batches(workspace.database)
    ]


def _require(workspace: Workspace, number: int, state: str) -> journal.Batch:
    found = journal.batch(workspace.database, number)
    if found is None:
        raise Refusal("batch_unknown", where=str(number))
    if found.state != state:
        raise Refusal("batch_state", where=str(number), state=_(_STATES[found.state]))
    return found


def rollback(workspace: Workspace, number: int) -> dict[str, Any]:
    """Withdraw what only this batch brought; what builds on it waits, links to it no longer act.

    Refuses `batch_unknown`, `batch_state`, `batch_relayed` once a receipt from above covers one of
    the operations, and `period_locked` once a lock does.
    """
    database = workspace.database
    with database.transaction():
        _require(workspace, number, "active")
        _refuse_relayed(workspace, number)
        refuse_covered(workspace, journal.batch_operations(database, number), str(number))
        journal.set_batch_state(database, number, "rolled_back")
        settled = _settle(workspace, number)
        auto_links.after_taking_back(workspace)
        return settled


def reapply(workspace: Workspace, number: int) -> dict[str, Any]:
    """Bring a rolled-back batch back, whole."""
    database = workspace.database
    with database.transaction():
        _require(workspace, number, "rolled_back")
        journal.set_batch_state(database, number, "active")
        return _settle(workspace, number)


def _settle(workspace: Workspace, number: int) -> dict[str, Any]:
    database = workspace.database
    before = {row[0] for row in journal.waiting_operations(database)}
    ingest = Ingest(database, workspace.idents)
    touched = journal.settle_withdrawals(database)
    ingest.mark(touched)
    ingest.finish()
    after = [row for row in waiting(workspace) if unb64(row["op"]) not in before]
    found = journal.batch(database, number)
    return {
        "batch": number,
        "state": found.state if found else "",
        "records": len(touched),
        "waiting": after,
    }


def _refuse_relayed(workspace: Workspace, number: int) -> None:
    """Refuse when a unit above has acknowledged one of the operations that would go."""
    database = workspace.database
    going = journal.batch_operations(database, number)
    above = lookups.ancestors_of(database, workspace.unit) - {workspace.unit}
    for receipt in (r for unit in sorted(above) for r in received_from(workspace, unit)):
        for holding in receipt.holds:
            if trust.incarnation(database, holding.inc) is None:
                continue
            chain = workspace.idents.chain(b64(holding.inc), holding.unit)
            held = covered_n(database, chain, list(holding.heads))
            if any(place == chain and n <= held for _op, place, n in going):
                raise Refusal("batch_relayed", where=str(number))


def waiting(workspace: Workspace) -> list[dict[str, Any]]:
    """Return operations that wait, with the parents they lack."""
    database = workspace.database
    rows = []
    for name, record, line in journal.waiting_operations(database):
        missing = [
            parent for parent in decode(line).par if not journal.is_ready(database, unb64(parent))
        ]
        rows.append(
            {"op": b64(name), "record": record_by_key(database, record).id, "missing": missing}
        )
    return rows


def list_forks(workspace: Workspace) -> list[dict[str, Any]]:
    """Return chains with two successors of one operation: a copied or restored computer."""
    return [
        {"inc": chain.inc, "unit": chain.unit, "n": n, "heads": [b64(head) for head in heads]}
        for chain, n, heads in forks(workspace.database)
    ]
