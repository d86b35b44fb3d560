"""A township's month by real keys, over copies of the demonstration's computers.

Four villages hand April in as villages do: one in time, one with the same person as another, one
late, one with nothing to tell; one file is damaged on its way, one disagrees with what the township
wrote meanwhile. What the window did is read back by the command line once it is closed.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives
from learnsite_desktop.ui.navigation import entries_for
from tests.desks import Desk, document, learner
from tests.ui.conftest import OpenWindow
from tests.ui.flows.test_month import Clerk

TOWN, COUNTY = "410122101000", "410122000000"
NEAR, ALIKE, LATE, NONE = "410122101217", "410122101219", "410122101220", "410122101225"
IN_TIME, AFTER = "2026-05-04T09:00:00+08:00", "2026-05-08T09:00:00+08:00"
PERIOD = "2026-04"
PER_DECISION = 2
Computer = Callable[[str], Path]


@pytest.fixture(autouse=True)
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stick of the township, which is plugged in all the time."""
    found = tmp_path / "KINGSTON"
    found.mkdir()
    monkeypatch.setattr(drives, "removable_folders", lambda: [found])
    return found


class Month:
    """The computers, and the files of the villages as they come."""

    def __init__(self, computer_of: Computer, place: Path) -> None:
        self.place = place
        self.town = Desk(computer_of(TOWN), TOWN, IN_TIME)
        self.county = Desk(computer_of(COUNTY), COUNTY, IN_TIME)
        folders = {unit: computer_of(unit) for unit in (NEAR, ALIKE, NONE)}
        folders[LATE] = computer_of(f"{LATE}-restored")
        self.villages = {unit: Desk(folder, unit, IN_TIME) for unit, folder in folders.items()}

    def held(self, unit: str, day: str) -> None:
        """Let a village hold a session of the class that it has had in March."""
        desk = self.villages[unit]
        for row in desk("list", "session", "--period", PERIOD)["records"]:
            desk("edit", row["id"], "status=cancelled", "--why", "没有办")
        march = desk("list", "session", "--period", "2026-03")["records"]
        activity = next(row["activity"] for row in march if row.get("seq"))
        enrolled = [
            row["learner"]
            for row in desk("list", "enrolment")["records"]
            if row["activity"] == activity
        ]
        desk.capture(
            document(
                f"april-{day}",
                unit=unit,
                sessions=[
                    {"ref": "n1", "activity": activity, "date": day, "start": "14:30",
                     "end": "16:00", "status": "held"},
                ],
                rollcalls=[
                    {"session": "n1",
                     "rows": [{"learner": one, "status": "P"} for one in enrolled[:10]]},
                ],
            )
        )  # fmt: skip

    def hand_in(self, unit: str, *zero: str) -> Path:
        """Submit April and pack it for the township."""
        desk = self.villages[unit]
        assert desk("submit", "--period", PERIOD, *zero)["submitted"]
        return desk.pack(TOWN, self.place / f"{unit}-{desk.now[:10]}")

    def disagree(self) -> str:
        """Let township and village write other notes on a session; return it."""
        session = self.villages[NEAR]("list", "session", "--period", "2026-03")["records"][0]["id"]
        self.town("edit", session, "notes=镇里核对：二十人", "--why", "核对")
        self.villages[NEAR]("edit", session, "notes=村里记的：十九人")
        return str(session)

    def same_person(self) -> None:
        """Let two villages enter a person of the same name, sex and year of birth."""
        for unit in (NEAR, ALIKE):
            person = learner("p1", "董玉秋", birth="1957", home_unit=unit)
            self.villages[unit].capture(document("person", unit=unit, learners=[person]))


@pytest.fixture
def month(computer_of: Computer, tmp_path: Path) -> Month:
    return Month(computer_of, tmp_path / "files")


def clerk_at(qtbot: QtBot, open_window: OpenWindow, desk: Desk, screen: str, tier: str) -> Clerk:
    """Open a desk's window and go to a screen by its key."""
    clerk = Clerk(qtbot, open_window(desk.folder, desk.now))
    number = [entry.name for entry in entries_for(tier)].index(screen) + 1
    clerk.press(f"Alt+{number}")
    assert clerk.screen.__class__.__module__.endswith(f"{screen}.view")
    return clerk


def counts(desk: Desk) -> dict[str, int]:
    return {name: n for name, n in desk("worklist")["counts"].items() if n}


