"""A newer program at the window: it comes with the stick, is seen on Today, and is made ready."""

import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives
from learnsite_desktop.ui import interlude
from learnsite_desktop.ui.interlude import Interlude
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.screens.updates import view as view_module
from tests.desks import (
    COUNTY,
    SISTER,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    found_village,
    small_class,
)
from tests.flows.test_versions import NEWEST_KNOWN, made_older, written
from tests.tools.qtkeys import Keys
from tests.tools.releases import INSTALLER, Computer, Publisher
from tests.ui.conftest import OpenWindow, idle

LATER = "2026-04-02T11:00:00+08:00"


@pytest.fixture
def publisher() -> Publisher:
    return Publisher()


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch, publisher: Publisher) -> Computer:
    return Computer(monkeypatch, publisher)


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    desk = found_village(tmp_path / "village")
    desk.capture(small_class())
    return desk


def screen(window: MainWindow) -> Any:
    return window.current()


def bar(window: MainWindow) -> str:
    return window.feedback.text


def noted(opened: list[QUrl], url: QUrl) -> bool:
    """Note what the system was given to open, and say that it was."""
    opened.append(url)
    return True


def row_of(window: MainWindow, kind: str) -> Any:
    return next((row for row in screen(window).list.rows() if row.key == kind), None)


def test_what_was_received_is_on_today_and_made_ready_by_keys(
    qtbot: QtBot,
    tmp_path: Path,
    village: Desk,
    publisher: Publisher,
    computer: Computer,
    open_window: OpenWindow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del computer
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: noted(opened, url))
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    assert row_of(window, "program") is None
    # Opened by a double click: the card says what it is, Enter takes it in.
    path = publisher.write(tmp_path / "usb")
    window.go("submission")
    idle(qtbot, window)
    screen(window).show_files([path])
    idle(qtbot, window)
    keys.press("Return")
    idle(qtbot, window)
    assert [row["version"] for row in _listed(village, window)] == ["99.0.0"]

    window.go("today")
    idle(qtbot, window)
    assert "99.0.0" in row_of(window, "program").cells[1]
    screen(window).list.select("program")
    keys.press("Return")
    idle(qtbot, window)
    assert window.showing() == "updates"
    assert screen(window).make.isVisible()
    assert not screen(window).start.isVisible()
    before = set((village.folder / "backups").glob("*.lsk"))
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert set((village.folder / "backups").glob("*.lsk")) > before
    installer = screen(window).ready.path
    assert installer.read_bytes() == INSTALLER
    assert str(installer) in screen(window).told.text()
    keys.press("F7")
    assert QApplication.clipboard().text() == f"sudo apt install {installer}"
    keys.press("F5")
    keys.press("F6")
    assert opened == [
        QUrl.fromLocalFile(str(installer)),
        QUrl.fromLocalFile(str(installer.parent)),
    ]


def _listed(desk: Desk, window: MainWindow) -> Any:
    del window
    return desk("updates")["updates"]


