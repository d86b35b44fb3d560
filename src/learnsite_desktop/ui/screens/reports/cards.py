"""Cards of the screen of reports: the official cells, and a table that a department asks for."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.official.statutory import LABELS, OF_TABLE
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.screens.reports.presenter import Choice
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.form import FieldForm
from learnsite_desktop.ui.widgets.scrolled import scrolled

Keep = Callable[[list[str]], None]


class StatutoryCard(Card):
    """The official cells of a table: asked once, kept for the next time."""

    def __init__(self) -> None:
        super().__init__()
        self._keep: Keep | None = None
        self._form = FieldForm()
        self.fields = {name: TextField(_(text)) for name, text in LABELS.items()}
        for name, field in self.fields.items():
            hint = _("for this table") if name in OF_TABLE else _("for all tables of this unit")
            self._form.add(_(LABELS[name]), field)
            field.setPlaceholderText(hint)
        self._form.enter.finished.connect(self.save)
        self.body.addWidget(scrolled(self._form), 1)
        self.add_button(QPushButton(_("Keep the cells (Ctrl+S)"))).clicked.connect(self.save)
        self.add_button(QPushButton(_("Let it be (Esc)"))).clicked.connect(self.shut)

    def show_cells(self, title: str, cells: Mapping[str, str], keep: Keep) -> None:
        """Show the cells of a table; `keep` gets what was changed."""
        self._keep = keep
        self.title.setText(render(_("Official cells of “%(name)s”"), {"name": title}))
        for name, field in self.fields.items():
            field.set_value(cells.get(name, ""))
        self.show()
        empty = [field for name, field in self.fields.items() if not cells.get(name)]
        (empty or list(self.fields.values()))[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Give back all cells."""
        for field in self.fields.values():
            field.commit()
        values = [f"{name}={field.value()}" for name, field in self.fields.items()]
        keep = self._keep
        self.shut()
        if keep is not None:
            keep(values)


Register = Callable[[Path, str, str], None]


class TableCard(Card):
    """A table that a department asks for: who, and under which name."""

    def __init__(self) -> None:
        super().__init__()
        self._path = Path()
        self._register: Register | None = None
        self._form = FieldForm()
        self.name = TextField(_("Name of the table"))
        self.department = CodeChoice(_("Department"), ())
        self._form.add(_("Name of the table"), self.name)
        self._form.add(_("Department"), self.department)
        self._form.enter.finished.connect(self.save)
        self.body.addWidget(self._form)
        self.add_button(QPushButton(_("Register (Ctrl+S)"))).clicked.connect(self.save)
        self.add_button(QPushButton(_("Let it be (Esc)"))).clicked.connect(self.shut)

    def ask(self, path: Path, departments: Sequence[Choice], register: Register) -> None:
        """Ask who wants the table in `path`."""
        self._path, self._register = path, register
        self.title.setText(render(_("Register the table %(name)s"), {"name": path.name}))
        self.department.set_options([Option(code, text) for code, text in departments])
        self.name.set_value(path.stem)
        self.department.set_value("")
        self.show()
        self.department.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Register the table."""
        self.name.commit()
        self.department.commit()
        if not self.department.value():
            self._form.problem(self.department, _("Choose who asks for it."))
            self.department.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        register, path = self._register, self._path
        name, department = self.name.value(), self.department.value()
        self.shut()
        if register is not None:
            register(path, name, department)
