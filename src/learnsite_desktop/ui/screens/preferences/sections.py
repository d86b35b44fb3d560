"""The parts of the settings: each a card with a heading."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.operators import Operator
from learnsite_desktop.services.policy import Setting
from learnsite_desktop.services.unit_card import UnitCard
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.screens.preferences import presenter
from learnsite_desktop.ui.widgets.fields import NumberField, TextField
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.form import FieldForm

_ID = Qt.ItemDataRole.UserRole


class Section(QFrame):
    """A card with a heading; parts go into `body`."""

    def __init__(self, heading: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        title = QLabel(heading)
        title.setProperty("role", "heading")
        self.body = QVBoxLayout(self)
        self.body.addWidget(title)


class OneOf(QWidget):
    """A few choices side by side; arrows go from one to the next."""

    chosen = Signal(object)
    """The code of what was chosen."""

    def __init__(self, name: str, options: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QRadioButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for code, label in options:
            button = QRadioButton(label)
            button.setAccessibleName(f"{name}: {label}")
            self._buttons[code] = button
            self._group.addButton(button)
            button.clicked.connect(lambda _on, code=code: self.chosen.emit(code))
            row.addWidget(button)
        row.addStretch(1)
        self.setFocusProxy(next(iter(self._buttons.values())))

    def show_value(self, code: str) -> None:
        """Show what holds at present; nothing is told."""
        button = self._buttons.get(code)
        if button is not None:
            button.setChecked(True)
            self.setFocusProxy(button)


class ManyOf(QWidget):
    """Several choices of which any may hold; Tab goes from one to the next, Space sets it."""

    chosen = Signal(object)
    """What holds now: codes with commas between them."""

    def __init__(
        self, name: str, options: Sequence[tuple[str, str]], *, needed: bool = False
    ) -> None:
        """With `needed` the last one that is ticked stays so."""
        super().__init__()
        self.setAccessibleName(name)
        self._needed = needed
        self._others: list[str] = []
        self.boxes: dict[str, QCheckBox] = {}
        row = FlowLayout(self, gap=6)
        for code, label in options:
            box = QCheckBox(label)
            box.setAccessibleName(f"{name}: {label}")
            self.boxes[code] = box
            box.clicked.connect(lambda *_, box=box: self._tell(box))
            row.addWidget(box)
        if self.boxes:
            self.setFocusProxy(next(iter(self.boxes.values())))

    def _tell(self, box: QCheckBox) -> None:
        if self._needed and not self.value():
            box.setChecked(True)
        else:
            self.chosen.emit(self.value())

    def show_value(self, text: str) -> None:
        """Show what holds at present; nothing is told. Codes unknown here are kept."""
        held = [code for code in text.split(",") if code]
        self._others = [code for code in held if code not in self.boxes]
        for code, box in self.boxes.items():
            box.setChecked(code in held)

    def value(self) -> str:
        """What holds."""
        held = [code for code, box in self.boxes.items() if box.isChecked()]
        return ",".join([*held, *self._others])


class LookSection(Section):
    """Size of letters, light or dark, language."""

    def __init__(self) -> None:
        super().__init__(_("Look"))
        self.letters = OneOf(
            _("Size of letters"),
            [
                (str(points), render(_("%(points)s pt"), {"points": points}))
                for points in theme.POINTS
            ],
        )
        self.dark = OneOf(_("Colours"), [("light", _("Light")), ("dark", _("Dark"))])
        self.language = OneOf(_("Language"), [("zh", "中文"), ("en", "English")])
        form = FieldForm()
        form.add(_("Size of letters"), self.letters, hint=_("At once; also with Ctrl++ and Ctrl+-"))
        form.add(_("Colours"), self.dark)
        form.add(_("Language"), self.language, hint=_("At once, and at the next start"))
        self.body.addWidget(form)


class OperatorSection(Section):
    """The list of those who work here."""

    added = Signal(object)
    """A new name."""
    renamed = Signal(object)
    """(record id, new name)."""
    left = Signal(object)
    """(record id, whether they come back)."""

    def __init__(self) -> None:
        super().__init__(_("Who works here"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Operators"))
        self.list.currentItemChanged.connect(self._follow)
        self.name = TextField(_("Name"), placeholder=_("A name"))
        self.name.textChanged.connect(self._follow)
        self.name.returnPressed.connect(self._add)
        self.add = QPushButton(_("Add (Enter)"))
        self.rename = QPushButton(_("Rename the chosen one"))
        self.leave = QPushButton()
        self.add.clicked.connect(self._add)
        self.rename.clicked.connect(self._rename)
        self.leave.clicked.connect(self._leave)
        buttons = QHBoxLayout()
        for button in (self.add, self.rename, self.leave):
            buttons.addWidget(button)
        buttons.addStretch(1)
        hint = QLabel(_("F2 changes who works at the moment. Nobody is ever taken off entries."))
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        for part in (self.list, self.name):
            self.body.addWidget(part)
        self.body.addLayout(buttons)
        self.body.addWidget(hint)
        self._operators: dict[str, Operator] = {}
        self._fit()
        theme.signals().changed.connect(self._fit)

    def show_operators(self, operators: list[Operator], present: str) -> None:
        """List them; who works at the moment is chosen unless another was."""
        before = self._current()
        self._operators = {one.id: one for one in operators}
        self.list.blockSignals(True)
        self.list.clear()
        for one in operators:
            item = QListWidgetItem(presenter.operator_text(one))
            item.setData(_ID, one.id)
            self.list.addItem(item)
            if one.id == (before.id if before else present):
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._follow()

    def clear_name(self) -> None:
        """Empty the field after its name was taken."""
        self.name.set_value("")

    def _current(self) -> Operator | None:
        place = self.list.currentRow()
        return self._operators.get(str(self.list.item(place).data(_ID))) if place >= 0 else None

    def _follow(self, *_args: object) -> None:
        one, typed = self._current(), bool(self.name.text().strip())
        self.add.setEnabled(typed)
        self.rename.setEnabled(typed and one is not None)
        self.leave.setEnabled(one is not None)
        self.leave.setText(_("Back again") if one and one.until else _("No longer here"))

    def _add(self) -> None:
        name = self.name.text().strip()
        if name:
            self.added.emit(name)

    def _rename(self) -> None:
        one, name = self._current(), self.name.text().strip()
        if one and name:
            self.renamed.emit((one.id, name))

    def _leave(self) -> None:
        one = self._current()
        if one:
            self.left.emit((one.id, bool(one.until)))

    def _fit(self) -> None:
        self.list.setFixedHeight(self.fontMetrics().height() * 7)


class PolicySection(Section):
    """The policy in force; what a unit above has set is grey."""

    set_to = Signal(object)
    """(key, value)."""

    def __init__(self) -> None:
        super().__init__(_("Rules in force"))
        self._form: FieldForm | None = None
        self.fields: dict[str, QWidget] = {}

    def show_policy(self, settings: list[Setting]) -> None:
        """Show the settings, made anew because who sets them may have changed."""
        if self._form is not None:
            self._form.hide()
            self._form.deleteLater()
        self._form = FieldForm()
        self.fields = {}
        for one in settings:
            hint = _(presenter.POLICY_HINTS.get(one.key, ""))
            if one.above:
                hint = f"{_('Set by the unit above')} · {hint}"
            field = self._field(one)
            field.setEnabled(not one.above)
            self.fields[one.key] = field
            self._form.add(_(presenter.POLICY_LABELS.get(one.key, one.key)), field, hint=hint)
        self.body.addWidget(self._form)

    def _field(self, one: Setting) -> QWidget:
        label = _(presenter.POLICY_LABELS.get(one.key, one.key))
        if one.choices:
            named = presenter.CHOICE_LABELS.get(one.key, {})
            words = [(code, _(named.get(code, code))) for code in one.choices]
            choice = OneOf(label, words)
            choice.show_value(one.value)
            choice.chosen.connect(lambda code: self.set_to.emit((one.key, str(code))))
            return choice
        if one.several:
            several = ManyOf(label, one.several, needed=one.needed)
            several.show_value(one.value)
            several.chosen.connect(lambda value: self.set_to.emit((one.key, str(value))))
            return several
        if one.numbers:
            number = NumberField(label, low=one.numbers[0], high=one.numbers[1])
            number.set_number(int(one.value))
            number.committed.connect(lambda: self._set_number(one.key, number))
            return number
        text = TextField(label)
        text.set_value(one.value)
        text.committed.connect(lambda: self.set_to.emit((one.key, text.value())))
        return text

    def _set_number(self, key: str, field: NumberField) -> None:
        value = field.value()
        if value is not None:
            self.set_to.emit((key, str(value)))


class CardSection(Section):
    """Who we are: for telephone calls with the township."""

    def __init__(self, open_folder: Callable[[], None], check: Callable[[], None]) -> None:
        super().__init__(_("This unit"))
        self._rows = QGridLayout()
        self._rows.setColumnStretch(1, 1)
        self.body.addLayout(self._rows)
        buttons = FlowLayout()
        for text, deed in (
            (_("Show the folder"), open_folder),
            (_("Self-check and diagnostics pack F6"), check),
        ):
            button = QPushButton(text)
            button.clicked.connect(deed)
            buttons.addWidget(button)
        self.body.addLayout(buttons)

    def show_card(self, card: UnitCard) -> None:
        """Show the card."""
        while self._rows.count():
            former = self._rows.takeAt(0).widget()
            former.hide()
            former.deleteLater()
        for row, (label, value) in enumerate(presenter.card_rows(card)):
            caption = QLabel(label)
            caption.setProperty("role", "muted")
            caption.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
            self._rows.addWidget(caption, row, 0)
            self._rows.addWidget(_value(label, value), row, 1)


def _value(label: str, value: str) -> QWidget:
    """Return lines that can be copied; one too long for the card is read by moving along it."""
    lines = QWidget()
    column = QVBoxLayout(lines)
    column.setContentsMargins(0, 0, 0, 0)
    for text in value.splitlines():
        line = QLineEdit(text)
        line.setReadOnly(True)
        line.setFrame(False)
        line.setAccessibleName(label)
        line.setToolTip(text)
        line.setCursorPosition(0)
        column.addWidget(line)
    return lines
