"""What is done with files: shown before, taken in, answered; in the writer lane, one at a time."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.arriving import Foreseen
from learnsite_desktop.services.at_hand import AtHand, Takings, foresee, take_in
from learnsite_desktop.services.devices import certify
from learnsite_desktop.services.replying import Replies, reply, units_to_answer
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.screens.inbox.pile import Pile
from learnsite_desktop.ui.screens.inbox.presenter import replies_text, taken_text

if TYPE_CHECKING:
    from learnsite_desktop.ui.tasks import Task

Shown = Callable[[list[tuple[AtHand, Foreseen]]], None]


class Working(QObject):
    """Takes files of the pile in. `heard` brings each as it is done, `ended` says that all are.

    `answered` brings what was written for whom.
    """

    heard = Signal(object)
    ended = Signal()
    answered = Signal(object)

    def __init__(self, desk: Desk, pile: Pile, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._pile = desk, pile
        self._task: Task | None = None
        self.heard.connect(pile.note)

    @property
    def busy(self) -> bool:
        """Whether files are being taken in, or receipts written."""
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
        write = Action(_("Write receipts"), self.answer) if came else None
        self.ended.emit()
        self._desk.say(text, tone, write)
        if takings.done:
            # What came in is no change of this window's: every screen looks anew. Last, for from
            # now on the reader lane is busy.
            self._desk.changed.emit(ChangeSet())

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

    def answer(self) -> None:
        """Write a receipt file for every unit whose files came since its last one."""
        if self.busy:
            return
        folders = self._pile.senders()

        def write(workspace: Workspace, progress: Progress) -> Replies:
            return reply(workspace, units_to_answer(workspace), folders, progress=progress)

        self._task = self._desk.write(_("Writing receipts"), write, self._answered)

    def _answered(self, replies: Replies) -> None:
        if not replies.done:
            said = _("Nobody waits for a receipt: no file has come since the last ones.")
            self._desk.say(said, Tone.NOTE)
            return
        trouble = replies.stopped or any(one.trouble for one in replies.done)
        self.answered.emit(replies)
        self._desk.say(replies_text(replies), Tone.WARNING if trouble else Tone.OK)
