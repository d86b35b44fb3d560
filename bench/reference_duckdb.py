"""The same figures by DuckDB from tables of its own: `JOB SOURCE TARGET` prints JSON.

Runs in an environment of its own that holds DuckDB and nothing of ours. `load` copies what is
needed from a workspace's database, which is not counted; `ask` counts one month, in total and by
kind of activity. Times are CPU seconds of all its threads.
"""

import csv
import json
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import duckdb  # type: ignore[import-not-found, unused-ignore]

TABLES = {
    "session": (
        (
            "ident BIGINT, counted INT, status VARCHAR, date VARCHAR, activity BIGINT, "
            "minutes INT, heads INT"
        ),
        "SELECT ident, counted, status, date, activity, minutes, headcount_total FROM session",
    ),
    "mark": (
        "session BIGINT, learner BIGINT, status VARCHAR, minutes INT",
        "SELECT session, learner, status, minutes FROM mark",
    ),
    "learner": ("ident BIGINT, cluster BIGINT", "SELECT ident, cluster FROM learner"),
    "activity": ("ident BIGINT, kind VARCHAR", "SELECT ident, kind FROM activity"),
}
HELD = """
SELECT s.*, coalesce(a.kind, 'NA') AS cell
FROM session s LEFT JOIN activity a ON a.ident = s.activity
WHERE s.counted = 1 AND s.status = 'held' AND s.date BETWEEN '2025-06-01' AND '2025-06-30'
"""
NAMED = f"""
WITH held AS ({HELD}), att AS (
  SELECT h.cell AS cell, h.ident AS session, coalesce(l.cluster, m.learner) AS person,
    max(coalesce(m.minutes, h.minutes, 0)) AS stayed
  FROM held h JOIN mark m ON m.session = h.ident LEFT JOIN learner l ON l.ident = m.learner
  WHERE m.status IN ('P', 'L', 'E', 'W', 'M', 'R')
  GROUP BY 1, 2, 3)
SELECT %s, count(*), count(DISTINCT person), sum(stayed) FROM att GROUP BY 1
"""
COUNTED = f"WITH held AS ({HELD}) SELECT %s, count(*), sum(heads) FROM held GROUP BY 1"


def load(source: Path, target: Path) -> dict[str, object]:
    """Copy the tables into a database of DuckDB's own."""
    target.unlink(missing_ok=True)
    made, held = duckdb.connect(str(target)), sqlite3.connect(source)
    with tempfile.TemporaryDirectory() as folder:
        for name, (columns, query) in TABLES.items():
            path = Path(folder) / f"{name}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(held.execute(query))
            made.execute(f"CREATE TABLE {name} ({columns})")
            made.execute(f"COPY {name} FROM '{path}' (HEADER false, NULLSTR '')")
    made.close()
    return {"version": duckdb.__version__}


def ask(target: Path) -> dict[str, object]:
    """Count the month."""
    database = duckdb.connect(str(target), read_only=True)
    database.execute("SELECT count(*) FROM session").fetchall()
    start = time.process_time()
    values: dict[str, int] = {}
    for cell in ("'all'", "cell"):
        for code, count, persons, stayed in database.execute(NAMED % cell).fetchall():
            place = code if code == "all" else f"category:{code}"
            values |= {f"S07 {place}": count, f"S02 {place}": persons}
            values |= {f"S05 {place}": stayed, f"S06 {place}": stayed}
        for code, sessions, heads in database.execute(COUNTED % cell).fetchall():
            place = code if code == "all" else f"category:{code}"
            values[f"S03 {place}"] = sessions
            values[f"S01 {place}"] = values.get(f"S07 {place}", 0) + (heads or 0)
    return {"cpu": time.process_time() - start, "values": values}


if __name__ == "__main__":
    job, *paths = sys.argv[1:]
    print(json.dumps(load(*map(Path, paths)) if job == "load" else ask(Path(paths[0]))))
