"""The first run by real keys: from an empty folder to Today with at most three of them."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import i18n
from learnsite_desktop.ui import trial_ribbon
from learnsite_desktop.ui.first_run.explained import Explained
from learnsite_desktop.ui.first_run.view import FirstRun
from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import NOW, TOWNSHIP, VILLAGE, Desk, small_class
from tests.support import CommandLine
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where files from elsewhere lie."""
    place = tmp_path / "downloads"
    place.mkdir()
    for name in ("DOWNLOAD", "DESKTOP", "DOCUMENTS"):
        monkeypatch.setenv(f"XDG_{name}_DIR", str(place))
    return place


@pytest.fixture
def township(tmp_path: Path) -> Desk:
    """The township that opens villages."""
    desk = Desk(tmp_path / "township", TOWNSHIP)
    desk("init", "--tier", "township", "--unit", TOWNSHIP)
    return desk


def beginning(window: MainWindow, qtbot: QtBot) -> FirstRun:
    """Return the first-run page once it has looked for files."""
    qtbot.waitUntil(lambda: isinstance(window.centralWidget(), FirstRun))
    page = window.centralWidget()
    assert isinstance(page, FirstRun)
    qtbot.waitUntil(lambda: page._lane.idle)
    return page


def at_today(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.desk is not None, timeout=20_000)
    idle(qtbot, window)
    assert window.nav.current() == "today"


def says(window: MainWindow, text: str) -> bool:
    labels = window.findChildren(QLabel)
    return any(text in label.text() for label in labels if label.isVisible())


def test_one_key_opens_the_file_that_was_found(
    open_window: OpenWindow, qtbot: QtBot, downloads: Path, township: Desk, tmp_path: Path
) -> None:
    township("opening", VILLAGE, "--out", str(downloads))
    window = open_window(tmp_path / "data", desk=False)
    beginning(window, qtbot)
    assert says(window, "荣庄村")
    assert says(window, "韩寺镇")
    keys = Keys(qtbot, window)
    keys.press("Return")
    at_today(window, qtbot)
    assert keys.count <= 3
    assert window.desk is not None
    assert window.desk.unit == VILLAGE
    assert window.desk.operator == ""


def test_the_name_given_is_the_operator(
    open_window: OpenWindow, qtbot: QtBot, downloads: Path, township: Desk, tmp_path: Path
) -> None:
    township("opening", VILLAGE, "--out", str(downloads))
    window = open_window(tmp_path / "data", desk=False)
    beginning(window, qtbot)
    keys = Keys(qtbot, window)
    keys.ime("周桂兰", keys=8)
    keys.press("Return")
    at_today(window, qtbot)
    window.close()
    rows = Desk(tmp_path / "data", VILLAGE)("list", "operator")["records"]
    assert [row["name"] for row in rows] == ["周桂兰"]


def test_the_newest_of_several_files_comes_first(
    open_window: OpenWindow, qtbot: QtBot, downloads: Path, township: Desk, tmp_path: Path
) -> None:
    township("opening", VILLAGE, "--out", str(downloads))
    township.now = "2026-04-01T10:00:00+08:00"
    township("opening", "410122101206", "--out", str(downloads))
    (downloads / "broken.lso").write_bytes(b"not one")
    window = open_window(tmp_path / "data", desk=False)
    page = beginning(window, qtbot)
    assert page.opening.choice.count() == 2
    assert page.opening.chosen is not None
    assert page.opening.chosen.unit == VILLAGE


