"""The tree: search, what is known of a unit, and the deeds by which it is kept."""

from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.region_edits import change_tree, last_edit, look_ahead, undo_tree
from learnsite_desktop.services.regions import read_regions
from learnsite_desktop.services.unit_board import Board, UnitLine
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.ui import icons, theme
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone, ask
from learnsite_desktop.ui.screens.units import edits, presenter
from learnsite_desktop.ui.screens.units.deed_form import DeedForm
from learnsite_desktop.ui.screens.units.proposing import Proposals
from learnsite_desktop.ui.screens.units.tree_model import CODE, TreeModel
from learnsite_desktop.ui.widgets.chips import ChipDelegate
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.scrolled import scrolled

UNDO_KEY: Final = "Ctrl+Shift+Z"
_WIDE: Final = 3
_NAME_LETTERS: Final = 12
"""So many letters of a name are seen at least, with the fold marks before it."""
_BY_NEED: Final = (3, 2, 1)
"""The columns besides the name, the one that is needed most first."""
_FIND_OTHERWISE: Final = N_(
    "Type fewer characters: a part of the name, the first letters in pinyin, or the code."
)


Index = QModelIndex | QPersistentModelIndex


class _Tree(QTreeView):
    """The units; Enter tells that the unit in hand is wanted."""

    wanted = Signal()
    moved = Signal()

    def currentChanged(self, current: Index, previous: Index, /) -> None:
        """Tell that another unit is in hand."""
        super().currentChanged(current, previous)
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Leave columns out where there is no room for all."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Show as many columns as leave the names enough room; the unit in hand tells the rest."""
        room = self.viewport().width() - self.fontMetrics().horizontalAdvance("学") * _NAME_LETTERS
        for column in _BY_NEED:
            room -= max(self.sizeHintForColumn(column), self.header().sectionSizeHint(column))
            self.setColumnHidden(column, room < 0)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter means the unit in hand."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit()
        else:
            super().keyPressEvent(event)


