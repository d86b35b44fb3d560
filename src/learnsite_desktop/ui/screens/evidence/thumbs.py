"""The photos of one record as small pictures, worked by keys."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImageReader, QKeyEvent, QPainter, QPixmap, QPixmapCache
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.photos import Photo
from learnsite_desktop.ui import icons, theme
from learnsite_desktop.ui.screens.evidence.presenter import caption_of, kind_words

Index = QModelIndex | QPersistentModelIndex
_NONE: Final = QModelIndex()
_PHOTO: Final = Qt.ItemDataRole.UserRole + 1
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LINES_WIDE, _LINES_HIGH = 9, 6.75
"""The room of a picture, in heights of a line: 4 to 3."""


def read_scaled(path: Path, room: QSize, ratio: float = 1.0) -> QPixmap:
    """Return a picture file fitted into `room`; never larger in memory than that.

    `ratio` are the screen's pixels per unit. Empty if the file cannot be read.
    """
    reader = QImageReader(str(path))
    size, pixels = reader.size(), room * ratio
    if size.isValid():
        fitted = size.scaled(pixels, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(fitted.boundedTo(size) if fitted.width() > size.width() else fitted)
    made = QPixmap.fromImage(reader.read())
    made.setDevicePixelRatio(ratio)
    return made


class ThumbModel(QAbstractListModel):
    """Photos in their order."""

    def __init__(self) -> None:
        super().__init__()
        self._photos: tuple[Photo, ...] = ()

    def show(self, photos: Sequence[Photo]) -> None:
        """Show these photos."""
        self.beginResetModel()
        self._photos = tuple(photos)
        self.endResetModel()

    def photo(self, row: int) -> Photo | None:
        """Return the photo of a row, None outside."""
        return self._photos[row] if 0 <= row < len(self._photos) else None

    def row_of(self, record: str) -> int:
        """Return the row of a photo, -1 if it is not there."""
        found = (row for row, photo in enumerate(self._photos) if photo.record == record)
        return next(found, -1)

    def photos(self) -> tuple[Photo, ...]:
        """Return all of them."""
        return self._photos

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._photos)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a photo in words, or itself for the delegate."""
        photo = self.photo(index.row())
        if photo is not None and role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return caption_of(photo)
        return photo if role == _PHOTO else None


class _Delegate(QStyledItemDelegate):
    """Draws a picture, its kind with the number key, and its note."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        del index
        line = option.fontMetrics.height()  # type: ignore[attr-defined]
        return QSize(round(line * _LINES_WIDE) + line, round(line * (_LINES_HIGH + 3.3)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        photo: Photo = index.data(_PHOTO)
        look, line = theme.tokens(), option.fontMetrics.height()  # type: ignore[attr-defined]
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        box = rect.adjusted(line // 4, line // 4, -line // 4, -line // 4)
        if state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(look.accent if state & QStyle.StateFlag.State_HasFocus
                                  else look.line))  # fmt: skip
            painter.setBrush(QColor(look.accent_bg))
            painter.drawRoundedRect(box, look.radius, look.radius)
        room = QRect(
            box.left() + line // 4, box.top() + line // 4,
            box.width() - line // 2, round(line * _LINES_HIGH),
        )  # fmt: skip
        self._picture(painter, room, photo)
        self._words(painter, room.translated(0, room.height() + line // 6), photo, line)
        painter.restore()

    def _picture(self, painter: QPainter, room: QRect, photo: Photo) -> None:
        ratio = painter.device().devicePixelRatioF()
        made = _cached(photo, room.size(), ratio)
        if made.isNull():
            made = icons.pixmap("evidence", room.height() // 2, "edge")
        size = made.deviceIndependentSize().toSize()
        painter.drawPixmap(
            room.center().x() - size.width() // 2, room.center().y() - size.height() // 2, made
        )

    def _words(self, painter: QPainter, place: QRect, photo: Photo, line: int) -> None:
        look, words = theme.tokens(), kind_words()
        number = list(words).index(photo.kind) + 1 if photo.kind in words else 0
        kind = words.get(photo.kind, photo.kind)
        top = QRect(place.left(), place.top(), place.width(), line)
        painter.setPen(QColor(look.text))
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, f"{number} {kind}" if number else kind)
        if photo.publishable:
            side = round(line * 0.9)
            painter.drawPixmap(top.right() - side, top.top(), icons.pixmap("eye", side, "ok"))
        under = top.translated(0, line)
        said = photo.note or photo.taken.replace("T", " ")[:16]
        painter.setPen(QColor(look.muted))
        elided = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, under.width())
        painter.drawText(under, Qt.AlignmentFlag.AlignLeft, elided)


def _cached(photo: Photo, room: QSize, ratio: float) -> QPixmap:
    """Return a photo's small picture; drawn when it is first seen."""
    path = photo.thumb_path or photo.path
    if path is None:
        return QPixmap()
    key = f"{path.name} {room.width()}x{room.height()}@{ratio}"
    found = QPixmap()
    if not QPixmapCache.find(key, found):
        found = read_scaled(path, room, ratio)
        QPixmapCache.insert(key, found)
    return found


class Thumbs(QListView):
    """The photos. Digits change the kind, P whether it may be published, N writes a note.

    `kinded` brings (photo, code); the others the photo.
    """

    kinded = Signal(object)
    publishing = Signal(object)
    noted = Signal(object)
    opened = Signal(object)
    removed = Signal(object)

    def __init__(self, model: ThumbModel) -> None:
        super().__init__()
        self._photos = model
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(_("Photos"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda _index: self._tell(self.opened))
        theme.signals().changed.connect(self.scheduleDelayedItemsLayout)

    def current(self) -> Photo | None:
        """Return the photo one stands on."""
        return self._photos.photo(self.currentIndex().row())

    def select(self, record: str) -> None:
        """Stand on a photo, the first one when it is not there."""
        row = max(self._photos.row_of(record), 0)
        index = self._photos.index(row)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Do what the key means here, else move about."""
        plain = event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        if plain != Qt.KeyboardModifier.NoModifier or not self._taken(event):
            super().keyPressEvent(event)

    def _taken(self, event: QKeyEvent) -> bool:
        photo, text = self.current(), event.text().upper()
        if photo is None:
            return False
        codes = list(kind_words())
        if event.key() in _ENTER:
            self.opened.emit(photo)
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit(photo)
        elif text == "P":
            self.publishing.emit(photo)
        elif text == "N":
            self.noted.emit(photo)
        elif text.isdecimal() and 0 < int(text) <= len(codes):
            self.kinded.emit((photo, codes[int(text) - 1]))
        else:
            return False
        return True

    def _tell(self, signal: Any) -> None:
        photo = self.current()
        if photo is not None:
            signal.emit(photo)
