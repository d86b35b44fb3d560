"""Today: one list, worked by keys."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.agenda import Agenda, agenda
from learnsite_desktop.services.closing import due_months, first_open
from learnsite_desktop.services.publishing import notices
from learnsite_desktop.services.sheets import sessions_to_print
from learnsite_desktop.services.standing import standing
from learnsite_desktop.services.submitting import red_list
from learnsite_desktop.services.titles import title_of
from learnsite_desktop.services.updates.held import newest_for_here
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.forms.correction import Correction
from learnsite_desktop.ui.forms.reason import ReasonCard
from learnsite_desktop.ui.routes import go_to_field, place_of
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.today.below import below
from learnsite_desktop.ui.screens.today.code_field import CodeField
from learnsite_desktop.ui.screens.today.deeds import Deeds
from learnsite_desktop.ui.screens.today.presenter import Late, Row, nothing, notices_of, shown
from learnsite_desktop.ui.sheet_printing import print_sheets
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.row_list import RowList

_PROBLEMS: Final = ("return", "rejected", "finding", "draft", "red")
_AWAY: Final = "notices_put_away"


class View(Screen):
    """The list, the period clock above it, what can be done with a row below."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._agenda: Agenda | None = None
        self._late = Late()
        self._clock, self._banner = QLabel(), QLabel()
        self._detail = QLabel()
        self._detail.setWordWrap(True)
        self._detail.setProperty("role", "muted")
        self._code = CodeField(desk)
        self._warning = QFrame()
        self._warning.setProperty("tone", "warning")
        inside = QHBoxLayout(self._warning)
        self._banner.setWordWrap(True)
        inside.addWidget(self._banner, 1)
        handing = QPushButton(_("Hand in"))
        handing.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        handing.clicked.connect(lambda: desk.go("submission"))
        inside.addWidget(handing)
        self._warning.hide()
        self.list: RowList[Row] = RowList(
            _("What is to be done"),
            (_("Time"), _("Activity"), _("Place or reason"), _("List"), _("State")),
            wide=(1, 2),
        )
        self.list.chosen.connect(self._open_row)
        self.list.typed.connect(self._code.begin)
        self.list.moved.connect(self._follow_row)
        self.card = Correction(desk)
        self.reason = ReasonCard()
        self.deeds = Deeds(desk, self.reason, lambda record: self.list.select(f"session:{record}"))
        self.list.crossed.connect(self._cross_out)
        for card in (self.card, self.reason, self._code):
            card.closed.connect(self.list.setFocus)
        self.card.closed.connect(self._follow_row)
        self._empty = EmptyState(
            "today",
            "",
            _("New activity (Ctrl+N)"),
            lambda: desk.go("activity"),
        )
        self._empty.button.setAutoDefault(True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._clock, 1)
        top.addWidget(self._code)
        self._buttons: dict[str, QPushButton] = {}
        buttons = QWidget()
        below = FlowLayout(buttons, gap=6)
        for name, text, icon, keys, deed in (
            ("new", _("New"), "add", "Ctrl+N", lambda: self.desk.go("activity")),
            ("again", _("Next week"), "copy", "Ctrl+D", self._with(self.deeds.repeat)),
            ("second", _("Again"), "roll-call", "F6", self._with(self.deeds.second)),
            ("print", _("Print"), "print", "F5", self.print_page),
            ("photos", _("Photos"), "evidence", "F4", self._with(self.deeds.photos)),
            ("correct", _("Correct"), "review", "F7", self._correct),
        ):
            button = QPushButton(f"{text} {keys}")
            icons.tint(button, icon)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(deed)
            self._buttons[name] = button
            below.addWidget(button)
            self._key(keys, button.click)
        self._buttons["print"].setToolTip(_("Shift+F5 prints the sheets of the next seven days"))
        self._key("Shift+F5", self._print_week)
        self._key("Ctrl+G", self._code.setFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self._warning)
        column.addWidget(self._stack, 1)
        column.addWidget(self._detail)
        column.addWidget(self.card)
        column.addWidget(self.reason)
        column.addWidget(buttons)

    def _key(self, keys: str, deed: Any) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda *_: deed())
        self.addAction(action)

    # What the window calls

    def open(self, about: str) -> None:
        """Show the day; the first session without roll call is current."""
        self.card.hide()
        self.reason.hide()
        self._code.clear()
        self.take_stale()
        self._load()
        self._draw(select=about or self._first)
        self._look_further()
        (self.list if self._stack.currentWidget() is self.list else self._empty.button).setFocus()

    def refresh(self, changes: ChangeSet) -> None:
        """Read the day again; the row one stands on stays."""
        del changes
        self._load()
        self._draw()
        self._look_further()

    def leave(self) -> bool:
        """Stay once when the open card holds what was not saved."""
        return self.card.leave()

    def finish(self) -> None:
        """Save what the open card holds."""
        if self.card.isVisible():
            self.card.save()

    def search(self) -> None:
        """Learners are searched on their own screen."""
        self.desk.go("learners")

    def print_page(self) -> None:
        """Print the sheet of the session one stands on."""
        self._with(lambda row: print_sheets(self.desk, self, [row.record]))()

    def next_problem(self) -> bool:
        """Go to the next row that asks for something."""
        self.list.setFocus()
        return self.list.select_next(_PROBLEMS)

    # Showing

    def _load(self) -> None:
        self._agenda = self.desk.read(agenda)
        self._first = shown(self._agenda, self._late).first

    def _look_further(self) -> None:
        self.desk.look_up("", lambda ws, _progress: _further(ws), self._take)

    def _take(self, late: Late) -> None:
        away = put_away(self.desk.preferences, self.desk.clock.now().date())
        self._late = replace(late, notices=tuple(n for n in late.notices if n.key not in away))
        if self.isVisible():
            self._draw()

    def _draw(self, select: str = "") -> None:
        if self._agenda is None:
            return
        found = shown(self._agenda, self._late)
        # The period that is due is the own unit's, whoever one enters for.
        own = self.desk.acting == self.desk.unit
        self._clock.setText(found.clock if own else "")
        self._clock.setProperty("tone", found.clock_tone)
        self._clock.style().unpolish(self._clock)
        self._clock.style().polish(self._clock)
        self._banner.setText(found.banner)
        self._warning.setVisible(bool(found.banner))
        self.list.show_rows(found.rows, select=select)
        if not found.rows:
            self._empty.say(nothing(self._agenda))
        waiting = self.window().focusWidget() in (None, self._empty.button)
        self._stack.setCurrentWidget(self.list if found.rows else self._empty)
        if waiting and found.rows:
            self.list.setFocus()
        self._follow_row()

    def _follow_row(self) -> None:
        row = self.list.current()
        session = row is not None and row.kind == "session"
        told = row is not None and row.kind in (*_PROBLEMS, "notice", "go")
        said = _told(row) if row is not None and told else {}
        told = bool(said.get("text"))
        self._detail.setText(render(_("%(reason)s: %(text)s"), said) if told else "")
        self._detail.setVisible(told and self.card.isHidden())
        for name in ("again", "second", "print", "photos"):
            self._buttons[name].setEnabled(session)
        self._buttons["correct"].setEnabled(row is not None and bool(row.record_kind))

    def _session(self) -> Row | None:
        row = self.list.current()
        if row is None or row.session is None:
            self.desk.say(_("Choose a session in the list first."), Tone.NOTE)
            return None
        return row

    # Opening

    def _open_row(self, row: Row) -> None:
        if row.kind == "session":
            self.desk.go("roll_call", row.record)
        elif row.kind == "notice":
            self.desk.say(render(_("%(reason)s: %(text)s"), _told(row)), Tone.NOTE)
        elif row.kind == "finding":
            self.desk.go("supervision", row.record)
        elif row.kind == "more":
            self.desk.go("submission", row.record)
        elif row.kind == "go":
            self.desk.go(*row.record.split(":"))
        elif row.kind == "draft":
            place = place_of(row.record_kind, row.record)
            if place is not None:
                self.desk.go(place.screen, place.about)
            else:
                self.desk.say(row.cells[2], Tone.NOTE)
        else:
            go_to_field(
                self.desk,
                self.card,
                row.record_kind,
                row.record,
                row.field,
                note=row.note,
                issue=row.issue,
            )
            self._follow_row()

    # Deeds

    def _cross_out(self, row: Row) -> None:
        """Delete: a notice is put away until tomorrow, everything else as `Deeds` says."""
        if row.kind != "notice":
            self.deeds.cross_out(row)
            return
        put_away(self.desk.preferences, self.desk.clock.now().date(), row.record)
        self._take(self._late)

    def _with(self, deed: Callable[[Row], None]) -> Callable[[], None]:
        """Return what does `deed` with the session one stands on."""

        def run() -> None:
            row = self._session()
            if row is not None:
                deed(row)

        return run

    def _correct(self) -> None:
        row = self.list.current()
        if row is not None and row.record_kind:
            self.card.begin(row.record, "")

    # Printing

    def _print_week(self) -> None:
        first = self.desk.clock.now().date()
        last = days_after(first, 6)
        records = self.desk.read(lambda ws: _records(ws, first, last))
        if records:
            print_sheets(self.desk, self, records)
        else:
            self.desk.say(_("No session is planned in the next seven days."), Tone.NOTE)


