"""Real keys: typed at the window that has the focus, as the system would, and counted.

Every press goes the whole way: window, shortcuts, open popup or focus widget. What is counted is
what arrived anywhere in the program, not what a test claims to have typed.
"""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

_MODIFIER_KEYS: Final = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_CapsLock,
    }
)
_SHIFTED: Final = frozenset('~!@#$%^&*()_+{}|:"<>?')


class Keys(QObject):
    """A keyboard. `count` is the strict sum: a chord such as Ctrl+S counts its modifier too."""

    def __init__(self, qtbot: QtBot, window: QWidget) -> None:
        """Watch the whole program; `window` is shown and made active if it is not yet."""
        super().__init__()
        self._qtbot = qtbot
        self.presses = 0
        self.modifiers = 0
        self._on_its_way = False
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        if not window.isActiveWindow():
            with qtbot.waitActive(window):
                window.show()
                window.activateWindow()

    @property
    def count(self) -> int:
        """Keys pressed so far, modifiers included."""
        return self.presses + self.modifiers

    def press(self, sequence: str, *, times: int = 1) -> None:
        """Press one key or chord, "Down" or "Ctrl+Shift+S"; fails if nothing has the focus."""
        combination = QKeySequence(sequence)[0]  # type: ignore[index]
        for _time in range(times):
            self._strike(combination.key(), combination.keyboardModifiers())

    def type(self, text: str) -> None:
        """Press the keys of a text, one after the other; capitals and upper signs with Shift.

        Takes only what stands on keys; Chinese comes by `ime`.
        """
        assert text.isascii(), f"not on a keyboard, use ime(): {text!r}"
        for char in text:
            shifted = char.isupper() or char in _SHIFTED
            self._strike(
                char,
                Qt.KeyboardModifier.ShiftModifier if shifted else Qt.KeyboardModifier.NoModifier,
            )

    def ime(self, text: str, *, keys: int, composing: str = "") -> None:
        """Enter `text` by the input method, which took `keys` presses (letters and the choice).

        `composing` is shown before, as long as the input method works on it.
        """
        if composing:
            self.compose(composing)
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(_focus_object(), event)
        self.presses += keys

    def compose(self, preedit: str) -> None:
        """Leave the input method in the middle of a word; nothing is counted."""
        QApplication.sendEvent(_focus_object(), QInputMethodEvent(preedit, []))

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:  # noqa: N802
        """Count each press once, where it enters the program."""
        kind = event.type()
        if not isinstance(event, QKeyEvent) or event.isAutoRepeat():
            return False
        if isinstance(watched, QWindow):
            # The system asks every press for shortcuts first; a shortcut's press goes no further.
            if kind == QEvent.Type.ShortcutOverride:
                self._add(event)
            elif kind == QEvent.Type.KeyPress:
                self._on_its_way = True
        elif kind == QEvent.Type.KeyPress and event.spontaneous():
            # A test that strikes at a widget itself goes past the window.
            if not self._on_its_way:
                self._add(event)
                self.modifiers += event.modifiers().value.bit_count()
            self._on_its_way = False
        return False

    def _add(self, event: QKeyEvent) -> None:
        if event.key() in _MODIFIER_KEYS:
            self.modifiers += 1
        else:
            self.presses += 1

    def _strike(self, key: Qt.Key | str, modifiers: Qt.KeyboardModifier) -> None:
        _focus_object()
        QTest.keyClick(QGuiApplication.focusWindow(), key, modifiers)  # type: ignore[arg-type]
        self._on_its_way = False
        _leave_closed_popup()


def _leave_closed_popup() -> None:
    """Give the focus back to the window below: without a screen a popup that is gone keeps it."""
    window: QWindow | None = QGuiApplication.focusWindow()
    widget: QWidget | None = QApplication.focusWidget()
    if widget is not None and window is not None and not window.isVisible():
        widget.window().activateWindow()
        assert QTest.qWaitForWindowActive(widget.window())


def _focus_object() -> QObject:
    """Return what a press reaches; fails as a press into the void would."""
    assert QGuiApplication.focusWindow() is not None, "no window is active"
    popup = QApplication.activePopupWidget()
    found = QApplication.focusWidget() or popup
    assert found is not None, "nothing has the focus"
    return found
