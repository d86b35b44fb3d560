"""The window while it receives: `python -m bench.inbox make|run FOLDER …` prints JSON.

`make FOLDER VILLAGES ATTENDANCES` founds a township with that many villages and their files;
`county FOLDER TOWNSHIPS VILLAGES ATTENDANCES` a county whose townships relay so many villages.
`run FOLDER` opens a window over a copy, drops all files onto the inbox, takes them in by Ctrl+S and
meanwhile asks every 5 ms whether the event loop still runs. `gap` is what lies between two such
asks beyond the 5 ms, in ms: p50, p99 and the longest.
"""

# ruff: noqa: PLC0415 - only `run` needs the window
import faulthandler
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from bench.material import (
    COUNTY,
    Shape,
    Village,
    clock_on,
    opened,
)
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.services import founding, packing, receiving

TICK_MS: Final = 5
DAY: Final = date(2025, 3, 1)
MARKS, LEARNERS = 22, 40
REST: Final = 6.0
"""Seconds until the code of all screens is loaded, which is done while nobody works."""


def town_code(number: int) -> str:
    """Return the code of township 0, 1, …."""
    return f"410199{number + 101:03d}000"


def village_code(town: int, number: int) -> str:
    """Return the code of a township's village 0, 1, …."""
    return f"410199{town + 101:03d}{number + 201:03d}"


def tree(villages: list[int]) -> RegionTree:
    """Return a county whose townships have so many villages."""
    rows: list[dict[str, object]] = [
        {"code": COUNTY, "parent": "", "level": "3", "name": "示例县", "kind": "county"}
    ]
    for town, count in enumerate(villages):
        code = town_code(town)
        rows.append(
            {
                "code": code,
                "parent": COUNTY,
                "level": "4",
                "name": f"第{town + 1}镇",
                "kind": "town",
            }
        )
        rows += [
            {
                "code": village_code(town, number),
                "parent": code,
                "level": "5",
                "name": f"第{town + 1}镇第{number + 1}村",
                "kind": "village",
            }
            for number in range(count)
        ]
    return RegionTree.of(rows)


