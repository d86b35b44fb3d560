"""Beginning at the top: founding a county or topmost township, and the way back of a lost one."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.regions import Foundable, foundable, read_regions
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.first_run.units import UnitRow, rows_of
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from learnsite_desktop.domain.regions import RegionTree

_LINES = 6


class _Search(QLineEdit):
    """The field one searches in; Down and Enter go to what was found."""

    to_list = Signal()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Leave for the list."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.to_list.emit()
        else:
            super().keyPressEvent(event)


class TopmostCard(QFrame):
    """A unit is searched in the region data; what is done with it is a subclass's business."""

    closed = Signal()
    refused = Signal(object)

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        EscFirst(self, self.closed.emit)
        self.tree: RegionTree | None = None
        self.unit: Foundable | None = None
        heading, about = QLabel(title), QLabel(text)
        heading.setProperty("role", "heading")
        about.setProperty("role", "muted")
        about.setWordWrap(True)
        self.search = _Search()
        self.search.setAccessibleName(_("County or township"))
        self.search.setPlaceholderText(_("Name, code or pinyin initials of the county or township"))
        self.search.textChanged.connect(self._find)
        self.search.to_list.connect(self._to_list)
        self.own = QPushButton(_("Own region table… (Ctrl+O)"))
        icons.tint(self.own, "folder")
        self.own.clicked.connect(self.choose_table)
        self.list: RowList[UnitRow] = RowList(
            _("Counties and townships"),
            (_("Unit"), _("Unit code"), _("Above it"), _("Units below")),
            wide=(2,),
        )
        self.list.chosen.connect(lambda row: self.choose(row.unit))
        self.chosen = QLabel()
        self.chosen.setWordWrap(True)
        self.chosen.setProperty("role", "heading")
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.own)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(14, 10, 14, 10)
        for widget in (heading, about):
            self.body.addWidget(widget)
        self.body.addLayout(top)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.chosen)
        self.go = QPushButton()
        self.go.setProperty("role", "primary")
        self.go.setEnabled(False)
        self.list.setMinimumHeight(self.fontMetrics().height() * _LINES)

    def begin(self) -> None:
        """Ask for the unit."""
        self.search.setFocus()
        self._find(self.search.text())

    def choose_table(self) -> None:
        """Ask for a region table of one's own, by which the unit is founded."""
        path, _kind = QFileDialog.getOpenFileName(
            self, _("Choose the region table"), "", "CSV (*.csv)"
        )
        if path:
            self.take_table(Path(path))

    def take_table(self, path: Path) -> None:
        """Search in a table of one's own from now on; `refused` tells why it is none."""
        try:
            self.tree = read_regions(path)
        except Refusal as refusal:
            self.refused.emit(refusal)
            return
        self.own.setText(path.name)
        self._find(self.search.text())
        self._to_list()

    def choose(self, unit: Foundable) -> None:
        """Take a unit; the focus goes to what is to be said next."""
        self.unit = unit
        said = {"unit": unit.name, "code": unit.code, "above": unit.above, "count": unit.below}
        self.chosen.setText(
            render(_("%(unit)s (%(code)s), %(above)s; %(count)s units below."), said)
        )
        self.go.setEnabled(True)
        self.on_chosen(unit)

    def on_chosen(self, unit: Foundable) -> None:
        """Go on with what is to be said of the unit."""

    def _find(self, typed: str) -> None:
        own = self.tree is not None
        found = foundable(typed, self.tree) if typed.strip() or own else []
        self.list.show_rows(rows_of(found))

    def _to_list(self) -> None:
        rows = self.list.rows()
        if len(rows) == 1:
            self.choose(rows[0].unit)
        elif rows:
            self.list.setFocus()


class FoundCard(TopmostCard):
    """Founding: the unit, the name of whoever does it, and the deed."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            _("Found a county or a topmost township"),
            _(
                "Only the topmost unit is founded. Everybody below gets an opening file from the "
                "unit above. Afterwards you print the recovery code."
            ),
        )
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("Your name (you may leave it out)"))
        self.name.setAccessibleName(_("Your name"))
        self.name.returnPressed.connect(self._go)
        self.go.setText(_("Found it (Enter)"))
        self.go.clicked.connect(self._go)
        self.body.addLayout(_row(self.name, self.go))

    def on_chosen(self, unit: Foundable) -> None:
        """Ask who does it."""
        self.go.setText(render(_("Found %(unit)s (Enter)"), {"unit": unit.name}))
        self.name.setFocus()

    def _go(self) -> None:
        if self.unit is not None:
            self.wanted.emit()


class RecoverCard(TopmostCard):
    """The way back: the unit, the printed code, and where the file for the units below goes."""

    wanted = Signal(object)
    """The folder into which the introduction file is written."""

    def __init__(self, ask_folder: Callable[[], Path | None]) -> None:
        super().__init__(
            _("The computer is lost: recovery code"),
            _(
                "For the topmost unit, with the printed recovery code. The records come back with "
                "the files of the units below. With a backup, restore that instead (Alt+3)."
            ),
        )
        self._ask_folder = ask_folder
        self.code = QLineEdit()
        self.code.setPlaceholderText(_("Recovery code: fourteen groups of five characters"))
        self.code.setAccessibleName(_("Recovery code"))
        self.code.returnPressed.connect(self._go)
        self.go.setText(_("Recover… (Enter)"))
        self.go.clicked.connect(self._go)
        self.body.addLayout(_row(self.code, self.go))

    def on_chosen(self, unit: Foundable) -> None:
        """Ask for the code."""
        del unit
        self.code.setFocus()

    def _go(self) -> None:
        if self.unit is None or not self.code.text().strip():
            return
        folder = self._ask_folder()
        if folder is not None:
            self.wanted.emit(folder)


def _row(field: QLineEdit, button: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(field, 1)
    row.addWidget(button)
    return row
