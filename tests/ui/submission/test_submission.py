"""Handing in and what comes back, by real keys, over three folders that share nothing but files."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.navigation import entries_for
from learnsite_desktop.ui.paper import PaperDialog
from tests.desks import COUNTY, TOWNSHIP, VILLAGE, Desk, Line, small_class
from tests.support import files_of
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

PERIOD = "2026-03"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A village with a class held in March, a township, a county; made once."""
    found = Line(tmp_path_factory.mktemp("line"))
    found.found()
    found.enrol()
    found.village.capture(small_class())
    return found.place


@pytest.fixture
def line(founded: Path, tmp_path: Path) -> Line:
    """A copy of the three desks for one test."""
    return Line(shutil.copytree(founded, tmp_path / "line"))


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the program takes for a USB stick."""
    folder = tmp_path / "KINGSTON"
    folder.mkdir()
    monkeypatch.setattr(drives, "removable_folders", lambda: [folder] if folder.is_dir() else [])
    return folder


@pytest.fixture(autouse=True)
def _no_stick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drives, "removable_folders", list)


def submission(window: MainWindow) -> Any:
    """Return the screen that hands in, which must be the one shown."""
    view = window.current()
    assert type(view).__module__.endswith("submission.view")
    return view


def key_of(name: str, tier: str) -> str:
    """Return the key of a screen in a tier's list."""
    return f"Alt+{[entry.name for entry in entries_for(tier)].index(name) + 1}"


def close(qtbot: QtBot, window: MainWindow) -> None:
    idle(qtbot, window)
    window.close()


