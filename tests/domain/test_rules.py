"""The rules for sites, activities, sessions, roll calls and submissions."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from learnsite_desktop.domain.issues import Issue, settle
from learnsite_desktop.domain.rules import (
    RULES,
    ActivityFacts,
    EndedFacts,
    EnrolmentFacts,
    SessionFacts,
    SiteFacts,
)
from tests.domain.rule_cases import ACTIVITY, SESSION, SOUND, codes, context, found

TIMES = [
    ("09:00", "09:00", ["SESSION_END_NOT_AFTER_START"]),
    ("10:00", "09:00", ["SESSION_END_NOT_AFTER_START"]),
    ("09:00", "09:19", ["SESSION_LENGTH_UNUSUAL"]),
    ("09:00", "09:20", []),
    ("09:00", "13:00", []),
    ("09:00", "13:01", ["SESSION_LENGTH_UNUSUAL"]),
    ("09:00", "17:00", ["SESSION_LENGTH_UNUSUAL"]),
    ("09:00", "17:01", ["SESSION_TOO_LONG"]),
    ("05:59", "07:00", ["SESSION_HOURS_UNUSUAL"]),
    ("06:00", "07:00", []),
    ("20:30", "22:00", []),
    ("20:30", "22:01", ["SESSION_HOURS_UNUSUAL"]),
]


@pytest.mark.parametrize("kind", sorted(SOUND))
def test_sound_entries_pass(kind: str) -> None:
    assert codes(kind, {}) == []


@pytest.mark.parametrize("kind", sorted(RULES))
def test_strange_values_never_raise(kind: str) -> None:
    keys = {key for entry in SOUND.values() for key in entry} | {"headcount", "groups", "guardian"}
    for value in (None, 7, "x", [], {}, [1], [None], {"code": 3}, True, 1.5):
        RULES[kind](dict.fromkeys(keys, value), context())


@pytest.mark.parametrize(("start", "end", "expected"), TIMES)
def test_session_times(start: str, end: str, expected: list[str]) -> None:
    assert codes("session", {"start": start, "end": end}) == expected


def test_session_held_in_the_future() -> None:
    assert codes("session", {"date": "2026-11-22"}) == ["SESSION_HELD_IN_FUTURE"]
    assert codes("session", {"date": "2026-11-21"}) == []
    assert codes("session", {"date": "2026-11-22", "status": "planned"}) == []


@pytest.mark.parametrize(
    ("headcount", "expected"),
    [
        ({"total": 40, "male": 20, "female": 20, "over60": 40}, []),
        ({"total": 40, "male": 21, "female": 20}, ["HEADCOUNT_PART_EXCEEDS_TOTAL"]),
        ({"total": 40, "over60": 41}, ["HEADCOUNT_PART_EXCEEDS_TOTAL"]),
        ({"total": 150}, []),
        ({"total": 151}, ["HEADCOUNT_OVER_SEATS"]),
    ],
)
def test_headcounts(headcount: dict[str, int], expected: list[str]) -> None:
    assert codes("session", {"headcount": headcount}) == expected


def test_campaigns_may_be_crowded() -> None:
    week = {"a1": ActivityFacts("a1", "活动周", "p1", "04", campaign="2026")}.get
    assert codes("session", {"headcount": {"total": 900}}, activity=week) == []


def test_headcount_without_names() -> None:
    crowd = {"headcount": {"total": 20}}
    desk = {"a1": ActivityFacts("a1", "咨询", "p1", "09")}.get
    assert codes("session", crowd, named=lambda _: 0) == ["SESSION_HEADCOUNT_ONLY"]
    assert codes("session", crowd, named=lambda _: 3) == []
    assert codes("session", crowd, named=lambda _: 0, activity=desk) == []


def test_a_session_after_its_unit_was_closed_is_noted() -> None:
    ended = EndedFacts("荣庄村", date(2026, 11, 10), "荣庄社区")
    closed = {"a1": replace(ACTIVITY, ended=ended)}.get
    assert codes("session", {}, activity=closed) == ["SESSION_AFTER_CLOSING"]
    before = {"date": "2026-11-09"}
    assert codes("session", before, activity=closed, neighbours=lambda *_: []) == []
    assert codes("session", {"status": "cancelled"}, activity=closed) == []


def test_cancelled_session_keeps_its_marks_uncounted() -> None:
    cancelled = {"status": "cancelled"}
    assert codes("session", cancelled, named=lambda _: 3) == ["SESSION_MARKS_NOT_COUNTED"]
    assert codes("session", cancelled, named=lambda _: 0) == []


@pytest.mark.parametrize(
    ("other", "repeated"),
    [
        (SessionFacts("s2", "a1", SESSION.date, "09:00"), True),
        (SessionFacts("s2", "a1", SESSION.date, "14:00"), False),
        (SessionFacts("s2", "a1", SESSION.date + timedelta(1), "09:00"), False),
        (SessionFacts("s2", "a2", SESSION.date + timedelta(1), "15:00"), True),
        (SessionFacts("s1", "a1", SESSION.date, "09:00"), False),
    ],
)
def test_repeated_sessions(other: SessionFacts, repeated: bool) -> None:
    asked: list[tuple[str, str, date]] = []

    def neighbours(site: str, title: str, day: date) -> list[SessionFacts]:
        asked.append((site, title, day))
        return [other]

    expected = ["SESSION_DUPLICATE"] if repeated else []
    assert codes("session", {}, neighbours=neighbours) == expected
    assert asked == [(ACTIVITY.site, ACTIVITY.title, SESSION.date)]


def _rows(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"rows": list(rows)}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"learner": "l9", "status": "P"}, ["MARK_NOT_ON_ROSTER"]),
        ({"learner": "l9", "status": "A"}, ["MARK_NOT_ON_ROSTER"]),
        ({"learner": "l9", "status": "W"}, []),
        ({"learner": "l9", "status": "P", "source": "walk_in"}, []),
        ({"learner": "l9", "status": None}, []),
        ({"learner": "l1", "status": "P", "minutes": 90}, []),
        ({"learner": "l1", "status": "P", "minutes": 91}, ["MARK_MINUTES_TOO_MANY"]),
    ],
)
def test_marks(row: dict[str, Any], expected: list[str]) -> None:
    assert codes("rollcall", _rows(row)) == expected


def test_a_learner_is_marked_once() -> None:
    row = {"learner": "l1", "status": "P"}
    assert codes("rollcall", _rows(row, row)) == ["MARK_REPEATED"]


def test_without_a_roster_only_classes_are_bound() -> None:
    stranger = _rows({"learner": "l9", "status": "P"})
    lecture = {"a1": ActivityFacts("a1", "讲座", "p1", "03")}.get
    assert codes("rollcall", stranger, roster=lambda _: []) == ["MARK_NOT_ON_ROSTER"]
    assert codes("rollcall", stranger, roster=lambda _: [], activity=lecture) == []


@pytest.mark.parametrize(
    ("joined", "left", "status", "expected"),
    [
        (date(2026, 11, 11), None, "P", ["MARK_OUTSIDE_ENROLMENT"]),
        (date(2026, 9, 1), date(2026, 11, 9), "L", ["MARK_OUTSIDE_ENROLMENT"]),
        (date(2026, 9, 1), date(2026, 11, 9), "A", []),
        (date(2026, 11, 10), date(2026, 11, 10), "P", []),
    ],
)
def test_marks_outside_the_enrolment(
    joined: date, left: date | None, status: str, expected: list[str]
) -> None:
    rows = _rows({"learner": "l1", "status": status})
    assert codes("rollcall", rows, roster=lambda _: [EnrolmentFacts("l1", 1, joined, left)]) == (
        expected
    )


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        ("site", {"closed": "2019-04-30"}, ["SITE_CLOSED_BEFORE_OPENED"]),
        ("site", {"closed": "2019-05-01"}, []),
        ("population", {"over60": 1201}, ["POPULATION_OVER60_EXCEEDS_TOTAL"]),
        ("population", {"year": 1899}, ["NUMBER_OUT_OF_RANGE"]),
        ("population", {"year": 2028}, ["NUMBER_OUT_OF_RANGE"]),
        ("staff", {"to": "2024-02-29"}, ["STAFF_TO_BEFORE_FROM"]),
        ("activity", {"closes": "2026-08-31"}, ["ACTIVITY_CLOSES_BEFORE_OPENS"]),
        ("activity", {"opens": "2019-04-30"}, ["ACTIVITY_OUTSIDE_SITE"]),
        ("activity", {"topics": ["01", "02", "03"]}, []),
        ("activity", {"topics": ["01", "02", "03", "04"]}, ["ACTIVITY_TOPICS_MANY"]),
        ("enrolment", {"left": "2026-08-31"}, ["ENROLMENT_LEFT_BEFORE_JOINED"]),
        ("enrolment", {"left": "2026-09-01"}, []),
        ("enrolment", {"learner": "l2"}, ["ENROLMENT_ROW_REPEATED"]),
        ("enrolment", {"learner": "l2", "row": 2}, []),
    ],
)
def test_dates_and_numbers(kind: str, changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(kind, changes) == expected


def test_activity_at_a_closed_site() -> None:
    site = {"p1": SiteFacts(date(2019, 5, 1), date(2026, 12, 31))}.get
    assert codes("activity", {}, site=site) == ["ACTIVITY_OUTSIDE_SITE"]
    assert codes("activity", {"closes": "2026-12-30"}, site=site) == []


def test_zero_report_of_a_period_with_sessions() -> None:
    zero = {"zero_reason": "放假"}
    assert codes("submission", zero, held=lambda *_: 2) == ["SUBMISSION_NOT_EMPTY"]
    assert codes("submission", zero, held=lambda *_: 0) == []
    assert codes("submission", {}, held=lambda *_: 2) == []


def test_picture_that_belongs_elsewhere() -> None:
    assert codes("photo", {}, photo_elsewhere=lambda _: "s7") == ["PHOTO_REPEATED"]
    assert codes("photo", {}, photo_alike=lambda _: "s7") == ["PHOTO_SIMILAR"]
    assert codes("photo", {"kind": "signin"}, photo_alike=lambda _: "s7") == []


def test_warnings_want_a_reason() -> None:
    issues = found("session", {"end": "13:30", "date": "2026-11-22"})
    assert [issue.blocking for issue in issues] == [True, True]
    settled = settle(
        issues, {"SESSION_LENGTH_UNUSUAL": " 全天参观 ", "SESSION_HELD_IN_FUTURE": " "}
    )
    assert [(i.code, i.blocking, i.reason_given) for i in settled] == [
        ("SESSION_LENGTH_UNUSUAL", False, True),
        ("SESSION_HELD_IN_FUTURE", True, False),
    ]
    assert settled[0].reason == "全天参观"


def test_a_reason_does_not_excuse_an_error() -> None:
    settled = settle(found("session", {"end": "08:00"}), {"SESSION_END_NOT_AFTER_START": "真的"})
    assert [(i.blocking, i.reason_given) for i in settled] == [(True, False)]


def test_shown_issue_has_the_keys_of_the_contract() -> None:
    issue = Issue("ID_INVALID", "learner", "l1", params={"why": "w"})
    shown = issue.shown(lambda message, params: (message % params).upper())
    assert set(shown) >= {
        *("code", "severity", "kind", "ref", "record", "field", "message", "remedy"),
        "reason_given",
    }
    assert shown["message"] == "THE ID NUMBER IS WRONG: W."


def test_unknown_code_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        Issue("NO_SUCH_CODE", field="x")
