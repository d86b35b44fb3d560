"""A card that asks why, before something is cancelled, deleted or reported as nothing."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.form import FieldForm


class ReasonCard(Card):
    """Asks for a reason; Enter goes on with it, Esc lets it be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._deed: Callable[[str], None] | None = None
        self._why = TextField(_("Reason"))
        self._form = FieldForm()
        self._form.add(_("Reason"), self._why)
        self._form.enter.finished.connect(self.go_on)
        self.body.addWidget(self._form)
        self._yes = self.add_button(QPushButton())
        self._yes.clicked.connect(self.go_on)
        self.add_button(QPushButton(_("Let it be (Esc)"))).clicked.connect(self.shut)

    def ask(self, question: str, yes: str, deed: Callable[[str], None], *, hint: str = "") -> None:
        """Show a question; `deed` gets the reason once there is one. `hint` is an example."""
        self._deed = deed
        self.title.setText(question)
        self._yes.setText(yes)
        self._why.set_value("")
        self._why.setPlaceholderText(hint)
        self._form.problem(self._why, "")
        self.show()
        self._why.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self) -> None:
        """Go on once there is a reason."""
        self._why.commit()
        why, deed = self._why.value(), self._deed
        if not why:
            self._form.problem(self._why, _("Write why, in a word or two."))
            self._why.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.shut()
        if deed is not None:
            deed(why)
