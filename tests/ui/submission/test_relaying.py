"""Handing up and handing down at the township, by real keys, over three separate folders."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives
from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import COUNTY, SISTER, TOWNSHIP, VILLAGE, Line, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle
from tests.ui.submission.test_submission import key_of, submission

PERIOD = "2026-03"


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A village that has handed March in to its township; nothing is plugged in."""
    monkeypatch.setattr(drives, "removable_folders", list)
    made = Line(tmp_path / "line")
    made.place.mkdir()
    made.found()
    made.enrol()
    made.village.capture(small_class())
    made.village("submit", "--period", PERIOD)
    made.carry(made.village, made.township)
    made.township.capture(small_class(TOWNSHIP))
    return made


def press(qtbot: QtBot, window: MainWindow, keys: Keys, *sequence: str) -> None:
    for one in sequence:
        keys.press(one)
        idle(qtbot, window)


def waiting(view: Any) -> dict[str, tuple[str, str]]:
    """Return what is said of each unit below: what waits, and the word of the chip."""
    return {row.key: (row.cells[1], row.word) for row in view.files.list.rows()}


def test_up_to_the_county_and_down_to_the_village(
    open_window: OpenWindow,
    qtbot: QtBot,
    line: Line,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    village, township, county = line.village, line.township, line.county
    window = open_window(township.folder)
    keys = Keys(qtbot, window)
    press(qtbot, window, keys, key_of("submission", "township"))
    view = submission(window)
    # What is new for the county: the village's and the school's own.
    assert "荣庄" in view.below.fresh.text()
    press(qtbot, window, keys, "Return")
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    assert "没有新内容" in view.below.fresh.text()
    (received,) = county.receive(Path(url.toLocalFile()))
    assert (received["kind"], received["outcome"]) == ("relay", "received")
    states = {row["unit"]: row["state"] for row in county("board", "--period", PERIOD)["units"]}
    assert (states[TOWNSHIP], states[VILLAGE]) == ("on_time", "on_time")
    # The county sends a field of the village back; the township takes the file in by a drop.
    session = next(
        row["id"] for row in county("list", "session")["records"] if row["in_unit"] == VILLAGE
    )
    county("return", session, "end", "--reason", "R05", "--text", "签到表写到十一点")
    down = county.pack(TOWNSHIP, tmp_path / "down")
    view.receiving.look_at([down])
    idle(qtbot, window)
    press(qtbot, window, keys, "Return")
    assert "荣庄" in view.below.line.text()
    press(qtbot, window, keys, "F7")
    said, word = waiting(view)[VILLAGE]
    assert "退回 1 项" in said
    assert "上级回执 1 份" in said
    assert word == "待下发"
    # One more key writes the file for each village that something waits for.
    press(qtbot, window, keys, "Return")
    assert "个文件" in window.feedback.text
    assert waiting(view)[VILLAGE][1] == "已写出"
    assert not view.below.line.isVisible()
    press(qtbot, window, keys, "Escape", "F7")
    assert "已写文件" in waiting(view)[VILLAGE][1]
    window.close()
    (file,) = out.glob(f"{TOWNSHIP}-{VILLAGE}-*.lsb")
    village.receive(file)
    assert [row["text"] for row in village("today")["returns"]] == ["签到表写到十一点"]
    # The village answers; the township sees that nothing waits any more.
    village("edit", session, "end=11:00", "--why", "按签到表")
    line.carry(village, township)
    assert township("returns")["returns"][0]["state"] == "closed"


def test_handing_in_when_nothing_is_new_is_said_plainly(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    line.township("submit", "--period", PERIOD)
    for giver, taker in (
        (line.township, line.county), (line.county, line.township), (line.township, line.county),
        (line.county, line.township),
    ):  # fmt: skip
        line.carry(giver, taker)
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    press(qtbot, window, keys, key_of("submission", "township"), "Return")
    assert "没有新内容" in window.feedback.text
    assert "不用再交" in window.feedback.text


def test_a_stick_that_is_gone_is_told_and_the_files_stay(
    open_window: OpenWindow,
    qtbot: QtBot,
    line: Line,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stick = tmp_path / "KINGSTON"
    stick.mkdir()
    monkeypatch.setattr(drives, "removable_folders", lambda: [stick])
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    press(qtbot, window, keys, key_of("submission", "township"))
    press(qtbot, window, keys, "F7")
    shutil.rmtree(stick)
    press(qtbot, window, keys, "Return")
    files = list((line.township.folder / "outbox").glob(f"*-{VILLAGE}-*.lsb"))
    assert len(files) == 1
    stick.mkdir()
    press(qtbot, window, keys, "F9")
    assert [path.name for path in stick.iterdir()] == [files[0].name]


def test_the_county_sends_down_to_its_townships(
    open_window: OpenWindow, qtbot: QtBot, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.carry(line.township, line.county)
    out = line.place / "out"
    out.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    window = open_window(line.county.folder)
    keys = Keys(qtbot, window)
    window.go("submission")
    idle(qtbot, window)
    view = submission(window)
    press(qtbot, window, keys, "F7")
    assert set(waiting(view)) == {TOWNSHIP}
    press(qtbot, window, keys, "Space")  # the current one; asked for a folder, none is known yet
    assert len(list(out.glob(f"{COUNTY}-{TOWNSHIP}-*.lsb"))) == 1
    assert SISTER not in waiting(view)


def test_a_village_has_nothing_below(open_window: OpenWindow, qtbot: QtBot, line: Line) -> None:
    window = open_window(line.village.folder)
    window.go("submission")
    idle(qtbot, window)
    view = submission(window)
    assert view.below.isHidden()
    Keys(qtbot, window).press("F7")
    idle(qtbot, window)
    assert view.files.isHidden()
