"""What a screen shows when there is nothing yet: a picture, a sentence, the one thing to do."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from learnsite_desktop.ui import icons, theme


class EmptyState(QWidget):
    """A picture, a sentence and at most one button, in the middle."""

    def __init__(
        self,
        icon: str,
        sentence: str,
        button: str = "",
        act: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`sentence` says why it is empty and what to do; `act` is what the button does."""
        super().__init__(parent)
        self._name = icon
        self._act = act
        self._picture = QLabel()
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        self._sentence.setProperty("role", "muted")
        self.button = QPushButton()
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self._do)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        for widget in (self._picture, self._sentence):
            widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(widget)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        theme.signals().changed.connect(self._draw)
        self._draw()
        self.show_text(sentence, button, act)

    def show_text(
        self, sentence: str, button: str = "", act: Callable[[], None] | None = None
    ) -> None:
        """Say something else; no button without its text."""
        self._act = act
        self._sentence.setText(sentence)
        self.button.setText(button)
        self.button.setVisible(bool(button))

    def say(self, sentence: str) -> None:
        """Say something else over the same button."""
        self._sentence.setText(sentence)

    def _draw(self) -> None:
        self._picture.setPixmap(icons.pixmap(self._name, icons.side() * 3, "edge"))

    def _do(self) -> None:
        if self._act is not None:
            self._act()
