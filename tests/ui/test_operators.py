"""Who works: by F2 or by the name in the status line."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QToolButton
from pytestqt.qtbot import QtBot

from tests.desks import Desk, found_village
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    return found_village(tmp_path / "village")


@pytest.mark.parametrize("by", ["key", "mouse"])
def test_the_name_is_changed(
    open_window: OpenWindow,
    qtbot: QtBot,
    village: Desk,
    monkeypatch: pytest.MonkeyPatch,
    by: str,
) -> None:
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_: ("周桂兰", True))
    window = open_window(village.folder)
    assert window.status is not None
    (button,) = window.status.findChildren(QToolButton)
    if by == "key":
        Keys(qtbot, window).press("F2")
    else:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    idle(qtbot, window)
    assert "周桂兰" in button.text()
    window.close()
    assert [row["name"] for row in village("list", "operator")["records"]] == ["周桂兰"]
