"""Single records: list, show, edit, delete, undo."""

import pytest

from tests.desks import NOW, SAMPLE, TOWNSHIP, VILLAGE, Desk, Line, document, learner, small_class


@pytest.fixture
def desk(village: Desk) -> Desk:
    """A village with the golden sample."""
    village("capture", SAMPLE)
    return village


# list


def test_lists_are_paged_and_give_the_total(desk: Desk) -> None:
    whole = desk("list", "session")
    assert whole["total"] == 8
    names = [record["id"] for record in whole["records"]]
    page = desk("list", "session", "--limit", "3", "--offset", "2")
    assert [record["id"] for record in page["records"]] == names[2:5]
    assert page["total"] == 8
    assert desk("list", "session", "--offset", "7")["records"] == whole["records"][7:]
    assert desk("list", "session", "--limit", "0")["records"] == []


@pytest.mark.parametrize(
    ("kind", "options", "total"),
    [
        ("session", ["--period", "2026-03"], 6),
        ("session", ["--period", "2026-02"], 1),
        ("session", ["--period", "2026-Q1"], 7),
        ("session", ["--period", "2025-2026"], 8),
        ("submission", ["--period", "2026-Q1"], 1),
        ("submission", ["--period", "2026-02"], 0),
        ("population", ["--period", "2025"], 1),
        ("activity", ["--period", "2026-01"], 1),
        ("activity", ["--period", "2026-Q1"], 2),
        ("enrolment", ["--period", "2026-02"], 4),
        ("site", ["--period", "2026-04"], 1),
        ("staff", ["--period", "2023"], 0),
        ("learner", ["--period", "2020"], 7),
        ("activity", ["--query", "书法"], 1),
        ("learner", ["--query", "张"], 3),
        ("learner", ["--query", "没有这人"], 0),
        ("learner", ["--unit", VILLAGE], 7),
        ("learner", ["--unit", TOWNSHIP], 7),
        ("learner", ["--unit", "410122101206"], 0),
        ("photo", [], 0),
    ],
)
def test_lists_are_filtered(desk: Desk, kind: str, options: list[str], total: int) -> None:
    assert desk("list", kind, *options)["total"] == total


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["list", "pigeon"], "kind_unknown"),
        (["list", "unit"], "kind_unknown"),
        (["list", "session", "--period", "2026-13"], "period_invalid"),
        (["list", "session", "--unit", "419999999999"], "unit_unknown"),
        (["show", "session:nothing"], "record_unknown"),
        (["show", "AAAAAAAAAAAAAAAAAAAAAA"], "record_unknown"),
        (["show", "pigeon:s1"], "record_unknown"),
        (["edit", "session:s1", "wings=2"], "field_unknown"),
        (["delete", "session:s1"], "reason_missing"),
        (["delete", "session:s1", "--why", " "], "reason_missing"),
        (["undo", "99"], "change_unknown"),
    ],
)
def test_refusals(desk: Desk, words: list[str], code: str) -> None:
    assert desk.refuses(*words) == code


# show


def test_show_and_history(desk: Desk) -> None:
    record = desk("list", "session", "--query", "2026-03-17")["records"][0]["id"]
    assert desk("show", record) == desk("show", "session:s4")
    desk("edit", "session:s4", "notes=换教室", "--why", "漏水")
    answer = desk("show", "session:s4", "--history")
    assert set(answer) == {"ok", "record", "heads", "history"}
    first, second = answer["history"]
    assert {"op", "at", "operator", "unit", "set"} <= set(first)
    assert (first["at"], first["unit"]) == (NOW, VILLAGE)
    assert answer["heads"] == [second["op"]]
    assert second["set"] == {"notes": "换教室"}
    assert second["why"] == "漏水"


def test_a_record_id_and_a_ref_are_both_understood(desk: Desk) -> None:
    ids = desk("capture", SAMPLE)["ids"]
    for kind, ref in (("learner", "l1"), ("session", "s4"), ("activity", "a1"), ("site", "p1")):
        record = ids[kind][ref]
        for name in (record, f"{kind}:{ref}", f"{kind}:{record}"):
            assert desk("show", name)["record"]["id"] == record
    newest = desk.capture(document("another", learners=[learner("l1", "周桂兰")]))
    assert desk("show", "learner:l1")["record"]["id"] == newest["ids"]["learner"]["l1"]


