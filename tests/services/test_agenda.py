"""The day's work: which sessions stand where, which months are due, the same session again."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.services.agenda import agenda
from learnsite_desktop.services.drafts import commit_fields
from learnsite_desktop.services.submitting import red_list
from tests.desks import Desk, Line, codes_of, found_village, small_class

DAY = "2026-04-02"


def session(
    ref: str, date: str, start: str, status: str = "planned", **more: Any
) -> dict[str, Any]:
    end = f"{int(start[:2]) + 1:02d}{start[2:]}"
    found = {"ref": ref, "activity": "a1", "date": date, "start": start, "end": end}
    return {**found, "status": status, **more}


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    desk = found_village(tmp_path / "village")
    document = small_class()
    crowd = {"total": 30, "basis": "counted"}
    document["sessions"] = [
        session("first", "2026-01-20", "09:00", "held"),
        session("old", "2026-03-24", "09:00", "held"),
        session("gone", "2026-03-25", "09:00", "cancelled"),
        session("late", "2026-03-26", "09:00"),
        session("empty", "2026-03-27", "09:00", "held"),
        session("crowd", "2026-03-28", "09:00", "held", headcount=crowd),
        session("two", DAY, "14:00"),
        session("one", DAY, "09:00"),
        session("soon", "2026-04-09", "09:00"),
        session("later", "2026-04-10", "09:00"),
    ]
    rows = [{"learner": "l1", "status": "P"}, {"learner": "l2", "status": "A"}]
    document["rollcalls"] = [{"session": ref, "rows": rows} for ref in ("first", "old")]
    desk.capture(document)
    return desk


def refs(desk: Desk, rows: list[dict[str, Any]]) -> list[str]:
    names = ("first", "old", "gone", "late", "empty", "crowd", "one", "two", "soon", "later")
    ids = {desk("show", f"session:{name}")["record"]["id"]: name for name in names}
    return [ids[row["session"]] for row in rows]


def test_the_order_of_a_day(village: Desk) -> None:
    found = village("today")
    rows = found["sessions"]
    assert refs(village, rows) == ["one", "two", "empty", "late", "crowd", "gone", "old", "soon"]
    assert refs(village, [{"session": found["next"]}]) == ["one"]
    by_date = {row["date"]: row for row in rows}
    old = by_date["2026-03-24"]
    assert (old["marked"], old["present"], old["roster"]) == (2, 1, 3)
    assert by_date["2026-03-28"]["recorded"] is True
    assert by_date["2026-03-27"]["recorded"] is False
    assert old["place"] == "荣庄教学点"


def test_the_last_day_is_one_on_which_something_took_place(village: Desk) -> None:
    """The session of 25 March was cancelled, that of 26 March is planned and was never held."""
    with village.open(write=False) as workspace:
        assert agenda(workspace, date(2026, 3, 27)).last == date(2026, 3, 24)
        assert agenda(workspace, date(2026, 1, 1)).last is None


def test_a_deleted_session_and_one_of_another_unit_are_not_mine(tmp_path: Path) -> None:
    line = Line(tmp_path)
    line.found()
    line.village.capture(small_class())
    line.carry(line.village, line.township)
    assert line.township("today", "--day", "2026-03-04")["sessions"] == []
    assert len(line.village("today", "--day", "2026-03-04")["sessions"]) == 1
    line.village("delete", "session:s1", "--why", "误录")
    assert line.village("today", "--day", "2026-03-04")["sessions"] == []


def test_months_are_due_from_the_first_session_on(village: Desk) -> None:
    def months() -> list[tuple[str, str, str, int]]:
        return [
            (one["period"], one["due"], one["state"], one["days_left"])
            for one in village("today")["months"]
        ]

    assert months() == [
        ("2026-01", "2026-02-05", "open", -56),
        ("2026-02", "2026-03-05", "open", -28),
        ("2026-03", "2026-04-05", "open", 3),
        ("2026-04", "2026-05-05", "open", 33),
    ]
    village("submit", "--period", "2026-02", "--zero", "过年")
    village("submit", "--period", "2026-Q1")
    assert [state for _period, _due, state, _left in months()] == [
        "handed_in", "handed_in", "handed_in", "open",
    ]  # fmt: skip


def test_a_draft_says_what_keeps_it(village: Desk) -> None:
    record = village("show", "session:one")["record"]["id"]
    with village.open() as workspace:
        commit_fields(workspace, "session", record, {"end": "08:00"})
    before = village.dump()
    (draft,) = village("today")["drafts"]
    assert draft["record"] == record
    assert draft["about"] == "书法班 · 2026-04-02 · 09:00"
    assert codes_of(draft) == ["SESSION_END_NOT_AFTER_START"]
    assert village.dump() == before


def test_the_red_list_is_of_the_period_and_the_unit(village: Desk) -> None:
    village("submit", "--period", "2026-03")
    village.now = "2026-03-26T10:00:00+08:00"
    with village.open(write=False) as workspace:
        assert red_list(workspace, parse_period("2026-02")) == []
        found = red_list(workspace, parse_period("2026-03"))
    assert {issue.code for issue in found} == {"SESSION_HELD_IN_FUTURE"}
    ids = {village("show", f"session:{ref}")["record"]["id"] for ref in ("empty", "crowd")}
    assert {issue.record for issue in found} == ids


def test_the_same_session_a_week_later(village: Desk) -> None:
    answer = village("repeat", "session:two")
    assert answer["created"] == {"session": 1}
    (new,) = answer["ids"]["session"].values()
    record = village("show", new)["record"]
    assert (record["date"], record["start"], record["end"]) == ("2026-04-09", "14:00", "15:00")
    assert record["status"] == "planned"
    village("undo")
    assert village("show", new)["record"].get("deleted") is True


def test_not_twice_on_the_same_day(village: Desk) -> None:
    assert village.refuses("repeat", "session:one") == "session_there"
    village("edit", "session:soon", "status=cancelled")
    village("repeat", "session:one")
    assert village.refuses("repeat", "session:one") == "session_there"
    village("repeat", "session:one", "--days", "14")
    assert village.refuses("repeat", "activity:a1") == "record_unknown"
