"""A label that gives way: what does not fit ends in dots, and the whole stands in its tool tip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

_LEAST = 4
"""How many letters it keeps at least."""


class Elided(QLabel):
    """One line of text that may be narrower than its text; `text()` is always the whole of it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("elides", True)

    def minimumSizeHint(self) -> QSize:
        """A few letters wide; nothing without text."""
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance("学") * min(_LEAST, len(self.text()))
        return QSize(width, metrics.height())

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint as much as fits."""
        place = self.contentsRect()
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, place.width()
        )
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            place,
            self.alignment().value,
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )
        if shown != self.text() and not self.toolTip():
            self.setToolTip(self.text())
