"""Printed pages on the screen, before they are printed."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.ui import theme

PaintPage = Callable[[int, QPainter], None]
A4_MM: Final = (210.0, 297.0)
_POINTS_PER_MM: Final = 72 / 25.4
_DOTS_PER_METRE: Final = round(72 / 0.0254)
_ZOOM_STEP: Final = 1.2
_ZOOMS: Final = (0.25, 4.0)
_GAP: Final = 12


class PagePreview(QScrollArea):
    """Pages under one another, as wide as there is room.

    Page Up and Page Down go from page to page, Ctrl with the wheel or with 0 changes the size.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader says."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._zoom = 1.0
        self._sheet = _Sheets()
        self.setWidget(self._sheet)

    def show_pages(
        self, count: int, paint: PaintPage, size_mm: tuple[float, float] = A4_MM
    ) -> None:
        """Show `count` pages; `paint` draws one, numbered from 1.

        Its painter has one unit to the point (1/72 inch), so that letters given in points are
        right, and begins at the corner of the paper.
        """
        self._sheet.set_pages(count, paint, size_mm)
        self.setAccessibleDescription(render(N_("%(count)s pages"), {"count": count}))
        self._fit()

    def page(self) -> int:
        """The page at the top of the view, from 1; 0 without pages."""
        return self._sheet.page_at(self.verticalScrollBar().value() + self.viewport().height() // 3)

    def go_to(self, number: int) -> None:
        """Bring a page to the top."""
        self.verticalScrollBar().setValue(self._sheet.top_of(number))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Go from page to page."""
        steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.go_to(self.page() + step)

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """Change the size with Ctrl, scroll without."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            wanted = self._zoom * (_ZOOM_STEP if event.angleDelta().y() > 0 else 1 / _ZOOM_STEP)
            self._zoom = min(max(wanted, _ZOOMS[0]), _ZOOMS[1])
            self._fit()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Keep the pages as wide as there is room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._sheet.fit(self.viewport().width() - 2 * _GAP, self._zoom)


class _Sheets(QWidget):
    """Paints those pages that are seen; each is drawn once for a size."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._count = 0
        self._paint: PaintPage = lambda _number, _painter: None
        self._points = (1.0, 1.0)
        self._scale = 1.0
        self._drawn: dict[int, QImage] = {}

    def set_pages(self, count: int, paint: PaintPage, size_mm: tuple[float, float]) -> None:
        self._count, self._paint = count, paint
        self._points = (size_mm[0] * _POINTS_PER_MM, size_mm[1] * _POINTS_PER_MM)
        self._drawn.clear()
        self.update()

    def fit(self, width: int, zoom: float) -> None:
        scale = max(width, 1) / self._points[0] * zoom
        if scale != self._scale:
            self._scale = scale
            self._drawn.clear()
        size = self._size()
        self.resize(size.width() + 2 * _GAP, self._count * (size.height() + _GAP) + _GAP)
        self.update()

    def _size(self) -> QSize:
        return QSize(round(self._points[0] * self._scale), round(self._points[1] * self._scale))

    def top_of(self, number: int) -> int:
        return (number - 1) * (self._size().height() + _GAP)

    def page_at(self, y: int) -> int:
        return min(self._count, y // (self._size().height() + _GAP) + 1)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        size = self._size()
        first, last = self.page_at(event.rect().top()), self.page_at(event.rect().bottom())
        for far in [number for number in self._drawn if not first - 1 <= number <= last + 1]:
            del self._drawn[far]
        painter = QPainter(self)
        painter.setPen(QColor(theme.tokens().edge))
        for number in range(max(first, 1), last + 1):
            place = QRectF(_GAP, self.top_of(number) + _GAP, size.width(), size.height())
            painter.drawImage(place, self._page(number))
            painter.drawRect(place)
        painter.end()

    def _page(self, number: int) -> QImage:
        if number not in self._drawn:
            ratio = self.devicePixelRatioF()
            size = self._size() * ratio
            image = QImage(size, QImage.Format.Format_RGB32)
            image.fill(Qt.GlobalColor.white)
            # Letters in points come out right only on a device with one dot to the point.
            image.setDotsPerMeterX(_DOTS_PER_METRE)
            image.setDotsPerMeterY(_DOTS_PER_METRE)
            painter = QPainter(image)
            painter.setRenderHints(
                QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
            )
            painter.scale(self._scale * ratio, self._scale * ratio)
            self._paint(number, painter)
            painter.end()
            self._drawn[number] = image
        return self._drawn[number]
