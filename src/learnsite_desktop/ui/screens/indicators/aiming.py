"""The targets on the screen: listed, begun with the published ones, saved as a table."""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import publishing
from learnsite_desktop.services.figure_views import targets
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.screens.indicators import presenter
from learnsite_desktop.ui.screens.indicators.targets_card import TargetsCard


class Aiming(QObject):
    """Works the card; `changed` says that other targets are in force."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.card = TargetsCard()
        self.card.issued.connect(self.issue)
        self.card.saved.connect(self.keep)

    def begin(self) -> None:
        """Show the targets in force."""
        found, names, may = self._desk.read(presenter.targets_shown)
        self.card.begin(found, names, may_issue=may)

    def issue(self) -> None:
        """Issue the published targets as they are, if none are in force."""
        if self.card.issue.isHidden():
            self._desk.say(_("Targets are in force; change them under publishing."))
            return

        def issued(answer: publishing.Issued) -> None:
            said = {"count": answer.entries}
            self.changed.emit()
            words = _("%(count)s targets are in force; units below get them with the next file.")
            self._desk.say(render(words, said))

        self._desk.write(
            _("Issuing the targets"),
            lambda ws, _progress: publishing.publish_file(
                ws, targets.KIND, targets.starting_table()
            ),
            issued,
        )

    def keep(self) -> None:
        """Ask for a name and save the table to start from."""
        if self.card.keep.isHidden():
            return
        place = QStandardPaths.StandardLocation.DocumentsLocation
        start = Path(QStandardPaths.writableLocation(place)) / "targets.csv"
        found, _kind = QFileDialog.getSaveFileName(
            self.card, _("Save the table of targets"), str(start), "CSV (*.csv)"
        )
        if found:
            self.write_to(Path(found))

    def write_to(self, path: Path) -> None:
        """Write the table to start from; a file that is there is not written over."""
        try:
            targets.write_starting_table(path)
        except Refusal as refusal:
            self._desk.feedback.refuse(refusal)
        else:
            self._desk.say(render(_("Written: %(path)s"), {"path": str(path)}))
