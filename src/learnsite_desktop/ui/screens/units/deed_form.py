"""The form of a change: its fields, what it changes, what counts elsewhere; then the deed."""

from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionRow, RegionTree
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.region_edits import Edit, Outlook, look_ahead
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone, refusal_text
from learnsite_desktop.ui.screens.units import edits, presenter
from learnsite_desktop.ui.screens.units.edits import Given
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.fields import DateField, TextField
from learnsite_desktop.ui.widgets.form import FieldForm
from learnsite_desktop.ui.widgets.scrolled import scrolled

_LINES: Final = 3
_SHOWN: Final = 12
"""So many changed units are listed one by one."""


class DeedForm(QFrame):
    """Asks what a change needs and shows what it does before it is done.

    `wanted` says that the deed is to be done; `closed` that the form is put away.
    """

    wanted = Signal()
    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "card")
        EscFirst(self, self.closed.emit)
        self._desk = desk
        self.deed, self._asked = "", 0
        self.unit: RegionRow | None = None
        self.outlook: Outlook | None = None
        self._names: dict[str, str] = {}
        self._today = desk.clock.now().date()
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        self.form = FieldForm()
        self.which = CodeChoice(
            _("What to change"), [Option(one.name, _(one.label)) for one in edits.DEEDS]
        )
        self.code = TextField(_("Unit code"), digits=True, placeholder=_("12 digits"))
        self.name = TextField(_("Name of the unit"))
        self.kind = CodeChoice(_("Kind"), [])
        self.parent_unit = CodeChoice(_("New unit above"), [])
        self.into = CodeChoice(_("Merge into"), [])
        self.parts = QPlainTextEdit()
        self.parts.setTabChangesFocus(True)
        self.parts.setAccessibleName(_("Parts"))
        self.parts.setPlaceholderText(_("One part a line: code and name"))
        self.on = DateField(_("From this day on"), lambda: self._today)
        self.why = TextField(_("Reason"))
        self._seen, self._wrong = QLabel(), QLabel()
        self.yes, no = QPushButton(), QPushButton(_("Close (Esc)"))
        self.yes.setProperty("role", "primary")
        self.yes.clicked.connect(self.wanted)
        no.clicked.connect(self.closed)
        icons.tint(self.yes, "ok", "on_accent")
        self._lay_out(no)

    def _lay_out(self, no: QWidget) -> None:
        hints: dict[QWidget, str] = {
            self.into: _("Leave it empty for a new unit with a code and name."),
            self.why: _("For example: the village assembly agreed on 3 March"),
        }
        for label, widget in (
            (_("What to change"), self.which),
            (_("Merge into"), self.into),
            (_("New unit above"), self.parent_unit),
            (_("Unit code"), self.code),
            (_("Name of the unit"), self.name),
            (_("Kind"), self.kind),
            (_("Parts"), self.parts),
            (_("From this day on"), self.on),
            (_("Reason"), self.why),
        ):
            self.form.add(label, widget, hint=hints.get(widget, ""))
        for one in (
            self.which,
            self.code,
            self.name,
            self.kind,
            self.parent_unit,
            self.into,
            self.on,
        ):
            one.committed.connect(self._look)
        self.which.committed.connect(self._choose)
        self.parts.textChanged.connect(self._look)
        self.form.enter.finished.connect(self._finished)
        self.parts.setMaximumHeight(self.fontMetrics().height() * (_LINES + 2))
        for told in (self._seen, self._wrong):
            told.setWordWrap(True)
            told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._wrong.setProperty("tone", "error")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        column.addWidget(self._wrong)
        column.addWidget(self._seen)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.yes)
        buttons.addWidget(no)
        buttons.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addWidget(self.title)
        whole.addWidget(scrolled(inside), 1)
        whole.addLayout(buttons)

    # Beginning

    def begin(self, deed: str, unit: RegionRow, tree: RegionTree, *, ours: bool) -> None:
        """Ask for what a deed on a unit needs; not `ours`: it is only proposed."""
        self.unit, self.deed = unit, deed
        self._names = {row.code: row.name for row in tree.rows()}
        self.yes.setText(_("Do it (Ctrl+S)") if ours else _("Propose it (Ctrl+S)"))
        today = self._today
        self.parent_unit.set_options(
            presenter.options(tree, unit.level - 1, today, but=unit.parent)
        )
        beside = [tree.require(code) for code in tree.children(unit.parent)] if unit.parent else []
        self.into.set_options(
            [
                Option(row.code, row.name)
                for row in beside
                if row.code != unit.code and row.valid_to is None and row.level == unit.level
            ]
        )
        for one in (self.code, self.name, self.kind, self.parent_unit, self.into, self.why):
            one.set_value("")
        self.parts.setPlainText(f"{unit.code}\n")
        self.on.set_value(today.isoformat())
        self.which.set_value(deed)
        for asked in (self.which, self.why):
            self.form.show_row(asked, shown=not ours)
        self._choose()
        first = self.which if not ours else self._first()
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def fill(self, given: Given) -> None:
        """Fill in what somebody proposed; the tree may have changed since, so it is looked at."""
        for field, value in (
            (self.code, given.code),
            (self.name, given.name),
            (self.kind, given.kind),
            (self.parent_unit, given.parent),
            (self.into, given.into),
            (self.on, given.on.isoformat() if given.on else ""),
        ):
            field.set_value(value)
        if given.parts:
            self.parts.setPlainText(given.parts)
        self._look()
        self.yes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self) -> None:
        """Show the fields of the chosen deed."""
        self.deed = self.which.value() or "rename"
        unit = self.unit
        if unit is None:
            return
        deed = edits.deed_named(self.deed)
        said = {"label": _(deed.label), "text": unit.name}
        self.title.setText(render(_("%(label)s: %(text)s"), said))
        below = presenter.kinds_below(unit.level if self.deed == "add" else unit.level - 1)
        self.kind.set_options(below)
        for name, widget in self._fields().items():
            self.form.show_row(widget, shown=name in deed.fields)
        if self.deed == "rename":
            self.name.set_value(unit.name)
        elif self.name.value() == unit.name:
            self.name.set_value("")  # left over from the rename that it began as
        self._look()

    def _fields(self) -> dict[str, QWidget]:
        return {
            "into": self.into,
            "parent": self.parent_unit,
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "parts": self.parts,
            "on": self.on,
        }

    def _first(self) -> QWidget:
        wanted = edits.deed_named(self.deed).fields
        return next(widget for name, widget in self._fields().items() if name in wanted)

    # What it would do

    def given(self) -> Given:
        """Return what the fields say."""
        on = self.on.value()
        wanted = edits.deed_named(self.deed).fields

        def text(name: str, value: str) -> str:
            return value if name in wanted else ""

        return Given(
            code=text("code", self.code.value()),
            name=text("name", self.name.value()),
            kind=text("kind", self.kind.value()),
            parent=text("parent", self.parent_unit.value()),
            into=text("into", self.into.value()),
            parts=text("parts", self.parts.toPlainText()),
            on=date.fromisoformat(on) if on else None,
            names=self._names,
        )

    def reason(self) -> str:
        """Return why a change is proposed, "" where nothing is said."""
        self.why.commit()
        return str(self.why.value())

    def edit(self) -> Edit | None:
        """Return the edit, None while something is missing."""
        return edits.edit_of(self.deed, self.unit.code, self.given()) if self.unit else None

    def _look(self) -> None:
        """Show what the change would do, once nothing is missing."""
        self.outlook = None
        self._asked += 1
        asked, edit, on = self._asked, self.edit(), self.given().on
        self._seen.setText("")
        self._wrong.setText("")
        self._wrong.hide()
        if edit is None:
            self._seen.setText(_("Fill in the fields: what the change does is shown here first."))
            return

        def seen(outlook: Outlook) -> None:
            if asked == self._asked:
                self._show(outlook)

        self._desk.look_up(
            "", lambda ws, _progress: look_ahead(ws, edit, on=on), seen, self._refused
        )

    def _refused(self, refusal: Refusal) -> None:
        self._wrong.setText(refusal_text(refusal))
        self._wrong.show()

    def _show(self, outlook: Outlook) -> None:
        self.outlook = outlook
        if not outlook.changed:
            self._seen.setText(_("This changes nothing."))
            return
        rows = presenter.changes(outlook, self._names)
        lines = [_("What changes:")]
        lines += [f"• {presenter.change_line(*row)}" for row in rows[:_SHOWN]]
        if len(rows) > _SHOWN:
            lines.append(render(_("… and %(count)s more units"), {"count": len(rows) - _SHOWN}))
        effects = presenter.effect_lines(outlook.effects)
        lines.append("")
        lines.append(_("Records that count elsewhere:") if effects else _("No record moves."))
        lines += [f"• {line}" for line in effects[:_SHOWN]]
        self._seen.setText("\n".join(lines))

    def _finished(self) -> None:
        """Enter after the last field: to the deed if it can be done."""
        if self.outlook is not None:
            self.yes.setFocus(Qt.FocusReason.TabFocusReason)
        elif self._wrong.text():
            self._desk.say(self._wrong.text(), Tone.ERROR)
