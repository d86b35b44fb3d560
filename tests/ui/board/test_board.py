"""The board by real keys, over copies of the demonstration's computers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.navigation import entries_for
from learnsite_desktop.ui.paper import PaperDialog
from tests.desks import Desk
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

NOW = "2026-04-20T10:00:00+08:00"
LATER = "2026-05-08T10:00:00+08:00"
TOWNSHIP, COUNTY = "410122003000", "410122000000"
Computer = Callable[[str], Path]


def board(window: MainWindow, qtbot: QtBot, keys: Keys) -> Any:
    """Go to the board by its key and return it."""
    tier = window.desk.tier if window.desk is not None else ""
    number = [entry.name for entry in entries_for(tier)].index("board") + 1
    keys.press(f"Alt+{number}")
    idle(qtbot, window)
    view = window.current()
    assert type(view).__module__.endswith("board.view")
    return view


def press(qtbot: QtBot, window: MainWindow, keys: Keys, *sequence: str) -> None:
    for one in sequence:
        keys.press(one)
        idle(qtbot, window)


def test_the_county_sees_townships_and_opens_one(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    window = open_window(computer_of(COUNTY), NOW)
    keys = Keys(qtbot, window)
    view = board(window, qtbot, keys)
    table = view.matrix.model_
    names = [table.data(table.index(row, 0)) for row in range(table.rowCount())]
    assert len(names) == 2
    assert names[0] == "广惠街街道"
    assert "迟报 1/5" in str(table.data(table.index(0, len(table.periods))))
    press(qtbot, window, keys, "Return")
    assert table.rowCount() == 5
    press(qtbot, window, keys, "Escape")
    assert table.rowCount() == 2
    assert window.current() is view


def test_left_and_right_change_the_month(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    window = open_window(computer_of(TOWNSHIP), NOW)
    keys = Keys(qtbot, window)
    view = board(window, qtbot, keys)
    assert view.found.period.text == "2026-03"
    press(qtbot, window, keys, "Left")
    assert view.found.period.text == "2026-02"
    press(qtbot, window, keys, "Right", "Right", "Right")
    assert view.found.period.text == "2026-04"  # the running month is the last
    chips = {view.matrix.model_.data(view.matrix.model_.index(row, 4)) for row in range(4)}
    assert chips == {"未到期"}


def test_the_text_is_copied_and_its_wording_kept(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    folder = computer_of(TOWNSHIP)
    window = open_window(folder, LATER)
    keys = Keys(qtbot, window)
    view = board(window, qtbot, keys)
    press(qtbot, window, keys, "F5", "Ctrl+C")
    text = QGuiApplication.clipboard().text()
    assert "2026年4月" in text
    assert text.count("· ") == 4
    # Only the unit one stands on, from the matrix.
    press(qtbot, window, keys, "Escape", "Down", "Shift+F5", "Ctrl+C")
    assert QGuiApplication.clipboard().text().count("· ") == 1
    press(qtbot, window, keys, "F4", "Ctrl+A")
    keys.ime("请交{月份}的文件", keys=9)
    press(qtbot, window, keys, "Ctrl+S", "Ctrl+C")
    assert QGuiApplication.clipboard().text().startswith("请交2026年4月的文件\n· ")
    window.close()
    window = open_window(folder, LATER)
    keys = Keys(qtbot, window)
    view = board(window, qtbot, keys)
    press(qtbot, window, keys, "F5")
    assert view.chase.text.toPlainText().startswith("请交2026年4月")


def test_nobody_to_ask_is_said(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    window = open_window(computer_of(TOWNSHIP), NOW)
    keys = Keys(qtbot, window)
    view = board(window, qtbot, keys)
    press(qtbot, window, keys, "F5")
    assert "没有需要催报" in window.feedback.text
    assert view.matrix.isVisible()


def test_the_digest_is_shown_as_a_page(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    window = open_window(computer_of(COUNTY), NOW)
    keys = Keys(qtbot, window)
    board(window, qtbot, keys)
    press(qtbot, window, keys, "Ctrl+P")
    dialogs = window.findChildren(PaperDialog)
    assert [dialog.windowTitle() for dialog in dialogs] == ["中牟县2026年3月学习活动月报"]
    dialogs[0].reject()


def test_private_numbers_are_shown_for_a_reason(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    folder = computer_of(TOWNSHIP)
    township = Desk(folder, TOWNSHIP, NOW)
    staff = [{"ref": "h", "name": "贺建兵", "kinds": ["site_head"], "mobile": "14400001234"}]
    # The township's own rows do not stand here: somebody of a village, entered by the township.
    village = "410122003207"
    township.capture(
        {"v": 1, "source": "t", "unit": village, "staff": [staff[0] | {"reasons": {"*": "代录"}}]}
    )
    (site,) = [row for row in township("list", "site")["records"] if row["in_unit"] == village]
    township("edit", site["id"], "head=null", "phone=null", "--why", "换人")
    window = open_window(folder, NOW)
    keys = Keys(qtbot, window)
    view = board(window, qtbot, keys)
    contact = {row.unit: row.contact for row in view.found.rows}[village]
    assert "*" in contact.phone
    press(qtbot, window, keys, "Ctrl+R")
    keys.ime("催报", keys=4)
    press(qtbot, window, keys, "Return")
    contact = {row.unit: row.contact for row in view.found.rows}[village]
    assert "*" not in contact.phone
    window.close()
    assert township("learner", "reveals")["reveals"][0]["what"]["why"] == "催报"


def test_a_contact_is_written_down_and_taken_back(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    window = open_window(computer_of(TOWNSHIP), NOW)
    keys = Keys(qtbot, window)
    view = board(window, qtbot, keys)
    former = view.found.rows[0].contact
    press(qtbot, window, keys, "F3", "Ctrl+A")
    keys.ime("王芳", keys=5)
    press(qtbot, window, keys, "Return", "Ctrl+A")
    keys.type("037162100000")
    press(qtbot, window, keys, "Return")
    assert view.found.rows[0].contact.head == "王芳"
    assert view.found.rows[0].contact.phone == "037162100000"
    press(qtbot, window, keys, "F9")
    assert view.found.rows[0].contact == former


def test_a_month_is_locked_over_problems_and_opened_again(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    folder = computer_of(TOWNSHIP)
    window = open_window(folder, NOW)
    keys = Keys(qtbot, window)
    view = board(window, qtbot, keys)
    # March cannot go before January: the message names the unit, not its code.
    press(qtbot, window, keys, "F6")
    assert "2026-01" in window.feedback.text
    assert TOWNSHIP not in window.feedback.text
    press(qtbot, window, keys, "Escape", "Left", "Left", "F6")
    assert view.lock.isVisible()
    titles = [row.cells[0] for row in view.lock.list.rows()]
    assert titles
    assert all(titles)
    # Without a reason nothing happens; with one the month is locked.
    press(qtbot, window, keys, "Ctrl+S")
    assert view.lock.isVisible()
    keys.ime("期限已到", keys=8)
    press(qtbot, window, keys, "Return")
    assert "已锁定" in window.feedback.text
    assert {row.chosen.state for row in view.found.rows} == {"locked"}
    # Undo does not reach a lock; F9 asks for the reason to open it.
    press(qtbot, window, keys, "F9")
    keys.ime("补报", keys=4)
    press(qtbot, window, keys, "Return")
    assert {row.chosen.state for row in view.found.rows} == {"on_time", "late"}
    window.close()
    history = Desk(folder, TOWNSHIP, NOW)("lock", "2026-01", "--show")
    assert {row["state"] for row in history["units"]} == {"submitted"}


def test_enter_on_a_problem_goes_to_its_record(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    window = open_window(computer_of(TOWNSHIP), NOW)
    keys = Keys(qtbot, window)
    board(window, qtbot, keys)
    press(qtbot, window, keys, "Left", "Left", "F6", "Return")
    assert type(window.current()).__module__.split(".")[-2] in ("roll_call", "activity", "review")
    press(qtbot, window, keys, "Escape")
    assert type(window.current()).__module__.endswith("board.view")


def test_a_later_correction_is_booked_and_taken_back(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    folder = computer_of(TOWNSHIP)
    township = Desk(folder, TOWNSHIP, NOW)
    township("lock", "2026-01", "--force", "--why", "期限已到")
    sessions = township("list", "session", "--period", "2026-01")["records"]
    session = next(row for row in sessions if row["in_unit"] == "410122003207")
    township("edit", session["id"], "status=cancelled", "--why", "实未举办")
    window = open_window(folder, NOW)
    keys = Keys(qtbot, window)
    view = board(window, qtbot, keys)
    press(qtbot, window, keys, "F4")
    (row,) = [row for row in view.later.list.rows() if row.record == session["id"]]
    assert row.word == "还没有记账"
    assert view.later.list.select(row.key)
    press(qtbot, window, keys, "Return")
    keys.ime("实未举办", keys=8)
    press(qtbot, window, keys, "Return")
    assert [one.word for one in view.later.list.rows() if one.key == row.key] == ["已记入 2026-04"]
    press(qtbot, window, keys, "F9", "Escape", "F4")
    assert [one.word for one in view.later.list.rows() if one.key == row.key] == ["还没有记账"]


def test_f8_goes_to_who_is_to_be_asked(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    window = open_window(computer_of(TOWNSHIP), LATER)
    keys = Keys(qtbot, window)
    view = board(window, qtbot, keys)
    former = view.matrix.current().key
    press(qtbot, window, keys, "F8")
    assert view.matrix.current().key != former
    press(qtbot, window, keys, "Left", "F8")
    assert view.found.period.text == "2026-03"
    assert window.feedback.text
