"""The ribbon over every screen while one enters for another unit."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.ui.desk import Desk


class EnteringRibbon(QFrame):
    """Says for whom one enters, and ends it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setProperty("tone", "warning")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.end = QPushButton(_("Enter for the own unit again"))
        self.end.clicked.connect(lambda: desk.enter_for(""))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 8, 2)
        row.addWidget(self.text, 1)
        row.addWidget(self.end)
        desk.entering.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        """Show or hide, as the desk stands."""
        desk = self._desk
        elsewhere = desk.acting != desk.unit
        if elsewhere:
            unit = desk.read(lambda workspace: load_tree(workspace.database).get(desk.acting))
            said = {"name": unit.name if unit is not None else desk.acting}
            text = _("Entering for %(name)s: what is new here becomes that unit's.")
            self.text.setText(render(text, said))
        self.setVisible(elsewhere)
