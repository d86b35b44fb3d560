"""Entering a learner: each field is kept when it is left, Ctrl+S makes one change of it all."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import drafts
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.people.editing import Editing
from learnsite_desktop.services.people.near import near
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk, issue_text
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.people import People
from learnsite_desktop.ui.screens.learner.fields import Fields
from learnsite_desktop.ui.screens.learner.known import KnownPeople
from learnsite_desktop.ui.screens.learner.presenter import Sheet
from learnsite_desktop.ui.widgets.fields import LineField
from learnsite_desktop.ui.widgets.issue_list import IssueList
from learnsite_desktop.ui.widgets.scrolled import scrolled

Then = Callable[[str], None]


class EditorPage(QWidget):
    """The form of a learner, and who is alike. `taken` brings the record taken instead."""

    taken = Signal(object)

    def __init__(self, desk: Desk, people: People) -> None:
        super().__init__()
        self._desk, self._people = desk, people
        self.sheet: Sheet | None = None
        self._given = ""
        self._warned = self._saving = False
        self.fields = Fields(lambda: desk.clock.now().date())
        self.fields.setParent(self)
        self.known = KnownPeople()
        self.issues = IssueList()
        self.save_button = QPushButton(_("Save (Ctrl+S)"))
        self.save_button.setProperty("role", "primary")
        self.save_button.setAutoDefault(True)
        icons.tint(self.save_button, "ok", "on_accent")
        self.next_button = QPushButton(_("Save, next one (Ctrl+Enter)"))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        for widget, share in ((self.fields.first, 5), (self.fields.rest, 5)):
            columns.addWidget(scrolled(widget), share)
        columns.addWidget(self.known, 4)
        below = QHBoxLayout()
        below.addWidget(self.save_button)
        below.addWidget(self.next_button)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(columns, 1)
        column.addWidget(self.issues)
        column.addLayout(below)

    def _connect(self) -> None:
        self.fields.committed.connect(self._keep)
        self.fields.first.enter.finished.connect(
            lambda: self.fields.editors["groups"].setFocus(Qt.FocusReason.TabFocusReason)
        )
        self.fields.rest.enter.finished.connect(self.save_button.setFocus)
        self.known.wanted.connect(self._take_known)
        for name in ("name", "sex", "birth", "mobile", "id_number"):
            field = self.fields.editors[name]
            if isinstance(field, LineField):
                field.textChanged.connect(lambda _text: self._look_for_known())

    # Opening

    def begin(self, editing: Editing, *, name: str = "", field: str = "") -> None:
        """Show a learner; a new one may have a `name` already. The focus goes to `field`."""
        self.sheet = Sheet(editing)
        self._given, self._warned, self._saving = name, False, False
        self.issues.show_issues(())
        self.fields.show_sheet(self.sheet)
        first = self.fields.editors["name"]
        if name and isinstance(first, LineField):
            first.setText(name)
        self._look_for_known()
        wanted = self.fields.place_of(field or ("sex" if name else "name"))
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(wanted, LineField):
            wanted.selectAll()

    def _look_for_known(self) -> None:
        sheet = self.sheet
        if sheet is None or not self._people.loaded:
            return
        asked: dict[str, str] = {}
        for name in ("name", "sex", "birth", "mobile", "id_number"):
            editor = self.fields.editors[name]
            typed = editor.read(editor.text()) if isinstance(editor, LineField) else ""
            asked[name] = typed or ("" if sheet.editing.new else str(sheet.value(name) or ""))
        found = near(
            self._people.index,
            name=asked["name"],
            sex=asked["sex"],
            birth=asked["birth"],
            mobile=asked["mobile"],
            id_number=asked["id_number"],
            skip=sheet.editing.record,
        )
        self.known.show_people(found, new=sheet.editing.new)

    def _take_known(self, record: str) -> None:
        """Go to somebody else; what was typed about a new learner is dropped."""
        sheet = self.sheet
        if sheet is not None and sheet.editing.new:
            self._drop(sheet)
            self.sheet = None
        self.taken.emit(record)

    # Keeping

    def _keep(self, values: dict[str, Any]) -> None:
        sheet = self.sheet
        if sheet is None or not sheet.put(values):
            return
        self.issues.show_issues(())
        for name in values:
            self.fields.problem(name, "")
        self.fields.show_guardian()
        self._write(sheet, values)

    def _write(self, sheet: Sheet, values: dict[str, Any]) -> None:
        editing, operator = sheet.editing, self._desk.operator
        self._desk.write(
            "",
            lambda ws, _progress: drafts.commit_fields(
                ws, "learner", editing.record, values, operator=operator, heads=editing.heads
            ),
            lambda _record: self._desk.note_draft(),
        )

    def _drop(self, sheet: Sheet) -> None:
        record = sheet.editing.record
        self._desk.write("", lambda ws, _progress: drafts.discard(ws, record))

    def step(self, step: Callable[[Sheet], bool]) -> bool:
        """Go a step back or on; False when there is none."""
        sheet = self.sheet
        if sheet is None or not step(sheet):
            return False
        if sheet.changed:
            self._write(sheet, dict(sheet.changed))
        else:
            self._drop(sheet)
        self.fields.show_sheet(sheet)
        return True

    # Saving

    def save(self, then: Then) -> bool:
        """Save what was typed as one change, then do `then`; False if something is to be said."""
        sheet = self.sheet
        if sheet is None or self._saving:
            return False
        if not self.fields.commit():
            self._desk.say(_("One field is not understood; type it anew."), Tone.WARNING)
            return False
        if self._is_empty(sheet):
            if sheet.touched:
                self._drop(sheet)
            self.sheet = None
            then("")
            return True
        why = self.fields.why.value()
        if sheet.editing.received and not why:
            self._desk.say(
                _("The unit above has received this. Write why it is corrected."), Tone.WARNING
            )
            self.fields.why.setFocus(Qt.FocusReason.OtherFocusReason)
            return False
        if sheet.editing.new and self.known.sure and not self._warned:
            self._warned = True
            self._desk.say(
                _("This person seems to be known: F5 opens the one marked. To enter somebody "
                  "else of this name, save once more."),
                Tone.WARNING,
            )  # fmt: skip
            return False
        self._begin_saving(sheet, why, then)
        return True

    def _is_empty(self, sheet: Sheet) -> bool:
        """Whether nothing was entered but the name that was typed before, in the search."""
        typed = {name: value for name, value in sheet.changed.items() if value}
        return not sheet.touched or (sheet.editing.new and typed == {"name": self._given})

    def _begin_saving(self, sheet: Sheet, why: str, then: Then) -> None:
        self._saving = True
        editing, operator = sheet.editing, self._desk.operator
        values = dict(sheet.changed)
        reasons = self.issues.reasons()
        if reasons:
            values["reasons"] = {**dict(sheet.value("reasons") or {}), **reasons}

        def saving(workspace: Workspace, _progress: object) -> CaptureResult:
            with workspace.database.transaction():
                drafts.commit_fields(
                    workspace,
                    "learner",
                    editing.record,
                    values,
                    operator=operator,
                    heads=editing.heads,
                )
                return drafts.finish(workspace, editing.record, operator=operator, why=why)

        self._desk.write(
            _("Saving"), saving, lambda result: self._saved(sheet, result, then), self._failed
        )

    def _failed(self, refusal: Refusal) -> None:
        self._saving = False
        self._desk.feedback.refuse(refusal)

    def _saved(self, sheet: Sheet, result: CaptureResult, then: Then) -> None:
        self._saving = False
        name = str(sheet.value("name") or "")
        if result.refused:
            self._show_issues(result, name)
            return
        if self.sheet is sheet:
            self.sheet = None
        then(sheet.editing.record)
        notes = [issue_text(issue) for issue in result.issues if not issue.reason_given]
        self._desk.say_done(
            " ".join([render(_("%(name)s is saved."), {"name": name}), *notes]),
            result,
            Tone.NOTE if notes else Tone.OK,
        )

    def _show_issues(self, result: CaptureResult, name: str) -> None:
        if not self.isVisible():
            kept = _("%(name)s is kept, but something is missing; see Today.")
            self._desk.say(render(kept, {"name": name or _("The learner")}), Tone.WARNING)
            return
        elsewhere = []
        for issue in result.issues:
            if not issue.blocking:
                continue
            wants_reason = issue.severity == "warning"
            if wants_reason or not self.fields.problem(issue.field, issue_text(issue)):
                elsewhere.append(issue)
        self.issues.show_issues(elsewhere)
        self._desk.say(_("Not saved yet: see what to put right (F8)."), Tone.WARNING)
        self.next_problem()

    def next_problem(self) -> bool:
        """Go to the next field to put right, or to a reason that is wanted."""
        return (
            self.fields.first.go_to_next_problem()
            or self.fields.rest.go_to_next_problem()
            or self.issues.focus_reason()
        )
