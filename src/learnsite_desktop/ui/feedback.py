"""The one place of messages and questions.

A message stands in a bar above the screen, with what to do next and a button that does it (F9). A
question that stops everything is asked only before something that cannot be undone.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from learnsite_desktop.domain.ids import is_record_id
from learnsite_desktop.domain.refusals import Cancelled, Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.platform.logs import note_refusal
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.ui import icons

if TYPE_CHECKING:
    from learnsite_desktop.domain.refusals import Refusal
    from learnsite_desktop.ui.tasks import Lane

_LOG = logging.getLogger(__name__)
ACTION_KEY: Final = "F9"
_SHOW_AFTER_MS: Final = 500
_CANCEL_AFTER_MS: Final = 2000
_QUIET_MS: Final = 8000


class Tone(StrEnum):
    """How a message is meant; also its icon and its colour."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


_TONE_WORDS: Final = {
    Tone.OK: N_("Done"),
    Tone.NOTE: N_("Note"),
    Tone.WARNING: N_("Attention"),
    Tone.ERROR: N_("Not possible"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """What a message's button does: its translated text and the deed."""

    text: str
    run: Callable[[], None]


class Feedback(QFrame):
    """The bar. It takes no room while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("feedback")
        self._action: Action | None = None
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = QPushButton()
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self._act)
        self._close = QToolButton()
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close.setAutoRaise(True)
        icons.tint(self._close, "close")
        self._close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        for widget in (self._icon, self._text, self._button, self._close):
            row.addWidget(widget)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self.clear)
        key = QAction(self)
        key.setShortcut(QKeySequence(ACTION_KEY))
        key.triggered.connect(self._act)
        self.addAction(key)
        self.hide()

    @property
    def text(self) -> str:
        """What the bar says, "" when it is closed."""
        return "" if self.isHidden() else self._text.text()

    def say(self, text: str, tone: Tone = Tone.OK, action: Action | None = None) -> None:
        """Show a message; one that went well and offers nothing goes away by itself."""
        self._text.setText(text)
        icons.tint(self._icon, tone.value, tone.value)
        self._icon.setAccessibleName(_(_TONE_WORDS[tone]))
        self.setProperty("tone", tone.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self._close.setAccessibleName(_("Close the message"))
        self._close.setToolTip(_("Close the message"))
        self._action = action
        self._button.setVisible(action is not None)
        if action is not None:
            self._button.setText(f"{action.text} ({ACTION_KEY})")
        self.show()
        if tone is Tone.OK and action is None:
            self._quiet.start(_QUIET_MS)
        else:
            self._quiet.stop()

    def refuse(self, refusal: "Refusal", action: Action | None = None) -> None:
        """Show a refusal: what was refused and what to do."""
        self.say(refusal_text(refusal), Tone.ERROR, action)

    def fail(self, error: BaseException) -> None:
        """Say why work ended early: a refusal, a cancelling, or a mistake of ours (logged)."""
        refusal = refusal_of(error)
        if refusal is None:
            _LOG.error("internal error in a task", exc_info=error)
            self.say(
                _(
                    "The program made a mistake. What was saved before is safe. Please send "
                    "the file logs/learnsite.jsonl of the data folder to whoever supports you."
                ),
                Tone.ERROR,
            )
        elif isinstance(refusal, Cancelled):
            self.say(_("Cancelled; nothing was changed."), Tone.NOTE)
        else:
            note_refusal(_LOG, refusal.code, error)
            self.refuse(refusal)

    def forget_good_news(self) -> None:
        """Close the bar unless it asks for something."""
        if self.property("tone") == Tone.OK.value:
            self.clear()

    def clear(self) -> None:
        """Close the bar."""
        self._quiet.stop()
        self._action = None
        self.hide()

    def _act(self) -> None:
        action = self._action
        self.clear()
        if action is not None:
            action.run()


def refusal_text(refusal: "Refusal") -> str:
    """Return a refusal as one text: what happened, then what to do."""
    said = dict(refusal.params)
    if is_record_id(str(said.get("where", "")).rpartition(":")[2]):
        said["where"] = _("This entry")
    return f"{render(refusal.text.message, said)} {render(refusal.text.remedy, said)}"


class ProgressStrip(QFrame):
    """Shows the running task of a lane after half a second, and how to stop it after two."""

    def __init__(self, lane: "Lane", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progress")
        self._lane = lane
        self._label = QLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = QPushButton(_("Cancel"))
        self._cancel.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.addWidget(self._label)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        self._delay, self._late = QTimer(self), QTimer(self)
        for timer in (self._delay, self._late):
            timer.setSingleShot(True)
        self._delay.timeout.connect(self._appear)
        self._late.timeout.connect(lambda: self._cancel.setEnabled(True))
        lane.changed.connect(self._follow)
        self.hide()

    def _follow(self) -> None:
        task = self._lane.current
        if task is None:
            self._delay.stop()
            self._late.stop()
            self.hide()
            return
        if not self._delay.isActive() and self.isHidden():
            self._delay.start(_SHOW_AFTER_MS)
            self._late.start(_CANCEL_AFTER_MS)
            self._cancel.setEnabled(False)
        done, total = task.steps
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        step = _(task.step_label) if task.step_label else ""
        self._label.setText(f"{task.label} · {step}" if step else task.label)

    def _appear(self) -> None:
        self.setVisible(self._lane.current is not None)

    def _stop(self) -> None:
        if self._lane.current is not None:
            self._lane.current.cancel()
            self._cancel.setEnabled(False)


def ask(parent: QWidget, title: str, text: str, yes: str) -> bool:
    """Ask before something that cannot be undone; `yes` names the deed. Esc means no."""
    box = QMessageBox(QMessageBox.Icon.Question, title, text, parent=parent)
    accept = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    refuse = box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    box.exec()
    return box.clickedButton() is accept
