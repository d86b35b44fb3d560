"""Rounds: which units were inspected by which checklist, and how they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.standing_words import require_may_write
from learnsite_desktop.services.supervision.findings import (
    KIND,
    MAX_TEXT,
    MET,
    OVERDUE,
    PARTLY,
    SETTLED,
    UNSEEN,
    VERDICTS,
    Finding,
    of_inspection,
    require_above,
)
from learnsite_desktop.services.supervision.rules import Checklist, Item, checklist_named
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer, undelete_value
from learnsite_desktop.store import ranks
from learnsite_desktop.store.records import StoredRecord, find_record, records_of_kind

INSPECTION: Final = "inspection"
DAYS_TO_MEND: Final = 30
MAX_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found at one item; `points` None takes all, half or none by the verdict."""

    verdict: str
    points: int | None = None
    text: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """A visit: `points` of `most` (items looked at), how many findings are open and overdue."""

    id: str
    round: str
    unit: str
    checklist: str
    visited: str
    points: int
    most: int
    open: int
    overdue: int
    items: tuple[Finding, ...]

    def as_row(self) -> dict[str, Any]:
        """Return it for an answer of the command line, without its items."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "items"}


def inspect_unit(
    workspace: Workspace,
    unit: str,
    verdicts: Mapping[str, Verdict],
    *,
    round_name: str,
    checklist: str,
    visited: date | None = None,
    visitors: str = "",
    operator: str = "",
) -> tuple[str, ChangeSet]:
    """Write down a visit, or items of it later; gives the inspection's id.

    Each unit has one inspection in a round. Items are written when they are given; what is asked
    to be mended is due thirty days after the visit unless said otherwise. Refuses `unit_unknown`,
    `unit_not_below`, `checklist_unknown`, `inspection_checklist` when the visit was begun with
    another list, `inspection_round` for a name that is empty or too long,
    `inspection_day`, `word_from_above`, `finding_item_unknown`, `finding_verdict`,
    `finding_points`.
    """
    require_above(workspace, unit)
    name = " ".join(round_name.split())
    if not name or len(name) > MAX_NAME:
        raise Refusal("inspection_round", where=name[:MAX_NAME], most=MAX_NAME)
    rules = checklist_named(checklist)
    today = workspace.clock.now().date()
    if visited is not None and visited > today:
        raise Refusal("inspection_day", where=visited.isoformat())
    record = b64(derived_id(INSPECTION, unit, name))
    stored = find_record(workspace.database, record, INSPECTION, unit)
    if stored is not None:
        require_may_write(workspace, INSPECTION, record, ["visited"])
    held = stored.doc if stored is not None else {}
    before = held.get("checklist")
    if before not in (None, rules.id):
        raise Refusal("inspection_checklist", where=name, checklist=str(before))
    day = visited or as_date(held.get("visited")) or today
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("inspection"))
        writes = _visit(stored, unit, name, rules, day, visitors)
        if writes:
            writer.save(kind=INSPECTION, record=record, unit=unit, writes=writes)
        for item, verdict in verdicts.items():
            _write_item(workspace, writer, record, unit, rules.item(item), verdict, day)
        return record, writer.finish()


def _visit(
    stored: StoredRecord | None,
    unit: str,
    name: str,
    rules: Checklist,
    day: date,
    visitors: str,
) -> dict[str, object]:
    """Return what the inspection's own record still lacks."""
    writes: dict[str, object] = {}
    if stored is None:
        writes = {"unit": unit, "round": name, "checklist": rules.id}
    elif stored.deleted:
        writes = dict(undelete_value(deleted=False))
    if stored is not None and stored.doc.get("checklist") is None:
        writes["checklist"] = rules.id
    if stored is None or stored.doc.get("visited") != day.isoformat():
        writes["visited"] = day.isoformat()
    if visitors.strip():
        writes["visitors"] = visitors.strip()
    return writes


