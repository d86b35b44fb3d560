"""The card of a table of population: what would come of it, its wrong cells by their addresses."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import roster
from learnsite_desktop.services.roster.faults import Fault
from learnsite_desktop.services.roster.results import Preview
from learnsite_desktop.services.titles import spoken
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.screens.units.presenter import Row
from learnsite_desktop.ui.widgets.row_list import RowList


def summary(seen: Preview) -> str:
    """Return how many rows of a table are new, changed, the same, faulty."""
    return render(
        _("%(created)s new, %(updated)s changed, %(same)s the same, %(faults)s with faults."),
        {
            "created": seen.created,
            "updated": seen.updated,
            "same": seen.same,
            "faults": seen.faulty_rows,
        },
    )


def fault_rows(faults: Sequence[Fault]) -> list[Row]:
    """Return a row for each wrong cell: its address, what stands in it, what is wrong, what to do.

    What concerns a row as a whole stands under the number of the row.
    """
    found = []
    for number, one in enumerate(faults):
        told = spoken(one.issue).shown(render)
        cells = (one.address, one.value, str(told["message"]), str(told["remedy"]))
        found.append(Row(str(number), "fault", cells, "error", _("Wrong")))
    return found


class TableCard(Card):
    """Shows a table before it is taken; `wanted` takes what is right in it."""

    wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._seen: Preview | None = None
        self.line = QLabel()
        self.line.setWordWrap(True)
        self.list: RowList[Row] = RowList(
            _("Wrong cells"),
            (_("Cell"), _("What stands there"), _("What is wrong"), _("What to do"), ""),
            wide=(1, 2, 3),
        )
        self.list.moved.connect(self._tell)
        self.whole = QLabel()
        self.whole.setWordWrap(True)
        self.whole.setProperty("role", "muted")
        self.body.addWidget(self.line)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.whole)
        self.yes = self.add_button(QPushButton(_("Take what is right (Ctrl+S)")))
        self.yes.setProperty("role", "primary")
        icons.tint(self.yes, "ok", "on_accent")
        self.yes.clicked.connect(self.wanted)
        self.copy = self.add_button(QPushButton(_("Coloured copy (Ctrl+E)")))
        icons.tint(self.copy, "excel")
        self.copy.clicked.connect(self.write_copy)
        self.add_button(QPushButton(_("Close (Esc)"))).clicked.connect(self.shut)

    def show_table(self, path: Path, seen: Preview) -> None:
        """Show what would come of a table; the focus is on its faults, else on the deed."""
        self._seen = seen
        self.title.setText(
            render(
                _("Population from the table %(name)s; nothing is taken yet"), {"name": path.name}
            )
        )
        self.line.setText(summary(seen))
        self.list.show_rows(fault_rows(seen.faults))
        self.list.select_first()
        for widget in (self.list, self.copy):
            widget.setVisible(bool(seen.faults))
        self.yes.setEnabled(bool(seen.created or seen.updated))
        self.show()
        (self.list if seen.faults else self.yes).setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> None:
        """Show the whole of the current row: a column may be too narrow for it."""
        row = self.list.current()
        self.whole.setText("" if row is None else " · ".join(filter(None, row.cells)))

    def write_copy(self) -> None:
        """Ctrl+E: write a copy of the table with the wrong cells coloured, beside it."""
        seen = self._seen
        if seen is None or not seen.faults:
            return
        path = roster.marked_path(seen.table.path)
        self._desk.look_up(
            _("Writing the coloured copy"),
            lambda _ws, _progress: roster.write_faults(seen, path),
            lambda count: self._desk.say(
                render(
                    _("%(count)s faults are marked in “%(name)s”, beside the list."),
                    {"count": count, "name": path.name},
                )
            ),
        )
