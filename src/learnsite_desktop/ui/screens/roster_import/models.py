"""The columns and the rows of a table, as Qt's views want them."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.roster import field_label
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.screens.roster_import.presenter import OUTCOMES, ColumnLine, Line
from learnsite_desktop.ui.widgets.chips import CHIP_ROLE, Chip

Index = QModelIndex | QPersistentModelIndex
ROW, STATE, FIRST_FIELD = range(3)
_COLUMN_HEADINGS: Final = (N_("In the file"), N_("Taken for"), N_("How sure"))


class ColumnsModel(QAbstractTableModel):
    """What the columns of the file are taken for."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[ColumnLine] = ()

    def show(self, lines: Sequence[ColumnLine]) -> None:
        """Show columns."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return how many columns the file has."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Return how much is said about each."""
        return 0 if parent.isValid() else len(_COLUMN_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a heading."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_COLUMN_HEADINGS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows; what is not taken stands back."""
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            named = f"{line.letter}  {line.heading}".strip()
            return (named, line.meaning or "–", line.how)[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole and (not line.meaning or index.column() == 2):
            return QBrush(QColor(theme.tokens().colour("muted")))
        return None


class RowsModel(QAbstractTableModel):
    """The rows of the file as understood, wrong and changed cells coloured."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()
        self._fields: Sequence[str] = ()
        self._several = False

    def show(self, lines: Sequence[Line], fields: Sequence[str], *, several: bool) -> None:
        """Show rows with these fields; of `several` sheets each row names its own."""
        self.beginResetModel()
        self.lines, self._fields, self._several = lines, fields, several
        self.endResetModel()

    def line(self, row: int) -> Line | None:
        """Return a row, None outside."""
        return self.lines[row] if 0 <= row < len(self.lines) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Return the row's place, its state, its fields."""
        return 0 if parent.isValid() else FIRST_FIELD + len(self._fields)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a heading."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section < FIRST_FIELD:
            return (_("Row"), _("State"))[section]
        return _(field_label(self._fields[section - FIRST_FIELD]))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows under a role."""
        line, column = self.lines[index.row()], index.column()
        if column < FIRST_FIELD:
            return self._head(line, column, role)
        name = self._fields[column - FIRST_FIELD]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.cells.get(name, "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.told() or None
        if role == Qt.ItemDataRole.BackgroundRole:
            return _back(line, name)
        return None

    def _head(self, line: Line, column: int, role: int) -> Any:
        tone, text = OUTCOMES[line.outcome]
        if column == ROW and role == Qt.ItemDataRole.DisplayRole:
            return f"{line.sheet} {line.row}" if self._several else str(line.row)
        if column == STATE and role == CHIP_ROLE:
            return Chip(tone, _(text))
        if column == STATE and role == Qt.ItemDataRole.DisplayRole:
            return _(text)
        return None


def _back(line: Line, name: str) -> QBrush | None:
    tone = "error" if name in line.faulty else "note" if name in line.changed else ""
    return QBrush(QColor(theme.tokens().notices[tone].back)) if tone else None
