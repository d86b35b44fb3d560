"""Sending down from the county's window, by real keys; what arrives is read at the village."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import COUNTY, TOWNSHIP, Desk, Line
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle


@pytest.fixture
def county(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "county", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    return desk


def screen(window: MainWindow) -> Any:
    return window.current()


def close(qtbot: QtBot, window: MainWindow) -> None:
    idle(qtbot, window)
    window.close()


def drop(window: MainWindow, path: Path) -> None:
    """Drop a file onto the screen, as a file manager does."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    plain, middle = Qt.KeyboardModifier.NoModifier, screen(window).rect().center()
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    entering = QDragEnterEvent(middle, copy, mime, left, plain)
    QApplication.sendEvent(screen(window), entering)
    assert entering.isAccepted()
    event = QDropEvent(QPointF(middle), copy, mime, left, plain)
    QApplication.sendEvent(screen(window), event)


def test_a_notice_by_keys_reaches_the_village(
    qtbot: QtBot, tmp_path: Path, open_window: OpenWindow
) -> None:
    line = Line(tmp_path)
    line.found()
    line.enrol()
    window = open_window(line.county.folder)
    window.go("publishing")
    idle(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    keys.ime("春季学习周", keys=16)
    for _field in range(4):
        keys.press("Return")
    keys.ime("请报计划", keys=13)
    keys.press("Ctrl+S")
    qtbot.waitUntil(screen(window).preview.isVisible)
    assert "新增 1 条" in screen(window).preview.line.text()
    assert line.county("documents")["documents"][0]["kind"] != "notices"
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: "已下发" in window.feedback.text)
    close(qtbot, window)
    (notice,) = line.county("notices")["notices"]
    assert (notice["title"], notice["text"]) == ("春季学习周", "请报计划")
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)
    assert [one["title"] for one in line.village("notices")["notices"]] == ["春季学习周"]


def test_what_lacks_is_said_and_nothing_is_issued(
    qtbot: QtBot, county: Desk, open_window: OpenWindow
) -> None:
    before = county.dump()
    window = open_window(county.folder)
    window.go("publishing")
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    keys.press("Ctrl+S")
    card = screen(window).notice
    assert card.isVisible()
    assert card.form.problems() == [card.name, card.text]
    keys.press("Escape")
    assert screen(window).list.hasFocus()
    close(qtbot, window)
    assert county.dump() == before


def test_a_table_is_written_filled_in_dropped_and_taken_back(
    qtbot: QtBot,
    county: Desk,
    tmp_path: Path,
    open_window: OpenWindow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "targets.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    window = open_window(county.folder)
    window.go("publishing", "targets")
    idle(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("F6")
    qtbot.waitUntil(path.exists)
    idle(qtbot, window)
    book = openpyxl.load_workbook(path)
    book["targets"].append(["N01", TOWNSHIP, "2026", "85", "县方案"])
    book.save(path)
    drop(window, path)
    qtbot.waitUntil(screen(window).preview.isVisible)
    keys.press("Return")
    qtbot.waitUntil(lambda: "已下发" in window.feedback.text)
    assert screen(window).list.current().about == ("targets", COUNTY)
    assert [row.cells[0] for row in screen(window).content.currentWidget().rows()] == [
        "N01 村居学习点覆盖率"
    ]
    keys.press("F9")
    qtbot.waitUntil(lambda: "恢复原样" in window.feedback.text)
    close(qtbot, window)
    (held,) = county("documents", "show", "targets")["documents"]
    assert (held["version"], held["content"]) == (2, [])


def test_a_wrong_table_is_refused_with_its_place(
    qtbot: QtBot, county: Desk, tmp_path: Path, open_window: OpenWindow
) -> None:
    path = tmp_path / "targets.csv"
    path.write_text("indicator,unit,year,value,source\nN01,1,2026,9,x\n", encoding="utf-8")
    window = open_window(county.folder)
    window.go("publishing", "targets")
    drop(window, path)
    qtbot.waitUntil(lambda: bool(window.feedback.text))
    assert "第 2 行" in window.feedback.text
    assert not screen(window).preview.isVisible()
    close(qtbot, window)


def test_a_notice_is_taken_down_by_its_key(
    qtbot: QtBot, county: Desk, open_window: OpenWindow
) -> None:
    county("notice", "停电", "--text", "周五", "--to", "2026-04-09")
    county("notice", "会议", "--text", "周六", "--to", "2026-04-09")
    window = open_window(county.folder)
    window.go("publishing", "notices")
    idle(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("F7")
    qtbot.waitUntil(lambda: "已下发" in window.feedback.text)
    close(qtbot, window)
    assert [one["title"] for one in county("notices")["notices"]] == ["会议"]
