"""The roll call screen: the numbered list on the left, what is typed on the right."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import roll_calls
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.roll_calls import Person
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.people import people_of
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.roll_call.grid import Grid
from learnsite_desktop.ui.screens.roll_call.model import MARK, RollModel
from learnsite_desktop.ui.screens.roll_call.panel import Panel
from learnsite_desktop.ui.screens.roll_call.presenter import NotUnderstood, Roll
from learnsite_desktop.ui.screens.roll_call.walk_in import WalkIn
from learnsite_desktop.ui.sheet_printing import print_sheets


class View(Screen):
    """One session's roll call; `about` is the session's record id, maybe followed by a field."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._roll: Roll | None = None
        self._confirmed = False
        self._saving = False
        self._unkept = False
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
        panel.done.clicked.connect(self.finish)
        panel.again.clicked.connect(self._second)
        self.key("F6", self._second)
        panel.photos.clicked.connect(self._photos)
        self.key("F4", self._photos)
        panel.list_wanted.connect(grid.setFocus)
        grid.left.connect(panel.absent.setFocus)
        grid.cycled.connect(lambda told: self._gesture(lambda roll: roll.cycle(*told)))
        grid.marked.connect(lambda told: self._gesture(lambda roll: roll.set_status(*told)))
        grid.timed.connect(lambda told: self._gesture(lambda roll: roll.set_minutes(*told)))
        grid.proxied.connect(lambda told: self._gesture(lambda roll: roll.toggle_proxy(*told)))
        grid.removed.connect(lambda told: self._gesture(lambda roll: roll.remove_walk_in(*told)))

    # Showing

    def heading(self) -> str:
        """The class and its day."""
        if self._roll is None:
            return ""
        entry = self._roll.call.entry
        return (
            f"{self._roll.call.title} · {entry.get('date')} {entry.get('start')}–{entry.get('end')}"
        )

    def open(self, about: str) -> None:
        """Load a session and put the focus where its kind of list begins."""
        record, _space, field = about.replace("#", " ").partition(" ")
        call = self.desk.read(lambda workspace: roll_calls.open_roll_call(workspace, record))
        self._roll = Roll(call)
        self._confirmed = self._saving = self._unkept = False
        self._panel.issues.show_issues(())
        roster = frozenset(line.person.learner for line in call.lines)
        self._panel.walk_in.begin(roster)
        self._panel.absent.setText("")
        self._show()
        self._grid.setCurrentIndex(self._model.index(0, MARK))
        places: dict[str, QWidget] = {
            "headcount": self._panel.counts["total"],
            "notes": self._panel.notes,
            "rows": self._grid,
        }
        usual: QWidget = self._panel.absent if call.lines else self._panel.counts["total"]
        places.get(field, usual).setFocus()

    def refresh(self, changes: ChangeSet) -> None:
        """Load anew what somebody else (or an undo) changed, unless something is in hand here."""
        roll = self._roll
        if roll is None or self._saving or roll.changed:
            return
        if ("session", roll.call.session) in changes.records:
            self.open(roll.call.session)

    def _show(self) -> None:
        if self._roll is not None:
            self._model.show(self._roll)
            self._panel.show_roll(self._roll)

    # Gestures

    def _gesture(self, deed: Callable[[Roll], Any]) -> bool:
        """Do one gesture, show it and keep it durably; False when it was not understood."""
        roll = self._roll
        if roll is None:
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
        self._saving, self._unkept = False, True
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
        self._panel.walk_in.line.setFocus()

    def _register(self, told: tuple[str, str, str]) -> None:
        name, sex, year = told
        operator = self.desk.operator

        def registered(result: CaptureResult) -> None:
            if result.refused:
                self._panel.issues.show_issues(result.issues)
                self.desk.say(_("This person was not registered; see below."), Tone.WARNING)
                return
            record = next(iter(result.ids["learner"].values()))
            self._add_person(Person(record, name, sex, int(year) if year else None))

        self.desk.write(
            _("Saving"),
            lambda workspace, _progress: roll_calls.add_learner(
                workspace, name, sex, year, operator=operator
            ),
            registered,
        )

    def _take_counts(self) -> None:
        estimate = self._panel.estimate.isChecked()
        self._gesture(lambda roll: roll.set_headcount(self._panel.counted(roll), estimate=estimate))

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
        if self._roll is None or not step(self._roll):
            return False
        self._show()
        self._keep(self._roll)
        return True

    # Finishing

    def finish(self) -> None:
        """Ctrl+S: take what is still typed, save everything as one entry, go back to Today."""
        self._save(lambda: self.desk.go("today"))

    def leave(self) -> bool:
        """Leaving saves what was done here; nothing was done, nothing is saved."""
        roll = self._roll
        pending = bool(self._panel.absent.text().strip()) or self._panel.walk_in.pending
        if self._saving or roll is None or not (roll.changed or pending):
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
        if roll is None or self._saving or not self._take_typed():
            return False
        if not self._confirm(roll.doubt(self.desk.clock.now().date())):
            return False
        self._saving = True
        marks, values, operator = roll.saved_marks(), roll.values(), self.desk.operator
        reasons = {**dict(roll.call.entry.get("reasons") or {}), **self._panel.issues.reasons()}
        if reasons:
            values["reasons"] = reasons

        def saved(result: CaptureResult) -> None:
            self._saved(roll, result, then)

        self.desk.write(
            _("Saving"),
            lambda workspace, _progress: roll_calls.finish(
                workspace, roll.call, marks, values, operator=operator
            ),
            saved,
            self._not_kept,
        )
        return True

    def _take_typed(self) -> bool:
        if self._panel.absent.text().strip() and not self._take_numbers():
            return False
        if self._panel.walk_in.pending:
            self.desk.say(
                _("A walk-in is typed but not taken: press Enter there, or Esc to drop it."),
                Tone.WARNING,
            )
            self._panel.walk_in.line.setFocus()
            return False
        for field in self._panel.counts.values():
            field.commit()
            if not field.is_readable():
                self.desk.say(
                    render(_("“%(text)s” is not a number of people."), {"text": field.text()}),
                    Tone.WARNING,
                )
                field.selectAll()
                field.setFocus()
                return False
        self._take_counts()
        self._take_notes()
        return True

    def _confirm(self, doubt: str) -> bool:
        """Ask once; the same key again is the answer."""
        if not doubt or self._confirmed:
            return True
        self._confirmed = True
        self.desk.say(doubt, Tone.WARNING)
        return False

    def _saved(self, roll: Roll, result: CaptureResult, then: Callable[[], None]) -> None:
        if result.refused:
            self._saving = False
            if not self.isVisible():
                self.desk.say(
                    _("The roll call is kept, but something must be put right; see Today."),
                    Tone.WARNING,
                )
                return
            self._panel.issues.show_issues(result.issues)
            self._panel.issues.focus_reason()
            self.desk.say(_("Not saved yet: see what to put right."), Tone.WARNING)
            return
        summary = render(_("Saved: %(summary)s."), {"summary": roll.summary()})
        self._roll = None
        then()
        self.desk.say(summary)

    def _second(self) -> None:
        roll = self._roll
        if roll is None:
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
