"""Two copies of one register filled differently, rows written over, sheets that lost their marks.

Nothing may disappear without a word: what cannot be told apart is asked at its cell.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desks import VILLAGE, Desk, Line
from tests.services.register_book.filling import Filled

TAKEN = "REGISTER_ROW_TAKEN"
NEW = {"姓名": "陈小红", "性别": "女", "出生年月": "1970-05-06"}


def read(desk: Desk, path: Path, *more: str, code: int = 0) -> Any:
    return desk("register", "read", path, *more, code=code)


def codes(answer: Any) -> list[str]:
    return [fault["code"] for fault in answer["faults"]]


def places(answer: Any, code: str) -> list[tuple[str, int, str]]:
    found = [one for one in answer["faults"] if one["code"] == code]
    return [(one["sheet"], one["row"], one["column"]) for one in found]


def names(desk: Desk) -> list[str]:
    return sorted(one["name"] for one in desk("learner", "list", "--reveal")["learners"])


def held(desk: Desk, kind: str, *fields: str) -> list[tuple[Any, ...]]:
    found = desk("list", kind)["records"]
    return sorted(tuple(one.get(name) for name in fields) for one in found)


def marks_on(desk: Desk, day: str) -> int:
    found = [one["id"] for one in desk("list", "session")["records"] if one["date"] == day]
    return sum(len(desk("show", one)["record"].get("rows") or ()) for one in found)


def copies(book: Filled, tmp_path: Path, *fills: Callable[[Filled], object]) -> list[Path]:
    """Return copies of the blank book, each filled in by another hand."""
    made = []
    for number, fill in enumerate(fills, start=1):
        copy = Filled(book.path)
        fill(copy)
        made.append(copy.save(tmp_path / f"copy{number}.xlsx"))
    return made


# -- the same blank row, column or sheet of two copies


OTHERS: dict[str, dict[str, Any]] = {
    "all": {"姓名": "刘大伟", "性别": "男", "出生年月": "1980-03"},
    "same sex": {"姓名": "刘玉兰", "性别": "女", "出生年月": "1980-03"},
    "same sex, no birth": {"姓名": "刘玉兰", "性别": "女", "出生年月": None},
    "same sex and year": {"姓名": "刘玉兰", "性别": "女", "出生年月": "1970"},
    "namesake": {"姓名": "陈小红", "性别": "男", "出生年月": "1990"},
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_blank_row_with_another_person_is_a_question(
    line: Line, book: Filled, tmp_path: Path, other: str
) -> None:
    row = book.blank("学员", "姓名")

    def second(copy: Filled) -> None:
        copy.write("学员", row, **OTHERS[other])
        copy.mark("书法班", OTHERS[other]["姓名"], "2026-03-03", "到")

    one, two = copies(book, tmp_path, lambda copy: copy.write("学员", row, **NEW), second)
    desk = line.township
    read(desk, one)
    before = names(desk)
    for more in (["--dry-run"], []):
        answer = read(desk, two, *more, code=1)
        assert places(answer, TAKEN) == [("学员", row, "C")]
        assert "REGISTER_LEARNER_LEFT" in codes(answer), "its marks wait with it"
        assert answer["operations"] == 0
    fault = next(one for one in answer["faults"] if one["code"] == TAKEN)
    assert "陈小红" in fault["message"]
    assert fault["candidates"] == ["file", "kept"]
    assert names(desk) == before
    kept = read(desk, two, "--decide", f"学员!C{row}=kept", code=1)
    assert (kept["operations"], names(desk)) == (0, before)
    assert read(desk, one)["operations"] == 0


def test_somebody_who_says_that_it_is_the_same_is_believed(
    line: Line, book: Filled, tmp_path: Path
) -> None:
    row = book.blank("学员", "姓名")
    one, two = copies(
        book,
        tmp_path,
        lambda copy: copy.write("学员", row, **NEW),
        lambda copy: copy.write("学员", row, **OTHERS["same sex"]),
    )
    desk = line.township
    read(desk, one)
    answer = read(desk, two, "--decide", f"学员!C{row}=file")
    assert (answer["faults"], answer["updated"]["learner"]) == ([], 1)
    assert "刘玉兰" in names(desk)
    assert read(desk, two)["operations"] == 0, "said once is enough"


def test_two_copies_read_on_two_computers_meet_as_a_conflict(
    line: Line, book: Filled, tmp_path: Path
) -> None:
    """Neither reader knew the other's copy: nothing is lost, and somebody must decide."""
    row = book.blank("学员", "姓名")
    one, two = copies(
        book,
        tmp_path,
        lambda copy: copy.write("学员", row, **NEW),
        lambda copy: copy.write("学员", row, **OTHERS["all"]),
    )
    line.carry(line.township, line.county)
    read(line.township, one)
    read(line.county, two)
    line.carry(line.township, line.county)
    found = [one["id"] for one in line.county("list", "learner", "--unit", VILLAGE)["records"]]
    torn = [one for one in found if line.county("show", one)["record"]["conflicts"]]
    assert len(torn) == 1


