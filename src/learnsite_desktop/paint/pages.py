"""Printouts as PDF: A4 pages with a Chinese font, a QR code and page numbers."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Final

import segno
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt, QUrl, QUuid
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
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
_CSS_DOTS_PER_INCH: Final = 96
_MODULE_PIXELS: Final = 8
_QUIET_MODULES: Final = 4
_CODE_URL: Final = "printout:code"
_LINE_COLOUR: Final = "#b9c2cc"
_MUTED_COLOUR: Final = "#5b6675"
_STYLE: Final = f"""
p {{ margin: 0 0 6px 0; }}
h1 {{ font-size: {TITLE_POINTS}pt; font-weight: bold; margin: 0 0 8px 0; }}
h2 {{ font-size: {HEADING_POINTS}pt; font-weight: bold; margin: 14px 0 6px 0; }}
th {{ text-align: left; background-color: #eef1f5; border-bottom: 1px solid {_LINE_COLOUR}; }}
.cell {{ border-bottom: 1px solid {_LINE_COLOUR}; }}
.label {{ color: {_MUTED_COLOUR}; padding: 2px 16px 2px 0; }}
.value {{ padding: 2px 0; }}
"""
_FILE_DATE: Final = re.compile(rb"/(CreationDate|ModDate) \(D:[^)]*\)")
_METADATA_DATE: Final = re.compile(rb'(xmp:(?:CreateDate|ModifyDate|MetadataDate)=)"[^"]{25}"')


class PdfPrinter:
    """Turns printouts into PDF files; the same printout gives the same bytes on one computer."""

    def __init__(self) -> None:
        """Start Qt's drawing if nobody has. Refuses `font_missing` without a Chinese font."""
        self._application = _drawing_application()
        self._families = chinese_families()

    def __call__(self, printout: Printout) -> bytes:
        """Return the PDF."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setResolution(DOTS_PER_INCH)
        writer.setTitle(printout.title)
        writer.setCreator("learnsite")
        writer.setDocumentId(QUuid.createUuidV5(QUuid(), f"{printout.code} {printout.at}".encode()))
        writer.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4),
                QPageLayout.Orientation.Portrait,
                QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM),
                QPageLayout.Unit.Millimeter,
            )
        )
        self._paint(Pages(printout, writer, self._families), writer)
        buffer.close()
        return _dated(bytes(buffer.data().data()), printout.at)

    def _paint(self, pages: "Pages", writer: QPagedPaintDevice) -> None:
        painter = QPainter(writer)
        try:
            for number in range(1, pages.count + 1):
                if number > 1:
                    writer.newPage()
                pages.paint(painter, number)
        finally:
            painter.end()


class Pages:
    """A printout laid out for a device whose drawing area is a page without its margins."""

    def __init__(
        self, printout: Printout, device: QPagedPaintDevice | QImage, families: Sequence[str]
    ) -> None:
        """Lay the printout out; `families` are font families, the first preferred."""
        self._printout = printout
        self._dots_per_mm = device.logicalDpiY() / _MM_PER_INCH
        self._size = QSizeF(device.width(), device.height() - FOOTER_MM * self._dots_per_mm)
        self._font = QFont(list(families), BODY_POINTS)
        self._font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._document = QTextDocument()
        self._document.documentLayout().setPaintDevice(device)
        self._document.setDocumentMargin(0)
        self._document.setDefaultFont(self._font)
        self._document.setDefaultStyleSheet(_STYLE)
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
        painter.save()
        painter.setFont(self._font)
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
    side, column = _pixels(CODE_MM), _pixels(CODE_MM + 2 * _CODE_SPACE_MM)
    facts = "".join(
        f'<tr><td class="label">{_text(label)}</td><td class="value">{_text(value)}</td></tr>'
        for label, value in printout.facts
    )
    yield (
        '<table width="100%" cellspacing="0" cellpadding="0"><tr><td>'
        f"<h1>{_text(printout.title)}</h1>"
        f'<table cellspacing="0" cellpadding="0" style="margin-top: 8px">{facts}</table></td>'
        f'<td align="center" width="{column}">'
        f'<p align="center"><img src="{_CODE_URL}" width="{side}" height="{side}"/></p>'
        f'<p align="center">{_text(printout.caption)}</p></td></tr></table>'
    )
    for block in printout.blocks:
        yield _block(block)
    if printout.signs:
        yield f"<p><br/><br/>{'&emsp;&emsp;'.join(_sign(label) for label in printout.signs)}</p>"


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
                'style="border-collapse: collapse; margin-top: 6px">'
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


def _drawing_application() -> QGuiApplication:
    """Return the running Qt application, or start one that needs no screen."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    # Elsewhere the plugin without a screen sees no system fonts.
    if sys.platform not in {"darwin", "win32"}:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(["learnsite"])


def _dated(pdf: bytes, at: str) -> bytes:
    """Return the PDF with `at` for all its times of making; no offset in the file moves."""
    moment = datetime.fromisoformat(at).astimezone(UTC).replace(microsecond=0)
    stamp = f"{moment:%Y%m%d%H%M%SZ}".encode("ascii")
    pdf = _FILE_DATE.sub(
        lambda found: (b"/%s (D:%s)" % (found[1], stamp)).ljust(len(found[0])), pdf, count=2
    )
    written = moment.isoformat().encode("ascii")
    return _METADATA_DATE.sub(lambda found: b'%s"%s"' % (found[1], written), pdf, count=3)
