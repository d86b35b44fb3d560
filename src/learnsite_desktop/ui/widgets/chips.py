"""Status chips: icon, word and colour together, readable in selected rows too."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui import icons, theme

CHIP_ROLE: Final = Qt.ItemDataRole.UserRole + 64
"""The role under which a model gives the Chip of a cell."""

_WORDS: Final = {
    "draft": N_("Draft"),
    "final": N_("Finished"),
    "exported": N_("Packed"),
    "received": N_("Received"),
    "returned": N_("Returned"),
    "approved": N_("Approved"),
}
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Chip:
    """A status (draft, final, exported, received, returned, approved) or a tone of messages.

    `word` is what stands on it, our own word for the status when empty; `icon` another picture than
    the status's own.
    """

    status: str
    word: str = ""
    icon: str = ""

    @property
    def text(self) -> str:
        """The word shown."""
        return self.word or _(_WORDS.get(self.status, ""))


def chip_size(metrics: QFontMetrics, chip: Chip) -> QSize:
    """Return how much room a chip takes with a font."""
    height = metrics.height()
    icon = round(height * 0.9)
    return QSize(metrics.horizontalAdvance(chip.text) + icon + height, round(height * 1.35))


def paint_chip(painter: QPainter, place: QRect, chip: Chip, metrics: QFontMetrics) -> None:
    """Draw a chip at the left of `place`, in the middle of its height, never wider than it."""
    look = theme.tokens()
    pair = look.statuses.get(chip.status) or look.notices[chip.status]
    size = chip_size(metrics, chip)
    box = QRect(place.left(), 0, min(size.width(), place.width()), size.height())
    box.moveTop(place.center().y() - size.height() // 2)
    quarter, side = metrics.height() // 4, round(metrics.height() * 0.9)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(pair.back))
    painter.setPen(QPen(QColor(pair.text), 1))
    painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), box.height() / 2, box.height() / 2)
    picture = icons.pixmap(chip.icon or chip.status, side, pair.text)
    painter.drawPixmap(box.left() + quarter + 1, box.center().y() - side // 2 + 1, picture)
    words = box.adjusted(side + quarter * 2, 0, -quarter, 0)
    text = metrics.elidedText(chip.text, Qt.TextElideMode.ElideRight, words.width())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.restore()


class ChipDelegate(QStyledItemDelegate):
    """Paints the cells for which the model gives a Chip."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw the cell's background, then its chip."""
        chip = index.data(CHIP_ROLE)
        if not isinstance(chip, Chip):
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""  # type: ignore[attr-defined]
        view = option.widget  # type: ignore[attr-defined]
        style = view.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        margin = option.fontMetrics.height() // 4  # type: ignore[attr-defined]
        place = option.rect.adjusted(margin, 0, -margin, 0)  # type: ignore[attr-defined]
        paint_chip(painter, place, chip, option.fontMetrics)  # type: ignore[attr-defined]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        """Return the chip's room with a margin around it."""
        chip = index.data(CHIP_ROLE)
        if not isinstance(chip, Chip):
            return super().sizeHint(option, index)
        metrics: QFontMetrics = option.fontMetrics  # type: ignore[attr-defined]
        margin = metrics.height() // 2
        return chip_size(metrics, chip) + QSize(margin, margin // 2)


class ChipLabel(QWidget):
    """A chip in a form or heading."""

    def __init__(self, chip: Chip, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chip = chip
        self.set_chip(chip)
        theme.signals().changed.connect(self._resize)

    def set_chip(self, chip: Chip) -> None:
        """Show another chip."""
        self._chip = chip
        self.setAccessibleName(chip.text)
        self._resize()

    def sizeHint(self) -> QSize:
        """Return the chip's room."""
        return chip_size(self.fontMetrics(), self._chip)

    def minimumSizeHint(self) -> QSize:
        """Return the chip's room: it is never cut off."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent, /) -> None:  # noqa: ARG002
        """Draw the chip."""
        painter = QPainter(self)
        painter.setFont(self.font())
        paint_chip(painter, self.rect(), self._chip, self.fontMetrics())
        painter.end()

    def _resize(self) -> None:
        self.updateGeometry()
        self.update()
