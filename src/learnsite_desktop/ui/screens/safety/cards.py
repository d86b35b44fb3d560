"""Cards of the backup screen: what a backup holds before it is restored; the move, explained."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.restoring import Look
from learnsite_desktop.ui.screens.safety.presenter import compared, look_title, missing_line
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.scrolled import scrolled


class Card(QFrame):
    """A title, something to read, one deed; Esc closes it."""

    wanted = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        EscFirst(self, self.closed.emit)
        self.title = QLabel()
        self.title.setWordWrap(True)
        self.title.setProperty("role", "heading")
        inside = QWidget()
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.yes, no = QPushButton(), QPushButton(_("Close (Esc)"))
        for button in (self.yes, no):
            button.setAutoDefault(True)
        self.yes.clicked.connect(self.wanted)
        no.clicked.connect(self.closed)
        buttons = QHBoxLayout()
        buttons.addWidget(self.yes)
        buttons.addWidget(no)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self.title)
        column.addWidget(scrolled(inside), 1)
        column.addLayout(buttons)


class LookCard(Card):
    """What is in a backup, beside what is here."""

    def __init__(self) -> None:
        super().__init__()
        self.path = Path()
        self._missing = QLabel()
        self._missing.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(3, 1)
        self._grid.setHorizontalSpacing(32)
        self.body.addWidget(self._missing)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self.yes.setText(_("Restore this backup… (Enter)"))

    def show_look(self, path: Path, look: Look) -> None:
        """Show what a backup holds; the focus goes to the deed."""
        self.path = path
        self.title.setText(f"{path.name} · {look_title(look)}")
        self._missing.setText(missing_line(look))
        self._missing.setProperty("tone", "warning" if look.missing else "ok")
        self._missing.style().unpolish(self._missing)
        self._missing.style().polish(self._missing)
        while self._grid.count():
            self._grid.takeAt(0).widget().deleteLater()
        heads = ("", _("in this backup"), _("would be missing"))
        for place, cells in enumerate((heads, *compared(look))):
            for column, text in enumerate(cells):
                label = QLabel(text)
                if place == 0:
                    label.setProperty("role", "muted")
                elif column == 2 and text != "–":
                    label.setProperty("tone", "warning")
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                self._grid.addWidget(label, place, column, side)
        self.yes.setFocus(Qt.FocusReason.OtherFocusReason)


class MoveCard(Card):
    """How the records go to a new computer, step by step."""

    def __init__(self) -> None:
        super().__init__()
        self._steps = QLabel()
        self._steps.setWordWrap(True)
        self.body.addWidget(self._steps)
        self.body.addStretch(1)
        self.title.setText(_("Move to a new computer"))

    def begin(self, place: Path | None) -> None:
        """Explain, and offer to write to `place`; None asks for a folder."""
        said = {"place": str(place) if place else _("a folder you choose")}
        steps = (
            render(_("1. Everything (records, keys, photos) is written to %(place)s."), said),
            _("2. From then on this computer only reads, so that nothing is entered twice."),
            _("3. Install the program on the new computer and start it."),
            _("4. Choose “Restore a backup” there (Alt+3) and the file from the stick."),
            _("If the move does not happen, this computer can go on at any time."),
        )
        self._steps.setText("\n\n".join(steps))
        self.yes.setText(render(_("Write to %(place)s and move (Enter)"), said))
        self.yes.setFocus(Qt.FocusReason.OtherFocusReason)
