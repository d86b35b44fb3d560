"""The look: readable in light and dark, changeable while the window is open."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui import icons, theme
from learnsite_desktop.ui.tokens import DARK, LIGHT, STATUSES, Tokens
from learnsite_desktop.ui.widgets.chips import Chip, chip_size
from learnsite_desktop.ui.widgets.tables import settle

LOOKS = pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(autouse=True)
def _plain_look(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, dark=False, points=12)
    yield
    theme.apply(qapp, dark=False, points=12)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2.1, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@LOOKS
def test_every_text_can_be_read_on_its_background(look: Tokens) -> None:
    weak = {
        name: round(contrast(pair.text, pair.back), 2)
        for name, pair in look.pairs()
        if contrast(pair.text, pair.back) < 4.5
    }
    assert not weak


@LOOKS
def test_what_marks_a_field_can_be_seen(look: Tokens) -> None:
    for line in (look.edge, look.accent):
        assert contrast(line, look.base) >= 2.9


@LOOKS
def test_the_palette_gives_selected_and_disabled_texts_their_own_colours(look: Tokens) -> None:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = theme.palette(look)
    for one in (group.Active, group.Inactive):
        selected = palette.color(one, role.HighlightedText).name()
        assert contrast(selected, palette.color(one, role.Highlight).name()) >= 4.5
        hint = palette.color(one, role.PlaceholderText).name()
        assert contrast(hint, palette.color(one, role.Base).name()) >= 4.5
    assert palette.color(group.Disabled, role.Text) != palette.color(group.Active, role.Text)


def test_the_style_sheet_is_short_and_leaves_arrows_alone(qapp: QApplication) -> None:
    sheet = theme.sheet(LIGHT, theme.font_of(12))
    assert "{" in sheet
    for arrows in ("QScrollBar", "::drop-down", "::up-button", "::down-arrow", "::item {{"):
        assert arrows not in sheet
    assert len([line for line in sheet.splitlines() if line.strip()]) <= 45
    rules = [rule.strip() for rule in sheet.split("}") if rule.strip()]
    controls = [rule for rule in rules if rule.startswith(("QComboBox,", "QAbstractSpinBox,"))]
    assert all("border" not in rule and "background" not in rule for rule in controls)


@pytest.mark.parametrize("points", theme.POINTS)
def test_light_and_dark_differ_in_colours_only(qapp: QApplication, points: int) -> None:
    light, dark = (
        re.sub(r"#[0-9a-f]{6}\b", "#", theme.sheet(look, theme.font_of(points)))
        for look in (LIGHT, DARK)
    )
    assert "#" in light
    assert light == dark


def test_sizes_go_up_and_down_and_stop_at_the_ends() -> None:
    sizes = [10]
    for _time in range(4):
        sizes.append(theme.next_points(sizes[-1], 1))
    assert sizes == [10, 12, 14, 16, 16]
    assert theme.next_points(10, -1) == 10
    assert theme.next_points(11, 1) in theme.POINTS


@pytest.mark.parametrize("points", theme.POINTS)
@pytest.mark.parametrize("dark", [False, True])
def test_everything_changes_while_the_window_is_open(
    qtbot: QtBot, qapp: QApplication, dark: bool, points: int
) -> None:
    heard = []
    button = QPushButton("x")
    qtbot.addWidget(button)
    icons.tint(button, "add")
    theme.signals().changed.connect(lambda: heard.append(theme.points()))
    theme.apply(qapp, dark=dark, points=points)
    assert heard == [points]
    assert qapp.font().pointSize() == points
    assert qapp.palette().color(QPalette.ColorRole.Base).name() == theme.tokens().base
    assert button.iconSize().height() == icons.side()
    assert is_drawn_in(button.icon().pixmap(64, 64).toImage(), theme.tokens().text)


def test_nothing_fades_or_slides(qapp: QApplication) -> None:
    qapp.setEffectEnabled(Qt.UIEffect.UI_AnimateMenu, True)
    theme.be_calm()
    assert not qapp.isEffectEnabled(Qt.UIEffect.UI_AnimateMenu)


def is_drawn_in(image: QImage, colour: str) -> bool:
    """Tell whether the densest point of a picture has a colour; thin lines are blended a little."""
    points = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    dense = max(points, key=lambda point: point.alpha())
    wanted = QColor(colour)
    return dense.alpha() > 128 and all(
        abs(seen - meant) <= 3
        for seen, meant in (
            (dense.red(), wanted.red()),
            (dense.green(), wanted.green()),
            (dense.blue(), wanted.blue()),
        )
    )


def test_every_icon_is_drawn_in_its_colour_at_its_size(qapp: QApplication) -> None:
    assert len(icons.names()) >= 40
    for name in icons.names():
        drawn = icons.pixmap(name, 24, "#ff0000", ratio=2)
        assert drawn.width() == 48
        assert is_drawn_in(drawn.toImage(), "#ff0000"), name


def test_an_unknown_icon_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("no such icon")


def test_labels_actions_and_disabled_buttons_get_their_icons(
    qtbot: QtBot, qapp: QApplication
) -> None:
    label, action = QLabel(), QAction()
    qtbot.addWidget(label)
    icons.tint(label, "ok", "ok")
    icons.tint(action, "print")
    theme.apply(qapp, dark=True, points=16)
    assert is_drawn_in(label.pixmap().toImage(), DARK.notices["ok"].text)
    greyed = action.icon().pixmap(64, 64, QIcon.Mode.Disabled).toImage()
    assert is_drawn_in(greyed, DARK.disabled)


def test_icons_of_widgets_that_are_gone_are_forgotten(qtbot: QtBot, qapp: QApplication) -> None:
    button = QPushButton()
    icons.tint(button, "add")
    with qtbot.waitSignal(button.destroyed):
        button.deleteLater()
    theme.apply(qapp, dark=True, points=10)


def test_a_table_follows_the_letters(qtbot: QtBot, qapp: QApplication) -> None:
    table = QTableWidget(3, 2)
    qtbot.addWidget(table)
    settle(table, "表")
    table.setColumnWidth(0, 120)
    height = table.rowHeight(0)
    theme.apply(qapp, dark=False, points=16)
    assert table.rowHeight(0) > height
    assert table.columnWidth(0) == 160
    assert table.rowHeight(0) >= chip_size(table.fontMetrics(), Chip("final")).height()


@pytest.mark.parametrize("status", [*STATUSES, "error", "warning", "ok", "note"])
def test_every_status_has_an_icon_a_word_and_its_colours(status: str) -> None:
    assert status in icons.names()
    assert LIGHT.colour(status) != LIGHT.text
    if status in STATUSES:
        assert Chip(status).text
