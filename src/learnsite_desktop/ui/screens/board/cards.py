"""The cards of the board: the text to send, whom to ring, locking, what was corrected later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.chase import Chase, default_template, period_words
from learnsite_desktop.services.contacts import Contact
from learnsite_desktop.services.period_words import period_words as span_words
from learnsite_desktop.services.supplements import LockPreview, Supplement
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.form import FieldForm
from learnsite_desktop.ui.widgets.row_list import RowList

_TEMPLATE: Final = "chase_template"


class Card(QFrame):
    """A page in the place of the matrix: a title, a body, buttons; Esc closes it."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        EscFirst(self, self.closed.emit)
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        self.body = QVBoxLayout()
        self._row = FlowLayout(gap=6)
        column = QVBoxLayout(self)
        column.addWidget(self.title)
        column.addLayout(self.body, 1)
        column.addLayout(self._row)

    def add_button(self, text: str, icon: str, deed: Callable[[], object]) -> QPushButton:
        """Add a button in the line at the bottom."""
        button = QPushButton(text)
        button.setAutoDefault(True)
        if icon:
            icons.tint(button, icon)
        button.clicked.connect(deed)
        self._row.addWidget(button)
        return button


class ChaseCard(Card):
    """The text to send: Ctrl+C copies it; the template behind it can be written anew.

    `kept` is emitted when the template became another one; `copied` when the text was copied;
    `uncovered` when private numbers are wanted in it.
    """

    kept = Signal()
    copied = Signal()
    uncovered = Signal()

    def __init__(self, preferences: QSettings) -> None:
        super().__init__()
        self._preferences = preferences
        self._made: Chase | None = None
        self._writing = False
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(_("Text to send"))
        self.body.addWidget(self.text)
        self._copy = self.add_button(_("Copy (Ctrl+C)"), "copy", self.copy)
        self._change = self.add_button(_("Wording (F4)"), "settings", self.change)
        self._numbers = self.add_button(_("Numbers (Ctrl+R)"), "eye", self.uncovered.emit)
        self._keep = self.add_button(_("Keep (Ctrl+S)"), "ok", self.keep)
        self._former = self.add_button(_("Original"), "undo", self._restore)
        self.add_button(_("Close (Esc)"), "", self.closed.emit)
        copying = QShortcut(QKeySequence("Ctrl+C"), self, self.copy)
        copying.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._show()

    @property
    def template(self) -> str:
        """The template kept, "" for the original one."""
        return str(self._preferences.value(_TEMPLATE, "") or "")

    def show_text(self, made: Chase) -> None:
        """Show a text, ready to be copied."""
        self._made, self._writing = made, False
        said = {"count": len(made.rows)}
        self.title.setText(render(_("To send to %(count)s units: Ctrl+C, then paste it"), said))
        self.text.setPlainText(made.text)
        self._show()
        self._copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        self.text.setReadOnly(not self._writing)
        for button, shown in (
            (self._copy, not self._writing),
            (self._change, not self._writing),
            (self._numbers, not self._writing and "*" in self.text.toPlainText()),
            (self._keep, self._writing),
            (self._former, self._writing),
        ):
            button.setVisible(shown)

    def copy(self) -> None:
        """Put what is marked, else the whole text, on the clipboard."""
        marked = self.text.textCursor().selectedText().replace("\u2029", "\n")
        QGuiApplication.clipboard().setText(marked or self.text.toPlainText())
        self.copied.emit()

    def change(self) -> None:
        """Write the wording: what stands in braces is put in each time."""
        if self._writing:
            return
        self._writing = True
        self.title.setText(_("The wording; what stands in braces is filled in each time"))
        self.text.setPlainText(self.template or default_template())
        self._show()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep(self) -> bool:
        """Keep the wording; False when it is not being written."""
        if not self._writing:
            return False
        text = self.text.toPlainText().strip()
        self._preferences.setValue(_TEMPLATE, "" if text == default_template() else text)
        self._writing = False
        self.kept.emit()
        return True

    def _restore(self) -> None:
        self.text.setPlainText(default_template())


