"""更正: one field of a record put right where one stands, with a reason where one is wanted."""

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from learnsite_desktop.domain.fields import Field, FieldType, Kind
from learnsite_desktop.domain.issue_words import Severity
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.receipted import is_received
from learnsite_desktop.services.records import edit, require_record
from learnsite_desktop.services.titles import field_label, title_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.desk import Desk, issue_text
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.widgets.choices import CodeChoice, CodeChoices, Option
from learnsite_desktop.ui.widgets.fields import (
    DateField,
    LineField,
    NumberField,
    TextField,
    TimeField,
)
from learnsite_desktop.ui.widgets.form import FieldForm

if TYPE_CHECKING:
    from learnsite_desktop.ui.tasks import Task

_TYPES: Final = frozenset(
    {
        FieldType.TEXT, FieldType.CODE, FieldType.DATE, FieldType.TIME,
        FieldType.BIRTH, FieldType.INT,
    }
)  # fmt: skip

_RECEIVED, _BELOW = "received", "below"
_WHY_ASKED: Final = {
    _RECEIVED: N_("The unit above has received this. Write why it is corrected."),
    _BELOW: N_("This belongs to a unit below, which sees the correction. Write why."),
}

Editor = LineField | CodeChoices


def can_correct(kind_name: str, field: str) -> bool:
    """Whether a field can be put right by itself, without its record's own screen."""
    kind = KINDS.get(kind_name)
    return kind is not None and field in {one.name for one in correctable(kind)}


def correctable(kind: Kind) -> list[Field]:
    """Return the fields of a kind that stand for themselves: no references, no groups of parts.

    Private ones are left out: they are shown in full only where that is noted.
    """
    return [
        field
        for register in kind.registers
        if register.mutable
        and not register.private
        and not register.computed
        and register.layer == "fact"
        for field in register.fields
        if field.type in _TYPES and (not field.many or field.type is FieldType.CODE)
    ]


