"""Photos by real keys: pasted, asked about, put right, taken away."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import Desk, Line, found_village, small_class
from tests.pictures import photo_file, scene
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    """A village with two sessions in March."""
    desk = found_village(tmp_path / "village")
    content = small_class()
    second = {**content["sessions"][0], "ref": "s2", "date": "2026-03-10"}
    desk.capture({**content, "sessions": [content["sessions"][0], second], "rollcalls": []})
    return desk


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Three different photos."""
    folder = tmp_path / "phone"
    folder.mkdir()
    return [photo_file(folder / f"IMG_{number}.jpg", seed=number) for number in (1, 2, 3)]


def session_id(desk: Desk, ref: str) -> str:
    return str(desk("show", f"session:{ref}")["record"]["id"])


def photos(desk: Desk, ref: str) -> list[dict[str, Any]]:
    """Return a session's photos, read by the command line."""
    found: list[dict[str, Any]] = desk("photo", "list", f"session:{ref}")["photos"]
    return found


def copy_files(paths: list[Path]) -> None:
    """Copy files as a file manager does."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    QGuiApplication.clipboard().setMimeData(mime)


def close(qtbot: QtBot, window: MainWindow) -> None:
    idle(qtbot, window)
    window.close()
    assert window.desk is None


def focus_named(name: str) -> bool:
    widget = QApplication.focusWidget()
    return widget is not None and widget.accessibleName() == name


def taken_in(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the photos are there and the focus is on them."""
    qtbot.waitUntil(lambda: focus_named("照片"), timeout=30_000)
    idle(qtbot, window)


def test_three_copied_photos_in_two_keys(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, pictures: list[Path]
) -> None:
    """The session at hand is named; Ctrl+V takes all three, each as what is still wanted."""
    session = session_id(village, "s1")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    window.go("evidence", session)
    copy_files(pictures)
    keys.press("Ctrl+V")
    assert keys.count == 2
    taken_in(qtbot, window)
    assert "3" in window.feedback.text
    close(qtbot, window)
    assert [photo["kind"] for photo in photos(village, "s1")] == ["banner", "wide", "signin"]
    assert photos(village, "s2") == []


def test_dropped_photos_want_no_key_and_are_one_undo(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, pictures: list[Path]
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+5")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pictures[0].parent))])
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton)
    plain = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window.current(), QDragEnterEvent(QPoint(5, 5), *how, plain))
    QApplication.sendEvent(window.current(), QDropEvent(QPointF(5, 5), *how, plain))
    taken_in(qtbot, window)
    assert "3" in window.feedback.text
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    close(qtbot, window)
    assert photos(village, "s2") == []
    assert village.value("SELECT count(*) FROM evidence") == 3


def test_a_picture_from_the_clipboard_and_one_from_the_dialog(
    qtbot: QtBot,
    village: Desk,
    open_window: OpenWindow,
    pictures: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = ([str(pictures[0])], "")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: chosen)
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+5")
    QGuiApplication.clipboard().setImage(scene(seed=9))
    keys.press("Ctrl+V")
    taken_in(qtbot, window)
    keys.press("Ctrl+O")
    idle(qtbot, window)
    close(qtbot, window)
    kinds = [(photo["kind"], bool(photo["taken"])) for photo in photos(village, "s2")]
    assert kinds == [("banner", False), ("wide", True)]


def test_nothing_to_paste_is_told(qtbot: QtBot, village: Desk, open_window: OpenWindow) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+5")
    QGuiApplication.clipboard().setText("没有图")
    keys.press("Ctrl+V")
    assert "先复制" in window.feedback.text


def test_the_same_picture_again_wants_one_reason(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, pictures: list[Path]
) -> None:
    """Refused files are named, the question names the other session, one reason answers it."""
    bad = pictures[0].with_name("live.heic")
    bad.write_bytes(b"\0\0\0\x18ftypheic" + bytes(60))
    village("photo", "add", pictures[0], "--to", "session:s1")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+5")
    copy_files([pictures[0], bad, pictures[1]])
    keys.press("Ctrl+V")
    qtbot.waitUntil(lambda: focus_named("原因") or focus_named("理由"), timeout=30_000)
    idle(qtbot, window)
    card: Any = window.current().answers  # type: ignore[attr-defined]
    assert card.isVisible()
    said = card._text.text()
    assert "live.heic" in said
    assert "书法班" in said
    keys.press("Return")
    assert card.isVisible()
    keys.ime("合拍", keys=5)
    keys.press("Return")
    taken_in(qtbot, window)
    close(qtbot, window)
    assert len(photos(village, "s2")) == 2
    assert village.is_sound()


