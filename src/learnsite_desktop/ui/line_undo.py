"""Ctrl+Z in a line of text takes typing back; with nothing typed it belongs to the window."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit


class LineUndo(QObject):
    """An event filter of the application: a line field would swallow Ctrl+Z and Ctrl+Y always."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the window's shortcut have the key when the line has nothing to take back."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(watched, QLineEdit)
            and isinstance(event, QKeyEvent)
        ):
            undo = event.matches(QKeySequence.StandardKey.Undo) and not watched.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not watched.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return True
        return False
