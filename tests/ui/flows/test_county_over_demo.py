"""A county officer's year by real keys, over copies of the demonstration's computers.

What was done in the window is read back by the command line after it was closed; the numbers on a
page are compared with what the commands say, the files with what another program finds in them.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives
from learnsite_desktop.ui.navigation import entries_for
from tests.desks import Desk
from tests.ui.conftest import OpenWindow
from tests.ui.flows.test_month import Clerk

COUNTY, STREET, TOWN = "410122000000", "410122003000", "410122101000"
VILLAGE = "410122101219"
TODAY = "2026-04-20T10:00:00+08:00"
LATER = "2026-04-21T10:00:00+08:00"
MARCH = "2026-03"
Computer = Callable[[str], Path]


@dataclass
class Office:
    """The county's computer and a folder where files lie."""

    desk: Desk
    place: Path
    open_window: OpenWindow
    qtbot: QtBot
    chosen: list[str]
    """What the next dialog for files answers."""

    def sit_down(self, *, first: bool = False) -> Clerk:
        """Open the window; the lists follow the county's order."""
        window = self.open_window(self.desk.folder, now=self.desk.now, desk=not first)
        if window.desk is not None:
            window.desk.preferences.setValue("reports_folder", str(self.place))
        return Clerk(self.qtbot, window)

    def choose(self, *files: Path) -> None:
        """Let the next dialog for files answer with these."""
        self.chosen[:] = map(str, files)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[str]]:
    """A folder for whatever a dialog asks for; nothing is plugged in."""
    place, chosen = tmp_path / "files", list[str]()
    place.mkdir()
    for name in ("DOWNLOAD", "DESKTOP", "DOCUMENTS"):
        monkeypatch.setenv(f"XDG_{name}_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setattr(drives, "removable_folders", list)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(place))
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *asked: (str(place / f"kept{_end(asked)}"), "")
    )
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (list(chosen), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (chosen[0], ""))
    return place, chosen


def _end(asked: tuple[Any, ...]) -> str:
    """Return how the name of a file ends that a dialog proposes."""
    return Path(str(asked[2])).suffix if len(asked) > 2 else ""


@pytest.fixture
def office(
    computer_of: Computer,
    open_window: OpenWindow,
    qtbot: QtBot,
    places: tuple[Path, list[str]],
) -> Office:
    """A copy of the demonstration's county."""
    place, chosen = places
    return Office(Desk(computer_of(COUNTY), COUNTY, TODAY), place, open_window, qtbot, chosen)


def go(one: Clerk, screen: str) -> Any:
    """Go to a screen by its key and return it."""
    number = [entry.name for entry in entries_for("county")].index(screen) + 1
    one.press(f"Alt+{number}")
    assert one.window.nav.current() == screen
    return one.screen


def value_of(desk: Desk, indicator: str, unit: str, period: str = MARCH, *more: str) -> Any:
    """Return a figure as the command says it."""
    words = ("--period", period, "--unit", unit, "--id", indicator, *more)
    (found,) = [one for one in desk("indicators", *words)["values"] if one["cell"] == "all"]
    return found


