"""The right side of the import: the rows as understood, what is wrong, who a row is."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services import roster
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.ui.people import People
from learnsite_desktop.ui.screens.roster_import.books import ANSWERS
from learnsite_desktop.ui.screens.roster_import.models import ROW, STATE, RowsModel
from learnsite_desktop.ui.screens.roster_import.presenter import (
    NEW,
    Line,
    asked_of,
    lines,
    notes,
    remembered,
    shown_fields,
    summary,
)
from learnsite_desktop.ui.widgets import tables

_PRECISION: Final = 100


class Seen(QWidget):
    """The preview. `decided` brings (place of the question, record or "new")."""

    decided = Signal(object)

    def __init__(self, people: People) -> None:
        super().__init__()
        self._people = people
        self._lines: list[Line] = []
        self._fields: list[str] = []
        self._several = self._only_faults = False
        self._summary, self._notes, self._detail = QLabel(), QLabel(), QLabel()
        for label in (self._summary, self._notes, self._detail):
            label.setWordWrap(True)
        self._summary.setProperty("role", "heading")
        self._notes.setProperty("role", "muted")
        self.filter = QPushButton()
        self.filter.setAutoDefault(True)
        self.filter.clicked.connect(self.toggle)
        self.model = RowsModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        tables.settle(self.table, _("Rows of the file"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._follow())
        self.table.activated.connect(lambda _index: self.ask())
        self._who = QLabel(_("Who is it? Enter on the line, then choose."))
        self._who.setProperty("role", "heading")
        self.choice = QListWidget()
        self.choice.setAccessibleName(_("Who is it?"))
        self.choice.itemActivated.connect(lambda _item: self._decide())
        self._lay_out()

    def _lay_out(self) -> None:
        head = self.table.horizontalHeader()
        head.setResizeContentsPrecision(_PRECISION)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setStretchLastSection(True)
        top = QHBoxLayout()
        top.addWidget(self._summary, 1)
        top.addWidget(self.filter, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self._notes)
        column.addWidget(self.table, 1)
        for widget in (self._detail, self._who, self.choice):
            column.addWidget(widget)
        self.clear("")

    # Showing

    def clear(self, text: str) -> None:
        """Show no rows, and why."""
        self._summary.setText(text)
        self._lines = []
        self._notes.hide()
        self._fill()

    def show_preview(self, seen: roster.Preview) -> None:
        """Show what would become of the rows; the current one stays where it can."""
        line = self.current()
        self._lines = lines(seen)
        self._fields = shown_fields(seen, self._lines)
        self._several = len({one.sheet for one in self._lines}) > 1
        self._summary.setText(summary(seen))
        told = [text for text in (remembered(seen), *notes(seen)) if text]
        self._notes.setText("\n".join(told))
        self._notes.setVisible(bool(told))
        if not seen.faults:
            self._only_faults = False
        self._fill(line.place if line is not None else None)

    def _fill(self, place: tuple[str, int] | None = None) -> None:
        faulty = [line for line in self._lines if line.faults]
        text = _("All rows (F6)") if self._only_faults else _("Only faults (F6)")
        self.filter.setText(text)
        self.filter.setVisible(bool(faulty))
        shown = faulty if self._only_faults else self._lines
        self.model.show(shown, self._fields, several=self._several)
        places = [line.place for line in shown]
        self._go(places.index(place) if place in places else 0)
        self._follow()

    def toggle(self) -> None:
        """F6: only the rows with faults, or all."""
        line = self.current()
        self._only_faults = not self._only_faults and any(one.faults for one in self._lines)
        self._fill(line.place if line is not None else None)

    def current(self) -> Line | None:
        """Return the row one stands on."""
        return self.model.line(self.table.currentIndex().row())

    def _go(self, row: int) -> None:
        index = self.model.index(row, STATE)
        if index.isValid():
            self.table.setCurrentIndex(index)
            self.table.scrollTo(self.model.index(row, ROW))

    def next_fault(self) -> bool:
        """Go to the next row with a fault, round and round; False if there is none."""
        shown = self.model.lines
        begun = self.table.currentIndex().row() + 1
        for step in range(len(shown)):
            row = (begun + step) % len(shown)
            if shown[row].faults:
                self._go(row)
                self.table.setFocus()
                return True
        return False

    def _follow(self) -> None:
        line = self.current()
        told = line.told() if line is not None else ""
        self._detail.setText(told)
        self._detail.setVisible(bool(told))
        question = line.question if line is not None else None
        candidates = question.candidates if question is not None else ()
        self.choice.clear()
        for record in candidates:
            said = render(_("This is %(who)s"), {"who": self._named(record)})
            self._add(record, _(ANSWERS[record]) if record in ANSWERS else said)
        between = set(candidates) <= ANSWERS.keys()
        if not between:
            self._add(NEW, _("Somebody new"))
        who = _("Who is it? Enter on the line, then choose.")
        self._who.setText(_("Which counts? Enter on the line, then choose.") if between else who)
        self._who.setVisible(bool(candidates))
        self.choice.setVisible(bool(candidates))
        self.choice.setCurrentRow(0 if candidates else -1)
        rows = max(self.choice.sizeHintForRow(0), 1) * self.choice.count()
        self.choice.setFixedHeight(max(rows + 2 * self.choice.frameWidth(), 1))

    def _add(self, key: str, text: str) -> None:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, key)
        self.choice.addItem(item)

    def _named(self, record: str) -> str:
        person = self._people.index.person(record)
        if person is None:
            return "?"
        sex = shipped_codes().label("sex", person.sex, language())
        mobile = masked("mobile", person.mobile) if person.mobile else ""
        return " ".join(filter(None, (person.name, sex, str(person.birth_year or ""), mobile)))

    # Deciding

    def ask(self) -> None:
        """Enter on a row that may be somebody known: choose who it is."""
        if self.choice.count():
            self.choice.setFocus()

    def _decide(self) -> None:
        line, item = self.current(), self.choice.currentItem()
        if line is not None and line.question is not None:
            self.table.setFocus()
            who = str(item.data(Qt.ItemDataRole.UserRole))
            self.decided.emit((asked_of(line.question), who))
