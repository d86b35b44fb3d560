"""Capture: what a file makes of records and operations, and what it is refused for."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.ids import b64, capture_id, unb64
from tests.desks import (
    SAMPLE,
    SISTER,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    changed,
    codes_of,
    document,
    found_village,
    learner,
    small_class,
)

NAMES = ("周桂兰", "吴建国", "郑秀英")


def id_number(body: str) -> str:
    """Return an ID number with its check character, for 17 given digits."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


# The golden sample


def test_sample_makes_one_operation_per_record(village: Desk) -> None:
    answer = village("capture", SAMPLE)
    assert answer["created"] == {
        "operator": 1, "site": 2, "population": 2, "staff": 1, "venue": 1, "learner": 7,
        "activity": 2, "enrolment": 5, "session": 8, "submission": 1,
    }  # fmt: skip
    assert answer["updated"] == answer["same"] == answer["deleted"] == {}
    assert answer["operations"] == 30
    assert codes_of(answer) == ["SESSION_HEADCOUNT_ONLY"]
    assert answer["ids"]["learner"]["l1"] == b64(
        capture_id(VILLAGE, "rongzhuang-desk", "learner", "l1")
    )
    assert {operation.verb for operation in village.operations()} == {"create"}
    assert village.is_sound()


def test_the_same_file_again_changes_nothing(village: Desk) -> None:
    first = village("capture", SAMPLE)
    before = village.dump()
    again = village("capture", SAMPLE)
    assert again["same"] == first["created"]
    assert again["ids"] == first["ids"]
    assert again["created"] == again["updated"] == {}
    assert again["operations"] == 0
    assert again["change"] is None
    assert village.dump() == before


def test_only_changed_registers_are_written(village: Desk) -> None:
    village.capture(small_class())
    held = len(village.lines())
    answer = village.capture(changed(small_class(), "activities", 0, title="毛笔书法班"))
    assert answer["updated"] == {"activity": 1}
    assert answer["same"] == {"site": 1, "learner": 3, "enrolment": 3, "session": 1}
    (operation,) = village.operations(held)
    assert operation.k == "activity.edit"
    assert operation.writes() == {"title": "毛笔书法班"}


def test_fields_left_out_stay_and_null_clears(village: Desk) -> None:
    village.capture(document(learners=[learner("l1", "周桂兰", mobile="14400000101")]))
    village.capture(document(learners=[{"ref": "l1", "name": "周桂兰", "sex": "F"}]))
    record = village("show", "learner:l1")["record"]
    assert record["mobile"] == "14400000101"
    village.capture(
        document(learners=[{"ref": "l1", "name": "周桂兰", "sex": "F", "mobile": None}])
    )
    assert "mobile" not in village("show", "learner:l1")["record"]
    assert village.operations()[-1].pf == {"mobile": None}


def test_the_same_ref_on_another_computer_is_the_same_record(tmp_path: Path) -> None:
    first, second = found_village(tmp_path / "1"), found_village(tmp_path / "2")
    assert first("capture", SAMPLE)["ids"] == second("capture", SAMPLE)["ids"]
    other = document("another desk", learners=[learner("l1", "周桂兰")])
    assert first.capture(other)["created"] == {"learner": 1}


# All or nothing


def broken() -> dict[str, Any]:
    """A class whose second learner has an impossible sex; much depends on her."""
    return changed(small_class(), "learners", 1, sex="Q")


def test_one_error_keeps_everything_out(village: Desk) -> None:
    before = village.dump()
    answer = village.capture(broken(), code=1)
    assert answer["ok"] is False
    assert answer["error"]["code"] == "capture_refused"
    assert answer["created"] == answer["ids"] == {}
    assert answer["operations"] == 0
    assert village.dump() == before


