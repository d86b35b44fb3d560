"""Reading records: their shown registers, heads, operations; lists and searches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from learnsite_desktop.domain.ids import b64, is_record_id, unb64
from learnsite_desktop.domain.merge import Merged, Node
from learnsite_desktop.oplog.line import Operation, decode
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.ingest import OpState, merge_record
from learnsite_desktop.store.record_rows import read_doc

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as the store shows it; `doc` maps registers to values (private: commitments)."""

    key: int
    ident: int
    id: str
    kind: str
    unit: str
    doc: dict[str, Any]
    deleted: bool
    frozen: bool


_SELECT = (
    "SELECT r.id, r.ident, i.rid, r.kind, u.code, r.doc, r.deleted, r.frozen FROM record r "
    "JOIN ident i ON i.id=r.ident JOIN unit u ON u.id=r.unit "
)


def _stored(row: Sequence[Any]) -> StoredRecord:
    return StoredRecord(
        row[0], row[1], b64(row[2]), row[3], row[4], read_doc(row[5]), bool(row[6]), bool(row[7])
    )


def find_record(
    database: Database, record: str, kind: str = "", unit: str = ""
) -> StoredRecord | None:
    """Return the record of an id (of kind and unit if given), None if nothing of it is shown."""
    try:
        raw = unb64(record)
    except ValueError:
        return None
    rows = database.rows(
        _SELECT + "WHERE i.rid=? AND (?='' OR r.kind=?) AND (?='' OR u.code=?) AND r.doc<>'{}' "
        "ORDER BY u.code LIMIT 1",
        (raw, kind, kind, unit, unit),
    )
    return _stored(rows[0]) if rows else None


def find_record_row(database: Database, record: str) -> StoredRecord | None:
    """Return the record of an id, also when none of its operations is in force."""
    rows = database.rows(
        _SELECT + "WHERE i.rid=? ORDER BY r.doc='{}', u.code LIMIT 1", (unb64(record),)
    )
    return _stored(rows[0]) if rows else None


def record_by_key(database: Database, key: int) -> StoredRecord:
    """Return the record of a store key."""
    return _stored(database.rows(_SELECT + "WHERE r.id=?", (key,))[0])


def records_by_keys(database: Database, keys: Sequence[int]) -> dict[int, StoredRecord]:
    """Return the records of store keys, by key; those that do not exist are left out."""
    found: dict[int, StoredRecord] = {}
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        rows = database.rows(_SELECT + f"WHERE r.id IN ({','.join('?' * len(part))})", part)
        found |= {row[0]: _stored(row) for row in rows}
    return found


def keys_of(database: Database, records: Sequence[str]) -> dict[str, int]:
    """Return the store keys of record ids, as `find_record` finds them; others are left out."""
    found: dict[str, int] = {}
    for start in range(0, len(records), _CHUNK):
        part = records[start : start + _CHUNK]
        raws = [unb64(record) for record in part if is_record_id(record)]
        rows = database.rows(
            "SELECT i.rid, r.id FROM record r JOIN ident i ON i.id=r.ident "
            "JOIN unit u ON u.id=r.unit "
            f"WHERE i.rid IN ({','.join('?' * len(raws))}) AND r.doc<>'{{}}' ORDER BY u.code DESC",
            raws,
        )
        found |= {b64(row[0]): row[1] for row in rows}
    return found


def records_of_kind(
    database: Database, kind: str, *, unit: str = "", deleted: bool = False
) -> list[StoredRecord]:
    """Return the records of a kind in a unit and those below it (all units if empty), by key."""
    rows = database.rows(
        _SELECT + "WHERE r.kind=? AND r.doc<>'{}' AND r.deleted<=? AND (?='' OR r.unit IN "
        "(SELECT w.unit FROM unit_within w JOIN unit a ON a.id=w.ancestor WHERE a.code=?)) "
        "ORDER BY r.id",
        (kind, int(deleted), unit, unit),
    )
    return [_stored(row) for row in rows]


def idents_by_query(database: Database, sql: str, parameters: Sequence[object]) -> list[int]:
    """Return the first column of a query as integers."""
    return [int(row[0]) for row in database.rows(sql, parameters)]


def children_of(database: Database, record: str, kind: str, register: str) -> list[StoredRecord]:
    """Return live records of `kind` whose reference `register` names `record`."""
    key = database.value("SELECT id FROM ident WHERE rid=?", (unb64(record),))
    rows = database.rows(
        _SELECT + f"WHERE r.kind=? AND r.deleted=0 AND r.ident IN "
        f'(SELECT ident FROM "{kind}" WHERE "{register}"=?) ORDER BY r.id',
        (kind, key),
    )
    return [_stored(row) for row in rows]


def heads_of(database: Database, key: int) -> list[str]:
    """Return the heads of a record among its ready operations, as text, sorted."""
    head = database.value("SELECT head FROM record WHERE id=?", (key,))
    if head is not None:
        return [b64(head)]
    return sorted(b64(name) for name in merged_state(database, key).heads)


def merged_state(database: Database, key: int) -> Merged:
    """Return the full merged state of a record, computed from the log."""
    return merge_record(database, key)[0]