def test_files_are_looked_at_and_taken_in(
    qtbot: QtBot, open_window: OpenWindow, month: Month, stick: Path
) -> None:
    """Flow 1: in time, zero, damaged, in conflict; the damaged one comes again, from the stick."""
    session = month.disagree()
    month.same_person()
    month.held(NEAR, "2026-04-20")
    month.held(ALIKE, "2026-04-21")
    near, alike = month.hand_in(NEAR), month.hand_in(ALIKE)
    none = month.hand_in(NONE, "--zero", "全村农忙")
    damaged = month.place / "微信文件(1)"
    spoilt = bytearray(alike.read_bytes())
    spoilt[-150] ^= 1
    damaged.write_bytes(spoilt)
    before = month.town.state()
    clerk = clerk_at(qtbot, open_window, month.town, "inbox", "township")
    clerk.drop(near, damaged, none)
    pages = clerk.screen.pages
    rows = pages.files.list.rows()
    assert Counter(row.word for row in rows) == {"新文件": 2, "损坏": 1}
    # A month with nothing to tell is told all the same.
    assert [row.cells[2] for row in rows if row.about.lying.from_unit == NONE] == [PERIOD]
    clerk.press("F5", "F8")  # nothing is written yet; the conflict is shown with both values
    sides = {row.cells for row in pages.records.sides.rows()}
    assert ("备注", "镇里核对：二十人", "村里记的：十九人") in sides
    assert month.town.state() == before
    clerk.press("Ctrl+S")
    assert "4 个村收到 2 个" in clerk.screen.board.came.text()
    assert "1 处冲突" in clerk.screen.board.review.text()
    assert "1 个文件损坏" in clerk.screen.spoilt.text()
    # The village copies it again, to the stick this time.
    (stick / alike.name).write_bytes(alike.read_bytes())
    clerk.press("F6", "Ctrl+S")
    assert "4 个村收到 3 个" in clerk.screen.board.came.text()
    assert "去审核" in clerk.window.feedback._button.text()
    clerk.press("F9")
    assert clerk.screen.__class__.__module__.endswith("review.view")
    assert clerk.screen.panel.page.item.record == session
    clerk.quit()
    states = {row["unit"]: row["state"] for row in month.town("board", "--period", PERIOD)["units"]}
    assert states == {NEAR: "on_time", ALIKE: "on_time", NONE: "zero", LATE: "not_due"}
    assert [row["record"] for row in month.town("conflicts")["conflicts"]] == [session]
    assert month.town.is_sound()


def test_the_work_list_is_worked_off(
    qtbot: QtBot, open_window: OpenWindow, month: Month, stick: Path
) -> None:
    """Flow 2: at most two keys a decision, undo, a return to the village and its answer back."""
    session = month.disagree()
    month.same_person()
    month.held(NEAR, "2026-04-20")
    month.held(ALIKE, "2026-04-21")
    town = month.town
    town.receive(month.hand_in(NEAR), month.hand_in(ALIKE))
    before = counts(town)
    clerk = clerk_at(qtbot, open_window, town, "review", "township")
    screen = clerk.screen

    def here() -> Any:
        """What stands on the page, once it has turned."""
        qtbot.waitUntil(lambda: not screen._turn.isActive())
        return screen.panel.page

    def decide(*chords: str) -> None:
        begun = clerk.keys.count
        clerk.press(*chords)
        assert clerk.keys.count - begun <= PER_DECISION

    page = here()
    other = page.choices[(screen.panel.chosen + 1) % 2]
    decide("Right", "Return")  # the other value of the conflict, and not, and again
    decide("Ctrl+Z")
    assert here().item.record == session
    screen.panel.choose(here().choices.index(other))
    decide("Return")
    while here().item.group == "duplicate":
        decide("N")
    assert here().item.group == "question"
    decide("A")
    clerk.write("已电话核实", "Return")
    while screen.filters.group != "sample":
        clerk.press("F3")
    returned = here().item.record
    clerk.press("R", "Return")
    clerk.type("R01", "Return")
    clerk.write("请按签到表核对", "Return")
    decide("A")  # the next one of the sample is in order
    clerk.press("F6", "F6")
    clerk.press("F7", "Return", "Escape")
    clerk.quit()
    after = counts(town)
    assert "conflict" not in after
    assert "duplicate" not in after
    assert after["question"] == before["question"] - 1
    assert after["returned"] == 1
    assert "open" not in after
    kinds = [row["kind"] for row in town("show", session, "--history")["history"]]
    assert kinds.count("session.resolve") == 2
    carried_down(month, stick, returned, "请按签到表核对")


