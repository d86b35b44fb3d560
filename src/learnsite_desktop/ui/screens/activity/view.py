"""The activity editor on the screen."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import drafts
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.plans import Plan
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk, issue_text
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.forms.ledger_paper import LedgerPaper
from learnsite_desktop.ui.people import people_of
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.activity.fields import (
    FIRST,
    REST,
    FieldsPanel,
    commit_line,
    unread,
)
from learnsite_desktop.ui.screens.activity.lessons import LessonsPanel
from learnsite_desktop.ui.screens.activity.presenter import (
    COPY,
    Editing,
    changed_fields,
    last_roster,
    open_editing,
    roster_changes,
    usual_count,
)
from learnsite_desktop.ui.screens.activity.problems import Problems
from learnsite_desktop.ui.screens.activity.roster import RosterPanel
from learnsite_desktop.ui.widgets.fields import LineField


class View(Screen):
    """An activity: what and when on the left, of what kind in the middle, who on the right.

    Every field is kept as soon as it is left; Ctrl+S, or leaving, makes one change of it all.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._editing: Editing | None = None
        self._dirty = False
        self._kept: set[str] = set()
        self._count_said = False
        self._title = ""
        today = lambda: desk.clock.now().date()  # noqa: E731
        self.first, self.rest = FieldsPanel(FIRST, today), FieldsPanel(REST, today)
        self.lessons = LessonsPanel(self.first.form, today)
        self.roster = RosterPanel(people_of(desk))
        self.problems = Problems((self.first, self.rest), self.lessons)
        self.paper = LedgerPaper(desk)
        self._expected = QLabel()
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        self.first.committed.connect(self._field_said)
        self.rest.committed.connect(self._field_said)
        self.lessons.committed.connect(self._keep)
        self.lessons.count.committed.connect(lambda: setattr(self, "_count_said", True))
        self.lessons.opened.connect(lambda record: self.desk.go("roll_call", record))
        self.roster.committed.connect(self._keep)
        chain = (self.first.form, self.rest.form)
        after = (self.rest.editors["edu_kinds"], self.roster.line)
        for form, widget in zip(chain, after, strict=True):
            form.enter.finished.connect(
                lambda widget=widget: widget.setFocus(Qt.FocusReason.TabFocusReason)
            )
        self.key("Ctrl+D", self._copy)
        self.key("Ctrl+N", lambda: self.desk.go("activity"))

    def _lay_out(self) -> None:
        left = _column(self.first)
        middle = _column(self.rest)
        right = QFrame()
        right.setProperty("role", "card")
        side = QVBoxLayout(right)
        self._expected.setProperty("role", "muted")
        side.addWidget(_heading(_("Lessons")))
        side.addWidget(self.lessons.list, 2)
        side.addWidget(_heading(_("Roster")))
        side.addWidget(self._expected)
        side.addWidget(self.roster, 3)
        columns = QHBoxLayout()
        for column in (left, middle, right):
            columns.addWidget(column, 1)
        saving = QPushButton(_("Save (Ctrl+S)"))
        saving.setProperty("role", "primary")
        saving.clicked.connect(self.finish)
        self._copying = QPushButton(_("Next term (Ctrl+D)"))
        icons.tint(self._copying, "copy")
        self._copying.clicked.connect(self._copy)
        self._printing = QPushButton(_("Print the roster (Ctrl+P)"))
        icons.tint(self._printing, "print")
        self._printing.clicked.connect(self.print_page)
        buttons = QHBoxLayout()
        for button in (saving, self._copying, self._printing):
            buttons.addWidget(button)
        buttons.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(columns, 1)
        whole.addWidget(self.problems.list)
        whole.addWidget(self.paper)
        whole.addLayout(buttons)

    # The screen

    def heading(self) -> str:
        """Return what is edited."""
        if self._editing is None:
            return ""
        title = str(self._editing.fields.get("title") or "")
        return _("New activity") if self._editing.new else title

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

    def _show(self, editing: Editing) -> None:
        self._editing = editing
        self._dirty = editing.drafted
        self._kept = set()
        self._count_said = False
        self.problems.clear()
        self.paper.shut()
        for panel in (self.first, self.rest):
            panel.show_fields(editing.fields)
        self.lessons.show_editing(editing)
        self.roster.show_seats(editing.seats)
        self._copying.setText(
            _("Take the last roster (Ctrl+D)") if editing.new else _("Next term (Ctrl+D)")
        )
        self._printing.setEnabled(not editing.new)
        self._count()

    def refresh(self, changes: ChangeSet) -> None:
        """Show the activity again when something of it was written elsewhere, as by undo."""
        editing = self._editing
        touched = {kind for kind, _record in changes.records}
        if editing is None or self._dirty or editing.new:
            return
        if touched & {"activity", "session", "enrolment", "staff", "venue", "site"}:
            try:
                self._show(self.desk.read(lambda ws: open_editing(ws, editing.record)))
            except Refusal:
                self.desk.go("today")

    def leave(self) -> bool:
        """Save what was entered; what may not be saved stays a draft, listed under Today."""
        commit_line(self)
        editing = self._editing
        if editing is None or not self._dirty:
            return True
        self._dirty = False
        self._write(lambda result: self._left(editing, result))
        return True

    def _left(self, editing: Editing, result: CaptureResult) -> None:
        if result.refused:
            first = next((issue for issue in result.issues if issue.blocking), None)
            self.desk.say(
                render(N_("Kept as a draft. %(why)s"), {"why": issue_text(first) if first else ""}),
                Tone.WARNING,
                Action(_("Put it right"), lambda: self.desk.go("activity", editing.record)),
            )
        else:
            self._tell(result)

    def finish(self) -> None:
        """Save all of it as one change."""
        self._finish(lambda: None)

    def finish_and_new(self) -> None:
        """Save, then begin a new one."""
        self._finish(lambda: self.desk.go("activity"))

    def _finish(self, then: Any) -> None:
        commit_line(self)
        editing = self._editing
        if editing is None:
            return
        line = unread(self)
        if line is not None:
            line.setFocus(Qt.FocusReason.OtherFocusReason)
            line.selectAll()
            said = {"text": line.text(), "field": line.accessibleName()}
            told = N_("Not saved: “%(text)s” in “%(field)s” is not understood. Correct or empty it.")
            self.desk.say(render(told, said), Tone.WARNING)
            return
        if self.problems.answered():
            self._keep()
        if editing.new and not self._dirty:
            self._keep()
        if not self._dirty:
            self.desk.say(_("Everything is saved."))
            then()
            return

        def ended(result: CaptureResult) -> None:
            if result.refused:
                self.problems.show(result.issues)
                return
            self._dirty = False
            self._tell(result)
            if self._editing is editing:
                self._show(self.desk.read(lambda ws: open_editing(ws, editing.record)))
                self.window().setFocus()
                self.first.editors["title"].setFocus(Qt.FocusReason.OtherFocusReason)
            then()

        self._write(ended)

    def _write(self, ended: Any) -> None:
        assert self._editing is not None  # noqa: S101 - nobody writes before something is shown
        record, operator = self._editing.record, self.desk.operator
        self.desk.write(
            _("Saving"),
            lambda ws, _progress: drafts.finish(ws, record, operator=operator),
            ended,
        )

    def _tell(self, result: CaptureResult) -> None:
        count = result.counts["created"].get("session", 0)
        said = {"title": self._title, "count": count}
        text = N_("“%(title)s” is saved, %(count)s lessons added.") if count else N_("Saved.")
        self.desk.say(render(text, said), Tone.OK)

    # Keeping

    def _field_said(self, name: object) -> None:
        editing = self._editing
        if editing is not None and editing.new and name == "kind" and not self._count_said:
            template = editing.template.plan if editing.template else Plan()
            self.lessons.set_count(usual_count(str(self.first.fields()["kind"]), template))
        self._keep()

    def _keep(self) -> None:
        """Make what is shown durable: all of it in one draft."""
        editing = self._editing
        if editing is None:
            return
        self._dirty = True
        self._count()
        values = self._values(editing)
        record, operator = editing.record, self.desk.operator
        heads = None if editing.new else list(editing.heads)
        self.desk.write(
            _("Saving"),
            lambda ws, _progress: drafts.commit_fields(
                ws, "activity", record, values, operator=operator, heads=heads
            ),
            lambda _record: self.desk.note_draft(),
        )

    def _values(self, editing: Editing) -> dict[str, Any]:
        shown = {**self.first.fields(), **self.rest.fields()}
        self._title = str(shown.get("title") or "")
        site, _name = self.lessons.site_value()
        shown["site"] = site or (None if editing.new else editing.saved.get("site"))
        values = changed_fields(editing, shown)
        for name in self._kept - values.keys():
            values[name] = editing.saved.get(name)
        self._kept |= values.keys()
        roster = roster_changes(editing, self.roster.seats())
        reasons = {**self.lessons.plan().reasons, **self.problems.reasons()}
        plan = replace(self.lessons.plan(), roster=roster, reasons=reasons)
        return {**values, drafts.PLAN: plan.kept()}

    def _count(self) -> None:
        count = len(self.roster.seats())
        self._expected.setText(render(N_("%(count)s on the roster"), {"count": count}))

    # Deeds

    def next_problem(self) -> bool:
        """F8: the next field with a problem, then the next reason wanted."""
        return self.problems.go_to_next()

    def search(self) -> None:
        """Ctrl+F: look for somebody to put on the roster."""
        self.roster.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _copy(self) -> None:
        """Ctrl+D: of a class that is there the next one; into a new one the last roster."""
        editing = self._editing
        if editing is None:
            return
        if not editing.new:
            self.desk.go("activity", COPY + editing.record)
            return
        seats = self.desk.read(last_roster)
        if seats:
            self.roster.take_over(seats)
        else:
            self.desk.say(_("The last activity has nobody on its roster."), Tone.NOTE)

    def print_page(self) -> None:
        """Ctrl+P: the roster of the class."""
        editing = self._editing
        if editing is None or editing.new:
            self.desk.say(_("Save the activity first (Ctrl+S), then print."), Tone.NOTE)
            return
        day = editing.lessons[-1].date if editing.lessons else ""
        period = day[:4] or str(self.desk.clock.now().year)
        self.paper.begin(("roster", "attendance"), period, activity=editing.record)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def _column(*widgets: QWidget) -> QScrollArea:
    """Return a column of a screen that scrolls by itself."""
    inner = QWidget()
    layout = QVBoxLayout(inner)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    return area
