"""The registry of tables on the screen: what there is, and one more that a department asks for."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services.codes import codes_in_force
from learnsite_desktop.services.official.registry import (
    Added,
    TableCard,
    add_table,
    overlaps,
)
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.screens.reports import presenter
from learnsite_desktop.ui.screens.reports.cards import TableCard as AskCard
from learnsite_desktop.ui.screens.reports.pages import Page
from learnsite_desktop.ui.widgets.row_list import RowList

_ABOUT = N_(
    "Before a department's table is handed to the villages: is it asked for already? Ctrl+S "
    "takes its Excel file; what other tables hold is named, and printed from there."
)


class Tables:
    """The page of registered tables, and the card that asks who wants a new one."""

    def __init__(self, desk: Desk, parent: QWidget, show_page: Callable[[QWidget], None]) -> None:
        self._desk, self._parent, self._show_page = desk, parent, show_page
        heads = (_("Table"), _("Department"), _("Columns"), _("Origin"))
        self.page = Page(RowList(_("Tables"), heads, wide=(0,)))
        self.card = AskCard()
        self.page.layout().insertWidget(2, self.card)  # type: ignore[union-attr]
        self.card.closed.connect(self.page.focus)
        self.page.rows.moved.connect(self._tell)
        self.page.add_button(_("Register a table (Ctrl+S)"), "add", self.finish, primary=True)
        self.page.add_button(_("Back (Esc)"), "back", self.page.closed.emit)

    def show(self) -> None:
        """Show the page."""
        self.refresh()
        self._show_page(self.page)
        self.page.focus()

    def refresh(self) -> None:
        """Show the tables that there are now."""
        self.page.rows.show_rows(self._desk.read(presenter.table_rows))
        self._tell()

    def finish(self) -> None:
        """Ctrl+S: register the table of the open card, else ask for a file."""
        if not self.card.isHidden():
            self.card.save()
            return
        found, _kind = QFileDialog.getOpenFileName(
            self._parent,
            _("The table that a department asks for"),
            "",
            "*.xlsx *.xls *.csv *.json (*.xlsx *.xls *.csv *.json)",
        )
        if found:
            self.ask(Path(found))

    def ask(self, path: Path) -> None:
        """Ask who wants the table in `path`."""
        words = self._desk.read(
            lambda ws: codes_in_force(ws.database).words("department", language())
        )
        self.card.ask(path, list(words.items()), self._register)

    def _register(self, path: Path, name: str, department: str) -> None:
        operator = self._desk.operator
        self._desk.write(
            _("Registering the table"),
            lambda ws, _progress: add_table(
                ws, path, name=name, department=department, operator=operator
            ),
            self._registered,
            self._refused,
        )

    def _registered(self, added: Added) -> None:
        self.refresh()
        self.page.rows.select(added.record)
        self.page.focus()
        text = _("Registered: %(name)s, %(count)s columns.")
        said = {"name": added.table.name, "count": len(added.table.columns)}
        self._desk.say_done(render(text, said), added)

    def _refused(self, refusal: Refusal) -> None:
        self._desk.feedback.refuse(refusal)
        self.page.focus()

    def _tell(self) -> None:
        row = self.page.rows.current()
        if row is None or not isinstance(row.what, TableCard):
            self.page.say(_("Tables"), _(_ABOUT))
            return
        table = row.what
        labels = presenter.some([column.label for column in table.columns])
        parts = [render(_("Columns: %(what)s."), {"what": labels})]
        held = self._desk.read(lambda ws: overlaps(ws, table)) if table.origin != "own" else []
        for one in held[:3]:
            said = {"name": one.name, "what": presenter.some(one.columns)}
            parts.append(render(_("“%(name)s” holds %(what)s."), said))
        self.page.say(_("Tables"), _(_ABOUT) + "\n" + " ".join(parts))
