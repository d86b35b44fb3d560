"""Findings: what an inspection asks a unit to mend, its answer, and the second look.

All of it travels with the unit's own records: down with the next receipt, up with the next bundle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.entering import may_enter_for
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.standing_words import require_may_write
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import (
    StoredRecord,
    children_of,
    find_record,
    records_of_kind,
)

KIND: Final = "finding"
MET, PARTLY, UNMET, UNSEEN = "met", "partly", "unmet", "unseen"
VERDICTS: Final = (MET, PARTLY, UNMET, UNSEEN)
OPEN, OVERDUE, ANSWERED, CLOSED = "open", "overdue", "answered", "closed"
STATES: Final = (OVERDUE, OPEN, ANSWERED, CLOSED, MET, UNSEEN)
"""How a finding stands, what is most urgent first."""
SETTLED: Final = (CLOSED, MET, UNSEEN)
MAX_TEXT: Final = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding as lists show it; dates are ISO days, "" where there is none.

    `state` is one of STATES; `points` of `most` are None for an item nobody looked at.
    """

    id: str
    inspection: str
    round: str
    unit: str
    item: str
    clause: str
    question: str
    verdict: str
    points: int | None
    most: int
    text: str
    due: str
    answered: str
    answer: str
    checked: str
    passed: bool | None
    state: str

    def as_row(self) -> dict[str, Any]:
        """Return it for an answer of the command line."""
        return {name: getattr(self, name) for name in self.__slots__}


def list_findings(
    workspace: Workspace, *, unit: str = "", state: str = "", round_name: str = ""
) -> list[Finding]:
    """Return findings of a unit and those below, the most urgent first.

    Items that were met, not seen or closed are left out unless their state is asked for. Refuses
    `unit_unknown`, and `figures_option_unknown` for a state.
    """
    if unit:
        require_unit(workspace, unit)
    if state and state not in STATES:
        known = " ".join(STATES)
        raise Refusal("figures_option_unknown", where=state, option="--state", known=known)
    rounds = {
        one.id: str(one.doc.get("round", ""))
        for one in records_of_kind(workspace.database, "inspection", unit=unit)
    }
    found = [
        finding
        for stored in records_of_kind(workspace.database, KIND, unit=unit)
        if (finding := look_at(workspace, stored, rounds)) is not None
        if (finding.state == state if state else finding.state not in SETTLED)
        if not round_name or finding.round == round_name
    ]
    return sorted(found, key=lambda one: (STATES.index(one.state), one.due or "9", one.unit))


def to_answer(workspace: Workspace, unit: str) -> list[Finding]:
    """Return what a unit itself, without those below it, has to mend or answer, overdue first."""
    rounds = {
        one.id: str(one.doc.get("round", ""))
        for one in records_of_kind(workspace.database, "inspection", unit=unit)
        if one.unit == unit
    }
    found = [
        finding
        for stored in records_of_kind(workspace.database, KIND, unit=unit)
        if stored.unit == unit
        if (finding := look_at(workspace, stored, rounds)) is not None
        if finding.state in (OVERDUE, OPEN)
    ]
    return sorted(found, key=lambda one: (STATES.index(one.state), one.due or "9"))


def of_inspection(workspace: Workspace, inspection: str, round_name: str) -> list[Finding]:
    """Return all items of one inspection, in the order of its checklist."""
    return [
        finding
        for stored in children_of(workspace.database, inspection, KIND, "inspection")
        if (finding := look_at(workspace, stored, {inspection: round_name})) is not None
    ]


