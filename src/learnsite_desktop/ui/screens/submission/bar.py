"""The line to hand in with: which month, to what place, and the key that does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.screens.submission.presenter import place_label
from learnsite_desktop.ui.widgets.elided import Elided

_FOLDER: Final = "hand_in_folder"


@dataclass(frozen=True, slots=True)
class Where:
    """A place for the file; `folder` of the first two.

    `kind` is stick | folder | chat | pictures | choose.
    """

    kind: str
    folder: Path | None = None


class Bar(QWidget):
    """Month, place and the button. `period_chosen` tells that somebody chose another month.

    `found` is a line, to be shown near by, that tells of a stick.
    """

    period_chosen = Signal()

    def __init__(self, kept: QSettings, parent: QWidget | None = None) -> None:
        """`kept` are the preferences of this window; the folder last chosen stands there."""
        super().__init__(parent)
        self._kept = kept
        self._sticks: list[Path] = []
        former = str(kept.value(_FOLDER, ""))
        self._folders = [Path(former)] if former and Path(former).is_dir() else []
        self._months, self._places = QComboBox(), QComboBox()
        self._months.setAccessibleName(_("Month"))
        self._places.setAccessibleName(_("Where to put the file"))
        for box in (self._months, self._places):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._months.activated.connect(lambda _place: self.period_chosen.emit())
        self.hand_in = QPushButton(_("Hand in (Enter)"))
        self.hand_in.setProperty("role", "primary")
        self.hand_in.setAutoDefault(True)
        icons.tint(self.hand_in, "submit", "on_accent")
        self._to = Elided()
        self.found = QLabel()
        self.found.setProperty("tone", "ok")
        self.found.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self._months, self._to, self._places, self.hand_in):
            row.addWidget(widget)
        row.addStretch(1)
        self.show_drives([])

    # Months

    def show_months(self, months: Sequence[tuple[str, str]], wanted: str, above: str) -> None:
        """Offer months, each a period and its label; `above` is the name of who gets it, or ""."""
        self._months.clear()
        for period, label in months:
            self._months.addItem(label, period)
        self._months.setCurrentIndex(max(0, self._months.findData(wanted)))
        self._to.setText(render(_("to %(unit)s, on"), {"unit": above}))
        for widget in (self._months, self._to, self._places, self.hand_in):
            widget.setVisible(bool(above))

    def period(self) -> str:
        """The month chosen."""
        return str(self._months.currentData() or "")

    # Places

    def show_drives(self, sticks: Sequence[Path]) -> None:
        """Offer the sticks plugged in now; a new one is chosen at once."""
        if list(sticks) == self._sticks and self._places.count():
            return
        new = [stick for stick in sticks if stick not in self._sticks]
        usual = [Where("folder", folder) for folder in self._folders] or [Where("chat")]
        former = self.place() if self._places.count() else usual[0]
        self._sticks = list(sticks)
        text = _("USB stick found: the file goes there. F6 receives what lies on it for this unit.")
        self.found.setText(text)
        self.found.setVisible(bool(sticks))
        self._fill(Where("stick", new[0]) if new else former)

    def add_folder(self, folder: Path) -> Where:
        """Offer a folder, and choose it."""
        if folder not in self._folders:
            self._folders.append(folder)
        self._kept.setValue(_FOLDER, str(folder))
        where = Where("folder", folder)
        self._fill(where)
        return where

    def _fill(self, wanted: Where) -> None:
        offered = [(place_label(stick), Where("stick", stick)) for stick in self._sticks]
        offered += [(str(folder), Where("folder", folder)) for folder in self._folders]
        offered.append((_("a file to send by chat"), Where("chat")))
        offered.append((_("numbered pictures to photograph"), Where("pictures")))
        offered.append((_("a folder…"), Where("choose")))
        self._places.clear()
        for label, where in offered:
            self._places.addItem(label, where)
        places = [where for _label, where in offered]
        self._places.setCurrentIndex(places.index(wanted) if wanted in places else 0)

    def place(self) -> Where:
        """The place chosen."""
        found = self._places.currentData()
        return found if isinstance(found, Where) else Where("chat")

    def sticks(self) -> list[Path]:
        """The sticks plugged in."""
        return list(self._sticks)
