"""A row of widgets that goes on in the next line where there is no more room."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Lays widgets out like words; hidden ones take no room."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 4) -> None:
        """`gap` is the distance between two widgets, in pixels."""
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem, /) -> None:
        """Take an item, the last so far."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int, /) -> QLayoutItem | None:
        """Return an item, None outside."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int, /) -> QLayoutItem | None:  # type: ignore[override]
        """Give an item away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Take no more than what is needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int, /) -> int:
        """Return how high the lines are together."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, place: QRect, /) -> None:
        """Put every widget where it belongs."""
        super().setGeometry(place)
        self._place(place, move=True)

    def sizeHint(self) -> QSize:
        """Return the room of the widest widget."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the room of the widest widget."""
        found = QSize()
        for item in self._shown():
            found = found.expandedTo(item.sizeHint())
        return found

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, area: QRect, *, move: bool) -> int:
        left, top, line = area.x(), area.y(), 0
        for item in self._shown():
            size = item.sizeHint()
            if line and left + size.width() > area.right() + 1:
                left, top, line = area.x(), top + line + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(left, top), size))
            left += size.width() + self._gap
            line = max(line, size.height())
        return top + line - area.y()
