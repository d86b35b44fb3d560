"""Importing by real keys: a list is dropped, looked at, put right and taken."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import Desk, found_village, learner, small_class
from tests.services.roster.books import xlsx
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

HEAD = ["序号", "姓 名", "性别", "出生年月", "联系电话", "家庭住址"]
ROWS = [
    [1, "张建国", "男", "1955-03-12", "14412345601", "村东"],
    [2, "李秀兰", "女", "1960年1月", "14412345602", "村西"],
    [3, "王大妮", "女", "1949", "", ""],
]
FAULTY = [4, "赵春花", "女", "农历三月初三", "14412345604", ""]


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    """A village with a class of three."""
    desk = found_village(tmp_path / "village")
    desk.capture(small_class())
    return desk


def book(
    folder: Path, *rows: Sequence[Any], head: Sequence[Any] = HEAD, name: str = "名单"
) -> Path:
    """Write a list with a title row."""
    return xlsx(
        folder / f"{name}.xlsx", {"名单": [["荣庄村学员名单"], list(head), *map(list, rows)]}
    )


def drop(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    """Drop a file on the screen, as the mouse does."""
    screen = window.current()
    load = QMimeData()
    load.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    plain = Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(screen.rect().center(), copy, load, left, plain)
    QApplication.sendEvent(screen, entering)
    assert entering.isAccepted()
    middle = QPointF(screen.rect().center())
    QApplication.sendEvent(screen, QDropEvent(middle, copy, load, left, plain))
    idle(qtbot, window)


def close(qtbot: QtBot, window: MainWindow) -> None:
    idle(qtbot, window)
    window.close()
    assert window.desk is None


def people(desk: Desk) -> dict[str, Any]:
    """Return name → learner, in full."""
    rows = desk("learner", "list", "--reveal", "--why", "核对")["learners"]
    return {row["name"]: row for row in rows}


def outcomes(window: MainWindow) -> list[str]:
    screen: Any = window.current()
    return [line.outcome for line in screen.seen.model.lines]


def test_known_headings_are_taken_in_six_keys(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    path = book(tmp_path, *ROWS)
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    drop(qtbot, window, path)
    assert outcomes(window) == ["created"] * 3
    keys.press("Ctrl+S")
    assert keys.count <= 6
    idle(qtbot, window)
    assert outcomes(window) == ["same"] * 3
    close(qtbot, window)
    found = people(village)
    assert (found["张建国"]["birth"], found["李秀兰"]["birth"]) == ("1955-03-12", "1960-01")
    assert found["王大妮"]["sex"] == "F"
    assert village.is_sound()


def test_the_same_by_the_dialog_in_six_keys(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    path = book(tmp_path, *ROWS)
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    keys.press("Return")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    dialog: Any = QApplication.activeModalWidget()
    dialog.reject()
    dialog.fileSelected.emit(str(path))
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    with qtbot.waitActive(window):
        window.activateWindow()
    idle(qtbot, window)
    keys.press("Ctrl+S")
    choosing = 1  # Enter on the file, in the dialog of the system
    assert keys.count + choosing <= 6
    close(qtbot, window)
    assert "张建国" in people(village)


def test_all_of_it_is_one_change(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    drop(qtbot, window, book(tmp_path, *ROWS))
    keys.press("Ctrl+S")
    idle(qtbot, window)
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    assert outcomes(window) == ["created"] * 3
    close(qtbot, window)
    assert "张建国" not in people(village)


def test_faults_come_back_coloured_and_the_fixed_file_changes_only_what_changed(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    drop(qtbot, window, book(tmp_path, *ROWS, FAULTY))
    screen: Any = window.current()
    assert outcomes(window) == ["created"] * 3 + ["fault"]
    keys.press("F8")
    line = screen.seen.current()
    assert line.cells["birth"] == "农历三月初三"
    assert line.faulty == {"birth"}
    assert screen.seen._detail.text()
    keys.press("F6")
    assert outcomes(window) == ["fault"]
    keys.press("F6")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    keys.press("Ctrl+E")
    idle(qtbot, window)
    copy = tmp_path / "名单-错误原因.xlsx"
    assert copy.name in window.feedback.text
    sheet = load_workbook(copy).active
    assert sheet is not None
    row = next(row for row in sheet.iter_rows() if any(cell.value == "赵春花" for cell in row))
    heading = {cell.value: int(cell.column or 0) for cell in sheet[2]}
    assert row[heading["错误原因"] - 1].value
    row[heading["出生年月"] - 1].value = "1950-03"
    assert sheet.parent is not None
    sheet.parent.save(copy)
    before = len(village.operations())
    drop(qtbot, window, copy)
    assert outcomes(window) == ["same"] * 3 + ["created"]
    keys.press("Ctrl+S")
    close(qtbot, window)
    assert len(village.operations()) == before + 1
    assert people(village)["赵春花"]["birth"] == "1950-03"


def test_the_same_file_twice_changes_nothing(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    path = book(tmp_path, *ROWS)
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    drop(qtbot, window, path)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    before = len(village.operations())
    drop(qtbot, window, path)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "已经登记" in window.feedback.text
    close(qtbot, window)
    assert len(village.operations()) == before


def test_a_changed_value_is_shown_by_field_and_masked(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    path = book(tmp_path, *ROWS)
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    drop(qtbot, window, path)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    changed = [[*ROWS[0][:4], "14412349999", "村东"], *ROWS[1:]]
    drop(qtbot, window, book(tmp_path, *changed))
    screen: Any = window.current()
    assert outcomes(window) == ["updated", "same", "same"]
    line = screen.seen.model.line(0)
    assert line.changed == {"mobile"}
    assert "144****5601" in line.told()
    assert "14412345601" not in line.told()
    keys.press("Ctrl+S")
    close(qtbot, window)
    assert people(village)["张建国"]["mobile"] == "14412349999"


def test_a_column_is_explained_by_keys_and_remembered(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    head = ["姓名", "性别", "打给谁"]
    path = book(tmp_path, ["张建国", "男", "14412345601"], head=head)
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    drop(qtbot, window, path)
    screen: Any = window.current()
    screen.options.table.setFocus()
    keys.press("Down", times=2)
    keys.press("Return")
    keys.press("Ctrl+A")
    keys.ime("手机", keys=5)
    keys.press("Return")
    idle(qtbot, window)
    assert screen.seen.model.line(0).cells["mobile"] == "14412345601"
    keys.press("Ctrl+S")
    idle(qtbot, window)
    again = book(tmp_path, ["李秀兰", "女", "14412345602"], head=head, name="二月")
    drop(qtbot, window, again)
    assert "打给谁" in screen.seen._notes.text()
    keys.press("Ctrl+S")
    close(qtbot, window)
    found = people(village)
    assert (found["张建国"]["mobile"], found["李秀兰"]["mobile"]) == ("14412345601", "14412345602")


def test_who_a_row_is_is_asked_and_answered(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    village.capture({
        "v": 1, "source": "desk", "unit": village.unit,
        "learners": [learner("k1", "张建国", sex="M", birth="1955-03-12"),
                     learner("k2", "张建国", sex="M", birth="1955-08-01")],
    })  # fmt: skip
    path = book(tmp_path, [1, "张建国", "男", "1955", "14412345601", ""])
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    drop(qtbot, window, path)
    screen: Any = window.current()
    assert outcomes(window) == ["fault"]
    assert screen.seen.choice.count() == 3
    keys.press("Return")
    keys.press("Down")
    keys.press("Return")
    idle(qtbot, window)
    assert outcomes(window) == ["updated"]
    keys.press("Ctrl+S")
    close(qtbot, window)
    rows = village("learner", "list", "--query", "张建国", "--reveal", "--why", "核对")["learners"]
    assert len(rows) == 2
    assert [row["mobile"] for row in rows].count("14412345601") == 1


def test_a_list_as_the_roster_of_a_class(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    drop(qtbot, window, book(tmp_path, *ROWS))
    screen: Any = window.current()
    screen.options.kind.setFocus()
    keys.press("Ctrl+A")
    keys.type("2")
    keys.press("Return")
    idle(qtbot, window)
    focused = QApplication.focusWidget()
    assert focused is screen.options.activity
    keys.ime("书法", keys=5)
    keys.press("Return")
    idle(qtbot, window)
    keys.press("Ctrl+S")
    close(qtbot, window)
    assert len(village("list", "enrolment")["records"]) == 6
    assert len(people(village)) == 6


def test_a_ledger_of_past_activities(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    head = ["活动名称", "日期", "地点", "参加人数"]
    path = book(tmp_path, ["防诈骗讲座", "2026-03-05", "村部", "42"], head=head, name="台账")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    drop(qtbot, window, path)
    screen: Any = window.current()
    screen.options.kind.setFocus()
    keys.press("Ctrl+A")
    keys.type("3")
    keys.press("Return")
    idle(qtbot, window)
    assert outcomes(window) == ["created"]
    keys.press("Ctrl+S")
    close(qtbot, window)
    held = [row for row in village("list", "session")["records"] if row["date"] == "2026-03-05"]
    assert [row["headcount"]["total"] for row in held] == [42]


def test_a_file_that_is_no_table_is_told(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    path = tmp_path / "网页.xls"
    path.write_text("<html><table></table></html>", encoding="utf-8")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    drop(qtbot, window, path)
    assert window.feedback.text
    keys.press("Ctrl+S")
    keys.press("Escape")
    close(qtbot, window)
    assert len(people(village)) == 3


def test_one_sheet_of_several(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, tmp_path: Path
) -> None:
    path = xlsx(tmp_path / "两村.xlsx", {"一组": [HEAD, ROWS[0]], "二组": [HEAD, ROWS[1]]})
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    drop(qtbot, window, path)
    assert len(outcomes(window)) == 2
    screen: Any = window.current()
    screen.options.sheets.setFocus()
    keys.ime("二组", keys=5)
    keys.press("Return")
    idle(qtbot, window)
    assert len(outcomes(window)) == 1
    keys.press("Ctrl+S")
    close(qtbot, window)
    assert "李秀兰" in people(village)
    assert "张建国" not in people(village)
