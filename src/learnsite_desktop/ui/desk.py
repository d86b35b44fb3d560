"""The desk: what every screen is given to work with.

It reads and writes the one workspace of this window, tells every screen what changed, and takes
changes back. Nothing here decides anything: deciding is the services' business.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, QSettings, Signal

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.refusals import Cancelled, Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.platform.logs import close_diary, open_diary
from learnsite_desktop.services import records
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.enrolment import own_revocation
from learnsite_desktop.services.entering import enter_for
from learnsite_desktop.services.safekeeping import safely
from learnsite_desktop.services.telling import Listener
from learnsite_desktop.services.titles import spoken, title_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.feedback import Action, Feedback, Tone, refusal_text
from learnsite_desktop.ui.tasks import Job, Lane, Task

T = TypeVar("T")
Failed = Callable[[Refusal], None]
PREFERENCES: Final = "window.ini"
ENTERING: Final = "entering_for"
_PAST_UNDOING: Final = frozenset(
    {"change_undone", "change_unknown", "changed_since", "received_not_deletable"}
)
"""Refusals of an undo that trying again would only repeat."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go: a screen's name and what it is about (a record id, a period, ...)."""

    screen: str
    about: str = ""


class Desk(QObject):
    """One open workspace at one window."""

    changed = Signal(object)
    """A ChangeSet: what was just written, by whatever screen."""
    wanted = Signal(object)
    """A Place that some screen asks the window to show."""
    saved = Signal()
    """Something became durable, a draft's field included."""
    entering = Signal()
    """One enters for another unit now, or for the own one again; see `acting`."""
    backed_up = Signal()
    """An automatic backup was made, or none was needed."""

    def __init__(self, folder: Path, clock: Clock, feedback: Feedback, operator: str = "") -> None:
        """Open the workspace in `folder` for writing; refuses what `Workspace` refuses."""
        super().__init__()
        self.folder, self.clock, self.feedback, self.operator = folder, clock, feedback, operator
        self.preferences = QSettings(str(folder / PREFERENCES), QSettings.Format.IniFormat)
        """The look and the habits of this computer's window: beside the records, never sent."""
        self._diary = open_diary(folder)
        try:
            with Listener() as told:
                first = Workspace(folder, clock, write=True)
        except BaseException:
            close_diary(self._diary)
            raise
        writing: list[Workspace | None] = [first]
        try:
            self._eyes = Workspace(folder, clock, write=False)
        except BaseException:
            first.close()
            close_diary(self._diary)
            raise
        self.unit, self.tier = self._eyes.unit, self._eyes.tier
        self._seat(self._eyes)

        def first_or_new() -> Workspace:
            held, writing[0] = writing[0], None
            return self._seat(held or Workspace(folder, clock, write=True))

        self.writer = Lane("writer", first_or_new)
        self.reader = Lane("reader", lambda: self._seat(Workspace(folder, clock, write=False)))
        self._closed = False
        self._done: list[int] = []
        self._undone: list[int] = []
        # Makes the writer lane take the workspace over, so that closing closes it.
        self.writer.submit(Task("", lambda *_: None, lambda _: None, lambda _: None))
        for one in told.heard:
            feedback.say(refusal_text(one), Tone.NOTE)
        revoked = own_revocation(self._eyes)
        if revoked:
            feedback.refuse(Refusal("device_revoked", where=self.unit, at=revoked[:10]))

    # For whom

    @property
    def acting(self) -> str:
        """The unit for which one enters: the own one, unless somebody chose another."""
        return self._eyes.acting

    def enter_for(self, unit: str) -> None:
        """Enter for another unit from now on ("" = the own one), also after the next start."""
        self.preferences.setValue(ENTERING, "" if unit == self.unit else unit)
        self._seat(self._eyes)
        for lane in (self.writer, self.reader):
            lane.submit(Task("", lambda ws, _p: self._seat(ws), lambda _: None, lambda _: None))
        self.changed.emit(ChangeSet())
        self.entering.emit()

    def _seat(self, workspace: Workspace) -> Workspace:
        """Let a workspace enter for the chosen unit; one that one may no longer is forgotten."""
        try:
            enter_for(workspace, str(self.preferences.value(ENTERING, "")))
        except Refusal:
            enter_for(workspace, "")
        return workspace

    # Reading

    def read(self, question: Callable[[Workspace], T]) -> T:
        """Answer a short question (a record, a roster) at once, in the window's thread."""
        return question(self._eyes)

    def look_up(
        self,
        label: str,
        job: Job,
        done: Callable[[Any], None],
        failed: Failed | None = None,
    ) -> Task:
        """Answer a long question in the reader lane; a refusal goes to `failed`, else the bar."""
        return self.reader.submit(Task(label, job, done, self._failing(failed)))

    # Writing

    def write(
        self,
        label: str,
        job: Job,
        done: Callable[[Any], None] | None = None,
        failed: Failed | None = None,
    ) -> Task:
        """Do `job(workspace, progress)` in the writer lane.

        A ChangeSet, or a result that has one, goes to every screen and can be undone. A refusal
        goes to `failed`, else into the bar.
        """

        def counted(workspace: Workspace, progress: Progress) -> Any:
            result = job(workspace, progress)
            changes = changes_of(result)
            if changes is not None and changes.change:
                # Here, in the lane: an undo queued behind this must find it.
                self._done.append(changes.change)
                self._undone.clear()
            return result

        def ended(result: Any) -> None:
            self._note(result)
            if done is not None:
                done(result)

        return self.writer.submit(Task(label, counted, ended, self._failing(failed)))

    def back_up(self, reason: str) -> None:
        """Make an automatic backup if it is time for one, before what is written next.

        `reason` as for `services.backups.automatic`. One that fails is told and stops nothing.
        """
        if self._closed:
            return
        self.writer.submit(
            Task(
                _("Automatic backup"),
                lambda workspace, _progress: safely(workspace, reason),
                self._backed_up,
                self._failing(None),
            )
        )

    def _backed_up(self, refusal: Refusal | None) -> None:
        if refusal is None:
            self.backed_up.emit()
            return
        said = render(
            _("No automatic backup could be made: %(reason)s"), {"reason": refusal_text(refusal)}
        )
        look = Action(_("To the backups"), lambda: self.go("safety"))
        self.feedback.say(said, Tone.WARNING, look)

    def note_draft(self) -> None:
        """Say that a draft became durable."""
        self.saved.emit()

    def _note(self, result: Any) -> None:
        changes = changes_of(result)
        if changes is None or not changes.operations:
            return
        self.saved.emit()
        self.changed.emit(changes)

    def _failing(self, failed: Failed | None) -> Callable[[BaseException], None]:
        def tell(error: BaseException) -> None:
            refusal = refusal_of(error)
            if failed is None or refusal is None or isinstance(refusal, Cancelled):
                self.feedback.fail(error)
            else:
                failed(refusal)

        return tell

    # Undo

    @property
    def can_undo(self) -> bool:
        """Whether this window has made a change that can be taken back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether an undoing can be taken back."""
        return bool(self._undone)

    def undo(self) -> None:
        """Take the last change of this window back, by new operations."""
        self._take_back(self._done, self._undone, _("Undone."), _("There is nothing to undo."))

    def undo_change(self, number: int) -> None:
        """Take one change back, the one that a message offers to."""

        def that_one_first() -> list[int]:
            if number in self._done:
                self._done.remove(number)
            self._done.append(number)
            return self._done

        self._take_back(that_one_first, self._undone, _("Undone."), "")

    def redo(self) -> None:
        """Take the last undoing back."""
        self._take_back(self._undone, self._done, _("Done again."), _("There is nothing to redo."))

    def _take_back(
        self, numbers: list[int] | Callable[[], list[int]], onto: list[int], said: str, nothing: str
    ) -> None:
        """Undo the last of `numbers`, found when its turn comes: after what is queued before it."""
        operator = self.operator

        def job(workspace: Workspace, _progress: Progress) -> tuple[ChangeSet, str] | None:
            left = numbers() if callable(numbers) else numbers
            if not left:
                return None
            number = left.pop()
            try:
                changes = records.undo(workspace, number, operator=operator)
            except Refusal as refusal:
                if refusal.code not in _PAST_UNDOING:
                    left.append(number)
                raise
            if changes.change:
                onto.append(changes.change)
            return changes, _what(workspace, changes)

        def ended(done: tuple[ChangeSet, str] | None) -> None:
            if done is None:
                self.feedback.say(nothing, Tone.NOTE)
                return
            changes, what = done
            self.saved.emit()
            self.changed.emit(changes)
            self.feedback.say(f"{said} {what}".strip())

        self.writer.submit(Task(_("Undo"), job, ended, self._failing(None)))

    # Going about

    def go(self, screen: str, about: str = "") -> None:
        """Ask the window to show a screen."""
        self.wanted.emit(Place(screen, about))

    def say(self, text: str, tone: Tone = Tone.OK, action: Action | None = None) -> None:
        """Show a message in the bar."""
        self.feedback.say(text, tone, action)

    def say_done(self, text: str, result: Any, tone: Tone = Tone.OK) -> None:
        """Show what a write did, and offer to take exactly that back."""
        changes = changes_of(result)
        number = changes.change if changes is not None else 0
        undo = Action(_("Undo"), lambda: self.undo_change(number)) if number else None
        self.feedback.say(text, tone, undo)

    def close(self) -> None:
        """Finish what is queued and close the workspace."""
        self._closed = True
        self.reader.close()
        self.writer.close()
        self._eyes.close()
        close_diary(self._diary)


def changes_of(result: Any) -> ChangeSet | None:
    """Return the ChangeSet that a write service's result is or has."""
    if isinstance(result, ChangeSet):
        return result
    if isinstance(result, CaptureResult):
        return result.change
    found = getattr(result, "change", None)
    return found if isinstance(found, ChangeSet) else None


def _what(workspace: Workspace, changes: ChangeSet) -> str:
    """Return the title of what a change is about, a session before all else; "" for none.

    What is undone may be on another screen; names stand masked.
    """
    first = sorted(changes.records, key=lambda one: one[0] != "session")[:1]
    return title_of(workspace, first[0][1]) if first else ""


def issue_text(issue: Any) -> str:
    """Return an issue as one text: what is wrong, then what to do."""
    shown = spoken(issue).shown(render)
    return f"{shown['message']} {shown['remedy']}"
