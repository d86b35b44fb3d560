"""Roll calls by real keys, from Today to what the command line reads once the window is closed."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from learnsite_desktop.services import records, roll_calls
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import Desk, found_village, learner, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

DAY = "2026-04-02"
SIZE = 30
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"


def session(ref: str, activity: str, start: str, end: str, **fields: Any) -> dict[str, Any]:
    """Return a planned session of today."""
    return {
        "ref": ref, "activity": activity, "date": DAY, "start": start, "end": end,
        "status": "planned", **fields,
    }  # fmt: skip


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    """A village with a class of 30, a lecture without a list, and four sessions today."""
    desk = found_village(tmp_path / "village")
    base = small_class()
    lecture = {**base["activities"][0], "ref": "a2", "title": "防诈骗讲座", "kind": "03"}
    people = [
        learner(f"p{row}", f"{SURNAMES[row - 1]}学员", birth=str(1940 + row))
        for row in range(1, SIZE + 1)
    ]
    known = learner("guest", "欧阳凤英", birth="1951", mobile="14412345678")
    document = {
        **base,
        "learners": [*people, known],
        "activities": [*base["activities"], lecture],
        "enrolments": [
            {"activity": "a1", "learner": f"p{row}", "row": row, "joined": "2026-02-24"}
            for row in range(1, SIZE + 1)
        ],
        "sessions": [
            session("s1", "a1", "08:00", "09:00"),
            session("s2", "a1", "09:30", "10:30"),
            session("s3", "a1", "15:00", "16:00"),
            session("s4", "a2", "18:00", "19:00"),
        ],
    }
    del document["rollcalls"]
    desk.capture(document)
    return desk


def close(qtbot: QtBot, window: MainWindow) -> None:
    """Close the window as a person does; the workspace is free afterwards."""
    idle(qtbot, window)
    window.close()
    assert window.desk is None


def focus_named(name: str) -> bool:
    """Whether the focus is on the widget of this accessible name."""
    widget = QApplication.focusWidget()
    return widget is not None and widget.accessibleName() == name


def marks_of(desk: Desk, ref: str) -> dict[str, str]:
    """Return learner → status of a session, read by the command line."""
    rows = desk("show", f"session:{ref}")["record"].get("rows", [])
    return {row["learner"]: row["status"] for row in rows}


def shown(desk: Desk, ref: str) -> dict[str, Any]:
    """Return a session as the command line shows it."""
    found: dict[str, Any] = desk("show", f"session:{ref}")["record"]
    return found


def roster_ids(desk: Desk) -> list[str]:
    """Return the learners of the class in the order of their rows."""
    rows = desk("list", "enrolment")["records"]
    return [row["learner"] for row in sorted(rows, key=lambda row: row["row"])]


def as_typed(rows: Sequence[int]) -> str:
    """Return row numbers as a clerk writes them: runs of two and more as ranges."""
    pieces: list[list[int]] = []
    for row in sorted(rows):
        if pieces and pieces[-1][-1] == row - 1:
            pieces[-1].append(row)
        else:
            pieces.append([row])
    return " ".join(
        str(piece[0]) if len(piece) == 1 else f"{piece[0]}-{piece[-1]}" for piece in pieces
    )


@pytest.mark.parametrize("part", range(4))
def test_thirty_learners_three_absent_in_twelve_keys(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, part: int
) -> None:
    """20 random sets of three absent rows, ranges among them: five a run, each counted."""
    dice = random.Random(part)
    document = {
        "v": 1, "source": "desk", "unit": village.unit,
        "sessions": [
            session(f"r{part}-{number}", "a1", f"{6 + number:02d}:00", f"{6 + number:02d}:40")
            for number in range(5)
        ],
        "edits": [
            {"kind": "session", "record": ref, "set": {"status": "cancelled"}, "why": "雨"}
            for ref in ("s1", "s2")
        ],
    }  # fmt: skip
    village.capture(document)
    expected: dict[str, set[int]] = {}
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    for number in range(5):
        first = dice.randint(1, SIZE - 1)
        absent = {first, first + 1, dice.randint(1, SIZE)} if number % 2 else set()
        while len(absent) < 3:
            absent.add(dice.randint(1, SIZE))
        expected[f"r{part}-{number}"] = absent
        before = keys.count
        keys.press("Return")
        keys.type(as_typed(list(absent)))
        keys.press("Ctrl+S")
        qtbot.waitUntil(lambda: focus_named("今日安排") or today_shown(window))
        idle(qtbot, window)
        assert keys.count - before <= 12
    close(qtbot, window)
    roster = roster_ids(village)
    for ref, rows in expected.items():
        marks = marks_of(village, ref)
        assert {roster.index(one) + 1 for one, status in marks.items() if status == "A"} == rows
        assert sum(status == "P" for status in marks.values()) == SIZE - len(rows)
        assert shown(village, ref)["status"] == "held"


def today_shown(window: MainWindow) -> bool:
    """Whether the Today screen is in front."""
    return window.nav.current() == "today" and "today" in type(window.current()).__module__


def test_walk_ins_known_and_new_in_forty_keys(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.type("7 15 22")
    keys.press("Return")
    keys.press("Return")
    keys.type("oyf")
    keys.press("Return")
    keys.ime("令狐冲", keys=11)
    keys.press("Return")
    keys.type("1")
    keys.press("Return")
    keys.type("1958")
    keys.press("Return")
    idle(qtbot, window)
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    assert keys.count <= 40
    close(qtbot, window)
    marks = marks_of(village, "s1")
    assert sorted(marks.values()) == ["A"] * 3 + ["P"] * 27 + ["W"] * 2
    new = village("learner", "list", "--query", "令狐冲", "--reveal", "--why", "核对")["learners"]
    assert [(one["sex"], one["birth"]) for one in new] == [("M", "1958")]
    assert marks[new[0]["id"]] == "W"
    assert village.is_sound()


def test_a_crowd_of_eighty_in_twelve_keys(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    done = {
        "v": 1, "source": "desk", "unit": village.unit,
        "edits": [
            {"kind": "session", "record": ref, "set": {"status": "cancelled"}, "why": "雨"}
            for ref in ("s1", "s2", "s3")
        ],
    }  # fmt: skip
    village.capture(done)
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.type("80")
    keys.press("Return")
    keys.type("35")
    keys.press("Return")
    keys.type("60")
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    assert keys.count <= 12
    close(qtbot, window)
    assert shown(village, "s4")["headcount"] == {
        "total": 80, "male": 35, "female": 45, "over60": 60, "basis": "counted",
    }  # fmt: skip


def test_every_gesture_is_durable_and_undone_alone(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    """What was typed survives without a save; Ctrl+Z takes gestures back one by one."""
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.type("7 15 22-24")
    keys.press("Return")
    keys.type("+1")
    keys.press("Return")
    idle(qtbot, window)
    held = village.value("SELECT count(*) FROM draft")
    assert held == 1
    keys.press("Ctrl+Z")
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    assert village.value("SELECT count(*) FROM draft") == 0
    assert list(marks_of(village, "s1").values()).count("A") == 5


def test_grid_keys(qtbot: QtBot, village: Desk, open_window: OpenWindow) -> None:
    """Space goes through the marks, letters set one, digits are minutes, D is a proxy."""
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.press("Down")
    qtbot.waitUntil(lambda: focus_named("名单"))
    keys.press("Space")
    keys.press("Down")
    keys.type("x")
    keys.press("Down")
    keys.type("25")
    keys.press("Return")
    keys.press("Down")
    keys.type("d")
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    rows = {row["learner"]: row for row in shown(village, "s1")["rows"]}
    first, second, third, fourth = (rows[one] for one in roster_ids(village)[:4])
    assert first["status"] == "A"
    assert second["status"] == "X"
    assert (third["status"], third["minutes"]) == ("P", 25)
    assert fourth["proxy"] is True


def test_nothing_was_done_nothing_is_saved(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    before = village.state()
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.press("Escape")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    assert village.state() == before
    assert village.value("SELECT count(*) FROM draft") == 0


def test_a_second_roll_call_is_session_two(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.press("F6")
    idle(qtbot, window)
    keys.type("3")
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    sessions = [row for row in village("list", "session")["records"] if row["status"] == "held"]
    assert [(row["start"], row["end"]) for row in sessions] == [("16:00", "17:00")]


def test_a_past_day_is_confirmed(qtbot: QtBot, village: Desk, open_window: OpenWindow) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    record = shown(village, "s1")["id"]
    later = open_window(village.folder, now="2026-04-05T10:00:00+08:00")
    keys = Keys(qtbot, later)
    later.go("roll_call", record)
    keys.type("5")
    keys.press("Ctrl+S")
    idle(qtbot, later)
    assert "2026-04-02" in later.feedback.text
    assert not today_shown(later)
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(later))
    close(qtbot, later)
    assert list(marks_of(village, "s1").values()).count("A") == 1


def test_what_cannot_be_read_is_told_and_changes_nothing(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.type("7 31")
    keys.press("Return")
    assert "31" in window.feedback.text
    keys.press("Escape")
    keys.press("Ctrl+A")
    keys.type("7")
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    assert list(marks_of(village, "s1").values()).count("A") == 1


def test_what_a_crash_left_is_finished_at_the_next_start(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    """The gestures of a roll call that was never finished are there after a kill."""
    record = shown(village, "s1")["id"]
    with village.open() as workspace:
        call = roll_calls.open_roll_call(workspace, record)
        marks = {line.person.learner: roll_calls.Mark("P") for line in call.lines}
        marks[call.lines[4].person.learner] = roll_calls.Mark("A")
        roll_calls.keep(workspace, call, marks, {"status": "held"})
    window = open_window(village.folder)
    assert "1" in window.feedback.text
    close(qtbot, window)
    assert list(marks_of(village, "s1").values()).count("A") == 1
    assert village.value("SELECT count(*) FROM draft") == 0


def test_a_finished_roll_call_is_undone_and_done_again(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.type("3")
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    idle(qtbot, window)
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    assert window.desk is not None
    call = window.desk.read(lambda ws: roll_calls.open_roll_call(ws, record_of(ws)))
    assert not call.recorded
    keys.press("Ctrl+Y")
    idle(qtbot, window)
    close(qtbot, window)
    assert list(marks_of(village, "s1").values()).count("A") == 1
    assert village.is_sound()


def record_of(workspace: Workspace) -> str:
    """Return the id of the first session of the day."""
    return records.require_record(workspace, "session:s1").id


def test_a_count_that_is_no_number_and_an_empty_room_are_questioned(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    """Neither is saved by one hasty Ctrl+S."""
    record = shown(village, "s4")["id"]
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    window.go("roll_call", record)
    keys.type("7 15")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "7 15" in window.feedback.text
    keys.press("Delete")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert not today_shown(window)
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    assert shown(village, "s4")["status"] == "held"
