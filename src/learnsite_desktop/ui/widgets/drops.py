"""Files dropped onto a screen, and work that is done only while it is shown."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class Drops(QObject):
    """Lets files be dropped anywhere on a widget; `deed` gets their paths."""

    def __init__(self, widget: QWidget, deed: Callable[[list[Path]], object]) -> None:
        super().__init__(widget)
        self._deed = deed
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Take what is dragged here if it is files."""
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            event.acceptProposedAction()
            urls = event.mimeData().urls()
            files = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
            if files:
                self._deed(files)
            return True
        if isinstance(event, QDragEnterEvent) and event.mimeData().hasUrls():
            event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)


class WhileShown(QObject):
    """Calls `begin` when a widget comes onto the screen, `end` when it goes."""

    def __init__(
        self, widget: QWidget, begin: Callable[[], object], end: Callable[[], object]
    ) -> None:
        super().__init__(widget)
        self._deeds = {QEvent.Type.Show: begin, QEvent.Type.Hide: end}
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Follow the widget."""
        deed = self._deeds.get(event.type())
        if deed is not None:
            deed()
        return super().eventFilter(watched, event)
