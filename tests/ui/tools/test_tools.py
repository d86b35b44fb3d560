"""The tools by real keys: reached by digits, each doing its work at a township's computer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.services.copying import own_sites
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.ui.entering_ribbon import EnteringRibbon
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.navigation import ENTRIES, LISTED, entries_for
from learnsite_desktop.ui.screens.tools import presenter
from learnsite_desktop.ui.screens.tools.compare import ComparePage
from learnsite_desktop.ui.screens.tools.view import View
from tests.desks import SISTER, TOWNSHIP, VILLAGE, Desk, Line, changed, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

ComputerOf = Callable[[str], Path]


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """A township that holds a village's class."""
    found = Line(tmp_path)
    found.found()
    found.enrol()
    found.village.capture(small_class())
    found.carry(found.village, found.township)
    return found


@pytest.fixture
def window(line: Line, open_window: OpenWindow) -> MainWindow:
    return open_window(line.township.folder)


def tools(window: MainWindow) -> View:
    screen = window.current()
    assert isinstance(screen, View)
    return screen


def begin(qtbot: QtBot, window: MainWindow, digit: str) -> Keys:
    """Go to the tools and press a digit."""
    window.go("tools")
    idle(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press(digit)
    idle(qtbot, window)
    return keys


def close(qtbot: QtBot, window: MainWindow) -> None:
    idle(qtbot, window)
    window.close()
    assert window.desk is None


# The page of tools


@pytest.mark.parametrize("tier", ["township", "county"])
def test_every_screen_is_in_the_list_or_among_the_tools_or_reached_from_one(tier: str) -> None:
    listed = {entry.name for entry in entries_for(tier)}
    among = {entry.name for entry in presenter.unlisted(tier)}
    assert not listed & among
    anywhere = {name for names in LISTED.values() for name in names}
    assert {entry.name for entry in ENTRIES} & anywhere == listed | among
    assert {"roster_import", "evidence", "safety"} <= among
    digits = [row.cells[0] for row in presenter.tool_rows(tier) if row.kind != "heading"]
    assert [digit for digit in digits if digit] == [*"1234567890"][: len(digits)]


def test_a_digit_opens_a_screen_and_esc_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    window.go("tools")
    (row,) = [row for row in presenter.tool_rows("township") if row.key == "safety"]
    keys = Keys(qtbot, window)
    keys.press(row.cells[0])
    assert window._trail[-1].screen == "safety"
    idle(qtbot, window)
    keys.press("Esc")
    assert isinstance(window.current(), View)
    keys.press("1")
    assert tools(window)._page() is not None
    keys.press("Esc")
    assert tools(window)._page() is None
    current = tools(window).list.current()
    assert current is not None
    assert current.key == presenter.COMPARE
    close(qtbot, window)


# Comparing


def test_two_files_side_by_side(
    qtbot: QtBot, line: Line, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = line.village.pack(TOWNSHIP, line.stick / "a")
    line.village("edit", "session:s1", "notes=下雨")
    line.village("edit", "learner:l1", "name=周桂花")
    second = line.village.pack(TOWNSHIP, line.stick / "b")
    chosen = iter([str(first), str(second)])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (next(chosen), ""))
    keys = begin(qtbot, window, "1")
    keys.press("F6")
    assert "Ctrl+O" in window.feedback.text
    keys.press("Ctrl+O")
    idle(qtbot, window)
    keys.press("F6")
    idle(qtbot, window)
    page = tools(window)._pages[presenter.COMPARE]
    assert isinstance(page, ComparePage)
    assert len(page.list.rows()) == 2
    seen = set()
    for _ in range(2):
        keys.press("F8")
        seen |= {row.cells for row in page.fields.rows()}
    assert seen == {("备注", "–", "下雨"), ("姓名", "周*兰", "周*花")}
    assert "2 条记录不同" in page.line.text()
    close(qtbot, window)


# Batches


def test_a_batch_by_keys_and_back(qtbot: QtBot, line: Line, window: MainWindow) -> None:
    keys = begin(qtbot, window, "2")
    keys.press("Enter", times=5)  # records: sessions; all units, always, without a condition
    keys.type("bz")
    keys.press("Enter")
    keys.type("yihedui")
    keys.press("Enter")
    keys.press("Ctrl+S")
    assert "F5" in window.feedback.text
    keys.press("F5")
    idle(qtbot, window)
    page = tools(window)._pages[presenter.BATCH]
    assert "1" in page.line.text()
    keys.press("Ctrl+S")
    assert "原因" in window.feedback.text
    keys.type("tongyihedui")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    (session,) = line_of(line.township)
    assert session["notes"] == "yihedui"
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    (session,) = line_of(line.township)
    assert "notes" not in session
    close(qtbot, window)


def line_of(desk: Desk) -> list[dict[str, object]]:
    return list(desk("list", "session")["records"])


# Entering for a village


def test_a_village_without_a_computer_is_entered_for(
    qtbot: QtBot, line: Line, window: MainWindow, open_window: OpenWindow
) -> None:
    desk = window.desk
    assert desk is not None
    keys = begin(qtbot, window, "3")
    keys.type(SISTER)
    keys.press("Enter")
    idle(qtbot, window)
    assert desk.acting == SISTER
    ribbon = window.findChild(EnteringRibbon)
    assert isinstance(ribbon, EnteringRibbon)
    assert ribbon.isVisible()
    sister = desk.read(lambda ws: unit_name(ws.database, SISTER))
    assert sister in ribbon.text.text()
    assert window._trail[-1].screen == "today"
    window.close()

    # It is remembered, and still said, at the next start; then it is ended.
    again = open_window(line.township.folder)
    assert again.desk is not None
    assert again.desk.acting == SISTER
    shown = again.findChild(EnteringRibbon)
    assert isinstance(shown, EnteringRibbon)
    assert shown.isVisible()
    keys = begin(qtbot, again, "3")
    keys.press("F6")
    idle(qtbot, again)
    assert again.desk.acting == TOWNSHIP
    assert not shown.isVisible()
    close(qtbot, again)


def test_a_roll_call_is_entered_for_a_village(
    qtbot: QtBot, line: Line, open_window: OpenWindow
) -> None:
    planned = changed(small_class(), "sessions", 0, ref="s9", date="2026-04-02", status="planned")
    line.village.capture({**planned, "rollcalls": []})
    line.carry(line.village, line.township)
    window = open_window(line.township.folder)
    desk = window.desk
    assert desk is not None
    keys = begin(qtbot, window, "3")
    keys.type(VILLAGE)
    keys.press("Enter")
    idle(qtbot, window)
    keys.press("Enter")  # the village's session of today, of which nothing is recorded
    idle(qtbot, window)
    assert window._trail[-1].screen == "roll_call"
    keys.type("2")
    keys.press("Enter")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    session = next(row for row in line_of(line.township) if row["date"] == "2026-04-02")
    shown = line.township("show", str(session["id"]), "--history")
    assert sorted(row["status"] for row in shown["record"]["rows"]) == ["A", "P", "P"]
    assert session["status"] == "held"
    assert shown["record"]["in_unit"] == VILLAGE
    last = shown["history"][-1]
    assert (last["unit"], last["why"]) == (TOWNSHIP, "代录")
    close(qtbot, window)


def test_a_new_class_is_the_villages(qtbot: QtBot, line: Line, window: MainWindow) -> None:
    desk = window.desk
    assert desk is not None
    assert desk.read(own_sites) == []
    desk.enter_for(VILLAGE)
    idle(qtbot, window)
    assert [name for _record, name in desk.read(own_sites)] == ["荣庄教学点"]
    keys = Keys(qtbot, window)
    window.go("today")
    idle(qtbot, window)
    keys.press("Ctrl+N")
    idle(qtbot, window)
    assert window._trail[-1].screen == "activity"
    keys.type("yangshengke")
    keys.press("Enter")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    made = [row for row in line.township("list", "activity")["records"] if row["title"] != "书法班"]
    assert [(row["in_unit"], row["title"]) for row in made] == [(VILLAGE, "yangshengke")]
    close(qtbot, window)


# Printing


def test_sheets_of_several_villages_in_one_booklet(
    qtbot: QtBot, line: Line, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = changed(small_class(), "sessions", 0, date="2026-04-08", status="planned")
    line.township.capture({**planned, "rollcalls": [], "source": "week"})
    sister = changed(small_class(SISTER), "sessions", 0, date="2026-04-09", status="planned")
    line.township.capture({**sister, "rollcalls": []})
    printed: list[list[str]] = []
    monkeypatch.setattr(
        "learnsite_desktop.ui.screens.tools.sheets.print_sheets",
        lambda _desk, _parent, sessions: printed.append(list(sessions)),
    )
    window = open_window(line.township.folder)
    keys = begin(qtbot, window, "4")
    page = tools(window)._pages[presenter.SHEETS]
    keys.press("Ctrl+P")
    assert printed == []
    assert "没有" in window.feedback.text
    keys.press("Right")
    assert "2 个单位共 2 张" in page.line.text()
    keys.press("Ctrl+P")
    assert len(printed[0]) == 2
    keys.press("Down")
    keys.press("Enter")
    keys.press("Ctrl+P")
    assert len(printed[1]) == 1
    keys.press("Up")
    keys.press("Enter")
    keys.press("Ctrl+P")
    assert len(printed[2]) == 2
    close(qtbot, window)
