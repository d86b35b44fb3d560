"""Bars and lines whose places go from left to right: axis, labels below, values at the marks."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF

from learnsite_desktop.domain.charts import Axis, Chart, Lines, Mark, StackedBars
from learnsite_desktop.paint.chart_parts import (
    Dot,
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

_TURNED_SHARE: Final = 0.4
_BAR_SHARE: Final = 0.72
_WIDEST_BAR: Final = 4.0


class _Labels(NamedTuple):
    """How the names below are written: lines of each, whether turned, one in how many."""

    texts: tuple[tuple[str, ...], ...]
    turned: bool
    every: int
    height: float


class _Plot(NamedTuple):
    """Where marks stand: the area between lowest and highest value, its axis and its slots."""

    area: QRectF
    axis: Axis
    slot: float

    def y(self, value: float) -> float:
        return self.area.bottom() - self.area.height() * self.axis.share(value)

    def x(self, place: int) -> float:
        return self.area.left() + (place + 0.5) * self.slot


def lay_across(chart: Chart, picture: Picture, letters: Letters, room: QRectF, axis: Axis) -> None:
    """Lay bars, stacked bars or lines out in a room."""
    ticks = [f"{tick:,.{axis.decimals}f}" for tick in axis.ticks]
    left = room.left() + letters.widest(ticks) + letters.gap
    ends = _end_width(chart, letters)
    slot = (room.right() - ends - left) / len(chart.labels)
    labels = _labels(chart.labels, letters, slot, room.height() * _TURNED_SHARE)
    strip = letters.line if chart.missing() else 0.0
    above, turned = _value_room(chart, letters, slot)
    below = above if axis.low < 0 else 0.0
    area = QRectF(left, room.top() + above, slot * len(chart.labels), 0)
    area.setBottom(room.bottom() - labels.height - letters.gap - strip - below)
    plot = _Plot(area, axis, slot)
    _grid(picture, letters, plot, ticks, room.left())
    _write_labels(picture, letters, plot, labels, chart.labels, room.bottom() - labels.height)
    _write_gaps(chart, picture, letters, plot, area.bottom() + below)
    if chart.target is not None:
        y = plot.y(chart.target.value)
        line = (QPointF(area.left(), y), QPointF(area.right(), y))
        picture.strokes.append(Stroke(line, Ink.TARGET))
    if isinstance(chart, Lines):
        _lay_lines(chart, picture, letters, plot)
    elif isinstance(chart, StackedBars):
        _lay_stacks(chart, picture, letters, plot)
    else:
        _lay_bars(chart, picture, letters, plot, turned=turned)


def _end_width(chart: Chart, letters: Letters) -> float:
    """Return the room at the right for the last values of several lines."""
    if not isinstance(chart, Lines) or len(chart.series) < 2:
        return letters.gap
    return _widest_value(chart, letters) + 2 * letters.gap


def _widest_value(chart: Chart, letters: Letters) -> float:
    return letters.widest([chart.number(value) for value in chart.held()])


def _labels(names: Sequence[str], letters: Letters, slot: float, most: float) -> _Labels:
    """Choose how names fit: on one line, on two, turned, turned and only one in some."""
    wide = slot - letters.gap
    if letters.widest(names) <= wide:
        return _Labels(tuple((name,) for name in names), False, 1, letters.line)
    lines = tuple(tuple(letters.wrapped(name, wide)) for name in names)
    if wide > 2 * letters.line and all(len(one) <= 2 for one in lines):
        return _Labels(lines, False, 1, 2 * letters.line)
    cut = tuple((letters.cut(name, most),) for name in names)
    height = letters.widest([one for (one,) in cut])
    return _Labels(cut, True, max(1, -int(-letters.line // slot)), height)


def _write_labels(
    picture: Picture,
    letters: Letters,
    plot: _Plot,
    labels: _Labels,
    names: Sequence[str],
    top: float,
) -> None:
    for place, lines in enumerate(labels.texts):
        if place % labels.every:
            continue
        x = plot.x(place)
        if labels.turned:
            high = letters.width(lines[0])
            area = QRectF(x - letters.line / 2, top, letters.line, high)
            writing = Writing(area, lines[0], names[place], place=Place.RIGHT, turned=True)
            picture.writings.append(writing)
            continue
        for at, line in enumerate(lines):
            wide = letters.width(line)
            area = QRectF(x - wide / 2, top + at * letters.line, wide, letters.line)
            picture.writings.append(Writing(area, line, names[place]))


def _grid(
    picture: Picture, letters: Letters, plot: _Plot, ticks: Sequence[str], left: float
) -> None:
    area = plot.area
    last = area.bottom() + letters.line * 2
    for tick, text in zip(plot.axis.ticks, ticks, strict=True):
        y = plot.y(tick)
        line = (QPointF(area.left(), y), QPointF(area.right(), y))
        picture.strokes.append(Stroke(line, Ink.EDGE if tick == 0 else Ink.GRID))
        if last - y >= letters.line:
            wide = area.left() - letters.gap - left
            box = QRectF(left, y - letters.line / 2, wide, letters.line)
            picture.writings.append(Writing(box, text, text, Ink.MUTED, Place.RIGHT))
            last = y


def _write_gaps(chart: Chart, picture: Picture, letters: Letters, plot: _Plot, top: float) -> None:
    """Say below the axis at which places a value is missing, at its own bar where that fits."""
    for place in range(len(chart.labels)):
        sign = gap(chart, place)
        wide = letters.width(sign)
        if wide > plot.slot:
            continue
        lacking = [at for at, one in enumerate(chart.series) if one.values[place] is None]
        bar = _bar_width(chart, letters, plot.slot)
        apart = not isinstance(chart, Lines | StackedBars) and wide <= bar
        centres = (
            [plot.x(place) + (at - (len(chart.series) - 1) / 2) * bar for at in lacking]
            if apart
            else [plot.x(place)] * bool(lacking)
        )
        for x in centres:
            area = QRectF(x - wide / 2, top, wide, letters.line)
            picture.writings.append(Writing(area, sign, sign, Ink.MUTED))


def _bar_width(chart: Chart, letters: Letters, slot: float) -> float:
    bars = 1 if isinstance(chart, StackedBars | Lines) else len(chart.series)
    return min(slot * _BAR_SHARE / bars, _WIDEST_BAR * letters.line)


def _value_room(chart: Chart, letters: Letters, slot: float) -> tuple[float, bool]:
    """Return the room above the highest value, and whether values of bars are turned."""
    wide = _widest_value(chart, letters)
    bar = _bar_width(chart, letters, slot)
    alone = slot if len(chart.series) == 1 else bar
    turned = not isinstance(chart, Lines | StackedBars) and wide > alone
    if turned and bar >= letters.line:
        return wide + letters.gap, True
    return letters.line + letters.gap, False


def _lay_bars(
    chart: Chart, picture: Picture, letters: Letters, plot: _Plot, *, turned: bool
) -> None:
    wide = _bar_width(chart, letters, plot.slot)
    room = plot.slot if len(chart.series) == 1 else wide
    shown = turned or _widest_value(chart, letters) <= room
    zero = plot.y(0)
    for mark in chart.marks():
        left = plot.x(mark.place) + (mark.series - len(chart.series) / 2) * wide
        value = chart.value(mark)
        end = zero if value is None else plot.y(value)
        bar = QRectF(left, min(zero, end), wide, abs(end - zero))
        picture.marks[mark] = QRectF(left, plot.area.top(), wide, plot.area.height())
        if value is None:
            continue
        picture.patches.append(Patch(bar, mark.series, mark))
        if not shown:
            continue
        text = chart.number(value)
        up, across = letters.line, letters.width(text)
        if turned:
            up, across = across, up
        top = bar.bottom() + letters.gap / 2 if value < 0 else bar.top() - up - letters.gap / 2
        area = QRectF(bar.center().x() - across / 2, top, across, up)
        place = Place.RIGHT if value < 0 else Place.LEFT
        picture.writings.append(
            Writing(area, text, text, place=place if turned else Place.MIDDLE, turned=turned)
        )


def _lay_stacks(chart: StackedBars, picture: Picture, letters: Letters, plot: _Plot) -> None:
    wide = _bar_width(chart, letters, plot.slot)
    inside = len(chart.series) > 1 and _widest_value(chart, letters) <= wide
    for place in range(len(chart.labels)):
        ends = {True: 0.0, False: 0.0}
        for series in range(len(chart.series)):
            mark = Mark(series, place)
            value = chart.value(mark)
            up = (value or 0) >= 0
            start = ends[up]
            ends[up] += value or 0
            high, low = sorted((plot.y(start), plot.y(ends[up])))
            bar = QRectF(plot.x(place) - wide / 2, high, wide, low - high)
            picture.marks[mark] = reachable(bar, letters.gap)
            if value is None:
                continue
            picture.patches.append(Patch(bar, series, mark))
            if inside and letters.line * 1.05 <= bar.height():
                _write_inside(chart.number(value), picture, letters, bar)
        total = chart.total(place)
        if total is not None:
            text = chart.number(total)
            long = letters.width(text)
            if long <= plot.slot:
                top = plot.y(ends[True]) - letters.line - letters.gap / 2
                area = QRectF(plot.x(place) - long / 2, top, long, letters.line)
                picture.writings.append(Writing(area, text, text, bold=False))


def _write_inside(text: str, picture: Picture, letters: Letters, bar: QRectF) -> None:
    wide = letters.width(text)
    area = QRectF(bar.center().x() - wide / 2, 0, wide, letters.line)
    area.moveTop(bar.center().y() - letters.line / 2)
    picture.writings.append(Writing(area, text, text, plate=True))


def _lay_lines(chart: Lines, picture: Picture, letters: Letters, plot: _Plot) -> None:
    ends: list[tuple[float, int, int]] = []
    radius = letters.line * 0.2
    for series, one in enumerate(chart.series):
        run: list[QPointF] = []
        for place, value in enumerate(one.values):
            mark = Mark(series, place)
            if value is None:
                _end_run(picture, run, series)
                run = []
                box = QRectF(plot.x(place) - radius, plot.area.bottom() - 2 * radius, 0, 0)
                picture.marks[mark] = box.adjusted(0, 0, 2 * radius, 2 * radius)
                continue
            at = QPointF(plot.x(place), plot.y(value))
            run.append(at)
            picture.dots.append(Dot(at, radius, series, mark))
            reach = radius * 2
            picture.marks[mark] = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        _end_run(picture, run, series)
        last = one.values[-1]
        if last is not None:
            ends.append((plot.y(last), series, len(one.values) - 1))
    if len(chart.series) == 1:
        _write_points(chart, picture, letters, plot)
    else:
        _write_ends(chart, picture, letters, plot, ends)


def _end_run(picture: Picture, run: list[QPointF], series: int) -> None:
    if len(run) > 1:
        picture.strokes.append(Stroke(tuple(run), Ink.EDGE, series))


def _write_points(chart: Lines, picture: Picture, letters: Letters, plot: _Plot) -> None:
    """Write the values above the points, from the last one back, as many as have room."""
    edge = plot.area.right() + letters.gap
    for place in reversed(range(len(chart.labels))):
        value = chart.value(Mark(0, place))
        if value is None:
            continue
        text = chart.number(value)
        wide = letters.width(text)
        left = plot.x(place) - wide / 2
        if place == len(chart.labels) - 1:
            left = min(left, plot.area.right() - wide)
        if left + wide > edge:
            continue
        top = plot.y(value) - letters.line - letters.gap
        area = QRectF(left, top, wide, letters.line)
        picture.writings.append(Writing(area, text, text, plate=True))
        edge = left - letters.gap


def _write_ends(
    chart: Lines,
    picture: Picture,
    letters: Letters,
    plot: _Plot,
    ends: list[tuple[float, int, int]],
) -> None:
    """Write the last value of each line at its right, moved apart where lines end together."""
    tops: list[float] = []
    ends.sort()
    for y, _series, _place in ends:
        least = tops[-1] + letters.line if tops else plot.area.top() - letters.line
        tops.append(max(least, y - letters.line / 2))
    over = (tops[-1] + letters.line - plot.area.bottom()) if tops else 0
    for at in reversed(range(len(tops))):
        lowest = tops[at + 1] - letters.line if at + 1 < len(tops) else tops[at] - max(0, over)
        tops[at] = min(tops[at], lowest)
    for (_y, series, place), top in zip(ends, tops, strict=True):
        text = chart.number(chart.value(Mark(series, place)) or 0)
        area = QRectF(plot.area.right() + letters.gap, top, letters.width(text), letters.line)
        picture.writings.append(Writing(area, text, text, Ink.TEXT, Place.LEFT, plate=True))
