"""A month's work by real keys: a village's and a township's, read by the command line above.

Three folders share nothing but files. What is typed is counted again here, by hand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives
from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import COUNTY, TOWNSHIP, VILLAGE, Desk, Line, opened
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

    def walk_to(self, text: str, key: str = "Down") -> None:
        """Go through a list of rows until one with `text` is current."""
        rows = self.screen.list
        for _step in range(60):
            row = rows.current()
            if row is not None and text in " ".join(row.cells):
                return
            self.press(key)
        raise AssertionError(f"no row with {text}: {[row.cells for row in rows.rows()]}")

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
        QApplication.sendEvent(
            self.screen, QDropEvent(QPointF(middle), copy, content, left, plain)
        )
        self.see()

    def quit(self) -> None:
        """Ctrl+Q."""
        self.press("Ctrl+Q")
        assert self.window.desk is None


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
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_: (str(place / "kept.pdf"), "")
    )
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
    listed = [[number, *row] for number, row in enumerate(ROSTER, start=1)]
    sheet = [[title], ["制表：村委会", "", "", "2026年3月"], HEAD, *listed, ["合计", len(ROSTER)]]
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
    one.press("Alt+4")
    one.drop(path)
    one.press("Shift+Tab")
    while one.at != "这是":
        one.press("Shift+Tab")
    one.press("Ctrl+A")
    one.type("2", "Return")
    assert "还没有班级" in one.told
    one.press("F9")
    plan_class(one, title)
    one.press("Alt+4")
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


def test_a_villages_month(
    line: Line, places: Path, clerk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the township's opening file to the county's figures."""
    village, books = line.village, Books()
    opened(line.county, TOWNSHIP, line.township.folder)
    line.township("opening", VILLAGE, "--out", places)

    # Thursday 2 April: the program is opened, the class planned, its list taken in.
    one = clerk(village, "2026-04-02T09:00:00", first=True)
    begin(one, "周桂兰")
    take_roster(one, messy(places / "书法班名单.xlsx", "荣庄村书法班学员名单"), "书法班")
    print(one.told, one.at)
    outcomes = [line.outcome for line in one.screen.seen.model.lines]
    print(outcomes)
    one.press("Ctrl+S")
    print(one.told, one.at)
    # somebody on no list
    one.press("Alt+3", "Ctrl+N")
    one.write("孙大成", "Return")
    one.type("1", "Return")
    one.type("1949.3", "Ctrl+S")
    print(one.told, one.at)
    # print
    one.press("Alt+1")
    print([r.cells for r in one.screen.list.rows()])
    one.walk_to("书法班")
    one.press("F5")
    print("paper", one.at, QApplication.activeModalWidget(), one.told)
    one.press("Ctrl+S")
    print("paper", one.at, QApplication.activeModalWidget(), one.told)
    one.quit()
    (sheet,) = village("list", "sheet")["records"]
    print(sheet)

    # Tuesday 7 April
    one = clerk(village, "2026-04-07T11:00:00")
    QTimer.singleShot(0, lambda: one.write("吴建国", "Return"))
    one.press("F2")
    print(one.told, one.at)
    one.type(sheet["code"].lower())
    print(one.screen, one.at)
    one.type("3 7-8", "Return")
    one.press("Return")
    one.type("sdc", "Return")
    one.write("令狐冲", "Return")
    one.type("1", "Return")
    one.type("58", "Return")
    print(one.told, one.at, one.screen._panel.totals.text())
    one.press("Ctrl+S")
    print(one.told, one.at, [r.cells for r in one.screen.list.rows()])
    one.quit()

    # Thursday 9
    one = clerk(village, "2026-04-09T17:00:00")
    one.press("Ctrl+N")
    one.write("防诈骗讲座", "Return")
    one.type("03", "Return")
    print(one.at)
    one.press("Return", "Return")
    print(one.at)
    one.type("15", "Return")
    one.type("16", "Ctrl+S")
    print(one.told, one.at)
    one.press("Alt+1")
    print([r.cells for r in one.screen.list.rows()], one.screen.list.current())
    one.press("Return")
    print(one.at)
    one.type("80", "Return")
    one.type("35", "Return")
    one.type("60", "Ctrl+S")
    print(one.told, one.at, one.screen.list.current())
    one.walk_to("防诈骗", "Up")
    one.press("F4")
    print(one.at, one.window.nav.current())
    photo = photo_file(places / "IMG_1.jpg", seed=5)
    mime = QMimeData(); mime.setUrls([QUrl.fromLocalFile(str(photo))])
    QGuiApplication.clipboard().setMimeData(mime)
    one.press("Ctrl+V")
    one.qtbot.waitUntil(lambda: one.at == "照片", timeout=30_000)
    one.see(); print(one.told)
    one.quit()
