"""Looking at a filled register book and taking it: the door for the window and the command line."""

from collections import defaultdict
from dataclasses import replace
from typing import Any, Final

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.capture.apply import take_items
from learnsite_desktop.services.capture.plan import Item, References, plan_entry
from learnsite_desktop.services.entering import may_enter_for
from learnsite_desktop.services.register_book import layout
from learnsite_desktop.services.register_book.book import Book, Line
from learnsite_desktop.services.register_book.courses import Courses
from learnsite_desktop.services.register_book.identity import ACTIVITY, LEARNER, ROW, Stub
from learnsite_desktop.services.register_book.persons import Learners
from learnsite_desktop.services.register_book.planning import Ground, Round
from learnsite_desktop.services.register_book.rolls import Rolls
from learnsite_desktop.services.roster import results
from learnsite_desktop.services.roster.faults import Fault, Note
from learnsite_desktop.services.roster.results import Decisions, Finding, Preview, Taken, Target
from learnsite_desktop.services.roster.tables import Table
from learnsite_desktop.services.titles import spoken, title_of
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace

TARGET: Final = "register"
COUNTED: Final = ("learner", "activity", "session", "enrolment", "mark")
"""What is counted of a book: records by kind, and marks."""
FIELDS: Final = (
    "name", "sex", "birth", "mobile", "id_number", "education", "groups", "address",
    "title", "site", "kind", "edu_kinds", "topics", "delivery", "opens", "closes",
    "date", "start", "end", "total", "mark",
)  # fmt: skip
_ROUNDS: Final = 6
_SHOWN_AS: Final = {"headcount": "total", "time": "start", "identity": "id_number"}


def preview(
    workspace: Workspace,
    table: Table,
    *,
    unit: str = "",
    decisions: Decisions | None = None,
    progress: Progress = silent,
) -> Preview:
    """Return what would become of a filled book; nothing is written.

    `decisions` answer questions: (sheet, row) → id of a learner or "new"; (sheet, row, column
    letter) → "file" or "kept". Refuses `register_foreign`, `register_version`, `register_damaged`,
    `register_other_unit` when `unit` is another one than the book's, `unit_unknown` and
    `unit_not_below`.
    """
    return _Asked(workspace, table, unit, decisions or {}).run("", progress, write=False).preview


def take(
    workspace: Workspace, seen: Preview, *, operator: str = "", progress: Progress = silent
) -> Taken:
    """Take what can be taken of a filled book as one change; everything is looked at anew."""
    asked = _Asked(workspace, seen.table, seen.target.unit, seen.decisions)
    return asked.run(operator, progress, write=True)