def look_at(
    workspace: Workspace, stored: StoredRecord, rounds: Mapping[str, str]
) -> Finding | None:
    """Return a stored finding, None if its inspection is not among `rounds` (id → round)."""
    entry = entry_of(KINDS[KIND], stored.doc, workspace.vault)
    inspection = str(entry.get("inspection", ""))
    if inspection not in rounds:
        return None
    verdict = str(entry.get("verdict", UNSEEN))
    return Finding(
        id=stored.id,
        inspection=inspection,
        round=rounds[inspection],
        unit=stored.unit,
        item=str(entry.get("item", "")),
        clause=str(entry.get("clause") or ""),
        question=str(entry.get("question", "")),
        verdict=verdict,
        points=None if verdict == UNSEEN else _number(entry.get("points")),
        most=_number(entry.get("most")),
        text=str(entry.get("text") or ""),
        due=str(entry.get("due") or ""),
        answered=str(entry.get("answered") or ""),
        answer=str(entry.get("answer") or ""),
        checked=str(entry.get("checked") or ""),
        passed=entry.get("passed") if isinstance(entry.get("passed"), bool) else None,
        state=_state(workspace, verdict, entry, stored.doc),
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _state(
    workspace: Workspace, verdict: str, entry: Mapping[str, Any], doc: Mapping[str, Any]
) -> str:
    if verdict in (MET, UNSEEN):
        return verdict
    if entry.get("passed") is True:
        return CLOSED
    # A second look is about one answer: another one given since, the same day too, counts anew.
    if doc.get("answer") and doc.get("answer") != entry.get("about"):
        return ANSWERED
    due = as_date(entry.get("due"))
    today: date = workspace.clock.now().date()
    return OVERDUE if due is not None and due < today else OPEN


def _require(workspace: Workspace, record: str) -> StoredRecord:
    stored = find_record(workspace.database, record, KIND)
    if stored is None or stored.deleted:
        raise Refusal("finding_unknown", where=record)
    return stored


def _words(text: str) -> str:
    said = text.strip()
    if not said or len(said) > MAX_TEXT:
        raise Refusal("text_missing", where="text")
    return said


def answer_finding(
    workspace: Workspace, record: str, text: str, *, on: date | None = None, operator: str = ""
) -> ChangeSet:
    """Say how a finding was mended: the unit itself, or who enters for it.

    Refuses `finding_unknown`, `finding_not_ours`, `finding_closed`, `text_missing`,
    and `answer_day` for a day that is not yet.
    """
    stored = _require(workspace, record)
    if stored.unit != workspace.unit and not may_enter_for(workspace, stored.unit):
        raise Refusal("finding_not_ours", where=stored.unit)
    if entry_of(KINDS[KIND], stored.doc, None).get("passed") is True:
        raise Refusal("finding_closed", where=stored.unit)
    today = workspace.clock.now().date()
    day = on or today
    if day > today:
        raise Refusal("answer_day", where=day.isoformat())
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("answer to a finding"))
        writer.save(
            kind=KIND,
            record=record,
            unit=stored.unit,
            writes={"answered": day.isoformat(), "answer": _words(text)},
            why="" if stored.unit == workspace.unit else _("entered for the unit"),
        )
        return writer.finish()


def recheck(
    workspace: Workspace,
    record: str,
    *,
    passed: bool,
    text: str = "",
    due: date | None = None,
    operator: str = "",
) -> ChangeSet:
    """Look at a finding again: it is mended, or it stays open, until `due` if that is given.

    `text` takes the place of what was found. Refuses `finding_unknown`, `unit_not_below`,
    `word_from_above` for what a unit above this one has found.
    """
    stored = _require(workspace, record)
    require_above(workspace, stored.unit)
    require_may_write(workspace, KIND, record, ["recheck"])
    today = workspace.clock.now().date().isoformat()
    writes: dict[str, object] = {"recheck": [today, passed, stored.doc.get("answer")]}
    if text.strip():
        writes["text"] = _words(text)
    if due is not None:
        writes["due"] = due.isoformat()
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("second look"))
        writer.save(kind=KIND, record=record, unit=stored.unit, writes=writes)
        return writer.finish()


def require_above(workspace: Workspace, unit: str) -> None:
    """Refuse `unit_unknown`, and `unit_not_below` for a unit that this one may not inspect."""
    require_unit(workspace, unit)
    below = lookups.is_within(workspace.database, unit, workspace.unit)
    if unit == workspace.unit or not below:
        raise Refusal("unit_not_below", where=unit)
