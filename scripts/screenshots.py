"""Pictures of every screen, over a trial village in a temporary folder.

`screenshots.py [FOLDER]` writes them into FOLDER (build/screenshots): Chinese in 10 and 16 pt,
light and dark, English once. `screenshots.py --readme` writes docs/pictures/today.png alone.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from learnsite_desktop.app import make_window
from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.platform import i18n
from learnsite_desktop.services.records import list_records
from learnsite_desktop.services.trial.village import found_trial
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.navigation import ENTRIES

ROOT = Path(__file__).resolve().parents[1]
CLOCK = FixedClock(datetime(2026, 4, 2, 8, 40, tzinfo=timezone(timedelta(hours=8))))
SIZE = (1366, 700)
CHINESE = [("zh", points, dark) for points in (10, 16) for dark in (False, True)]
LOOKS = [*CHINESE, ("en", 12, False)]
README = ROOT / "docs" / "pictures" / "today.png"


def settle(window: MainWindow) -> None:
    """Let the window finish what it is doing."""
    loop = QEventLoop()
    timer = QTimer()

    def look() -> None:
        desk = window.desk
        if desk is None or (desk.writer.idle and desk.reader.idle):
            loop.quit()

    timer.timeout.connect(look)
    timer.start(120)
    loop.exec()


def places(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every screen with what it is to show."""
    with Workspace(folder, CLOCK, write=False) as workspace:
        today = CLOCK.now().date().isoformat()
        sessions = list_records(workspace, "session")
        about = {
            "roll_call": next(row["id"] for row in sessions if row["date"] == today),
            "activity": list_records(workspace, "activity")[0]["id"],
            "learner": list_records(workspace, "learner")[0]["id"],
            "manual": "today",
        }
    for entry in ENTRIES:
        yield entry.name, about.get(entry.name, "")


def opened(app: QApplication, folder: Path) -> MainWindow:
    """Return the window at the trial village."""
    window = make_window(app, folder, CLOCK)
    window.resize(*SIZE)
    window.show()
    settle(window)
    settle(window)
    return window


def take(window: MainWindow, path: Path) -> None:
    """Keep a picture of the window."""
    settle(window)
    window.grab().save(str(path))


def all_screens(app: QApplication, folder: Path, out: Path) -> None:
    """Take every screen in every look, and the first run."""
    out.mkdir(parents=True, exist_ok=True)
    for language, points, dark in LOOKS:
        i18n.use(language)
        name = f"{language}-{points}-{'dark' if dark else 'light'}"
        window = opened(app, folder)
        window.set_look(points=points, dark=dark)
        for screen, about in places(folder):
            window.go(screen, about)
            take(window, out / f"{screen}-{name}.png")
        window.close()
        first = opened(app, folder.parent / "nothing")
        first.set_look(points=points, dark=dark)
        take(first, out / f"first_run-{name}.png")
        first.close()


def readme_picture(app: QApplication, folder: Path) -> None:
    """Take the picture of the README."""
    README.parent.mkdir(parents=True, exist_ok=True)
    window = opened(app, folder)
    window.set_look(points=12, dark=False)
    settle(window)
    window.grab().save(str(README))
    window.close()


def main() -> None:
    """Take what the command line asks for."""
    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "village"
        found_trial(folder, CLOCK)
        words = sys.argv[1:]
        if words == ["--readme"]:
            readme_picture(app, folder)
        else:
            all_screens(app, folder, Path(*words) if words else ROOT / "build" / "screenshots")


if __name__ == "__main__":
    main()
