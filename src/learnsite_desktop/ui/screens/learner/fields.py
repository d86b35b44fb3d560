"""The fields of a learner. Private values that are kept are hinted at, not shown."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.ui.screens.learner.presenter import (
    GUARDIAN,
    Sheet,
    consents_with,
    hidden,
    new_consents,
    typed_birth,
)
from learnsite_desktop.ui.widgets.choices import CodeChoice, CodeChoices, Option
from learnsite_desktop.ui.widgets.fields import DateField, LineField, TextField
from learnsite_desktop.ui.widgets.form import FieldForm

Editor = LineField | CodeChoices
FIRST: Final = ("name", "sex", "birth", "mobile", "address", "id_number")
REST: Final = ("groups", "residence", "education", "home_unit", "consents")
PRIVATE: Final = frozenset({"birth", "mobile", "address", "id_number"})
LABELS: Final[Mapping[str, str]] = {
    "name": N_("Name"),
    "sex": N_("Sex"),
    "birth": N_("Born"),
    "mobile": N_("Mobile"),
    "address": N_("Address"),
    "id_number": N_("ID number"),
    "groups": N_("Groups"),
    "residence": N_("Residence"),
    "education": N_("Schooling"),
    "home_unit": N_("Home unit"),
    "consents": N_("Agreed to"),
}
_GUARDIAN_LABELS: Final[Mapping[str, str]] = {
    "name": N_("Guardian"),
    "relation": N_("Relation"),
    "mobile": N_("Mobile of the guardian"),
    "date": N_("Agreed on"),
}
_CODES: Final[Mapping[str, str]] = {
    "sex": "sex",
    "residence": "residence",
    "education": "education_level",
    "groups": "population_group",
    "consents": "consent_kind",
}
_NOT_ADDED: Final = frozenset({"notice", "withdrawn"})
_HINTS: Final[Mapping[str, str]] = {
    "sex": N_("1 man, 2 woman"),
    "birth": N_("1955, 55, 1955.3 or 1955-03-12"),
    "consents": N_("signed on paper today"),
}


class SexChoice(CodeChoice):
    """Sex, by its word, its letter, or 1 and 2 as on ID forms."""

    def read(self, text: str) -> str | None:
        """Return the code."""
        digits = {"1": "M", "2": "F", "0": "U"}
        return digits.get(text.strip()) or super().read(text)

    def offers(self, text: str) -> list[Option]:
        """Return what fits; nothing has to be chosen after a digit."""
        return [] if text.strip() in ("0", "1", "2") else super().offers(text)


class BirthField(LineField):
    """A birth day as far as it is known."""

    def __init__(self, name: str, today: Callable[[], date]) -> None:
        """`today` says which day it is."""
        super().__init__(name)
        self._today = today

    def read(self, text: str) -> str | None:
        """Return YYYY, YYYY-MM or YYYY-MM-DD."""
        return typed_birth(text, self._today())

    def value(self) -> str:
        """The value last taken."""
        return self._value


def options_of(codes: str) -> list[Option]:
    """Return what one may choose from a list; what the program works out itself is left out."""
    table = shipped_codes()
    words = table.words(codes, language())
    return [
        Option(code, text)
        for code, text in words.items()
        if not table.is_derived(codes, code)
        and not (codes == "consent_kind" and code in _NOT_ADDED)
    ]


class Fields(QObject):
    """Two forms, to be laid out side by side; `committed` brings a dict of what changed."""

    committed = Signal(object)

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._sheet: Sheet | None = None
        self.first, self.rest = FieldForm(), FieldForm()
        self.editors: dict[str, Editor] = {}
        for form, names in ((self.first, FIRST), (self.rest, REST)):
            for name in names:
                self._add(form, name, _(LABELS[name]), self._editor(name), _(_HINTS.get(name, "")))
        self.guardian: dict[str, LineField] = {}
        for name in GUARDIAN:
            label = _(_GUARDIAN_LABELS[name])
            field = DateField(label, today) if name == "date" else TextField(label)
            field.committed.connect(self._guardian_said)
            self.guardian[name] = field
            self.first.add(label, field)
        self.why = TextField(_("Reason of the correction"))
        self.rest.add(_("Reason of the correction"), self.why)

    def _editor(self, name: str) -> Editor:
        label = _(LABELS[name])
        if name == "sex":
            return SexChoice(label, options_of("sex"))
        if name in ("groups", "consents"):
            return CodeChoices(label, options_of(_CODES[name]))
        if name == "home_unit":
            return CodeChoice(label, [])
        if name in _CODES:
            return CodeChoice(label, options_of(_CODES[name]))
        if name == "birth":
            return BirthField(label, self._today)
        return TextField(label, digits=name in ("mobile", "id_number"))

    def _add(self, form: FieldForm, name: str, label: str, editor: Editor, hint: str) -> None:
        editor.committed.connect(lambda: self._said(name))
        self.editors[name] = editor
        form.add(label, editor, hint=hint)

    # Showing

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a learner: what was typed here in full, private values that are kept as hints."""
        self._sheet = sheet
        editing = sheet.editing
        units = self.editors["home_unit"]
        if isinstance(units, CodeChoice):
            units.set_options([Option(code, name) for code, name in editing.units])
        for name, editor in self.editors.items():
            self._show_field(sheet, name, editor)
        held = sheet.value("guardian") or {}
        typed = sheet.has_typed("guardian") or editing.new
        for name, field in self.guardian.items():
            value = str(held.get(name) or "")
            secret = name in ("name", "mobile") and not typed
            field.set_value("" if secret else value)
            field.setPlaceholderText(
                hidden("mobile" if name == "mobile" else name, value) if secret else ""
            )
        self.first.show_row(self.editors["id_number"], shown=editing.keeps_numbers)
        self.why.set_value("")
        self.rest.show_row(self.why, shown=editing.received)
        self.show_guardian()

    def _show_field(self, sheet: Sheet, name: str, editor: Editor) -> None:
        value = sheet.value(name)
        form = self.first if name in FIRST else self.rest
        form.problem(editor, "")
        if isinstance(editor, CodeChoices):
            codes = new_consents(sheet) if name == "consents" else codes_of(value)
            editor.set_values(codes)
            return
        secret = name in PRIVATE and not sheet.has_typed(name)
        editor.set_value("" if secret else str(value or ""))
        editor.setPlaceholderText(hidden(name, value) if secret else "")

    def show_guardian(self) -> None:
        """Ask for a guardian where one is wanted."""
        wanted = self._sheet is not None and self._sheet.is_child(self._today())
        for field in self.guardian.values():
            self.first.show_row(field, shown=wanted)
        date_field = self.guardian["date"]
        if wanted and isinstance(date_field, DateField) and not date_field.value():
            date_field.set_value(self._today().isoformat())

    # Saying

    def _said(self, name: str) -> None:
        editor, sheet = self.editors[name], self._sheet
        if sheet is None:
            return
        if isinstance(editor, CodeChoices):
            if name == "consents":
                value: Any = consents_with(sheet, editor.values(), self._today())
            else:
                value = groups_with(sheet.value("groups"), editor.values())
        else:
            value = value_of(editor)
        self.committed.emit({name: value})

    def _guardian_said(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        held = dict(sheet.value("guardian") or {})
        for name, field in self.guardian.items():
            typed = value_of(field)
            if typed:
                held[name] = typed
        self.committed.emit({"guardian": held})

    def commit(self) -> bool:
        """Take what is still being typed; False when something is not understood."""
        lines = [
            one
            for one in (*self.editors.values(), *self.guardian.values())
            if isinstance(one, LineField)
        ]
        lines.append(self.why)
        for field in lines:
            field.commit()
        wrong = [field for field in lines if not field.is_readable()]
        if wrong:
            wrong[0].setFocus()
        return not wrong

    def place_of(self, name: str) -> QWidget:
        """Return the field of a register's field name; the name's for those that have none."""
        if name == "guardian" or name.startswith("guardian."):
            return self.guardian.get(name.removeprefix("guardian."), self.guardian["name"])
        return self.editors.get(name, self.editors["name"])

    def problem(self, name: str, text: str) -> bool:
        """Say what is wrong with a field; False where it has no place here."""
        if name not in self.editors and not name.startswith("guardian"):
            return False
        form = self.rest if name in REST else self.first
        form.problem(self.place_of(name), text)
        return True


def value_of(editor: LineField) -> str | None:
    """Return what a line holds, None for nothing."""
    if isinstance(editor, (TextField, CodeChoice, BirthField, DateField)):
        return editor.value() or None
    return None


def codes_of(value: object) -> list[str]:
    """Return the codes of a list of groups."""
    return [str(one.get("code")) for one in value] if isinstance(value, list) else []


def groups_with(kept: object, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Return groups of these codes; those kept keep their day."""
    known = {str(one.get("code")): one for one in kept} if isinstance(kept, list) else {}
    return [dict(known.get(code, {"code": code})) for code in codes]