def test_keep_good_leaves_out_the_error_and_what_depends_on_it(village: Desk) -> None:
    answer = village.capture(broken(), "--keep-good", code=1)
    assert answer["created"] == {"site": 1, "learner": 2, "activity": 1, "enrolment": 2}
    found = {(issue["kind"], issue["code"]) for issue in answer["issues"]}
    assert found == {
        ("learner", "CODE_UNKNOWN"), ("enrolment", "REF_UNKNOWN"), ("session", "REF_UNKNOWN"),
    }  # fmt: skip
    said = [issue["message"] for issue in answer["issues"] if issue["code"] == "REF_UNKNOWN"]
    refs = [entry["ref"] for section in ("learners", "sessions") for entry in broken()[section]]
    assert all(any(f"“{ref}”" in text for ref in refs) for text in said), said
    assert village("list", "session")["total"] == 0
    assert village.is_sound()
    mended = village.capture(small_class())
    assert mended["created"] == {"learner": 1, "enrolment": 1, "session": 1}


def test_refused_activity_takes_sessions_enrolments_and_photos_along(
    village: Desk, tmp_path: Path
) -> None:
    (tmp_path / "wide.jpg").write_bytes(b"wide view")
    content = changed(small_class(), "activities", 0, delivery="nonsense")
    content["photos"] = [{"ref": "f1", "target": "s1", "kind": "wide", "file": "wide.jpg"}]
    path = tmp_path / "entries.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    answer = village("capture", path, "--keep-good", code=1)
    assert answer["created"] == {"site": 1, "learner": 3}
    assert not (village.folder / "media").exists()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "capture_malformed"),
        (b"[]", "capture_malformed"),
        (b'{"v":1,"source":"x","v":1}', "capture_malformed"),
        (b'{"v":1,"source":"x","population":[{"year":2025.5}]}', "capture_malformed"),
        (b'{"v":1,"source":"x","population":[{"year":NaN}]}', "capture_malformed"),
        (b'{"v":1,"source":"x","population":[{"year":9007199254740993}]}', "capture_malformed"),
        (b'{"v":1,"source":"\\ud800"}', "capture_malformed"),
        (b'{"v":1,"source":"\xff"}', "capture_malformed"),
        (b'{"v":1,"source":"x","sites":' + b"[" * 5000 + b"]" * 5000 + b"}", "capture_malformed"),
        (b'{"v":1,"source":"x","sites":{}}', "capture_malformed"),
        (b'{"v":1,"source":"x","sites":[1]}', "capture_malformed"),
        (b'{"v":1,"source":"x","crowd":[]}', "capture_key_unknown"),
        (b'{"v":2,"source":"x"}', "capture_version"),
        (b'{"v":true,"source":"x"}', "capture_version"),
        (b'{"source":"x"}', "capture_version"),
        (b'{"v":1}', "capture_source_missing"),
        (b'{"v":1,"source":"x","unit":"419999999999"}', "unit_unknown"),
        (b'{"v":1,"source":"x","unit":"410122101206"}', "unit_not_below"),
    ],
)  # fmt: skip
def test_hostile_or_foreign_documents_are_refused(village: Desk, raw: bytes, code: str) -> None:
    assert village.refuses("capture", "-", stdin=raw) == code


@pytest.mark.parametrize(
    ("section", "extra"),
    [
        ("learners", {"shoe_size": 41}),
        ("learners", {"birth_year": 1956}),
        ("activities", {"status": "held"}),
        ("enrolments", {"score": 90}),
        ("sessions", {"headcount": {"total": 3, "basis": "counted", "dogs": 1}}),
        ("rollcalls", {"weather": "rain"}),
        ("rollcalls", {"rows": [{"learner": "l1", "status": "P", "mood": "fine"}]}),
    ],
)
def test_unknown_keys_are_refused(village: Desk, section: str, extra: dict[str, Any]) -> None:
    answer = village.capture(changed(small_class(), section, 0, **extra), code=1)
    assert "KEY_UNKNOWN" in codes_of(answer)
    assert village.lines() == []


# Warnings, notes, reasons


