"""The self-check and the diagnostics pack by real keys."""

import zipfile
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.paint import surroundings
from learnsite_desktop.store.engine import Database
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.screens.checkup.view import View
from tests.desks import Desk, found_village, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    desk = found_village(tmp_path / "village")
    desk.capture(small_class())
    return desk


def shown(qtbot: QtBot, window: MainWindow) -> View:
    idle(qtbot, window)
    screen = window.current()
    assert isinstance(screen, View)
    return screen


def line(screen: View, code: str) -> str:
    """Return the state of a line, "" if there is none of this code."""
    return next((row.kind for row in screen.list.rows() if row.key == code), "")


def test_what_is_to_do_stands_first_and_f8_goes_through_it(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings, "chinese_fonts", lambda: 0)
    window = open_window(village.folder)
    window.go("checkup")
    screen = shown(qtbot, window)
    assert "1 处要处理" in screen.verdict.text()
    first = screen.list.current()
    assert first is not None
    assert (first.key, first.cells[0]) == ("ZT1", "1")
    assert "字体" in screen.next_step.text()
    keys = Keys(qtbot, window)
    keys.press("F8")
    current = screen.list.current()
    assert current is not None
    assert current.kind == "note"


def test_the_thorough_check_compares_tables_and_journal(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    window.go("checkup")
    screen = shown(qtbot, window)
    assert line(screen, "SJ2") == "open"
    database = Database(village.folder / "learnsite.db")
    database.execute("UPDATE activity SET title='从外面改的'")
    database.close()
    keys = Keys(qtbot, window)
    keys.press("F6")
    idle(qtbot, window)
    assert (line(screen, "SJ2"), line(screen, "SJ3")) == ("fine", "act")
    assert "1 处要处理" in screen.verdict.text()


def test_from_the_settings_to_a_saved_pack_by_keys(
    qtbot: QtBot,
    village: Desk,
    open_window: OpenWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everything that is saved was there to be read before."""
    out = tmp_path / "out"
    out.mkdir()
    asked: list[str] = []

    def choose(*words: object) -> tuple[str, str]:
        asked.append(str(words[2]))
        return str(out / "给支持"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    window = open_window(village.folder)
    window.go("preferences")
    idle(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("F6")
    screen = shown(qtbot, window)
    keys.press("F7")
    idle(qtbot, window)
    assert screen.pack.isVisible()
    read = []
    for _place in range(screen.pack.list.count()):
        read.append(screen.pack.text.toPlainText())
        keys.press("Down")
    assert "诊断包" in read[0]
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "给支持.zip" in window.feedback.text
    assert village.unit not in asked[0]
    with zipfile.ZipFile(out / "给支持.zip") as archive:
        saved = [archive.read(name).decode("utf-8") for name in archive.namelist()]
    assert [text.strip() for text in saved[1:]] == [text.strip() for text in read[1:]]
    assert not screen.pack.isVisible()


def test_esc_leaves_the_pack_and_nothing_is_written(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    window.go("checkup")
    screen = shown(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("F7")
    idle(qtbot, window)
    keys.press("Escape")
    assert not screen.pack.isVisible()
    assert window.showing() == "checkup"
    keys.press("Escape")
    assert window.showing() == "today"
