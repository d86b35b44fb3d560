"""Starting the window: `python -m bench.start JOB FOLDER` prints JSON.

`bare` is a window of QtWidgets with a table of 12 × 6; `ours` the program's own over the records in
FOLDER. `paint` is the CPU and wall seconds to the first paint, `filled` (of ours) to the day's list
painted with everything it waits for. The start of Python is left out of both; `whole` (of `bare`)
is the CPU with it. `early` names libraries that were loaded before the first paint though only some
screen needs them.

`python -m bench.start installed FOLDER PROGRAM` starts PROGRAM, as it is installed, over the same
records; there everything counts from the beginning of the process, as in `whole`; `peak` is its
memory in MB.
"""

# ruff: noqa: PLC0415 - what is loaded, and when, is what is measured here
import json
import os
import sys
import time

WALL, CPU = time.perf_counter(), time.process_time()
LATER = ("openpyxl", "sqlite_utils", "pyxform", "pypinyin", "rapidfuzz", "duckdb", "sqlite3")


def spent() -> dict[str, float]:
    """Return wall and CPU seconds since this module began."""
    return {"wall": time.perf_counter() - WALL, "cpu": time.process_time() - CPU}


def bare() -> None:
    """Show an empty table in a window."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget

    class Window(QMainWindow):
        def paintEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
            super().paintEvent(event)  # type: ignore[arg-type]
            QTimer.singleShot(0, lambda: tell({"paint": spent(), "whole": time.process_time()}))

    app = QApplication([])
    window = Window()
    window.setCentralWidget(QTableWidget(12, 6))
    window.resize(1366, 700)
    window.show()
    app.exec()


def ours(folder: str) -> None:
    """Show the program's window until the day is filled in."""
    from pathlib import Path

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from learnsite_desktop import __main__  # noqa: F401 - as a start does
    from learnsite_desktop.app import make_window
    from learnsite_desktop.platform.clock import SystemClock

    app = QApplication([])
    window = make_window(app, Path(folder), SystemClock())
    found: dict[str, object] = {}

    def painted() -> None:
        found["paint"] = spent()
        found["early"] = [name for name in LATER if name in sys.modules]
        QTimer.singleShot(0, watch)

    def watch() -> None:
        assert window.desk is not None, "the records could not be opened"
        for lane in (window.desk.reader, window.desk.writer):
            lane.changed.connect(look)
        look()

    def look() -> None:
        desk = window.desk
        if desk is not None and desk.reader.idle and desk.writer.idle:
            QTimer.singleShot(0, done)

    def done() -> None:
        window.repaint()
        tell({**found, "filled": spent()})

    window.painted.connect(painted)
    window.show()
    app.exec()


def installed(folder: str, program: str) -> None:
    """Let a released program tell of its own start."""
    import subprocess
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "start.json"
        told = {"LEARNSITE_DATA": folder, "LEARNSITE_START_TIMES": str(out)}
        subprocess.run([program], check=True, env={**os.environ, **told})
        found = json.loads(out.read_text(encoding="utf-8"))
    early = sorted(set(LATER) & set(found["loaded"]))
    times = {"paint": found["paint"], "filled": found["filled"]}
    tell({**times, "early": early, "peak": found["peak_kb"] / 1000})


def tell(found: dict[str, object]) -> None:
    """Print what was found and end at once: closing is not measured."""
    print(json.dumps(found), flush=True)
    os._exit(0)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if sys.argv[1] == "bare":
        bare()
    elif sys.argv[1] == "installed":
        installed(*sys.argv[2:4])
    else:
        ours(sys.argv[2])