def test_a_warning_needs_its_reason(village: Desk) -> None:
    short = changed(small_class(), "sessions", 0, end="09:10")
    refused = village.capture(short, code=1)
    assert codes_of(refused) == ["SESSION_LENGTH_UNUSUAL"]
    assert refused["issues"][0]["severity"] == "warning"
    assert refused["issues"][0]["reason_given"] is False
    for wrong in ({"SESSION_TOO_LONG": "短课"}, {"SESSION_LENGTH_UNUSUAL": "  "}):
        assert village.capture(changed(short, "sessions", 0, reasons=wrong), code=1)["ok"] is False
    right = changed(short, "sessions", 0, reasons={"SESSION_LENGTH_UNUSUAL": "停电"})
    answer = village.capture(right)
    assert codes_of(answer) == ["SESSION_LENGTH_UNUSUAL"]
    assert answer["issues"][0]["reason_given"] is True
    assert village("show", "session:s1")["record"]["reasons"] == {"SESSION_LENGTH_UNUSUAL": "停电"}
    again = village("edit", "session:s1", "notes=短课")
    assert again["issues"][0]["reason_given"] is True


def test_reasons_are_allowed_on_every_kind(village: Desk) -> None:
    content = json.loads(SAMPLE.read_text(encoding="utf-8"))
    for section, entries in content.items():
        for entry in entries if isinstance(entries, list) else []:
            entry["reasons"] = {"NO_SUCH_RULE": f"原因 {section}"}
    answer = village.capture(content)
    assert answer["operations"] == 30


def test_a_warning_of_a_roll_call_takes_its_reason_from_the_roll_call(village: Desk) -> None:
    village.capture(small_class())
    call: dict[str, Any] = {
        "session": "s1",
        "rows": [{"learner": "l1", "status": "P", "minutes": 120}],
    }
    refused = village.capture(document(rollcalls=[call]), code=1)
    assert codes_of(refused) == ["MARK_MINUTES_TOO_MANY"]
    call["reasons"] = {"MARK_MINUTES_TOO_MANY": "课后留堂"}
    assert village.capture(document(rollcalls=[call]))["updated"] == {"session": 1}


def test_an_issue_of_a_mark_names_the_learner_as_the_file_does(village: Desk) -> None:
    village.capture(small_class())
    village.capture(document(learners=[learner("l9", "王冬梅")]))
    call = {"session": "s1", "rows": [{"learner": "l9", "status": "P"}]}
    (issue,) = village.capture(document(rollcalls=[call]), code=1)["issues"]
    assert issue["code"] == "MARK_NOT_ON_ROSTER"
    assert issue["message"].startswith("l9 ")


def test_later_roll_calls_and_edits_keep_the_reasons_given_before(village: Desk) -> None:
    short = changed(small_class(), "sessions", 0, end="09:10")
    short["sessions"][0]["reasons"] = {"SESSION_LENGTH_UNUSUAL": "停电"}
    village.capture(short)
    call: dict[str, Any] = {"session": "s1", "rows": [{"learner": "l3", "status": "P"}]}
    village.capture(document(rollcalls=[call]))
    assert "reasons" not in village.operations()[-1].f
    call["rows"][0]["minutes"] = 30
    call["reasons"] = {"MARK_MINUTES_TOO_MANY": "补课"}
    village.capture(document(rollcalls=[call]))
    reasons = village("show", "session:s1")["record"]["reasons"]
    assert reasons == {"SESSION_LENGTH_UNUSUAL": "停电", "MARK_MINUTES_TOO_MANY": "补课"}


def test_errors_cannot_be_reasoned_away(village: Desk) -> None:
    wrong = changed(small_class(), "sessions", 0, end="08:00")
    wrong["sessions"][0]["reasons"] = {"SESSION_END_NOT_AFTER_START": "就是这样"}
    assert village.capture(wrong, code=1)["ok"] is False


def test_a_note_asks_for_nothing(village: Desk) -> None:
    old = learner("l1", "周桂兰", birth="1890", mobile="0371-62180000")
    answer = village.capture(document(learners=[old]))
    assert {issue["severity"] for issue in answer["issues"]} == {"note"}
    assert "AGE_OVER_120" in codes_of(answer)


# Roll calls


