"""The grid of the ledger: cells are chosen, copied, pasted into and written in place."""

from datetime import date
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.screens.ledger.columns import COLUMNS, text_of, word
from learnsite_desktop.ui.widgets.chips import ChipDelegate
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.tables import settle

Index = QModelIndex | QPersistentModelIndex
UNIT: Final = len(COLUMNS) - 1
"""The column of the unit: the last, so that blocks of cells are the same at every tier."""


class CellDelegate(ChipDelegate):
    """Editors for the columns that can be written; `written` brings (row, column, text)."""

    written = Signal(object)

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,  # noqa: ARG002
        index: Index,
        /,
    ) -> QWidget:
        """Return a line, for the status with its list."""
        name = _(COLUMNS[index.column()].heading)
        if COLUMNS[index.column()].name == "status":
            codes = shipped_codes().codes("session_status")
            return CodeChoice(
                name, [Option(code, word("session_status", code)) for code in codes], parent
            )
        line = QLineEdit(parent)
        line.setAccessibleName(name)
        return line

    def setEditorData(self, editor: QWidget, index: Index, /) -> None:
        """Show what stands in the cell, ready to be typed over; once, then it is the clerk's."""
        if isinstance(editor, QLineEdit) and not editor.property("begun"):
            editor.setProperty("begun", True)
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index, /) -> None:  # noqa: ARG002
        """Tell what was typed, if it differs."""
        if isinstance(editor, QLineEdit):
            text = editor.text()
            if text != str(index.data(Qt.ItemDataRole.EditRole) or ""):
                self.written.emit((index.row(), index.column(), text))


class Grid(QTableView):
    """A table of cells; typing or F3 writes into one, Enter opens the row."""

    def __init__(self, model: QAbstractItemModel) -> None:
        super().__init__()
        settle(self, _("Sessions: Enter opens the roll call, F3 writes into a cell"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.cells = CellDelegate(self)
        self.setItemDelegate(self.cells)
        self.setModel(model)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        theme.signals().changed.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """Give the columns their widths in letters."""
        metrics = self.fontMetrics()
        letter, margin = metrics.averageCharWidth(), 2 * metrics.height()
        for number, column in enumerate(COLUMNS):
            heading = metrics.horizontalAdvance(_(column.heading)) + margin
            self.setColumnWidth(number, max(column.width * letter, heading))

    def show_units(self, *, shown: bool) -> None:
        """Say first of each session whose it is, or not at all where all are of one unit."""
        self.setColumnHidden(UNIT, not shown)
        head = self.horizontalHeader()
        head.moveSection(head.visualIndex(UNIT), 0 if shown else UNIT)

    @property
    def writing(self) -> bool:
        """Whether a cell is being written in."""
        return self.state() == QAbstractItemView.State.EditingState

    def write_here(self) -> None:
        """Open the editor of the current cell, or of the next one that can be written."""
        here = self.currentIndex()
        if not here.isValid():
            return
        for column in range(0 if here.column() == UNIT else here.column(), UNIT):
            if COLUMNS[column].read is not None:
                index = here.siblingAtColumn(column)
                self.setCurrentIndex(index)
                self.edit(index)
                return

    def copy(self) -> None:
        """Put the chosen cells on the clipboard, as spreadsheets take them."""
        chosen = sorted(
            (index.row(), index.column())
            for index in self.selectedIndexes()
            if not self.isColumnHidden(index.column())
        )
        rows: dict[int, list[str]] = {}
        for row, column in chosen:
            index = self.model().index(row, column)
            rows.setdefault(row, []).append(str(index.data() or ""))
        if rows:
            QGuiApplication.clipboard().setText(text_of(rows.values()))

    def corner(self) -> tuple[int, int]:
        """Return the upper left cell that is chosen, (-1, -1) without any."""
        chosen = self.selectedIndexes() or [self.currentIndex()]
        return min(((one.row(), one.column()) for one in chosen), default=(-1, -1))


def read_cell(column: int, text: str, today: date) -> dict[str, Any] | None:
    """Return the fields that a text typed into a column means, None if it is not understood."""
    read = COLUMNS[column].read
    return read(text, today) if read is not None else None
