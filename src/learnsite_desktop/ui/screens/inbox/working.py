"""What is done with files: shown before, taken in; in the writer lane, one at a time."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.arriving import Foreseen
from learnsite_desktop.services.at_hand import AtHand, Takings, foresee, take_in
from learnsite_desktop.services.devices import certify
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.screens.inbox.pile import Pile
from learnsite_desktop.ui.screens.inbox.presenter import taken_text

if TYPE_CHECKING:
    from learnsite_desktop.ui.tasks import Task

Shown = Callable[[list[tuple[AtHand, Foreseen]]], None]


class Working(QObject):
    """Takes files of the pile in. `heard` brings each as it is done, `ended` says that all are."""

    heard = Signal(object)
    ended = Signal()

    def __init__(self, desk: Desk, pile: Pile, answer: Callable[[], None], parent: QObject) -> None:
        """`answer` goes on to the receipts for those whose files came."""
        super().__init__(parent)
        self._answer = answer
        self._desk, self._pile = desk, pile
        self._task: Task | None = None
        self.heard.connect(pile.note)

    @property
    def busy(self) -> bool:
        """Whether files are being taken in."""
        return self._task is not None and not self._task.told

    def foresee(self, files: Sequence[AtHand], show: Shown) -> None:
        """Show what files would do; nothing is kept."""
        if not self._may(files):
            return

        self._desk.write(
            _("Looking at what the files would change"),
            lambda ws, progress: foresee(ws, files, progress=progress),
            show,
        )

    def take(self, files: Sequence[AtHand]) -> None:
        """Take files in; each counts as soon as it is done."""
        if not self._may(files):
            return
        self._desk.back_up("receive")
        self._task = self._desk.write(
            _("Receiving"),
            lambda ws, progress: take_in(ws, files, progress=progress, each=self.heard.emit),
            lambda takings: self._taken(takings, len(files)),
        )

    def _may(self, files: Sequence[AtHand]) -> bool:
        if self.busy:
            self._desk.say(_("Files are being taken in: wait, or cancel that below."), Tone.NOTE)
        elif not files:
            self._desk.say(_("There is no new file. Drop files here, or choose some."), Tone.NOTE)
        return bool(files) and not self.busy

    def _taken(self, takings: Takings, asked: int) -> None:
        text = taken_text(takings, asked - len(takings.done))
        fine = all(one.state in {"received", "held"} for one in takings.done)
        came = any(one.state in {"received", "held"} for one in takings.done)
        tone = Tone.OK if fine and not takings.stopped else Tone.WARNING
        self.ended.emit()
        self._desk.say(text, tone, self._next(takings) if came else None)
        if takings.done:
            # What came in is no change of this window's: every screen looks anew. Last, for from
            # now on the reader lane is busy.
            self._desk.changed.emit(ChangeSet())

    def _next(self, takings: Takings) -> Action:
        """Return what to go on with: what wants deciding, else the receipts.

        Decisions travel in the same files as the receipts: one way to the village instead of two.
        """
        counts = [one.received.counts for one in takings.done if one.received is not None]
        if any(one.get("conflict") or one.get("duplicate") for one in counts):
            return Action(_("To the review"), lambda: self._desk.go("review"))
        return Action(_("Files for below"), self._answer)

    def confirm(self, file: AtHand) -> None:
        """Enrol the computer that made a file, then take the file in."""
        if file.lying.summary is None or self.busy:
            return
        name = b64(file.lying.summary.sender.inc)
        self._desk.write(
            _("Confirming the computer"),
            lambda ws, _progress: certify(ws, name),
            lambda _row: self.take([file]),
        )
