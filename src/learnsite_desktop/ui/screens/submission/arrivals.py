"""The card of files that have come: what they bring in plain words, Enter takes them in."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.arrivals import Arrival, look_at
from learnsite_desktop.services.handing_in import bundles_in
from learnsite_desktop.services.photo_files import FromPhotos, put_together
from learnsite_desktop.services.receiving import Received, receive
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.screens.submission.presenter import arrival_lines, is_new


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
        self.focus()

    def focus(self) -> None:
        """Put the focus to what is likely wanted."""
        (self._yes if self._arrivals else self._no).setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self) -> None:
        arrivals, self._arrivals = self._arrivals, []
        self.shut()
        self.wanted.emit(arrivals)


class Receiving(QObject):
    """Looks at files, lets the card show them, takes them in."""

    def __init__(self, desk: Desk, parent: QWidget, card: ArrivalCard) -> None:
        super().__init__(parent)
        self._desk, self._parent, self._card = desk, parent, card
        card.wanted.connect(self._receive)

    def choose(self) -> None:
        """Ask for files and look at them."""
        names, _kind = QFileDialog.getOpenFileNames(self._parent, _("Choose files to receive"))
        self.look_at([Path(name) for name in names])

    def from_folders(self, folders: Sequence[Path]) -> None:
        """Look at what lies on sticks, passing over what is not for here or known."""
        if not folders:
            self._desk.say(_("No USB stick is plugged in."), Tone.NOTE)
            return
        self.look_at(folders, found=True)

    def from_photos(self, found: FromPhotos) -> None:
        """Look at the files that photos gave whole."""
        if any(one.is_new for one in found.files):
            self._desk.look_up("", lambda ws, _p: put_together(ws, found), self.look_at)

    def look_at(self, paths: Sequence[Path], *, found: bool = False) -> None:
        """Show what files, and those in folders, bring.

        Of those `found` by us only what is new and for this unit.
        """
        if not paths:
            return

        def look(workspace: Workspace, progress: Progress) -> list[Arrival]:
            files = [
                file for path in paths for file in (bundles_in(path) if path.is_dir() else [path])
            ]
            return [look_at(workspace, file, progress=progress) for file in files]

        def show(arrivals: list[Arrival]) -> None:
            shown = [one for one in arrivals if not found or is_new(one)]
            if shown:
                self._card.show_arrivals(shown)
            elif found:
                self._desk.say(_("There is no new file for this unit on the stick."), Tone.NOTE)
            else:
                self._desk.say(_("There is no file to receive in this folder."), Tone.NOTE)

        self._desk.write(_("Looking at the files"), look, show)

    def _receive(self, arrivals: list[Arrival]) -> None:
        self._desk.back_up("receive")
        self._desk.write(
            _("Receiving"),
            lambda ws, progress: [receive(ws, one.file, progress=progress) for one in arrivals],
            lambda results: self._received(arrivals, results),
        )

    def _received(self, arrivals: list[Arrival], results: list[Received]) -> None:
        # What came in is no change of this window's: every screen looks anew, nothing to undo.
        self._desk.changed.emit(ChangeSet())
        refused = [one.error for one in results if one.error is not None]
        back = sum(arrival.returns for arrival in arrivals)
        if refused:
            self._desk.feedback.refuse(refused[0])
        elif back:
            text = _("Received. %(count)s fields were sent back: Enter goes to the field.")
            self._desk.say(render(text, {"count": back}), Tone.WARNING)
        elif any(one.program for one in results):
            text = _("Received, and with it a newer version of the program.")
            how = Action(_("How to install it"), lambda: self._desk.go("updates"))
            self._desk.say(text, Tone.OK, how)
        else:
            self._desk.say(_("Received."), Tone.OK)
        self._card.closed.emit()
