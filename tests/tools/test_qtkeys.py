"""The counting keyboard counts each press once, wherever it ends, and nothing else."""

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCompleter, QLineEdit, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.tools.qtkeys import Keys


class Desk:
    """A window with two lines, one with a list, and a shortcut."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QMainWindow()
        inside = QWidget()
        self.line, self.other = QLineEdit(), QLineEdit()
        layout = QVBoxLayout(inside)
        layout.addWidget(self.line)
        layout.addWidget(self.other)
        self.window.setCentralWidget(inside)
        self.other.setCompleter(QCompleter(["apple", "avocado", "pear"]))
        self.saved: list[bool] = []
        save = QAction("Save", self.window)
        save.setShortcut("Ctrl+S")
        save.triggered.connect(lambda: self.saved.append(True))
        self.window.addAction(save)
        qtbot.addWidget(self.window)
        self.keys = Keys(qtbot, self.window)
        self.line.setFocus()


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_plain_keys(desk: Desk) -> None:
    desk.keys.type("7 15 22-24")
    assert desk.line.text() == "7 15 22-24"
    assert (desk.keys.presses, desk.keys.modifiers) == (10, 0)


def test_capitals_and_upper_signs_need_shift(desk: Desk) -> None:
    desk.keys.type("aB+")
    assert desk.line.text() == "aB+"
    assert (desk.keys.presses, desk.keys.modifiers, desk.keys.count) == (3, 2, 5)


def test_a_chord_counts_its_modifiers(desk: Desk) -> None:
    desk.keys.press("Ctrl+S")
    assert desk.saved == [True]
    assert (desk.keys.presses, desk.keys.modifiers) == (1, 1)
    desk.keys.press("Ctrl+Shift+Home")
    assert (desk.keys.presses, desk.keys.modifiers) == (2, 3)


def test_a_key_that_nobody_wants_counts_once(desk: Desk) -> None:
    desk.keys.press("F7", times=2)
    assert desk.keys.count == 2


def test_keys_reach_an_open_list_and_count_once(desk: Desk) -> None:
    desk.keys.press("Tab")
    desk.keys.type("a")
    desk.keys.press("Down", times=2)
    desk.keys.press("Return")
    assert desk.other.text() == "avocado"
    assert desk.keys.count == 5


def test_the_input_method_counts_what_it_took(desk: Desk) -> None:
    desk.keys.ime("张伟", keys=8, composing="zhangwei")
    assert desk.line.text() == "张伟"
    assert desk.keys.count == 8


def test_keys_struck_by_others_count_too(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClicks(desk.line, "ab")
    assert desk.keys.count == 2
    desk.keys.type("c")
    qtbot.keyClicks(desk.line, "d")
    assert desk.keys.count == 4
    desk.line.setText("set by a program")
    assert desk.keys.count == 4


def test_a_press_into_the_void_fails(desk: Desk) -> None:
    desk.line.clearFocus()
    with pytest.raises(AssertionError, match="nothing has the focus"):
        desk.keys.press("Return")
    with pytest.raises(AssertionError, match="nothing has the focus"):
        desk.keys.ime("张", keys=3)


def test_chinese_stands_on_no_key(desk: Desk) -> None:
    with pytest.raises(AssertionError, match="not on a keyboard"):
        desk.keys.type("张")
