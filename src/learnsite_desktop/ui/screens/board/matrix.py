"""The matrix of units and periods: arrows move, Left and Right change the period, Enter opens."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.screens.board.presenter import Line, chip_of, texts_of
from learnsite_desktop.ui.widgets.chips import CHIP_ROLE, chip_size
from learnsite_desktop.ui.widgets.tables import settle

Index = QModelIndex | QPersistentModelIndex
_NONE: Final = QModelIndex()
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NUMBERS: Final = 2
"""The texts before this one are numbers, this one is two of them."""


class BoardModel(QAbstractTableModel):
    """Lines; the first column is the unit, then a chip for each period, then the texts."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[Line, ...] = ()
        self.periods: tuple[str, ...] = ()
        self._headings: tuple[str, ...] = ()
        self._now = datetime.min.replace(tzinfo=UTC)

    def show(
        self, lines: Sequence[Line], periods: Sequence[str], headings: Sequence[str], now: datetime
    ) -> None:
        """Show lines; `headings` of the periods."""
        self.beginResetModel()
        self.lines, self.periods = tuple(lines), tuple(periods)
        self._headings = (
            _("Unit"), *headings, _("Sessions"), _("Attendances"), _("Returned / in conflict"),
            _("Last file"), _("Contact"),
        )  # fmt: skip
        self._now = now
        self.endResetModel()

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a heading."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows."""
        line, place = self.lines[index.row()], index.column() - 1
        if 0 <= place < len(self.periods):
            chip = chip_of(line, place)
            if role == CHIP_ROLE:
                return chip
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                return chip.text if chip is not None else "–"
            return None
        text = place - len(self.periods)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return line.name if place < 0 else texts_of(line, self._now)[text]
        if role == Qt.ItemDataRole.TextAlignmentRole and 0 <= text <= _NUMBERS:
            return _RIGHT if text < _NUMBERS else Qt.AlignmentFlag.AlignCenter
        return None


class Matrix(QTableView):
    """The table.

    `chosen` brings the line on which Enter was pressed, `stepped` -1 or 1 for the period before or
    after, `left` says Esc where `inside` was set; `moved` that another line is current.
    """

    chosen = Signal(object)
    stepped = Signal(object)
    left = Signal()
    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.model_ = BoardModel()
        self.setModel(self.model_)
        settle(self, _("Units and months"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.doubleClicked.connect(lambda _index: self._choose())
        theme.signals().changed.connect(self.fit)

    def show_lines(
        self, lines: Sequence[Line], periods: Sequence[str], headings: Sequence[str], now: datetime
    ) -> None:
        """Show lines; the unit that was current stays it, else the first one."""
        former = self.current()
        self.model_.show(lines, periods, headings, now)
        self.fit()
        if former is None or not self.select(former.key):
            self._go(0)

    def select(self, key: str) -> bool:
        """Make the line of a unit current; False if there is none."""
        for place, line in enumerate(self.model_.lines):
            if line.key == key:
                self._go(place)
                return True
        return False

    def select_owing(self) -> bool:
        """Go to the next line of which somebody is to be asked, round and round."""
        lines = self.model_.lines
        begun = self.currentIndex().row() + 1
        for step in range(len(lines)):
            place = (begun + step) % len(lines)
            if lines[place].owing:
                self._go(place)
                return True
        return False

    def _go(self, place: int) -> None:
        index = self.model_.index(place, 0)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        self.moved.emit()

    def current(self) -> Line | None:
        """The current line, None without one."""
        place = self.currentIndex().row()
        lines = self.model_.lines
        return lines[place] if 0 <= place < len(lines) else None

    def fit(self) -> None:
        """Give every column the room it needs; older months are left out where they do not fit."""
        metrics = QFontMetrics(theme.font_of(theme.points()))
        pad = metrics.height()
        head, count = self.horizontalHeader(), len(self.model_.periods)
        widths = [self._width(column, metrics, pad) for column in range(self.model_.columnCount())]
        for column, width in enumerate(widths):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            head.resizeSection(column, width)
        room = self.viewport().width() - sum(widths[:1]) - sum(widths[count:])
        for column in range(count - 1, 0, -1):
            room -= widths[column]
            self.setColumnHidden(column, room < 0)
        head.setStretchLastSection(True)

    def _width(self, column: int, metrics: QFontMetrics, pad: int) -> int:
        title = metrics.horizontalAdvance(
            str(self.model_.headerData(column, Qt.Orientation.Horizontal))
        )
        widest = title + pad
        for row, line in enumerate(self.model_.lines):
            place = column - 1
            if 0 <= place < len(self.model_.periods):
                chip = chip_of(line, place)
                found = chip_size(metrics, chip).width() if chip is not None else 0
            else:
                text = self.model_.data(self.model_.index(row, column))
                found = metrics.horizontalAdvance(str(text))
            widest = max(widest, found + pad)
        return min(widest, metrics.averageCharWidth() * 30)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Leave out or show older months."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width() and self.model_.lines:
            self.fit()

    def currentChanged(self, current: Index, previous: Index, /) -> None:
        """Tell that another line is current."""
        super().currentChanged(current, previous)
        self.moved.emit()

    def event(self, event: QEvent, /) -> bool:
        """Claim Esc inside a township, before the window goes back a screen."""
        if (
            self.inside
            and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens, Left and Right go to another period, Esc goes out of a township."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        elif event.key() in _ENTER:
            self._choose()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Left else 1)
        elif event.key() == Qt.Key.Key_Escape and self.inside:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _choose(self) -> None:
        line = self.current()
        if line is not None:
            self.chosen.emit(line)
