"""Windows over real folders, driven by keys."""

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


def idle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until both lanes have nothing left to do or to tell."""
    desk = window.desk
    if desk is not None:
        qtbot.waitUntil(lambda: desk.writer.idle and desk.reader.idle, timeout=20_000)
