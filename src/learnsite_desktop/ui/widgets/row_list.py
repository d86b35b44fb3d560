"""A list of rows of different sorts under headings, worked by keys: Enter opens, letters search."""

from collections.abc import Sequence
from typing import Final, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QKeyEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from shiboken6 import isValid

from learnsite_desktop.ui import theme
from learnsite_desktop.ui.widgets.chips import CHIP_ROLE, Chip
from learnsite_desktop.ui.widgets.tables import settle

HEADING: Final = "heading"
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FITTED_ROWS: Final = 60
"""How many rows are measured for the width of a column, besides those in sight."""
_NONE: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class ListRow(Protocol):
    """What a row must have: a key of its own, its sort, the texts, status and word of its chip."""

    @property
    def key(self) -> str:
        """The row's key; it stays when the rows are made anew."""

    @property
    def kind(self) -> str:
        """The sort of the row; `heading` rows cannot be chosen."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The texts, one a column."""

    @property
    def status(self) -> str:
        """The status or tone of the chip in the last column, "" for none."""

    @property
    def word(self) -> str:
        """The word on the chip."""


R = TypeVar("R", bound=ListRow)


class _Model(QAbstractTableModel, Generic[R]):
    def __init__(self, headings: Sequence[str]) -> None:
        super().__init__()
        self._headings = tuple(headings)
        self.rows: tuple[R, ...] = ()

    def show(self, rows: Sequence[R]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def change(self, row: R) -> bool:
        """Show a row in the place of the one with its key; False if there is none."""
        for place, one in enumerate(self.rows):
            if one.key == row.key:
                self.rows = (*self.rows[:place], row, *self.rows[place + 1 :])
                last = len(self._headings) - 1
                self.dataChanged.emit(self.index(place, 0), self.index(place, last))
                return True
        return False

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.rows[index.row()].kind == HEADING:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        last = index.column() == len(self._headings) - 1
        text = row.word if last else row.cells[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return text
        if role == CHIP_ROLE and last and row.status:
            return Chip(row.status, row.word)
        if row.kind == HEADING:
            return _heading(role)
        return None


def _heading(role: int) -> object:
    if role == Qt.ItemDataRole.FontRole:
        font = theme.font_of(theme.points())
        font.setWeight(QFont.Weight.Bold)
        return font
    if role == Qt.ItemDataRole.ForegroundRole:
        return QBrush(QColor(theme.tokens().colour("muted")))
    if role == Qt.ItemDataRole.BackgroundRole:
        return QBrush(QColor(theme.tokens().colour("window")))
    return None


class RowList(QTableView, Generic[R]):
    """The list. The chip stands in the last column; `wide` columns share the room left.

    `chosen` brings the row on which Enter was pressed or that was double-clicked; `typed` a letter
    or digit pressed without Ctrl or Alt; `crossed` the row on which Delete was pressed; `moved`
    says that another row is current.
    """

    chosen = Signal(object)
    typed = Signal(object)
    crossed = Signal(object)
    moved = Signal()

    def __init__(
        self,
        name: str,
        headings: Sequence[str],
        *,
        wide: Sequence[int],
        parent: QWidget | None = None,
    ) -> None:
        """`name` is what a screen reader says; `headings` of all columns, the chip's included."""
        super().__init__(parent)
        self._rows: _Model[R] = _Model(headings)
        self.setModel(self._rows)
        settle(self, name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        columns = self.horizontalHeader()
        columns.setStretchLastSection(False)
        columns.setResizeContentsPrecision(_FITTED_ROWS)
        self._fitted = [column for column in range(len(headings)) if column not in wide]
        for column in range(len(headings)):
            # Fitted when rows are shown: to measure every cell at every change of the window's
            # layout takes so long that the window stands still while a lane works.
            stretch = QHeaderView.ResizeMode.Stretch
            fit = QHeaderView.ResizeMode.Interactive
            columns.setSectionResizeMode(column, stretch if column in wide else fit)
        self.doubleClicked.connect(lambda _index: self._choose())
        theme.signals().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        """Give the columns that do not share the room left the width of what is in them."""
        if not isValid(self):
            theme.signals().changed.disconnect(self._fit)
            return
        for column in self._fitted:
            self.resizeColumnToContents(column)
        self.viewport().update()

    def showEvent(self, event: QShowEvent, /) -> None:
        """Fit the columns: only now the letters are known for certain."""
        super().showEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Paint in one go.

        Every cell asks the model in Python; from here each need not wait for the interpreter while
        a lane has it.
        """
        super().paintEvent(event)

    def show_rows(self, rows: Sequence[R], *, select: str = "") -> None:
        """Show rows; the row of key `select` is current, else the one before, else the first."""
        former = self.current()
        self.clearSpans()
        self._rows.show(rows)
        for place, row in enumerate(self._rows.rows):
            if row.kind == HEADING:
                self.setSpan(place, 0, 1, self._rows.columnCount())
        self._fit()
        keys = (select, former.key if former is not None else "")
        if not any(self.select(key) for key in keys if key):
            self.select_first()

    def change_row(self, row: R) -> None:
        """Show something else in the row of a key; everything else stays as it is."""
        if self._rows.change(row):
            current = self.current()
            if current is not None and current.key == row.key:
                self.moved.emit()

    def select(self, key: str) -> bool:
        """Make the row of a key current; False if there is none."""
        for place, row in enumerate(self._rows.rows):
            if row.key == key:
                self._go(place)
                return True
        return False

    def select_first(self, kinds: Sequence[str] = ()) -> bool:
        """Make the first row (of some sorts) current; False if there is none."""
        for place, row in enumerate(self._rows.rows):
            if row.kind != HEADING and (not kinds or row.kind in kinds):
                self._go(place)
                return True
        return False

    def _select_last(self) -> None:
        places = (n for n, row in enumerate(self._rows.rows) if row.kind != HEADING)
        last = max(places, default=-1)
        if last >= 0:
            self._go(last)

    def select_next(self, kinds: Sequence[str]) -> bool:
        """Make the next row of some sorts current, round and round; False if there is none."""
        rows = self._rows.rows
        begun = self.currentIndex().row() + 1
        for step in range(len(rows)):
            place = (begun + step) % len(rows)
            if rows[place].kind in kinds:
                self._go(place)
                return True
        return False

    def _go(self, place: int) -> None:
        index = self._rows.index(place, 0)
        self.setCurrentIndex(index)
        above = self._rows.index(place - 1, 0)
        if above.isValid() and self._rows.rows[place - 1].kind == HEADING:
            self.scrollTo(above)
        self.scrollTo(index)
        self.moved.emit()

    def current(self) -> R | None:
        """The current row, None without one."""
        place = self.currentIndex().row()
        rows = self._rows.rows
        return rows[place] if 0 <= place < len(rows) and rows[place].kind != HEADING else None

    def rows(self) -> tuple[R, ...]:
        """All rows shown, headings included."""
        return self._rows.rows

    def currentChanged(self, current: Index, previous: Index, /) -> None:
        """Tell that another row is current."""
        super().currentChanged(current, previous)
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter chooses, Delete crosses out, Home and End go far; letters and digits are told."""
        plain = event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        text = event.text()
        if plain != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        elif event.key() in _ENTER:
            self._choose()
        elif event.key() == Qt.Key.Key_Delete:
            if (row := self.current()) is not None:
                self.crossed.emit(row)
        elif event.key() == Qt.Key.Key_Home:
            self.select_first()
        elif event.key() == Qt.Key.Key_End:
            self._select_last()
        elif text.isascii() and text.isalnum():
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def _choose(self) -> None:
        row = self.current()
        if row is not None:
            self.chosen.emit(row)