def test_session_and_roll_call_of_one_file_are_one_operation(village: Desk) -> None:
    answer = village.capture(small_class())
    one, two, three = (answer["ids"]["learner"][ref] for ref in ("l1", "l2", "l3"))
    (operation,) = [found for found in village.operations() if found.kind == "session"]
    assert operation.f[f"a:{one}"] == ["P", None, None, None]
    assert operation.f[f"a:{two}"] == ["L", None, None, None]
    assert operation.f["date"] == "2026-03-03"
    held = len(village.lines())
    rows = [
        {"learner": "l1", "status": "P"},
        {"learner": "l2", "status": "E", "minutes": 30, "proxy": True, "source": "sheet"},
        {"learner": "l3", "status": "A"},
    ]
    later = village.capture(document(rollcalls=[{"session": "s1", "rows": rows}]))
    assert later["updated"] == {"session": 1}
    (operation,) = village.operations(held)
    assert operation.k == "session.edit"
    assert operation.f == {
        f"a:{two}": ["E", 30, "sheet", True], f"a:{three}": ["A", None, None, None],
    }  # fmt: skip
    marks = village.rows("SELECT status, minutes FROM mark ORDER BY status")
    assert marks == [("A", None), ("E", 30), ("P", None)]


def test_a_mark_is_withdrawn_by_a_null_status(village: Desk) -> None:
    one = village.capture(small_class())["ids"]["learner"]["l1"]
    rows = [{"learner": "l1", "status": None}]
    village.capture(document(rollcalls=[{"session": "s1", "rows": rows}]))
    assert village.operations()[-1].f == {f"a:{one}": None}
    assert village.rows("SELECT status FROM mark") == [("L",)]
    shown = village("show", "session:s1")["record"]
    assert [row["status"] for row in shown["rows"]] == ["L"]
    again = village.capture(document(rollcalls=[{"session": "s1", "rows": rows}]))
    assert again["same"] == {"session": 1}


def test_a_repeated_mark_is_refused(village: Desk) -> None:
    rows = [{"learner": "l1", "status": "P"}, {"learner": "l1", "status": "A"}]
    answer = village.capture(changed(small_class(), "rollcalls", 0, rows=rows), code=1)
    assert "MARK_REPEATED" in codes_of(answer)


# Edits and deletes


def test_edits_and_deletes_of_a_file(village: Desk) -> None:
    ids = village.capture(small_class())["ids"]
    held = len(village.lines())
    answer = village.capture(
        document(
            edits=[
                {"kind": "session", "record": "s1", "set": {"start": "08:30"}, "why": "看错表"},
                {"kind": "learner", "record": ids["learner"]["l3"], "set": {"sex": "M"}},
            ],
            deletes=[{"kind": "learner", "record": "l2", "why": "录重了"}],
        )
    )
    assert answer["updated"] == {"session": 1, "learner": 1}
    assert answer["deleted"] == {"learner": 1}
    time, sex, gone = village.operations(held)
    assert time.f == {"time": ["08:30", "10:30"]}
    assert time.why
    assert sex.f == {"sex": "M"}
    assert (gone.k, gone.f) == ("learner.delete", {"_deleted": True})
    assert gone.why
    assert isinstance(answer["change"], int)


def test_an_edit_of_an_atomic_group_keeps_the_other_part_in_the_same_register(
    village: Desk,
) -> None:
    village.capture(small_class())
    edit = {"kind": "session", "record": "s1", "set": {"end": "11:00"}}
    village.capture(document(edits=[edit]))
    assert village.operations()[-1].f == {"time": ["09:00", "11:00"]}
    assert village.value("SELECT minutes FROM session") == 120


def test_an_edit_of_an_entry_of_the_same_file_counts(village: Desk) -> None:
    edit = {"kind": "learner", "record": "l1", "set": {"sex": "M"}}
    answer = village.capture(document(learners=[learner("l1", "周桂兰")], edits=[edit]))
    assert answer["created"] == {"learner": 1}
    assert village("show", "learner:l1")["record"]["sex"] == "M"


