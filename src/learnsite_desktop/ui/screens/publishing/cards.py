"""Cards of the screen: a notice to write, and what an issue would change, looked at before."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.publishing import Issued
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.screens.publishing.presenter import Row, change_rows, summary
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.fields import DateField, TextField
from learnsite_desktop.ui.widgets.form import FieldForm
from learnsite_desktop.ui.widgets.row_list import RowList
from learnsite_desktop.ui.widgets.scrolled import scrolled

_SHOWN_DAYS: Final = 14
_LINES: Final = 6


class PreviewCard(Card):
    """What would go down, beside what is in use; one key issues it."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLabel()
        self.line.setWordWrap(True)
        self.list: RowList[Row] = RowList(
            _("What changes below"),
            (_("Row"), _("Column"), _("in use"), _("to be issued"), _("State")),
            wide=(0, 2, 3),
        )
        self.body.addWidget(self.line)
        self.body.addWidget(self.list, 1)
        self.yes = self.add_button(QPushButton(_("Issue it (Ctrl+S)")))
        self.yes.setProperty("role", "primary")
        self.yes.clicked.connect(self.wanted)
        self.add_button(QPushButton(_("Let it be (Esc)"))).clicked.connect(self.shut)

    def show_preview(self, issued: Issued, name: str, units: Mapping[str, str]) -> None:
        """Show what would be issued, `units` by their names; the focus is on the deed."""
        self.title.setText(render(_("Before it goes down: %(name)s"), {"name": name}))
        self.line.setText(summary(issued))
        self.list.show_rows(change_rows(issued, units))
        self.yes.setEnabled(bool(issued.changes))
        self.show()
        (self.yes if issued.changes else self.list).setFocus(Qt.FocusReason.OtherFocusReason)


class NoticeCard(Card):
    """Title, text, days, for whom; Ctrl+S shows what goes down."""

    wanted = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.title.setText(_("New notice"))
        self.name = TextField(_("Title"))
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.first = DateField(_("Shown from"), today)
        self.last = DateField(_("Shown until"), today)
        self.unit = CodeChoice(_("Goes to"), ())
        self.form = FieldForm()
        self.form.add(_("Title"), self.name)
        self.form.add(_("Goes to"), self.unit, hint=_("Empty: all units below."))
        self.form.add(_("Shown from"), self.first)
        self.form.add(_("Shown until"), self.last)
        self.form.add(
            _("Text"), self.text, hint=_("Tab leads on; it stands on Today of the units.")
        )
        self.body.addWidget(scrolled(self.form), 1)
        yes = self.add_button(QPushButton(_("Look at it (Ctrl+S)")))
        yes.setProperty("role", "primary")
        yes.clicked.connect(self.wanted)
        self.add_button(QPushButton(_("Let it be (Esc)"))).clicked.connect(self.shut)

    def begin(self, below: tuple[tuple[str, str], ...]) -> None:
        """Open empty, for the next two weeks."""
        self.unit.set_options([Option(code, name) for code, name in below])
        self.name.set_value("")
        self.unit.set_value("")
        self.text.setPlainText("")
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * _LINES)
        self.first.set_value(self._today().isoformat())
        self.last.set_value((self._today() + timedelta(days=_SHOWN_DAYS)).isoformat())
        self.show()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def values(self) -> dict[str, str] | None:
        """Return what was entered, None (with the words under the field) while something lacks."""
        for field in (self.name, self.first, self.last, self.unit):
            field.commit()
        found = {
            "title": self.name.value(),
            "text": self.text.toPlainText().strip(),
            "from": self.first.value(),
            "to": self.last.value(),
        }
        asked: dict[str, QWidget] = {
            "title": self.name, "text": self.text, "from": self.first, "to": self.last
        }  # fmt: skip
        for name, widget in asked.items():
            self.form.problem(widget, "" if found[name] else _("This is needed."))
        if found["from"] and found["to"] and found["to"] < found["from"]:
            self.form.problem(self.last, _("It ends before it begins."))
        if self.form.problems():
            self.form.go_to_next_problem()
            return None
        return found
