"""The left side of the import: what the table is taken for, and what its columns mean."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import roster
from learnsite_desktop.ui.screens.roster_import.models import ColumnsModel
from learnsite_desktop.ui.screens.roster_import.presenter import (
    KINDS,
    Places,
    Wish,
    column_lines,
    has_ages,
    meanings,
)
from learnsite_desktop.ui.widgets import tables
from learnsite_desktop.ui.widgets.choices import Adding, CodeChoice, CodeChoices, Option
from learnsite_desktop.ui.widgets.fields import DateField
from learnsite_desktop.ui.widgets.form import FieldForm

LEFT_OUT = "0"


class Titles(CodeChoice):
    """A choice among titles, in the list without the numbers behind them."""

    def line(self, option: Option) -> str:
        """Return the title."""
        return option.label


class _AddingTitle(Adding):
    """The field of several titles."""

    def line(self, option: Option) -> str:
        """Return the title."""
        return option.label


class SheetChoices(CodeChoices):
    """Some of the sheets; none chosen means all."""

    def adding(self, name: str, options: Sequence[Option]) -> Adding:
        """Return a field without numbers in its list."""
        return _AddingTitle(name, options)


class Options(QWidget):
    """`wanted` brings the wish as it was changed."""

    wanted = Signal(object)

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._wish: Wish | None = None
        self._places = Places((), ())
        self._sheets: Sequence[str] = ()
        self._fields: Sequence[str] = ()
        kinds = [Option(str(place), _(text)) for place, text in enumerate(KINDS.values(), start=1)]
        self.kind = CodeChoice(_("Take it as"), kinds)
        self.activity = Titles(_("Class"), [])
        self.site = Titles(_("Site"), [])
        self.sheets = SheetChoices(_("Sheets"), [])
        self.as_of = DateField(_("Ages counted on"), today)
        self.form = FieldForm()
        for label, widget, hint in (
            (_("Take it as"), self.kind, ""),
            (_("Class"), self.activity, _("Who is in the list is put on its roster.")),
            (_("Site"), self.site, ""),
            (_("Sheets"), self.sheets, _("none chosen: all of them")),
            (_("Ages counted on"), self.as_of, ""),
        ):
            self.form.add(label, widget, hint=hint)
            widget.committed.connect(self._said)
        self.columns = ColumnsModel()
        self.table = QTableView()
        self.table.setModel(self.columns)
        tables.settle(self.table, _("Columns of the file"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.activated.connect(lambda _index: self.focus_meaning())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._follow_column())
        self.meaning = CodeChoice(_("Column means"), [])
        self.meaning.committed.connect(self._map)
        self._mapping = FieldForm()
        self._mapping_caption = self._mapping.add(
            _("Column means"), self.meaning, hint=_("Type a number or a part of the word.")
        )
        self._lay_out()

    def _lay_out(self) -> None:
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        column.addWidget(self.table, 1)
        column.addWidget(self._mapping)

    # Showing

    def show_wish(self, wish: Wish, places: Places, table: roster.Table) -> None:
        """Show what a file is to be taken for."""
        self._wish, self._places = wish, places
        self._sheets = [sheet.name for sheet in table.sheets if sheet.visible]
        self.kind.set_value(str(list(KINDS).index(wish.kind) + 1))
        for choice, named, chosen in (
            (self.activity, places.classes, wish.activity),
            (self.site, places.sites, wish.site),
        ):
            records = [record for record, _name in named]
            choice.set_options([Option(str(at), name) for at, (_record, name) in enumerate(named)])
            choice.set_value(str(records.index(chosen)) if chosen in records else "")
        self.sheets.set_options([Option(str(at), name) for at, name in enumerate(self._sheets)])
        self.sheets.set_values([str(self._sheets.index(name)) for name in wish.sheets])
        self.as_of.set_value(wish.as_of.isoformat() if wish.as_of else "")
        self.form.show_row(self.activity, shown=wish.kind == "roster")
        self.form.show_row(self.site, shown=wish.kind == "ledger" and len(places.sites) > 1)
        self.form.show_row(self.sheets, shown=len(self._sheets) > 1)
        self.form.show_row(self.as_of, shown=False)

    def show_preview(self, seen: roster.Preview) -> None:
        """Show what the columns are taken for; the current one stays."""
        self.form.show_row(self.as_of, shown=has_ages(seen))
        row = max(self.table.currentIndex().row(), 0)
        self._fields = [name for name, _text in meanings(seen)]
        options = [Option(str(at), text) for at, (_name, text) in enumerate(meanings(seen), 1)]
        self.meaning.set_options([Option(LEFT_OUT, _("leave it out")), *options])
        self.columns.show(column_lines(seen))
        self.table.setCurrentIndex(self.columns.index(min(row, len(self.columns.lines) - 1), 0))
        self._follow_column()

    def _follow_column(self) -> None:
        row = self.table.currentIndex().row()
        known = 0 <= row < len(self.columns.lines)
        self._mapping.setVisible(known)
        if known:
            line = self.columns.lines[row]
            named = render(_("%(heading)s means"), {"heading": line.heading or line.letter})
            self._mapping_caption.setText(named)
            labels = ["", *(_(roster.field_label(name)) for name in self._fields)]
            self.meaning.set_value(str(labels.index(line.meaning)))

    def focus_meaning(self) -> None:
        """Enter on a column: say what it means."""
        self.meaning.setFocus(Qt.FocusReason.TabFocusReason)
        self.meaning.selectAll()

    # Saying

    def _said(self) -> None:
        wish = self._wish
        if wish is None:
            return
        kind = list(KINDS)[int(self.kind.value() or 1) - 1]
        day = self.as_of.value()
        new = replace(
            wish,
            kind=kind,
            activity=_record(self._places.classes, self.activity.value()),
            site=_record(self._places.sites, self.site.value()),
            sheets=tuple(self._sheets[int(code)] for code in self.sheets.values()),
            as_of=date.fromisoformat(day) if day else None,
            mapping=wish.mapping if (kind == "ledger") == (wish.kind == "ledger") else {},
        )
        self.wanted.emit(new)

    def _map(self) -> None:
        row = self.table.currentIndex().row()
        if self._wish is None or not 0 <= row < len(self.columns.lines):
            return
        place = int(self.meaning.value() or LEFT_OUT)
        name = self._fields[place - 1] if place else ""
        self.table.setFocus()
        self.wanted.emit(self._wish.mapped(self.columns.lines[row].key, name))


def _record(named: Sequence[tuple[str, str]], code: str) -> str:
    return named[int(code)][0] if code else ""
