"""A month that travels as numbered pictures, by real keys: no stick, no chat, a phone in between.

The photos are the pictures of the screen, read by the program's own child as photos of phones are.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives
from learnsite_desktop.ui.code_screen import CodeScreen
from learnsite_desktop.ui.paper import PaperDialog
from tests.desks import Desk
from tests.ui.conftest import OpenWindow, idle
from tests.ui.flows.test_month import Clerk

TOWN, VILLAGE = "410122101000", "410122101219"
PERIOD = "2026-04"
TODAY = "2026-05-04T09:00:00+08:00"
Computer = Callable[[str], Path]


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The photos that the next dialog for files answers with; nothing is plugged in."""
    chosen: list[str] = []
    monkeypatch.setattr(drives, "removable_folders", list)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (list(chosen), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "phone"))
    (tmp_path / "phone").mkdir()
    return chosen


def front(one: Clerk) -> Any:
    """Return the dialog in front, which has the focus."""
    idle(one.qtbot, one.window)
    one.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    dialog.activateWindow()  # without a screen a window that has closed does not give it back
    one.qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def photograph(one: Clerk, place: Path, name: str) -> list[Path]:
    """Go through the pictures on the screen and photograph each."""
    screen = front(one)
    assert isinstance(screen, CodeScreen)
    found: list[Path] = []
    while True:
        path = place / f"{name}-{screen.number}.png"
        assert screen.face.grab().save(str(path))
        found.append(path)
        if "最后一张" in screen.caption.text():
            return found
        one.keys.press("Return")


def little_news(desk: Desk) -> None:
    """One new fact, so that the file is small."""
    (person, *_others) = desk("list", "learner")["records"]
    desk("edit", person["id"], "education=20", "--why", "核对")


def test_a_file_goes_up_and_its_receipt_down_as_pictures(
    computer_of: Computer,
    open_window: OpenWindow,
    qtbot: QtBot,
    tmp_path: Path,
    photos: list[str],
) -> None:
    """Up: one missing picture is named, and its photo sent later. Down: from a dropped folder."""
    village = Desk(computer_of(VILLAGE), VILLAGE, TODAY)
    town = Desk(computer_of(TOWN), TOWN, TODAY)
    little_news(village)
    taken = hand_in(village, open_window, qtbot, tmp_path)
    assert len(taken) > 2
    receive(town, open_window, qtbot, photos, taken)
    assert max(town("batches")["batches"], key=lambda one: one["at"])["from"] == VILLAGE
    down = answer(town, open_window, qtbot, tmp_path)
    photos[:] = map(str, down)
    one = Clerk(qtbot, open_window(village.folder, now=TODAY))
    one.to("submission", "Ctrl+Shift+O", "Return")
    assert one.screen.arrivals.isVisible()
    assert "回执" in one.screen.arrivals.text
    one.press("Return")
    one.quit()
    assert all(item["receipted"] for item in village("outbox")["items"] if item["to"] == TOWN)
    assert village.is_sound()
    assert town.is_sound()


def hand_in(village: Desk, open_window: OpenWindow, qtbot: QtBot, place: Path) -> list[Path]:
    """Hand April in as pictures; look at the paper, too."""
    one = Clerk(qtbot, open_window(village.folder, now=TODAY))
    one.to("submission")
    assert not one.screen.problems.rows(), [row.cells for row in one.screen.problems.rows()]
    one.press("Shift+Tab")
    assert one.at == "文件放到哪里"
    one.choose("编号图片")
    one.press("Ctrl+S")
    if one.at == "原因":
        one.write("农忙没有办", "Return")
    found = photograph(one, place, "up")
    one.press("Ctrl+P")
    paper = front(one)
    assert isinstance(paper, PaperDialog)
    one.press("Escape")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not paper)
    front(one)
    one.press("Ctrl+S")
    idle(qtbot, one.window)
    kept = {path.suffix for path in (place / "phone").iterdir()}
    assert kept == {".png", ".pdf"}
    assert "已存为" in one.told
    one.quit()
    return found


def receive(
    town: Desk, open_window: OpenWindow, qtbot: QtBot, photos: list[str], taken: list[Path]
) -> None:
    """Two neighbours of one group are missing at first."""
    one = Clerk(qtbot, open_window(town.folder, now=TODAY))
    one.to("inbox")
    first, last = taken[0], taken[1:]
    photos[:] = [str(path) for path in (*last[1:],)]
    one.press("Ctrl+Shift+O", "Return")
    assert "还缺第 1、2 张" in one.screen.photos.text, one.screen.photos.text
    (row,) = [row for row in one.screen.pages.files.list.rows() if row.word == "还缺图片"]
    assert row.cells[0] == "编号图片"
    photos[:] = [str(first)]  # the second is made up from the spare one
    one.press("Return")
    assert not one.screen.photos.isVisible()
    rows = [row for row in one.screen.pages.files.list.rows() if row.kind != "heading"]
    assert [row.word for row in rows] == ["新文件"]
    one.press("Ctrl+S")
    assert "收下 1 个文件" in one.told
    one.quit()


def answer(town: Desk, open_window: OpenWindow, qtbot: QtBot, place: Path) -> list[Path]:
    """The receipt goes back as pictures."""
    one = Clerk(qtbot, open_window(town.folder, now=TODAY))
    one.to("inbox", "F7")
    rows = one.screen.below.list
    assert rows.select(VILLAGE)
    one.press("Ctrl+T")
    found = photograph(one, place, "down")
    one.press("Escape")
    one.quit()
    return found
