"""Opening screens: `python -m bench.desks FOLDER [SCREEN …]` prints a table.

A window over a copy of FOLDER opens each listed screen once by its key, then a second time, and
goes down its first list by the arrow key. In ms: `opens` how long the key itself held the event
loop, `cpu` what the window's thread worked meanwhile, `ready` until both lanes are idle, `p99` and
`max` how long the loop did not come round beyond 5 ms meanwhile; the same the second time; `arrows`
the longest that an arrow key held the loop. The first key is pressed `REST` seconds after the
start, as the code of screens is loaded while nobody works. `--profile SCREEN` says where the
window's thread spends its time.
"""

# ruff: noqa: PLC0415 - the window is needed by `run` only
import argparse
import cProfile
import json
import os
import pstats
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from bench.inbox import Gaps
from bench.material import clock_on

TODAY: Final = date(2026, 11, 20)
ARROWS: Final = 8
REST: Final = 8.0
COLUMNS: Final = (
    *("opens", "cpu", "ready", "p99", "max"),
    *("again", "again_cpu", "again_ready", "again_max", "arrows"),
)


class Looker:
    """A window over a folder, and what its screens cost."""

    def __init__(self, folder: Path) -> None:
        from PySide6.QtCore import QEventLoop, QTimer
        from PySide6.QtWidgets import QApplication

        from learnsite_desktop.app import make_window

        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        self._app = app
        self._loop, self._asking = QEventLoop(), QTimer()
        self._asked: list[Callable[[], bool]] = []
        self._asking.timeout.connect(
            lambda: self._loop.quit() if self._asked and self._asked[-1]() else None
        )
        self._asking.start(5)
        self.window = make_window(app, folder, clock_on(TODAY))
        self.window.resize(1366, 700)
        self.window.show()
        self._until(lambda: self.window.desk is not None)
        begun = time.perf_counter()
        self._until(lambda: time.perf_counter() - begun > REST)
        self._rest()

    def _until(self, idle: Callable[[], bool]) -> None:
        self._asked.append(idle)
        self._loop.exec()

    def _rest(self) -> None:
        desk = self.window.desk
        assert desk is not None
        quiet = [time.perf_counter()]

        def idle() -> bool:
            """Whether nothing has been going on for a moment: one answer may ask the next."""
            now = time.perf_counter()
            if not (desk.reader.idle and desk.writer.idle):
                quiet[0] = now
            return now - quiet[0] > 0.06

        self._until(idle)

    def opened(self, name: str) -> dict[str, float]:
        """Open a screen; return what it costs, in ms."""
        gaps, begun, worked = Gaps(0), time.perf_counter(), time.thread_time()
        self.window.go(name)
        held, worked = time.perf_counter() - begun, time.thread_time() - worked
        self._rest()
        ready = time.perf_counter() - begun - 0.06
        found = gaps.stop()
        return {
            "opens": held * 1000,
            "cpu": worked * 1000,
            "ready": ready * 1000,
            "p99": found["p99"],
            "max": found["max"],
        }

    def arrows(self) -> float:
        """Go down the first list of the screen; return the longest that a key took, in ms."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QAbstractItemView

        screen = self.window.current()
        lists = [one for one in screen.findChildren(QAbstractItemView) if one.isVisible()]
        slowest = 0.0
        if lists:
            lists[0].setFocus()
            for _key in range(ARROWS):
                begun = time.perf_counter()
                QTest.keyClick(lists[0], Qt.Key.Key_Down)
                slowest = max(slowest, time.perf_counter() - begun)
                self._rest()
        return slowest * 1000

    def close(self) -> None:
        """Close the window."""
        self._asking.stop()
        self.window.close()


def run(folder: Path, only: list[str], *, profile: str = "") -> list[dict[str, Any]]:
    """Open the screens of a desk's list over a copy of `folder`."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from learnsite_desktop.ui.navigation import LISTED

    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "data"
        shutil.copytree(folder, copy)
        looker = Looker(copy)
        desk = looker.window.desk
        assert desk is not None
        names = [name for name in LISTED[desk.tier] if not only or name in only]
        rows = [_measured(looker, name, profile=name == profile) for name in names]
        looker.close()
    return rows


def _measured(looker: Looker, name: str, *, profile: bool) -> dict[str, Any]:
    watch = cProfile.Profile() if profile else None
    if watch is not None:
        watch.enable()
    first = looker.opened(name)
    slowest = looker.arrows()
    if watch is not None:
        watch.disable()
    looker.window.go("manual")
    again = looker.opened(name)
    if watch is not None:
        pstats.Stats(watch, stream=sys.stderr).sort_stats("cumtime").print_stats(70)
    return {
        "screen": name,
        **first,
        "again": again["opens"],
        "again_cpu": again["cpu"],
        "again_ready": again["ready"],
        "again_max": again["max"],
        "arrows": slowest,
    }


def table(rows: list[dict[str, Any]]) -> str:
    """Return rows as a table for people."""
    lines = [
        f"| screen | {' | '.join(COLUMNS)} |",
        f"| --- | {' | '.join('---:' for _one in COLUMNS)} |",
    ]
    for row in rows:
        cells = " | ".join(f"{row[name]:.0f}" for name in COLUMNS)
        lines.append(f"| {row['screen']} | {cells} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.desks", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("screens", nargs="*")
    parser.add_argument("--profile", default="")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = run(options.folder, options.screens, profile=options.profile)
    print(json.dumps(rows) if options.json else table(rows))


if __name__ == "__main__":
    main()
