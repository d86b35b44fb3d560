"""Activities and classes by real keys, read by the command line once the window is closed."""

import shutil
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import drafts
from learnsite_desktop.services.plans import Plan
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.sheets import members_of
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.screens.activity import presenter
from learnsite_desktop.ui.screens.activity.view import View
from learnsite_desktop.ui.tasks import Task
from learnsite_desktop.ui.widgets.choices import Option
from tests.desks import Desk, Line, found_village, learner, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

SIZE = 30
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
FIRST = date(2026, 1, 6)
LESSONS = [FIRST + timedelta(weeks=week) for week in range(12)]


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    """A village with a class of 30 that met 12 times on Tuesdays, and a walk-in it knows."""
    desk = found_village(tmp_path / "village")
    content = small_class(
        learners=[
            *(learner(f"p{row}", f"{SURNAMES[row - 1]}学员") for row in range(1, SIZE + 1)),
            learner("guest", "欧阳凤英", mobile="14412345678"),
        ],
        staff=[{"ref": "t1", "name": "钱玉梅", "kinds": ["part_teacher"]}],
        venues=[{"ref": "v1", "name": "大教室", "kind": "classroom"}],
        enrolments=[
            {"activity": "a1", "learner": f"p{row}", "row": row, "joined": "2026-01-06"}
            for row in range(1, SIZE + 1)
        ],
        sessions=[
            {
                "ref": f"s{number}", "activity": "a1", "seq": number, "date": day.isoformat(),
                "start": "09:00", "end": "10:30", "status": "held", "venue": "v1",
                "teachers": ["t1"],
            }
            for number, day in enumerate(LESSONS, start=1)
        ],
        rollcalls=[],
    )  # fmt: skip
    content["activities"][0] |= {
        "title": "书法班 第1期", "planned_sessions": 12, "destinations": ["elder", "civil"],
    }  # fmt: skip
    desk.capture(content)
    return desk


def close(qtbot: QtBot, window: MainWindow) -> None:
    """Close the window as a person does; the workspace is free afterwards."""
    idle(qtbot, window)
    window.close()
    assert window.desk is None


def screen(window: MainWindow) -> View:
    """Return the editor."""
    found = window.current()
    assert isinstance(found, View)
    return found


def activity(desk: Desk, title: str) -> dict[str, Any]:
    """Return the one activity of a title."""
    found = [one for one in desk("list", "activity")["records"] if one["title"] == title]
    assert len(found) == 1
    return dict(found[0])


def of(desk: Desk, kind: str, record: str) -> list[dict[str, Any]]:
    """Return sessions by date, or enrolments by row, of an activity."""
    found = [one for one in desk("list", kind)["records"] if one["activity"] == record]
    return sorted(found, key=lambda one: str(one.get("date") or f"{one.get('row', 0):03d}"))


