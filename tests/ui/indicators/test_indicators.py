"""Figures by real keys: down to the sign-in row, targets, what cannot be computed, then and now."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.screens.indicators import charting
from learnsite_desktop.ui.screens.indicators.view import View
from learnsite_desktop.ui.screens.roll_call.view import View as RollCall
from tests.desks import Desk
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

NOW = "2026-04-20T09:00:00+08:00"
COUNTY, STREET, EMPTY = "410122000000", "410122003000", "410122001000"
Computer = Callable[[str], Path]


def screen(window: MainWindow) -> View:
    """Return the screen of figures."""
    found = window.current()
    assert isinstance(found, View)
    return found


@pytest.fixture
def county(computer_of: Computer) -> Path:
    """The county's computer of the demonstration."""
    return computer_of(COUNTY)


def opened(
    qtbot: QtBot, open_window: OpenWindow, folder: Path, key: str = "Alt+5"
) -> tuple[MainWindow, Keys, View]:
    """Open the figures."""
    window = open_window(folder, now=NOW)
    keys = Keys(qtbot, window)
    keys.press(key)
    idle(qtbot, window)
    return window, keys, screen(window)


def go_to(view: View, unit: str, key: str) -> None:
    """Make a figure current, as the arrow keys would."""
    model = view.figures.model
    view.figures.grid.setCurrentIndex(model.index(model.row_of(unit), model.column_of(key)))


def asked(folder: Path, *words: str | Path) -> list[dict[str, object]]:
    """Return the values that the command line gives."""
    desk = Desk(folder, COUNTY)
    desk.now = NOW
    values: list[dict[str, object]] = desk(*words)["values"]
    return values


def test_the_table_has_the_unit_and_those_below_with_the_figures_of_the_command(
    qtbot: QtBot, county: Path, open_window: OpenWindow
) -> None:
    window, _keys, view = opened(qtbot, open_window, county)
    model = view.figures.model
    assert view.figures.ask.period == "2026-03"
    assert model.rows[0].unit == COUNTY
    assert [row.unit for row in model.rows[1:]] == sorted(row.unit for row in model.rows[1:])
    assert len(model.rows) == 18
    shown = {
        (row.unit, name): (value["numerator"], value["denominator"], value["missing"])
        for row in model.rows
        for name, value in row.figures.items()
    }
    window.close()
    told = asked(county, "indicators", "--period", "2026-03", "--unit", COUNTY, "--children")
    assert shown == {
        (one["unit"], one["id"]): (one["numerator"], one["denominator"], one["missing"])
        for one in told
    }


def test_three_keys_from_a_figure_to_the_row_of_the_sign_in_sheet(
    qtbot: QtBot, county: Path, open_window: OpenWindow
) -> None:
    window, keys, view = opened(qtbot, open_window, county)
    go_to(view, STREET, "S07")
    begun = keys.count
    keys.press("Return")
    idle(qtbot, window)
    page = view.drilling.page
    first = page.list.current()
    assert first is not None
    assert page.model.total == view.figures.model.rows[3].figures["S07"]["numerator"]
    keys.press("Return")
    idle(qtbot, window)
    assert keys.count - begun <= 3
    roll = window.current()
    assert isinstance(roll, RollCall)
    line = roll._model.line(roll._grid.currentIndex().row())
    assert line is not None
    assert line.person.learner == first["learner"]
    assert roll.hasFocus() or roll._grid.hasFocus()
    # Another unit's sheet is only read: a key that marks says so and marks nothing.
    assert roll.reading
    before = line.mark
    keys.press("A")
    idle(qtbot, window)
    again = roll._model.line(roll._grid.currentIndex().row())
    assert again is not None
    assert again.mark == before
    assert window.feedback.text
    keys.press("Escape")
    keys.press("Escape")
    idle(qtbot, window)
    assert screen(window).pages.currentWidget() is view.drilling.page
    assert page.list.current() == first
    keys.press("Escape")
    assert view.pages.currentWidget() is view.figures
    assert view.figures.grid.hasFocus()


def test_the_other_part_of_a_ratio_and_what_is_left_out(
    qtbot: QtBot, county: Path, open_window: OpenWindow
) -> None:
    window, keys, view = opened(qtbot, open_window, county)
    go_to(view, STREET, "S02")
    keys.press("Return")
    idle(qtbot, window)
    page = view.drilling.page
    value = view.figures.model.rows[3].figures["S01"]
    assert str(value["headcount"]) in page.left_out.text()
    keys.press("Escape")
    go_to(view, STREET, "S07")
    keys.press("Return")
    idle(qtbot, window)
    keys.press("F3")
    idle(qtbot, window)
    counted = {id(row): row["contribution"] for row in page.model.rows}
    while len(page.model.rows) < page.model.total:
        page.model.fetchMore(page.list.rootIndex())
        idle(qtbot, window)
    counted = {number: row["contribution"] for number, row in enumerate(page.model.rows)}
    assert sum(counted.values()) == view.figures.model.rows[3].figures["S07"]["denominator"]


