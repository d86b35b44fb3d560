"""Pages of large QR codes to be photographed, their numbers beside them in large letters."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter

from learnsite_desktop.domain.printout import CodePicture, CodeSheet

PAGE_MM: Final = (210.0, 297.0)
SIDE_MM: Final = 12.0
TITLE_TOP_MM: Final = 8.0
TITLE_MM: Final = 9.0
LINE_MM: Final = 5.5
CODES_TOP_MM: Final = 29.0
CODE_MM: Final = 126.0
GAP_MM: Final = 3.0
FOOT_TOP_MM: Final = 286.0
FOOT_MM: Final = 5.0
CAPTION_POINTS: Final = 40

_POINTS_PER_MM: Final = 72 / 25.4
_TITLE_POINTS, _TEXT_POINTS, _FOOT_POINTS = 18, 11, 9
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter


class CodePage:
    """A page for a painter whose origin is the paper's corner; it is always one page."""

    count: Final = 1

    def __init__(self, sheet: CodeSheet, dots_per_mm: float, families: Sequence[str]) -> None:
        """`families` are font families, the first preferred."""
        self._sheet = sheet
        self._dots = dots_per_mm
        self._families = list(families)

    def paint(self, painter: QPainter, number: int = 1) -> None:
        """Draw the page."""
        del number  # there is one
        painter.save()
        painter.setPen(Qt.GlobalColor.black)
        width = PAGE_MM[0] - 2 * SIDE_MM
        title = (SIDE_MM, TITLE_TOP_MM, width, TITLE_MM)
        self._text(painter, title, self._sheet.title, _LEFT, _TITLE_POINTS)
        for place, line in enumerate(self._sheet.lines):
            top = TITLE_TOP_MM + TITLE_MM + place * LINE_MM
            self._text(painter, (SIDE_MM, top, width, LINE_MM), line, _LEFT, _TEXT_POINTS)
        for place, picture in enumerate(self._sheet.pictures):
            self._paint_picture(painter, CODES_TOP_MM + place * (CODE_MM + GAP_MM), picture)
        foot = (SIDE_MM, FOOT_TOP_MM, width, FOOT_MM)
        self._text(painter, foot, self._sheet.footer, _LEFT, _FOOT_POINTS)
        self._text(painter, foot, self._sheet.number, _RIGHT, _FOOT_POINTS)
        painter.restore()

    def _paint_picture(self, painter: QPainter, top: float, picture: CodePicture) -> None:
        """Draw the dark modules of each row as bars: straight edges at any resolution."""
        module = CODE_MM / len(picture.matrix)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.black)
        for y, row in enumerate(picture.matrix):
            for begin, end in _bars(row):
                area = (SIDE_MM + begin * module, top + y * module, (end - begin) * module, module)
                painter.drawRect(self._rect(area))
        painter.restore()
        left = SIDE_MM + CODE_MM
        beside = (left, top, PAGE_MM[0] - SIDE_MM - left, CODE_MM)
        self._text(painter, beside, picture.caption, _CENTRE, CAPTION_POINTS)

    def _text(
        self,
        painter: QPainter,
        area: tuple[float, float, float, float],
        text: str,
        place: Qt.AlignmentFlag,
        points: float,
    ) -> None:
        font = QFont(self._families)
        font.setPixelSize(round(points / _POINTS_PER_MM * self._dots))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        painter.setFont(font)
        painter.drawText(self._rect(area), place, text)

    def _rect(self, area: tuple[float, float, float, float]) -> QRectF:
        return QRectF(*(one * self._dots for one in area))


def _bars(row: bytes) -> list[tuple[int, int]]:
    """Return where dark modules of a row begin and end."""
    found: list[tuple[int, int]] = []
    begin = -1
    for x, dark in enumerate([*row, 0]):
        if dark and begin < 0:
            begin = x
        elif not dark and begin >= 0:
            found.append((begin, x))
            begin = -1
    return found
