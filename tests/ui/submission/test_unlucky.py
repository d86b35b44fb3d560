"""Handing in and receiving in unlucky orders: stopped half-way, pressed twice, a slow stick."""

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.refusals import Cancelled
from learnsite_desktop.services import handing_in, packing
from learnsite_desktop.services.packing import Packed
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.screens.submission import arrivals
from tests.desks import TOWNSHIP, VILLAGE, Line
from tests.support import files_of
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle
from tests.ui.submission.test_submission import (  # noqa: F401 - fixtures
    _no_stick,
    close,
    drop,
    founded,
    line,
    stick,
    submission,
)


def test_cancelled_while_packing_the_month_is_still_to_be_handed_in(
    open_window: OpenWindow,
    qtbot: QtBot,
    line: Line,  # noqa: F811
    stick: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = packing.pack

    def stopped(workspace: Workspace, to: str, out: Path, *, progress: Progress) -> Packed:
        """Pack until the first step is told."""
        del progress

        def cancel(done: int, total: int, label: str) -> None:
            raise Cancelled

        return real(workspace, to, out, progress=cancel)

    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+6")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(handing_in, "pack", stopped)
        keys.press("Return")
        idle(qtbot, window)
    assert "取消" in window.feedback.text
    assert submission(window).bar.period() == "2026-03"
    assert files_of(stick) == {}
    keys.press("Return")
    idle(qtbot, window)
    close(qtbot, window)
    assert len(files_of(stick)) == 1
    assert line.village("list", "submission")["total"] == 1


def test_pressed_twice_it_is_handed_in_once(
    open_window: OpenWindow,
    qtbot: QtBot,
    line: Line,  # noqa: F811
    stick: Path,  # noqa: F811
) -> None:
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+6")
    keys.press("Return")
    keys.press("Return")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert len(files_of(stick)) == 1
    keys.press("Ctrl+S")  # told by now: it may be handed in again
    idle(qtbot, window)
    close(qtbot, window)
    assert len(files_of(stick)) == 2


def test_sticks_and_folders_are_looked_through_beside_the_window(
    open_window: OpenWindow,
    qtbot: QtBot,
    line: Line,  # noqa: F811
    stick: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line.carry(line.village, line.township)
    back = line.township.pack(VILLAGE, tmp_path / "back")
    line.village.pack(TOWNSHIP, tmp_path / "up")
    threads: list[str] = []

    def noted(folder: Path) -> list[Path]:
        threads.append(threading.current_thread().name)
        return handing_in.bundles_in(folder)

    monkeypatch.setattr(arrivals, "bundles_in", noted)
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+6")
    view = submission(window)
    keys.press("F6")
    idle(qtbot, window)
    assert view.arrivals.isHidden()
    drop(view, stick)
    idle(qtbot, window)
    assert "没有" in window.feedback.text
    drop(view, back.parent)
    idle(qtbot, window)
    assert view.arrivals.isVisible()
    keys.press("Return")
    close(qtbot, window)
    assert threads == ["writer"] * 3
    assert line.village("receipts")["total"] >= 1
