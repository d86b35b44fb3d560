"""Finding learners by real keys: who is looked for stands in the list after four of them."""

import random
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import Desk, found_village, learner, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

PEOPLE = {
    "王秀英": "wxy", "曾国强": "zgq", "单桂兰": "sgl", "仇大海": "qdh", "解玉梅": "xym",
    "查春生": "zcs", "翟小红": "zxh", "欧阳凤英": "oyfy", "李建国": "ljg", "赵翠花": "zch",
}  # fmt: skip
CROWD = [f"张{one}{two}" for one in "春夏秋冬东南西北" for two in "梅兰竹菊松柏桃"]


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    """Ten people with names of many readings, one with a phone, and 56 called Zhang."""
    desk = found_village(tmp_path / "village")
    named = [learner(f"p{row}", name, birth=str(1940 + row)) for row, name in enumerate(PEOPLE)]
    named[0] = {**named[0], "mobile": "14412345678"}
    crowd = [learner(f"z{row}", name, birth="1950") for row, name in enumerate(CROWD)]
    base = small_class()
    desk.capture({**base, "learners": [*base["learners"], *named, *crowd]})
    return desk


def visible(window: MainWindow) -> list[str]:
    """The names that one sees without scrolling."""
    screen: Any = window.current()
    if not screen._model.rowCount():
        return []
    rows = screen.table.viewport().height() // screen.table.rowHeight(0)
    lines = [screen._model.line(row) for row in range(min(rows, screen._model.rowCount()))]
    return [line.name for line in lines]


def test_anybody_is_found_with_four_keys_from_today(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    window.resize(1366, 700)
    keys = Keys(qtbot, window)
    names = list(PEOPLE.items())
    random.Random(7).shuffle(names)
    for way in ("Alt+3", "Ctrl+F"):
        for name, initials in names:
            window.go("today")
            before = keys.count
            keys.press(way)
            keys.type(initials[:2])
            assert keys.count - before <= 4
            idle(qtbot, window)
            assert name in visible(window)


def test_enter_opens_the_card_and_esc_comes_back(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+F")
    keys.type("z")
    idle(qtbot, window)
    keys.press("Down")
    second = visible(window)[1]
    keys.press("Return")
    idle(qtbot, window)
    screen: Any = window.current()
    assert screen.heading() == second
    keys.press("Escape")
    listed: Any = window.current()
    assert listed.line.text() == "z"
    assert listed._model.line(listed.table.currentIndex().row()).name == second
    keys.type("ljg")
    assert visible(window) == ["李建国"]


def test_chinese_phone_tail_and_year_and_why_it_was_found(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+3")
    idle(qtbot, window)
    screen: Any = window.current()
    keys.ime("秀", keys=4)
    lines = {row: screen._model.line(row) for row in range(screen._model.rowCount())}
    assert {line.name for line in lines.values()} == {"王秀英", "郑秀英"}
    assert all(line.why for line in lines.values())
    keys.press("Ctrl+F")
    keys.type("5678")
    found = screen._model.line(0)
    assert (found.name, found.mobile) == ("王秀英", "144****5678")
    assert found.why
    keys.press("Ctrl+F")
    keys.type("ljg48")
    assert visible(window) == ["李建国"]


def test_more_than_fifty_are_asked_for(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+3")
    keys.ime("张", keys=3)
    idle(qtbot, window)
    screen: Any = window.current()
    assert screen._model.rowCount() == 51
    keys.press("PgDown", times=10)
    keys.press("Return")
    assert screen._model.rowCount() == len(CROWD)
    assert screen._model.line(screen.table.currentIndex().row()).name in CROWD


def test_without_typing_everybody_is_listed_those_present_lately_first(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+3")
    idle(qtbot, window)
    screen: Any = window.current()
    assert screen._model.rowCount() == 3 + len(PEOPLE) + len(CROWD)
    assert set(visible(window)[:2]) == {"周桂兰", "吴建国"}


def test_a_name_that_nobody_has_is_taken_to_the_form(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+3")
    keys.ime("诸葛明", keys=9)
    keys.press("Ctrl+N")
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "性别"
    editor: Any = window.current()
    assert editor.editor.fields.editors["name"].text() == "诸葛明"
    keys.press("Escape")
    idle(qtbot, window)
    window.close()
    assert village.value("SELECT count(*) FROM draft") == 0


def test_names_changed_elsewhere_are_found_at_once(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+3")
    keys.press("Ctrl+N")
    keys.ime("诸葛明", keys=9)
    keys.press("Return")
    keys.type("1")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    keys.press("Ctrl+F")
    keys.type("zgm")
    assert visible(window) == ["诸葛明"]
    keys.press("Escape")
    idle(qtbot, window)
