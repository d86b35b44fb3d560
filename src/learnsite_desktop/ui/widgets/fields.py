"""Fields for one line of text that is read when it is left: texts, dates, times, numbers."""

import unicodedata
from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui import icons, theme
from learnsite_desktop.ui.widgets import typed

PLAIN_HINTS = (
    Qt.InputMethodHint.ImhPreferLatin
    | Qt.InputMethodHint.ImhNoPredictiveText
    | Qt.InputMethodHint.ImhNoAutoUppercase
)


class LineField(QLineEdit):
    """A line that is read when it is left or on Enter.

    `committed` tells that the value has become another one. `misread` tells that the text was not
    understood: it stays as typed, marked, and the value stays the last one that was.
    """

    committed = Signal()
    misread = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make an empty field; `name` is what a screen reader says."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._value = ""
        self.editingFinished.connect(self.commit)

    def read(self, text: str) -> str | None:
        """Return the value of a text ("" for nothing), None if it is not understood."""
        return unicodedata.normalize("NFC", text).strip()

    def shown(self, value: str) -> str:
        """Return how a value is shown."""
        return value

    def is_readable(self) -> bool:
        """Tell whether the text, as it stands, is understood."""
        return self.read(self.text()) is not None

    def set_value(self, value: str) -> None:
        """Show a value; nothing is told."""
        self._value = value
        self.setText(self.shown(value))
        self._mark(wrong=False)

    def commit(self) -> None:
        """Take the text now, as if the field were left."""
        value = self.read(self.text())
        self._mark(wrong=value is None)
        if value is None:
            self.misread.emit()
            return
        self.setText(self.shown(value))
        if value != self._value:
            self._value = value
            self.committed.emit()

    def _mark(self, *, wrong: bool) -> None:
        tone = "error" if wrong else ""
        if (self.property("tone") or "") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)


class TextField(LineField):
    """A line of text; the value is trimmed."""

    def __init__(
        self,
        name: str,
        *,
        digits: bool = False,
        placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`digits`: the text is a number to read off (phone, code), made half-width."""
        super().__init__(name, parent)
        self._digits = digits
        self.setPlaceholderText(placeholder)
        if digits:
            self.setInputMethodHints(PLAIN_HINTS)

    def read(self, text: str) -> str | None:
        """Return the trimmed text."""
        return typed.half_width(text) if self._digits else super().read(text)

    def value(self) -> str:
        """The value last taken."""
        return self._value


class NumberField(LineField):
    """A whole number within limits."""

    def __init__(
        self, name: str, *, low: int = 0, high: int = 9999, parent: QWidget | None = None
    ) -> None:
        """Refuse numbers below `low` and above `high` as not understood."""
        super().__init__(name, parent)
        self._limits = (low, high)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def read(self, text: str) -> str | None:
        """Return the number in digits."""
        if not text.strip():
            return ""
        number = typed.read_number(text, *self._limits)
        return None if number is None else str(number)

    def sizeHint(self) -> QSize:
        """Return room for a number, not for a sentence."""
        return QSize(self.fontMetrics().horizontalAdvance("0") * 14, super().sizeHint().height())

    def value(self) -> int | None:
        """The number last taken, None when empty."""
        return int(self._value) if self._value else None

    def set_number(self, number: int | None) -> None:
        """Show a number, or nothing; one that was about to be typed over still is."""
        fresh = self.hasFocus() and self.selectedText() == self.text()
        self.set_value("" if number is None else str(number))
        if fresh:
            self.selectAll()


class TimeField(LineField):
    """A time of day, HH:MM."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setInputMethodHints(Qt.InputMethodHint.ImhTime)
        self.setPlaceholderText("9:00")

    def read(self, text: str) -> str | None:
        """Return HH:MM."""
        return typed.read_time(text) if text.strip() else ""

    def value(self) -> str:
        """The time last taken, "" when empty."""
        return self._value


class DateField(LineField):
    """A date, YYYY-MM-DD. Arrows go by days, Page Up and Down by months, F4 opens a month."""

    def __init__(self, name: str, today: Callable[[], date], parent: QWidget | None = None) -> None:
        """`today` says which day it is; 今天 and dates without a year depend on it."""
        super().__init__(name, parent)
        self._today = today
        self._popup: _Month | None = None
        self.setInputMethodHints(Qt.InputMethodHint.ImhDate)
        opener = QAction(_("Choose a day"), self)
        icons.tint(opener, "calendar", "muted")
        opener.triggered.connect(self.open_month)
        self.addAction(opener, QLineEdit.ActionPosition.TrailingPosition)

    def read(self, text: str) -> str | None:
        """Return YYYY-MM-DD."""
        if not text.strip():
            return ""
        day = typed.read_date(text, self._today())
        return None if day is None else day.isoformat()

    def value(self) -> str:
        """The date last taken, "" when empty."""
        return self._value

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Go by days and months, or open the month."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        months = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        key = Qt.Key(event.key())
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if key == Qt.Key.Key_F4 or (alt and key == Qt.Key.Key_Down):
            self.open_month()
        elif key in steps and not alt:
            self._go(days_after(self._day(), steps[key]))
        elif key in months:
            moved = _qdate(self._day()).addMonths(months[key])
            self._go(date(moved.year(), moved.month(), moved.day()))
        else:
            super().keyPressEvent(event)

    def open_month(self) -> None:
        """Show a month to choose the day from."""
        if self._popup is None:
            self._popup = _Month(self)
        self._popup.show_day(self._day())

    def _day(self) -> date:
        return typed.read_date(self.text(), self._today()) or self._today()

    def _go(self, day: date) -> None:
        self.setText(day.isoformat())
        self.selectAll()

    def choose(self, day: date) -> None:
        """Take a day as if it were typed."""
        self._go(day)
        self.commit()


class _Month(QFrame):
    """A calendar under a date field."""

    def __init__(self, field: DateField) -> None:
        super().__init__(field, Qt.WindowType.Popup)
        self._field = field
        self._calendar = QCalendarWidget(self)
        self._calendar.setAccessibleName(field.accessibleName())
        self._calendar.setVerticalHeaderFormat(
            QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader
        )
        self._calendar.activated.connect(self._choose)
        self._calendar.clicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._calendar)

    def show_day(self, day: date) -> None:
        """Open below the field at a day."""
        rest = QTextCharFormat()
        rest.setForeground(QColor(theme.tokens().colour("error")))
        for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self._calendar.setWeekdayTextFormat(weekday, rest)
        self._calendar.setSelectedDate(_qdate(day))
        self.move(self._field.mapToGlobal(self._field.rect().bottomLeft()))
        self.show()
        self._calendar.setFocus()

    def _choose(self, day: QDate) -> None:
        self.hide()
        self._field.choose(date(day.year(), day.month(), day.day()))


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
