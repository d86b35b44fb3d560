"""The card of files that have come: what they bring in plain words, Enter takes them in."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.arrivals import Arrival
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.screens.submission.presenter import arrival_lines


class ArrivalCard(Card):
    """Shows what files bring; `wanted` brings the list of those to take in."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._arrivals: list[Arrival] = []
        self.title.setText(_("Files that have come"))
        self._lines = QLabel()
        self._lines.setWordWrap(True)
        self._lines.setTextFormat(Qt.TextFormat.PlainText)
        self.body.addWidget(self._lines)
        self._yes = self.add_button(QPushButton(_("Receive (Enter)")))
        icons.tint(self._yes, "inbox")
        self._yes.clicked.connect(self._do)
        self._no = self.add_button(QPushButton(_("Not now (Esc)")))
        self._no.clicked.connect(self.shut)

    @property
    def text(self) -> str:
        """What the card says."""
        return self._lines.text()

    def show_arrivals(self, arrivals: Sequence[Arrival]) -> None:
        """Show what files bring; the focus goes to what is likely wanted."""
        self._arrivals = [one for one in arrivals if one.error is None]
        self._lines.setText("\n".join(arrival_lines(arrivals)))
        self._yes.setVisible(bool(self._arrivals))
        self.show()
        (self._yes if self._arrivals else self._no).setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self) -> None:
        arrivals, self._arrivals = self._arrivals, []
        self.shut()
        self.wanted.emit(arrivals)
