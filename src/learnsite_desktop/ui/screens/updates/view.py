"""Newer programs: one key backs up and makes ready; then what to do, step by step."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.updates.held import Accepted, accept
from learnsite_desktop.services.updates.installing import Ready, prepare
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone, ask
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.updates import presenter
from learnsite_desktop.ui.screens.updates.presenter import Row, Shown
from learnsite_desktop.ui.widgets.drops import Drops
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.row_list import RowList


class View(Screen):
    """What runs here, what came, what to do with it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        Drops(self, self.take)
        self._shown: Shown | None = None
        self.ready: Ready | None = None
        self.running, self.told = QLabel(), QLabel()
        for label in (self.running, self.told):
            label.setWordWrap(True)
        self.running.setProperty("role", "heading")
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.list: RowList[Row] = RowList(
            _("Newer programs"),
            (_("Computer or unit"), _("Version"), _("File"), _("Size"), _("State")),
            wide=(0, 2),
        )
        self._empty = EmptyState("inbox", _("Nothing has come, and nobody works below."))
        self._stack = QStackedWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        for widget in (self.list, self._empty):
            self._stack.addWidget(widget)
        deeds = QWidget()
        below = FlowLayout(deeds, gap=6)
        self.make = self._button(_("Back up and make ready"), "backup", "Ctrl+S", self.finish)
        self.make.setProperty("role", "primary")
        self.start = self._button(_("Open the installer"), "forward", "F5", self.open_installer)
        self.place = self._button(_("Open the folder"), "folder", "F6", self.open_folder)
        self.copy = self._button(_("Copy the line for the terminal"), "copy", "F7", self.copy_line)
        self.file = self._button(_("Take an update file in"), "import", "Ctrl+O", self.choose)
        for button in (self.make, self.start, self.place, self.copy, self.file):
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.running)
        column.addWidget(self.told)
        column.addWidget(deeds)
        column.addWidget(self._stack, 1)

    def _button(self, text: str, icon: str, keys: str, deed: Callable[[], object]) -> QPushButton:
        button = QPushButton(f"{text} ({keys})")
        icons.tint(button, icon)
        button.setAutoDefault(True)
        button.clicked.connect(lambda *_: deed())
        if keys != "Ctrl+S":  # the window's own
            self.key(keys, button.click)
        return button

    # What the window calls

    def open(self, about: str) -> None:
        """Show what came; `about` may be the path of an update file to take in."""
        self.ready = None
        self._show_told()
        if about:
            self.take([Path(about)])
        else:
            self._load()

    def refresh(self, changes: ChangeSet) -> None:
        """Nothing that is entered shows here."""

    def finish(self) -> None:
        """Ctrl+S: back up and write the installer of the newest program out."""
        if self._shown is None:
            return  # what lies here is being looked up
        if not self._shown.newest:  # why stands above already
            self.desk.say(_("Nothing is to be done."), Tone.NOTE)
            return
        self.desk.write(
            _("Backing up and making ready"), lambda ws, _progress: prepare(ws), self._made_ready
        )

    def search(self) -> None:
        """Ctrl+F: to the list."""
        self.list.setFocus()

    def show_files(self, files: Sequence[Path]) -> None:
        """Take files in that were opened from outside: they are put aside, nothing runs."""
        self.take(files)

    # Showing

    def _load(self) -> None:
        self.desk.look_up("", lambda ws, _progress: presenter.look(ws), self._show)

    def _show(self, shown: Shown) -> None:
        self._shown = shown
        self.running.setText(shown.running)
        self.list.show_rows(shown.rows)
        self._stack.setCurrentWidget(self.list if shown.rows else self._empty)
        self._show_told()
        first = self.start if self.ready else self.make if shown.newest else self.file
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_told(self) -> None:
        ready, newest = self.ready, self._shown.newest if self._shown else ""
        self.told.setText(presenter.after(ready) if ready else presenter.before(newest))
        self.make.setVisible(bool(newest) and ready is None)
        for button in (self.start, self.place):
            button.setVisible(ready is not None)
        self.copy.setVisible(ready is not None and bool(ready.command))

    # Deeds

    def _made_ready(self, ready: Ready) -> None:
        self.ready = ready
        self._show_told()
        said = {"version": ready.version}
        text = _("A backup was made. Version %(version)s lies ready: go on as it says below.")
        self.desk.say(render(text, said))
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_installer(self) -> None:
        """Give the installer to the system; where it replaces this program, after asking."""
        ready = self.ready
        if ready is None:
            return
        replaces = sys.platform == "win32"
        if replaces:
            text = _("The program is closed, and the installer of version %(version)s begins.")
            said = render(text, {"version": ready.version})
            if not ask(self, _("Install the newer version"), said, _("Close and install")):
                return
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(ready.path))):
            self.desk.say(
                _("This system opens no installer by itself: use the line for the terminal (F7)."),
                Tone.WARNING,
            )
        elif replaces:
            self.window().close()

    def open_folder(self) -> None:
        """Show where the installer lies."""
        if self.ready is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.ready.path.parent)))

    def copy_line(self) -> None:
        """Put the one line for a terminal onto the clipboard."""
        if self.ready is not None and self.ready.command:
            QApplication.clipboard().setText(self.ready.command)
            self.desk.say(_("Copied. Paste it into a terminal and press Enter there."), Tone.NOTE)

    def choose(self) -> None:
        """Ask for an update file and take it in."""
        found, _kind = QFileDialog.getOpenFileName(
            self, _("Update file"), "", _("Update files (*.lsu);;All files (*)")
        )
        if found:
            self.take([Path(found)])

    def take(self, files: Sequence[Path]) -> None:
        """Check update files and keep them here, for this computer and for those below."""
        wanted = list(files)
        self.desk.write(
            _("Checking the update file"),
            lambda ws, _progress: [accept(ws, file) for file in wanted],
            self._taken,
            self._not_taken,
        )

    def _not_taken(self, refusal: Refusal) -> None:
        self._load()
        self.desk.feedback.refuse(refusal)

    def _taken(self, kept: list[Accepted]) -> None:
        self.ready = None
        self._load()
        self.desk.changed.emit(ChangeSet())
        said = {"version": kept[-1].held.version}
        text = _("Version %(version)s is checked and kept here.")
        if self._shown is not None and self._shown.passes_on:
            text = _(
                "Version %(version)s is checked and kept here. It goes down with the next files "
                "for the units below."
            )
        self.desk.say(render(text, said))
