"""The list of learners: the field for searching has the focus, the list follows each key."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
)

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.people import people_of
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.learners.model import (
    BORN,
    MOBILE,
    NAME,
    SEX,
    UNIT,
    WHY,
    LearnersModel,
)
from learnsite_desktop.ui.screens.learners.presenter import (
    SHOWN,
    everybody,
    name_in,
    rows_for,
    told,
    unit_names,
)
from learnsite_desktop.ui.widgets import tables
from learnsite_desktop.ui.widgets.empty import EmptyState

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVES: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class View(Screen):
    """Typing narrows, the arrows move in the list, Enter opens the card, Ctrl+N a new learner."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._people = people_of(desk)
        self._people.ready.connect(self._renew)
        self._limit = SHOWN
        self._opened = ""
        self._hurried = False
        self.line = QLineEdit()
        self.line.setAccessibleName(_("Find a learner"))
        self.line.setPlaceholderText(
            _("Name, initials (wxy), end of the phone number; with the year: wxy55")
        )
        self.line.setClearButtonEnabled(True)
        glass = QAction(self.line)
        icons.tint(glass, "search", "muted")
        self.line.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self.line.textChanged.connect(self._typed)
        self._told = QLabel()
        self._told.setProperty("role", "muted")
        self._model = LearnersModel(desk.read(unit_names) if desk.tier != "village" else {})
        self.table = QTableView()
        self.table.setModel(self._model)
        tables.settle(self.table, _("Learners"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.doubleClicked.connect(lambda _index: self._open_current())
        self._empty = EmptyState("learners", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        for widget in (self.line, self.table):
            widget.installEventFilter(self)
        self.key("Ctrl+N", self._new)
        self._lay_out()

    def _lay_out(self) -> None:
        head = self.table.horizontalHeader()
        head.setResizeContentsPrecision(SHOWN)
        for column in (SEX, BORN, MOBILE, UNIT):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(WHY, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(NAME, self.fontMetrics().averageCharWidth() * 30)
        self.table.setColumnHidden(UNIT, self.desk.tier == "village")
        top = QHBoxLayout()
        top.addWidget(self.line, 1)
        top.addWidget(self._told)
        below = QHBoxLayout()
        for text, icon, deed in (
            (_("Open (Enter)"), "user", self._open_current),
            (_("New learner (Ctrl+N)"), "add", self._new),
            (_("Import a list"), "import", lambda: self.desk.go("roster_import")),
        ):
            button = QPushButton(text)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            icons.tint(button, icon)
            button.clicked.connect(deed)
            below.addWidget(button)
        below.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addLayout(top)
        page.addWidget(self._stack, 1)
        page.addLayout(below)

    # What the window calls

    def open(self, about: str) -> None:
        """Show the list; what was typed last stays, ready to be typed over."""
        if about:
            self.line.setText(about)
        self._search(keep=self._opened)
        self.search()

    def search(self) -> None:
        """Put the focus into the field."""
        self.line.setFocus()
        self.line.selectAll()

    # Finding

    def _typed(self) -> None:
        self._limit = SHOWN
        self._hurried = False
        self._search()

    def _renew(self) -> None:
        """Look again when the names are there or have changed; who is current stays."""
        if self.isVisible():
            line = self._model.line(self.table.currentIndex().row())
            self._search(keep=line.record if line is not None else "")
            if self._hurried:
                self._hurried = False
                self._open_current()

    def _search(self, keep: str = "") -> None:
        query = self.line.text().strip()
        if not self._people.loaded:
            self._empty.show_text(_("Reading the names …"))
            self._stack.setCurrentWidget(self._empty)
            return
        index = self._people.index
        found = index.search(query, limit=self._limit) if query else None
        rows = everybody(index) if found is None else rows_for(found)
        self._model.show(rows)
        self._told.setText(told(rows, query, len(index)))
        self.table.clearSpans()
        if found is not None and found.more:
            self.table.setSpan(len(rows) - 1, 0, 1, self._model.columnCount())
        self._go(max(self._model.row_of(keep), 0))
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        if not rows:
            self._explain(query, len(index))

    def _explain(self, query: str, total: int) -> None:
        name = name_in(query)
        if not total:
            text, button = (
                _("Nobody is entered yet. Enter the first learner, or import a list."),
                True,
            )
        elif not query:
            text, button = (
                _("Type a name, initials or the end of a phone number to find somebody."),
                False,
            )
        elif query.isdecimal() and len(query) < 2:
            text, button = _("Type one more digit of the phone number."), False
        elif name:
            text, button = render(_("Nobody called “%(name)s” found."), {"name": name}), True
        else:
            text, button = _("Nobody found. Try the full name, or other initials."), False
        self._empty.show_text(text, _("New learner (Ctrl+N)") if button else "", self._new)

    def _go(self, row: int) -> None:
        index = self._model.index(row, 0)
        if index.isValid():
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)

    # Opening

    def _open_current(self) -> None:
        """Open who is marked; Enter before the names are there counts as soon as they are."""
        self._hurried = not self._people.loaded
        line = self._model.line(self.table.currentIndex().row())
        if line is None or self._stack.currentWidget() is not self.table:
            return
        if line.record:
            self._opened = line.record
            self.desk.go("learner", line.record)
        else:
            row = len(self._model.rows) - 1
            self._limit += SHOWN
            self._search()
            self._go(row)

    def _new(self) -> None:
        self.desk.go("learner", f"+{name_in(self.line.text())}")

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows in the field move in the list; letters in the list go to the field."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        ):
            return False
        if event.key() in _ENTER:
            self._open_current()
            return True
        if watched is self.line and event.key() in _MOVES:
            self.table.keyPressEvent(event)
            return True
        if watched is self.table and event.text().isprintable() and event.text().strip():
            self.line.setFocus()
            self.line.setText(event.text())
            return True
        return False