def _told(row: Row) -> dict[str, str]:
    # A sentence is followed by another one, a name by what is said of it.
    return {"reason": row.cells[1].rstrip("。."), "text": row.cells[2]}


def put_away(kept: QSettings, day: date, key: str = "") -> set[str]:
    """Return the notices put away on a day, after adding one; those of other days come back."""
    text = str(kept.value(_AWAY, "") or "")
    first, *rest = text.split("\n")
    found = set(rest) if first == day.isoformat() else set()
    if key:
        found.add(key)
        kept.setValue(_AWAY, "\n".join((day.isoformat(), *sorted(found))))
    return found


def _records(workspace: Workspace, first: date, last: date) -> list[str]:
    return [
        stored.id
        for stored in sessions_to_print(workspace, first, last)
        if stored.unit == workspace.acting and stored.doc.get("status") == "planned"
    ]


def _further(workspace: Workspace) -> Late:
    if workspace.acting != workspace.unit:
        return Late()
    period = first_open(due_months(workspace)).period
    issues = red_list(workspace, parse_period(period))
    titled = tuple((issue, title_of(workspace, issue.record)) for issue in issues)
    found = notices(workspace, workspace.clock.now().date())
    program = newest_for_here(workspace)
    names = {str(one["unit"]): unit_name(workspace.database, str(one["unit"])) for one in found}
    return Late(
        red=titled,
        standing=standing(workspace),
        period=period,
        notices=tuple(notices_of(found, names)),
        below=below(workspace),
        program=program.version if program else "",
    )
