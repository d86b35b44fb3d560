"""The grid of a roll call: what keys do there, told as wishes."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTableView

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.roll_calls import Line, Person
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.screens.roll_call.model import HEADINGS, MARK, MINUTES, NAME, RollModel
from learnsite_desktop.ui.screens.roll_call.presenter import LETTERS
from learnsite_desktop.ui.widgets import tables
from learnsite_desktop.ui.widgets.chips import ChipDelegate
from learnsite_desktop.ui.widgets.esc import EscFirst

_PLAIN: Final = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.KeypadModifier,
)
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Grid(QTableView):
    """Space goes through the marks, a letter sets one, digits are minutes, D a proxy's signature.

    The signals carry one tuple each: (person,), (people, code), (person, minutes or None).
    """

    cycled = Signal(object)
    marked = Signal(object)
    timed = Signal(object)
    proxied = Signal(object)
    removed = Signal(object)
    left = Signal()

    def __init__(self, model: RollModel) -> None:
        super().__init__()
        self._rows = model
        self._minutes: _MinutesField | None = None
        self.setModel(model)
        tables.settle(self, _("Roll"))
        self.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.setItemDelegateForColumn(MARK, ChipDelegate(self))
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setTabKeyNavigation(False)
        theme.signals().changed.connect(self._leave_room)
        self._leave_room()

    def _leave_room(self) -> None:
        """Keep room for a name, whatever the size of the letters."""
        word = QFontMetrics(theme.font_of(theme.points())).horizontalAdvance(_(HEADINGS[NAME]))
        head = self.horizontalHeader()
        head.setMinimumSectionSize(word * 3 // 2)
        # A column already stretched would stay below the smallest size.
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Interactive)
        head.resizeSection(NAME, word * 3 // 2)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)

    def showEvent(self, event: QShowEvent, /) -> None:
        """Give the columns their widths: a hidden heading forgets what it is told."""
        super().showEvent(event)
        self._leave_room()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Do what the key means here, else move about as in every table."""
        line = self._rows.line(self.currentIndex().row())
        if line is None or event.modifiers() not in _PLAIN or not self._taken(line, event):
            super().keyPressEvent(event)

    def _taken(self, line: Line, event: QKeyEvent) -> bool:
        key, text = event.key(), event.text().upper()
        if key == Qt.Key.Key_Space:
            self.cycled.emit((line.person,))
        elif key == Qt.Key.Key_Delete and not line.listed:
            self.removed.emit((line.person,))
        elif key in _ENTER:
            self.left.emit()
        elif text == "D":
            self.proxied.emit((line.person,))
        elif text in LETTERS:
            self.marked.emit((self._chosen(), text))
        elif text.isdecimal():
            self._ask_minutes(line.person, text)
        else:
            return False
        return True

    def _chosen(self) -> list[Person]:
        rows = {index.row() for index in self.selectionModel().selectedIndexes()}
        lines = [self._rows.line(row) for row in sorted(rows or {self.currentIndex().row()})]
        return [line.person for line in lines if line is not None]

    def commit_minutes(self) -> None:
        """Take minutes that are still being typed."""
        if self._minutes is not None:
            self._minutes.editingFinished.emit()

    def _ask_minutes(self, person: Person, first: str) -> None:
        """Open a small field over the cell; Enter or leaving takes the minutes, Esc drops them."""
        field = _MinutesField(first, self.viewport())
        self._minutes = field
        EscFirst(field, lambda: self._take_minutes(field, None))
        field.setAccessibleName(_("Minutes"))
        field.setGeometry(self.visualRect(self._rows.index(self.currentIndex().row(), MINUTES)))
        field.editingFinished.connect(lambda: self._take_minutes(field, person))
        field.show()
        field.setFocus()
        field.deselect()
        field.end(False)

    def _take_minutes(self, field: QLineEdit, person: Person | None) -> None:
        text = field.text().strip()
        self._minutes = None
        field.blockSignals(True)
        field.deleteLater()
        self.setFocus()
        if person is not None and (not text or text.isdecimal()):
            self.timed.emit((person, int(text) if text else None))


class _MinutesField(QLineEdit):
    """Keeps Enter to itself: the grid would take it as a wish to leave."""

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Type; Enter ends."""
        super().keyPressEvent(event)
        if event.key() in _ENTER:
            event.accept()
