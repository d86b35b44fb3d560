"""The card of a learner: what is kept, masked; classes, attendance, consents, who looked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.people.card import AttendanceLine, EnrolmentLine
from learnsite_desktop.services.people.extract import word
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.screens.learner.presenter import Shown, consent_lines, facts, hours
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.row_list import RowList
from learnsite_desktop.ui.widgets.scrolled import scrolled

_TONES = {"P": "ok", "A": "error", "X": "note", "W": "final", "L": "warning", "E": "warning"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of one of the two lists."""

    key: str
    cells: tuple[str, ...]
    status: str
    word: str
    kind: str = "line"


def class_row(line: EnrolmentLine) -> Row:
    """Return the row of an enrolment."""
    over = bool(line.left)
    text = (word("enrol_result", line.result) if line.result else _("left")) if over else _("in it")
    days = f"{line.joined} – {line.left}" if over else line.joined
    return Row(line.record, (line.title, days), "draft" if over else "ok", text)


def mark_row(line: AttendanceLine) -> Row:
    """Return the row of a mark."""
    minutes = "" if line.minutes is None else str(line.minutes)
    text = word("attendance_status", line.status)
    return Row(
        line.session, (line.date, line.title, minutes), _TONES.get(line.status, "note"), text
    )


class CardPage(QWidget):
    """Shows a learner; the buttons are the screen's business."""

    def __init__(self) -> None:
        super().__init__()
        self._facts, self._side = QWidget(), QWidget()
        lines = QFormLayout(self._facts)
        lines.setContentsMargins(0, 0, 0, 0)
        self._consents, self._looked, self._hours = QLabel(), QLabel(), QLabel()
        for label in (self._consents, self._looked, self._hours):
            label.setWordWrap(True)
        for label in (self._looked, self._hours):
            label.setProperty("role", "muted")
        self.classes: RowList[Row] = RowList(
            _("Classes: Delete takes off the roster"),
            (_("Class"), _("Joined"), _("State")),
            wide=(0,),
        )
        self.marks: RowList[Row] = RowList(
            _("Attendance: Enter opens the roll call"),
            (_("Date"), _("Activity"), _("Minutes"), _("Mark")),
            wide=(1,),
        )
        self._no_class = _muted(_("In no class yet."))
        self._no_mark = _muted(_("Attended nothing yet."))
        self.buttons = {
            name: _button(text, icon)
            for name, text, icon in (
                ("edit", _("Edit (F3)"), "review"),
                ("reveal", _("Show in full (F5)"), "eye"),
                ("enrol", _("Add to a class (F6)"), "add"),
                ("consent", _("Note a consent (F7)"), "ok"),
                ("extract", _("Print extract (Ctrl+P)"), "print"),
                ("notice", _("Print notice (F11)"), "print"),
                ("go", _("Delete (F4)"), "delete"),
                ("new", _("New (Ctrl+N)"), "add"),
            )
        }
        self.buttons["edit"].setProperty("role", "primary")
        icons.tint(self.buttons["edit"], "review", "on_accent")
        self._lay_out()

    def _lay_out(self) -> None:
        side = QVBoxLayout(self._side)
        side.addWidget(self._facts)
        side.addWidget(self.buttons["reveal"], 0, Qt.AlignmentFlag.AlignLeft)
        side.addWidget(self._looked)
        side.addWidget(_heading(_("Consents")))
        side.addWidget(self._consents)
        side.addWidget(self.buttons["consent"], 0, Qt.AlignmentFlag.AlignLeft)
        side.addStretch(1)
        frame = QFrame()
        frame.setProperty("role", "card")
        inside = QVBoxLayout(frame)
        inside.addWidget(scrolled(self._side))
        self._right, lists = QStackedWidget(), QWidget()
        right = QVBoxLayout(lists)
        right.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.addWidget(_heading(_("Classes")), 1)
        top.addWidget(self.buttons["enrol"])
        right.addLayout(top)
        right.addWidget(self._no_class)
        right.addWidget(self.classes, 2)
        right.addWidget(_heading(_("Attendance")))
        right.addWidget(self._hours)
        right.addWidget(self._no_mark)
        right.addWidget(self.marks, 3)
        right.addStretch(0)
        place, forms = QWidget(), QWidget()
        self._forms = QVBoxLayout(place)
        self._forms.setContentsMargins(0, 0, 0, 0)
        room = QVBoxLayout(forms)
        room.setContentsMargins(0, 0, 0, 0)
        room.addWidget(scrolled(place))
        self._right.addWidget(lists)
        self._right.addWidget(forms)
        columns = QHBoxLayout()
        columns.addWidget(frame, 4)
        columns.addWidget(self._right, 6)
        buttons = QWidget()
        below = FlowLayout(buttons, gap=6)
        for name in ("edit", "extract", "notice", "go", "new"):
            below.addWidget(self.buttons[name])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(columns, 1)
        whole.addWidget(buttons)

    def add_form(self, form: Card) -> None:
        """Give a form the place of the lists, for as long as it is open."""
        self._forms.addWidget(form, 0, Qt.AlignmentFlag.AlignTop)
        form.closed.connect(self.show_lists)

    def show_forms(self) -> None:
        """Make room for a form, before it is opened."""
        self._right.setCurrentIndex(1)

    def show_lists(self) -> None:
        """Show the lists again."""
        self._right.setCurrentIndex(0)

    def show_card(self, shown: Shown, clear: Mapping[str, Any]) -> None:
        """Show a card; `clear` are values revealed, {} when they are masked."""
        about = shown.card
        self._show_facts(facts(shown, clear))
        self.buttons["reveal"].setEnabled(not clear)
        lines = consent_lines(about)
        self._consents.setText(
            "\n".join(lines) or _("None yet: print the notice and let it be signed.")
        )
        self._hours.setText(hours(about))
        self.classes.show_rows([class_row(line) for line in about.enrolments])
        self.classes.setVisible(bool(about.enrolments))
        self._no_class.setVisible(not about.enrolments)
        held = [line for line in about.attended if line.session_status != "cancelled"]
        self.marks.show_rows([mark_row(line) for line in held])
        self.marks.setVisible(bool(held))
        self._no_mark.setVisible(not held)
        gone = _("Delete (F4)") if about.deletable else _("Sign off (F4)")
        self.buttons["go"].setText(gone)

    def show_looked(self, lines: Iterable[str]) -> None:
        """Show who looked at the values in full."""
        text = "\n".join(lines)
        self._looked.setText(
            render(_("Looked at in full:\n%(lines)s"), {"lines": text}) if text else ""
        )
        self._looked.setVisible(bool(text))

    def _show_facts(self, lines: Iterable[tuple[str, str]]) -> None:
        form = self._facts.layout()
        assert isinstance(form, QFormLayout)  # noqa: S101 - made above
        while form.rowCount():
            form.removeRow(0)
        for label, text in lines:
            value = QLabel(text)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setWordWrap(True)
            form.addRow(_muted(label), value)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "muted")
    return label


def _button(text: str, icon: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(True)
    icons.tint(button, icon)
    return button
