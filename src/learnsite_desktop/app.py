"""The window's composition root: knows every layer and puts them together."""

import os
import sys
import traceback
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from learnsite_desktop.platform import i18n
from learnsite_desktop.ui import language, theme
from learnsite_desktop.ui.garbage import Collector
from learnsite_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pathlib import Path

    from learnsite_desktop.domain.clock import Clock


def run(folder: "Path", clock: "Clock", *, operator: str = "") -> None:
    """Open the window over the workspace in `folder` and return when it is closed."""
    prefer_known_input()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101
    window = make_window(app, folder, clock, operator=operator)
    sys.excepthook = lambda _kind, error, _trace: _tell(window, error)
    window.show()
    app.exec()


def make_window(
    app: QApplication, folder: "Path", clock: "Clock", *, operator: str = ""
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


def _preferences_file(folder: "Path") -> "Path":
    """Return where the look of this computer's window is kept: beside the data, never sent."""
    return folder / "window.ini"


def _begin(window: MainWindow, folder: "Path", clock: "Clock", operator: str) -> None:
    """Open the workspace, or the first run when there is none."""
    from learnsite_desktop.ui.beginning import begin  # noqa: PLC0415

    window.furnish()
    begin(window, folder, clock, operator)


def prefer_known_input() -> None:
    """Use ibus where fcitx is named but Qt has no plugin for it; fcitx5 answers that protocol."""
    if os.environ.get("QT_IM_MODULE", "").startswith("fcitx"):
        os.environ["QT_IM_MODULE"] = "ibus"