@pytest.mark.parametrize(
    "better",
    [
        {"姓名": "陈晓虹"},
        {"姓名": "程红"},
        {"出生年月": "1971-05-06"},
        {"性别": "男"},
        {"姓名": "陈晓红", "电话": "13812345678"},
    ],
)
def test_a_correction_of_a_new_row_is_no_question(
    line: Line, book: Filled, better: dict[str, str]
) -> None:
    row = book.write("学员", book.blank("学员", "姓名"), **NEW)
    read(line.township, book.save())
    before = len(names(line.township))
    book.write("学员", row, **better)
    answer = read(line.township, book.save())
    assert (answer["faults"], answer["updated"]["learner"]) == ([], 1)
    assert len(names(line.township)) == before
    assert read(line.township, book.path)["operations"] == 0


@pytest.mark.parametrize(("day", "start", "end"), [
    ("2026-03-10", "14:00", "15:30"),
    ("2026-03-10", "09:00", "10:30"),
    ("2026-03-31", "14:00", "15:30"),
])  # fmt: skip
def test_a_blank_column_with_another_session_is_a_question(
    line: Line, book: Filled, tmp_path: Path, day: str, start: str, end: str
) -> None:
    def first(copy: Filled) -> None:
        copy.session("书法班", "2026-03-31")
        copy.mark("书法班", "周桂兰", "2026-03-31", "到")

    def second(copy: Filled) -> None:
        copy.session("书法班", day, start, end)
        copy.mark("书法班", "吴建国", day, "到")
        copy.mark("书法班", "郑秀英", day, "缺席")

    one, two = copies(book, tmp_path, first, second)
    desk = line.township
    read(desk, one)
    before = held(desk, "session", "date", "start", "end")
    answer = read(desk, two, code=1)
    assert codes(answer) == [TAKEN, "REGISTER_SESSION_LEFT", "REGISTER_SESSION_LEFT"]
    assert places(answer, TAKEN)[0][:2] == ("到课1", 4)
    assert (answer["operations"], answer["created"]["mark"]) == (0, 0)
    assert held(desk, "session", "date", "start", "end") == before
    assert marks_on(desk, "2026-03-31") == 1
    _sheet, row, column = places(answer, TAKEN)[0]
    taken = read(desk, two, "--decide", f"到课1!{column}{row}=file", code=1)
    assert TAKEN not in codes(taken)
    assert taken["created"]["mark"] == 2


def test_hours_that_meet_are_a_correction(line: Line, book: Filled) -> None:
    column = book.session("书法班", "2026-03-31", "09:00", "10:30")
    book.mark("书法班", "周桂兰", "2026-03-31", "到")
    read(line.township, book.save())
    book.grid("书法班").cell(5, column).value = "09:30"
    answer = read(line.township, book.save())
    assert (answer["faults"], answer["updated"]["session"]) == ([], 1)


