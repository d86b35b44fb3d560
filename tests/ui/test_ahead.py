"""The code of screens is there before anybody asks for it."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui import ahead
from learnsite_desktop.ui.navigation import ENTRIES, LISTED, entries_for
from tests.desks import found_village
from tests.ui.conftest import OpenWindow


def test_every_module_of_a_listed_screen_once_its_view_after_the_others() -> None:
    names = list(ahead.modules_of(entries_for("county")))
    assert len(names) == len(set(names))
    for screen in LISTED["county"]:
        own = [name for name in names if f".screens.{screen}." in name]
        assert own[-1].endswith(".view")
    screens = {entry.name for entry in ENTRIES} - set(LISTED["county"])
    assert not any(f".screens.{screen}." in name for name in names for screen in screens)


def test_it_is_loaded_while_nobody_works(
    qtbot: QtBot, tmp_path: Path, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other screens' views are asked for in turn, one each time, until none is left."""
    asked: list[str] = []

    def loaded(name: str) -> ModuleType:
        asked.append(name)
        return import_module(name)

    monkeypatch.setattr(ahead, "FIRST_MS", 1)
    monkeypatch.setattr(ahead, "NEXT_MS", 1)
    monkeypatch.setattr(ahead, "set_aside", lambda: asked.append("over"))
    monkeypatch.setattr(ahead, "import_module", loaded)
    open_window(found_village(tmp_path / "village").folder)
    qtbot.waitUntil(lambda: "over" in asked, timeout=30_000)
    views = [name.split(".")[-2] for name in asked if name.endswith(".view")]
    assert views == list(LISTED["village"])


def test_the_first_paint_does_not_wait_for_it() -> None:
    """The window itself loads none of it."""
    code = "import learnsite_desktop.ui.main_window, sys; print(*sys.modules)"
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert "learnsite_desktop.ui.screens.ledger.view" not in done.stdout.split()
    assert "learnsite_desktop.ui.ahead" not in done.stdout.split()
