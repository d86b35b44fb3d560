"""Two files side by side, or a file and what is held here."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QSplitter

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.comparing import Comparison, compare
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.screens.tools import presenter
from learnsite_desktop.ui.screens.tools.page import Page
from learnsite_desktop.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from learnsite_desktop.ui.screens.tools.presenter import Row


class ComparePage(Page):
    """Ctrl+O chooses the file, F6 another one of the same unit; F8 goes to the next difference.

    Without another one, what is held here stands on the left.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Compare files"))
        self._files: list[Path | None] = [None, None]
        self._found: Comparison | None = None
        self._names = QLabel()
        self._names.setWordWrap(True)
        self.list: RowList[Row] = RowList(
            _("Records that differ"),
            (_("Unit"), _("Kind"), _("Record"), _("Fields"), _("Difference")),
            wide=(2,),
        )
        self.fields: RowList[Row] = RowList(
            _("Fields side by side"), (_("Field"), _("Before"), _("After"), ""), wide=(1, 2)
        )
        self.list.moved.connect(self._follow)
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(self.list)
        both.addWidget(self.fields)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        both.setChildrenCollapsible(False)
        self.column.addWidget(self._names)
        self.column.addWidget(both, 1)
        self.end_with(
            {
                "Ctrl+O": (_("Choose a file"), "folder"),
                "F6": (_("Compare with another"), "folder"),
                "F3": (_("Compare with what is held"), "received"),
                "F8": (_("Next difference"), "forward"),
            }
        )
        for keys, deed in (
            ("Ctrl+O", lambda: self._choose(0)),
            ("F6", lambda: self._choose(1)),
            ("F3", self._with_held),
            ("F8", self.next_problem),
        ):
            self.deeds[keys].clicked.connect(deed)
        self._show_names()

    def open(self) -> None:
        """The list if there is one, else the button that chooses a file."""
        (self.list if self._found is not None else self.deeds["Ctrl+O"]).setFocus()

    def search(self) -> None:
        """To the list."""
        self.list.setFocus()

    def next_problem(self) -> bool:
        """Go to the next record that differs."""
        self.list.setFocus()
        return self.list.select_next(("added", "changed", "removed"))

    def _choose(self, place: int) -> None:
        if place == 1 and self._files[0] is None:
            self.desk.say(_("Choose the first file with Ctrl+O."), Tone.NOTE)
            return
        start = self._files[0]
        found, _kind = QFileDialog.getOpenFileName(
            self, _("Choose a file that was handed in"), str(start.parent) if start else ""
        )
        if found:
            self._files[place] = Path(found)
            if place == 0:
                self._files[1] = None
            self._compare()

    def _with_held(self) -> None:
        self._files[1] = None
        if self._files[0] is None:
            self._choose(0)
        else:
            self._compare()

    def _compare(self) -> None:
        first, second = self._files
        if first is None:
            return
        self._show_names()
        self.desk.look_up(
            _("Comparing files"),
            lambda ws, progress: compare(ws, first, second, progress=progress),
            self._show,
        )

    def _show(self, found: Comparison) -> None:
        self._found = found
        self.list.show_rows(presenter.difference_rows(found))
        self.line.setText(presenter.compared_line(found))
        self._follow()
        self.list.setFocus()

    def _show_names(self) -> None:
        one, other = self._files
        if one is None:
            self._names.setText(_("No file chosen yet. Ctrl+O chooses one that a unit handed in."))
            return
        held = _("held here")
        before, after = (held, one.name) if other is None else (one.name, other.name)
        said = {"before": before, "after": after}
        self._names.setText(render(_("Before: %(before)s · After: %(after)s"), said))

    def _follow(self) -> None:
        row = self.list.current()
        if row is None or self._found is None:
            self.fields.show_rows(())
            return
        self.fields.show_rows(presenter.field_rows(self._found.changes[int(row.key)]))
