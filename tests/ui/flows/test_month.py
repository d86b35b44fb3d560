"""A month's work by real keys: a village's and a township's, read by the command line above.

Three folders share nothing but files. What is typed is counted again here, by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives, i18n
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.navigation import LISTED, entry_named
from tests.desks import COUNTY, TOWNSHIP, VILLAGE, Desk, Line, opened, small_class
from tests.pictures import photo_file
from tests.services.roster.books import xlsx
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

PERIOD = "2026-04"
LESSONS = 12
HEAD = ["序号", "姓 名", "性别", "出生年月", "联系电话", "备注"]
ROSTER: tuple[tuple[str, str, object, object], ...] = (
    ("张 建国", "男", "1955.3", 14412345601),
    ("李秀兰", "女", "55年3月", 14412345602),
    ("王大妮", "女", "1949", ""),
    ("赵春花", "女", "农历三月初三", 14412345604),
    ("钱国强", "男", "1950-01-02", 14412345605),
    ("孙凤英", "女", "1952.11", ""),
    ("周玉梅", "女", "1948年", 14412345607),
    ("吴大海", "男", "1946年", 14412345608),
    ("郑小红", "女", "1951/6/9", ""),
    ("冯春生", "男", "1957", 14412345610),
)
FAULTY = 4


class Clerk:
    """Somebody at one window on one day, who has a keyboard and looks at the screen."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window
        self.keys = Keys(qtbot, window)

    def press(self, *chords: str) -> None:
        """Press chords, one after the other, and see what becomes of each."""
        for chord in chords:
            self.keys.press(chord)
            self.see()

    def type(self, text: str, *then: str) -> None:
        """Type what stands on keys, then press chords."""
        self.keys.type(text)
        self.press(*then)

    def write(self, text: str, *then: str) -> None:
        """Write Chinese by the input method, then press chords."""
        self.keys.ime(text, keys=3 * len(text))
        self.press(*then)

    def see(self) -> None:
        """Look at the window; without a screen a list that has closed does not give it back."""
        if self.window.desk is None:
            return
        idle(self.qtbot, self.window)
        if QApplication.activeModalWidget() is None and self.window.isVisible():
            handle = self.window.windowHandle()
            if QGuiApplication.focusWindow() is not handle and not QApplication.activePopupWidget():
                handle.requestActivate()
                self.qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is handle)

    @property
    def screen(self) -> Any:
        """What is shown."""
        return self.window.current()

    @property
    def at(self) -> str:
        """The name of the field with the focus."""
        widget = QApplication.focusWidget()
        return "" if widget is None else widget.accessibleName()

    @property
    def told(self) -> str:
        """What the bar says."""
        return self.window.feedback.text

    def walk_to(self, text: str, rows: Any = None) -> None:
        """Go down a list of rows, that of Today if none is given, until one has `text`."""
        rows = rows or self.screen.list
        self.press("Home")
        for _step in rows.rows():
            row = rows.current()
            if row is not None and text in " ".join(row.cells):
                return
            self.press("Down")
        raise AssertionError(f"no row with {text}: {[row.cells for row in rows.rows()]}")

    def to(self, screen: str, *keys: str) -> None:
        """Go to a screen by the keys that its place in the list has, then press `keys`."""
        desk = self.window.desk
        assert desk is not None
        listed = LISTED[desk.tier]
        if screen in listed:
            self.press(f"Alt+{listed.index(screen) + 1}", *keys)
            return
        self.to("tools")
        self.walk_to(i18n._(entry_named(screen).label))
        self.press("Return", *keys)

    def choose(self, label: str) -> None:
        """Choose from a box with the arrow keys."""
        box = QApplication.focusWidget()
        assert isinstance(box, QComboBox)
        for _step in range(box.count()):
            if label in box.currentText():
                return
            self.press("Down")
        raise AssertionError(label)

    def drop(self, *paths: Path) -> None:
        """Drag files onto the screen and let them fall."""
        content = QMimeData()
        content.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        plain, middle = Qt.KeyboardModifier.NoModifier, self.screen.rect().center()
        entering = QDragEnterEvent(middle, copy, content, left, plain)
        QApplication.sendEvent(self.screen, entering)
        assert entering.isAccepted()
        QApplication.sendEvent(self.screen, QDropEvent(QPointF(middle), copy, content, left, plain))
        self.see()

    def sign_on(self, name: str) -> None:
        """F2: another name, typed into the dialog that holds everything else up."""

        def answer() -> None:
            dialog, typed = QApplication.activeModalWidget(), QApplication.focusWidget()
            if dialog is None or typed is None or not dialog.isAncestorOf(typed):
                if dialog is not None:
                    dialog.activateWindow()
                QTimer.singleShot(10, answer)
                return
            self.keys.ime(name, keys=8)
            self.keys.press("Return")

        QTimer.singleShot(10, answer)
        self.press("F2")
        self.see()

    def quit(self) -> None:
        """Ctrl+Q."""
        self.press("Ctrl+Q")
        assert self.window.desk is None
        # What is closed wants no new clothes when the next window comes.
        self.window.takeCentralWidget().deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@dataclass
