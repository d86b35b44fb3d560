"""What a screen is to the window."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.ui.desk import Desk


class Screen(QWidget):
    """The base of all screens. Everything is optional but showing itself.

    A screen is made once, when it is first shown, and shown again later with another `about`.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        desk.changed.connect(self._follow)
        self._stale = False

    def key(self, keys: str, deed: Callable[[], object]) -> None:
        """Let `keys` do something while the focus is on this screen, at once.

        A button's own shortcut would wait a tenth of a second to show itself pressed.
        """
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda *_: deed())
        self.addAction(action)

    def heading(self) -> str:
        """The title above the screen, "" for the entry's own label."""
        return ""

    def open(self, about: str) -> None:
        """Load what the screen is about and put the focus where the work begins."""

    def leave(self) -> bool:
        """Keep what was typed; False stays here (and says why in the bar)."""
        return True

    def show_files(self, files: Sequence[Path]) -> None:
        """Show what files bring that were opened from outside; nothing is taken in unasked."""

    def refresh(self, changes: ChangeSet) -> None:
        """Redraw what `changes` touched; called while the screen is shown."""

    def finish(self) -> None:
        """Ctrl+S: what is being entered is complete."""

    def finish_and_new(self) -> None:
        """Ctrl+Enter: finish, and begin the next one."""

    def search(self) -> None:
        """Ctrl+F: put the focus where one searches."""

    def print_page(self) -> None:
        """Ctrl+P: print what is shown."""

    def undo(self) -> bool:
        """Ctrl+Z: take back what is not saved yet; False when there is nothing of the kind."""
        return False

    def redo(self) -> bool:
        """Ctrl+Y: do it again; False when there is nothing of the kind."""
        return False

    def next_problem(self) -> bool:
        """F8: go to the next thing to put right; False when there is none."""
        return False

    def _follow(self, changes: ChangeSet) -> None:
        if self.isVisible():
            self.refresh(changes)
        else:
            self._stale = True

    def take_stale(self) -> bool:
        """Return whether something was written while the screen was away, and forget it."""
        stale, self._stale = self._stale, False
        return stale
