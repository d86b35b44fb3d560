"""Opening files in one batch: which units, onto which stick, whom to ring up; files and slips."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.paint.booklet import PdfPrinter
from learnsite_desktop.platform import drives
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.opening_slips import Written, last_contact, slip_pages, write_batch
from learnsite_desktop.services.unit_board import Board
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.paper import show_paper
from learnsite_desktop.ui.screens.units import presenter
from learnsite_desktop.ui.screens.units.presenter import Row
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.row_list import RowList

_TIER_LETTERS: Final = 14


class _Units(RowList[Row]):
    """The units; Space takes one in or out."""

    toggled = Signal(object)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Take the unit in hand in or out."""
        row = self.current()
        if event.key() == Qt.Key.Key_Space and row is not None:
            self.toggled.emit(row)
        else:
            super().keyPressEvent(event)


class OpeningsPage(QWidget):
    """All units without a file are chosen; one key writes the files and the slips."""

    stale = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._board: Board | None = None
        self._chosen: set[str] = set()
        self._last: Written | None = None
        self.tier, self.which, self.target = QComboBox(), QComboBox(), QComboBox()
        for box, name in (
            (self.tier, _("Which units")),
            (self.which, _("Which of them")),
            (self.target, _("Where the files go")),
        ):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        # The style leaves the widest entry a few dots too little.
        self.tier.setMinimumContentsLength(_TIER_LETTERS)
        for text, kind in (
            (_("without a file"), "none"),
            (_("with a file, not opened"), "given"),
            (_("all"), "all"),
        ):
            self.which.addItem(text, kind)
        self.contact = QLineEdit()
        self.contact.setAccessibleName(_("Whom to ring up: name and telephone"))
        self.contact.setPlaceholderText(_("Whom to ring up: name and telephone"))
        self.counts = QLabel()
        self.counts.setProperty("role", "heading")
        self.counts.setWordWrap(True)
        self.list = _Units(
            _("Units to be opened"),
            ("", _("Unit"), _("Unit above"), _("Unit code"), _("Date"), _("Computer")),
            wide=(1, 2),
        )
        self.list.toggled.connect(self._toggle)
        self.list.chosen.connect(self._toggle)
        self.empty = EmptyState("ok", _("Every unit here has its opening file."))
        self._stack = QStackedWidget()
        self.write_button = QPushButton()
        self.write_button.setProperty("role", "primary")
        icons.tint(self.write_button, "exported", "on_accent")
        self.write_button.clicked.connect(self.finish)
        self._lay_out()
        self.tier.currentIndexChanged.connect(self._choose_all)
        self.which.currentIndexChanged.connect(self._show)

    def _lay_out(self) -> None:
        top, foot = QHBoxLayout(), QWidget()
        below = FlowLayout(foot, gap=6)
        for widget in (self.tier, self.which):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.contact, 2)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        below.addWidget(self.target)
        below.addWidget(self.write_button)
        for text, icon, deed in (
            (_("All or none Ctrl+A"), "ok", self.all_or_none),
            (_("Print the slips Ctrl+P"), "print", self.print_slips),
        ):
            button = QPushButton(text)
            icons.tint(button, icon)
            button.clicked.connect(deed)
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.counts)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addWidget(foot)

    # Showing

    def show_board(self, board: Board) -> None:
        """Show a board; what was chosen and still may be stays chosen."""
        first = self._board is None
        self._board = board
        self.counts.setText(presenter.count_line(board.counts))
        if not self.contact.text():
            self.contact.setText(self._desk.read(last_contact))
        former = self.tier.currentData()
        self.tier.blockSignals(True)
        self.tier.clear()
        for option in presenter.tiers_below(board):
            self.tier.addItem(option.label, option.code)
        kept = self.tier.findData(former)
        self.tier.setCurrentIndex(max(kept, 0))
        self.tier.blockSignals(False)
        self._chosen &= {one.row.code for one in board.lines}
        self._places()
        if first:
            self._choose_all()
        else:
            self._show()

    def _places(self) -> None:
        former = self.target.currentData()
        self.target.clear()
        for stick in drives.removable_folders():
            self.target.addItem(render(_("stick %(path)s"), {"path": str(stick)}), stick)
        self.target.addItem(_("another folder…"), None)
        kept = self.target.findData(former) if former is not None else -1
        self.target.setCurrentIndex(max(kept, 0))

    def _choose_all(self) -> None:
        """Begin with all that have none."""
        if self._board is not None:
            self._chosen = set(self._board.without(str(self.tier.currentData() or "")))
            self._show()

    def only(self, code: str) -> None:
        """Choose one unit alone, wherever it stands."""
        board = self._board
        line = board.line(code) if board is not None else None
        if line is None:
            return
        place = self.tier.findData(line.row.tier)
        self.tier.setCurrentIndex(max(place, 0))
        shown = self.which.findData(line.computer)
        # One that has opened gets a further file: for a new computer.
        self.which.setCurrentIndex(shown if shown >= 0 else self.which.findData("all"))
        self._chosen = {code}
        self._show()
        self.list.select(code)
        self.list.setFocus()

    def _show(self) -> None:
        if self._board is None:
            return
        rows = presenter.opening_rows(
            self._board,
            str(self.tier.currentData() or ""),
            str(self.which.currentData()),
            self._chosen,
        )
        self.list.show_rows(rows)
        self._stack.setCurrentWidget(self.list if rows else self.empty)
        count = {"count": len(self._chosen)}
        self.write_button.setText(render(_("Write %(count)s files and slips (Ctrl+S)"), count))
        self.write_button.setEnabled(bool(self._chosen))

    def _toggle(self, row: Row) -> None:
        if row.key in self._chosen:
            self._chosen.discard(row.key)
        else:
            self._chosen.add(row.key)
            if row.kind == "opened":
                self._desk.say(
                    render(
                        _(
                            "%(name)s has opened already: a further file is for a further "
                            "computer, after a loss for example."
                        ),
                        {"name": row.cells[1]},
                    ),
                    Tone.WARNING,
                )
        self._show()

    def all_or_none(self) -> None:
        """Ctrl+A: choose every unit shown, or none of them when all are."""
        shown = {row.key for row in self.list.rows()}
        if shown <= self._chosen:
            self._chosen -= shown
        else:
            self._chosen |= shown
        self._show()

    def begin(self) -> None:
        """Put the focus where the work begins."""
        (self.list if self.list.rows() else self.which).setFocus()

    # The deed

    def finish(self) -> None:
        """Ctrl+S: write the files and one PDF of slips."""
        if not self._chosen:
            self._desk.say(_("No unit is chosen. Space chooses one."), Tone.NOTE)
            return
        stick = self.target.currentData()
        if stick is not None:
            self.write_to(Path(stick))
            return
        found = QFileDialog.getExistingDirectory(self, _("Choose where the files go"))
        if found:
            self.write_to(Path(found))

    def write_to(self, folder: Path) -> None:
        """Write the files and the slips into a folder."""
        board, contact = self._board, self.contact.text()
        order = [one.row.code for one in board.lines] if board is not None else []
        codes = [code for code in order if code in self._chosen]
        name = f"{_('opening slips')} {self._desk.clock.now():%Y%m%d-%H%M}.pdf"
        self._desk.write(
            _("Writing opening files"),
            lambda ws, progress: write_batch(
                ws,
                codes,
                folder,
                slips=folder / name,
                printer=PdfPrinter(),
                contact=contact,
                progress=progress,
            ),
            self._written,
        )

    def _written(self, done: Written) -> None:
        self._last, self._chosen = done, set()
        # What one wants to see from now on: which of them have opened.
        self.which.setCurrentIndex(self.which.findData("given"))
        self.stale.emit()
        folder = str(done.files[0].path.parent)
        said = {"count": len(done.files), "folder": folder}
        self._desk.say(
            render(_("%(count)s opening files and their slips are in %(folder)s."), said),
            Tone.OK,
            Action(_("Print the slips"), self.print_slips),
        )

    def print_slips(self) -> None:
        """Show the slips of the last batch, to print them."""
        last, contact = self._last, self.contact.text()
        if last is None:
            self._desk.say(_("Write the files first; the slips belong to them."), Tone.NOTE)
            return
        title = _("Opening slips")
        self._desk.look_up(
            _("Making the slips"),
            lambda ws, _p: slip_pages(ws, last.files, contact),
            lambda pages: show_paper(self._desk, self, title, *pages),
        )