class Paper:
    """What the sheets and the clerk's notes say of a session held; the recount goes by it."""

    minutes: int
    named: frozenset[str] = frozenset()
    expected: int = 0
    heads: int = 0


@dataclass
class Books:
    """A unit's sessions of the month, by day."""

    held: dict[str, Paper] = field(default_factory=dict)

    def figures(self) -> dict[str, tuple[int, int | None]]:
        """Return numerator and, where there is one, denominator of some indicators."""
        held = self.held.values()
        named = sum(len(one.named) for one in held)
        heads = sum(one.heads for one in held)
        on_list = sum(
            len({name for name in one.named if not name.startswith("+")})
            for one in held if one.expected
        )  # fmt: skip
        return {
            "S01": (named + heads, None),
            "S02": (len(frozenset().union(*(one.named for one in held))), None),
            "S03": (len(self.held), None),
            "S05": (sum(one.minutes * len(one.named) for one in held), 45),
            "S08": (on_list, sum(one.expected for one in held)),
        }


def rows(*numbers: int) -> frozenset[str]:
    """Return people of the roster by their row numbers."""
    return frozenset(map(str, numbers))


ALL = rows(*range(1, len(ROSTER) + 1))
Open = Callable[..., Clerk]


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """A county and a township; the village has only its opening file."""
    found = Line(tmp_path)
    found.county("init", "--tier", "county", "--unit", COUNTY)
    return found


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files from elsewhere lie; nothing is plugged in."""
    place = tmp_path / "downloads"
    place.mkdir()
    for name in ("DOWNLOAD", "DESKTOP", "DOCUMENTS"):
        monkeypatch.setenv(f"XDG_{name}_DIR", str(place))
    monkeypatch.setattr(drives, "removable_folders", list)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(place / "kept.pdf"), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(place))
    return place


@pytest.fixture
def clerk(qtbot: QtBot, open_window: OpenWindow) -> Open:
    """Sit down at a desk at a moment."""

    def sitting(desk: Desk, day: str, *, first: bool = False) -> Clerk:
        desk.now = f"{day}+08:00"
        found = Clerk(qtbot, open_window(desk.folder, now=desk.now, desk=not first))
        if first:
            page: Any = found.window.centralWidget()
            qtbot.waitUntil(lambda: page._lane.idle)
            qtbot.waitUntil(lambda: found.at == "您的姓名")
        return found

    return sitting


def begin(one: Clerk, name: str) -> None:
    """The first run: the opening file was found, the name is typed, Enter."""
    one.keys.ime(name, keys=8)
    one.keys.press("Return")
    one.qtbot.waitUntil(lambda: one.window.desk is not None, timeout=20_000)
    one.see()
    assert one.window.nav.current() == "today"


def messy(path: Path, title: str) -> Path:
    """Write the list of a class as it lies around: two title rows, a total, what nobody reads."""
    sheet: list[list[Any]] = [[title], ["制表：村委会", "", "", "2026年3月"], [*HEAD]]
    sheet += [[number, *row] for number, row in enumerate(ROSTER, start=1)]
    sheet.append(["合计", len(ROSTER)])
    return xlsx(path, {"Sheet1": sheet})


def put_right(path: Path) -> None:
    """Correct the one faulty cell in the coloured copy, in the spreadsheet program."""
    book = load_workbook(path)
    sheet = book.active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "错误原因" for cell in cells)
    (wrong,) = [cell for cell in cells if cell.value == ROSTER[FAULTY - 1][2]]
    wrong.value = "1950-03"
    book.save(path)


def take_roster(one: Clerk, path: Path, title: str) -> None:
    """Import a class roster; there is no class yet, so it is made in between."""
    one.to("roster_import")
    one.drop(path)
    one.press("Shift+Tab")
    while one.at != "这是":
        one.press("Shift+Tab")
    one.press("Ctrl+A")
    one.type("2", "Return")
    assert "还没有班级" in one.told
    one.press("F9")
    plan_class(one, title)
    one.to("roster_import")
    one.write(title, "Return")
    outcomes = [line.outcome for line in one.screen.seen.model.lines]
    assert outcomes.count("created") == len(ROSTER) - 1
    one.press("F8")
    assert one.screen.seen.current().faulty == {"birth"}
    one.press("Ctrl+S", "Ctrl+E")
    copy = path.with_name(f"{path.stem}-错误原因.xlsx")
    assert copy.name in one.told
    put_right(copy)
    one.drop(copy)
    one.press("Ctrl+S")
    assert "新增 1" in one.told


def plan_class(one: Clerk, title: str) -> None:
    """The first class: 12 Tuesdays at nine from 7 April, with a teacher, at a new site."""
    one.write(title, "Return", "Return", "Return")
    one.type("4.7", "Return", "Return", "Return")
    one.type(str(LESSONS), "Return")
    one.write("钱玉梅", "Return", "Return", "Return")
    one.write("荣庄教学点", "Return", "Return", "Return")
    assert one.at == "内容主题"
    one.write("书法", "Return")
    one.press("Ctrl+S")
    assert f"{LESSONS}" in one.told, one.told


def print_sheet(one: Clerk, title: str, code: Callable[[], str]) -> str:
    """Print the sheet of the next lesson; return the code that stands on the paper."""
    one.to("today")
    one.walk_to(title)
    one.press("F5", "Ctrl+S")
    assert "kept.pdf" in one.told
    return code()


def call_roll(one: Clerk, code: str) -> Paper:
    """Tuesday 7 April: the code of the sheet, three absent, two who are not on the list."""
    one.type(code.lower())
    assert one.at == "缺席者的序号"
    one.type("3 7-8", "Return", "Return")
    one.type("sdc", "Return")
    one.write("令狐冲", "Return")
    one.type("1", "Return")
    one.type("58", "Return")
    one.press("Ctrl+S")
    assert "共 9 人" in one.told
    return Paper(90, (ALL - rows(3, 7, 8)) | {"+孙大成", "+令狐冲"}, expected=10)


def give_lecture(one: Clerk, title: str) -> Paper:
    """Thursday 9 April: planned and counted on the same day, without names."""
    one.press("Ctrl+N")
    one.write(title, "Return")
    one.type("03", "Return", "Return")
    one.type("4.9", "Return")
    one.type("15", "Return")
    one.type("16", "Ctrl+S")
    assert title in one.told
    one.to("today", "Return")
    one.type("80", "Return")
    one.type("35", "Return")
    one.type("60", "Ctrl+S")
    assert "共 80 人" in one.told
    return Paper(60, heads=80)


def register(one: Clerk) -> None:
    """Somebody who is on no list."""
    one.to("learners", "Ctrl+N")
    one.write("孙大成", "Return")
    one.type("1", "Return")
    one.type("1949.3", "Ctrl+S")
    assert "孙大成" in one.told


def paste_photo(one: Clerk, photo: Path) -> None:
    """From Today to the session's photos, where the copied file is pasted."""
    one.press("F4")
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(photo))])
    QGuiApplication.clipboard().setMimeData(content)
    one.press("Ctrl+V")
    one.qtbot.waitUntil(lambda: one.at == "照片", timeout=30_000)
    one.see()


