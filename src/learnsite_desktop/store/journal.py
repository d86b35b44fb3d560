"""The journal: changes made here, batches received, files handed out, the way back of each."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.oplog.line import decode
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.ingest import OpState


def begin_change(database: Database, at: str, operator: str, label: str) -> int:
    """Return the number of a new change."""
    return database.insert(
        "INSERT INTO change (at, operator, label) VALUES (?, ?, ?)", (at, operator, label)
    )


def end_change(database: Database, change: int, first_op: int) -> None:
    """Say that all operations from `first_op` on belong to a change."""
    database.execute(
        "INSERT INTO change_op (change, op) SELECT ?, id FROM op WHERE id>=?", (change, first_op)
    )


def last_change(database: Database) -> int | None:
    """Return the newest change that was not undone and is no undoing, None if there is none."""
    found = database.value(
        "SELECT max(id) FROM change WHERE undone_by IS NULL "
        "AND id NOT IN (SELECT undone_by FROM change WHERE undone_by IS NOT NULL)"
    )
    return int(found) if found is not None else None


def change_undone(database: Database, change: int) -> int | None:
    """Return by which change a change was undone (0: it was not), None if it does not exist."""
    row = database.row("SELECT coalesce(undone_by, 0) FROM change WHERE id=?", (change,))
    return int(row[0]) if row else None


def change_label(database: Database, change: int) -> str:
    """Return what a change was called when it was made, "" if it does not exist."""
    return str(database.value("SELECT label FROM change WHERE id=?", (change,)) or "")


def mark_undone(database: Database, change: int, by: int) -> None:
    """Say that a change was undone; one that it had itself undone stands again."""
    database.execute("UPDATE change SET undone_by=NULL WHERE undone_by=?", (change,))
    database.execute("UPDATE change SET undone_by=? WHERE id=?", (by, change))


def taken_back_since(database: Database, change: int) -> set[bytes]:
    """Return the operations of later changes that were undone, and of their undoing."""
    rows = database.rows(
        "SELECT o.hash FROM change_op x JOIN op o ON o.id=x.op WHERE x.change IN "
        "(SELECT id FROM change WHERE undone_by IS NOT NULL AND id>? UNION "
        "SELECT undone_by FROM change WHERE undone_by IS NOT NULL AND id>?)",
        (change, change),
    )
    return {row[0] for row in rows}


def last_operation(database: Database) -> int:
    """Return the key of the operation that came last, 0 without one; keys only grow."""
    return int(database.value("SELECT coalesce(max(id), 0) FROM op"))


def change_operations(database: Database, change: int) -> list[tuple[int, bytes]]:
    """Return (record key, operation hash) of a change, in the order written."""
    rows = database.rows(
        "SELECT o.record, o.hash FROM change_op c JOIN op o ON o.id=c.op WHERE c.change=? "
        "ORDER BY o.id",
        (change,),
    )
    return [(row[0], row[1]) for row in rows]


def note_source(database: Database, source: str, unit: str) -> None:
    """Remember a source of captures, so that its refs can be named later."""
    database.execute(
        "INSERT OR IGNORE INTO capture_source (source, unit) VALUES (?, ?)", (source, unit)
    )


def capture_sources(database: Database) -> list[tuple[str, str]]:
    """Return (source, unit) of captures taken here, newest first."""
    rows = database.rows("SELECT source, unit FROM capture_source ORDER BY rowid DESC")
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class Batch:
    """One received file: `state` is "active" or "rolled_back"."""

    id: int
    bundle_id: str
    digest: bytes
    kind: str
    from_unit: str
    received_at: str
    state: str
    file: str
    counts: dict[str, Any]
    operations: int


_BATCH = (
    "SELECT id, bundle_id, digest, kind, from_unit, received_at, state, file, counts, "
    "(SELECT count(*) FROM batch_op o WHERE o.batch=batch.id) FROM batch "
)


def _batch(row: tuple[Any, ...]) -> Batch:
    number, bundle_id, digest, kind, unit, at, state, file, counts, operations = row
    return Batch(
        number, bundle_id, digest, kind, unit, at, state, file, json.loads(counts), operations
    )


def batches(database: Database) -> list[Batch]:
    """Return all batches, oldest first."""
    return [_batch(row) for row in database.rows(_BATCH + "ORDER BY id")]


def digests(database: Database) -> set[bytes]:
    """Return the digests of all files received, those rolled back too."""
    return {row[0] for row in database.rows("SELECT digest FROM batch")}


def last_received(database: Database) -> list[tuple[str, str]]:
    """Return each unit of which a file is in use, and when the last of them came."""
    rows = database.rows(
        "SELECT from_unit, received_at, max(id) FROM batch WHERE state='active' GROUP BY from_unit"
    )
    return [(row[0], row[1]) for row in rows]


def batch(database: Database, number: int) -> Batch | None:
    """Return one batch."""
    row = database.row(_BATCH + "WHERE id=?", (number,))
    return _batch(row) if row else None


def active_batch_of(database: Database, digest: bytes) -> Batch | None:
    """Return the active batch of a file with this digest."""
    row = database.row(_BATCH + "WHERE digest=? AND state='active' ORDER BY id LIMIT 1", (digest,))
    return _batch(row) if row else None


def add_batch(
    database: Database,
    *,
    bundle_id: str,
    digest: bytes,
    kind: str,
    from_unit: str,
    received_at: str,
    file: str,
) -> int:
    """Journal a file that is being received; returns its batch number."""
    return database.insert(
        "INSERT INTO batch (bundle_id, digest, kind, from_unit, received_at, state, file, counts) "
        "VALUES (?, ?, ?, ?, ?, 'active', ?, '{}')",
        (bundle_id, digest, kind, from_unit, received_at, file),
    )


def finish_batch(database: Database, number: int, counts: Mapping[str, int]) -> None:
    """Store what a batch brought."""
    database.execute("UPDATE batch SET counts=? WHERE id=?", (json.dumps(dict(counts)), number))


def set_batch_state(database: Database, number: int, state: str) -> None:
    """Make a batch active or rolled back."""
    database.execute("UPDATE batch SET state=? WHERE id=?", (state, number))


def settle_withdrawals(database: Database) -> list[int]:
    """Withdraw what only rolled-back batches brought, restore what an active one brings.

    Operations written on this device are never withdrawn. Returns the keys of records touched.
    """
    unheld = (
        "SELECT o.id FROM op o JOIN chain c ON c.id=o.chain JOIN incarnation i "
        "ON i.id=c.incarnation WHERE i.own=0 AND EXISTS (SELECT 1 FROM batch_op b WHERE b.op=o.id) "
        "AND NOT EXISTS (SELECT 1 FROM batch_op b JOIN batch t ON t.id=b.batch "
        "WHERE b.op=o.id AND t.state='active')"
    )
    gone = database.rows(
        f"SELECT id, record FROM op WHERE state<>? AND id IN ({unheld})", (OpState.WITHDRAWN,)
    )
    back = database.rows(
        f"SELECT id, record FROM op WHERE state=? AND state<>0 AND id NOT IN ({unheld})",
        (OpState.WITHDRAWN,),
    )
    for rows, state in ((gone, OpState.WITHDRAWN), (back, OpState.WAITING)):
        database.executemany("UPDATE op SET state=? WHERE id=?", [(state, row[0]) for row in rows])
    blocked = database.rows(
        "SELECT op FROM quarantine WHERE op IN (SELECT id FROM op WHERE state=? AND state<>0)",
        (OpState.WAITING,),
    )
    database.executemany(
        "UPDATE op SET state=? WHERE id=?", [(OpState.QUARANTINED, row[0]) for row in blocked]
    )
    return sorted({row[1] for row in (*gone, *back)})


def withdrawn_batches_behind(
    database: Database, number: int, acknowledged: Iterable[int] = ()
) -> list[int]:
    """Return rolled-back batches that a batch contains operations of, or builds on at any remove.

    `acknowledged` are keys of further withdrawn operations whose batches are wanted.
    """
    states = (OpState.WAITING, OpState.WITHDRAWN)
    rows = database.rows(
        "SELECT o.id, o.state, o.line FROM batch_op b JOIN op o ON o.id=b.op "
        "WHERE b.batch=? AND o.state IN (?, ?) AND o.state<>0",
        (number, *states),
    )
    wanted, seen = set(acknowledged), {row[0] for row in rows}
    while rows:
        wanted |= {row[0] for row in rows if row[1] == OpState.WITHDRAWN}
        parents = {unb64(parent) for row in rows for parent in decode(row[2]).par}
        found = [
            database.row(
                "SELECT id, state, line FROM op WHERE hash=? AND state IN (?, ?)", (name, *states)
            )
            for name in sorted(parents)
        ]
        rows = [row for row in found if row is not None and row[0] not in seen]
        seen |= {row[0] for row in rows}
    batches: set[int] = set()
    for operation in wanted:
        batches |= {
            row[0]
            for row in database.rows(
                "SELECT b.batch FROM batch_op b JOIN batch t ON t.id=b.batch "
                "WHERE b.op=? AND t.state='rolled_back'",
                (operation,),
            )
        }
    return sorted(batches)


def records_withdrawn(database: Database) -> set[int]:
    """Return the keys of records of which some operation is withdrawn."""
    rows = database.rows(
        "SELECT DISTINCT record FROM op WHERE state=? AND state<>0", (OpState.WITHDRAWN,)
    )
    return {row[0] for row in rows}


def withdrawn_up_to(database: Database, chain: int, n: int) -> list[int]:
    """Return the keys of a chain's withdrawn operations up to number n."""
    rows = database.rows(
        "SELECT id FROM op WHERE state=? AND state<>0 AND chain=? AND n<=?",
        (OpState.WITHDRAWN, chain, n),
    )
    return [row[0] for row in rows]


