"""What a county does once a year or once in a while, by real keys over the demonstration's folders.

The year's lock and what is corrected after it, the population of a year, computers that are lost
and replaced, targets and codes issued from tables. What was done is read back by the command line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives
from learnsite_desktop.ui.navigation import entries_for
from tests.desks import Desk
from tests.ui.conftest import OpenWindow
from tests.ui.flows.test_month import Clerk

COUNTY, TOWN, VILLAGE, NEAR = "410122000000", "410122101000", "410122101219", "410122101217"
TODAY, NEXT_YEAR = "2026-04-20T10:00:00+08:00", "2027-01-15T10:00:00+08:00"
LATER = "2026-04-21T10:00:00+08:00"
Computer = Callable[[str], Path]


@dataclass
class Office:
    """A computer and a folder where files lie; `chosen` is what the next dialog answers."""

    desk: Desk
    place: Path
    tier: str
    open_window: OpenWindow
    qtbot: QtBot
    chosen: list[str]

    def sit_down(self, screen: str) -> Clerk:
        """Open the window and go to a screen by the keys of the list on the left."""
        one = Clerk(self.qtbot, self.open_window(self.desk.folder, now=self.desk.now))
        self.go(one, screen)
        return one

    def go(self, one: Clerk, screen: str) -> None:
        """Go to a screen by its key, else by the arrows of the list on the left."""
        names = [entry.name for entry in entries_for(self.tier)]
        number = names.index(screen) + 1
        if number <= 9:
            one.press(f"Alt+{number}")
        else:
            one.press("Alt+0", "Home", *["Down"] * (number - 1), "Return")
        assert one.window.nav.current() == screen


@pytest.fixture
def office_of(
    computer_of: Computer,
    open_window: OpenWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Office]:
    """Copies of the demonstration's computers; nothing is plugged in."""
    place = tmp_path / "files"
    place.mkdir()

    def sitting(unit: str, tier: str, now: str = TODAY) -> Office:
        chosen: list[str] = []
        monkeypatch.setattr(drives, "removable_folders", list)
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(place))
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (chosen[0], ""))
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (list(chosen), ""))
        monkeypatch.setattr(
            QFileDialog, "getSaveFileName", lambda *asked: (str(place / Path(asked[2]).name), "")
        )
        return Office(Desk(computer_of(unit), unit, now), place, tier, open_window, qtbot, chosen)

    return sitting


def agree(one: Clerk, asked: list[str]) -> None:
    """Answer the question that comes next by its own keys: Tab to the deed, Enter."""

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if box is None or not box.isActiveWindow():
            if box is not None:
                box.activateWindow()
            QTimer.singleShot(10, answer)
            return
        asked.append(box.windowTitle())
        one.keys.press("Tab")
        one.keys.press("Return")

    QTimer.singleShot(10, answer)


def value_of(desk: Desk, period: str, *more: str) -> int:
    """Return the county's attendances as the command says them."""
    words = ("--period", period, "--unit", COUNTY, "--id", "S01", *more)
    (found,) = [one for one in desk("indicators", *words)["values"] if one["cell"] == "all"]
    return int(found["numerator"])


APPROVED = ("--basis", "approved")


