"""What stands around the screens in the window: put in once the empty frame is shown."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.feedback import Feedback
from learnsite_desktop.ui.line_undo import LineUndo
from learnsite_desktop.ui.navigation import entries_for
from learnsite_desktop.ui.widgets.nav_list import NavItem, NavList


class Furniture:
    """The parts, laid out in the window.

    `places` has the frame with everything first, and a page that stands in for all of it;
    `stack` holds the screens.
    """

    def __init__(self, window: QMainWindow) -> None:
        icons.tint(window, "roll-call", "accent")
        LineUndo(window)
        self.nav, self.feedback = NavList(), Feedback()
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.stack, self.places = QStackedWidget(), QStackedWidget()
        self.above, self.below = QVBoxLayout(), QVBoxLayout()
        column = QVBoxLayout()
        column.setContentsMargins(12, 8, 12, 4)
        column.addLayout(self.above)
        column.addWidget(self.title)
        column.addWidget(self.feedback)
        column.addWidget(self.stack, 1)
        column.addLayout(self.below)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.nav)
        row.addLayout(column, 1)
        self.places.addWidget(whole)
        window.setCentralWidget(self.places)


def nav_items(tier: str) -> list[NavItem]:
    """Return the list of screens that a tier's desk has."""
    return [
        NavItem(entry.name, _(entry.label), entry.icon, f"Alt+{number}" * (number < 10))
        for number, entry in enumerate(entries_for(tier), start=1)
    ]