def test_two_edits_of_one_record_are_one_operation(village: Desk) -> None:
    village.capture(small_class())
    held = len(village.lines())
    answer = village.capture(
        document(
            edits=[
                {"kind": "session", "record": "s1", "set": {"start": "08:30"}},
                {"kind": "session", "record": "s1", "set": {"end": "10:00"}},
            ],
            rollcalls=[{"session": "s1", "rows": [{"learner": "l3", "status": "A"}]}],
        )
    )
    assert answer["updated"] == {"session": 1}
    (operation,) = village.operations(held)
    assert operation.f["time"] == ["08:30", "10:00"]
    assert len(operation.f) == 2


def test_what_was_deleted_comes_back_with_its_entry(village: Desk) -> None:
    first = village.capture(small_class())
    village("undo")
    assert village("list", "learner")["total"] == 0
    answer = village.capture(changed(small_class(), "learners", 0, name="周桂蓝"))
    assert answer["ids"] == first["ids"]
    assert answer["updated"] == first["created"]
    assert village("list", "learner")["total"] == 3
    assert village("list", "learner", "--query", "周桂蓝")["total"] == 1
    village("delete", f"enrolment:{_enrolment(village)}", "--why", "退出")
    assert village("list", "enrolment")["total"] == 2
    assert village.capture(small_class())["updated"] == {"learner": 1, "enrolment": 1}
    assert village("list", "enrolment")["total"] == 3
    assert village.is_sound()


def test_a_roll_call_of_a_deleted_session_is_refused(village: Desk) -> None:
    village.capture(small_class())
    village("delete", "session:s1", "--why", "录错")
    call = {"session": "s1", "rows": [{"learner": "l3", "status": "A"}]}
    assert codes_of(village.capture(document(rollcalls=[call]), code=1)) == ["REF_UNKNOWN"]


def test_parent_and_child_may_be_deleted_in_one_file(village: Desk) -> None:
    village.capture(small_class())
    answer = village.capture(
        document(
            deletes=[
                {"kind": "session", "record": "s1", "why": "录错"},
                {"kind": "activity", "record": "a1", "why": "停办"},
            ]
        )
    )
    assert answer["deleted"] == {"session": 1, "activity": 1, "enrolment": 3}
    assert answer["operations"] == 5


def test_a_zero_report_is_refused_beside_a_roll_call_of_a_held_session(village: Desk) -> None:
    village.capture(small_class())
    zero = [{"period": "2026-03", "zero_reason": "没有开课"}]
    call = {"session": "s1", "rows": [{"learner": "l3", "status": "A"}]}
    answer = village.capture(document(rollcalls=[call], submissions=zero), code=1)
    assert codes_of(answer) == ["SUBMISSION_NOT_EMPTY"]


@pytest.mark.parametrize(
    ("section", "entry", "code"),
    [
        ("edits", {"kind": "learner", "record": "nobody", "set": {"sex": "M"}}, "REF_UNKNOWN"),
        ("edits", {"kind": "pigeon", "record": "l1", "set": {}}, "REF_UNKNOWN"),
        ("edits", {"kind": "learner", "record": "l1", "set": {"wings": 2}}, "KEY_UNKNOWN"),
        ("edits", {"kind": "learner", "record": "l1", "set": {"sex": "M"}, "x": 1}, "KEY_UNKNOWN"),
        ("edits", {"kind": "learner", "record": "l1", "set": {"name": None}}, "REQUIRED_MISSING"),
        ("edits", {"kind": "activity", "record": "a1", "set": {"site": "p2"}}, "FIELD_IMMUTABLE"),
        ("edits", {"kind": "learner", "record": "l1", "set": ["sex"]}, "TYPE_WRONG"),
        ("deletes", {"kind": "learner", "record": "l1"}, "REQUIRED_MISSING"),
        ("deletes", {"kind": "learner", "record": "nobody", "why": "?"}, "REF_UNKNOWN"),
    ],
)
def test_faulty_edits_and_deletes_are_refused(
    village: Desk, section: str, entry: dict[str, Any], code: str
) -> None:
    content = small_class()
    second = {**content["sites"][0], "ref": "p2", "name": "第二教学点"}
    village.capture(small_class(sites=[*content["sites"], second]))
    before = village.dump()
    answer = village.capture({**document(), section: [entry]}, code=1)
    assert code in codes_of(answer)
    assert village.dump() == before


