"""The sheets of a register book that is given out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from learnsite_desktop.domain.codes import CodeTables
from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.reports.book_sheet import Area, BookSheet, Choice
from learnsite_desktop.reports.workbook import TEXT_FORMAT, Cell
from learnsite_desktop.services.register_book import layout
from learnsite_desktop.services.register_book.gathering import Contents, Course, Held, marks_of
from learnsite_desktop.services.register_book.how import how_rows
from learnsite_desktop.services.register_book.identity import (
    ACTIVITY,
    GRID,
    LEARNER,
    ONCE,
    ROW,
    SESSION,
    Header,
    Stub,
    fresh_uid,
    identity_rows,
    known_uid,
    print_of,
    text_print,
    value_print,
)
from learnsite_desktop.services.register_book.layout import Col
from learnsite_desktop.services.register_book.words import STATUSES, hidden, offered, shown
from learnsite_desktop.services.workspace import Workspace

_SPARE_ACTIVITIES: Final = 20
_SPARE_MEMBERS: Final = 15
_SPARE_SESSIONS: Final = 12
_SPARE_GRIDS: Final = 2
_UID_WIDTH: Final = 4
_LISTS: Final = (
    "sex", "education_level", "population_group", "activity_kind", "edu_kind", "topic", "delivery",
    STATUSES,
)  # fmt: skip
_BLANK: Final = Cell(None)


def text(value: str) -> Cell:
    """Return a cell that stays text."""
    return Cell(value, TEXT_FORMAT)


class Pages:
    """Makes the sheets of one book, and notes on the way what each row was given out with."""

    def __init__(
        self,
        header: Header,
        contents: Contents,
        tables: CodeTables,
        *,
        numbers: bool,
        reveal: bool,
        spare: int,
    ) -> None:
        """`numbers`: ID numbers are kept here; `reveal`: private values stand in clear."""
        self._header = header
        self._contents = contents
        self._tables = tables
        self._numbers = numbers
        self._reveal = reveal
        self._spare = spare
        self._stubs: list[Stub] = []
        self._lists: dict[str, list[str]] = {name: offered(tables, name) for name in _LISTS}
        self._lists["site"] = [name for _record, name in contents.sites]
        self._titles = Area(1, 1, 1, 1)
        self._names = Area(1, 1, 1, 1)

    def sheets(self, workspace: Workspace, issuer: str, span: Period) -> Sequence[BookSheet]:
        """Return all sheets in order."""
        learners = self._learners()
        activities = self._activities()
        grids = [course for course in self._contents.courses if course.grid]
        rolls = [
            self._grid(workspace, course, number) for number, course in enumerate(grids, start=1)
        ]
        rolls += [
            self._grid(workspace, None, number)
            for number in range(len(grids) + 1, len(grids) + 1 + _SPARE_GRIDS)
        ]
        how = how_rows(self._header, issuer, span, numbers=self._numbers, reveal=self._reveal)
        first = BookSheet(
            layout.HOW_SHEET,
            [[Cell(line)] for line in how],
            (100,),
            large_rows=(1,),
            wrapped=True,
        )
        identity = BookSheet(
            layout.IDENTITY_SHEET,
            [[text(cell) for cell in row] for row in identity_rows(self._header, self._stubs)],
            (20, 26, 26, 40),
            shown=False,
        )
        return [first, learners, activities, *rolls, self._words(), identity]

    # -- lists to choose from

    def _words(self) -> BookSheet:
        lists = list(self._lists.values())
        longest = max(map(len, lists))
        rows = [
            [text(words[row]) if row < len(words) else _BLANK for words in lists]
            for row in range(longest)
        ]
        return BookSheet(layout.WORDS_SHEET, rows, (16,) * len(lists), shown=False)

    def _offer(self, codes: str, area: Area, *, only: bool) -> Choice | None:
        place = list(self._lists).index(codes) + 1
        words = self._lists[codes]
        if not words:
            return None
        return Choice(area, layout.WORDS_SHEET, Area(1, place, len(words), place), only)

    # -- learners and activities

    def _learners(self) -> BookSheet:
        cols = layout.learner_cols(numbers=self._numbers)
        rows = [self._learner(held, cols) for held in self._contents.learners]
        count = len(rows) + self._spare
        rows += [self._blank(LEARNER) for _row in range(self._spare)]
        self._names = Area(
            layout.FIRST_ROW, layout.NAME_COLUMN, layout.FIRST_ROW + count - 1, layout.NAME_COLUMN
        )
        hint = "已登记的学员在前，写错的直接改；新学员写在后面的空行。删去一行不会注销学员。"
        if not self._reveal:
            hint = "带 * 的电话等是遮盖的，不用管它；要更正就写上完整的新内容。" + hint
        return self._list(layout.LEARNERS_SHEET, layout.LEARNERS_MARK, "学员", hint, cols, rows)

    def _learner(self, held: Held, cols: Sequence[Col]) -> tuple[str, dict[str, str]]:
        texts: dict[str, str] = {}
        for col in cols[1:]:
            plain = shown(self._tables, col.codes, held.entry.get(col.field))
            covered = col.hides and not self._reveal
            texts[col.field] = hidden(col.field, plain) if covered else plain
        uid = known_uid(held.stored.id)
        prints = print_of(self._header, uid, texts, _registers("learner", held, texts))
        self._stubs.append(Stub(LEARNER, uid, prints=prints))
        return uid, texts

    def _blank(self, part: str) -> tuple[str, dict[str, str]]:
        uid = fresh_uid()
        self._stubs.append(Stub(part, uid))
        if part == ACTIVITY:
            self._stubs.append(Stub(ONCE, fresh_uid(), uid))
        return uid, {}

    def _activities(self) -> BookSheet:
        rows = [self._activity(course) for course in self._contents.courses]
        rows += [self._blank(ACTIVITY) for _row in range(_SPARE_ACTIVITIES)]
        self._titles = Area(
            layout.FIRST_ROW, layout.NAME_COLUMN, layout.FIRST_ROW + len(rows) - 1, 3
        )
        hint = (
            "一行一个班级或活动。讲座等只办一次的，在右边四列写日期、时间和人数；"
            "上课多次的班级，到“到课”表里写每次的日期和到课情况。"
        )
        return self._list(
            layout.ACTIVITIES_SHEET,
            layout.ACTIVITIES_MARK,
            "活动和班级",
            hint,
            layout.ACTIVITY_COLS,
            rows,
        )

    def _activity(self, course: Course) -> tuple[str, dict[str, str]]:
        held = course.activity
        entry = {**held.entry, "site": self._site(held.entry.get("site"))}
        own = {
            col.field: shown(self._tables, "" if col.field == "site" else col.codes,
                             entry.get(col.field))
            for col in layout.ACTIVITY_COLS[1:]
            if not col.once
        }  # fmt: skip
        uid = known_uid(held.stored.id)
        prints = print_of(self._header, uid, own, _registers("activity", held, own))
        self._stubs.append(Stub(ACTIVITY, uid, prints=prints))
        if course.grid:
            return uid, own
        _once, texts = self._session(course.sessions[0] if course.sessions else None, ONCE, uid)
        return uid, {**own, **texts}

    def _site(self, record: object) -> str:
        return next((name for one, name in self._contents.sites if one == record), "")

    def _list(
        self,
        title: str,
        mark: str,
        what: str,
        hint: str,
        cols: Sequence[Col],
        rows: Sequence[tuple[str, Mapping[str, str]]],
    ) -> BookSheet:
        last = layout.FIRST_ROW + len(rows) - 1
        right = len(cols) + 1
        lines = [
            [text(uid), text(str(number)), *(text(texts.get(col.field, "")) for col in cols[1:])]
            for number, (uid, texts) in enumerate(rows, start=1)
        ]
        named = f"{self._header.unit_name} {what}登记 {self._header.period}"
        offers = [
            self._offer(col.codes, Area(layout.FIRST_ROW, place, last, place), only=not col.many)
            for place, col in enumerate(cols, start=2)
            if col.codes
        ]
        return BookSheet(
            title,
            [
                [text(mark)],
                [_BLANK, Cell(named)],
                [_BLANK, Cell(hint)],
                [_BLANK, *(Cell(col.heading) for col in cols)],
                *lines,
            ],
            (_UID_WIDTH, *(col.width for col in cols)),
            headings=Area(layout.HEADING_ROW, 2, layout.HEADING_ROW, right),
            entries=[Area(layout.FIRST_ROW, 2, last, right)],
            choices=[offer for offer in offers if offer is not None],
            hidden_rows=(1,),
            hidden_columns=(1,),
            large_rows=(layout.TITLE_ROW,),
            small_rows=(layout.HINT_ROW,),
            frozen=f"D{layout.FIRST_ROW}",
        )

    # -- roll calls

    def _session(self, held: Held | None, part: str, owner: str) -> tuple[str, dict[str, str]]:
        """Return the id and the texts of a session, or of a blank column."""
        if held is None:
            uid, texts = fresh_uid(), dict[str, str]()
            self._stubs.append(Stub(part, uid, owner))
            return uid, texts
        entry = held.entry
        counted = entry.get("headcount") or {}
        texts = {name: str(entry.get(name) or "") for name in ("date", "start", "end")}
        texts["total"] = str(counted.get("total", ""))
        doc = held.stored.doc
        values = {"date": doc.get("date"), "start": doc.get("time"), "end": doc.get("time"),
                  "total": doc.get("headcount")}  # fmt: skip
        uid = known_uid(held.stored.id)
        self._stubs.append(Stub(part, uid, owner, print_of(self._header, uid, texts, values)))
        return uid, texts

    def _grid(self, workspace: Workspace, course: Course | None, number: int) -> BookSheet:
        grid = known_uid(course.activity.stored.id) if course else fresh_uid()
        self._stubs.append(Stub(GRID, grid))
        held: list[Held | None] = [*(course.sessions if course else ()), *[None] * _SPARE_SESSIONS]
        sessions = [self._session(one, SESSION, grid) for one in held]
        right = layout.FIRST_SESSION_COLUMN + len(sessions) - 1
        title = str(course.activity.entry.get("title") or "") if course else ""
        named = f"{self._header.unit_name} 到课登记 {title}".strip()
        rows = [
            [
                text(f"{layout.GRID_MARK}{grid}"),
                _BLANK,
                _BLANK,
                *(text(uid) for uid, _ in sessions),
            ],
            [_BLANK, Cell("班级"), text(title), Cell(named if title else "← 选择活动表里的班级")],
            [_BLANK, Cell(_GRID_HINT)],
        ]
        rows += [
            [_BLANK, _BLANK, Cell(beside), *(text(texts.get(name, "")) for _uid, texts in sessions)]
            for _row, name, beside in layout.SESSION_ROWS
        ]
        times = [Cell(f"第{place}次") for place in range(1, len(sessions) + 1)]
        rows.append([_BLANK, Cell("序号"), Cell("姓名"), *times])
        lines = self._members(workspace, course, grid, [uid for uid, _texts in sessions])
        last = layout.GRID_FIRST_ROW + len(lines) - 1
        marks = Area(layout.GRID_FIRST_ROW, layout.FIRST_SESSION_COLUMN, last, right)
        names = Area(layout.GRID_FIRST_ROW, layout.NAME_COLUMN, last, layout.NAME_COLUMN)
        choices = [Choice(names, layout.LEARNERS_SHEET, self._names)]
        class_cell = Area(layout.TITLE_ROW, 3, layout.TITLE_ROW, 3)
        if course is None:
            choices.append(Choice(class_cell, layout.ACTIVITIES_SHEET, self._titles))
        offer = self._offer(STATUSES, marks, only=False)
        return BookSheet(
            f"{layout.GRID_SHEET}{number}",
            [*rows, *lines],
            (_UID_WIDTH, 7, 14, *(12,) * len(sessions)),
            headings=Area(layout.GRID_HEADING_ROW, 2, layout.GRID_HEADING_ROW, right),
            entries=[
                class_cell,
                Area(layout.DATE_ROW, layout.FIRST_SESSION_COLUMN, layout.TOTAL_ROW, right),
                Area(layout.GRID_FIRST_ROW, 2, last, layout.NAME_COLUMN),
                marks,
            ],
            choices=[*choices, *([offer] if offer else [])],
            hidden_rows=(1,),
            hidden_columns=(1,),
            large_rows=(layout.TITLE_ROW,),
            small_rows=(layout.HINT_ROW,),
            frozen=f"D{layout.GRID_FIRST_ROW}",
        )

    def _members(
        self, workspace: Workspace, course: Course | None, grid: str, sessions: Sequence[str]
    ) -> list[list[Cell]]:
        lines = []
        marks = {
            known_uid(one.stored.id): marks_of(workspace, one.stored)
            for one in (course.sessions if course else ())
        }
        people = [(one.learner, one.row, one.name) for one in (course.members if course else ())]
        named = {held.stored.id: str(held.entry["name"]) for held in self._contents.learners}
        on_list = {learner for learner, _row, _name in people}
        walked_in = {learner for found in marks.values() for learner in found} - on_list
        people += [(one, None, named[one]) for one in sorted(walked_in) if one in named]
        for place, (learner, row, name) in enumerate(people, start=1):
            uid = known_uid(learner)
            values = {
                session: found[learner] for session, found in marks.items() if learner in found
            }
            texts = {
                session: shown(self._tables, STATUSES, value[0])
                for session, value in values.items()
            }
            prints = {
                session: (text_print(self._header, uid, session, texts[session]),
                          value_print(self._header, uid, session, value))
                for session, value in values.items()
            }  # fmt: skip
            prints["name"] = (text_print(self._header, uid, "name", name), "")
            self._stubs.append(Stub(ROW, uid, grid, prints))
            written = [text(texts.get(session, "")) for session in sessions]
            lines.append([text(uid), text(str(row or place)), text(name), *written])
        blank: list[Cell] = [_BLANK] * (len(sessions) + 3)
        return [*lines, *[blank for _row in range(_SPARE_MEMBERS)]]


_GRID_HINT: Final = (
    "先写每次的日期、开始和结束时间，再逐人选到课情况（√ 为到，× 为缺席）。"
    "名单上没有的人写在下面空行，须先在学员表登记；两人同名的，在姓名后加学员表的序号，如 王芳12。"
)


def _registers(kind_name: str, held: Held, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return, by field, what the registers of a record hold: commitments of private values."""
    kind = KINDS[kind_name]
    return {name: held.stored.doc.get(kind.by_field[name].key) for name in texts}
