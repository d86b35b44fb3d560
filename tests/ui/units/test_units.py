"""The county's and township's units by real keys: founding to opened, the tree, population."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.paper import PaperDialog
from learnsite_desktop.ui.screens.units import devices_page
from tests.desks import COUNTY, SISTER, TOWNSHIP, VILLAGE, Desk, Line, opened
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

Computer = Callable[[str], Path]


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the program takes for a USB stick."""
    folder = tmp_path / "KINGSTON"
    folder.mkdir()
    monkeypatch.setattr(drives, "removable_folders", lambda: [folder])
    return folder


@pytest.fixture
def county(tmp_path: Path) -> Desk:
    """A county alone."""
    desk = Desk(tmp_path / "county", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    return desk


def units(window: MainWindow, qtbot: QtBot, about: str = "") -> Any:
    """Return the screen of units, shown."""
    window.go("units", about)
    settle(window, qtbot)
    view = window.current()
    assert type(view).__module__.endswith("units.view")
    return view


def settle(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until what the lanes answered has asked nothing further."""
    for _round in range(3):
        idle(qtbot, window)
        QApplication.processEvents()


def name_of(desk: Desk, code: str) -> str:
    return next(str(row["name"]) for row in desk("units")["units"] if row["code"] == code)


# -- from nothing to opened


def test_from_nothing_to_a_village_that_has_opened(
    open_window: OpenWindow,
    qtbot: QtBot,
    tmp_path: Path,
    stick: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for kind in ("DOWNLOAD", "DESKTOP", "DOCUMENTS"):
        monkeypatch.setenv(f"XDG_{kind}_DIR", str(tmp_path / "none"))
    window = open_window(tmp_path / "township", desk=False)
    page: Any = window.centralWidget()
    qtbot.waitUntil(lambda: page._lane.idle)
    keys = Keys(qtbot, window)
    keys.press("Alt+4")
    keys.type(TOWNSHIP)
    keys.press("Return")
    keys.press("Return")
    qtbot.waitUntil(lambda: window.desk is not None, timeout=20_000)
    settle(window, qtbot)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    keys.press("Escape")  # the recovery code, later
    window.activateWindow()  # as the window system does when the page in front is closed
    qtbot.waitUntil(window.isActiveWindow)
    view = units(window, qtbot)
    keys.press("Ctrl+2")
    settle(window, qtbot)
    before = keys.count
    keys.press("Ctrl+S")
    settle(window, qtbot)
    assert keys.count - before == 2
    township = Desk(tmp_path / "township", TOWNSHIP)
    villages = [row["code"] for row in township("units")["units"] if row["parent"] == TOWNSHIP]
    assert {path.stem for path in stick.glob("*.lso")} == set(villages)
    assert len(list(stick.glob("*.pdf"))) == 1
    count = len(villages)
    assert f"给出 {count}，已开通 0" in view.openings.counts.text()
    # Nobody is left to be given one: who has the file and when stands there instead, nobody
    # chosen; the slips of this batch can be printed again.
    rows = view.openings.list.rows()
    assert {row.key for row in rows} == set(villages)
    assert {row.kind for row in rows} == {"given"}
    assert not view.openings.write_button.isEnabled()
    keys.press("Ctrl+P")
    settle(window, qtbot)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PaperDialog))
    keys.press("Escape")
    window.close()
    # The village opens its file; its first bundle says so to the township.
    village = Desk(tmp_path / "village", VILLAGE)
    village("open", stick / f"{VILLAGE}.lso")
    file = village.pack(TOWNSHIP, tmp_path / "up")
    assert township.receive(file)[0]["outcome"] == "received"
    again = open_window(tmp_path / "township")
    view = units(again, qtbot, VILLAGE)
    assert f"给出 {count}，已开通 1" in view.tree.counts.text()
    assert view.tree.current_code() == VILLAGE
    assert "已开通：2026-04-02" in view.tree.about.text()
    assert "最近收件：2026-04-02" in view.tree.about.text()


def test_one_village_gets_a_further_file_after_a_loss(
    open_window: OpenWindow, qtbot: QtBot, county: Desk, tmp_path: Path, stick: Path
) -> None:
    opened(county, TOWNSHIP, tmp_path / "township")
    window = open_window(county.folder)
    view = units(window, qtbot)
    keys = Keys(qtbot, window)
    view.tree.select(TOWNSHIP)
    keys.press("Return")  # it has a file already, not opened as far as is known here
    settle(window, qtbot)
    assert view.openings.list.current().key == TOWNSHIP
    assert view.openings._chosen == {TOWNSHIP}
    keys.press("Space")
    assert view.openings._chosen == set()
    keys.press("Space")
    keys.press("Ctrl+S")
    settle(window, qtbot)
    assert [path.name for path in stick.glob("*.lso")] == [f"{TOWNSHIP}.lso"]


# -- the tree


def test_a_unit_is_found_renamed_and_the_change_taken_back(
    open_window: OpenWindow, qtbot: QtBot, county: Desk
) -> None:
    former = name_of(county, VILLAGE)
    window = open_window(county.folder)
    view = units(window, qtbot)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+F")
    keys.type(VILLAGE)
    keys.press("Return")
    assert view.tree.current_code() == VILLAGE
    keys.press("F3")
    settle(window, qtbot)
    keys.press("Ctrl+A")
    keys.ime("新桥村", keys=9)
    keys.press("Return")
    settle(window, qtbot)
    assert "新桥村" in view.tree.form._seen.text()
    assert name_of(county, VILLAGE) == former  # only shown so far
    keys.press("Ctrl+S")
    settle(window, qtbot)
    assert name_of(county, VILLAGE) == "新桥村"
    assert former in view.tree.about.text()
    assert not view.tree.form.isVisible()
    # It is found by its former name, too.
    view.tree.search.setText(former)
    assert view.tree.current_code() == VILLAGE
    keys.press("Ctrl+Shift+Z")
    settle(window, qtbot)
    assert name_of(county, VILLAGE) == former


def test_a_refused_change_says_why_and_changes_nothing(
    open_window: OpenWindow, qtbot: QtBot, county: Desk
) -> None:
    before = county("units")["units"]
    window = open_window(county.folder)
    view = units(window, qtbot, TOWNSHIP)
    keys = Keys(qtbot, window)
    keys.press("Delete")
    settle(window, qtbot)
    assert "之下还有单位" in view.tree.form._wrong.text()
    keys.press("Ctrl+S")
    settle(window, qtbot)
    assert "之下还有单位" in window.feedback.text
    keys.press("Escape")
    assert not view.tree.form.isVisible()
    assert county("units")["units"] == before


def test_a_merge_shows_what_counts_elsewhere(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    folder = computer_of(COUNTY)
    desk = Desk(folder, COUNTY)
    site = "410122101217"
    sessions = desk("list", "session", "--unit", site)["total"]
    window = open_window(folder)
    view = units(window, qtbot, site)
    keys = Keys(qtbot, window)
    keys.press("F5")
    settle(window, qtbot)
    keys.press("F4")  # the list of those it can go into
    keys.press("Return")
    settle(window, qtbot)
    assert view.tree.form._wrong.text() == ""
    told = view.tree.form._seen.text()
    assert f"{sessions} 场次" in told
    assert "按现在口径" in told


def test_a_township_reads_the_tree_and_proposes_in_words(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer
) -> None:
    folder = computer_of(TOWNSHIP)
    before = Desk(folder, TOWNSHIP)("units")["units"]
    window = open_window(folder)
    view = units(window, qtbot, "410122101217")
    assert "中牟县" in view.tree.whom.text()
    assert not any(button.isVisible() for button in view.tree.deeds.values())
    keys = Keys(qtbot, window)
    keys.press("Delete")  # a county's key
    assert not view.tree.form.isVisible()
    keys.press("F3")
    settle(window, qtbot)
    view.tree.form.name.setFocus()
    keys.press("Ctrl+A")
    keys.ime("新桥村", keys=9)
    keys.press("Return")
    settle(window, qtbot)
    view.tree.form.why.setFocus()
    keys.ime("村民代表会议通过", keys=20)
    keys.press("Ctrl+S")
    settle(window, qtbot)
    text = QGuiApplication.clipboard().text()
    assert "原因：村民代表会议通过" in text
    (kept,) = Desk(folder, TOWNSHIP)("proposals", "list")["proposals"]
    assert kept["why"] == "村民代表会议通过"
    assert "新桥村" in text
    assert "410122101217" in text
    assert "韩寺镇" in text
    assert Desk(folder, TOWNSHIP)("units")["units"] == before


# -- population


def numbers(desk: Desk) -> dict[str, tuple[int, int, str]]:
    rows = desk("population", "list", "--year", "2025", "--unit", desk.unit)["units"]
    return {
        row["unit"]: (row["total"], row["over60"], row["source"])
        for row in rows
        if row["total"] is not None
    }


@pytest.fixture
def township(tmp_path: Path) -> Desk:
    """A township alone."""
    desk = Desk(tmp_path / "alone", TOWNSHIP)
    desk("init", "--tier", "township", "--unit", TOWNSHIP)
    return desk


def test_population_is_typed_with_its_source_and_undone(
    open_window: OpenWindow, qtbot: QtBot, township: Desk
) -> None:
    window = open_window(township.folder)
    view = units(window, qtbot)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+3")
    settle(window, qtbot)
    keys.type("5000")
    keys.press("Return")
    keys.type("1200")
    keys.press("Return")
    keys.type("1000")
    keys.press("Return")
    keys.type("300")
    keys.press("Return")
    assert view.population.model.sums()[:2] == (1000, 300)
    keys.press("Ctrl+S")
    settle(window, qtbot)
    assert numbers(township) == {}  # whose numbers are they?
    keys.ime("派出所年报", keys=12)
    keys.press("Ctrl+S")
    settle(window, qtbot)
    first = view.population.model.rows()[1].unit
    assert numbers(township) == {
        TOWNSHIP: (5000, 1200, "派出所年报"), first: (1000, 300, "派出所年报"),
    }  # fmt: skip
    keys.press("F9")  # the bar offers to take it back
    settle(window, qtbot)
    assert numbers(township) == {}


def test_an_impossible_number_is_marked_and_f8_goes_there(
    open_window: OpenWindow, qtbot: QtBot, township: Desk
) -> None:
    window = open_window(township.folder)
    view = units(window, qtbot)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+3")
    settle(window, qtbot)
    view.population.source.set_value("年报")
    keys.press("Down", times=2)
    keys.type("100")
    keys.press("Return")
    keys.type("101")
    keys.press("Return")
    keys.press("Ctrl+S")
    settle(window, qtbot)
    assert numbers(township) == {}
    wrong = view.population.model.rows()[1].unit
    assert set(view.population.model.wrong) == {wrong}
    keys.press("Up", times=2)
    keys.press("F8")
    assert view.population.view.currentIndex() == view.population.model.place_of(wrong)


def test_last_years_numbers_and_a_table(
    open_window: OpenWindow,
    qtbot: QtBot,
    township: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    township("population", "set", VILLAGE, "--year", "2024", "--total", "990", "--over60", "290",
             "--source", "年报")  # fmt: skip
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["村", "总人口", "60岁及以上"],
        [name_of(township, SISTER), 2000, 400],
        ["没有村", 1, 1],
    ):
        sheet.append(row)
    path = tmp_path / "人口.xlsx"
    book.save(path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(path), ""))
    window = open_window(township.folder)
    view = units(window, qtbot)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+3")
    settle(window, qtbot)
    keys.press("Ctrl+D")
    keys.ime("沿用上年", keys=10)
    keys.press("Ctrl+S")
    settle(window, qtbot)
    assert numbers(township) == {VILLAGE: (990, 290, "沿用上年")}
    keys.press("Ctrl+O")
    settle(window, qtbot)
    assert "新增 1 行" in view.population.card.line.text()
    assert "没有村" in view.population.card.list.current().cells[1]
    keys.press("Ctrl+S")
    settle(window, qtbot)
    assert numbers(township)[SISTER] == (2000, 400, "沿用上年")
    assert view.population.model.sums()[:2] == (2990, 690)


# -- computers


def test_a_grant_with_an_end_and_a_revocation(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(tmp_path / "line")
    line.found()
    line.enrol()
    monkeypatch.setattr(devices_page, "ask", lambda *_words: True)
    window = open_window(line.township.folder)
    view = units(window, qtbot, "devices")
    keys = Keys(qtbot, window)
    (computer,) = [one for one in line.township("devices")["devices"] if one["unit"] == VILLAGE]
    view.devices.list.select(computer["id"])
    keys.press("F4")
    keys.type(SISTER)
    keys.press("Return")
    keys.press("Return")
    keys.press("Ctrl+A")
    keys.type("2026-04-30")
    view.devices.since.set_value("2026-04-01")
    view.devices.until.set_value("2026-04-30")
    keys.press("Ctrl+S")
    settle(window, qtbot)
    row = next(one for one in view.devices.list.rows() if one.key == computer["id"])
    assert "2026-04-01 至 2026-04-30" in row.cells[2]
    assert name_of(line.township, SISTER) in row.cells[2]
    keys.press("F7")
    keys.press("Ctrl+S")
    settle(window, qtbot)
    assert "为什么" in window.feedback.text  # nothing without a reason
    keys.ime("电脑丢失", keys=10)
    keys.press("Ctrl+S")
    settle(window, qtbot)
    row = next(one for one in view.devices.list.rows() if one.key == computer["id"])
    assert (row.kind, row.word) == ("revoked", "已吊销")
    keys.press("F5")
    settle(window, qtbot)
    assert "钥匙或电脑没了怎么办" in window.current().page.toPlainText()  # type: ignore[attr-defined]
