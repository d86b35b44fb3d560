"""Figures of units below that reported nothing, apart from those that had nothing to report."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.desks import SISTER, TOWNSHIP, VILLAGE, Line, small_class

MARCH = "2026-03"
OF_MARCH = ("--period", MARCH)
NEVER = "410122101207"
"""A village of the township for which no opening file was ever made."""


@pytest.fixture
def march(tmp_path: Path) -> Line:
    """A village with a class, one with nothing at all; April has begun, nothing is handed in."""
    line = Line(tmp_path)
    line.found()
    line.village.capture(small_class())
    line.enrol()
    return line


def told(line: Line, unit: str, *more: str) -> Any:
    """Return the township's answer for one figure of a unit."""
    (value,) = line.township("indicators", *OF_MARCH, "--unit", unit, "--id", "S01", *more)[
        "values"
    ]
    return value


def test_only_a_report_makes_a_zero_of_nothing(march: Line) -> None:
    before = told(march, SISTER)
    assert (before["value"], before["silent"]) == (0, True)
    assert before["handed_in"] == {"due": 1, "done": 0, "villages": 0, "own": 1}
    march.sister("submit", *OF_MARCH, "--zero", "农忙")
    march.carry(march.sister, march.township)
    after = told(march, SISTER)
    assert (after["value"], after["silent"]) == (0, False)
    assert after["handed_in"] == {"due": 1, "done": 1, "villages": 0, "own": 0}


def test_what_is_held_without_a_report_is_shown_and_marked(march: Line) -> None:
    value = told(march, VILLAGE)
    assert (value["value"], value["silent"]) == (2, False)
    assert value["handed_in"]["done"] == 0
    # The township's own figure holds the same, and lacks both villages.
    own = told(march, TOWNSHIP)
    assert (own["value"], own["silent"]) == (2, False)
    assert own["handed_in"] == {"due": 2, "done": 0, "villages": 2, "own": 0}
    march.sister("submit", *OF_MARCH, "--zero", "农忙")
    march.carry(march.sister, march.township)
    assert told(march, TOWNSHIP)["handed_in"] == {"due": 2, "done": 1, "villages": 1, "own": 0}


def test_a_unit_never_asked_says_nothing_and_owes_nothing(march: Line) -> None:
    value = told(march, NEVER)
    assert (value["value"], value["silent"]) == (0, True)
    assert value["handed_in"]["due"] == 0


def test_a_month_that_has_not_ended_owes_nothing(march: Line) -> None:
    words = ("indicators", "--period", "2026-04", "--unit", SISTER, "--id", "S01")
    (value,) = march.township(*words)["values"]
    assert (value["silent"], value["handed_in"]["due"]) == (False, 0)


def test_ones_own_figures_are_what_is_held(march: Line) -> None:
    (value,) = march.sister("indicators", *OF_MARCH, "--id", "S01")["values"]
    assert (value["value"], value["silent"]) == (0, False)


def test_the_workbook_and_the_class_say_so_too(march: Line, tmp_path: Path) -> None:
    march.sister("submit", *OF_MARCH, "--zero", "农忙")
    march.carry(march.sister, march.township)
    out = tmp_path / "figures.xlsx"
    march.township("report", "indicators", *OF_MARCH, "--out", out)
    book = load_workbook(out)
    said = {}
    for sheet in book.worksheets:
        unit = str(sheet["A2"].value or "").rpartition(" ")[2]
        rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "S01"]
        if unit.isdigit() and rows:
            said[unit] = rows[0][5]
    assert (said[VILLAGE], said[SISTER], said[NEVER]) == (2, 0, "未报")
    compared = march.township("compare", "S01", *OF_MARCH, "--unit", SISTER)
    told_units = {one["unit"]: one["silent"] for one in compared["values"]}
    assert (told_units[VILLAGE], told_units[SISTER], told_units[NEVER]) == (False, False, True)
    assert compared["spread"]["count"] == 2
    assert compared["spread"]["missing"] == len(told_units) - 2
    assert compared["own"] == {"lower": 0, "equal": 0, "higher": 1}


def test_how_far_reports_were_handed_in_is_a_result(march: Line) -> None:
    (value,) = march.township("indicators", *OF_MARCH, "--unit", VILLAGE, "--id", "D01")["values"]
    assert (value["value"], value["silent"]) == (0, False)
