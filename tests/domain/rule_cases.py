"""Sound entries of every kind and a workspace around them, for the tests of the rules."""

from dataclasses import replace
from datetime import date
from typing import Any

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.rules import (
    RULES,
    ActivityFacts,
    Context,
    EnrolmentFacts,
    SessionFacts,
    SiteFacts,
)
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.identity import check

TODAY = date(2026, 11, 21)
HELD = date(2026, 11, 10)

SOUND: dict[str, dict[str, Any]] = {
    "site": {
        "ref": "p1",
        "unit": "410122101205",
        "name": "荣庄村教学点",
        "kinds": ["v_point"],
        "opened": "2019-05-01",
    },
    "population": {
        "unit": "410122101205",
        "year": 2025,
        "total": 1200,
        "over60": 240,
        "source": "台账",
    },
    "staff": {"ref": "t1", "name": "李明远", "kinds": ["part_teacher"], "from": "2024-03-01"},
    "learner": {"ref": "l1", "name": "张桂兰", "sex": "F", "birth": "1955-03-12"},
    "activity": {
        "ref": "a1",
        "title": "智能手机班",
        "site": "p1",
        "kind": "01",
        "edu_kinds": ["60"],
        "topics": ["0701"],
        "delivery": "10",
        "opens": "2026-09-01",
        "closes": "2026-12-31",
    },
    "enrolment": {"activity": "a1", "learner": "l1", "row": 1, "joined": "2026-09-01"},
    "session": {
        "ref": "s1",
        "activity": "a1",
        "date": "2026-11-10",
        "start": "09:00",
        "end": "10:30",
        "status": "held",
        "venue": "v1",
    },
    "rollcall": {"session": "s1", "rows": [{"learner": "l1", "status": "P"}]},
    "submission": {"unit": "410122101205", "period": "2026-11"},
    "photo": {"ref": "f1", "target": "s1", "kind": "wide", "file": "a.jpg"},
}

ACTIVITY = ActivityFacts("a1", "智能手机班", "p1", "01")
SESSION = SessionFacts("s1", "a1", HELD, "09:00", 90)


def context(**answers: Any) -> Context:
    """A workspace in which every sound entry passes; ``answers`` replace some of its answers."""
    usual = Context(
        today=TODAY,
        codes=shipped_codes(),
        identity=check,
        activity={"a1": ACTIVITY}.get,
        session={"s1": SESSION}.get,
        site={"p1": SiteFacts(date(2019, 5, 1))}.get,
        seats=lambda _venue: 30,
        roster=lambda _activity: [EnrolmentFacts("l1", 1, date(2026, 9, 1))],
        neighbours=lambda *_: [SESSION],
    )
    return replace(usual, **answers)


def found(kind: str, changes: dict[str, Any], **answers: Any) -> list[Issue]:
    """What the rule of ``kind`` finds in the sound entry with ``changes``."""
    return RULES[kind]({**SOUND[kind], **changes}, context(**answers))


def codes(kind: str, changes: dict[str, Any], **answers: Any) -> list[str]:
    """The codes of what was found."""
    return [issue.code for issue in found(kind, changes, **answers)]