def test_two_hands_that_mark_one_session_meet(line: Line, book: Filled, tmp_path: Path) -> None:
    one, two = copies(
        book,
        tmp_path,
        lambda copy: copy.mark("书法班", "周桂兰", "2026-03-31", "到"),
        lambda copy: copy.mark("书法班", "吴建国", "2026-03-31", "迟到"),
    )
    desk = line.township
    read(desk, one)
    answer = read(desk, two, code=1)
    assert answer["created"]["mark"] == 1
    assert codes(answer) == ["REGISTER_BLANK"]
    assert "–" not in answer["faults"][0]["message"]
    assert marks_on(desk, "2026-03-31") == 2


def test_a_copy_in_which_a_column_is_blank_says_nothing_of_it(
    line: Line, book: Filled, tmp_path: Path
) -> None:
    one, two = copies(
        book,
        tmp_path,
        lambda copy: copy.mark("书法班", "周桂兰", "2026-03-31", "到"),
        lambda copy: None,
    )
    read(line.township, one)
    answer = read(line.township, two)
    assert (answer["faults"], answer["operations"]) == ([], 0)


def test_a_blank_row_with_another_activity_is_a_question(
    line: Line, book: Filled, tmp_path: Path
) -> None:
    row = book.blank("活动", "活动名称")

    def second(copy: Filled) -> None:
        copy.activity("消防讲座", 单次活动日期="2026-03-15", 开始="09:00", 结束="10:30", 人数="28")
        copy.mark("消防讲座", "周桂兰", "2026-03-22", "到")

    one, two = copies(
        book,
        tmp_path,
        lambda copy: copy.activity("太极拳班", 活动类别="班级课程", 学习内容="太极拳"),
        second,
    )
    desk = line.township
    read(desk, one)
    before = (held(desk, "activity", "title", "kind"), held(desk, "session", "date"))
    answer = read(desk, two, code=1)
    assert places(answer, TAKEN) == [("活动", row, "C")]
    assert places(answer, "REGISTER_PARENT_LEFT") == [("到课2", 2, "C"), ("活动", row, "K")][::-1]
    assert answer["operations"] == 0
    assert (held(desk, "activity", "title", "kind"), held(desk, "session", "date")) == before
    kept = read(desk, two, "--decide", f"活动!C{row}=kept", code=1)
    assert (kept["operations"], places(kept, TAKEN)) == (0, [])
    assert read(desk, two, "--decide", f"活动!C{row}=file")["updated"]["activity"] == 1
    assert read(desk, two)["operations"] == 0


def test_a_lecture_on_another_day_is_a_question(line: Line, book: Filled, tmp_path: Path) -> None:
    def lecture(day: str) -> Callable[[Filled], object]:
        cells = {"单次活动日期": day, "开始": "15:00", "结束": "16:30", "人数": "42"}
        return lambda copy: copy.activity("健康讲座", **cells)

    one, two = copies(book, tmp_path, lecture("2026-03-20"), lecture("2026-03-27"))
    read(line.township, one)
    answer = read(line.township, two, code=1)
    assert codes(answer) == [TAKEN]
    assert answer["operations"] == 0
    assert ("2026-03-20",) in held(line.township, "session", "date")


def test_a_blank_roll_call_used_for_two_classes(line: Line, book: Filled, tmp_path: Path) -> None:
    def course(title: str, blanks: int) -> Callable[[Filled], object]:
        def fill(copy: Filled) -> None:
            row = [row for row, text in copy.rows("活动", "活动名称") if not text][blanks]
            cells = {"活动名称": title, "活动类别": "班级课程", "教育类型": "社区教育"}
            copy.write("活动", row, **cells, 学习内容="太极拳", 教学方式="面授")
            copy.mark(title, "周桂兰", "2026-03-11", "到")

        return fill

    one, two = copies(book, tmp_path, course("太极拳班", 0), course("合唱班", 1))
    desk = line.township
    read(desk, one)
    answer = read(desk, two, code=1)
    assert codes(answer) == [TAKEN, "REGISTER_SESSION_LEFT"]
    assert next(one for one in answer["faults"] if one["code"] == TAKEN)["candidates"] == ["kept"]
    assert answer["created"] == {
        "learner": 0, "activity": 1, "session": 0, "enrolment": 0, "mark": 0
    }  # fmt: skip


