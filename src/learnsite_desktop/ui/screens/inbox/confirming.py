"""The card that confirms a computer which is not enrolled: fingerprints are compared by phone."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.at_hand import AtHand
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.forms.card import Card


class ComputerCard(Card):
    """Shows the fingerprint; `wanted` brings the file whose computer was confirmed."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._file: AtHand | None = None
        self.title.setText(_("Confirm the computer"))
        self._text = QLabel()
        self._text.setWordWrap(True)
        self.body.addWidget(self._text)
        self._yes = self.add_button(QPushButton(_("It is the same: confirm and take in (Enter)")))
        icons.tint(self._yes, "ok")
        self._yes.clicked.connect(self._do)
        no = self.add_button(QPushButton(_("Not now (Esc)")))
        no.clicked.connect(self.shut)

    @property
    def text(self) -> str:
        """What the card says."""
        return self._text.text()

    def ask(self, file: AtHand, fingerprint: str) -> None:
        """Show the fingerprint of the computer that made a file."""
        self._file = file
        said = {"unit": file.unit_name or file.lying.from_unit, "fingerprint": fingerprint}
        text = _(
            "The file says that it comes from %(unit)s, made by a computer with the fingerprint "
            "%(fingerprint)s. Call %(unit)s: under Settings it shows its own. Confirm only if "
            "every letter is the same."
        )
        self._text.setText(render(text, said))
        self.show()
        self._yes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self) -> None:
        file, self._file = self._file, None
        self.shut()
        if file is not None:
            self.wanted.emit(file)
