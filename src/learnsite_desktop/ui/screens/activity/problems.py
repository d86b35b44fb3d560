"""What keeps an activity from being saved, shown where it can be put right."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QVBoxLayout, QWidget

from learnsite_desktop.domain.issue_words import Severity
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui.desk import issue_text
from learnsite_desktop.ui.screens.activity.fields import FieldsPanel
from learnsite_desktop.ui.screens.activity.lessons import LessonsPanel
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.form import FieldForm
from learnsite_desktop.ui.widgets.issue_list import IssueList

_OF_ACTIVITY: Final = {"site": "site", "planned_sessions": "count", "term": "first"}
_OF_SESSION: Final = {
    "date": "first", "time": "start", "start": "start", "end": "end", "venue": "venue",
    "teachers": "teachers",
}  # fmt: skip
_OF_KIND: Final = {"staff": "teachers", "venue": "venue", "site": "site"}


class Why(QFrame):
    """Asks why something is corrected that the unit above has; hidden until it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        text = QLabel(_("The unit above has received this. Write why it is corrected."))
        text.setWordWrap(True)
        self.line = TextField(_("Why it is corrected"))
        column = QVBoxLayout(self)
        column.addWidget(text)
        column.addWidget(self.line)
        self.hide()

    def ask(self) -> None:
        """Show the line and go there."""
        self.show()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Forget the reason; nobody asks."""
        self.line.set_value("")
        self.hide()


class Problems:
    """The findings of the last attempt to save: at their fields, and in a list with reasons."""

    def __init__(self, panels: Sequence[FieldsPanel], lessons: LessonsPanel) -> None:
        self._panels, self._lessons = panels, lessons
        self._issues: list[Issue] = []
        self.list = IssueList()
        self.why = Why()

    def clear(self) -> None:
        """Forget the findings; the fields are cleared by showing them anew."""
        self._issues = []
        self.why.clear()
        self.list.show_issues([])

    def show(self, issues: Sequence[Issue]) -> None:
        """Show what blocks, and go to the first of it."""
        self._issues = [issue for issue in issues if issue.blocking]
        told: list[Issue] = []
        for issue in self._issues:
            place = self._place_of(issue)
            if place is None or issue.severity is Severity.WARNING:
                told.append(issue)
            if place is not None:
                form, widget = place
                form.problem(widget, issue_text(issue), issue.severity.value)
        self.list.show_issues(told)
        self.go_to_next()

    def _place_of(self, issue: Issue) -> tuple[FieldForm, QWidget] | None:
        name = issue.field.partition(".")[0]
        own = _OF_KIND.get(issue.kind, "")
        if issue.kind == "activity":
            for panel in self._panels:
                if name in panel.editors:
                    return panel.form, panel.editors[name]
            own = _OF_ACTIVITY.get(name, "")
        elif issue.kind == "session":
            own = _OF_SESSION.get(name, "")
        return (self._lessons.form, getattr(self._lessons, own)) if own else None

    def go_to_next(self) -> bool:
        """Go to the next field with a problem, then to the next reason wanted."""
        wrong = [widget for panel in self._panels for widget in panel.form.problems()]
        focus = QApplication.focusWidget()
        inside = [one is focus or bool(focus and one.isAncestorOf(focus)) for one in wrong]
        place = inside.index(True) + 1 if True in inside else 0
        if place >= len(wrong) and self.list.focus_reason():
            return True
        if not wrong and not self.why.isHidden() and not self.why.line.value():
            self.why.ask()
            return True
        if wrong:
            wrong[place % len(wrong)].setFocus(Qt.FocusReason.TabFocusReason)
        return bool(wrong)

    def answered(self) -> bool:
        """Tell whether a reason was written."""
        return bool(self.list.reasons() or self.why.line.value())

    def reasons(self) -> dict[str, str]:
        """Return the reasons written, each for the kinds of record that asked for it."""
        written = self.list.reasons()
        return {
            f"{issue.kind}:{issue.code}": written[issue.code]
            for issue in self._issues
            if issue.code in written
        }
