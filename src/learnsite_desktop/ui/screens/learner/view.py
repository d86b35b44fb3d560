"""The screen of one learner: the card, or the editor over it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.printout import Printout
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.people import card as cards
from learnsite_desktop.services.people.consents import record_consent
from learnsite_desktop.services.people.editing import open_editing
from learnsite_desktop.services.people.enrolling import enrol, leave_class, open_classes
from learnsite_desktop.services.people.extract import extract
from learnsite_desktop.services.records import delete, require_record
from learnsite_desktop.services.sheet_pages import personal_notice
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord
from learnsite_desktop.ui.desk import Desk, issue_text
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.forms.reason import ReasonCard
from learnsite_desktop.ui.paper import show_paper
from learnsite_desktop.ui.people import people_of
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.learner.card_page import CardPage, Row
from learnsite_desktop.ui.screens.learner.editor import EditorPage
from learnsite_desktop.ui.screens.learner.forms import ClassCard, ConsentCard
from learnsite_desktop.ui.screens.learner.presenter import Sheet, Shown, load, who_looked

Deed = Callable[[Workspace, StoredRecord], Any]


class View(Screen):
    """`about` is a record for the card, "record#field" for the editor, "+name" for a new one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shown: Shown | None = None
        self._clear: dict[str, Any] = {}
        self.card = CardPage()
        self.editor = EditorPage(desk, people_of(desk))
        self.reason, self.consent = ReasonCard(), ConsentCard(lambda: desk.clock.now().date())
        self.classes = ClassCard()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.card)
        self._stack.addWidget(self.editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack, 1)
        for form in self._forms():
            self.card.add_form(form)
            form.closed.connect(self._focus_card)
        self._connect()

    def _forms(self) -> tuple[Card, ...]:
        return self.reason, self.consent, self.classes

    def _connect(self) -> None:
        deeds: dict[str, Callable[[], None]] = {
            "edit": self._edit,
            "reveal": self._reveal,
            "enrol": self._choose_class,
            "consent": self._ask_consent,
            "extract": self.print_page,
            "notice": lambda: self._print(_("Notice and consent"), personal_notice),
            "go": self._let_go,
            "new": lambda: self.desk.go("learner"),
        }
        for name, deed in deeds.items():
            self.card.buttons[name].clicked.connect(deed)
        keys = {"F3": "edit", "F6": "enrol", "F7": "consent", "F11": "notice", "F4": "go",
                "Ctrl+N": "new"}  # fmt: skip
        for sequence, name in keys.items():
            self.key(sequence, partial(self._press, name))
        self.key("F5", self._f5)
        self.card.classes.crossed.connect(self._leave_class)
        self.card.marks.chosen.connect(lambda row: self.desk.go("roll_call", row.key))
        self.editor.save_button.clicked.connect(self.finish)
        self.editor.next_button.clicked.connect(self.finish_and_new)
        self.editor.taken.connect(lambda record: self.desk.go("learner", str(record)))
        self.consent.given.connect(self._note_consent)
        self.classes.chosen.connect(self._enrol)

    @property
    def _editing(self) -> bool:
        return self._stack.currentWidget() is self.editor

    def _press(self, name: str) -> None:
        """A key of the card does nothing while one edits."""
        if not self._editing:
            self.card.buttons[name].click()
        elif name == "new":
            self.finish_and_new()

    def _f5(self) -> None:
        if self._editing:
            self.editor.known.take()
        elif not self._clear:
            self._reveal()

    # What the window calls

    def heading(self) -> str:
        """The name; what is done while one edits."""
        sheet = self.editor.sheet
        if self._editing and sheet is not None:
            name = str(sheet.value("name") or "")
            return (
                _("New learner")
                if sheet.editing.new
                else render(_("Edit %(name)s"), {"name": name})
            )
        return self._shown.name if self._shown is not None else ""

    def open(self, about: str) -> None:
        """Show a card; a learner with a draft, and a new one, in the editor."""
        for form in self._forms():
            form.hide()
        self.card.show_lists()
        record, hash_, field = about.partition("#")
        try:
            if record.startswith("+") or not record:
                editing = self.desk.read(open_editing)
                self._begin(lambda: self.editor.begin(editing, name=record[1:]))
                return
            editing = self.desk.read(lambda ws: open_editing(ws, record))
            if hash_ or editing.drafted or editing.new:
                self._begin(lambda: self.editor.begin(editing, field=field))
                return
            self._clear = {}
            self._show(record)
        except Refusal as refusal:
            self.desk.feedback.refuse(refusal)
            self.desk.go("learners")
            return
        self._focus_card()

    def _begin(self, begin: Callable[[], None]) -> None:
        self._stack.setCurrentWidget(self.editor)
        begin()

    def leave(self) -> bool:
        """Leaving saves what was typed; what may not be saved stays a draft, listed on Today."""
        if not self._editing or self.editor.sheet is None:
            return True
        return self.editor.save(lambda _record: None)

    def refresh(self, changes: ChangeSet) -> None:
        """Show the card anew; one that is gone by an undo goes back to the list."""
        del changes
        if self._editing or self._shown is None:
            return
        try:
            self._show(self._shown.card.record)
        except Refusal:
            self._shown = None
            self.desk.go("learners")

    def finish(self) -> None:
        """Ctrl+S: save, and show the card."""
        if self._editing:
            self.editor.save(
                lambda record: self.desk.go("learner" if record else "learners", record)
            )
            return
        for form in (self.consent, self.classes):
            if form.isVisible():
                form.save()

    def finish_and_new(self) -> None:
        """Ctrl+Enter: save, and enter the next one."""
        if self._editing:
            self.editor.save(lambda _record: self.desk.go("learner"))

    def search(self) -> None:
        """Ctrl+F: look for somebody else."""
        self.desk.go("learners")

    def print_page(self) -> None:
        """Ctrl+P: what is kept about this person, on a page for them."""
        if not self._editing:
            self._print(_("What is kept about you"), extract)

    def undo(self) -> bool:
        """Take the last field back, while one edits."""
        return self._editing and self.editor.step(Sheet.undo)

    def redo(self) -> bool:
        """Take it again."""
        return self._editing and self.editor.step(Sheet.redo)

    def next_problem(self) -> bool:
        """F8: the next field to put right."""
        return self._editing and self.editor.next_problem()

    # The card

    def _show(self, record: str) -> None:
        self._shown = self.desk.read(lambda ws: load(ws, record))
        self._stack.setCurrentWidget(self.card)
        self.card.show_card(self._shown, self._clear)
        self.desk.look_up("", lambda ws, _progress: who_looked(ws, record), self.card.show_looked)

    def _focus_card(self) -> None:
        if not self._editing:
            self.card.buttons["edit"].setFocus()

    def _only(self, wanted: Card) -> None:
        """Make room for one form; another one that is open is closed."""
        for form in self._forms():
            if form is not wanted:
                form.hide()
        self.card.show_forms()

    def _edit(self) -> None:
        if self._shown is not None:
            self.desk.go("learner", f"{self._shown.card.record}#name")

    def _write(self, deed: Deed, done: Callable[[Any], None]) -> None:
        """Do something about the learner shown; `done` gets what it returns, unless refused."""
        if self._shown is None:
            return
        record = self._shown.card.record

        def ended(result: Any) -> None:
            if isinstance(result, CaptureResult) and result.refused:
                told = " ".join(issue_text(one) for one in result.issues if one.blocking)
                self.desk.say(told, Tone.ERROR)
            else:
                done(result)

        self.desk.write(
            _("Saving"),
            lambda ws, _progress: deed(ws, require_record(ws, f"learner:{record}")),
            ended,
        )

    def _said(self, text: str) -> Callable[[Any], None]:
        return lambda _result: self.desk.say(text, Tone.OK, Action(_("Undo"), self.desk.undo))

    def _reveal(self) -> None:
        operator = self.desk.operator
        self._only(self.reason)
        self.reason.ask(
            _("What are the full phone number, birth day and address needed for? It is noted."),
            _("Show (Enter)"),
            lambda why: self._write(
                lambda ws, stored: cards.reveal(ws, stored, why=why, operator=operator),
                self._revealed,
            ),
            hint=_("For example: calling about tomorrow's class"),
        )

    def _revealed(self, clear: dict[str, Any]) -> None:
        if self._shown is None or clear.get("id") != self._shown.card.record:
            return
        self._clear = clear
        self._show(self._shown.card.record)

    def _print(self, title: str, make: Callable[..., Printout]) -> None:
        operator = self.desk.operator
        self._write(
            lambda ws, stored: make(ws, stored, operator=operator),
            lambda page: self._show_paper(title, page),
        )

    def _show_paper(self, title: str, page: Printout) -> None:
        if self._shown is not None:
            show_paper(self.desk, self, f"{title} {self._shown.name}", page)
            self._show(self._shown.card.record)

    def _ask_consent(self) -> None:
        if self._shown is not None:
            self._only(self.consent)
            self.consent.ask(child=self._shown.card.age_under_14)

    def _note_consent(self, given: dict[str, str]) -> None:
        operator = self.desk.operator
        self._write(
            lambda ws, stored: record_consent(
                ws, stored, **given, why=_on_behalf(ws, stored), operator=operator
            ),
            self._said(_("Noted.")),
        )

    def _choose_class(self) -> None:
        if self._shown is not None:
            self._only(self.classes)
            self.classes.ask(self._shown.name, self.desk.read(open_classes))

    def _enrol(self, activity: str) -> None:
        operator = self.desk.operator
        self._write(
            lambda ws, stored: enrol(ws, stored, activity, operator=operator),
            self._said(_("Is on the roster now.")),
        )

    def _leave_class(self, row: Row) -> None:
        operator = self.desk.operator
        self._write(
            lambda ws, _stored: leave_class(ws, require_record(ws, row.key), operator=operator),
            self._said(_("Left the class as of today; what was attended stays.")),
        )

    def _let_go(self) -> None:
        """Delete somebody entered by mistake; sign off whom the unit above has received."""
        shown = self._shown
        if shown is None:
            return
        operator, name = self.desk.operator, shown.name
        self._only(self.reason)
        if shown.card.deletable:
            self.reason.ask(
                render(_("Delete %(name)s? Why?"), {"name": name}),
                _("Delete (Enter)"),
                lambda why: self._write(
                    lambda ws, stored: delete(ws, stored, why=why, operator=operator),
                    self._said(render(_("%(name)s is deleted."), {"name": name})),
                ),
                hint=_("For example: entered twice"),
            )
            return
        self.reason.ask(
            render(
                _("The unit above has received %(name)s, so the record stays. Sign off from all "
                  "classes as of today? Why?"),
                {"name": name},
            ),
            _("Sign off (Enter)"),
            lambda why: self._write(
                lambda ws, stored: cards.leave(ws, stored, why=why, operator=operator),
                self._said(render(_("%(name)s is signed off from all classes."), {"name": name})),
            ),
            hint=_("For example: moved away"),
        )  # fmt: skip


def _on_behalf(workspace: Workspace, stored: StoredRecord) -> str:
    return "" if stored.unit == workspace.unit else "代录"
