"""The recovery code of a founder: the page to print, proving that it was, reminding until then."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.printout import Printout
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.recovering import recovery_page
from learnsite_desktop.services.recovery_proof import (
    Proof,
    confirm_printed,
    confirm_typed,
    group_asked,
    is_due,
)
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone, refusal_text
from learnsite_desktop.ui.paper import show_paper

REMINDER_KEY = "Ctrl+Shift+R"


class RecoveryPage(QDialog):
    """What the code is for, its page, and the question whether it is on paper. Esc means later."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle(_("Recovery code"))
        self.setObjectName("recovery")
        number = desk.read(group_asked)
        self._number = number
        about = QLabel(
            _(
                "With this code the topmost unit can be founded again when its computer is lost "
                "or broken. Without it, everybody below would have to be opened anew. Print the "
                "page twice and keep the copies in two safe places."
            )
        )
        about.setWordWrap(True)
        self.print = QPushButton(_("Show the page and print it (Ctrl+P)"))
        self.print.setProperty("role", "primary")
        icons.tint(self.print, "print", "on_accent")
        self.print.clicked.connect(self.show_page)
        QShortcut(QKeySequence("Ctrl+P"), self, self.show_page)
        asked = render(_("Group no. %(number)s of the printed page:"), {"number": number})
        self.group = QLineEdit()
        self.group.setAccessibleName(asked)
        self.group.setPlaceholderText(_("five characters"))
        self.group.returnPressed.connect(self.confirm)
        self.check = QPushButton(_("Compare (Enter)"))
        self.check.clicked.connect(self.confirm)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setProperty("tone", "error")
        self.word = QPushButton(_("It is printed and put away"))
        self.word.clicked.connect(self.take_word)
        self.later = QPushButton(_("Later (Esc)"))
        self.later.clicked.connect(self.reject)
        self._lay_out(about, asked)

    def _lay_out(self, about: QLabel, asked: str) -> None:
        # A default button would be pressed by the Enter that ends the field, too.
        for button in (self.print, self.check, self.word, self.later):
            button.setAutoDefault(False)
        typed, below = QHBoxLayout(), QHBoxLayout()
        typed.addWidget(self.group, 1)
        typed.addWidget(self.check)
        below.addWidget(self.word)
        below.addStretch(1)
        below.addWidget(self.later)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(about)
        column.addWidget(self.print)
        column.addWidget(QLabel(asked))
        column.addLayout(typed)
        column.addWidget(self.told)
        column.addLayout(below)
        self.told.hide()
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("学") * 40)
        self.print.setFocus()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter presses the button that has the focus."""
        button = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(button, QPushButton):
                button.click()
            return
        super().keyPressEvent(event)

    def show_page(self) -> None:
        """Make the page, which is noted, and show it; the focus is then where the group goes."""
        why, operator = _("Printed by the founder"), self._desk.operator
        title = _("Recovery code")

        def made(page: Printout) -> None:
            self.group.setFocus()
            show_paper(self._desk, self, title, page)

        self._desk.write(
            _("Making the page"),
            lambda ws, _progress: recovery_page(ws, why=why, operator=operator),
            made,
        )

    def confirm(self) -> None:
        """Compare what was read off the page."""
        text, operator, number = self.group.text(), self._desk.operator, self._number
        if not text.strip():
            self.show_page()
            return
        self._desk.write(
            "",
            lambda ws, _progress: confirm_typed(ws, number, text, operator=operator),
            self._proved,
            self._wrong,
        )

    def take_word(self) -> None:
        """Take somebody's word for it."""
        operator = self._desk.operator
        self._desk.write(
            "", lambda ws, _progress: confirm_printed(ws, operator=operator), self._proved
        )

    def _wrong(self, refusal: Refusal) -> None:
        self.told.setText(refusal_text(refusal))
        self.told.show()
        self.group.selectAll()
        self.group.setFocus()

    def _proved(self, proof: Proof) -> None:
        del proof
        self._desk.say(_("The recovery code is on paper. Keep it safe."), Tone.OK)
        self.accept()


class Reminder(QToolButton):
    """Stands in the line below until the recovery code is on paper."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__()
        self._desk, self._window = desk, window
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        icons.tint(self, "warning", "warning")
        text = render(_("Recovery code not printed · %(key)s"), {"key": REMINDER_KEY})
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(_("Without the printed code a lost computer cannot be founded again."))
        self.clicked.connect(self.show_page)
        self._key = QShortcut(QKeySequence(REMINDER_KEY), window, self.show_page)
        self.destroyed.connect(self._key.deleteLater)

    def show_page(self) -> None:
        """Show the page about the code."""
        page = RecoveryPage(self._desk, self._window)
        page.finished.connect(lambda _how: self._look())
        page.open()

    def _look(self) -> None:
        self.setVisible(self._desk.read(is_due))