class ContactCard(Card):
    """Whom to ring at a unit's site; `wanted` brings (unit, name, number)."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._unit = ""
        self.form = FieldForm()
        self.head, self.phone = TextField(_("Name")), TextField(_("Phone"), digits=True)
        self.form.add(_("Name"), self.head)
        hint = _("A work telephone that may be seen at every tier.")
        self.form.add(_("Phone"), self.phone, hint=hint)
        self.form.enter.finished.connect(self.do)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        self.add_button(_("Save (Enter)"), "ok", self.do)
        self.add_button(_("Close (Esc)"), "", self.closed.emit)

    def ask(self, unit: str, name: str, contact: Contact) -> None:
        """Ask for a unit's contact."""
        self._unit = unit
        self.title.setText(render(_("Whom to ring at %(unit)s"), {"unit": name}))
        known = not contact.private
        self.head.set_value(contact.head if known else "")
        self.phone.set_value(contact.phone if known else "")
        self.head.setFocus(Qt.FocusReason.OtherFocusReason)

    def do(self) -> None:
        """Tell what was written."""
        for line in (self.head, self.phone):
            line.commit()
        self.wanted.emit((self._unit, self.head.value(), self.phone.value()))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the lists on cards; `record` is what Enter is about."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str = ""
    word: str = ""
    record: str = ""
    record_kind: str = ""
    field: str = ""


class LockCard(Card):
    """What a lock would do and what stands against it; `wanted` brings the reason, "" if none.

    `opened` brings the row of a problem to go to.
    """

    wanted = Signal(object)
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._problems = False
        self._said = QLabel()
        self._said.setWordWrap(True)
        self.list: RowList[Row] = RowList(
            _("What is still open"), (_("Record"), _("Unit"), _("What is wrong"), ""), wide=(0, 2)
        )
        self.list.chosen.connect(self.opened.emit)
        self.form = FieldForm()
        self.why = TextField(_("Reason"))
        self.form.add(_("Reason"), self.why, hint=_("Needed to lock although something is open."))
        self.form.enter.finished.connect(self.do)
        self.body.addWidget(self._said)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.form)
        self.body.addStretch(0)
        self._yes = self.add_button("", "lock", self.do)
        self.add_button(_("Close (Esc)"), "", self.closed.emit)

    def show_preview(self, found: LockPreview, rows: Sequence[Row]) -> None:
        """Show what would be locked; `rows` are the first of the problems."""
        self._problems = bool(found.problems)
        months = len(found.period.months())
        span = period_words(found.period) if months == 1 else span_words(found.period)
        said = {"period": span, "count": len(found.units)}
        self.title.setText(render(_("Lock %(period)s for %(count)s units"), said))
        if self._problems:
            text = render(
                _("%(count)s things are open. Enter goes to one; locked, they become supplements."),
                {"count": len(found.problems)},
            )
        else:
            text = _("Nothing is open. What is held now is what counts from then on.")
        self._said.setText(text)
        self.list.show_rows(rows)
        for widget in (self.list, self.form):
            widget.setVisible(self._problems)
        self.why.set_value("")
        self.form.problem(self.why, "")
        self._yes.setText(_("Lock all the same (Ctrl+S)") if self._problems else _("Lock (Enter)"))
        first: QWidget = self.list if self._problems else self._yes
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def do(self) -> None:
        """Lock, with the reason if one is needed."""
        self.why.commit()
        if self._problems and not self.why.value():
            self.form.problem(self.why, _("Write why, in a word or two."))
            self.why.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.wanted.emit(self.why.value() if self._problems else "")


class LaterCard(Card):
    """Records changed after a lock; `wanted` brings the row whose difference is to be booked."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.title.setText(_("Changed after its period was locked"))
        self._said = QLabel()
        self._said.setWordWrap(True)
        self.list: RowList[Row] = RowList(
            _("Changed after the lock"),
            (_("Record"), _("Unit"), _("Changed on"), _("State")),
            wide=(0,),
        )
        self.list.chosen.connect(self.wanted.emit)
        self.body.addWidget(self._said)
        self.body.addWidget(self.list, 1)
        self._close = self.add_button(_("Close (Esc)"), "", self.closed.emit)

    def show_rows(self, found: Sequence[Supplement]) -> None:
        """Show what was changed."""
        self.list.show_rows([_later(one) for one in found])
        first: QWidget = self.list if found else self._close
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        text = _("Enter books the difference of a session in an open month; the locked one stays.")
        self._said.setText(text if found else _("Nothing was changed after a lock."))


def _later(one: Supplement) -> Row:
    if one.booked:
        status, word = "ok", render(_("booked in %(period)s"), {"period": one.booked})
    elif one.bookable:
        status, word = "warning", _("not booked yet")
    else:
        status, word = "note", _("counts with the next lock")
    return Row(
        one.record, one.kind, (one.title, one.unit_name, one.at[:10]), status, word, one.record,
        one.kind,
    )  # fmt: skip
