"""Reference of G17: one UPDATE and one INSERT into a log in a transaction, WAL and FULL, no more.

`python -m bench.reference_save DATABASE COUNT` prints the seconds of each save.
"""

import json
import sqlite3
import sys
import time
from pathlib import Path

ROWS = 10_000


def run(path: Path, count: int) -> dict[str, list[float]]:
    """Return wall and CPU seconds of each of `count` saves."""
    for tail in ("", "-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL").fetchall()
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE learner (ident INTEGER PRIMARY KEY, unit INTEGER, sex TEXT)")
    connection.execute("CREATE INDEX learner_unit ON learner (unit)")
    connection.execute(
        "CREATE TABLE log (id INTEGER PRIMARY KEY, ident INTEGER, field TEXT, value TEXT, at TEXT)"
    )
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO learner VALUES (?, ?, ?)", [(row, row % 50, "F") for row in range(ROWS)]
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    result: dict[str, list[float]] = {"wall": [], "cpu": []}
    for number in range(count):
        ident, value = number * 7 % ROWS, "MF"[number % 2]
        wall, cpu = time.perf_counter(), time.process_time()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE learner SET sex=? WHERE ident=?", (value, ident))
        connection.execute(
            "INSERT INTO log (ident, field, value, at) VALUES (?, 'sex', ?, ?)",
            (ident, value, "2026-03-01T18:00:00+08:00"),
        )
        connection.execute("COMMIT")
        result["wall"].append(time.perf_counter() - wall)
        result["cpu"].append(time.process_time() - cpu)
    return result


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]))))
