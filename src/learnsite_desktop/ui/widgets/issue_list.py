"""What keeps a record from being saved: each finding, and a line for the reason of a warning."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from learnsite_desktop.domain.issue_words import Severity
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui.desk import issue_text


class IssueList(QFrame):
    """Shows blocking findings; `reasons` are what was written about the warnings among them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._reasons: dict[str, QLineEdit] = {}
        self.hide()

    def show_issues(self, issues: Sequence[Issue]) -> None:
        """Show the blocking ones of `issues`; nothing is shown when there is none."""
        while self._column.count():
            self._column.takeAt(0).widget().deleteLater()
        self._reasons.clear()
        blocking = {(issue.code, issue_text(issue)): issue for issue in issues if issue.blocking}
        self.setProperty("tone", "warning")
        for issue in blocking.values():
            label = QLabel(issue_text(issue))
            label.setWordWrap(True)
            self._column.addWidget(label)
            if issue.severity is Severity.WARNING and issue.code not in self._reasons:
                line = QLineEdit()
                line.setAccessibleName(_("Reason"))
                line.setPlaceholderText(_("Why it is right all the same; then Ctrl+S"))
                self._reasons[issue.code] = line
                self._column.addWidget(line)
        self.setVisible(bool(blocking))

    def reasons(self) -> dict[str, str]:
        """Return rule code → written reason, blank ones left out."""
        found = {code: line.text().strip() for code, line in self._reasons.items()}
        return {code: text for code, text in found.items() if text}

    def focus_reason(self) -> bool:
        """Put the focus on the first reason that is still empty; False when there is none."""
        for line in self._reasons.values():
            if not line.text().strip():
                line.setFocus()
                return True
        return False
