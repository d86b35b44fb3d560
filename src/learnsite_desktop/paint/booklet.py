"""Printables on paper: laid out once on A4, painted on any device, written as PDF.

What is seen before printing is what is printed: the layout is made for one resolution and only
scaled afterwards.
"""

import os
import re
import sys
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF, Qt, QUuid
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
)

from learnsite_desktop.domain.printout import CodeSheet, Printable, SignInPage
from learnsite_desktop.paint.code_pages import CodePage
from learnsite_desktop.paint.pages import DOTS_PER_INCH, MARGIN_MM, Pages, chinese_families
from learnsite_desktop.paint.signin import SignInGrid

_MM_PER_INCH: Final = 25.4
_DOTS_PER_MM: Final = DOTS_PER_INCH / _MM_PER_INCH
_FILE_DATE: Final = re.compile(rb"/(CreationDate|ModDate) \(D:[^)]*\)")
_METADATA_DATE: Final = re.compile(rb'(xmp:(?:CreateDate|ModifyDate|MetadataDate)=)"[^"]{25}"')


class Booklet:
    """The pages of printables, one printable after the other; pages are counted from 1."""

    def __init__(self, *printables: Printable) -> None:
        """Lay them out. Starts Qt's drawing if nobody has; refuses `font_missing`."""
        self._application = drawing_application()
        families = chinese_families()
        self._pages: list[tuple[_Part, int]] = []
        for printable in printables:
            part = _Part(printable, families)
            self._pages += [(part, number) for number in range(1, part.drawing.count + 1)]

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    def layout(self, number: int) -> QPageLayout:
        """Return size and orientation of a page; its margins are drawn as part of the page."""
        return _layout(self._pages[number - 1][0].orientation, 0)

    def size_mm(self, number: int) -> QSizeF:
        """Return width and height of a page in millimetres."""
        return self.layout(number).fullRect(QPageLayout.Unit.Millimeter).size()

    def paint(self, painter: QPainter, number: int, dots_per_mm: float) -> None:
        """Draw a page with its margins; the painter's origin is the paper's upper left corner."""
        part, own = self._pages[number - 1]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(dots_per_mm / _DOTS_PER_MM, dots_per_mm / _DOTS_PER_MM)
        painter.translate(part.margin_mm * _DOTS_PER_MM, part.margin_mm * _DOTS_PER_MM)
        part.drawing.paint(painter, own)
        painter.restore()

    def image(self, number: int, dots_per_inch: float = 96) -> QImage:
        """Return a picture of a page on white."""
        dots_per_mm = dots_per_inch / _MM_PER_INCH
        size = (self.size_mm(number) * dots_per_mm).toSize()
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        try:
            self.paint(painter, number, dots_per_mm)
        finally:
            painter.end()
        return image

    def print_on(self, device: QPagedPaintDevice) -> None:
        """Draw all pages on a device that has pages: a PDF writer or a printer."""
        if not self._pages:
            return
        device.setPageLayout(self.layout(1))
        painter = QPainter(device)
        try:
            for number in range(1, self.count + 1):
                if number > 1:
                    device.setPageLayout(self.layout(number))
                    device.newPage()
                self.paint(painter, number, device.logicalDpiX() / _MM_PER_INCH)
        finally:
            painter.end()


class _Part:
    """One printable with the paper it was laid out for; text keeps to that paper's measures."""

    def __init__(self, printable: Printable, families: list[str]) -> None:
        self._buffer = QBuffer()
        self._paper = QPdfWriter(self._buffer)
        self._paper.setResolution(DOTS_PER_INCH)
        self.orientation = QPageLayout.Orientation.Portrait
        self.margin_mm = 0.0
        self.drawing: Pages | SignInGrid | CodePage
        if isinstance(printable, SignInPage):
            self.drawing = SignInGrid(printable, _DOTS_PER_MM, families)
            return
        if isinstance(printable, CodeSheet):
            self.drawing = CodePage(printable, _DOTS_PER_MM, families)
            return
        if printable.landscape:
            self.orientation = QPageLayout.Orientation.Landscape
        self.margin_mm = MARGIN_MM
        self._paper.setPageLayout(_layout(self.orientation, MARGIN_MM))
        self.drawing = Pages(printable, self._paper, families)


def _layout(orientation: QPageLayout.Orientation, margin: float) -> QPageLayout:
    layout = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        orientation,
        QMarginsF(margin, margin, margin, margin),
        QPageLayout.Unit.Millimeter,
    )
    if not margin:
        layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout


class PdfPrinter:
    """Turns printables into a PDF file; the same ones give the same bytes on one computer."""

    def __init__(self) -> None:
        """Start Qt's drawing if nobody has. Refuses `font_missing` without a Chinese font."""
        self._application = drawing_application()
        chinese_families()

    def __call__(self, *printables: Printable) -> bytes:
        """Return the PDF of at least one printable."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setResolution(DOTS_PER_INCH)
        writer.setTitle(printables[0].title)
        writer.setCreator("learnsite")
        name = " ".join(f"{printable.code} {printable.at}" for printable in printables)
        writer.setDocumentId(QUuid.createUuidV5(QUuid(), name.encode()))
        Booklet(*printables).print_on(writer)
        buffer.close()
        return _dated(bytes(buffer.data().data()), printables[0].at)


def drawing_application() -> QGuiApplication:
    """Return the running Qt application, or start one that needs no screen."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    # Elsewhere the plugin without a screen sees no system fonts.
    if sys.platform not in {"darwin", "win32"}:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Qt takes no second application: where windows may follow in this process, theirs is started.
    widgets = sys.modules.get("PySide6.QtWidgets")
    kind: type[QGuiApplication] = widgets.QApplication if widgets else QGuiApplication
    return kind(["learnsite"])


def _dated(pdf: bytes, at: str) -> bytes:
    """Return the PDF with `at` for all its times of making; no offset in the file moves."""
    moment = datetime.fromisoformat(at).astimezone(UTC).replace(microsecond=0)
    stamp = f"{moment:%Y%m%d%H%M%SZ}".encode("ascii")
    pdf = _FILE_DATE.sub(
        lambda found: (b"/%s (D:%s)" % (found[1], stamp)).ljust(len(found[0])), pdf, count=2
    )
    written = moment.isoformat().encode("ascii")
    return _METADATA_DATE.sub(lambda found: b'%s"%s"' % (found[1], written), pdf, count=3)