class Correction(Card):
    """A card with one field of one record: Enter saves it, Esc closes it.

    A screen that has one asks `leave` before it is left.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._record, self._kind, self._field = "", KINDS["session"], ""
        self._entry: dict[str, Any] = {}
        self._issue: Issue | None = None
        self._wants_why = False
        self._warnings: tuple[str, ...] = ()
        self._before: object = None
        self._untouched: object = None
        self._warned: object = None
        self._opening = object()
        self._saving: Task | None = None
        self._note = QLabel()
        self._note.setWordWrap(True)
        self.body.addWidget(self._note)
        self._choice = QComboBox()
        self._choice.setAccessibleName(_("Which field"))
        self._choice.currentIndexChanged.connect(self._choose)
        self._choosing = FieldForm()
        self._choosing.add(_("Which field"), self._choice)
        self._choosing.enter.finished.connect(self._enter_field)
        self.body.addWidget(self._choosing)
        self._form: FieldForm | None = None
        self._editor: Editor | None = None
        self.add_button(QPushButton(_("Save (Enter)"))).clicked.connect(self.save)
        self.add_button(QPushButton(_("Close (Esc)"))).clicked.connect(self.shut)

    # Opening

    def begin(
        self, record: str, field: str = "", *, note: str = "", issue: Issue | None = None
    ) -> None:
        """Open a record at a field; without one the field is chosen first.

        `note` says what is asked for; an `issue` that is a warning may be answered by a reason.
        """
        title, kind, entry, whose = self._desk.read(lambda ws: _look(ws, record))
        self._record, self._kind, self._entry, self._issue = record, kind, entry, issue
        self._field = field
        self._opening, self._saving = object(), None
        self._wants_why = whose == _BELOW or (whose == _RECEIVED and not note)
        self._warnings = ()
        if issue is not None and issue.severity is Severity.WARNING:
            self._warnings = (issue.code,)
        said = {"record": title, "field": field_label(kind.name, field)}
        self.title.setText(
            render(N_("Correct “%(field)s” of %(record)s"), said)
            if field
            else render(N_("Correct %(record)s"), said)
        )
        told = note or (issue_text(issue) if issue else "")
        if self._wants_why and not told:
            told = _(_WHY_ASKED[whose])
        self._note.setText(told)
        self._note.setVisible(bool(told))
        self.show()
        self._choosing.setVisible(not field)
        if field:
            self._open_field()
            self._enter_field()
            return
        self._choice.clear()
        for one in correctable(kind):
            self._choice.addItem(_(one.label), one.name)
        self._choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_field(self) -> None:
        """Make the editor of the field."""
        if self._form is not None:
            self._form.hide()
            self._form.deleteLater()
        spec = self._kind.fields[self._field]
        self._form = form = FieldForm()
        self._editor = editor = editor_of(spec, self._desk)
        show_value(editor, self._entry.get(spec.name))
        form.add(_(spec.label), editor)
        self._reason = TextField(_("Reason"))
        self._caption = form.add(_("Reason"), self._reason)
        form.enter.finished.connect(self.save)
        self.body.addWidget(form)
        self._show_reason()
        self._before = value_in(editor)
        self._untouched = self._warned = self._typed()
        # Shown at once, not when their layout comes to it: a hidden field takes no lasting focus.
        form.show()
        editor.show()

    def _enter_field(self) -> None:
        if self._editor is not None:
            self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(self._editor, LineField):
                self._editor.selectAll()

    def _show_reason(self) -> None:
        wanted = self._wants_why or bool(self._warnings)
        self._reason.setVisible(wanted)
        self._caption.setVisible(wanted)

    def _typed(self) -> object:
        """Return what stands in the fields, to be compared."""
        editor = self._editor
        if editor is None:
            return None
        shown = editor.text() if isinstance(editor, LineField) else tuple(editor.values())
        return shown, self._reason.text()

    def leave(self) -> bool:
        """Whether the screen may be left: no, once, while something typed is not saved."""
        typed = self._typed()
        if self.isHidden() or self._is_saving() or typed in (self._untouched, self._warned):
            return True
        self._warned = typed
        told = _("“%(field)s” is not saved yet: Enter saves it, leaving once more drops it.")
        said = {"field": field_label(self._kind.name, self._field)}
        self._desk.say(render(told, said), Tone.WARNING)
        self._enter_field()
        return False

    def _is_saving(self) -> bool:
        return self._saving is not None and not self._saving.told

    def _choose(self, place: int) -> None:
        if place >= 0:
            self._field = str(self._choice.itemData(place))
            self._open_field()

    # Saving

    def save(self) -> None:
        """Save the field; what may not be saved stays with what is wrong with it."""
        editor = self._editor
        if editor is None or self._form is None or self._is_saving():
            return
        self._reason.commit()
        if isinstance(editor, LineField):
            editor.commit()
            if not editor.is_readable():
                return
        why = self._reason.value()
        if value_in(editor) == self._before and not self._warnings:
            self.shut()
            self._tell_same()
            return
        if self._wants_why and not why:
            self._ask_reason(_("Write why this is corrected."))
            return
        record, values = self._record, {self._field: value_in(editor)}
        reasons = dict.fromkeys(self._warnings, why) if why else {}
        operator, opening, title = self._desk.operator, self._opening, self.title.text()
        self._saving = self._desk.write(
            _("Saving"),
            lambda ws, _progress: edit(
                ws,
                require_record(ws, record),
                values,
                why=why,
                operator=operator,
                reasons=reasons or None,
            ),
            lambda result: self._saved(result, title, shown=self._opening is opening),
        )

    def _saved(self, result: CaptureResult, title: str, *, shown: bool) -> None:
        """Tell what became of it; `shown` unless another record stands in the card by now."""
        shown = shown and self.isVisible()
        if not result.refused:
            if shown:
                self.shut()
            if result.change.operations:
                self._desk.say_done(_("Corrected."), result)
            else:
                self._tell_same()
            return
        blocking = [issue for issue in result.issues if issue.blocking]
        told = " ".join(issue_text(issue) for issue in blocking)
        if not shown:
            said = {"reason": title, "text": told}
            self._desk.say(render(_("%(reason)s: %(text)s"), said), Tone.ERROR)
            return
        self._warnings = tuple(
            issue.code for issue in blocking if issue.severity is Severity.WARNING
        )
        if self._warnings and len(self._warnings) == len(blocking):
            self._ask_reason(told)
        elif self._form is not None and self._editor is not None:
            self._form.problem(self._editor, told)
            self._editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_same(self) -> None:
        self._desk.say(_("Nothing was changed: this stands there already."), Tone.NOTE)

    def _ask_reason(self, told: str) -> None:
        self._reason.setVisible(True)
        self._caption.setVisible(True)
        if self._form is not None:
            self._form.problem(self._reason, told, "warning")
        self._reason.setFocus(Qt.FocusReason.OtherFocusReason)


def _look(workspace: Workspace, record: str) -> tuple[str, Kind, dict[str, Any], str]:
    """Return title, kind, entry, and what makes a correction of the record want a reason."""
    stored = require_record(workspace, record)
    kind = KINDS[stored.kind]
    entry = entry_of(kind, stored.doc, workspace.vault)
    whose = _RECEIVED if is_received(workspace, stored) else ""
    if stored.unit != workspace.unit:
        whose = _BELOW
    return title_of(workspace, record), kind, entry, whose


def editor_of(spec: Field, desk: Desk) -> Editor:
    """Return an empty editor for a field."""
    name = _(spec.label)
    if spec.type is FieldType.CODE:
        table = shipped_codes()
        options = [
            Option(code, table.label(spec.codes, code, language()))
            for code in table.codes(spec.codes)
        ]
        return CodeChoices(name, options) if spec.many else CodeChoice(name, options)
    if spec.type is FieldType.DATE:
        return DateField(name, lambda: desk.clock.now().date())
    if spec.type is FieldType.TIME:
        return TimeField(name)
    if spec.type is FieldType.INT:
        return NumberField(name, high=9_999_999)
    return TextField(name, digits=spec.type is FieldType.BIRTH)


def show_value(editor: Editor, value: object) -> None:
    """Show a field's value (in capture shape) in its editor."""
    if isinstance(editor, CodeChoices):
        editor.set_values([str(one) for one in value] if isinstance(value, list) else [])
    else:
        editor.set_value("" if value is None else str(value))


def value_in(editor: Editor) -> object:
    """Return the value (in capture shape) that an editor holds, None for nothing."""
    if isinstance(editor, CodeChoices):
        return editor.values()
    if isinstance(editor, (NumberField, TextField, CodeChoice, DateField, TimeField)):
        found = editor.value()
        return None if found == "" else found
    return None