def hand_in(one: Clerk, place: Path) -> Path:
    """Hand in into a folder; return the new file."""
    before = set(place.glob("*.lsb"))
    one.to("submission")
    assert not one.screen.problems.rows()
    one.press("Shift+Tab")
    one.choose("文件夹")
    one.press("Ctrl+S")
    assert "已报送" in one.told
    (new,) = {*place.glob("*.lsb")} - before
    return new


def recounted(desk: Desk, unit: str, books: Books) -> None:
    """The figures of a unit at a desk are those counted here by hand."""
    values = desk("indicators", "--period", PERIOD, "--unit", unit)["values"]
    found = {
        one["id"]: (one["numerator"], one["denominator"])
        for one in values
        if one["cell"] == "all" and one["id"] in books.figures()
    }
    assert found == books.figures()


def id_of(desk: Desk, day: str) -> str:
    """Return the session of a day."""
    (found,) = [one for one in desk("list", "session")["records"] if one["date"] == day]
    return str(found["id"])


def only_code(desk: Desk) -> str:
    """Return the code of the one sheet that was printed."""
    (sheet,) = desk("list", "sheet")["records"]
    return str(sheet["code"])


def test_a_villages_month(line: Line, places: Path, clerk: Open) -> None:
    """From the township's opening file to the county's figures."""
    village, books = line.village, Books()
    opened(line.county, TOWNSHIP, line.township.folder)
    line.township("opening", VILLAGE, "--out", places)
    april(village, books, places, clerk)
    (photo,) = village("photo", "list", id_of(village, "2026-04-09"))["photos"]
    assert photo["kind"] == "banner"
    assert [one["name"] for one in village("list", "operator")["records"]] == ["周桂兰", "吴建国"]

    # May: the month is handed in; the township sends two things back; they are put right.
    one = clerk(village, "2026-05-03T10:00:00")
    up = hand_in(one, places)
    one.quit()
    back = sent_back(line, up, books, places)
    one = clerk(village, "2026-05-05T10:00:00")
    put_both_right(one, back)
    books.held["04-14"].minutes = 120
    books.held["04-21"].named = ALL - rows(1)
    up = hand_in(one, places)
    one.quit()
    back = received_above(line, up, places)

    one = clerk(village, "2026-05-07T10:00:00")
    one.to("submission")
    one.drop(back)
    one.press("Return")
    assert {row.status for row in one.screen.handed.rows()} == {"received"}
    assert "县" in one.screen._held.text()
    one.quit()
    for unit in (VILLAGE, TOWNSHIP, COUNTY):
        recounted(line.county, unit, books)
    for desk in (village, line.township, line.county):
        assert desk.is_sound()
    assert len({desk.state(VILLAGE) for desk in (line.township, line.county)}) == 1
    assert list((village.folder / "backups").glob("auto-*.lsk"))


