"""Which of what waits is shown: the group (F3), the unit (Ctrl+F), the period (F4)."""

from collections import Counter
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services import session_list
from learnsite_desktop.services.units import list_units
from learnsite_desktop.services.work_queue import GROUPS, TO_DO
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.screens.review.words import GROUP_WORDS
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.flow import FlowLayout

ALL: Final = "all"


def unit_options(workspace: Workspace) -> list[Option]:
    """Return all units, then each below this one by code."""
    names = {str(row["code"]): str(row["name"]) for row in list_units(workspace)}
    below = lookups.units_within(workspace.database, workspace.unit)
    own = [Option(code, names.get(code, code)) for code in below if code != workspace.unit]
    return [Option(ALL, _("All units")), *sorted(own, key=lambda one: one.code)]


def period_options(workspace: Workspace) -> list[Option]:
    """Return all time, then years and months with sessions."""
    periods = session_list.months(workspace, workspace.clock.now().date())
    return [Option(ALL, _("All time")), *(Option(period, period) for period in periods)]


class Filters(QWidget):
    """Buttons of the groups with their counts, and two choices.

    `changed` tells of a group chosen, `narrowed` of another unit or period, `left` that the
    keyboard belongs to the list again.
    """

    changed = Signal()
    narrowed = Signal()
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.group = ""
        self._counts: Counter[str] = Counter()
        self._buttons: dict[str, QPushButton] = {}
        chips = QWidget()
        self._flow = FlowLayout(chips)
        for name in ("", *GROUPS):
            button = QPushButton()
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked=False, group=name: self.choose(group))
            self._flow.addWidget(button)
            self._buttons[name] = button
        self.unit = CodeChoice(_("Unit"), ())
        self.period = CodeChoice(_("Period"), ())
        self.told = QLabel()
        self.told.setProperty("role", "muted")
        for field in (self.unit, self.period):
            field.committed.connect(self.narrowed.emit)
            field.returnPressed.connect(self.left.emit)
        line = QHBoxLayout()
        for text, widget, share in (
            (_("Unit (Ctrl+F)"), self.unit, 2),
            (_("Period (F4)"), self.period, 1),
        ):
            label = QLabel(text)
            label.setBuddy(widget)
            line.addWidget(label)
            line.addWidget(widget, share)
        line.addWidget(self.told, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(chips)
        column.addLayout(line)

    def load(self, *, fresh: bool) -> None:
        """Fill the choices; `fresh` begins with all units and all time."""
        self.unit.set_options(self._desk.read(unit_options))
        self.period.set_options(self._desk.read(period_options))
        if fresh:
            self.unit.set_value(ALL)
            self.period.set_value(ALL)

    def enter_unit(self) -> None:
        """Put the focus into the choice of the unit, to be typed over."""
        self.unit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.unit.selectAll()

    def enter_period(self) -> None:
        """Put the focus into the choice of the period, to be typed over."""
        self.period.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.period.selectAll()

    def wanted(self) -> tuple[str, str]:
        """Return unit and period, "" for all."""
        unit, period = (field.read(field.text()) or ALL for field in (self.unit, self.period))
        return "" if unit == ALL else unit, "" if period == ALL else period

    def show_counts(self, counts: Counter[str]) -> None:
        """Say how many there are of each group; empty ones are not shown."""
        self._counts = counts
        for name, button in self._buttons.items():
            count = sum(counts[one] for one in TO_DO) if not name else counts[name]
            word = _(GROUP_WORDS[name]) if name else _("All to do")
            button.setText(f"{word} {count}")
            button.setVisible(not name or bool(count) or name == self.group)
            button.setChecked(name == self.group)
        self._flow.invalidate()

    def choose(self, group: str) -> None:
        """Show one group, or all that is to be done."""
        self.group = group
        self.show_counts(self._counts)
        self.changed.emit()

    def turn(self, step: int) -> None:
        """Go to the next group that has something, or back."""
        # The group one has just worked off is empty by now: it goes on from there all the same.
        names = [n for n in ("", *GROUPS) if not n or self._counts[n] or n == self.group]
        self.choose(names[(names.index(self.group) + step) % len(names)])
