"""Sign-in sheets: numbers that stand on paper stay, and a code opens exactly its sheet."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.printout import Printable, Printout, SignInPage
from learnsite_desktop.domain.refusals import Cancelled, Refusal
from learnsite_desktop.services import sheet_pages, sheets
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.sheets import PrintedSheet, SheetRow
from tests.desks import VILLAGE, Desk, Line, document, learner, small_class

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"


def names_of(desk: Desk, rows: Sequence[SheetRow]) -> dict[int, str]:
    """Return the full names on a list by row number."""
    with desk.open(write=False) as workspace:
        found = {}
        for row in rows:
            stored = require_record(workspace, row.learner)
            found[row.row] = str(workspace.vault.reveal(stored.doc["name"]))
    return found


def printed(desk: Desk, session: str = "session:s1") -> tuple[PrintedSheet, int]:
    """Print a session's sheet; return it with the number of operations written."""
    with desk.open() as workspace:
        sheet, change = sheets.make_sheet(workspace, require_record(workspace, session))
    return sheet, change.operations


def in_force(desk: Desk, session: str = "session:s1") -> dict[int, str]:
    """Return the names by the row numbers that a roll call goes by."""
    with desk.open(write=False) as workspace:
        rows = sheets.rows_of(workspace, require_record(workspace, session))
    return names_of(desk, rows)


def joins(ref: str, name: str, **fields: Any) -> dict[str, Any]:
    """Return a document that enrols one more learner."""
    enrolment = {"activity": "a1", "learner": ref, "joined": "2026-03-01", **fields}
    return document(unit=VILLAGE, learners=[learner(ref, name)], enrolments=[enrolment])


def leaves(ref: str, day: str) -> dict[str, Any]:
    """Return a document that lets a learner leave the class."""
    enrolment = {"activity": "a1", "learner": ref, "joined": "2026-02-24", "left": day}
    return document(unit=VILLAGE, enrolments=[enrolment])


@pytest.fixture
def desk(village: Desk) -> Desk:
    """A village with a class of three; 吴建国 has number 2 of the class."""
    content = small_class()
    content["enrolments"][1]["row"] = 2
    village.capture(content)
    return village


def test_the_class_number_counts_and_others_follow_it(desk: Desk) -> None:
    assert in_force(desk) == {2: "吴建国", 3: "郑秀英", 4: "周桂兰"}


def test_the_same_list_again_is_the_same_sheet(desk: Desk) -> None:
    first, operations = printed(desk)
    assert (first.version, operations) == (1, 1)
    assert printed(desk) == (first, 0)
    desk("edit", "session:s1", "notes=换教室")
    assert printed(desk) == (first, 0)


def test_printed_numbers_never_shift(desk: Desk) -> None:
    first, _operations = printed(desk)
    before = names_of(desk, first.rows)
    desk.capture(joins("l4", "安一凡", row=1))
    assert in_force(desk) == {**before, 5: "安一凡"}
    second, _operations = printed(desk)
    assert second.version == 2
    assert second.code != first.code
    assert names_of(desk, second.rows) == {**before, 5: "安一凡"}
    desk.capture(leaves("l3", "2026-03-02"))
    third, _operations = printed(desk)
    assert names_of(desk, third.rows) == {2: "吴建国", 4: "周桂兰", 5: "安一凡"}
    desk.capture(joins("l5", "白小雨"))
    fourth, _operations = printed(desk)
    assert names_of(desk, fourth.rows) == {2: "吴建国", 4: "周桂兰", 5: "安一凡", 6: "白小雨"}


def test_who_left_stays_on_the_paper_in_hand(desk: Desk) -> None:
    first, _operations = printed(desk)
    desk.capture(leaves("l3", "2026-03-02"))
    assert in_force(desk) == names_of(desk, first.rows)


def test_who_comes_back_gets_the_old_number_and_the_old_sheet(desk: Desk) -> None:
    first, _operations = printed(desk)
    desk.capture(leaves("l3", "2026-03-02"))
    assert printed(desk)[0].version == 2
    desk.capture(leaves("l3", "2026-04-30"))
    assert printed(desk) == (first, 0)
    assert in_force(desk) == names_of(desk, first.rows)


def test_only_who_was_enrolled_on_the_day(desk: Desk) -> None:
    desk.capture(joins("l4", "安一凡", joined="2026-03-04"))
    desk.capture(joins("l5", "白小雨", joined="2026-03-03", left="2026-03-03"))
    assert set(in_force(desk).values()) == {"吴建国", "郑秀英", "周桂兰", "白小雨"}