def test_after_the_years_lock_a_correction_is_booked_in_the_new_year(
    office_of: Callable[..., Office],
) -> None:
    """The locked figure stays as it was, what is known now is another one, and one undo away."""
    office = office_of(COUNTY, "county", NEXT_YEAR)
    desk = office.desk
    one = office.sit_down("board")
    one.press("Ctrl+F")
    one.choose("2026年全年")
    one.press("Return", "F6")
    assert one.screen.lock.isVisible()
    assert "2026" in one.screen.lock.title.text()
    one.press("Ctrl+S")
    assert one.at == "原因"  # conflicts are open
    one.write("年度已核对", "Return")
    assert "锁定" in one.told
    one.press("Ctrl+Z")
    assert desk_locked(desk)  # a lock is lifted for a reason, never by undo
    one.quit()
    then = value_of(desk, "2026", *APPROVED)
    session = next(
        row
        for row in desk("list", "session", "--period", "2026-02", "--unit", VILLAGE)["records"]
        if row["status"] == "held" and desk("show", row["id"])["record"]["rows"]
    )
    fewer = value_of(desk, "2026")
    desk("edit", session["id"], "status=cancelled", "--why", "实未举办")
    fewer -= value_of(desk, "2026")
    assert fewer > 0
    assert value_of(desk, "2026", *APPROVED) == then
    one = office.sit_down("board")
    one.press("F4")
    rows = one.screen.later.list
    while rows.current().record != session["id"]:
        one.press("Down")
    assert rows.current().word == "还没有记账"
    one.press("Return")
    assert one.at == "原因"
    one.write("村里补报实未举办", "Return")
    assert "记入" in one.told
    assert [row.word for row in rows.rows() if row.record == session["id"]] == ["已记入 2027-01"]
    assert value_of(desk, "2026", *APPROVED) == then
    assert value_of(desk, "2027-01", *APPROVED) == -fewer
    one.press("F9")  # taken back: nothing is booked in the new year
    assert value_of(desk, "2027-01", *APPROVED) == 0
    one.press("Ctrl+Y")
    assert value_of(desk, "2027-01", *APPROVED) == -fewer
    one.press("Escape")
    shown_as_then_and_now(one, then, value_of(desk, "2026"))
    one.quit()
    assert desk.is_sound()


def desk_locked(desk: Desk) -> bool:
    """Whether the year's last month is locked."""
    return {row["locked_by"] for row in desk("board", "--period", "2026-12")["units"]} == {"county"}


def shown_as_then_and_now(one: Clerk, then: int, now: int) -> None:
    """The figures' screen says both, one key apart."""
    one.to("indicators", "F4", "Ctrl+A")
    one.type("2026", "Return")
    if one.screen.figures.ask.period != "2026":
        one.press("Return")
    assert one.screen.figures.ask.period == "2026"
    assert f"{now:,}" in texts(one.screen.figures.model)
    one.press("Shift+F3")
    assert f"{then:,}" in texts(one.screen.figures.model)


def texts(model: Any) -> set[str]:
    """Return every text that a table shows."""
    cells = (model.index(row, column).data() for row in range(model.rowCount())
             for column in range(model.columnCount()))  # fmt: skip
    return {part for cell in cells for part in str(cell).replace("\n", " ").split()}


def numbers(desk: Desk, year: str = "2025") -> dict[str, tuple[int, int]]:
    """Return the population kept, by unit."""
    rows = desk("population", "list", "--year", year)["units"]
    return {row["unit"]: (row["total"], row["over60"]) for row in rows if row["total"] is not None}


