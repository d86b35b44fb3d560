"""Pages of the screen of reports: a look before writing, what was written, registered tables."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.screens.reports.presenter import Row
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.row_list import RowList

Deed = Callable[[], object]


class Page(QWidget):
    """A heading, something to read, a list, buttons; Esc goes back."""

    closed = Signal()

    def __init__(self, rows: RowList[Row]) -> None:
        super().__init__()
        self.title, self.about = QLabel(), QLabel()
        self.title.setProperty("role", "heading")
        for label in (self.title, self.about):
            label.setWordWrap(True)
        self.rows = rows
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.title)
        self._column.addWidget(self.about)
        self._column.addWidget(rows, 1)
        self._column.addLayout(self.buttons)
        EscFirst(self, self.closed.emit)

    def add_button(self, text: str, icon: str, deed: Deed, *, primary: bool = False) -> QPushButton:
        """Add a button in the line below the list."""
        button = QPushButton(text)
        button.setAutoDefault(True)
        if primary:
            button.setProperty("role", "primary")
        icons.tint(button, icon, "on_accent" if primary else "text")
        button.clicked.connect(lambda *_: deed())
        self.buttons.insertWidget(self.buttons.count() - 1, button)
        return button

    def say(self, title: str, about: str = "") -> None:
        """Set the heading and what stands under it."""
        self.title.setText(title)
        self.about.setText(about)
        self.about.setVisible(bool(about))

    def focus(self) -> None:
        """Put the focus into the list."""
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)


class LookPage(Page):
    """What a report would hold: lines with last year's value, then what is empty and why."""

    def __init__(self) -> None:
        heads = (
            _("Line"),
            _("this period"),
            _("a year before"),
            _("difference"),
            _("why empty"),
            "",
        )
        super().__init__(RowList(_("What the report would hold"), heads, wide=(0, 4)))


class NumberPage(Page):
    """The numbers of a written report; typing one finds it, Enter goes to its records."""

    wanted = Signal(object)
    """The text that was typed."""

    def __init__(self) -> None:
        heads = (
            *(_("Cell"), _("Printed number"), _("What it is")),
            *(_("Unit"), _("Period"), ""),
        )
        super().__init__(RowList(_("Numbers of the report"), heads, wide=(2, 3)))
        self.field = QLineEdit()
        self.field.setAccessibleName(_("Number that is asked about"))
        self.field.setPlaceholderText(_("Type the number that is asked about, such as 3,214"))
        self.field.textEdited.connect(self.wanted.emit)
        self.field.returnPressed.connect(self.focus)
        self._column.insertWidget(2, self.field)
