"""Windows over real folders, driven by keys."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from learnsite_desktop.app import make_window
from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import NOW
from tests.support import CommandLine

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication) -> Iterator[OpenWindow]:
    """Open windows as the program does; they are closed, and their workspaces free, at the end."""
    opened: list[MainWindow] = []

    def opening(
        folder: Path, now: str = NOW, operator: str = "", *, desk: bool = True
    ) -> MainWindow:
        clock = FixedClock(datetime.fromisoformat(now))
        window = make_window(qapp, folder, clock, operator=operator)
        opened.append(window)
        window.show()
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: window.centralWidget() is not None)
        qtbot.waitUntil(lambda: window.centralWidget().isVisible())
        window.activateWindow()
        if desk:
            qtbot.waitUntil(lambda: window.desk is not None)
            idle(qtbot, window)
        return window

    yield opening
    for window in opened:
        window.close()
        window.deleteLater()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demonstration's folder: computers of villages, two townships and a county.

    Shared: copy a computer's folder (`computer_of`) before working at it.
    """
    folder = tmp_path_factory.mktemp("demo") / "demo"
    answer = CommandLine()(tmp_path_factory.mktemp("nowhere"), "demo", folder, "--scale", "small")
    assert answer["ok"]
    return folder


@pytest.fixture
def computer_of(demo: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Copies the demonstration's computer of a unit, whole; returns the copy's folder."""

    def copied(unit: str) -> Path:
        target = tmp_path / "computers" / unit
        shutil.copytree(demo / "computers" / unit, target)
        return target

    return copied


def idle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until both lanes have nothing left to do or to tell."""
    desk = window.desk
    if desk is not None:
        qtbot.waitUntil(lambda: desk.writer.idle and desk.reader.idle, timeout=20_000)
