"""Reports by real keys: a department's set, a look before, official cells, a number's origin."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import COUNTY, Desk
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

NOW = "2026-04-08T10:00:00+08:00"
PERIOD = ("--period", "2026-Q1")


@pytest.fixture
def county(computer_of: Callable[[str], Path]) -> Path:
    return computer_of(COUNTY)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The folder that reports go into."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def shown(window: MainWindow) -> Any:
    """Return the screen of reports, which must be the one shown."""
    view = window.current()
    assert type(view).__module__.endswith("reports.view")
    return view


def at_reports(
    open_window: OpenWindow, qtbot: QtBot, folder: Path, place: Path
) -> tuple[MainWindow, Keys]:
    """Return a window at the screen of reports and its keyboard."""
    window = open_window(folder, NOW)
    assert window.desk is not None
    window.desk.preferences.setValue("reports_folder", str(place))
    window.desk.go("reports")
    qtbot.waitUntil(shown(window).list.hasFocus)
    return window, Keys(qtbot, window)


def test_the_whole_set_of_a_department_is_one_key(
    open_window: OpenWindow, qtbot: QtBot, county: Path, place: Path
) -> None:
    window, keys = at_reports(open_window, qtbot, county, place)
    keys.press("Return")
    idle(qtbot, window)
    assert keys.count == 1
    (folder,) = place.iterdir()
    assert len(list(folder.glob("*.xlsx"))) == 6
    assert str(folder) in window.feedback.text
    # What was written is what the command counts.
    (path,) = folder.glob("*社区教育统计表*")
    printed = {row[1]: row[4] for row in load_workbook(path)["统计表"].iter_rows(values_only=True)}
    counted = Desk(county, COUNTY, NOW)("indicators", *PERIOD)["values"]
    for value in counted:
        if value["id"] in printed and value["value"] is not None:
            assert printed[value["id"]] == pytest.approx(value["value"])


def test_a_look_comes_before_writing(
    open_window: OpenWindow, qtbot: QtBot, county: Path, place: Path
) -> None:
    window, keys = at_reports(open_window, qtbot, county, place)
    keys.press("Down")
    keys.press("F5")
    idle(qtbot, window)
    view = shown(window)
    assert view.look.isVisible()
    rows = {row.cells[0]: row.cells for row in view.look.rows.rows()}
    s01 = Desk(county, COUNTY, NOW)("indicators", *PERIOD, "--id", "S01")["values"][0]["value"]
    assert rows["参与人次"][1] == f"{s01:,}"
    assert "经费" in rows["经费投入总额"][4]
    assert list(place.iterdir()) == []
    keys.press("Esc")
    assert view.list.hasFocus()
    assert view.list.current().key == "community"
    keys.press("F5")
    idle(qtbot, window)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert [path.name for path in place.iterdir()] == ["中牟县_社区教育统计表_2026-Q1.xlsx"]


def test_official_cells_are_filled_in_by_enter(
    open_window: OpenWindow, qtbot: QtBot, county: Path, place: Path
) -> None:
    window, keys = at_reports(open_window, qtbot, county, place)
    keys.press("Down")
    keys.press("F4")
    keys.ime("教统1表", keys=6)
    for _field in range(6):
        keys.press("Return")
    keys.type("037160001234")
    keys.press("Return")
    idle(qtbot, window)
    assert shown(window).list.hasFocus()
    cells = Desk(county, COUNTY, NOW)("statutory", "--report", "community")["cells"]
    assert (cells["table_no"], cells["phone"]) == ("教统1表", "037160001234")
    keys.press("F4")
    keys.type("9")
    keys.press("Esc")
    assert shown(window).list.hasFocus()
    assert Desk(county, COUNTY, NOW)("statutory", "--report", "community")["cells"] == cells


def test_a_number_leads_to_its_figure(
    open_window: OpenWindow, qtbot: QtBot, county: Path, place: Path
) -> None:
    window, keys = at_reports(open_window, qtbot, county, place)
    keys.press("Down")
    keys.press("Return")
    idle(qtbot, window)
    s01 = Desk(county, COUNTY, NOW)("indicators", *PERIOD, "--id", "S01")["values"][0]["value"]
    keys.press("F3")
    keys.press("Return")
    keys.type(f"{s01:,}")
    idle(qtbot, window)
    view = shown(window)
    rows = view.past.numbers.rows.rows()
    assert rows[0].what.id == "S01"
    assert {row.cells[2] for row in rows} == {"参与人次", "参与人次 · 分子", "实名率 · 分母"}
    keys.press("Return")
    keys.press("Return")
    idle(qtbot, window)
    other: Any = window.current()
    assert type(other).__module__.endswith("indicators.view")
    assert (other.figures.ask.period, other.figures.ask.unit) == ("2026-Q1", COUNTY)
    assert other.figures.figure()["id"] == "S01"
    assert other.figures.figure()["value"] == s01


def test_a_table_that_is_there_is_refused_in_words(
    open_window: OpenWindow, qtbot: QtBot, county: Path, place: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    asked = tmp_path / "老年人学习情况.csv"
    asked.write_text("序号,姓名,性别,出生年月,联系电话\n", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(asked), ""))
    window, keys = at_reports(open_window, qtbot, county, place)
    keys.press("F7")
    keys.press("Ctrl+S")
    keys.type("mca")
    keys.press("Return")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "班级名册" in window.feedback.text
    asked.write_text("姓名,学习意愿\n", encoding="utf-8")
    keys.press("Ctrl+S")
    keys.type("mca")
    keys.press("Return")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    tables = Desk(county, COUNTY, NOW)("tables")["tables"]
    assert [row["name"] for row in tables if row["origin"] == "request"] == ["老年人学习情况"]
    rows = shown(window).tables.page.rows
    assert rows.current().cells[0] == "老年人学习情况"
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    tables = Desk(county, COUNTY, NOW)("tables")["tables"]
    assert [row for row in tables if row["origin"] == "request"] == []


def test_open_data_goes_into_the_folder(
    open_window: OpenWindow, qtbot: QtBot, county: Path, place: Path
) -> None:
    window, keys = at_reports(open_window, qtbot, county, place)
    keys.press("F6")
    idle(qtbot, window)
    (folder,) = place.iterdir()
    names = {path.name for path in folder.iterdir()}
    assert {"datapackage.json", "figures.csv", "dataValueSets.json"} <= names


def test_a_folder_that_is_gone_is_said_plainly(
    open_window: OpenWindow, qtbot: QtBot, county: Path, place: Path,
) -> None:  # fmt: skip
    (place / "中牟县_教育_2026-Q1").write_text("a file in the way", encoding="utf-8")
    window, keys = at_reports(open_window, qtbot, county, place)
    keys.press("Return")
    idle(qtbot, window)
    assert window.feedback.text
    assert "已写出" not in window.feedback.text
