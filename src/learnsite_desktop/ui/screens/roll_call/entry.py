"""Entering a roll call: every gesture is shown, kept durably, and can be taken back."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import roll_calls
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.drafts import discard
from learnsite_desktop.services.roll_calls import Person
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.people import people_of
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.roll_call.grid import Grid
from learnsite_desktop.ui.screens.roll_call.model import RollModel
from learnsite_desktop.ui.screens.roll_call.panel import Panel
from learnsite_desktop.ui.screens.roll_call.presenter import NotUnderstood, Roll
from learnsite_desktop.ui.screens.roll_call.walk_in import WalkIn


class RollEntry(Screen):
    """The list and the panel beside it, and what typing there does to the roll in hand."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._roll: Roll | None = None
        self._pending: list[Roll] = []
        self._registering = 0
        self._finish_wanted = False
        self._unkept = False
        self.reading = False
        """Whether this is another unit's session, opened to be looked at."""
        self._model = RollModel(self)
        self._grid = Grid(self._model)
        self._panel = Panel(WalkIn(people_of(desk), desk.clock.now().date()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._grid, 6)
        row.addWidget(self._panel, 5)
        QWidget.setTabOrder(self._grid, self._panel.absent)
        self._connect()

    def _connect(self) -> None:
        panel, grid, walk_in = self._panel, self._grid, self._panel.walk_in
        panel.absent.returnPressed.connect(self._take_numbers)
        walk_in.chosen.connect(self._add_person)
        walk_in.registered.connect(self._register)
        walk_in.passed.connect(panel.counts["total"].setFocus)
        for field in panel.counts.values():
            field.editingFinished.connect(self._take_counts)
        panel.estimate.toggled.connect(self._take_counts)
        panel.notes.editingFinished.connect(self._take_notes)
        panel.list_wanted.connect(grid.setFocus)
        grid.left.connect(panel.absent.setFocus)
        grid.cycled.connect(lambda told: self._gesture(lambda roll: roll.cycle(*told)))
        grid.marked.connect(lambda told: self._gesture(lambda roll: roll.set_status(*told)))
        grid.timed.connect(lambda told: self._gesture(lambda roll: roll.set_minutes(*told)))
        grid.proxied.connect(lambda told: self._gesture(lambda roll: roll.toggle_proxy(*told)))
        grid.removed.connect(lambda told: self._gesture(lambda roll: roll.remove_walk_in(*told)))

    @property
    def saving(self) -> bool:
        """Whether the roll that is shown is on its way to the disk; nothing may change it now."""
        return any(self._roll is one for one in self._pending)

    def _show(self) -> None:
        if self._roll is not None:
            self._model.show(self._roll)
            self._panel.show_roll(self._roll)
            self._panel.walk_in.here = self._roll.here()

    # Gestures

    def _gesture(self, deed: Callable[[Roll], Any]) -> bool:
        """Do one gesture, show it and keep it durably; False when it was not understood."""
        roll = self._roll
        if roll is None or self.saving:
            return False
        if self.reading:
            self.tell_reading()
            return False
        before = roll.state
        try:
            deed(roll)
        except NotUnderstood as error:
            self.desk.say(str(error), Tone.WARNING)
            return False
        if roll.state is not before:
            self.desk.feedback.clear()
            self._show()
            self._keep(roll)
        return True

    def tell_reading(self) -> None:
        """Say that nothing is written here, and where it is."""
        self.desk.say(
            _("This session is another unit's: here it is only read. Correct it in the ledger."),
            Tone.NOTE,
        )

    def _keep(self, roll: Roll) -> None:
        marks, values, operator = roll.saved_marks(), roll.values(), self.desk.operator
        self.desk.write(
            "",
            lambda workspace, _progress: roll_calls.keep(
                workspace, roll.call, marks, values, operator=operator
            ),
            lambda _done: self._kept(),
            self._not_kept,
        )

    def _kept(self) -> None:
        self._unkept = False
        self.desk.note_draft()

    def _not_kept(self, refusal: Refusal) -> None:
        """The disk refused: everything stays on the screen until it can be saved."""
        self._unkept = True
        self.desk.feedback.refuse(refusal)

    def _take_numbers(self) -> bool:
        text = self._panel.absent.text().strip()
        if not text:
            self._panel.walk_in.line.setFocus()
            return True
        if not self._gesture(lambda roll: roll.numbers(text)):
            self._panel.absent.selectAll()
            self._panel.absent.setFocus()
            return False
        self._panel.absent.setText("")
        return True

    def _add_person(self, person: Person) -> None:
        self._gesture(lambda roll: roll.add_walk_in(person))
        self._grid.scrollTo(self._model.index(self._model.row_of(person.learner), 0))
        self._panel.walk_in.line.setFocus()

    def _register(self, told: tuple[str, str, str]) -> None:
        name, sex, year = told
        roll, operator = self._roll, self.desk.operator
        self._registering += 1

        def registered(result: CaptureResult) -> None:
            self._registering -= 1
            if result.refused:
                self._panel.issues.show_issues(result.issues)
                self.desk.say(_("This person was not registered; see below."), Tone.WARNING)
                return
            record = next(iter(result.ids["learner"].values()))
            if self._roll is not roll:
                text = _("%(name)s is registered, but not marked in that roll call.")
                self.desk.say(render(text, {"name": name}), Tone.WARNING)
                return
            self._add_person(Person(record, name, sex, int(year) if year else None))
            if self._finish_wanted:
                self.finish()

        self.desk.write(
            _("Saving"),
            lambda workspace, _progress: roll_calls.add_learner(
                workspace, name, sex, year, operator=operator
            ),
            registered,
        )

    def _take_counts(self) -> bool:
        """Take the count as soon as every field of it holds a number or nothing."""
        if self._panel.unread() is not None:
            return False
        estimate = self._panel.estimate.isChecked()
        return self._gesture(
            lambda roll: roll.set_headcount(self._panel.counted(roll), estimate=estimate)
        )

    def _take_notes(self) -> None:
        text = self._panel.notes.text().strip()
        self._gesture(lambda roll: roll.set_notes(text))

    def undo(self) -> bool:
        """Take the last gesture back."""
        return self._step(lambda roll: roll.undo())

    def redo(self) -> bool:
        """Do it again."""
        return self._step(lambda roll: roll.redo())

    def _step(self, step: Callable[[Roll], bool]) -> bool:
        roll = self._roll
        if roll is None or self.saving or not step(roll):
            return False
        self._show()
        if roll.changed or roll.call.draft:
            self._keep(roll)
        else:
            # As if nothing had been done: nothing is to be finished later.
            self.desk.write("", lambda ws, _progress: discard(ws, roll.call.session))
        return True
