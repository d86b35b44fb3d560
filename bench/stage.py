"""One job of the product in a process of its own: `python -m bench.stage JOB …` prints JSON.

Times leave out the start of Python, opening the workspace and closing it. `rss` is the peak in MB
of the whole process.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bench.material import accepted, opened
from learnsite_desktop.services import drafts, packing, receiving
from learnsite_desktop.services.receipts import issue_receipts
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.rebuild import rebuild
from learnsite_desktop.store.records import records_of_kind

DAY = date(2026, 4, 1)


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Return wall and CPU seconds of a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def receive(folder: Path, bundle: Path) -> dict[str, Any]:
    """Receive a bundle and give the receipt; `wal` is what the transactions wrote, in bytes."""
    with opened(folder, DAY) as workspace:

        def work() -> None:
            accepted(receiving.receive(workspace, bundle))
            with workspace.database.transaction():
                issue_receipts(workspace, workspace.unit)

        result: dict[str, Any] = timed(work)
        result["wal"] = (folder / "learnsite.db-wal").stat().st_size
    return result


def receive_again(folder: Path, bundle: Path) -> dict[str, Any]:
    """Receive operations that are held; they make no new receipt."""
    with opened(folder, DAY) as workspace:
        return timed(lambda: accepted(receiving.receive(workspace, bundle)))


def rebuild_all(folder: Path) -> dict[str, Any]:
    """Rebuild records and projection from the log."""

    def work(workspace: Workspace) -> None:
        with workspace.database.transaction():
            rebuild(workspace.database)

    with opened(folder, DAY) as workspace:
        return timed(lambda: work(workspace))


def pack(folder: Path, unit: str, out: Path) -> dict[str, Any]:
    """Pack for a unit."""
    with opened(folder, DAY) as workspace:
        return timed(lambda: packing.pack(workspace, unit, out))


def save(folder: Path, count: int) -> dict[str, list[float]]:
    """Commit a field of one learner `count` times, then finish the draft as many times."""
    result: dict[str, list[float]] = {"wall": [], "cpu": []}
    with opened(folder, DAY) as workspace:
        learner = records_of_kind(workspace.database, "learner", unit=workspace.unit)[0].id
        levels = ("10", "20", "30", "40")
        for number in range(count):
            value = levels[number % len(levels)]
            spent = timed(
                lambda value=value: drafts.commit_field(  # type: ignore[misc]
                    workspace, "learner", learner, "education", value
                )
            )
            result["wall"].append(spent["wall"])
            result["cpu"].append(spent["cpu"])
    return result


def finish(folder: Path, count: int) -> dict[str, list[float]]:
    """Commit a field and turn the draft into an operation, `count` times."""
    result: dict[str, list[float]] = {"wall": [], "cpu": []}
    with opened(folder, DAY) as workspace:
        learner = records_of_kind(workspace.database, "learner", unit=workspace.unit)[0].id
        for number in range(count):
            value = ("10", "20", "30", "40")[number % 4]
            drafts.commit_field(workspace, "learner", learner, "education", value)
            spent = timed(lambda: drafts.finish(workspace, learner))
            result["wall"].append(spent["wall"])
            result["cpu"].append(spent["cpu"])
    return result


def peak_memory() -> float:
    """Return the peak resident memory of this process in MB.

    Not `ru_maxrss`: that one is carried over from the process that started this one.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmHWM: peak memory is measured on Linux only")


def main(words: list[str]) -> None:
    """Run the job named first."""
    job, folder, *rest = words
    jobs: dict[str, Callable[[], dict[str, Any]]] = {
        "receive": lambda: receive(Path(folder), Path(rest[0])),
        "again": lambda: receive_again(Path(folder), Path(rest[0])),
        "rebuild": lambda: rebuild_all(Path(folder)),
        "pack": lambda: pack(Path(folder), rest[0], Path(rest[1])),
        "save": lambda: save(Path(folder), int(rest[0])),
        "finish": lambda: finish(Path(folder), int(rest[0])),
    }
    result = jobs[job]()
    result["rss"] = peak_memory()
    result["pid"] = os.getpid()
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
