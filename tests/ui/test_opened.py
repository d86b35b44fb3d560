"""Files opened by a double click: a real second process gives them to the window that is open."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from learnsite_desktop import app
from learnsite_desktop.__main__ import files_named
from learnsite_desktop.platform import drives, session
from learnsite_desktop.ui.first_run.view import FirstRun
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.only_window import OnlyWindow, _understood
from tests.desks import TOWNSHIP, VILLAGE, Desk, Line, found_village, learner, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(autouse=True)
def _no_stick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drives, "removable_folders", list)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A village with a class, a township that holds it, a county; made once."""
    found = Line(tmp_path_factory.mktemp("line"))
    found.found()
    found.enrol()
    found.village.capture(small_class())
    found.carry(found.village, found.township)
    return found.place


@pytest.fixture
def line(founded: Path, tmp_path: Path) -> Line:
    """A copy of the desks for one test."""
    return Line(shutil.copytree(founded, tmp_path / "line"))


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the program over a data folder as a double click does."""
    started: list[subprocess.Popen[bytes]] = []

    def starting(folder: Path, *files: Path) -> "subprocess.Popen[bytes]":
        program = subprocess.Popen(
            [sys.executable, "-m", "learnsite_desktop", *map(str, files)],
            env={**os.environ, "LEARNSITE_DATA": str(folder), "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.DEVNULL,
        )
        started.append(program)
        return program

    yield starting
    for program in started:
        program.kill()
        program.wait()


@pytest.fixture
def found_by_others() -> Iterator[Callable[[MainWindow, Path], None]]:
    """Lets a window be the only one over its folder, as the program does."""
    held: list[OnlyWindow] = []

    def finding(window: MainWindow, folder: Path) -> None:
        only = OnlyWindow(folder)
        assert only.claim()
        app._be_found(window, only)
        held.append(only)

    yield finding
    for only in held:
        only.close()


@pytest.fixture
def hand(
    qtbot: QtBot, start: Start, found_by_others: Callable[[MainWindow, Path], None]
) -> Callable[..., None]:
    """Double-clicks files while a window is open; returns when the second process has ended."""
    known: set[MainWindow] = set()

    def handing(window: MainWindow, folder: Path, *files: Path) -> None:
        if window not in known:
            found_by_others(window, folder)
            known.add(window)
        second = start(folder, *files)
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
        assert second.returncode == 0
        idle(qtbot, window)

    return handing


def shown(window: MainWindow, name: str) -> Any:
    """Return the screen that is shown, which must be this one."""
    assert window.showing() == name
    return window.current()


def test_a_village_sees_what_a_file_brings_and_enter_takes_it_in(
    open_window: OpenWindow, qtbot: QtBot, line: Line, hand: Any, tmp_path: Path
) -> None:
    file = line.township.pack(VILLAGE, tmp_path / "stick")
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    hand(window, line.village.folder, file)
    view = shown(window, "submission")
    assert view.arrivals.isVisible()
    assert "镇" in view.arrivals.text or "乡" in view.arrivals.text
    window.activateWindow()
    keys.press("Return")
    idle(qtbot, window)
    assert "已收下" in window.feedback.text
    window.close()
    assert line.village.receive(file)[0]["outcome"] == "held"


def test_a_township_previews_a_file_and_nothing_is_taken_in_unasked(
    open_window: OpenWindow, qtbot: QtBot, line: Line, hand: Any, tmp_path: Path
) -> None:
    line.village.capture({"v": 1, "source": "desk", "learners": [learner("l9", "令狐冲")]})
    file = line.village.pack(TOWNSHIP, tmp_path / "stick")
    before = line.township.dump()
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    hand(window, line.township.folder, file)
    view = shown(window, "inbox")
    assert view.pages.shown is view.pages.records
    assert any(
        "令狐冲" in row.cells[0] or "令" in row.cells[0] for row in view.pages.records.list.rows()
    )
    twin = Desk(shutil.copytree(line.township.folder, tmp_path / "twin"), TOWNSHIP)
    assert twin.dump() == before
    window.activateWindow()
    keys.press("Ctrl+S")
    idle(qtbot, window)
    window.close()
    assert line.township.receive(file)[0]["outcome"] == "held"


def test_several_files_at_once_and_the_program_started_again(
    open_window: OpenWindow, qtbot: QtBot, line: Line, hand: Any, tmp_path: Path
) -> None:
    files = [
        line.village.pack(TOWNSHIP, tmp_path / "a"),
        line.sister.pack(TOWNSHIP, tmp_path / "b"),
    ]
    window = open_window(line.township.folder)
    hand(window, line.township.folder, *files)
    assert len(list(shown(window, "inbox").pile)) == 2
    window.go("today")
    window.showMinimized()
    hand(window, line.township.folder)
    assert not window.isMinimized()
    shown(window, "today")


def test_a_new_computer_is_offered_the_opening_file(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, hand: Any
) -> None:
    place = tmp_path / "line"
    town = Desk(place / "town", TOWNSHIP)
    town("init", "--tier", "township", "--unit", TOWNSHIP)
    file = Path(town("opening", VILLAGE, "--out", tmp_path)["files"][0]["path"])
    folder = tmp_path / "new"
    window = open_window(folder, desk=False)
    page = window.centralWidget()
    assert isinstance(page, FirstRun)
    hand(window, folder, file)
    qtbot.waitUntil(lambda: page.opening.chosen is not None)
    assert page.opening.chosen is not None
    assert page.opening.chosen.path == file


def test_a_backup_is_looked_into_and_an_opening_file_has_no_place_here(
    open_window: OpenWindow, qtbot: QtBot, line: Line, hand: Any, tmp_path: Path
) -> None:
    backup = Path(line.village("backup", tmp_path)["path"])
    window = open_window(line.village.folder)
    hand(window, line.village.folder, backup)
    view = shown(window, "safety")
    assert view.look.isVisible()
    assert view.look.path == backup
    hand(window, line.village.folder, tmp_path / "410122003202.lso")
    shown(window, "safety")
    assert "开通文件用于新电脑" in window.feedback.text


def test_the_first_start_shows_its_files_itself(
    open_window: OpenWindow, qtbot: QtBot, line: Line, tmp_path: Path
) -> None:
    """Files named before there is a desk wait for it."""
    file = line.township.pack(VILLAGE, tmp_path / "stick")
    window = open_window(line.village.folder, desk=False)
    app._show_files(window, [file])
    qtbot.waitUntil(lambda: window.desk is not None)
    idle(qtbot, window)
    assert shown(window, "submission").arrivals.isVisible()


def test_of_two_starts_at_once_one_becomes_the_window(tmp_path: Path, start: Start) -> None:
    """Whichever comes second waits until the first can listen, and ends."""
    village = found_village(tmp_path / "village")
    programs = [start(village.folder) for _ in range(2)]
    ended = wait_for_one(programs)
    assert ended.returncode == 0
    assert [program.poll() for program in programs].count(None) == 1


def test_a_window_that_was_killed_keeps_nobody_out(
    qtbot: QtBot, tmp_path: Path, start: Start
) -> None:
    """The lock and the socket that it left behind are taken over."""
    village = found_village(tmp_path / "village")
    first = start(village.folder)
    # The second ends as soon as the first listens.
    second = start(village.folder)
    assert wait_for_one([first, second]) is not None
    living = first if first.poll() is None else second
    living.kill()
    living.wait()
    only = OnlyWindow(village.folder)
    assert only.claim()
    heard: list[list[Path]] = []
    only.handed.connect(heard.append)
    only.listen()
    third = start(village.folder, tmp_path / "来文 (1).lsb")
    qtbot.waitUntil(lambda: third.poll() is not None, timeout=30_000)
    only.close()
    assert third.returncode == 0
    assert heard == [[tmp_path / "来文 (1).lsb"]]


def wait_for_one(programs: "list[subprocess.Popen[bytes]]") -> "subprocess.Popen[bytes]":
    """Wait until one of two processes has ended; return it."""
    while True:
        for program in programs:
            try:
                program.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            return program


@pytest.mark.parametrize(
    "said", [b"GET / HTTP/1.1\r\n", b"[]\n", b'{"files": 3, "tokens": {}}\n', b"\xff\xfe\n"]
)
def test_whoever_speaks_otherwise_is_not_listened_to(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, said: bytes
) -> None:
    only = OnlyWindow(tmp_path)
    assert only.claim()
    only.listen()
    heard: list[list[Path]] = []
    only.handed.connect(heard.append)
    socket = QLocalSocket()
    socket.connectToServer(only._address)
    assert socket.waitForConnected()
    socket.write(said)
    state = QLocalSocket.LocalSocketState.UnconnectedState
    qtbot.waitUntil(lambda: socket.state() == state)
    only.close()
    assert heard == []


def test_a_folder_written_otherwise_is_the_same_folder(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    assert session.name_for(Path("data")) == session.name_for(tmp_path / "x" / ".." / "data")
    assert session.name_for(Path("data")) != session.name_for(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a folder for each user")
def test_a_folder_that_others_may_enter_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "run"
    place.mkdir()
    place.chmod(0o777)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(place))
    assert session.session_folder() is None
    only = OnlyWindow(tmp_path)  # everyone is the window; the records have their own lock
    assert only.claim()
    assert OnlyWindow(tmp_path).claim()
    place.chmod(0o700)
    assert session.session_folder() == place


@pytest.mark.parametrize(
    ("words", "files"),
    [
        ([], []),
        (["x.lsb"], ["x.lsb"]),
        (["/gone/X.LSO", "y.lsk"], ["/gone/X.LSO", "y.lsk"]),
        (["list"], None),
        (["list", "x.lsb"], None),
        (["--data", "x.lsb"], None),
        (["receive", "x.lsb"], None),
        (["/gone/away.zip"], None),
    ],
)
def test_words_that_are_files_and_words_that_are_a_command(
    words: list[str], files: list[str] | None
) -> None:
    assert files_named(words) == (None if files is None else [Path(one) for one in files])


def test_a_file_of_another_name_is_known_by_being_there(tmp_path: Path) -> None:
    """A sender's chat program may have renamed it."""
    renamed = tmp_path / "村里的资料.zip"
    renamed.write_bytes(b"PK")
    assert files_named([str(renamed)]) == [renamed]


def test_the_message_survives_any_name(tmp_path: Path) -> None:
    """File names that are no Unicode go through the message as they are."""
    odd = os.fsdecode(b"/tmp/\xff.lsb") if sys.platform != "win32" else "C:\\x.lsb"
    line = json.dumps({"files": [odd], "tokens": {}}).encode("ascii")
    assert _understood(line) == ([Path(odd)], {})
