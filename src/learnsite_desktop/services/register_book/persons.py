"""The learners of a book: who is known by the row, who is new, what is written differently."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from learnsite_desktop.domain.births import parse_birth
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.services.register_book import layout
from learnsite_desktop.services.register_book.bases import KEPT
from learnsite_desktop.services.register_book.book import Line
from learnsite_desktop.services.register_book.claims import (
    INSERTED,
    claim_of_person,
    inserted_before,
)
from learnsite_desktop.services.register_book.identity import FRESH, LEARNER, text_print
from learnsite_desktop.services.register_book.planning import Ground, Planned
from learnsite_desktop.services.register_book.words import hidden, shown
from learnsite_desktop.services.roster.cells import text_of
from learnsite_desktop.services.roster.fields import vocabulary
from learnsite_desktop.services.roster.matching import (
    NEW,
    Match,
    Register,
    births_agree,
    question,
)
from learnsite_desktop.services.roster.people import Person
from learnsite_desktop.services.roster.reading import find_blocks, read_people
from learnsite_desktop.services.roster.results import Finding, Target
from learnsite_desktop.services.roster.villages import Villages
from learnsite_desktop.store import settings

_MET: Final = "register.met"
_COLS: Final = {col.field: col for col in layout.LEARNER_COLS_ALL}
_REGISTERS: Final = {"id_number": "identity"}
_NAMED_BY: Final = ("name", "birth")
_FROM_NUMBER: Final = ("sex", "birth")
_COVERED: Final = text_of(hidden("address", "x"))
_SILENT: Final = frozenset({"SHEET_HIDDEN", "CELLS_NOT_TOLD", "HIDDEN_NOT_TOLD"})


class Learners:
    """The rows of the sheet of learners, read once; `plan` decides about them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._said: dict[int, frozenset[str]] = {}
        self._lines = {line.row: line for line in ground.book.learners}
        self._met = self._read_met()
        self._register: Register | None = None
        self.finding = Finding()
        self.people = self._read()
        self.planned: dict[int, Planned] = {}
        self._held: set[int] = set()
        self._on_show: set[str] | None = None

    # -- reading

    def _known_record(self, line: Line) -> str:
        """Return whose record a row is by its number, "" for somebody not known by it."""
        if line.stub is None:
            return ""
        record = self._ground.record_of("learner", line)
        if line.stub.uid.startswith(FRESH) and self._ground.stored("learner", record) is None:
            return self._met.get(line.stub.uid, "")
        return record

    def _find_said(self, line: Line) -> frozenset[str]:
        stored = self._ground.stored("learner", self._known_record(line))
        found = []
        for name in line.columns:
            if name == "number":
                continue
            register = _REGISTERS.get(name, name)
            covered = self._is_masked(line, name)
            if self._ground.bases.said(line, name, None if covered else stored, register):
                found.append(name)
        return frozenset(found)

    def _is_masked(self, line: Line, name: str) -> bool:
        text = line.text(name)
        return _COLS[name].hides and ("*" in text or text == _COVERED)

    def _read(self) -> dict[int, Person]:
        """Read the rows that say anything, by the readers of rosters, faults included."""
        sheet = self._ground.book.learners_sheet
        if sheet is None:
            return {}
        rows = [list(row) for row in sheet.rows]
        heading = min((line.row for line in self._lines.values()), default=layout.FIRST_ROW)
        for number in range(heading - 1, len(rows)):
            line = self._lines.get(number + 1)
            said = self._find_said(line) if line is not None else frozenset()
            if line is None or not said or self._is_emptied(line):
                rows[number] = [""] * len(rows[number])
                continue
            self._said[line.row] = said
            for name, place in line.columns.items():
                if name not in said and _COLS[name].hides and place < len(rows[number]):
                    rows[number][place] = ""
        alone = replace(self._ground.book.table, sheets=(replace(sheet, rows=rows),))
        target = Target(sheets=(sheet.name,))
        words = vocabulary("people")
        blocks = list(find_blocks(alone, target, words, {}, lambda _print: None, self.finding))
        villages = Villages(self._ground.workspace, self._ground.unit)
        found = read_people(alone, target, blocks, villages, self._ground.today, self.finding)
        self.finding.notes = [note for note in self.finding.notes if note.code not in _SILENT]
        return {person.entry.row: person for person in found}

    def _is_emptied(self, line: Line) -> bool:
        """Whether nothing is left in a row: it counts as taken out of the book."""
        if any(line.text(name) for name in line.columns if name != "number"):
            return False
        self._ground.book.emptied(LEARNER, line)
        return True

    # -- who stands where, for the roll calls

    def name_of(self, line: Line) -> str:
        """Return the name in a row."""
        return line.text("name").replace(" ", "")

    def record_at(self, row: int) -> str:
        """Return the record that a row is, "" for one that cannot be taken."""
        planned = self.planned.get(row)
        if planned is not None:
            left = planned.is_new and (planned.asked or planned.record in self._ground.left)
            return "" if left else planned.record
        line = self._lines.get(row)
        if line is None or row in self.people:
            return ""
        return self._known_record(line)

    def is_held(self, row: int) -> bool:
        """Whether a row speaks of somebody else than its number does."""
        return row in self._held

    def rows_named(self, text: str) -> list[Line]:
        """Return the rows that a name in a roll call means; a number behind it is the row's own."""
        plain = text.replace(" ", "")
        exact = [line for line in self._lines.values() if self.name_of(line) == plain]
        exact = exact or [line for line in self._lines.values() if self._was_named(line, text)]
        name, number = plain.rstrip("0123456789"), plain[len(plain.rstrip("0123456789")) :]
        if exact or not number:
            return exact
        return [
            line
            for line in self._lines.values()
            if self.name_of(line) == name and line.text("number") == number
        ]

    def _was_named(self, line: Line, text: str) -> bool:
        """Whether a row had this name when the book was given out, or at any time since."""
        if line.stub is None:
            return False
        stored = self._ground.stored("learner", self._known_record(line))
        if stored is not None and text.replace(" ", "") in self._ground.bases.names_of(stored):
            return True
        told = text_print(self._ground.book.header, line.stub.uid, "name", text)
        return bool(told) and told == line.stub.text("name")

    # -- deciding

    def plan(self) -> None:
        """Decide about every row that says something."""
        ground = self._ground
        self.planned = {}
        self._held = set()
        ground.round.faults += self.finding.faults
        ground.round.notes += self.finding.notes
        register = self._register = Register(ground.workspace, ground.unit)
        claimed: dict[str, Person] = {}
        for row, person in self.people.items():
            line = self._lines[row]
            planned = None
            other = ground.moved(line, self._known_record(line), _NAMED_BY)
            if not other and not person.faults:
                other = claim_of_person(ground, line, self._known_record(line), person)
            if other:
                self._held.add(row)
            if other == KEPT:
                continue
            if other:
                pass  # what its other cells say is another's
            elif person.faults:
                ground.round.faults += person.faults
            else:
                planned = self._of(line, person, register, claimed)
            if planned is None:
                ground.round.planned.append(_left(line))
                continue
            if planned.record in claimed:
                first = claimed[planned.record].entry
                params = {"sheet": first.sheet, "row": first.row}
                ground.fault(line, "name", Issue("ROW_REPEATED", params=params))
                continue
            claimed[planned.record] = person
            self.planned[row] = planned
            self._values(planned, person)
            ground.round.planned.append(planned)

    def _of(
        self, line: Line, person: Person, register: Register, claimed: Mapping[str, Person]
    ) -> Planned | None:
        """Return whose record a row is; None where somebody must say so."""
        ground = self._ground
        record = self._known_record(line)
        if record:
            return Planned("learner", record, line, ground.stored("learner", record))
        decision = ground.decisions.get(person.place) or ground.decisions.get(person.place[:2])
        match = Match(ground.record_of("learner", line) or "")
        if decision and decision in register.by_record:
            match = Match(decision, register.by_record[decision])
        elif decision != NEW:
            match = register.match(person)
            if line.stub is None and match.known is None and match.issue is None:
                earlier = inserted_before(ground, person, register, self._shown(register))
                match = question(earlier, INSERTED) if earlier else match
        if match.issue is not None:
            ground.fault(line, "name", match.issue, match.candidates)
            return None
        if match.known is not None:
            return Planned("learner", match.record, line, match.known.stored)
        record = ground.record_of("learner", line) or register.free_record(person, claimed)
        register.plan(person, record)
        return Planned("learner", record, line, ground.stored("learner", record))

    def _shown(self, register: Register) -> set[str]:
        """Return the records that this copy of the book shows, by number or by what it says."""
        if self._on_show is None:
            header = self._ground.book.header
            numbered = {header.record_of("learner", stub.uid)
                        for stub in self._ground.book.stubs_of(LEARNER)}  # fmt: skip
            typed = (
                register.match(person).record
                for row, person in self.people.items()
                if self._lines[row].stub is None and not person.faults
            )
            self._on_show = {*numbered, *self._met.values(), *typed}
        return self._on_show

    def _values(self, planned: Planned, person: Person) -> None:
        ground, line = self._ground, planned.line
        said = self._said[line.row]
        kept = ground.entry(planned.stored)
        values = dict(person.values)
        planned.shown = _shown(line)
        if ground.is_gone(planned, "name"):
            return
        if planned.is_new:
            values.setdefault("sex", "U")
            said = frozenset(values)
        by_number = _FROM_NUMBER if "id_number" in said and "id_number" in values else ()
        if "id_number" in values and not ground.keeps_numbers:
            del values["id_number"]
            ground.round.notes.append(line.note("id_number", Issue("ID_NUMBER_DROPPED")))
        for name in sorted({*said, *by_number} & _COLS.keys()):
            if name in values:
                self._value(planned, person, name, values[name], kept)
            elif not line.text(name) and kept.get(name) is not None and name not in by_number:
                self._value(planned, person, name, None, kept)

    def _value(
        self, planned: Planned, person: Person, name: str, value: Any, kept: Mapping[str, Any]
    ) -> None:
        if name == "sex" and value is None:
            issue = Issue("REQUIRED_MISSING", field="sex", params={"key": "sex"})
            self._ground.fault(planned.line, "sex", issue)
            planned.asked = True
            return
        if name == "birth" and value and kept.get("birth"):
            birth, other = parse_birth(value), parse_birth(kept["birth"])
            coarser = person.by_age or len(value) <= len(kept["birth"])
            if birth and other and coarser and births_agree(person, birth, other):
                return
        if name == "groups":
            held = {one.get("code"): one for one in kept.get("groups") or ()}
            value = [held.get(one["code"], one) for one in value or ()] or None
            if {one["code"] for one in value or ()} == set(held):
                return
        col = _COLS[name]
        plain = shown(self._ground.tables, col.codes, kept.get(name))
        covered = hidden(name, plain) if col.hides else plain
        self._ground.writes(planned, name, value, text="" if col.hides else covered)
        if name in planned.writes:
            planned.former[name] = covered
            if name == "id_number":
                planned.writes["id_kind"] = "111" if value else None

    # -- rows that turned out to be somebody known otherwise

    def _read_met(self) -> dict[str, str]:
        raw = settings.read(self._ground.workspace.database, self._met_key())
        found: dict[str, str] = json.loads(raw) if raw else {}
        return found

    def _met_key(self) -> str:
        return f"{_MET}.{self._ground.book.header.id}"

    def remember(self) -> None:
        """Keep which blank rows turned out to be people that were known already."""
        found = {
            planned.line.stub.uid: planned.record
            for planned in self.planned.values()
            if planned.line.stub is not None
            and not planned.asked
            and planned.record != self._ground.record_of("learner", planned.line)
        }
        merged = {**self._met, **found}
        if merged != self._met:
            text = json.dumps(merged, sort_keys=True)
            settings.write(self._ground.workspace.database, self._met_key(), text)


def _left(line: Line) -> Planned:
    """Return a row that cannot be taken, as previews show it."""
    return Planned("learner", "", line, None, shown=_shown(line), asked=True)


def _shown(line: Line) -> dict[str, str]:
    return {name: line.text(name) for name in line.columns if line.text(name)}
