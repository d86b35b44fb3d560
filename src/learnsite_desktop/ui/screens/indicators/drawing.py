"""The chart beside the figures: which one, what it is made of, and keeping it as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFileDialog, QStyle, QVBoxLayout, QWidget

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.paint.charts import write_chart
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.figure_views.compare import compare
from learnsite_desktop.services.figure_views.table import PERIODS, Ask, Row, row
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.screens.indicators import charting
from learnsite_desktop.ui.screens.indicators.presenter import Figure
from learnsite_desktop.ui.widgets.chart import ChartView
from learnsite_desktop.ui.widgets.scrolled import scrolled

_LEAST_LINES: Final = 18
"""The least width, in heights of a line of text."""


class Drawing(QWidget):
    """Shows one chart of the current figure; `chosen` brings the number of a place in it."""

    chosen = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.kind = charting.NO_CHART
        self._asked = 0
        self.chart = ChartView()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(scrolled(self.chart), 1)
        self.chart.chosen.connect(self.chosen.emit)
        theme.signals().changed.connect(self._leave_room)
        self._leave_room()
        self.hide()

    def _leave_room(self) -> None:
        """Never be narrower than the chart can be drawn, with a scroll bar beside it."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        letters = QFontMetrics(theme.font_of(theme.points())).height()
        self.setMinimumWidth(letters * _LEAST_LINES + bar)

    def turn(self, value: Figure | None, ask: Ask) -> None:
        """Go on to the next kind of chart."""
        self.kind = charting.following(self.kind, value, ask)

    def draw(self, rows: Sequence[Row], at: int, key: str, ask: Ask) -> None:
        """Draw the chart for the figure in row `at` and the column `key`."""
        self._asked += 1
        value = rows[at].figures.get(key) if 0 <= at < len(rows) else None
        self.setVisible(self.kind != charting.NO_CHART)
        if value is None or self.kind == charting.NO_CHART:
            self.chart.show_chart(None)
        elif self.kind == charting.TREND:
            self._look(value, rows[at].name, ask)
        elif self.kind == charting.SPREAD:
            self._compare(value, rows[at].name, ask)
        else:
            self.chart.show_chart(charting.of_units(self.kind, rows, key, ask))

    def _newest(self, show: Any) -> Any:
        """Return a callback that passes only the answer of the newest question on."""
        mine = self._asked

        def told(found: Any) -> None:
            if mine == self._asked and found is not None:
                show(found)

        return told

    def _look(self, value: Figure, name: str, ask: Ask) -> None:
        unit, indicator, mine = str(value["unit"]), str(value["id"]), self._asked
        over = replace(ask, unit=unit, mode=PERIODS, indicator=indicator, period=value["period"])

        def question(workspace: Any, _progress: Any) -> Row | None:
            return row(workspace, over, unit) if mine == self._asked else None

        def show(found: Row) -> None:
            self.chart.show_chart(charting.trend(replace(found, name=name), indicator, over))

        self._desk.look_up("", question, self._newest(show))

    def _compare(self, value: Figure, name: str, ask: Ask) -> None:
        mine = self._asked

        def question(workspace: Any, progress: Any) -> Mapping[str, Any] | None:
            def still(done: int, total: int, label: str) -> None:
                if mine != self._asked:
                    raise _Dropped
                progress(done, total, label)

            try:
                return compare(
                    workspace,
                    str(value["id"]),
                    period=str(value["period"]),
                    unit=str(value["unit"]),
                    basis=ask.basis,
                    tree=ask.tree,
                    progress=still,
                )
            except _Dropped:
                return None

        def show(found: Mapping[str, Any]) -> None:
            self.chart.show_chart(charting.spread(found, name, ask))

        self._desk.look_up(_("Comparing units of the same class"), question, self._newest(show))

    # Keeping

    def keep(self) -> None:
        """Ask for a name and write the chart as SVG, PDF or PNG."""
        chart = self.chart.chart
        if chart is None:
            self._desk.say(_("There is no chart: choose one with F5, then keep it."))
            return
        place = QStandardPaths.StandardLocation.DocumentsLocation
        name = chart.title.replace("/", "-").replace(" · ", " ")
        start = Path(QStandardPaths.writableLocation(place)) / f"{name}.svg"
        kinds = ("SVG (*.svg)", "PDF (*.pdf)", "PNG (*.png)")
        found, kind = QFileDialog.getSaveFileName(
            self, _("Keep the chart"), str(start), ";;".join(kinds)
        )
        if found:
            path = Path(found)
            suffix = kind.partition("*")[2].rstrip(")") or ".svg"
            self.write_to(path if path.suffix else path.with_suffix(suffix))

    def write_to(self, path: Path) -> None:
        """Write the chart to a file; what stands in the way is told in the bar."""
        chart = self.chart.chart
        if chart is None:
            return
        try:
            write_chart(path, chart)
        except (Refusal, OSError) as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            self._desk.feedback.refuse(refusal)
        else:
            self._desk.say(render(_("Written: %(path)s"), {"path": str(path)}))


class _Dropped(Exception):
    """Another figure was chosen while this one was being compared."""
