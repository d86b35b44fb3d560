"""The computers of the units: certify, let one enter for another unit, revoke, introduce."""

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.devices import certify, list_devices
from learnsite_desktop.services.introductions import write_introduction
from learnsite_desktop.services.revoking import (
    NOTHING,
    Confirmed,
    Revoked,
    confirmed,
    revoke,
)
from learnsite_desktop.services.unit_board import Board
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone, ask
from learnsite_desktop.ui.screens.units import presenter
from learnsite_desktop.ui.screens.units.presenter import Row
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.fields import DateField, TextField
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.form import FieldForm
from learnsite_desktop.ui.widgets.row_list import RowList

DRILLS: Final = "drills"


class _Card(QFrame):
    """A form over the list: a title, fields, one deed; Esc puts it away."""

    def __init__(self, page: "DevicesPage", about: str, deed: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        EscFirst(self, page.show_list)
        self.title, text = QLabel(), QLabel(about)
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        text.setWordWrap(True)
        self.form = FieldForm()
        self.yes, no = QPushButton(deed), QPushButton(_("Close (Esc)"))
        self.yes.setProperty("role", "primary")
        self.yes.clicked.connect(page.finish)
        no.clicked.connect(page.show_list)
        self.form.enter.finished.connect(lambda: self.yes.setFocus(Qt.FocusReason.TabFocusReason))
        buttons = QHBoxLayout()
        buttons.addWidget(self.yes)
        buttons.addWidget(no)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        for widget in (self.title, text):
            column.addWidget(widget)
        column.addWidget(self.form, 1)
        column.addLayout(buttons)


class DevicesPage(QWidget):
    """Every computer with its state and what it may write, in words."""

    forming = Signal()
    """A form was opened or put away."""
    opening_wanted = Signal(object)
    """The code of the unit whose computer was revoked: a new one is to be opened."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._names: dict[str, str] = {}
        self._board: Board | None = None
        self.list: RowList[Row] = RowList(
            _("Computers"),
            (_("Unit"), _("Fingerprint"), _("May write"), _("State")),
            wide=(0, 2),
        )
        self.list.chosen.connect(self._enter)
        self.empty = EmptyState(
            "keyboard",
            _("No computer is known here yet. Write opening files for the units below (Ctrl+2)."),
        )
        self._today = desk.clock.now().date()
        self.granting = _Card(
            self,
            _("The computer may then also enter the records of the unit named here, on behalf."),
            _("Let it enter (Ctrl+S)"),
        )
        self.unit = CodeChoice(_("Enters for"), [])
        self.since = DateField(_("First day"), lambda: self._today)
        self.until = DateField(_("Last day"), lambda: self._today)
        self.granting.form.add(_("Enters for"), self.unit)
        self.granting.form.add(_("First day"), self.since)
        self.granting.form.add(_("Last day"), self.until, hint=_("Empty: for ever."))
        self.revoking = _Card(
            self,
            _(
                "First receive every file that this computer has handed out. A revocation is for "
                "ever: a computer revoked by mistake is opened anew."
            ),
            _("Revoke… (Ctrl+S)"),
        )
        self.why = TextField(_("Reason"), placeholder=_("Lost, stolen, replaced, …"))
        self.stands = QComboBox()
        self.revoking.form.add(_("Reason"), self.why)
        self.revoking.form.add(_("What goes on counting"), self.stands)
        self._stack = QStackedWidget()
        self._stack.currentChanged.connect(self.forming)
        for page in (self.list, self.empty, self.granting, self.revoking):
            self._stack.addWidget(page)
        self._lay_out()

    def _lay_out(self) -> None:
        row = QWidget()
        below = FlowLayout(row, gap=6)
        for text, icon, deed in (
            (_("Certify F3"), "approved", self.certify),
            (_("Entering on behalf F4"), "user", self.begin_grant),
            (_("What to do after a loss F5"), "help", self.drills),
            (_("Introduction file F6"), "exported", self.introduce),
            (_("Revoke F7"), "close", self.begin_revoking),
        ):
            button = QPushButton(text)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            icons.tint(button, icon)
            button.clicked.connect(deed)
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack, 1)
        column.addWidget(row)

    # Showing

    def show_board(self, board: Board) -> None:
        """Take the names of the units and look at the computers again."""
        self._board = board
        self._names = {one.row.code: one.row.name for one in board.lines}
        self.unit.set_options(
            [
                Option(one.row.code, one.row.name)
                for one in board.lines
                if one.computer not in ("own", "above") and not one.ended
            ]
        )
        self.load()

    def load(self) -> None:
        """Ask which computers are known."""
        self._desk.look_up("", lambda ws, _p: list_devices(ws), self._show)

    def _show(self, rows: list[dict[str, Any]]) -> None:
        self.list.show_rows(presenter.device_rows(rows, self._names))
        if self._stack.currentWidget() in (self.list, self.empty):
            self._stack.setCurrentWidget(self.list if self.list.rows() else self.empty)

    def show_list(self) -> None:
        """Back to the list."""
        self._stack.setCurrentWidget(self.list if self.list.rows() else self.empty)
        self.list.setFocus()

    def begin(self) -> None:
        """Put the focus where the work begins."""
        if self._stack.currentWidget() in (self.list, self.empty):
            self.show_list()

    def _enter(self, row: Row) -> None:
        if row.kind == "requested":
            self.certify()

    def _current(self) -> Row | None:
        row = self.list.current()
        if row is None:
            self._desk.say(_("Choose a computer first."), Tone.NOTE)
        return row

    # Deeds

    @property
    def has_form(self) -> bool:
        """Whether a form stands in front, whose fields have keys of their own."""
        return self._stack.currentWidget() in (self.granting, self.revoking)

    def certify(self) -> None:
        """F3: enrol the waiting computer, after its fingerprint was compared by telephone."""
        row = self._current()
        if row is None:
            return
        question = render(
            _(
                "Ring up %(unit)s: the settings there show the fingerprint of the computer. It "
                "must be %(fingerprint)s, all twelve characters."
            ),
            {"unit": row.cells[0], "fingerprint": row.cells[1]},
        )
        if row.kind == "enrolled" or ask(
            self, _("Certify a computer"), question, _("They are the same: certify")
        ):
            self._desk.write(
                "", lambda ws, _p: certify(ws, row.key), lambda _done: self._certified(row)
            )

    def _certified(self, row: Row) -> None:
        self.load()
        self._desk.say(render(_("The computer of %(unit)s is certified."), {"unit": row.cells[0]}))

    def begin_grant(self) -> None:
        """F4: let the computer enter for another unit."""
        row = self._current()
        if row is None:
            return
        self.granting.title.setText(
            render(_("Entering on behalf: computer of %(unit)s"), {"unit": row.cells[0]})
        )
        self.unit.set_value("")
        self.since.set_value(self._today.isoformat())
        self.until.set_value("")
        self._stack.setCurrentWidget(self.granting)
        self.unit.setFocus()

    def begin_revoking(self) -> None:
        """F7: say why a computer is revoked, and what of it goes on counting."""
        row = self._current()
        if row is None:
            return
        try:
            receipts = self._desk.read(lambda ws: confirmed(ws, row.key))
        except Refusal as refusal:
            # One's own computer, before anything is asked.
            self._desk.feedback.refuse(refusal)
            return
        self.revoking.title.setText(
            render(
                _("Revoke the computer %(fingerprint)s of %(unit)s"),
                {"unit": row.cells[0], "fingerprint": row.cells[1]},
            )
        )
        self.why.set_value("")
        self._offer(receipts)
        self._stack.setCurrentWidget(self.revoking)
        self.why.setFocus()

    def _offer(self, receipts: list[Confirmed]) -> None:
        """Offer up to where what the computer wrote goes on counting."""
        self.stands.clear()
        self.stands.addItem(_("everything held here of what it wrote"), "")
        for one in receipts:
            said = {"number": one.number, "day": one.day}
            text = _("what our receipt no. %(number)s of %(day)s confirms, nothing after")
            self.stands.addItem(render(text, said), one.heads)
        self.stands.addItem(_("nothing it ever wrote"), NOTHING)

    def finish(self) -> None:
        """Ctrl+S: do what the card in front says."""
        if self._stack.currentWidget() is self.granting:
            self._grant()
        elif self._stack.currentWidget() is self.revoking:
            self._revoke()

    def _grant(self) -> None:
        row = self.list.current()
        for field in (self.unit, self.since, self.until):
            field.commit()
        unit, since, until = self.unit.value(), self.since.value(), self.until.value()
        if row is None or not unit or not since:
            self._desk.say(_("Name the unit and the first day."), Tone.NOTE)
            return

        def granted(_done: object) -> None:
            self.show_list()
            self.load()
            self._desk.say(
                render(
                    _("The computer of %(unit)s may enter for %(other)s."),
                    {"unit": row.cells[0], "other": self._names.get(unit, unit)},
                )
            )

        self._desk.write(
            "",
            lambda ws, _p: certify(ws, row.key, entering_for=unit, since=since, until=until),
            granted,
        )

    def _revoke(self) -> None:
        row, operator = self.list.current(), self._desk.operator
        self.why.commit()
        why, at = self.why.value(), str(self.stands.currentData())
        if row is None or not why:
            self._desk.say(_("Say why the computer is revoked."), Tone.NOTE)
            self.why.setFocus()
            return
        question = render(
            _("The computer %(fingerprint)s of %(unit)s is never trusted again."),
            {"fingerprint": row.cells[1], "unit": row.cells[0]},
        )
        if not ask(self, _("Revoke a computer"), question, _("Revoke it")):
            return
        self._desk.write(
            _("Revoking"),
            lambda ws, progress: revoke(
                ws, row.key, at=at, why=why, operator=operator, progress=progress
            ),
            self._revoked,
        )

    def _revoked(self, done: Revoked) -> None:
        unit = str(done.device["unit"])
        self.show_list()
        self.load()
        self._desk.say(
            render(
                _(
                    "Revoked. %(count)s entries are held apart from now on. Write an introduction "
                    "file (F6) so that the others learn of it at once."
                ),
                {"count": done.held_apart},
            ),
            Tone.WARNING,
            Action(_("Opening file for a new computer"), lambda: self.opening_wanted.emit(unit)),
        )

    def introduce(self) -> None:
        """F6: write a file by which others learn of a unit's computers, also of revocations."""
        row = self._current()
        code = self._unit_of(row.key) if row is not None else ""
        found = QFileDialog.getExistingDirectory(self, _("Choose where the file goes"))
        if not found or row is None:
            return
        units = [code] if code else []
        self._desk.look_up(
            "",
            lambda ws, _p: write_introduction(ws, Path(found), units),
            lambda path: self._desk.say(
                render(_("Written: %(path)s. It holds nothing secret."), {"path": str(path)})
            ),
        )

    def _unit_of(self, device: str) -> str:
        rows = self._desk.read(list_devices)
        return next((str(row["unit"]) for row in rows if row["id"] == device), "")

    def drills(self) -> None:
        """F5: the page of the help about lost keys and computers."""
        self._desk.go("manual", DRILLS)
