"""The people of this workspace as one types: one index for all screens, kept fresh by changes."""

from PySide6.QtCore import QObject, Signal

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.people.gathering import build_index, renewal
from learnsite_desktop.services.people.index import Found, NameIndex
from learnsite_desktop.ui.desk import Desk


class People(QObject):
    """Finds learners by name, pinyin, initials, phone tail. Names are held in memory only."""

    ready = Signal()
    """The index is there, or knows something new."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._index: NameIndex | None = None
        desk.changed.connect(self._follow)
        desk.entering.connect(self._build)
        self._build()

    def _build(self) -> None:
        self._desk.look_up(
            _("Reading the names"),
            lambda workspace, progress: build_index(workspace, progress=progress),
            self._take,
        )

    @property
    def index(self) -> NameIndex:
        """The index; waits for it if it is not there yet (at once in a village)."""
        if self._index is None:
            self._index = self._desk.read(build_index)
        return self._index

    @property
    def loaded(self) -> bool:
        """Whether asking costs nothing."""
        return self._index is not None

    def search(self, query: str, *, limit: int = 50, roster: frozenset[str] = frozenset()) -> Found:
        """Return who fits `query`, those on `roster` first."""
        return self.index.search(query, limit=limit, roster=roster)

    def _take(self, index: NameIndex) -> None:
        self._index = index
        self.ready.emit()

    def _follow(self, changes: ChangeSet) -> None:
        """Read again what was written; at once, so that the next key finds the new person."""
        if self._index is None:
            return
        if not changes.records:
            # Something came from outside; which people were in it is not told.
            self._build()
            return
        if not {kind for kind, _record in changes.records} & {"learner", "session", "link"}:
            return
        index = self._index
        index.renew(self._desk.read(lambda workspace: renewal(workspace, changes.records)))
        self.ready.emit()


def people_of(desk: Desk) -> People:
    """Return the desk's people, made when first asked for."""
    found = desk.findChild(People)
    return found if isinstance(found, People) else People(desk)
