"""What was written here: the reports, and where each number of one came from."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.indicators import registry
from learnsite_desktop.services.official.written import Origin, Written, origins
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.figure_route import figure_about
from learnsite_desktop.ui.screens.reports import presenter
from learnsite_desktop.ui.screens.reports.pages import NumberPage, Page
from learnsite_desktop.ui.screens.reports.presenter import Row
from learnsite_desktop.ui.widgets.row_list import RowList


class Past:
    """The history of reports and the numbers of one; `show_page` brings a page to the front."""

    def __init__(self, desk: Desk, show_page: Callable[[QWidget], None]) -> None:
        self._desk, self._show_page = desk, show_page
        heads = (_("Written at"), _("Report"), _("Period"), _("State code"), _("Cells"))
        self.list = Page(RowList(_("Reports written here"), heads, wide=(1,)))
        self.numbers = NumberPage()
        self.pages = (self.list, self.numbers)
        self._key = ""
        self.list.rows.chosen.connect(self._open)
        self.list.add_button(_("Numbers (Enter)"), "search", self._open_current)
        self.list.add_button(_("Back (Esc)"), "back", self.list.closed.emit)
        self.numbers.rows.chosen.connect(self._to_figure)
        self.numbers.wanted.connect(self._find)
        self.numbers.closed.connect(self._to_list)
        self.numbers.add_button(_("Its records (Enter)"), "indicators", self._current_to_figure)
        self.numbers.add_button(_("Back (Esc)"), "back", self.numbers.closed.emit)

    def show(self, found: Sequence[Written]) -> None:
        """Show the reports written here."""
        self.list.rows.show_rows(presenter.written_rows(found))
        about = _(
            "Somebody asks where a number comes from: choose the report (its state code is printed "
            "at its end), then type the number."
        )
        none = _("No report was written on this computer yet. Esc goes back, Enter there writes.")
        self.list.say(_("Reports written here"), about if found else none)
        self._to_list()

    def _to_list(self) -> None:
        self._show_page(self.list)
        self.list.focus()

    def search(self) -> None:
        """Put the focus where a number is typed."""
        if self.numbers.isVisible():
            self.numbers.field.setFocus()

    def _open_current(self) -> None:
        row = self.list.rows.current()
        if row is not None:
            self._open(row)

    def _open(self, row: Row) -> None:
        self._key = row.key
        self.numbers.field.clear()
        said = {"name": row.cells[1], "period": row.cells[2], "state": row.cells[3]}
        self.numbers.say(render(_("%(name)s, %(period)s, state %(state)s"), said))
        self._find("")
        self._show_page(self.numbers)
        self.numbers.field.setFocus()

    def _find(self, number: str) -> None:
        key = self._key

        def rows(workspace: Any, _progress: Any) -> list[Row]:
            return list(presenter.number_rows(workspace, origins(workspace, key, number)))

        self._desk.look_up("", rows, self.numbers.rows.show_rows)

    def _current_to_figure(self) -> None:
        row = self.numbers.rows.current()
        if row is not None:
            self._to_figure(row)

    def _to_figure(self, row: Row) -> None:
        origin: Origin = row.what
        if origin.id not in registry():
            text = _("This counts records of a register; look at them on the screen Units.")
            self._desk.say(text, Tone.NOTE)
            return
        about = figure_about(
            origin.id,
            unit=origin.unit,
            period=origin.period,
            cell=origin.cell,
            basis=origin.basis,
            tree=origin.tree,
        )
        self._desk.go("indicators", about)