def test_deleting_takes_the_live_children_along_in_one_change(
    village: Desk, tmp_path: Path
) -> None:
    (tmp_path / "wide.jpg").write_bytes(b"wide view")
    content = small_class()
    content["photos"] = [{"ref": "f1", "target": "s1", "kind": "wide", "file": "wide.jpg"}]
    path = tmp_path / "entries.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    village("capture", path)
    village.capture(document(deletes=[{"kind": "enrolment", "record": _enrolment(village),
                                       "why": "退出"}]))  # fmt: skip
    answer = village("delete", "site:p1", "--why", "撤点")
    assert answer["deleted"] == {
        "evidence": 1, "session": 1, "enrolment": 2, "activity": 1, "site": 1,
    }  # fmt: skip
    assert answer["operations"] == 6
    for kind in ("site", "activity", "session", "enrolment", "evidence"):
        assert village("list", kind)["total"] == 0, kind
        assert village.value(f"SELECT count(*) FROM {kind} WHERE counted=1") == 0
    assert village("list", "learner")["total"] == 3
    undone = village("undo", str(answer["change"]))
    assert undone["operations"] == 6
    assert village("list", "enrolment")["total"] == 2
    assert village("list", "photo")["total"] == 1


def _enrolment(village: Desk) -> str:
    return str(village("list", "enrolment")["records"][0]["id"])


# What may not be read from the files


def test_private_values_stand_in_no_operation_and_in_no_file(village: Desk) -> None:
    village("policy", "id_numbers=on")
    number = id_number("41019919560409002")
    guardian = {
        "name": "褚卫国",
        "relation": "外祖父",
        "mobile": "14400000177",
        "date": "2026-03-01",
    }
    content = small_class(
        learners=[
            learner("l1", NAMES[0], mobile="14400000101", address="荣庄村九组十七号",
                    id_kind="111", id_number=number, sex="F"),
            learner("l2", NAMES[1], sex="M", birth="2014-11-23", guardian=guardian),
            learner("l3", NAMES[2], birth="1951-12-06"),
        ],
        operators=[{"ref": "o1", "name": "冯晓萍"}],
        staff=[{"ref": "t1", "name": "陈守信", "kinds": ["part_teacher"], "mobile": "14400000166"}],
    )  # fmt: skip
    content["operator"] = "o1"
    village.capture(content)
    village("edit", "learner:l1", "mobile=14400000188", "--why", "换号码了请核对")
    village("delete", "learner:l3", "--why", "老人家搬去郑州")
    village("undo")
    assert village("learner", "list", "--reveal", "--query", "周桂兰")["learners"]
    secrets = [
        *NAMES, "褚卫国", "外祖父", "冯晓萍", "陈守信", "荣庄村九组", number, number[:14],
        "1956-04-09", "2014-11-23", "1951-12-06", "换号码了", "搬去郑州",
        "14400000101", "14400000188", "14400000177", "14400000166",
    ]  # fmt: skip
    logged = b"\n".join(village.lines())
    stored = {
        path.relative_to(village.folder).as_posix(): path.read_bytes()
        for path in village.folder.rglob("*")
        if path.is_file()
    }
    assert any(name.endswith("-wal") or name == "learnsite.db" for name in stored)
    for secret in secrets:
        for spelling in (secret.encode("utf-8"), json.dumps(secret).strip('"').encode("ascii")):
            assert spelling not in logged, secret
            for name, raw in stored.items():
                assert spelling not in raw, f"{secret} in {name}"
    shown = village("show", "learner:l1")["record"]
    assert (shown["name"], shown["id_number"]) == (NAMES[0], number)
    assert shown["mobile"] == "14400000188"


