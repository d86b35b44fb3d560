"""Monthly figures and their upkeep: `python -m bench.figures JOB FOLDER …` prints JSON.

`ours` asks for six indicators of a month, in total and by kind of activity; `plain` asks the same
with every mark read; `upkeep` receives a bundle and says how much of it went into the summary of
roll calls. Times are CPU seconds.
"""

import json
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.material import TOWNSHIP, accepted, opened
from learnsite_desktop.services import figures, receiving
from learnsite_desktop.services.indicators import Indicator, chosen
from learnsite_desktop.services.receipts import issue_receipts
from learnsite_desktop.store import roll_sums
from learnsite_desktop.store.engine import Database

DAY = date(2026, 4, 1)
MONTH = "2025-06"
ASKED = ("S01", "S02", "S03", "S05", "S06", "S07")


def ours(folder: Path) -> dict[str, Any]:
    """Ask for the figures of a month."""
    with opened(folder, DAY) as workspace:
        # The program is running: definitions are read. The month asked for is not touched.
        figures.indicators(workspace, period="2025-05", unit=TOWNSHIP, ids=["S03"])
        start = time.process_time()
        values = figures.indicators(
            workspace, period=MONTH, unit=TOWNSHIP, ids=ASKED, by="category"
        )
        cpu = time.process_time() - start
    found = {f"{one['id']} {one['cell']}": one["numerator"] for one in values}
    return {"cpu": cpu, "values": found}


def plain(folder: Path) -> dict[str, Any]:
    """Ask for the same with every mark read."""

    def full(ids: list[str]) -> list[Indicator]:
        return [replace(one, brief=None) for one in chosen(ids)]

    with patch.object(figures, "chosen", full):
        return ours(folder)


def upkeep(folder: Path, bundle: Path) -> dict[str, Any]:
    """Receive a bundle; `summary` is the part of `cpu` that the summary took."""
    spent = 0.0
    refresh = roll_sums.refresh

    def timed(database: Database, sessions: Iterable[int]) -> None:
        nonlocal spent
        start = time.process_time()
        refresh(database, sessions)
        spent += time.process_time() - start

    with opened(folder, DAY) as workspace, patch.object(roll_sums, "refresh", timed):
        start = time.process_time()
        accepted(receiving.receive(workspace, bundle))
        with workspace.database.transaction():
            issue_receipts(workspace, workspace.unit)
        cpu = time.process_time() - start
    return {"cpu": cpu, "summary": spent}


def main(words: list[str]) -> None:
    """Run the job named first."""
    job, folder, *rest = words
    jobs = {
        "ours": lambda: ours(Path(folder)),
        "plain": lambda: plain(Path(folder)),
        "upkeep": lambda: upkeep(Path(folder), Path(rest[0])),
    }
    print(json.dumps(jobs[job]()))


if __name__ == "__main__":
    main(sys.argv[1:])
