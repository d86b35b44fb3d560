"""One conflict in full, the ledger of conflicts, and two decisions that cross on their way."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from learnsite_desktop.domain.review import OPEN
from learnsite_desktop.services.labels import register_label, value_text
from tests.desks import TOWNSHIP, VILLAGE, Desk, Line, document, opened, small_class, twin_of

NAME = {"operators": [{"ref": "o1", "name": "林小芳"}]}


@pytest.fixture
def submitted(enrolled: Line) -> Line:
    """The village's class has come to the township."""
    enrolled.village.capture(small_class())
    enrolled.carry(enrolled.village, enrolled.township)
    return enrolled


def one(desk: Desk, kind: str, query: str = "") -> str:
    """Return the id of the only record of a kind that contains `query`."""
    (record,) = desk("list", kind, "--query", query)["records"]
    return str(record["id"])


def full(desk: Desk, record: str, field: str, *flags: str) -> dict[str, Any]:
    """Return a conflict in full."""
    found: dict[str, Any] = desk("conflict", record, field, *flags)["conflict"]
    return found


def mark(desk: Desk, session: str, person: str, status: str, **more: Any) -> None:
    """Mark one learner of a session."""
    row = {"learner": person, "status": status, **more}
    desk.capture(document("calls", rollcalls=[{"session": session, "rows": [row]}]))


# The view


