"""Printouts on A4 pages: text and tables, a QR code, page numbers; and the Chinese fonts."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

import segno
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QImage,
    QPagedPaintDevice,
    QPainter,
    QPen,
    QTextDocument,
    qRgb,
)

from learnsite_desktop.domain.printout import Block, Heading, Paragraph, Printout, Table
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render

FAMILIES: Final = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimSun",
)
"""Chinese fonts in order of preference; any other font for simplified Chinese will do."""

BODY_POINTS: Final = 12
TITLE_POINTS: Final = 22
HEADING_POINTS: Final = 14
DOTS_PER_INCH: Final = 600
MARGIN_MM: Final = 18
FOOTER_MM: Final = 10
CODE_MM: Final = 30
_CODE_SPACE_MM: Final = 4

_MM_PER_INCH: Final = 25.4
_POINTS_PER_INCH: Final = 72
_CSS_DOTS_PER_INCH: Final = 96
_MODULE_PIXELS: Final = 8
_QUIET_MODULES: Final = 4
_CODE_URL: Final = "printout:code"
_INK: Final = "#000000"
_LINE_COLOUR: Final = "#b9c2cc"
_MUTED_COLOUR: Final = "#5b6675"
_STYLE: Final = f"""
p, h1, h2, td, th {{ color: {_INK}; }}
p {{ margin: 0 0 6px 0; }}
h1 {{ font-size: {TITLE_POINTS}pt; font-weight: bold; margin: 0 0 8px 0; }}
h2 {{ font-size: {HEADING_POINTS}pt; font-weight: bold; margin: 14px 0 6px 0; }}
th {{ text-align: left; background-color: #eef1f5; border-bottom: 1px solid {_LINE_COLOUR}; }}
.cell {{ border-bottom: 1px solid {_LINE_COLOUR}; }}
.label {{ color: {_MUTED_COLOUR}; padding: 2px 16px 2px 0; }}
.value {{ padding: 2px 0; }}
"""


class Pages:
    """A printout laid out for a device whose drawing area is a page without its margins."""

    def __init__(
        self, printout: Printout, device: QPagedPaintDevice | QImage, families: Sequence[str]
    ) -> None:
        """Lay the printout out; `families` are font families, the first preferred."""
        self._printout = printout
        self._dots_per_mm = device.logicalDpiY() / _MM_PER_INCH
        self._size = QSizeF(device.width(), device.height() - FOOTER_MM * self._dots_per_mm)
        self._font = QFont(list(families), printout.points)
        self._font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._document = QTextDocument()
        self._document.documentLayout().setPaintDevice(device)
        self._document.setDocumentMargin(0)
        self._document.setDefaultFont(self._font)
        self._document.setDefaultStyleSheet(_STYLE)
        if printout.code:
            self._document.addResource(
                QTextDocument.ResourceType.ImageResource, QUrl(_CODE_URL), code_image(printout.code)
            )
        self._document.setHtml("".join(_html(printout)))
        self._document.setPageSize(self._size)

    @property
    def count(self) -> int:
        """How many pages there are."""
        return self._document.pageCount()

    def paint(self, painter: QPainter, number: int) -> None:
        """Draw page `number`, counted from 1."""
        top = (number - 1) * self._size.height()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        painter.translate(0, -top)
        self._document.drawContents(
            painter, QRectF(0, top, self._size.width(), self._size.height())
        )
        painter.restore()
        self._paint_footer(painter, number)

    def _paint_footer(self, painter: QPainter, number: int) -> None:
        height = FOOTER_MM * self._dots_per_mm
        area = QRectF(0, self._size.height(), self._size.width(), height)
        count = render(N_("Page %(number)s of %(count)s"), {"number": number, "count": self.count})
        font = QFont(self._font)
        # In dots: the painter's device may have others than the one laid out for.
        font.setPixelSize(round(BODY_POINTS / _POINTS_PER_INCH * _MM_PER_INCH * self._dots_per_mm))
        painter.save()
        painter.setFont(font)
        painter.setPen(QPen(QColor(_LINE_COLOUR), self._dots_per_mm / 5))
        line = area.top() + height / 3
        painter.drawLine(QPointF(area.left(), line), QPointF(area.right(), line))
        painter.setPen(QColor(_MUTED_COLOUR))
        low = Qt.AlignmentFlag.AlignBottom
        painter.drawText(area, low | Qt.AlignmentFlag.AlignLeft, self._printout.footer)
        painter.drawText(area, low | Qt.AlignmentFlag.AlignRight, count)
        painter.restore()


def _html(printout: Printout) -> Iterator[str]:
    """Yield the printout as the simple HTML that Qt's text documents know."""
    facts = "".join(
        f'<tr><td class="label">{_text(label)}</td><td class="value">{_text(value)}</td></tr>'
        for label, value in printout.facts
    )
    yield (
        '<table width="100%" cellspacing="0" cellpadding="0" style="margin-bottom: 8px"><tr><td>'
        f"<h1>{_text(printout.title)}</h1>"
        f'<table cellspacing="0" cellpadding="0" style="margin-top: 8px">{facts}</table></td>'
        f"{_code_cell(printout)}</tr></table>"
    )
    for block in printout.blocks:
        yield _block(block)
    if printout.signs:
        yield f"<p><br/><br/>{'&emsp;&emsp;'.join(_sign(label) for label in printout.signs)}</p>"


def _code_cell(printout: Printout) -> str:
    if not printout.code:
        return ""
    side, column = _pixels(CODE_MM), _pixels(CODE_MM + 2 * _CODE_SPACE_MM)
    return (
        f'<td align="center" width="{column}">'
        f'<p align="center"><img src="{_CODE_URL}" width="{side}" height="{side}"/></p>'
        f'<p align="center">{_text(printout.caption)}</p></td>'
    )


def _block(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{_text(text)}</h2>"
        case Paragraph(text):
            return f"<p>{_text(text)}</p>"
        case Table(head, rows, widths):
            cells = "".join(
                f'<th width="{width}%">{_text(text)}</th>'
                for text, width in zip(head, widths, strict=True)
            )
            lines = "".join(
                f"<tr>{''.join(f'<td class=cell>{_text(text)}</td>' for text in row)}</tr>"
                for row in rows
            )
            return (
                '<table width="100%" border="0" cellspacing="0" cellpadding="4" '
                'style="border-collapse: collapse; margin-top: 6px; margin-bottom: 14px">'
                f"<thead><tr>{cells}</tr></thead>{lines}</table>"
            )


def _sign(label: str) -> str:
    return f"{_text(label)}&nbsp;{'_' * 16}"


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br/>")


def _pixels(millimetres: float) -> int:
    """Return a length in the pixels of text documents, which are scaled to the device."""
    return round(millimetres * _CSS_DOTS_PER_INCH / _MM_PER_INCH)


def code_image(text: str) -> QImage:
    """Return the QR code of `text`, black on white with its quiet zone."""
    code = segno.make_qr(text, error="m")
    matrix = [bytes(row) for row in code.matrix_iter(_MODULE_PIXELS, _QUIET_MODULES)]
    image = QImage(len(matrix[0]), len(matrix), QImage.Format.Format_Mono)
    image.setColorTable([qRgb(255, 255, 255), qRgb(0, 0, 0)])
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            image.setPixel(x, y, int(dark > 0))
    return image


def chinese_families() -> list[str]:
    """Return the installed font families for simplified Chinese, preferred ones first.

    Refuses `font_missing` when there is none.
    """
    installed = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    if not installed:
        raise Refusal("font_missing")
    preferred = [name for name in FAMILIES if name in installed]
    return preferred + [name for name in sorted(installed) if name not in FAMILIES]