def april(village: Desk, books: Books, places: Path, clerk: Open) -> None:
    """Five days at the village's window."""
    # Thursday 2 April: the program is opened, a class planned, its list taken in and printed.
    one = clerk(village, "2026-04-02T09:00:00", first=True)
    begin(one, "周桂兰")
    take_roster(one, messy(places / "书法班名单.xlsx", "荣庄村书法班学员名单"), "书法班")
    register(one)
    code = print_sheet(one, "书法班", lambda: only_code(village))
    one.quit()
    # The next week: the signed sheet is entered by a second clerk; a lecture with photo.
    one = clerk(village, "2026-04-07T11:00:00")
    one.sign_on("吴建国")
    books.held["04-07"] = call_roll(one, code)
    one.quit()
    one = clerk(village, "2026-04-09T17:00:00")
    books.held["04-09"] = give_lecture(one, "防诈骗讲座")
    paste_photo(one, photo_file(places / "IMG_1.jpg", seed=5))
    one.quit()
    # Two lessons more, and one that is entered a week late; then the ledger and a consent.
    one = clerk(village, "2026-04-14T11:00:00")
    one.press("Return", "Return", "Ctrl+S")
    books.held["04-14"] = Paper(90, ALL, expected=10)
    one.quit()
    one = clerk(village, "2026-04-28T11:00:00")
    one.press("Return")
    one.type("+3 5 9", "Ctrl+S")
    books.held["04-28"] = Paper(90, rows(3, 5, 9), expected=10)
    one.press("Return")
    one.type("1 2", "Ctrl+S")
    assert "缺 2" in one.told
    books.held["04-21"] = Paper(90, ALL - rows(1, 2), expected=10)
    correct_in_ledger(one)
    books.held["04-07"].minutes = 120
    note_consent(one)
    one.quit()


def sent_back(line: Line, up: Path, books: Books, places: Path) -> Path:
    """The township receives, counts, and sends a field and a roll call back; return the file."""
    line.county.now = line.township.now = "2026-05-04T09:00:00+08:00"
    assert line.township.receive(up)[0]["outcome"] == "received"
    recounted(line.township, VILLAGE, books)
    for day, asked, text in (
        ("2026-04-14", "end", "签到表写到十一点"),
        ("2026-04-21", "rows", "2 号李秀兰签了名"),
    ):
        line.township("return", id_of(line.township, day), asked, "--reason", "R05", "--text", text)
    return line.township.pack(VILLAGE, places / "back")


