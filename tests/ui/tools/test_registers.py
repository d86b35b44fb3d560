"""Registers by real keys: given out at the township, filled in elsewhere, taken back, undone."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.screens.roster_import.view import View as Import
from learnsite_desktop.ui.screens.tools.registers import RegistersPage
from learnsite_desktop.ui.screens.tools.view import View
from tests.desks import VILLAGE, Line, small_class
from tests.services.register_book.filling import Filled
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle


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


def names(line: Line) -> set[str]:
    listed = line.township("list", "learner")["records"]
    return {line.township("show", one["id"])["record"]["name"] for one in listed}


def issued(line: Line, tmp_path: Path) -> Filled:
    path = tmp_path / "book.xlsx"
    line.township("register", "issue", VILLAGE, "--out", path)
    return Filled(path)


def imported(window: MainWindow) -> Import:
    screen = window.current()
    assert isinstance(screen, Import)
    return screen


def close(qtbot: QtBot, window: MainWindow) -> None:
    idle(qtbot, window)
    window.close()
    assert window.desk is None


def test_given_out_by_keys(
    qtbot: QtBot, window: MainWindow, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "for the village"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_words: str(folder))
    window.go("tools")
    idle(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("5")
    idle(qtbot, window)
    screen = window.current()
    assert isinstance(screen, View)
    page = screen.findChild(RegistersPage)
    assert page is not None
    keys.press("Ctrl+F")
    keys.type(VILLAGE)
    keys.press("Return")
    assert [row.cells[0] for row in page.list.rows() if row.status == "final"] == ["荣庄村委会"]
    keys.press("Ctrl+S")
    idle(qtbot, window)
    (file,) = folder.iterdir()
    assert sorted(Filled(file).named()) == ["吴建国", "周桂兰", "郑秀英"]
    assert file.name == "荣庄村委会登记簿-2026.xlsx"
    close(qtbot, window)


def test_taken_and_taken_back(qtbot: QtBot, window: MainWindow, line: Line, tmp_path: Path) -> None:
    book = issued(line, tmp_path)
    book.learner("钱多多", 电话="13812345678")
    book.mark("书法班", "钱多多", "2026-03-10", "到")
    book.save()
    window.go("roster_import", str(book.path))
    idle(qtbot, window)
    screen = imported(window)
    assert "荣庄村委会" in screen._file.text()
    assert screen.options.isHidden()
    keys = Keys(qtbot, window)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "钱多多" in names(line)
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    assert "钱多多" not in names(line)
    close(qtbot, window)


def test_what_was_changed_meanwhile_is_asked(
    qtbot: QtBot, line: Line, tmp_path: Path, open_window: OpenWindow
) -> None:
    book = issued(line, tmp_path)
    found = line.village("learner", "list", "--reveal")["learners"]
    known = next(one["id"] for one in found if one["name"] == "吴建国")
    line.village("edit", known, "name=吴建军")
    line.carry(line.village, line.township)
    book.correct("吴建国", 姓名="吴建果")
    book.save()
    window = open_window(line.township.folder)
    window.go("roster_import", str(book.path))
    idle(qtbot, window)
    screen = imported(window)
    assert [one.outcome for one in screen.seen.model.lines] == ["fault"]
    assert "吴建军" in screen.seen._detail.text()
    assert screen.seen.choice.count() == 2
    assert not screen.take_button.isEnabled()
    keys = Keys(qtbot, window)
    keys.press("F8")
    keys.press("Return")
    keys.press("Return")
    idle(qtbot, window)
    assert screen.take_button.isEnabled()
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "吴建果" in names(line)
    close(qtbot, window)


def test_dropped_onto_the_inbox(
    qtbot: QtBot, window: MainWindow, line: Line, tmp_path: Path
) -> None:
    book = issued(line, tmp_path)
    book.learner("钱多多")
    book.save()
    window.go("inbox")
    idle(qtbot, window)
    window.current().show_files([book.path])
    idle(qtbot, window)
    assert "荣庄村委会" in imported(window)._file.text()
    close(qtbot, window)


def test_a_damaged_one_is_told_of(
    qtbot: QtBot, window: MainWindow, line: Line, tmp_path: Path
) -> None:
    book = issued(line, tmp_path)
    del book.book["登记簿标识"]
    book.save()
    window.go("roster_import", str(book.path))
    idle(qtbot, window)
    assert window.desk is not None
    assert "隐藏内容" in window.desk.feedback.text
    screen = imported(window)
    assert screen._stack.currentWidget() is screen.empty
    close(qtbot, window)
