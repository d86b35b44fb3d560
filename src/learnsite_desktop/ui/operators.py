"""Who works: the list of operators, chosen with a key, no password. It stands on every entry."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.operators import add_operator, list_operators
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.status import StatusLine


class Operators(QObject):
    """Keeps the desk's operator and lets it be changed."""

    def __init__(self, desk: Desk, status: StatusLine) -> None:
        super().__init__(status)
        self._desk = desk
        self._status = status
        known = self._known()
        if not desk.operator and len(known) == 1:
            desk.operator = next(iter(known))
        desk.changed.connect(self._follow)
        self._tell(aloud=False)

    def choose(self) -> None:
        """F2: choose who works from the list, or type a new name."""
        known = self._known()
        names = list(known.values())
        present = names.index(known[self._desk.operator]) if self._desk.operator in known else 0
        name, chosen = QInputDialog.getItem(
            self._status,
            _("Who works here"),
            _("Choose your name, or type a new one:"),
            names,
            present,
            True,
        )
        name = name.strip()
        if not chosen or not name:
            return
        for record, known_name in known.items():
            if known_name == name:
                self._desk.operator = record
                self._tell()
                return
        self._desk.write(_("Saving"), lambda ws, _p: add_operator(ws, name), self._added)

    def _added(self, result: CaptureResult) -> None:
        self._desk.operator = next(iter(result.ids["operator"].values()))
        self._tell()

    def _known(self) -> dict[str, str]:
        return {one.id: one.name for one in self._desk.read(list_operators)}

    def _follow(self, changes: object) -> None:
        """Show another name as soon as it is put right; who has left works here no longer."""
        touched = changes.records if isinstance(changes, ChangeSet) else []
        # A county knows hundreds of operators: they are not read after every decision.
        if touched and all(kind != "operator" for kind, _record in touched):
            return
        known = self._known()
        self._desk.operator = self._desk.operator if self._desk.operator in known else ""
        self._status.show_operator(known.get(self._desk.operator, ""))

    def _tell(self, *, aloud: bool = True) -> None:
        name = self._known().get(self._desk.operator, "")
        self._status.show_operator(name)
        if name and aloud:
            self._desk.say(render(_("%(name)s works here now."), {"name": name}))
