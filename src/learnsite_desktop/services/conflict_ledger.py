"""The ledger of conflicts: what was disputed, by whom, and who decided it how, when and why."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from learnsite_desktop.domain.fields import DELETED, layer_of
from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.domain.merge import Node, ready_nodes
from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.threeway import past_of, state_of
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.reports.workbook import Cell
from learnsite_desktop.services.conflict_view import author, shower
from learnsite_desktop.services.conflicts import EDITED, disputed
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.labels import label_of, register_label, value_text
from learnsite_desktop.services.ledger_shapes import Row
from learnsite_desktop.services.records import dated_in
from learnsite_desktop.services.reveals import note_reveal
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.conflict_rows import branched_records, nodes_of
from learnsite_desktop.store.records import (
    LoggedOperation,
    StoredRecord,
    open_conflicts,
    operations_of,
    record_by_key,
)

_DATED = ("date", "period", "year", "opens", "joined", "opened", "from")


@dataclass(frozen=True, slots=True)
class Disputed:
    """A conflict that is or was: the operations that disagreed, the one that decided if any did."""

    stored: StoredRecord
    register: str
    nodes: Sequence[Node]
    logged: dict[str, LoggedOperation]
    decision: LoggedOperation | None = None


def conflict_rows(
    workspace: Workspace,
    *,
    unit: str,
    period: Period,
    activity: str = "",
    reveal: bool = False,
    why: str = "",
    operator: str = "",
) -> list[Row]:
    """Return the rows of the ledger: conflicts of a unit and those below, open ones first.

    Of records with dates those of the period; of others the ones decided in it, and all open ones.
    Private values are masked unless revealed, which is noted.
    """
    found = [
        one
        for one in [*_open(workspace, unit), *_settled(workspace, unit)]
        if _is_in(one, period)
        and activity in ("", one.stored.id, str(one.stored.doc.get("activity")))
    ]
    if reveal and found:
        asked = {"report": "conflicts", "unit": unit}
        records = list({one.stored.id: one.stored for one in found}.values())
        note_reveal(workspace, records, asked=asked, operator=operator, why=why)
    return [
        (Cell(number, "0"), *_cells(workspace, one, reveal=reveal))
        for number, one in enumerate(found, start=1)
    ]


def _open(workspace: Workspace, unit: str) -> Iterator[Disputed]:
    for key, register in open_conflicts(workspace.database, unit):
        found = disputed(workspace, record_by_key(workspace.database, key), register)
        yield Disputed(found.stored, register, found.nodes, found.logged)


def _settled(workspace: Workspace, unit: str) -> Iterator[Disputed]:
    """Yield what was in conflict before an operation that wrote it, knowing all sides."""
    for key in branched_records(workspace.database, unit):
        stored = record_by_key(workspace.database, key)
        ready, _waiting = ready_nodes(nodes_of(workspace.database, key))
        known = {node.hash: node for node in ready}
        logged = {item.hash: item for item in operations_of(workspace.database, key)}
        for node in ready:
            past = past_of(known, [node.hash])
            before = state_of(ready, past, _facts(stored.kind))
            for register in before.conflicts:
                if register not in node.writes:
                    continue
                nodes = list(before.live.get(register, ()))
                if register == DELETED:
                    nodes += [one for one in before.rivals if one not in nodes]
                yield Disputed(stored, register, nodes, logged, logged[b64(node.hash)])


def _facts(kind_name: str) -> Callable[[str], bool]:
    kind = KINDS.get(kind_name)
    return lambda register: layer_of(kind, register) == "fact"


def _is_in(one: Disputed, period: Period) -> bool:
    kind = KINDS.get(one.stored.kind)
    if kind is not None and any(name in kind.fields for name in _DATED):
        return dated_in(kind, entry_of(kind, one.stored.doc, None), period)
    if one.decision is None:
        return True
    return period.contains(date.fromisoformat(one.decision.operation.at[:10]))


def _cells(workspace: Workspace, one: Disputed, *, reveal: bool) -> Row:
    stored, register = one.stored, one.register
    show = shower(workspace, stored.kind, reveal=reveal)

    def text(value: Any) -> str:
        words = value_text(workspace, stored.kind, register, show(register, value))
        return words or _("nothing")

    def given(node: Node) -> str:
        if register not in node.writes:
            return _(EDITED)
        return text(node.writes[register])

    values = []
    for node in one.nodes:
        item = one.logged[b64(node.hash)]
        values.append(f"{given(node)} — {_who(workspace, item)}, {item.operation.at[:16]}")
    head = (
        Cell(label_of(workspace, stored)),
        Cell(register_label(workspace, stored.kind, register)),
        Cell(_("settled") if one.decision else _("open")),
        Cell("\n".join(values)),
    )
    if one.decision is None:
        return (*head, *(Cell(""),) * 4)
    operation = one.decision.operation
    return (
        *head,
        Cell(text(operation.writes()[register])),
        Cell(_who(workspace, one.decision)),
        Cell(operation.at[:10]),
        Cell(workspace.vault.reveal(operation.why or None) or ""),
    )


def _who(workspace: Workspace, item: LoggedOperation) -> str:
    names = author(workspace, unb64(item.hash), item.operation.u)
    return " ".join(part for part in (names["unit_name"], names["operator_name"]) if part)