def test_today_leads_a_new_county_to_its_opening_files(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, places: tuple[Path, list[str]]
) -> None:
    """Flow 5, from nothing: founded, Today says what is next, one key writes every file."""
    place, chosen = places
    desk = Desk(tmp_path / "data", COUNTY, TODAY)
    office = Office(desk, place, open_window, qtbot, chosen)
    one = office.sit_down(first=True)
    page: Any = one.window.centralWidget()
    qtbot.waitUntil(lambda: page._lane.idle)
    one.keys.press("Alt+4")
    one.keys.type("zmx")
    one.keys.press("Return")
    one.keys.ime("李主任", keys=8)
    one.keys.press("Return")
    qtbot.waitUntil(lambda: one.window.desk is not None, timeout=20_000)
    one.see()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    one.keys.press("Escape")  # the recovery code, later
    one.window.activateWindow()
    qtbot.waitUntil(one.window.isActiveWindow)
    one.see()
    one.walk_to("还有 17 个没有开通文件")
    assert one.screen.list.hasFocus()
    one.press("Return")
    assert one.window.nav.current() == "units"
    one.press("Ctrl+S")
    assert "17 份开通文件" in one.told
    rows = one.screen.openings.list.rows()
    assert {row.kind for row in rows} == {"given"}
    one.quit()
    townships = {row["code"] for row in desk("units")["units"] if row["parent"] == COUNTY}
    assert {path.stem for path in place.glob("*.lso")} == townships
    assert len(list(place.glob("*.pdf"))) == 1
    given = {row["unit"]: row for row in desk("openings")["units"]}
    assert townships <= set(given)
    # One of these files opens a township, with the check number of its slip.
    town = Desk(tmp_path / "town", TOWN, TODAY)
    assert town("open", place / f"{TOWN}.lso")["unit"] == TOWN


def test_units_are_renamed_and_their_people_counted(office: Office) -> None:
    """Flow 5, a running county: a dated new name, the population of a year, its figures."""
    one = office.sit_down()
    go(one, "units")
    one.press("Ctrl+F")
    one.type("hsz", "Return", "F3")
    assert one.at == "名称"
    one.keys.press("Ctrl+A")
    one.write("韩寺新镇", "Return")
    one.press("Ctrl+S")
    assert "韩寺新镇" in one.told
    one.press("Ctrl+3")
    assert one.screen.population.unit.value() == COUNTY
    for number in ("500000", "90000"):
        one.type(number, "Return")
    one.press("Ctrl+S")
    assert "数据来源" in one.at  # nothing is kept without saying where it comes from
    one.write("县统计局", "Return")
    one.press("Ctrl+S")
    one.quit()
    desk = office.desk
    (row,) = [row for row in desk("units", "--find", "韩寺新镇")["units"] if row["code"] == TOWN]
    assert row["name"] == "韩寺新镇"
    (own,) = [
        row
        for row in desk("population", "list", "--year", "2025")["units"]
        if row["unit"] == COUNTY
    ]
    assert (own["total"], own["over60"], own["source"]) == (500_000, 90_000, "县统计局")
    figure = value_of(desk, "P01", COUNTY)
    assert figure["denominator"] == 500_000
    assert figure["numerator"] == value_of(desk, "S02", COUNTY)["numerator"]
    assert desk.is_sound()


