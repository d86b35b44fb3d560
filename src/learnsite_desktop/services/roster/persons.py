"""Turning the people of a table into records: who is new, who changed, what that writes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from learnsite_desktop.domain.births import parse_birth
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.capture.plan import Item, References, plan_entry
from learnsite_desktop.services.roster import results
from learnsite_desktop.services.roster.cells import text_of
from learnsite_desktop.services.roster.faults import Note
from learnsite_desktop.services.roster.matching import (
    NEW,
    Known,
    Match,
    Register,
    births_agree,
    match_by_lineage,
)
from learnsite_desktop.services.roster.people import Person, Place
from learnsite_desktop.services.roster.remembered import read_lineage
from learnsite_desktop.services.roster.results import Decisions, Finding, Row, shown_values
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord, children_of

UNKNOWN_SEX = "U"
_SILENT_NOTES = frozenset({"ID_NUMBER_DROPPED"})
"""Notes that are said once for a file, not for every row."""


@dataclass(slots=True)
class Planned:
    """A row that will be written or is kept already: `writes` are the values that change."""

    person: Person
    record: str
    known: Known | None
    writes: dict[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """What becomes of the person's record."""
        if self.known is None:
            return results.CREATED
        changed = set(self.writes) - {"id_number", "id_kind"}
        if changed or self.number_changes:
            return results.UPDATED
        return results.SAME

    @property
    def number_changes(self) -> bool:
        """Whether an ID number would be kept that is not."""
        return "id_kind" in self.writes


