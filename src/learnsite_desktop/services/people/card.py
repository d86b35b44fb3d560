"""A learner's card: who it is (masked), consents, classes, what was attended, what may be done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import REFUSALS, Refusal
from learnsite_desktop.services import learners, policy
from learnsite_desktop.services.capture import CaptureResult, capture
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.people.consents import (
    Consent,
    consents_of,
    in_force,
    is_guarded,
    require_learner,
)
from learnsite_desktop.services.receipted import is_received
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import people
from learnsite_desktop.store.records import StoredRecord, find_record

LEFT: Final = "dropped"
"""Result of an enrolment that ended before the class did."""


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who answers for a child: name and phone masked."""

    name: str
    relation: str
    mobile: str
    date: str


@dataclass(frozen=True, slots=True)
class EnrolmentLine:
    """A class that the learner is or was on the roster of; `left` is "" while it goes on."""

    record: str
    activity: str
    title: str
    joined: str
    left: str
    result: str


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """A mark; `minutes` is None where nobody was present; `of` is the learner record it is on."""

    session: str
    activity: str
    title: str
    date: str
    status: str
    minutes: int | None
    session_status: str
    of: str


@dataclass(frozen=True, slots=True)
class LinkedLine:
    """Another record of the same person, masked."""

    record: str
    unit: str
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """A learner as others may see them.

    `birth` is the year; `address` says whether one is held; minutes are of sessions held, once for
    each session, those of linked records included; hours are of `minutes_per_hour`, with one
    decimal. `why_not_deletable` is a message id, "" if it may be deleted.
    """

    record: str
    unit: str
    name: str
    sex: str
    birth: str
    mobile: str
    id_number: str
    address: bool
    groups: tuple[str, ...]
    residence: str
    education: str
    home_unit: str
    age_under_14: bool
    guardian: Guardian | None
    consents: tuple[Consent, ...]
    consents_in_force: frozenset[str]
    enrolments: tuple[EnrolmentLine, ...]
    attended: tuple[AttendanceLine, ...]
    minutes_total: int
    minutes_year: int
    minutes_per_hour: int
    hours_total: str
    hours_year: str
    linked: tuple[LinkedLine, ...]
    received: bool
    deletable: bool
    why_not_deletable: str


def card(workspace: Workspace, stored: StoredRecord) -> Card:
    """Return a learner's card, private values masked. Refuses `not_a_learner`."""
    require_learner(stored)
    (row,) = learners.show_learners(workspace, [stored])
    entry = entry_of(KINDS["learner"], stored.doc, workspace.vault)
    records = people.person_of(workspace.database, stored.ident) or [stored.ident]
    attended = _attended(workspace, records)
    today = workspace.clock.now().date()
    total = _minutes(attended)
    this_year = _minutes(line for line in attended if line.date[:4] == str(today.year))
    per_hour = int(policy.current(workspace)["minutes_per_hour"])
    received = is_received(workspace, stored)
    consents = consents_of(entry)
    return Card(
        record=stored.id,
        unit=stored.unit,
        name=row["name"] or "",
        sex=row["sex"] or "",
        birth=row["birth"] or "",
        mobile=row["mobile"] or "",
        id_number=row["id_number"] or "",
        address=bool(entry.get("address")),
        groups=tuple(row["groups"]),
        residence=entry.get("residence") or "",
        education=entry.get("education") or "",
        home_unit=entry.get("home_unit") or "",
        age_under_14=is_guarded(workspace, entry),
        guardian=_guardian(entry.get("guardian")),
        consents=consents,
        consents_in_force=in_force(consents),
        enrolments=_enrolments(workspace, records),
        attended=attended,
        minutes_total=total,
        minutes_year=this_year,
        minutes_per_hour=per_hour,
        hours_total=f"{total / per_hour:.1f}",
        hours_year=f"{this_year / per_hour:.1f}",
        linked=_linked(workspace, row["linked_to"]),
        received=received,
        deletable=not received,
        why_not_deletable=REFUSALS["received_not_deletable"].message if received else "",
    )


def _guardian(given: Any) -> Guardian | None:
    if not isinstance(given, Mapping):
        return None
    name, mobile = given.get("name") or "", given.get("mobile") or ""
    return Guardian(
        masked("name", name),
        given.get("relation") or "",
        masked("mobile", mobile) if mobile else "",
        given.get("date") or "",
    )


def _enrolments(workspace: Workspace, records: Sequence[int]) -> tuple[EnrolmentLine, ...]:
    record = workspace.idents.record
    return tuple(
        EnrolmentLine(record(ident), record(activity), title, joined, left, result)
        for ident, activity, title, joined, left, result in people.enrolments(
            workspace.database, records
        )
    )


def _attended(workspace: Workspace, records: Sequence[int]) -> tuple[AttendanceLine, ...]:
    record = workspace.idents.record
    return tuple(
        AttendanceLine(
            record(row.session),
            record(row.activity) if row.activity is not None else "",
            row.title,
            row.date,
            row.status,
            row.minutes,
            row.session_status,
            record(row.learner),
        )
        for row in people.attendances(workspace.database, records)
    )


def _minutes(lines: Iterable[AttendanceLine]) -> int:
    """Return the minutes attended; two records of a person at one session count once."""
    longest: dict[str, int] = {}
    for line in lines:
        longest[line.session] = max(longest.get(line.session, 0), line.minutes or 0)
    return sum(longest.values())


def _linked(workspace: Workspace, records: Sequence[str]) -> tuple[LinkedLine, ...]:
    found = [find_record(workspace.database, record, "learner") for record in records]
    stored = [other for other in found if other is not None]
    rows = learners.show_learners(workspace, stored)
    return tuple(LinkedLine(row["id"], row["unit"], row["name"] or "") for row in rows)


def reveal(
    workspace: Workspace, stored: StoredRecord, *, why: str, operator: str = ""
) -> dict[str, Any]:
    """Return a learner's private values in full, and note who looked and why.

    The workspace must be open for writing. Refuses `not_a_learner`, `reveal_reason_missing`.
    """
    require_learner(stored)
    if not why.strip():
        raise Refusal("reveal_reason_missing", where=stored.id)
    (row,) = learners.reveal_learners(
        workspace, [stored], asked={"card": stored.id}, operator=operator, why=why.strip()
    )
    entry = entry_of(KINDS["learner"], stored.doc, workspace.vault)
    return {**row, "address": entry.get("address"), "guardian": entry.get("guardian")}


def leave(
    workspace: Workspace, stored: StoredRecord, *, day: str = "", why: str = "", operator: str = ""
) -> CaptureResult:
    """Let a learner leave every class still open, on a day ("" for today), as one change.

    What was attended stays; this is how a learner goes whom a unit above has acknowledged. Without
    open classes nothing is written. Refuses `not_a_learner`; a day before joining is an issue.
    """
    require_learner(stored)
    day = day or workspace.clock.now().date().isoformat()
    open_lines = [
        line for line in _enrolments(workspace, [stored.ident]) if not line.left or line.left > day
    ]
    edits = [
        {
            "kind": "enrolment",
            "record": line.record,
            "set": {"left": day, "result": LEFT},
            "why": why,
        }
        for line in open_lines
    ]
    document = {"v": 1, "source": "edit", "edits": edits}
    return capture(workspace, document, operator=operator)
