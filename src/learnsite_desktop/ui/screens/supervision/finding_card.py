"""The card of a finding: what is asked, the answer; the second look, or the answer itself."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.supervision.findings import Finding
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.form import FieldForm


class FindingCard(Card):
    """Above: mended or not. At the unit itself: how it was mended."""

    passed = Signal()
    failed = Signal()
    answered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finding: Finding | None = None
        self._facts = QLabel()
        self._facts.setWordWrap(True)
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self.text = TextField(_("In words"))
        self.form = FieldForm()
        self.form.add(_("In words"), self.text)
        self.body.addWidget(self._facts)
        self.body.addWidget(self.form)
        self.yes = self.add_button(QPushButton())
        self.yes.setProperty("role", "primary")
        self.yes.clicked.connect(self.do)
        self.no = self.add_button(QPushButton(_("Not mended yet (F4)")))
        self.no.clicked.connect(self.failed)
        self.add_button(QPushButton(_("Close (Esc)"))).clicked.connect(self.shut)
        self._own = False

    def begin(self, finding: Finding, unit_name: str, *, own: bool) -> None:
        """Show a finding; `own`: it is this unit's to answer."""
        self.finding, self._own = finding, own
        self.title.setText(f"{unit_name} · {finding.question}")
        lines = [
            (_("Found: %(what)s"), finding.text or "–"),
            (_("To be mended by %(what)s"), finding.due or "–"),
            (_("Answer: %(what)s"), f"{finding.answered} {finding.answer}".strip() or "–"),
            (_("Clause %(what)s"), finding.clause or "–"),
        ]
        self._facts.setText("\n".join(render(text, {"what": what}) for text, what in lines))
        self.yes.setText(_("It is mended: hand in (Ctrl+S)") if own else _("Mended (Ctrl+S)"))
        self.no.setVisible(not own)
        self.text.set_value(finding.answer if own else "")
        self.form.problem(self.text, "")
        self.show()
        (self.text if own else self.yes).setFocus(Qt.FocusReason.OtherFocusReason)

    def do(self) -> None:
        """Ctrl+S: mended, whoever says so."""
        if not self._own:
            self.passed.emit()
            return
        if self.words():
            self.answered.emit()

    def words(self) -> str:
        """Return what was written; where it is needed, say so under the field."""
        self.text.commit()
        text = self.text.value()
        if not text:
            self.form.problem(self.text, _("Write how, in a word or two."))
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        return text
