"""What stands in a register book that is given out."""

import zipfile
from pathlib import Path

from openpyxl.utils import get_column_letter

from tests.desks import SISTER, VILLAGE, Line, changed, learner, small_class
from tests.services.register_book.filling import Filled


def test_names_are_there_and_private_values_are_masked(line: Line, tmp_path: Path) -> None:
    people = [learner("l1", "周桂兰", mobile="13812345678", address="荣庄三组 17 号")]
    line.village.capture({"v": 1, "source": "desk", "unit": VILLAGE, "learners": people})
    line.carry(line.village, line.township)
    path = tmp_path / "b.xlsx"
    line.township("register", "issue", VILLAGE, "--out", path)
    book = Filled(path)
    assert sorted(book.named()) == ["吴建国", "周桂兰", "郑秀英"]
    assert "13812345678" not in everything(path)
    assert "17 号" not in everything(path)
    refusal = line.township.refuses("register", "issue", VILLAGE, "--out", path, "--reveal")
    assert refusal == "reveal_reason_missing"
    told = ("--reveal", "--why", "村里核对电话")
    refusal = line.township.refuses("register", "issue", VILLAGE, "--out", path, *told)
    assert refusal == "file_exists", "it may be filled"
    path = tmp_path / "c.xlsx"
    line.township("register", "issue", VILLAGE, "--out", path, *told)
    assert "13812345678" in everything(path)
    noted = line.township("learner", "reveals")["reveals"][0]["what"]
    assert (noted["why"], noted["unit"]) == ("村里核对电话", VILLAGE)


def everything(path: Path) -> str:
    """Return all of a workbook's parts, unpacked."""
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_nothing_in_it_can_act(line: Line, tmp_path: Path) -> None:
    people = [learner("l1", "=HYPERLINK(1)"), learner("l9", "+cmd|' /C calc'!A0")]
    content = changed(small_class(), "activities", 0, title="=1+1")
    line.village.capture({**content, "learners": [*content["learners"][1:], *people]})
    line.carry(line.village, line.township)
    path = tmp_path / "b.xlsx"
    line.township("register", "issue", VILLAGE, "--out", path)
    book = Filled(path)
    assert "=1+1" in book.titles()
    for sheet in book.book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]


def test_every_cell_to_fill_in_is_text(line: Line, book: Filled) -> None:
    for title in ("学员", "活动"):
        sheet = book.book[title]
        for row in sheet.iter_rows(min_row=5, min_col=2, max_col=len(book.columns(title)) + 1):
            assert {cell.number_format for cell in row} == {"@"}
    del line


def test_lists_to_choose_from_are_the_codes_in_force(book: Filled) -> None:
    offers = {
        str(offer.sqref): offer.formula1
        for offer in book.book["学员"].data_validations.dataValidation
    }
    sex = get_column_letter(book.columns("学员")["性别"])
    formula = next(text for place, text in offers.items() if place.startswith(f"{sex}5:"))
    sheet, area = formula.replace("$", "").replace("'", "").split("!")
    words = [cell.value for row in book.book[sheet][area] for cell in row]
    assert words == ["男", "女", "未知"]


def test_an_empty_village_gets_blank_rows(line: Line, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    answer = line.township("register", "issue", SISTER, "--out", folder, "--rows", "7")
    assert (answer["learners"], answer["activities"]) == (0, 0)
    book = Filled(Path(answer["path"]))
    assert sum(1 for _row in book.rows("学员", "姓名")) == 7
    again = line.township("register", "issue", SISTER, "--out", folder)
    assert again["path"] != answer["path"]
    assert line.township.refuses("register", "issue", SISTER, "--out", folder, "--rows", "0")


def test_the_period_decides_what_is_in_it(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    answer = line.township("register", "issue", VILLAGE, "--out", path, "--period", "2025")
    assert (answer["sessions"], answer["learners"]) == (0, 3)
    assert line.township.refuses("register", "issue", VILLAGE, "--out", path, "--period", "2025-13")