def submissions_among(database: Database, records: Iterable[int]) -> list[int]:
    """Return those of the records that are submissions shown."""
    wanted = sorted(records)
    found: list[int] = []
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        marks = ",".join("?" * len(part))
        rows = database.rows(
            f"SELECT id FROM record WHERE id IN ({marks}) AND kind='submission' AND doc<>'{{}}'",
            part,
        )
        found += sorted(row[0] for row in rows)
    return found


def batch_operations(database: Database, number: int) -> list[tuple[int, int, int]]:
    """Return (key, chain, n) of the operations only this batch brings, this device's own apart."""
    rows = database.rows(
        "SELECT o.id, o.chain, o.n FROM batch_op b JOIN op o ON o.id=b.op "
        "JOIN chain h ON h.id=o.chain JOIN incarnation i ON i.id=h.incarnation "
        "WHERE b.batch=? AND i.own=0 AND NOT EXISTS (SELECT 1 FROM batch_op c "
        "JOIN batch t ON t.id=c.batch WHERE c.op=b.op AND c.batch<>b.batch "
        "AND t.state='active') ORDER BY o.id",
        (number,),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def waiting_operations(database: Database) -> list[tuple[bytes, int, bytes]]:
    """Return (hash, record key, line) of operations that wait for a parent."""
    rows = database.rows(
        "SELECT hash, record, line FROM op WHERE state=? AND state<>0 ORDER BY id",
        (OpState.WAITING,),
    )
    return [(row[0], row[1], row[2]) for row in rows]


_CHAINS = (
    "(?='' OR c.unit IN (SELECT w.unit FROM unit_within w JOIN unit a ON a.id=w.ancestor "
    "WHERE a.code=?))"
)


def count_state(database: Database, state: OpState, unit: str = "") -> int:
    """Return how many operations of a unit's subtree are in a state.

    Ready ones are all but the few others; of an unbroken chain the numbers tell how many there are.
    """
    if state is OpState.READY:
        held = database.value(
            "SELECT coalesce(sum(CASE WHEN (SELECT count(*) FROM run r WHERE r.chain=c.id) = 1 "
            "THEN (SELECT r.end_n - r.start_n + 1 FROM run r WHERE r.chain=c.id) "
            "ELSE (SELECT count(*) FROM op o WHERE o.chain=c.id) END), 0) "
            f"FROM chain c WHERE {_CHAINS}",
            (unit, unit),
        )
        others = (OpState.WAITING, OpState.QUARANTINED, OpState.WITHDRAWN)
        return int(held) - sum(count_state(database, other, unit) for other in others)
    return int(
        database.value(
            "SELECT count(*) FROM op o JOIN chain c ON c.id=o.chain "
            f"WHERE o.state=? AND o.state<>0 AND {_CHAINS}",
            (int(state), unit, unit),
        )
    )


def count_records(database: Database, unit: str = "") -> int:
    """Return how many records of a unit's subtree are shown."""
    return int(
        database.value(
            "SELECT count(*) FROM record r WHERE r.doc<>'{}' AND (?='' OR r.unit IN "
            "(SELECT w.unit FROM unit_within w JOIN unit a ON a.id=w.ancestor WHERE a.code=?))",
            (unit, unit),
        )
    )


def add_outbox(
    database: Database, *, bundle_id: str, path: str, to_unit: str, at: str, heads: str
) -> None:
    """Note a bundle handed out; `heads` is JSON of the chain heads it brings the receiver to.

    One that brings no operation has nothing that a receipt could cover.
    """
    database.execute(
        "INSERT OR REPLACE INTO outbox (bundle_id, path, to_unit, at, heads, receipted) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (bundle_id, path, to_unit, at, heads, int(heads == "[]")),
    )


def outbox(database: Database) -> list[tuple[str, str, str, str, str, bool]]:
    """Return (bundle id, path, to unit, at, heads, receipted), oldest first."""
    rows = database.rows(
        "SELECT bundle_id, path, to_unit, at, heads, receipted FROM outbox ORDER BY at, bundle_id"
    )
    return [(row[0], row[1], row[2], row[3], row[4], bool(row[5])) for row in rows]


def set_receipted(database: Database, bundle_id: str, *, receipted: bool) -> None:
    """Say whether a receipt covers a bundle handed out."""
    database.execute("UPDATE outbox SET receipted=? WHERE bundle_id=?", (int(receipted), bundle_id))


def is_ready(database: Database, name: bytes) -> bool:
    """Return whether an operation is held and takes part."""
    return database.row("SELECT 1 FROM op WHERE hash=? AND state=0", (name,)) is not None
