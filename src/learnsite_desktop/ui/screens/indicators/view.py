"""Figures on the screen: a table of units, its charts, and the records behind every figure."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.indicators import charting, presenter
from learnsite_desktop.ui.screens.indicators.aiming import Aiming
from learnsite_desktop.ui.screens.indicators.drilling import Drilling
from learnsite_desktop.ui.screens.indicators.figures_page import FiguresPage
from learnsite_desktop.ui.widgets.flow import FlowLayout


class View(Screen):
    """Units by indicators, periods or a dimension; Enter goes down, Esc comes back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.figures = FiguresPage(desk)
        self.drilling = Drilling(desk)
        self.aiming = Aiming(desk)
        self.pages = QStackedWidget()
        self._buttons: dict[str, QPushButton] = {}
        for page in (self.figures, self.drilling.page, self.aiming.card):
            self.pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages, 1)
        whole.addWidget(self._deeds())
        self.figures.drilled.connect(self._drill)
        self.figures.turned.connect(self._name_buttons)
        self.drilling.closed.connect(self._to_figures)
        self.drilling.turned.connect(self._name_buttons)
        self.drilling.unit_wanted.connect(self._to_unit)
        self.aiming.card.closed.connect(self._to_figures)
        self.aiming.changed.connect(self._aimed)
        self._name_buttons()

    def _deeds(self) -> QWidget:
        line = QWidget()
        flow = FlowLayout(line)
        page = self.figures
        for keys, icon, deed in (
            ("F3", "ledger", self._turn),
            ("F4", "calendar", lambda: self._write_in(page.top.period)),
            ("F5", "indicators", lambda: self._at_figures(page.turn_chart)),
            ("Shift+F3", "approved", lambda: self._show(presenter.other_basis)),
            ("Shift+F4", "clock", lambda: self._show(presenter.other_tree)),
            ("F10", "ok", self._show_targets),
            ("Ctrl+P", "print", self.print_page),
        ):
            button = QPushButton()
            icons.tint(button, icon)
            button.clicked.connect(deed)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            if keys != "Ctrl+P":
                self.key(keys, deed)
            self._buttons[keys] = button
            flow.addWidget(button)
        self.key("Ctrl+E", self._keep_table)
        return line

    def _name_buttons(self) -> None:
        ask, kind = self.figures.ask, self.figures.drawing.kind
        words = {
            "F3": _(presenter.MODE_WORDS[ask.mode]),
            "F4": _("Period"),
            "F5": render(_("Chart: %(kind)s"), {"kind": _(charting.KIND_WORDS[kind])}),
            "Shift+F3": _(presenter.BASIS_NAMES[ask.basis]),
            "Shift+F4": _(presenter.TREE_WORDS[ask.tree]),
            "F10": _("Targets"),
            "Ctrl+P": _("Keep chart"),
        }
        if self._on(self.drilling.page):
            words["F3"] = self.drilling.other_part()
        for keys, text in words.items():
            self._buttons[keys].setText(f"{text} {keys}")
            here = self._on(self.figures) and (keys != "Ctrl+P" or bool(kind))
            elsewhere = keys == "F3" and self._on(self.drilling.page)
            self._buttons[keys].setVisible(here or elsewhere)

    def _on(self, page: QWidget) -> bool:
        return self.pages.currentWidget() is page

    # What the window calls

    def open(self, about: str) -> None:
        """Show the figures as they were left, or a unit's; what was written since is counted."""
        self.take_stale()
        if about:
            self.pages.setCurrentWidget(self.figures)
        self.figures.open(about)
        if self._on(self.drilling.page):
            self.drilling.page.list.setFocus()
        elif self._on(self.figures):
            self.figures.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, changes: ChangeSet) -> None:
        """Count again after something was written; what is shown stays until then."""
        del changes
        self.figures.renew()

    def search(self) -> None:
        """Ctrl+F: the unit."""
        self._write_in(self.figures.top.unit)

    def print_page(self) -> None:
        """Ctrl+P: keep the chart as a file."""
        self.figures.drawing.keep()

    def next_problem(self) -> bool:
        """F8: the next figure in this column that misses its target."""
        return self._on(self.figures) and self.figures.next_missed()

    def finish(self) -> None:
        """Ctrl+S: over the list of targets, issue the published ones."""
        if self._on(self.aiming.card):
            self.aiming.issue()
        else:
            self.desk.say(_("Everything is saved."))

    # Going about

    def _drill(self, told: Any) -> None:
        value, name = told
        self.pages.setCurrentWidget(self.drilling.page)
        self.drilling.begin(value, name, self.figures.ask)
        self._name_buttons()

    def _to_figures(self) -> None:
        self.pages.setCurrentWidget(self.figures)
        self._name_buttons()
        self.figures.grid.setFocus()

    def _at_figures(self, deed: Any) -> None:
        self._to_figures()
        deed()

    def _show(self, other: Any) -> None:
        self._at_figures(lambda: self.figures.show_ask(other(self.figures.ask)))

    def _to_unit(self, unit: str) -> None:
        self._at_figures(lambda: self.figures.show_unit(unit))

    def _write_in(self, field: QLineEdit) -> None:
        self.pages.setCurrentWidget(self.figures)
        self._name_buttons()
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.selectAll()

    def _turn(self) -> None:
        """F3: the columns by something else; over records, the other part of the figure."""
        if self._on(self.drilling.page):
            self.drilling.turn()
            self._name_buttons()
        else:
            self._at_figures(self.figures.turn)

    def _show_targets(self) -> None:
        self.pages.setCurrentWidget(self.aiming.card)
        self._name_buttons()
        self.aiming.begin()

    def _aimed(self) -> None:
        self._to_figures()
        self.figures.renew()

    def _keep_table(self) -> None:
        if self._on(self.aiming.card):
            self.aiming.keep()
