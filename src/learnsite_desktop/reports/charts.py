"""Charts inside workbooks: made by the spreadsheet itself from cells that stand beside them.

The same descriptions that the window and the pages draw (`domain.charts`). Hand them to
`write_workbook(path, [*sheets, ChartSheet(title, charts)], …)`, or fill a sheet of a book of your
own with `write_charts`. A missing value is an empty cell, which a spreadsheet leaves out; text or 0
would be drawn as a bar of no height.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from learnsite_desktop.domain.charts import Bars, Chart, HeatTiles, Lines, StackedBars, axis_of
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.reports.cells import printable
from learnsite_desktop.reports.workbook import Cell, write_cell

if TYPE_CHECKING:
    from openpyxl.chart._chart import ChartBase
    from openpyxl.worksheet.worksheet import Worksheet

_FILLS: Final = ("1757C2", "F2B357", "3AA08C", "D9DEE5", "7A3D8F", "C9E29B")
_EDGE: Final = "3C4653"
_PATTERNS: Final = ("", "wdUpDiag", "narHorz", "wdDnDiag", "narVert", "smGrid")
_DASHES: Final = ("solid", "dash", "sysDot", "dashDot", "lgDash", "sysDash")
_POINTS: Final = ("circle", "square", "triangle", "diamond", "x", "plus")
_TILES: Final = ("F1F6FD", "C9DEF8", "8DB8EE", "3F7FD1", "123F85")
_DARK_TILES: Final = 2
_WIDTH_CM, _HEIGHT_CM = 24.0, 12.0
_AXES_CM, _LYING_BAR_CM = 3.5, 0.7
_SMALL: Final = 800
"""Text of axes and values, in hundredths of a point: names must not push each other out."""
_GRID: Final = "D5DAE0"
_ROWS_PER_CM: Final = 2
_NAMES_WIDTH, _VALUES_WIDTH = 24, 14


@dataclass(frozen=True, slots=True)
class ChartSheet:
    """A sheet of charts, one under the other, each beside its cells."""

    title: str
    charts: Sequence[Chart]

    def write(self, sheet: "Worksheet") -> int:
        """Fill an empty sheet; return how many cells were written."""
        return write_charts(sheet, self.charts)


def write_charts(sheet: "Worksheet", charts: Sequence[Chart]) -> int:
    """Fill an empty sheet with charts and the cells they are made from; return the cells written.

    The cells stand in the columns at the left, from A on, the charts right of the widest table.
    """
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.pagebreak import Break  # noqa: PLC0415

    written, top = 0, 1
    beside = max((len(chart.series) for chart in charts), default=0) + 4
    for number, chart in enumerate(charts):
        if number:
            sheet.row_breaks.append(Break(id=top - 2))  # no chart is cut in two by a page
        count, first, last = _write_table(sheet, chart, top)
        written += count
        made = None if isinstance(chart, HeatTiles) or not chart.labels else _native(chart)
        if made is not None:
            _refer(made, sheet, chart, first, last)
            sheet.add_chart(made, f"{get_column_letter(beside)}{top}")
            last = max(last, top + round(made.height * _ROWS_PER_CM))
        top = last + 3
    sheet.column_dimensions["A"].width = _NAMES_WIDTH
    for column in range(2, beside):
        sheet.column_dimensions[get_column_letter(column)].width = _VALUES_WIDTH
    return written


def _write_table(sheet: "Worksheet", chart: Chart, top: int) -> tuple[int, int, int]:
    """Write title, notes, head and values; return (cells, row of the head, last row of values)."""
    from openpyxl.styles import Font  # noqa: PLC0415

    lines = [chart.title, *_notes(chart)]
    written = sum(write_cell(sheet, top + at, 1, Cell(line)) for at, line in enumerate(lines))
    sheet.cell(row=top, column=1).font = Font(bold=True)
    head = top + len(lines)
    names = [one.name or chart.measure or chart.title for one in chart.series]
    if chart.target is not None:
        names.append(chart.target.name)
    for column, name in enumerate(names, start=2):
        written += write_cell(sheet, head, column, Cell(name))
        sheet.cell(row=head, column=column).font = Font(bold=True)
    shown = "#,##0" + (f".{'0' * chart.decimals}" if chart.decimals else "")
    for row, label in enumerate(chart.labels, start=head + 1):
        written += write_cell(sheet, row, 1, Cell(label))
        for column, one in enumerate(chart.series, start=2):
            value = one.values[row - head - 1]
            written += write_cell(sheet, row, column, Cell(value, shown))
            if isinstance(chart, HeatTiles):
                written += _colour(sheet, row, chart, value)
        if chart.target is not None:
            written += write_cell(sheet, row, len(names) + 1, Cell(chart.target.value, "General"))
    return written, head, head + len(chart.labels)


def _notes(chart: Chart) -> list[str]:
    found = []
    if chart.measure:
        found.append(render(N_("Unit of measure: %(measure)s"), {"measure": chart.measure}))
    if chart.target is not None and chart.target.source:
        said = {"name": chart.target.name, "value": f"{chart.target.value:,g} {chart.measure}"}
        said["source"] = chart.target.source
        found.append(render(N_("%(name)s: %(value)s (source: %(source)s)"), said))
    if chart.missing():
        found.append(_(N_("An empty cell is a value that is missing, not 0.")))
    if chart.note:
        found.append(chart.note)
    if chart.source:
        found.append(render(N_("Source: %(source)s"), {"source": chart.source}))
    return found


def _colour(sheet: "Worksheet", row: int, chart: HeatTiles, value: float | None) -> int:
    """Give a cell the colour of its step and write the step's words beside it."""
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415

    if value is None:
        return 0
    step, last = chart.step(value), len(_TILES) - 1
    at = round(step * last / max(1, len(chart.steps) - 1)) if len(chart.steps) > 1 else 1
    target: Any = sheet.cell(row=row, column=2)
    target.fill = PatternFill("solid", start_color=_TILES[at])
    target.font = Font(color="FFFFFF" if at > _DARK_TILES else "000000")
    return write_cell(sheet, row, 3, Cell(chart.steps[step].words))


