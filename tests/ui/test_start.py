"""Starting: what stands in the way gets a page with a way out; a full disk in the middle of work;
what is loaded before the first paint."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform.drives import Medium, medium_of_folder
from learnsite_desktop.platform.logs import START_FIGURES, read_diary
from learnsite_desktop.services import workspace as workspace_module
from learnsite_desktop.ui import interlude
from learnsite_desktop.ui.interlude import Interlude
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.start_note import StartNote
from tests.desks import Desk, found_village, small_class, twin_of
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

LATER = ("openpyxl", "sqlite_utils", "pyxform", "pypinyin", "rapidfuzz", "duckdb", "zxingcpp",
         "segno", "PIL", "lxml", "hypothesis", "cryptography", "sqlite3", "psutil", "click",
         "learnsite_desktop.services", "learnsite_desktop.store")  # fmt: skip
IS_ROOT = sys.platform == "linux" and os.geteuid() == 0
needs_disk = pytest.mark.skipif(not IS_ROOT, reason="only root may mount a small disk")


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    desk = found_village(tmp_path / "village")
    content = small_class()
    planned = {**content["sessions"][0], "date": "2026-04-02", "status": "planned"}
    desk.capture({**content, "sessions": [planned], "rollcalls": []})
    return desk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if subprocess.run(mounting, check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def page_of(qtbot: QtBot, window: MainWindow) -> Interlude:
    """Return the page that stands in the way, once it is seen: nobody presses a key before."""

    def seen() -> Interlude | None:
        page = window.standing_in()
        return page if isinstance(page, Interlude) and page.isVisible() else None

    qtbot.waitUntil(lambda: seen() is not None)
    page = seen()
    assert page is not None
    return page


def at_work(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.desk is not None, timeout=20_000)
    idle(qtbot, window)
    assert window.nav.current() == "today"


def test_records_that_are_open_elsewhere(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    """Try again works as soon as the other window is closed."""
    with village.open():
        window = open_window(village.folder, desk=False)
        page_of(qtbot, window)
        keys = Keys(qtbot, window)
        keys.press("Return")
        page_of(qtbot, window)
    keys.press("Return")
    at_work(qtbot, window)


def test_a_data_folder_on_a_stick_and_another_folder(
    qtbot: QtBot,
    village: Desk,
    open_window: OpenWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = twin_of(village, tmp_path / "good")
    monkeypatch.setattr(
        workspace_module,
        "medium_of_folder",
        lambda folder: Medium.REMOVABLE if folder == village.folder else medium_of_folder(folder),
    )
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(good.folder))
    window = open_window(village.folder, desk=False)
    page = page_of(qtbot, window)
    assert "U 盘" in page._text.text()
    assert "--data" not in page._text.text()
    keys = Keys(qtbot, window)
    keys.press("2")
    at_work(qtbot, window)
    assert window.desk is not None
    assert window.desk.folder == good.folder


def test_a_damaged_database_is_replaced_by_a_backup(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = village.state()
    made = village("backup", "--auto")["path"]
    (village.folder / "learnsite.db").write_bytes(b"no database at all" * 1000)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (made, ""))
    monkeypatch.setattr(interlude, "ask", lambda *_: True)
    window = open_window(village.folder, desk=False)
    page_of(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("3")
    at_work(qtbot, window)
    window.close()
    assert village.state() == state


def test_keys_without_a_database_are_no_first_run(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever founded anew here would lose the keys of what the backups hold."""
    backup = str(village("backup", "--auto")["path"])
    state = village.state()
    (village.folder / "learnsite.db").unlink()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (backup, ""))
    monkeypatch.setattr(interlude, "ask", lambda *_: True)
    window = open_window(village.folder, desk=False)
    page = page_of(qtbot, window)
    assert "数据库不见了" in page._title.text()
    assert "（3）" in page._text.text()
    Keys(qtbot, window).press("3")
    at_work(qtbot, window)
    window.close()
    assert village.state() == state


