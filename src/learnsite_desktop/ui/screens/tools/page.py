"""What a tool is to the tools screen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.flow import FlowLayout


class Page(QWidget):
    """A title, the tool, its deeds below. Esc goes back to the tools."""

    closed = Signal()

    def __init__(self, desk: Desk, title: str) -> None:
        super().__init__()
        self.desk = desk
        EscFirst(self, self.closed.emit)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        self.line = QLabel()
        self.line.setWordWrap(True)
        self.line.setProperty("role", "muted")
        self.deeds: dict[str, QPushButton] = {}
        self._buttons = QWidget()
        self._below = FlowLayout(self._buttons)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(heading)

    def end_with(self, deeds: dict[str, tuple[str, str]]) -> None:
        """Put the line of words and the buttons under everything: key → (text, icon)."""
        self.column.addWidget(self.line)
        for keys, (text, icon) in deeds.items():
            button = QPushButton(f"{text} {keys}")
            icons.tint(button, icon)
            self.deeds[keys] = button
            self._below.addWidget(button)
        back = QPushButton(_("To the tools (Esc)"))
        back.clicked.connect(self.closed)
        self._below.addWidget(back)
        self.column.addWidget(self._buttons)

    def open(self) -> None:
        """Begin: the focus goes where the work begins."""

    def finish(self) -> None:
        """Ctrl+S."""

    def search(self) -> None:
        """Ctrl+F."""

    def print_page(self) -> None:
        """Ctrl+P."""

    def next_problem(self) -> bool:
        """F8."""
        return False

    def refresh(self, changes: ChangeSet) -> None:
        """Something was written."""
