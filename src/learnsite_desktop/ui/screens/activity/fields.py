"""The fields of an activity: what it is called, of what kind it is, who asks for it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from learnsite_desktop.domain.fields import Field
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.ui.widgets.choices import CodeChoice, CodeChoices, Option
from learnsite_desktop.ui.widgets.fields import DateField, LineField, TextField
from learnsite_desktop.ui.widgets.form import FieldForm

Editor = TextField | DateField | CodeChoice | CodeChoices
FIRST: Final = ("title", "kind")
REST: Final = (
    "edu_kinds", "topics", "delivery", "destinations", "department", "campaign", "form",
    "vocational", "opens", "closes",
)  # fmt: skip
NAMES: Final[Mapping[str, str]] = {
    "title": N_("Title"),
    "kind": N_("Kind"),
    "edu_kinds": N_("Education"),
    "topics": N_("Topics"),
    "delivery": N_("Delivery"),
    "destinations": N_("Report to"),
    "department": N_("Organiser"),
    "campaign": N_("Campaign"),
    "form": N_("Degree"),
    "vocational": N_("Vocational"),
    "opens": N_("Opens"),
    "closes": N_("Closes"),
}


def options_of(list_name: str) -> list[Option]:
    """Return the options of a code list in the language of the window."""
    words = shipped_codes().words(list_name, language())
    return [Option(code, word) for code, word in words.items()]


def editor_of(field: Field, name: str, today: Callable[[], date]) -> Editor:
    """Return the editor of an activity's field."""
    if field.codes and field.many:
        return CodeChoices(name, options_of(field.codes))
    if field.codes:
        return CodeChoice(name, options_of(field.codes))
    return DateField(name, today) if name in (_("Opens"), _("Closes")) else TextField(name)


def value_of(editor: Editor) -> Any:
    """Return what an editor holds, in the shape of capture files."""
    return editor.values() if isinstance(editor, CodeChoices) else editor.value()


def show_value(editor: Editor, value: Any) -> None:
    """Show a value in an editor."""
    if isinstance(editor, CodeChoices):
        editor.set_values(value if isinstance(value, list) else [])
    else:
        editor.set_value(str(value or ""))


class FieldsPanel(QWidget):
    """Some fields of an activity, one below the other; `committed` after each that changed."""

    committed = Signal(object)
    """The name of the field."""

    def __init__(self, names: tuple[str, ...], today: Callable[[], date]) -> None:
        super().__init__()
        self.form = FieldForm()
        self.editors: dict[str, Editor] = {}
        for name in names:
            editor = editor_of(KINDS["activity"].fields[name], _(NAMES[name]), today)
            editor.committed.connect(lambda name=name: self.committed.emit(name))
            self.form.add(_(NAMES[name]), editor)
            self.editors[name] = editor
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.form)

    def show_fields(self, fields: Mapping[str, Any]) -> None:
        """Show the values of an activity."""
        for name, editor in self.editors.items():
            show_value(editor, fields.get(name))
            self.form.problem(editor, "")

    def fields(self) -> dict[str, Any]:
        """Return the values as shown."""
        return {name: value_of(editor) for name, editor in self.editors.items()}


def commit_line(inside: QWidget) -> None:
    """Take what stands in the line that is being written, as if it were left."""
    line = QApplication.focusWidget()
    if isinstance(line, LineField) and inside.isAncestorOf(line):
        line.commit()


def unread(inside: QWidget) -> LineField | None:
    """Return the first line that holds something that is not understood."""
    lines = (
        line
        for line in inside.findChildren(LineField)
        if line.isVisibleTo(inside) and line.text() and not line.is_readable()
    )
    return next(lines, None)
