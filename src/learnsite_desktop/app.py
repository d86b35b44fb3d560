"""The window's composition root: knows every layer and puts them together."""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from learnsite_desktop.platform import i18n, input_method
from learnsite_desktop.ui import language, theme
from learnsite_desktop.ui.garbage import Collector
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.only_window import OnlyWindow
from learnsite_desktop.ui.start_note import StartNote

if TYPE_CHECKING:
    from learnsite_desktop.domain.clock import Clock


def run(folder: Path, clock: "Clock", *, operator: str = "", files: Sequence[Path] = ()) -> None:
    """Open the window over the workspace in `folder` and return when it is closed.

    It shows what `files` would bring. Where a window over that folder is open already, that one
    comes forward and shows them instead.
    """
    with input_method.chosen():
        app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101
    only = OnlyWindow(folder)
    if not only.claim() and only.hand_over(files):
        return
    load_own_fonts()
    window = make_window(app, folder, clock, operator=operator)
    StartNote(window)
    sys.excepthook = lambda _kind, error, _trace: _tell(window, error)
    window.painted.connect(lambda: QTimer.singleShot(0, window, lambda: _be_found(window, only)))
    if files:
        _show_files(window, list(files))
    if "LEARNSITE_START_TIMES" in os.environ:
        from learnsite_desktop.ui.start_times import VARIABLE, StartTimes  # noqa: PLC0415

        StartTimes(window, Path(os.environ[VARIABLE]))
    window.show()
    app.exec()
    only.close()


def make_window(
    app: QApplication, folder: Path, clock: "Clock", *, operator: str = ""
) -> MainWindow:
    """Return the window, not yet shown; it opens the workspace right after its first paint.

    A folder without a workspace gets the first-run screen.
    """
    app.setApplicationName("learnsite")
    preferences = QSettings(str(_preferences_file(folder)), QSettings.Format.IniFormat)
    chosen = language.remembered(preferences)
    if chosen and i18n.language() == i18n.DEFAULT_LANGUAGE:
        i18n.use(chosen)
    language.install(app, i18n.language())
    dark = bool(preferences.value("dark", defaultValue=False, type=bool))
    theme.apply(app, dark=dark, points=_points(preferences))
    window = MainWindow(preferences)
    Collector(window)
    window.painted.connect(
        lambda: QTimer.singleShot(0, window, lambda: _begin(window, folder, clock, operator))
    )
    return window


def _points(preferences: QSettings) -> int:
    """Return the size of letters; a damaged file of preferences must not keep the window shut."""
    kept = str(preferences.value("points", ""))
    return int(kept) if kept in map(str, theme.POINTS) else theme.POINTS[1]


def _tell(window: MainWindow, error: BaseException) -> None:
    """Say in the bar, and note in the diary, what nobody caught."""
    traceback.print_exception(error)
    if window.furnished:
        window.feedback.fail(error)


def _preferences_file(folder: Path) -> Path:
    """Return where the look of this computer's window is kept: beside the data, never sent."""
    return folder / "window.ini"


def _begin(window: MainWindow, folder: Path, clock: "Clock", operator: str) -> None:
    """Open the workspace, or the first run when there is none."""
    from learnsite_desktop.ui.beginning import begin  # noqa: PLC0415

    theme.be_calm()
    window.furnish()
    begin(window, folder, clock, operator)


def _be_found(window: MainWindow, only: OnlyWindow) -> None:
    """Take the files of those who start the program again."""
    only.handed.connect(lambda files: _show_files(window, files))
    only.listen()


def _show_files(window: MainWindow, files: list[Path]) -> None:
    from learnsite_desktop.ui.opened_files import OpenedFiles  # noqa: PLC0415 - seldom needed

    (window.findChild(OpenedFiles) or OpenedFiles(window)).take(files)


def load_own_fonts() -> None:
    """Use the fonts beside a program carried on a stick, where this computer has no Chinese one."""
    fonts = sorted(Path(sys.executable).parent.glob("fonts/*.tt[cf]"))
    chinese = QFontDatabase.WritingSystem.SimplifiedChinese
    if fonts and not QFontDatabase.families(chinese):
        for font in fonts:
            QFontDatabase.addApplicationFont(str(font))
