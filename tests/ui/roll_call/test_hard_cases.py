"""Roll calls when things come in an unlucky order: a slow disk, hasty keys, an undo in between."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.desk import Desk as WindowDesk
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.tasks import Task
from tests.desks import Desk
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle
from tests.ui.roll_call.test_roll_call import (
    close,
    focus_named,
    marks_of,
    roster_ids,
    shown,
    today_shown,
    village,
)

__all__ = ["village"]


def desk_of(window: MainWindow) -> WindowDesk:
    """Return the window's desk."""
    assert window.desk is not None
    return window.desk


@contextmanager
def busy(window: MainWindow) -> Iterator[None]:
    """Keep the writer lane occupied, as a backup on an old disk does."""
    go_on = threading.Event()
    desk_of(window).writer.submit(
        Task("", lambda *_: go_on.wait(20), lambda _: None, lambda _: None)
    )
    try:
        yield
    finally:
        go_on.set()


def test_what_was_undone_is_not_finished_later(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    before = village.state()
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.type("3")
    keys.press("Return")
    keys.press("Ctrl+Z")
    keys.press("Escape")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    close(qtbot, open_window(village.folder))
    assert village.value("SELECT count(*) FROM draft") == 0
    assert village.state() == before


def test_an_undone_session_leads_back_to_today(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    """F6 plans a second session; taking it back closes its roll call, nothing stays behind."""
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.press("F6")
    idle(qtbot, window)
    keys.press("Ctrl+Z")
    qtbot.waitUntil(lambda: today_shown(window))
    idle(qtbot, window)
    assert window.feedback.text
    close(qtbot, window)
    assert village.value("SELECT count(*) FROM draft") == 0


def test_a_late_result_leaves_the_next_roll_call_alone(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    first, second = (shown(village, ref)["id"] for ref in ("s1", "s2"))
    keys = Keys(qtbot, window)
    window.go("roll_call", first)
    with busy(window):
        keys.type("7")
        keys.press("Return")
        keys.press("Escape")
        window.go("roll_call", second)
        keys.type("3")
        keys.press("Return")
    idle(qtbot, window)
    assert not today_shown(window)
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    roster = roster_ids(village)
    for ref, row in (("s1", 7), ("s2", 3)):
        marks = marks_of(village, ref)
        assert [roster.index(who) + 1 for who, mark in marks.items() if mark == "A"] == [row]
    assert village("conflicts")["conflicts"] == []


def test_a_session_opened_again_while_it_is_saved_has_no_conflict_with_itself(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    record = shown(village, "s1")["id"]
    keys = Keys(qtbot, window)
    window.go("roll_call", record)
    with busy(window):
        keys.type("7")
        keys.press("Return")
        keys.press("Escape")
        window.go("roll_call", record)
        keys.type("3")
        keys.press("Return")
    idle(qtbot, window)
    qtbot.waitUntil(lambda: focus_named("缺席者的序号"))
    keys.press("Ctrl+A")
    keys.type("9")
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    assert village("conflicts")["conflicts"] == []
    roster = roster_ids(village)
    marks = marks_of(village, "s1")
    absent = [roster.index(who) + 1 for who, mark in marks.items() if mark == "A"]
    assert set(absent) >= {7, 9}


def test_minutes_still_being_typed_are_saved_and_esc_drops_them(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.press("Down")
    keys.type("45")
    keys.press("Escape")
    keys.press("Down")
    keys.type("25")
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    rows = {row["learner"]: row for row in shown(village, "s1")["rows"]}
    minutes = [rows[who].get("minutes") for who in roster_ids(village)[:3]]
    assert minutes == [None, 25, None]
    assert village("conflicts")["conflicts"] == []
    assert village.value("SELECT count(*) FROM draft") == 0


def test_esc_drops_a_typed_walk_in(qtbot: QtBot, village: Desk, open_window: OpenWindow) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.press("Return")
    keys.type("zz")
    keys.press("Escape")
    assert not today_shown(window)
    keys.press("Escape")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)


def test_a_walk_in_being_registered_is_in_the_save(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    """Ctrl+S right after the year waits for the new person."""
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.press("Return")
    keys.ime("令狐冲", keys=11)
    keys.press("Return")
    keys.type("1")
    keys.press("Return")
    keys.type("58")
    with busy(window):
        keys.press("Return")
        keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    assert sorted(marks_of(village, "s1").values()) == ["P"] * 30 + ["W"]


def test_a_count_not_understood_stays_until_it_is_put_right(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    record = shown(village, "s4")["id"]
    keys = Keys(qtbot, window)
    window.go("roll_call", record)
    keys.type("3O")
    keys.press("Return")
    keys.type("12")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "3O" in window.feedback.text
    keys.type("30")
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    counted = shown(village, "s4")["headcount"]
    assert counted == {"total": 30, "male": 12, "female": 18, "basis": "counted"}


def test_undo_takes_back_the_last_write_even_if_it_is_not_told_yet(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    first, second = (shown(village, ref)["id"] for ref in ("s1", "s2"))
    keys = Keys(qtbot, window)
    window.go("roll_call", first)
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    with busy(window):
        window.go("roll_call", second)
        keys.press("Ctrl+S")
        desk_of(window).undo()
    idle(qtbot, window)
    close(qtbot, window)
    assert shown(village, "s1")["status"] == "held"
    assert shown(village, "s2")["status"] == "planned"


def test_good_news_does_not_follow_to_another_screen(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.type("3")
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window) and bool(window.feedback.text))
    keys.press("Alt+2")
    assert not window.feedback.text
    close(qtbot, window)


def test_who_is_here_is_not_offered_as_a_walk_in(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    """Of the list only those absent are found; one of them who came after all is marked so."""
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Return")
    keys.type("2-3")
    keys.press("Return")
    keys.press("Return")
    keys.type("xy")
    keys.press("Return")
    keys.press("Ctrl+S")
    qtbot.waitUntil(lambda: today_shown(window))
    close(qtbot, window)
    assert sorted(marks_of(village, "s1").values()) == ["A"] + ["P"] * 29
