"""Units that reported nothing, and persons' marks, by real keys over the demonstration."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.screens.indicators import charting
from learnsite_desktop.ui.screens.indicators.view import View
from learnsite_desktop.ui.screens.roll_call.view import View as RollCall
from tests.desks import Desk
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

NOW = "2026-04-20T09:00:00+08:00"
COUNTY, STREET, TOWN = "410122000000", "410122003000", "410122101000"
NEVER = "410122001000"
ZERO, LACKING = "410122101225", "410122101220"
"""Villages of the town that for February reported that there was nothing, and nothing at all."""
UNASKED = "410122101205"
Computer = Callable[[str], Path]


@pytest.fixture
def county(computer_of: Computer) -> Path:
    """The county's computer of the demonstration."""
    return computer_of(COUNTY)


def text_at(view: View, unit: str, key: str = "") -> str:
    """Return what stands in a cell, in the name's without a key."""
    model = view.figures.model
    column = model.column_of(key) if key else 0
    return str(model.data(model.index(model.row_of(unit), column), Qt.ItemDataRole.DisplayRole))


def test_nothing_reported_is_told_from_a_zero_report(
    qtbot: QtBot, county: Path, open_window: OpenWindow
) -> None:
    window = open_window(county, now=NOW)
    keys = Keys(qtbot, window)
    keys.press("Alt+5")
    idle(qtbot, window)
    view = window.current()
    assert isinstance(view, View)
    assert text_at(view, NEVER, "S01") == "未报"
    assert text_at(view, STREET, "S01") not in ("0", "未报")
    view.figures.top.period.set_value("2026-02")
    view.figures.top.period.committed.emit()
    idle(qtbot, window)
    # One of the town's villages is silent for February: its name is marked, and told below.
    assert text_at(view, TOWN).endswith("*")
    assert not text_at(view, STREET).endswith("*")
    view.figures.grid.setCurrentIndex(view.figures.model.index(view.figures.model.row_of(TOWN), 0))
    assert "有 1 个村未报" in view.figures.said.title.text()
    keys.press("Return")
    idle(qtbot, window)
    assert text_at(view, ZERO, "S01") == "0"
    assert text_at(view, UNASKED, "S01") == "未报"
    # Sessions of the silent village are here: its numbers stay, and bear the mark.
    assert text_at(view, LACKING, "S01") not in ("0", "未报")
    assert text_at(view, LACKING).endswith("*")
    chart = charting.of_units(charting.TILES, view.figures.model.rows, "S01", view.figures.ask)
    assert chart is not None
    below = [row.unit for row in view.figures.model.rows[1:]]
    drawn = dict(zip(below, chart.series[0].values, strict=True))
    assert (drawn[ZERO], drawn[UNASKED]) == (0, None)
    assert below.index(UNASKED) in chart.unreported
    assert below.index(ZERO) not in chart.unreported


def test_three_keys_from_a_count_of_persons_to_the_row_of_the_sign_in_sheet(
    qtbot: QtBot, county: Path, open_window: OpenWindow
) -> None:
    window = open_window(county, now=NOW)
    keys = Keys(qtbot, window)
    keys.press("Alt+5")
    idle(qtbot, window)
    view = window.current()
    assert isinstance(view, View)
    model = view.figures.model
    view.figures.grid.setCurrentIndex(model.index(model.row_of(STREET), model.column_of("S02")))
    begun = keys.count
    keys.press("Return")
    idle(qtbot, window)
    page = view.drilling.page
    persons = page.title.text()
    person = page.list.current()
    assert person is not None
    assert person["kind"] == "learner"
    keys.press("Return")
    idle(qtbot, window)
    mark = page.list.current()
    assert mark is not None
    keys.press("Return")
    idle(qtbot, window)
    assert keys.count - begun <= 3
    roll = window.current()
    assert isinstance(roll, RollCall)
    line = roll._model.line(roll._grid.currentIndex().row())
    assert line is not None
    assert line.person.learner == mark["learner"]
    # Back again: the marks, the persons with the same one current, the table.
    keys.press("Escape")
    idle(qtbot, window)
    assert window.current() is view
    assert page.list.current() == mark
    keys.press("Escape")
    idle(qtbot, window)
    assert (page.title.text(), page.list.current()) == (persons, person)
    keys.press("Escape")
    assert view.pages.currentWidget() is view.figures


def test_the_marks_of_all_persons_are_the_attendances(county: Path) -> None:
    desk = Desk(county, COUNTY)
    desk.now = NOW
    of = ("--period", "2026-03", "--unit", "410122003203")
    (named,) = (one["named"] for one in desk("indicators", *of, "--id", "S01")["values"])
    persons = desk("drill", "S02", *of)["records"]
    assert persons
    counted = 0
    for one in persons:
        told = desk("drill", "S02", *of, f"--person={one['id']}")
        assert told["total"] == len(told["records"])
        assert {row["kind"] for row in told["records"]} == {"session"}
        assert all(row["session"] and row["date"].startswith("2026-03") for row in told["records"])
        assert told["records"][0]["date"] == one["date"]
        counted += told["total"]
    assert counted == named
