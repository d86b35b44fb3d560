"""The help on the first run: there is no desk yet, so its page stands in a small window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui.screens.manual.presenter import FIRST, page


class Explained(QDialog):
    """The page about the beginning; Esc or Enter closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        explained = page(FIRST[0])
        self.setWindowTitle(explained.title)
        self.text = QTextBrowser()
        self.text.setAccessibleName(_("Help"))
        self.text.setMarkdown(f"# {explained.title}\n\n{explained.text}\n")
        closing = QPushButton(_("Close (Esc)"))
        closing.setDefault(True)
        closing.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(closing, 0, Qt.AlignmentFlag.AlignRight)
        around = parent.window().size()
        self.resize(around.width() * 2 // 3, around.height() * 9 // 10)
        closing.setFocus()
