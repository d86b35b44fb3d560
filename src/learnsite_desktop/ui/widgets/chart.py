"""A chart in the window: walked through by arrow keys, Enter chooses a value, all of it readable.

    chart = ChartView()
    chart.show_chart(Bars(title=…, labels=…, series=…))
    chart.chosen.connect(go_deeper)      # brings a `Mark`: numbers of series and place

It grows as high as it needs; inside a `QScrollArea` the mark that has the frame is kept in view.
"""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget

from learnsite_desktop.domain.charts import Chart, Mark
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.paint.chart_layout import lay_out
from learnsite_desktop.paint.chart_look import (
    DAY_FILLS,
    DAY_TILES,
    NIGHT_FILLS,
    NIGHT_TILES,
    Colours,
)
from learnsite_desktop.paint.chart_parts import Picture
from learnsite_desktop.paint.chart_words import mark_words, whole_words
from learnsite_desktop.paint.charts import paint_chart
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.tokens import Tokens

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WIDTH_LINES, _HEIGHT_LINES = 30, 17
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def colours_of(look: Tokens) -> Colours:
    """Return the colours of charts in a look of the window."""
    return Colours(
        text=look.text,
        muted=look.muted,
        grid=look.line,
        edge=look.edge,
        back=look.base,
        focus=look.text,
        fills=NIGHT_FILLS if look.dark else DAY_FILLS,
        tiles=NIGHT_TILES if look.dark else DAY_TILES,
    )


class ChartView(QWidget):
    """Shows a chart. `chosen` brings the mark of a click or of Enter; `moved` tells of another.

    Left and Right go from place to place, Up and Down from series to series (crosswise where bars
    lie); in tiles all four go to the neighbour. Home and End go to the first and last place.
    """

    chosen = Signal(object)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart: Chart | None = None
        self._picture: Picture | None = None
        self._current: Mark | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.signals().changed.connect(self._lay_out)

    def show_chart(self, chart: Chart | None) -> None:
        """Show a chart, None for nothing; the current mark stays where it still is."""
        self._chart = chart
        marks = list(chart.marks()) if chart is not None else []
        if self._current not in marks:
            self._current = None
        self.setEnabled(bool(marks))
        self.setAccessibleDescription("" if chart is None else whole_words(chart))
        self._name()
        self._lay_out()

    @property
    def chart(self) -> Chart | None:
        """The chart shown."""
        return self._chart

    @property
    def current(self) -> Mark | None:
        """The mark that has the frame."""
        return self._current

    @property
    def picture(self) -> Picture | None:
        """The chart as it is laid out now."""
        return self._picture

    def select(self, mark: Mark) -> None:
        """Give a mark the frame; one that is not shown is passed over."""
        if self._chart is None or mark == self._current or mark not in self._chart.marks():
            return
        self._current = mark
        self._name()
        self._bring_into_view()
        self.update()
        self.moved.emit()

    def words(self, mark: Mark) -> str:
        """Return what a mark says: place, series, value."""
        return "" if self._chart is None else mark_words(self._chart, mark)

    def mark_at(self, at: QPointF) -> Mark | None:
        """Return the mark at a point of the widget."""
        if self._picture is None:
            return None
        found = [(area, mark) for mark, area in self._picture.marks.items() if area.contains(at)]
        return min(found, key=lambda one: one[0].width() * one[0].height())[1] if found else None

    # What Qt calls.

    def sizeHint(self) -> QSize:
        """Say how large it would like to be."""
        line = self.fontMetrics().height()
        return QSize(_WIDTH_LINES * line, self.heightForWidth(_WIDTH_LINES * line))

    def minimumSizeHint(self) -> QSize:
        """Say how small it can be at its width."""
        least = _WIDTH_LINES * self.fontMetrics().height() // 2
        return QSize(least, self._least_height(max(self.width(), least)))

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height it would like at a width."""
        return max(self._least_height(width), _HEIGHT_LINES * self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chart, with a frame around the current mark while it has the focus."""
        del event
        painter = QPainter(self)
        if self._picture is None:
            return
        focus = self._current if self.hasFocus() else None
        paint_chart(painter, self._picture, colours_of(theme.tokens()), focus)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give a mark the frame."""
        super().focusInEvent(event)
        if self._current is None and self._chart is not None:
            first = next(self._chart.marks(), None)
            if first is not None:
                self.select(first)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame away."""
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the marks; Enter chooses."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain != Qt.KeyboardModifier.NoModifier or self._chart is None or not self._current:
            super().keyPressEvent(event)
            return
        key = event.key()
        if key in _ENTER:
            self.chosen.emit(self._current)
            return
        mark = self._ahead(self._chart, self._current, key)
        if mark is None:
            super().keyPressEvent(event)
        elif mark in set(self._chart.marks()):
            self.select(mark)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the mark under the mouse."""
        mark = self.mark_at(event.position())
        if mark is not None and event.button() == Qt.MouseButton.LeftButton:
            self.select(mark)
            self.chosen.emit(mark)

    def event(self, event: QEvent) -> bool:
        """Show the words of a mark as its tip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            mark = self.mark_at(QPointF(event.pos()))
            if mark is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.words(mark), self)
            return True
        return super().event(event)

    def _ahead(self, chart: Chart, mark: Mark, key: int) -> Mark | None:
        """Return the mark that a key leads to, perhaps outside; None for another key."""
        last = len(chart.labels) - 1
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return Mark(mark.series, 0 if key == Qt.Key.Key_Home else last)
        if key not in _ARROWS or self._picture is None:
            return None
        across, down = _ARROWS[Qt.Key(key)]
        if self._picture.columns:
            return Mark(0, mark.place + across + down * self._picture.columns)
        if self._picture.lying:
            across, down = down, across
        return Mark(mark.series + down, mark.place + across)

    def _lay_out(self) -> None:
        if self._chart is None:
            self._picture = None
        else:
            font = theme.font_of(theme.points())
            self._picture = lay_out(self._chart, QSizeF(self.size()), font)
        self.updateGeometry()
        self.update()

    def _least_height(self, width: int) -> int:
        if self._chart is None:
            return 0
        font = theme.font_of(theme.points())
        return -int(-lay_out(self._chart, QSizeF(width, 0), font).size.height() // 1)

    def _name(self) -> None:
        title = "" if self._chart is None else self._chart.title
        if self._current is not None and title:
            said = {"name": title, "value": self.words(self._current)}
            title = render(N_("%(name)s: %(value)s"), said)
        self.setAccessibleName(title)

    def _bring_into_view(self) -> None:
        if self._picture is None or self._current is None:
            return
        area = self._picture.marks.get(self._current, QRectF())
        around = self.parentWidget()
        while around is not None:
            if isinstance(around, QScrollArea):
                inside = self.mapTo(around.widget(), area.center().toPoint())
                high = int(area.height() / 2) + self.fontMetrics().height()
                around.ensureVisible(inside.x(), inside.y(), 0, high)
                return
            around = around.parentWidget()