def test_what_is_counted_stands_openly(village: Desk) -> None:
    village.capture(small_class())
    (first, *_) = [found for found in village.operations() if found.kind == "learner"]
    assert first.f == {"sex": "F", "birth_year": 1956, "residence": "local"}
    assert set(first.pf) == {"name", "birth"}


# ID numbers


def test_id_numbers_are_checked_used_and_dropped(village: Desk) -> None:
    number = id_number("41019919560409002")
    entry = {"ref": "l1", "name": "周桂兰", "id_number": number.lower()}
    answer = village.capture(document(learners=[entry]))
    assert "ID_NUMBER_DROPPED" in codes_of(answer)
    assert {issue["severity"] for issue in answer["issues"]} == {"note"}
    record = village("show", "learner:l1")["record"]
    assert (record["sex"], record["birth"]) == ("F", "1956-04-09")
    assert "id_number" not in record
    assert "identity" not in village.operations()[-1].pf
    assert village.capture(document(learners=[entry]))["same"] == {"learner": 1}


def test_a_wrong_id_number_is_an_error_even_when_it_would_be_dropped(village: Desk) -> None:
    number = id_number("41019919560409002")
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    answer = village.capture(document(learners=[learner("l1", "周桂兰", id_number=wrong)]), code=1)
    assert "ID_NUMBER_DROPPED" not in codes_of(answer) or answer["ok"] is False
    assert any(issue["field"] == "id_number" for issue in answer["issues"])
    assert village.lines() == []


def test_id_numbers_are_kept_where_policy_says_so(village: Desk) -> None:
    village("policy", "id_numbers=on")
    number = id_number("41019919560409002")
    village.capture(document(learners=[learner("l1", "周桂兰", id_number=number)]))
    record = village("show", "learner:l1")["record"]
    assert (record["id_kind"], record["id_number"]) == ("111", number)
    assert "identity" in village.operations()[-1].pf


# References, photos, units, streams


def test_references_by_ref_and_by_record_id(village: Desk) -> None:
    ids = village.capture(small_class())["ids"]
    session = {
        "ref": "s2", "activity": ids["activity"]["a1"], "date": "2026-03-10", "start": "09:00",
        "end": "10:30", "status": "held",
    }  # fmt: skip
    rows = [{"learner": ids["learner"]["l1"], "status": "P"}]
    answer = village.capture(
        document("another source", sessions=[session], rollcalls=[{"session": "s2", "rows": rows}])
    )
    assert answer["created"] == {"session": 1}
    shown = village("show", f"session:{answer['ids']['session']['s2']}")["record"]
    assert shown["activity"] == ids["activity"]["a1"]
    foreign = document("a third source", sessions=[{**session, "activity": "a1"}])
    assert "REF_UNKNOWN" in codes_of(village.capture(foreign, code=1))


def test_the_operator_stands_on_every_operation(village: Desk) -> None:
    content = small_class(operators=[{"ref": "o1", "name": "冯晓萍"}])
    ids = village.capture({**content, "operator": "o1"})["ids"]
    assert {operation.u for operation in village.operations()} == {ids["operator"]["o1"]}
    before = village.dump()
    answer = village.capture({**small_class(), "operator": "冯晓萍"}, code=1)
    assert answer["error"]["code"] == "operator_unknown"
    assert village.dump() == before


def test_photos_are_kept_by_the_hash_of_their_content(village: Desk, tmp_path: Path) -> None:
    raw = b"\xff\xd8 a picture of the room"
    digest = hashlib.sha256(raw).digest()
    (tmp_path / "room.jpg").write_bytes(raw)
    content = small_class()
    content["photos"] = [
        {"ref": "f1", "target": "s1", "kind": "wide", "file": "room.jpg", "publishable": True}
    ]
    path = tmp_path / "entries.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    refused = changed(content, "learners", 0, sex="Q")
    path.with_name("refused.json").write_text(json.dumps(refused), encoding="utf-8")
    village("capture", path.with_name("refused.json"), code=1)
    assert not (village.folder / "media").exists()
    village("capture", path)
    record = village("show", "photo:f1")["record"]
    assert record["file"] == b64(digest)
    assert record["bytes"] == len(raw)
    kept = village.folder / "media" / digest.hex()[:2] / digest.hex()
    assert kept.read_bytes() == raw
    assert village("capture", path)["same"]["evidence"] == 1
    content["photos"].append({**content["photos"][0], "ref": "f2", "target": "a1"})
    path.write_text(json.dumps(content), encoding="utf-8")
    assert "PHOTO_REPEATED" in codes_of(village("capture", path, code=1))