def make(folder: Path, towns: int, villages: int, attendances: int) -> dict[str, Any]:
    """Make the files that the units below one desk hand in: villages', or townships' relays.

    With one township the desk is that township's, else the county's.
    """
    per_town = [villages // towns + (town < villages % towns) for town in range(towns)]
    sessions = max(1, round(attendances / villages / MARKS))
    shape = Shape(villages, learners=LEARNERS, classes=2, sessions=sessions, marks=MARKS)
    shutil.rmtree(folder, ignore_errors=True)
    files = folder / "files"
    files.mkdir(parents=True)
    work = folder / "work"
    county = work / "county"
    founding.found(county, clock_on(DAY), tier="county", unit=COUNTY, tree=tree(per_town))
    codes = [town_code(town) for town in range(towns)]
    with opened(county, DAY) as workspace:
        slips = founding.write_openings(workspace, codes, work / "openings")
    desk = county
    for town, slip in enumerate(slips):
        township = work / codes[town]
        founding.open_unit(township, slip.path, clock_on(DAY))
        out = files if towns == 1 else work / "up"
        bundles = _villages(work, township, town, per_town[town], shape, out)
        if towns == 1:
            desk = township
            continue
        end = DAY + timedelta(days=366)
        with opened(township, end) as workspace:
            for bundle in bundles:
                found = receiving.receive(workspace, bundle)
                if found.error is not None:
                    raise found.error
            packing.pack(workspace, COUNTY, files)
        shutil.rmtree(township)
        shutil.rmtree(out)
    shutil.copytree(desk, folder / "desk")
    shutil.rmtree(work)
    listed = sorted(files.glob("*.lsb"))
    return {
        "files": len(listed),
        "attendances": villages * sessions * MARKS,
        "megabytes": round(sum(one.stat().st_size for one in listed) / 1e6, 1),
    }


def _villages(
    work: Path, township: Path, town: int, count: int, shape: Shape, out: Path
) -> list[Path]:
    """Let a township's villages write what they write and pack it; return the files."""
    codes = [village_code(town, number) for number in range(count)]
    with opened(township, DAY) as workspace:
        slips = founding.write_openings(workspace, codes, work / "openings")
    to = town_code(town)
    end = DAY + timedelta(days=366)
    files = []
    for number, slip in enumerate(slips):
        village = work / "village"
        founding.open_unit(village, slip.path, clock_on(DAY))
        with opened(village, end) as workspace:
            writer = Village(workspace, shape, town * 1000 + number)
            rosters = writer.write_rosters(DAY)
            writer.write_sessions(rosters, 0, shape.sessions)
            files.append(packing.pack(workspace, to, out).written.path)
        shutil.rmtree(village)
    return files


def run(folder: Path, *, watch: float = 0.0) -> dict[str, Any]:  # noqa: PLR0915 - one measurement
    """Take all files in from the window; returns gaps, seconds and what came of it.

    `watch` seconds: whenever the event loop stands still longer, say on stderr where it stands.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEventLoop, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from learnsite_desktop.app import make_window

    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "data"
        shutil.copytree(folder / "desk", data)
        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        window = make_window(app, data, clock_on(DAY + timedelta(days=370)))
        window.resize(1366, 700)
        window.show()
        # One of each, kept to the end: what is collected in a lane's thread would end there.
        loop, asking = QEventLoop(), QTimer()
        asked: list[Callable[[], bool]] = []
        asking.timeout.connect(lambda: loop.quit() if asked and asked[-1]() else None)
        asking.start(50)

        def until(idle: Callable[[], bool]) -> None:
            asked.append(idle)
            loop.exec()

        until(lambda: window.desk is not None and window.desk.reader.idle)
        desk = window.desk
        assert desk is not None
        desk.go("inbox")
        until(lambda: desk.reader.idle and desk.writer.idle)
        view: Any = window.current()
        looked = Gaps(watch)
        view.looking.add(sorted((folder / "files").glob("*.lsb")))
        until(lambda: desk.reader.idle)
        looking = looked.stop()
        count = len(view.pile.wanted())
        steps: list[int] = []
        desk.writer.changed.connect(lambda: steps.append(1))
        until_rested = time.perf_counter() + REST
        until(lambda: time.perf_counter() > until_rested)
        gaps, begun = Gaps(watch), time.perf_counter()
        window.activateWindow()
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        until(lambda: not view.working.busy and desk.writer.idle)
        seconds = time.perf_counter() - begun
        receiving_ = gaps.stop()
        until(lambda: desk.reader.idle)
        said = window.feedback.text
        before, begun = Gaps(watch), time.perf_counter()
        view.below.begin()
        until(lambda: not view.below.isHidden())
        view.below.write()
        until(lambda: desk.writer.idle and desk.reader.idle)
        answering = before.stop()
        answered = time.perf_counter() - begun
        window.close()
    return {
        "files": count,
        "said": said,
        "seconds": round(seconds, 1),
        "news": len(steps),
        "looking": looking,
        "receiving": receiving_,
        "receipts_seconds": round(answered, 1),
        "receipts": answering,
        "memory_mb": _peak_mb(),
    }


def _peak_mb() -> int:
    """Return the most memory that this process has held, in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


class Gaps:
    """Counts how long the event loop does not come round, from now on until `stop`."""

    def __init__(self, watch: float) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._watch = watch
        self._found: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        self._found.append((now - self._last) * 1000 - TICK_MS)
        self._last = now
        if self._watch:
            faulthandler.dump_traceback_later(self._watch, exit=False)

    def stop(self) -> dict[str, float]:
        """Return p50, p99 and the longest gap in ms, and how many were seen."""
        self._timer.stop()
        faulthandler.cancel_dump_traceback_later()
        ordered = sorted(max(0.0, one) for one in self._found) or [0.0]
        return {
            "p50": round(ordered[len(ordered) // 2], 1),
            "p99": round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)], 1),
            "max": round(ordered[-1], 1),
            "over_50": sum(one > 50 for one in ordered),
            "ticks": len(ordered),
        }


def main() -> None:
    """Do what the command line asks for."""
    job, folder, *numbers = sys.argv[1:]
    if job == "make":
        found = make(Path(folder), 1, int(numbers[0]), int(numbers[1]))
    elif job == "county":
        found = make(Path(folder), *map(int, numbers[:3]))
    else:
        found = run(Path(folder), watch=float(numbers[0]) if numbers else 0.0)
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
