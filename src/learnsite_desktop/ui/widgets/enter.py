"""Enter goes to the next field, as on the forms that clerks know."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTextEdit,
    QToolButton,
    QWidget,
)

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LEAVE_ALONE = (QAbstractItemView, QPlainTextEdit, QTextEdit)
_PRESSED = (QPushButton, QToolButton)


class EnterMovesOn(QObject):
    """Lets Enter go from field to field inside a container, also in those added later.

    On a button Enter presses it; at the last field `finished` is emitted. While the input method
    composes, Enter belongs to it and does nothing here.
    """

    finished = Signal()

    def __init__(self, container: QWidget) -> None:
        super().__init__(container)
        self._container = container
        self._composing: QObject | None = None
        self._watch(container)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Follow the input method, new fields, and Enter."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(watched, event)
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self._composing = watched if event.preeditString() else None
        elif kind == QEvent.Type.FocusOut and self._composing is watched:
            self._composing = None
        elif kind == QEvent.Type.ChildPolished:
            child = event.child()  # type: ignore[attr-defined]
            if isinstance(child, QWidget):
                self._watch(child)
        return False

    def _watch(self, widget: QWidget) -> None:
        for one in (widget, *widget.findChildren(QWidget)):
            one.removeEventFilter(self)
            one.installEventFilter(self)

    def _press(self, watched: QObject, event: QKeyEvent) -> bool:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() not in _ENTER or plain != Qt.KeyboardModifier.NoModifier:
            return False
        if self._composing is watched:
            return True
        if (
            watched is not QApplication.focusWidget()
            or isinstance(watched, _LEAVE_ALONE)
            or QApplication.activePopupWidget() is not None
        ):
            return False
        if isinstance(watched, _PRESSED):
            watched.click()
        else:
            self._move_on(watched)
        return True

    def _move_on(self, field: QObject) -> None:
        fields = self._fields()
        place = fields.index(field) if field in fields else len(fields)
        if place + 1 < len(fields):
            fields[place + 1].setFocus(Qt.FocusReason.TabFocusReason)
            _bring_into_view(fields[place + 1])
            return
        if isinstance(field, QLineEdit):
            field.editingFinished.emit()
        self.finished.emit()

    def _fields(self) -> list[QWidget]:
        """The widgets inside that Tab reaches, in the order in which they were added.

        Not along `nextInFocusChain`: asked from Python, it makes each widget own the next one.
        """
        return [one for one in self._container.findChildren(QWidget) if _is_reached(one)]


def _bring_into_view(widget: QWidget) -> None:
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


def _is_reached(widget: QWidget) -> bool:
    tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    locked = isinstance(widget, QLineEdit) and widget.isReadOnly()
    proxied = widget.focusProxy() is not None
    return tab and widget.isVisible() and widget.isEnabled() and not locked and not proxied
