"""The ledger on the screen."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import session_list
from learnsite_desktop.services.session_list import Line, Wish
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.forms.ledger_paper import LedgerPaper
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.ledger import presenter
from learnsite_desktop.ui.screens.ledger.columns import COLUMNS
from learnsite_desktop.ui.screens.ledger.correcting import Correcting
from learnsite_desktop.ui.screens.ledger.grid import Grid
from learnsite_desktop.ui.screens.ledger.model import LedgerModel
from learnsite_desktop.ui.sheet_printing import print_sheets
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.flow import FlowLayout

_TYPING_MS = 250
_ALL = "all"
_KINDS = ("ledger", "attendance", "roster")


class View(Screen):
    """All sessions as a grid: narrowed by a word or a period, written in place, printed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wish = Wish()
        self._start: presenter.Beginning | None = None
        self._asked = 0
        self._late = False
        self.model = LedgerModel(self._lines)
        self.grid = Grid(self.model)
        self.grid.show_units(shown=desk.tier != "village")
        self.filter = TextField(_("Filter"), placeholder=_(
            "Filter (Ctrl+F): title, initials, place, teacher, held, 2026-03"))  # fmt: skip
        self.period = CodeChoice(_("Period"), ())
        self.correcting = Correcting(desk, self.grid, self.model)
        self.wanted, self.paper = self.correcting.wanted, LedgerPaper(desk)
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self._book = lambda: self._paper(as_book=True)
        self._new = lambda: desk.go("activity")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._narrow)
        self._empty = EmptyState(
            "ledger",
            _("There is no session yet. Enter an activity, and its lessons stand here."),
            _("New activity (Ctrl+N)"),
            self._new,
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self._empty)
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        self.model.order_wanted.connect(self._order)
        self.grid.activated.connect(lambda index: self._open_row(index.row()))
        self.filter.textEdited.connect(lambda _text: self._typing.start())
        self.filter.returnPressed.connect(self._narrow)
        self.filter.returnPressed.connect(self.grid.setFocus)
        self.period.committed.connect(self._narrow)
        self.correcting.ended.connect(self.grid.setFocus)
        self.grid.cells.closeEditor.connect(self._written, Qt.ConnectionType.QueuedConnection)
        self.paper.closed.connect(self.grid.setFocus)
        for keys, deed in (
            ("F3", self.grid.write_here), ("F4", self.period.setFocus), ("F5", self._edit_activity),
            ("Ctrl+C", self.grid.copy), ("Ctrl+V", self.correcting.paste), ("Ctrl+N", self._new),
            ("Ctrl+D", self._copy), ("Ctrl+E", self._book), ("F6", self._sheets),
        ):  # fmt: skip
            self.key(keys, deed)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.filter, 3)
        top.addWidget(self.period, 1)
        top.addWidget(self._count)
        deeds = QWidget()
        buttons = FlowLayout(deeds)
        for text, keys, icon, deed in (
            (_("New"), "Ctrl+N", "add", self._new),
            (_("Next term"), "Ctrl+D", "copy", self._copy),
            (_("Activity"), "F5", "series", self._edit_activity),
            (_("Sheet"), "F6", "print", self._sheets),
            ("Excel", "Ctrl+E", "excel", self._book),
            (_("Print"), "Ctrl+P", "print", self.print_page),
        ):
            button = QPushButton(f"{text} {keys}")
            icons.tint(button, icon)
            button.clicked.connect(deed)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            buttons.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(top)
        whole.addWidget(self._stack, 1)
        whole.addWidget(self.wanted)
        whole.addWidget(self.paper)
        whole.addWidget(deeds)

    # Showing

    def open(self, about: str) -> None:
        """Show the list as it was left, or a period, or an activity's sessions."""
        self._wish = presenter.wish_of(about, self._wish)
        today = self.desk.clock.now().date()
        options = self.desk.read(lambda ws: presenter.period_options(ws, today))
        self.period.set_options([Option(code, text) for code, text in options])
        self.period.set_value(self._wish.period or _ALL)
        self.filter.set_value(self._wish.words)
        self.take_stale()
        if self._start is None or about:
            self._load()
        else:
            self._renew()
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _load(self) -> None:
        """Show the first window at once, then ask for the whole order beside the window."""
        try:
            start = self.desk.read(lambda ws: presenter.begin(ws, self._wish))
        except Refusal as refusal:
            self.desk.feedback.refuse(refusal)
            return
        self._start = start
        self.model.begin(start.first)
        self._stand(start.today_row)
        self._stack.setCurrentIndex(0 if start.first or self._narrowed() else 1)

        def arrived(order: Any) -> None:
            self.model.complete(order)
            if start.today_row >= len(start.first):
                self._stand(start.today_row)
            self._tell_count(len(order))

        self._ask(lambda ws: session_list.idents(ws, start.query), arrived)

    def _ask(self, question: Any, arrived: Any) -> None:
        """Ask the reader lane; only the newest question is answered."""
        self._asked += 1
        asked = self._asked

        def told(found: Any) -> None:
            if asked == self._asked:
                arrived(found)

        self.desk.look_up(_("Reading the ledger"), lambda ws, _progress: question(ws), told)

    def _renew(self) -> None:
        """Read again what is listed; the place stays, and so does a cell that is written in."""
        wish = self._wish
        self.model.renew()

        def question(ws: Any) -> Any:
            start = presenter.begin(ws, wish)
            return start, session_list.idents(ws, start.query)

        def arrived(found: Any) -> None:
            if self.grid.writing:
                self._late = True
                return
            self._start, order = found
            here = self.model.ident_at(self.grid.currentIndex().row())
            if self.model.has_order(order):
                self.model.renew()
            else:
                self.model.begin(order)
                self._stand(max(self.model.row_of(here), 0))
            self._stack.setCurrentIndex(0 if len(order) or self._narrowed() else 1)
            self._tell_count(len(order))

        self._ask(question, arrived)

    def _written(self) -> None:
        """Catch up with what came while a cell was written in."""
        if self._late:
            self._late = False
            self._renew()

    def _tell_count(self, count: int) -> None:
        self._count.setText(render(N_("%(count)s sessions · F3 writes"), {"count": count}))

    def _lines(self, idents: Any) -> dict[int, Line]:
        start = self._start
        return self.desk.read(lambda ws: presenter.lines(ws, idents, start)) if start else {}

    def _stand(self, row: int) -> None:
        last = self.model.rowCount() - 1
        if last < 0:
            return
        index = self.model.index(min(max(row, 0), last), max(self.grid.currentIndex().column(), 0))
        self.grid.setCurrentIndex(index)
        self.grid.scrollTo(index, Grid.ScrollHint.PositionAtCenter)

    def _narrowed(self) -> bool:
        return bool(self._wish.words or self._wish.period or self._wish.activity)

    def _narrow(self) -> None:
        """Follow the filter and the period."""
        self._typing.stop()
        period = self.period.value()
        wish = replace(
            self._wish,
            words=self.filter.text().strip(),
            period="" if period == _ALL else period,
        )
        if wish.words or period != _ALL:
            wish = replace(wish, activity=self._wish.activity)
        if wish != self._wish:
            self._wish = wish
            self._load()

    def _order(self, wanted: object) -> None:
        if isinstance(wanted, tuple):
            column, descending = wanted
            wish = replace(self._wish, order=COLUMNS[column].order, descending=descending)
            if self._start is not None and wish != self._wish:
                self._wish = wish
                self._load()

    def refresh(self, changes: ChangeSet) -> None:
        """Read again what was touched; the place in the list stays."""
        kinds = {kind for kind, _record in changes.records}
        if kinds & {"session", "activity", "venue", "staff", "return", "learner", "link"}:
            self._renew()

    # Deeds

    def _open_row(self, row: int) -> None:
        line = self.model.line(row)
        if line is not None:
            self.desk.go("roll_call", line.row.record)

    def _copy(self) -> None:
        line = self.model.line(self.grid.currentIndex().row())
        self.desk.go("activity", f"copy:{line.row.activity}" if line else "copy:last")

    def _edit_activity(self) -> None:
        line = self.model.line(self.grid.currentIndex().row())
        if line is not None and line.row.activity:
            self.desk.go("activity", line.row.activity)

    def _sheets(self) -> None:
        """F6: the sign-in sheets of the sessions chosen, those of units below as well."""
        chosen = sorted({index.row() for index in self.grid.selectedIndexes()})
        lines = [line for row in chosen if (line := self.model.line(row)) is not None]
        if lines:
            print_sheets(self.desk, self, [line.row.record for line in lines])

    def search(self) -> None:
        """Ctrl+F: the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def print_page(self) -> None:
        """Ctrl+P: which ledger to print."""
        self._paper(as_book=False)

    def _paper(self, *, as_book: bool) -> None:
        period = self._wish.period or self.desk.clock.now().strftime("%Y-%m")
        activity = self._wish.activity
        self.paper.begin(_KINDS, period, activity=activity, as_book=as_book)

    # Writing

    def finish(self) -> None:
        """Ctrl+S: the correction goes on with the reasons written; all else is saved already."""
        if self.correcting.pending:
            self.correcting.go_on()
        else:
            self.desk.say(_("Everything is saved."))

    def leave(self) -> bool:
        """A correction that was not answered is dropped; nothing else is unsaved here."""
        self.correcting.drop_all()
        self.paper.shut()
        return True

    def next_problem(self) -> bool:
        """F8: a reason still wanted, else the next session that was returned."""
        if not self.wanted.isHidden() and self.wanted.issues.focus_reason():
            return True
        row = self.grid.currentIndex().row()
        total = self.model.rowCount()
        for step in range(1, min(total, 1000) + 1):
            line = self.model.line((row + step) % total)
            if line is not None and line.state == "returned":
                self._stand((row + step) % total)
                return True
        return False
