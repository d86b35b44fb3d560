"""Workbooks: whatever people typed stays text and stays visible."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from learnsite_desktop.reports.cells import CUT_MARK, MAX_UNITS, acts, printable, stored
from learnsite_desktop.reports.workbook import Cell, Sheet, ident, write_workbook

MADE = datetime.fromisoformat("2026-04-20T09:00:00+08:00")
STARTERS = ["=1+1", "+86", "-5", "@cmd", "\t=1", "\r=1", "=HYPERLINK(1)", "＝1", "'=1", "=\x01"]


def written(*texts: str, title: str = "表") -> list[Any]:
    """Write texts as one column and read the cells back."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        rows = [[Cell(text)] for text in texts]
        sheet = Sheet(title=title, heading=(), columns=("列",), rows=rows)
        assert write_workbook(path, [sheet], title=title, made=MADE) == len(rows) + 1
        read = load_workbook(path)
        target = read[read.sheetnames[0]]
        return [target.cell(row=number + 2, column=1) for number in range(len(texts))]


@given(st.text(st.characters(), min_size=1, max_size=40))
@example("=1+1")
@example("\t=cmd")
@example("\x00\x1f\x7f\ud800\uffff")
@example("  两端空格  ")
@example("a\r\nb\rc")
@example("_x0041_ _x005F_")
@example("1e5")
@example("2026-03-01")
@example("#REF!")
@example("TRUE")
def test_text_stays_text_and_comes_back(text: str) -> None:
    (cell,) = written(text)
    assert cell.value == stored(printable(text))
    assert cell.data_type == "s"


@pytest.mark.parametrize("text", STARTERS)
def test_what_might_act_is_marked_as_quoted(text: str) -> None:
    (cell,) = written(text)
    assert cell.data_type != "f"
    assert bool(cell.quotePrefix) == acts(printable(text))


def test_the_starters_act_and_plain_words_do_not() -> None:
    assert all(acts(text) for text in STARTERS if not text.startswith(("'", "\r")))
    assert not any(acts(text) for text in ("张三", "a=b", "1-2", ""))


def test_no_file_holds_a_formula_element(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    sheet = Sheet(
        title="=1", heading=("=1",), columns=("=1",), rows=[[Cell(text)] for text in STARTERS]
    )
    write_workbook(path, [sheet], title="=1", made=MADE)
    for row in load_workbook(path).worksheets[0].iter_rows():
        assert all(cell.data_type in {"s", "n"} for cell in row)
        assert all(not isinstance(cell.value, (int, float)) for cell in row)


def test_control_characters_become_pictures() -> None:
    assert printable("a\x00b\x1bc\x7f\rd") == "a␀b␛c␡␍d"
    assert printable("a\r\nb\tc") == "a\nb\tc"
    assert printable("\ud83d!") == "\ufffd!"


@pytest.mark.parametrize("character", ["长", "𡐓"])
def test_long_text_is_cut_where_it_can_be_seen(character: str) -> None:
    (cell,) = written(character * 40_000)
    assert cell.value.endswith(CUT_MARK)
    assert len(cell.value.encode("utf-16-le")) // 2 in {MAX_UNITS, MAX_UNITS - 1}
    assert set(cell.value.removesuffix(CUT_MARK)) == {character}
    exact = "a" * MAX_UNITS
    assert written(exact)[0].value == exact


def test_ids_are_text_cells_and_numbers_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    row = [ident("410122101205"), ident("014400000101"), Cell(7, "0"), Cell(0.25, "0.00%")]
    sheet = Sheet(title="a", heading=(), columns=("a", "b", "c", "d"), rows=[[*row, Cell(None)]])
    assert write_workbook(path, [sheet], title="t", made=MADE) == 8
    read = load_workbook(path)["a"]
    assert [(cell.value, cell.number_format) for cell in read[2]] == [
        ("410122101205", "@"),
        ("014400000101", "@"),
        (7, "0"),
        (0.25, "0.00%"),
    ]


def test_sheet_titles_fit_and_differ(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    titles = ["a/b:c*?[]\\", "村" * 40, "村" * 40, "Same", "same", "''", ""]
    sheets = [Sheet(title=title, heading=(), columns=("x",), rows=[]) for title in titles]
    write_workbook(path, sheets, title="t", made=MADE)
    names = load_workbook(path).sheetnames
    assert len({name.casefold() for name in names}) == len(titles)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "folder.xlsx"
    target.mkdir()
    sheet = Sheet(title="a", heading=(), columns=("x",), rows=[])
    with pytest.raises(OSError, match=r"folder\.xlsx"):
        write_workbook(target, [sheet], title="t", made=MADE)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.xlsx"]
