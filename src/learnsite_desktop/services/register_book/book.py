"""A register book that came back: whose it is, which row is which, what is out of order."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.services.register_book import layout
from learnsite_desktop.services.register_book.identity import (
    ACTIVITY,
    GRID,
    KNOWN,
    LEARNER,
    ONCE,
    ROW,
    SESSION,
    Stub,
    read_identity,
    text_print,
)
from learnsite_desktop.services.roster.cells import text_of
from learnsite_desktop.services.roster.faults import Fault, Note
from learnsite_desktop.services.roster.fields import folded
from learnsite_desktop.services.roster.results import Finding
from learnsite_desktop.services.roster.tables import Sheet, Table, letter


@dataclass(frozen=True, slots=True)
class Line:
    """A row (or, of a roll call, a column) of the book.

    `sheet`, `row` from 1; `columns` the place of each field, from 0; `cells` what stands there;
    `stub` how it was given out, None for a row that somebody put in.
    """

    sheet: str
    row: int
    columns: Mapping[str, int]
    cells: Mapping[str, Any]
    stub: Stub | None
    rows: Mapping[str, int] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a cell as text."""
        return text_of(self.cells.get(name, ""))

    def place(self, name: str) -> tuple[int, str]:
        """Return row and column letter of a field's cell; "" for a field without one."""
        column = self.columns.get(name)
        return self.rows.get(name, self.row), "" if column is None else letter(column)

    def fault(self, name: str, issue: Issue, candidates: tuple[str, ...] = ()) -> Fault:
        """Return a fault in a field's cell."""
        row, column = self.place(name)
        return Fault(self.sheet, row, column, name, issue, self.text(name), candidates)

    def note(self, name: str, issue: Issue) -> Note:
        """Return a note about a field's cell."""
        row, column = self.place(name)
        return Note(self.sheet, row, column, name, issue, self.text(name))


@dataclass(frozen=True, slots=True)
class Grid:
    """A roll call: the title of its class, its sessions, its rows."""

    uid: str
    sheet: Sheet
    title: Line
    sessions: tuple[Line, ...]
    rows: tuple[Line, ...]


