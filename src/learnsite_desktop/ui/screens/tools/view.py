"""The tools: a page of them reached by digits, and each on a page of its own."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.tools import presenter
from learnsite_desktop.ui.screens.tools.batch import BatchPage
from learnsite_desktop.ui.screens.tools.compare import ComparePage
from learnsite_desktop.ui.screens.tools.entering import EnteringPage
from learnsite_desktop.ui.screens.tools.page import Page
from learnsite_desktop.ui.screens.tools.presenter import Row
from learnsite_desktop.ui.screens.tools.registers import RegistersPage
from learnsite_desktop.ui.screens.tools.sheets import SheetsPage
from learnsite_desktop.ui.widgets.row_list import RowList

_PAGES: Final[dict[str, Callable[[Desk], Page]]] = {
    presenter.COMPARE: ComparePage,
    presenter.BATCH: BatchPage,
    presenter.ENTERING: EnteringPage,
    presenter.SHEETS: SheetsPage,
    presenter.REGISTERS: RegistersPage,
}
_KEYS: Final = ("F3", "F5", "F6", "Ctrl+O")


class View(Screen):
    """A digit or Enter opens a tool or a screen, Esc comes back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._pages: dict[str, Page] = {}
        self._stack = QStackedWidget()
        self.list: RowList[Row] = RowList(
            _("Tools"), (_("Key"), _("Tool"), _("What for"), ""), wide=(2,)
        )
        self.list.chosen.connect(self._choose)
        self.list.typed.connect(self._type)
        self._stack.addWidget(self.list)
        hint = QLabel(_("Press the digit, or Enter on a row."))
        hint.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack, 1)
        column.addWidget(hint)
        self._hint = hint
        for keys in _KEYS:
            self.key(keys, partial(self._press, keys))

    # What the window calls

    def heading(self) -> str:
        """The entry's own label stands above."""
        return ""

    def open(self, about: str) -> None:
        """Show the tools, or the tool that `about` names."""
        self.list.show_rows(presenter.tool_rows(self.desk.tier))
        if about in _PAGES:
            self._show(about)
        else:
            self._back()

    def refresh(self, changes: ChangeSet) -> None:
        """Tell the tool that is shown."""
        page = self._page()
        if page is not None:
            page.refresh(changes)

    def finish(self) -> None:
        """Ctrl+S of the tool."""
        page = self._page()
        if page is not None:
            page.finish()

    def search(self) -> None:
        """Ctrl+F of the tool."""
        page = self._page()
        if page is not None:
            page.search()

    def print_page(self) -> None:
        """Ctrl+P of the tool; on the page of tools it opens the printing of sheets."""
        page = self._page()
        if page is not None:
            page.print_page()
        else:
            self._show(presenter.SHEETS)

    def next_problem(self) -> bool:
        """F8 of the tool."""
        page = self._page()
        return page.next_problem() if page is not None else False

    # Within

    def _page(self) -> Page | None:
        page = self._stack.currentWidget()
        return page if isinstance(page, Page) else None

    def _press(self, keys: str) -> None:
        page = self._page()
        if page is not None and keys in page.deeds:
            page.deeds[keys].click()

    def _type(self, text: str) -> None:
        for row in self.list.rows():
            if row.kind != "heading" and row.cells[0] == text:
                self._choose(row)
                return

    def _choose(self, row: Row) -> None:
        if row.kind == "screen":
            self.desk.go(row.key)
        else:
            self._show(row.key)

    def _show(self, name: str) -> None:
        page = self._pages.get(name)
        if page is None:
            page = self._pages[name] = _PAGES[name](self.desk)
            page.closed.connect(self._back)
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self._hint.hide()
        page.open()

    def _back(self) -> None:
        former = self._page()
        self._stack.setCurrentWidget(self.list)
        self._hint.show()
        if former is not None:
            name = next(name for name, page in self._pages.items() if page is former)
            self.list.select(name)
        self.list.setFocus()