def _native(chart: Chart) -> "ChartBase":
    """Return the spreadsheet's own chart, its axes labelled, without values yet."""
    from openpyxl.chart import BarChart, LineChart  # noqa: PLC0415
    from openpyxl.chart.label import DataLabelList  # noqa: PLC0415

    made: Any
    if isinstance(chart, Lines):
        made = LineChart()
    else:
        made = BarChart()
        made.type = "bar" if isinstance(chart, Bars | StackedBars) and chart.lying else "col"
        made.gapWidth = 60
        if isinstance(chart, StackedBars):
            made.grouping, made.overlap = "stacked", 100
        if made.type == "bar":
            made.x_axis.scaling.orientation = "maxMin"
    made.title = printable(chart.title)
    made.width, made.height = _WIDTH_CM, _HEIGHT_CM
    if getattr(made, "type", "") == "bar":
        made.height = max(_HEIGHT_CM, _AXES_CM + _LYING_BAR_CM * len(chart.labels))
    axis = axis_of(chart)
    made.y_axis.scaling.min, made.y_axis.scaling.max = axis.low, axis.high
    made.y_axis.title = printable(chart.measure) or None
    made.y_axis.number_format = "#,##0" if not axis.decimals else f"#,##0.{'0' * axis.decimals}"
    # Left unsaid, newer programs take the axes for deleted.
    made.x_axis.delete = made.y_axis.delete = False
    if made.x_axis.tagname == "catAx":
        made.x_axis.tickLblSkip = 1  # else every second name is left out
    made.x_axis.txPr, made.y_axis.txPr = _small_text(), _small_text()
    made.y_axis.majorGridlines.spPr = _grid_line()
    made.display_blanks = "gap"
    many = len(chart.series) > 1 or chart.target is not None
    if not many:
        made.legend = None
    else:
        made.legend.position = "b"
    labels = DataLabelList()
    labels.showVal = len(chart.series) == 1 or isinstance(chart, StackedBars)
    for other in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(labels, other, False)
    labels.txPr = _small_text()
    made.dLbls = labels
    return made  # type: ignore[no-any-return]


def _small_text() -> Any:
    """Return the look of small text in a chart."""
    from openpyxl.chart.text import RichText  # noqa: PLC0415
    from openpyxl.drawing.text import (  # noqa: PLC0415
        CharacterProperties,
        Paragraph,
        ParagraphProperties,
        RichTextProperties,
    )

    look = ParagraphProperties(defRPr=CharacterProperties(sz=_SMALL))
    paragraph = Paragraph(pPr=look, endParaRPr=CharacterProperties(sz=_SMALL))
    return RichText(bodyPr=RichTextProperties(), p=[paragraph])


def _grid_line() -> Any:
    """Return the look of the lines behind the bars."""
    from openpyxl.chart.shapes import GraphicalProperties  # noqa: PLC0415

    look = GraphicalProperties()
    look.line.solidFill = _GRID
    return look


def _refer(made: "ChartBase", sheet: "Worksheet", chart: Chart, head: int, last: int) -> None:
    """Have the chart take names and values from the cells of its table."""
    from openpyxl.chart import LineChart, Reference  # noqa: PLC0415

    names = Reference(sheet, min_col=1, min_row=head + 1, max_row=last)
    count = len(chart.series)
    values = Reference(sheet, min_col=2, max_col=1 + count, min_row=head, max_row=last)
    chosen: Any = made
    chosen.add_data(values, titles_from_data=True)
    chosen.set_categories(names)
    for at, one in enumerate(chosen.series):
        _dress(one, at, line=isinstance(chart, Lines))
    if chart.target is None or (isinstance(chart, Bars | StackedBars) and chart.lying):
        return  # no line can run upward: there the target stands in the cells and the notes
    line: Any = chosen if isinstance(chart, Lines) else LineChart()
    column = count + 2
    goal = Reference(sheet, min_col=column, min_row=head, max_row=last)
    line.add_data(goal, titles_from_data=True)
    target = line.series[-1]
    target.graphicalProperties.line.solidFill = _EDGE
    target.graphicalProperties.line.dashStyle = "dash"
    target.marker.symbol = "none"
    if line is not chosen:
        line.set_categories(names)
        chosen += line


def _dress(series: Any, at: int, *, line: bool) -> None:
    """Give a series a colour, and a pattern or dashes that tell it apart without colour."""
    from openpyxl.chart.shapes import GraphicalProperties  # noqa: PLC0415
    from openpyxl.drawing.colors import ColorChoice  # noqa: PLC0415
    from openpyxl.drawing.fill import PatternFillProperties  # noqa: PLC0415

    look = GraphicalProperties()
    at %= len(_FILLS)
    if line:
        look.line.solidFill = _FILLS[at] if at % 2 == 0 else _EDGE
        look.line.dashStyle = _DASHES[at]
        series.marker.symbol = _POINTS[at]
        series.smooth = False
    elif _PATTERNS[at]:
        choice: Any = ColorChoice
        properties: Any = PatternFillProperties
        pattern = properties(prst=_PATTERNS[at])
        pattern.foreground = choice(srgbClr=_EDGE)
        pattern.background = choice(srgbClr=_FILLS[at])
        look.pattFill = pattern
    else:
        look.solidFill = _FILLS[at]
    if not line:
        look.line.solidFill = _EDGE
    series.graphicalProperties = look
