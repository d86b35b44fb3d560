"""Templates: markers give way to values, rows repeat, formulas stay, and text is text."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.pagebreak import Break

from learnsite_desktop.reports.template import (
    Content,
    Sourced,
    TemplateError,
    fill,
    markers_of,
    open_template,
)
from learnsite_desktop.reports.workbook import Cell, ident


def filled(book: Workbook, path: Path, content: Content) -> tuple[Workbook, object]:
    """Save a template, fill it as the program does, read the result."""
    book.save(path)
    opened = open_template(path)
    result = fill(opened, content)
    opened.save(path)
    return load_workbook(path), result


def test_rows_repeat_and_what_stands_below_moves(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "{{unit}}，{{ period }}"
    sheet["A1"].font = Font(bold=True)
    sheet.merge_cells("A1:B1")
    sheet["A2"], sheet["B2"] = "{{rows.name}}", "{{rows.count}}"
    sheet["B2"].number_format = "0.000"
    sheet["A3"], sheet["B3"] = "合计", "=SUM(1,2)"
    sheet.merge_cells("A4:B4")
    sheet["A4"] = "盖章"
    sheet.row_breaks.append(Break(id=3))
    sheet.print_area = "A1:B4"
    content = Content(
        facts={"unit": Cell("=中牟"), "period": ident("2026-03")},
        lists={
            "rows": [
                {"name": Cell("=cmd"), "count": Sourced(3, "#,##0", "S01")},
                {"name": ident("037100001234"), "count": Cell(None)},
            ]
        },
    )
    made, result = filled(book, tmp_path / "t.xlsx", content)
    out = made.worksheets[0]
    assert out["A1"].value == "=中牟，2026-03"
    assert out["A1"].data_type == "s"
    assert out["A1"].font.b
    assert [out[f"A{row}"].value for row in range(2, 6)] == ["=cmd", "037100001234", "合计", "盖章"]
    assert out["A2"].data_type == "s"
    assert out["A3"].number_format == "@"
    # The template's own format goes before the value's.
    assert (out["B2"].value, out["B2"].number_format) == (3, "0.000")
    assert out["B4"].value == "=SUM(1,2)"
    assert {str(one) for one in out.merged_cells.ranges} == {"A1:B1", "A5:B5"}
    assert [one.id for one in out.row_breaks.brk] == [4]
    assert out.print_area == "'Sheet'!$A$1:$B$5"
    (placed,) = result.placed  # type: ignore[attr-defined]
    assert (placed.sheet, placed.address, placed.value, placed.source) == ("Sheet", "B2", 3, "S01")


def test_an_empty_list_leaves_an_empty_row(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"], sheet["A3"] = "名称", "{{rows.name}}", "{{nobody}} 完"
    made, result = filled(book, tmp_path / "t.xlsx", Content(facts={}, lists={"rows": []}))
    out = made.worksheets[0]
    assert [out[f"A{row}"].value for row in (1, 2, 3)] == ["名称", None, " 完"]
    assert result.unknown == {"nobody"}  # type: ignore[attr-defined]


def test_a_row_is_as_high_as_its_text(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.column_dimensions["A"].width = 11
    for place in ("A1", "A2"):
        sheet[place].alignment = Alignment(wrap_text=True)
    sheet["A1"], sheet["A2"] = "{{short}}", "{{long}}"
    facts = {"short": Cell("中牟"), "long": Cell("很" * 20)}
    made, _result = filled(book, tmp_path / "t.xlsx", Content(facts=facts, lists={}))
    heights = [made.worksheets[0].row_dimensions[row].height for row in (1, 2)]
    assert heights[1] is not None
    assert heights[0] is not None
    # Four words of two widths each go into ten characters.
    assert heights[1] > 4 * (heights[0] - 3)


def test_markers_are_found_and_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "{{a}}{{ S01/age:60,70.last }}"
    book.save(tmp_path / "t.xlsx")
    assert markers_of(open_template(tmp_path / "t.xlsx")) == {"a", "S01/age:60,70.last"}
    for raw in (b"", b"PK\x03\x04", b"text"):
        (tmp_path / "b.xlsx").write_bytes(raw)
        with pytest.raises(TemplateError):
            open_template(tmp_path / "b.xlsx")
