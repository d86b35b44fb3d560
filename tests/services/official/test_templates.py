"""The templates shipped are those that the script draws."""

import runpy
from pathlib import Path

from openpyxl import load_workbook

ROOT = Path(__file__).resolve().parents[3]
A4 = 9


def test_the_templates_are_those_of_the_script() -> None:
    drawn = runpy.run_path(str(ROOT / "scripts" / "report_templates.py"))["books"]()
    shipped = {path.name: path for path in (ROOT / "resources" / "reports").glob("*.xlsx")}
    assert set(drawn) == set(shipped)
    for name, book in drawn.items():
        other = load_workbook(shipped[name])
        assert book.sheetnames == other.sheetnames
        for sheet in book:
            there = other[sheet.title]
            cells = {cell.coordinate: cell.value for row in sheet for cell in row if cell.value}
            found = {cell.coordinate: cell.value for row in there for cell in row if cell.value}
            assert cells == found, (name, sheet.title)
            assert there.page_setup.orientation == sheet.page_setup.orientation
            assert there.page_setup.paperSize == sheet.page_setup.paperSize == A4
            assert there.page_setup.fitToWidth == 1
            fitting = there.sheet_properties.pageSetUpPr
            assert fitting is not None
            assert fitting.fitToPage
