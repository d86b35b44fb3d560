"""What taking a table writes: once, undoably, only what changed, and never a guess."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import roster
from learnsite_desktop.services.roster.cells import read_age, read_count, read_name, read_sex
from learnsite_desktop.services.roster.dates import read_birth, read_day, read_times
from tests.desks import Desk, Line, learner, small_class
from tests.services.roster.books import xlsx
from tests.services.roster.nasty import HEAD, PLAIN

FULL = ["姓名", "性别", "出生日期", "联系电话", "文化程度"]
ZHANG = ["张建国", "男", "1955-03-12", "13812345678", "初中"]
LI = ["李秀英", "女", "1960-01-05", "13912345678", None]
WANG = ["王桂兰", "女", "1962-07-08", "13712345678", None]


def write(folder: Path, *rows: Sequence[Any], head: Sequence[Any] = FULL, name: str = "a") -> Path:
    return xlsx(folder / f"{name}.xlsx", {"名册": [head, *rows]})


def take(desk: Desk, path: Path, target: roster.Target | None = None, **more: Any) -> roster.Taken:
    table = roster.open_table(path)
    with desk.open() as workspace:
        seen = roster.preview(workspace, table, target or roster.Target(), **more)
        taken = roster.take(workspace, seen)
    assert outcomes(taken.preview) == outcomes(seen)
    assert taken.preview.counts == seen.counts
    # Somebody who was undone before is new to the clerk, though not to the log.
    for counts in (seen.counts, taken.result.counts):
        assert len(taken.change.records) == sum(
            number for outcome in ("created", "updated") for number in counts[outcome].values()
        )
    return taken


def outcomes(seen: roster.Preview) -> list[tuple[int, str]]:
    return [(row.row, row.outcome) for row in seen.rows]


def people(desk: Desk) -> dict[str, Mapping[str, Any]]:
    return {one["name"]: one for one in desk("learner", "list", "--reveal")["learners"]}


def test_one_change_that_can_be_undone_and_taken_again(village: Desk, tmp_path: Path) -> None:
    path = write(tmp_path, ZHANG, LI)
    taken = take(village, path)
    assert taken.counts["created"] == {"learner": 2}
    assert set(people(village)) == {"张建国", "李秀英"}
    village("undo")
    assert people(village) == {}
    take(village, path)
    assert set(people(village)) == {"张建国", "李秀英"}
    assert people(village)["张建国"]["mobile"] == "13812345678"


def test_the_same_file_twice_writes_nothing(village: Desk, tmp_path: Path) -> None:
    path = write(tmp_path, ZHANG, LI)
    take(village, path)
    before = village.lines()
    taken = take(village, path)
    assert taken.counts == {"created": {}, "updated": {}, "same": {"learner": 2}}
    assert village.lines() == before


@pytest.mark.parametrize(
    "rows",
    [
        [["张建国", "男", None, None], ["李秀英", "女", None, None]],
        [["张建国", "男", "1955", None], ["李秀英", "女", "1960.3", None]],
        [["张建国", "男", None, "13812345678"]],
    ],
)
def test_twice_nothing_however_little_is_known(
    rows: list[list[Any]], village: Desk, tmp_path: Path
) -> None:
    path = write(tmp_path, *rows, head=HEAD)
    take(village, path)
    assert take(village, path).counts["same"] == {"learner": len(rows)}


def test_ages_are_the_same_people_a_year_later(village: Desk, tmp_path: Path) -> None:
    path = write(tmp_path, ["张建国", "男", 70], head=["姓名", "性别", "年龄"])
    take(village, path)
    village.now = "2027-02-01T10:00:00+08:00"
    assert take(village, path).counts["same"] == {"learner": 1}


def test_wrong_rows_come_back_and_only_they_are_taken_the_next_time(
    village: Desk, tmp_path: Path
) -> None:
    path = write(tmp_path, ZHANG, ["李秀英、王桂兰", "女", None, None, None], LI)
    taken = take(village, path)
    assert taken.counts["created"] == {"learner": 2}
    assert taken.preview.faulty_rows == 1
    out = tmp_path / "改.xlsx"
    assert roster.write_faults(taken.preview, out) == 1
    book = load_workbook(out)
    sheet = book["名册"]
    assert sheet["F1"].value == "错误原因"
    assert "几个人" in str(sheet["F3"].value)
    assert sheet["A3"].fill.start_color.rgb == "00FFC7CE"
    assert sheet["A2"].fill.fill_type is None
    sheet["A3"].value = "王桂兰"
    sheet["C3"].value = "1962-07-08"
    book.save(out)
    book.close()
    again = take(village, out)
    assert again.counts == {"created": {"learner": 1}, "updated": {}, "same": {"learner": 2}}
    assert set(people(village)) == {"张建国", "李秀英", "王桂兰"}


def test_the_copy_makes_no_formula_of_what_stood_there(village: Desk, tmp_path: Path) -> None:
    table = roster.open_table(write(tmp_path, ["=1+1、@x", "男", "1955", "+8613812345678", None]))
    out = tmp_path / "out.xlsx"
    with village.open(write=False) as workspace:
        roster.write_faults(roster.preview(workspace, table, roster.Target()), out)
    book = load_workbook(out)
    kinds = {cell.data_type for row in book["名册"].iter_rows() for cell in row if cell.value}
    book.close()
    assert kinds <= {"s", "n"}


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        (["张建国", "男", "1955-03-12", "13600000000", "初中"], ("mobile",)),
        (["张建国", "男", "1955-03-12", "13812345678", "高中"], ("education",)),
        (["张建军", "男", "1955-03-12", "13812345678", "初中"], ("name",)),
        (["张建军", "男", "1955-03-12", None, None], ("name",)),
        (["张建国", "男", "1956-03-12", "13812345678", "初中"], ("birth",)),
        (["张建国", "女", "1955-03-12", "13812345678", "初中"], ("sex",)),
        (["张建国", "男", "1955", None, None], ()),
    ],
)
def test_a_corrected_row_changes_only_what_changed(
    row: list[Any], changed: tuple[str, ...], village: Desk, tmp_path: Path
) -> None:
    take(village, write(tmp_path, ZHANG, LI, WANG))
    before = people(village)
    taken = take(village, write(tmp_path, row, LI, WANG, name="b"))
    assert taken.preview.rows[0].changed == changed
    assert taken.counts["updated"] == ({"learner": 1} if changed else {})
    after = people(village)
    assert len(after) == 3
    assert {one["id"] for one in after.values()} == {one["id"] for one in before.values()}
    assert after["李秀英"] == before["李秀英"]


def test_another_list_on_the_same_form_is_other_people(village: Desk, tmp_path: Path) -> None:
    take(village, write(tmp_path, ZHANG, LI, WANG))
    others = [
        ["赵铁柱", "男", "1955-08-12", "13612345678", None],
        ["孙二妮", "女", "1960-02-05", "13512345678", None],
    ]
    assert take(village, write(tmp_path, *others)).counts["created"] == {"learner": 2}
    assert len(people(village)) == 5


def test_a_blank_cell_or_a_missing_column_blanks_nothing(village: Desk, tmp_path: Path) -> None:
    take(village, write(tmp_path, ZHANG))
    before = people(village)
    take(village, write(tmp_path, ["张建国", "男", "1955-03-12", None, None], name="b"))
    take(village, write(tmp_path, ["张建国", "男", "1955-03-12"], head=FULL[:3], name="c"))
    assert people(village) == before


def test_somebody_entered_by_hand_is_not_doubled(village: Desk, tmp_path: Path) -> None:
    entry = {"sex": "M", "birth": "1955-03-12", "groups": [{"code": "veteran"}]}
    village.capture({"v": 1, "source": "x", "learners": [learner("1", "张建国", **entry)]})
    path = write(tmp_path, ["张建国", "男", "1955.3", "农民"], head=[*HEAD[:3], "人员类别"])
    taken = take(village, path)
    assert taken.counts["updated"] == {"learner": 1}
    (one,) = people(village).values()
    assert one["birth"] == "1955-03-12"
    assert one["groups"] == ["veteran", "farmer"]


KEPT: Mapping[str, Any] = {"sex": "M", "birth": "1955-03-12", "mobile": "13812345678"}


@pytest.mark.parametrize(
    ("kept", "row"),
    [
        ([KEPT], ["张建国", "男", None, None]),
        ([KEPT], ["张建国", "男", "1961-01-01", "13812345678"]),
        ([KEPT], ["张大双", "男", "1955-03-12", "13812345678"]),
        (
            [KEPT, {**KEPT, "birth": "1955-09-01", "mobile": "13700000000"}],
            ["张建国", "男", "1955", None],
        ),
        ([{"sex": "M", "birth": ""}], ["张建国", "男", "1955-03-12", None]),
    ],
)
def test_what_only_points_to_somebody_is_asked_and_answered(
    kept: list[Mapping[str, Any]], row: list[Any], village: Desk, tmp_path: Path
) -> None:
    made = [learner(str(number), "张建国", **fields) for number, fields in enumerate(kept)]
    for one in made:
        if not one["birth"]:
            del one["birth"]
    village.capture({"v": 1, "source": "x", "learners": made})
    path = write(tmp_path, row, head=HEAD)
    taken = take(village, path)
    (fault,) = taken.preview.faults
    assert fault.code == "PERSON_UNCLEAR"
    assert len(fault.candidates) == len(kept)
    assert taken.change.operations == 0
    place = (fault.sheet, fault.row)
    known = take(village, path, decisions={place: fault.candidates[0]})
    assert not known.preview.faults
    assert known.counts["created"] == {}
    new = take(village, path, decisions={place: "new"})
    assert new.counts["created"] == {"learner": 1}


def test_namesakes_in_a_file_need_a_decision_and_stay_two(village: Desk, tmp_path: Path) -> None:
    rows = [["张建国", "男", "1955", "13812345678"], ["张建国", "男", "1955", "13712345678"]]
    path = write(tmp_path, *rows, head=HEAD)
    assert [fault.code for fault in take(village, path).preview.faults] == ["ROW_REPEATED"]
    decided = take(village, path, decisions={("名册", 3): "new"})
    assert decided.counts == {"created": {"learner": 1}, "updated": {}, "same": {"learner": 1}}
    assert take(village, path).counts["same"] == {"learner": 2}


def test_a_record_corrected_by_hand_is_not_set_back(village: Desk, tmp_path: Path) -> None:
    path = write(tmp_path, ["张建国", "男", None, None], head=HEAD)
    taken = take(village, path)
    record = taken.change.records[0][1]
    village("edit", record, "name=张建军")
    again = take(village, path)
    assert [fault.code for fault in again.preview.faults] == ["PERSON_UNCLEAR"]
    assert set(people(village)) == {"张建军"}


def test_id_numbers_are_dropped_unless_policy_keeps_them(village: Desk, tmp_path: Path) -> None:
    path = write(tmp_path, ["张建国", "41019919550312001X"], head=["姓名", "身份证号"])
    taken = take(village, path)
    assert [note.code for note in taken.preview.notes].count("ID_NUMBER_DROPPED") == 1
    assert people(village)["张建国"]["id_number"] is None
    assert people(village)["张建国"]["birth"] == "1955-03-12"
    assert take(village, path).counts["same"] == {"learner": 1}
    village("policy", "id_numbers=on")
    assert take(village, path).counts["updated"] == {"learner": 1}
    assert people(village)["张建国"]["id_number"] == "41019919550312001X"
    renamed = write(tmp_path, ["张建军", "41019919550312001X"], head=["姓名", "身份证号"], name="b")
    assert take(village, renamed).preview.rows[0].changed == ("name",)
    assert take(village, renamed).counts["same"] == {"learner": 1}


def test_a_class_roster_enrols_once(village: Desk, tmp_path: Path) -> None:
    made = village.capture(small_class())
    activity = made["ids"]["activity"]["a1"]
    path = write(tmp_path, ["周桂兰", "女", "1956-04-09", None], ZHANG[:4], head=HEAD)
    target = roster.Target("roster", activity=activity)
    taken = take(village, path, target)
    assert taken.counts == {
        "created": {"learner": 1, "enrolment": 1},
        "updated": {},
        "same": {"learner": 1, "enrolment": 1},
    }
    assert take(village, path, target).change.operations == 0
    rows = [one for one in village("list", "enrolment")["records"] if one.get("row")]
    assert [(one["row"], one["joined"]) for one in rows] == [(1, "2026-04-02")]
    village("undo")
    assert "张建国" not in people(village)
    assert village("list", "enrolment")["total"] == 3


def test_a_roster_needs_its_activity(village: Desk, tmp_path: Path) -> None:
    table = roster.open_table(write(tmp_path, ZHANG))
    with village.open(write=False) as workspace, pytest.raises(Refusal) as caught:
        roster.preview(workspace, table, roster.Target("roster"))
    assert caught.value.code == "roster_activity_missing"


def test_one_sheet_for_each_village_goes_to_that_village(line: Line, tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsx",
        {
            "荣庄村": [HEAD, [*ZHANG[:4]]],
            "大洪": [HEAD, [*LI[:4]]],
            "王家庄村": [HEAD, [*WANG[:4]]],
            "镇直": [HEAD, ["赵铁柱", "男", "1958-01-01", None]],
        },
    )
    taken = take(line.township, path)
    assert [(f.sheet, f.row, f.code) for f in taken.preview.faults] == [
        ("王家庄村", 2, "VILLAGE_UNKNOWN")
    ]
    units = {name: one["unit"] for name, one in people(line.township).items()}
    assert units == {
        "张建国": "410122101205",
        "李秀英": "410122101206",
        "赵铁柱": "410122101000",
    }
    assert len({operation.un for operation in line.township.operations()[-3:]}) == 3
    assert take(line.township, path).change.operations == 0
    line.township("undo")
    assert people(line.township) == {}


def test_a_county_needs_the_township_where_names_repeat(line: Line, tmp_path: Path) -> None:
    head = ["姓名", "性别", "所在村"]
    rows: list[list[Any]] = [
        ["甲一", "男", "刘庄村"],
        ["乙二", "男", "韩寺镇刘庄村"],
        ["丙三", "男", None],
    ]
    taken = take(line.county, write(tmp_path, *rows, head=head))
    codes = [(fault.row, fault.code) for fault in taken.preview.faults]
    assert codes == [(2, "VILLAGE_UNCLEAR"), (4, "VILLAGE_MISSING")]
    assert people(line.county)["乙二"]["unit"] == "410122101210"


def test_units_that_are_not_ones_business_are_refused(line: Line, tmp_path: Path) -> None:
    table = roster.open_table(write(tmp_path, ZHANG))
    with line.village.open(write=False) as workspace, pytest.raises(Refusal) as caught:
        roster.preview(workspace, table, roster.Target(unit="410122101206"))
    assert caught.value.code == "unit_not_below"


def test_what_columns_mean_is_remembered(village: Desk, tmp_path: Path) -> None:
    head = ["叫啥", "性别", "生于", "回访电话", "说明二"]
    path = write(tmp_path, ZHANG, head=head)
    with village.open(write=False) as workspace:
        table = roster.open_table(path)
        seen = roster.preview(workspace, table, roster.Target())
        assert [fault.code for fault in seen.faults] == ["HEADING_MISSING"]
    mapping = {"叫啥": "name", "C": "birth", "名册!D": "mobile", "性别": "sex"}
    taken = take(village, path, mapping=mapping)
    assert taken.counts["created"] == {"learner": 1}
    again = take(village, write(tmp_path, LI, head=head, name="b"))
    assert again.counts["created"] == {"learner": 1}
    assert people(village)["李秀英"]["mobile"] == "13912345678"
    hows = {column.heading: column.how for column in again.preview.blocks[0].columns}
    assert hows["叫啥"] == "remembered"
    left_out = take(village, write(tmp_path, WANG, head=head, name="c"), mapping={"D": ""})
    assert left_out.counts["created"] == {"learner": 1}
    assert people(village)["王桂兰"]["mobile"] is None


@pytest.mark.parametrize("mapping", [{"Z": "mobile"}, {"联系电话": "phone"}, {"没有的": "mobile"}])
def test_a_mapping_of_nothing_is_refused(
    mapping: dict[str, str], village: Desk, tmp_path: Path
) -> None:
    table = roster.open_table(write(tmp_path, ZHANG))
    with village.open(write=False) as workspace, pytest.raises(Refusal) as caught:
        roster.preview(workspace, table, roster.Target(), mapping=mapping)
    assert caught.value.code == "mapping_unknown"


def test_nothing_of_what_rows_say_is_kept_in_the_clear(village: Desk, tmp_path: Path) -> None:
    take(village, write(tmp_path, ZHANG, LI))
    stored = json.dumps(village.rows("SELECT * FROM setting"), ensure_ascii=False)
    for secret in ("张建国", "13812345678", "1955-03-12"):
        assert secret not in stored
        assert all(secret.encode() not in line for line in village.lines())


LETTERS = st.text(alphabet="0123456789年月日./- 约生", max_size=12)


@given(st.one_of(LETTERS, st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 99999)))
def test_no_birth_is_read_into_what_does_not_say_it(cell: Any) -> None:
    """Every digit of what was read stands in the cell, or the cell is a day number."""
    today = date(2026, 4, 2)
    value = read_birth(float(cell) if isinstance(cell, int) else cell, today).value
    if value is None:
        return
    shown = f"{cell:.10g}" if isinstance(cell, (int, float)) else cell
    year, *rest = value.split("-")
    number = float(cell) if isinstance(cell, (int, float)) else None
    if (number is not None and number == int(number) and 3654 <= number <= 99999) or (
        isinstance(cell, str) and cell.strip().isdecimal() and len(cell.strip()) == 5
    ):
        assert value == (date(1899, 12, 30) + timedelta(days=int(number or int(cell)))).isoformat()
        return
    assert year in shown or (year.startswith("19") and year[2:] in shown)
    digits = "".join(character for character in shown if character.isdigit())
    said = "".join(part.lstrip("0") for part in rest)
    position = 0
    for digit in said:
        position = digits.find(digit, position) + 1
        assert position


@given(st.text(max_size=12))
def test_no_reader_fails_on_any_text(cell: str) -> None:
    for reading in (read_name(cell), read_sex(cell), read_age(cell), read_count(cell)):
        assert (reading.value is None) == (reading.issue is not None)
    read_day(cell, 2026)
    read_times(cell)
    read_birth(cell, date(2026, 4, 2))


def test_columns_in_any_order_say_the_same(village: Desk, tmp_path: Path) -> None:
    plain = [*PLAIN[1]]
    for number, order in enumerate([(3, 1, 0, 2), (0, 3, 2, 1), (2, 0, 1, 3)]):
        path = write(
            tmp_path, [plain[place] for place in order], head=[HEAD[place] for place in order],
            name=str(number),
        )  # fmt: skip
        with village.open(write=False) as workspace:
            seen = roster.preview(workspace, roster.open_table(path), roster.Target())
        assert dict(seen.rows[0].shown) == {
            "name": "张建国", "sex": "M", "birth": "1955-03", "mobile": "13812345678",
        }  # fmt: skip


def test_people_side_by_side_are_judged_and_remembered_one_by_one(
    village: Desk, tmp_path: Path
) -> None:
    head = [*HEAD, None, *HEAD]
    left = ["张建国", "男", "1955-03-12", "13812345678", None]
    right = ["李秀英", "女", "1960-01-05", "1391234"]
    taken = take(village, write(tmp_path, [*left, *right], head=head))
    assert [(f.row, f.column, f.code) for f in taken.preview.faults] == [(2, "I", "MOBILE_INVALID")]
    assert set(people(village)) == {"张建国"}
    right[3] = "13912345678"
    rest = ["王桂兰", "女", "1962-07-08", None, None, "赵铁柱", "男", "1958-02-03", None]
    take(village, write(tmp_path, [*left, *right], rest, head=head))
    left[0], right[0] = "张建军", "李秀芳"
    again = take(village, write(tmp_path, [*left, *right], rest, head=head, name="b"))
    assert again.counts["updated"] == {"learner": 2}
    assert set(people(village)) == {"张建军", "李秀芳", "王桂兰", "赵铁柱"}


def test_a_decision_names_the_cell_where_a_row_has_two_people(
    village: Desk, tmp_path: Path
) -> None:
    village.capture({"v": 1, "source": "x", "learners": [learner("1", "周桂兰")]})
    path = write(tmp_path, ["周桂兰", "女", "张建国", "男"], head=[*HEAD[:2], *HEAD[:2]])
    assert take(village, path, decisions={("名册", 2): "new"}).preview.faulty_rows == 1
    taken = take(village, path, decisions={("名册", 2, "A"): "new"})
    assert not taken.preview.faults
    assert taken.counts["created"] == {"learner": 1}
