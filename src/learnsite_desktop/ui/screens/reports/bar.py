"""The line of choices: department, period, unit, basis, tree."""

from collections.abc import Sequence

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.official.asked import Asked
from learnsite_desktop.ui.screens.reports.presenter import BASES, TREES, Choice

_DEPARTMENT = "reports_department"


class Bar(QWidget):
    """What is asked for. `changed` tells that another choice was made."""

    changed = Signal()

    def __init__(self, kept: QSettings) -> None:
        """`kept` are the preferences of this window; the department last chosen stands there."""
        super().__init__()
        self._kept = kept
        self.department, self.period, self.unit = QComboBox(), QComboBox(), QComboBox()
        self.basis, self.tree = QComboBox(), QComboBox()
        names = (_("Department"), _("Period"), _("Unit"), _("basis"), _("which units"))
        boxes = (self.department, self.period, self.unit, self.basis, self.tree)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for name, box in zip(names, boxes, strict=True):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(lambda _place: self._chosen())
            row.addWidget(box)
        row.addStretch(1)
        for box, words in ((self.basis, BASES), (self.tree, TREES)):
            for code, text in words.items():
                box.addItem(_(text), code)

    def offer(
        self, departments: Sequence[Choice], periods: Sequence[Choice], units: Sequence[Choice]
    ) -> None:
        """Offer choices; what was chosen before stays where it is still offered."""
        former = str(self._kept.value(_DEPARTMENT, ""))
        for box, choices in (
            (self.department, departments),
            (self.period, periods),
            (self.unit, units),
        ):
            kept = box.currentData() or (former if box is self.department else None)
            box.clear()
            for code, text in choices:
                box.addItem(text, code)
            box.setCurrentIndex(max(0, box.findData(kept)))

    def choose(self, period: str) -> None:
        """Choose a period, adding it where it is not offered."""
        if self.period.findData(period) < 0:
            self.period.addItem(period, period)
        self.period.setCurrentIndex(self.period.findData(period))

    def asked(self) -> Asked:
        """Return what is asked for."""
        return Asked(
            period=str(self.period.currentData()),
            unit=str(self.unit.currentData() or ""),
            basis=str(self.basis.currentData()),
            tree=str(self.tree.currentData()),
        )

    def chosen_department(self) -> str:
        """Return the department's code."""
        return str(self.department.currentData() or "")

    def _chosen(self) -> None:
        self._kept.setValue(_DEPARTMENT, self.chosen_department())
        self.changed.emit()
