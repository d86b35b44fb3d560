"""The cards of the first run: a number, what it is for, and the one thing to do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.openings import Opening
from learnsite_desktop.services.restoring import Look
from learnsite_desktop.ui import icons


class Card(QFrame):
    """One way to begin; `wanted` tells that its button was pressed."""

    wanted = Signal()

    def __init__(self, key: str, icon: str, heading: str, text: str, button: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        picture, title = QLabel(), QLabel(heading)
        icons.tint(picture, icon, "accent")
        picture.setFixedWidth(icons.side() * 2)
        title.setProperty("role", "heading")
        self.text = QLabel(text)
        self.text.setWordWrap(True)
        self.text.setProperty("role", "muted")
        self.button = QPushButton(button)
        self.button.setToolTip(key)
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self.wanted)
        self.body = QVBoxLayout()
        self.body.addWidget(title)
        self.body.addWidget(self.text)
        foot = QHBoxLayout()
        foot.addWidget(_key_label(key))
        foot.addWidget(self.button)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(14, 10, 14, 10)
        whole.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(self.body, 1)
        whole.addLayout(foot)


class OpeningCard(Card):
    """Shows the opening file that will be used, asks for a name, and starts."""

    start = Signal()

    def __init__(self) -> None:
        super().__init__(
            "Alt+1",
            "inbox",
            _("Open the file from the unit above"),
            _("Looking on the USB sticks, the desktop and in the downloads…"),
            _("Choose a file…"),
        )
        self._openings: list[Opening] = []
        self.choice = QComboBox()
        self.choice.setAccessibleName(_("Opening file"))
        self.choice.currentIndexChanged.connect(self._show)
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("Your name (you may leave it out)"))
        self.name.setAccessibleName(_("Your name"))
        self.name.returnPressed.connect(self.start)
        self.go = QPushButton(_("Start (Enter)"))
        self.go.setProperty("role", "primary")
        self.go.clicked.connect(self.start)
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.name, 1)
        row.addWidget(self.go)
        self.body.addWidget(self.choice)
        self.body.addWidget(self._row)
        self._row.hide()
        self.choice.hide()

    def offer(self, openings: list[Opening]) -> None:
        """Offer these files, the first one chosen; none: say where they come from."""
        self._openings = openings
        self.choice.blockSignals(True)
        self.choice.clear()
        for one in openings:
            self.choice.addItem(f"{one.unit_name} · {one.path.name}")
        self.choice.blockSignals(False)
        self.choice.setVisible(len(openings) > 1)
        self._row.setVisible(bool(openings))
        if openings:
            self._show()
            self.name.setFocus()
        else:
            self.text.setText(
                _(
                    "No opening file was found on the sticks, the desktop or in the downloads. "
                    "The unit above makes it: the township for a village, the county for a "
                    "township. Its name ends in .lso. Choose it here or drop it onto this window."
                )
            )

    @property
    def chosen(self) -> Opening | None:
        """The file that would be used."""
        place = max(self.choice.currentIndex(), 0)
        return self._openings[place] if self._openings else None

    def _show(self) -> None:
        one = self.chosen
        if one is None:
            return
        self.text.setText(
            render(
                _(
                    "For %(unit)s (%(code)s), from %(by)s, made %(day)s; check number %(check)s. "
                    "File: %(file)s"
                ),
                {
                    "unit": one.unit_name,
                    "code": one.unit,
                    "by": one.by_name,
                    "day": one.at[:10],
                    "check": one.check,
                    "file": str(one.path),
                },
            )
        )
        self.go.setText(render(_("Start as %(unit)s (Enter)"), {"unit": one.unit_name}))


class BackupCard(Card):
    """Shows what a chosen backup holds before it is restored."""

    restore = Signal()

    def __init__(self) -> None:
        super().__init__(
            "Alt+3",
            "backup",
            _("Restore a backup"),
            _("After a new computer or a broken disk: choose the backup file (.lsk)."),
            _("Choose a backup…"),
        )
        self.go = QPushButton(_("Restore and open (Enter)"))
        self.go.setAutoDefault(True)
        self.go.clicked.connect(self.restore)
        self.go.hide()
        self.body.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)

    def show_look(self, look: Look) -> None:
        """Say what is in the backup and offer to restore it."""
        self.text.setText(
            render(
                _(
                    "%(unit)s: %(learners)s learners, %(sessions)s sessions; "
                    "last entry %(day)s. Look whether this is what you expect."
                ),
                {
                    "unit": look.unit_name,
                    "learners": look.counts.get("learner", 0),
                    "sessions": look.counts.get("session", 0),
                    "day": look.last_change[:10] or "–",
                },
            )
        )
        self.go.show()
        self.go.setFocus()


def _key_label(key: str) -> QLabel:
    label = QLabel(key)
    label.setProperty("role", "muted")
    return label