class Book:
    """One filled book; `finding` gets what is out of order."""

    def __init__(self, table: Table, finding: Finding) -> None:
        """Refuses `register_foreign`, `register_version`, `register_damaged`."""
        self.table = table
        self.header, stubs = read_identity(table)
        self._finding = finding
        self._stubs: dict[tuple[str, str, str], Stub] = {
            (stub.part, stub.owner, stub.uid): stub for stub in stubs
        }
        self._once = {stub.owner: stub for stub in stubs if stub.part == ONCE}
        self._met: set[tuple[str, str, str]] = set()
        self._lost: dict[str, frozenset[str]] = {}
        self._unmarked: tuple[Sheet, ...] = ()
        self.learners_sheet: Sheet | None = None
        self.learners: tuple[Line, ...] = ()
        self.activities: tuple[Line, ...] = ()
        self.grids: tuple[Grid, ...] = ()
        self._read()

    def once_of(self, activity: str) -> Stub | None:
        """Return the stub of the one session of an activity without a grid."""
        return self._once.get(activity)

    def stubs_of(self, part: str) -> Iterator[Stub]:
        """Yield the rows of a list as they were given out, also those that are gone."""
        return (stub for stub in self._stubs.values() if stub.part == part)

    # -- sheets

    def _read(self) -> None:
        grids: list[Grid] = []
        marked: set[str] = set()
        others: list[Sheet] = []
        for sheet in self.table.sheets:
            mark = text_of(sheet.cell(0, 0))
            if not mark.startswith("#"):
                others.append(sheet)
                continue
            if mark in marked:
                issue = Issue("REGISTER_SHEET_COPIED", params={"sheet": sheet.name})
                self._finding.faults.append(Fault(sheet.name, 1, "A", "", issue))
                continue
            marked.add(mark)
            if mark == layout.LEARNERS_MARK:
                self.learners_sheet = sheet
                self.learners = self._lines(sheet, LEARNER, layout.LEARNER_COLS_ALL)
            elif mark == layout.ACTIVITIES_MARK:
                self.activities = self._lines(sheet, ACTIVITY, layout.ACTIVITY_COLS)
            elif mark.startswith(layout.GRID_MARK):
                grid = self._grid(sheet, mark.removeprefix(layout.GRID_MARK))
                grids += [grid] if grid else []
        self.grids = tuple(grids)
        self._missing(marked, others)

    def _missing(self, marked: set[str], others: Sequence[Sheet]) -> None:
        """Tell of every sheet whose mark is not found: it was deleted, or its row 1 or column A.

        A roll call that was blank and is gone altogether says nothing; it is not missed.
        """
        grids = {f"{layout.GRID_MARK}{stub.uid}" for stub in self.stubs_of(GRID)}
        for kind, name, marks in (
            (LEARNER, layout.LEARNERS_SHEET, {layout.LEARNERS_MARK}),
            (ACTIVITY, layout.ACTIVITIES_SHEET, {layout.ACTIVITIES_MARK}),
            (GRID, layout.GRID_SHEET, grids),
        ):
            lost = marks - marked
            unmarked = [sheet for sheet in others if lost and _looks_like(sheet) == kind]
            for sheet in unmarked:
                issue = Issue("REGISTER_SHEET_UNMARKED", params={"sheet": sheet.name})
                self._finding.faults.append(Fault(sheet.name, 1, "A", "", issue))
            self._lost[kind] = frozenset(lost)
            if kind != GRID and lost and not unmarked:
                issue = Issue("REGISTER_SHEET_GONE", params={"sheet": name})
                self._finding.faults.append(Fault(name, 0, "", "", issue))
            elif kind == GRID:
                self._unmarked = tuple(unmarked)

    def lost_classes(self) -> Iterator[str]:
        """Yield the activities whose roll call, as it was given out, is not found."""
        for mark in sorted(self._lost[GRID]):
            uid = mark.removeprefix(layout.GRID_MARK)
            if uid.startswith(KNOWN):
                yield uid[1:]

    def tells_unmarked(self, title: str) -> bool:
        """Whether a roll call that lost its hidden mark may be that of a class."""
        return any(
            title in text_of(cell)
            for sheet in self._unmarked
            for cells in sheet.rows[: layout.HINT_ROW]
            for cell in cells
        )

    def _lines(self, sheet: Sheet, part: str, cols: Sequence[layout.Col]) -> tuple[Line, ...]:
        top, columns = _headings(sheet, cols)
        if top < 0:
            issue = Issue("REGISTER_HEADINGS", params={"sheet": sheet.name})
            self._finding.faults.append(Fault(sheet.name, layout.HEADING_ROW, "", "", issue))
            return ()
        found: list[Line] = []
        for row in range(top + 1, len(sheet.rows)):
            cells = {name: sheet.cell(row, place) for name, place in columns.items()}
            uid = text_of(sheet.cell(row, 0))
            said = any(text_of(cell) for name, cell in cells.items() if name != "number")
            if not uid and not said:
                continue
            stub = self._stubs.get((part, "", uid))
            line = Line(sheet.name, row + 1, columns, cells, stub)
            if uid and stub is None:
                if said:
                    self._fault(line, Issue("REGISTER_ROW_FOREIGN"))
                continue
            found.append(line)
        return tuple(self._single(found, part, ""))

    def _fault(self, line: Line, issue: Issue) -> None:
        name = next((key for key in ("name", "title") if key in line.columns), "")
        self._finding.faults.append(line.fault(name, issue))

    def _single(self, lines: Sequence[Line], part: str, owner: str) -> Iterator[Line]:
        """Yield the lines; of those with one id only what says nothing new, for it was copied."""
        groups: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            groups[line.stub.uid if line.stub else ""].append(line)
        for uid, group in groups.items():
            if not uid or len(group) == 1:
                continue
            texts = {tuple(sorted(_texts(line).items())) for line in group}
            if len(texts) == 1:
                continue
            for line in group:
                others = [str(one.row) for one in group if one is not line]
                if not self.untouched(line):
                    issue = Issue("REGISTER_ROW_COPIED", params={"rows": "、".join(others)})
                    self._fault(line, issue)
        for line in lines:
            uid = line.stub.uid if line.stub else ""
            place = (part, owner, uid)
            again = bool(uid) and place in self._met
            if uid:
                self._met.add(place)
            group = groups[uid]
            copied = bool(uid) and len({tuple(sorted(_texts(one).items())) for one in group}) > 1
            if not again and not copied:
                yield line

    def untouched(self, line: Line) -> bool:
        """Whether every cell of a line says what it said when the book was given out."""
        stub = line.stub
        return stub is not None and all(
            text_print(self.header, stub.uid, name, cell) == stub.text(name)
            for name, cell in line.cells.items()
            if name != "number"
        )

    # -- roll calls

    def _grid(self, sheet: Sheet, uid: str) -> Grid | None:
        if (GRID, "", uid) not in self._stubs:
            issue = Issue("REGISTER_ROW_FOREIGN")
            self._finding.faults.append(Fault(sheet.name, 1, "A", "", issue))
            return None
        self._met.add((GRID, "", uid))
        at = _grid_rows(sheet)
        title = Line(
            sheet.name,
            layout.TITLE_ROW,
            {"title": layout.NAME_COLUMN - 1},
            {"title": sheet.cell(layout.TITLE_ROW - 1, layout.NAME_COLUMN - 1)},
            None,
        )
        top = at.get("heading", layout.GRID_HEADING_ROW) - 1
        sessions = self._sessions(sheet, uid, at, top)
        rows = self._rows(sheet, uid, sessions, top)
        return Grid(uid, sheet, title, sessions, rows)

    def _sessions(
        self, sheet: Sheet, grid: str, at: Mapping[str, int], top: int
    ) -> tuple[Line, ...]:
        found: list[Line] = []
        width = max((len(row) for row in sheet.rows), default=0)
        names = [name for _row, name, _heading in layout.SESSION_ROWS]
        for column in range(layout.FIRST_SESSION_COLUMN - 1, width):
            uid = text_of(sheet.cell(0, column))
            cells = {name: sheet.cell(at[name] - 1, column) for name in names}
            said = any(text_of(cell) for cell in cells.values())
            stub = self._stubs.get((SESSION, grid, uid))
            columns = dict.fromkeys(names, column)
            rows = {name: at[name] for name in names}
            line = Line(sheet.name, at["date"], columns, cells, stub, rows)
            if stub is not None:
                found.append(line)
            elif said:
                code = "REGISTER_ROW_FOREIGN" if uid else "REGISTER_UNNUMBERED"
                self._finding.faults.append(line.fault("date", Issue(code)))
            elif folded(sheet.cell(top, column)) and any(
                text_of(sheet.cell(row, column)) for row in range(top + 1, len(sheet.rows))
            ):
                self._finding.faults.append(line.fault("date", Issue("REGISTER_UNNUMBERED")))
        return tuple(self._single(found, SESSION, grid))

    def _rows(
        self, sheet: Sheet, grid: str, sessions: Sequence[Line], top: int
    ) -> tuple[Line, ...]:
        columns = {
            line.stub.uid: line.columns["date"] for line in sessions if line.stub is not None
        }
        columns |= {"number": 1, "name": layout.NAME_COLUMN - 1}
        found: list[Line] = []
        for row in range(top + 1, len(sheet.rows)):
            cells = {name: sheet.cell(row, place) for name, place in columns.items()}
            uid = text_of(sheet.cell(row, 0))
            said = any(text_of(cell) for name, cell in cells.items() if name != "number")
            if not said:
                if uid:
                    self._met.discard((ROW, grid, uid))
                continue
            stub = self._stubs.get((ROW, grid, uid))
            line = Line(sheet.name, row + 1, columns, cells, stub)
            if uid and stub is None:
                self._fault(line, Issue("REGISTER_ROW_FOREIGN"))
                continue
            found.append(line)
        return tuple(self._single(found, ROW, grid))

    # -- what is gone

    def emptied(self, part: str, line: Line, owner: str = "") -> None:
        """Note that a row stands there no longer with anything: it counts as gone."""
        if line.stub is not None:
            self._met.discard((part, owner, line.stub.uid))

    def gone(self) -> list[Stub]:
        """Return what the book was given out with and no longer has."""
        return [
            stub
            for place, stub in self._stubs.items()
            if stub.prints
            and stub.part in (LEARNER, ACTIVITY, SESSION, ROW)
            and place not in self._met
            and not self._without_sheet(stub)
        ]

    def _without_sheet(self, stub: Stub) -> bool:
        """Whether the whole sheet is gone: that is told once, not of each row."""
        if stub.part in (SESSION, ROW):
            return (GRID, "", stub.owner) not in self._met
        return bool(self._lost.get(stub.part))