@pytest.mark.parametrize("name", ["absent.jpg", "", "."])
def test_a_photo_that_cannot_be_read_is_refused(village: Desk, tmp_path: Path, name: str) -> None:
    content = small_class()
    content["photos"] = [{"ref": "f1", "target": "s1", "kind": "wide", "file": name}]
    path = tmp_path / "entries.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    answer = village("capture", path, code=1)
    assert answer["error"]["code"] == "capture_refused"


def test_the_unit_of_a_record(line: Line) -> None:
    content = small_class(staff=[{"ref": "t1", "name": "陈守信", "kinds": ["part_teacher"]}])
    content |= {"unit": TOWNSHIP, "submissions": [{"period": "2026-03"}],
                "population": [{"unit": SISTER, "year": 2025, "total": 9, "over60": 2,
                                "source": "台账"}]}  # fmt: skip
    line.township.capture(content)
    units = {operation.kind: operation.un for operation in line.township.operations()}
    assert units == {
        "site": VILLAGE, "activity": VILLAGE, "session": VILLAGE, "enrolment": VILLAGE,
        "learner": TOWNSHIP, "staff": TOWNSHIP, "submission": TOWNSHIP, "population": SISTER,
    }  # fmt: skip
    chains = {(operation.un, operation.n) for operation in line.township.operations()}
    assert len(chains) == len(line.township.lines())


def test_entering_for_a_village_is_accepted_there_and_at_the_county(enrolled: Line) -> None:
    line = enrolled
    ids = line.township.capture(small_class())["ids"]
    learner_id = ids["learner"]["l1"]
    assert line.township.history(learner_id)[0]["why"] == "代录"
    for giver, taker in ((line.township, line.village), (line.township, line.county)):
        row = line.carry(giver, taker)
        assert (row["outcome"], row["quarantined"]) == ("received", 0)
        assert taker("quarantine")["items"] == []
        assert taker("show", learner_id)["record"]["name"] == "周桂兰"
    states = {desk.state(VILLAGE) for desk in (line.village, line.township, line.county)}
    assert len(states) == 1
    assert line.village.history(learner_id)[0]["unit"] == TOWNSHIP


def test_a_village_may_not_enter_for_its_sister_or_the_township(line: Line) -> None:
    for unit in (SISTER, TOWNSHIP):
        content = small_class(unit)
        del content["unit"]
        answer = line.village.capture(content, code=1)
        assert "UNIT_OUT_OF_SCOPE" in codes_of(answer)
    assert line.village.lines() == []


def test_every_line_of_a_stream_is_acknowledged(village: Desk) -> None:
    entries = [document(learners=[learner(f"l{n}", f"学员{n}")]) for n in range(3)]
    entries.insert(1, document(learners=[{"ref": "x"}]))
    raw = b"\n".join(json.dumps(entry).encode("utf-8") for entry in entries)
    answer = village("capture", "--stream", stdin=raw + b"\n\n{oops\n", code=1)
    assert answer["error"]["code"] == "stream_refused"
    assert [(row["n"], row["ok"]) for row in answer["lines"]] == [
        (1, True), (2, False), (3, True), (4, True), (5, False),
    ]  # fmt: skip
    changes = [row["change"] for row in answer["lines"] if row["ok"]]
    assert changes == sorted(set(changes))
    assert answer["lines"][4]["error"]["code"] == "capture_malformed"
    assert village("list", "learner")["total"] == 3
    assert {len(unb64(row["ids"]["learner"][f"l{n}"])) for n, row in
            enumerate(row for row in answer["lines"] if row["ok"])} == {16}  # fmt: skip
