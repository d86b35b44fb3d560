"""What stands around the marks of every chart: title, unit, legend, note and source."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from learnsite_desktop.domain.charts import Chart, HeatTiles, Lines
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.paint.chart_parts import (
    Dot,
    Ink,
    Letters,
    Patch,
    Picture,
    Place,
    Stroke,
    Writing,
)
from learnsite_desktop.paint.chart_words import gap, measure_words, source_words, target_words
from learnsite_desktop.platform.i18n import _


@dataclass(frozen=True, slots=True)
class _Entry:
    """A part of the legend: a series, a step, the target or the missing, and its words."""

    sample: int | str
    words: str


_TARGET, _MISSING, _SAID = "target", "missing", ""


def write_top(chart: Chart, picture: Picture, letters: Letters, width: float) -> float:
    """Write title, unit of measure and legend; return where they end."""
    low = _lines(picture, letters, chart.title, width, letters.gap, Ink.TEXT, bold=True)
    low = _lines(picture, letters, measure_words(chart), width, low, Ink.MUTED)
    return _legend(chart, picture, letters, width, low) + letters.gap


def foot_height(chart: Chart, letters: Letters, width: float) -> float:
    """Return how much room note and source take."""
    lines = [
        line
        for text in (chart.note, source_words(chart))
        for line in letters.wrapped(text, width - 2 * letters.gap)
    ]
    return len(lines) * letters.line + letters.gap * (2 if lines else 1)


def write_foot(chart: Chart, picture: Picture, letters: Letters, width: float, top: float) -> None:
    """Write note and source from `top` downward."""
    low = top + letters.gap
    for text in (chart.note, source_words(chart)):
        low = _lines(picture, letters, text, width, low, Ink.MUTED)


def _lines(
    picture: Picture,
    letters: Letters,
    text: str,
    width: float,
    top: float,
    ink: Ink,
    *,
    bold: bool = False,
) -> float:
    inner = width - 2 * letters.gap
    for line in letters.wrapped(text, inner, bold=bold):
        area = QRectF(letters.gap, top, letters.width(line, bold=bold), letters.line)
        picture.writings.append(Writing(area, line, text, ink, Place.LEFT, bold))
        top += letters.line
    return top


def _entries(chart: Chart) -> list[_Entry]:
    found: list[_Entry] = []
    if isinstance(chart, HeatTiles):
        found += [_Entry(at, step.words) for at, step in enumerate(chart.steps)]
    elif len(chart.series) > 1:
        found += [_Entry(at, one.name) for at, one in enumerate(chart.series)]
    if chart.target is not None:
        found.append(_Entry(_TARGET, target_words(chart)))
    unknown, unreported = chart.lacking()
    if unknown:
        found.append(_Entry(_MISSING, _(N_("value missing, not 0"))))
    if unreported:
        found.append(_Entry(_SAID, _(N_("“not handed in” is not 0"))))
    return found


def _legend(chart: Chart, picture: Picture, letters: Letters, width: float, top: float) -> float:
    """Write the entries side by side, on as many lines as they need; return where they end."""
    gap, line = letters.gap, letters.line
    sample = line * 1.6
    left, used = gap, False
    for entry in _entries(chart):
        lines = letters.wrapped(entry.words, width - sample - 3 * gap)
        wide = letters.widest(lines)
        if used and left + sample + gap + wide > width - gap:
            left, top = gap, top + line * 1.1
        _sample(chart, picture, letters, entry, QRectF(left, top, sample, line))
        for at, text in enumerate(lines):
            area = QRectF(left + sample + gap, top + at * line, letters.width(text), line)
            picture.writings.append(Writing(area, text, entry.words, Ink.TEXT, Place.LEFT))
        top += (len(lines) - 1) * line
        left += sample + gap + wide + 3 * gap
        used = True
    return top + line * 1.1 if used else top


def _sample(chart: Chart, picture: Picture, letters: Letters, entry: _Entry, area: QRectF) -> None:
    middle = area.center().y()
    through = (QPointF(area.left(), middle), QPointF(area.right(), middle))
    box = area.adjusted(0, letters.line * 0.15, 0, -letters.line * 0.15)
    if entry.sample == _TARGET:
        picture.strokes.append(Stroke(through, Ink.TARGET))
    elif entry.sample == _MISSING:
        picture.writings.append(Writing(area, gap(), gap(), Ink.MUTED))
    elif isinstance(entry.sample, int):
        if isinstance(chart, Lines):
            picture.strokes.append(Stroke(through, Ink.EDGE, entry.sample))
            picture.dots.append(Dot(area.center(), letters.line * 0.22, entry.sample, None))
        else:
            tile = isinstance(chart, HeatTiles)
            picture.patches.append(Patch(box, entry.sample, None, tile))
