"""The settings by real keys: what is changed holds at once, here and at the next start."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import i18n
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.screens.preferences.view import View
from tests.desks import COUNTY, Desk, Line, found_village
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle


def shown(window: MainWindow) -> View:
    """Go to the settings."""
    window.go("preferences")
    screen = window.current()
    assert isinstance(screen, View)
    return screen


def names(desk: Desk) -> list[str]:
    return sorted(row["name"] for row in desk("list", "operator")["records"])


def test_letters_and_colours_change_at_once_and_stay(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = found_village(tmp_path / "data")
    window = open_window(desk.folder)
    shown(window)
    keys = Keys(qtbot, window)
    before = theme.points()
    keys.press("Right")
    assert theme.points() == theme.next_points(before, 1)
    size = theme.points()
    keys.press("Ctrl+-")
    assert theme.points() == before
    keys.press("Ctrl++")
    light = theme.tokens()
    dark = next(
        one for one in window.findChildren(QRadioButton) if one.accessibleName().endswith("深色")
    )
    dark.setFocus()
    keys.press("Space")
    assert theme.tokens() is not light
    window.close()
    again = open_window(desk.folder)
    assert (theme.points(), theme.tokens() is light) == (size, False)
    again.set_look(points=before, dark=False)


def test_another_language_makes_the_window_anew(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = found_village(tmp_path / "data")
    desk.capture({"v": 1, "source": "x", "operators": [{"ref": "o", "name": "王芳"}]})
    window = open_window(desk.folder)
    screen = shown(window)
    english = next(
        one for one in window.findChildren(QRadioButton) if one.accessibleName().endswith("English")
    )
    english.setFocus()
    keys = Keys(qtbot, window)
    keys.press("Space")
    qtbot.waitUntil(lambda: window.desk is not None and window.desk is not screen.desk)
    idle(qtbot, window)
    assert window.windowTitle() == "Learning site log"
    window.go("preferences")
    assert i18n.language() == "en"
    assert window.nav.current() == "preferences"
    keys.press("Alt+1")
    assert window.nav.current() == "today"
    assert window.desk is not None
    assert window.desk.operator


def test_operators_come_are_renamed_and_go(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = found_village(tmp_path / "data")
    window = open_window(desk.folder)
    screen = shown(window)
    keys = Keys(qtbot, window)
    screen.operators.name.setFocus()
    for name in ("张伟", "王芳"):
        keys.ime(name, keys=6)
        keys.press("Return")
        idle(qtbot, window)
    assert screen.operators.list.count() == 2
    assert screen.operators.name.text() == ""
    keys.ime("王芳", keys=6)
    keys.press("Return")
    idle(qtbot, window)
    assert "王芳" in window.feedback.text
    screen.operators.name.clear()
    place = next(n for n in range(2) if screen.operators.list.item(n).text() == "张伟")
    screen.operators.list.setCurrentRow(place)
    screen.operators.name.setFocus()
    keys.ime("张炜", keys=6)
    qtbot.mouseClick(screen.operators.rename, Qt.MouseButton.LeftButton)
    idle(qtbot, window)
    qtbot.mouseClick(screen.operators.leave, Qt.MouseButton.LeftButton)
    idle(qtbot, window)
    texts = [screen.operators.list.item(n).text() for n in range(2)]
    assert texts == ["王芳", "张炜（2026-04-02 离开）"]
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    assert "张炜" in [screen.operators.list.item(n).text() for n in range(2)]
    window.close()
    assert names(desk) == ["张炜", "王芳"]


def test_what_a_unit_above_has_set_is_grey(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    line = Line(tmp_path)
    line.found()
    line.enrol()
    line.township("policy", "minutes_per_hour=50")
    line.carry(line.township, line.village)
    window = open_window(line.village.folder)
    fields = shown(window).policy.fields
    assert not fields["minutes_per_hour"].isEnabled()
    own = fields["active_sessions_per_year"]
    assert own.isEnabled()
    own.setFocus()
    keys = Keys(qtbot, window)
    keys.press("Ctrl+A")
    keys.type("10")
    keys.press("Return")
    idle(qtbot, window)
    window.close()
    policy = line.village("policy")["policy"]
    assert (policy["minutes_per_hour"], policy["active_sessions_per_year"]) == ("50", "10")


@pytest.mark.parametrize("text", ["荣庄村", "韩寺镇", "410122101205"])
def test_the_card_says_who_we_are(open_window: OpenWindow, tmp_path: Path, text: str) -> None:
    line = Line(tmp_path)
    line.found()
    window = open_window(line.village.folder)
    card = shown(window).card
    fingerprint = line.village("devices")["devices"][0]["fingerprint"]
    lines = [one.property("text") for one in card.findChildren(QWidget) if one.property("text")]
    assert any(text in one for one in lines)
    assert any(fingerprint in one for one in lines) or len(line.village("devices")["devices"]) > 1


def test_what_the_county_gets_to_see_is_ticked_by_its_word(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    """No name of a field stands on the screen; what a newer program named is kept."""
    line = Line(tmp_path)
    line.county("init", "--tier", "county", "--unit", COUNTY)
    line.county("policy", "relay_private=name,birth,something_new")
    window = open_window(line.county.folder)
    field = shown(window).policy.fields["relay_private"]
    boxes = {box.text(): box for box in field.findChildren(QCheckBox)}
    assert not any(text.isascii() for text in boxes)
    assert [text for text, box in boxes.items() if box.isChecked()] == ["姓名", "出生日期"]
    boxes["手机"].setFocus()
    Keys(qtbot, window).press("Space")
    idle(qtbot, window)
    proofs = shown(window).policy.fields["evidence_required"]
    for box in proofs.findChildren(QCheckBox):
        if box.isChecked():
            box.setFocus()
            Keys(qtbot, window).press("Space")
            idle(qtbot, window)
    window.close()
    policy = line.county("policy")["policy"]
    assert policy["relay_private"] == "name,birth,mobile,something_new"
    assert policy["evidence_required"] == "signin"  # one at least
