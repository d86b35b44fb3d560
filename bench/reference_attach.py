"""Reference of G1 and G4: the projected rows alone, brought over by ATTACH and one upsert a table.

Same engine, tables, indexes, WAL, FULL and page cache as the product's; no log, no checks.
`python -m bench.reference_attach BASE ROWS TARGET` measures on a copy of BASE.
"""

import json
import shutil
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


def make(before: Path, after: Path, base: Path, rows: Path) -> None:
    """Keep the projected rows of workspace `before` in `base`, what `after` has more in `rows`."""
    for path, difference in ((base, ""), (rows, ' EXCEPT SELECT * FROM former."{name}"')):
        path.unlink(missing_ok=True)
        connection = opened(path)
        held = before if path == base else after
        connection.execute("ATTACH ? AS held", (str(held / "learnsite.db"),))
        connection.execute("ATTACH ? AS former", (str(before / "learnsite.db"),))
        for statement in schema_sql():
            connection.execute(statement)
        for name in table_names():
            connection.execute(
                f'INSERT INTO main."{name}" SELECT * FROM held."{name}"'
                + difference.format(name=name)
            )
        for attached in ("held", "former"):
            connection.execute(f"DETACH {attached}")
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


def run(base: Path, rows: Path, target: Path) -> dict[str, float]:
    """Return wall and CPU seconds of bringing `rows` into a copy of `base`."""
    for tail in ("-wal", "-shm"):
        Path(f"{target}{tail}").unlink(missing_ok=True)
    shutil.copyfile(base, target)
    connection = opened(target)
    wall, cpu = time.perf_counter(), time.process_time()
    connection.execute("ATTACH ? AS bundle", (str(rows),))
    connection.execute("BEGIN IMMEDIATE")
    for name in table_names():
        connection.execute(upsert(connection, name))
    connection.execute("COMMIT")
    result = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    connection.close()
    return result


if __name__ == "__main__":
    print(json.dumps(run(*(Path(word) for word in sys.argv[1:4]))))
