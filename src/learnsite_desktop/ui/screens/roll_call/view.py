"""The roll call screen: the numbered list on the left, what is typed on the right."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import roll_calls
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.records import require_record
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.screens.roll_call.entry import RollEntry
from learnsite_desktop.ui.screens.roll_call.model import MARK
from learnsite_desktop.ui.screens.roll_call.presenter import Roll
from learnsite_desktop.ui.sheet_printing import print_sheets

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


LOOK: Final = "look"
"""Before a colon and a learner's record id: that row is marked, and another unit's is only read."""


class View(RollEntry):
    """One session's roll call; `about` is the session's record id, maybe followed by a field."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._confirmed = False
        self._later = ""
        for button, keys, deed in (
            (self._panel.done, "", self.finish),
            (self._panel.again, "F6", self._second),
            (self._panel.photos, "F4", self._photos),
        ):
            button.clicked.connect(deed)
            if keys:
                self.key(keys, deed)

    def heading(self) -> str:
        """The class and its day."""
        if self._roll is None:
            return ""
        entry = self._roll.call.entry
        title = (
            f"{self._roll.call.title} · {entry.get('date')} {entry.get('start')}–{entry.get('end')}"
        )
        return f"{title} · {_('to be read')}" if self.reading else title

    def open(self, about: str) -> None:
        """Load a session and put the focus where its kind of list begins.

        One that is still being saved is loaded when that is done.
        """
        record, _space, field = about.replace("#", " ").partition(" ")
        looked, _colon, learner = field.partition(":")
        self._later = ""
        if any(roll.call.session == record for roll in self._pending):
            self._roll, self._later = None, about
            return
        try:
            call = self.desk.read(lambda workspace: roll_calls.open_roll_call(workspace, record))
        except Refusal as refusal:
            self._gone(refusal)
            return
        self._roll = Roll(call)
        self.reading = looked == LOOK and self.desk.read(
            lambda ws: require_record(ws, f"session:{record}").unit != ws.acting
        )
        self._panel.setEnabled(not self.reading)
        self._confirmed = self._unkept = self._finish_wanted = False
        panel = self._panel
        panel.issues.show_issues(())
        panel.walk_in.begin(frozenset(line.person.learner for line in call.lines))
        panel.absent.setText("")
        panel.why.setText("")
        self._show()
        self._grid.setCurrentIndex(self._model.index(0, MARK))
        places: dict[str, QWidget] = {
            "headcount": panel.counts["total"],
            "notes": panel.notes,
            "rows": self._grid,
        }
        usual: QWidget = panel.absent if call.lines else panel.counts["total"]
        if looked == LOOK:
            self._grid.setCurrentIndex(self._model.index(max(self._model.row_of(learner), 0), MARK))
            self._grid.scrollTo(self._grid.currentIndex())
            usual = self._grid
        places.get(field, usual).setFocus()

    def _gone(self, refusal: Refusal) -> None:
        """The session is no longer there: back to Today, once the window has finished showing."""
        self._roll = None

        def back() -> None:
            self.desk.go("today")
            self.desk.feedback.refuse(refusal)

        QTimer.singleShot(0, self, back)

    def refresh(self, changes: ChangeSet) -> None:
        """Load anew what somebody else (or an undo) changed, unless something is in hand here."""
        roll = self._roll
        if roll is None or self.saving or roll.changed:
            return
        if ("session", roll.call.session) in changes.records:
            self.open(f"{roll.call.session} {LOOK}:" if self.reading else roll.call.session)

    # Finishing

    def finish(self) -> None:
        """Ctrl+S: take what is still typed, save everything as one entry, go back to Today."""
        if self.reading:
            self.tell_reading()
            return
        self._save(lambda: self.desk.go("today"))

    def leave(self) -> bool:
        """Leaving saves what was done here; nothing was done, nothing is saved."""
        roll = self._roll
        self._grid.commit_minutes()
        pending = bool(self._panel.absent.text().strip()) or self._panel.walk_in.pending
        if self.saving or roll is None or not (roll.changed or pending or self._registering):
            return True
        if self._unkept:
            self._unkept = False
            self.desk.say(
                _(
                    "This roll call could not be kept on the disk. Free some space and press "
                    "Ctrl+S; leaving once more drops what could not be kept."
                ),
                Tone.WARNING,
            )
            return False
        return self._save(lambda: None)

    def _save(self, then: Callable[[], None]) -> bool:
        """Begin to save; False when something must be answered first."""
        roll = self._roll
        if roll is None or self.saving or not self._take_typed():
            return False
        why = self._panel.why.text().strip()
        if roll.call.received and roll.changed and not why:
            self._panel.why.setFocus()
            self.desk.say(_("Write why this is changed, then press Ctrl+S."), Tone.WARNING)
            return False
        if not self._confirm(roll.doubt(self.desk.clock.now().date(), explained=bool(why))):
            return False
        self._pending.append(roll)
        marks, values, operator = roll.saved_marks(), roll.values(), self.desk.operator
        reasons = {**dict(roll.call.entry.get("reasons") or {}), **self._panel.issues.reasons()}
        if reasons:
            values["reasons"] = reasons

        def failed(refusal: Refusal) -> None:
            self._pending.remove(roll)
            self._not_kept(refusal)

        self.desk.write(
            _("Saving"),
            lambda workspace, _progress: roll_calls.finish(
                workspace, roll.call, marks, values, operator=operator, why=why
            ),
            lambda result: self._saved(roll, result, then),
            failed,
        )
        return True

    def _take_typed(self) -> bool:
        """Take what stands in the fields; False, with a word, for what cannot be taken."""
        panel = self._panel
        self._grid.commit_minutes()
        if panel.absent.text().strip() and not self._take_numbers():
            return False
        if self._registering:
            self._finish_wanted = True
            return False
        said, place = "", panel.unread()
        if panel.walk_in.pending:
            said = _("A walk-in is typed but not taken: press Enter there, or Esc to drop it.")
            panel.walk_in.line.setFocus()
        elif place is not None:
            said = render(_("“%(text)s” is not a number of people."), {"text": place.text()})
            place.selectAll()
            place.setFocus()
        if said:
            self.desk.say(said, Tone.WARNING)
            return False
        for field in panel.counts.values():
            field.commit()
        self._take_notes()
        return self._take_counts()

    def _confirm(self, doubt: str) -> bool:
        """Ask once; the same key again is the answer."""
        if not doubt or self._confirmed:
            return True
        self._confirmed = True
        self.desk.say(doubt, Tone.WARNING)
        return False

    def _saved(self, roll: Roll, result: CaptureResult, then: Callable[[], None]) -> None:
        self._pending.remove(roll)
        shown = self._roll is roll
        if result.refused:
            said = _("Not saved yet: see what to put right.")
            if shown and self.isVisible():
                self._panel.issues.show_issues(result.issues)
                self._panel.issues.focus_reason()
            else:
                said = _("The roll call is kept, but something must be put right; see Today.")
            self.desk.say(said, Tone.WARNING)
            return
        summary = render(_("Saved: %(summary)s."), {"summary": roll.summary()})
        if shown:
            self._roll = None
            then()
        if self._later:
            self.desk.go("roll_call", self._later)
        self.desk.say(summary)

    def _second(self) -> None:
        roll = self._roll
        if roll is None:
            return
        if self.reading:
            self.tell_reading()
            return
        session, operator = roll.call.session, self.desk.operator

        def planned(result: CaptureResult) -> None:
            if result.refused:
                self._panel.issues.show_issues(result.issues)
                return
            self.desk.go("roll_call", next(iter(result.ids["session"].values())))

        self.desk.write(
            _("Saving"),
            lambda workspace, _progress: roll_calls.second_session(
                workspace, session, operator=operator
            ),
            planned,
        )

    def print_page(self) -> None:
        """Ctrl+P: the sign-in sheet of this session."""
        if self._roll is not None:
            print_sheets(self.desk, self, [self._roll.call.session])

    def _photos(self) -> None:
        """Go to the photos of this session."""
        if self._roll is not None:
            self.desk.go("evidence", self._roll.call.session)

    def next_problem(self) -> bool:
        """F8: the next reason that is still wanted."""
        return self._panel.issues.focus_reason()