def test_a_pack_for_support_when_nothing_can_be_opened(
    qtbot: QtBot,
    village: Desk,
    open_window: OpenWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "pack.zip"
    (village.folder / "learnsite.db").write_bytes(b"no database at all" * 1000)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    window = open_window(village.folder, desk=False)
    page = page_of(qtbot, window)
    keys = Keys(qtbot, window)
    keys.press("4")
    qtbot.waitUntil(lambda: "pack.zip" in page.feedback.text, timeout=20_000)
    assert "身份证" in page.feedback.text
    with zipfile.ZipFile(out) as archive:
        assert json.loads(archive.read("refused.json")) == "database_damaged"


@needs_disk
def test_a_write_protected_data_folder(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, small_disk: Path
) -> None:
    desk = twin_of(village, small_disk / "village")
    remount = ["mount", "-o", "remount", str(small_disk)]
    subprocess.run([*remount[:2], "remount,ro", str(small_disk)], check=True)
    window = open_window(desk.folder, desk=False)
    page_of(qtbot, window)
    subprocess.run([*remount[:2], "remount,rw", str(small_disk)], check=True)
    keys = Keys(qtbot, window)
    keys.press("1")
    at_work(qtbot, window)
    window.close()


@needs_disk
def test_the_disk_gets_full_in_the_middle_of_a_roll_call(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, small_disk: Path
) -> None:
    """The bar says what to do; what was typed stays, and is saved once there is room."""
    desk = twin_of(village, small_disk / "village")
    window = open_window(desk.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    stuffing = small_disk / "stuffing"
    room = os.statvfs(small_disk)
    stuffing.write_bytes(bytes(room.f_bavail * room.f_frsize))
    keys.type("2")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "磁盘" in window.feedback.text
    assert "roll_call" in type(window.current()).__module__
    keys.press("Escape")
    keys.press("Escape")
    idle(qtbot, window)
    assert "roll_call" in type(window.current()).__module__
    stuffing.unlink()
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: "today" in type(window.current()).__module__)
    idle(qtbot, window)
    window.close()
    rows = desk("show", "session:s1")["record"]["rows"]
    assert sorted(row["status"] for row in rows) == ["A", "P", "P"]
    assert desk.is_sound()


def test_what_is_loaded_before_the_first_paint(village: Desk) -> None:
    """Nothing that only some screen or a file needs; the records are opened after the paint.

    Nor the enumerations of Qt, which take a tenth of the time, nor the texts: the frame has none.
    """
    script = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from learnsite_desktop import __main__\n"
        "from learnsite_desktop.app import make_window\n"
        "from learnsite_desktop.platform.clock import SystemClock\n"
        "from PySide6.QtWidgets import QApplication\n"
        "app = QApplication([])\n"
        f"window = make_window(app, Path({str(village.folder)!r}), SystemClock())\n"
        "window.painted.disconnect()\n"
        "window.painted.connect(app.quit)\n"
        "window.show()\n"
        "app.exec()\n"
        "from PySide6 import QtCore\n"
        "from learnsite_desktop.platform import i18n\n"
        f"found = [name for name in {LATER!r} if name in sys.modules]\n"
        "found += ['Qt'] if 'Qt' in vars(QtCore) else []\n"
        "found += ['texts'] if i18n._catalogue.cache_info().currsize else []\n"
        "print(json.dumps(found))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True,
        encoding="utf-8", env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_a_start_notes_what_it_took_once(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    """Numbers only; whoever supports the computer reads them in the diagnostics pack."""
    window = open_window(village.folder, desk=False)
    note = StartNote(window)
    note._painted()
    at_work(qtbot, window)
    window.begun.emit()
    window.close()
    lines = [line for line in read_diary(village.folder, 99) if "figures" in line]
    assert len(lines) == 1
    figures = lines[0]["figures"]
    assert isinstance(figures, dict)
    assert list(figures) == list(START_FIGURES)
    assert figures["paint_cpu_ms"] <= figures["desk_cpu_ms"]


def test_a_damaged_file_of_preferences_does_not_keep_the_window_shut(
    tmp_path: Path, open_window: OpenWindow
) -> None:
    village = found_village(tmp_path / "village")
    (village.folder / "window.ini").write_text("[General]\npoints=\ndark=maybe\n", encoding="utf-8")
    window = open_window(village.folder)
    assert window.desk is not None


def test_a_mistake_of_ours_is_noted_in_the_diary(
    qtbot: QtBot, tmp_path: Path, open_window: OpenWindow
) -> None:
    """The bar names the file; so it must be there, without the values of the error."""
    village = found_village(tmp_path / "village")
    window = open_window(village.folder)
    assert window.desk is not None

    def stumble(*_: object) -> None:
        raise ValueError("令狐冲")

    window.desk.write("", stumble)
    qtbot.waitUntil(lambda: "logs/learnsite.jsonl" in window.feedback.text)
    window.close()
    diary = (village.folder / "logs" / "learnsite.jsonl").read_text(encoding="utf-8")
    assert "ValueError" in diary
    assert "令狐冲" not in diary
