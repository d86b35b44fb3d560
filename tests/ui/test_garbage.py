"""Cycles with Qt objects in them are never freed in a lane's thread."""

import gc
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui import garbage
from learnsite_desktop.ui.garbage import Collector, set_aside
from tests.desks import found_village
from tests.ui.conftest import OpenWindow


class _Witness(QObject):
    """Part of a cycle; notes in which thread it goes."""

    def __init__(self, where: list[int]) -> None:
        super().__init__()
        self.myself = self
        self._where = where

    def __del__(self) -> None:
        self._where.append(threading.get_ident())


def _busy_elsewhere() -> None:
    """Allocate enough in another thread that Python would collect there."""
    work = threading.Thread(target=lambda: [[number] for number in range(200_000)])
    work.start()
    work.join()


def test_what_a_lane_allocates_frees_nothing_of_the_window(
    qtbot: QtBot, tmp_path: Path, open_window: OpenWindow
) -> None:
    open_window(found_village(tmp_path / "village").folder)
    assert not gc.isenabled()
    where: list[int] = []
    _Witness(where)
    _busy_elsewhere()
    assert not where
    kept = [[number] for number in range(5_000)]
    qtbot.waitUntil(lambda: bool(where), timeout=10_000)
    assert where == [threading.get_ident()]
    assert kept


@pytest.fixture
def no_other_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no window of another test were left."""
    monkeypatch.setattr(garbage, "_alive", set())


@pytest.mark.usefixtures("no_other_window")
def test_python_collects_again_when_the_window_is_gone(qtbot: QtBot) -> None:
    parent = QObject()
    Collector(parent)
    assert not gc.isenabled()
    parent.deleteLater()
    qtbot.waitUntil(gc.isenabled)


@pytest.mark.usefixtures("no_other_window")
def test_what_is_set_aside_is_looked_through_again_when_the_window_is_gone(qtbot: QtBot) -> None:
    parent = QObject()
    Collector(parent)
    where: list[int] = []
    _Witness(where)
    set_aside()
    gc.collect()
    assert not where
    parent.deleteLater()
    qtbot.waitUntil(gc.isenabled)
    gc.collect()
    assert where == [threading.get_ident()]