def test_batches_go_in_past_a_bad_one_and_come_back_out(
    office: Office, computer_of: Computer
) -> None:
    """Flow 6: two townships' files and a broken one; the journal takes one back and in again."""
    desk = office.desk
    sessions, files = [], []
    for unit in (STREET, TOWN):
        town = Desk(computer_of(unit), unit, TODAY)
        own = [row for row in town("list", "session")["records"] if row["in_unit"] == unit]
        sessions.append(own[0]["id"])
        town("edit", own[0]["id"], f"notes=镇里补记 {unit}", "--why", "补记")
        files.append(town.pack(COUNTY, office.place / unit))
    bad = office.place / "坏了.lsb"
    bad.write_bytes(files[0].read_bytes()[: files[0].stat().st_size // 2])
    before = desk.state()
    count = desk("batches")["total"]
    one = office.sit_down()
    inbox = go(one, "inbox")
    office.choose(files[0], bad, files[1])
    one.press("Ctrl+O")
    one.press("Ctrl+S")
    one.press("F4")
    journal = inbox.pages.batches.list
    assert len(journal.rows()) == count + 2
    one.press("Return", "Ctrl+S")
    assert "撤回" in one.told
    one.quit()
    after = desk("batches", "--limit", "1000")["batches"]
    assert len(after) == count + 2
    withdrawn = [row for row in after if row["state"] != "active"]
    assert len(withdrawn) == 1
    remarks = {record: desk("show", record)["record"].get("notes") for record in sessions}
    assert sum(text is not None for text in remarks.values()) == 1
    # The next day it is brought back: the state is that of both files, whatever came between.
    desk.now = LATER
    one = office.sit_down()
    inbox = go(one, "inbox")
    one.press("F4")
    journal = inbox.pages.batches.list
    while journal.current().about["state"] == "active":
        one.press("Down")
    one.press("Return")
    one.quit()
    assert {row["state"] for row in desk("batches", "--limit", "1000")["batches"]} == {"active"}
    for record, unit in zip(sessions, (STREET, TOWN), strict=True):
        assert desk("show", record)["record"]["notes"] == f"镇里补记 {unit}"
    assert desk.state() != before
    assert desk.is_sound()


def standing(desk: Desk) -> Any:
    """Return how the units below stand with January."""
    return desk("board", "--period", "2026-01")["units"]


def test_a_month_is_asked_for_locked_and_opened_again(office: Office) -> None:
    """Flow 6: the text to send, the lock with its reason, the order of unlocking."""
    desk = office.desk
    asked = desk("chase", "--period", "2026-02")
    one = office.sit_down()
    board = go(one, "board")
    one.press("Left")
    one.press("F5")
    one.press("Ctrl+C")
    text = QGuiApplication.clipboard().text()
    assert [unit["name"] for unit in asked["units"] if unit["name"] not in text] == []
    assert "2026年2月" in text
    one.press("Escape")
    one.press("Left")
    one.press("F6")
    card = board.lock
    assert card.isVisible()
    one.press("Ctrl+S")
    assert one.at == "原因"  # things are open: a reason is needed
    one.write("县里已核对", "Return")
    assert "锁定" in one.told
    one.quit()
    assert {row["locked_by"] for row in standing(desk)} == {"county"}
    one = office.sit_down()
    go(one, "board")
    one.press("Left", "Left", "Shift+F6")
    one.write("村里迟报", "Return")
    assert "解锁" in one.told
    one.quit()
    assert {row["locked_by"] for row in standing(desk)} == {None}
    assert desk.is_sound()


def test_a_figure_leads_to_the_row_of_a_sheet_and_to_a_file(office: Office) -> None:
    """Flow 7: three keys down to the sign-in row; targets, a trend, the chart as a file."""
    desk = office.desk
    expected = desk("drill", "S01", "--period", MARCH)
    trend = desk("trend", "S01", "--period", MARCH)
    one = office.sit_down()
    view = go(one, "indicators")
    one.press("Right")
    begun = one.keys.count
    one.press("Return")
    page = view.drilling.page
    assert page.model.total == expected["total"]
    while not page.list.current()["learner"]:  # a head-count has no row of its own
        one.press("Down")
        begun += 1
    record = page.list.current()
    one.press("Return")
    assert one.keys.count - begun <= 3
    roll = one.screen
    line = roll._model.line(roll._grid.currentIndex().row())
    assert line.person.learner == record["learner"]
    one.press("Escape", "Escape", "F5")
    assert one.window.nav.current() == "indicators"
    one.press("Ctrl+P")
    one.press("F10", "Ctrl+S")
    one.quit()
    (kept,) = office.place.glob("kept*")
    content = kept.read_bytes()
    assert content.startswith((b"<?xml", b"<svg", b"%PDF", b"\x89PNG"))
    shown = [point["numerator"] for point in trend["points"]] if "points" in trend else []
    if content.startswith((b"<?xml", b"<svg")) and shown:
        assert f"{shown[-1]:,}" in content.decode("utf-8")
    assert desk("targets")["targets"]
    now = value_of(desk, "S01", COUNTY, MARCH, "--tree", "now")
    assert now["numerator"] == value_of(desk, "S01", COUNTY)["numerator"]


def test_a_departments_set_is_written_in_four_keys(office: Office) -> None:
    """Flow 8: the workbooks hold the figures of the command, telephone and code as text."""
    desk = office.desk
    desk("statutory", "phone=0371-62182345", "responsible=王五")
    one = office.sit_down()
    begun = one.keys.count
    go(one, "reports")
    one.press("Return")
    assert one.keys.count - begun <= 4
    assert "6 个工作簿" in one.told
    one.press("F6")
    one.quit()
    found = sorted(office.place.rglob("*.xlsx"))
    assert len(found) == 6
    (path,) = [one for one in found if "社区教育统计表" in one.name]
    book = load_workbook(path)
    sheet = book.worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    (named,) = [cell for cell in cells if cell.value == "参与人次"]
    value = sheet.cell(row=named.row, column=named.column + 2).value
    assert value == value_of(desk, "S01", COUNTY, "2026-Q1")["numerator"]
    assert any("0371-62182345" in str(cell.value) for cell in cells)
    assert not any(str(cell.value).startswith("=") for cell in cells)
    lists = {row[0].value for row in book["代码表"].iter_rows(min_row=3)}
    assert not any(str(text).isascii() for text in lists if text)
    (package,) = office.place.rglob("datapackage.json")
    assert json.loads(package.read_text(encoding="utf-8"))["resources"]
    assert len(desk("written")["written"]) == 6


def test_a_notice_and_targets_go_down(office: Office, computer_of: Computer) -> None:
    """Flow 9: looked at before they are issued; the township's and the village's Today have it."""
    desk = office.desk
    one = office.sit_down()
    go(one, "publishing")
    one.press("Ctrl+N")
    assert one.at == "标题"
    one.write("开展春季学习活动周", "Return")
    one.press("Ctrl+S")
    assert one.at == "内容"  # the text is missing: nothing is issued yet
    one.write("请各村在四月底前报送活动计划", "Ctrl+S")
    rows = one.screen.preview.list.rows()
    assert any("开展春季学习活动周" in " ".join(row.cells) for row in rows)
    one.press("Ctrl+S")
    assert "已下发" in one.told
    one.quit()
    town = Desk(computer_of(TOWN), TOWN, TODAY)
    village = Desk(computer_of(VILLAGE), VILLAGE, TODAY)
    assert town.receive(desk.pack(TOWN, office.place / "down"))[0]["outcome"] == "received"
    assert village.receive(town.pack(VILLAGE, office.place / "village"))[0]["outcome"] == "received"
    for reader in (desk, town, village):
        (notice,) = reader("notices")["notices"]
        assert notice["title"] == "开展春季学习活动周"
        assert notice["to"] == "2026-05-04"


def test_a_visit_its_finding_and_a_clauses_evidence(office: Office) -> None:
    """Flow 10: judged by digits, looked at again, the evidence folder by one key."""
    desk = office.desk
    one = office.sit_down()
    view = go(one, "supervision")
    one.press("Ctrl+N")
    one.type(VILLAGE, "Return")
    assert one.at == "项目"  # Enter after the unit: on to the checklist
    one.type("113")
    one.press("Up", "Return")
    one.write("只有去年的计划", "Return")
    one.press("Ctrl+S")
    assert "检查已保存" in one.told
    assert view.findings.hasFocus()
    one.press("Return", "Ctrl+S")
    one.press("Ctrl+3")
    clause = view.clauses.current().key
    one.press("Return")
    assert "已写出" in one.told
    # The quarter that has ended is what one is asked about: it has sessions.
    assert "：0 场" not in one.told
    one.quit()
    (inspection,) = desk("inspections")["inspections"]
    assert (inspection["unit"], inspection["visited"]) == (VILLAGE, date(2026, 4, 20).isoformat())
    (finding,) = desk("findings", "--state", "closed")["findings"]
    assert finding["state"] == "closed"
    assert finding["text"] == "只有去年的计划"
    folders = [path for path in office.place.iterdir() if path.is_dir()]
    assert len(folders) == 1
    assert clause.split("/")[-1] in folders[0].name or any(
        clause.split("/")[-1] in path.read_text(encoding="utf-8", errors="ignore")
        for path in folders[0].rglob("*.csv")
    )