def test_a_question_may_be_left_unanswered(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, pictures: list[Path]
) -> None:
    village("photo", "add", pictures[0], "--to", "session:s1")
    before = village.state()
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+5")
    copy_files(pictures[:1])
    keys.press("Ctrl+V")
    qtbot.waitUntil(lambda: focus_named("原因") or focus_named("理由"), timeout=30_000)
    keys.press("Escape")
    assert window.nav.current() == "evidence"
    close(qtbot, window)
    assert village.state() == before


def test_kind_publishing_note_and_deleting_by_keys(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, pictures: list[Path]
) -> None:
    village("photo", "add", *pictures, "--to", "session:s2")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+5")
    keys.press("Return")
    assert focus_named("照片")
    keys.press("7")
    idle(qtbot, window)
    keys.press("p")
    idle(qtbot, window)
    keys.press("n")
    keys.ime("开班仪式", keys=9)
    keys.press("Return")
    qtbot.waitUntil(lambda: focus_named("照片"))
    idle(qtbot, window)
    keys.press("Home")
    keys.press("Delete")
    keys.ime("照糊了", keys=7)
    keys.press("Return")
    idle(qtbot, window)
    close(qtbot, window)
    left = {photo["kind"]: photo for photo in photos(village, "s2")}
    assert sorted(left) == ["news", "signin"]
    assert (left["news"]["note"], left["news"]["publishable"]) == ("开班仪式", True)


def test_large_and_on_to_the_next(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, pictures: list[Path]
) -> None:
    village("photo", "add", *pictures[:2], "--to", "session:s2")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+5")
    keys.press("Return")
    keys.press("Return")
    qtbot.waitUntil(lambda: "1/2" in _focus_text())
    keys.press("Right")
    assert "2/2" in _focus_text()
    keys.press("Escape")
    assert QApplication.activeModalWidget() is None


def _focus_text() -> str:
    widget = QApplication.focusWidget()
    return "" if widget is None else widget.accessibleName()


def test_next_session_that_wants_photos(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, pictures: list[Path]
) -> None:
    village("photo", "add", *pictures, "--to", "session:s2")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+5")
    keys.press("F8")
    copy_files([photo_file(pictures[0].with_name("other.jpg"), seed=8)])
    keys.press("Ctrl+V")
    taken_in(qtbot, window)
    close(qtbot, window)
    assert len(photos(village, "s1")) == 1


def test_from_a_roll_call_by_one_key(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, pictures: list[Path]
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    window.go("roll_call", session_id(village, "s1"))
    keys.press("F4")
    qtbot.waitUntil(lambda: window.nav.current() == "evidence")
    copy_files(pictures[:1])
    keys.press("Ctrl+V")
    taken_in(qtbot, window)
    close(qtbot, window)
    assert len(photos(village, "s1")) == 1


def test_photos_cannot_be_deleted_once_received(
    qtbot: QtBot, tmp_path: Path, open_window: OpenWindow, pictures: list[Path]
) -> None:
    line = Line(tmp_path)
    line.found()
    line.enrol()
    line.village.capture(small_class())
    line.village("photo", "add", pictures[0], "--to", "session:s1")
    line.carry(line.village, line.township)
    line.carry(line.township, line.village)
    before = line.village.state()
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+5")
    keys.press("Return")
    keys.press("Delete")
    assert "上级" in window.feedback.text
    keys.press("2")
    idle(qtbot, window)
    assert line.village.state() == before
    keys.ime("拍错类别", keys=9)
    keys.press("Return")
    idle(qtbot, window)
    close(qtbot, window)
    assert [photo["kind"] for photo in photos(line.village, "s1")] == ["wide"]
