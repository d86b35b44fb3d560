"""One photo large, as far as it is on this computer; left and right go to the others."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QLabel, QSizePolicy, QVBoxLayout, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.photos import Photo
from learnsite_desktop.ui.screens.evidence.presenter import caption_of
from learnsite_desktop.ui.screens.evidence.thumbs import read_scaled

_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
_CLOSING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class LargePhoto(QDialog):
    """The photo fills the dialog; Enter or Esc closes it."""

    def __init__(self, parent: QWidget, photos: Sequence[Photo], at: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Photo"))
        self._photos, self._at = photos, at
        self._picture, self._caption = QLabel(), QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setMinimumSize(QSize(1, 1))
        self._picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._caption.setWordWrap(True)
        keys = QLabel(_("← → other photos · Enter or Esc closes"))
        keys.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.addWidget(self._picture, 1)
        column.addWidget(self._caption)
        column.addWidget(keys)
        self.resize(parent.window().size() * 0.9)
        self._draw()

    def _draw(self) -> None:
        photo = self._photos[self._at]
        said = f"{self._at + 1}/{len(self._photos)} · {caption_of(photo)}"
        if photo.path is None:
            said += " · " + _("Only the small picture is here; the photo is where it was taken.")
        self._caption.setText(said)
        self._picture.setAccessibleName(said)
        path = photo.path or photo.thumb_path
        if path is not None:
            ratio = self.devicePixelRatioF()
            self._picture.setPixmap(read_scaled(path, self._picture.size(), ratio))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Fit the photo into the new room."""
        super().resizeEvent(event)
        self._draw()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Go to another photo, or close."""
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if step:
            self._at = (self._at + step) % len(self._photos)
            self._draw()
        elif event.key() in _CLOSING:
            self.accept()
        else:
            super().keyPressEvent(event)
