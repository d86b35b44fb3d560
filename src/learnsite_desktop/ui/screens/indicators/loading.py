"""Reading a table row by row beside the window; what was asked for before is dropped."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from learnsite_desktop.services.figure_views.table import Ask, Row, row, units_of
from learnsite_desktop.services.figure_views.targets import Targets
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.tasks import Job

_KEPT: Final = 12
"""How many tables are kept, so that going back to one is at once."""


class Loading(QObject):
    """Asks for one table at a time. Rows come in their order.

    `begun` tells how many rows there will be, `came` brings a Row, `ended` says that all are there.
    What is read anew comes as a whole by `renewed`: what is shown stays until then.
    """

    begun = Signal(object)
    came = Signal(object)
    ended = Signal()
    renewed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._asked = 0
        self._kept: OrderedDict[Ask, list[Row]] = OrderedDict()
        self._targets: Targets | None = None

    def load(self, ask: Ask) -> None:
        """Read a table; the one that was being read is dropped."""
        held = self._kept.get(ask)
        if held is None:
            self._read(ask, silent=False)
            return
        self._asked += 1
        self._kept.move_to_end(ask)
        self.begun.emit(len(held))
        for one in held:
            self.came.emit(one)
        self.ended.emit()

    def renew(self, ask: Ask) -> None:
        """Read a table anew, and everything else when it is asked for again."""
        self._kept.clear()
        self._targets = None
        self._read(ask, silent=True)

    def _read(self, ask: Ask, *, silent: bool) -> None:
        self._asked += 1
        mine = self._asked

        def first(workspace: Workspace, _progress: Any) -> tuple[list[str], Targets] | None:
            if mine != self._asked:
                return None
            return units_of(workspace, ask), self._targets or Targets(workspace)

        def units_came(found: tuple[list[str], Targets] | None) -> None:
            if found is not None and mine == self._asked:
                units, self._targets = found
                if not silent:
                    self.begun.emit(len(units))
                self._rows(_Wanted(ask, mine, units, self._targets, silent))

        self._desk.look_up("", first, units_came)

    def _rows(self, wanted: "_Wanted") -> None:
        """Queue one task for each row: the newest question waits for one row at most."""
        found: list[Row] = []

        def came(one: Row | None) -> None:
            if one is None or wanted.number != self._asked:
                return
            found.append(one)
            if not wanted.silent:
                self.came.emit(one)
            if len(found) == len(wanted.units):
                self._keep(wanted.ask, found)
                if wanted.silent:
                    self.renewed.emit(found)
                else:
                    self.ended.emit()

        def question(unit: str) -> Job:
            def one_row(workspace: Workspace, _progress: Any) -> Row | None:
                if wanted.number != self._asked:
                    return None
                return row(workspace, wanted.ask, unit, wanted.targets)

            return one_row

        for unit in wanted.units:
            self._desk.look_up("", question(unit), came)

    def _keep(self, ask: Ask, rows: list[Row]) -> None:
        self._kept[ask] = rows
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A question on its way: its number tells whether a newer one has been asked."""

    ask: Ask
    number: int
    units: list[str]
    targets: Targets
    silent: bool
