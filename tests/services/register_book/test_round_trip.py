"""A register book goes out, is filled in, comes back, and comes back again: nothing is doubled."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from tests.desks import COUNTY, SISTER, TOWNSHIP, VILLAGE, Desk, Line
from tests.services.register_book.filling import Filled

SAVED_BY_LIBREOFFICE = Path(__file__).parent / "saved_by_libreoffice.xlsx"
NOTHING = {"learner": 0, "activity": 0, "session": 0, "enrolment": 0, "mark": 0}


def fill(book: Filled) -> Filled:
    """Fill a book in as for a month: two new people, a lecture, a new class, roll calls."""
    book.learner("钱多多", 出生年月="1960-05-06", 电话="13812345678", 文化程度="初中",
                 人群类别="农民", 住址="荣庄三组")  # fmt: skip
    book.learner("孙国强", 性别="男", 出生年月="1952.3")
    book.correct("吴建国", 电话="13912345678")
    book.activity("防诈骗讲座", 单次活动日期="2026-03-20", 开始="15:00", 结束="16:30", 人数="42")
    book.activity("太极拳班", 活动类别="班级课程", 学习内容="太极拳")
    book.mark("书法班", "周桂兰", "2026-03-10", "到")
    book.mark("书法班", "钱多多", "2026-03-10", "√")
    book.mark("书法班", "郑秀英", "2026-03-03", "请假")
    book.mark("书法班", "吴建国", "2026-03-03", "到")
    book.mark("太极拳班", "周桂兰", "2026-03-11", "到")
    book.mark("太极拳班", "孙国强", "2026-03-11", "迟到")
    return book


def read(desk: Desk, path: Path, *more: str, code: int = 0) -> Any:
    return desk("register", "read", path, *more, code=code)


def marks(desk: Desk) -> int:
    sessions = desk("list", "session")["records"]
    return sum(len(desk("show", one["id"])["record"].get("rows") or ()) for one in sessions)


def held(desk: Desk) -> dict[str, int]:
    """Count what a desk holds, as its commands tell it."""
    kinds = ("learner", "activity", "session")
    return {**{kind: desk("list", kind)["total"] for kind in kinds}, "mark": marks(desk)}


def told(book: Filled) -> dict[str, int]:
    """Count what a book says, by hand."""
    return {
        "learner": len(book.named()),
        "activity": len(book.titles()),
        "session": book.dated(),
        "mark": book.marked(),
    }


def codes(answer: Any) -> list[str]:
    return [fault["code"] for fault in answer["faults"]]


def person(desk: Desk, name: str) -> Any:
    found = desk("learner", "list", "--reveal")["learners"]
    return next(one for one in found if one["name"] == name)


# -- there and back


def test_what_the_book_says_is_what_is_held(line: Line, book: Filled) -> None:
    assert told(book) == held(line.township)
    path = fill(book).save()
    answer = read(line.township, path)
    assert answer["created"] == {
        "learner": 2, "activity": 2, "session": 3, "enrolment": 3, "mark": 5
    }  # fmt: skip
    assert answer["updated"] == {
        "learner": 1,
        "activity": 0,
        "session": 1,
        "enrolment": 0,
        "mark": 1,
    }
    assert told(book) == held(line.township)
    assert person(line.township, "吴建国")["mobile"] == "13912345678"
    assert person(line.township, "钱多多")["unit"] == VILLAGE
    assert line.township.is_sound()


def test_the_same_book_again_writes_nothing(line: Line, book: Filled) -> None:
    path = fill(book).save()
    read(line.township, path)
    before = line.township.lines()
    for again in (path, book.save(path.with_name("renamed.xlsx"))):
        answer = read(line.township, again)
        assert (answer["created"], answer["updated"]) == (NOTHING, NOTHING)
        assert (answer["faults"], answer["operations"]) == ([], 0)
    assert line.township.lines() == before


def test_a_corrected_book_changes_the_same_records(line: Line, book: Filled) -> None:
    read(line.township, fill(book).save())
    known = {one["id"] for one in line.township("list", "learner")["records"]}
    book.correct("钱多多", 姓名="钱朵朵", 电话="13812345679")
    book.correct("周桂兰", 出生年月="1956.4.10")
    book.mark("书法班", "周桂兰", "2026-03-10", "迟到")
    book.write("活动", book.row_of("活动", "活动名称", "防诈骗讲座"), 人数="45")
    answer = read(line.township, book.save())
    assert answer["created"] == NOTHING
    assert answer["updated"] == {
        "learner": 2,
        "activity": 0,
        "session": 2,
        "enrolment": 0,
        "mark": 1,
    }
    assert {one["id"] for one in line.township("list", "learner")["records"]} == known
    assert person(line.township, "钱朵朵")["mobile"] == "13812345679"
    assert told(book) == held(line.township)


def test_taken_back_as_one_change_and_taken_again(line: Line, book: Filled) -> None:
    before = held(line.township)
    path = fill(book).save()
    change = read(line.township, path)["change"]
    line.township("undo", str(change))
    assert held(line.township) == before
    answer = read(line.township, path)
    assert (answer["faults"], answer["created"]["learner"]) == ([], 2)
    assert told(book) == held(line.township)


def test_looking_writes_nothing(line: Line, book: Filled) -> None:
    path = fill(book).save()
    before = line.township.dump()
    assert read(line.township, path, "--dry-run")["created"]["learner"] == 2
    assert line.township.dump() == before


def test_each_value_tells_where_it_came_from(line: Line, book: Filled) -> None:
    row = book.learner("钱多多")
    answer = read(line.township, book.save(book.path.with_name("三月.xlsx")))
    found = person(line.township, "钱多多")["id"]
    history = line.township.history(found)
    assert [entry["unit"] for entry in history] == [TOWNSHIP]
    assert history[0]["why"] == f"代录：登记簿 {answer['register']}，学员第{row}行，三月.xlsx"
    assert history[0]["at"]


def test_up_to_the_county_and_down_to_a_computer_of_the_village(line: Line, book: Filled) -> None:
    read(line.township, fill(book).save())
    assert line.carry(line.township, line.county)["outcome"] == "received"
    assert line.county("list", "learner", "--unit", VILLAGE)["total"] == 5
    line.carry(line.township, line.village)
    assert line.village.state(VILLAGE) == line.township.state(VILLAGE)
    # The county does not hold the names: it cannot tell, and writes nothing.
    answer = read(line.county, book.path, code=1)
    assert set(codes(answer)) == {"REGISTER_NOT_HELD"}
    assert (answer["created"], answer["operations"]) == (NOTHING, 0)


def test_two_computers_that_read_one_book_make_the_same_records(line: Line, book: Filled) -> None:
    """The ids come from the book: what its readers write meets in the same records."""
    line.carry(line.township, line.county)
    path = fill(book).save()
    read(line.township, path)
    read(line.county, path)
    line.carry(line.township, line.county)
    assert held(line.county) == told(book)


def test_saved_by_libreoffice(line: Line) -> None:
    """A book that LibreOffice opened and saved: hidden rows and columns, texts and lists stand."""
    book = Filled(SAVED_BY_LIBREOFFICE)
    answer = read(line.township, SAVED_BY_LIBREOFFICE)
    assert (answer["faults"], answer["created"]["learner"]) == ([], 2)
    assert told(book) == held(line.township)
    assert read(line.township, SAVED_BY_LIBREOFFICE)["operations"] == 0
    assert [sheet.title for sheet in book.book if sheet.sheet_state != "visible"]
    assert book.book["学员"].column_dimensions["A"].hidden
    assert book.book["学员"].data_validations.dataValidation


def test_in_the_old_format_of_excel(line: Line) -> None:
    path = SAVED_BY_LIBREOFFICE.with_suffix(".xls")
    assert read(line.township, path)["created"]["learner"] == 2
    assert read(line.township, SAVED_BY_LIBREOFFICE)["operations"] == 0


NAMES = st.lists(
    st.text("王李张刘陈杨赵黄周吴梅兰竹菊", min_size=2, max_size=4),
    min_size=1,
    max_size=6,
    unique=True,
)
WORDS = st.sampled_from(["到", "迟到", "缺席", "√", "请假", None])


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(names=NAMES, words=st.lists(WORDS, min_size=6, max_size=6), turns=st.integers(1, 3))
def test_any_names_and_marks_any_number_of_times(
    founded: Path, tmp_path_factory: pytest.TempPathFactory, names: list[str],
    words: list[str | None], turns: int,
) -> None:  # fmt: skip
    place = tmp_path_factory.mktemp("any")
    shutil.copytree(founded, place / "line")
    desk = Line(place / "line").township
    path = place / "book.xlsx"
    desk("register", "issue", VILLAGE, "--out", path, "--period", "2026")
    book = Filled(path)
    for number, (name, word) in enumerate(zip(names, words, strict=False)):
        book.learner(name, 出生年月=f"{1940 + number}-01-02")
        book.mark("书法班", name, "2026-03-17", word)
    book.save()
    for _turn in range(turns):
        assert read(desk, path)["faults"] == []
        assert held(desk) == told(book)


# -- what is gone, copied, pasted, changed elsewhere


def test_a_row_taken_out_is_listed_and_not_deleted(line: Line, book: Filled) -> None:
    book.book["学员"].delete_rows(book.row_of("学员", "姓名", "郑秀英"))
    answer = read(line.township, book.save())
    assert [note["code"] for note in answer["notes"]] == ["REGISTER_ROW_GONE"]
    assert "郑秀英" in answer["notes"][0]["message"]
    assert (answer["operations"], line.township("list", "learner")["total"]) == (0, 3)


def test_an_emptied_row_counts_as_taken_out(line: Line, book: Filled) -> None:
    book.correct("郑秀英", 姓名=None, 性别=None, 出生年月=None)
    answer = read(line.township, book.save())
    assert [note["code"] for note in answer["notes"]] == ["REGISTER_ROW_GONE"]
    assert answer["operations"] == 0


@pytest.mark.parametrize("above", [True, False])
def test_a_copied_row_is_refused_by_its_cell(line: Line, book: Filled, above: bool) -> None:
    """Whichever of the two stands first: the one that was changed is not the known person."""
    sheet = book.book["学员"]
    known, blank = book.row_of("学员", "姓名", "郑秀英"), book.blank("学员", "姓名")
    for column in range(1, sheet.max_column + 1):
        sheet.cell(blank, column).value = sheet.cell(known, column).value
    changed = known if above else blank
    book.write("学员", changed, 姓名="郑小妹", 电话="13812345678")
    answer = read(line.township, book.save(), code=1)
    assert codes(answer) == ["REGISTER_ROW_COPIED"]
    fault = answer["faults"][0]
    assert (fault["sheet"], fault["row"], fault["column"]) == ("学员", changed, "C")
    assert {one["name"] for one in line.township("learner", "list", "--reveal")["learners"]} == {
        "周桂兰", "吴建国", "郑秀英"
    }  # fmt: skip


def test_a_row_of_another_register_is_refused(line: Line, book: Filled, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    line.township("register", "issue", SISTER, "--out", other)
    sheet, theirs = book.book["学员"], Filled(other).book["学员"]
    row = book.blank("学员", "姓名")
    sheet.cell(row, 1).value = theirs.cell(5, 1).value
    book.write("学员", row, 姓名="外村人")
    answer = read(line.township, book.save(), code=1)
    assert codes(answer) == ["REGISTER_ROW_FOREIGN"]
    assert answer["operations"] == 0


def test_a_row_put_in_is_known_by_name_sex_and_birth(line: Line, book: Filled) -> None:
    book.book["学员"].insert_rows(6)
    book.write("学员", 6, 姓名="钱多多", 性别="女", 出生年月="1960-05-06")
    path = book.save()
    assert read(line.township, path)["created"]["learner"] == 1
    assert read(line.township, path)["operations"] == 0


def test_somebody_known_written_into_a_blank_row(line: Line, book: Filled) -> None:
    book.learner("周桂兰", 出生年月="1956-04-09")
    answer = read(line.township, book.save())
    assert (answer["created"], answer["operations"]) == (NOTHING, 0)
    # A correction of that row may not make a second person out of it, nor overwrite the first.
    row = max(row for row, text in book.rows("学员", "姓名") if text == "周桂兰")
    book.write("学员", row, 姓名="周桂芳")
    answer = read(line.township, book.save(), code=1)
    assert codes(answer) == ["REGISTER_CHANGED"]
    assert line.township("list", "learner")["total"] == 3


def changed_in_the_village(line: Line, **values: str) -> str:
    found = person(line.village, "吴建国")["id"]
    line.village("edit", found, *(f"{name}={value}" for name, value in values.items()))
    line.carry(line.village, line.township)
    return str(found)


def test_changed_elsewhere_in_the_same_field_is_a_question(line: Line, book: Filled) -> None:
    changed_in_the_village(line, name="吴建军")
    row = book.correct("吴建国", 姓名="吴建果")
    path = book.save()
    answer = read(line.township, path, code=1)
    assert codes(answer) == ["REGISTER_CHANGED"]
    fault = answer["faults"][0]
    assert (fault["sheet"], fault["row"], fault["column"]) == ("学员", row, "C")
    assert "吴建军" in fault["message"]
    assert fault["candidates"] == ["file", "kept"]
    assert (answer["operations"], person(line.township, "吴建军")["sex"]) == (0, "M")
    kept = read(line.township, path, "--decide", f"学员!C{row}=kept")
    assert (kept["faults"], kept["operations"]) == ([], 0)
    assert read(line.township, path, "--decide", f"学员!C{row}=file")["updated"]["learner"] == 1
    assert person(line.township, "吴建果")


def test_changed_elsewhere_in_another_field_does_not_matter(line: Line, book: Filled) -> None:
    changed_in_the_village(line, name="吴建军")
    book.correct("吴建国", 电话="13912345678")
    assert read(line.township, book.save())["updated"]["learner"] == 1
    found = person(line.township, "吴建军")
    assert found["mobile"] == "13912345678"


def test_a_masked_phone_that_was_changed_elsewhere_is_a_question(
    line: Line, tmp_path: Path
) -> None:
    changed_in_the_village(line, mobile="13700000001")
    path = tmp_path / "masked.xlsx"
    line.township("register", "issue", VILLAGE, "--out", path)
    book = Filled(path)
    row = book.row_of("学员", "姓名", "吴建国")
    phone = book.book["学员"].cell(row, book.columns("学员")["电话"]).value
    assert phone == "137****0001"
    assert read(line.township, path)["operations"] == 0
    changed_in_the_village(line, mobile="13700000002")
    assert read(line.township, path)["operations"] == 0
    book.write("学员", row, 电话="13700000003")
    answer = read(line.township, book.save(), code=1)
    assert codes(answer) == ["REGISTER_CHANGED"]
    assert "13700000002" not in str(answer)


def test_an_older_copy_of_the_book_changes_nothing_back(line: Line, book: Filled) -> None:
    book.correct("吴建国", 姓名="吴建军")
    book.mark("书法班", "周桂兰", "2026-03-10", "到")
    older = book.save(book.path.with_name("older.xlsx"))
    read(line.township, older)
    book.correct("吴建军", 姓名="吴建果")
    book.mark("书法班", "周桂兰", "2026-03-10", "缺席")
    read(line.township, book.save())
    before = line.township.lines()
    answer = read(line.township, older, code=1)
    assert set(codes(answer)) == {"REGISTER_EARLIER"}
    assert line.township.lines() == before


def test_deleted_elsewhere(line: Line, book: Filled) -> None:
    found = person(line.village, "郑秀英")["id"]
    line.village("delete", found, "--why", "重复")
    line.carry(line.village, line.township)
    assert read(line.township, book.save())["operations"] == 0
    book.correct("郑秀英", 电话="13812345678")
    answer = read(line.township, book.save(), code=1)
    assert codes(answer) == ["REGISTER_RECORD_GONE"]
    assert line.township("list", "learner")["total"] == 2


# -- faults stand at their cells


WRONG = {
    "phone": (
        "学员",
        {"姓名": "钱多多", "性别": "女", "电话": "1381234"},
        "电话",
        "MOBILE_INVALID",
    ),
    "no sex": ("学员", {"姓名": "钱多多"}, "性别", "REQUIRED_MISSING"),
    "group": ("学员", {"姓名": "钱多", "性别": "女", "人群类别": "仙"}, "人群类别", "WORD_UNKNOWN"),
    "kind": ("活动", {"活动名称": "会", "活动类别": "大会"}, "活动类别", "WORD_UNKNOWN"),
    "topic": ("活动", {"活动名称": "会", "活动类别": "讲座"}, "学习内容", "REQUIRED_MISSING"),
    "date": ("活动", {"活动名称": "会", "开班日期": "不知道"}, "开班日期", "DATE_UNCLEAR"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_fault_names_its_cell(line: Line, book: Filled, case: str) -> None:
    sheet, cells, heading, code = WRONG[case]
    row = book.write(sheet, book.blank(sheet, next(iter(cells))), **cells)
    copy = book.path.with_name("m.xlsx")
    answer = read(line.township, book.save(), "--faults", str(copy), code=1)
    column = book.columns(sheet)[heading]
    cell = book.book[sheet].cell(row, column)
    places = [(one["code"], one["sheet"], one["row"], one["column"]) for one in answer["faults"]]
    assert (code, sheet, row, get_column_letter(column)) in places
    assert answer["operations"] == 0
    marked = Filled(copy).book[sheet][cell.coordinate]
    assert marked.fill.start_color.rgb.endswith("FFC7CE")


def test_the_coloured_copy_can_be_corrected_and_handed_in(line: Line, book: Filled) -> None:
    row = book.learner("钱多多", 电话="1381234", 出生年月="1960-05-06")
    copy = book.path.with_name("copy.xlsx")
    read(line.township, book.save(), "--faults", str(copy), code=1)
    marked = Filled(copy)
    assert [sheet.title for sheet in marked.book if sheet.sheet_state != "visible"]
    assert marked.book["学员"].column_dimensions["A"].hidden
    marked.write("学员", row, 电话="13812345678")
    answer = read(line.township, marked.save())
    assert answer["created"]["learner"] == 1
    assert read(line.township, copy)["operations"] == 0


def test_marks_of_who_cannot_be_taken_wait_with_them(line: Line, book: Filled) -> None:
    row = book.learner("钱多多", 电话="1381234")
    place = book.mark("书法班", "钱多多", "2026-03-10", "到")
    book.mark("书法班", "周桂兰", "2026-03-10", "到")
    answer = read(line.township, book.save(), code=1)
    assert answer["created"]["mark"] == 1
    assert "REGISTER_LEARNER_LEFT" in codes(answer)
    book.write("学员", row, 电话="13812345678")
    assert read(line.township, book.save())["created"]["mark"] == 1
    assert place.startswith("到课1!")
    assert held(line.township) == told(book)


def test_names_that_stand_twice_want_their_number(line: Line, book: Filled) -> None:
    first = book.learner("钱多多", 出生年月="1960-05-06")
    book.learner("钱多多", 出生年月="1982-05-06")
    place = book.mark("书法班", "钱多多", "2026-03-10", "到")
    answer = read(line.township, book.save(), code=1)
    assert codes(answer) == ["REGISTER_NAME_SEVERAL"]
    number = book.book["学员"].cell(first, 2).value
    sheet, cell = place.split("!")
    book.book[sheet][f"C{cell[1:]}"] = f"钱多多{number}"
    answer = read(line.township, book.save())
    assert (answer["created"]["mark"], answer["faults"]) == (1, [])


def test_a_bad_session_keeps_its_marks_back(line: Line, book: Filled) -> None:
    column = book.session("书法班", "2026-03-10", "10:30", "09:00")
    book.mark("书法班", "周桂兰", "2026-03-10", "到")
    answer = read(line.township, book.save(), code=1)
    assert set(codes(answer)) == {"SESSION_END_NOT_AFTER_START", "REGISTER_SESSION_LEFT"}
    assert answer["operations"] == 0
    book.grid("书法班").cell(6, column).value = "11:30"
    assert read(line.township, book.save())["created"]["mark"] == 1


# -- refusals


def refused(desk: Desk, path: Path, *more: str) -> str:
    return desk.refuses("register", "read", path, *more)


def test_who_may_not_enter_for_the_unit(line: Line, book: Filled) -> None:
    path = fill(book).save()
    assert refused(line.sister, path) == "unit_not_below"
    assert refused(line.township, path, "--unit", SISTER) == "register_other_unit"
    assert line.sister.refuses("register", "issue", VILLAGE, "--out", path) == "unit_not_below"
    assert line.township.refuses("register", "issue", COUNTY, "--out", path) == "unit_not_below"


def test_the_village_reads_its_own_book(line: Line, book: Filled) -> None:
    answer = read(line.village, fill(book).save())
    assert answer["created"]["learner"] == 2
    found = person(line.village, "钱多多")["id"]
    assert line.village.history(found)[0]["why"].startswith("登记簿 ")


def test_books_that_cannot_be_read(line: Line, book: Filled, tmp_path: Path) -> None:
    path = fill(book).save()
    desk = line.township

    def spoilt(change: Any) -> str:
        other = Filled(path)
        change(other.book)
        return refused(desk, other.save(tmp_path / "spoilt.xlsx"))

    def older(found: Any) -> None:
        found["登记簿标识"]["B1"] = "0"

    def tampered(found: Any) -> None:
        found["登记簿标识"]["B3"] = SISTER

    def cut(found: Any) -> None:
        found["登记簿标识"].delete_rows(found["登记簿标识"].max_row)

    def gone(found: Any) -> None:
        del found["登记簿标识"]

    assert spoilt(older) == "register_version"
    assert spoilt(tampered) == spoilt(cut) == spoilt(gone) == "register_damaged"
    plain = tmp_path / "plain.csv"
    plain.write_text("姓名,性别\n王芳,女\n", encoding="utf-8")
    assert refused(desk, plain) == "register_foreign"
    locked = tmp_path / "web.xlsx"
    locked.write_text("<html>", encoding="utf-8")
    assert refused(desk, locked) == "table_kind"
    assert refused(desk, tmp_path / "nowhere.xlsx") == "table_unreadable"


def test_receiving_tells_a_register_from_a_bundle(line: Line, book: Filled) -> None:
    (row,) = line.township.receive(fill(book).save(), code=1)
    assert (row["outcome"], row["error"]["code"]) == ("refused", "register_not_bundle")
    assert line.township("list", "learner")["total"] == 3


def test_a_folder_of_files_tells_of_the_registers_in_it(line: Line, book: Filled) -> None:
    """Whoever empties a stick must learn that a register lies there: it is taken elsewhere."""
    stick = line.place / "registers"
    stick.mkdir()
    fill(book).save(stick / "登记簿.xlsx")
    shutil.copy(SAVED_BY_LIBREOFFICE.with_suffix(".xls"), stick / "旧.xls")
    for name in ("别的.xlsx", "别的.xls"):
        (stick / name).write_bytes(b"PK\3\4 nothing of ours")
    Workbook().save(stick / "名单.xlsx")
    line.carry(line.village, line.township)
    file = line.village.pack(TOWNSHIP, stick)
    (stick / "再一个").mkdir()
    fill(book).save(stick / "再一个" / "登记簿.xlsx")
    listed = line.township("inbox", stick)["files"]
    codes = {
        str(Path(row["path"]).relative_to(stick)): row["error"]["code"]
        for row in listed
        if row["file"] != file.name
    }
    assert codes.keys() == {"登记簿.xlsx", "旧.xls", str(Path("再一个", "登记簿.xlsx"))}
    assert set(codes.values()) == {"register_not_bundle"}
    line.township.now = "2026-04-02T10:05:00+08:00"
    answer = line.township("receive", "--from", stick)
    assert [Path(row["file"]).name for row in answer["bundles"]] == [file.name]
    left = [(row["file"], row["state"]) for row in answer["not_taken"]]
    assert sorted(left) == [("旧.xls", "refused"), *[("登记簿.xlsx", "refused")] * 2]
    # One that changes meanwhile is looked into anew.
    book.book.remove(book.book["登记簿标识"])
    for sheet in book.book:
        sheet["A1"] = None
    book.save(stick / "登记簿.xlsx")
    assert len(line.township("receive", "--from", stick)["not_taken"]) == 3


# -- what is seen was moved, the hidden numbers were not


def sort_what_is_seen(book: Filled, sheet: str, first: int, last: int, key: int) -> None:
    """Sort rows from column B on, as Excel does with a selection that leaves column A out."""
    cells = book.book[sheet]
    width = cells.max_column
    rows = [[cells.cell(row, c).value for c in range(2, width + 1)] for row in range(first, last)]
    rows.sort(key=lambda row: str(row[key - 2]))
    for row, values in enumerate(rows, start=first):
        for column, value in enumerate(values, start=2):
            cells.cell(row, column).value = value


def test_rows_sorted_without_their_numbers_make_nobody_another(line: Line, book: Filled) -> None:
    names = [text for row, text in book.rows("学员", "姓名") if text]
    assert names != sorted(names)
    sort_what_is_seen(book, "学员", 5, 8, 3)
    before = line.township.dump()
    answer = read(line.township, book.save(), code=1)
    assert set(codes(answer)) == {"REGISTER_ROW_MOVED"}
    assert answer["operations"] == 0
    assert line.township.dump()["op"] == before["op"]


def test_a_new_learner_sorted_among_the_known_takes_nobodys_row(line: Line, book: Filled) -> None:
    """Of a row that a new name was moved into, only its former name elsewhere tells."""
    book.learner("一新人", 出生年月="1960-05-06")
    sort_what_is_seen(book, "学员", 5, 9, 3)
    assert book.named()[0] == "一新人"
    answer = read(line.township, book.save(), code=1)
    assert set(codes(answer)) == {"REGISTER_ROW_MOVED"}
    assert (answer["updated"]["learner"], answer["created"]["learner"]) == (0, 0)


def test_cells_deleted_upwards_make_nobody_another(line: Line, book: Filled) -> None:
    cells = book.book["学员"]
    for row in (5, 6, 7):
        for column in range(2, cells.max_column + 1):
            cells.cell(row, column).value = cells.cell(row + 1, column).value
    answer = read(line.township, book.save(), code=1)
    assert codes(answer) == ["REGISTER_ROW_MOVED"] * 2
    assert answer["operations"] == 0


def test_classes_sorted_without_their_numbers(line: Line, book: Filled, tmp_path: Path) -> None:
    book.activity("安全讲座", 单次活动日期="2026-03-20", 开始="15:00", 结束="16:30", 人数="42")
    assert read(line.township, book.save())["created"]["activity"] == 1
    path = tmp_path / "next.xlsx"
    line.township("register", "issue", VILLAGE, "--out", path, "--period", "2026")
    again = Filled(path)
    titles = again.titles()
    sort_what_is_seen(again, "活动", 5, 7, 3)
    if again.titles() == titles:
        sheet = again.book["活动"]
        for column in range(2, sheet.max_column + 1):
            one, other = sheet.cell(5, column), sheet.cell(6, column)
            one.value, other.value = other.value, one.value
    answer = read(line.township, again.save(), code=1)
    assert codes(answer) == ["REGISTER_ROW_MOVED"] * 2
    assert answer["operations"] == 0


def test_somebody_who_really_gets_the_name_of_another(line: Line, book: Filled) -> None:
    row = book.correct("吴建国", 姓名="郑秀英", 文化程度="初中")
    path = book.save()
    answer = read(line.township, path, code=1)
    assert [(fault["code"], fault["row"], fault["candidates"]) for fault in answer["faults"]] == [
        ("REGISTER_ROW_MOVED", row, ["file", "kept"])
    ]
    kept = read(line.township, path, "--decide", f"学员!C{row}=kept")
    assert (kept["operations"], kept["faults"]) == (0, [])
    taken = read(line.township, path, "--decide", f"学员!C{row}=file")
    assert taken["updated"]["learner"] == 1
    assert read(line.township, path)["operations"] == 0


def test_the_coloured_copy_is_not_written_over_the_records(line: Line, book: Filled) -> None:
    out = line.township.folder / "learnsite.db"
    assert refused(line.township, book.save(), "--faults", str(out)) == "file_exists"
