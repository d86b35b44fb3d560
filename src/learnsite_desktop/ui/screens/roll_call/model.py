"""The grid of a roll call, as Qt's views want it."""

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.roll_calls import Line
from learnsite_desktop.ui.screens.roll_call.presenter import Roll
from learnsite_desktop.ui.widgets.chips import CHIP_ROLE, Chip

Index = QModelIndex | QPersistentModelIndex
NUMBER, NAME, SEX, YEAR, MARK, MINUTES, PROXY = range(7)
HEADINGS: Final = (
    N_("No."), N_("Name"), N_("Sex"), N_("Born"), N_("Mark"), N_("Minutes"), N_("Signature"),
)  # fmt: skip
_TONES: Final = {"P": "ok", "A": "error", "X": "note", "W": "final", "": "draft"}
_EXCEPTIONAL: Final = "warning"


class RollModel(QAbstractTableModel):
    """Rows of a roll: the list, then walk-ins."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        self._words = words_of("attendance_status")
        self._sexes = words_of("sex")

    def show(self, roll: Roll) -> None:
        """Show a roll as it stands; keeps the rows where they are when only marks changed."""
        lines = roll.lines()
        if [line.person for line in lines] == [line.person for line in self._lines]:
            self._lines = lines
            if lines:
                last = self.index(len(lines) - 1, PROXY)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def line(self, row: int) -> Line | None:
        """Return the line of a row, None outside."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, learner: str) -> int:
        """Return the row of a learner, -1 if there is none."""
        found = (at for at, line in enumerate(self._lines) if line.person.learner == learner)
        return next(found, -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's heading."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(HEADINGS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what stands in a cell."""
        line = self.line(index.row())
        if line is None:
            return None
        if role == CHIP_ROLE and index.column() == MARK:
            return self._chip(line)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (NUMBER, MINUTES, YEAR):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, line: Line, column: int) -> str:
        person, mark = line.person, line.mark
        match column:
            case 0:
                return str(line.number) if line.listed else "+"
            case 1:
                return person.name
            case 2:
                return self._sexes.get(person.sex, "")
            case 3:
                return str(person.birth_year or "")
            case 4:
                return self._chip(line).text
            case 5:
                return str(mark.minutes) if mark and mark.minutes is not None else ""
            case _:
                return _("by another") if mark and mark.proxy else ""

    def _chip(self, line: Line) -> Chip:
        status = line.mark.status if line.mark else ""
        word = self._words.get(status, _("not marked"))
        return Chip(_TONES.get(status, _EXCEPTIONAL), word)


def words_of(code_list: str) -> dict[str, str]:
    """Return code → word of a code list in the language in use."""
    return shipped_codes().words(code_list, language())
