"""Today by real keys, checked by the command line once the window is closed."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from learnsite_desktop.services.drafts import commit_fields
from learnsite_desktop.ui.desk import Place
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.paper import PaperDialog
from tests.desks import Desk, Line, found_village, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

DAY = "2026-04-02"


def session(
    ref: str, date: str, start: str, status: str = "planned", **more: Any
) -> dict[str, Any]:
    end = f"{int(start[:2]) + 1:02d}{start[2:]}"
    found = {"ref": ref, "activity": "a1", "date": date, "start": start, "end": end}
    return {**found, "status": status, **more}


def days() -> dict[str, Any]:
    """A class whose sessions lie before, on and after the day of work."""
    document = small_class()
    document["sessions"] = [
        session("old", "2026-03-24", "09:00", "held", seq=1),
        session("late", "2026-04-01", "09:00", seq=2),
        session("done", DAY, "07:00", "held", seq=3),
        session("next", DAY, "09:00", seq=4),
        session("then", DAY, "14:00", seq=5),
        session("soon", "2026-04-08", "09:00", seq=6),
    ]
    rows = [{"learner": ref, "status": "P"} for ref in ("l1", "l2", "l3")]
    document["rollcalls"] = [{"session": ref, "rows": rows} for ref in ("old", "done")]
    return document


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    desk = found_village(tmp_path / "village")
    desk.capture(days())
    return desk


def close(qtbot: QtBot, window: MainWindow) -> None:
    idle(qtbot, window)
    window.close()


def places(window: MainWindow) -> list[Place]:
    """Return the list in which every place that a screen asks for will stand."""
    found: list[Place] = []
    assert window.desk is not None
    window.desk.wanted.connect(found.append)
    return found


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def back_to(qtbot: QtBot, window: MainWindow) -> None:
    """Give the window the focus again, as every desktop does when a list or dialog has closed."""
    window.windowHandle().requestActivate()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is window.windowHandle())


def choose(keys: Keys, label: str) -> None:
    """Choose a field with the arrow keys and go into it."""
    box = focus()
    assert isinstance(box, QComboBox)
    for _step in range(box.count()):
        if box.currentText() == label:
            break
        keys.press("Down")
    keys.press("Return")


def id_of(desk: Desk, ref: str) -> str:
    return str(desk("show", f"session:{ref}")["record"]["id"])


@pytest.mark.parametrize(
    ("keys", "ref"),
    [([], "next"), (["Down"], "then"), (["Down", "Down"], "late"), (["Up"], "done")],
)
def test_the_right_session_is_a_key_or_two_away(
    open_window: OpenWindow, qtbot: QtBot, village: Desk, keys: list[str], ref: str
) -> None:
    wanted = id_of(village, ref)
    window = open_window(village.folder)
    found = places(window)
    keyboard = Keys(qtbot, window)
    for key in (*keys, "Return"):
        keyboard.press(key)
    assert found == [Place("roll_call", wanted)]
    assert keyboard.count <= 3


def test_when_all_of_today_is_recorded_an_older_one_is_next(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    for ref in ("next", "then"):
        village("edit", f"session:{ref}", "status=cancelled")
    wanted = id_of(village, "late")
    window = open_window(village.folder)
    found = places(window)
    Keys(qtbot, window).press("Return")
    assert found == [Place("roll_call", wanted)]


def test_typing_the_code_of_a_sheet_opens_exactly_that_one(
    open_window: OpenWindow, qtbot: QtBot, village: Desk, tmp_path: Path
) -> None:
    printed = village("sheet", "session:soon", "--out", tmp_path / "sheet.pdf")
    wanted = id_of(village, "soon")
    window = open_window(village.folder)
    found = places(window)
    keys = Keys(qtbot, window)
    wrong = "2" if printed["sheet_code"][0] != "2" else "3"
    keys.type((wrong + printed["sheet_code"][1:]).lower())
    assert not found
    assert "编号" in window.feedback.text or window.feedback.text
    keys.type(printed["sheet_code"].lower())
    assert found == [Place("roll_call", wanted)]


def test_the_same_again_next_week_takes_two_keys(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+D")
    idle(qtbot, window)
    assert keys.count == 2
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    assert len(window.desk.read(lambda ws: ws.database.rows("SELECT 1 FROM session"))) == 7  # type: ignore[union-attr]
    keys.press("Ctrl+Y")
    close(qtbot, window)
    new = [row for row in village("list", "session")["records"] if row["date"] == "2026-04-09"]
    assert [(row["start"], row["status"], row["seq"]) for row in new] == [("09:00", "planned", 7)]
    assert village.is_sound()


def test_a_session_that_is_there_already_is_not_planned_twice(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Down", times=2)
    keys.press("Ctrl+D")  # 1 April; there is one on 8 April
    idle(qtbot, window)
    assert "2026-04-08" in window.feedback.text
    close(qtbot, window)
    assert village("list", "session")["total"] == 6


def test_a_second_roll_call_of_the_day(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    window = open_window(village.folder)
    found = places(window)
    Keys(qtbot, window).press("F6")
    idle(qtbot, window)
    close(qtbot, window)
    (new,) = [row for row in village("list", "session")["records"] if row.get("seq") == 7]
    assert (new["date"], new["start"], new["status"]) == (DAY, "15:00", "planned")
    assert found == [Place("roll_call", new["id"])]


def test_a_planned_session_is_cancelled_with_a_reason(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Delete")
    keys.press("Return")  # without a reason nothing happens
    keys.ime("下雨", keys=4)
    keys.press("Return")
    idle(qtbot, window)
    assert focus() is window.current().list  # type: ignore[attr-defined]
    close(qtbot, window)
    assert village("show", "session:next")["record"]["status"] == "cancelled"
    assert village.history(id_of(village, "next"))[-1]["why"] == "下雨"


def test_escape_lets_a_question_be_and_stays(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    for opening in ("Delete", "F7", "A"):
        keys.press(opening)
        assert focus() is not window.current().list  # type: ignore[attr-defined]
        keys.press("Escape")
        assert focus() is window.current().list  # type: ignore[attr-defined]
    close(qtbot, window)
    assert village("show", "session:next")["record"]["status"] == "planned"


def test_a_field_is_corrected_where_one_stands(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("F7")
    choose(keys, "结束时间")
    keys.type("1045")
    keys.press("Return")
    close(qtbot, window)
    record = village("show", "session:next")["record"]
    assert (record["start"], record["end"]) == ("09:00", "10:45")


def test_what_cannot_be_right_stays_in_the_card(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("F7")
    choose(keys, "结束时间")
    keys.type("800")  # before it starts
    keys.press("Return")
    idle(qtbot, window)
    assert window.current().card.isVisible()  # type: ignore[attr-defined]
    keys.press("Ctrl+A")
    keys.type("915")  # so short that it wants a reason
    keys.press("Return")
    idle(qtbot, window)
    keys.ime("停电", keys=4)
    keys.press("Return")
    idle(qtbot, window)
    assert window.current().card.isHidden()  # type: ignore[attr-defined]
    close(qtbot, window)
    record = village("show", "session:next")["record"]
    assert record["end"] == "09:15"
    assert record["reasons"] == {"SESSION_LENGTH_UNUSUAL": "停电"}


def test_sheets_are_seen_before_they_are_printed(
    open_window: OpenWindow, qtbot: QtBot, village: Desk, tmp_path: Path
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    for chord in ("F5", "Shift+F5"):
        keys.press(chord)
        idle(qtbot, window)
        (dialog,) = [one for one in window.findChildren(PaperDialog) if one.isVisible()]
        dialog.write_to(tmp_path / f"{chord}.pdf")
        assert (tmp_path / f"{chord}.pdf").read_bytes().startswith(b"%PDF")
        back_to(qtbot, window)
    close(qtbot, window)
    assert village("list", "sheet")["total"] == 3


def test_a_draft_with_a_problem_stands_in_the_list(
    open_window: OpenWindow, qtbot: QtBot, village: Desk
) -> None:
    record = id_of(village, "then")
    with village.open() as workspace:
        commit_fields(workspace, "session", record, {"end": "13:00"})
    window = open_window(village.folder)
    view: Any = window.current()
    kinds = [row.kind for row in view.list.rows()]
    assert kinds[:2] == ["heading", "draft"]
    assert view.list.current().record == id_of_next(view)
    keys = Keys(qtbot, window)
    keys.press("F8")
    found = places(window)
    keys.press("Return")
    assert found == [Place("roll_call", record)]


def id_of_next(view: Any) -> str:
    rows = [row for row in view.list.rows() if row.cells[0].startswith("09:00–")]
    return str(rows[0].record)


@pytest.fixture
def line(tmp_path: Path) -> Line:
    found = Line(tmp_path)
    found.found()
    found.enrol()
    found.village.capture(days())
    found.carry(found.village, found.township)
    return found


def test_what_was_sent_back_comes_first_and_is_answered_by_keys(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    record = id_of(line.village, "old")
    line.township("return", record, "start", "--reason", "R05", "--text", "签到表上是八点半")
    line.carry(line.township, line.village)
    window = open_window(line.village.folder)
    view: Any = window.current()
    assert [row.kind for row in view.list.rows()][:2] == ["heading", "return"]
    assert "签到表上是八点半" in view.list.rows()[1].cells[2]
    assert view.list.current().kind == "session"
    keys = Keys(qtbot, window)
    keys.press("F8")
    keys.press("Return")
    keys.type("830")
    keys.press("Return")
    idle(qtbot, window)
    assert "return" not in [row.kind for row in view.list.rows()]
    close(qtbot, window)
    assert line.village("show", record)["record"]["start"] == "08:30"
    assert [row["state"] for row in line.village("returns")["returns"]] == ["closed"]


def test_a_correction_of_what_was_received_wants_a_reason(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    line.carry(line.township, line.village)
    window = open_window(line.village.folder)
    keys = Keys(qtbot, window)
    keys.press("Up")  # the one recorded today
    keys.press("F7")
    choose(keys, "备注")
    keys.ime("加了一个人", keys=10)
    keys.press("Return")
    keys.press("Return")
    idle(qtbot, window)
    assert window.current().card.isVisible()  # type: ignore[attr-defined]
    keys.ime("漏写", keys=4)
    keys.press("Return")
    idle(qtbot, window)
    keys.press("Delete")  # what was received is not deleted
    keys.ime("误录", keys=4)
    keys.press("Return")
    idle(qtbot, window)
    assert window.feedback.text
    close(qtbot, window)
    record = id_of(line.village, "done")
    assert line.village("show", record)["record"]["notes"] == "加了一个人"
    assert line.village.history(record)[-1]["why"] == "漏写"
