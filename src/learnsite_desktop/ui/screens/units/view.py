"""The screen of units: the tree, opening files, population, computers; Ctrl+1…4 changes pages."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.unit_board import Board, board
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.units import edits
from learnsite_desktop.ui.screens.units.devices_page import DevicesPage
from learnsite_desktop.ui.screens.units.openings_page import OpeningsPage
from learnsite_desktop.ui.screens.units.population_page import PopulationPage
from learnsite_desktop.ui.screens.units.tree_page import UNDO_KEY, TreePage

TREE, OPENINGS, POPULATION, DEVICES = range(4)
ABOUT: Final = {"": TREE, "openings": OPENINGS, "population": POPULATION, "devices": DEVICES}
PROPOSALS: Final = "proposals"


class View(Screen):
    """Four pages over one board; `about` is a page's name or the code of a unit."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.board: Board | None = None
        self._waiting = ""
        self.tree, self.openings = TreePage(desk), OpeningsPage(desk)
        self.population, self.devices = PopulationPage(desk), DevicesPage(desk)
        self.pages = (self.tree, self.openings, self.population, self.devices)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(_("Pages"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.stack = QStackedWidget()
        for text, page in zip(
            (_("Units Ctrl+1"), _("Opening files Ctrl+2"), _("Population Ctrl+3"),
             _("Computers Ctrl+4")),
            self.pages, strict=True,
        ):  # fmt: skip
            self.tabs.addTab(text)
            self.stack.addWidget(page)
        self.tabs.currentChanged.connect(self._to_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        column.addWidget(self.stack, 1)
        self.tree.stale.connect(self.load)
        self.tree.opening_wanted.connect(self._write_for)
        self.devices.opening_wanted.connect(self._write_for)
        self.openings.stale.connect(self.load)
        self._add_keys()
        for page in (self.tree, self.devices):
            page.forming.connect(self._free_keys)

    def _add_keys(self) -> None:
        for number in range(len(self.pages)):
            self.key(f"Ctrl+{number + 1}", partial(self.tabs.setCurrentIndex, number))
        for deed in edits.DEEDS:
            self.key(deed.key, partial(self._deed, deed.key, deed.name))
        for keys, page, work in (
            (UNDO_KEY, TREE, self.tree.take_back),
            ("F10", TREE, self.tree.proposals.show),
            ("Ctrl+A", OPENINGS, self.openings.all_or_none),
            ("Ctrl+D", POPULATION, self.population.copy_last),
            ("Ctrl+E", POPULATION, self.population.write_copy),
        ):
            self.key(keys, partial(self._on, page, work))
        self.key("Ctrl+O", self._take_table)

    def _free_keys(self) -> None:
        """Leave the keys of the deeds to the fields of a form while one is in front: F4 opens."""
        front = self.pages[self.tabs.currentIndex()]
        busy = isinstance(front, TreePage | DevicesPage) and front.has_form
        keys = [QKeySequence(deed.key) for deed in edits.DEEDS]
        for action in self.actions():
            if action.shortcut() in keys:
                action.setEnabled(not busy)

    def _on(self, page: int, work: Callable[[], None]) -> None:
        if self._at(page):
            work()

    def _at(self, page: int) -> bool:
        return self.tabs.currentIndex() == page

    def _deed(self, key: str, name: str) -> None:
        if self._at(TREE):
            self.tree.key(name)
        elif self._at(DEVICES):
            deeds = {
                "F3": self.devices.certify,
                "F4": self.devices.begin_grant,
                "F7": self.devices.begin_revoking,
                "F6": self.devices.introduce,
                "F5": self.devices.drills,
            }
            if key in deeds:
                deeds[key]()
        elif self._at(POPULATION) and key == "Del":
            self.population.empty_cell()

    def _take_table(self) -> None:
        if self._at(TREE):
            self.tree.import_table()
        elif self._at(POPULATION):
            self.population.choose_table()

    # What the window calls

    def open(self, about: str) -> None:
        """Show a page, the list of proposals, or a unit in the tree."""
        if about in ABOUT:
            self.tabs.setCurrentIndex(ABOUT[about] if about else self.tabs.currentIndex())
        else:
            self._waiting = about
            self.tabs.setCurrentIndex(TREE)
        if self.board is None or self.take_stale():
            self.load()
        self._to_page(self.tabs.currentIndex())
        if self.board is not None:
            self._show_waiting()

    def refresh(self, changes: ChangeSet) -> None:
        """What was received or entered may change every page."""
        del changes
        self.load()

    def finish(self) -> None:
        """Ctrl+S: the deed of the page."""
        (self.tree, self.openings, self.population, self.devices)[self.tabs.currentIndex()].finish()

    def search(self) -> None:
        """Ctrl+F: to the search for a unit."""
        self.tabs.setCurrentIndex(TREE)
        self.tree.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.tree.search.selectAll()

    def print_page(self) -> None:
        """Ctrl+P: the slips of the opening files."""
        if self._at(OPENINGS):
            self.openings.print_slips()

    def next_problem(self) -> bool:
        """F8: the next entry of population that is wrong."""
        return self._at(POPULATION) and self.population.next_problem()

    # Showing

    def load(self) -> None:
        """Ask how the units stand."""
        self.desk.look_up(_("Looking at the units"), lambda ws, _p: board(ws), self._show)

    def _show(self, found: Board) -> None:
        first, self.board = self.board is None, found
        for page in self.pages:
            page.show_board(found)
        if first and self.isVisible():
            self._to_page(self.tabs.currentIndex())
        self._show_waiting()

    def _show_waiting(self) -> None:
        """Show what was asked for before the board was there."""
        waiting, self._waiting = self._waiting, ""
        if waiting == PROPOSALS:
            self.tree.proposals.show()
        elif waiting:
            self.tree.select(waiting)

    def _to_page(self, number: int) -> None:
        self.stack.setCurrentIndex(number)
        self._free_keys()
        if number == TREE:
            self.tree.view.setFocus()
        elif number == OPENINGS:
            self.openings.begin()
        elif number == POPULATION:
            self.population.begin()
        else:
            self.devices.begin()

    def _write_for(self, code: str) -> None:
        self.tabs.setCurrentIndex(OPENINGS)
        self.openings.only(code)
