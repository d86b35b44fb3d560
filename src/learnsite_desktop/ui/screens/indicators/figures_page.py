"""The page of the table: choices above, units and figures, a chart beside, words below."""

from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from learnsite_desktop.domain.charts import Mark
from learnsite_desktop.services.figure_views.table import Ask
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.figure_route import read_about
from learnsite_desktop.ui.screens.indicators import charting, presenter
from learnsite_desktop.ui.screens.indicators.drawing import Drawing
from learnsite_desktop.ui.screens.indicators.grid import Grid
from learnsite_desktop.ui.screens.indicators.loading import Loading
from learnsite_desktop.ui.screens.indicators.model import UNIT, FiguresModel
from learnsite_desktop.ui.screens.indicators.presenter import Figure
from learnsite_desktop.ui.screens.indicators.said import Said
from learnsite_desktop.ui.screens.indicators.top import Top


class FiguresPage(QWidget):
    """One table at a time. `drilled` brings (figure, name of its unit); `turned` a new Ask."""

    drilled = Signal(object)
    turned = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        today = desk.clock.now().date()
        self._desk = desk
        self.ask = Ask(desk.unit, presenter.last_month(today))
        self._total, self._place, self._key = 0, desk.unit, ""
        self.model = FiguresModel()
        self.grid = Grid(self.model)
        self.top, self.said = Top(desk, today), Said()
        self.loading, self.drawing = Loading(desk), Drawing(desk)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.grid)
        self._split.addWidget(self.drawing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.top)
        column.addWidget(self._split, 1)
        column.addWidget(self.said)
        self.loading.begun.connect(self._begun)
        self.loading.came.connect(self._came)
        self.loading.renewed.connect(self._renewed)
        self.grid.opened.connect(self._enter)
        self.grid.risen.connect(self._rise)
        self.grid.moved.connect(self._moved)
        self.top.asked.connect(self.show_ask)
        self.drawing.chosen.connect(self._mark)

    def open(self, about: str) -> None:
        """Show a unit, or one figure as `ui.figure_route` tells it; "" for what was left here.

        What was written since is counted.
        """
        self.top.load()
        figure = read_about(about)
        if figure is not None:
            ask, self._key = figure
            self._place = ask.unit
            self.show_ask(ask)
        elif about and about != self.ask.unit:
            self.show_unit(about)
        elif not self.model.rows:
            self.show_ask(self.ask)
        else:
            self.renew()

    def renew(self) -> None:
        """Count again; what is shown stays until then."""
        self.loading.renew(self.ask)

    def show_unit(self, unit: str) -> None:
        """Show the same table of another unit, with that unit current."""
        self._place = unit
        self.show_ask(presenter.of_unit(self.ask, unit))

    def show_ask(self, ask: Ask) -> None:
        """Show another table; the place is kept by unit and column as far as it can be."""
        self.ask = ask
        place, key = self._place, self._key
        self.model.begin(ask)
        self._place, self._key = place, key
        self.top.show_ask(ask)
        self.grid.can_rise = len(self._desk.read(lambda ws: presenter.path_of(ws, ask.unit))) > 1
        self.loading.load(ask)
        self._moved()
        self.turned.emit()

    def turn(self) -> None:
        """Show the next sort of columns, for the current figure."""
        value, ask = self.figure(), self.ask
        if value is not None:
            ask = presenter.with_indicator(ask, str(value["id"]))
        ask = presenter.next_mode(ask)
        self._key = presenter.first_key(ask)
        self.show_ask(ask)

    def turn_chart(self) -> None:
        """Show the next chart; the first takes its share of the room."""
        fresh = self.drawing.isHidden()
        self.drawing.turn(self.figure(), self.ask)
        self._draw()
        if fresh:
            room = self._split.width()
            self._split.setSizes([room * 3 // 5, room * 2 // 5])
        self.turned.emit()

    def figure(self) -> Figure | None:
        """Return the current figure, None on a unit's name."""
        here = self.grid.currentIndex()
        return self.model.figure(here.row(), here.column())

    def next_missed(self) -> bool:
        """Go to the next figure of this column that misses its target; False if there is none."""
        here = self.grid.currentIndex()
        row = presenter.worst(self.model.rows, self._key, here.row()) if self._key else -1
        if row >= 0:
            self.grid.setCurrentIndex(self.model.index(row, here.column()))
        return row >= 0

    def _begun(self, total: int) -> None:
        self._total = total
        self.top.show_count(0, total)

    def _came(self, row: Any) -> None:
        place, key = self._place, self._key
        here = self.grid.currentIndex()
        self.model.add(row)
        self._place, self._key = place, key
        self.top.show_count(len(self.model.rows), self._total)
        if row.unit == self._place or not (here.isValid() and self.grid.currentIndex().isValid()):
            self._stand(place, key)
            self._place = place
        if self.drawing.kind in charting.OF_UNITS:
            self._draw()

    def _renewed(self, rows: Any) -> None:
        if rows != self.model.rows:
            place, key = self._place, self._key
            self.model.replace(rows)
            self._stand(place, key)
        self.top.show_count(len(rows), len(rows))
        self._draw()

    def _stand(self, unit: str, key: str) -> None:
        """Make the cell of a unit in a column current, the unit's name without a column."""
        row = max(self.model.row_of(unit), 0)
        index = self.model.index(row, self.model.column_of(key) if key else UNIT)
        self.grid.setCurrentIndex(index)
        self.grid.scrollTo(index)

    def _moved(self) -> None:
        """Say in words what the current cell shows, and draw it."""
        here = self.grid.currentIndex()
        row = self.model.rows[here.row()] if here.isValid() else None
        if row is not None:
            self._place = row.unit
            self._key = self.model.columns[here.column() - 1].key if here.column() > UNIT else ""
        value = self.figure()
        if value is None or row is None:
            below = row is not None and here.row() > 0 and not row.leaf
            lacking = presenter.lacking_of(row, self.ask) if row is not None else ""
            self.said.say_unit(row, below=below, lacking=lacking)
        else:
            self.said.say(presenter.detail_of(value, row.name, self.ask))
        self._draw()

    def _draw(self) -> None:
        key = self._key or presenter.first_key(self.ask)
        self.drawing.draw(self.model.rows, max(self.grid.currentIndex().row(), 0), key, self.ask)

    def _enter(self, index: QModelIndex) -> None:
        """Enter: a unit's name opens the units below it, a figure its records."""
        row = self.model.rows[index.row()]
        value = self.model.figure(index.row(), index.column())
        if value is not None:
            self.drilled.emit((value, row.name))
        elif index.column() == UNIT and index.row() and not row.leaf:
            self.show_unit(row.unit)

    def _rise(self) -> None:
        """Esc: the unit above, with this one current."""
        path = self._desk.read(lambda ws: presenter.path_of(ws, self.ask.unit))
        if len(path) > 1:
            self._place = self.ask.unit
            self.show_ask(presenter.of_unit(self.ask, path[-2]))

    def _mark(self, mark: Mark) -> None:
        """Go to the unit that was chosen in tiles or bars."""
        if self.drawing.kind in charting.OF_UNITS:
            below = self.model.rows[1:] or self.model.rows
            self._stand(below[mark.place].unit, self._key)
            self.grid.setFocus()
