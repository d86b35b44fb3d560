"""Loading the code of screens before they are asked for, so that the first key finds them ready.

A screen's modules take a tenth of a second to load and more. They are loaded one by one while
nothing else is going on, in the window's thread, where code that makes Qt types belongs.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from PySide6.QtCore import QObject, QTimer

from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.garbage import set_aside
from learnsite_desktop.ui.navigation import Entry, entries_for, package_of

FIRST_MS: Final = 1500
"""The day's first screen and what it asks for come before."""
NEXT_MS: Final = 40


class Ahead(QObject):
    """Loads the modules of a desk's listed screens as long as its parent lives."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._left = modules_of(entries_for(desk.tier))
        self._timer = QTimer(self)
        self._timer.setInterval(FIRST_MS)
        self._timer.timeout.connect(self._next)
        self._timer.start()

    def _next(self) -> None:
        self._timer.setInterval(NEXT_MS)
        if not (self._desk.reader.idle and self._desk.writer.idle):
            return
        name = next(self._left, None)
        if name is None:
            self._timer.stop()
            set_aside()
        else:
            import_module(name)


def modules_of(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the modules of screens in the order of the list, what a view is made of before it."""
    for entry in entries:
        name = package_of(entry)
        package = import_module(name)
        found = sorted(one.name for one in iter_modules(package.__path__))
        for part in sorted(found, key=lambda part: part == "view"):
            yield f"{name}.{part}"
