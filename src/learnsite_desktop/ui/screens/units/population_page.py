"""Population of a year: a grid to type in, last year's numbers, a table of Excel, sums beside."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import population_table
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.population import Grid, grid, save
from learnsite_desktop.services.roster.results import Preview, Taken
from learnsite_desktop.services.unit_board import Board
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk, issue_text
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.screens.units.population_faults import TableCard, summary
from learnsite_desktop.ui.screens.units.population_model import (
    OVER60,
    SOURCE,
    SUMS,
    TOTAL,
    PopulationModel,
)
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.fields import NumberField, TextField
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.tables import settle

FIRST_YEAR, LAST_YEAR = 1949, 2200


class _Grid(QTableView):
    """Typing begins in the cell in hand; Enter goes right, then to the next unit."""

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter goes on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # The Enter that ends an editor comes here, too, before the editor is closed.
            if self.state() != QAbstractItemView.State.EditingState:
                self.go_on()
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint, /) -> None:
        """Go on after Enter in a cell."""
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self.go_on()

    def go_on(self) -> None:
        """Go to the next cell that is typed: residents, then those of 60, then the next unit."""
        now = self.currentIndex()
        if now.column() == TOTAL:
            row, column = now.row(), OVER60
        else:
            row, column = now.row() + 1, TOTAL
        row += row == SUMS
        if row < self.model().rowCount():
            self.setCurrentIndex(self.model().index(row, column))


class PopulationPage(QWidget):
    """A year and a unit above; every number is written with its source, as one change."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._asked = 0
        self._asked_for: tuple[Path, int, str] = (Path(), 0, "")
        self._lists = QWidget()
        self.card = TableCard(desk)
        self.card.wanted.connect(self._take)
        self.card.closed.connect(self._closed)
        self.year = NumberField(_("Year"), low=FIRST_YEAR, high=LAST_YEAR)
        self.year.set_number(desk.clock.now().year - 1)
        self.unit = CodeChoice(_("Unit above"), [])
        self.source = TextField(
            _("Source of the numbers"), placeholder=_("Source of what is typed now")
        )
        self.year.committed.connect(self.load)
        self.unit.committed.connect(self.load)
        self.source.committed.connect(self._note_source)
        self.model = PopulationModel()
        self.view = _Grid()
        settle(self.view, _("Population"))
        self.view.setModel(self.model)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.save_button = QPushButton(_("Save (Ctrl+S)"))
        self.save_button.setProperty("role", "primary")
        icons.tint(self.save_button, "ok", "on_accent")
        self.save_button.clicked.connect(self.finish)
        self._lay_out()

    def _lay_out(self) -> None:
        top, foot = QHBoxLayout(), QWidget()
        below = FlowLayout(foot, gap=6)
        for text, field in (
            (_("Year"), self.year), (_("Unit above"), self.unit),
            (_("Source of the numbers"), self.source),
        ):  # fmt: skip
            top.addWidget(QLabel(text))
            top.addWidget(field, 0 if field is self.year else 1)
        below.addWidget(self.save_button)
        for text, icon, deed in (
            (_("Last year's numbers Ctrl+D"), "copy", self.copy_last),
            (_("From a table… Ctrl+O"), "excel", self.choose_table),
        ):
            button = QPushButton(text)
            icons.tint(button, icon)
            button.clicked.connect(deed)
            below.addWidget(button)
        column = QVBoxLayout(self._lists)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        column.addWidget(foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._lists, 1)
        whole.addWidget(self.card, 1)

    # Showing

    def show_board(self, board: Board) -> None:
        """Offer the units that have others below them."""
        own = self._desk.unit
        level = next((one.row.level for one in board.lines if one.row.code == own), 5)
        offered = [
            Option(one.row.code, one.row.name)
            for one in board.lines
            if one.row.code == own
            or (
                one.computer not in ("own", "above") and level < one.row.level < 5 and not one.ended
            )
        ]
        self.unit.set_options(offered)
        if not self.unit.value():
            self.unit.set_value(own)

    def begin(self) -> None:
        """Load the year and put the focus into the grid."""
        if not self.model.dirty:
            self.load()
        if self._lists.isVisible():
            self.view.setFocus()

    def load(self) -> None:
        """Read the grid anew."""
        year, unit = self.year.value(), self.unit.value() or self._desk.unit
        if year is None:
            return
        self._asked += 1
        asked = self._asked

        def shown(found: Grid) -> None:
            if asked == self._asked:
                self._show(found)

        self._desk.look_up("", lambda ws, _p: grid(ws, year, unit), shown)

    def _show(self, found: Grid) -> None:
        place = self.view.currentIndex()
        row, column = max(place.row(), 0), max(place.column(), TOTAL)
        self.model.show_grid(found)
        header = self.view.horizontalHeader()
        for section in range(self.model.columnCount()):
            wide = section in (0, SOURCE)
            mode = (
                QHeaderView.ResizeMode.Stretch if wide else QHeaderView.ResizeMode.ResizeToContents
            )
            header.setSectionResizeMode(section, mode)
        self.view.setCurrentIndex(self.model.index(row, column))

    def _note_source(self) -> None:
        self.model.source = self.source.value()

    # Deeds

    def empty_cell(self) -> None:
        """Del: empty the cell in hand."""
        self.model.setData(self.view.currentIndex(), "")

    def copy_last(self) -> None:
        """Ctrl+D: type last year's numbers where there are none; they are saved with Ctrl+S."""
        count = self.model.copy_last()
        self._desk.say(
            render(
                _("Last year's numbers for %(count)s units; save with Ctrl+S."), {"count": count}
            ),
            Tone.NOTE,
        )
        if count and not self.source.value():
            self.source.setFocus()

    def write_copy(self) -> None:
        """Ctrl+E: the coloured copy of the table that is shown."""
        if self.card.isVisible():
            self.card.write_copy()

    def finish(self) -> None:
        """Ctrl+S: take the table that is shown, else save what was typed, as one change."""
        if self.card.isVisible():
            if self.card.yes.isEnabled():
                self._take()
            return
        self.source.commit()
        self._note_source()
        year = self.year.value()
        entries, lacking = self.model.entries()
        if lacking:
            self._go_to(lacking[0])
            self._desk.say(_("Residents and those of 60 and over belong together."), Tone.WARNING)
            return
        if not entries or year is None:
            self._desk.say(_("Nothing was typed."), Tone.NOTE)
            return
        unnamed = [unit for unit, figure in entries.items() if not figure.source]
        if unnamed:
            self.source.setFocus()
            self._desk.say(_("Say where the numbers come from, then save again."), Tone.WARNING)
            return
        operator = self._desk.operator
        self._desk.write(
            _("Saving"),
            lambda ws, _p: save(ws, year, entries, operator=operator),
            self._saved,
        )

    def _saved(self, result: CaptureResult) -> None:
        wrong = [issue for issue in result.issues if issue.blocking]
        if result.refused and wrong:
            self.model.mark({issue.ref: issue_text(issue) for issue in wrong})
            self._go_to(wrong[0].ref)
            self._desk.say(issue_text(wrong[0]), Tone.ERROR)
            return
        self.load()
        counts = result.counts
        count = sum(sum(counts[name].values()) for name in ("created", "updated"))
        self._desk.say_done(
            render(_("Saved: population of %(count)s units."), {"count": count}), result
        )

    def next_problem(self) -> bool:
        """F8: the next unit of which something is wrong."""
        wrong = [row.unit for row in self.model.rows() if row.unit in self.model.wrong]
        if wrong:
            self._go_to(wrong[0])
        return bool(wrong)

    def _go_to(self, unit: str) -> None:
        index = self.model.place_of(unit)
        if index.isValid():
            self.view.setCurrentIndex(index)
            self.view.setFocus()

    # A table

    def choose_table(self) -> None:
        """Ctrl+O: ask for a table."""
        path, _kind = QFileDialog.getOpenFileName(
            self,
            _("Choose a table of population"),
            "",
            "Excel, CSV (*.xlsx *.xls *.csv *.et *.ods)",
        )
        if path:
            self.look_at(Path(path))

    def look_at(self, path: Path) -> None:
        """Show what would become of a table before it is taken."""
        self.source.commit()
        year, source = self.year.value() or 0, self.source.value()
        self._desk.look_up(
            _("Reading the table"),
            lambda ws, _p: population_table.look(ws, path, otherwise=year, source=source),
            lambda seen: self._seen(path, year, source, seen),
        )

    def _seen(self, path: Path, year: int, source: str, seen: Preview) -> None:
        if not (seen.created or seen.updated or seen.faults):
            self._desk.say(summary(seen), Tone.NOTE)
            return
        self._asked_for = (path, year, source)
        self._lists.hide()
        self.card.show_table(path, seen)

    def _take(self) -> None:
        """Take what is right in the table that was looked at."""
        path, year, source = self._asked_for
        operator = self._desk.operator
        self.card.shut()
        self._desk.back_up("import")
        self._desk.write(
            _("Taking the table"),
            lambda ws, progress: population_table.take(
                ws, path, otherwise=year, source=source, operator=operator, progress=progress
            ),
            self._taken,
        )

    def _taken(self, taken: Taken) -> None:
        self.load()
        tone = Tone.WARNING if taken.preview.faults else Tone.OK
        self._desk.say_done(summary(taken.preview), taken, tone)

    def _closed(self) -> None:
        self._lists.show()
        self.view.setFocus()