# -- a known row written over


@pytest.mark.parametrize("sex", ["女", "男"])
def test_a_known_row_written_over_is_a_question(line: Line, book: Filled, sex: str) -> None:
    other = {"姓名": "孙悟空", "性别": sex, "出生年月": "1929-01-01", "电话": "13700003333"}
    row = book.correct("吴建国", **other)
    sheet = book.grid("书法班")
    for place in range(9, sheet.max_row + 1):
        if sheet.cell(place, 3).value == "吴建国":
            sheet.cell(place, 3).value = "孙悟空"
    book.mark("书法班", "孙悟空", "2026-03-31", "到")
    desk, path = line.township, book.save()
    answer = read(desk, path, code=1)
    assert places(answer, "REGISTER_ROW_OVERWRITTEN") == [("学员", row, "C")]
    assert set(codes(answer)) == {"REGISTER_ROW_OVERWRITTEN", "REGISTER_NAME_OTHER"}
    assert (answer["updated"]["learner"], answer["created"]["mark"]) == (0, 0)
    assert "吴建国" in names(desk)
    taken = read(desk, path, "--decide", f"学员!C{row}=file")
    assert taken["updated"]["learner"] == 1
    assert read(desk, path)["operations"] == 0


@pytest.mark.parametrize("better", [
    {"姓名": "吴建果", "性别": "女"},
    {"性别": "女", "出生年月": "1951-01-01"},
])  # fmt: skip
def test_two_of_three_may_be_a_correction(line: Line, book: Filled, better: dict[str, str]) -> None:
    book.correct("吴建国", **better)
    answer = read(line.township, book.save())
    assert (answer["faults"], answer["updated"]["learner"]) == ([], 1)


def test_a_known_class_written_over_is_a_question(line: Line, book: Filled) -> None:
    row = book.row_of("活动", "活动名称", "书法班")
    book.write("活动", row, 活动名称="消防讲座", 活动类别="讲座")
    answer = read(line.township, book.save(), code=1)
    assert codes(answer) == ["REGISTER_ROW_OVERWRITTEN"]
    assert answer["operations"] == 0
    book.write("活动", row, 活动名称="书法一班", 活动类别="班级课程")
    assert read(line.township, book.save())["updated"]["activity"] == 1


# -- an inserted row, which has no number


def test_an_inserted_row_that_was_corrected_is_a_question(
    line: Line, book: Filled, tmp_path: Path
) -> None:
    book.book["学员"].insert_rows(7)
    book.write("学员", 7, 姓名="新来一", 性别="女", 出生年月="1960")
    desk, path = line.township, book.save()
    read(desk, path)
    before = names(desk)
    for number, better in enumerate(({"出生年月": "1961"}, {"姓名": "新来壹"}, {"性别": "男"})):
        copy = Filled(path)
        copy.write("学员", 7, **better)
        changed = copy.save(tmp_path / f"better{number}.xlsx")
        answer = read(desk, changed, code=1)
        assert codes(answer) == ["PERSON_UNCLEAR"]
        assert (names(desk), answer["operations"]) == (before, 0)
    known = answer["faults"][0]["candidates"][0]
    assert read(desk, changed, "--decide", f"学员!7={known}")["updated"]["learner"] == 1
    assert names(desk) == before
    assert read(desk, changed)["operations"] == 0
    assert read(desk, path, "--decide", "学员!7=new")["created"]["learner"] == 1