# edit


def test_values_on_the_command_line_have_the_type_of_their_field(desk: Desk) -> None:
    desk(
        "edit", "activity:a1", "planned_sessions=6", "topics=0501,0701", 'edu_kinds=["50"]',
        "title=2026", "closes=2026-04-30",
    )  # fmt: skip
    record = desk("show", "activity:a1")["record"]
    assert record["planned_sessions"] == 6
    assert record["topics"] == ["0501", "0701"]
    assert record["edu_kinds"] == ["50"]
    assert record["title"] == "2026"
    assert (record["opens"], record["closes"]) == ("2026-02-24", "2026-04-30")
    desk("edit", "session:s6", 'headcount={"total": 30, "basis": "counted"}', "seq=null")
    record = desk("show", "session:s6")["record"]
    assert record["headcount"] == {"total": 30, "basis": "counted"}
    assert "seq" not in record
    desk("edit", "learner:l2", "mobile=14400000199")
    assert desk("show", "learner:l2")["record"]["mobile"] == "14400000199"


def test_an_edit_is_checked_like_a_capture(desk: Desk) -> None:
    answer = desk("edit", "session:s4", "end=08:00", code=1)
    assert answer["issues"][0]["code"] == "SESSION_END_NOT_AFTER_START"
    answer = desk("edit", "session:s4", "end=09:05", code=1)
    assert [issue["code"] for issue in answer["issues"]] == ["SESSION_LENGTH_UNUSUAL"]
    answer = desk("edit", "session:s4", "end=09:05", "--reason", "SESSION_LENGTH_UNUSUAL=停电")
    assert answer["operations"] == 1
    assert desk("edit", "learner:l1", "birth=1955")["operations"] == 0


def test_birth_year_follows_an_edited_birth_day(desk: Desk) -> None:
    desk("edit", "learner:l1", "birth=1957-02-11")
    operation = desk.operations()[-1]
    assert operation.f == {"birth_year": 1957}
    assert set(operation.pf) == {"birth"}
    assert desk.value("SELECT birth_year FROM learner ORDER BY ident LIMIT 1") == 1957
    desk("edit", "learner:l1", "birth=null")
    assert desk.operations()[-1].f == {"birth_year": None}


def test_a_record_of_a_unit_below_wants_a_reason(enrolled: Line) -> None:
    enrolled.village.capture(small_class())
    enrolled.carry(enrolled.village, enrolled.township)
    session = enrolled.township("list", "session")["records"][0]["id"]
    assert enrolled.township.refuses("edit", session, "notes=x") == "reason_missing"
    enrolled.township("edit", session, "notes=已核对", "--why", "与签到表不符")
    row = enrolled.carry(enrolled.township, enrolled.village)
    assert (row["fast_forward"], row["quarantined"]) == (1, 0)
    last = enrolled.village.history(session)[-1]
    assert (last["unit"], last["why"], last["set"]) == (
        TOWNSHIP, "与签到表不符", {"notes": "已核对"},
    )  # fmt: skip


# delete and undo


def test_delete_and_undo_bring_back_the_children(desk: Desk) -> None:
    before = desk("list", "session")["records"]
    marks = desk.rows("SELECT status FROM mark ORDER BY session, learner")
    answer = desk("delete", "activity:a1", "--why", "停办")
    assert answer["deleted"] == {"activity": 1, "enrolment": 5, "session": 5}
    assert desk("list", "session")["total"] == 3
    assert desk("show", "activity:a1")["record"]["deleted"] is True
    assert desk.refuses("edit", "activity:a1", "title=x") == "record_deleted"
    assert desk.refuses("delete", "activity:a1", "--why", "再次") == "record_deleted"
    assert desk("undo")["operations"] == 11
    assert desk("list", "session")["records"] == before
    assert desk.rows("SELECT status FROM mark ORDER BY session, learner") == marks
    assert "deleted" not in desk("show", "activity:a1")["record"]
    assert desk.is_sound()