def test_the_trial_is_two_keys_away_and_ends_where_it_began(
    open_window: OpenWindow,
    qtbot: QtBot,
    downloads: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = open_window(tmp_path / "data", desk=False)
    beginning(window, qtbot)
    keys = Keys(qtbot, window)
    keys.press("Alt+2")
    at_today(window, qtbot)
    assert keys.count <= 3
    assert says(window, "不能报送")
    assert "试用" in window.windowTitle()
    assert not (tmp_path / "data").exists()
    monkeypatch.setattr(trial_ribbon, "ask", lambda *_words: True)
    ribbon = window.findChild(trial_ribbon.TrialRibbon)
    assert ribbon is not None
    ribbon.end()
    beginning(window, qtbot)
    assert window.desk is None
    assert not (tmp_path / "data-trial").exists()
    keys.press("Alt+2")
    at_today(window, qtbot)


@pytest.mark.parametrize("held", ["everything", "database"])
def test_a_trial_whose_files_are_in_use_ends_as_far_as_it_can(
    open_window: OpenWindow,
    qtbot: QtBot,
    downloads: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    held: str,
) -> None:
    window = open_window(tmp_path / "data", desk=False)
    beginning(window, qtbot)
    keys = Keys(qtbot, window)
    keys.press("Alt+2")
    at_today(window, qtbot)
    monkeypatch.setattr(trial_ribbon, "ask", lambda *_words: True)

    def in_use(*_given: object, **_more: object) -> None:
        if held == "database":
            raise PermissionError(13, "used by another program", "learnsite.db")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("pathlib.Path.unlink" if held == "database" else "shutil.rmtree", in_use)
        ribbon = window.findChild(trial_ribbon.TrialRibbon)
        assert ribbon is not None
        ribbon.end()
    if held == "database":
        at_today(window, qtbot)  # goes on, and can be ended later
        assert "试用" in window.windowTitle()
        assert "结束试用" in window.feedback.text
    else:
        page = beginning(window, qtbot)
        assert "试用已结束" in page.feedback.text
        assert page.trial.button.text() == "进入试用村"
        keys.press("Alt+2")  # what is left stands in nobody's way
        at_today(window, qtbot)


def test_a_kept_trial_goes_on(
    open_window: OpenWindow, qtbot: QtBot, downloads: Path, tmp_path: Path, cli: CommandLine
) -> None:
    cli(tmp_path / "data", "trial", str(tmp_path / "data-trial"), now=NOW)
    before = Desk(tmp_path / "data-trial", "").state()
    window = open_window(tmp_path / "data", desk=False)
    page = beginning(window, qtbot)
    assert page.trial.button.text() == "接着试用"
    Keys(qtbot, window).press("Alt+2")
    at_today(window, qtbot)
    window.close()
    assert Desk(tmp_path / "data-trial", "").state() == before


def test_a_dropped_backup_is_looked_at_first(
    open_window: OpenWindow, qtbot: QtBot, downloads: Path, tmp_path: Path
) -> None:
    old = Desk(tmp_path / "old", VILLAGE)
    old("init", "--tier", "village", "--unit", VILLAGE)
    old.capture(small_class())
    file = old("backup", str(tmp_path / "stick"))["path"]
    window = open_window(tmp_path / "data", desk=False)
    page = beginning(window, qtbot)
    page.take(Path(file))
    qtbot.waitUntil(lambda: says(window, "学员 3 人"))
    assert not (tmp_path / "data").exists()
    Keys(qtbot, window).press("Return")
    at_today(window, qtbot)
    window.close()
    assert Desk(tmp_path / "data", VILLAGE)("list", "learner")["total"] == 3


def test_a_file_that_is_none_is_refused_in_place(
    open_window: OpenWindow, qtbot: QtBot, downloads: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "holiday.lso"
    wrong.write_bytes(b"\x00" * 100)
    window = open_window(tmp_path / "data", desk=False)
    page = beginning(window, qtbot)
    for path in (wrong, tmp_path / "gone.lso", tmp_path / "gone.lsk"):
        page.feedback.clear()
        page.take(path)
        qtbot.waitUntil(lambda: bool(page.feedback.text))
    assert not (tmp_path / "data").exists()
    assert page.isEnabled()


def test_the_language_changes_at_once_and_is_remembered(
    open_window: OpenWindow, qtbot: QtBot, downloads: Path, tmp_path: Path
) -> None:
    window = open_window(tmp_path / "data", desk=False)
    page = beginning(window, qtbot)
    page._other_language()
    qtbot.waitUntil(lambda: says(window, "Welcome"))
    window.close()
    i18n.use(i18n.DEFAULT_LANGUAGE)
    again = open_window(tmp_path / "data", desk=False)
    beginning(again, qtbot)
    assert says(again, "Welcome")


def test_f1_explains_the_beginning(
    open_window: OpenWindow, qtbot: QtBot, downloads: Path, tmp_path: Path
) -> None:
    window = open_window(tmp_path / "data", desk=False)
    page = beginning(window, qtbot)
    Keys(qtbot, window).press("F1")
    explained = page.findChild(Explained)
    assert isinstance(explained, Explained)
    assert "开通文件" in explained.text.toPlainText()
    qtbot.waitUntil(explained.isVisible)
    explained.reject()
