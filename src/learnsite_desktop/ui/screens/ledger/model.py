"""The ledger's rows, as Qt's views want them."""

from typing import Any, Final

from PySide6.QtCore import Qt, Signal

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.session_list import Line
from learnsite_desktop.ui.models.windowed import Fetch, Index, WindowedModel
from learnsite_desktop.ui.screens.ledger.columns import COLUMNS
from learnsite_desktop.ui.widgets.chips import CHIP_ROLE, Chip

_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TONES: Final = {"planned": "note", "held": "ok", "cancelled": "draft"}


class LedgerModel(WindowedModel[Line]):
    """Sessions; sorting is asked for, not done here."""

    order_wanted = Signal(object)
    """(column number, whether descending)."""

    def __init__(self, fetch: Fetch[Line]) -> None:
        super().__init__(fetch, len(COLUMNS))

    def cell(self, line: Line, column: int, role: int) -> Any:
        """Return what a line shows in a column."""
        spec = COLUMNS[column]
        if role == CHIP_ROLE:
            return self._chip(line, spec.name)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            chip = self._chip(line, spec.name)
            return chip.text if chip is not None else spec.text(line)
        if role == Qt.ItemDataRole.ToolTipRole:
            return spec.text(line)
        if role == Qt.ItemDataRole.TextAlignmentRole and spec.number:
            return _RIGHT
        return None

    def _chip(self, line: Line, name: str) -> Chip | None:
        if name == "state":
            return Chip(line.state) if line.state != "final" else None
        if name == "status":
            return Chip(_TONES.get(line.row.status, "draft"), COLUMNS[3].text(line))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that some columns can be written."""
        found = super().flags(index)
        if index.isValid() and COLUMNS[index.column()].read is not None:
            found |= Qt.ItemFlag.ItemIsEditable
        return found

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _(COLUMNS[section].heading)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask for another order."""
        if 0 <= column < len(COLUMNS) and COLUMNS[column].order:
            self.order_wanted.emit((column, order == Qt.SortOrder.DescendingOrder))
