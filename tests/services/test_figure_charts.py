"""The charts of a report: what they show is what its sheets say."""

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.desks import SISTER, VILLAGE, Desk, Line, changed, small_class


def test_a_report_of_several_units_has_charts_that_refer_to_cells(
    enrolled: Line, tmp_path: Path
) -> None:
    for village in (enrolled.village, enrolled.sister):
        content = small_class(village.unit)
        if village.unit == SISTER:
            heads = {"total": 40, "basis": "counted"}
            content = changed(content, "sessions", 0, headcount=heads)
        village.capture(content)
        enrolled.carry(village, enrolled.township)
    out = tmp_path / "report.xlsx"
    words = ("report", "indicators", "--period", "2026-03", "--out", out)
    enrolled.township(*words)
    book = load_workbook(out)
    sheet: Any = book["图表"]
    assert book.sheetnames[-2] == "图表"
    assert len(sheet._charts) > 3
    first = next(cell.row for cell in sheet["A"] if cell.value == "S01 参与人次")
    near = sheet.iter_rows(min_row=first, max_row=first + 30, max_col=3, values_only=True)
    shown = {row[0]: row[1:] for row in near}
    units = {
        row[3]: row[1] for row in enrolled.township.rows("SELECT id, name, parent, code FROM unit")
    }
    assert shown[units[VILLAGE]] == (2, 0)
    assert shown[units[SISTER]] == (2, 40)
    # The same numbers stand in the unit's own sheet.
    own = {row[0]: row[6:8] for row in book[units[SISTER]].iter_rows(values_only=True)}
    assert own["S01"] == (2, 40)


def test_one_unit_alone_has_no_charts(village: Desk, tmp_path: Path) -> None:
    village.capture(small_class())
    out = tmp_path / "report.xlsx"
    village("report", "indicators", "--period", "2026-03", "--out", out)
    assert "图表" not in load_workbook(out).sheetnames
