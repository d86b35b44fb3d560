"""The inbox by real keys, over computers that share nothing but files."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.app import make_window
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.refusals import Cancelled
from learnsite_desktop.platform import drives
from learnsite_desktop.services import at_hand
from learnsite_desktop.services.receiving import Received, receive
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.screens.inbox.pages import ListPage
from tests.desks import SISTER, TOWNSHIP, VILLAGE, Desk, Line, document, learner, small_class
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

TOWN = "410122101000"
VILLAGES = ("410122101217", "410122101219", "410122101225")
LATER = "2026-05-03T10:00:00+08:00"
Computer = Callable[[str], Path]


@pytest.fixture(autouse=True)
def _no_stick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drives, "removable_folders", list)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two villages, a township that holds the class of one, a county; made once."""
    found = Line(tmp_path_factory.mktemp("line"))
    found.found()
    found.enrol()
    found.village.capture(small_class())
    found.carry(found.village, found.township)
    return found.place


@pytest.fixture
def line(founded: Path, tmp_path: Path) -> Line:
    """A copy of the desks for one test."""
    return Line(shutil.copytree(founded, tmp_path / "line"))


def inbox(window: MainWindow) -> Any:
    """Return the inbox, which must be the screen shown."""
    view = window.current()
    assert type(view).__module__.endswith("inbox.view")
    return view


def opened(open_window: OpenWindow, qtbot: QtBot, folder: Path, now: str = LATER) -> Any:
    """Return a window at the inbox, and its keyboard."""
    window = open_window(folder, now)
    keys = Keys(qtbot, window)
    keys.press("Alt+2")
    idle(qtbot, window)
    return window, keys, inbox(window)


