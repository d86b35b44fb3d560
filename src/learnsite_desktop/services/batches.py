"""The journal of received files: list, roll back, re-apply; what waits and what is held apart."""

from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.line import decode
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services import auto_links
from learnsite_desktop.services.arriving import MOST, Touched, changes_of_records
from learnsite_desktop.services.locks import refuse_covered
from learnsite_desktop.services.parting import part
from learnsite_desktop.services.receipts import received_from
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups, trust
from learnsite_desktop.store.chains import covered_n, forks
from learnsite_desktop.store.ingest import Ingest
from learnsite_desktop.store.records import record_by_key, records_by_keys

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


class _Preview(Exception):
    """Ends the transaction of a preview."""


@dataclass(slots=True)
class Foregone:
    """What a rollback would do: records that go, change back, and of which something would wait.

    `left` of the `records` are not told one by one.
    """

    gone: int = 0
    changed: int = 0
    waiting: int = 0
    records: list[Touched] = field(default_factory=list)
    left: int = 0


def foresee_rollback(workspace: Workspace, number: int, *, most: int = MOST) -> Foregone:
    """Return what rolling a batch back would do; nothing is kept. Refuses as `rollback` does."""
    found = Foregone()
    try:
        with workspace.database.transaction():
            keys, settled = _roll_back(workspace, number)
            _end_with(workspace, found, keys, settled, most)
    except _Preview:
        pass
    finally:
        workspace.idents.forget()
    return found


def _end_with(
    workspace: Workspace, found: Foregone, keys: list[int], settled: dict[str, Any], most: int
) -> NoReturn:
    """Note what became of the records, and end the preview."""
    stored = records_by_keys(workspace.database, keys)
    stuck = {row["record"] for row in settled["waiting"]}
    waits = {key for key in keys if stored[key].id in stuck}
    gone = {key for key in keys if not stored[key].doc} - waits
    back = set(keys) - gone - waits
    found.gone, found.changed, found.waiting = len(gone), len(back), len(waits)
    order = [*sorted(waits), *sorted(back), *sorted(gone)]
    found.left = max(0, len(order) - most)
    classes = {"waiting": waits, "gone": gone, "fast_forward": back}
    found.records = list(changes_of_records(workspace, order[:most], classes))
    raise _Preview


def rollback(workspace: Workspace, number: int) -> dict[str, Any]:
    """Withdraw what only this batch brought; what builds on it waits, links to it no longer act.

    Refuses `batch_unknown`, `batch_state`, `batch_relayed` once a receipt from above covers one of
    the operations, and `period_locked` once a lock does.
    """
    with workspace.database.transaction():
        return _roll_back(workspace, number)[1]


def _roll_back(workspace: Workspace, number: int) -> tuple[list[int], dict[str, Any]]:
    """Roll back inside the caller's transaction; returns the records touched, and what it did."""
    database = workspace.database
    _require(workspace, number, "active")
    _refuse_relayed(workspace, number)
    refuse_covered(workspace, journal.batch_operations(database, number), str(number))
    journal.set_batch_state(database, number, "rolled_back")
    found = _settle(workspace, number)
    auto_links.after_taking_back(workspace, found[0])
    return found


def reapply(workspace: Workspace, number: int) -> dict[str, Any]:
    """Bring a rolled-back batch back, whole."""
    database = workspace.database
    with database.transaction():
        _require(workspace, number, "rolled_back")
        journal.set_batch_state(database, number, "active")
        touched, found = _settle(workspace, number)
        part(workspace, touched)
        return found


def _settle(workspace: Workspace, number: int) -> tuple[list[int], dict[str, Any]]:
    database = workspace.database
    before = {row[0] for row in journal.waiting_operations(database)}
    ingest = Ingest(database, workspace.idents)
    touched = journal.settle_withdrawals(database)
    ingest.mark(touched)
    ingest.finish()
    after = [row for row in waiting(workspace) if unb64(row["op"]) not in before]
    found = journal.batch(database, number)
    return touched, {
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
