"""Receives hostile files in a process of its own, so that its memory can be told.

`python -m tests.reliability.hostile_run FOLDER BUNDLE FAMILY COUNT SEED` prints one JSON object.
FOLDER holds the workspaces `village`, `township` and `county`. FAMILY is a way to forge, with
" from a township" if it is the township that lies to the county, not a village to the township.
"""

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import batches, health
from learnsite_desktop.services.receiving import receive
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.engine import Database
from tests.flows.desks import NOW, VILLAGES, Desk
from tests.reliability.forge_run import UNITS, WAYS
from tests.support import files_of, table_dump

TAKEN_EVERY: Final = 40
"""Of the lying files, how many are really taken, checked and taken back: one in so many."""
OUTCOMES: Final = frozenset({"received", "held", "refused"})


class Bench:
    """The receiver, open all the time, and what became of the files."""

    def __init__(self, receiver: Desk, scratch: Path) -> None:
        self._receiver = receiver
        self._file = scratch / "hostile.lsb"
        self._before = table_dump(receiver.folder), files_of(receiver.folder / "media")
        self._watch = Database(receiver.folder / "learnsite.db", readonly=True)
        self._version = self._watch.value("PRAGMA data_version")
        self.codes: Counter[str] = Counter()
        self.faults: list[str] = []
        self.slowest, self.slowest_name = 0.0, ""

    def feed(self, workspace: Workspace, content: bytes, name: str) -> str:
        """Preview one file, which goes the whole way and takes everything back."""
        self._file.write_bytes(content)
        began = time.process_time()
        try:
            found = receive(workspace, self._file, dry_run=True)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            self.faults.append(f"{name}: {type(error).__name__}: {error}"[:300])
            return "crash"
        took = time.process_time() - began
        if took > self.slowest:
            self.slowest, self.slowest_name = took, name
        code = found.error.code if found.error is not None else found.outcome
        self.codes[code] += 1
        if found.outcome not in OUTCOMES:
            self.faults.append(f"{name}: outcome {found.outcome}")
        if self._watch.value("PRAGMA data_version") != self._version:
            self.faults.append(f"{name}: something was committed")
            self._version = self._watch.value("PRAGMA data_version")
        return found.outcome

    def finish(self) -> None:
        """Compare every row of every table, and every picture."""
        self._watch.close()
        if (table_dump(self._receiver.folder), files_of(self._receiver.folder / "media")) != (
            self._before
        ):
            self.faults.append("the workspace is different afterwards")


def shown_of_others(desk: Desk) -> list[tuple[Any, ...]]:
    """Return what stands there of the records of another village."""
    with desk.look() as workspace:
        return workspace.database.rows(
            "SELECT i.rid, r.kind, r.doc, r.deleted FROM record r JOIN unit u ON u.id=r.unit "
            "JOIN ident i ON i.id=r.ident WHERE u.code=? AND r.doc<>'{}' ORDER BY r.id",
            (VILLAGES[1],),
        )


def take_for_real(receiver: Desk, content: bytes, scratch: Path, name: str) -> list[str]:
    """Take a lying file in, look at everything, take it back; return what is wrong."""
    folder = scratch / "taken"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(receiver.folder, folder)
    desk = Desk(folder, receiver.unit)
    path = scratch / "taken.lsb"
    path.write_bytes(content)
    before, others = desk.hash(), shown_of_others(desk)
    faults = []
    with desk.open() as workspace:
        found = receive(workspace, path)
        if found.error is not None:
            return [f"{name}: previewed as taken, then {found.error.code}"]
        checked = health.check(workspace, deep=True)
        if checked["problems"] or not checked["projection_equal"]:
            faults.append(f"{name}: {checked}")
    if shown_of_others(desk) != others:
        faults.append(f"{name}: another village's records changed")
    if found.batch is not None and found.outcome == "received":
        with desk.open() as workspace:
            try:
                batches.rollback(workspace, found.batch)
            except Refusal as refusal:
                return faults if refusal.code == "period_locked" else [*faults, refusal.code]
        if desk.hash() != before:
            faults.append(f"{name}: something stayed after taking it back")
    return faults


def peak_megabytes() -> int:
    """Return this program's peak of memory; what the system counts also has the parent's in it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def forged(
    folder: Path, bundle: Path, family: str, count: int, seed: int
) -> Iterator[tuple[str, bytes]]:
    """Yield names and files that another process forges: its memory is not the receiver's."""
    words = [sys.executable, "-m", "tests.reliability.forge_run", folder, bundle, family]
    command = [*map(str, words), str(count), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as forging:
        assert forging.stdout is not None
        while head := forging.stdout.readline():
            name, size = json.loads(head)
            yield name, forging.stdout.read(size)
    assert forging.returncode == 0


def run(folder: Path, bundle: Path, family: str, count: int, seed: int) -> dict[str, Any]:
    """Feed `count` files of a family; return figures and faults."""
    receiver = WAYS[family.partition(" ")[2]][1]
    taker = Desk(folder / receiver, UNITS[receiver])
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    bench = Bench(taker, scratch)
    taken = 0
    with Workspace(taker.folder, FixedClock(NOW), write=True) as workspace:
        files = forged(folder, bundle, family, count, seed)
        for number, (name, content) in enumerate(files):
            outcome = bench.feed(workspace, content, name)
            if family.startswith("lying") and outcome == "received" and number % TAKEN_EVERY == 0:
                bench.faults += take_for_real(taker, content, scratch, name)
                taken += 1
    bench.finish()
    return {
        "files": sum(bench.codes.values()),
        "codes": dict(bench.codes.most_common()),
        "taken": taken,
        "faults": bench.faults[:20],
        "slowest": round(bench.slowest, 3),
        "slowest_file": bench.slowest_name,
        "rss_mb": peak_megabytes(),
    }


if __name__ == "__main__":
    print(
        json.dumps(
            run(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:6])),
            ensure_ascii=False,
        )
    )