class _Asked:
    """One book on its way."""

    def __init__(self, workspace: Workspace, table: Table, unit: str, decisions: Decisions) -> None:
        self.workspace = workspace
        self.finding = Finding()
        self.book = Book(table, self.finding)
        header = self.book.header
        require_unit(workspace, header.unit)
        if unit and unit != header.unit:
            raise Refusal("register_other_unit", where=header.unit_name or header.unit)
        if not may_enter_for(workspace, header.unit):
            raise Refusal("unit_not_below", where=header.unit)
        self.ground = Ground(workspace, self.book, header.unit, decisions)
        self.decisions = decisions
        self.learners = Learners(self.ground)
        self.courses = Courses(self.ground)
        self.rolls = Rolls(self.ground, self.learners, self.courses)
        self.finding.faults += self._lost_rolls()
        self.blocked: list[Fault] = []
        self.counts: dict[str, dict[str, int]] = {name: {} for name in results.OUTCOMES}

    def run(self, operator: str, progress: Progress, *, write: bool) -> Taken:
        """Look at the book until what would be taken is sound, then write it if asked."""
        for _round in range(_ROUNDS):
            result = self._look("", progress, write=False)
            if not self._leave_out(result):
                break
        if write:
            result = self._look(operator, progress, write=True)
            with self.workspace.database.transaction():
                self.learners.remember()
        return Taken(self._preview(result), result)

    def _look(self, operator: str, progress: Progress, *, write: bool) -> CaptureResult:
        self.ground.round = Round()
        self.learners.plan()
        self.courses.plan()
        self.rolls.plan()
        return take_items(
            self.workspace, self._items, write=write, operator=operator, progress=progress
        )

    def _items(self, references: References) -> list[Item]:
        ground = self.ground
        sound = [
            one
            for one in ground.round.planned
            if not one.asked and one.record not in ground.left and (one.writes or one.marks)
        ]
        order = {"learner": 0, "activity": 1, "session": 3}
        first = [one for one in sound if order[one.kind] < 2]
        last = [one for one in sound if order[one.kind] > 2]
        return [
            *(ground.item(references, one) for one in first),
            *self._enrolments(references),
            *(ground.item(references, one) for one in last),
        ]

    def _enrolments(self, references: References) -> list[Item]:
        found: list[Item] = []
        for record, (given, line) in self.rolls.enrolments.items():
            if record in self.ground.left:
                continue
            item = plan_entry(references, KINDS["enrolment"], given, self.ground.unit)
            item.origin = self.ground.origin(line)
            references.items["enrolment", item.record] = item
            self.ground.round.about[item.record] = (line, "enrolment")
            found.append(item)
        return found

    def _lost_rolls(self) -> list[Fault]:
        """Tell of the roll calls that the book was given out with and no longer has."""
        titles = [self.courses.title_of(record) for record in self.book.lost_classes()]
        return [
            Fault(
                layout.GRID_SHEET, 0, "", "", Issue("REGISTER_SHEET_GONE", params={"sheet": name})
            )
            for title in titles
            for name in [f"{layout.GRID_SHEET} {title}".strip()]
            if not (title and self.book.tells_unmarked(title))
        ]

    # -- what the rules found

    def _leave_out(self, result: CaptureResult) -> bool:
        """Leave out what the rules refuse, and tell it by cell; False if nothing new was found."""
        new = False
        for issue in result.issues:
            if not issue.blocking:
                continue
            line, kind = self.ground.round.about.get(issue.record, (None, ""))
            if line is None:
                continue
            self.blocked.append(self._placed(line, kind, issue))
            if issue.record not in self.ground.left:
                self.ground.left.add(issue.record)
                new = True
                if kind == "session":
                    self._left_marks(issue)
        return new

    def _placed(self, line: Line, kind: str, issue: Issue) -> Fault:
        told = spoken(issue)
        learner = str(issue.params.get("learner") or "")
        if learner:
            for one, uid in self.rolls.marked.get(issue.record, ()):
                if one.stub is not None and one.stub.uid[1:] == learner:
                    return one.fault(uid, _named(told, masked("name", one.text("name"))))
            told = _named(told, title_of(self.workspace, learner))
        name = issue.field.split(".")[0].split("[")[0]
        name = _SHOWN_AS.get(name, name)
        if kind == "enrolment":
            name = "name"
        elif name not in line.columns:
            name = next((key for key in ("name", "title", "date") if key in line.columns), "")
        return line.fault(name, told)

    def _left_marks(self, issue: Issue) -> None:
        """Tell beside every mark of a session that is left that it is not taken either."""
        for line, uid in self.rolls.marked.get(issue.record, ()):
            self.blocked.append(line.fault(uid, Issue("REGISTER_SESSION_LEFT")))

    # -- the answer

    def _preview(self, result: CaptureResult) -> Preview:
        found, ground = self.finding, self.ground
        faults = _once([*found.faults, *ground.round.faults, *self.blocked])
        order = {sheet.name: place for place, sheet in enumerate(self.book.table.sheets)}
        faults.sort(key=lambda each: (order.get(each.sheet, 0), each.row))
        rows = [
            one.as_row(results.FAULT if one.record in ground.left else "")
            for one in ground.round.planned
        ]
        rows += [
            replace(row, outcome=results.FAULT) if touched & ground.left else row
            for row, touched in self.rolls.rows
        ]
        self._count()
        target = Target(kind=TARGET, unit=ground.unit)
        return Preview(
            self.book.table,
            target,
            {},
            dict(self.decisions),
            (),
            tuple(sorted(rows, key=lambda row: (order.get(row.sheet, 0), row.row))),
            tuple(faults),
            (*ground.round.notes, *self._notes(result), *self._gone()),
            tuple(self.learners.finding.skipped),
            FIELDS,
            self.counts,
            ("A",),
        )

    def _count(self) -> None:
        ground = self.ground
        tally: dict[tuple[str, str], int] = defaultdict(int)
        for one in ground.round.planned:
            if one.record not in ground.left and not one.asked:
                tally[one.outcome, one.kind] += 1
        for record in self.rolls.enrolments:
            if record not in ground.left:
                tally[results.CREATED, "enrolment"] += 1
        for record, marks in self.rolls.counts.items():
            if record not in ground.left:
                for outcome, number in marks.items():
                    tally[outcome, "mark"] += number
        for (outcome, kind), number in tally.items():
            if outcome in self.counts:
                self.counts[outcome][kind] = number

    def _notes(self, result: CaptureResult) -> list[Note]:
        found = []
        for issue in result.issues:
            line, kind = self.ground.round.about.get(issue.record, (None, ""))
            if line is not None and not issue.blocking:
                fault = self._placed(line, kind, issue)
                found.append(
                    Note(
                        fault.sheet, fault.row, fault.column, fault.field, fault.issue, fault.value
                    )
                )
        return found

    def _gone(self) -> list[Note]:
        """Note what the book no longer has: nothing of it is deleted."""
        sheets = {LEARNER: layout.LEARNERS_SHEET, ACTIVITY: layout.ACTIVITIES_SHEET}
        named = {grid.uid: grid.sheet.name for grid in self.book.grids}
        found = []
        for stub in self.book.gone():
            sheet = sheets.get(stub.part) or named.get(stub.owner, layout.GRID_SHEET)
            issue = Issue("REGISTER_ROW_GONE", params={"name": self._named(stub)})
            found.append(Note(sheet, 0, "", "", issue))
        return found

    def _named(self, stub: Stub) -> str:
        kind = {LEARNER: "learner", ACTIVITY: "activity", ROW: "learner"}.get(stub.part, "session")
        entry = self.ground.entry(self.ground.stored(kind, stub.uid[1:]))
        parts: list[Any] = [entry.get(name) for name in ("name", "title", "date", "start")]
        return " ".join(str(part) for part in parts if part) or "?"


def counted(seen: Preview) -> dict[str, dict[str, int]]:
    """Return how many records and marks are new, changed and as kept, by kind."""
    return {
        outcome: {kind: seen.counts.get(outcome, {}).get(kind, 0) for kind in COUNTED}
        for outcome in results.OUTCOMES
    }


def _named(issue: Issue, learner: str) -> Issue:
    """Return an issue about a mark with the learner's name in place of the record's id."""
    return replace(issue, params={**issue.params, "learner": learner or "–"})


def _once(faults: list[Fault]) -> list[Fault]:
    found: list[Fault] = []
    for fault in faults:
        if fault not in found:
            found.append(fault)
    return found
