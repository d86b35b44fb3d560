"""What was not simply taken: files that were refused, and questions that want one reason."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui.screens.evidence.presenter import Given, Question, Told
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.form import FieldForm
from learnsite_desktop.ui.widgets.scrolled import scrolled

_LINES: Final = 7
"""How many lines are seen without scrolling."""


@dataclass(frozen=True, slots=True)
class Reasoned:
    """Files to take after all: for which record, and why, by the code of each question."""

    record: str
    given: tuple[Given, ...]
    reasons: dict[str, str]


class Answers(QFrame):
    """A card: what was refused, what is asked, one line for the reason; Esc lets it be."""

    answered = Signal(object)
    """A `Reasoned`."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("tone", "warning")
        EscFirst(self, self.shut)
        self._record = ""
        self._questions: tuple[Question, ...] = ()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._area = scrolled(self._text)
        self._area.setSizeAdjustPolicy(self._area.SizeAdjustPolicy.AdjustToContents)
        self._why = TextField(_("Reason"), placeholder=_("For example: two classes, one photo"))
        self._form = FieldForm()
        self._form.add(_("Why they are right all the same"), self._why)
        self._form.enter.finished.connect(self._answer)
        self._yes, self._no = QPushButton(_("Take them (Enter)")), QPushButton()
        self._yes.clicked.connect(self._answer)
        self._no.clicked.connect(self.shut)
        buttons = QHBoxLayout()
        buttons.addWidget(self._yes)
        buttons.addWidget(self._no)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self._area)
        column.addWidget(self._form)
        column.addLayout(buttons)
        self.hide()

    def show_told(self, record: str, told: Told) -> None:
        """Show what became of files for a record; nothing to tell hides the card."""
        self._record, self._questions = record, told.questions
        lines = [*told.refused, *(question.text for question in told.questions)]
        self._text.setText("\n".join(lines))
        asked = bool(told.questions)
        for widget in (self._form, self._yes):
            widget.setVisible(asked)
        self._no.setText(_("Leave them out (Esc)") if asked else _("Close (Esc)"))
        self._why.set_value("")
        self._form.problem(self._why, "")
        self._area.setMaximumHeight(self.fontMetrics().height() * _LINES)
        self.setVisible(bool(lines))
        if lines:
            (self._why if asked else self._no).setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self) -> None:
        self._why.commit()
        why = self._why.value()
        if not why:
            self._form.problem(self._why, _("Write why, in a word or two."))
            self._why.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        codes = {code for question in self._questions for code in question.codes}
        given = tuple(question.given for question in self._questions)
        self.shut()
        self.answered.emit(Reasoned(self._record, given, dict.fromkeys(codes, why)))

    def shut(self) -> None:
        """Close the card."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()