def test_a_class_of_twelve_lessons_like_the_last_in_few_keys(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    keys.press("Ctrl+D")
    keys.press("Ctrl+S")
    assert keys.count <= 6
    close(qtbot, window)
    made = activity(village, "书法班 第2期")
    lessons = of(village, "session", made["id"])
    assert [one["date"] for one in lessons] == [
        (date(2026, 4, 7) + timedelta(weeks=week)).isoformat() for week in range(12)
    ]
    assert {(one["start"], one["end"], one["status"]) for one in lessons} == {
        ("09:00", "10:30", "planned")
    }
    assert made["planned_sessions"] == 12
    assert made["destinations"] == ["elder", "civil"]
    assert [one["row"] for one in of(village, "enrolment", made["id"])] == [*range(1, SIZE + 1)]
    village("undo")
    assert village("list", "activity")["total"] == 1
    assert village("list", "session")["total"] == 12


def test_the_same_with_another_title_weekday_and_time_within_the_budget(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    keys.ime("书法", keys=5)
    keys.press("Return", times=2)
    keys.type("4")
    keys.press("Return", times=2)
    keys.type("14")
    keys.press("Return")
    keys.type("16")
    keys.press("Ctrl+D")
    keys.press("Ctrl+S")
    assert keys.count <= 25
    close(qtbot, window)
    made = activity(village, "书法")
    lessons = of(village, "session", made["id"])
    assert len(lessons) == 12
    assert lessons[0]["date"] == "2026-04-09"
    assert {(one["start"], one["end"]) for one in lessons} == {("14:00", "16:00")}
    assert len(of(village, "enrolment", made["id"])) == SIZE


def test_a_day_left_out_is_made_up_at_the_end(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    editor = screen(window)
    days = [editor.lessons.list.item(row).text() for row in range(12)]
    assert [row for row, text in enumerate(days) if "劳动节" in text] == [4]
    editor.lessons.list.setFocus()
    keys.press("Down", times=4)
    keys.press("Space")
    assert editor.lessons.list.count() == 13
    keys.press("Ctrl+S")
    close(qtbot, window)
    lessons = of(village, "session", activity(village, "书法班 第2期")["id"])
    assert "2026-05-05" not in [one["date"] for one in lessons]
    assert len(lessons) == 12
    assert lessons[-1]["date"] == "2026-06-30"


def test_what_was_entered_survives_a_killed_program(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    keys.press("Ctrl+D")
    keys.ime("剪纸班", keys=8)
    keys.press("Return")
    idle(qtbot, window)
    shutil.copytree(village.folder, tmp_path / "after")
    desk = Desk(tmp_path / "after", village.unit)
    with desk.open() as workspace:
        assert [bool(one.refused) for one in drafts.finish_drafts(workspace)] == [False]
    made = activity(desk, "剪纸班")
    assert len(of(desk, "session", made["id"])) == 12
    assert len(of(desk, "enrolment", made["id"])) == SIZE


def test_what_is_missing_is_shown_and_stays_a_draft(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    keys.press("Delete")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    editor = screen(window)
    title = editor.first.editors["title"]
    assert editor.first.form.problems() == [title]
    assert title.hasFocus()
    record = editor._editing.record if editor._editing else ""
    keys.press("Escape")
    idle(qtbot, window)
    assert window.nav.current() == "today"
    assert "草稿" in window.feedback.text
    keys.press("F9")
    assert screen(window)._editing is not None
    keys.ime("合唱团", keys=8)
    keys.press("Ctrl+S")
    close(qtbot, window)
    assert activity(village, "合唱团")["id"] == record


def test_the_roster_by_initials_and_delete(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    record = activity(village, "书法班 第1期")["id"]
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    window.go("activity", record)
    keys.press("Ctrl+F")
    keys.type("oyfy")
    keys.press("Return")
    editor = screen(window)
    assert editor.roster.seats()[-1].name == "欧阳凤英"
    keys.press("Down")
    editor.roster.view.selectRow(1)
    keys.press("Delete")
    keys.press("Alt+Down")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert len(editor.roster.seats()) == SIZE
    close(qtbot, window)
    names = {one["id"]: one["name"] for one in village("learner", "list", "--reveal", "--why",
                                                       "核对")["learners"]}  # fmt: skip
    rows = of(village, "enrolment", record)
    on_it = {names[one["learner"]]: one["row"] for one in rows if "left" not in one}
    assert on_it["欧阳凤英"] == SIZE + 1
    assert (on_it["刘学员"], on_it["张学员"]) == (3, 4)
    assert [names[one["learner"]] for one in rows if "left" in one] == ["李学员"]
    village("undo")
    assert len([one for one in of(village, "enrolment", record) if "left" not in one]) == SIZE


def test_a_new_teacher_and_a_new_place_by_typing(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    editor = screen(window)
    editor.lessons.teachers.setFocus()
    keys.press("Backspace")
    keys.ime("孙志强", keys=9)
    keys.press("Return")
    assert editor.lessons.teachers.values() == ["=孙志强"]
    editor.lessons.venue.setFocus()
    editor.lessons.venue.selectAll()
    keys.ime("小广场", keys=8)
    keys.press("Return")
    keys.press("Ctrl+S")
    close(qtbot, window)
    lessons = of(village, "session", activity(village, "书法班 第2期")["id"])
    names = {one["id"]: one["name"] for one in village("list", "staff")["records"]}
    places = {one["id"]: one["name"] for one in village("list", "venue")["records"]}
    assert {tuple(names[one] for one in lesson["teachers"]) for lesson in lessons} == {("孙志强",)}
    assert {places[lesson["venue"]] for lesson in lessons} == {"小广场"}


def test_the_first_activity_of_a_new_unit_makes_its_site(
    qtbot: QtBot, tmp_path: Path, open_window: OpenWindow
) -> None:
    desk = found_village(tmp_path / "new")
    window = open_window(desk.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    keys.ime("防诈骗讲座", keys=15)
    editor = screen(window)
    editor.lessons.site.setFocus()
    keys.ime("荣庄教学点", keys=12)
    keys.press("Return")
    window.activateWindow()  # offscreen, a list that was closed stays the active window
    qtbot.waitUntil(window.isActiveWindow)
    editor.rest.editors["topics"].setFocus()
    keys.ime("书法", keys=5)
    keys.press("Return")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    close(qtbot, window)
    made = activity(desk, "防诈骗讲座")
    assert desk("list", "site")["records"][0]["name"] == "荣庄教学点"
    assert len(of(desk, "session", made["id"])) == 1


def test_a_lecture_is_held_once_unless_said_otherwise(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    keys.press("Return")
    keys.type("03")
    keys.press("Return")
    editor = screen(window)
    assert editor.lessons.count.value() == 1
    assert editor.lessons.list.count() == 1


def test_only_what_differs_is_kept_of_a_stored_activity(village: Desk) -> None:
    record = activity(village, "书法班 第1期")["id"]
    with village.open() as workspace:
        editing = presenter.open_editing(workspace, record)
    assert presenter.changed_fields(editing, editing.fields) == {}
    shown = {**editing.fields, "campaign": "活动周", "destinations": []}
    assert presenter.changed_fields(editing, shown) == {"campaign": "活动周", "destinations": None}
    assert presenter.roster_changes(editing, editing.seats) == {}
    assert editing.plan.lessons() == []


def test_days_show_what_is_left_out_between_the_lessons() -> None:
    plan = Plan(first="2026-04-28", start="09:00", end="10:30", count=2, left_out=("2026-05-05",))
    days = presenter.days_of(plan)
    assert [(one.day.isoformat(), one.number, bool(one.holiday)) for one in days] == [
        ("2026-04-28", 1, False), ("2026-05-05", 0, True), ("2026-05-12", 2, False),
    ]  # fmt: skip


def test_the_check_box_of_a_day_is_its_state(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    days = screen(window).lessons.list
    days.setFocus()
    keys.press("Space")
    assert days.item(0).checkState() == Qt.CheckState.Unchecked
    keys.press("Space")
    assert days.item(0).checkState() == Qt.CheckState.Checked
    assert days.count() == 12
    assert QApplication.focusWidget() is days


def keep_busy(window: MainWindow) -> Callable[[], None]:
    """Hold the writer up; what is returned lets it go on."""
    wait = threading.Event()
    assert window.desk is not None
    window.desk.writer.submit(Task("", lambda *_: wait.wait(20), lambda _: None, lambda _: None))
    return wait.set


def retitle(keys: Keys, editor: View, title: str) -> None:
    """Type another title over the one shown."""
    field: Any = editor.first.editors["title"]
    field.setFocus()
    field.selectAll()
    keys.ime(title, keys=6)
    keys.press("Return")


def times_of(desk: Desk, title: str) -> list[str]:
    """Return when the lessons of an activity begin."""
    return [one["start"] for one in of(desk, "session", activity(desk, title)["id"])]


def test_what_is_changed_while_saving_is_no_second_series(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    editor = screen(window)
    retitle(keys, editor, "剪纸班")
    idle(qtbot, window)
    go_on = keep_busy(window)
    keys.press("Ctrl+S")
    editor.lessons.start.setFocus()
    editor.lessons.start.selectAll()
    keys.type("8")
    keys.press("Return")
    keys.press("Shift+Tab", times=2)
    retitle(keys, editor, "剪纸提高班")
    editor.rest.editors["campaign"].setFocus()
    keys.type("abc")
    go_on()
    idle(qtbot, window)
    campaign: Any = editor.rest.editors["campaign"]
    assert (campaign.text(), campaign.hasFocus()) == ("abc", True)
    assert editor.lessons.start.value() == "08:00"
    assert editor.lessons.count.value() is None
    keys.press("Ctrl+S")
    close(qtbot, window)
    assert times_of(village, "剪纸提高班") == ["09:00"] * 12
    assert activity(village, "剪纸提高班")["campaign"] == "abc"
    assert village("check", "--deep")["problems"] == []


def test_an_activity_opened_again_while_it_is_saved_is_saved_once(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    record = activity(village, "书法班 第1期")["id"]
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    window.go("activity", record)
    editor = screen(window)
    editor.lessons.count.setFocus()
    keys.type("3")
    keys.press("Return")
    idle(qtbot, window)
    go_on = keep_busy(window)
    keys.press("Escape")
    window.go("activity", record)
    retitle(keys, screen(window), "行书班")
    keys.press("Escape")
    go_on()
    close(qtbot, window)
    assert len(times_of(village, "行书班")) == 15
    shown = village("show", record)
    assert (len(shown["heads"]), shown["record"]["conflicts"]) == (1, [])


def test_ctrl_z_takes_back_first_what_is_not_saved(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    record = activity(village, "书法班 第1期")["id"]
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    window.go("activity", record)
    editor = screen(window)
    retitle(keys, editor, "行书班")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    retitle(keys, editor, "草书班")
    title: Any = editor.first.editors["title"]
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    assert title.value() == "行书班"
    keys.press("Ctrl+Y")
    idle(qtbot, window)
    assert title.value() == "草书班"
    keys.press("Ctrl+Z")
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    assert title.value() == "书法班 第1期"
    keys.press("Ctrl+S")
    close(qtbot, window)
    shown = village("show", record)
    assert (shown["record"]["title"], len(shown["heads"])) == ("书法班 第1期", 1)


def test_a_new_activity_taken_back_comes_again_by_ctrl_y(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    editor = screen(window)
    retitle(keys, editor, "剪纸班")
    keys.press("Ctrl+D")
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    assert editor.roster.seats() == ()
    keys.press("Ctrl+Y")
    keys.press("Escape")
    close(qtbot, window)
    assert len(of(village, "enrolment", activity(village, "剪纸班")["id"])) == SIZE


def test_what_the_disk_refused_is_saved_by_the_next_ctrl_s(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any, **_named: Any) -> None:
        raise Refusal("disk_full", where="C:")

    record = activity(village, "书法班 第1期")["id"]
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    window.go("activity", record)
    with monkeypatch.context() as patched:
        patched.setattr(drafts, "commit_fields", full)
        retitle(keys, screen(window), "行书班")
        idle(qtbot, window)
        keys.press("Ctrl+S")
        idle(qtbot, window)
        assert "磁盘已满" in window.feedback.text
        keys.press("Alt+1")
        assert screen(window).first.fields()["title"] == "行书班"
    keys.press("Ctrl+S")
    close(qtbot, window)
    assert village("show", record)["record"]["title"] == "行书班"


def test_an_activity_that_was_deleted_stands_in_nobodys_way(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    retitle(keys, screen(window), "剪纸班")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    record = screen(window)._editing
    assert record is not None
    go_on = keep_busy(window)
    assert window.desk is not None
    window.desk.undo()
    retitle(keys, screen(window), "剪纸提高班")
    go_on()
    idle(qtbot, window)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert window.nav.current() == "today"
    assert "已注销" in window.feedback.text
    close(qtbot, window)
    assert village("list", "activity")["total"] == 1
    with village.open() as workspace:
        assert drafts.draft_values(workspace, record.record) == {}


def test_letters_that_find_a_place_make_none(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    village_place = village("list", "venue")["records"][0]["id"]
    keys.press("Ctrl+N")
    editor = screen(window)
    venue = editor.lessons.venue
    venue.set_options([*venue._options, Option("other", "大家园")])
    venue.setFocus()
    venue.selectAll()
    keys.type("dj")
    venue._list.popup().hide()
    keys.press("Ctrl+S")
    assert "dj" in window.feedback.text
    venue.selectAll()
    keys.type("djs")
    venue._list.popup().hide()
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert venue.value() == village_place
    venue.setFocus()
    venue.selectAll()
    keys.type("dj")
    keys.press("Down")
    keys.press("Return")
    assert venue.value() == "=dj"
    keys.press("Escape")
    close(qtbot, window)
    assert "dj" in [one["name"] for one in village("list", "venue")["records"]]


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A line of desks whose township has the village's class, one learner about to begin."""
    line = Line(tmp_path_factory.mktemp("line"))
    line.found()
    line.enrol()
    content = small_class()
    content["enrolments"][0] |= {"joined": "2026-05-01", "row": 1}
    line.village.capture(content)
    line.carry(line.village, line.township)
    line.carry(line.township, line.village)
    return line.place


@pytest.fixture
def above_has_it(received: Path, tmp_path: Path) -> Desk:
    """The village of that line, for one test."""
    return Line(shutil.copytree(received, tmp_path / "line")).village


def test_a_correction_of_what_is_received_wants_a_reason(
    qtbot: QtBot, above_has_it: Desk, open_window: OpenWindow
) -> None:
    record = activity(above_has_it, "书法班")["id"]
    window = open_window(above_has_it.folder)
    keys = Keys(qtbot, window)
    window.go("activity", record)
    retitle(keys, screen(window), "行书班")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert screen(window).problems.why.line.hasFocus()
    assert above_has_it("show", record)["record"]["title"] == "书法班"
    keys.press("Alt+1")
    idle(qtbot, window)
    assert "草稿" in window.feedback.text
    keys.press("F9")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    keys.ime("班名写错了", keys=10)
    keys.press("Return")
    idle(qtbot, window)
    assert screen(window).problems.why.isHidden()
    close(qtbot, window)
    last = above_has_it.history(record)[-1]
    assert (last["why"], last["set"]) == ("班名写错了", {"title": "行书班"})


def test_who_is_received_and_taken_off_before_beginning_is_not_deleted(
    qtbot: QtBot, above_has_it: Desk, open_window: OpenWindow
) -> None:
    record = activity(above_has_it, "书法班")["id"]
    window = open_window(above_has_it.folder)
    keys = Keys(qtbot, window)
    window.go("activity", record)
    editor = screen(window)
    (seat,) = (one for one in editor.roster.seats() if one.name == "周桂兰")
    editor.roster.view.setFocus()
    editor.roster.view.selectRow(editor.roster.seats().index(seat))
    keys.press("Delete")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "周桂兰" not in [one.name for one in editor.roster.seats()]
    keys.press("Ctrl+F")
    keys.type("zgl")
    keys.press("Return")
    keys.press("Escape", times=2)
    idle(qtbot, window)
    rejoined = of(above_has_it, "enrolment", record)
    keys.press("Ctrl+Z")
    close(qtbot, window)
    (line,) = [
        one for one in of(above_has_it, "enrolment", record) if one["learner"] == seat.learner
    ]
    assert (line["joined"], line["left"], line["result"]) == ("2026-05-01", "2026-05-01", "dropped")
    assert "row" not in line
    day = date(2026, 5, 1)
    with above_has_it.open(write=False) as workspace:
        stored = require_record(workspace, f"activity:{record}")
        assert seat.learner not in [one.learner for one in members_of(workspace, stored, day, day)]
    (again,) = [one for one in rejoined if one["learner"] == seat.learner]
    assert again.get("left") is None
    assert again.get("result") is None


def test_what_is_not_understood_is_not_dropped_by_leaving(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    """A date that cannot be read keeps the screen open; emptied, the screen may be left."""
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    idle(qtbot, window)
    view = window.current()
    assert isinstance(view, View)
    field = next(one for one in view.findChildren(QLineEdit) if one.accessibleName() == "首次上课")
    field.setFocus()
    keys.press("Ctrl+A")
    keys.type("99.99")
    keys.press("Alt+2")
    idle(qtbot, window)
    assert window.current() is view
    assert "99.99" in window.feedback.text
    assert field.text() == "99.99"
    keys.press("Ctrl+A")
    keys.type("4.7")
    keys.press("Alt+2")
    idle(qtbot, window)
    assert window.current() is not view
    close(qtbot, window)
