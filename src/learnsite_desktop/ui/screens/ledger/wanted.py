"""What a correction still needs: the reasons of its warnings, or why it is made after receipt."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui.widgets.enter import EnterMovesOn
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.issue_list import IssueList


class Wanted(QFrame):
    """A card below the grid; `answered` when Enter or Ctrl+S says go on, `dropped` on Esc."""

    answered = Signal()
    dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        EscFirst(self, self.shut)
        self.issues = IssueList()
        self._text = QLabel(_("The unit above has received this. Write why it is corrected."))
        self._text.setWordWrap(True)
        self.why = TextField(_("Why it is corrected"))
        self.enter = EnterMovesOn(self)
        self.enter.finished.connect(self.answered.emit)
        going, leaving = QPushButton(_("Save (Ctrl+S)")), QPushButton(_("Close (Esc)"))
        going.clicked.connect(self.answered.emit)
        leaving.clicked.connect(self.shut)
        buttons = QHBoxLayout()
        buttons.addWidget(going)
        buttons.addWidget(leaving)
        buttons.addStretch(1)
        for button in (going, leaving):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        for widget in (self._text, self.why, self.issues):
            column.addWidget(widget)
        column.addLayout(buttons)
        self.hide()

    def ask_why(self) -> None:
        """Ask for the reason of a correction after receipt."""
        self._open(why=True, issues=())
        self.why.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_reasons(self, issues: Sequence[Issue], *, why: bool) -> None:
        """Show what the rules found, with lines for the reasons of warnings."""
        self._open(why=why, issues=issues)
        self.issues.focus_reason()

    def _open(self, *, why: bool, issues: Sequence[Issue]) -> None:
        self.why.setVisible(why)
        self._text.setVisible(why)
        self.issues.show_issues(issues)
        self.show()

    def shut(self) -> None:
        """Close the card; the correction is dropped."""
        if not self.isHidden():
            self.close_quietly()
            self.dropped.emit()

    def close_quietly(self) -> None:
        """Close the card after all was answered."""
        self.why.set_value("")
        self.issues.show_issues(())
        self.hide()
