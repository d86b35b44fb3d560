"""A chart in the window, walked through by keys."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from learnsite_desktop.domain.charts import Bars, Chart, HeatTiles, Lines, Mark, Series, Step
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.widgets.chart import ChartView
from tests.tools.qtkeys import Keys

MONTHS = ("1 月", "2 月", "3 月", "4 月")
SERIES = (Series("2026 年", (3, None, 9, 12)), Series("2025 年", (1, 2, 3, 4)))
UPRIGHT = Bars(title="场次", labels=MONTHS, series=SERIES, measure="场")
LYING = Bars(title="场次", labels=MONTHS, series=SERIES, lying=True)
LINES = Lines(title="场次", labels=MONTHS, series=SERIES)
TILES = HeatTiles(
    title="按时率",
    labels=tuple(f"第{place}村" for place in range(30)),
    series=(Series("", tuple(range(30))),),
    steps=(Step(0, "低"), Step(20, "高")),
)
Made = tuple[ChartView, Keys, list[Mark]]


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[[Chart], Made]]:
    kept: list[QWidget] = []

    def made(chart: Chart) -> Made:
        window = QWidget()
        kept.append(window)
        before = QLineEdit()
        shown = ChartView()
        column = QVBoxLayout(window)
        column.addWidget(before)
        column.addWidget(shown, 1)
        window.resize(700, 500)
        qtbot.addWidget(window)
        shown.show_chart(chart)
        chosen: list[Mark] = []
        shown.chosen.connect(chosen.append)
        keys = Keys(qtbot, window)
        qtbot.waitExposed(window)
        before.setFocus()
        keys.press("Tab")
        assert shown.hasFocus()
        return shown, keys, chosen

    yield made
    kept.clear()


@pytest.mark.parametrize(
    ("chart", "pressed", "reached"),
    [
        (UPRIGHT, ("Right", "Right"), Mark(0, 2)),
        (UPRIGHT, ("Right", "Down"), Mark(1, 1)),
        (UPRIGHT, ("Down", "Down", "Left", "Up", "Up"), Mark(0, 0)),
        (UPRIGHT, ("Down", "End"), Mark(1, 3)),
        (LYING, ("Down", "Right"), Mark(1, 1)),
        (LINES, ("End", "Down", "Home", "Right"), Mark(1, 1)),
        (TILES, ("Right", "Right", "Left"), Mark(0, 1)),
    ],
)
def test_arrows_walk_and_enter_chooses(
    view: Callable[[Chart], Made], chart: Chart, pressed: tuple[str, ...], reached: Mark
) -> None:
    shown, keys, chosen = view(chart)
    assert shown.current == Mark(0, 0)
    for key in pressed:
        keys.press(key)
    assert shown.current == reached
    keys.press("Return")
    assert chosen == [reached]


def test_down_in_tiles_goes_to_the_tile_below(view: Callable[[Chart], Made]) -> None:
    shown, keys, _chosen = view(TILES)
    assert shown.picture is not None
    keys.press("Down")
    assert shown.current == Mark(0, shown.picture.columns)
    above, below = (shown.picture.marks[Mark(0, at)] for at in (0, shown.picture.columns))
    assert above.left() == below.left()
    assert above.bottom() < below.top()


def test_who_cannot_see_it_is_told_everything(view: Callable[[Chart], Made]) -> None:
    shown, keys, _chosen = view(UPRIGHT)
    spoken = QAccessible.queryAccessibleInterface(shown)
    told = spoken.text(QAccessible.Text.Description)
    assert {"计量单位：场", "2 月 · 2026 年：缺", "4 月 · 2025 年：4 场"} <= set(told.splitlines())
    keys.press("Right")
    assert spoken.text(QAccessible.Text.Name) == "场次：2 月 · 2026 年：缺"


def test_the_mouse_chooses_and_shows_the_words(view: Callable[[Chart], Made], qtbot: QtBot) -> None:
    shown, _keys, chosen = view(TILES)
    assert shown.picture is not None
    at = shown.picture.marks[Mark(0, 3)].center().toPoint()
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=at)
    assert chosen == [Mark(0, 3)]
    event = QHelpEvent(QEvent.Type.ToolTip, at, shown.mapToGlobal(at))
    QApplication.sendEvent(shown, event)
    assert QToolTip.text() == "第3村：3 · 低"
    QToolTip.hideText()
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert chosen == [Mark(0, 3)]


def test_another_chart_keeps_the_mark_that_is_still_there(view: Callable[[Chart], Made]) -> None:
    shown, keys, _chosen = view(UPRIGHT)
    keys.press("End")
    shown.show_chart(LYING)
    assert shown.current == Mark(0, 3)
    shown.show_chart(TILES)
    shown.select(Mark(0, 29))
    shown.show_chart(UPRIGHT)
    assert shown.accessibleName() == "场次"
    shown.show_chart(None)
    assert not shown.isEnabled()


def test_letters_of_every_size_and_both_looks_have_room(
    view: Callable[[Chart], Made], qapp: QApplication
) -> None:
    shown, _keys, _chosen = view(TILES)
    former = theme.points()
    heights = []
    try:
        for points in theme.POINTS:
            for dark in (False, True):
                theme.apply(qapp, dark=dark, points=points)
                assert shown.minimumSizeHint().height() <= shown.heightForWidth(shown.width())
                assert not shown.grab().isNull()
            heights.append(shown.minimumSizeHint().height())
    finally:
        theme.apply(qapp, dark=False, points=former)
    assert heights == sorted(set(heights))


def test_the_current_mark_is_kept_in_view(qtbot: QtBot) -> None:
    area = QScrollArea()
    area.setWidgetResizable(True)
    shown = ChartView()
    area.setWidget(shown)
    area.resize(420, 200)
    qtbot.addWidget(area)
    many = tuple(f"第{place}村" for place in range(40))
    shown.show_chart(
        Bars(title="场次", labels=many, series=(Series("", tuple(range(40))),), lying=True)
    )
    keys = Keys(qtbot, area)
    qtbot.waitExposed(area)
    shown.setFocus()
    keys.press("End")
    assert shown.picture is not None
    bar = shown.picture.marks[Mark(0, 39)].toRect()
    seen = shown.visibleRegion().boundingRect()
    assert seen.top() <= bar.top()
    assert bar.bottom() <= seen.bottom()
