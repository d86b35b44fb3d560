"""The list of screens at the left: icon, word, its key, and how much waits there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui import icons, theme

_ITEM: Final = Qt.ItemDataRole.UserRole + 1
_AIRY, _DENSE = 2.1, 1.35
"""The height of a line in heights of its letters: as airy as all lines fit, no denser than that."""
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class NavItem:
    """A screen in the list; `key` as shown ("Alt+1"), `count` what waits there, 0 for none."""

    name: str
    label: str
    icon: str
    key: str = ""
    count: int = 0

    @property
    def badge(self) -> str:
        """The count as shown."""
        return "" if not self.count else str(self.count) if self.count < 100 else "99+"


class NavList(QListView):
    """Screens to go to. `chosen` carries the name when the user picks one."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "nav")
        self.setAccessibleName(_("Screens"))
        self._model = QStandardItemModel(self)
        self._quiet, self._shown = False, ""
        self.setModel(self._model)
        self.setItemDelegate(_NavDelegate(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(self._follow)
        theme.signals().changed.connect(self._fit)

    def set_items(self, items: Iterable[NavItem]) -> None:
        """Show these screens; the current one stays current if it is among them."""
        former = self.current()
        self._quiet = True
        self._model.clear()
        for item in items:
            row = QStandardItem()
            self._model.appendRow(row)
            _fill(row, item)
        self._quiet = False
        self.select(former)
        self._fit()

    def set_count(self, name: str, count: int) -> None:
        """Show how much waits at a screen, 0 for nothing; an unlisted screen is passed over."""
        for row in self._rows():
            item: NavItem = row.data(_ITEM)
            if item.name == name and item.count != count:
                _fill(row, NavItem(item.name, item.label, item.icon, item.key, count))

    def select(self, name: str) -> None:
        """Mark a screen as the one shown, none if it is not listed; nothing is told."""
        self._quiet, self._shown = True, name
        found = [row.index() for row in self._rows() if row.data(_ITEM).name == name]
        self.setCurrentIndex(found[0] if found else QModelIndex())
        self._quiet = False

    def current(self) -> str:
        """The name of the screen marked, "" for none."""
        item = self.currentIndex().data(_ITEM)
        return item.name if isinstance(item, NavItem) else ""

    def _rows(self) -> list[QStandardItem]:
        return [self._model.item(row) for row in range(self._model.rowCount())]

    def _follow(self, now: QModelIndex, _former: QModelIndex) -> None:
        item = now.data(_ITEM)
        if not self._quiet and isinstance(item, NavItem):
            self._shown = item.name
            self.chosen.emit(item.name)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Arrows only mark: a screen takes the focus when it is opened. Enter opens it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current():
            self._shown = self.current()
            self.chosen.emit(self._shown)
            return
        self._quiet = True
        super().keyPressEvent(event)
        self._quiet = False

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Mark the screen that is shown again."""
        super().focusOutEvent(event)
        if self.current() != self._shown:
            self.select(self._shown)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Share the new height among the lines."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _fit(self) -> None:
        """Be as wide as the longest line."""
        self.doItemsLayout()
        self.setFixedWidth(max(self.sizeHintForColumn(0), 0) + 2 * self.frameWidth() + 2)


def _fill(row: QStandardItem, item: NavItem) -> None:
    row.setText(item.label)
    row.setData(item, _ITEM)
    spoken = [item.label, item.key, item.badge]
    row.setData("  ".join(part for part in spoken if part), Qt.ItemDataRole.AccessibleTextRole)


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.8)
    return small


class _NavDelegate(QStyledItemDelegate):
    """Paints a line; all lengths are parts of the height of the letters."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:  # noqa: ARG002
        item: NavItem = index.data(_ITEM)
        metrics = QFontMetrics(theme.font_of(theme.points()))
        small = QFontMetrics(_small(theme.font_of(theme.points())))
        height = metrics.height()
        width = icons.side() + metrics.horizontalAdvance(item.label)
        width += small.horizontalAdvance(item.key) + small.horizontalAdvance("99+") + 4 * height
        return QSize(width, int(height * self._lines(index, height)))

    def _lines(self, index: Index, height: int) -> float:
        view = self.parent()
        room = view.viewport().height() if isinstance(view, NavList) else 0
        share = room / (height * max(index.model().rowCount(), 1))
        return min(max(share, _DENSE), _AIRY)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        item: NavItem = index.data(_ITEM)
        look = theme.tokens()
        font = theme.font_of(theme.points())
        metrics = QFontMetrics(font)
        unit = metrics.height()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_back(painter, rect, state, chosen=chosen)
        side = icons.side()
        left = rect.left() + unit * 3 // 4
        colour = "link" if chosen else "muted"
        painter.drawPixmap(
            left, rect.center().y() - side // 2 + 1, icons.pixmap(item.icon, side, colour)
        )
        left += side + unit // 2
        middle = Qt.AlignmentFlag.AlignVCenter
        font.setBold(chosen)
        painter.setFont(font)
        painter.setPen(QColor(look.link if chosen else look.text))
        painter.drawText(rect.adjusted(left - rect.left(), 0, 0, 0), middle, item.label)
        painter.setFont(_small(theme.font_of(theme.points())))
        right = rect.adjusted(0, 0, -unit * 3 // 4, 0)
        if item.badge:
            self._paint_badge(painter, right, item.badge)
        else:
            painter.setPen(QColor(look.muted))
            painter.drawText(right, middle | Qt.AlignmentFlag.AlignRight, item.key)
        painter.restore()

    def _paint_back(
        self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, *, chosen: bool
    ) -> None:
        look = theme.tokens()
        box = rect.adjusted(4, 2, -4, -2)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen:
            painter.setBrush(QColor(look.accent_bg))
            painter.drawRoundedRect(box, look.radius, look.radius)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(look.line))
            painter.drawRoundedRect(box, look.radius, look.radius)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(look.accent))
            painter.drawRoundedRect(box, look.radius, look.radius)

    def _paint_badge(self, painter: QPainter, right: QRect, text: str) -> None:
        pair = theme.tokens().notices["warning"]
        metrics = painter.fontMetrics()
        height = round(metrics.height() * 1.2)
        width = max(height, metrics.horizontalAdvance(text) + height * 2 // 3)
        box = QRect(right.right() - width, right.center().y() - height // 2, width, height)
        painter.setBrush(QColor(pair.back))
        painter.setPen(QColor(pair.text))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
