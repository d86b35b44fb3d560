"""The grid of population: one row a unit, what is kept, what is being typed, the year before."""

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.population import Figure, Grid, GridRow
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.widgets.typed import half_width

TOTAL, OVER60, SOURCE = 1, 2, 3
SUMS: Final = 1
"""The row of the sums: under the own entry, so that both are seen at once."""
_EDITED: Final = {TOTAL: "total", OVER60: "over60", SOURCE: "source"}
_NONE: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class PopulationModel(QAbstractTableModel):
    """The unit itself first, those below it, and their sums, which nobody types."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._grid: Grid | None = None
        self._typed: dict[str, dict[str, str]] = {}
        self.wrong: dict[str, str] = {}
        self.source = ""

    def show_grid(self, grid: Grid) -> None:
        """Show a year; what was typed is forgotten."""
        self.beginResetModel()
        self._grid, self._typed, self.wrong = grid, {}, {}
        self.endResetModel()

    def rows(self) -> list[GridRow]:
        """The units that can be typed for."""
        return [self._grid.own, *self._grid.rows] if self._grid else []

    def row_at(self, place: int) -> GridRow:
        """Return the unit that stands at a place of the view, the line of sums apart."""
        return self.rows()[place - (place > SUMS)]

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return bool(self._typed)

    def copy_last(self) -> int:
        """Type last year's numbers where nothing is kept or typed; returns for how many."""
        count = 0
        for row in self.rows():
            if row.kept is None and row.last is not None and row.unit not in self._typed:
                self._typed[row.unit] = {
                    "total": str(row.last.total),
                    "over60": str(row.last.over60),
                }
                count += 1
        self._redraw()
        return count

    def entries(self) -> tuple[dict[str, Figure], list[str]]:
        """Return what was typed, by unit, and the units whose entry is not complete."""
        found: dict[str, Figure] = {}
        lacking: list[str] = []
        for row in self.rows():
            if row.unit not in self._typed:
                continue
            total, over60 = self._text(row, "total"), self._text(row, "over60")
            source = self._text(row, "source") or self.source
            if not (total.isdigit() and over60.isdigit()):
                lacking.append(row.unit)
            else:
                found[row.unit] = Figure(int(total), int(over60), source)
        return found, lacking

    def mark(self, wrong: dict[str, str]) -> None:
        """Mark the units of which something is wrong, each with what it is."""
        self.wrong = wrong
        self._redraw()

    def place_of(self, unit: str) -> QModelIndex:
        """Return the first cell to type for a unit."""
        units = [row.unit for row in self.rows()]
        return self.index(_place(units.index(unit)), TOTAL) if unit in units else _NONE

    def _redraw(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 5))
        self.edited.emit()

    def _text(self, row: GridRow, name: str) -> str:
        typed = self._typed.get(row.unit, {})
        if name in typed:
            return typed[name]
        return str(getattr(row.kept, name)) if row.kept is not None else ""

    def sums(self) -> tuple[int, int, int]:
        """Return the sums of the units below as they stand on the screen, and how many lack."""
        total = over60 = missing = 0
        for row in self._grid.rows if self._grid else ():
            both = self._text(row, "total"), self._text(row, "over60")
            if all(text.isdigit() for text in both):
                total, over60 = total + int(both[0]), over60 + int(both[1])
            else:
                missing += 1
        return total, over60, missing

    # What the view asks

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return the units and the line of sums."""
        return 0 if parent.isValid() or not self._grid else len(self._grid.rows) + 2

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else 6

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        year = {"year": self._grid.year - 1 if self._grid else ""}
        return (
            _("Unit"),
            _("Residents"),
            _("60 and over"),
            _("From where"),
            render(_("Residents %(year)s"), year),
            render(_("60+ %(year)s"), year),
        )[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what may be done with a cell."""
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        typed = index.row() != SUMS and index.column() in _EDITED
        return usual | Qt.ItemFlag.ItemIsEditable if typed else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        place, column = index.row(), index.column()
        if place == SUMS:
            return self._sum_cell(column, role)
        row = self.row_at(place)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            if column == 0:
                return row.name
            if column in _EDITED:
                return self._text(row, _EDITED[column])
            last = row.last
            return "" if last is None else str(last.total if column == 4 else last.over60)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.wrong.get(row.unit)
        return self._look(row, column, role, own=place == 0)

    def _look(self, row: GridRow, column: int, role: int, *, own: bool) -> Any:
        look = theme.tokens()
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (TOTAL, OVER60, 4, 5):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole and own:
            return _bold()
        if role == Qt.ItemDataRole.ForegroundRole:
            if row.unit in self.wrong:
                return QBrush(QColor(look.colour("error")))
            typed = _EDITED.get(column, "") in self._typed.get(row.unit, {})
            return (
                QBrush(QColor(look.link if typed else look.colour("muted")))
                if (typed or column > SOURCE)
                else None
            )
        return None

    def _sum_cell(self, column: int, role: int) -> Any:
        total, over60, missing = self.sums()
        if role == Qt.ItemDataRole.DisplayRole:
            own = self._grid.own.kept if self._grid else None
            told = render(_("%(count)s units without numbers"), {"count": missing}) * bool(missing)
            if own is not None and not missing:
                more = {"total": total - own.total, "over60": over60 - own.over60}
                told = render(
                    _("differs from the own entry by %(total)s and %(over60)s"), more
                ) * bool(any(more.values()))
            return (_("Sum of the units below"), str(total), str(over60), told, "", "")[column]
        if role == Qt.ItemDataRole.FontRole:
            return _bold()
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (TOTAL, OVER60):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take what was typed; a number with commas or wide digits is read as meant."""
        if role != Qt.ItemDataRole.EditRole or index.row() == SUMS:
            return False
        if index.column() not in _EDITED:
            return False
        row, name = self.row_at(index.row()), _EDITED[index.column()]
        text = str(value).strip()
        if index.column() != SOURCE:
            text = half_width(text).replace(",", "").replace(" ", "")
            if text and not text.isdigit():
                return False
        if text != self._text(row, name):
            typed = self._typed.setdefault(row.unit, {})
            typed[name] = text
            self.wrong.pop(row.unit, None)
            self._redraw()
        return True


def _place(number: int) -> int:
    """Return where the unit of a number stands in the view."""
    return number + (number >= SUMS)


def _bold() -> QFont:
    font = theme.font_of(theme.points())
    font.setWeight(QFont.Weight.Bold)
    return font
