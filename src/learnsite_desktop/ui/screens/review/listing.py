"""The list of what waits: rows are read as they come into sight, keys decide."""

from array import array
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.work_queue import WorkItem, WorkLine
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.models.windowed import Fetch, WindowedModel
from learnsite_desktop.ui.screens.review.words import GROUP_TONES, GROUP_WORDS
from learnsite_desktop.ui.widgets.chips import CHIP_ROLE, Chip
from learnsite_desktop.ui.widgets.tables import settle

TITLE, UNIT, GROUP = range(3)
HEADINGS: Final = (N_("What waits"), N_("Unit"), N_("Waits for"))
_UNIT_LINES: Final = 6
"""The width of the column of units in heights of a line."""
_ROOM_LINES: Final = 18
_NAMED: Final = {
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
}


class QueueModel(WindowedModel[WorkLine]):
    """Items by their place in the list that was given last."""

    def __init__(self, fetch: Fetch[WorkLine]) -> None:
        super().__init__(fetch, len(HEADINGS))

    def take(self, row: int) -> None:
        """Take one row out; the others stay as they are."""
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._order[row]
        self._pages.clear()
        self.endRemoveRows()

    def cell(self, line: WorkLine, column: int, role: int) -> Any:
        """Return what an item shows in a column."""
        group = line.item.group
        if role == CHIP_ROLE:
            return Chip(GROUP_TONES[group], _(GROUP_WORDS[group])) if column == GROUP else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{line.title}\n{line.unit}"
        if role == Qt.ItemDataRole.DisplayRole:
            return (line.title, line.unit, _(GROUP_WORDS[group]))[column]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _(HEADINGS[section])
        return None


class WorkTable(QTableView):
    """The list. `struck` brings the name of a key that may decide something, `moved` the row."""

    struck = Signal(object)
    moved = Signal()
    touched = False
    """Whether a key was pressed in the list since it was last begun anew."""

    def __init__(self, model: QueueModel) -> None:
        super().__init__()
        settle(self, _("What waits for a decision"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setModel(model)
        head = self.horizontalHeader()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        for column in (UNIT, GROUP):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        theme.signals().changed.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """Give the columns their widths in letters."""
        metrics = self.fontMetrics()
        self.setColumnWidth(UNIT, _UNIT_LINES * metrics.height())
        widest = max(metrics.horizontalAdvance(_(word)) for word in GROUP_WORDS.values())
        self.setColumnWidth(GROUP, widest + metrics.height() * 5 // 2)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Leave the unit to the page beside the list where there is no room for it."""
        super().resizeEvent(event)
        narrow = self.width() < _ROOM_LINES * self.fontMetrics().height()
        self.setColumnHidden(UNIT, narrow)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex, /) -> None:  # type: ignore[override]
        """Tell that another row is current."""
        super().currentChanged(current, previous)
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Tell letters, digits, Enter, Space, Left and Right; the others move in the list."""
        plain = event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        text = event.text().upper()
        self.touched = True
        if plain != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        elif event.key() in _NAMED:
            self.struck.emit(_NAMED[Qt.Key(event.key())])
        elif text.isascii() and text.isalnum():
            self.struck.emit(text)
        else:
            super().keyPressEvent(event)


class Listing:
    """The rows shown of a list of items: their order, their lines, the one that is current."""

    def __init__(self, read: Any) -> None:
        """`read(items)` gives the lines of a page of items."""
        self._read = read
        self._items: list[WorkItem] = []
        self.model = QueueModel(self._fetch)
        self.table = WorkTable(self.model)
        self._lines: dict[int, WorkLine] = {}

    def _fetch(self, idents: Sequence[int]) -> dict[int, WorkLine]:
        unread = [ident for ident in idents if ident not in self._lines]
        lines = self._read([self._items[ident] for ident in unread])
        self._lines.update(zip(unread, lines, strict=True))
        return {ident: self._lines[ident] for ident in idents}

    def show(self, items: Sequence[WorkItem], keep: str = "") -> None:
        """Show items; the one of key `keep` is current, else the one at the same place.

        As long as nobody has pressed a key it is the first: what is most urgent comes late.
        """
        row, current = self.table.currentIndex().row(), self.current()
        wanted = keep or (current.key if current is not None else "")
        self._items, self._lines = list(items), {}
        self.model.begin(array("q", range(len(items))))
        found = next((at for at, one in enumerate(self._items) if one.key == wanted), -1)
        if not keep and not self.table.touched:
            found = 0
        self.go(found if found >= 0 else max(row, 0))

    def go(self, row: int) -> None:
        """Make a row current, the last if there are fewer."""
        index = self.model.index(min(row, self.model.rowCount() - 1), 0)
        if index.isValid():
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)

    def current(self) -> WorkItem | None:
        """Return the current item, None without one."""
        return self._at(self.table.currentIndex().row())

    def _at(self, row: int) -> WorkItem | None:
        if not 0 <= row < self.model.rowCount():
            return None
        return self._items[self.model.ident_at(row)]

    def take(self, item: WorkItem) -> None:
        """Take the current item out and go on to the next one."""
        row = self.table.currentIndex().row()
        if self._at(row) is item:
            self.model.take(row)
            self.go(row)

    def step(self) -> None:
        """Go to the next row, from the last one to the first."""
        total = self.model.rowCount()
        if total:
            self.go((self.table.currentIndex().row() + 1) % total)

    def step_to(self, groups: Sequence[str]) -> bool:
        """Go to the next row of some groups, round and round; False if there is none."""
        total, row = self.model.rowCount(), self.table.currentIndex().row()
        for step in range(1, total + 1):
            item = self._at((row + step) % total)
            if item is not None and item.group in groups:
                self.go((row + step) % total)
                return True
        return False
