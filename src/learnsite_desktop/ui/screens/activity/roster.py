"""Who is in a class: a numbered list, and a field that finds people."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QListWidget, QTableView, QVBoxLayout, QWidget

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.ui.people import People
from learnsite_desktop.ui.screens.activity.presenter import Seat, added, moved
from learnsite_desktop.ui.widgets.tables import settle

SHOWN: Final = 6
HEADINGS: Final = (N_("No."), N_("Name"), N_("Sex"), N_("Born"))
Index = QModelIndex | QPersistentModelIndex
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RosterModel(QAbstractTableModel):
    """Seats as rows."""

    def __init__(self) -> None:
        super().__init__()
        self.seats: tuple[Seat, ...] = ()
        self._sexes = shipped_codes().words("sex", language())

    def show(self, seats: Sequence[Seat]) -> None:
        """Show a roster."""
        self.beginResetModel()
        self.seats = tuple(seats)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return how many are on the roster."""
        return 0 if parent.isValid() else len(self.seats)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        seat = self.seats[index.row()]
        born = str(seat.birth_year or "")
        return (str(seat.row), seat.name, self._sexes.get(seat.sex, ""), born)[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _(HEADINGS[section])
        return None


class RosterPanel(QWidget):
    """The roster; `committed` after each change.

    In the field Enter takes who is shown first; in the list Delete takes somebody off, Alt+Up and
    Alt+Down change the numbers.
    """

    committed = Signal()

    def __init__(self, people: People) -> None:
        super().__init__()
        self._people = people
        self._hits: list[Seat] = []
        self.line = QLineEdit()
        self.line.setAccessibleName(_("Add to the roster"))
        self.line.setPlaceholderText(_("Add: name, initials or phone tail, Enter"))
        self.line.textChanged.connect(self._search)
        self.line.installEventFilter(self)
        self._found = QListWidget()
        self._found.setAccessibleName(_("People found"))
        self._found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._found.itemClicked.connect(lambda _item: self._take())
        self._found.hide()
        self.model = RosterModel()
        self.view = QTableView()
        settle(self.view, _("Roster: Delete takes off, Alt+Up and Alt+Down move"))
        self.view.setModel(self.model)
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.view.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.view.setToolTip(_("Delete takes off, Alt+Up and Alt+Down move"))
        self.view.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.line, self._found, self.view):
            layout.addWidget(widget)

    def show_seats(self, seats: Sequence[Seat]) -> None:
        """Show a roster; nothing is told."""
        self.model.show(seats)
        self.line.clear()

    def take_over(self, seats: Sequence[Seat]) -> None:
        """Put people on the roster who are not on it yet, after those who are."""
        roster = self.model.seats
        for seat in seats:
            roster = added(roster, seat)
        self._change(roster)

    def seats(self) -> tuple[Seat, ...]:
        """Return the roster as shown."""
        return self.model.seats

    def _search(self, text: str) -> None:
        on_it = {seat.learner for seat in self.model.seats}
        found = self._people.search(text, limit=SHOWN + len(on_it)).hits if text.strip() else ()
        hits = [hit for hit in found if hit.record not in on_it][:SHOWN]
        self._hits = [Seat(hit.record, hit.name, hit.sex, hit.birth_year, 0) for hit in hits]
        self._found.clear()
        sexes = shipped_codes().words("sex", language())
        for hit in hits:
            parts = (hit.name, sexes.get(hit.sex, ""), str(hit.birth_year or ""), hit.mobile)
            self._found.addItem("  ".join(filter(None, parts)))
        if text.strip() and not self._hits:
            self._found.addItem(_("Nobody found. New people are entered under Learners."))
        self._found.setVisible(bool(text.strip()))
        self._found.setCurrentRow(0 if self._hits else -1)
        rows = max(self._found.sizeHintForRow(0), 1) * self._found.count()
        self._found.setFixedHeight(max(rows + 2 * self._found.frameWidth(), 1))

    def _take(self) -> None:
        place = self._found.currentRow()
        if not 0 <= place < len(self._hits):
            return
        self._change(added(self.model.seats, self._hits[place]))
        self.line.clear()
        self.view.scrollToBottom()

    def _change(self, seats: tuple[Seat, ...], current: int = -1) -> None:
        if seats == self.model.seats:
            return
        self.model.show(seats)
        if seats and current >= 0:
            self.view.selectRow(min(current, len(seats) - 1))
        self.committed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and the arrows in the field, Delete and Alt+arrows in the list."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if watched is self.line:
            return self._in_line(event)
        return self._in_list(event)

    def _in_line(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.line.text().strip():
                self._take()
                return True
            return False
        if event.key() in steps and self._hits:
            row = (self._found.currentRow() + steps[Qt.Key(event.key())]) % len(self._hits)
            self._found.setCurrentRow(row)
            return True
        if event.key() == Qt.Key.Key_Down and self.model.seats:
            self.view.setFocus()
            return True
        return False

    def _in_list(self, event: QKeyEvent) -> bool:
        row = self.view.currentIndex().row()
        if event.key() == Qt.Key.Key_Delete and row >= 0:
            seats = self.model.seats
            self._change((*seats[:row], *seats[row + 1 :]), row)
            return True
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and event.key() in steps and row >= 0:
            step = steps[Qt.Key(event.key())]
            self._change(moved(self.model.seats, row, step), row + step)
            return True
        return False
