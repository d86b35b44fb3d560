"""The tree as a view shows it: one row a unit, its computer's state as a chip."""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QStandardItem, QStandardItemModel

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.unit_board import Board, UnitLine
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.screens.units import presenter
from learnsite_desktop.ui.widgets.chips import CHIP_ROLE, Chip

CODE: Final = Qt.ItemDataRole.UserRole + 1
_ROW_LINES: Final = 1.6
"""The height of a row in heights of a line of text: a chip needs as much."""


def headings() -> list[str]:
    """Return the headings of the columns."""
    return [_("Unit"), _("Kind"), _("Last file"), _("Computer")]


class TreeModel(QStandardItemModel):
    """The units of a board, or those that a search finds with what lies above them."""

    def show_board(self, board: Board, typed: str) -> None:
        """Show units; the code of each stands under the role `CODE` in the first column."""
        shown = presenter.matching(board, typed)
        self.clear()
        self.setHorizontalHeaderLabels(headings())
        items: dict[str, QStandardItem] = {}
        root = self.invisibleRootItem()
        for line in board.lines:
            row = line.row
            if (shown is not None and row.code not in shown) or line.depth < board.top:
                continue
            cells = _cells(line, typed)
            items[row.code] = cells[0]
            items.get(row.parent, root).appendRow(cells)

    def index_of(self, code: str) -> QModelIndex:
        """Return where a unit stands, no index if it is not shown."""
        return next((index for index in self.indexes() if index.data(CODE) == code), QModelIndex())

    def indexes(self, above: QModelIndex | None = None) -> Iterator[QModelIndex]:
        """Yield the first column of every row, from top to bottom."""
        parent = above or QModelIndex()
        for row in range(self.rowCount(parent)):
            index = self.index(row, 0, parent)
            yield index
            yield from self.indexes(index)


def _cells(line: UnitLine, typed: str) -> list[QStandardItem]:
    row = line.row
    texts = (
        presenter.name_in_tree(row, typed),
        presenter.kind_word(row.kind),
        line.heard_at[:10],
        presenter.state(line)[1],
    )
    cells = [QStandardItem(text) for text in texts]
    cells[0].setData(row.code, CODE)
    height = QFontMetrics(theme.font_of(theme.points())).height()
    cells[0].setSizeHint(QSize(0, round(height * _ROW_LINES)))
    status, word = presenter.state(line)
    if word:
        cells[-1].setData(Chip(status, word), CHIP_ROLE)
    for cell in cells:
        cell.setEditable(False)
        if line.ended:
            cell.setForeground(QBrush(QColor(theme.tokens().colour("muted"))))
    return cells
