"""Reference of G1 and G18: the projected rows alone, brought over by ATTACH and one upsert a table.

Same engine, tables, indexes, WAL, FULL and page cache as the product's; no log, no checks.
`make SOURCE WORKSPACE` keeps the projected rows of a workspace; `run SOURCE TARGET` measures.
"""

import json
import sqlite3
import sys
import time
from pathlib import Path

from learnsite_desktop.store.projection_tables import schema_sql, table_names


def opened(path: Path) -> sqlite3.Connection:
    """Open a database with the product's settings."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY", "mmap_size=0"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("PRAGMA cache_size=-32768")
    return connection


def make(source: Path, workspace: Path) -> None:
    """Copy the projection tables of a workspace into a file of their own."""
    source.unlink(missing_ok=True)
    connection = opened(source)
    connection.execute("ATTACH ? AS held", (str(workspace / "learnsite.db"),))
    for statement in schema_sql():
        connection.execute(statement)
    for name in table_names():
        connection.execute(f'INSERT INTO main."{name}" SELECT * FROM held."{name}"')
    connection.execute("DETACH held")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    connection.close()


def upsert(connection: sqlite3.Connection, name: str) -> str:
    """Return the upsert of one table; one without a key is only added to."""
    columns = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    keys = [row[1] for row in sorted(columns, key=lambda row: row[5]) if row[5]]
    sets = ",".join(
        f'"{row[1]}"=excluded."{row[1]}"' for row in columns if not row[5] and row[1] != "unit"
    )
    statement = f'INSERT INTO main."{name}" SELECT * FROM bundle."{name}" WHERE true'
    return f"{statement} ON CONFLICT ({','.join(keys)}) DO UPDATE SET {sets}" if keys else statement


def run(source: Path, target: Path) -> dict[str, float]:
    """Return wall and CPU seconds of bringing all rows of `source` into an empty `target`."""
    for tail in ("", "-wal", "-shm"):
        Path(f"{target}{tail}").unlink(missing_ok=True)
    connection = opened(target)
    for statement in schema_sql():
        connection.execute(statement)
    wall, cpu = time.perf_counter(), time.process_time()
    connection.execute("ATTACH ? AS bundle", (str(source),))
    connection.execute("BEGIN IMMEDIATE")
    for name in table_names():
        connection.execute(upsert(connection, name))
    connection.execute("COMMIT")
    result = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    connection.close()
    return result


if __name__ == "__main__":
    first, second = Path(sys.argv[2]), Path(sys.argv[3])
    if sys.argv[1] == "make":
        make(first, second)
    else:
        print(json.dumps(run(first, second)))
