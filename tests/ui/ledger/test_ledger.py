"""The ledger by real keys: narrowed, corrected in place, pasted into, read by the command line."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from learnsite_desktop.services.ledgers import KINDS
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.models.windowed import PAGE
from learnsite_desktop.ui.screens.ledger import columns
from learnsite_desktop.ui.screens.ledger.view import View
from tests.desks import Desk, Line, found_village, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

TODAY = date(2026, 4, 2)
FIRST = date(2026, 1, 6)
COUNT = 300


def place_of(name: str) -> int:
    """Return the number of a column."""
    return [column.name for column in columns.COLUMNS].index(name)


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    """A village with a class of 16 lessons, the last three to come, and a lecture."""
    desk = found_village(tmp_path / "village")
    base = small_class()
    lecture = {**base["activities"][0], "ref": "a2", "title": "防诈骗讲座", "kind": "03"}
    days = [FIRST + timedelta(weeks=week) for week in range(16)]
    desk.capture(
        {
            **base,
            "activities": [*base["activities"], lecture],
            "enrolments": [],
            "rollcalls": [],
            "sessions": [
                *(
                    {
                        "ref": f"s{number}",
                        "activity": "a1",
                        "date": day.isoformat(),
                        "start": "09:00",
                        "end": "10:30",
                        "status": "held" if day <= TODAY else "planned",
                    }
                    for number, day in enumerate(days)
                ),
                {
                    "ref": "lecture",
                    "activity": "a2",
                    "date": "2026-03-15",
                    "start": "14:00",
                    "end": "15:00",
                    "status": "planned",
                },
            ],
        }
    )
    return desk


def ledger(window: MainWindow) -> View:
    """Return the ledger."""
    found = window.current()
    assert isinstance(found, View)
    return found


def opened(qtbot: QtBot, open_window: OpenWindow, desk: Desk) -> tuple[MainWindow, Keys, View]:
    """Open the ledger of a desk."""
    window = open_window(desk.folder, now=desk.now)
    keys = Keys(qtbot, window)
    keys.press("Alt+2")
    idle(qtbot, window)
    return window, keys, ledger(window)


def close(qtbot: QtBot, window: MainWindow) -> None:
    """Close the window as a person does; the workspace is free afterwards."""
    idle(qtbot, window)
    window.close()
    assert window.desk is None


def column_of(view: View, name: str) -> list[str]:
    """Return what a column shows."""
    column = place_of(name)
    model = view.model
    return [str(model.index(row, column).data() or "") for row in range(model.rowCount())]


def stand(view: View, row: int, name: str) -> None:
    """Choose a cell."""
    view.grid.setCurrentIndex(view.model.index(row, place_of(name)))


def shown(desk: Desk, ref: str) -> Any:
    """Return a session as the command line shows it."""
    return desk("show", f"session:{ref}")["record"]


def test_it_begins_at_today_and_enter_opens_the_roll_call(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window, keys, view = opened(qtbot, open_window, village)
    dates = column_of(view, "date")
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == 17
    here = view.grid.currentIndex().row()
    assert dates[here].startswith("2026-03-31")
    keys.press("Return")
    idle(qtbot, window)
    assert type(window.current()).__module__.endswith("roll_call.view")


def test_words_and_periods_narrow(qtbot: QtBot, village: Desk, open_window: OpenWindow) -> None:
    window, keys, view = opened(qtbot, open_window, village)
    for typed, count in (
        ("fzp", 1),
        ("讲座", 1),
        ("2026-03", 6),
        ("2026-03-03", 1),
        ("held", 13),
        ("3月", 6),
    ):
        keys.press("Ctrl+F")
        if typed.isascii():
            keys.type(typed)
        else:
            keys.ime(typed, keys=4)
        keys.press("Return")
        idle(qtbot, window)
        assert view.model.rowCount() == count, typed
        assert view.grid.hasFocus()
    keys.press("Ctrl+F")
    keys.type("x")
    keys.press("Return")
    idle(qtbot, window)
    assert view.model.rowCount() == 0
    assert not view.grid.isHidden()


def test_a_cell_is_written_in_place(qtbot: QtBot, village: Desk, open_window: OpenWindow) -> None:
    window, keys, view = opened(qtbot, open_window, village)
    row = column_of(view, "title").index("防诈骗讲座")
    stand(view, row, "time")
    keys.press("F3")
    keys.type("13-1530")
    keys.press("Return")
    stand(view, row, "notes")
    keys.press("F3")
    keys.ime("雨天改期", keys=10)
    keys.press("Return")
    stand(view, row, "status")
    keys.type("cancelled")
    keys.press("Return")
    idle(qtbot, window)
    assert column_of(view, "time")[row] == "13:00–15:30"
    close(qtbot, window)
    record = shown(village, "lecture")
    assert (record["start"], record["end"]) == ("13:00", "15:30")
    assert record["notes"] == "雨天改期"
    assert record["status"] == "cancelled"


def test_what_is_no_date_changes_nothing(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window, keys, view = opened(qtbot, open_window, village)
    stand(view, 0, "date")
    before = column_of(view, "date")
    keys.press("F3")
    keys.type("13.45")
    keys.press("Return")
    idle(qtbot, window)
    assert "13.45" in window.feedback.text
    assert column_of(view, "date") == before


def test_an_error_is_told_and_a_warning_wants_its_reason(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window, keys, view = opened(qtbot, open_window, village)
    row = column_of(view, "title").index("防诈骗讲座")
    stand(view, row, "time")
    keys.press("F3")
    keys.type("15-14")
    keys.press("Return")
    idle(qtbot, window)
    assert view.correcting.wanted.isHidden()
    assert window.feedback.text
    keys.press("F3")
    keys.type("8-13")
    keys.press("Return")
    idle(qtbot, window)
    assert not view.correcting.wanted.isHidden()
    keys.ime("全天活动", keys=10)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert view.correcting.wanted.isHidden()
    close(qtbot, window)
    record = shown(village, "lecture")
    assert record["end"] == "13:00"
    assert record["reasons"]["SESSION_LENGTH_UNUSUAL"] == "全天活动"


def test_a_block_is_pasted_as_one_change(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window, keys, view = opened(qtbot, open_window, village)
    stand(view, 0, "notes")
    top = [line.row.record for row in range(3) if (line := view.model.line(row)) is not None]
    QGuiApplication.clipboard().setText("甲\r\n乙\r\n丙\r\n")
    keys.press("Ctrl+V")
    idle(qtbot, window)
    assert column_of(view, "notes")[:3] == ["甲", "乙", "丙"]
    view.grid.selectionModel().clearSelection()
    stand(view, 0, "date")
    QGuiApplication.clipboard().setText("2026/4/30\t10:00-11:00\n4.22\t\n")
    keys.press("Ctrl+V")
    idle(qtbot, window)
    assert shown_of(village, top[0]) == ("2026-04-30", "10:00", "甲")
    assert shown_of(village, top[1]) == ("2026-04-22", "09:00", "乙")
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    keys.press("Ctrl+Z")
    close(qtbot, window)
    assert [shown_of(village, record)[2] for record in top] == [None] * 3


def shown_of(desk: Desk, record: str) -> tuple[Any, Any, Any]:
    """Return date, start and notes of a session, read beside the window."""
    found = desk("show", record)["record"]
    return found["date"], found["start"], found.get("notes")


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("date", "2026-04-30\n没有"),
        ("title", "新标题"),
        ("date", "2026-04-30\t10:00-11:00\t新标题"),
        ("notes", "\n".join("x" * 50)),
        ("notes", ""),
    ],
)
def test_a_block_with_anything_wrong_changes_nothing(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, name: str, block: str
) -> None:
    window, keys, view = opened(qtbot, open_window, village)
    state = village.state()
    stand(view, 0, name)
    QGuiApplication.clipboard().setText(block)
    keys.press("Ctrl+V")
    idle(qtbot, window)
    assert "没有粘贴" in window.feedback.text
    close(qtbot, window)
    assert village.state() == state


def test_cells_are_copied_as_spreadsheets_take_them(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    _window, keys, view = opened(qtbot, open_window, village)
    stand(view, 0, "date")
    keys.press("Shift+Right", times=2)
    keys.press("Shift+Down")
    keys.press("Ctrl+C")
    block = columns.block_of(QGuiApplication.clipboard().text())
    assert [row[2] for row in block] == ["书法班", "书法班"]
    assert all(row[1] == "09:00–10:30" for row in block)


def test_what_was_received_is_corrected_with_a_reason(
    qtbot: QtBot, tmp_path: Path, open_window: OpenWindow
) -> None:
    line = Line(tmp_path)
    line.found()
    line.enrol()
    line.village.capture(small_class())
    line.carry(line.village, line.township)
    line.carry(line.township, line.village)
    window, keys, view = opened(qtbot, open_window, line.village)
    assert column_of(view, "state") == ["已接收"]
    stand(view, 0, "notes")
    keys.press("F3")
    keys.ime("补记", keys=5)
    keys.press("Return")
    idle(qtbot, window)
    assert not view.correcting.wanted.isHidden()
    assert view.correcting.wanted.why.hasFocus()
    keys.press("Return")
    assert "notes" not in shown(line.village, "s1")
    keys.ime("漏写了备注", keys=12)
    keys.press("Return")
    idle(qtbot, window)
    close(qtbot, window)
    assert shown(line.village, "s1")["notes"] == "补记"
    whys = [one["why"] for one in line.village.history(shown(line.village, "s1")["id"])]
    assert "漏写了备注" in whys


def test_a_correction_that_waits_for_its_reason_is_not_dropped_by_the_next(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window, keys, view = opened(qtbot, open_window, village)
    row = column_of(view, "title").index("防诈骗讲座")
    top, next_one = view.model.line(0), view.model.line(1)
    assert top is not None
    assert next_one is not None

    def write(at: int, name: str, text: str) -> None:
        stand(view, at, name)
        keys.press("F3")
        keys.type(text)
        keys.press("Return")
        idle(qtbot, window)

    write(row, "time", "8-13")
    write(0, "notes", "abc")
    assert shown_of(village, top.row.record)[2] == "abc"
    assert view.correcting.pending
    write(1, "time", "8-14")
    assert "接着再问" in window.feedback.text
    for reason in ("全天活动", "连上两场"):
        view.next_problem()
        keys.ime(reason, keys=8)
        keys.press("Ctrl+S")
        idle(qtbot, window)
    assert view.correcting.wanted.isHidden()
    close(qtbot, window)
    lecture = shown(village, "lecture")
    other = village("show", next_one.row.record)["record"]
    assert (lecture["end"], other["end"]) == ("13:00", "14:00")
    assert lecture["reasons"]["SESSION_LENGTH_UNUSUAL"] == "全天活动"
    assert other["reasons"]["SESSION_LENGTH_UNUSUAL"] == "连上两场"


def test_a_long_list_shows_any_row_and_keeps_its_place(
    qtbot: QtBot, tmp_path: Path, open_window: OpenWindow
) -> None:
    desk = found_village(tmp_path / "long")
    base = small_class(enrolments=[], rollcalls=[])
    base["sessions"] = [
        {
            "ref": f"s{number}", "activity": "a1", "start": "09:00", "end": "10:00",
            "date": (date(2025, 1, 1) + timedelta(days=number)).isoformat(), "status": "held",
        }
        for number in range(COUNT)
    ]  # fmt: skip
    desk.capture(base)
    window, keys, view = opened(qtbot, open_window, desk)
    assert view.model.rowCount() == COUNT > 4 * PAGE
    keys.press("Ctrl+End")
    assert view.grid.currentIndex().row() == COUNT - 1
    assert column_of(view, "date")[-1].startswith("2025-01-01")
    stand(view, 250, "notes")
    keys.press("F3")
    keys.type("x")
    keys.press("Return")
    idle(qtbot, window)
    assert view.grid.currentIndex().row() == 250
    assert column_of(view, "notes")[250] == "x"


def test_the_papers_are_chosen_by_name(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    _window, keys, view = opened(qtbot, open_window, village)
    keys.press("Ctrl+P")
    assert not view.paper.isHidden()
    assert view.paper.kind.hasFocus()
    assert view.paper.kind.value() in KINDS
    assert view.paper.period.value() == "2026-04"
    keys.press("Escape")
    assert view.paper.isHidden()
    assert QApplication.focusWidget() is view.grid


@pytest.mark.parametrize(
    ("name", "text", "fields"),
    [
        ("date", "2026-04-07 周二", {"date": "2026-04-07"}),
        ("date", "4月7日", {"date": "2026-04-07"}),
        ("time", "9点半至11点", {"start": "09:30", "end": "11:00"}),
        ("time", "9:00", None),
        ("status", "已取消", {"status": "cancelled"}),
        ("status", "不知道", None),
        ("headcount", "８０", {"headcount": 80}),
        ("headcount", "", {"headcount": None}),
        ("notes", "  ", {"notes": None}),
    ],
)
def test_what_is_typed_into_cells(name: str, text: str, fields: Any) -> None:
    read = columns.COLUMNS[place_of(name)].read
    assert read is not None
    assert read(text, TODAY) == fields
