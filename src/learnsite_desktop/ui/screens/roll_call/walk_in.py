"""The field for people who are not on the list: find them, or register them in three words."""

from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.people import index, near
from learnsite_desktop.services.roll_calls import Person
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.people import People
from learnsite_desktop.ui.screens.roll_call.model import words_of
from learnsite_desktop.ui.widgets.typed import half_width

SHOWN = 6
NEW = "new"
_SEXES = {"1": "M", "m": "M", "男": "M", "2": "F", "f": "F", "女": "F", "0": "U", "u": "U"}
_ASK = (N_("Sex: 1 male, 2 female"), N_("Year of birth, e.g. 1955 or 55"))


class WalkIn(QFrame):
    """Name, initials or phone tail, Enter takes who is shown first; F7 registers a new person.

    `chosen` brings a Person to mark; `registered` brings (name, sex, birth year as text).
    `passed` says that Enter was pressed with nothing typed.
    """

    chosen = Signal(object)
    registered = Signal(object)
    passed = Signal()

    def __init__(self, people: People, today: date) -> None:
        super().__init__()
        self._people, self._today = people, today
        self._roster: frozenset[str] = frozenset()
        self.here: frozenset[str] = frozenset()
        """Who is marked as present already, and so is not looked for."""
        self._known: dict[str, Person] = {}
        self._twin = ""
        self._yearless = False
        self._sexes = words_of("sex")
        self.line = QLineEdit()
        self.line.setAccessibleName(_("Walk-in"))
        self.line.setPlaceholderText(_("Name, initials or phone tail; F7 new person"))
        self.line.textChanged.connect(self._search)
        self.line.installEventFilter(self)
        self._list = QListWidget()
        self._list.setAccessibleName(_("People found"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemClicked.connect(lambda _item: self._enter())
        self._list.hide()
        theme.signals().changed.connect(self._fit)
        self._new = QWidget()
        self._new_name = QLabel()
        self._sex, self._year = QLineEdit(), QLineEdit()
        row = QHBoxLayout(self._new)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._new_name, 1)
        for field, hint in zip((self._sex, self._year), _ASK, strict=True):
            field.setAccessibleName(_(hint))
            field.setPlaceholderText(_(hint))
            field.setInputMethodHints(Qt.InputMethodHint.ImhPreferLatin)
            field.installEventFilter(self)
            row.addWidget(field, 2)
        self._new.hide()
        self._say = QLabel()
        self._say.setProperty("role", "muted")
        self._say.setWordWrap(True)
        self._say.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.line, self._list, self._new, self._say):
            column.addWidget(widget)

    def begin(self, roster: frozenset[str]) -> None:
        """Empty the field; people of `roster` will be found first."""
        self._roster = roster
        self._clear()

    @property
    def pending(self) -> bool:
        """Whether something was typed and not taken."""
        return bool(self.line.text().strip()) or not self._new.isHidden()

    def _clear(self) -> None:
        self.line.setText("")
        self._sex.setText("")
        self._year.setText("")
        self._twin = ""
        self._yearless = False
        self._new.hide()
        self._list.hide()
        self._say.hide()

    def _tell(self, text: str) -> None:
        self._say.setText(text)
        self._say.setVisible(bool(text))

    # Finding

    def _search(self, text: str) -> None:
        self._list.clear()
        self._known.clear()
        self._new.hide()
        found = self._people.search(text, roster=self._roster).hits if text else ()
        for hit in [hit for hit in found if hit.record not in self.here][:SHOWN]:
            self._add_hit(hit)
        name = text.strip()
        if name and not name.isascii():
            self._add_item(NEW, render(_("New person “%(name)s” (F7)"), {"name": name}))
        self._list.setVisible(self._list.count() > 0)
        self._list.setCurrentRow(0)
        self._fit()
        self._tell("" if not name or self._list.count() else _("Nobody found. Type the full name."))

    def _fit(self) -> None:
        """Make the list as high as its rows, whatever the size of the letters."""
        rows = self._list.sizeHintForRow(0) * self._list.count() + 2 * self._list.frameWidth()
        self._list.setFixedHeight(max(rows, 1))

    def _add_hit(self, hit: index.Hit) -> None:
        self._known[hit.record] = Person(hit.record, hit.name, hit.sex, hit.birth_year)
        parts = (hit.name, self._sexes.get(hit.sex, ""), str(hit.birth_year or ""), hit.mobile)
        self._add_item(hit.record, "  ".join(filter(None, parts)))

    def _add_item(self, key: str, text: str) -> None:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, key)
        self._list.addItem(item)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, F7 and the arrows in the three fields; composed keys never come here."""
        if not isinstance(event, QKeyEvent):
            return False
        key = event.key()
        if event.type() == QEvent.Type.ShortcutOverride and key == Qt.Key.Key_Escape:
            # The window would go back; here Esc drops what was typed.
            event.setAccepted(self.pending)
            return self.pending
        if event.type() != QEvent.Type.KeyPress:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier
        ):
            self._entered(watched)
        elif key == Qt.Key.Key_F7:
            self._register_anyway(watched)
        elif watched is self.line and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            if self._list.isHidden():
                return False
            self._list.setCurrentRow((self._list.currentRow() + step) % self._list.count())
        elif key == Qt.Key.Key_Escape and self.pending:
            self._clear()
            self.line.setFocus()
        else:
            return False
        return True

    def _entered(self, watched: QObject) -> None:
        if watched is self.line:
            self._enter()
        elif watched is self._sex:
            self._after_sex()
        else:
            self._after_year()

    def _enter(self) -> None:
        if not self.line.text().strip():
            self.passed.emit()
            return
        if not self._list.count():
            return
        key = self._list.currentItem().data(Qt.ItemDataRole.UserRole)
        if key == NEW:
            self._ask_new()
            return
        person = self._known[key]
        self._clear()
        self.chosen.emit(person)

    # Registering

    def _ask_new(self) -> None:
        self._new_name.setText(self.line.text().strip())
        self._list.hide()
        self._new.show()
        self._tell("")
        self._sex.setFocus()

    def _after_sex(self) -> None:
        if half_width(self._sex.text()).strip().lower() not in _SEXES:
            self._tell(_("Type 1 for male or 2 for female."))
            return
        self._tell("")
        self._year.setFocus()

    def _after_year(self) -> None:
        """Register, unless somebody like that is known: then Enter takes the known one."""
        if self._twin:
            person = self._known[self._twin]
            self._clear()
            self.line.setFocus()
            self.chosen.emit(person)
            return
        if not self._year.text().strip() and not self._yearless:
            self._yearless = True
            self._tell(_("Year of birth unknown? Press Enter once more."))
            return
        if self._year.text().strip() and self._year_typed() is None:
            self._tell(_("Type the year of birth with two or four digits."))
            return
        for like in self._twins():
            self._known[like.record] = Person(like.record, like.name, like.sex, like.birth_year)
            self._twin = like.record
            self._tell(
                render(
                    _("%(name)s, %(year)s is known already: Enter takes that person, F7 "
                      "registers another one."),
                    {"name": like.name, "year": like.birth_year or "?"},
                )
            )  # fmt: skip
            return
        self._register()

    def _twins(self) -> list[near.Near]:
        sex = _SEXES[half_width(self._sex.text()).strip().lower()]
        name, year = self._new_name.text(), str(self._year_typed() or "")
        found = near.near(self._people.index, name=name, sex=sex, birth=year)
        return [like for like in found if like.rule in near.CLAIMS]

    def _register_anyway(self, watched: QObject) -> None:
        if watched is self.line and self.line.text().strip():
            self._ask_new()
        elif watched is self._year and self._year_typed() is not None:
            self._register()

    def _register(self) -> None:
        name, year = self._new_name.text(), str(self._year_typed() or "")
        sex = _SEXES[half_width(self._sex.text()).strip().lower()]
        self._clear()
        self.line.setFocus()
        self.registered.emit((name, sex, year))

    def _year_typed(self) -> int | None:
        """Return the year of birth; two digits mean the last hundred years."""
        text = half_width(self._year.text()).strip()
        if not text.isdecimal() or len(text) not in (2, 4):
            return None
        year = int(text)
        if year < 100:
            year += self._today.year // 100 * 100
            year -= 100 * (year > self._today.year)
        return year if self._today.year - 130 <= year <= self._today.year else None