def test_undoing_a_create_deletes_and_undoing_an_edit_gives_the_former_value(desk: Desk) -> None:
    made = desk.capture(document("new", learners=[learner("n1", "周桂兰", mobile="14400000111")]))
    record = made["ids"]["learner"]["n1"]
    first = desk.operations()[-1].pf
    edited = desk("edit", record, "mobile=14400000122", "sex=M", "address=三组")
    undone = desk("undo", str(edited["change"]))
    assert (undone["operations"], undone["issues"]) == (1, [])
    last = desk.operations()[-1]
    assert last.k == "learner.undo"
    assert last.f == {"sex": "F"}
    assert last.pf == {"mobile": first["mobile"], "address": None}
    shown = desk("show", record)["record"]
    assert (shown["mobile"], shown["sex"]) == ("14400000111", "F")
    assert "address" not in shown
    assert desk("list", "learner")["total"] == 8
    desk("undo", str(made["change"]))
    assert desk("list", "learner")["total"] == 7
    assert desk.operations()[-1].f == {"_deleted": True}


def test_undo_without_a_number_takes_the_last_change_not_yet_undone(desk: Desk) -> None:
    desk("edit", "session:s4", "notes=一")
    desk("edit", "session:s4", "notes=二")
    desk("undo")
    assert desk("show", "session:s4")["record"]["notes"] == "一"
    desk("undo")
    assert "notes" not in desk("show", "session:s4")["record"]
    desk("undo")
    for kind in ("session", "learner", "site", "submission"):
        assert desk("list", kind)["total"] == 0
    assert desk.refuses("undo") == "change_unknown"
    assert desk.is_sound()


def test_a_change_is_undone_once_but_an_undoing_may_be_undone(desk: Desk) -> None:
    change = desk("edit", "session:s4", "notes=一")["change"]
    undone = desk("undo", str(change))["change"]
    assert desk.refuses("undo", str(change)) == "change_undone"
    desk("undo", str(undone))
    assert desk("show", "session:s4")["record"]["notes"] == "一"
    assert desk.refuses("undo", str(undone)) == "change_undone"
    desk("undo")
    assert "notes" not in desk("show", "session:s4")["record"]


def test_undo_is_refused_when_the_value_was_written_again(desk: Desk) -> None:
    first = desk("edit", "session:s4", "start=08:30")["change"]
    desk("edit", "session:s4", "end=11:00")
    assert desk.refuses("undo", str(first)) == "changed_since"
    other = desk("edit", "session:s5", "notes=一")["change"]
    desk("edit", "session:s5", "seq=9")
    desk("undo", str(other))
    record = desk("show", "session:s5")["record"]
    assert "notes" not in record
    assert record["seq"] == 9


def test_undo_of_a_creation_is_refused_when_somebody_has_added_to_the_record(desk: Desk) -> None:
    made = desk.capture(document("new", learners=[learner("n1", "周桂兰")]))
    desk("edit", made["ids"]["learner"]["n1"], "address=三组")
    assert desk.refuses("undo", str(made["change"])) == "changed_since"


def test_undo_of_a_creation_is_refused_while_something_hangs_under_it(desk: Desk) -> None:
    site = {"ref": "n1", "name": "新点", "kinds": ["v_point"], "opened": "2026-01-01"}
    made = desk.capture(document("new", sites=[site]))
    activity = {
        "ref": "n2", "title": "新班", "site": "n1", "kind": "03", "edu_kinds": ["50"],
        "topics": ["0701"], "delivery": "10",
    }  # fmt: skip
    desk.capture(document("new", activities=[activity]))
    assert desk.refuses("undo", str(made["change"])) == "changed_since"


def test_undo_of_a_withdrawn_mark_puts_it_back(desk: Desk) -> None:
    rows = [{"learner": "l1", "status": None}, {"learner": "l2", "status": "A"}]
    content = {**document("rongzhuang-desk"), "rollcalls": [{"session": "s2", "rows": rows}]}
    change = desk.capture(content)["change"]
    assert len(desk("show", "session:s2")["record"]["rows"]) == 3
    desk("undo", str(change))
    found = desk("show", "session:s2")["record"]["rows"]
    assert sorted((row["status"], row.get("minutes")) for row in found) == [
        ("L", 60), ("P", None), ("P", None), ("X", None),
    ]  # fmt: skip