def test_a_code_opens_exactly_its_version(desk: Desk) -> None:
    first, _operations = printed(desk)
    desk.capture(joins("l4", "安一凡"))
    second, _operations = printed(desk)
    with desk.open(write=False) as workspace:
        for sheet in (first, second):
            assert sheets.sheet_of_code(workspace, sheet.code.lower()) == sheet
            assert sheets.session_of(workspace, sheet).id == sheet.session
        assert second.learner_of[5] not in first.learner_of.values()


def test_a_typing_error_and_a_foreign_sheet(desk: Desk, line: Line) -> None:
    sheet, _operations = printed(desk)
    wrong = ("2" if sheet.code[0] != "2" else "3") + sheet.code[1:]
    assert desk.refuses("sheet", "--code", wrong) == "sheet_code_wrong"
    assert line.village.refuses("sheet", "--code", sheet.code) == "sheet_unknown"


def test_undo_passes_over_what_is_on_paper(desk: Desk) -> None:
    desk("edit", "session:s1", "notes=换教室")
    sheet, _operations = printed(desk)
    desk("undo")
    with desk.open(write=False) as workspace:
        assert sheets.sheet_of_code(workspace, sheet.code) == sheet
        assert "notes" not in desk("show", "session:s1")["record"]


def test_two_computers_with_one_number_for_two_people(enrolled: Line) -> None:
    """The newest sheet keeps the number; the other person gets a new one, old codes hold."""
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    enrolled.carry(village, township)
    session = village("list", "session")["records"][0]["id"]
    village.capture(joins("l4", "安一凡"))
    here, _operations = printed(village, session)
    township.capture(
        document(
            unit=VILLAGE,
            learners=[learner("t1", "白小雨")],
            enrolments=[
                {
                    "activity": village("list", "activity")["records"][0]["id"],
                    "learner": "t1",
                    "joined": "2026-03-01",
                }
            ],
        )
    )
    there, _operations = printed(township, session)
    assert there.learner_of[1] != here.learner_of[1]
    enrolled.carry(village, township)
    enrolled.carry(township, village)
    for desk in (village, township):
        with desk.open(write=False) as workspace:
            assert sheets.sheet_of_code(workspace, here.code) == here
            assert sheets.sheet_of_code(workspace, there.code) == there
            rows = sheets.rows_of(workspace, require_record(workspace, session))
        assert len({row.row for row in rows}) == len({row.learner for row in rows}) == 5
    assert in_force(village, session) == in_force(township, session)
    assert village.is_sound()


def test_the_township_prints_for_a_village(enrolled: Line) -> None:
    enrolled.village.capture(small_class())
    enrolled.carry(enrolled.village, enrolled.township)
    session = enrolled.village("list", "session")["records"][0]["id"]
    sheet, _operations = printed(enrolled.township, session)
    assert sheet.unit == VILLAGE
    enrolled.carry(enrolled.township, enrolled.village)
    with enrolled.village.open(write=False) as workspace:
        assert sheets.sheet_of_code(workspace, sheet.code) == sheet
    (written,) = enrolled.village.history(sheet.record)
    assert (written["unit"], written["why"]) == (enrolled.township.unit, "代录")
    assert enrolled.village("quarantine")["items"] == []


def test_what_cannot_be_printed(desk: Desk) -> None:
    desk("delete", "session:s1", "--why", "误录")
    with desk.open() as workspace:
        for record, code in (("session:s1", "record_deleted"), ("learner:l1", "sheet_session")):
            with pytest.raises(Refusal) as refused:
                sheets.make_sheet(workspace, require_record(workspace, record))
            assert refused.value.code == code


def test_cancelled_printing_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    def stop(done: int, total: int, label: str) -> None:
        raise Cancelled

    before = desk.dump()
    with desk.open() as workspace:
        session = require_record(workspace, "session:s1")
        with pytest.raises(Cancelled):
            sheets.make_sheets(workspace, [session], progress=stop)
        (tmp_path / "no folder").touch()
        out = tmp_path / "no folder" / "a.pdf"
        with pytest.raises(OSError, match="no folder"):
            sheet_pages.write_sheets(workspace, [session], out, lambda *_pages: b"")
    assert desk.dump() == before


