"""F7: the files for the units below about which something was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform import drives
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.handing_in import OUTBOX
from learnsite_desktop.services.relaying import Relayed, write_below
from learnsite_desktop.services.return_files import Owed, owed
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone, refusal_text
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.widgets.row_list import RowList

_FOLDER: Final = "return_folder"


@dataclass(frozen=True, slots=True)
class Row:
    """One unit: what is owed to it, or the file that was written for it."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str
    word: str


def owed_rows(units: Sequence[Owed]) -> list[Row]:
    """Return the rows before the files are written."""
    rows = []
    for one in units:
        said = {"returns": one.returns, "count": one.written}
        told = N_("%(returns)s returns, %(count)s entries in all")
        text = render(told if one.returns else N_("%(count)s decisions"), said)
        status, word = ("returned", _("returns")) if one.returns else ("draft", _("decided"))
        if not one.reached:
            status, word = "warning", _("not opened yet")
        kind = "owed" if one.reached else "unreached"
        rows.append(Row(one.unit, kind, (one.name, text), status, word))
    return rows


def sent_rows(files: Sequence[Relayed]) -> list[Row]:
    """Return the rows after the files were written."""
    rows = []
    for one in files:
        unit, name = one.waiting.unit, one.waiting.name
        if one.trouble is not None:
            cells = (name, refusal_text(one.trouble))
            rows.append(Row(unit, "sent", cells, "error", _("not written")))
        else:
            rows.append(Row(unit, "sent", (name, one.path.name), "exported", _("written")))
    return rows


class FilesCard(Card):
    """The units and where their files go; Enter writes, Ctrl+O chooses another folder."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._place: Path | None = None
        self.list: RowList[Row] = RowList(
            _("Files for the units below"), (_("Unit"), _("What goes there"), _("State")), wide=(1,)
        )
        self.list.chosen.connect(lambda _row: self.write())
        self._where = QLabel()
        self._where.setWordWrap(True)
        self.body.addWidget(self._where)
        self.body.addWidget(self.list)
        self._go = self.add_button(QPushButton(_("Write the files (Enter)")))
        self._go.clicked.connect(self.write)
        self.add_button(QPushButton(_("Another folder (Ctrl+O)"))).clicked.connect(self.choose)
        self.add_button(QPushButton(_("Close (Esc)"))).clicked.connect(self.shut)

    def begin(self) -> None:
        """Show to whom something is owed; say so when it is nobody."""
        self._desk.look_up(_("Reading"), lambda ws, _progress: owed(ws), self._show)

    def _show(self, units: list[Owed]) -> None:
        if not units:
            self._desk.say(_("Everything decided so far has been written to a file."), Tone.NOTE)
            return
        self._place = self._usual()
        self.title.setText(_("Files for the units below"))
        self._tell_place()
        self._go.setVisible(True)
        self.list.show_rows(owed_rows(units))
        self.list.setMinimumHeight(self.fontMetrics().height() * 5)
        self.show()
        self.list.setFocus()

    def _usual(self) -> Path | None:
        sticks = drives.removable_folders()
        if sticks:
            return sticks[0]
        former = str(self._desk.preferences.value(_FOLDER, ""))
        return Path(former) if former and Path(former).is_dir() else None

    def _tell_place(self) -> None:
        if self._place is None:
            self._where.setText(_("No stick is plugged in: you will be asked for a folder."))
        else:
            said = {"folder": str(self._place)}
            self._where.setText(render(N_("They go to %(folder)s."), said))

    def choose(self) -> None:
        """Choose another folder."""
        found = QFileDialog.getExistingDirectory(self, _("Where to put the file"))
        if found:
            self._place = Path(found)
            self._desk.preferences.setValue(_FOLDER, found)
            self._tell_place()

    def write(self) -> None:
        """Write one file for each unit, once there is a place."""
        rows = [row.key for row in self.list.rows() if row.kind == "owed"]
        if not rows:
            return
        if self._place is None:
            self.choose()
        place = self._place
        if place is None:
            return
        self._desk.write(
            _("Writing the files"),
            lambda ws, progress: write_below(
                ws, ws.folder / OUTBOX, rows, to=place, progress=progress
            ),
            lambda sent: self._written(place, sent),
        )

    def _written(self, place: Path, sent: list[Relayed]) -> None:
        self.list.show_rows(sent_rows(sent))
        self._go.setVisible(False)
        good = [one for one in sent if one.trouble is None]
        said = {"count": len(good), "folder": str(place), "bad": len(sent) - len(good)}
        text = _("%(count)s files lie in %(folder)s; take each to its unit.")
        tone = Tone.OK
        if len(good) < len(sent):
            text = _("%(count)s files lie in %(folder)s; %(bad)s could not be written, see below.")
            tone = Tone.WARNING
        look = Action(_("Open the folder"), lambda: _open_folder(place))
        self._desk.say(render(text, said), tone, look)


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
