"""Cards of the review: sending a field back, and another value for a conflict."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from learnsite_desktop.domain.fields import REASONS
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.returns import WHOLE_RECORD
from learnsite_desktop.services.titles import field_label
from learnsite_desktop.services.work_queue import WorkItem
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.forms.correction import Editor, can_correct, editor_of, value_in
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.fields import LineField, TextField
from learnsite_desktop.ui.widgets.form import FieldForm

_ROWS: Final = "rows"


def returnable(kind_name: str) -> list[str]:
    """Return the fields that can be sent back: the whole record, the roll call, then the facts."""
    kind = KINDS[kind_name]
    facts = [
        field.name
        for register in kind.registers
        if register.layer == "fact" and not register.computed and register.key != REASONS
        for field in register.fields
    ]
    rolls = [_ROWS] if kind.maps else []
    return [WHOLE_RECORD, *rolls, *facts]


class ReturnCard(Card):
    """Which field goes back, why, and what is asked: arrows choose, Enter goes on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._deed: Callable[[str, str, str], None] | None = None
        self.form = FieldForm()
        self.field = QComboBox()
        self.field.setAccessibleName(_("Field to send back"))
        options = [
            Option(code, shipped_codes().label("return_reason", code, language()))
            for code in shipped_codes().codes("return_reason")
        ]
        self.reason = CodeChoice(_("Reason"), options)
        self.text = TextField(_("What is asked"))
        self.form.add(_("Field to send back"), self.field)
        self.form.add(_("Reason"), self.reason)
        self.form.add(_("What is asked"), self.text)
        self.form.enter.finished.connect(self.send)
        self.body.addWidget(self.form)
        self.add_button(QPushButton(_("Send back (Enter)"))).clicked.connect(self.send)
        self.add_button(QPushButton(_("Let it be (Esc)"))).clicked.connect(self.shut)

    def ask(self, item: WorkItem, title: str, deed: Callable[[str, str, str], None]) -> None:
        """Ask for a record; `deed(field, reason, text)` sends it back."""
        self._deed = deed
        self.title.setText(render(N_("Send back: %(record)s"), {"record": title}))
        self.field.clear()
        for name in returnable(item.kind):
            self.field.addItem(field_label(item.kind, name), name)
        self.reason.set_value("")
        self.text.set_value("")
        for widget in (self.reason, self.text):
            self.form.problem(widget, "")
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def send(self) -> None:
        """Send it back once the reason and the text are there."""
        for widget in (self.reason, self.text):
            widget.commit()
        for value, widget, said in (
            (self.reason.value(), self.reason, _("Choose a reason, e.g. R05.")),
            (self.text.value(), self.text, _("Write what the unit should put right.")),
        ):
            if not value:
                self.form.problem(widget, said)
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        deed = self._deed
        self.shut()
        if deed is not None:
            deed(str(self.field.currentData()), self.reason.value(), self.text.value())


class ValueCard(Card):
    """Another value for a field in conflict, with a reason."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._deed: Callable[[Any, str], None] | None = None
        self._form: FieldForm | None = None
        self._editor: Editor | None = None
        self._why = TextField(_("Reason"))
        self.add_button(QPushButton(_("Take it (Enter)"))).clicked.connect(self.take)
        self.add_button(QPushButton(_("Let it be (Esc)"))).clicked.connect(self.shut)

    def ask(self, item: WorkItem, title: str, deed: Callable[[Any, str], None]) -> bool:
        """Ask for a value; False for a field that has no editor of its own here."""
        kind = KINDS[item.kind]
        found = kind.by_register.get(item.field)
        if found is None or len(found.fields) != 1 or not can_correct(kind.name, found.key):
            return False
        self._deed = deed
        self.title.setText(title)
        if self._form is not None:
            self._form.hide()
            self._form.deleteLater()
        self._form = form = FieldForm()
        self._editor = editor = editor_of(found.fields[0], self._desk)
        self._why = TextField(_("Reason"))
        form.add(_(found.fields[0].label), editor)
        form.add(_("Reason"), self._why)
        form.enter.finished.connect(self.take)
        self.body.addWidget(form)
        self.show()
        form.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def take(self) -> None:
        """Take the value once there is a reason for it."""
        editor, form, deed = self._editor, self._form, self._deed
        if editor is None or form is None or deed is None:
            return
        self._why.commit()
        if isinstance(editor, LineField):
            editor.commit()
            if not editor.is_readable():
                return
        value, why = value_in(editor), self._why.value()
        if not why:
            form.problem(self._why, _("Write why, in a word or two."))
            self._why.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.shut()
        deed(value, why)
