"""The board on top: who of those below has handed in, what wants deciding."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.incoming import Board, board, suspects
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.navigation import entries_for
from learnsite_desktop.ui.screens.inbox.presenter import board_text, review_text


class BoardBar(QWidget):
    """Two short statements; those that have a screen are buttons that go there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._board: Board | None = None
        self._suspects: int | None = None
        self._again, self._asking = False, False
        self._keys = {
            entry.name: f" (Alt+{number})"
            for number, entry in enumerate(entries_for(desk.tier)[:9], start=1)
        }
        listed = {entry.name for entry in entries_for(desk.tier)}
        self.came, self.review = QPushButton(), QPushButton()
        for button, screen in ((self.came, "board"), (self.review, "review")):
            button.setFlat(True)
            button.setEnabled(screen in listed)
            button.clicked.connect(partial(desk.go, screen))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.came, self.review):
            row.addWidget(widget)
        row.addStretch(1)
        self.came.setText("…")
        self.review.setText("…")

    def ask(self) -> None:
        """Ask how things stand; pairs of people, which take longest, last."""
        if self._asking:
            self._again = True
            return
        self._asking = True
        self._desk.look_up("", lambda ws, _progress: board(ws), self._show)
        self._desk.look_up(
            _("Looking for people entered twice"),
            lambda ws, progress: suspects(ws, progress=progress),
            self._show_suspects,
        )

    def _show(self, found: Board) -> None:
        self._board = found
        self.came.setText(board_text(found, self._desk.tier) + self._keys.get("board", ""))
        self._tell()

    def _show_suspects(self, count: int) -> None:
        self._suspects, self._asking = count, False
        self._tell()
        if self._again:
            self._again = False
            self.ask()

    def _tell(self) -> None:
        if self._board is not None:
            text = review_text(self._board, self._suspects)
            self.review.setText(text + self._keys.get("review", ""))
