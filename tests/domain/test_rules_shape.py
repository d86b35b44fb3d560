"""Checks that follow from the declaration of a kind."""

from typing import Any

import pytest

from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.rules import check_fields, check_rows
from tests.domain.rule_cases import SOUND, context

DECLARED = sorted(set(SOUND) & set(KINDS))
MARKS = KINDS["session"].maps[0]


def _found(kind: str, entry: dict[str, Any], **answers: Any) -> list[tuple[str, str]]:
    issues = check_fields(KINDS[kind], entry, context(**answers))
    return [(issue.code, issue.field) for issue in issues]


@pytest.mark.parametrize("kind", DECLARED)
def test_sound_entries_pass(kind: str) -> None:
    assert _found(kind, SOUND[kind]) == []


@pytest.mark.parametrize("kind", DECLARED)
def test_each_required_field_is_missed(kind: str) -> None:
    for field in KINDS[kind].capture_fields():
        if field.required:
            entry = {key: value for key, value in SOUND[kind].items() if key != field.name}
            assert _found(kind, entry) == [("REQUIRED_MISSING", field.name)]


@pytest.mark.parametrize("kind", DECLARED)
def test_unknown_keys_are_found(kind: str) -> None:
    assert _found(kind, {**SOUND[kind], "nmae": "x"}) == [("KEY_UNKNOWN", "nmae")]


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        ("site", {"ref": None}, [("REQUIRED_MISSING", "ref")]),
        ("site", {"kinds": []}, [("REQUIRED_MISSING", "kinds")]),
        ("site", {"kinds": "v_point"}, [("TYPE_WRONG", "kinds")]),
        ("site", {"kinds": ["v_point", "nope"]}, [("CODE_UNKNOWN", "kinds[1]")]),
        ("site", {"opened": "2019-5-1"}, [("TYPE_WRONG", "opened")]),
        ("site", {"opened": "2019-02-30"}, [("TYPE_WRONG", "opened")]),
        ("site", {"opened": "20190501"}, [("TYPE_WRONG", "opened")]),
        ("site", {"name": 7}, [("TYPE_WRONG", "name")]),
        ("site", {"name": "  "}, [("TYPE_WRONG", "name")]),
        ("site", {"reasons": {"X": "y"}}, []),
        ("site", {"reasons": {"X": 1}}, [("TYPE_WRONG", "reasons")]),
        ("site", {"reasons": ["X"]}, [("TYPE_WRONG", "reasons")]),
        ("session", {"start": "24:00"}, [("TYPE_WRONG", "start")]),
        ("session", {"start": "9:00"}, [("TYPE_WRONG", "start")]),
        ("session", {"status": "done"}, [("CODE_UNKNOWN", "status")]),
        (
            "session",
            {"headcount": {"total": 3}},
            [("REQUIRED_MISSING", "headcount.basis")],
        ),
        (
            "session",
            {"headcount": {"total": -1, "basis": "counted", "x": 1}},
            [("KEY_UNKNOWN", "headcount.x"), ("NUMBER_OUT_OF_RANGE", "headcount.total")],
        ),
        ("session", {"headcount": 3}, [("TYPE_WRONG", "headcount")]),
        ("session", {"seq": True}, [("TYPE_WRONG", "seq")]),
        ("session", {"seq": 1.0}, [("TYPE_WRONG", "seq")]),
        ("session", {"seq": 2**53 + 1}, [("NUMBER_OUT_OF_RANGE", "seq")]),
        ("learner", {"sex": "X"}, [("CODE_UNKNOWN", "sex")]),
        ("learner", {"birth": "1955-13"}, [("BIRTH_INVALID", "birth")]),
        ("learner", {"birth": 1955}, [("TYPE_WRONG", "birth")]),
        ("learner", {"groups": [{"code": "none"}]}, [("CODE_UNKNOWN", "groups[0].code")]),
        (
            "learner",
            {
                "consents": [
                    {"kind": "notice", "date": "2026-03-01", "by": "妈妈", "medium": "电话"}
                ]
            },
            [("CODE_UNKNOWN", "consents[0].by"), ("CODE_UNKNOWN", "consents[0].medium")],
        ),
        ("submission", {"period": "2026-13"}, [("PERIOD_INVALID", "period")]),
    ],
)
def test_wrong_values(kind: str, changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert _found(kind, {**SOUND[kind], **changes}) == expected


def test_references_and_units_are_looked_up() -> None:
    asked: list[tuple[str, str]] = []

    def known(kind: str, ref: str) -> bool:
        asked.append((kind, ref))
        return kind != "venue"

    assert _found("session", SOUND["session"], known=known) == [("REF_UNKNOWN", "venue")]
    assert asked == [("activity", "a1"), ("venue", "v1")]
    assert _found("site", SOUND["site"], unit_exists=lambda _: False) == [("UNIT_UNKNOWN", "unit")]


def test_optional_fields_may_be_left_to_the_workspace() -> None:
    entry = {"period": "2026-11"}
    assert check_fields(KINDS["submission"], entry, context(), optional={"unit"}) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"learner": "l1", "status": "P", "minutes": 30, "proxy": True, "source": "sheet"}], []),
        ([{"learner": "l1", "status": None}], []),
        ([{"learner": "l1"}], [("REQUIRED_MISSING", "rows[0].status")]),
        ([{"status": "P"}], [("REQUIRED_MISSING", "rows[0].learner")]),
        ([{"learner": "l1", "status": "Q"}], [("CODE_UNKNOWN", "rows[0].status")]),
        (
            [{"learner": "l1", "status": "P", "minutes": -1}],
            [("NUMBER_OUT_OF_RANGE", "rows[0].minutes")],
        ),
        ([{"learner": "l1", "status": "P", "late": 3}], [("KEY_UNKNOWN", "rows[0].late")]),
        (["l1"], [("TYPE_WRONG", "rows[0]")]),
        ({"l1": "P"}, [("TYPE_WRONG", "rows")]),
    ],
)
def test_roll_call_rows(rows: object, expected: list[tuple[str, str]]) -> None:
    issues = check_rows(KINDS["session"], MARKS, "s1", rows, context())
    assert [(issue.code, issue.field) for issue in issues] == expected
