"""The list of learners, as Qt's views want it; a line is made when it is looked at."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.people.index import Hit, Person
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.screens.learners.presenter import Line, line_of

Index = QModelIndex | QPersistentModelIndex
NAME, SEX, BORN, MOBILE, UNIT, WHY = range(6)
HEADINGS: Final = (
    N_("Name"), N_("Sex"), N_("Born"), N_("Mobile"), N_("Village"), N_("Found by"),
)  # fmt: skip


class LearnersModel(QAbstractTableModel):
    """People or hits; None stands for the line that shows more."""

    def __init__(self, units: Mapping[str, str]) -> None:
        """`units` are the names by code that are worth showing."""
        super().__init__()
        self.rows: Sequence[Person | Hit | None] = ()
        self._units = units
        self._sexes = shipped_codes().words("sex", language())

    def show(self, rows: Sequence[Person | Hit | None]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def line(self, row: int) -> Line | None:
        """Return the line of a row, None outside."""
        if not 0 <= row < len(self.rows):
            return None
        return line_of(self.rows[row], self._sexes, self._units)

    def row_of(self, record: str) -> int:
        """Return where a learner stands, -1 if not listed."""
        found = (at for at, row in enumerate(self.rows) if row is not None and row.record == record)
        return next(found, -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's heading."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(HEADINGS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows; how somebody was found stands back."""
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == WHY:
            return QBrush(QColor(theme.tokens().colour("muted")))
        line = self.line(index.row())
        if line is None or role != Qt.ItemDataRole.DisplayRole:
            return None
        cells = (line.name, line.sex, line.born, line.mobile, line.unit, line.why)
        return cells[index.column()]
