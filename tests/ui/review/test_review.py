"""The review by real keys: every decision read back by a command, over folders joined by files."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.paper import PaperDialog
from tests.desks import TOWNSHIP, Desk, Line, document
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle
from tests.ui.review.conftest import alike, counts, disagree, group_of, sessions

DAYS = ("2026-03-03", "2026-03-10", "2026-03-17", "2026-03-24")


def review(qtbot: QtBot, window: MainWindow) -> Any:
    """Go to the review and wait until all that waits is there."""
    window.go("review")
    idle(qtbot, window)
    view = window.current()
    assert type(view).__module__.endswith("review.view")
    return view


def close(qtbot: QtBot, window: MainWindow) -> None:
    idle(qtbot, window)
    window.close()


def stands_at(qtbot: QtBot, view: Any, record: str, group: str = "") -> None:
    """Wait until the page of a record is shown; a decision taken back is looked up first."""

    def there() -> bool:
        page = view.panel.page
        return page is not None and page.item.record == record and group in ("", page.item.group)

    qtbot.waitUntil(there)


def shown(view: Any) -> list[str]:
    """Return the groups of the rows shown, from top to bottom."""
    model = view.listing.model
    return [model.line(row).item.group for row in range(model.rowCount())]


def test_a_conflict_takes_one_key_or_two(open_window: OpenWindow, qtbot: QtBot, line: Line) -> None:
    both = disagree(line, *DAYS[:2])
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    assert shown(view)[:2] == ["conflict", "conflict"]
    first = view.panel.page.item.record
    (second,) = set(both) - {first}
    values = [cell.text for cell in view.panel.page.blocks[0].lines[1]][2:]
    assert sorted(values) == ["村里写的", "镇里写的"]
    mine = values.index("镇里写的") + 1
    before = keys.count
    keys.press(str(mine))
    keys.press("Return")
    assert keys.count - before == 2
    # The next conflict stands there already; what is marked counts now: the village's own value.
    assert view.panel.page.item.record == second
    there = [cell.text for cell in view.panel.page.blocks[0].lines[1]][2:]
    assert there[view.panel.chosen] == "村里写的"
    keys.press("Return")
    assert keys.count - before == 3
    close(qtbot, window)
    assert line.township("conflicts")["total"] == 0
    notes = [line.township("show", one)["record"]["notes"] for one in (first, second)]
    assert notes == ["镇里写的", "村里写的"]
    assert line.township.is_sound()


def test_arrows_choose_and_undo_comes_back_to_the_conflict(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    (session,) = disagree(line, DAYS[0])
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    here = view.panel.chosen
    keys.press("Left" if here else "Right")
    assert view.panel.chosen == 1 - here
    keys.press("Return")
    idle(qtbot, window)
    assert "conflict" not in shown(view)
    assert line.township("show", session)["record"]["notes"] == "镇里写的"
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    stands_at(qtbot, view, session, "conflict")
    # What stood there before stands there again, and both values can still be taken.
    assert line.township("show", session)["record"]["notes"] == "村里写的"
    keys.press(str(2 - here))
    keys.press("Return")
    close(qtbot, window)
    assert line.township("show", session)["record"]["notes"] == "镇里写的"
    assert line.township("conflicts")["total"] == 0
    assert line.township.is_sound()


def test_another_value_wants_a_reason(open_window: OpenWindow, qtbot: QtBot, line: Line) -> None:
    (session,) = disagree(line, DAYS[0])
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    keys.press("W")
    keys.ime("两边核对后", keys=10)
    keys.press("Return")
    keys.press("Return")  # no reason yet: nothing happens
    idle(qtbot, window)
    assert view.value.isVisible()
    keys.ime("电话核实", keys=8)
    keys.press("Return")
    close(qtbot, window)
    record = line.township("show", session)["record"]
    assert (record["notes"], record["conflicts"]) == ("两边核对后", [])
    assert line.township.history(session)[-1]["why"] == "电话核实"


def test_private_values_are_masked_until_a_reason_is_given(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    (person,) = [
        row["id"] for row in line.township("learner", "list")["learners"] if row["name"][0] == "周"
    ]
    line.township("edit", person, "mobile=13912345678", "--why", "核对")
    line.village("edit", person, "mobile=13887654321")
    line.carry(line.village, line.township)
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    told = view.panel.text.text()
    assert view.panel.page.item.field == "mobile"
    assert "13912345678" not in told
    assert "13887654321" not in told
    keys.press("V")
    keys.ime("打电话核实", keys=10)
    keys.press("Return")
    idle(qtbot, window)
    assert "13912345678" in view.panel.text.text()
    keys.press("Return")
    close(qtbot, window)
    (note,) = line.township("learner", "reveals")["reveals"]
    assert note["what"]["why"] == "打电话核实"
    assert line.township("conflicts")["total"] == 0


def test_ten_pairs_take_no_more_than_twenty_keys(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    alike(line, 10)
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    assert shown(view)[:10] == ["duplicate"] * 10
    seen = []
    for place in range(10):
        seen.append(view.panel.page.item.key)
        # No waiting between two decisions: the next pair is there at once.
        keys.press("N" if place % 5 == 4 else "Return")
    assert keys.count == 10
    assert len(set(seen)) == 10
    close(qtbot, window)
    settled = line.township("duplicates", "--state", "settled")["candidates"]
    assert sorted(row["state"] for row in settled) == ["distinct"] * 2 + ["linked"] * 8
    assert line.township("duplicates")["total"] == 0


def test_a_pair_is_left_for_later_and_a_decision_taken_back(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    alike(line, 2)
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    first = view.panel.page.item
    keys.press("Space")
    second = view.panel.page.item
    assert second.key != first.key
    for decision in ("Return", "N"):
        keys.press(decision)
        idle(qtbot, window)
        assert shown(view).count("duplicate") == 1
        keys.press("Ctrl+Z")
        idle(qtbot, window)
        stands_at(qtbot, view, second.record, "duplicate")
        assert shown(view).count("duplicate") == 2
    close(qtbot, window)
    assert line.township("duplicates")["total"] == 2
    assert line.township("duplicates", "--state", "settled")["total"] == 0


def test_a_return_reaches_the_village_and_its_answer_comes_back_as_put_right(
    open_window: OpenWindow,
    qtbot: QtBot,
    line: Line,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = sessions(line.township)[DAYS[0]]
    stick = tmp_path / "KINGSTON"
    stick.mkdir()
    monkeypatch.setattr(drives, "removable_folders", lambda: [stick])
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    assert view.panel.page.item.record == session
    keys.press("R")
    keys.press("Down", times=view.returning.field.findData("start"))
    keys.press("Return")
    keys.type("R05")
    keys.press("Return")
    keys.ime("签到表写九点半", keys=14)
    keys.press("Return")
    idle(qtbot, window)
    assert view.panel.page.item.record != session
    keys.press("F7")
    idle(qtbot, window)
    rows = view.files.list.rows()
    assert [row.kind for row in rows] == ["waiting", "nothing"]
    assert "退回 1 项" in rows[0].cells[1]
    keys.press("Return")
    idle(qtbot, window)
    assert "KINGSTON" in window.feedback.text
    assert view.files.list.rows()[0].word == "已写出"
    keys.press("Escape")
    keys.press("F7")  # nothing waits any more
    idle(qtbot, window)
    assert {row.kind for row in view.files.list.rows()} == {"nothing"}
    close(qtbot, window)
    (file,) = stick.iterdir()
    assert line.village.receive(file)[0]["outcome"] == "received"
    # The village sees it on its first screen, and puts it right.
    village = open_window(line.village.folder)
    today: Any = village.current()
    told = [row.cells for row in today.list.rows()]
    assert any("签到表写九点半" in " ".join(cells) for cells in told)
    close(qtbot, village)
    line.village("edit", session, "start=09:30")
    line.carry(line.village, line.township)
    assert group_of(line.township, session) == "fixed"
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    assert shown(view)[0] == "fixed"
    assert "已改正" in view.panel.text.text()
    keys.press("A")
    close(qtbot, window)
    states = line.township("show", session)["record"]["review_states"]
    assert states == {"township": "approved"}


def test_either_value_of_a_conflict_can_be_taken_and_taken_back(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    """One of the two is what is shown already: taking it back writes nothing, and still counts."""
    (session,) = disagree(line, DAYS[0])
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    for choice in ("1", "2"):
        keys.press(choice)
        keys.press("Return")
        idle(qtbot, window)
        assert view.panel.page.item.group != "conflict"
        keys.press("Ctrl+Z")
        idle(qtbot, window)
        qtbot.waitUntil(lambda: view.panel.page.item.record == session)
        assert view.panel.page.item.group == "conflict"
    close(qtbot, window)


def test_what_is_typed_stays_with_the_item_it_was_asked_for(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    record = view.panel.page.item.record
    keys.press("X")
    keys.ime("照片不是这一场的", keys=18)
    for key in ("F3", "F4", "F6", "F6", "F7", "F8", "Ctrl+F"):
        keys.press(key)
        idle(qtbot, window)
    assert "Esc" in window.feedback.text
    assert view.filters.group == ""
    assert view.panel.page.item.record == record
    assert view.files.isHidden()
    assert counts(line.township) == {"open": 4}
    assert not view.table.isEnabled()
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert view.table.hasFocus()
    close(qtbot, window)
    assert group_of(line.township, record) == "rejected"
    assert counts(line.township) == {"open": 3, "rejected": 1}


def test_a_record_is_approved_by_one_key_and_that_is_taken_back(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    session = sessions(line.township)[DAYS[0]]
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    keys.press("A")
    assert keys.count == 1
    assert view.panel.page.item.record == sessions(line.township)[DAYS[1]]
    idle(qtbot, window)
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    stands_at(qtbot, view, session)
    keys.press("A")
    close(qtbot, window)
    assert group_of(line.township, session) == "approved"
    assert line.township("review", "--state", "approved")["total"] == 1


def test_what_is_not_taken_wants_a_reason_and_can_be_taken_back(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    session = sessions(line.township)[DAYS[0]]
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    keys.press("X")
    keys.press("Return")  # not without a reason
    assert view.why.isVisible()
    keys.ime("活动未举办", keys=10)
    keys.press("Return")
    idle(qtbot, window)
    assert group_of(line.township, session) == "rejected"
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    stands_at(qtbot, view, session)
    close(qtbot, window)
    assert group_of(line.township, session) == "open"


def test_a_correction_wants_a_reason_and_the_village_sees_it(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    session = sessions(line.township)[DAYS[0]]
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    keys.press("E")
    names = [view.correction._choice.itemData(row) for row in range(9)]
    keys.press("Down", times=names.index("notes"))
    keys.press("Return")
    keys.ime("补签到", keys=6)
    keys.press("Return")
    keys.press("Return")  # no reason yet
    idle(qtbot, window)
    assert view.correction.isVisible()
    keys.ime("电话核实", keys=8)
    keys.press("Return")
    close(qtbot, window)
    line.carry(line.township, line.village)
    (row,) = line.village("corrections")["corrections"]
    assert (row["record"], row["after"], row["reason"]) == (session, "补签到", "电话核实")


def test_the_rest_is_approved_at_once_after_one_question(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    returned, *others = (sessions(line.township)[day] for day in DAYS)
    line.township("return", returned, "notes", "--reason", "R01", "--text", "补")
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    review(qtbot, window)
    keys.press("F6")
    idle(qtbot, window)
    assert "3" in window.feedback.text
    assert counts(line.township) == {"open": 3, "returned": 1}
    keys.press("F6")
    idle(qtbot, window)
    assert counts(line.township) == {"approved": 3, "returned": 1}
    assert {group_of(line.township, one) for one in others} == {"approved"}
    keys.press("Ctrl+Z")
    close(qtbot, window)
    assert counts(line.township) == {"open": 3, "returned": 1}


def test_groups_unit_and_period_narrow_the_list(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    disagree(line, DAYS[0])
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    assert shown(view) == ["conflict", "open", "open", "open"]
    keys.press("F3")
    assert shown(view) == ["conflict"]
    keys.press("F3")
    assert shown(view) == ["open"] * 3
    keys.press("Shift+F3")
    keys.press("Shift+F3")
    assert len(shown(view)) == 4
    keys.press("F4")
    keys.type("2026-02")
    keys.press("Return")
    idle(qtbot, window)
    assert shown(view) in ([], ["conflict", "open", "open", "open"])
    keys.press("F4")
    keys.type("2026-03")
    keys.press("Return")
    idle(qtbot, window)
    assert len(shown(view)) == 4
    keys.press("F8")
    assert view.panel.page.item.group == "conflict"
    close(qtbot, window)


def test_the_ledger_of_conflicts_is_printed(
    open_window: OpenWindow, qtbot: QtBot, line: Line, tmp_path: Path
) -> None:
    disagree(line, DAYS[0])
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    keys.press("Ctrl+P")
    assert view.paper.isVisible()
    for _field in range(3):
        keys.press("Return")
    idle(qtbot, window)
    (dialog,) = [one for one in window.findChildren(PaperDialog) if one.isVisible()]
    dialog.write_to(tmp_path / "conflicts.pdf")
    assert (tmp_path / "conflicts.pdf").read_bytes().startswith(b"%PDF")


def test_four_eyes_are_told_before_they_are_needed(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    operators = [{"ref": "o1", "name": "钱一"}]
    township = line.township
    ids = township.capture(document("op", unit=TOWNSHIP, operators=operators))["ids"]["operator"]
    session = sessions(township)[DAYS[0]]
    township("policy", "four_eyes=on")
    township("--operator", ids["o1"], "edit", session, "notes=代改", "--why", "电话核对")
    window = open_window(township.folder, operator=ids["o1"])
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    assert view.panel.page.item.record == session
    assert "同一经办人" in view.panel.text.text()
    keys.press("A")
    idle(qtbot, window)
    # Refused: it is in the list again, and the bar says why.
    assert "同一经办人" in window.feedback.text
    stands_at(qtbot, view, session)
    close(qtbot, window)
    assert group_of(township, session) == "open"


def test_without_a_stick_a_folder_is_asked_for(
    open_window: OpenWindow,
    qtbot: QtBot,
    line: Line,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    line.township("approve", "--unflagged")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    window = open_window(line.township.folder)
    keys = Keys(qtbot, window)
    review(qtbot, window)
    keys.press("F7")
    idle(qtbot, window)
    keys.press("Return")
    close(qtbot, window)
    (file,) = folder.iterdir()
    assert line.village.receive(file)[0]["outcome"] == "received"
    states = line.village("show", sessions(line.village)[DAYS[0]])["record"]["review_states"]
    assert states == {"township": "approved"}


def test_an_empty_desk_says_what_to_do(open_window: OpenWindow, qtbot: QtBot, line: Line) -> None:
    county: Desk = line.county
    window = open_window(county.folder)
    keys = Keys(qtbot, window)
    view = review(qtbot, window)
    assert view.empty.isVisible()
    for key in ("Return", "A", "N", "Space", "1", "F6", "F8"):
        view.table.setFocus()
        keys.press(key)
    idle(qtbot, window)
    close(qtbot, window)
    assert county("worklist")["total"] == 0
