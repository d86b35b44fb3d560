"""The pages of the inbox: files, what they would do, the journal, what does not count."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.screens.inbox.presenter import Row, side_rows, side_text, sides_note
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.row_list import RowList


class Note(QLabel):
    """A sentence or two about the current row: its height does not change with the row."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Return room for two lines."""
        return QSize(0, self.fontMetrics().lineSpacing() * 2)


class ListPage(QWidget):
    """A heading, a list with its empty state, a note about the current row, buttons.

    `left` tells of Esc, which goes back to the files.
    """

    left = Signal()

    def __init__(
        self, rows: RowList[Row], empty: EmptyState, *, first: bool = False, notes: bool = True
    ) -> None:
        """`first` is the page of the files: Esc there is the window's; `notes`: rows have some."""
        super().__init__()
        self.list = rows
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        self.note = Note()
        self._place = QWidget()
        self._stack = QStackedLayout(self._place)
        self._stack.addWidget(rows)
        self._stack.addWidget(empty)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.title)
        column.addWidget(self._place, 1)
        column.addWidget(self.note)
        column.addLayout(self.buttons)
        self.title.setVisible(not first)
        self.note.setVisible(notes)
        if not first:
            EscFirst(self, self.left.emit)
        rows.moved.connect(self._tell)

    def add_button(self, button: QPushButton) -> QPushButton:
        """Add a button to the line below the list."""
        button.setAutoDefault(True)
        self.buttons.insertWidget(self.buttons.count() - 1, button)
        return button

    def show_rows(self, rows: Sequence[Row], *, select: str = "") -> None:
        """Show rows, or that there are none."""
        self.list.show_rows(rows, select=select)
        self._stack.setCurrentIndex(0 if rows else 1)
        self._tell()

    def show_title(self, text: str) -> None:
        """Show a heading over the list."""
        self.title.setText(text)

    def _tell(self) -> None:
        row = self.list.current()
        self.note.setText(row.note if row else "")


class RecordsPage(QWidget):
    """Records that would change, on the left; of the current one old and new side by side.

    `left` tells of Esc.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._deed: Callable[[], None] | None = None
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        self.list: RowList[Row] = RowList(
            _("Records"),
            (_("Record"), _("Kind"), _("Unit"), _("What happens")),
            wide=(0,),
        )
        self.sides: RowList[Row] = RowList(
            _("Old and new"), (_("Field"), _("Here"), _("New value"), _("State")), wide=(1, 2)
        )
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setProperty("role", "muted")
        self._whole = Note()
        self.sides.moved.connect(self._tell_whole)
        self.yes, no = QPushButton(_("Take in (Ctrl+S)")), QPushButton(_("Back (Esc)"))
        self.yes.setProperty("role", "primary")
        for button in (self.yes, no):
            button.setAutoDefault(True)
        self.yes.clicked.connect(self.confirm)
        no.clicked.connect(self.left)
        self.list.moved.connect(self._compare)
        self.list.chosen.connect(lambda _row: self.sides.setFocus())
        EscFirst(self, self.left.emit)
        self._lay_out(no)

    def _lay_out(self, no: QPushButton) -> None:
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self._note)
        beside.addWidget(self.sides, 1)
        beside.addWidget(self._whole)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(right)
        split.setSizes([640, 520])
        below = QHBoxLayout()
        below.addWidget(self.yes)
        below.addWidget(no)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.title)
        column.addWidget(split, 1)
        column.addLayout(below)

    def show_records(
        self, title: str, rows: Sequence[Row], yes: str, icon: str, deed: Callable[[], None]
    ) -> None:
        """Show records under a heading; `yes` names the deed."""
        self._deed = deed
        self.title.setText(title)
        self.list.show_rows(rows)
        self.list.select_first(("problem",))
        self.yes.setText(yes)
        icons.tint(self.yes, icon, "on_accent")
        self._compare()

    def confirm(self) -> None:
        """Do what is shown, once."""
        deed, self._deed = self._deed, None
        if deed is not None:
            deed()

    def _compare(self) -> None:
        row = self.list.current()
        about = row.about if row else None
        self._note.setText(sides_note(about))
        self.sides.show_rows(list(side_rows(about)) if about else [])
        self._tell_whole()

    def _tell_whole(self) -> None:
        """Say the current field's values at full length: columns cut long ones."""
        row = self.sides.current()
        self._whole.setText(side_text(row.cells) if row is not None else "")


def files_page(choose: Callable[[], None]) -> ListPage:
    """Return the page of files at hand; `choose` asks for some."""
    headings = (
        *(_("From"), _("What it is"), _("Months"), _("Packed on"), _("Size"), _("Result")),
        _("State"),
    )
    return ListPage(
        RowList(_("Files that have come"), headings, wide=(0, 5)),
        EmptyState(
            "inbox",
            _("Drop files here, plug a stick in, or choose files. Nothing is taken in unasked."),
            _("Choose files (Ctrl+O)"),
            choose,
        ),
        first=True,
    )


def batches_page() -> ListPage:
    """Return the journal of files received."""
    headings = (_("Received on"), _("From"), _("What it is"), _("File"), _("Result"), _("State"))
    page = ListPage(
        RowList(_("Journal of files received"), headings, wide=(3, 4)),
        EmptyState("ledger", _("No file has been received yet.")),
        notes=False,
    )
    page.show_title(
        _("Journal: Enter on a file shows what rolling it back would do, or brings it back.")
    )
    return page


def uncounted_page() -> ListPage:
    """Return the page of what is held apart or waits."""
    headings = (_("Record"), _("Kind"), _("Unit"), _("Written"), _("Says"), _("State"))
    page = ListPage(
        RowList(_("Not counted"), headings, wide=(0, 4)),
        EmptyState("ok", _("Everything that came counts: nothing is held apart, nothing waits.")),
    )
    page.show_title(_("Not counted: here, but in no list and no figure until it is settled"))
    return page


Page = ListPage | RecordsPage


class Pages(QStackedWidget):
    """All pages; Esc leads from the records to where they were asked for, else to the files."""

    turned = Signal()

    def __init__(self, choose: Callable[[], None]) -> None:
        super().__init__()
        self.files, self.records = files_page(choose), RecordsPage()
        self.batches, self.uncounted = batches_page(), uncounted_page()
        self._below: Page = self.files
        for page in (self.files, self.records, self.batches, self.uncounted):
            self.addWidget(page)
        for page in (self.batches, self.uncounted):
            page.left.connect(lambda: self.turn_to(self.files))
        self.records.left.connect(lambda: self.turn_to(self._below))

    @property
    def shown(self) -> Page:
        """The page that is shown."""
        found = self.currentWidget()
        assert isinstance(found, ListPage | RecordsPage)  # noqa: S101 - no other was added
        return found

    def turn_to(self, page: Page) -> None:
        """Show a page, with the focus on its list."""
        if page is self.records:
            self._below = self.shown if self.shown is not self.records else self._below
        self.setCurrentWidget(page)
        self.turned.emit()
        self.focus()

    def focus(self) -> None:
        """Put the focus on the list that is shown."""
        if self.isVisible():
            self.shown.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def next_problem(self) -> bool:
        """Go to the next row that asks for somebody."""
        self.focus()
        return self.shown.list.select_next(("problem",))
