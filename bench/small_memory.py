"""A village's day in 2 GB: `python -m bench.small_memory FOLDER [--mb 2048] [--program FILE]`.

FOLDER is a village's data folder; a copy is worked at. The window is opened, today's session is
entered by keys and finished, everything is packed for the township, a backup is made. With
`--program` the released program opens its window over the same copy instead and says itself what it
took; then its own commands enter, pack and back up.

All of it runs in a group of processes that may have so much memory and no swap, files in the
system's cache included (cgroup, version 2 or 1; that takes root). Where there is no such group,
`RLIMIT_DATA` bounds what the processes ask for themselves; the address space is not bounded, for Qt
and fonts map far more of it than they ever use. Prints JSON: `limit` how it was held, `peak_mb` the
most that the greatest process had (VmHWM), `group_mb` the most of all together, `share` its part of
the limit, `killed` how often the system had to end one.
"""

# ruff: noqa: PLC0415 - the window is needed by the child only
import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from bench.material import clock_on
from learnsite_desktop.cli.main import run as command

TODAY: Final = date(2026, 11, 20)
_MB: Final = 1024 * 1024
_GROUPS: Final = Path("/sys/fs/cgroup")


class Group:
    """A group of processes with bounded memory."""

    def __init__(self, mb: int) -> None:
        """Make the group; OSError where this is not allowed."""
        self.new = (_GROUPS / "cgroup.controllers").is_file()
        top = _GROUPS if self.new else _GROUPS / "memory"
        self.place = top / f"learnsite-{os.getpid()}"
        self.place.mkdir()
        self.limit = "memory.max" if self.new else "memory.limit_in_bytes"
        try:
            self._write(self.limit, mb * _MB)
            if self.new:
                self._write("memory.swap.max", 0)
        except OSError:
            self.close()
            raise

    def _write(self, name: str, value: int) -> None:
        (self.place / name).write_text(str(value), encoding="ascii")

    def enter(self) -> None:
        """Put this process into the group; called in the child."""
        self._write("cgroup.procs", os.getpid())

    def peak(self) -> int:
        """Return the most bytes that all together had, 0 where the system does not say."""
        name = "memory.peak" if self.new else "memory.max_usage_in_bytes"
        try:
            return int((self.place / name).read_text(encoding="ascii"))
        except OSError:
            return 0

    def killed(self) -> int:
        """Return how many processes were ended for want of memory."""
        name = "memory.events" if self.new else "memory.oom_control"
        lines = (self.place / name).read_text(encoding="ascii").splitlines()
        found = [int(line.split()[1]) for line in lines if line.startswith("oom_kill ")]
        return sum(found)

    def close(self) -> None:
        """Remove the group; its processes have ended."""
        self.place.rmdir()


@contextmanager
def bounded(mb: int) -> Iterator[Group | None]:
    """Give a group of so many megabytes, None where the system lets nobody make one."""
    try:
        group = Group(mb)
    except OSError:
        yield None
        return
    try:
        yield group
    finally:
        group.close()


def measured(words: list[str], mb: int) -> dict[str, Any]:
    """Run a command within the bounds; return what it printed and what it took."""
    with bounded(mb) as group:

        def bound() -> None:
            if group is not None:
                group.enter()
            else:
                resource.setrlimit(resource.RLIMIT_DATA, (mb * _MB, mb * _MB))

        done = subprocess.run(
            words, capture_output=True, text=True, encoding="utf-8", check=False, preexec_fn=bound,
        )  # fmt: skip
        found: dict[str, Any] = {"code": done.returncode, "limit_mb": mb}
        lines = done.stdout.splitlines()
        found |= json.loads(lines[-1]) if lines and not done.returncode else {"told": done.stderr}
        if group is None:
            return {**found, "limit": "RLIMIT_DATA", "killed": int(done.returncode < 0)}
        peak = group.peak()
        how = "cgroup 2" if group.new else "cgroup 1"
        return {
            **found,
            "limit": how,
            "group_mb": round(peak / _MB),
            "share": round(peak / _MB / mb, 3),
            "killed": group.killed(),
        }


