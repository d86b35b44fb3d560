"""Laying a chart out: where every mark and every text stands. Nothing is drawn here.

Places go to the right (bars, lines), downward (lying bars) or fill rows (tiles). Text never leaves
its area: it is wrapped, turned, or cut with an ellipsis; `Writing.full` keeps all of it.
"""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont

from learnsite_desktop.domain.charts import (
    Axis,
    Bars,
    Chart,
    HeatTiles,
    Mark,
    StackedBars,
    axis_of,
)
from learnsite_desktop.paint.chart_across import lay_across
from learnsite_desktop.paint.chart_frame import foot_height, write_foot, write_top
from learnsite_desktop.paint.chart_parts import (
    Ink,
    Letters,
    Patch,
    Picture,
    Place,
    Stroke,
    Writing,
    reachable,
)
from learnsite_desktop.paint.chart_words import gap
from learnsite_desktop.platform.i18n import _

LEAST_WIDTH_LINES: Final = 14
_PLOT_LINES: Final = 9
_ROW_LINES: Final = 1.5
_NAME_SHARE: Final = 0.4
_TILE_LINES: Final = (4.5, 10.0)


def lay_out(chart: Chart, size: QSizeF, font: QFont) -> Picture:
    """Lay a chart out in a size; the picture is larger where the chart needs more room."""
    letters = Letters(font)
    width = max(size.width(), LEAST_WIDTH_LINES * letters.line)
    picture = Picture(QSizeF(width, size.height()), letters.font)
    top = write_top(chart, picture, letters, width)
    foot = foot_height(chart, letters, width)
    room = QRectF(letters.gap, top, width - 2 * letters.gap, size.height() - top - foot)
    room.setHeight(max(room.height(), _least(chart, letters)))
    if not chart.labels:
        area = QRectF(room.left(), room.top(), room.width(), letters.line)
        nothing = _("Nothing to show")
        picture.writings.append(Writing(area, nothing, nothing, Ink.MUTED))
    elif isinstance(chart, HeatTiles):
        _lay_tiles(chart, picture, letters, room)
    elif isinstance(chart, Bars | StackedBars) and chart.lying:
        _lay_lying(chart, picture, letters, room)
    else:
        lay_across(chart, picture, letters, room, axis_of(chart))
    low = room.bottom()
    write_foot(chart, picture, letters, width, low)
    picture.size = QSizeF(width, max(size.height(), low + foot))
    return picture


def _least(chart: Chart, letters: Letters) -> float:
    """Return the least height of the plot."""
    if isinstance(chart, Bars | StackedBars) and chart.lying:
        bars = len(chart.series) if isinstance(chart, Bars) else 1
        row = max(_ROW_LINES, bars * 1.1 + 0.4) * letters.line
        return row * len(chart.labels) + 1.4 * letters.line
    if isinstance(chart, HeatTiles) or not chart.labels:
        return letters.line
    return _PLOT_LINES * letters.line