def crowd(count: int) -> dict[str, Any]:
    """Return a class of so many."""
    content = small_class()
    content["learners"] = [
        learner(f"l{n}", f"{SURNAMES[n % len(SURNAMES)]}小{n}", mobile=f"144000{n:05}")
        for n in range(1, count + 1)
    ]
    content["enrolments"] = [
        {"activity": "a1", "learner": f"l{n}", "joined": "2026-02-24", "row": n}
        for n in range(1, count + 1)
    ]
    return content


def pages_of(desk: Desk) -> list[SignInPage]:
    with desk.open() as workspace:
        sheet, _change = sheets.make_sheet(workspace, require_record(workspace, "session:s1"))
        return sheet_pages.sheet_pages(workspace, sheet)


def test_thirty_and_ten_on_each_page(village: Desk) -> None:
    village.capture(crowd(34))
    first, second = pages_of(village)
    assert [len(page.rows) + page.blank for page in (first, second)] == [40, 14]
    assert second.rows[0] == ("31", f"{SURNAMES[31]}小31", "女", "0031", "", "")
    assert first.caption == second.caption
    assert first.code != second.code
    assert second.number == "第 2 页 / 共 2 页"
    assert first.title == "书法班签到表"
    assert dict(first.facts)["时间："] == "2026-03-03（周二）09:00–10:30"
    assert dict(first.facts)["地点："] == "荣庄教学点"
    assert dict(first.facts)["组织单位："] == "荣庄村委会"
    assert first.signs[0].startswith("应到：34 人")


def test_a_session_without_a_class_still_has_a_sheet(village: Desk) -> None:
    village.capture(small_class(enrolments=[], rollcalls=[]))
    (page,) = pages_of(village)
    assert (page.rows, page.blank) == ((), 10)


def test_a_sheet_for_drop_ins_has_no_code(desk: Desk) -> None:
    before = desk.dump()
    with desk.open(write=False) as workspace:
        bare = sheet_pages.drop_in_page(workspace)
        headed = sheet_pages.drop_in_page(workspace, require_record(workspace, "session:s1"))
    assert desk.dump() == before
    assert (bare.code, headed.code, len(bare.rows)) == ("", "", 25)
    assert "" in dict(bare.facts).values()
    assert headed.title.startswith("书法班")


def test_the_notice_names_the_class_and_is_noted(desk: Desk) -> None:
    child = joins("l4", "安一凡")
    child["learners"][0] |= {
        "birth": "2016-05-01",
        "guardian": {
            "name": "安父", "relation": "父亲", "mobile": "14400000009", "date": "2026-03-01",
        },
    }  # fmt: skip
    desk.capture(child)
    with desk.open() as workspace:
        session = require_record(workspace, "session:s1")
        notice = sheet_pages.consent_notice(workspace, session)
    said = repr(notice.blocks)
    assert all(name in said for name in ("周桂兰", "吴建国", "郑秀英", "安一凡"))
    assert said.count("监护人：") == 1
    (reveal,) = desk("learner", "reveals")["reveals"]
    assert reveal["what"]["why"] == "告知同意书"
    assert reveal["what"]["count"] == 4


def test_one_file_for_many_sessions(desk: Desk, tmp_path: Path) -> None:
    desk.capture(
        document(
            unit=VILLAGE,
            sessions=[
                {
                    "ref": "s2", "activity": "a1", "date": "2026-03-10", "start": "09:00",
                    "end": "10:30", "status": "planned",
                },
                {
                    "ref": "s3", "activity": "a1", "date": "2026-03-11", "start": "09:00",
                    "end": "10:30", "status": "cancelled",
                },
            ],
        )
    )  # fmt: skip
    seen: list[Printable] = []

    def printer(*printables: Printable) -> bytes:
        seen.extend(printables)
        return b"pages"

    out = tmp_path / "三月.pdf"
    with desk.open() as workspace:
        wanted = sheets.sessions_to_print(workspace, date(2026, 3, 1), date(2026, 3, 31))
        made = sheet_pages.write_sheets(workspace, wanted, out, printer, notice=True)
    assert [stored.doc["date"] for stored in wanted] == ["2026-03-03", "2026-03-10"]
    assert len({sheet.code for sheet in made.sheets}) == 2
    kinds = [type(page) for page in seen]
    assert kinds == [SignInPage, Printout, SignInPage]
    assert [path.name for path in tmp_path.glob("*.pdf*")] == ["三月.pdf"]
    with desk.open() as workspace, pytest.raises(Refusal) as refused:
        sheet_pages.write_sheets(workspace, [], out, printer)
    assert refused.value.code == "sheets_none"
