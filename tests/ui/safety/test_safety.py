"""Backups, the way back and the move by real keys."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.interlude import Interlude
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.screens.safety import presenter
from learnsite_desktop.ui.screens.safety import view as safety_view
from tests.desks import Desk, found_village, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    desk = found_village(tmp_path / "village")
    desk.capture(small_class())
    return desk


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick that is plugged in."""
    place = tmp_path / "stick"
    place.mkdir()
    monkeypatch.setattr(presenter, "removable_folders", lambda: [place])
    return place


def close(qtbot: QtBot, window: MainWindow) -> None:
    idle(qtbot, window)
    window.close()
    assert window.desk is None


def yes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer the one question with yes."""
    monkeypatch.setattr(safety_view, "ask", lambda *_: True)


def automatic(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.folder / "backups").glob("auto-*.lsk"))


def test_to_the_stick_in_one_key(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, stick: Path
) -> None:
    window = open_window(village.folder)
    window.go("safety")
    keys = Keys(qtbot, window)
    keys.press("Return")
    qtbot.waitUntil(lambda: "读回" in window.feedback.text, timeout=20_000)
    assert keys.count == 1
    close(qtbot, window)
    (file,) = stick.glob("*.lsk")
    assert village("restore", file, "--look")["counts"]["session"] == 1


def test_without_a_stick_a_folder_is_asked_for(
    qtbot: QtBot,
    village: Desk,
    open_window: OpenWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = str(tmp_path / "elsewhere")
    monkeypatch.setattr(presenter, "removable_folders", list)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: chosen)
    window = open_window(village.folder)
    window.go("safety")
    keys = Keys(qtbot, window)
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: "读回" in window.feedback.text, timeout=20_000)
    close(qtbot, window)
    assert len(list(Path(chosen).glob("*.lsk"))) == 1


def test_looked_into_asked_once_restored_and_open_again(
    qtbot: QtBot,
    village: Desk,
    open_window: OpenWindow,
    stick: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was entered since is counted before; after it the window stands there as at a start."""
    village("backup", stick)
    before = village.state()
    second = {**small_class()["sessions"][0], "ref": "s2", "date": "2026-03-10"}
    village.capture(small_class(sessions=[second], rollcalls=[]))
    now = village.state()
    window = open_window(village.folder)
    window.go("safety")
    idle(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+F")
    keys.press("End")
    keys.press("Return")
    look = window.current().look  # type: ignore[attr-defined]
    qtbot.waitUntil(look.isVisible)
    assert "场次 1" in look._missing.text()
    yes(monkeypatch)
    former = window.desk
    keys.press("Return")
    qtbot.waitUntil(lambda: window.desk not in (None, former), timeout=30_000)
    idle(qtbot, window)
    assert window.nav.current() == "today"
    assert "已用" in window.feedback.text
    close(qtbot, window)
    assert village.state() == before
    assert len(automatic(village)) == 1
    village("restore", village.folder / "backups" / automatic(village)[0], "--replace")
    assert village.state() == now
    assert village.is_sound()


def test_a_backup_that_cannot_be_read_is_told_and_changes_nothing(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, stick: Path
) -> None:
    (stick / "x.lsk").write_bytes(b"nothing")
    before = village.state()
    window = open_window(village.folder)
    window.go("safety")
    idle(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+F")
    keys.press("End")
    keys.press("Return")
    qtbot.waitUntil(lambda: "x.lsk" in window.feedback.text)
    close(qtbot, window)
    assert village.state() == before


def test_the_move_and_going_on_after_all(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, stick: Path, tmp_path: Path
) -> None:
    window = open_window(village.folder)
    window.go("safety")
    idle(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("F6")
    keys.press("Return")
    qtbot.waitUntil(lambda: isinstance(window.standing_in(), Interlude), timeout=20_000)
    qtbot.waitUntil(lambda: "搬到" in _page_text(window), timeout=20_000)
    (file,) = stick.glob("*.lsk")
    village("edit", "session:s1", "notes=甲", code=1)
    other = Desk(tmp_path / "new", village.unit)
    other("restore", file)
    assert other.state() == village.state()
    keys.press("3")
    qtbot.waitUntil(lambda: window.desk is not None, timeout=20_000)
    close(qtbot, window)
    village("edit", "session:s1", "notes=甲")


def _page_text(window: MainWindow) -> str:
    page = window.standing_in()
    return page._title.text() if isinstance(page, Interlude) else ""


def test_the_self_check_is_one_key_away(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, stick: Path
) -> None:
    window = open_window(village.folder)
    window.go("safety")
    keys = Keys(qtbot, window)
    keys.press("F5")
    assert window.showing() == "checkup"
    close(qtbot, window)


def test_the_hand_over_page(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, stick: Path
) -> None:
    window = open_window(village.folder)
    window.go("safety")
    keys = Keys(qtbot, window)
    keys.press("F7")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=20_000)
    keys.press("Escape")
    assert QApplication.activeModalWidget() is None


def test_backups_by_themselves_at_the_start_and_at_the_end(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    """One at the first start; at the next, nothing has changed; at the end, something has."""
    window = open_window(village.folder)
    qtbot.waitUntil(lambda: len(automatic(village)) == 1, timeout=20_000)
    close(qtbot, window)
    assert len(automatic(village)) == 1
    window = open_window(village.folder, now="2026-04-03T10:00:00+08:00")
    close(qtbot, window)
    assert len(automatic(village)) == 1
    village("edit", "session:s1", "notes=改")
    window = open_window(village.folder, now="2026-04-03T17:00:00+08:00")
    close(qtbot, window)
    assert len(automatic(village)) == 2


def test_an_automatic_backup_that_fails_stops_nothing(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    (village.folder / "backups").write_bytes(b"in the way")
    window = open_window(village.folder)
    qtbot.waitUntil(lambda: "自动备份" in window.feedback.text, timeout=20_000)
    keys = Keys(qtbot, window)
    keys.press("F9")
    assert window.nav.current() == "safety"
    close(qtbot, window)
