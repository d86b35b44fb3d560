"""What waits to go down: one line for each unit below, one key writes all the files."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.handing_in import OUTBOX, carry
from learnsite_desktop.services.relaying import (
    Fresh,
    Relayed,
    Waiting,
    fresh_for_above,
    waiting_below,
    write_below,
)
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from learnsite_desktop.ui.tasks import Task

_NAMED: Final = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A unit below with what waits for it."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str
    word: str


def rows_of(found: Sequence[Waiting]) -> list[Row]:
    """Return a row for each unit, those for which something waits first."""
    return [
        Row(
            one.unit,
            "waiting" if one.anything else "nothing",
            (one.name, _("; ").join(_what(one)) or _("nothing waits")),
            *_chip(one),
        )
        for one in sorted(found, key=lambda one: (not one.anything, one.unit))
    ]


def _chip(one: Waiting) -> tuple[str, str]:
    if one.anything:
        return "warning", _("Waits")
    if one.operations or one.receipts or one.documents:
        return "exported", render(_("Written on %(day)s"), {"day": one.written[:10]})
    return "ok", _("Up to date")


def _what(one: Waiting) -> Iterator[str]:
    counted = (
        (one.returns, N_("%(count)s returns")),
        (one.receipts, N_("%(count)s receipts from above")),
        (one.documents, N_("%(count)s new documents")),
        (one.operations - one.returns, N_("%(count)s changes of records")),
    )
    if one.receipt:
        yield _("our receipt")
    for count, text in counted:
        if count > 0:
            yield render(text, {"count": count})


def fresh_line(fresh: Fresh) -> str:
    """Return what is new since the last file for the unit above, "" when there is no such unit."""
    if not fresh.units:
        return _("Nothing is new since the last file.") if fresh.since else ""
    names = [
        render(N_("%(name)s %(count)s"), {"name": name, "count": count})
        for name, count in fresh.units[:_NAMED]
    ]
    if len(fresh.units) > _NAMED:
        names.append("…")
    said = {
        "count": fresh.operations,
        "units": len(fresh.units),
        "names": _("、").join(names),
    }
    return render(
        N_("New since the last file: %(count)s entries of %(units)s units (%(names)s)."), said
    )


class Below(QWidget):
    """The list and its one deed; hidden where no unit lies below."""

    def __init__(self, desk: Desk, place: Callable[[], Path | None]) -> None:
        """`place` tells where files are to go, None for the folder of outgoing files."""
        super().__init__()
        self._desk, self._place = desk, place
        self._running: Task | None = None
        self.fresh = QLabel()
        self.fresh.setProperty("role", "muted")
        self.fresh.setWordWrap(True)
        self._title = QLabel(_("To send down (Enter writes one file, F7 all of them)"))
        self._title.setProperty("role", "heading")
        self.list: RowList[Row] = RowList(
            _("What waits for the units below"),
            (_("Unit"), _("Waiting for it"), _("State")),
            wide=(1,),
        )
        self.list.chosen.connect(lambda row: self.write((row.key,)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._title)
        column.addWidget(self.list, 1)
        self.hide()
        self.fresh.hide()

    def load(self) -> None:
        """Ask what waits, which takes a moment."""
        if self._desk.tier == "village":
            return
        self._desk.look_up(
            "", lambda ws, _progress: (waiting_below(ws), fresh_for_above(ws)), self._take
        )

    def _take(self, found: tuple[list[Waiting], Fresh]) -> None:
        waiting, fresh = found
        self.list.show_rows(rows_of(waiting))
        self.setVisible(bool(waiting))
        line = fresh_line(fresh)
        self.fresh.setText(line)
        self.fresh.setVisible(bool(line))

    def write(self, units: Sequence[str] = ()) -> None:
        """Write the files: for the units named, else for all for which something waits."""
        if self._running is not None and not self._running.told:
            return
        place = self._place()
        self._running = self._desk.write(
            _("Writing the files for the units below"),
            lambda ws, progress: write_below(
                ws, ws.folder / OUTBOX, units, to=place, progress=progress
            ),
            self._written,
        )

    def _written(self, made: list[Relayed]) -> None:
        self._desk.changed.emit(ChangeSet())
        trouble = next((one.trouble for one in made if one.trouble is not None), None)
        if trouble is not None:
            files = [one.packed.written.path for one in made if one.trouble is not None]
            again = Action(_("Copy again"), lambda: self._copy(files))
            self._desk.feedback.refuse(trouble, again)
            return
        self._tell(len(made), made[0].path.parent)

    def _tell(self, count: int, folder: Path) -> None:
        said = {"count": count, "folder": str(folder)}
        text = _("%(count)s files for units below lie in %(folder)s; hand each to its unit.")
        look = Action(_("Open the folder"), lambda: _open(folder))
        self._desk.say(render(text, said), Tone.OK, look)

    def _copy(self, files: Sequence[Path]) -> None:
        folder = self._place()
        if folder is None:
            self._tell(len(files), files[0].parent)
            return
        self._desk.look_up(
            _("Copying"),
            lambda _ws, _progress: [carry(file, folder) for file in files],
            lambda copies: self._tell(len(copies), folder),
        )


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
