"""The activity editor on the screen: opened, saved, left."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.ui.desk import issue_text
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.screens.activity.editor import Editor
from learnsite_desktop.ui.screens.activity.fields import commit_line, unread
from learnsite_desktop.ui.screens.activity.presenter import Editing, open_editing
from learnsite_desktop.ui.widgets.fields import LineField


class View(Editor):
    """An activity.

    Every field is kept as soon as it is left; Ctrl+S, or leaving, makes one change of it all.
    """

    def open(self, about: str) -> None:
        """Show an activity; the title of a new one is ready to be typed over."""
        record, _mark, field = about.partition("#")
        try:
            editing = self.desk.read(lambda ws: open_editing(ws, record))
        except Refusal as refusal:
            self.desk.feedback.refuse(refusal)
            editing = self.desk.read(lambda ws: open_editing(ws, ""))
        self._show(editing)
        title = self.first.editors["title"]
        wanted = {**self.first.editors, **self.rest.editors}.get(field, title)
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)
        if wanted is title and isinstance(title, LineField):
            title.selectAll()

    def refresh(self, changes: ChangeSet) -> None:
        """Show the activity again when something of it was written elsewhere, as by undo."""
        editing = self._editing
        touched = {kind for kind, _record in changes.records}
        if editing is None or self._dirty or editing.new or self.keeping.busy(editing.record):
            return
        if touched & {"activity", "session", "enrolment", "staff", "venue", "site"}:
            self._show_record(editing.record)

    def leave(self) -> bool:
        """Save what was entered; what may not be saved stays a draft, listed under Today."""
        commit_line(self)
        editing = self._editing
        if editing is None:
            return True
        if not self._understood():
            return False
        if not self._dirty:
            return True
        if self.keeping.unkept:
            self.keeping.unkept = False
            self.desk.say(
                _(
                    "This activity could not be kept on the disk. Free some space and press "
                    "Ctrl+S; leaving once more drops what could not be kept."
                ),
                Tone.WARNING,
            )
            return False
        self._write(editing, lambda: None)
        return True

    def _understood(self) -> bool:
        """Go to the first line that cannot be read and say so; True when there is none."""
        line = unread(self)
        if line is None:
            return True
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        line.selectAll()
        said = {"text": line.text(), "field": line.accessibleName()}
        told = N_("Not saved: “%(text)s” in “%(field)s” is not understood. Correct or empty it.")
        self.desk.say(render(told, said), Tone.WARNING)
        return False

    def finish(self) -> None:
        """Save all of it as one change."""
        self._finish(lambda: None)

    def finish_and_new(self) -> None:
        """Save, then begin a new one."""
        self._finish(lambda: self.desk.go("activity"))

    def _finish(self, then: Callable[[], None]) -> None:
        commit_line(self)
        editing = self._editing
        if editing is None:
            return
        if not self._understood():
            return
        busy = self.keeping.busy(editing.record)
        if self._dirty or self.problems.answered() or (editing.new and not busy):
            self._write(editing, then)
            return
        if not busy:
            self.desk.say(_("Everything is saved."))
        then()

    # Saving

    def _write(self, editing: Editing, then: Callable[[], None]) -> None:
        """Send it all off; what is entered from now on is another change."""
        shown = self._shown(editing)
        title = str(shown.fields.get("title") or "")
        self._dirty = False
        self.keeping.save(
            editing,
            shown,
            self.problems.why.line.value(),
            lambda result: self._ended(editing, title, result, then),
            lambda refusal: self._failed(editing, refusal),
        )

    def _is_shown(self, editing: Editing) -> bool:
        here = self._editing
        return here is not None and here.record == editing.record and self.isVisible()

    def _ended(
        self, editing: Editing, title: str, result: CaptureResult, then: Callable[[], None]
    ) -> None:
        shown = self._is_shown(editing)
        if result.refused:
            if shown:
                self._dirty = True
                self.problems.show(result.issues)
            else:
                first = next((issue for issue in result.issues if issue.blocking), None)
                self._tell_draft(editing, issue_text(first) if first else "")
            return
        count = result.counts["created"].get("session", 0)
        text = N_("“%(title)s” is saved, %(count)s lessons added.") if count else N_("Saved.")
        self.desk.say_done(render(text, {"title": title, "count": count}), result)
        if not shown:
            return
        line = QApplication.focusWidget()
        if not self._dirty and not (isinstance(line, QLineEdit) and line.isModified()):
            self.window().setFocus()
            self.first.editors["title"].setFocus(Qt.FocusReason.OtherFocusReason)
        then()

    def _failed(self, editing: Editing, refusal: Refusal) -> None:
        shown = self._is_shown(editing)
        if refusal.code == "record_deleted":
            if shown:
                self._gone(refusal)
            else:
                self.desk.feedback.refuse(refusal)
            return
        if shown:
            self._dirty = True
        if refusal.code != "reason_missing":
            self.desk.feedback.refuse(refusal)
        elif shown:
            self.problems.why.ask()
            self.desk.say(_("Write why this is changed, then press Ctrl+S."), Tone.WARNING)
        else:
            why = _("The unit above has received this. Write why it is corrected.")
            self._tell_draft(editing, why)

    def _tell_draft(self, editing: Editing, why: str) -> None:
        self.desk.say(
            render(N_("Kept as a draft. %(why)s"), {"why": why}),
            Tone.WARNING,
            Action(_("Put it right"), lambda: self.desk.go("activity", editing.record)),
        )
