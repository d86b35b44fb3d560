"""The county's second and third pages and its cards at the smallest window, in every look."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives
from learnsite_desktop.ui.main_window import MainWindow
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle
from tests.ui.test_walk import EVERY_LOOK, HEIGHT, WIDTH, Walk

COUNTY = "410122000000"
NOW = "2026-04-20T10:00:00+08:00"
STEPS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "units": (
        ("a unit", ("Ctrl+1", "Down")),
        ("rename", ("F3",)),
        ("merge", ("Escape", "F5")),
        ("split", ("Escape", "F6")),
        ("convert", ("Escape", "F7")),
        ("add", ("Escape", "Ins")),
        ("close", ("Escape", "Del")),
        ("openings", ("Escape", "Ctrl+2")),
        ("population", ("Ctrl+3",)),
        ("computers", ("Ctrl+4", "Down")),
        ("grant", ("F4",)),
        ("revoke", ("Escape", "F7")),
        ("computers again", ("Escape",)),
    ),
    "indicators": (
        ("a figure", ("Right",)),
        ("a figure that lacks something", ("End",)),
        ("records", ("Home", "Right", "Return")),
        ("the other part", ("F3",)),
        ("a trend", ("Escape", "F5")),
        ("a spread", ("F5",)),
        ("tiles", ("F5",)),
        ("bars", ("F5",)),
        ("by period", ("F5", "F3")),
        ("by dimension", ("F3",)),
        ("approved only", ("Shift+F3",)),
        ("as now", ("Shift+F4",)),
        ("targets", ("Shift+F3", "Shift+F4", "F3", "F10")),
        ("figures again", ("Escape",)),
    ),
    "reports": (
        ("cells", ("F4",)),
        ("one report", ("Escape", "Down")),
        ("a look", ("F5",)),
        ("written", ("Ctrl+S",)),
        ("past", ("F3",)),
        ("numbers", ("Return",)),
        ("tables", ("Escape", "Escape", "F7")),
        ("open data", ("Escape", "F6")),
    ),
    "publishing": (
        ("regions", ("End",)),
        ("a notice", ("Ctrl+N",)),
        ("what lacks", ("Ctrl+S",)),
        ("documents", ("Escape",)),
    ),
    "supervision": (
        ("a visit", ("Ctrl+N",)),
        ("its items", (*"410122101219", "Return")),
        ("judged", ("3", "1", "2")),
        ("saved", ("Ctrl+S",)),
        ("a finding", ("Return",)),
        ("visits", ("Escape", "Ctrl+2")),
        ("clauses", ("Ctrl+3",)),
    ),
    "ledger": (("a session", ("Down",)), ("printing", ("Ctrl+P",)), ("ledger", ("Escape",))),
    "learners": (("a learner", ("Down",)), ("the card", ("Return",)), ("back", ("Escape",))),
}
"""By screen: what is seen after which keys."""


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drives, "removable_folders", list)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))


@pytest.fixture
def county(computer_of: Callable[[str], Path]) -> Path:
    """A copy of the demonstration's county."""
    return computer_of(COUNTY)


@pytest.mark.parametrize("screen", list(STEPS))
def test_pages_and_cards_of_the_county(
    open_window: OpenWindow, qtbot: QtBot, county: Path, tmp_path: Path, screen: str
) -> None:
    window = open_window(county, NOW)
    assert window.desk is not None
    window.desk.preferences.setValue("reports_folder", str(tmp_path))
    window.resize(WIDTH, HEIGHT)
    walk, keys = Walk(window, []), Keys(qtbot, window)
    for points, dark in EVERY_LOOK:
        window.set_look(points=points, dark=dark)
        window.go(screen)
        idle(qtbot, window)
        walk.look(f"{screen} {points} pt")
        for name, pressed in STEPS[screen]:
            for key in pressed:
                keys.press(key)
                see(qtbot, window)
            walk.look(f"{screen}, {name} {points} pt")
        window.go("today")
        idle(qtbot, window)
    assert not walk.problems, "\n".join(dict.fromkeys(walk.problems))


def see(qtbot: QtBot, window: MainWindow) -> None:
    """Let the window finish; without a screen a list that has closed keeps the focus."""
    idle(qtbot, window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


@pytest.mark.parametrize("chosen", [False, True])
def test_the_topmost_units_cards(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, *, chosen: bool
) -> None:
    window = open_window(tmp_path / "nothing", desk=False)
    window.resize(WIDTH, HEIGHT)
    walk = Walk(window, [])
    page: Any = window.centralWidget()
    qtbot.waitUntil(lambda: page._lane.idle)
    keys = Keys(qtbot, window)
    for points, dark in EVERY_LOOK:
        window.set_look(points=points, dark=dark)
        for key in ("Alt+4", "Alt+5"):
            keys.press(key)
            if chosen:
                keys.press("Ctrl+A")
                keys.type("zmx")
                keys.press("Return")
            walk.look(f"first run {key} {points} pt")
            keys.press("Escape")
    assert not walk.problems, "\n".join(dict.fromkeys(walk.problems))
