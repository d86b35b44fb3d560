"""A card inside a screen: opened for one thing, closed by Esc, before the window hears of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.flow import FlowLayout


class Card(QFrame):
    """A frame with a heading, room for content, and buttons; hidden until it is needed.

    `closed` tells that it is gone, whatever was decided in it.
    """

    closed = Signal()
    opening = Signal()
    """It is shown in a moment: what has to make room for it goes before, so nothing grows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        self.body = QVBoxLayout()
        self._buttons = FlowLayout(gap=6)
        column = QVBoxLayout(self)
        column.addWidget(self.title)
        column.addLayout(self.body)
        column.addLayout(self._buttons)
        EscFirst(self, self.shut)
        self.hide()

    def add_button(self, button: QPushButton) -> QPushButton:
        """Add a button in the line at the bottom; Enter presses it while it has the focus."""
        button.setAutoDefault(True)
        self._buttons.addWidget(button)
        return button

    def setVisible(self, visible: bool, /) -> None:  # noqa: FBT001 - Qt's own
        """Tell before it is shown."""
        if visible and self.isHidden():
            self.opening.emit()
        super().setVisible(visible)

    def shut(self) -> None:
        """Close the card; what was not saved is dropped."""
        self.hide()
        self.closed.emit()