def _lay_lying(chart: Bars | StackedBars, picture: Picture, letters: Letters, room: QRectF) -> None:
    """Names at the left, bars to the right, values behind them, the axis below."""
    picture.lying = True
    axis = axis_of(chart)
    names = min(letters.widest(chart.labels), room.width() * _NAME_SHARE)
    values = letters.widest(_numbers(chart))
    left = room.left() + names + letters.gap
    if axis.low < 0:
        left += values + letters.gap
    plot = QRectF(left, room.top(), 0, room.height() - 1.4 * letters.line)
    plot.setRight(room.right() - values - 2 * letters.gap)
    _grid_lying(picture, letters, plot, axis)
    if chart.target is not None:
        x = plot.left() + plot.width() * axis.share(chart.target.value)
        line = (QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        picture.strokes.append(Stroke(line, Ink.TARGET))
    row = plot.height() / len(chart.labels)
    for place, label in enumerate(chart.labels):
        top = plot.top() + place * row
        shown = letters.cut(label, names)
        area = QRectF(room.left(), top + (row - letters.line) / 2, names, letters.line)
        picture.writings.append(Writing(area, shown, label, Ink.TEXT, Place.RIGHT))
        band = QRectF(room.left(), top + row * 0.1, room.width(), row * 0.8)
        if isinstance(chart, StackedBars):
            _lay_lying_stack(chart, picture, letters, plot, band, axis, place)
        else:
            high = band.height() / len(chart.series)
            for series in range(len(chart.series)):
                bar = QRectF(band.left(), band.top() + series * high, band.width(), high)
                _lay_lying_bar(chart, picture, letters, plot, bar, axis, Mark(series, place))


def _grid_lying(picture: Picture, letters: Letters, plot: QRectF, axis: Axis) -> None:
    last = -1e9
    for tick in axis.ticks:
        x = plot.left() + plot.width() * axis.share(tick)
        ink = Ink.EDGE if tick == 0 else Ink.GRID
        picture.strokes.append(Stroke((QPointF(x, plot.top()), QPointF(x, plot.bottom())), ink))
        text = f"{tick:,.{axis.decimals}f}"
        wide = letters.width(text)
        if x - wide / 2 > last:
            area = QRectF(x - wide / 2, plot.bottom() + letters.gap, wide, letters.line)
            picture.writings.append(Writing(area, text, text, Ink.MUTED))
            last = area.right() + letters.gap


def _lay_lying_bar(
    chart: Bars,
    picture: Picture,
    letters: Letters,
    plot: QRectF,
    band: QRectF,
    axis: Axis,
    mark: Mark,
) -> None:
    value = chart.value(mark)
    zero = plot.left() + plot.width() * axis.share(0)
    end = zero if value is None else plot.left() + plot.width() * axis.share(value)
    bar = QRectF(min(zero, end), band.top(), abs(end - zero), band.height())
    picture.marks[mark] = QRectF(band.left(), band.top(), band.width(), band.height())
    if value is not None:
        picture.patches.append(Patch(bar, mark.series, mark))
    _write_behind(chart, picture, letters, bar, value, band, mark.place)


def _write_behind(
    chart: Chart,
    picture: Picture,
    letters: Letters,
    bar: QRectF,
    value: float | None,
    band: QRectF,
    place: int,
) -> None:
    text = gap(chart, place) if value is None else chart.number(value)
    wide, high = letters.width(text), letters.line
    left = bar.left() - letters.gap - wide if (value or 0) < 0 else bar.right() + letters.gap
    area = QRectF(left, band.center().y() - high / 2, wide, high)
    ink = Ink.MUTED if value is None else Ink.TEXT
    picture.writings.append(Writing(area, text, text, ink, plate=True))


def _lay_lying_stack(
    chart: StackedBars,
    picture: Picture,
    letters: Letters,
    plot: QRectF,
    band: QRectF,
    axis: Axis,
    place: int,
) -> None:
    ends = {True: 0.0, False: 0.0}
    for series in range(len(chart.series)):
        mark = Mark(series, place)
        value = chart.value(mark)
        up = (value or 0) >= 0
        start = ends[up]
        ends[up] += value or 0
        low, high = sorted((axis.share(start), axis.share(ends[up])))
        bar = QRectF(plot.left() + plot.width() * low, band.top(), 0, band.height())
        bar.setWidth(plot.width() * (high - low))
        picture.marks[mark] = reachable(bar, letters.gap)
        if value is None:
            continue
        picture.patches.append(Patch(bar, series, mark))
        text = chart.number(value)
        wide = letters.width(text)
        if wide + letters.gap <= bar.width() and len(chart.series) > 1:
            area = QRectF(bar.center().x() - wide / 2, 0, wide, letters.line)
            area.moveTop(band.center().y() - letters.line / 2)
            picture.writings.append(Writing(area, text, text, plate=True))
    whole = QRectF(plot.left() + plot.width() * axis.share(0), band.top(), 0, band.height())
    whole.setRight(plot.left() + plot.width() * axis.share(ends[True]))
    _write_behind(chart, picture, letters, whole, chart.total(place), band, place)


def _numbers(chart: Chart) -> list[str]:
    found = [chart.number(value) for value in chart.held()]
    if isinstance(chart, StackedBars):
        totals = [chart.total(place) for place in range(len(chart.labels))]
        found += [chart.number(total) for total in totals if total is not None]
    return [*found, gap(), *(gap(chart, place) for place in chart.unreported)]


def _lay_tiles(chart: HeatTiles, picture: Picture, letters: Letters, room: QRectF) -> None:
    """Tiles in rows, each with name and number; the rows grow downward."""
    least, most = (letters.line * share for share in _TILE_LINES)
    wide = min(most, max(least, letters.widest(chart.labels) + 2 * letters.gap))
    space = letters.gap * 0.6
    columns = max(1, int((room.width() + space) // (wide + space)))
    columns = min(columns, len(chart.labels))
    wide = min((room.width() + space) / columns - space, most * 1.3)
    high = letters.line * 2 + 2 * letters.gap
    rows = -(-len(chart.labels) // columns)
    picture.columns, picture.tile_steps = columns, len(chart.steps)
    room.setHeight(max(room.height(), rows * (high + space)))
    for place, label in enumerate(chart.labels):
        at = QPointF(place % columns * (wide + space), place // columns * (high + space))
        area = QRectF(room.left() + at.x(), room.top() + at.y(), wide, high)
        mark = Mark(0, place)
        value = chart.value(mark)
        step = None if value is None else chart.step(value)
        picture.marks[mark] = area
        picture.patches.append(Patch(area, step, mark, tile=True))
        inner = area.adjusted(letters.gap, letters.gap, -letters.gap, -letters.gap)
        name = QRectF(inner.left(), inner.top(), inner.width(), letters.line)
        picture.writings.append(Writing(name, letters.cut(label, inner.width()), label, on=step))
        text = gap(chart, place) if value is None else chart.number(value)
        below = name.translated(0, letters.line)
        ink = Ink.MUTED if value is None else Ink.TEXT
        cut = letters.cut(text, inner.width(), bold=True)
        picture.writings.append(Writing(below, cut, text, ink, bold=value is not None, on=step))
