"""Giving registers out to villages whose computers cannot run the program, and taking them back."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.entering import units_to_enter_for
from learnsite_desktop.services.register_book import Issued, issue
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.screens.tools import presenter
from learnsite_desktop.ui.screens.tools.page import Page
from learnsite_desktop.ui.screens.tools.presenter import Row
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from learnsite_desktop.services.entering import EnterFor


class RegistersPage(Page):
    """Enter takes a unit in and out again, Ctrl+S writes the registers; Ctrl+O takes one back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Registers to fill in"))
        self._found: Sequence[EnterFor] = ()
        self._chosen: set[str] = set()
        self.period = TextField(_("Period"), placeholder=_("year, e.g. 2026"))
        self.query = TextField(_("Search units"), placeholder=_("name or code of the unit"))
        self.query.textEdited.connect(lambda _text: self._draw())
        self.query.returnPressed.connect(self._first)
        self.list: RowList[Row] = RowList(
            _("Units below"), (_("Unit"), _("Under"), _("Sessions"), _("State")), wide=(0, 1)
        )
        self.list.chosen.connect(self._toggle)
        self.list.typed.connect(self._type)
        top = QHBoxLayout()
        for text, widget, share in ((_("Period"), self.period, 1), (_("Unit"), self.query, 3)):
            label = QLabel(text)
            label.setBuddy(widget)
            top.addWidget(label)
            top.addWidget(widget, share)
        self.column.addLayout(top)
        self.column.addWidget(self.list, 1)
        self.end_with(
            {
                "Ctrl+S": (_("Write the registers"), "exported"),
                "Ctrl+O": (_("Take a filled register"), "import"),
            }
        )
        self.deeds["Ctrl+S"].clicked.connect(self.finish)
        self.deeds["Ctrl+O"].clicked.connect(lambda: self.desk.go("roster_import"))

    def open(self) -> None:
        """Read the units; the focus goes into the list."""
        self._found = self.desk.read(units_to_enter_for)
        self._chosen &= {one.code for one in self._found}
        if not self.period.text():
            self.period.setText(str(self.desk.clock.now().year))
        self._draw()
        self.list.setFocus()

    def search(self) -> None:
        """To the search."""
        self.query.setFocus()

    def refresh(self, changes: ChangeSet) -> None:
        """Sessions may have come."""
        del changes
        self._found = self.desk.read(units_to_enter_for)
        self._draw()

    def finish(self) -> None:
        """Ctrl+S: write the register of every unit chosen, or of the one that one stands on."""
        row = self.list.current()
        codes = sorted(self._chosen) or ([row.key] if row is not None else [])
        if not codes:
            self.desk.say(_("Choose a unit first: Enter on its row."), Tone.NOTE)
            return
        found = QFileDialog.getExistingDirectory(self, _("Choose where the files go"))
        if found:
            self._write(codes, Path(found))

    def _write(self, codes: Sequence[str], folder: Path) -> None:
        period = self.period.text().strip()

        def write(workspace: Workspace, progress: Progress) -> list[Issued]:
            written = []
            for number, code in enumerate(codes):
                progress(number, len(codes), "")
                written.append(issue(workspace, code, folder, period=period))
            return written

        self.desk.look_up(
            _("Writing the registers"), write, lambda written: self._written(written, folder)
        )

    def _written(self, written: Sequence[Issued], folder: Path) -> None:
        self._chosen.clear()
        self._draw()
        said = {"count": len(written), "folder": str(folder)}
        self.desk.say(
            render(_("%(count)s registers are in %(folder)s. Hand them to the villages."), said),
            Tone.OK,
            Action(_("Open the folder"), partial(_open_folder, folder)),
        )

    def _draw(self) -> None:
        rows = presenter.register_rows(self._found, self._chosen, self.query.text())
        self.list.show_rows(rows)
        text = _(
            "The village fills it in with WPS or Excel and sends the file back; you take it here, "
            "or under Import. %(count)s chosen."
        )
        self.line.setText(render(text, {"count": len(self._chosen)}))

    def _type(self, text: str) -> None:
        self.query.setFocus()
        self.query.setText(text)
        self._draw()

    def _first(self) -> None:
        row = self.list.current()
        if row is not None:
            self._toggle(row)

    def _toggle(self, row: Row) -> None:
        self._chosen ^= {row.key}
        self._draw()


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
