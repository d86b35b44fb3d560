"""Corrections from above: seen below, left, overwritten with a reason, or objected to."""

from typing import Any

import pytest

from tests.desks import SISTER, TOWNSHIP, VILLAGE, Desk, Line, codes_of, document, small_class


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


def corrected(line: Line, *fields: str, kind: str = "session", query: str = "") -> str:
    """Let the township correct a record of the village, and the village learn of it."""
    record = one(line.township, kind, query)
    line.township("edit", record, *fields, "--why", "与签到表核对")
    line.carry(line.township, line.village)
    return record


def rows_of(desk: Desk) -> list[dict[str, Any]]:
    """Return the corrections that a desk lists."""
    rows: list[dict[str, Any]] = desk("corrections")["corrections"]
    return rows


def test_the_village_sees_what_was_corrected_by_whom_and_why(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    assert rows_of(village) == []
    session = corrected(submitted, "start=08:30", "notes=镇里补记")
    found = {row["field"]: row for row in rows_of(village)}
    assert set(found) == {"time", "notes"}
    row = found["time"]
    assert row["before"] == {"start": "09:00", "end": "10:30"}
    assert row["after"] == {"start": "08:30", "end": "10:30"}
    assert (row["record"], row["kind"], row["by"]) == (session, "session", TOWNSHIP)
    assert (row["reason"], row["state"], row["new"]) == ("与签到表核对", "accepted", True)
    assert row["label"] == "2026-03-03 · 书法班"
    assert (found["notes"]["before"], found["notes"]["after"]) == (None, "镇里补记")
    assert [r["op"] for r in rows_of(township)] == [r["op"] for r in rows_of(village)]
    assert not any(r["new"] for r in rows_of(township))


def test_what_was_seen_is_no_longer_new(submitted: Line) -> None:
    village = submitted.village
    corrected(submitted, "notes=一")
    assert [row["new"] for row in village("corrections", "--seen")["corrections"]] == [True]
    assert [row["new"] for row in rows_of(village)] == [False]
    corrected(submitted, "notes=二")
    assert [(r["after"], r["new"]) for r in rows_of(village)] == [("一", False), ("二", True)]
    assert [r["state"] for r in rows_of(village)] == ["superseded", "accepted"]


def test_private_values_of_corrections_are_masked(submitted: Line) -> None:
    corrected(submitted, "mobile=14400000188", kind="learner", query="周桂兰")
    (row,) = rows_of(submitted.village)
    assert (row["after"], row["label"]) == ("144****0188", "周*兰")


def test_what_the_township_entered_itself_corrects_nobody(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    extra = {"learners": [{"ref": "x1", "name": "孙有田", "sex": "M", "birth": "1950"}]}
    township.capture(document("town", unit=VILLAGE, **extra))
    person = one(township, "learner", "孙有田")
    township("edit", person, "education=20", "--why", "补登")
    submitted.carry(township, village)
    assert rows_of(village) == []
    village("edit", person, "education=30")


def test_a_corrected_field_is_overwritten_for_a_reason_only(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    session = corrected(submitted, "notes=镇里")
    before = village.dump()
    answer = village("edit", session, "notes=村里", code=1)
    assert codes_of(answer) == ["CORRECTION_OVERWRITTEN"]
    assert village.dump() == before
    village("edit", session, "end=10:40")
    village("edit", session, "notes=村里", "--why", "以现场为准")
    assert village("show", session)["record"]["notes"] == "村里"
    assert [row["state"] for row in rows_of(village)] == ["superseded"]
    submitted.carry(village, township)
    assert township("conflicts")["conflicts"] == []
    assert [row["state"] for row in rows_of(township)] == ["superseded"]
    village("edit", session, "notes=村里再改")


def test_a_reason_is_good_for_one_correction(submitted: Line) -> None:
    village = submitted.village
    session = corrected(submitted, "notes=镇里")
    word = "CORRECTION_OVERWRITTEN=以现场为准"
    village("edit", session, "notes=村里", "--reason", word)
    submitted.carry(village, submitted.township)
    corrected(submitted, "notes=镇里又改")
    assert codes_of(village("edit", session, "notes=村里", code=1)) == ["CORRECTION_OVERWRITTEN"]
    village("edit", session, "notes=村里", "--reason", "CORRECTION_OVERWRITTEN=又核对过一次")
    assert village("show", session)["record"]["notes"] == "村里"


def test_marks_are_protected_like_fields(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    session, person = one(township, "session"), one(township, "learner", "周桂兰")
    row: dict[str, Any] = {"learner": person, "status": "A"}
    calls: dict[str, Any] = {"rollcalls": [{"session": session, "rows": [row]}]}
    township.capture(document("calls", **calls))
    submitted.carry(township, village)
    (found,) = rows_of(village)
    assert (found["field"], found["before"][0], found["after"][0]) == (f"a:{person}", "P", "A")
    same = document("again", **calls)
    assert village.capture(same)["operations"] == 0
    row["status"] = "P"
    assert codes_of(village.capture(document("again", **calls), code=1)) == [
        "CORRECTION_OVERWRITTEN"
    ]
    calls["rollcalls"][0]["reasons"] = {"CORRECTION_OVERWRITTEN": "本人到场签字"}
    assert village.capture(document("again", **calls))["operations"] == 1


@pytest.mark.parametrize(
    ("fields", "field", "kind", "query"),
    [
        (["notes=镇里"], "notes", "session", ""),
        (["start=08:30"], "end", "session", ""),
        (["mobile=14400000188"], "mobile", "learner", "周桂兰"),
        (["birth=1957-01-02"], "birth", "learner", "周桂兰"),
    ],
)
def test_an_objection_opens_a_conflict_at_both_desks_until_the_township_decides(
    submitted: Line, fields: list[str], field: str, kind: str, query: str
) -> None:
    village, township = submitted.village, submitted.township
    record = one(township, kind, query)
    former = village("show", record)["record"]
    corrected(submitted, *fields, kind=kind, query=query)
    assert village("object", record, field, "--why", "当天是九点开始的")["operations"] == 1
    assert village("show", record)["record"] == {
        **former, "conflicts": village("show", record)["record"]["conflicts"]
    }  # fmt: skip
    submitted.carry(village, township)
    for desk in (village, township):
        assert {row["state"] for row in rows_of(desk)} == {"objected"}
        assert desk("conflicts")["total"] >= 1
        assert desk("quarantine")["items"] == []
    (register,) = {row["field"] for row in rows_of(township)}
    full = township("conflict", record, register)["conflict"]
    by_unit = {row["unit"]: row for row in full["values"]}
    assert by_unit[VILLAGE]["why"] == "当天是九点开始的"
    assert by_unit[TOWNSHIP]["why"] == "与签到表核对"
    assert full["base"] == by_unit[VILLAGE]["value"]
    township("resolve", record, register, "--keep", by_unit[TOWNSHIP]["op"])
    submitted.carry(township, village)
    for desk in (village, township):
        assert desk("conflicts")["conflicts"] == []
        assert desk.is_sound()
    assert village.state() == township.state(VILLAGE)
    corrections = [row for row in rows_of(village) if row["field"] == register]
    assert {row["state"] for row in corrections} == {"accepted"}
    assert village.refuses("object", record, field, "--why", "再说一次") == "correction_decided"


def test_the_township_may_follow_the_objection(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    session = corrected(submitted, "start=08:30")
    village("object", session, "start", "--why", "九点")
    submitted.carry(village, township)
    (conflict,) = township("conflicts")["conflicts"]
    own = next(row["op"] for row in conflict["values"] if row["unit"] == VILLAGE)
    township("resolve", session, "time", "--keep", own)
    submitted.carry(township, village)
    for desk in (village, township):
        assert desk("show", session)["record"]["start"] == "09:00"
        assert desk("conflicts")["conflicts"] == []
        assert [row["state"] for row in rows_of(desk)] == ["superseded"]
    village("edit", session, "start=09:10")


def test_whoever_objects_does_not_decide(submitted: Line) -> None:
    village = submitted.village
    session = corrected(submitted, "notes=镇里")
    village("object", session, "notes", "--why", "不对")
    (conflict,) = village("conflicts")["conflicts"]
    by_unit = {row["unit"]: row["op"] for row in conflict["values"]}
    for words in (["--keep", by_unit[VILLAGE]], ["--value", '"折中"']):
        assert village.refuses("resolve", session, "notes", *words) == "objection_pending"
    village("resolve", session, "notes", "--keep", by_unit[TOWNSHIP])
    assert village("show", session)["record"]["notes"] == "镇里"


def test_an_objection_is_taken_back_by_undoing_it(submitted: Line) -> None:
    village = submitted.village
    session = corrected(submitted, "notes=镇里")
    done = village("object", session, "notes", "--why", "不对")
    village("undo", str(done["change"]))
    assert village("conflicts")["conflicts"] == []
    assert village("show", session)["record"]["notes"] == "镇里"
    assert [row["state"] for row in rows_of(village)] == ["accepted"]
    assert village.refuses("object", session, "notes", "--why", "还是") == "correction_unknown"
    assert codes_of(village("edit", session, "notes=村里", code=1)) == ["CORRECTION_OVERWRITTEN"]


def test_a_correction_is_taken_back_although_there_is_an_objection(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    session = corrected(submitted, "notes=镇里")
    village("object", session, "notes", "--why", "不对")
    submitted.carry(village, township)
    township("undo")
    submitted.carry(township, village)
    for desk in (village, township):
        assert desk("conflicts")["conflicts"] == []
        assert "notes" not in desk("show", session)["record"]
        assert desk.is_sound()
    assert village.state() == township.state(VILLAGE)


def test_a_deletion_from_above_is_objected_to_and_everything_comes_back(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    activity = one(township, "activity")
    township("delete", activity, "--why", "重复登记")
    submitted.carry(township, village)
    for kind in ("activity", "session", "enrolment"):
        assert village("list", kind)["total"] == 0
    (row,) = [row for row in rows_of(village) if row["record"] == activity]
    assert (row["field"], row["after"], row["reason"]) == ("_deleted", True, "重复登记")
    village("object", activity, "_deleted", "--why", "这是另一个班")
    assert village("list", "activity")["total"] == 1
    submitted.carry(village, township)
    (conflict,) = township("conflicts")["conflicts"]
    own = next(row["op"] for row in conflict["values"] if row["unit"] == VILLAGE)
    township("resolve", activity, "_deleted", "--keep", own)
    submitted.carry(township, village)
    for desk in (village, township):
        assert desk("conflicts")["conflicts"] == []
        found = [desk("list", kind)["total"] for kind in ("activity", "session", "enrolment")]
        assert found == [1, 1, 3]
        assert desk.is_sound()


def test_faulty_objections_are_refused(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    session = corrected(submitted, "notes=镇里")
    assert village.refuses("object", session, "notes", "--why", " ") == "reason_missing"
    assert village.refuses("object", session, "seq", "--why", "不对") == "correction_unknown"
    assert township.refuses("object", session, "notes", "--why", "不对") == "objection_not_own"
    village("object", session, "notes", "--why", "不对")
    assert village.refuses("object", session, "notes", "--why", "不对") == "objection_open"


def test_lists_of_corrections_narrow(submitted: Line) -> None:
    corrected(submitted, "notes=镇里")
    township = submitted.township
    assert township("corrections", "--unit", VILLAGE)["total"] == 1
    assert township("corrections", "--unit", SISTER)["total"] == 0
    assert township("corrections", "--period", "2026-03")["total"] == 1
    assert township("corrections", "--period", "2025")["total"] == 0
    assert township("corrections", "--limit", "0")["corrections"] == []
