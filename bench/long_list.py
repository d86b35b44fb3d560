"""The ledger of many sessions: `python -m bench.long_list JOB FOLDER` prints JSON.

`make FOLDER COUNT` builds a village whose sessions stand in the projection alone. `ours` is the
ledger's own model over its own reads; `naive` a model that holds every row; `bare` one that shows
the first rows and knows no others. `open` is CPU seconds from nothing to the first painted table,
`jumps` those of each painted jump to a random row, `order` those until every row can be reached,
`grown` megabytes of memory by the end.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from bench.material import clock_on
from learnsite_desktop.services import founding, session_list
from learnsite_desktop.services.session_list import Line, Wish
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.screens.ledger import presenter
from learnsite_desktop.ui.screens.ledger.grid import Grid
from learnsite_desktop.ui.screens.ledger.model import LedgerModel

DAY = date(2026, 4, 1)
UNIT = "410122101205"
JUMPS = 60
ACTIVITIES = 2_000
SIZE = (1150, 560)


def make(folder: Path, count: int) -> dict[str, Any]:
    """Build the village."""
    founding.found(folder, clock_on(DAY), tier="village", unit=UNIT)
    with Workspace(folder, clock_on(DAY), write=True) as workspace:
        database = workspace.database
        unit = database.value("SELECT id FROM unit WHERE code=?", (UNIT,))
        total = ACTIVITIES + count
        idents = ((n, n.to_bytes(16, "big")) for n in range(1, total + 1))
        with database.transaction():
            database.executemany("INSERT INTO ident (id, rid) VALUES (?, ?)", idents)
            database.executemany(
                "INSERT INTO record (ident, kind, unit, plain, deleted, frozen, doc) "
                "VALUES (?, ?, ?, 1, 0, 0, '{\"x\":1}')",
                (
                    (n, "activity" if n <= ACTIVITIES else "session", unit)
                    for n in range(1, total + 1)
                ),
            )
            database.executemany(
                "INSERT INTO activity (ident, unit, counted, title, kind) "
                "VALUES (?, ?, 1, ?, '01')",
                ((n, unit, f"书法班 第{n}期") for n in range(1, ACTIVITIES + 1)),
            )
            database.executemany(
                "INSERT INTO session (ident, unit, counted, minutes, activity, date, start, "
                '"end", status, notes) VALUES (?, ?, 1, 90, ?, ?, ?, ?, ?, ?)',
                (
                    (
                        ACTIVITIES + n, unit, 1 + n % ACTIVITIES,
                        (DAY - timedelta(days=n % 9_000)).isoformat(), "09:00", "10:30", "held",
                        f"第{n}场",
                    )
                    for n in range(1, count + 1)
                ),
            )  # fmt: skip
    return {"rows": count}


class Held(LedgerModel):
    """The ledger's model with every row in memory."""

    def __init__(self, lines: list[Line]) -> None:
        super().__init__(lambda _idents: {})
        self._lines = lines
        self.begin(range(len(lines)))

    def line(self, row: int) -> Line | None:
        """Return a row."""
        return self._lines[row]


def held(workspace: Workspace, idents: Sequence[int]) -> list[Line]:
    """Return the lines of sessions, read some at a time."""
    found: list[Line] = []
    for start in range(0, len(idents), 500):
        part = idents[start : start + 500]
        lines = session_list.lines(workspace, part, staff={}, covered={})
        found += [lines[one] for one in part]
    return found


def painted(grid: Grid) -> None:
    """Paint the table as it stands."""
    QApplication.processEvents()
    grid.grab()


def shown(model: LedgerModel) -> Grid:
    """Return a table that has been painted once."""
    grid = Grid(model)
    grid.resize(*SIZE)
    grid.show()
    painted(grid)
    return grid


def jumps(grid: Grid, rows: int) -> list[float]:
    """Return the CPU seconds of jumps to rows anywhere."""
    dice = Random(5)
    spent = []
    for _jump in range(JUMPS):
        row = dice.randrange(rows)
        start = time.process_time()
        grid.scrollTo(grid.model().index(row, 0), Grid.ScrollHint.PositionAtTop)
        painted(grid)
        spent.append(time.process_time() - start)
    return spent


def resident() -> float:
    """Return the resident memory of this process in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS: memory is measured on Linux only")


def ours(workspace: Workspace) -> dict[str, Any]:
    """Show the ledger as the window does."""
    before, start = resident(), time.process_time()
    beginning = presenter.begin(workspace, Wish())
    model = LedgerModel(lambda idents: presenter.lines(workspace, idents, beginning))
    model.begin(beginning.first)
    grid = shown(model)
    opened = time.process_time() - start
    start = time.process_time()
    order = session_list.idents(workspace, beginning.query)
    model.complete(order)
    painted(grid)
    reached = time.process_time() - start
    found = jumps(grid, model.rowCount())
    return {"open": opened, "order": reached, "jumps": found, "grown": resident() - before}


def naive(workspace: Workspace) -> dict[str, Any]:
    """Hold every row, then show them."""
    before, start = resident(), time.process_time()
    query = session_list.query_of(workspace, Wish())
    model = Held(held(workspace, session_list.idents(workspace, query)))
    grid = shown(model)
    opened = time.process_time() - start
    found = jumps(grid, model.rowCount())
    return {"open": opened, "order": 0.0, "jumps": found, "grown": resident() - before}


def bare(workspace: Workspace) -> dict[str, Any]:
    """Show the first rows and know no others."""
    before, start = resident(), time.process_time()
    query = session_list.query_of(workspace, Wish())
    first = session_list.idents(workspace, query, presenter.FIRST_WINDOW)
    shown(Held(held(workspace, first)))
    opened = time.process_time() - start
    return {"open": opened, "order": 0.0, "jumps": [], "grown": resident() - before}


def main(arguments: list[str]) -> None:
    """Run the job named first."""
    job, folder, *rest = arguments
    if job == "make":
        print(json.dumps(make(Path(folder), int(rest[0]))))
        return
    jobs: dict[str, Callable[[Workspace], dict[str, Any]]] = {
        "ours": ours, "naive": naive, "bare": bare,
    }  # fmt: skip
    app = QApplication([])
    theme.apply(app, dark=False, points=12)
    # Fonts and styles are loaded before the clock runs; the program has them by then as well.
    shown(Held([]))
    with Workspace(Path(folder), clock_on(DAY), write=False) as workspace:
        print(json.dumps(jobs[job](workspace)))


if __name__ == "__main__":
    main(sys.argv[1:])
