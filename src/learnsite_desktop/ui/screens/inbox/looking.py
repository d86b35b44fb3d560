"""Looking at what has come: named files, sticks, the folder that is watched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform import drives
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.at_hand import AtHand, Known, look
from learnsite_desktop.services.register_files import is_book_file
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.screens.inbox.pile import STICKS, WATCHED, Pile

POLL_MS: Final = 3000
_WATCHED: Final = "inbox/watched"


@dataclass(frozen=True, slots=True)
class _Around:
    """What was found: `on_sticks` None if the same sticks are plugged in as before."""

    sticks: tuple[Path, ...]
    on_sticks: list[AtHand] | None
    watched: list[AtHand]
    gone: Refusal | None = None


class Looking(QObject):
    """Keeps the pile up to date, in the reader lane; `changed` says that it is another one."""

    changed = Signal()

    def __init__(self, desk: Desk, pile: Pile, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._pile = desk, pile
        self._sticks: tuple[Path, ...] = ()
        self._asking = False
        self._gone = ""
        self.paused = False
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.look_around)

    @property
    def watched(self) -> Path | None:
        """The folder that is watched at this computer."""
        kept = str(self._desk.preferences.value(_WATCHED, ""))
        return Path(kept) if kept else None

    @property
    def sticks(self) -> tuple[Path, ...]:
        """The sticks that were plugged in when they were last looked at."""
        return self._sticks

    def watch(self, folder: Path | None) -> None:
        """Watch a folder from now on, None no longer any; it is remembered."""
        self._desk.preferences.setValue(_WATCHED, str(folder) if folder else "")
        self._pile.put(WATCHED, [])
        self._gone = ""
        self.changed.emit()
        self.look_around()

    def start(self) -> None:
        """Look around now, and every few seconds from now on."""
        self._timer.start()
        self.look_around()

    def stop(self) -> None:
        """Look around no longer."""
        self._timer.stop()

    def add(
        self, paths: Sequence[Path], then: Callable[[list[AtHand]], None] = lambda _found: None
    ) -> None:
        """Look at files, and into folders, that somebody named; `then` is given what they are."""
        books = [path for path in paths if is_book_file(path)][:1]
        if books:
            self._desk.go("roster_import", str(books[0]))
        named = [path for path in paths if path not in books]
        if not named:
            return
        known = self._pile.known()

        def show(found: list[AtHand]) -> None:
            self._pile.add(found)
            self.changed.emit()
            if not found:
                self._desk.say(_("There is no file to receive in this folder."), Tone.NOTE)
            then(found)

        self._desk.look_up(
            _("Looking at the files"),
            lambda ws, progress: look(ws, named, known=known, progress=progress),
            show,
        )

    def add_found(self, found: Sequence[AtHand]) -> None:
        """Add files that somebody else looked at: photos gave them."""
        self._pile.add(found)
        self.changed.emit()

    def look_again(self) -> None:
        """Look at everything anew: something was taken in or taken back."""
        paths = self._pile.named_paths()
        self._sticks = ()
        known = self._pile.known()
        if paths:
            self._desk.look_up("", lambda ws, _progress: look(ws, paths, known=known), self._again)
        self.look_around()

    def _again(self, found: list[AtHand]) -> None:
        if self._pile.put_named(found):
            self.changed.emit()

    def look_at_sticks(self) -> None:
        """Look at the sticks, also those that were looked at before."""
        self._sticks = ()
        if not drives.removable_folders():
            self._desk.say(_("No USB stick is plugged in."), Tone.NOTE)
        self.look_around()

    def look_around(self) -> None:
        """Look at the watched folder, and at sticks that were not plugged in before."""
        if self._asking or self.paused:
            return
        self._asking = True
        watched, known, former = self.watched, self._pile.known(), self._sticks
        self._desk.look_up(
            "", lambda ws, _progress: _around(ws, watched, former, known), self._show
        )

    def _show(self, found: _Around) -> None:
        self._asking = False
        news = self._sticks != found.sticks
        self._sticks = found.sticks
        if found.on_sticks is not None:
            news |= self._pile.put(STICKS, found.on_sticks)
        news |= self._pile.put(WATCHED, found.watched)
        if found.gone is not None and self._gone != found.gone.where:
            self._gone = found.gone.where
            self._desk.feedback.refuse(found.gone)
        if news:
            self.changed.emit()


def _around(
    workspace: Workspace, folder: Path | None, former: tuple[Path, ...], known: Known
) -> _Around:
    sticks = tuple(drives.removable_folders())
    gone: Refusal | None = None
    on_sticks: list[AtHand] | None = None
    if sticks != former:
        on_sticks = []
        for stick in sticks:
            try:
                on_sticks += look(workspace, [stick], known=known)
            except Refusal:
                continue  # pulled out meanwhile
    watched: list[AtHand] = []
    if folder is not None and not folder.is_dir():
        gone = Refusal("place_gone", where=str(folder))
    elif folder is not None:
        try:
            watched = look(workspace, [folder], known=known)
        except Refusal as refusal:
            gone = refusal
    return _Around(sticks, on_sticks, watched, gone)