def test_population_by_hand_and_from_a_table_with_wrong_cells(
    office_of: Callable[..., Office],
) -> None:
    """Typed with their source, undone; a table's wrong cells are told by their addresses."""
    office = office_of(COUNTY, "county")
    desk = office.desk
    before = numbers(desk)
    towns = [row["code"] for row in desk("units")["units"] if row["parent"] == COUNTY]
    first, second, third = towns[:3]
    names = {row["code"]: row["name"] for row in desk("units")["units"]}
    one = office.sit_down("units")
    one.press("Ctrl+3")
    page = one.screen.population
    while page.view.currentIndex() != page.model.place_of(first):
        one.press("Down" if page.view.currentIndex().column() == 1 else "Left")
    one.type("32,000", "Return")
    one.type("6400", "Return")
    one.press("Ctrl+S")
    one.write("统计年鉴", "Return")
    one.press("Ctrl+S")
    assert numbers(desk) == {**before, first: (32_000, 6_400)}
    one.press("F9")
    assert numbers(desk) == before
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "人口"
    for row in (
        ["单位名称", "常住人口", "其中60岁以上"],
        [names[first], 32_000, 6_400],
        [names[second], "约三万", 5_000],
        [names[third], 20_000, 21_000],
        ["没有这个镇", 1, 1],
    ):
        sheet.append(row)
    path = office.place / "人口.xlsx"
    book.save(path)
    office.chosen[:] = [str(path)]
    one.press("Ctrl+O")
    assert page.card.isVisible()
    rows = {row.cells[0]: row.cells for row in page.card.list.rows()}
    assert set(rows) == {"人口!B3", "人口!C4", "人口!A5"}, rows
    assert rows["人口!B3"][1] == "约三万"
    assert not any("over60" in text for cells in rows.values() for text in cells)
    assert numbers(desk) == before  # nothing is taken yet
    one.press("Ctrl+E")
    assert "人口-错误原因.xlsx" in one.told
    one.press("Ctrl+S")
    assert numbers(desk) == {**before, first: (32_000, 6_400)}
    assert "新增 1" in one.told
    one.press("F9")
    assert numbers(desk) == before
    one.quit()
    assert desk.is_sound()


def device_of(desk: Desk, unit: str) -> str:
    """Return the id of the working computer of a unit."""
    (found,) = {
        row["id"]
        for row in desk("devices")["devices"]
        if row["unit"] == unit and row["state"] == "enrolled"
    }
    return str(found)


def test_a_computer_enters_for_a_village_until_a_day(office_of: Callable[..., Office]) -> None:
    """A village's computer may enter for its neighbour; its own window offers that from then on."""
    office = office_of(TOWN, "township")
    desk = office.desk
    one = office.sit_down("units")
    one.press("Ctrl+4")
    row = at_computer(one, device_of(desk, VILLAGE))
    one.press("F4")
    assert one.at == "为哪个单位代录"
    one.type(NEAR, "Return")
    one.press("Ctrl+A")
    one.type("2026-04-20", "Return")
    one.type("2026-06-30", "Ctrl+S")
    row = at_computer(one, row.key)
    assert "2026-04-20 至 2026-06-30" in row.cells[2]
    one.quit()
    scopes = [item for dev in desk("devices")["devices"] if dev["id"] == row.key
              for item in dev["scopes"]]  # fmt: skip
    assert ["for", NEAR, "2026-04-20", "2026-06-30"] in scopes


def at_computer(one: Clerk, device: str) -> Any:
    """Walk to a computer in the list and return its row."""
    rows = one.screen.devices.list
    one.press("Home")
    for _step in rows.rows():
        if rows.current().key == device:
            return rows.current()
        one.press("Down")
    raise AssertionError(device)


