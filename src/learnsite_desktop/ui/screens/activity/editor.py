"""Entering an activity: its fields, schedule and roster, each kept as soon as it is left."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.plans import Plan
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.forms.ledger_paper import LedgerPaper
from learnsite_desktop.ui.people import people_of
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.activity.fields import FIRST, REST, FieldsPanel
from learnsite_desktop.ui.screens.activity.keeping import Keeping
from learnsite_desktop.ui.screens.activity.lessons import LessonsPanel
from learnsite_desktop.ui.screens.activity.presenter import (
    COPY,
    Editing,
    Shown,
    last_roster,
    open_editing,
    usual_count,
)
from learnsite_desktop.ui.screens.activity.problems import Problems
from learnsite_desktop.ui.screens.activity.roster import RosterPanel


class Editor(Screen):
    """What and when on the left, of what kind in the middle, who on the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._editing: Editing | None = None
        self._dirty = False
        self._dropped: Shown | None = None
        self._count_said = False
        self.keeping = Keeping(desk, self._settle)
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
        self.problems.why.line.returnPressed.connect(self.finish)
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
        whole.addWidget(self.problems.why)
        whole.addWidget(self.problems.list)
        whole.addWidget(self.paper)
        whole.addLayout(buttons)

    # Showing

    def heading(self) -> str:
        """Return what is edited."""
        if self._editing is None:
            return ""
        title = str(self._editing.fields.get("title") or "")
        return _("New activity") if self._editing.new else title

    def _show(self, editing: Editing) -> None:
        self._editing = editing
        self._dirty = editing.drafted and not self.keeping.busy(editing.record)
        self._dropped = None
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
        self.keeping.begin(editing, self._shown(editing))

    def _show_record(self, record: str, *, drafted: bool = True) -> bool:
        """Read an activity and show it; one that is no longer there leads back to Today."""
        try:
            editing = self.desk.read(lambda ws: open_editing(ws, record, drafted=drafted))
        except Refusal as refusal:
            self._gone(refusal)
            return False
        self._show(editing)
        return True

    def _gone(self, refusal: Refusal) -> None:
        self._editing = None
        self.desk.go("today")
        self.desk.feedback.refuse(refusal)

    def _settle(self, record: str) -> None:
        """Show anew what was saved; a line that is being written in stays as it is."""
        if self._editing is None or self._editing.record != record or not self.isVisible():
            return
        line = QApplication.focusWidget()
        writing = isinstance(line, QLineEdit) and self.isAncestorOf(line) and line.isModified()
        text, place = (
            (line.text(), line.cursorPosition()) if isinstance(line, QLineEdit) else ("", 0)
        )
        if not self._show_record(record):
            return
        if writing and isinstance(line, QLineEdit):
            line.setText(text)
            line.setCursorPosition(place)
            line.setModified(True)

    def _shown(self, editing: Editing) -> Shown:
        """Return what stands in the editor."""
        fields = {**self.first.fields(), **self.rest.fields()}
        site, _name = self.lessons.site_value()
        fields["site"] = site or (None if editing.new else editing.saved.get("site"))
        plan = self.lessons.plan()
        plan = replace(plan, reasons={**plan.reasons, **self.problems.reasons()})
        return Shown(fields, plan, self.roster.seats())

    def _count(self) -> None:
        count = len(self.roster.seats())
        self._expected.setText(render(N_("%(count)s on the roster"), {"count": count}))

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
        self._dirty, self._dropped = True, None
        self._count()
        self.keeping.keep(editing, self._shown(editing))

    def undo(self) -> bool:
        """Take back what is not saved yet, all of it as one step."""
        editing = self._editing
        if editing is None or not self._dirty:
            return False
        shown, record = self._shown(editing), editing.record
        self.keeping.drop(editing)
        if editing.new and not editing.drafted:
            self._show(editing)
        elif not self._show_record("" if editing.new else record, drafted=False):
            return True
        self._dropped = shown
        self.desk.say(_("What was not saved is taken back. Ctrl+Y brings it again."), Tone.NOTE)
        return True

    def redo(self) -> bool:
        """Bring again what was taken back before it was saved."""
        editing, shown = self._editing, self._dropped
        if editing is None or shown is None:
            return False
        fields, plan, seats = shown.fields, shown.plan, shown.seats
        self._show(replace(editing, drafted=True, fields=fields, plan=plan, seats=seats))
        self._keep()
        return True

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