def carried_down(month: Month, stick: Path, record: str, text: str) -> None:
    """One file for each village, receipt and return in it; the village sees the return."""
    files = {path.name.split("-")[1]: path for path in stick.glob("*.lsb")}
    assert {NEAR, ALIKE} <= files.keys()
    unit = month.town("show", record)["record"]["in_unit"]
    village = month.villages[unit]
    village.receive(files[unit])
    (asked,) = village("today")["returns"]
    assert (asked["record"], asked["text"]) == (record, text)
    assert all(row["receipted"] for row in village("outbox")["items"])


def test_a_township_asks_locks_hands_up_and_relays(
    qtbot: QtBot, open_window: OpenWindow, month: Month, stick: Path
) -> None:
    """Flow 4: who is silent, the text, the late file, the lock, up to the county and down again."""
    month.held(NEAR, "2026-04-20")
    month.held(LATE, "2026-04-22")
    month.town.receive(month.hand_in(NEAR), month.hand_in(NONE, "--zero", "全村农忙"))
    for desk in (month.town, month.county, *month.villages.values()):
        desk.now = AFTER
    clerk = clerk_at(qtbot, open_window, month.town, "board", "township")
    clerk.press("F5", "Ctrl+R")
    clerk.write("打电话催报", "Return")
    clerk.press("Ctrl+C")
    text = QGuiApplication.clipboard().text()
    assert text.count("· ") == 2
    assert "*" not in text
    clerk.press("Escape")
    clerk.quit()
    month.town.receive(month.hand_in(LATE))
    clerk = clerk_at(qtbot, open_window, month.town, "board", "township")
    clerk.press("F6")  # April cannot be locked before January: F9 leads there
    assert "2026-01" in clerk.told
    clerk.press("F9")
    assert clerk.screen.lock.isVisible()
    clerk.press("Escape")
    number = [entry.name for entry in entries_for("township")].index("submission") + 1
    clerk.press(f"Alt+{number}", "Return")
    if clerk.screen.zero.isVisible():  # the school's own month had no session
        clerk.write("本校没有开课", "Return")
    assert "已报送" in clerk.told
    clerk.quit()
    (up,) = stick.glob(f"{TOWN}-{COUNTY}-*.lsb")
    assert month.county.receive(up)[0]["outcome"] == "received"
    rows = month.county("board", "--period", PERIOD)["units"]
    states = {row["unit"]: row["state"] for row in rows if row["unit"] in month.villages}
    assert states == {NEAR: "on_time", LATE: "late", NONE: "zero", ALIKE: "silent"}
    # The county sends a field of a village back; the township relays it with the receipts.
    session = next(
        row["id"]
        for row in month.county("list", "session", "--period", PERIOD)["records"]
        if row["in_unit"] == NEAR and row["status"] == "held"
    )
    month.county("return", session, "end", "--reason", "R05", "--text", "核对结束时间")
    down = month.county.pack(TOWN, month.place / "down")
    (stick / "县里.lsb").write_bytes(down.read_bytes())
    clerk = clerk_at(qtbot, open_window, month.town, "submission", "township")
    clerk.press("F6", "Return")
    assert "等待下发" in clerk.screen.below.line.text()
    clerk.press("F7", "Return")
    assert clerk.screen.files.list.rows()[0].word == "已写出"
    clerk.quit()
    (file,) = stick.glob(f"{TOWN}-{NEAR}-*.lsb")
    month.villages[NEAR].receive(file)
    assert [row["text"] for row in month.villages[NEAR]("today")["returns"]] == ["核对结束时间"]


def test_the_tools_of_a_township(
    qtbot: QtBot,
    open_window: OpenWindow,
    month: Month,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Flow 3: a file beside what is held, another week's sheets, entering for a village."""
    month.held(NEAR, "2026-04-20")
    file = month.hand_in(NEAR)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    before = month.town.state()
    clerk = clerk_at(qtbot, open_window, month.town, "tools", "township")
    clerk.press("1", "Ctrl+O")
    page = clerk.screen._page()
    words = Counter(row.word for row in page.list.rows())
    assert words["新增"] >= 2
    clerk.press("F8", "Escape", "4", "Left")
    clerk.press("Escape", "3")
    page = clerk.screen._page()
    first = page.list.current()
    assert first.word == "没有电脑"
    clerk.press("Return")
    assert clerk.window.desk is not None
    assert clerk.window.desk.acting == first.key
    clerk.window.go("tools", "entering")
    clerk.see()
    clerk.press("F6")
    assert clerk.window.desk.acting == TOWN
    clerk.quit()
    assert month.town.state() == before