def test_a_stolen_computer_is_revoked_at_a_receipt_and_replaced(
    office_of: Callable[..., Office], computer_of: Computer, tmp_path: Path
) -> None:
    """What came after is set apart where one sees it; the new computer works from the first day."""
    office = office_of(TOWN, "township")
    town = office.desk
    stolen = Desk(computer_of(VILLAGE), VILLAGE, TODAY)
    town.pack(VILLAGE, office.place / "receipt")
    (person, *_others) = stolen("list", "learner")["records"]
    stolen("edit", person["id"], "education=20", "--why", "核对")
    town.receive(stolen.pack(TOWN, office.place / "up"))
    changed = town("show", person["id"])["record"]["education"]
    one = office.sit_down("units")
    one.press("Ctrl+4")
    at_computer(one, device_of(town, VILLAGE))
    one.press("F7")
    one.write("电脑被盗", "Return")
    one.choose("号回执")
    asked: list[str] = []
    agree(one, asked)
    one.press("Ctrl+S")
    assert "已吊销" in one.told
    assert one.screen.devices.list.current().word == "已吊销"
    # What came after the receipt is no longer counted.
    assert town("show", person["id"])["record"].get("education") != changed
    one.press("F9")  # the message leads on to the opening file of a new computer
    assert one.screen.openings.list.current().key == VILLAGE
    one.press("Ctrl+S")
    assert (office.place / f"{VILLAGE}.lso").exists()
    one.press("Ctrl+4", "F6")
    assert "没有秘密" in one.told
    # The thief, or a clerk who knows nothing yet, hands in once more.
    stolen.now = LATER
    stolen("edit", person["id"], "education=40", "--why", "核对")
    office.chosen[:] = [str(stolen.pack(TOWN, office.place / "late"))]
    one.to("inbox", "Ctrl+O", "Ctrl+S", "F3")
    rows = one.screen.pages.uncounted.list.rows()
    apart = [row for row in rows if "吊销" in " ".join((*row.cells, row.word, row.note))]
    assert apart
    one.quit()
    new = Desk(tmp_path / "new", VILLAGE, LATER)
    town.now = LATER
    assert new("open", office.place / f"{VILLAGE}.lso")["unit"] == VILLAGE
    town.receive(new.pack(TOWN, office.place / "first"))
    new.receive(town.pack(VILLAGE, office.place / "back"))
    assert {row["id"] for row in new("list", "learner")["records"]} >= {person["id"]}
    new("edit", person["id"], "education=30", "--why", "新电脑核对")
    town.receive(new.pack(TOWN, office.place / "second"))
    assert town("show", person["id"])["record"]["education"] == "30"
    assert town.is_sound()


def test_targets_and_codes_go_down_from_tables_and_come_back(
    office_of: Callable[..., Office], computer_of: Computer
) -> None:
    """Each change is seen before; the township has them and says so; one key takes them back."""
    office = office_of(COUNTY, "county")
    desk, town = office.desk, Desk(computer_of(TOWN), TOWN, TODAY)
    one = office.sit_down("publishing")
    target = fill_in(one, office, "目标", ["N01", TOWN, "2026", "85", "县方案"])
    rows = one.screen.preview.list.rows()
    assert ("", "值", "", "85") in [row.cells for row in rows]
    assert ("", "单位", "", "韩寺镇") in [
        row.cells for row in rows
    ]  # no code where a name is known
    one.press("Ctrl+S")
    assert "已下发" in one.told
    one.quit()
    assert desk("targets")["targets"][0]["value"] == "85"
    assert town.receive(desk.pack(TOWN, office.place / "down"))[0]["outcome"] == "received"
    held = {row["kind"]: row["version"] for row in town("documents")["documents"]}
    assert held["targets"] == 1
    assert [row["value"] for row in town("targets")["targets"]] == ["85"]
    # The township's next file says that it has them: nothing waits for it any more.
    desk.receive(town.pack(COUNTY, office.place / "up"))
    (waits,) = [row for row in desk("relay")["units"] if row["unit"] == TOWN]
    assert waits["documents"] == 0
    book = load_workbook(target)
    sheet = book["targets"]
    sheet.cell(row=sheet.max_row, column=4, value="90")
    book.save(target)
    one = office.sit_down("publishing")
    one.walk_to("目标")
    office.chosen[:] = [str(target)]
    one.press("Ctrl+O")
    (row,) = [row for row in one.screen.preview.list.rows() if "90" in row.cells]
    assert "85" in row.cells
    one.press("Ctrl+S", "F9")
    assert "恢复原样" in one.told
    assert desk("targets")["targets"][0]["value"] == "85"
    codes(one, office)
    one.quit()
    town.receive(desk.pack(TOWN, office.place / "again"))
    assert [row["value"] for row in town("targets")["targets"]] == ["85"]
    assert "剪纸" in str(local_codes(town))
    assert desk.is_sound()


