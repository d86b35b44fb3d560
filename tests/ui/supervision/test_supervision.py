"""Supervision by real keys, at the township and at the village that was visited."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import VILLAGE, Line, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle


@pytest.fixture
def line(tmp_path: Path) -> Line:
    line = Line(tmp_path)
    line.found()
    line.village.capture(small_class())
    line.enrol()
    return line


def screen(window: MainWindow) -> Any:
    return window.current()


def close(qtbot: QtBot, window: MainWindow) -> None:
    idle(qtbot, window)
    window.close()


def test_a_visit_item_by_item_and_its_undo(
    qtbot: QtBot, line: Line, open_window: OpenWindow
) -> None:
    window = open_window(line.township.folder)
    window.go("supervision")
    idle(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    card = screen(window).visit
    qtbot.waitUntil(card.isVisible)
    keys.type(VILLAGE)
    keys.press("Tab")
    card.items.setFocus()
    keys.type("12")
    keys.type("3")
    keys.press("Up")
    keys.press("Return")
    keys.ime("没有计划", keys=8)
    keys.press("Return")
    assert card.items.hasFocus()
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: "检查已保存" in window.feedback.text)
    idle(qtbot, window)
    rows = [row for row in screen(window).findings.rows() if row.kind == "finding"]
    assert sorted(row.cells[2] for row in rows) == ["", "没有计划"]
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    assert not [row for row in screen(window).findings.rows() if row.kind == "finding"]
    keys.press("Ctrl+Y")
    close(qtbot, window)
    (seen,) = line.township("inspections")["inspections"]
    assert (seen["unit"], seen["points"], seen["most"], seen["open"]) == (VILLAGE, 15, 30, 2)
    found = {one["item"]: one["text"] for one in line.township("findings")["findings"]}
    assert found == {"2": "", "3": "没有计划"}


def test_a_visit_begun_is_kept_when_one_leaves(
    qtbot: QtBot, line: Line, open_window: OpenWindow
) -> None:
    window = open_window(line.township.folder)
    window.go("supervision")
    idle(qtbot, window)
    screen(window)._open_visit(VILLAGE, "春季督导")
    keys = Keys(qtbot, window)
    keys.type("1")
    keys.press("Alt+1")
    qtbot.waitUntil(lambda: "检查已保存" in window.feedback.text)
    close(qtbot, window)
    (seen,) = line.township("inspections")["inspections"]
    assert (seen["round"], seen["points"]) == ("春季督导", 10)


def test_a_finding_stands_on_the_villages_today_until_it_is_answered(
    qtbot: QtBot, line: Line, open_window: OpenWindow
) -> None:
    line.township(
        *("supervise", VILLAGE, "3=unmet", "--round", "春季督导", "--checklist", "village"),
        *("--text", "3=计划没有上墙", "--due", "3=2026-04-01"),
    )
    line.carry(line.township, line.village)
    (told,) = line.village("today")["findings"]
    assert (told["text"], told["due"], told["state"]) == ("计划没有上墙", "2026-04-01", "overdue")
    window = open_window(line.village.folder)
    idle(qtbot, window)
    today = screen(window)
    (row,) = [row for row in today.list.rows() if row.kind == "finding"]
    assert (row.word, row.cells[1]) == ("逾期", told["question"])
    assert "计划没有上墙" in row.cells[2]
    keys = Keys(qtbot, window)
    while today.list.current() is not row:
        keys.press("F8")
    keys.press("Return")
    card = screen(window).card
    qtbot.waitUntil(card.isVisible)
    keys.ime("计划已上墙", keys=10)
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: "已回复" in window.feedback.text)
    idle(qtbot, window)
    keys.press("Alt+1")
    idle(qtbot, window)
    assert not [row for row in screen(window).list.rows() if row.kind == "finding"]
    close(qtbot, window)
    assert line.village("today")["findings"] == []
    line.carry(line.village, line.township)
    (answered,) = line.township("findings")["findings"]
    assert (answered["state"], answered["answer"]) == ("answered", "计划已上墙")
    # The township has no finding of its own: those of its villages are no work of its Today.
    assert line.township("today")["findings"] == []


def test_answered_at_the_village_and_looked_at_again(
    qtbot: QtBot, line: Line, open_window: OpenWindow
) -> None:
    line.township("supervise", VILLAGE, "3=unmet", "--round", "春季督导", "--checklist", "village")
    line.carry(line.township, line.village)
    village = open_window(line.village.folder)
    village.go("supervision")
    idle(qtbot, village)
    keys = Keys(qtbot, village)
    keys.press("Return")
    card = screen(village).card
    qtbot.waitUntil(card.isVisible)
    assert not card.no.isVisible()
    keys.press("Ctrl+S")
    assert card.form.problems() == [card.text]
    keys.ime("计划已上墙", keys=10)
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: "已回复" in village.feedback.text)
    close(qtbot, village)
    line.carry(line.village, line.township)
    window = open_window(line.township.folder)
    window.go("supervision")
    idle(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("Return")
    qtbot.waitUntil(screen(window).card.isVisible)
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: "已办结" in window.feedback.text)
    close(qtbot, window)
    (closed,) = line.township("findings", "--state", "closed")["findings"]
    assert closed["answer"] == "计划已上墙"


def test_the_evidence_of_a_clause_in_one_key(
    qtbot: QtBot,
    line: Line,
    tmp_path: Path,
    open_window: OpenWindow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path / "out"))
    window = open_window(line.township.folder)
    window.go("supervision")
    idle(qtbot, window)
    screen(window).period.set_value("2026-03")
    keys = Keys(qtbot, window)
    keys.press("Ctrl+3")
    assert screen(window).clauses.hasFocus()
    keys.press("Down", times=12)
    keys.press("Return")
    qtbot.waitUntil(lambda: "已写出" in window.feedback.text, timeout=20_000)
    close(qtbot, window)
    (folder,) = (tmp_path / "out").iterdir()
    assert folder.name.startswith("B-E")
    assert (folder / "概览.xlsx").is_file()
