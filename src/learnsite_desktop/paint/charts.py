"""Drawing charts: one code for the window, SVG, PNG and PDF."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QLineF, QMarginsF, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QPolygonF,
)
from PySide6.QtSvg import QSvgGenerator

from learnsite_desktop.domain.charts import Chart, Mark
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.paint.booklet import drawing_application
from learnsite_desktop.paint.chart_layout import lay_out
from learnsite_desktop.paint.chart_look import HATCHES, PAPER, Colours, Hatch, ink_on, tile
from learnsite_desktop.paint.chart_parts import Dot, Ink, Patch, Picture, Place, Stroke, Writing
from learnsite_desktop.paint.pages import chinese_families
from learnsite_desktop.platform.durable import make_folder

WIDTH, HEIGHT, LETTERS = 900, 520, 16
"""The size of a chart in a file and of its letters, in pixels of 1/96 inch."""

SUFFIXES: Final = (".svg", ".png", ".pdf")
_PNG_SCALE: Final = 2
_MARGIN_MM: Final = 15
_PDF_DOTS: Final = 1200
_CSS_DOTS: Final = 96
_DASHES: Final = ((), (6.0, 3.0), (2.0, 2.0), (8.0, 3.0, 2.0, 3.0), (12.0, 4.0), (1.0, 3.0))
_TARGET_DASHES: Final = [5.0, 3.0]
_HATCH_STEP: Final = 7.0


def paint_chart(
    painter: QPainter, picture: Picture, colours: Colours, focus: Mark | None = None
) -> None:
    """Draw a picture from its corner at 0, 0; `focus` is the mark that gets a frame."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(QPointF(0, 0), picture.size), QColor(colours.back))
    lines = [one for one in picture.strokes if one.series is None and one.ink != Ink.TARGET]
    for stroke in lines:
        _stroke(painter, stroke, colours)
    for patch in picture.patches:
        _patch(painter, patch, picture, colours)
    for stroke in picture.strokes:
        if stroke not in lines:
            _stroke(painter, stroke, colours)
    for dot in picture.dots:
        _dot(painter, dot, colours)
    for writing in picture.writings:
        _write(painter, writing, picture, colours)
    if focus in picture.marks:
        area = picture.marks[focus].adjusted(-1, -1, 1, 1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # The ground colour around it: the frame is seen on a mark of any brightness.
        for colour, width in ((colours.back, 5.0), (colours.focus, 2.5)):
            pen = QPen(QColor(colour), width)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(area)
    painter.restore()


def write_chart(
    path: Path, chart: Chart, *, width: int = WIDTH, height: int = HEIGHT, letters: int = LETTERS
) -> None:
    """Write a chart as SVG, PNG or (on an A4 page) PDF, by the suffix; whole or not at all.

    Sizes in pixels of 1/96 inch; the height grows where the chart needs more. Refuses
    `report_suffix` and `font_missing`; OSError where it cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise Refusal("report_suffix", where=str(path), known=" ".join(SUFFIXES))
    running = drawing_application()
    font = QFont(chinese_families())
    font.setPixelSize(letters)
    if kind == ".pdf":
        made = _pdf(chart, font)
    else:
        picture = lay_out(chart, QSizeF(width, height), font)
        made = _svg(picture, chart) if kind == ".svg" else _png(picture)
    del running
    make_folder(path.parent)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(made)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _svg(picture: Picture, chart: Chart) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(_CSS_DOTS)
    generator.setTitle(chart.title)
    generator.setDescription(chart.source)
    size = picture.size.toSize()
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    painter = QPainter(generator)
    paint_chart(painter, picture, PAPER)
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def _png(picture: Picture) -> bytes:
    size = picture.size * _PNG_SCALE
    image = QImage(size.toSize(), QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(round(_CSS_DOTS * _PNG_SCALE / 0.0254))
    image.setDotsPerMeterY(round(_CSS_DOTS * _PNG_SCALE / 0.0254))
    image.fill(QColor(PAPER.back))
    painter = QPainter(image)
    painter.scale(_PNG_SCALE, _PNG_SCALE)
    paint_chart(painter, picture, PAPER)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(buffer.data().data())


def _pdf(chart: Chart, font: QFont) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_PDF_DOTS)
    writer.setTitle(chart.title)
    writer.setCreator("learnsite")
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Landscape,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    scale = _PDF_DOTS / _CSS_DOTS
    room = QSizeF(writer.width() / scale, writer.height() / scale)
    picture = lay_out(chart, room, font)
    fit = min(1.0, room.height() / picture.size.height(), room.width() / picture.size.width())
    painter = QPainter(writer)
    painter.scale(scale * fit, scale * fit)
    paint_chart(painter, picture, PAPER)
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def _stroke(painter: QPainter, stroke: Stroke, colours: Colours) -> None:
    colour, width, dashes = {
        Ink.GRID: (colours.grid, 1.0, []),
        Ink.TARGET: (colours.text, 1.6, _TARGET_DASHES),
    }.get(stroke.ink, (colours.edge, 1.0, []))
    if stroke.series is not None:
        colour, width = _line_colour(stroke.series, colours), 2.0
        dashes = list(_DASHES[stroke.series % len(_DASHES)])
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashes:
        pen.setDashPattern(dashes)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(list(stroke.points)))


def _line_colour(series: int, colours: Colours) -> str:
    """Return the colour of a line: pale fills are too faint for one and give way to the edge."""
    fill = colours.fills[series % len(colours.fills)]
    return fill if series % 2 == 0 else colours.edge


def _patch(painter: QPainter, patch: Patch, picture: Picture, colours: Colours) -> None:
    if patch.tile:
        pen = QPen(QColor(colours.edge), 1)
        fill = QBrush(Qt.BrushStyle.NoBrush)
        if patch.fill is None:
            pen.setDashPattern([3.0, 3.0])
        else:
            fill = QBrush(QColor(tile(colours, patch.fill, picture.tile_steps)))
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRect(patch.area)
        return
    series = patch.fill or 0
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.fills[series % len(colours.fills)]))
    painter.drawRect(patch.area)
    painter.setPen(QPen(QColor(colours.edge), 0.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in hatching(patch.area, HATCHES[series % len(HATCHES)]):
        painter.drawLine(line)
    painter.drawRect(patch.area)


def hatching(area: QRectF, hatch: Hatch) -> Iterator[QLineF]:
    """Yield the lines of a pattern inside an area; they are cut here, not by the device."""
    if hatch in (Hatch.FLAT, Hatch.CROSSED):
        for at in _between(area.top(), area.bottom()):
            yield QLineF(area.left(), at, area.right(), at)
    if hatch in (Hatch.UPRIGHT, Hatch.CROSSED):
        for at in _between(area.left(), area.right()):
            yield QLineF(at, area.top(), at, area.bottom())
    if hatch in (Hatch.RISING, Hatch.FALLING):
        # x + y = at (rising) or x - y = at, between the edges.
        sign = 1 if hatch == Hatch.RISING else -1
        ends = sorted((area.top() * sign, area.bottom() * sign))
        for at in _between(area.left() + ends[0], area.right() + ends[1]):
            left = max(area.left(), at - ends[1])
            right = min(area.right(), at - ends[0])
            yield QLineF(left, (at - left) * sign, right, (at - right) * sign)


def _between(first: float, last: float) -> Iterator[float]:
    at = first + _HATCH_STEP / 2
    while at < last:
        yield at
        at += _HATCH_STEP


def _dot(painter: QPainter, dot: Dot, colours: Colours) -> None:
    colour = QColor(_line_colour(dot.series, colours))
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(colour if dot.series % 4 < 2 else QColor(colours.back))
    x, y, r = dot.centre.x(), dot.centre.y(), dot.radius
    shape = dot.series % 4
    if shape == 0:
        painter.drawEllipse(dot.centre, r, r)
    elif shape == 1:
        painter.drawRect(QRectF(x - r, y - r, 2 * r, 2 * r))
    elif shape == 2:
        points = [QPointF(x, y - 1.3 * r), QPointF(x + 1.3 * r, y + r), QPointF(x - 1.3 * r, y + r)]
        painter.drawPolygon(QPolygonF(points))
    else:
        r *= 1.3
        points = [QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)]
        painter.drawPolygon(QPolygonF(points))


def _write(painter: QPainter, writing: Writing, picture: Picture, colours: Colours) -> None:
    font = QFont(picture.font)
    font.setBold(writing.bold)
    area = writing.area
    if writing.plate:
        painter.fillRect(area.adjusted(-1, 0, 1, 0), QColor(colours.back))
    colour = colours.muted if writing.ink == Ink.MUTED else colours.text
    if writing.on is not None:
        colour = ink_on(tile(colours, writing.on, picture.tile_steps))
    painter.setFont(font)
    painter.setPen(QColor(colour))
    side = {
        Place.LEFT: Qt.AlignmentFlag.AlignLeft,
        Place.MIDDLE: Qt.AlignmentFlag.AlignHCenter,
        Place.RIGHT: Qt.AlignmentFlag.AlignRight,
    }[writing.place]
    flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
    if not writing.turned:
        painter.drawText(area, flags, writing.text)
        return
    painter.save()
    painter.translate(area.left(), area.bottom())
    painter.rotate(-90)
    painter.drawText(QRectF(0, 0, area.height(), area.width()), flags, writing.text)
    painter.restore()
