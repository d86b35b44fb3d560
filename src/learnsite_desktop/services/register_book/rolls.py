"""The roll calls of a book: sessions side by side, learners below each other, marks between."""

from collections import defaultdict
from dataclasses import replace
from typing import Any, Final

from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.services.register_book.book import Grid, Line
from learnsite_desktop.services.register_book.courses import Courses, finish_session, plan_session
from learnsite_desktop.services.register_book.gathering import marks_of
from learnsite_desktop.services.register_book.identity import (
    FRESH,
    ROW,
    Stub,
    known_uid,
    text_print,
)
from learnsite_desktop.services.register_book.persons import Learners
from learnsite_desktop.services.register_book.planning import Ground, Planned
from learnsite_desktop.services.register_book.words import STATUSES, read_mark, shown
from learnsite_desktop.services.roster import results
from learnsite_desktop.services.roster.results import Row
from learnsite_desktop.store.records import children_of

_SOURCE: Final = "import"
_WALK_IN: Final = "W"


class Rolls:
    """Plans sessions, marks and enrolments of all roll calls."""

    def __init__(self, ground: Ground, learners: Learners, courses: Courses) -> None:
        self._ground = ground
        self._learners = learners
        self._courses = courses
        self.enrolments: dict[str, tuple[dict[str, Any], Line]] = {}
        self.rows: list[tuple[Row, set[str]]] = []
        self.marked: dict[str, list[tuple[Line, str]]] = defaultdict(list)
        self.counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def plan(self) -> None:
        """Decide about every roll call."""
        self.enrolments.clear()
        self.rows.clear()
        self.marked.clear()
        self.counts.clear()
        for grid in self._ground.book.grids:
            self._grid(grid)

    def _grid(self, grid: Grid) -> None:
        said = any(line.text("name") for line in grid.rows) or any(
            line.text(name) for line in grid.sessions for name in line.columns
        )
        if not said:
            return
        activity = self._activity(grid)
        if not activity:
            return
        sessions = self._sessions(grid, activity)
        kept = {
            record: marks_of(self._ground.workspace, planned.stored) if planned.stored else {}
            for record, planned in sessions.items()
        }
        seen: dict[str, Line] = {}
        for line in grid.rows:
            self._row(line, activity, sessions, kept, seen)
        for planned in sessions.values():
            if planned.said or planned.marks or planned.asked:
                finish_session(self._ground, planned)

    def _activity(self, grid: Grid) -> str:
        """Return the class of a roll call, "" where it is not clear or cannot be taken."""
        ground, title = self._ground, grid.title.text("title")
        if not grid.uid.startswith(FRESH):
            record = grid.uid[1:]
            stored = ground.stored("activity", record)
            if stored is None or stored.deleted:
                ground.fault(grid.title, "title", Issue("REGISTER_RECORD_GONE"))
                return ""
            # The class may have got another name, in the book's list or since it was given out.
            mine = [
                line.text("title")
                for line in ground.book.activities
                if line.stub is not None
                and line.stub.uid == grid.uid
                and self._courses.record_at(line.row)
            ]
            known = {self._courses.title_of(record), *mine}
            others = self._courses.rows_named(title)
            if title and title not in known and others:
                ground.fault(grid.title, "title", Issue("REGISTER_CLASS_OTHER"))
                return ""
            return record
        found = self._courses.rows_named(title)
        if len(found) != 1:
            params = {"value": title or "–"}
            ground.fault(grid.title, "title", Issue("REGISTER_CLASS_UNKNOWN", params=params))
            return ""
        record = self._courses.record_at(found[0].row)
        if not record:
            ground.fault(grid.title, "title", Issue("REGISTER_PARENT_LEFT"))
        return record

    def _sessions(self, grid: Grid, activity: str) -> dict[str, Planned]:
        found: dict[str, Planned] = {}
        stored = children_of(self._ground.workspace.database, activity, "session", "activity")
        last = max((int(one.doc.get("seq") or 0) for one in stored), default=0)
        for line in grid.sessions:
            if line.stub is None:
                continue
            record = self._ground.book.header.record_of("session", line.stub.uid)
            marked = any(row.text(line.stub.uid) for row in grid.rows)
            kept = self._ground.stored("session", record)
            if not marked and not line.text("date") and kept is None:
                if any(line.text(name) for name in line.columns):
                    issue = Issue("REQUIRED_MISSING", field="date", params={"key": "date"})
                    self._ground.fault(line, "date", issue)
                continue
            if not marked and line.stub.uid.startswith(FRESH) and _is_blank(line):
                continue  # another copy filled it in; a blank column says nothing
            planned = plan_session(self._ground, line, record, activity)
            if planned.is_new:
                last += 1
                planned.writes["seq"] = last
                self._needs(planned)
            planned.shown["title"] = grid.title.text("title")
            found[line.stub.uid] = planned
        return found

    def _needs(self, planned: Planned) -> None:
        """A new session has a date and times; without them its marks cannot be taken."""
        for name in ("date", "start", "end"):
            if not planned.line.text(name):
                issue = Issue("REQUIRED_MISSING", field=name, params={"key": name})
                self._ground.fault(planned.line, name, issue)
                planned.asked = True

    # -- one row

    def _row(
        self,
        line: Line,
        activity: str,
        sessions: dict[str, Planned],
        kept: dict[str, dict[str, list[Any]]],
        seen: dict[str, Line],
    ) -> None:
        ground = self._ground
        before = len(ground.round.faults)
        learner = self._learner(line)
        if not learner:
            if len(ground.round.faults) > before:
                self._faulty(line)
            return
        if learner in seen:
            params = {"sheet": line.sheet, "row": seen[learner].row}
            ground.fault(line, "name", Issue("ROW_REPEATED", params=params))
            self._faulty(line)
            return
        seen[learner] = line
        typed = line.stub is None
        if typed:
            line = replace(line, stub=Stub(ROW, known_uid(learner)))
        told: list[str] = []
        touched: set[str] = set()
        new = updated = False
        for uid, planned in sessions.items():
            changed = self._mark(line, uid, planned, learner, kept[uid].get(learner))
            if changed is None:
                continue
            told.append(changed)
            touched.add(planned.record)
            new, updated = new or learner not in kept[uid], updated or learner in kept[uid]
        self._enrol(line, activity, learner, sessions)
        if len(ground.round.faults) > before:
            self._faulty(line)
        elif told or typed:
            outcome = results.CREATED if new else results.UPDATED if updated else results.SAME
            shown_ = {"name": line.text("name"), "mark": "、".join(told)}
            self.rows.append((Row(line.sheet, line.row, outcome, shown_), touched))

    def _faulty(self, line: Line) -> None:
        shown_ = {"name": line.text("name")}
        self.rows.append((Row(line.sheet, line.row, results.FAULT, shown_), set()))

    def _learner(self, line: Line) -> str:
        """Return who a row is: by its number, whose name must fit, or by the name typed.

        "" for nobody: a fault says so, or the row says nothing.
        """
        ground, name = self._ground, line.text("name").replace(" ", "")
        found = self._learners.rows_named(name) if name else []
        if line.stub is not None:
            record = line.stub.uid[1:]
            stored = ground.stored("learner", record)
            kept = str(ground.entry(stored).get("name") or "").replace(" ", "")
            mine = [
                one
                for one in found
                if one.stub
                and one.stub.uid == line.stub.uid
                and not self._learners.is_held(one.row)
            ]
            if stored is None or stored.deleted:
                if not ground.book.untouched(line):
                    ground.fault(line, "name", Issue("REGISTER_RECORD_GONE"))
                return ""
            issued = text_print(ground.book.header, line.stub.uid, "name", line.text("name"))
            same = issued == line.stub.text("name") or name in ground.bases.names_of(stored)
            if name and kept and not same and not mine:
                params = {"kept": kept, "given": name}
                ground.fault(line, "name", Issue("REGISTER_NAME_OTHER", params=params))
                return ""
            return record
        if len(found) != 1:
            code = "REGISTER_NAME_SEVERAL" if found else "REGISTER_NAME_UNKNOWN"
            ground.fault(line, "name", Issue(code, params={"value": name or "–"}))
            return ""
        record = self._learners.record_at(found[0].row)
        if not record:
            issue = Issue("REGISTER_LEARNER_LEFT", params={"row": found[0].row})
            ground.fault(line, "name", issue)
        return record

    def _mark(
        self, line: Line, uid: str, planned: Planned, learner: str, kept: list[Any] | None
    ) -> str | None:
        """Plan one mark; return it in words, None where nothing is said or it cannot be taken."""
        ground, register = self._ground, f"a:{learner}"
        if planned.held:
            if planned.asked and line.text(uid):
                ground.fault(line, uid, Issue("REGISTER_SESSION_LEFT"))
            return None
        stored = planned.stored if not planned.is_new else None
        if not ground.bases.said(line, uid, stored, register):
            return None
        reading = read_mark(ground.tables, line.cells.get(uid, ""))
        if reading.issue is not None:
            ground.fault(line, uid, reading.issue)
            return None
        status, former = reading.value, kept[0] if kept else None
        if status == former:
            return None
        value = None if status is None else [status, *(kept or [None, None, _SOURCE, None])[1:]]
        text = shown(ground.tables, STATUSES, former)
        if ground.asks(line, uid, stored, register, new=value, text=text):
            return None
        if not ground.counts(line, uid):
            return None
        row: dict[str, Any] = {"learner": learner, "status": status}
        if value is not None:
            row |= {
                name: part
                for name, part in zip(("minutes", "source", "proxy"), value[1:], strict=True)
                if part is not None
            }
        planned.marks.append(row)
        self.marked[planned.record].append((line, uid))
        told = "created" if kept is None else "updated"
        self.counts[planned.record][told] += 1
        day = planned.line.text("date")
        return f"{day} {line.text(uid) or '–'}"

    def _enrol(self, line: Line, activity: str, learner: str, sessions: dict[str, Planned]) -> None:
        """Put somebody who stands in a roll call on the roster of the class."""
        record = b64(derived_id("enrolment", activity, learner))
        stored = self._ground.stored("enrolment", record)
        statuses = [read_mark(self._ground.tables, line.cells.get(uid, "")).value
                    for uid, planned in sessions.items() if not planned.held]  # fmt: skip
        walked_in = any(statuses) and {one for one in statuses if one} <= {_WALK_IN}
        waits = not any(statuses) and any(
            line.text(uid) for uid, planned in sessions.items() if planned.held
        )
        if (stored is not None and not stored.deleted) or walked_in or waits:
            return
        days = [
            day
            for planned in sessions.values()
            if not planned.held
            for day in [as_date(planned.writes.get("date")
                                or self._ground.entry(planned.stored).get("date"))]
            if day is not None
        ]  # fmt: skip
        opens = self._ground.entry(self._ground.stored("activity", activity)).get("opens")
        joined = min(days).isoformat() if days else str(opens or self._ground.today.isoformat())
        given: dict[str, Any] = {"activity": activity, "learner": learner, "joined": joined}
        number = line.text("number")
        if number.isdecimal() and int(number) > 0:
            given["row"] = int(number)
        self.enrolments[record] = (given, line)


def _is_blank(line: Line) -> bool:
    return not any(line.text(name) for name in line.columns)
