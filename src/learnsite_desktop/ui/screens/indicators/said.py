"""A figure in words below the table: its value, its parts, its target."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.figure_views.table import Row
from learnsite_desktop.services.silence import MARK
from learnsite_desktop.ui.screens.indicators.presenter import Detail


class Said(QWidget):
    """Three lines, each only where there is something to say; how it is counted as a tip."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.parts, self.target = QLabel(), QLabel(), QLabel()
        self.title.setProperty("role", "heading")
        self.parts.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for label in (self.title, self.parts, self.target):
            label.setWordWrap(True)
            column.addWidget(label)

    def say(self, found: Detail) -> None:
        """Say what a figure is."""
        texts = (found.title, found.parts, found.target)
        for label, text in zip((self.title, self.parts, self.target), texts, strict=True):
            label.setText(text)
            label.setVisible(bool(text))
        self.setToolTip(found.basis)
        self.target.setProperty("tone", found.tone)
        self.target.style().unpolish(self.target)
        self.target.style().polish(self.target)

    def say_unit(self, row: Row | None, *, below: bool, lacking: str = "") -> None:
        """Say what can be done with a unit's name, and what is `lacking` of its reports."""
        hint = _("Go to a figure with the right arrow; Enter shows its records.")
        if below:
            hint = _("Enter shows the units below; right arrow: its figures.")
        name = row.name if row else ""
        title = f"{name} · {MARK} {lacking}" if lacking else name
        self.say(Detail(title, hint if row else "", "", ""))
