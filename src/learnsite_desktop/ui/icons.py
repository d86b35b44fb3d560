"""Icons: outlines from `resources/icons`, in the colours and the letter size of the window.

An icon given by `tint` changes with the look by itself. The files draw with `currentColor`; Qt's
SVG plugin reads them, so no further Qt module is loaded.
"""

from functools import cache
from typing import Final
from weakref import WeakKeyDictionary

from PySide6.QtCore import QBuffer, QIODevice, QObject, QSize
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QIcon, QImageReader, QPixmap
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from shiboken6 import isValid

from learnsite_desktop.platform.resources import resource
from learnsite_desktop.ui import theme

_RATIOS: Final = (1.0, 2.0)
"""For how many pixels per unit icons are drawn: plain and fine screens."""

_bearers: WeakKeyDictionary[QObject, tuple[str, str]] = WeakKeyDictionary()


def names() -> list[str]:
    """Return the names of all icons."""
    return sorted(path.stem for path in resource("icons").glob("*.svg"))


def side() -> int:
    """Return the side of an icon beside text, in pixels, for the letter size in use."""
    height = QFontMetrics(theme.font_of(theme.points())).height()
    return round(height * theme.ICON_LINES)


def pixmap(name: str, size: int, colour: str = "text", *, ratio: float | None = None) -> QPixmap:
    """Return an icon as a square picture of `size` units.

    `colour` is the name of a token, notice or status, or #rrggbb; `ratio` the number of pixels per
    unit, the screen's unless given. It stays as it is when the look changes. Raises
    FileNotFoundError for an unknown name.
    """
    tint = theme.tokens().colour(colour)
    if ratio is None:
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    return _drawn(name, tint, size, ratio)


def icon(name: str, colour: str = "text") -> QIcon:
    """Return an icon for the look in use, greyed where it stands on something disabled.

    It stays as it is when the look changes (see `tint`). Raises FileNotFoundError for an unknown
    name.
    """
    made = QIcon()
    for mode, tint in (
        (QIcon.Mode.Normal, colour),
        (QIcon.Mode.Active, colour),
        (QIcon.Mode.Selected, colour),
        (QIcon.Mode.Disabled, "disabled"),
    ):
        for ratio in _RATIOS:
            made.addPixmap(pixmap(name, side(), tint, ratio=ratio), mode)
    return made


def tint(bearer: QAction | QLabel | QWidget, name: str, colour: str = "text") -> None:
    """Show an icon on a button, action, label or window, now and after every change of the look.

    `colour` is as for `pixmap`: "on_accent" on a primary button. The icon grows with the letters.
    Raises FileNotFoundError for an unknown name.
    """
    _follow_the_look()
    _bearers[bearer] = (name, colour)
    _show(bearer, name, colour)


@cache
def _follow_the_look() -> None:
    theme.signals().changed.connect(_show_all)


def _show_all() -> None:
    for bearer, (name, colour) in list(_bearers.items()):
        if isValid(bearer):
            _show(bearer, name, colour)


def _show(bearer: QObject, name: str, colour: str) -> None:
    if isinstance(bearer, QLabel):
        bearer.setPixmap(pixmap(name, side(), colour))
    elif isinstance(bearer, QAbstractButton):
        bearer.setIcon(icon(name, colour))
        bearer.setIconSize(QSize(side(), side()))
    elif isinstance(bearer, QAction):
        bearer.setIcon(icon(name, colour))
    elif isinstance(bearer, QWidget):
        bearer.setWindowIcon(icon(name, colour))


@cache
def _outline(name: str) -> bytes:
    return resource("icons", f"{name}.svg").read_bytes()


@cache
def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    buffer = QBuffer()
    buffer.setData(_outline(name).replace(b"currentColor", colour.encode("ascii")))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, b"svg")
    pixels = round(size * ratio)
    reader.setScaledSize(QSize(pixels, pixels))
    drawn = QPixmap.fromImage(reader.read())
    drawn.setDevicePixelRatio(ratio)
    return drawn
