"""The screen of one learner: the card, or the editor over it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.people.editing import open_editing
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.people import people_of
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.learner.card_page import CardPage
from learnsite_desktop.ui.screens.learner.deeds import Deeds
from learnsite_desktop.ui.screens.learner.editor import EditorPage
from learnsite_desktop.ui.screens.learner.presenter import Sheet


class View(Screen):
    """`about` is a record for the card, "record#field" for the editor, "+name" for a new one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.card = CardPage()
        self.deeds = Deeds(desk, self.card)
        self.editor = EditorPage(desk, people_of(desk))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.card)
        self._stack.addWidget(self.editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack, 1)
        self.deeds.idle.connect(self._focus_card)
        self._connect()

    def _connect(self) -> None:
        deeds: dict[str, Callable[[], None]] = {
            "edit": self._edit,
            "reveal": self.deeds.reveal,
            "enrol": self.deeds.choose_class,
            "consent": self.deeds.ask_consent,
            "extract": self.deeds.print_extract,
            "notice": self.deeds.print_notice,
            "go": self.deeds.let_go,
            "new": lambda: self.desk.go("learner"),
        }
        for name, deed in deeds.items():
            self.card.buttons[name].clicked.connect(deed)
        keys = {"F3": "edit", "F6": "enrol", "F7": "consent", "F11": "notice", "F4": "go",
                "Ctrl+N": "new"}  # fmt: skip
        for sequence, name in keys.items():
            self.key(sequence, partial(self._press, name))
        self.key("F5", self._f5)
        self.card.marks.chosen.connect(lambda row: self.desk.go("roll_call", row.key))
        self.editor.save_button.clicked.connect(self.finish)
        self.editor.next_button.clicked.connect(self.finish_and_new)
        self.editor.taken.connect(lambda record: self.desk.go("learner", str(record)))

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
        else:
            self.deeds.reveal()

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
        return self.deeds.shown.name if self.deeds.shown is not None else ""

    def open(self, about: str) -> None:
        """Show a card; a learner with a draft, and a new one, in the editor."""
        self.deeds.close_forms()
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
            self._stack.setCurrentWidget(self.card)
            self.deeds.begin(record)
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
        if self._editing or self.deeds.shown is None:
            return
        try:
            self.deeds.show(self.deeds.shown.card.record)
        except Refusal:
            self.deeds.shown = None
            self.desk.go("learners")

    def finish(self) -> None:
        """Ctrl+S: save, and show the card."""
        if self._editing:
            self.editor.save(
                lambda record: self.desk.go("learner" if record else "learners", record)
            )
            return
        self.deeds.save()

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
            self.deeds.print_extract()

    def undo(self) -> bool:
        """Take the last field back, while one edits."""
        return self._editing and self.editor.step(Sheet.undo)

    def redo(self) -> bool:
        """Take it again."""
        return self._editing and self.editor.step(Sheet.redo)

    def next_problem(self) -> bool:
        """F8: the next field to put right."""
        return self._editing and self.editor.next_problem()

    def _focus_card(self) -> None:
        if not self._editing:
            self.card.buttons["edit"].setFocus()

    def _edit(self) -> None:
        if self.deeds.shown is not None:
            self.desk.go("learner", f"{self.deeds.shown.card.record}#name")
