"""Today in unlucky orders: begun and dropped, left too early, told too late, undone late."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from learnsite_desktop.services.drafts import commit_fields
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.tasks import Task
from tests.desks import Desk, found_village
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle
from tests.ui.today.test_today import choose, close, days, id_of


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    desk = found_village(tmp_path / "village")
    desk.capture(days())
    return desk


@contextmanager
def busy(qtbot: QtBot, window: MainWindow) -> Iterator[None]:
    """Let nothing be written while this goes on; what was asked for is written at its end."""
    assert window.desk is not None
    free = threading.Event()
    held = Task("", lambda *_: free.wait(20), lambda _: None, lambda _: None)
    window.desk.writer.submit(held)
    try:
        yield
    finally:
        free.set()
    idle(qtbot, window)


def begin_draft(desk: Desk, record: str) -> None:
    """Begin to correct a session in a way that cannot be saved."""
    with desk.open() as workspace:
        commit_fields(workspace, "session", record, {"end": "05:00"})


def to_draft(window: MainWindow, keys: Keys) -> Any:
    """Go to the row of what was begun; returns the screen."""
    view: Any = window.current()
    keys.press("F8")
    assert view.list.current().kind == "draft"
    return view


def kinds(view: Any) -> set[str]:
    return {row.kind for row in view.list.rows()}


def test_what_was_begun_is_dropped_by_delete_pressed_twice(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    begin_draft(village, id_of(village, "next"))
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    view = to_draft(window, keys)
    keys.press("Delete")
    keys.press("Escape")  # closes the question, which is a no
    keys.press("Delete")
    idle(qtbot, window)
    assert "draft" in kinds(view)
    keys.press("Delete")
    idle(qtbot, window)
    assert "draft" not in kinds(view)
    close(qtbot, window)
    window = open_window(village.folder)
    assert "draft" not in kinds(window.current())
    close(qtbot, window)
    assert village("show", "session:next")["record"]["end"] == "10:00"


def test_a_draft_whose_record_is_gone_says_so_in_words_and_can_be_dropped(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    record = id_of(village, "next")
    begin_draft(village, record)
    village("delete", record, "--why", "误录")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    view = to_draft(window, keys)
    keys.press("Return")
    shown = [*view.list.current().cells, window.feedback.text, view._detail.text()]
    assert not [text for text in shown if record in text]
    assert "Delete" in window.feedback.text
    assert window.nav.current() == "today"
    keys.press("Alt+6")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    hand_in: Any = window.current()
    said = [window.feedback.text, *(text for row in hand_in.problems.rows() for text in row.cells)]
    assert not [text for text in said if record in text]
    keys.press("Alt+1")
    keys.press("F8")
    keys.press("Delete")
    keys.press("Delete")
    idle(qtbot, window)
    assert "draft" not in kinds(view)
    close(qtbot, window)


def test_a_typed_correction_is_not_left_without_a_word(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("F7")
    choose(keys, "结束时间")
    keys.press("Alt+2")  # nothing is typed yet
    idle(qtbot, window)
    assert window.nav.current() == "ledger"
    keys.press("Alt+1")
    keys.press("F7")
    choose(keys, "结束时间")
    keys.type("1045")
    keys.press("Alt+2")
    assert window.nav.current() == "today"
    assert "结束时间" in window.feedback.text
    keys.press("Return")
    idle(qtbot, window)
    assert window.current().card.isHidden()  # type: ignore[attr-defined]
    keys.press("F7")
    choose(keys, "结束时间")
    keys.type("1100")
    keys.press("Alt+2")
    keys.press("Alt+2")  # so be it
    idle(qtbot, window)
    assert window.nav.current() == "ledger"
    close(qtbot, window)
    assert village("show", "session:next")["record"]["end"] == "10:45"


def test_a_correction_that_is_being_saved_may_be_left(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("F7")
    choose(keys, "结束时间")
    keys.type("1045")
    with busy(qtbot, window):
        keys.press("Return")
        keys.press("Return")  # once is enough
        keys.press("Alt+2")
        assert window.nav.current() == "ledger"
    close(qtbot, window)
    record = id_of(village, "next")
    assert village("show", record)["record"]["end"] == "10:45"
    assert len(village.history(record)) == 2


@pytest.mark.parametrize(("typed", "end"), [("1045", "10:45"), ("800", "10:00")])
def test_a_late_answer_leaves_the_next_card_alone(
    open_window: OpenWindow, qtbot: QtBot, village: Desk, typed: str, end: str
) -> None:
    window = open_window(village.folder)
    view: Any = window.current()
    keys = Keys(qtbot, window)
    keys.press("F7")
    choose(keys, "结束时间")
    keys.type(typed)
    with busy(qtbot, window):
        keys.press("Return")
        keys.press("Escape")
        keys.press("Down")
        keys.press("F7")
        choose(keys, "结束时间")
        keys.type("1520")
    assert view.card.isVisible()
    assert ("结束时间" in window.feedback.text) == (end == "10:00")  # why it could not be saved
    keys.press("Return")
    close(qtbot, window)
    assert village("show", "session:next")["record"]["end"] == end
    assert village("show", "session:then")["record"]["end"] == "15:20"


def test_enter_on_an_unchanged_field_changes_nothing_and_says_so(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("F7")
    choose(keys, "结束时间")
    keys.press("Return")
    idle(qtbot, window)
    assert window.feedback.text.startswith("没有改动")
    assert window.current().card.isHidden()  # type: ignore[attr-defined]
    close(qtbot, window)
    assert len(village.history(id_of(village, "next"))) == 1


def test_the_undo_of_a_message_takes_back_what_the_message_tells(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    before = village("list", "session")["total"]
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Delete")
    keys.ime("下雨", keys=4)
    keys.press("Return")
    idle(qtbot, window)
    keys.press("Down")
    keys.press("F6")  # another session that day, told by no message
    idle(qtbot, window)
    keys.press("F9")
    idle(qtbot, window)
    close(qtbot, window)
    assert village("show", "session:next")["record"]["status"] == "planned"
    assert village("list", "session")["total"] == before + 1