def fill_in(one: Clerk, office: Office, kind: str, row: list[str]) -> Path:
    """Write the table of a kind, add a row with the spreadsheet program, choose it."""
    one.walk_to(kind)
    before = set(office.place.iterdir())
    one.press("F6")
    assert "已写出" in one.told
    (path,) = set(office.place.iterdir()) - before
    book = load_workbook(path)
    sheet = book.worksheets[0]
    sheet.append(row)
    book.save(path)
    office.chosen[:] = [str(path)]
    one.press("Ctrl+O")
    assert one.screen.preview.isVisible()
    return path


def codes(one: Clerk, office: Office) -> None:
    """A local code goes down; it cannot be taken back, which is said with what to do."""
    fill_in(one, office, "本地代码", ["topic", "0501B", "0501", "剪纸"])
    assert any("剪纸" in row.cells for row in one.screen.preview.list.rows())
    one.press("Ctrl+S")
    assert "已下发" in one.told
    one.press("F9")
    assert "剪纸" in str(local_codes(office.desk))


def local_codes(desk: Desk) -> list[Any]:
    """Return the local codes in use at a desk."""
    (held,) = desk("documents", "show", "codes")["documents"]
    return [list(row.values()) for row in held["content"]]


def test_a_township_proposes_and_the_county_takes_over_or_refuses(
    office_of: Callable[..., Office],
) -> None:
    """The proposal fills the county's form, which shows what it does; both hear the outcome."""
    town = office_of(TOWN, "township")
    two_proposals(town.sit_down("units"))
    office = office_of(COUNTY, "county")
    desk = office.desk
    assert desk.receive(town.desk.pack(COUNTY, office.place / "up"))[0]["outcome"] == "received"
    one = office.sit_down("today")
    one.walk_to("有 2 条区划改动建议待答复")
    one.press("Return")
    assert one.window.nav.current() == "units"
    assert "2" in one.screen.tree.listing.text()
    card = one.screen.tree.proposals.card
    one.walk_to("并入", card.list)
    one.press("Return")
    form = one.screen.tree.form
    assert (form.deed, form.unit.code, form.into.value()) == ("merge", NEAR, VILLAGE)
    assert "寺后村委会" in form._seen.text()
    one.press("Ctrl+S")
    assert "并入" in one.told
    one.press("F10")
    one.walk_to("新桥", card.list)
    one.press("Delete")
    assert one.at == "原因"
    one.write("民政没有批文", "Return")
    assert {row.word for row in card.list.rows()} == {"已采纳", "不采纳"}
    one.quit()
    (merged,) = [row for row in desk("units", "--find", NEAR)["units"] if row["code"] == NEAR]
    assert merged["successor"] == VILLAGE
    town.desk.receive(desk.pack(TOWN, office.place / "down"))
    one = town.sit_down("units")
    one.press("F10")
    card = one.screen.tree.proposals.card
    one.walk_to("民政没有批文", card.list)
    assert card.list.current().word == "不采纳"
    one.quit()
    assert desk.is_sound()
    assert town.desk.is_sound()


def find(one: Clerk, code: str) -> None:
    """Put a unit in hand by the search."""
    one.press("Ctrl+F", "Ctrl+A")
    one.type(code, "Return")
    assert one.screen.tree.current_code() == code


def two_proposals(one: Clerk) -> None:
    """The township asks for a merge and a new name."""
    find(one, NEAR)
    one.press("F3")
    one.write("并入", "Return", "Return")
    assert one.at == "并入"
    one.type(VILLAGE, "Return", "Return", "Return", "Return")
    assert "寺后村委会" in one.screen.tree.form._seen.text()  # what it does is seen first
    one.press("Ctrl+S")
    assert "已提出建议" in one.told
    find(one, VILLAGE)
    one.press("F3", "Return")
    assert one.at == "名称"
    one.press("Ctrl+A")
    one.write("新桥村委会", "Return", "Return")
    one.press("Ctrl+S", "F10")
    rows = one.screen.tree.proposals.card.list.rows()
    assert [row.word for row in rows] == ["待答复", "待答复"]
    one.quit()
