"""Every nasty file is read as a careful person reads it."""

from pathlib import Path

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import roster
from tests.desks import VILLAGE, Desk
from tests.services.roster.books import encrypted, with_file_pass, xls, xlsx
from tests.services.roster.nasty import CASES, PLAIN, Case


def preview(founded: Path, path: Path, target: roster.Target | None = None) -> roster.Preview:
    table = roster.open_table(path)
    with Desk(founded / "alone", VILLAGE).open(write=False) as workspace:
        return roster.preview(workspace, table, target or roster.Target())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, founded: Path, tmp_path: Path) -> None:
    found = preview(founded, case.build(tmp_path))
    understood = [
        tuple(row.shown.get(name, "") for name in ("name", "sex", "birth", "mobile"))
        for row in found.rows
        if row.outcome == "created"
    ]
    faults = {(fault.sheet, fault.row, fault.column, fault.code) for fault in found.faults}
    assert sorted(understood) == sorted(case.people)
    assert faults == set(case.faults)
    assert tuple(row.row for row in found.skipped) == case.skipped
    assert set(case.notes) <= {note.code for note in found.notes}


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 20


def _broken(folder: Path) -> Path:
    path = xlsx(folder / "a.xlsx", {"a": PLAIN})
    path.write_bytes(path.read_bytes()[:900])
    return path


def _written(name: str, raw: bytes) -> object:
    def build(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(raw)
        return path

    return build


@pytest.mark.parametrize(
    ("code", "build"),
    [
        ("table_locked", lambda folder: encrypted(folder / "a.xlsx")),
        ("table_locked", lambda folder: with_file_pass(xls(folder / "a.xls", {"a": PLAIN}))),
        ("table_kind", _written("a.xls", b"<html><table><tr><td>1</td></tr></table></html>")),
        ("table_kind", _written("a.xlsx", b"PK\x03\x04 nothing else")),
        ("table_kind", _written("a.csv", bytes(range(256)) * 3)),
        ("table_kind", _broken),
        ("table_empty", _written("a.csv", b"")),
        ("table_empty", _written("a.csv", b"\r\n,,\r\n")),
        ("table_empty", lambda folder: xlsx(folder / "a.xlsx", {"a": []})),
        ("table_unreadable", lambda folder: folder / "missing.xlsx"),
        ("table_unreadable", lambda folder: folder),
        ("table_unreadable", _written("a.csv", b'a,b\n"never closed,1')),
    ],
)
def test_refused(code: str, build: object, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        roster.open_table(build(tmp_path))  # type: ignore[operator]
    assert caught.value.code == code


def test_rows_and_columns_are_those_that_excel_shows(founded: Path, tmp_path: Path) -> None:
    rows = [[], [], [None, None, "姓名", "性别"], [], [None, None, "张三、李四", "男"]]
    found = preview(founded, xlsx(tmp_path / "a.xlsx", {"一": rows}))
    assert [(fault.row, fault.column) for fault in found.faults] == [(5, "C")]


def test_a_wide_sheet_has_columns_of_two_letters(founded: Path, tmp_path: Path) -> None:
    rows = [[*[None] * 27, "姓名", "性别"], [*[None] * 27, "张三、李四", "男"]]
    found = preview(founded, xlsx(tmp_path / "a.xlsx", {"一": rows}))
    assert [(fault.row, fault.column) for fault in found.faults] == [(2, "AB")]


def test_chosen_sheets_only_even_hidden_ones(founded: Path, tmp_path: Path) -> None:
    def hide(book: object) -> None:
        book.worksheets[1].sheet_state = "hidden"  # type: ignore[attr-defined]

    path = xlsx(tmp_path / "a.xlsx", {"甲": PLAIN[:2], "乙": [PLAIN[0], PLAIN[2]]}, hide)
    found = preview(founded, path, roster.Target(sheets=("乙",)))
    assert [row.shown["name"] for row in found.rows] == ["李秀英"]


def test_long_files_tell_where_hidden_rows_are(founded: Path, tmp_path: Path) -> None:
    def hide(book: object) -> None:
        for row in range(2, 40):
            book.worksheets[0].row_dimensions[row].hidden = True  # type: ignore[attr-defined]

    rows = [["姓名"], *([f"张{chr(0x4E00 + number)}"] for number in range(50))]
    found = preview(founded, xlsx(tmp_path / "a.xlsx", {"甲": rows}, hide))
    note = next(note for note in found.notes if note.code == "ROWS_HIDDEN")
    assert note.params["count"] == 38
