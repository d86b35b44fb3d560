"""A table of any length: it holds the order of all rows as idents, and the rows of a few pages.

The first window is shown at once; the whole order comes later and takes its place without moving
what is on the screen.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

PAGE: Final = 64
PAGES_KEPT: Final = 48
T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[Sequence[int]], Mapping[int, T]]


class WindowedModel(QAbstractTableModel, Generic[T]):
    """Rows by ident; `fetch` reads those of a page. What cells show is a subclass's business."""

    def __init__(self, fetch: Fetch[T], width: int) -> None:
        """`width` is the number of columns."""
        super().__init__()
        self._fetch, self._width = fetch, width
        self._order = array("q")
        self._pages: OrderedDict[int, Mapping[int, T]] = OrderedDict()

    def begin(self, order: Iterable[int]) -> None:
        """Show rows in a new order, perhaps the first of them only."""
        self.beginResetModel()
        self._order = order if isinstance(order, array) else array("q", order)
        self._pages.clear()
        self.endResetModel()

    def complete(self, order: "array[int]") -> None:
        """Take the whole order of which `begin` showed the first rows; nothing shown moves."""
        shown = len(self._order)
        if order[:shown] != self._order:
            self.begin(order)
        elif len(order) > shown:
            self.beginInsertRows(QModelIndex(), shown, len(order) - 1)
            self._order = order
            self.endInsertRows()

    def has_order(self, order: "array[int]") -> bool:
        """Tell whether the rows stand in this order now."""
        return order == self._order

    def renew(self) -> None:
        """Read what is shown again; the order stays."""
        self._pages.clear()
        if self._order:
            last = self.index(len(self._order) - 1, self._width - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def line(self, row: int) -> T | None:
        """Return what is known of a row, None if it is gone."""
        if not 0 <= row < len(self._order):
            return None
        page = row // PAGE
        held = self._pages.get(page)
        if held is None:
            held = self._fetch(self._order[page * PAGE : (page + 1) * PAGE])
            self._pages[page] = held
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(page)
        return held.get(self._order[row])

    def row_of(self, ident: int) -> int:
        """Return where an ident stands, -1 if it is not listed."""
        try:
            return self._order.index(ident)
        except ValueError:
            return -1

    def ident_at(self, row: int) -> int:
        """Return the ident of a row, 0 outside the list."""
        return self._order[row] if 0 <= row < len(self._order) else 0

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return how many rows are known so far."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else self._width

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        line = self.line(index.row())
        return None if line is None else self.cell(line, index.column(), role)

    def cell(self, line: T, column: int, role: int) -> Any:
        """Return what a line shows in a column under a role."""
        raise NotImplementedError
