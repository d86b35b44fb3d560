"""Roll calls below the window: what is kept, what the unit above has, a second session."""

from dataclasses import replace
from pathlib import Path

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import roll_calls
from learnsite_desktop.services.records import list_records
from learnsite_desktop.services.roll_calls import Mark, RollCall
from learnsite_desktop.services.workspace import Workspace
from tests.desks import Desk, Line, found_village, small_class

PLANNED = {
    "ref": "s2", "activity": "a1", "date": "2026-04-02", "start": "09:00", "end": "10:30",
    "status": "planned", "seq": 7,
}  # fmt: skip


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """A village whose class and planned session the township has acknowledged."""
    line = Line(tmp_path)
    line.found()
    sample = small_class()
    line.village.capture({**sample, "sessions": [*sample["sessions"], PLANNED]})
    line.enrol()
    line.carry(line.village, line.township)
    line.carry(line.township, line.village)
    return line


def opened(workspace: Workspace, ref: str) -> RollCall:
    """Return the roll call of a session of the sample."""
    record = next(
        row["id"]
        for row in roll_calls_of(workspace)
        if (row["status"] == "planned") == (ref == "s2")
    )
    return roll_calls.open_roll_call(workspace, record)


def roll_calls_of(workspace: Workspace) -> list[dict[str, str]]:
    """Return the sessions held here."""
    return list_records(workspace, "session")


def marks(call: RollCall, status: str) -> dict[str, Mark | None]:
    """Return the same mark for everybody on the list."""
    return {line.person.learner: Mark(status) for line in call.lines}


def test_correcting_what_the_unit_above_has_wants_a_reason(line: Line) -> None:
    with line.village.open() as workspace:
        call = opened(workspace, "s1")
        assert call.recorded
        assert call.received
        with pytest.raises(Refusal) as refused:
            roll_calls.finish(workspace, call, marks(call, "A"), {})
        assert refused.value.code == "reason_missing"
        assert workspace.database.count("draft") == 0
        result = roll_calls.finish(workspace, call, marks(call, "A"), {}, why="看错了签名")
        assert result.refused == 0
    history = line.village.history(call.session)
    assert history[-1]["why"] == "看错了签名"


def test_recording_a_planned_session_is_no_correction(line: Line) -> None:
    with line.village.open() as workspace:
        call = opened(workspace, "s2")
        assert not call.received
        result = roll_calls.finish(workspace, call, marks(call, "P"), {"status": "held"})
        assert result.refused == 0
        assert result.change.operations == 1


def test_saving_the_same_again_is_neither_change_nor_correction(line: Line) -> None:
    with line.village.open() as workspace:
        call = opened(workspace, "s1")
        same = {one.person.learner: one.mark for one in call.lines if one.mark}
        result = roll_calls.finish(workspace, call, same, {})
        assert result.change.operations == 0


def test_a_second_session_follows_the_last_one_of_the_day(tmp_path: Path) -> None:
    village: Desk = found_village(tmp_path / "village")
    village.capture(small_class(sessions=[PLANNED], rollcalls=[]))
    with village.open() as workspace:
        record = roll_calls_of(workspace)[0]["id"]
        roll_calls.second_session(workspace, record)
        roll_calls.second_session(workspace, record)
    rows = village("list", "session")["records"]
    assert sorted((row["start"], row["end"], row["seq"]) for row in rows) == [
        ("09:00", "10:30", 7),
        ("10:30", "12:00", 8),
        ("12:00", "13:30", 9),
    ]


def test_a_walk_in_withdrawn_before_the_save_leaves_no_mark(tmp_path: Path) -> None:
    village = found_village(tmp_path / "village")
    village.capture(small_class(sessions=[PLANNED], rollcalls=[]))
    with village.open() as workspace:
        call = roll_calls.open_roll_call(workspace, roll_calls_of(workspace)[0]["id"])
        guest = roll_calls.add_learner(workspace, "令狐冲", "M", "1958").ids["learner"]
        (record,) = guest.values()
        given = marks(call, "P") | {record: Mark("W", source="walk_in")}
        roll_calls.keep(workspace, call, given, {})
        kept = roll_calls.open_roll_call(workspace, call.session)
        assert [one.person.name for one in kept.lines if not one.listed] == ["令狐冲"]
        given[record] = None
        roll_calls.finish(workspace, replace(call), given, {"status": "held"})
    rows = village("show", call.session)["record"]["rows"]
    assert sorted(row["status"] for row in rows) == ["P", "P", "P"]
