"""The ribbon over every screen of a trial village: nothing here is real."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.trial.mark import is_trial
from learnsite_desktop.services.trial.village import home_of_trial, throw_away
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import ask

if TYPE_CHECKING:
    from learnsite_desktop.ui.main_window import MainWindow


def is_trial_desk(desk: Desk) -> bool:
    """Return whether a desk stands in a trial village."""
    return desk.read(is_trial)


class TrialRibbon(QFrame):
    """Says that everything is invented, and ends the trial."""

    def __init__(self, window: "MainWindow", desk: Desk) -> None:
        super().__init__()
        self._window, self._desk = window, desk
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
        """Throw the trial village away, if that is wanted, and begin again."""
        from learnsite_desktop.ui.beginning import begin  # noqa: PLC0415 - begins what ends here

        if not ask(
            self._window,
            _("End the trial"),
            _(
                "The trial village is removed with everything typed into it. "
                "To keep it for another time, simply close the window."
            ),
            _("Throw it away"),
        ):
            return
        window, desk = self._window, self._desk
        folder, clock = desk.folder, desk.clock
        window.detach()
        throw_away(folder, clock)
        begin(window, home_of_trial(folder), clock, "")
