"""The records behind a figure: a list that Enter goes on from, and what does not count."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.tables import settle

_HEADINGS: Final = (N_("Date"), N_("Unit"), N_("Record"), N_("Sheet row"), N_("Counts"))
_KEYS: Final = ("date", "unit", "label", "sheet_row", "contribution")
WHAT: Final = 2
_NUMBERS: Final = (3, 4)
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NONE: Final = QModelIndex()
_EXCLUDED_SHOWN: Final = 5
Index = QModelIndex | QPersistentModelIndex
Record = Mapping[str, Any]


class RecordsModel(QAbstractTableModel):
    """Contributions so far; `wanted` asks for more of them, from where the list ends."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Record] = []
        self.total = 0
        self._names: Mapping[str, str] = {}
        self._asked = False

    def begin(self, rows: Sequence[Record], total: int, names: Mapping[str, str]) -> None:
        """Show the first rows of `total`; `names` are those of units by code."""
        self.beginResetModel()
        self.rows, self.total, self._names = list(rows), total, names
        self._asked = False
        self.endResetModel()

    def add(self, rows: Sequence[Record]) -> None:
        """Show the next rows."""
        self._asked = False
        if rows:
            self.beginInsertRows(_NONE, len(self.rows), len(self.rows) + len(rows) - 1)
            self.rows += rows
            self.endInsertRows()

    def canFetchMore(self, parent: Index, /) -> bool:
        """Whether the list goes on."""
        return not parent.isValid() and len(self.rows) < self.total and not self._asked

    def fetchMore(self, parent: Index, /) -> None:  # noqa: ARG002
        """Ask for the next rows; they come later."""
        self._asked = True
        self.wanted.emit(len(self.rows))

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return how many rows are there so far."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a heading."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_HEADINGS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        key = _KEYS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            value = self.rows[index.row()][key]
            if key == "unit":
                return self._names.get(str(value), str(value or ""))
            return "" if value is None else str(value)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in _NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


class RecordsList(QTableView):
    """The list; `chosen` brings the record of Enter or of a double click."""

    chosen = Signal(object)
    moved = Signal()

    def __init__(self, model: RecordsModel) -> None:
        super().__init__()
        self._records = model
        self.setModel(model)
        settle(self, _("Records of the figure"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        columns = self.horizontalHeader()
        columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        columns.setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda _index: self._choose())

    def current(self) -> Record | None:
        """The current record, None without one."""
        row = self.currentIndex().row()
        return self._records.rows[row] if 0 <= row < len(self._records.rows) else None

    def currentChanged(self, current: Index, previous: Index, /) -> None:
        """Tell that another record is current."""
        super().currentChanged(current, previous)
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter goes on to the record."""
        if event.key() in _ENTER:
            self._choose()
        else:
            super().keyPressEvent(event)

    def _choose(self) -> None:
        record = self.current()
        if record is not None:
            self.chosen.emit(record)


class RecordsPage(QWidget):
    """The list under its title; below it the current record's fields and what does not count."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.model = RecordsModel()
        self.list = RecordsList(self.model)
        self.title, self.how, self.facts, self.left_out = QLabel(), QLabel(), QLabel(), QLabel()
        self.title.setProperty("role", "heading")
        for label in (self.how, self.left_out):
            label.setProperty("role", "muted")
        for label in (self.title, self.how, self.facts, self.left_out):
            label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.title)
        column.addWidget(self.how)
        column.addWidget(self.list, 1)
        column.addWidget(self.facts)
        column.addWidget(self.left_out)
        EscFirst(self.list, self.closed.emit)
        self.list.chosen.connect(self.chosen.emit)

    def show_records(
        self, title: str, rows: Sequence[Record], total: int, names: Mapping[str, str]
    ) -> None:
        """Show the first records of a figure; the first is current."""
        self.title.setText(title)
        self.model.begin(rows, total, names)
        self.facts.clear()
        self.facts.hide()
        self.left_out.clear()
        if rows:
            self.list.setCurrentIndex(self.model.index(0, 0))
        self.list.setFocus()

    def show_excluded(self, found: Sequence[Mapping[str, Any]]) -> None:
        """Say what does not count, and why."""
        texts = [str(one["text"]) for one in found]
        words = "；".join(texts[:_EXCLUDED_SHOWN]) if texts else _("nothing")
        self.left_out.setText(render(N_("Not counted here: %(what)s"), {"what": words}))

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show the fields of a record that has no page of its own."""
        self.facts.setText(" · ".join(f"{label} {value}" for label, value in facts))
        self.facts.show()
