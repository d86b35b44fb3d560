"""The activities of a book, and the one session of those that take place once."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.services.register_book import layout
from learnsite_desktop.services.register_book.bases import KEPT
from learnsite_desktop.services.register_book.book import Line
from learnsite_desktop.services.register_book.claims import claim_of_activity, claim_of_session
from learnsite_desktop.services.register_book.gathering import sites_of
from learnsite_desktop.services.register_book.identity import ACTIVITY
from learnsite_desktop.services.register_book.planning import Ground, Planned
from learnsite_desktop.services.register_book.words import read_many, read_one, shown
from learnsite_desktop.services.roster import cells, dates
from learnsite_desktop.services.roster.cells import NOTHING, Reading

HELD, PLANNED = "held", "planned"
_OWN: Final = tuple(col for col in layout.ACTIVITY_COLS[1:] if not col.once)
_NAMED_BY: Final = ("title", "opens")
_SESSION_FIELDS: Final = ("date", "start", "end", "total")
_REGISTERS: Final = {"opens": "term", "closes": "term", "start": "time", "end": "time",
                     "total": "headcount"}  # fmt: skip


class Courses:
    """The rows of the sheet of activities."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._sites = sites_of(ground.workspace, ground.unit)
        self.planned: dict[int, Planned] = {}
        self._lines = {line.row: line for line in ground.book.activities}

    # -- for the roll calls

    def record_at(self, row: int) -> str:
        """Return the record that a row is, "" for one that cannot be taken."""
        planned = self.planned.get(row)
        if planned is not None:
            if planned.held:
                return ""
            left = planned.is_new and (planned.asked or planned.record in self._ground.left)
            return "" if left else planned.record
        line = self._lines.get(row)
        return self._ground.record_of("activity", line) if line is not None else ""

    def rows_named(self, title: str) -> list[Line]:
        """Return the rows with a title."""
        return [line for line in self._lines.values() if line.text("title") == title != ""]

    def title_of(self, record: str) -> str:
        """Return the title of an activity that is kept."""
        stored = self._ground.stored("activity", record)
        return str(self._ground.entry(stored).get("title") or "")

    # -- deciding

    def plan(self) -> None:
        """Decide about every row that says something."""
        self.planned = {}
        for line in self._lines.values():
            if not any(line.text(name) for name in line.columns if name != "number"):
                self._ground.book.emptied(ACTIVITY, line)
                continue
            self._row(line)

    def _row(self, line: Line) -> None:
        ground = self._ground
        if line.stub is None:
            ground.fault(line, "title", Issue("REGISTER_UNNUMBERED"))
            return
        record = ground.record_of("activity", line)
        stored = ground.stored("activity", record)
        planned = Planned("activity", record, line, stored)
        said = [
            col
            for col in _OWN
            if col.field in line.columns
            # A site that nobody chose was the only one there is.
            and (col.field != "site" or line.text("site"))
            and ground.bases.said(line, col.field, stored, _REGISTERS.get(col.field, col.field))
        ]
        own = (col.field for col in _OWN if col.field in line.columns)
        planned.shown = {name: line.text(name) for name in own if line.text(name)}
        other = ground.moved(line, record, _NAMED_BY) if said else ""
        if said and not other:
            other = claim_of_activity(ground, line, record)
        if other:
            self._hold(planned, other)
            return
        if said:
            if not ground.is_gone(planned, "title"):
                self._values(planned, said)
            self.planned[line.row] = planned
            ground.round.planned.append(planned)
        once = ground.book.once_of(line.stub.uid)
        if once is not None:
            self._once(line, once.uid, record)

    def _hold(self, planned: Planned, other: str) -> None:
        """Leave a row that speaks of another activity, and what hangs on it."""
        ground, line = self._ground, planned.line
        planned.held = True
        self.planned[line.row] = planned
        if other == KEPT:
            return
        planned.asked = True
        ground.round.planned.append(planned)
        once = ground.book.once_of(line.stub.uid) if line.stub is not None else None
        if once is not None and any(line.text(name) for name in _SESSION_FIELDS):
            ground.fault(line, "date", Issue("REGISTER_PARENT_LEFT"))

    def _values(self, planned: Planned, said: list[layout.Col]) -> None:
        ground, line = self._ground, planned.line
        kept = ground.entry(planned.stored)
        for col in said:
            reading = self._read(col, line)
            if reading.issue is not None:
                ground.fault(line, col.field, reading.issue)
                planned.asked = True
                continue
            value = reading.value or None
            if planned.is_new and value is None:
                continue
            plain = kept.get(col.field)
            text = (
                self._site_name(plain)
                if col.field == "site"
                else shown(ground.tables, col.codes, plain)
            )
            if col.many and set(value or ()) == set(plain or ()):
                continue
            ground.writes(planned, col.field, value, text=text)
        if planned.is_new and not planned.asked:
            self._site(planned)

    def _site(self, planned: Planned) -> None:
        """A new activity without a site is at the unit's only one."""
        if planned.writes.get("site"):
            return
        if len(self._sites) == 1:
            planned.writes["site"] = self._sites[0][0]
            return
        self._ground.fault(planned.line, "site", Issue("REGISTER_SITE"))
        planned.asked = True

    def _site_name(self, record: object) -> str:
        return next((name for one, name in self._sites if one == record), "")

    def _read(self, col: layout.Col, line: Line) -> Reading:
        cell = line.cells.get(col.field, "")
        if not line.text(col.field):
            return NOTHING
        if col.field == "site":
            found = [one for one, name in self._sites if name == line.text("site")]
            return Reading(found[0]) if len(found) == 1 else Reading(None, Issue("REGISTER_SITE"))
        if col.codes:
            read = read_many if col.many else read_one
            return read(self._ground.tables, col.codes, cell)
        if col.field in ("opens", "closes"):
            return read_date(self._ground, cell)
        return cells.read_text(cell)

    def _once(self, line: Line, uid: str, activity: str) -> None:
        """Plan the one session of an activity from the right side of its row."""
        ground = self._ground
        stub = ground.book.once_of(line.stub.uid) if line.stub else None
        own = Line(line.sheet, line.row, line.columns, line.cells, stub)
        if not any(own.text(name) for name in _SESSION_FIELDS):
            return
        if activity in ground.left or (line.row in self.planned and self.record_at(line.row) == ""):
            ground.fault(own, "date", Issue("REGISTER_PARENT_LEFT"))
            return
        record = ground.book.header.record_of("session", uid)
        planned = plan_session(ground, own, record, activity)
        planned.shown["title"] = line.text("title")
        if planned.said or planned.asked:
            finish_session(ground, planned)


