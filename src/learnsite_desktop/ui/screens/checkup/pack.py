"""The diagnostics pack before it is saved: every file of it can be read here."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
)

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.diagnostics import Pack
from learnsite_desktop.services.diagnostics_page import WHAT_IS_NOT_IN_IT, WHAT_TO_DO
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.screens.checkup import presenter
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.flow import FlowLayout


class PackCard(QFrame):
    """Files at the left, what is in them at the right; Esc closes it."""

    wanted = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        EscFirst(self, self.closed.emit)
        self.pack: Pack | None = None
        self._sheets: tuple[presenter.Sheet, ...] = ()
        self.list = QListWidget()
        self.list.setAccessibleName(_("Files of the pack"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._show)
        self.text = QTextBrowser()
        self.text.setAccessibleName(_("What is in the file"))
        self.text.setOpenLinks(False)
        self.save = QPushButton(_("Save… (Ctrl+S)"))
        self.save.setProperty("role", "primary")
        icons.tint(self.save, "forward", "on_accent")
        self.save.clicked.connect(self.wanted)
        close = QPushButton(_("Close (Esc)"))
        close.clicked.connect(self.closed)
        self._lay_out(close)

    def _lay_out(self, close: QPushButton) -> None:
        column = QVBoxLayout(self)
        for words in (WHAT_IS_NOT_IN_IT, WHAT_TO_DO):
            label = QLabel(_(words))
            label.setWordWrap(True)
            column.addWidget(label)
        row = QHBoxLayout()
        row.addWidget(self.list, 2)
        row.addWidget(self.text, 5)
        column.addLayout(row, 1)
        buttons = FlowLayout(gap=8)
        for button in (self.save, close):
            button.setAutoDefault(True)
            buttons.addWidget(button)
        column.addLayout(buttons)

    def show_pack(self, pack: Pack) -> None:
        """Show what is in a pack; the focus is on its files."""
        self.pack, self._sheets = pack, presenter.sheets(pack)
        self.list.blockSignals(True)
        self.list.clear()
        for one in self._sheets:
            self.list.addItem(one.title)
        self.list.blockSignals(False)
        self.list.setCurrentRow(0)
        self._show(0)
        self.list.setFocus()

    def _show(self, place: int) -> None:
        if not 0 <= place < len(self._sheets):
            return
        sheet = self._sheets[place]
        if sheet.is_page:
            self.text.setHtml(sheet.text)
        else:
            self.text.setPlainText(sheet.text)
        self.text.document().setDocumentMargin(self.fontMetrics().height() / 2)
        self.text.verticalScrollBar().setValue(0)
