"""Cards on the screen of one learner: a consent is noted, a class is chosen."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.people.consents import LISTS
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.fields import DateField
from learnsite_desktop.ui.widgets.form import FieldForm

_NAMES: Final = {"kind": N_("Consent"), "by": N_("Who agrees"), "medium": N_("How")}


class ConsentCard(Card):
    """Notes a consent or its withdrawal; `given` brings kind, by, medium and day as a dict."""

    given = Signal(object)

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self.title.setText(_("Note a consent, or that it was withdrawn"))
        form = FieldForm()
        self.choices: dict[str, CodeChoice] = {}
        for name, codes in LISTS.items():
            words = shipped_codes().words(codes, language())
            options = [Option(code, text) for code, text in words.items()]
            self.choices[name] = CodeChoice(_(_NAMES[name]), options)
            form.add(_(_NAMES[name]), self.choices[name])
        self.day = DateField(_("Date"), today)
        form.add(_("Date"), self.day)
        form.enter.finished.connect(self.save)
        self._form = form
        self.body.addWidget(form)
        self.add_button(QPushButton(_("Note it (Enter)"))).clicked.connect(self.save)
        self.add_button(QPushButton(_("Close (Esc)"))).clicked.connect(self.shut)

    def ask(self, *, child: bool) -> None:
        """Open; a guardian answers for a child."""
        self.choices["kind"].set_value("guardian" if child else "general")
        self.choices["by"].set_value("guardian" if child else "self")
        self.choices["medium"].set_value("paper")
        self.day.set_value(self._today().isoformat())
        self.show()
        self.choices["kind"].setFocus(Qt.FocusReason.OtherFocusReason)
        self.choices["kind"].selectAll()

    def save(self) -> None:
        """Give what was chosen, unless something is missing."""
        fields: list[CodeChoice | DateField] = [*self.choices.values(), self.day]
        for field in fields:
            field.commit()
        missing = [field for field in fields if not field.is_readable() or not field.value()]
        for field in fields:
            self._form.problem(field, _("Choose one.") if field in missing else "")
        if missing:
            missing[0].setFocus()
            return
        values = {name: choice.value() for name, choice in self.choices.items()}
        self.shut()
        self.given.emit({**values, "day": self.day.value()})


class _Titles(CodeChoice):
    """A choice among titles; the numbers behind them are nobody's business."""

    def line(self, option: Option) -> str:
        """Return the title."""
        return option.label


class ClassCard(Card):
    """Chooses a class; `chosen` brings its record."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._records: Sequence[str] = ()
        self.choice = _Titles(_("Class"), [])
        self._form = FieldForm()
        self._form.add(_("Class"), self.choice, hint=_("Type a part of the title or its initials."))
        self._form.enter.finished.connect(self.save)
        self.body.addWidget(self._form)
        self.add_button(QPushButton(_("Add (Enter)"))).clicked.connect(self.save)
        self.add_button(QPushButton(_("Close (Esc)"))).clicked.connect(self.shut)

    def ask(self, name: str, classes: Sequence[tuple[str, str]]) -> None:
        """Open for a learner; `classes` are (record, title)."""
        self._records = [record for record, _title in classes]
        self.title.setText(name)
        self.choice.set_options(
            [Option(str(place), title) for place, (_record, title) in enumerate(classes)]
        )
        self.choice.set_value("")
        self._form.problem(self.choice, "")
        self.show()
        self.choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Give the class chosen."""
        self.choice.commit()
        if not self.choice.is_readable() or not self.choice.value():
            self._form.problem(self.choice, _("Choose a class; Down shows all of them."))
            self.choice.setFocus()
            return
        record = self._records[int(self.choice.value())]
        self.shut()
        self.chosen.emit(record)