def received_above(line: Line, up: Path, places: Path) -> Path:
    """Township and county receive what was put right; return the receipt for the village."""
    line.county.now = line.township.now = "2026-05-06T09:00:00+08:00"
    assert line.township.receive(up)[0]["outcome"] == "received"
    assert {one["state"] for one in line.township("returns")["returns"]} == {"closed"}
    line.carry(line.township, line.county)
    line.carry(line.county, line.township)
    return line.township.pack(VILLAGE, places / "receipt")


def test_a_townships_month(line: Line, places: Path, clerk: Open) -> None:
    """The same window at a township: its school's own class, and a sheet for a village."""
    township, village, books = line.township, line.village, Books()
    line.county("opening", TOWNSHIP, "--out", places)
    one = clerk(township, "2026-04-02T09:00:00", first=True)
    begin(one, "郑国强")
    take_roster(one, messy(places / "镇校名单.xlsx", "韩寺镇社区学校"), "镇校书法班")
    register(one)
    code = print_sheet(one, "镇校书法班", lambda: only_code(township))
    one.quit()
    opened(township, VILLAGE, village.folder)
    village.capture(small_class())
    up = village.pack(TOWNSHIP, places / "up")

    one = clerk(township, "2026-04-07T11:00:00")
    books.held["04-07"] = call_roll(one, code)
    one.to("submission")
    one.drop(up)
    one.press("Return")
    print_for_village(one)
    one.quit()
    down = township.pack(VILLAGE, places / "down")
    assert village.receive(down)[0]["outcome"] == "received"
    (sheet,) = village("list", "sheet")["records"]
    assert village("sheet", "--code", sheet["code"])["session"] == id_of(village, "2026-03-03")

    one = clerk(township, "2026-05-03T10:00:00")
    for _missed in range(3):
        one.walk_to("书法班")
        one.press("Delete")
        one.write("农忙", "Return")
    up = hand_in(one, places)
    one.quit()
    line.county.now = "2026-05-04T09:00:00+08:00"
    assert line.county.receive(up)[0]["outcome"] in ("received", "relay")
    recounted(line.county, TOWNSHIP, books)
    for desk in (township, village, line.county):
        assert desk.is_sound()


def print_for_village(one: Clerk) -> None:
    """The ledger has the villages' sessions too; F6 prints the sheet of the one chosen."""
    one.to("ledger")
    listed = [one.screen.model.line(row).unit for row in range(one.screen.model.rowCount())]
    assert {"荣庄村委会", "韩寺镇"} == set(listed)
    one.press("Ctrl+F")
    one.write("荣庄", "Return")
    assert one.screen.model.rowCount() == 1
    one.press("F6", "Ctrl+S")
    assert "kept.pdf" in one.told


def correct_in_ledger(one: Clerk) -> None:
    """The first lesson was half an hour longer; remarks of two lessons come from elsewhere."""
    one.to("ledger", *["Down"] * 4, "Right", "F3")
    one.type("9-11", "Return")
    assert "1" in one.told
    QGuiApplication.clipboard().setText("带宣纸\n换教室\n")
    one.press("Up", "Up", "Up", "End", "Ctrl+V")
    assert "2" in one.told


def note_consent(one: Clerk) -> None:
    """Somebody is found by initials; the paper with the signature lies there."""
    one.to("learners")
    one.type("zjg", "Return")
    assert one.screen.heading() == "张建国"
    one.press("F7", *["Return"] * 4)
    assert "已登记" in one.told


def put_both_right(one: Clerk, back: Path) -> None:
    """The file from the township is dropped; both fields are one key away."""
    one.to("submission")
    one.drop(back)
    assert "退回 2 项" in one.screen.arrivals.text
    one.press("Return")
    one.walk_to("结束时间", one.screen.problems)
    one.press("Return")
    one.type("1100", "Return")
    one.press("Return")
    one.press("Down")
    one.type("p", "Ctrl+S")
    assert one.at == "更正的原因"
    one.write("镇里核对过签到表", "Ctrl+S")
    assert "缺 1" in one.told
