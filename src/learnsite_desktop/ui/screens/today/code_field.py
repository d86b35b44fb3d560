"""The field for the code of a printed sheet: typed anywhere in the list, or scanned."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLineEdit

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.sheet_codes import LENGTH, SCAN_PREFIX
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.sheets import sheet_of_code
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.fields import PLAIN_HINTS

_LONGEST = 40


class CodeField(QLineEdit):
    """Opens the roll call of a sheet as soon as its code is complete; Esc gives it up.

    `closed` tells that it was given up.
    """

    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        EscFirst(self, self._drop)
        self.setAccessibleName(_("Code of a sign-in sheet"))
        self.setPlaceholderText(_("Sheet code (Ctrl+G)"))
        self.setInputMethodHints(PLAIN_HINTS)
        self.setMaxLength(_LONGEST)
        self.textEdited.connect(self._typed)
        self.returnPressed.connect(self._open)

    def sizeHint(self) -> QSize:
        """Return room for the hint."""
        width = self.fontMetrics().horizontalAdvance(self.placeholderText() + "MMM")
        return QSize(width, super().sizeHint().height())

    def begin(self, text: str) -> None:
        """Go on here with the first letter, which was typed elsewhere."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setText(text)
        self._typed(text)

    def _drop(self) -> None:
        """Esc goes back to the list."""
        self.clear()
        self.closed.emit()

    def _typed(self, text: str) -> None:
        """A reader ends with Enter by itself, a person need not."""
        scanned = text.strip().upper().startswith(SCAN_PREFIX[0])
        if not scanned and sum(character.isalnum() for character in text) >= LENGTH:
            self._open()

    def _open(self) -> None:
        text = self.text().strip()
        if not text:
            self.closed.emit()
            return
        try:
            sheet = self._desk.read(lambda workspace: sheet_of_code(workspace, text))
        except Refusal as refusal:
            self.selectAll()
            self._desk.feedback.refuse(refusal)
            return
        self.clear()
        self._desk.go("roll_call", sheet.session)
