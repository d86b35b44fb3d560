"""The ribbon over every screen of a trial village: nothing here is real."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui.feedback import ask


class TrialRibbon(QFrame):
    """Says that everything is invented, and offers to end the trial."""

    ended = Signal()
    """The trial village is to be thrown away."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("tone", "warning")
        text = QLabel(_("Trial village: everything here is invented and cannot be handed in."))
        text.setWordWrap(True)
        end = QPushButton(_("End the trial"))
        end.setToolTip(_("Throws the trial village away and goes back to the beginning"))
        end.clicked.connect(self.end)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 8, 2)
        row.addWidget(text, 1)
        row.addWidget(end)

    def end(self) -> None:
        """Ask, then say that it ends."""
        if ask(
            self,
            _("End the trial"),
            _(
                "The trial village is removed with everything typed into it. "
                "To keep it for another time, simply close the window."
            ),
            _("Throw it away"),
        ):
            self.ended.emit()