def _write_item(
    workspace: Workspace,
    writer: Writer,
    inspection: str,
    unit: str,
    item: Item,
    verdict: Verdict,
    day: date,
) -> None:
    if verdict.verdict not in VERDICTS:
        raise Refusal("finding_verdict", where=verdict.verdict, known=" ".join(VERDICTS))
    points = _points(item, verdict)
    if len(verdict.text) > MAX_TEXT:
        raise Refusal("text_missing", where=item.id)
    record = b64(derived_id(KIND, unit, inspection, item.id))
    stored = writer.find(KIND, record)
    wanted: dict[str, object] = {
        "words": [str(item.words), item.clause],
        "score": [verdict.verdict, points, item.points],
    }
    asked = verdict.verdict not in (MET, UNSEEN)
    due = (verdict.due or days_after(day, DAYS_TO_MEND)).isoformat() if asked else None
    held = stored.doc if stored is not None else {}
    if due is not None or held.get("due"):
        wanted["due"] = due if verdict.due or not held.get("due") or not asked else held["due"]
    if stored is None:
        wanted |= {"inspection": inspection, "item": item.id}
    writes = {key: value for key, value in wanted.items() if held.get(key) != value}
    if verdict.text.strip():
        writes["text"] = verdict.text.strip()
    if stored is not None and stored.deleted:
        writes |= undelete_value(deleted=False)
    if writes:
        require_may_write(workspace, KIND, record, writes)
        writer.save(kind=KIND, record=record, unit=unit, writes=writes)


def _points(item: Item, verdict: Verdict) -> int | None:
    if verdict.verdict == UNSEEN:
        return None
    if verdict.points is None:
        whole = {MET: item.points, PARTLY: item.points // 2}
        return whole.get(verdict.verdict, 0)
    if not 0 <= verdict.points <= item.points:
        raise Refusal("finding_points", where=item.id, points=verdict.points, most=item.points)
    return verdict.points


def list_inspections(
    workspace: Workspace, *, round_name: str = "", unit: str = ""
) -> list[Inspection]:
    """Return inspections of a unit and those below, by round (the newest first) and unit."""
    if unit:
        require_unit(workspace, unit)
    begun = {kind: ranks.begun_by(workspace.database, kind) for kind in (INSPECTION, KIND)}
    found = [
        _inspection(workspace, stored, begun)
        for stored in records_of_kind(workspace.database, INSPECTION, unit=unit)
        if not round_name or stored.doc.get("round") == round_name
    ]
    newest: dict[str, str] = {}
    for one in found:
        newest[one.round] = max(newest.get(one.round, ""), one.visited)
    found.sort(key=lambda one: one.unit)
    return sorted(found, key=lambda one: (newest[one.round], one.round), reverse=True)


def _inspection(
    workspace: Workspace, stored: StoredRecord, begun: Mapping[str, Mapping[str, int]]
) -> Inspection:
    """Return a visit; items that somebody of a lower tier hung under it are no part of it."""
    name = str(stored.doc.get("round", ""))
    rank = begun[INSPECTION].get(stored.id, 0)
    items = [
        one
        for one in of_inspection(workspace, stored.id, name)
        if begun[KIND].get(one.id, 0) >= rank
    ]
    rules: Sequence[str] = [item.id for item in checklist_items(str(stored.doc.get("checklist")))]
    order = {item: place for place, item in enumerate(rules)}
    items.sort(key=lambda one: (order.get(one.item, len(order)), one.item))
    seen = [one for one in items if one.points is not None]
    unsettled = [one for one in items if one.state not in SETTLED]
    return Inspection(
        id=stored.id,
        round=name,
        unit=stored.unit,
        checklist=str(stored.doc.get("checklist", "")),
        visited=str(stored.doc.get("visited", "")),
        points=sum(one.points or 0 for one in seen),
        most=sum(one.most for one in seen),
        open=len(unsettled),
        overdue=sum(one.state == OVERDUE for one in unsettled),
        items=tuple(items),
    )


def checklist_items(name: str) -> Sequence[Item]:
    """Return the items of a checklist, none for one that this program does not know."""
    try:
        return checklist_named(name).items
    except Refusal:
        return ()
