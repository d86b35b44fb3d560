"""The sign-in sheet: a page drawn line by line, because people write between these lines.

The arithmetic, in millimetres: 297 less 8 above and 7 below; head 26, notice 7, heads of columns 7,
line for counts and names 9, foot 4. That leaves 229 for 40 rows: 5.7 each, enough for 14 points
(4.9). With fewer rows they grow to 9.5, which is easier to write in.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from learnsite_desktop.domain.printout import SignInPage
from learnsite_desktop.paint.pages import code_image

PAGE_MM: Final = (210.0, 297.0)
SIDE_MM: Final = 11.0
TOP_MM: Final = 8.0
BOTTOM_MM: Final = 7.0
HEAD_MM: Final = 26.0
TITLE_MM: Final = 11.0
NOTICE_MM: Final = 7.0
COLUMNS_MM: Final = 7.0
SIGNS_MM: Final = 9.0
FOOT_MM: Final = 4.0
TALLEST_ROW_MM: Final = 9.5
CODE_MM: Final = 21.0
CODE_COLUMN_MM: Final = 30.0
TEXT_POINTS: Final = 14
TITLE_POINTS: Final = 22
FOOT_POINTS: Final = 9

_POINTS_PER_MM: Final = 72 / 25.4
_NARROWEST: Final = 0.6
_PADDING_MM: Final = 0.8
_THIN_MM, _THICK_MM = 0.15, 0.4
_FACTS_IN_LINE: Final = 2
_FIRST_FACT: Final = 0.58
_MUTED: Final = QColor("#5b6675")
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def row_height(rows: int) -> float:
    """Return the height in millimetres of each of so many rows on a page."""
    fixed = HEAD_MM + NOTICE_MM + COLUMNS_MM + SIGNS_MM + FOOT_MM
    room = PAGE_MM[1] - TOP_MM - BOTTOM_MM - fixed
    return min(TALLEST_ROW_MM, room / max(rows, 1))


class SignInGrid:
    """A sign-in page for a painter whose origin is the paper's corner, so many dots a millimetre.

    It is always one page.
    """

    count: Final = 1

    def __init__(self, page: SignInPage, dots_per_mm: float, families: Sequence[str]) -> None:
        """`families` are font families, the first preferred."""
        self._page = page
        self._dots = dots_per_mm
        self._families = list(families)
        self._code = code_image(page.code) if page.code else None

    def paint(self, painter: QPainter, number: int = 1) -> None:
        """Draw the page."""
        del number  # there is one
        painter.save()
        painter.setPen(Qt.GlobalColor.black)
        top = TOP_MM
        self._paint_head(painter, top)
        top += HEAD_MM
        self._text(painter, (SIDE_MM, top, self._width, NOTICE_MM), self._page.notice, _LEFT)
        top = self._paint_grid(painter, top + NOTICE_MM)
        self._paint_signs(painter, top)
        self._paint_foot(painter)
        painter.restore()

    @property
    def _width(self) -> float:
        return PAGE_MM[0] - 2 * SIDE_MM

    def _paint_head(self, painter: QPainter, top: float) -> None:
        width = self._width
        if self._code is not None:
            width -= CODE_COLUMN_MM
            left = SIDE_MM + width + (CODE_COLUMN_MM - CODE_MM) / 2
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
            painter.drawImage(self._rect((left, top - 1, CODE_MM, CODE_MM)), self._code)
            painter.restore()
            below = (SIDE_MM + width, top + CODE_MM - 1.5, CODE_COLUMN_MM, 6)
            self._text(painter, below, self._page.caption, _CENTRE, bold=True)
        title = (SIDE_MM, top, width, TITLE_MM)
        self._text(painter, title, self._page.title, _LEFT, points=TITLE_POINTS, bold=True)
        facts = self._page.facts
        lines = -(-len(facts) // _FACTS_IN_LINE)
        height = (HEAD_MM - TITLE_MM - 1) / max(lines, 1)
        for place, (label, value) in enumerate(facts):
            line, column = divmod(place, _FACTS_IN_LINE)
            left = SIDE_MM + column * width * _FIRST_FACT
            share = _FIRST_FACT if column == 0 else 1 - _FIRST_FACT
            area = (left, top + TITLE_MM + line * height, width * share - 2, height)
            self._fact(painter, area, label, value)

    def _fact(
        self, painter: QPainter, area: tuple[float, float, float, float], label: str, value: str
    ) -> None:
        """Draw a label with its value, or with a line to write on."""
        # A full-width colon has its gap inside.
        text = f"{label}{value}" if label.endswith("：") else f"{label} {value}"
        self._text(painter, area, text, _LEFT)
        if not value:
            left, top, width, height = area
            begin = left + self._text_width(text) + 1
            self._line(painter, (begin, top + height - 1), (left + width, top + height - 1))

    def _paint_grid(self, painter: QPainter, top: float) -> float:
        """Draw head, rows and rules; return where the grid ends."""
        page = self._page
        height = row_height(len(page.rows) + page.blank)
        edges = list(self._edges())
        self._cells(painter, (top, COLUMNS_MM), edges, page.head, bold=True)
        first = top + COLUMNS_MM
        for place, row in enumerate(page.rows):
            self._cells(painter, (first + place * height, height), edges, row)
        count = len(page.rows) + page.blank
        end = first + count * height
        for place in range(count + 1):
            thick = _THICK_MM if place in (0, count, len(page.rows)) else _THIN_MM
            y = first + place * height
            self._line(painter, (edges[0], y), (edges[-1], y), thick)
        self._line(painter, (edges[0], top), (edges[-1], top), _THICK_MM)
        for edge in edges:
            thick = _THICK_MM if edge in (edges[0], edges[-1]) else _THIN_MM
            self._line(painter, (edge, top), (edge, end), thick)
        return end

    def _edges(self) -> Iterator[float]:
        left, total = SIDE_MM, sum(self._page.widths)
        yield left
        for width in self._page.widths:
            left += self._width * width / total
            yield left

    def _cells(
        self,
        painter: QPainter,
        band: tuple[float, float],
        edges: Sequence[float],
        texts: Sequence[str],
        *,
        bold: bool = False,
    ) -> None:
        top, height = band
        for left, right, text in zip(edges, edges[1:], texts, strict=False):
            area = (left + _PADDING_MM, top, right - left - 2 * _PADDING_MM, height)
            self._text(painter, area, text, _CENTRE, bold=bold)

    def _paint_signs(self, painter: QPainter, top: float) -> None:
        """Draw the labels side by side, each with room to write as wide as the others'."""
        signs = self._page.signs
        taken = sum(self._text_width(text) for text in signs)
        room = (self._width - taken) / max(len(signs), 1)
        left, low = SIDE_MM, top + SIGNS_MM - 1.5
        for text in signs:
            width = self._text_width(text)
            self._text(painter, (left, top + 1, width + 1, SIGNS_MM - 1), text, _LEFT)
            self._line(painter, (left + width, low), (left + width + room - 3, low))
            left += width + room

    def _paint_foot(self, painter: QPainter) -> None:
        area = (SIDE_MM, PAGE_MM[1] - BOTTOM_MM - FOOT_MM, self._width, FOOT_MM)
        painter.save()
        painter.setPen(_MUTED)
        self._text(painter, area, self._page.footer, _LEFT, points=FOOT_POINTS)
        self._text(painter, area, self._page.number, _RIGHT, points=FOOT_POINTS)
        painter.restore()

    def _text(
        self,
        painter: QPainter,
        area: tuple[float, float, float, float],
        text: str,
        flags: Qt.AlignmentFlag,
        *,
        points: float = TEXT_POINTS,
        bold: bool = False,
    ) -> None:
        """Draw one line; what is too wide is made narrower, never lower, and cut only then."""
        if not text:
            return
        rect = self._rect(area)
        font = self._font(points, bold=bold)
        measures = QFontMetricsF(font)
        width = measures.horizontalAdvance(text)
        squeeze = max(_NARROWEST, min(1.0, rect.width() / width))
        room = rect.width() / squeeze
        painter.save()
        painter.setFont(font)
        painter.translate(rect.left(), rect.top())
        painter.scale(squeeze, 1)
        shown = measures.elidedText(text, Qt.TextElideMode.ElideRight, room + 1)
        single = flags | Qt.TextFlag.TextSingleLine
        painter.drawText(QRectF(0, 0, room + 1, rect.height()), single, shown)
        painter.restore()

    def _text_width(self, text: str) -> float:
        """Return the width in millimetres of text in the common size."""
        measures = QFontMetricsF(self._font(TEXT_POINTS, bold=False))
        return measures.horizontalAdvance(text) / self._dots

    def _font(self, points: float, *, bold: bool) -> QFont:
        font = QFont(self._families)
        # In dots, so that the size does not depend on what the painter paints on.
        font.setPixelSize(round(points / _POINTS_PER_MM * self._dots))
        font.setBold(bold)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def _line(
        self,
        painter: QPainter,
        begin: tuple[float, float],
        end: tuple[float, float],
        thick: float = _THIN_MM,
    ) -> None:
        painter.save()
        painter.setPen(QPen(painter.pen().color(), thick * self._dots))
        painter.drawLine(self._point(begin), self._point(end))
        painter.restore()

    def _point(self, place: tuple[float, float]) -> QPointF:
        return QPointF(place[0] * self._dots, place[1] * self._dots)

    def _rect(self, area: tuple[float, float, float, float]) -> QRectF:
        left, top, width, height = (value * self._dots for value in area)
        return QRectF(left, top, width, height)
