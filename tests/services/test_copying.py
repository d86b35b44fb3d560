"""The next class and a series of lessons: one change each, and gone with one undo."""

from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.services import drafts
from learnsite_desktop.services.copying import fresh
from learnsite_desktop.services.plans import Plan
from tests.desks import Desk, codes_of, found_village, small_class

TUESDAYS = ["2026-04-07", "2026-04-14", "2026-04-21", "2026-04-28"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A village with a class of three, one lesson held on 3 March 2026, a Tuesday."""
    desk = found_village(tmp_path / "village")
    content = small_class(
        staff=[{"ref": "t1", "name": "钱玉梅", "kinds": ["part_teacher"]}],
        venues=[{"ref": "v1", "name": "大教室", "kind": "classroom"}],
    )
    content["sessions"][0] |= {"venue": "v1", "teachers": ["t1"], "seq": 1}
    content["activities"][0]["planned_sessions"] = 4
    content["enrolments"] = [
        {"activity": "a1", "learner": ref, "row": row, "joined": "2026-02-24"}
        for row, ref in enumerate(("l1", "l2", "l3"), start=1)
    ]
    desk.capture(content)
    return desk


def sessions(desk: Desk, activity: str) -> list[dict[str, Any]]:
    """Return an activity's sessions by date."""
    found = [one for one in desk("list", "session")["records"] if one["activity"] == activity]
    return sorted(found, key=lambda one: str(one["date"]))


def roster(desk: Desk, activity: str) -> dict[str, dict[str, Any]]:
    """Return an activity's enrolments by learner."""
    rows = desk("list", "enrolment")["records"]
    return {one["learner"]: one for one in rows if one["activity"] == activity}


def first_class(desk: Desk) -> str:
    """Return the class's id."""
    return str(desk("list", "activity", "--query", "书法")["records"][0]["id"])


def test_a_copy_is_the_next_term(desk: Desk) -> None:
    old = first_class(desk)
    answer = desk("copy", old)
    new = answer["activity"]
    shown = desk("show", new)["record"]
    assert shown["title"] == "书法班 第2期"
    assert (shown["planned_sessions"], shown["opens"], shown["closes"]) == (
        4, "2026-04-07", "2026-04-28",
    )  # fmt: skip
    made = sessions(desk, new)
    assert [one["date"] for one in made] == TUESDAYS
    former = sessions(desk, old)[0]
    assert all(one["teachers"] == former["teachers"] for one in made)
    assert all(one["venue"] == former["venue"] for one in made)
    assert [one["seq"] for one in made] == [1, 2, 3, 4]
    assert {one["status"] for one in made} == {"planned"}
    seats = roster(desk, new)
    assert {seat["row"] for seat in seats.values()} == {1, 2, 3}
    assert {seat["joined"] for seat in seats.values()} == {"2026-04-07"}
    assert seats.keys() == roster(desk, old).keys()


def test_a_copy_is_one_change(desk: Desk) -> None:
    before = desk.state()
    desk("copy", first_class(desk))
    assert desk.state() != before
    desk("undo")
    assert desk("list", "activity")["total"] == 1
    assert desk("list", "session")["total"] == 1
    assert desk("list", "enrolment")["total"] == 3
    assert desk.is_sound()


def test_a_series_goes_on_and_skips(desk: Desk) -> None:
    activity = first_class(desk)
    answer = desk("series", activity, "--count", "3", "--weekday", "2", "--skip", "2026-04-14")
    assert [day["date"] for day in answer["days"]] == ["2026-04-07", "2026-04-21", "2026-04-28"]
    found = sessions(desk, activity)
    assert [one["seq"] for one in found] == [1, 2, 3, 4]
    assert desk("show", activity)["record"]["planned_sessions"] == 7
    desk("undo")
    assert len(sessions(desk, activity)) == 1
    desk("series", activity, "--count", "3")
    assert len(sessions(desk, activity)) == 4


def test_holidays_are_named_not_left_out(desk: Desk) -> None:
    answer = desk("series", first_class(desk), "--count", "5")
    named = {day["date"]: day["holiday"] for day in answer["days"]}
    assert named["2026-05-05"] == "劳动节"
    assert named["2026-04-28"] is None


def test_a_series_needs_a_time(desk: Desk) -> None:
    activity = first_class(desk)
    session = sessions(desk, activity)[0]["id"]
    desk("delete", session, "--why", "重录")
    assert desk.refuses("series", activity, "--count", "2") == "series_incomplete"
    wanted = ("--from", "2026-04-09", "--start", "14:00", "--end", "15:30")
    assert len(desk("series", activity, "--count", "2", *wanted)["days"]) == 2


def test_only_activities_are_copied(desk: Desk) -> None:
    session = sessions(desk, first_class(desk))[0]["id"]
    assert desk.refuses("copy", session) == "activity_wanted"
    assert desk.refuses("series", session, "--count", "2") == "activity_wanted"


def test_what_a_rule_finds_stops_all_of_it(desk: Desk) -> None:
    activity = first_class(desk)
    times = ("--start", "11:00", "--end", "10:00", "--from", "2026-04-09")
    answer = desk("series", activity, "--count", "2", *times, code=1)
    assert "SESSION_END_NOT_AFTER_START" in codes_of(answer)
    assert len(sessions(desk, activity)) == 1
    with desk.open() as workspace:
        assert drafts.draft_values(workspace, activity) == {}


def kept(desk: Desk, record: str | None, **values: Any) -> str:
    """Keep a draft of an activity."""
    with desk.open() as workspace:
        return drafts.commit_fields(workspace, "activity", record, values)


def finished(desk: Desk, record: str) -> Any:
    """Finish a draft."""
    with desk.open() as workspace:
        return drafts.finish(workspace, record)


def test_the_very_first_class_makes_its_site_its_teacher_and_its_room(tmp_path: Path) -> None:
    desk = found_village(tmp_path / "village")
    with desk.open() as workspace:
        template = fresh(workspace)
    plan = Plan(
        first="2026-04-07", start="09:00", end="10:30", count=2, site="荣庄教学点",
        teachers=("=钱玉梅",), venue="=大教室",
    )  # fmt: skip
    fields = {**template.fields, "title": "剪纸班", "topics": ["0501"]}
    record = kept(desk, None, **fields, plan=plan.kept())
    assert not finished(desk, record).refused
    assert desk("list", "site")["records"][0]["name"] == "荣庄教学点"
    assert desk("list", "venue")["records"][0]["name"] == "大教室"
    teacher = desk("list", "staff")["records"][0]
    assert teacher["name"] == "钱玉梅"
    assert [one["teachers"] for one in sessions(desk, record)] == [[teacher["id"]]] * 2
    again = Plan(first="2026-05-07", start="09:00", end="10:30", count=1, teachers=("=钱玉梅",))
    kept(desk, record, plan=again.kept())
    assert not finished(desk, record).refused
    assert desk("list", "staff")["total"] == 1


def test_who_is_taken_off_has_left(desk: Desk) -> None:
    activity = first_class(desk)
    people = roster(desk, activity)
    gone = next(iter(people))
    kept(desk, activity, plan=Plan(roster={gone: None}).kept())
    assert not finished(desk, activity).refused
    seat = roster(desk, activity)[gone]
    assert seat["left"] == "2026-04-01"
    assert "row" not in seat


def test_who_is_taken_off_before_the_first_lesson_was_never_there(desk: Desk) -> None:
    new = desk("copy", first_class(desk))["activity"]
    gone = next(iter(roster(desk, new)))
    kept(desk, new, plan=Plan(roster={gone: None}).kept())
    assert not finished(desk, new).refused
    assert gone not in roster(desk, new)
    assert len(roster(desk, new)) == 2


def test_a_new_teacher_takes_over_what_is_still_to_come(desk: Desk) -> None:
    activity = first_class(desk)
    desk("series", activity, "--count", "2")
    plan = Plan(teachers=("=孙志强",), from_now_on=True)
    kept(desk, activity, plan=plan.kept())
    assert not finished(desk, activity).refused
    names = {one["id"]: one["name"] for one in desk("list", "staff")["records"]}
    shown = [[names[one] for one in session["teachers"]] for session in sessions(desk, activity)]
    assert shown == [["钱玉梅"], ["孙志强"], ["孙志强"]]