def _texts(line: Line) -> dict[str, str]:
    return {name: text_of(cell) for name, cell in line.cells.items() if name != "number"}


def _headings(sheet: Sheet, cols: Sequence[layout.Col]) -> tuple[int, dict[str, int]]:
    """Return the row of the headings, from 0, and where each column stands; -1 without any."""
    wanted = {folded(col.heading): col.field for col in cols}
    for row, cells in enumerate(sheet.rows[:20]):
        found: dict[str, int] = {}
        for place, cell in enumerate(cells):
            name = wanted.get(folded(cell))
            if name is not None:
                found.setdefault(name, place)
        if len(found) * 2 >= len(cols):
            return row, found
    return -1, {}


def _looks_like(sheet: Sheet) -> str:
    """Return which part of a book a sheet without its hidden mark looks like, "" for none."""
    for part, cols in ((LEARNER, layout.LEARNER_COLS_ALL), (ACTIVITY, layout.ACTIVITY_COLS)):
        if _headings(sheet, cols)[0] >= 0:
            return part
    wanted = {folded(heading) for _row, _name, heading in layout.SESSION_ROWS}
    beside = {folded(cell) for cells in sheet.rows[:20] for cell in cells[: layout.NAME_COLUMN]}
    return GRID if wanted <= beside else ""


def _grid_rows(sheet: Sheet) -> dict[str, int]:
    """Return the rows, from 1, in which the values of sessions stand, by what stands beside."""
    found = {name: row for row, name, _heading in layout.SESSION_ROWS}
    named = {folded(heading): name for _row, name, heading in layout.SESSION_ROWS}
    for row in range(min(len(sheet.rows), 20)):
        name = named.get(folded(sheet.cell(row, layout.NAME_COLUMN - 1)))
        if name is not None:
            found[name] = row + 1
        if folded(sheet.cell(row, layout.NAME_COLUMN - 1)) == folded("姓名"):
            found["heading"] = row + 1
    return found