def test_on_windows_one_is_asked_before_the_program_closes(
    qtbot: QtBot,
    tmp_path: Path,
    village: Desk,
    publisher: Publisher,
    computer: Computer,
    open_window: OpenWindow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computer.runs("windows-x64")
    village.receive(publisher.write(tmp_path / "usb", platform="windows-x64"))
    answers, opened = [False, True], list[QUrl]()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(view_module, "ask", lambda *_: answers.pop(0))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: noted(opened, url))
    window = open_window(village.folder)
    window.go("updates")
    idle(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    ready = screen(window).ready
    assert not screen(window).copy.isVisible(), "a double click does it there"
    keys.press("F5")
    assert opened == []
    assert window.isVisible()
    keys.press("F5")
    assert opened == [QUrl.fromLocalFile(str(ready.path))]
    qtbot.waitUntil(lambda: not window.isVisible())


def test_the_key_says_no_second_time_that_nothing_newer_has_come(
    qtbot: QtBot, village: Desk, computer: Computer, open_window: OpenWindow
) -> None:
    del computer
    window = open_window(village.folder)
    window.go("updates")
    idle(qtbot, window)
    above = screen(window).told.text()
    assert ".lsu" in above
    Keys(qtbot, window).press("Ctrl+S")
    idle(qtbot, window)
    assert bar(window)
    assert above not in bar(window)
    assert not list((village.folder / "backups").glob("*.lsk"))


def test_a_foreign_file_is_refused_in_the_bar(
    qtbot: QtBot,
    tmp_path: Path,
    village: Desk,
    computer: Computer,
    open_window: OpenWindow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del computer
    path = Publisher().write(tmp_path / "usb")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    window = open_window(village.folder)
    window.go("updates")
    idle(qtbot, window)
    Keys(qtbot, window).press("Ctrl+O")
    idle(qtbot, window)
    assert "发布者" in bar(window)
    assert not (village.folder / "updates").exists()


def test_a_county_sends_it_down_from_its_page(
    qtbot: QtBot,
    tmp_path: Path,
    publisher: Publisher,
    computer: Computer,
    open_window: OpenWindow,
) -> None:
    del computer
    county = Desk(tmp_path / "county", COUNTY)
    county("init", "--tier", "county", "--unit", COUNTY)
    path = publisher.write(tmp_path / "built", platform="windows-x64")
    window = open_window(county.folder)
    window.go("publishing")
    idle(qtbot, window)
    screen(window).look_at(path)
    idle(qtbot, window)
    assert window.showing() == "updates"
    rows = {row.key: row for row in screen(window).list.rows()}
    assert rows["windows-x64 99.0.0"].word == "转给下级"
    assert TOWNSHIP in rows
    window.go("publishing")
    idle(qtbot, window)
    row = row_of(window, "program")
    assert row.cells[2] == "99.0.0"
    screen(window).list.select("program")
    Keys(qtbot, window).press("Return")
    assert window.showing() == "updates"


def test_help_leads_there_too(qtbot: QtBot, village: Desk, open_window: OpenWindow) -> None:
    window = open_window(village.folder)
    window.go("manual")
    idle(qtbot, window)
    assert "0.1.0" in screen(window).program.text()
    Keys(qtbot, window).press("F5")
    assert window.showing() == "updates"


# -- first start of another version ----------------------------------------------------------------


def test_records_that_were_converted_are_told_in_the_bar(
    village: Desk, open_window: OpenWindow
) -> None:
    made_older(village)
    window = open_window(village.folder)
    assert "转换" in bar(window)
    assert "before-schema" in bar(window)


def _page(qtbot: QtBot, window: MainWindow) -> Interlude:
    def there() -> bool:
        page = window.standing_in()
        return isinstance(page, Interlude) and page.isVisible()

    qtbot.waitUntil(there)
    page = window.standing_in()
    assert isinstance(page, Interlude)
    return page


def test_a_newer_file_gets_its_page_and_the_older_backup_is_the_way_back(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, before = village("backup", "--auto")["path"], village("state")["hash"]
    written(village, f"PRAGMA user_version={NEWEST_KNOWN}")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (made, ""))
    monkeypatch.setattr(interlude, "ask", lambda *_: True)
    window = open_window(village.folder, desk=False)
    page = _page(qtbot, window)
    assert "升级前的备份" in page._text.text()
    Keys(qtbot, window).press("3")
    qtbot.waitUntil(lambda: window.desk is not None, timeout=20_000)
    idle(qtbot, window)
    assert village("state")["hash"] == before


def test_a_conversion_that_fails_gets_its_page(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    made_older(village, "CREATE TABLE gap (mine TEXT)")
    window = open_window(village.folder, desk=False)
    assert "没有改动" in _page(qtbot, window)._text.text()


# -- through a township, window by window ----------------------------------------------------------


def test_a_township_takes_it_in_and_its_files_below_bring_it(
    qtbot: QtBot,
    tmp_path: Path,
    publisher: Publisher,
    computer: Computer,
    open_window: OpenWindow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The township's computer is of another kind: it passes the file on all the same."""
    monkeypatch.setattr(drives, "removable_folders", list)
    line = Line(tmp_path / "line")
    line.found()
    line.enrol()
    path = publisher.write(tmp_path / "usb")
    computer.runs("windows-x64")
    line.township.now = LATER
    assert all(row["written"] for row in line.township("relay")["units"])
    window = open_window(line.township.folder, LATER)
    keys = Keys(qtbot, window)
    window.go("inbox")
    idle(qtbot, window)
    screen(window).show_files([path])
    idle(qtbot, window)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert [row["why"] for row in line.township("updates")["updates"]] == ["update_other_platform"]
    assert "99.0.0" in bar(window)
    waiting = {row["unit"]: row["program"] for row in line.township("relay")["units"]}
    assert waiting == {VILLAGE: "99.0.0", SISTER: "99.0.0"}

    below = tmp_path / "below"
    below.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(below))
    keys.press("F7")
    idle(qtbot, window)
    keys.press("Return")
    idle(qtbot, window)
    assert (below / path.name).read_bytes() == path.read_bytes()
    assert len(list(below.glob("*.lsu"))) == 1
    assert len(list(below.glob("*.lsb"))) == 2
    # Written once, it waits no more; the village's own receipt says when it came.
    assert not any(row["written"] is None for row in line.township("relay")["units"])
    window.close()
    computer.runs("deb-amd64")
    line.village.receive(*below.glob("*.lsu"))
    assert line.village("updates")["updates"][0]["for_here"] is True
