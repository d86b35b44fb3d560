"""Files opened by a double click: shown where one decides about them, never taken in unasked."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.backups import SUFFIX as BACKUP_SUFFIX
from learnsite_desktop.services.founding import OPENING_SUFFIX
from learnsite_desktop.services.trial.mark import is_trial
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.main_window import MainWindow

_AGAIN_MS: Final = 300
_HELD: Final = N_(
    "This computer already keeps the records of %(unit)s. An opening file is for a new computer."
)
_TRIAL: Final = N_(
    "This is the trial village. End the trial first, then open the file from the township again."
)


class OpenedFiles(QObject):
    """Waits until the window has a place for files, then shows them there."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._waiting: list[Path] = []
        window.begun.connect(self._show)

    def take(self, files: Sequence[Path]) -> None:
        """Bring the window forward and show files as soon as that can be done."""
        self._waiting += [file for file in files if file not in self._waiting]
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        self._show()

    def _show(self) -> None:
        from learnsite_desktop.ui.first_run.view import FirstRun  # noqa: PLC0415 - seldom needed

        window = self._window
        if not self._waiting:
            return
        if QApplication.activeModalWidget() is not None:
            # Somebody is being asked something; the files wait for the answer.
            QTimer.singleShot(_AGAIN_MS, self, self._show)
            return
        page = window.centralWidget()
        if isinstance(page, FirstRun):
            page.take(self._waiting[-1])
        elif window.desk is not None and window.status is not None:
            self._show_at(window.desk)
        else:
            return  # what stands in the way is put right first
        self._waiting.clear()

    def _show_at(self, desk: Desk) -> None:
        kinds = [file.suffix.lower() for file in self._waiting]
        backups = [
            one for one, kind in zip(self._waiting, kinds, strict=True) if kind == BACKUP_SUFFIX
        ]
        bundles = [
            one
            for one, kind in zip(self._waiting, kinds, strict=True)
            if kind not in (BACKUP_SUFFIX, OPENING_SUFFIX)
        ]
        if bundles:
            self._receive(desk, bundles)
        elif backups:
            self._window.go("safety", str(backups[-1]))
        else:
            trial = desk.read(is_trial)
            name = desk.read(lambda workspace: unit_name(workspace.database, workspace.unit))
            text = _(_TRIAL) if trial else render(_(_HELD), {"unit": name})
            desk.say(text, Tone.WARNING)

    def _receive(self, desk: Desk, files: list[Path]) -> None:
        """Go where files are received and look at them; a screen that may not be left stays."""
        window = self._window
        wanted = "submission" if desk.tier == "village" else "inbox"
        window.go(wanted)
        if window.showing() == wanted:
            window.current().show_files(files)
