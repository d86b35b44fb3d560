"""Printing sign-in sheets of villages: a week's planned sessions, all of them or some."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.screens.tools import presenter
from learnsite_desktop.ui.screens.tools.page import Page
from learnsite_desktop.ui.screens.tools.presenter import Row
from learnsite_desktop.ui.sheet_printing import print_sheets
from learnsite_desktop.ui.widgets.row_list import RowList


class SheetsPage(Page):
    """Enter takes a session, or on a unit all of its, out and in again; Left and Right turn weeks.

    Ctrl+P shows the pages.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Print sign-in sheets"))
        self._ahead = 0
        self._left_out: frozenset[str] = frozenset()
        self._week = QLabel()
        self.list: RowList[Row] = RowList(
            _("Planned sessions"), (_("Unit"), _("Session"), _("Date"), _("State")), wide=(1,)
        )
        self.list.chosen.connect(self._toggle)
        top = QHBoxLayout()
        top.addWidget(self._week)
        top.addStretch(1)
        for keys, text, icon, step in (
            ("←", _("Week before"), "back", -1),
            ("→", _("Week after"), "forward", 1),
        ):
            button = QPushButton(f"{text} {keys}")
            icons.tint(button, icon)
            button.clicked.connect(lambda _on=False, step=step: self._turn(step))
            top.addWidget(button)
            key = Qt.Key.Key_Left if step < 0 else Qt.Key.Key_Right
            turning = QShortcut(QKeySequence(key), self.list, lambda step=step: self._turn(step))
            turning.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.column.addLayout(top)
        self.column.addWidget(self.list, 1)
        self.end_with({"Ctrl+P": (_("Show the pages"), "print")})
        self.deeds["Ctrl+P"].clicked.connect(self.print_page)

    def open(self) -> None:
        """Show this week's sessions."""
        self._draw()
        self.list.setFocus()

    def search(self) -> None:
        """To the list."""
        self.list.setFocus()

    def refresh(self, changes: ChangeSet) -> None:
        """Sessions may have come or gone."""
        del changes
        self._draw()

    def print_page(self) -> None:
        """Ctrl+P: fix the lists as they are printed and show all pages in one booklet."""
        wanted = self._printing()
        if not wanted:
            self.desk.say(_("Nothing to print: no session is planned in this week."), Tone.NOTE)
            return
        print_sheets(self.desk, self, wanted)

    def _printing(self) -> list[str]:
        return [
            row.key for row in self.list.rows() if row.kind == "session" and row.status == "final"
        ]

    def _turn(self, step: int) -> None:
        self._ahead += step
        self._draw()
        self.list.setFocus()

    def _toggle(self, row: Row) -> None:
        rows = self.list.rows()
        if row.kind == "unit":
            place = rows.index(row) + 1
            keys: set[str] = set()
            while place < len(rows) and rows[place].kind == "session":
                keys.add(rows[place].key)
                place += 1
        else:
            keys = {row.key}
        out = keys <= self._left_out
        self._left_out = self._left_out - keys if out else self._left_out | keys
        self._draw()

    def _draw(self) -> None:
        first, last = presenter.week_of(self.desk.clock.now().date(), self._ahead)
        rows = self.desk.read(lambda ws: presenter.session_rows(ws, first, last, self._left_out))
        self.list.show_rows(rows)
        self._week.setText(
            render(_("Week %(first)s to %(last)s"), {"first": f"{first}", "last": f"{last}"})
        )
        units = sum(row.kind == "unit" for row in rows)
        said = {"count": len(self._printing()), "units": units}
        empty = _("No session is planned in this week. → goes on to the next one.")
        found = _("%(count)s sheets of %(units)s units. Enter takes one out and in again.")
        self.line.setText(render(found, said) if rows else empty)
