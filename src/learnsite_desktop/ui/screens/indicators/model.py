"""The table of figures, as Qt's views want it: rows are shown as they come."""

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.figure_views.table import PERIODS, Ask, Column, Row, columns_of
from learnsite_desktop.services.silence import MARK, lacking_words
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.screens.indicators.presenter import (
    Figure,
    absent_text,
    cell_chip,
    cell_text,
    detail_of,
    heading,
    lacking_of,
    shown_value,
)
from learnsite_desktop.ui.widgets.chips import CHIP_ROLE

_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NONE: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
UNIT: Final = 0
"""The column of the units' names; the figures follow."""


class FiguresModel(QAbstractTableModel):
    """Rows of units; the first is the unit asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.ask = Ask("", "2000")
        self.rows: list[Row] = []
        self.columns: list[Column] = []

    def begin(self, ask: Ask) -> None:
        """Show another table, empty so far."""
        self.beginResetModel()
        self.ask, self.rows = ask, []
        self.columns = columns_of(ask)
        self.endResetModel()

    def add(self, row: Row) -> None:
        """Show one more row; the columns of a dimension's cells may grow."""
        columns = columns_of(self.ask, [*self.rows, row])
        if columns != self.columns:
            self.beginResetModel()
            self.rows.append(row)
            self.columns = columns
            self.endResetModel()
            return
        at = len(self.rows)
        self.beginInsertRows(_NONE, at, at)
        self.rows.append(row)
        self.endInsertRows()

    def replace(self, rows: list[Row]) -> None:
        """Show other values of the same table."""
        self.beginResetModel()
        self.rows = list(rows)
        self.columns = columns_of(self.ask, self.rows)
        self.endResetModel()

    def figure(self, row: int, column: int) -> Figure | None:
        """Return the figure of a cell; None for a unit's name and where nothing was counted."""
        if not (0 <= row < len(self.rows) and UNIT < column <= len(self.columns)):
            return None
        return self.rows[row].figures.get(self.columns[column - 1].key)

    def row_of(self, unit: str) -> int:
        """Return the row of a unit, -1 if it is not listed."""
        return next((at for at, row in enumerate(self.rows) if row.unit == unit), -1)

    def column_of(self, key: str) -> int:
        """Return the column of a key, the first figure's if there is none."""
        found = (at for at, column in enumerate(self.columns, start=1) if column.key == key)
        return next(found, 1)

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return how many rows are there so far."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return the number of columns, the name's included."""
        return 0 if parent.isValid() else len(self.columns) + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a heading."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section == UNIT:
            return _("Unit")
        if section > len(self.columns):
            return None
        return heading(self.columns[section - 1], self.ask)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if index.column() == UNIT:
            return self._unit(row, index.row(), role)
        value = self.figure(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT
        if value is None:
            return absent_text(row) if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            marked = self.ask.mode == PERIODS and bool(lacking_words(value) or value["incomplete"])
            return f"{cell_text(value)}{MARK}" if marked else cell_text(value)
        if role == CHIP_ROLE:
            return cell_chip(value)
        if role == Qt.ItemDataRole.ForegroundRole and shown_value(value) is None:
            return QBrush(QColor(theme.tokens().colour("muted")))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            words = detail_of(value, row.name, self.ask)
            return f"{words.title}\n{words.parts}"
        return None

    def _unit(self, row: Row, at: int, role: int) -> Any:
        lacking = lacking_of(row, self.ask)
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.name}{MARK}" if lacking else row.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole) and lacking:
            return f"{row.name} {MARK} {lacking}"
        if role == Qt.ItemDataRole.FontRole and at == 0:
            font = theme.font_of(theme.points())
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ToolTipRole and at and not row.leaf:
            return render(_("Enter: the units below %(name)s"), {"name": row.name})
        return None