def drop(qtbot: QtBot, window: MainWindow, *files: Path) -> None:
    """Drag files onto the screen and let them fall."""
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    view = window.current()
    entering = QDragEnterEvent(QPoint(9, 9), copy, content, left, none)
    QApplication.sendEvent(view, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(view, QDropEvent(QPointF(9, 9), copy, content, left, none))
    idle(qtbot, window)


def words(page: ListPage) -> dict[str, str]:
    """Return the first cell and the chip of each row that is no heading."""
    return {row.cells[0]: row.word for row in page.list.rows() if row.kind != "heading"}


def close(qtbot: QtBot, window: MainWindow) -> None:
    idle(qtbot, window)
    window.close()


def handed_in(computer_of: Computer, units: tuple[str, ...], stick: Path) -> dict[str, Path]:
    """Return a new file of each unit: a learner's education is changed, the class's notes."""
    files = {}
    for unit in units:
        desk = Desk(computer_of(unit), unit, LATER)
        person = desk("list", "learner")["records"][0]["id"]
        desk("edit", person, "education=20", "--why", "核对")
        files[unit] = desk.pack(TOWN, stick / unit)
    return files


def test_many_files_at_once_one_of_them_damaged(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer, tmp_path: Path
) -> None:
    files = handed_in(computer_of, VILLAGES, tmp_path / "stick")
    town, twin = computer_of(TOWN), tmp_path / "twin"
    shutil.copytree(town, twin)
    cut, letter = tmp_path / "微信文件(1)", tmp_path / "通知.docx"
    spoilt = bytearray(files[VILLAGES[0]].read_bytes())
    spoilt[-200] ^= 1
    cut.write_bytes(spoilt)
    letter.write_bytes(b"PK, or not" * 200)
    foreign = Desk(computer_of("410122003203"), "410122003203", LATER).pack(
        "410122003000", tmp_path / "theirs"
    )
    window, keys, view = opened(open_window, qtbot, town)
    drop(qtbot, window, *files.values(), cut, letter, foreign)
    page = view.pages.files
    assert sorted(words(page).values()) == sorted(
        ["新文件"] * 3 + ["损坏", "不能收", "不是给本单位的"]
    )
    assert "收下 3 个文件" in view.take.text()
    assert "2 个文件损坏" in view.spoilt.text()
    keys.press("F8")
    assert page.list.current().word in {"损坏", "不能收"}
    keys.press("F5")  # looked at before anything is written
    idle(qtbot, window)
    records = view.pages.records
    assert view.pages.shown is records
    headings = [row.cells[0] for row in records.list.rows() if row.kind == "heading"]
    assert len(headings) == 3
    assert all("改 1" in one for one in headings)
    sides = [row.cells for row in records.sides.rows()]
    assert [(cells[0], bool(cells[2])) for cells in sides] == [("文化程度", True)]
    with_nothing = Desk(twin, TOWN, LATER)
    assert Desk(town, TOWN, LATER).state() == with_nothing.state()
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert sorted(words(page).values()) == sorted(
        ["已收取"] * 3 + ["损坏", "不能收", "不是给本单位的"]
    )
    assert "收下 3 个文件：改 3" in window.feedback.text
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "没有新文件" in window.feedback.text
    close(qtbot, window)
    with_nothing.receive(*files.values())
    assert Desk(town, TOWN, LATER).state() == with_nothing.state()


def test_receipts_go_to_where_the_files_came_from(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    line.village("edit", "session:s1", "notes=新的")
    file = line.village.pack(TOWNSHIP, line.place / "stick")
    window, keys, view = opened(open_window, qtbot, line.township.folder)
    drop(qtbot, window, file)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    keys.press("F9")  # the button of the message: the files for below
    idle(qtbot, window)
    rows = {row.key: row for row in view.below.list.rows()}
    assert [rows[unit].word for unit in (VILLAGE, SISTER)] == ["待下发", "已是最新"]
    assert "本级回执" in rows[VILLAGE].cells[1]
    assert not view.pages.isVisible()
    keys.press("Space")  # the current one, the village's, goes back to where its file came from
    idle(qtbot, window)
    (written,) = [one for one in file.parent.glob("*.lsb") if one != file]
    rows = {row.key: row for row in view.below.list.rows()}
    assert (rows[VILLAGE].cells[1], rows[VILLAGE].word) == (written.name, "已写出")
    assert rows[SISTER].word == "已是最新"
    keys.press("Escape")
    assert view.pages.isVisible()
    close(qtbot, window)
    line.village.receive(written)
    assert all(row["receipted"] for row in line.village("outbox")["items"])


def test_cancelled_the_file_in_hand_is_unchanged(
    open_window: OpenWindow,
    qtbot: QtBot,
    computer_of: Computer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = handed_in(computer_of, VILLAGES, tmp_path / "stick")
    town, twin = computer_of(TOWN), tmp_path / "twin"
    shutil.copytree(town, twin)
    begun: list[str] = []
    real = receive

    def stopped(workspace: Workspace, path: Path, **how: Any) -> Received:
        """Cancel in the middle of the second file."""
        begun.append(str(how["name"]))
        told: Progress = how["progress"]

        def cancel(done: int, total: int, label: str) -> None:
            told(done, total, label)
            if len(begun) == 2 and label:
                raise Cancelled

        return real(workspace, path, **{**how, "progress": cancel})

    window, keys, view = opened(open_window, qtbot, town)
    drop(qtbot, window, *files.values())
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(at_hand, "receive", stopped)
        keys.press("Ctrl+S")
        idle(qtbot, window)
    assert len(begun) == 2
    text = window.feedback.text
    assert "收下 1 个文件" in text
    assert "还有 2 个没收" in text
    assert sorted(words(view.pages.files).values()) == ["已收取", "新文件", "新文件"]
    one = Desk(twin, TOWN, LATER)
    one.receive(Path(begun[0]))
    here = Desk(town, TOWN, LATER)
    assert here.state() == one.state()
    assert here("batches")["total"] == one("batches")["total"]
    keys.press("Ctrl+S")  # the rest
    idle(qtbot, window)
    assert set(words(view.pages.files).values()) == {"已收取"}
    close(qtbot, window)
    one.receive(*files.values())
    assert here.state() == one.state()


def test_the_progress_names_the_file_in_hand(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer, tmp_path: Path
) -> None:
    files = handed_in(computer_of, VILLAGES, tmp_path / "stick")
    window, keys, _view = opened(open_window, qtbot, computer_of(TOWN))
    drop(qtbot, window, *files.values())
    steps: list[tuple[tuple[int, int], str]] = []

    def note() -> None:
        task = window.desk.writer.current if window.desk else None
        if task is not None and task.step_label:
            steps.append((task.steps, task.step_label))

    window.desk.writer.changed.connect(note)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    parts = [done for (done, total), _label in steps]
    assert parts == sorted(parts)
    assert {total for (_done, total), _label in steps} == {3000}
    assert any(label.startswith("1/3 ") for _steps, label in steps)


def test_a_file_is_rolled_back_and_brought_back(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    before = line.township.state()
    content = small_class(learners=[*small_class()["learners"], learner("x1", "赵新人")])
    line.village.capture(content)
    line.village("edit", "session:s1", "notes=新的")
    line.carry(line.village, line.township)
    after = line.township.state()
    window, keys, view = opened(open_window, qtbot, line.township.folder)
    keys.press("F4")
    idle(qtbot, window)
    assert view.pages.batches.list.current().word == "使用中"
    keys.press("Return")
    idle(qtbot, window)
    records = view.pages.records
    assert "1 条拿走，1 条改回" in records.title.text()
    assert {row.word for row in records.list.rows()} == {"拿走", "更新"}
    assert line.township.state() == after  # only told so far
    keys.press("Escape")
    assert view.pages.shown is view.pages.batches
    keys.press("Return")
    idle(qtbot, window)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert view.pages.batches.list.current().word == "已撤回"
    assert line.township.state() == before
    keys.press("F9")  # the button of the message brings it back
    idle(qtbot, window)
    assert line.township.state() == after
    keys.press("Return")
    idle(qtbot, window)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    keys.press("Return")  # as Enter on the row does
    idle(qtbot, window)
    assert view.pages.batches.list.current().word == "使用中"
    close(qtbot, window)
    assert line.township.state() == after


class Ticking:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime.fromisoformat("2026-04-02T10:00:00+08:00")

    def now(self) -> datetime:
        return self.moment


def test_a_watched_folder_offers_files_and_takes_none_unasked(
    qtbot: QtBot,
    qapp: QApplication,
    line: Line,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    downloads = tmp_path / "下载"
    downloads.mkdir()
    (downloads / "通知.txt").write_text("不是我们的", encoding="utf-8")
    clock = Ticking()
    window = make_window(qapp, line.township.folder, clock)
    window.show()
    qtbot.waitUntil(lambda: window.desk is not None)
    idle(qtbot, window)
    window.activateWindow()
    keys = Keys(qtbot, window)
    keys.press("Alt+2")
    idle(qtbot, window)
    view = inbox(window)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(downloads))
    keys.press("F10")
    idle(qtbot, window)
    line.village("edit", "session:s1", "notes=新的")
    file = line.village.pack(TOWNSHIP, tmp_path / "up")
    shutil.copyfile(file, downloads / "微信文件.lsb.1")

    def looked() -> list[str]:
        view.looking.look_around()
        idle(qtbot, window)
        return list(words(view.pages.files).values())

    assert looked() == ["还在传"]
    clock.moment += timedelta(seconds=5)
    assert looked() == ["新文件"]
    before = line.township("batches")["total"]
    clock.moment += timedelta(seconds=60)
    assert looked() == ["新文件"]
    assert line.township("batches")["total"] == before
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert looked() == ["已收取"]
    assert line.township("batches")["total"] == before + 1
    assert str(view.looking.watched) == str(downloads)  # remembered
    assert (downloads / "微信文件.lsb.1").exists()
    keys.press("F10")
    idle(qtbot, window)
    assert view.looking.watched is None
    assert words(view.pages.files) == {}
    close(qtbot, window)


def test_a_register_in_the_watched_folder_is_told_of_and_leads_to_its_page(
    qtbot: QtBot,
    line: Line,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    open_window: OpenWindow,
) -> None:
    downloads = tmp_path / "下载"
    downloads.mkdir()
    window, keys, view = opened(open_window, qtbot, line.township.folder)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(downloads))
    keys.press("F10")
    idle(qtbot, window)
    assert words(view.pages.files) == {}
    line.township("register", "issue", VILLAGE, "--out", downloads / "登记簿.xlsx")
    view.looking.look_around()
    idle(qtbot, window)
    assert list(words(view.pages.files).values()) == ["登记簿：在“导入”里收"]
    assert view.pile.spoilt() == 0
    assert view.pile.wanted() == []
    (row,) = view.pages.files.list.rows()
    view.pages.files.list.setFocus()
    view.pages.files.list.select(row.key)
    went: list[tuple[str, ...]] = []
    monkeypatch.setattr(view.desk, "go", lambda *words: went.append(words))
    keys.press("Return")
    idle(qtbot, window)
    assert went == [("roster_import", str(downloads / "登记簿.xlsx"))]
    close(qtbot, window)


def test_a_stick_is_looked_at_when_it_is_plugged_in(
    open_window: OpenWindow,
    qtbot: QtBot,
    line: Line,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stick = tmp_path / "KINGSTON"
    stick.mkdir()
    line.village("edit", "session:s1", "notes=新的")
    line.village.pack(TOWNSHIP, stick)
    window, keys, view = opened(open_window, qtbot, line.township.folder)
    keys.press("F6")
    idle(qtbot, window)
    assert "U" in window.feedback.text
    monkeypatch.setattr(drives, "removable_folders", lambda: [stick])
    view.looking.look_around()
    idle(qtbot, window)
    assert list(words(view.pages.files).values()) == ["新文件"]
    monkeypatch.setattr(drives, "removable_folders", list)
    view.looking.look_around()
    idle(qtbot, window)
    assert words(view.pages.files) == {}
    close(qtbot, window)


def test_a_file_left_for_now_is_not_taken(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    files = [line.village.pack(TOWNSHIP, line.place / "a"),
             line.sister.pack(TOWNSHIP, line.place / "b")]  # fmt: skip
    window, keys, view = opened(open_window, qtbot, line.township.folder)
    drop(qtbot, window, *files)
    first = view.pages.files.list.current().cells[0]
    keys.press("Delete")
    assert words(view.pages.files)[first] == "先不收"
    before = line.township("batches")["total"]
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert words(view.pages.files)[first] == "先不收"
    close(qtbot, window)
    assert line.township("batches")["total"] == before + 1


def test_a_computer_is_confirmed_and_its_file_taken_in(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    opening = line.township("opening", VILLAGE, "--out", line.stick / "once")["files"][0]["path"]
    for number in (1, 2):
        Desk(line.place / f"pc{number}", VILLAGE)("open", opening)
    line.carry(Desk(line.place / "pc1", VILLAGE), line.township)
    second = Desk(line.place / "pc2", VILLAGE)
    second.capture(document("second", learners=[learner("x1", "钱多多")]))
    file = second.pack(TOWNSHIP, line.stick / "second")
    (mine,) = [row["fingerprint"] for row in second("devices")["devices"]
               if row["unit"] == VILLAGE and row["state"] == "requested"]  # fmt: skip
    window, keys, view = opened(open_window, qtbot, line.township.folder)
    drop(qtbot, window, file)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert list(words(view.pages.files).values()) == ["待确认电脑"]
    before = line.township.state()
    keys.press("Return")
    assert str(mine) in view.card.text
    keys.press("Escape")  # not yet
    idle(qtbot, window)
    assert line.township.state() == before
    keys.press("Return")
    keys.press("Return")
    idle(qtbot, window)
    idle(qtbot, window)
    assert list(words(view.pages.files).values()) == ["已收取"]
    close(qtbot, window)
    assert line.township("learner", "list", "--query", "钱多多")["total"] == 1


def test_what_does_not_count_is_told_with_its_remedy(
    open_window: OpenWindow, qtbot: QtBot, line: Line
) -> None:
    line.village("edit", "session:s1", "notes=一")
    first = line.carry(line.village, line.township)
    session = line.township("list", "session")["records"][0]["id"]
    line.township("edit", session, "notes=二", "--why", "核对")
    line.township("rollback", str(first["batch"]))
    window, keys, view = opened(open_window, qtbot, line.township.folder)
    keys.press("F3")
    idle(qtbot, window)
    page = view.pages.uncounted
    assert list(words(page).values()) == ["等待"]
    assert "缺 1 处" in page.note.text()
    assert "回执" in page.note.text()
    keys.press("Escape")
    assert view.pages.shown is view.pages.files
    close(qtbot, window)


def test_the_county_takes_all_townships_in_one_go(
    open_window: OpenWindow, qtbot: QtBot, computer_of: Computer, tmp_path: Path
) -> None:
    files = []
    for unit in (TOWN, "410122003000"):
        desk = Desk(computer_of(unit), unit, LATER)
        person = desk("list", "learner")["records"][0]["id"]
        desk("edit", person, "education=20", "--why", "核对")
        files.append(desk.pack("410122000000", tmp_path / "stick" / unit))
    county, twin = computer_of("410122000000"), tmp_path / "twin"
    shutil.copytree(county, twin)
    window, keys, view = opened(open_window, qtbot, county)
    assert "2 个乡镇" in view.board.came.text()
    drop(qtbot, window, *files)
    assert {row.cells[1] for row in view.pages.files.list.rows()} == {"乡镇汇总报送"}
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert list(words(view.pages.files).values()) == ["已收取"] * 2
    keys.press("F7")
    idle(qtbot, window)
    keys.press("Return")
    idle(qtbot, window)
    assert [row.word for row in view.below.list.rows()] == ["已写出"] * 2
    close(qtbot, window)
    one = Desk(twin, "410122000000", LATER)
    one.receive(*files)
    assert Desk(county, "410122000000", LATER).state() == one.state()