def merged_without(database: Database, key: int, names: set[bytes]) -> Merged:
    """Return a record's state as if these operations, and what builds on them, were not there."""
    return merge_record(database, key, without=frozenset(names))[0]


def merged_at(database: Database, key: int, heads: set[bytes]) -> Merged:
    """Return a record's state as it was with these heads: from them and their ancestors alone."""
    parents = {
        unb64(item.hash): [unb64(parent) for parent in item.operation.par]
        for item in operations_of(database, key)
    }
    known: set[bytes] = set()
    stack = [name for name in heads if name in parents]
    while stack:
        name = stack.pop()
        if name not in known:
            known.add(name)
            stack += parents.get(name, [])
    return merged_without(database, key, set(parents) - known)


@dataclass(frozen=True, slots=True)
class LoggedOperation:
    """An operation of the log: its hash, what it says, who wrote it from where, its state."""

    key: int
    hash: str
    operation: Operation
    author_unit: str
    state: OpState


def operations_of(database: Database, key: int) -> list[LoggedOperation]:
    """Return a record's operations in the order they came to this computer."""
    rows = database.rows(
        "SELECT o.id, o.hash, o.line, u.code, o.state FROM op o JOIN chain c ON c.id=o.chain "
        "JOIN incarnation i ON i.id=c.incarnation JOIN unit u ON u.id=i.unit "
        "WHERE o.record=? ORDER BY o.id",
        (key,),
    )
    return [
        LoggedOperation(row[0], b64(row[1]), decode(row[2]), row[3], OpState(row[4]))
        for row in rows
    ]


def operation_by_hash(database: Database, name: str) -> tuple[int, int, Operation] | None:
    """Return (store key, record key, operation) of a hash, None if it is not held."""
    try:
        raw = unb64(name)
    except ValueError:
        return None
    row = database.row("SELECT id, record, line FROM op WHERE hash=?", (raw,))
    return (row[0], row[1], decode(row[2])) if row else None


def open_conflicts(database: Database, unit: str = "") -> list[tuple[int, str]]:
    """Return (record key, register) of open conflicts in a unit and below."""
    rows = database.rows(
        "SELECT c.record, c.register FROM conflict c JOIN record r ON r.id=c.record "
        "WHERE ?='' OR r.unit IN (SELECT w.unit FROM unit_within w JOIN unit a "
        "ON a.id=w.ancestor WHERE a.code=?) ORDER BY c.record, c.register",
        (unit, unit),
    )
    return [(row[0], row[1]) for row in rows]


def conflicts_of(database: Database, key: int) -> list[str]:
    """Return the registers of one record that are in conflict."""
    rows = database.rows("SELECT register FROM conflict WHERE record=? ORDER BY register", (key,))
    return [row[0] for row in rows]


def live_nodes(database: Database, key: int, register: str) -> list[Node]:
    """Return the operations whose write to `register` is live, with rivals of a deletion."""
    merged = merged_state(database, key)
    nodes = list(merged.live.get(register, []))
    if register == "_deleted":
        nodes += [node for node in merged.rivals if node not in nodes]
    return nodes


def records_waiting(database: Database) -> set[int]:
    """Return the keys of records of which some operation waits for a parent."""
    return {
        row[0]
        for row in database.rows(
            "SELECT DISTINCT record FROM op WHERE state=? AND state<>0", (OpState.WAITING,)
        )
    }


def outcome_states(database: Database, unit: str) -> list[tuple[str, str, str, str]]:
    """Return (unit, record, state, code) of what is not plainly taken in a unit's subtree.

    State is "quarantined", "waiting" or "withdrawn", in this order and then by record; code says
    why it is quarantined, "" otherwise. A record that is several of them counts as the last taken
    back, then as held apart.
    """
    rows = database.rows(
        "SELECT u.code, i.rid, o.state, min(coalesce(q.code, '')) FROM op o "
        "JOIN record r ON r.id=o.record JOIN ident i ON i.id=r.ident "
        "JOIN unit u ON u.id=r.unit JOIN unit_within w ON w.unit=r.unit "
        "JOIN unit a ON a.id=w.ancestor LEFT JOIN quarantine q ON q.op=o.id AND o.state=? "
        "WHERE o.state<>0 AND a.code=? GROUP BY u.code, i.rid, o.state ORDER BY o.state",
        (OpState.QUARANTINED, unit),
    )
    worst = {(row[0], row[1]): (OpState(row[2]), str(row[3])) for row in rows}
    order = (OpState.QUARANTINED, OpState.WAITING, OpState.WITHDRAWN)
    return [
        (unit_code, b64(record), state.name.lower(), code)
        for (unit_code, record), (state, code) in sorted(
            worst.items(), key=lambda item: (order.index(item[1][0]), item[0][1])
        )
    ]


def count_settled(database: Database, unit: str) -> int:
    """Return how many shown records of a unit's subtree have all their operations in force."""
    return int(
        database.value(
            "SELECT count(*) FROM record r JOIN unit_within w ON w.unit=r.unit "
            "JOIN unit a ON a.id=w.ancestor WHERE a.code=? AND r.doc<>'{}' "
            "AND r.id NOT IN (SELECT record FROM op WHERE state<>0)",
            (unit,),
        )
    )