def read_date(ground: Ground, cell: object) -> Reading:
    """Read a date; one without a year is in the book's own."""
    header = ground.book.header
    year = int(header.period[:4]) if header.period[:4].isdecimal() else None
    reading, rest = dates.read_day(cell, year, date1904=ground.book.table.date1904)
    if reading.issue is None and rest.strip():
        return Reading(None, Issue("DATE_UNCLEAR", params={"value": cells.text_of(cell)}))
    return reading


def _read_time(_ground: Ground, cell: object) -> Reading:
    found = dates.read_times(cell)
    if found is None or found[1]:
        return Reading(None, Issue("TIME_UNCLEAR", params={"value": cells.text_of(cell)}))
    return Reading(found[0])


def _read_total(_ground: Ground, cell: object) -> Reading:
    return cells.read_count(cell)


_READERS: Final[Mapping[str, Callable[[Ground, object], Reading]]] = {
    "date": read_date, "start": _read_time, "end": _read_time, "total": _read_total,
}  # fmt: skip


def plan_session(ground: Ground, line: Line, record: str, activity: str) -> Planned:
    """Plan what a row or column says of a session itself."""
    stored = ground.stored("session", record)
    planned = Planned("session", record, line, stored)
    kept = ground.entry(stored)
    planned.shown = {name: line.text(name) for name in _SESSION_FIELDS if line.text(name)}
    other = claim_of_session(ground, line, stored, activity, _hours(ground, line))
    if other:
        planned.held, planned.asked = True, other != KEPT
        return planned
    for name in _SESSION_FIELDS:
        register = _REGISTERS.get(name, name)
        if name not in line.columns or not ground.bases.said(line, name, stored, register):
            continue
        if not planned.said and ground.is_gone(planned, name):
            planned.said = True
            break
        planned.said = True
        reading = _READERS[name](ground, line.cells[name]) if line.text(name) else NOTHING
        if reading.issue is not None:
            ground.fault(line, name, reading.issue)
            planned.asked = True
        elif name == "total":
            _total(ground, planned, reading.value, kept)
        elif reading.value or not planned.is_new:
            ground.writes(planned, name, reading.value, text=str(kept.get(name) or ""))
    if planned.is_new:
        planned.writes["activity"] = activity
    return planned


def _hours(ground: Ground, line: Line) -> list[str]:
    """Return date, start and end of a session as read, "" for what is not said or not clear."""
    found = []
    for name in ("date", "start", "end"):
        reading = _READERS[name](ground, line.cells[name]) if line.text(name) else NOTHING
        found.append(str(reading.value or "") if reading.issue is None else "")
    return found


def _total(ground: Ground, planned: Planned, read: Any, kept: Mapping[str, Any]) -> None:
    held = kept.get("headcount")
    text = str(held.get("total", "")) if held else ""
    if read is None:
        value = None
    else:
        number, estimate = read
        basis = "estimate" if estimate else (held or {}).get("basis", "counted")
        value = {**(held or {}), "total": number, "basis": basis}
    if value != held:
        ground.writes(planned, "headcount", value, text=text, cell="total")


def finish_session(ground: Ground, planned: Planned) -> None:
    """Say whether a session was held, and put it among what is planned."""
    kept = ground.entry(planned.stored)
    day = as_date(planned.writes.get("date") or kept.get("date"))
    done = day is not None and day <= ground.today
    told = bool(planned.marks or planned.writes.get("headcount"))
    if planned.is_new:
        planned.writes["status"] = HELD if done else PLANNED
    elif kept.get("status") == PLANNED and done and told:
        planned.writes["status"] = HELD
    ground.round.planned.append(planned)