def test_base_is_what_all_authors_had_before_them(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    village("edit", "session:s1", "notes=原来")
    submitted.carry(village, township)
    session = one(township, "session")
    township("edit", session, "notes=镇一", "--why", "核对")
    township("edit", session, "notes=镇二", "--why", "再核对")
    village("edit", session, "notes=村里")
    submitted.carry(village, township)
    found = full(township, session, "notes")
    assert (found["base"], found["base_disputed"]) == ("原来", False)
    by_unit = {row["unit"]: row for row in found["values"]}
    assert {unit: row["value"] for unit, row in by_unit.items()} == {
        VILLAGE: "村里", TOWNSHIP: "镇二",
    }  # fmt: skip
    assert by_unit[VILLAGE]["saw"] == ["原来"]
    assert by_unit[TOWNSHIP]["saw"] == ["镇一"]
    (row,) = township("conflicts")["conflicts"]
    assert (row["base"], row["label"]) == ("原来", "2026-03-03 · 书法班")


def test_base_of_a_group_and_of_a_mark(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    session, person = one(township, "session"), one(township, "learner", "周桂兰")
    township("edit", session, "start=08:00", "--why", "核对")
    village("edit", session, "end=11:00")
    mark(township, session, person, "A")
    mark(village, session, person, "L", minutes=60)
    submitted.carry(village, township)
    found = full(township, session, "end")
    assert (found["field"], found["base"]) == ("time", {"start": "09:00", "end": "10:30"})
    found = full(township, session, f"a:{person}")
    assert found["base"] == ["P", None, None, None]
    assert found["field_label"] == "考勤 · 周*兰"
    adds = {row["value"][0]: row["adds"] for row in found["values"]}
    assert adds == {"A": {"S01": 0, "S05": 0}, "L": {"S01": 1, "S05": 60}}
    assert found["depends"]["figures"] == ["S01", "S05"]
    assert found["depends"]["months"] == ["2026-03"]


def test_who_when_why_and_on_which_computer(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    clerk = village.capture(document("staff", **NAME))["ids"]["operator"]["o1"]
    session = one(township, "session")
    township("edit", session, "notes=镇里", "--why", "与签到表核对")
    village("--operator", clerk, "edit", session, "notes=村里")
    submitted.carry(village, township)
    rows = {row["unit"]: row for row in full(township, session, "notes")["values"]}
    known = {row["unit"]: row["fingerprint"] for row in township("devices")["devices"]}
    assert (rows[VILLAGE]["operator_name"], rows[VILLAGE]["unit_name"]) == ("林小芳", "荣庄村委会")
    assert {unit: row["computer"] for unit, row in rows.items()} == {
        unit: known[unit] for unit in (VILLAGE, TOWNSHIP)
    }
    assert (rows[TOWNSHIP]["why"], rows[VILLAGE]["why"]) == ("与签到表核对", None)
    assert all(row["at"].startswith("2026-04-02") and row["knew"] == [] for row in rows.values())


def test_what_hangs_on_a_record(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    activity = one(township, "activity")
    village("submit", "--period", "2026-03")
    township("edit", activity, "title=镇里的班", "--why", "核对")
    village("edit", activity, "title=村里的班")
    submitted.carry(village, township)
    depends = full(township, activity, "title")["depends"]
    assert depends["children"] == {"enrolment": 3, "session": 1}
    assert (depends["marks"], depends["months"]) == (2, ["2026-03"])
    assert (depends["handed_in"], depends["figures"]) == (["2026-03"], [])


def test_private_values_are_masked_unless_revealed_for_a_reason(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    person = one(township, "learner", "周桂兰")
    township("edit", person, "mobile=14400000122", "--why", "核对")
    village("edit", person, "mobile=14400000111")
    submitted.carry(village, township)
    found = full(township, person, "mobile")
    assert (found["masked"], found["label"]) == (True, "周*兰")
    assert {row["value"] for row in found["values"]} == {"144****0122", "144****0111"}
    assert "14400000111" not in json.dumps(found)
    words = ("conflict", person, "mobile", "--reveal")
    assert township.refuses(*words) == "reveal_reason_missing"
    found = full(township, person, "mobile", "--reveal", "--why", "核对电话")
    assert {row["value"] for row in found["values"]} == {"14400000122", "14400000111"}
    (note,) = township("learner", "reveals")["reveals"]
    assert (note["what"]["why"], note["what"]["records"]) == ("核对电话", [person])


def test_a_deletion_lists_every_edit_that_it_did_not_know(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    session = one(township, "session")
    township("delete", session, "--why", "重复登记")
    village("edit", session, "notes=改")
    village("edit", session, "start=08:30")
    submitted.carry(village, township)
    found = full(township, session, "_deleted")
    rows = {str(row["value"]): row for row in found["values"] if row["value"] is True}
    assert rows["True"]["why"] == "重复登记"
    edits = [row for row in found["values"] if row["value"] == "edited"]
    changes = sorted((row["changes"] for row in edits), key=lambda row: str(row[0]["field"]))
    assert [(row[0]["field"], row[0]["before"], row[0]["after"]) for row in changes] == [
        ("notes", None, "改"),
        ("time", {"start": "09:00", "end": "10:30"}, {"start": "08:30", "end": "10:30"}),
    ]
    first, second = (next(r for r in edits if r["changes"][0]["field"] == f)
                     for f in ("notes", "time"))  # fmt: skip
    assert (first["knew"], second["knew"]) == ([], [first["op"]])
    assert (found["base"], found["shown"]) == (None, False)


@pytest.mark.parametrize("keep", [True, "edited"])
def test_children_go_or_come_back_with_a_disputed_record(submitted: Line, keep: object) -> None:
    village, township = submitted.village, submitted.township
    activity = one(township, "activity")
    township("delete", activity, "--why", "重复登记")
    village("edit", activity, "title=改名")
    later = {
        **small_class()["sessions"][0],
        "activity": activity,
        "ref": "s9",
        "date": "2026-03-20",
    }
    village.capture(document("late", sessions=[later]))
    submitted.carry(village, township)
    (conflict,) = township("conflicts")["conflicts"]
    chosen = next(row["op"] for row in conflict["values"] if row["value"] == keep)
    township("resolve", activity, "_deleted", "--keep", chosen)
    submitted.carry(township, village)
    for desk in (village, township):
        counts = [desk("list", kind)["total"] for kind in ("activity", "session", "enrolment")]
        assert counts == ([0, 0, 0] if keep is True else [1, 2, 3])
        assert desk("conflicts")["conflicts"] == []
        assert desk.is_sound()
    assert village.state() == township.state(VILLAGE)


def test_what_is_not_disputed_cannot_be_shown(submitted: Line) -> None:
    session = one(submitted.township, "session")
    assert submitted.township.refuses("conflict", session, "notes") == "conflict_unknown"


# Two decisions in flight

Edit = Callable[[Desk, str], None]


def _notes(desk: Desk, who: str) -> tuple[str, str]:
    session = one(desk, "session")
    desk("edit", session, f"notes={who}", "--why", "核对")
    return session, "notes"


def _time(desk: Desk, who: str) -> tuple[str, str]:
    session = one(desk, "session")
    value = {"甲": ("08:00", "09:00"), "乙": ("18:00", "19:00")}[who]
    desk("edit", session, f"start={value[0]}", f"end={value[1]}", "--why", "核对")
    return session, "time"


def _mobile(desk: Desk, who: str) -> tuple[str, str]:
    person = one(desk, "learner", "周桂兰")
    desk("edit", person, f"mobile=1440000010{'甲乙'.index(who)}", "--why", "核对")
    return person, "mobile"


def _mark(desk: Desk, who: str) -> tuple[str, str]:
    session, person = one(desk, "session"), one(desk, "learner", "周桂兰")
    mark(desk, session, person, {"甲": "A", "乙": "E"}[who])
    return session, f"a:{person}"


class Three:
    """Two computers of a village and the township's, and files between them."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.first, self.township = line.village, line.township
        self.second = opened(line.township, VILLAGE, line.place / "second")
        line.carry(self.second, self.township)
        line.carry(self.township, self.second)
        self.desks = (self.first, self.second, self.township)

    def meet(self) -> None:
        """Carry everything up, then down."""
        for desk in (self.first, self.second):
            self.line.carry(desk, self.township)
        for desk in (self.first, self.second):
            self.line.carry(self.township, desk)


def seen_at(desk: Desk, record: str) -> str:
    """Return what a desk shows of a record, in an order that is everybody's."""
    found = desk("show", record)["record"]
    found.get("rows", []).sort(key=lambda row: row["learner"])
    return json.dumps(found, sort_keys=True)


@pytest.mark.parametrize(
    ("dispute", "backwards"),
    [(_notes, False), (_notes, True), (_time, False), (_mobile, True), (_mark, False)],
)
def test_two_decisions_in_flight_open_exactly_one_new_conflict(
    submitted: Line, dispute: Callable[[Desk, str], tuple[str, str]], backwards: bool
) -> None:
    three = Three(submitted)
    three.meet()
    record, register = dispute(three.first, "甲")
    dispute(three.township, "乙")
    three.meet()
    keep = {}
    for desk in three.desks:
        (conflict,) = desk("conflicts")["conflicts"]
        keep = {row["unit"]: row["op"] for row in conflict["values"]}
    texts = [json.dumps(row["value"]) for row in conflict["values"]]
    three.first("resolve", record, register, "--keep", keep[VILLAGE])
    three.township.now = "2026-04-09T10:00:00+08:00"  # a later decision is no better one
    three.township("resolve", record, register, "--keep", keep[TOWNSHIP])
    stick = submitted.stick
    files = [
        three.first.pack(VILLAGE, stick / "peer"),
        three.township.pack(VILLAGE, stick / "down"),
    ]
    three.second.receive(*(files[::-1] if backwards else files))
    three.meet()
    for desk in three.desks:
        (conflict,) = desk("conflicts")["conflicts"]
        assert (conflict["record"], conflict["field"]) == (record, register)
        assert sorted(json.dumps(row["value"]) for row in conflict["values"]) == sorted(texts)
        assert not {row["op"] for row in conflict["values"]} & set(keep.values())
        found = full(desk, record, register)
        assert found["base_disputed"] is True
        assert all(len(row["saw"]) == 2 for row in found["values"])
    three.second("resolve", record, register, "--keep", conflict["values"][0]["op"])
    three.meet()
    assert len({seen_at(desk, record) for desk in three.desks}) == 1
    for desk in three.desks:
        assert desk("conflicts")["conflicts"] == []
        assert desk.state(VILLAGE) == three.township.state(VILLAGE)
        assert desk.is_sound()


def test_the_same_decision_twice_opens_nothing(submitted: Line) -> None:
    three = Three(submitted)
    three.meet()
    record, register = _time(three.first, "甲")
    _time(three.township, "乙")
    three.meet()
    (conflict,) = three.first("conflicts")["conflicts"]
    for desk in three.desks:
        desk("resolve", record, register, "--keep", conflict["values"][1]["op"])
    three.meet()
    for desk in three.desks:
        assert desk("conflicts")["conflicts"] == []


# The ledger


def rows_of(path: Path) -> list[list[Any]]:
    """Return the rows of a workbook below its heading and column titles."""
    sheet = load_workbook(path).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_the_ledger_tells_open_and_settled_conflicts(
    submitted: Line, tmp_path: Path, qapp: object
) -> None:
    del qapp
    village, township = submitted.village, submitted.township
    session, person = one(township, "session"), one(township, "learner", "周桂兰")
    township("edit", session, "notes=镇里", "--why", "核对")
    village("edit", session, "notes=村里")
    township("edit", person, "mobile=14400000122", "--why", "核对")
    village("edit", person, "mobile=14400000111")
    submitted.carry(village, township)
    township("resolve", session, "notes", "--value", '"=两处都对"', "--why", "两处都有道理")
    book = tmp_path / "冲突.xlsx"
    words = ("report", "conflicts", "--period", "2026-03", "--out")
    assert township(*words, book)["cells"] > 10
    opened_, settled = rows_of(book)
    assert opened_[1:4] == ["周*兰", "手机", "未决"]
    assert "144****0122" in opened_[4]
    assert "14400000122" not in opened_[4]
    assert opened_[5:] == [None] * 4
    assert settled[1:4] == ["2026-03-03 · 书法班", "备注", "已决"]
    assert "镇里 — " in settled[4]
    assert "村里 — 荣庄村委会, 2026-04-02T10:00" in settled[4]
    assert settled[5] == "=两处都对"
    assert settled[7:] == ["2026-04-02", "两处都有道理"]
    assert township(*words, tmp_path / "冲突.pdf")["cells"] > 10
    township(*words, book, "--reveal", "--why", "上报")
    assert "14400000122" in rows_of(book)[0][4]
    (note,) = township("learner", "reveals")["reveals"]
    assert (note["what"]["report"], note["what"]["why"]) == ("conflicts", "上报")
    township("report", "conflicts", "--period", "2025", "--out", book)
    assert [row[2] for row in rows_of(book)] == ["手机"]


def test_verdicts_and_locks_stand_in_words(submitted: Line) -> None:
    """Two computers of the township that did not know of each other decided otherwise."""
    township, county = submitted.township, submitted.county
    copy = twin_of(township, submitted.place / "copy")
    session = one(township, "session")
    township("approve", session)
    copy("reject", session, "--why", "没有这次活动")
    submitted.carry(copy, county)
    submitted.carry(township, county)
    state = "review.township.state"
    found = full(county, session, state)
    assert found["field_label"] == "乡镇(街道)审核意见"
    with county.open(write=False) as workspace:
        shown = {value_text(workspace, "session", state, row["value"]) for row in found["values"]}
        lock = ("submission", "review.township.lock")
        locked = [
            value_text(workspace, *lock, ["2026-03", *heads]) for heads in ([["x", 1, "y"]], [OPEN])
        ]
        assert register_label(workspace, *lock) == "乡镇(街道)锁定"
        assert register_label(workspace, "submission", "lock") == "锁定"
    assert shown == {"已通过", "不采纳"}
    assert locked == ["2026-03 已锁定", "2026-03 未锁定"]