class TreePage(QWidget):
    """The tree at the left, the unit in hand at the right; `stale` says that it is another tree."""

    stale = Signal()
    opening_wanted = Signal(object)
    """The code of the unit that an opening file is wanted for."""
    forming = Signal()
    """A form was opened or put away."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._board: Board | None = None
        self._tree: RegionTree | None = None
        self.counts, self.whom = QLabel(), QLabel()
        self.counts.setWordWrap(True)
        self.counts.setProperty("role", "heading")
        self.whom.setWordWrap(True)
        self.whom.setProperty("tone", "warning")
        self.search = QLineEdit()
        self.search.setAccessibleName(_("Find a unit"))
        self.search.setPlaceholderText(_("Find a unit: name, former name, code, initials (Ctrl+F)"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._to_tree)
        self.model = TreeModel()
        self.view = _Tree()
        self.view.setAccessibleName(_("List of units"))
        self.view.setModel(self.model)
        self.view.setItemDelegate(ChipDelegate(self.view))
        self.view.setAlternatingRowColors(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setAllColumnsShowFocus(True)
        self.view.setUniformRowHeights(True)
        self.view.wanted.connect(self._open_unit)
        self.view.moved.connect(self._show_unit)
        theme.signals().changed.connect(self._dress)
        self.title, self.about = QLabel(), QLabel()
        self.title.setProperty("role", "heading")
        for label in (self.title, self.about):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.deeds: dict[str, QPushButton] = {}
        self.form = DeedForm(desk)
        self.form.wanted.connect(self.finish)
        self.form.closed.connect(self.put_away)
        self.lists = QWidget()
        self.proposals = Proposals(desk, self, self)
        self._side = QStackedWidget()
        self._side.currentChanged.connect(self.forming)
        self._lay_out()

    def _lay_out(self) -> None:
        known = QWidget()
        column = QVBoxLayout(known)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.title)
        column.addWidget(self.about)
        buttons = QWidget()
        self._buttons = FlowLayout(buttons, gap=6)
        for deed in edits.DEEDS:
            self.deeds[deed.name] = self._button(
                f"{_(deed.label)} {deed.key}", deed.icon, partial(self.begin, deed.name)
            )
        self.proposing = self._button(
            _("Propose a change F3"), "note", partial(self.begin, "rename")
        )
        self.taking_back = self._button(
            render(_("Take the last change back %(key)s"), {"key": UNDO_KEY}),
            "undo",
            self.take_back,
        )
        self.importing = self._button(_("Whole table… Ctrl+O"), "import", self.import_table)
        column.addWidget(buttons)
        column.addStretch(1)
        for page in (scrolled(known), self.form):
            self._side.addWidget(page)
        self.listing = self._button(_("Proposals F10"), "inbox", self.proposals.show)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.view, 1)
        right.addWidget(self._side, 1)
        both = QHBoxLayout(self.lists)
        both.setContentsMargins(0, 0, 0, 0)
        both.addLayout(left, _WIDE)
        both.addLayout(right, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.counts)
        whole.addWidget(self.whom)
        whole.addWidget(self.lists, 1)
        whole.addWidget(self.proposals.card, 1)

    def _button(self, text: str, icon: str, deed: Any) -> QPushButton:
        button = QPushButton(text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        icons.tint(button, icon)
        button.clicked.connect(lambda *_: deed())
        self._buttons.addWidget(button)
        return button

    # Showing

    def show_board(self, board: Board) -> None:
        """Show a board; the unit in hand stays so."""
        former = self.current_code()
        self._board = board
        self._tree = self._desk.read(lambda ws: load_tree(ws.database))
        self.counts.setText(presenter.count_line(board.counts))
        whom = presenter.ask_whom(board)
        self.whom.setText(whom)
        self.whom.setVisible(bool(whom))
        for button in self.deeds.values():
            button.setVisible(board.ours)
        self.proposing.setVisible(not board.ours and bool(board.owner))
        self.importing.setVisible(board.ours)
        self.taking_back.setVisible(board.ours and self._desk.read(last_edit) is not None)
        self._fill(former or self._desk.unit)
        self.proposals.count()

    def _fill(self, select: str) -> None:
        board = self._board
        if board is None:
            return
        typed = self.search.text()
        self.model.show_board(board, typed)
        self.view.setIndentation(self.fontMetrics().height())
        header = self.view.header()
        header.setStretchLastSection(False)
        for column in range(self.model.columnCount()):
            fit = QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(
                column, QHeaderView.ResizeMode.Stretch if not column else fit
            )
        self.view.fit()
        if typed.strip():
            self.view.expandAll()
            select = presenter.first_hit(board, typed) or select
        else:
            self._expand_to(self._desk.unit)
        self.select(select)

    def _expand_to(self, code: str) -> None:
        index = self.model.index_of(code)
        while index.isValid():
            self.view.expand(index)
            index = index.parent()

    def select(self, code: str) -> None:
        """Put a unit in hand."""
        index = self.model.index_of(code)
        if index.isValid():
            self._expand_to(str(index.parent().data(CODE) or ""))
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)
        self._show_unit()

    def current_code(self) -> str:
        """The code of the unit in hand, "" for none."""
        index = self.view.currentIndex()
        return str(index.siblingAtColumn(0).data(CODE) or "") if index.isValid() else ""

    def current(self) -> UnitLine | None:
        """The unit in hand."""
        return self._board.line(self.current_code()) if self._board else None

    def _show_unit(self) -> None:
        line = self.current()
        if line is None or self._board is None:
            nothing = not self.model.rowCount() and bool(self.search.text().strip())
            self.title.setText(_("No unit is called so.") if nothing else "")
            self.about.setText(_(_FIND_OTHERWISE) if nothing else "")
            return
        self.title.setText(line.row.name)
        told = presenter.told_of(line, self._board)
        self.about.setText(
            "\n".join(
                render(_("%(label)s: %(text)s"), {"label": label, "text": text})
                for label, text in told
            )
        )

    def _dress(self) -> None:
        """Show the tree in the new look; a window that is gone wants none."""
        if not isValid(self.view):
            theme.signals().changed.disconnect(self._dress)
            return
        self._search()

    def _search(self) -> None:
        self._fill(self.current_code())

    def _to_tree(self) -> None:
        self.view.setFocus()

    def _open_unit(self) -> None:
        """Enter on a unit: to its opening file while it has none, else fold it in or out."""
        line = self.current()
        if line is None:
            return
        if line.computer in ("none", "given") and not line.ended and self._board is not None:
            self.opening_wanted.emit(line.row.code)
        else:
            index = self.view.currentIndex().siblingAtColumn(0)
            self.view.setExpanded(index, not self.view.isExpanded(index))

    # Deeds

    @property
    def keeps(self) -> bool:
        """Whether this unit keeps the tree."""
        return self._board is not None and self._board.ours

    @property
    def has_form(self) -> bool:
        """Whether a form stands in front, whose fields have keys of their own."""
        return self._side.currentWidget() is self.form or not self.proposals.card.isHidden()

    def key(self, deed: str) -> None:
        """Begin a deed by its key, as far as there is one to begin."""
        board = self._board
        if board is None or self.has_form:
            return
        if board.ours or deed == "rename":
            self.begin(deed)

    def begin(self, deed: str) -> None:
        """Ask for what a deed on the unit in hand needs."""
        line, tree, board = self.current(), self._tree, self._board
        if line is None or tree is None or board is None:
            return
        self._side.setCurrentWidget(self.form)
        self.form.begin(deed, line.row, tree, ours=board.ours)

    def put_away(self) -> None:
        """Close the form."""
        self.proposals.forget()
        self._side.setCurrentIndex(0)
        self.view.setFocus()

    def finish(self) -> None:
        """Ctrl+S: do what the form says, or write it as text for whoever keeps the tree."""
        form, board = self.form, self._board
        edit = form.edit() if form.isVisible() else None
        if board is None or not form.isVisible():
            return
        unit = form.unit
        if edit is None or unit is None:
            self._desk.say(_("Something is missing: fill in the fields."), Tone.NOTE)
            return
        if not board.ours:
            self.proposals.propose(form, unit)
            return
        given = form.given()
        said, on = edits.said_of(form.deed, unit.name, given), given.on
        self._desk.write(
            _("Changing the list of units"),
            self.proposals.change(edit, on),
            lambda done: self._changed(said, done),
        )

    def _changed(self, said: str, done: dict[str, Any]) -> None:
        del done
        self.put_away()
        self.stale.emit()
        undo = Action(_("Take it back"), self.take_back)
        self._desk.say(said, Tone.OK, undo)

    def take_back(self) -> None:
        """Take the last change of the tree back by a further version."""
        if self._board is None or not self._board.ours:
            return
        self._desk.write(
            _("Changing the list of units"),
            lambda ws, _progress: undo_tree(ws),
            self._taken_back,
        )

    def _taken_back(self, done: dict[str, Any]) -> None:
        self.stale.emit()
        count = {"count": len(done["units"])}
        self._desk.say(render(_("Taken back: %(count)s units stand as before."), count))

    def import_table(self) -> None:
        """Ask for a whole region table, show what it changes, and issue it."""
        if self._board is None or not self._board.ours:
            return
        path, _kind = QFileDialog.getOpenFileName(
            self, _("Choose the region table"), "", "CSV (*.csv)"
        )
        if path:
            self.look_at_table(path)

    def look_at_table(self, path: str) -> None:
        """Ask whether a whole table is to take the place of the present one."""

        def seen(found: tuple[RegionTree, int]) -> None:
            tree, count = found
            question = render(
                _("%(count)s units would be new or other than now. Records stay where they are."),
                {"count": count},
            )
            if ask(self, _("Whole region table"), question, _("Put it in force")):
                self._desk.write(
                    _("Changing the list of units"),
                    lambda ws, _progress: change_tree(ws, lambda _old: tree),
                    lambda done: self._changed(_("The region table is in force."), done),
                )

        def look(workspace: Any, _progress: Any) -> tuple[RegionTree, int]:
            tree = read_regions(Path(path))
            return tree, len(look_ahead(workspace, lambda _old: tree).changed)

        self._desk.look_up(_("Reading the table"), look, seen)