def test_a_second_inserted_row_is_nobody_of_the_first(line: Line, book: Filled) -> None:
    book.book["学员"].insert_rows(7)
    book.write("学员", 7, 姓名="新来一", 性别="女", 出生年月="1960")
    read(line.township, book.save())
    book.book["学员"].insert_rows(8)
    book.write("学员", 8, 姓名="新来二", 性别="女", 出生年月="1960")
    answer = read(line.township, book.save())
    assert (answer["faults"], answer["created"]["learner"]) == ([], 1)


# -- sheets without their hidden marks


def without_column(copy: Filled, sheet: str) -> None:
    copy.book[sheet].delete_cols(1)


def without_row(copy: Filled, sheet: str) -> None:
    copy.book[sheet].delete_rows(1)


@pytest.mark.parametrize("spoil", [without_column, without_row])
@pytest.mark.parametrize("sheet", ["学员", "活动", "到课1", "到课2"])
def test_a_sheet_that_lost_its_hidden_part_is_told(
    line: Line, book: Filled, sheet: str, spoil: Callable[[Filled, str], None]
) -> None:
    book.learner("陈小红")
    book.activity("太极拳班", 活动类别="班级课程", 学习内容="太极拳")
    book.mark("书法班", "周桂兰", "2026-03-31", "到")
    book.mark("太极拳班", "周桂兰", "2026-03-31", "到")
    assert book.grid("太极拳班").title == "到课2"
    spoil(book, sheet)
    answer = read(line.township, book.save(), code=1)
    assert places(answer, "REGISTER_SHEET_UNMARKED") == [(sheet, 1, "A")]
    assert [note["code"] for note in answer["notes"] if note["code"] == "REGISTER_ROW_GONE"] == []
    # What stands on the other sheets is taken all the same.
    assert answer["operations"] > 0


@pytest.mark.parametrize(("sheet", "named"), [
    ("学员", "学员"), ("活动", "活动"), ("到课1", "书法班")
])  # fmt: skip
def test_a_sheet_that_is_gone_is_told(
    line: Line, book: Filled, tmp_path: Path, sheet: str, named: str
) -> None:
    del book.book[sheet]
    marked = tmp_path / "marked.xlsx"
    answer = read(line.township, book.save(), "--faults", str(marked), code=1)
    assert codes(answer) == ["REGISTER_SHEET_GONE"]
    assert named in answer["faults"][0]["message"]
    assert (answer["notes"], answer["operations"]) == ([], 0)
    assert marked.is_file()


def test_a_blank_roll_call_that_is_gone_is_not_missed(line: Line, book: Filled) -> None:
    del book.book["到课3"]
    answer = read(line.township, book.save())
    assert (answer["faults"], answer["notes"]) == ([], [])


# -- words


def test_a_note_about_a_mark_names_the_learner_and_not_the_record(line: Line, book: Filled) -> None:
    book.mark("书法班", "周桂兰", "2026-01-06", "到")
    answer = read(line.township, book.save())
    (note,) = [one for one in answer["notes"] if one["code"] == "MARK_OUTSIDE_ENROLMENT"]
    assert "周*兰" in note["message"]


def test_a_month_that_lost_its_zero_is_told_with_what_was_typed(line: Line, book: Filled) -> None:
    book.learner("陈小红", 出生年月=1980.1)
    answer = read(line.township, book.save(), code=1)
    (fault,) = answer["faults"]
    assert fault["code"] == "BIRTH_UNCLEAR"
    assert "1980.1" in fault["message"]
    assert "1955" not in fault["message"]


@pytest.mark.parametrize("name", ["book.xls", "book.docx"])
def test_a_book_is_written_as_xlsx_or_into_a_folder(line: Line, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    told = line.township.refuses("register", "issue", VILLAGE, "--out", out)
    assert (told, out.exists()) == ("register_place", False)
    out.mkdir()
    path = line.township("register", "issue", VILLAGE, "--out", out)["path"]
    assert Path(path).parent == out
