"""Beginning at the top by real keys: founding, the recovery code on paper, the way back."""

import csv
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.services.recovering import recovery_code
from learnsite_desktop.ui.first_run.view import FirstRun
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.paper import PaperDialog
from learnsite_desktop.ui.recovery_code import RecoveryPage, Reminder
from tests.desks import COUNTY, TOWNSHIP, VILLAGE, Desk, Line, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle


@pytest.fixture(autouse=True)
def _nothing_lies_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "downloads"
    place.mkdir()
    for name in ("DOWNLOAD", "DESKTOP", "DOCUMENTS"):
        monkeypatch.setenv(f"XDG_{name}_DIR", str(place))


def first_run(window: MainWindow, qtbot: QtBot) -> FirstRun:
    page = window.centralWidget()
    assert isinstance(page, FirstRun)
    qtbot.waitUntil(lambda: page._lane.idle)
    return page


def reminded(window: MainWindow) -> bool:
    """Whether the status line reminds of the code."""
    reminder = window.findChild(Reminder)
    return reminder is not None and reminder.isVisible()


def asked_for_code(window: MainWindow, qtbot: QtBot) -> RecoveryPage:
    """Return the page about the code, which must be the one in front."""
    qtbot.waitUntil(lambda: window.desk is not None, timeout=20_000)
    idle(qtbot, window)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), RecoveryPage))
    page = QApplication.activeModalWidget()
    assert isinstance(page, RecoveryPage)
    return page


def test_a_county_is_founded_and_its_code_put_on_paper(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(tmp_path / "data", desk=False)
    first_run(window, qtbot)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    keys.type("zmx")  # the initials of 中牟县
    keys.press("Return")
    keys.ime("王工", keys=8)
    keys.press("Return")
    page = asked_for_code(window, qtbot)
    assert window.desk is not None
    assert (window.desk.unit, window.desk.tier) == (COUNTY, "county")
    assert reminded(window)
    keys.press("Return")  # the page
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PaperDialog))
    keys.press("Escape")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is page)
    page.activateWindow()  # as the window system does when the window in front is closed
    qtbot.waitUntil(page.isActiveWindow)
    number = page._number
    keys.type("00000")
    keys.press("Return")
    idle(qtbot, window)
    assert str(number) in page.told.text()
    assert page.isVisible()
    # What the page says is what the command says; both are noted.
    code = page_code(window, qtbot)
    keys.type(code.split("-")[number - 1].lower())
    keys.press("Return")
    idle(qtbot, window)
    qtbot.waitUntil(lambda: not page.isVisible())
    assert not reminded(window)
    window.close()
    desk = Desk(tmp_path / "data", COUNTY)
    assert [row["name"] for row in desk("list", "operator")["records"]] == ["王工"]
    assert len(desk("units")["units"]) == 363


def page_code(window: MainWindow, qtbot: QtBot) -> str:
    """Return the code as the service gives it."""
    found: list[str] = []
    assert window.desk is not None
    window.desk.write("", lambda ws, _p: recovery_code(ws, why="看"), found.append)
    idle(qtbot, window)
    return found[0]


def test_later_leaves_a_reminder_that_comes_back_at_the_next_start(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(tmp_path / "data", desk=False)
    first_run(window, qtbot)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    keys.type("410122101000")
    keys.press("Return")
    keys.press("Return")
    asked_for_code(window, qtbot)
    assert window.desk is not None
    assert (window.desk.unit, window.desk.tier) == (TOWNSHIP, "township")
    keys.press("Escape")
    assert reminded(window)
    window.close()
    again = open_window(tmp_path / "data")
    assert reminded(again)
    keys = Keys(qtbot, again)
    keys.press("Ctrl+Shift+R")
    asked_for_code(again, qtbot).take_word()
    idle(qtbot, again)
    assert not reminded(again)
    again.close()
    third = open_window(tmp_path / "data")
    assert third.findChild(Reminder) is None


def test_a_county_outside_the_shipped_data_is_founded_by_its_own_table(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["code", "parent", "level", "name", "kind"])
        writer.writerow(["990000000000", "", 3, "演示县", "county"])
        writer.writerow(["990001000000", "990000000000", 4, "东镇", "town"])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(path), ""))
    window = open_window(tmp_path / "data", desk=False)
    page = first_run(window, qtbot)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    keys.press("Ctrl+O")
    assert [row.unit.name for row in page.founding.list.rows()] == ["演示县", "东镇"]
    keys.press("Return")
    keys.press("Return")
    asked_for_code(window, qtbot)
    assert window.desk is not None
    assert window.desk.unit == "990000000000"


def test_a_table_that_is_none_is_told_and_esc_goes_back(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.csv"
    path.write_text("no,such,columns\n", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(path), ""))
    window = open_window(tmp_path / "data", desk=False)
    page = first_run(window, qtbot)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    keys.press("Ctrl+O")
    assert "own.csv" in page.feedback.text
    keys.press("Escape")
    assert page.opening.isVisible()
    assert not page.founding.isVisible()


def test_a_lost_county_comes_back_by_its_code(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(tmp_path / "line")
    line.found()
    line.enrol()
    line.village.capture(small_class())
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    code = line.county("recovery-code", "--why", "打印")["code"]
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(stick))
    window = open_window(tmp_path / "data", desk=False)
    page = first_run(window, qtbot)
    keys = Keys(qtbot, window)
    keys.press("Alt+5")
    keys.type(COUNTY)
    keys.press("Return")  # several units begin with these digits
    keys.press("Return")
    wrong = code[:4] + ("0" if code[4] != "0" else "1") + code[5:]
    keys.type(wrong)
    keys.press("Return")
    qtbot.waitUntil(lambda: page._lane.idle and bool(page.feedback.text))
    assert not (tmp_path / "data").exists()
    page.recovering.code.clear()
    page.recovering.code.setFocus()
    keys.type(code)
    keys.press("Return")
    qtbot.waitUntil(lambda: window.desk is not None, timeout=20_000)
    idle(qtbot, window)
    (file,) = stick.glob("*.lsi")
    assert file.name in window.feedback.text
    window.close()
    # The rest is the drill: the township takes the file and hands everything up again.
    new = Desk(tmp_path / "data", COUNTY)
    assert line.township.receive(file)[0]["outcome"] == "received"
    assert new.receive(line.township.pack(COUNTY, tmp_path / "up"))[0]["outcome"] == "received"
    assert new("list", "session")["total"] == 1
    assert VILLAGE in {row["in_unit"] for row in new("list", "session")["records"]}
