"""Reference of G3: the obvious way, one JSON object a line for each attendance, ids as text.

`make WORKSPACE FILE` writes the attendances of a workspace, `run FILE TARGET` reads them with
msgspec and `executemany` into a table that is indexed by session, learner and unit, WAL and FULL.
"""

import json
import os
import sqlite3
import sys
import time
from pathlib import Path

import msgspec

from learnsite_desktop.domain.ids import b64


class Attendance(msgspec.Struct):
    """One attendance as programs send it that know no roll call: all there is to say, each time."""

    id: str
    session: str
    learner: str
    unit: str
    name: str
    start: str
    status: str
    minutes: int | None
    source: str | None
    proxy: int | None
    created: str
    changed: str
    device: str
    seq: int
    clock: str
    note: str


COLUMNS = Attendance.__struct_fields__
QUERY = """
SELECT i.rid, j.rid, u.code, s.date, m.status, m.minutes, m.source, m.proxy
FROM mark m JOIN session s ON s.ident=m.session JOIN unit u ON u.id=s.unit
JOIN ident i ON i.id=m.session JOIN ident j ON j.id=m.learner
"""
AT = "2026-03-01T18:00:00+08:00"


def make(workspace: Path, path: Path) -> None:
    """Write the attendances of a workspace."""
    encode = msgspec.json.Encoder().encode
    connection = sqlite3.connect(workspace / "learnsite.db")
    with path.open("wb") as file:
        for seq, row in enumerate(connection.execute(QUERY)):
            session, learner, unit, day, *mark = row
            ids = (b64(os.urandom(16)), b64(session), b64(learner))
            rest = (AT, AT, "d0Aq3kZP", seq, f"{AT}-{seq:08d}", "")
            values = [*ids, unit, "王秀英", f"{day}T14:00:00+08:00", *mark, *rest]
            value = Attendance(*values)
            file.write(encode(value) + b"\n")
    connection.close()


def run(path: Path, target: Path) -> dict[str, float]:
    """Return wall and CPU seconds of taking a file in."""
    for tail in ("", "-wal", "-shm"):
        Path(f"{target}{tail}").unlink(missing_ok=True)
    connection = sqlite3.connect(target, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-32768"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute(f"CREATE TABLE mark ({', '.join(COLUMNS)}, PRIMARY KEY (id)) WITHOUT ROWID")
    for columns in ("session", "learner", "unit, start"):
        connection.execute(f"CREATE INDEX mark_{columns[:4]} ON mark ({columns})")
    sets = ",".join(
        f"{name}=excluded.{name}"
        for name in ("status", "minutes", "proxy", "changed", "seq", "clock", "note")
    )
    sql = (
        f"INSERT INTO mark VALUES ({','.join('?' * len(COLUMNS))}) "
        f"ON CONFLICT (id) DO UPDATE SET {sets}"
    )
    wall, cpu = time.perf_counter(), time.process_time()
    decode = msgspec.json.Decoder(Attendance).decode
    connection.execute("BEGIN IMMEDIATE")
    with path.open("rb") as file:
        connection.executemany(sql, (msgspec.structs.astuple(decode(line)) for line in file))
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
