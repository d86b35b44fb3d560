"""Setting one field of many records: sought, looked at, then done as one change."""

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.batch_editing import (
    CANNOT,
    Batch,
    BatchDone,
    Wanted,
    carry_out,
    look,
)
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.screens.tools import presenter
from learnsite_desktop.ui.screens.tools.page import Page
from learnsite_desktop.ui.screens.tools.presenter import Row
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.form import FieldForm
from learnsite_desktop.ui.widgets.row_list import RowList
from learnsite_desktop.ui.widgets.scrolled import scrolled


class Value(QStackedWidget):
    """A value of whatever field was chosen: a code, or text."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.text, self.code = TextField(name), CodeChoice(name, [])
        self.addWidget(self.text)
        self.addWidget(self.code)
        self.setFocusProxy(self.text)

    def offer(self, options: list[tuple[str, str]]) -> None:
        """Take codes from now on, or text if there are none."""
        field = self.code if options else self.text
        self.code.set_options([Option(code, label) for code, label in options])
        self.code.set_value("")
        self.text.set_value("")
        self.setCurrentWidget(field)
        self.setFocusProxy(field)

    def commit(self) -> None:
        """Take what is typed."""
        (self.code if self.currentWidget() is self.code else self.text).commit()

    def value(self) -> str:
        """The value, "" for none."""
        return self.code.value() if self.currentWidget() is self.code else self.text.value()


class BatchPage(Page):
    """The form on the left, what would become of which record on the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Correct in a batch"))
        self._batch: Batch | None = None
        self.kind = CodeChoice(_("Records"), [])
        self.unit = CodeChoice(_("Of unit"), [])
        self.period = TextField(_("In period"), digits=True)
        self.asked = CodeChoice(_("Where field"), [])
        self.asked_value = Value(_("has the value"))
        self.field = CodeChoice(_("Set field"), [])
        self.value = Value(_("to the value"))
        self.why = TextField(_("Reason"))
        self.form = FieldForm()
        for label, widget, hint in (
            (_("Records"), self.kind, ""),
            (_("Of unit"), self.unit, _("empty: all units")),
            (_("In period"), self.period, _("for example 2026-03; empty: always")),
            (_("Where field"), self.asked, _("empty: all of them")),
            (_("has the value"), self.asked_value, ""),
            (_("Set field"), self.field, ""),
            (_("to the value"), self.value, _("empty: the value is taken away")),
            (_("Reason"), self.why, _("It stays in the history of every record.")),
        ):
            self.form.add(label, widget, hint=hint)
        self.list: RowList[Row] = RowList(
            _("What would change"),
            (_("Record"), _("Old value"), _("To, or why not"), _("State")),
            wide=(0, 2),
        )
        both = QHBoxLayout()
        left = scrolled(self.form)
        both.addWidget(left, 4)
        both.addWidget(self.list, 5)
        self.column.addLayout(both, 1)
        self.end_with(
            {
                "F5": (_("Preview"), "search"),
                "Ctrl+S": (_("Change them"), "final"),
                "F8": (_("Next that cannot"), "forward"),
            }
        )
        self.deeds["F5"].clicked.connect(self.look)
        self.deeds["Ctrl+S"].clicked.connect(self.finish)
        self.deeds["F8"].clicked.connect(self.next_problem)
        self.kind.committed.connect(self._follow_kind)
        self.field.committed.connect(lambda: self._follow_field(self.field, self.value))
        self.asked.committed.connect(lambda: self._follow_field(self.asked, self.asked_value))
        self.form.enter.finished.connect(self.look)
        for field in (self.unit, self.period, self.value.text, self.value.code,
                      self.asked_value.text, self.asked_value.code):  # fmt: skip
            field.committed.connect(self._outdated)
        self._outdated()

    def open(self) -> None:
        """Offer what there is; the focus goes to the kind of record."""
        self.kind.set_options(_options(presenter.kind_options()))
        self.unit.set_options(_options(self.desk.read(presenter.unit_options)))
        if not self.kind.value():
            self.kind.set_value("session")
            self._follow_kind()
        self.kind.setFocus()

    def search(self) -> None:
        """To the form."""
        self.kind.setFocus()

    def refresh(self, changes: ChangeSet) -> None:
        """What was looked at may be otherwise by now."""
        del changes
        self._outdated()

    def next_problem(self) -> bool:
        """Go to the next record that cannot be changed."""
        self.list.setFocus()
        return self.list.select_next((CANNOT,))

    def _follow_kind(self) -> None:
        kind = self.kind.value()
        self.field.set_options(_options(presenter.setting_options(kind)))
        self.asked.set_options(_options(presenter.asking_options(kind)))
        for field, value in ((self.field, self.value), (self.asked, self.asked_value)):
            field.set_value("")
            value.offer([])
        self._outdated()

    def _follow_field(self, field: CodeChoice, value: Value) -> None:
        kind, name = self.kind.value(), field.value()
        value.offer(self.desk.read(lambda ws: presenter.value_options(ws, kind, name)))
        self._outdated()

    def _outdated(self) -> None:
        self._batch = None
        self.deeds["Ctrl+S"].setEnabled(False)
        self.line.setText(_("F5 shows which records would change; nothing is written by it."))

    def _wanted(self) -> Wanted | None:
        for one in (self.kind, self.unit, self.period, self.asked, self.asked_value, self.field,
                    self.value, self.why):  # fmt: skip
            one.commit()
        if not self.kind.value() or not self.field.value():
            self.desk.say(_("Choose the records and the field to set first."), Tone.NOTE)
            (self.field if self.kind.value() else self.kind).setFocus()
            return None
        try:
            period = presenter.checked_period(self.period.value())
        except Refusal as refusal:
            self.desk.feedback.refuse(refusal)
            self.period.setFocus()
            return None
        asked = self.asked.value()
        where = ((asked, self.asked_value.value()),) if asked else ()
        return Wanted(
            self.kind.value(), self.field.value(), self.value.value() or None, where,
            self.unit.value(), period,
        )  # fmt: skip

    def look(self) -> None:
        """F5: show what would change."""
        wanted = self._wanted()
        if wanted is None:
            return

        def job(workspace: Workspace, progress: Progress) -> tuple[Batch, tuple[Row, ...]]:
            batch = look(workspace, wanted, progress=progress)
            return batch, presenter.batch_rows(workspace, batch)

        self.desk.look_up(_("Looking for the records"), job, self._show)

    def _show(self, found: tuple[Batch, tuple[Row, ...]]) -> None:
        self._batch, rows = found
        self.list.show_rows(rows)
        self.line.setText(presenter.batch_line(self._batch))
        possible = bool(self._batch.count("change"))
        self.deeds["Ctrl+S"].setEnabled(possible)
        if possible and not self.why.value():
            self.why.setFocus()
        elif rows:
            self.list.setFocus()

    def finish(self) -> None:
        """Ctrl+S: do what was looked at, with the reason."""
        self.why.commit()
        if self._batch is None:
            self.desk.say(_("Look at the preview first (F5)."), Tone.NOTE)
            return
        if not self.why.value():
            self.desk.say(_("Write the reason: it stays with every record."), Tone.WARNING)
            self.why.setFocus()
            return
        wanted, why, operator = self._batch.wanted, self.why.value(), self.desk.operator

        def done(result: BatchDone) -> None:
            said = {
                "count": result.batch.count("change"),
                "left": result.batch.count(CANNOT),
            }
            text = _("%(count)s records changed, %(left)s left out.")
            self.desk.say_done(render(text, said), result)

        self.desk.write(
            _("Changing records"),
            lambda ws, progress: carry_out(
                ws, wanted, why=why, operator=operator, progress=progress
            ),
            done,
        )


def _options(pairs: list[tuple[str, str]]) -> list[Option]:
    return [Option(code, label) for code, label in pairs]