def prepare(folder: Path, now: str) -> str:
    """Put a session for today into the records; return the unit above."""
    words = ["--data", str(folder), "--now", now, "--json"]
    code, found = command([*words, "list", "activity"])
    enrolled = command([*words, "list", "enrolment"])[1]["records"]
    held = {one["activity"] for one in enrolled}
    activity = next(one for one in found["records"] if one["id"] in held)
    session = {
        "ref": "today", "activity": activity["id"], "date": now[:10], "start": "09:00",
        "end": "10:30", "status": "planned",
    }  # fmt: skip
    document = {"v": 1, "source": "small-memory", "sessions": [session]}
    code, answer = command([*words, "capture", "-"], json.dumps(document).encode("utf-8"))
    assert code == 0, answer
    standing = command([*words, "standing"])[1]
    return str(standing["above"][0]["unit"])


def by_keys(folder: Path, above: str) -> dict[str, Any]:
    """Work a day at the window; returns what was done."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEventLoop, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from learnsite_desktop.app import make_window
    from learnsite_desktop.services import backups, packing

    app = QApplication([])
    window = make_window(app, folder, clock_on(TODAY))
    window.show()

    def until_idle() -> None:
        loop, timer = QEventLoop(), QTimer()
        quiet = [0]

        def look() -> None:
            desk = window.desk
            idle = desk is not None and desk.reader.idle and desk.writer.idle
            quiet[0] = quiet[0] + 1 if idle else 0
            if quiet[0] > 4:
                loop.quit()

        timer.timeout.connect(look)
        timer.start(25)
        loop.exec()

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        where = app.focusWidget() or window
        QTest.keyClick(where, key, modifier or Qt.KeyboardModifier.NoModifier)
        until_idle()

    until_idle()
    press(Qt.Key.Key_Return)
    assert window.showing() == "roll_call", window.showing()
    press(Qt.Key.Key_1)
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    desk = window.desk
    assert desk is not None
    done: list[Any] = []
    out = folder.parent / "out"
    desk.write("", lambda ws, _p: packing.pack(ws, above, out), done.append)
    desk.write("", lambda ws, _p: backups.backup(ws, out), done.append)
    for number in range(1, 10):
        press(getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.AltModifier)
    until_idle()
    assert len(done) == 2, window.feedback.text
    window.close()
    return {"packed": done[0].operations, "peak_mb": round(own_peak())}


def own_peak() -> float:
    """Return the most memory this process has had, in MB (10**6 bytes)."""
    text = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    line = next(one for one in text.splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def by_program(program: Path, folder: Path, above: str) -> dict[str, Any]:
    """Let a released program start its window, then do the day's work by its commands."""
    times = folder.parent / "start.json"
    told = {"LEARNSITE_DATA": str(folder), "LEARNSITE_START_TIMES": str(times)}
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    subprocess.run([program], check=True, env={**os.environ, **told})
    found = json.loads(times.read_text(encoding="utf-8"))
    out = folder.parent / "out"
    for words in (("today",), ("pack", "--to", above, "--out", out), ("backup", out), ("check",)):
        now = clock_on(TODAY).now().isoformat()
        line = [str(program), "--data", str(folder), "--now", now, "--json", *map(str, words)]
        subprocess.run(line, check=True, capture_output=True)
    return {"peak_mb": round(found["peak_kb"] * 1024 / 1e6), "paint": found["paint"]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.small_memory", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mb", type=int, default=2048)
    parser.add_argument("--program", type=Path)
    parser.add_argument("--child", default="")
    options = parser.parse_args()
    if options.child:
        folder, above = options.folder, options.child
        work = by_program(options.program, folder, above) if options.program else None
        print(json.dumps(work or by_keys(folder, above)), flush=True)
        os._exit(0)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "data"
        shutil.copytree(options.folder, copy)
        above = prepare(copy, clock_on(TODAY).now().isoformat())
        words = [sys.executable, "-m", "bench.small_memory", str(copy), "--child", above]
        if options.program:
            words += ["--program", str(options.program)]
        print(json.dumps(measured(words, options.mb)))


if __name__ == "__main__":
    main()