def test_enter_goes_down_the_tree_and_esc_comes_back(
    qtbot: QtBot, county: Path, open_window: OpenWindow
) -> None:
    window, keys, view = opened(qtbot, open_window, county)
    assert view.figures.grid.hasFocus()
    keys.press("Down", times=3)
    keys.press("Return")
    idle(qtbot, window)
    assert view.figures.ask.unit == STREET
    assert view.figures.model.rows[0].unit == STREET
    keys.press("Escape")
    idle(qtbot, window)
    assert view.figures.ask.unit == COUNTY
    assert view.figures.grid.currentIndex().row() == view.figures.model.row_of(STREET)
    keys.press("Escape")
    assert window.current() is not view


def test_a_figure_without_its_ground_says_what_is_missing(
    qtbot: QtBot, county: Path, open_window: OpenWindow
) -> None:
    _window, _keys, view = opened(qtbot, open_window, county)
    go_to(view, EMPTY, "S07")
    here = view.figures.grid.currentIndex()
    assert here.data() == "不可计算"
    assert "不可计算：没有参与人次" in view.figures.said.title.text()


def test_targets_are_issued_and_every_figure_gets_its_light(
    qtbot: QtBot, county: Path, open_window: OpenWindow
) -> None:
    window, keys, view = opened(qtbot, open_window, county)
    go_to(view, STREET, "S07")
    assert view.figures.model.rows[3].figures["S07"]["target"] is None
    keys.press("F10")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    value = view.figures.model.rows[3].figures["S07"]
    assert (value["target"]["value"], value["light"]) == ("80", "missed")
    assert "未达标" in view.figures.said.target.text()
    assert "80" in view.figures.said.target.text()
    assert view.figures.model.rows[0].figures["D01"]["light"] in {"met", "missed"}
    # By a month the yearly target of P01 says nothing; what has no target has no light.
    assert view.figures.model.rows[0].figures["S01"]["light"] == ""
    keys.press("F8")
    assert view.figures.grid.currentIndex().row() != 3


def test_every_column_every_chart_and_both_ways_of_counting(
    qtbot: QtBot, county: Path, open_window: OpenWindow, tmp_path: Path
) -> None:
    window, keys, view = opened(qtbot, open_window, county)
    go_to(view, STREET, "S01")
    page = view.figures
    kinds = []
    for _time in range(5):
        keys.press("F5")
        idle(qtbot, window)
        kinds.append(page.drawing.kind)
        chart = page.drawing.chart.chart
        assert chart is not None
        assert chart.labels
        view.figures.drawing.write_to(tmp_path / f"{page.drawing.kind}.svg")
        assert (tmp_path / f"{page.drawing.kind}.svg").stat().st_size > 1000
    assert kinds == [one for one in charting.KINDS if one]
    keys.press("F5")
    assert page.drawing.isHidden()
    keys.press("F3")
    idle(qtbot, window)
    assert [column.key for column in page.model.columns][-3:] == ["2026-01", "2026-02", "2026-03"]
    assert page.model.columns[page.grid.currentIndex().column() - 1].key == "2026-03"
    keys.press("F3")
    idle(qtbot, window)
    row = page.model.rows[0]
    cells = [row.figures[column.key]["numerator"] for column in page.model.columns[1:]
             if column.key in row.figures]  # fmt: skip
    assert sum(cells) == row.figures["all"]["numerator"]
    keys.press("Shift+F4")
    idle(qtbot, window)
    assert page.ask.tree == "now"
    keys.press("Shift+F3")
    idle(qtbot, window)
    assert page.ask.basis == "approved"
    assert len(page.model.rows) == 18


def test_a_period_is_typed_and_the_former_table_is_dropped(
    qtbot: QtBot, county: Path, open_window: OpenWindow
) -> None:
    window, keys, view = opened(qtbot, open_window, county)
    keys.press("F4")
    keys.type("2026-Q1")
    keys.press("Return")
    keys.press("F4")
    keys.type("2026-01")
    keys.press("Return")
    idle(qtbot, window)
    page = view.figures
    assert page.ask.period == "2026-01"
    assert len(page.model.rows) == 18
    assert {value["period"] for row in page.model.rows for value in row.figures.values()} == {
        "2026-01"
    }


def test_the_spread_of_a_class_names_nobody_but_oneself(
    qtbot: QtBot, county: Path, open_window: OpenWindow
) -> None:
    window, keys, view = opened(qtbot, open_window, county)
    go_to(view, STREET, "N01")
    keys.press("F5", times=2)
    idle(qtbot, window)
    chart = view.figures.drawing.chart.chart
    assert chart is not None
    assert view.figures.drawing.kind == charting.SPREAD
    own, others = chart.series
    assert sum(value for value in own.values if value) == 1
    window.close()
    desk = Desk(county, COUNTY)
    desk.now = NOW
    told = desk("compare", "N01", "--period", "2026-03", "--unit", STREET)
    assert sum(value for value in others.values if value) == told["spread"]["count"] - 1
    assert {one["unit"] for one in told["values"]} >= {STREET}
    names = json.dumps(chart.labels, ensure_ascii=False)
    assert "街道" not in names


def test_the_township_has_its_villages(
    qtbot: QtBot, computer_of: Computer, open_window: OpenWindow
) -> None:
    window, keys, view = opened(qtbot, open_window, computer_of(STREET), key="Alt+8")
    assert view.figures.model.rows[0].unit == STREET
    assert len(view.figures.model.rows) > 5
    assert all(row.leaf for row in view.figures.model.rows[1:])
    keys.press("Down")
    keys.press("Return")
    idle(qtbot, window)
    assert view.figures.ask.unit == STREET