def drop(view: Any, *files: Path) -> None:
    """Drag files onto the screen and let them fall."""
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(9, 9), copy, content, left, none)
    QApplication.sendEvent(view, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(view, QDropEvent(QPointF(9, 9), copy, content, left, none))


def test_the_usual_month_takes_three_keys_onto_the_stick(
    open_window: OpenWindow, qtbot: QtBot, line: Line, stick: Path
) -> None:
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+6")
    keys.press("Return")
    idle(qtbot, window)
    assert keys.count == 3
    assert "KINGSTON" in window.feedback.text
    assert [row.kind for row in submission(window).handed.rows()] == ["handed"] * 2
    close(qtbot, window)
    (file,) = stick.iterdir()
    assert line.township.receive(file)[0]["outcome"] == "received"
    states = line.township("completeness", "--period", PERIOD)["units"]
    assert {row["unit"]: row["state"] for row in states}[VILLAGE] == "on_time"


def test_the_whole_loop(open_window: OpenWindow, qtbot: QtBot, line: Line, tmp_path: Path) -> None:
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+6")
    keys.press("Return")
    idle(qtbot, window)
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    assert line.township.receive(Path(url.toLocalFile()))[0]["outcome"] == "received"
    # The township sends a field back and the receipt with it; the county has it by then.
    session = line.township("list", "session")["records"][0]["id"]
    line.township("return", session, "end", "--reason", "R05", "--text", "签到表写到十一点")
    line.carry(line.township, line.county)
    line.carry(line.county, line.township)
    back = line.township.pack(VILLAGE, tmp_path / "back")
    # The file is dropped onto the window, which says what is in it before anything is kept.
    view = submission(window)
    drop(view, back)
    idle(qtbot, window)
    told = view.arrivals.text
    assert "回执" in told
    assert "退回 1 项" in told
    assert not view.problems.rows()
    keys.press("Return")
    idle(qtbot, window)
    # One key to the field, the value, one key to save.
    before = keys.count
    keys.press("Return")
    keys.type("1100")
    keys.press("Return")
    idle(qtbot, window)
    assert keys.count - before == 6
    assert not view.problems.rows()
    states = {row.status for row in view.handed.rows()}
    assert states == {"received"}
    assert "县" in view._held.text()
    keys.press("Return")  # hand in again
    idle(qtbot, window)
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    close(qtbot, window)
    assert line.township.receive(Path(url.toLocalFile()))[0]["outcome"] == "received"
    assert [row["state"] for row in line.township("returns")["returns"]] == ["closed"]
    assert line.township("show", session)["record"]["end"] == "11:00"
    for desk in (line.village, line.township):
        assert desk.is_sound()


def test_the_red_list_stops_it_and_enter_goes_there(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    held = {**small_class()["sessions"][0], "ref": "s2", "date": "2026-03-19"}
    line.village.capture(small_class(sessions=[held], rollcalls=[]))
    # A second class that day makes the first one look as if it had been entered twice, too.
    again = {**held, "ref": "s3", "reasons": {"SESSION_DUPLICATE": "加课"}}
    line.village.capture(small_class(sessions=[again], rollcalls=[]))
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+6")
    idle(qtbot, window)
    view = submission(window)
    assert [row.kind for row in view.problems.rows()] == ["red"]
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "1" in window.feedback.text
    assert view.problems.hasFocus()
    keys.press("Return")  # to the field
    keys.press("Return")  # it is right as it is
    keys.ime("当天有两节", keys=12)
    keys.press("Return")
    idle(qtbot, window)
    assert not view.problems.rows()
    keys.press("Return")
    idle(qtbot, window)
    close(qtbot, window)
    assert line.village("list", "submission")["total"] == 1


def test_a_month_without_sessions_is_a_zero_report(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    now = "2026-05-03T10:00:00+08:00"
    line.village.now = now
    line.village("submit", "--period", PERIOD)
    window = open_window(line.village.folder, now=now)
    keys = Keys(qtbot, window)
    keys.press("Alt+6")
    keys.press("Return")
    idle(qtbot, window)
    assert submission(window).zero.isVisible()
    assert "没有要改的" in submission(window)._sound.text()
    keys.ime("农忙", keys=4)
    keys.press("Return")
    idle(qtbot, window)
    # What is handed in is not asked for again.
    assert "这个月已经报送" in submission(window)._sound.text()
    close(qtbot, window)
    handed = {row["period"]: row.get("zero_reason") for row in
              line.village("list", "submission")["records"]}  # fmt: skip
    assert handed == {PERIOD: None, "2026-04": "农忙"}


@pytest.mark.parametrize("fault", ["pulled", "blocked"])
def test_a_stick_that_fails_loses_nothing(
    open_window: OpenWindow,
    qtbot: QtBot,
    line: Line,
    stick: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+6")
    with monkeypatch.context() as meanwhile:
        if fault == "pulled":
            stick.rmdir()
        else:
            meanwhile.setattr("learnsite_desktop.transport.disk.Disk.write", full)
        keys.press("Return")
        idle(qtbot, window)
    assert "KINGSTON" in window.feedback.text
    assert files_of(stick) == {}
    (kept,) = (line.village.folder / "outbox").iterdir()
    stick.mkdir(exist_ok=True)
    keys.press("F9")  # the button of the message: copy again
    idle(qtbot, window)
    close(qtbot, window)
    assert files_of(stick) == {kept.name: kept.read_bytes()}
    assert line.township.receive(stick / kept.name)[0]["outcome"] == "received"


def full(*_anything: object) -> None:
    """Fail as a full stick does."""
    raise OSError(28, "No space left on device")


def test_files_on_the_stick_are_found_by_content(
    open_window: OpenWindow, qtbot: QtBot, line: Line, stick: Path, tmp_path: Path
) -> None:
    line.carry(line.village, line.township)
    back = line.township.pack(VILLAGE, tmp_path / "back")
    (stick / "收到").mkdir()
    back.rename(stick / "收到" / "最终版(1).txt")
    (stick / "照片.lsb").write_bytes(b"no bundle")
    other = line.village.pack(TOWNSHIP, tmp_path / "up")
    other.rename(stick / other.name)
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+6")
    keys.press("F6")
    idle(qtbot, window)
    view = submission(window)
    assert view.arrivals.text.count("\n") == 0
    keys.press("Escape")  # not now
    idle(qtbot, window)
    assert view.arrivals.isHidden()
    keys.press("F6")
    idle(qtbot, window)
    keys.press("Return")
    idle(qtbot, window)
    keys.press("F6")
    idle(qtbot, window)
    assert view.arrivals.isHidden()
    close(qtbot, window)
    assert line.village("receipts")["total"] >= 1


def test_a_file_for_somebody_else_is_refused_in_words(
    open_window: OpenWindow, qtbot: QtBot, line: Line, tmp_path: Path
) -> None:
    up = line.village.pack(TOWNSHIP, tmp_path / "up")
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+6")
    view = submission(window)
    drop(view, up)
    idle(qtbot, window)
    assert up.name in view.arrivals.text
    keys.press("Return")
    assert view.arrivals.isHidden()
    close(qtbot, window)
    assert line.village("batches")["total"] == 1


def test_a_file_is_chosen_with_ctrl_o_and_the_receipt_printed(
    open_window: OpenWindow,
    qtbot: QtBot,
    line: Line,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line.carry(line.village, line.township)
    back = line.township.pack(VILLAGE, tmp_path / "back")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(back)], ""))
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+6")
    keys.press("Ctrl+O")
    idle(qtbot, window)
    keys.press("Return")
    idle(qtbot, window)
    keys.press("Ctrl+P")
    (dialog,) = [one for one in window.findChildren(PaperDialog) if one.isVisible()]
    dialog.write_to(tmp_path / "receipt.pdf")
    assert (tmp_path / "receipt.pdf").read_bytes().startswith(b"%PDF")


def test_the_county_has_nobody_above(open_window: OpenWindow, qtbot: QtBot, line: Line) -> None:
    window = open_window(line.county.folder)
    keys = Keys(qtbot, window)
    window.go("submission")  # the tenth of the county's list: no Alt key leads there
    idle(qtbot, window)
    view = submission(window)
    assert view.bar.hand_in.isHidden()
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert COUNTY in window.feedback.text


def test_a_township_hands_its_own_month_in(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    township: Desk = line.township
    line.carry(line.village, township)
    township.capture(small_class(TOWNSHIP))
    window = open_window(township.folder)
    keys = Keys(qtbot, window)
    keys.press(key_of("submission", "township"))
    idle(qtbot, window)
    keys.press("Return")
    idle(qtbot, window)
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    close(qtbot, window)
    assert line.county.receive(Path(url.toLocalFile()))[0]["kind"] == "relay"
    assert line.county("list", "session")["total"] == 2


def test_a_file_looked_at_waits_for_its_answer_on_another_screen(
    open_window: OpenWindow, qtbot: QtBot, line: Line, tmp_path: Path
) -> None:
    """Going away and back asks the same question; Enter takes the file and hands nothing in."""
    back = line.township.pack(VILLAGE, tmp_path / "back")
    batches, outbox = (line.village(word) for word in ("batches", "outbox"))
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+6")
    drop(submission(window), back)
    idle(qtbot, window)
    keys.press("Alt+1")
    idle(qtbot, window)
    keys.press("Alt+6")
    idle(qtbot, window)
    keys.press("Return")
    idle(qtbot, window)
    assert submission(window).arrivals.isHidden()
    close(qtbot, window)
    assert len(line.village("batches")["batches"]) == len(batches["batches"]) + 1
    assert line.village("outbox")["items"] == outbox["items"]
