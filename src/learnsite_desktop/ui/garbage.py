"""Cycles are collected in the window's thread only.

Python frees what stands in a cycle in whichever thread happens to allocate next. A Qt object that
is freed in a lane's thread, such as a timer or a signal's receiver, brings the program down.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 500
_alive: set[int] = set()
"""The windows for which Python does not collect by itself."""


class Collector(QObject):
    """Collects as often as Python would, as long as its parent lives.

    When no window is left, Python does so again.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        timer = QTimer(self)
        timer.setInterval(EVERY_MS)
        timer.timeout.connect(collect)
        number = id(self)
        _alive.add(number)
        parent.destroyed.connect(lambda: _end(number))
        gc.disable()
        timer.start()


def collect() -> int:
    """Collect the oldest generation that is due; returns its number, -1 for none."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return generation
    return -1


def set_aside() -> None:
    """Look no longer through what there is now: the program itself, which stays as it is.

    Looking through all of it takes a tenth of a second on a slow computer, in which no key counts.
    """
    if _alive:
        gc.freeze()


def _end(number: int) -> None:
    _alive.discard(number)
    if not _alive:
        gc.unfreeze()
        gc.enable()