class Roll:
    """The people of one table on their way into records."""

    def __init__(
        self,
        workspace: Workspace,
        people: Sequence[Person],
        decisions: Decisions,
        finding: Finding,
        *,
        keeps_numbers: bool,
    ) -> None:
        """`keeps_numbers` is the policy for ID numbers."""
        self._workspace = workspace
        self._people = people
        self._decisions = _by_place(people, decisions)
        self._finding = finding
        self._keeps_numbers = keeps_numbers
        self._registers: dict[str, Register] = {}
        self._about: dict[str, Person] = {}
        self.planned: list[Planned] = []
        self._twice: dict[Place, Row] = {}
        self._enrolled: set[str] = set()
        self._enrolled_already = 0

    def _register(self, unit: str) -> Register:
        if unit not in self._registers:
            self._registers[unit] = Register(self._workspace, unit)
        return self._registers[unit]

    def plan(self) -> None:
        """Decide for every row without a fault who it is about."""
        for person in self._people:
            self._finding.faults += person.faults
        sound = [person for person in self._people if not person.faults]
        matches = {person.place: self._match(person) for person in sound}
        self._use_lineage(sound, matches)
        claimed: dict[str, Planned] = {}
        for person in sound:
            self._settle(person, matches[person.place], claimed)

    def _match(self, person: Person) -> Match:
        register = self._register(person.unit)
        decision = self._decisions.get(person.place)
        if decision and decision != NEW and decision in register.by_record:
            return Match(decision, register.by_record[decision])
        if decision == NEW:
            return Match()
        return register.match(person)

    def _use_lineage(self, sound: Sequence[Person], matches: dict[Place, Match]) -> None:
        """Recognise corrected people by the file taken before, unit by unit."""
        if not self._finding.blocks:
            return
        print_ = self._finding.blocks[0].print
        for unit, register in self._registers.items():
            here = [
                person
                for person in sound
                if person.unit == unit and person.place not in self._decisions
            ]
            lineage = read_lineage(self._workspace, unit, print_)
            match_by_lineage(here, matches, lineage, register.by_record)

    def _settle(self, person: Person, match: Match, claimed: dict[str, Planned]) -> None:
        register = self._register(person.unit)
        if match.issue is None and match.known is None:
            if self._decisions.get(person.place) == NEW:
                match = Match(register.free_record(person, claimed))
            elif register.met(person):
                match = register.match(person)
        if match.issue is not None:
            self._fault(person, "name", match.issue, match.candidates)
            return
        earlier = claimed.get(match.record)
        if earlier is not None:
            self._repeated(person, earlier)
            return
        planned = Planned(person, match.record, match.known)
        planned.writes = self._writes(person, match.known)
        claimed[match.record] = planned
        if match.known is None:
            register.plan(person, match.record)
        self._about[match.record] = person
        self.planned.append(planned)

    def _fault(
        self, person: Person, name: str, issue: Issue, candidates: tuple[str, ...] = ()
    ) -> None:
        person.faults.append(person.entry.fault(name, issue, candidates))
        self._finding.faults.append(person.faults[-1])

    def _repeated(self, person: Person, earlier: Planned) -> None:
        """Take a row that says nothing new of an earlier row's person once; else it is a fault."""
        first = earlier.person
        params = {"sheet": first.entry.sheet, "row": first.entry.row}
        known = {**(earlier.known.values if earlier.known else {}), **first.values}
        equal = all(_says_same(known.get(name), value) for name, value in person.values.items())
        if not equal:
            self._fault(person, "name", Issue("ROW_REPEATED", params=params))
            return
        entry = person.entry
        issue = Issue("ROW_TWICE", params=params)
        note = Note(entry.sheet, entry.row, entry.column("name"), "name", issue)
        self._finding.notes.append(note)
        shown = shown_values(person.values)
        self._twice[person.place] = Row(
            entry.sheet, entry.row, results.REPEATED, shown, record=earlier.record
        )

    def _writes(self, person: Person, known: Known | None) -> dict[str, Any]:
        """Return what a row writes; blank cells write nothing, a coarser birth neither."""
        given = dict(person.values)
        if "id_number" in given and self._keeps_numbers:
            given["id_kind"] = "111"
        if known is None:
            given.setdefault("sex", UNKNOWN_SEX)
            return given
        writes = {name: value for name, value in given.items() if known.values.get(name) != value}
        birth, kept = parse_birth(writes.get("birth")), known.birth
        if birth is not None and kept is not None:
            coarser = person.by_age or len(birth.text) <= len(kept.text)
            if coarser and births_agree(person, birth, kept):
                del writes["birth"]
        if "groups" in writes:
            held = list(known.values.get("groups") or ())
            codes = {group.get("code") for group in held}
            more = [group for group in writes["groups"] if group["code"] not in codes]
            writes["groups"] = [*held, *more]
            if not more:
                del writes["groups"]
        if known.values.get("id_number") == given.get("id_number"):
            writes.pop("id_kind", None)
        return writes

    def items(self, references: References) -> list[Item]:
        """Return the items of everybody who is new or changes."""
        found: list[Item] = []
        for planned in self.planned:
            if planned.outcome == results.SAME:
                continue
            entry = {"ref": planned.record, **planned.writes}
            stored = planned.known.stored if planned.known else None
            stored = stored or references.stored("learner", planned.record)
            place = f"{planned.person.entry.sheet}!{planned.person.entry.row}"
            item = Item(
                KINDS["learner"], place, planned.writes, entry, planned.record,
                planned.person.unit, stored,
            )  # fmt: skip
            references.items["learner", planned.record] = item
            found.append(item)
        return found

    def enrolments(
        self, references: References, activity: StoredRecord, joined: date
    ) -> list[Item]:
        """Return the items that enrol everybody who is not enrolled yet; rows go on counting."""
        held = children_of(self._workspace.database, activity.id, "enrolment", "activity")
        learners = {str(stored.doc.get("learner")) for stored in held}
        row = max((stored.doc.get("row") or 0 for stored in held), default=0)
        found: list[Item] = []
        for planned in self.planned:
            if planned.record in learners:
                self._enrolled_already += 1
                continue
            row += 1
            given = {
                "activity": activity.id,
                "learner": planned.record,
                "row": row,
                "joined": joined.isoformat(),
            }
            item = plan_entry(references, KINDS["enrolment"], given, activity.unit)
            references.items["enrolment", item.record] = item
            self._about[item.record] = planned.person
            self._enrolled.add(planned.record)
            found.append(item)
        return found

    def conclude(self, result: CaptureResult) -> None:
        """Add the issues of the rules and the outcome of every row to the finding."""
        for issue in result.issues:
            person = self._about.get(issue.record)
            if person is None:
                continue
            if issue.blocking:
                self._blocked(person, issue)
            else:
                self._noted(person, issue)
        taken = [planned for planned in self.planned if not planned.person.faults]
        rows = {planned.person.place: self._row(planned) for planned in taken}
        rows |= self._twice
        for person in self._people:
            if person.faults:
                shown = shown_values(person.values)
                row = Row(person.entry.sheet, person.entry.row, results.FAULT, shown)
                rows[person.place] = row
        self._finding.rows += [rows[person.place] for person in self._people]
        for planned in taken:
            self._finding.count(planned.outcome, "learner")
        enrolled = sum(1 for planned in taken if planned.record in self._enrolled)
        self._finding.count(results.CREATED, "enrolment", enrolled)
        self._finding.count(results.SAME, "enrolment", self._enrolled_already)

    def _blocked(self, person: Person, issue: Issue) -> None:
        """Place an issue of the rules; of an enrolment only if its learner is sound."""
        if issue.kind != "enrolment" or not person.faults:
            self._fault(person, _cell_of(person, issue), issue)

    def _noted(self, person: Person, issue: Issue) -> None:
        entry = person.entry
        if issue.code not in _SILENT_NOTES:
            name = _cell_of(person, issue)
            value = text_of(entry.cells.get(name, ""))
            note = Note(entry.sheet, entry.row, entry.column(name), name, issue, value)
            self._finding.notes.append(note)
        elif not any(note.code == issue.code for note in self._finding.notes):
            self._finding.notes.append(Note("", 0, "", issue.field, issue))

    def _row(self, planned: Planned) -> Row:
        known = planned.known
        changed = tuple(planned.writes) if planned.outcome == results.UPDATED else ()
        changed = tuple(name for name in changed if name != "id_kind")
        if not self._keeps_numbers:
            changed = tuple(name for name in changed if name != "id_number")
        held = known.values if known else {}
        former = {name: held[name] for name in changed if name in held}
        entry = planned.person.entry
        return Row(
            entry.sheet,
            entry.row,
            planned.outcome,
            shown_values(planned.person.values),
            changed,
            shown_values(former),
            planned.record if known else "",
        )

    def lineage(self) -> dict[str, dict[Place, str]]:
        """Return whom the rows became, by unit."""
        found: dict[str, dict[Place, str]] = {}
        for planned in self.planned:
            if not planned.person.faults:
                found.setdefault(planned.person.unit, {})[planned.person.place] = planned.record
        return found


def _by_place(people: Sequence[Person], decisions: Decisions) -> dict[Place, str]:
    """Return decisions by the full place; one without a column counts where a row is one person."""
    if not decisions:
        return {}
    rows = Counter((person.entry.sheet, person.entry.row) for person in people)
    found: dict[Place, str] = {}
    for person in people:
        row = (person.entry.sheet, person.entry.row)
        decision = decisions.get(person.place) or (decisions.get(row) if rows[row] == 1 else None)
        if decision:
            found[person.place] = decision
    return found


def _cell_of(person: Person, issue: Issue) -> str:
    """Return the field in whose column an issue shows."""
    name = issue.field.split(".")[0].split("[")[0]
    if name == "birth" and "birth" not in person.entry.cells:
        return "age" if "age" in person.entry.cells else "id_number"
    return name


def _says_same(kept: Any, value: Any) -> bool:
    if isinstance(value, list):
        return isinstance(kept, list) and all(part in kept for part in value)
    return kept == value or (isinstance(kept, str) and kept.startswith(str(value)))
