"""When an activity is held: weekday, time, how often, where, by whom, and the days themselves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.schedules import MOST_LESSONS, on_or_after
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.plans import Plan
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.screens.activity.presenter import Day, Editing, Lesson, days_of
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.fields import DateField, NumberField, TimeField
from learnsite_desktop.ui.widgets.form import FieldForm
from learnsite_desktop.ui.widgets.names import NameChoice, NameChoices

WEEKDAYS: Final = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"),
    N_("Sunday"),
)  # fmt: skip
_ROLE: Final = Qt.ItemDataRole.UserRole


def day_text(day: date, today: date) -> str:
    """Return a day with its weekday, the year only if it is not this year's."""
    shown = f"{day:%m-%d}" if day.year == today.year else day.isoformat()
    return f"{shown} {_(WEEKDAYS[day.isoweekday() - 1])}"


class LessonsPanel(QObject):
    """The schedule: fields, and under them the lessons that are there and those to come.

    Space leaves a day to come out, Enter on a lesson that is there opens its roll call.
    """

    committed = Signal()
    opened = Signal(object)
    """The record of a session."""

    def __init__(self, form: FieldForm, today: Callable[[], date]) -> None:
        """Add the fields to `form`, with which the panel lives and goes."""
        super().__init__(form)
        self._today = today
        self._plan = Plan()
        self._lessons: tuple[Lesson, ...] = ()
        self._new = True
        self.form = form
        options = [Option(f"{number}", _(name)) for number, name in enumerate(WEEKDAYS, start=1)]
        self.weekday = CodeChoice(_("Weekday"), options)
        self.first = DateField(_("First lesson"), today)
        self.start, self.end = TimeField(_("Start")), TimeField(_("End"))
        self.count = NumberField(_("Lessons"), high=MOST_LESSONS)
        self.venue = NameChoice(_("Place"), ())
        self.teachers = NameChoices(_("Teachers"), ())
        self.site = NameChoice(_("Site"), ())
        for field in (
            self.weekday, self.first, self.start, self.end, self.count, self.teachers, self.venue,
            self.site,
        ):  # fmt: skip
            name = field.field.accessibleName() if isinstance(field, NameChoices) else ""
            caption = self.form.add(name or field.accessibleName(), field)
            if field is self.site:
                self._site_caption = caption
            if field is self.count:
                self._count_caption = caption
        self.list = QListWidget()
        self.list.setAccessibleName(_("Days of the lessons; Space leaves one out"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.installEventFilter(self)
        self.list.itemActivated.connect(self._activate)
        self.list.itemChanged.connect(self._checked)
        self.weekday.committed.connect(self._to_weekday)
        self.first.committed.connect(self._from_first)
        for field in (self.start, self.end, self.count):
            field.committed.connect(self._changed)
        for choice in (self.venue, self.teachers, self.site):
            choice.committed.connect(self._said)
        theme.signals().changed.connect(self._show_days)

    # Showing

    def show_editing(self, editing: Editing) -> None:
        """Show an activity's schedule."""
        plan = editing.plan
        self._plan, self._lessons, self._new = plan, editing.lessons, editing.new
        for kind, widget in (
            ("staff", self.teachers), ("venue", self.venue), ("site", self.site),
        ):  # fmt: skip
            widget.set_options([Option(code, name) for code, name in editing.names[kind]])
        self.first.set_value(plan.first)
        self._show_weekday()
        self.start.set_value(plan.start)
        self.end.set_value(plan.end)
        self.count.set_number(plan.count or None)
        self.venue.set_value(plan.venue or "")
        self.teachers.set_values(plan.teachers or ())
        site = str(editing.fields.get("site") or "")
        self.site.set_value(f"={plan.site}" if plan.site else site)
        self._count_caption.setText(_("Lessons") if editing.new else _("Add lessons"))
        asks = editing.new and (len(editing.names["site"]) != 1 or bool(plan.site))
        self.site.setVisible(asks)
        self._site_caption.setVisible(asks)
        for field in (*self.fields(), self.teachers):
            self.form.problem(field, "")
        self._show_days()
        to_come = (row for row, one in enumerate(self._lessons) if one.status == "planned")
        self.list.setCurrentRow(next(to_come, max(len(self._lessons) - 1, 0)))

    def fields(self) -> tuple[QWidget, ...]:
        """The fields of one line."""
        return (
            self.weekday, self.first, self.start, self.end, self.count, self.venue, self.site,
        )  # fmt: skip

    def _show_weekday(self) -> None:
        day = as_date(self.first.value())
        self.weekday.set_value(str(day.isoweekday()) if day else "")

    def set_count(self, count: int) -> None:
        """Show another number of lessons."""
        self.count.set_number(count or None)
        self._changed()

    def plan(self) -> Plan:
        """Return the schedule as shown; roster and reasons are those of the plan begun with."""
        return self._plan

    def site_value(self) -> tuple[str, str]:
        """Return (record, "") of the site chosen, or ("", name) of one to be made."""
        value = self.site.value()
        return ("", value[1:]) if value.startswith("=") else (value, "")

    # Changing

    def _to_weekday(self) -> None:
        day = as_date(self.first.value())
        if day is not None and self.weekday.value():
            self.first.set_value(on_or_after(day, int(self.weekday.value())).isoformat())
        self._changed()

    def _from_first(self) -> None:
        self._show_weekday()
        self._changed()

    def _said(self) -> None:
        """Teachers or place were chosen: of lessons that are there they hold from now on."""
        if not self._new:
            self._plan = replace(self._plan, from_now_on=True)
        self._changed()

    def _changed(self) -> None:
        self._plan = replace(
            self._plan,
            first=self.first.value(),
            start=self.start.value(),
            end=self.end.value(),
            count=self.count.value() or 0,
            teachers=tuple(self.teachers.values()),
            venue=self.venue.value(),
            site=self.site_value()[1] if self._new else "",
        )
        self._show_days()
        self.committed.emit()

    # Days

    def _show_days(self) -> None:
        row = self.list.currentRow()
        self.list.blockSignals(True)
        self.list.clear()
        for lesson in self._lessons:
            self.list.addItem(self._lesson_item(lesson))
        for day in days_of(self._plan):
            self.list.addItem(self._day_item(day))
        self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
        self.list.blockSignals(False)

    def _lesson_item(self, lesson: Lesson) -> QListWidgetItem:
        day = as_date(lesson.date)
        word = shipped_codes().label("session_status", lesson.status, language())
        when = day_text(day, self._today()) if day else lesson.date
        item = QListWidgetItem(f"{when}  {lesson.start}  {word}")
        item.setData(_ROLE, lesson.record)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        return item

    def _day_item(self, day: Day) -> QListWidgetItem:
        parts = [day_text(day.day, self._today())]
        if day.number:
            number = len(self._lessons) + day.number
            parts.append(render(N_("lesson %(number)s"), {"number": number}))
        else:
            parts.append(_("left out"))
        if day.holiday:
            parts.append(_(day.holiday))
        item = QListWidgetItem("  ".join(parts))
        item.setFlags(
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsUserCheckable
        )
        item.setCheckState(Qt.CheckState.Checked if day.number else Qt.CheckState.Unchecked)
        item.setData(_ROLE, day.day)
        if day.holiday or not day.number:
            tone = "warning" if day.holiday and day.number else "muted"
            item.setForeground(QColor(theme.tokens().colour(tone)))
        return item

    def _checked(self, item: QListWidgetItem) -> None:
        day = item.data(_ROLE)
        if not isinstance(day, date):
            return
        left_out = {*self._plan.left_out}
        if item.checkState() == Qt.CheckState.Checked:
            left_out.discard(day.isoformat())
        else:
            left_out.add(day.isoformat())
        self._plan = replace(self._plan, left_out=tuple(sorted(left_out)))
        self._show_days()
        self.committed.emit()

    def _activate(self, item: QListWidgetItem) -> None:
        record = item.data(_ROLE)
        if isinstance(record, str):
            self.opened.emit(record)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter opens the lesson."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            item = self.list.currentItem()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
                self._activate(item)
                return True
        return super().eventFilter(watched, event)
