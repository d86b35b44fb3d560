"""The choices above the figures: unit, period, indicator, dimension, and how units are counted."""

from dataclasses import replace
from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.figure_views.table import CELLS, INDICATORS, Ask
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.screens.indicators import presenter
from learnsite_desktop.ui.widgets.choices import CodeChoice

_LEAST: Final = 90
"""The least width of a field, in pixels: four of them stand in a line."""


class PeriodChoice(CodeChoice):
    """Periods to choose from; any other can be typed: 2026-03, 2026-Q1, 2026-H1, 2025-2026."""

    def read(self, text: str) -> str | None:
        """Return the period of a word of the list, or one that was typed."""
        return super().read(text) or (presenter.readable_period(text) if text.strip() else None)


class Top(QWidget):
    """The fields; `asked` brings the Ask that one of them changed."""

    asked = Signal(object)

    def __init__(self, desk: Desk, today: date) -> None:
        super().__init__()
        self._desk, self._today = desk, today
        self._ask = Ask("", "2000")
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.unit = CodeChoice(_("Unit"), ())
        self.period = PeriodChoice(_("Period"), ())
        self.indicator = CodeChoice(_("Indicator"), ())
        self.dimension = CodeChoice(_("Dimension"), ())
        self._labels = {
            field: QLabel(f"{field.accessibleName()}")
            for field in (self.unit, self.period, self.indicator, self.dimension)
        }
        for field, label in self._labels.items():
            label.setBuddy(field)
        fields = QHBoxLayout(self)
        fields.setContentsMargins(0, 0, 0, 0)
        for field, room in (
            (self.unit, 5),
            (self.period, 4),
            (self.indicator, 5),
            (self.dimension, 3),
        ):
            field.setMinimumWidth(_LEAST)
            fields.addWidget(self._labels[field])
            fields.addWidget(field, room)
        fields.addWidget(self.count)
        for field in (self.unit, self.period, self.indicator, self.dimension):
            field.committed.connect(self._take)

    def load(self) -> None:
        """Read what there is to choose from."""
        self.unit.set_options(self._desk.read(presenter.unit_options))
        self.period.set_options(presenter.period_options(self._today))
        self.indicator.set_options(presenter.indicator_options())

    def show_ask(self, ask: Ask) -> None:
        """Show the choices of a table."""
        self._ask = ask
        self.unit.set_value(ask.unit)
        self.period.set_value(ask.period)
        self.indicator.set_value(ask.indicator)
        self.dimension.set_options(presenter.dimension_options(ask.indicator))
        self.dimension.set_value(ask.dimension)
        for field, shown in (
            (self.indicator, ask.mode != INDICATORS),
            (self.dimension, ask.mode == CELLS),
        ):
            field.setVisible(shown)
            self._labels[field].setVisible(shown)

    def show_count(self, done: int, total: int) -> None:
        """Say how many rows are there."""
        self.count.setText(presenter.progress_words(done, total, self._ask.basis))

    def _take(self) -> None:
        """Ask for what the fields say now; one that was emptied shows again what it was."""
        unit, period = self.unit.value(), self.period.value()
        indicator, dimension = self.indicator.value(), self.dimension.value()
        if not (unit and period and indicator):
            self.show_ask(self._ask)
            return
        ask = replace(self._ask, unit=unit, period=period, dimension=dimension)
        self.asked.emit(presenter.with_indicator(ask, indicator))
