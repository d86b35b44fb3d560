"""Taking operations into the log and bringing the projection along.

An operation that continues the only head of an undisputed record is applied at once; everything
else marks its record, and marked records are merged anew from all their operations. The first way
is only a shorter one: both give what `domain.merge` gives for the set of operations.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from learnsite_desktop.domain.fields import DELETED, Kind, layer_of
from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.domain.merge import TIER_RANK, Merged, Node, merge, ready_nodes
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.oplog.line import Operation, decode
from learnsite_desktop.store import ranks
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.idents import Idents
from learnsite_desktop.store.projection import Projection, known_kind
from learnsite_desktop.store.projection_tables import tables_of
from learnsite_desktop.store.record_rows import RecordRow, RecordRows, doc_text
from learnsite_desktop.store.runs import Runs

CHUNK: Final = 500


class OpState(IntEnum):
    """Where an operation of the log stands; only READY ones take part in merging."""

    READY = 0
    WAITING = 1
    QUARANTINED = 2
    WITHDRAWN = 3


@dataclass(frozen=True, slots=True)
class Incoming:
    """One line to take in, decoded, with its hash."""

    line: bytes
    hash: bytes
    operation: Operation


@dataclass(slots=True)
class Report:
    """What taking operations in did. Records are counted by their key in the store."""

    new: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)
    quarantined: set[int] = field(default_factory=set)
    operations_new: int = 0
    operations_held: int = 0
    first_op: int = 0


Quarantine = Callable[[Operation, bytes], str | None]


def never(_operation: Operation, _name: bytes) -> str | None:
    """Quarantine nothing: for operations written on this computer."""
    return None


def review_of(doc: dict[str, Any]) -> bool:
    """Return whether some tier has rejected the record."""
    return "rejected" in doc.values() and any(
        value == "rejected"
        for key, value in doc.items()
        if key.startswith("review.") and key.endswith(".state")
    )


class Ingest:
    """Takes operations into log and projection, inside the caller's transaction."""

    def __init__(
        self,
        database: Database,
        idents: Idents,
        *,
        quarantine: Quarantine = never,
        batch: int | None = None,
        keep_withdrawn: bool = False,
    ) -> None:
        """Journal operations under `batch` if given; ask `quarantine` about each new one.

        With `keep_withdrawn` the batch does not bring back what was withdrawn.
        """
        self._keep_withdrawn = keep_withdrawn
        self._database = database
        self._idents = idents
        self._quarantine = quarantine
        self._batch = batch
        self._projection = Projection(database, idents)
        self._records = RecordRows(database, idents)
        self._runs = Runs(database)
        self._dirty: set[int] = set()
        self._ops: list[tuple[Any, ...]] = []
        self._blocked: list[tuple[int, str]] = []
        self._held_ops: list[tuple[int, int]] = []
        self._next_op = 1 + int(database.value("SELECT coalesce(max(id), 0) FROM op"))
        self.report = Report(first_op=self._next_op)

    def ask(self, quarantine: Quarantine) -> None:
        """Ask this decision from now on: the file itself has brought a newer region tree."""
        self._quarantine = quarantine

    def add(self, chain: int, items: Sequence[Incoming], *, more: bool = False) -> None:
        """Take in operations of one chain, in chain order; those already held are only noted.

        With `more`, what is little may stay in hand until the next `flush`.
        """
        known: set[bytes] = set()
        for start in range(0, len(items), CHUNK):
            chunk = items[start : start + CHUNK]
            held = self._held(chunk)
            known |= held.keys()
            self._records.load(item.operation for item in chunk if item.hash not in held)
            for item in chunk:
                found = held.get(item.hash)
                if found is None:
                    self._take(chain, item)
                else:
                    self._note_held(*found)
            if not more or len(self._ops) >= CHUNK:
                self.flush()
        if items:
            first = items[0].operation
            names = [item.hash for item in items]
            self._runs.note(chain, first.n, unb64(first.prev), names, known)

    def note_held(self, chain: int, first_n: int, last_n: int, head: bytes) -> bool:
        """Note operations first_n … last_n of a chain if they are all held; say whether they are.

        Each names the one before it by its hash, so `head` stands for the whole stretch.
        """
        database = self._database
        span = self._runs.span(chain)
        if span is None or not span[0] <= first_n <= last_n <= span[1]:
            return False
        if not database.row(
            "SELECT 1 FROM op WHERE hash=? AND chain=? AND n=?", (head, chain, last_n)
        ):
            return False
        stretch = "FROM op WHERE chain=? AND n BETWEEN ? AND ?"
        place = (chain, first_n, last_n)
        self.report.operations_held += last_n - first_n + 1
        records = database.rows(f"SELECT DISTINCT record {stretch}", place)
        self.report.held.update(row[0] for row in records)
        if self._batch is not None:
            kept = f"AND state<>{OpState.WITHDRAWN:d}" if self._keep_withdrawn else ""
            database.execute(
                f"INSERT OR IGNORE INTO batch_op (op, batch) SELECT id, ? {stretch} {kept}",
                (self._batch, *place),
            )
        return True

    def _held(self, chunk: Sequence[Incoming]) -> dict[bytes, tuple[int, int, int]]:
        marks = ",".join("?" * len(chunk))
        rows = self._database.rows(
            f"SELECT hash, id, record, state FROM op WHERE hash IN ({marks})",
            [item.hash for item in chunk],
        )
        return {row[0]: (row[1], row[2], row[3]) for row in rows}

    def _note_held(self, op: int, record: int, state: int) -> None:
        self.report.operations_held += 1
        self.report.held.add(record)
        if self._batch is not None and not (state == OpState.WITHDRAWN and self._keep_withdrawn):
            self._held_ops.append((op, self._batch))

    def _take(self, chain: int, item: Incoming) -> None:
        operation = item.operation
        record = self._records.of(operation)
        code = self._quarantine(operation, item.hash)
        if code is not None:
            self._blocked.append((self._next_op, code))
            self.report.quarantined.add(record.id)
            state = OpState.QUARANTINED
        elif self._continues(record, operation) and not is_ranked(operation.kind):
            self._apply(record, operation, item.hash)
            state = OpState.READY
        else:
            self._dirty.add(record.id)
            record.plain, record.changed = False, True
            self.report.touched.add(record.id)
            state = OpState.WAITING
        self._ops.append(
            (self._next_op, item.hash, chain, operation.n, record.id, int(state), item.line)
        )
        self._next_op += 1
        self.report.operations_new += 1

    def _continues(self, record: RecordRow, operation: Operation) -> bool:
        """Whether the operation's parents are exactly the record's only head (or none yet)."""
        if not record.plain:
            return False
        if record.head is None:
            return not operation.par
        return len(operation.par) == 1 and unb64(operation.par[0]) == record.head

    def _apply(self, record: RecordRow, operation: Operation, name: bytes) -> None:
        kind = known_kind(operation.kind)
        new = record.head is None
        record.head = name
        record.changed = True
        (self.report.new if new else self.report.touched).add(record.id)
        writes = operation.f
        if kind is not None and kind.maps:
            for family in kind.maps:
                writes = self._projection.put_map(record.ident, family, writes)
        record.doc.update(writes)
        record.doc.update(operation.pf)
        if DELETED in operation.f:
            record.deleted = bool(operation.f[DELETED])
        if kind is not None and (new or writes or operation.pf):
            counted = not record.deleted and not review_of(record.doc)
            place = (record.ident, kind.name, record.unit, record.doc)
            if new or kind.fixed.isdisjoint(writes):
                self._projection.put(*place, counted=counted, new=new)
            else:
                self._projection.put_merged(*place, counted=counted)

    def flush(self) -> None:
        """Write what is in hand; records stay consistent with their operations."""
        database = self._database
        self._records.flush()
        database.write_rows("INSERT INTO op (id, hash, chain, n, record, state, line)", self._ops)
        if self._batch is not None:
            self._held_ops += [(row[0], self._batch) for row in self._ops]
        database.write_rows("INSERT OR IGNORE INTO batch_op (op, batch)", self._held_ops)
        database.executemany("INSERT INTO quarantine (op, code) VALUES (?, ?)", self._blocked)
        self._projection.flush()
        self._ops.clear()
        self._blocked.clear()
        self._held_ops.clear()

    def mark(self, records: Iterable[int]) -> None:
        """Have these records merged anew when `finish` is called."""
        self._dirty.update(records)

    def finish(self) -> Report:
        """Merge marked records and bring person clusters along; returns the report."""
        self.flush()
        for count, record in enumerate(sorted(self._dirty), start=1):
            self._merge_record(record)
            if count % CHUNK == 0:
                self._projection.flush()
        self._dirty.clear()
        self._projection.finish()
        return self.report

    def _merge_record(self, record: int) -> None:
        ident, kind_name, unit, had_doc = self._database.row(  # type: ignore[misc]
            "SELECT ident, kind, unit, doc FROM record WHERE id=?", (record,)
        )
        kind = known_kind(kind_name)
        if kind is not None and kind.is_ranked:
            self._judge_words(record, kind)
        merged, waiting, states = merge_record(self._database, record)
        self._database.executemany(
            "UPDATE op SET state=? WHERE id=?",
            [(int(state), op) for op, (state, was) in states.items() if state != was],
        )
        doc, maps = split_maps(kind_name, merged.shown)
        self._database.execute("DELETE FROM conflict WHERE record=?", (record,))
        self._database.executemany(
            "INSERT INTO conflict (record, register) VALUES (?, ?)",
            [(record, register) for register in merged.conflicts],
        )
        plain = not merged.conflicts and not waiting and not merged.frozen
        plain = plain and len(merged.heads) <= 1
        head = merged.heads[0] if len(merged.heads) == 1 else None
        self._database.execute(
            "UPDATE record SET head=?, plain=?, deleted=?, frozen=?, doc=? WHERE id=?",
            (head, int(plain), int(merged.deleted), int(merged.frozen), doc_text(doc), record),
        )
        if had_doc == "{}" and merged.heads:
            self.report.touched.discard(record)
            self.report.new.add(record)
        if kind is None:
            return
        claims = self._claims(ident, kind_name)
        if claims and claims[0] != record:
            return
        if len(claims) > 1 or not merged.heads:
            self._projection.remove(ident, kind_name)
        if not merged.heads:
            return
        counted = not (merged.deleted or merged.frozen or review_of(doc))
        if kind.from_above:  # nobody below silences it by a verdict or by too many branches
            counted = not merged.deleted
        self._projection.clear_maps(ident, tables_of(kind_name))
        self._projection.put_merged(ident, kind_name, unit, doc, counted=counted)
        for family in kind.maps:
            self._projection.put_map(ident, family, maps)

    def _judge_words(self, record: int, kind: Kind) -> None:
        """Set apart what was written by somebody below who made the record (`domain.words`)."""
        apart, back = ranks.newly_judged(self._database, record, kind)
        self._database.executemany(
            "INSERT INTO quarantine (op, code) VALUES (?, ?)", [(op, ranks.CODE) for op in apart]
        )
        self._database.executemany("DELETE FROM quarantine WHERE op=?", [(op,) for op in back])
        for state, ops in ((OpState.QUARANTINED, apart), (OpState.WAITING, back)):
            self._database.executemany(
                "UPDATE op SET state=? WHERE id=?", [(int(state), op) for op in ops]
            )
        if apart:
            self.report.quarantined.add(record)

    def _claims(self, ident: int, kind: str) -> list[int]:
        """Return the records that claim one id, the one shown first.

        Ids are random or derived, so a second unit's claim to one is an attack or a defect; the
        lowest unit code wins everywhere.
        """
        rows = self._database.rows(
            "SELECT r.id FROM record r JOIN unit u ON u.id=r.unit "
            "WHERE r.ident=? AND r.kind=? AND r.doc<>'{}' ORDER BY u.code",
            (ident, kind),
        )
        return [row[0] for row in rows]


def is_ranked(kind: str) -> bool:
    """Whether units above have a say in such records: whose counts is asked of all of a record."""
    return kind in KINDS and KINDS[kind].is_ranked


def split_maps(kind_name: str, shown: dict[str, object]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split shown registers into those of the record itself and its map registers."""
    kind = known_kind(kind_name)
    prefixes = tuple(family.prefix for family in kind.maps) if kind else ()
    if not prefixes:
        return dict(shown), {}
    doc = {k: v for k, v in shown.items() if not k.startswith(prefixes)}
    return doc, {k: v for k, v in shown.items() if k.startswith(prefixes)}


OpStates = dict[int, tuple[OpState, int]]


def merge_record(
    database: Database, record: int, without: frozenset[bytes] = frozenset()
) -> tuple[Merged, list[Node], OpStates]:
    """Merge a record from its operations in the log, leaving out those of `without`.

    Returns its state, the operations that wait for a parent, and for each operation that takes
    part (key in the store) its state now and the one stored.
    """
    nodes, ops, kind_name = load_nodes(database, record)
    ready, waiting = ready_nodes(node for node in nodes if node.hash not in without)
    kind = known_kind(kind_name)
    merged = merge(ready, lambda register: layer_of(kind, register) == "fact")
    states: OpStates = {}
    for group, state in ((ready, OpState.READY), (waiting, OpState.WAITING)):
        for node in group:
            op, was = ops[node.hash]
            states[op] = (state, was)
    return merged, waiting, states


def load_nodes(
    database: Database, record: int
) -> tuple[list[Node], dict[bytes, tuple[int, int]], str]:
    """Return a record's operations that take part in merging, their keys and states, its kind."""
    kind_name = str(database.value("SELECT kind FROM record WHERE id=?", (record,)))
    rows = database.rows(
        "SELECT o.id, o.hash, o.line, o.state, i.unit = c.unit, u.tier FROM op o "
        "JOIN chain c ON c.id=o.chain JOIN incarnation i ON i.id=c.incarnation "
        "JOIN unit u ON u.id=i.unit WHERE o.record=? AND o.state NOT IN (2, 3)",
        (record,),
    )
    nodes: list[Node] = []
    ops: dict[bytes, tuple[int, int]] = {}
    for op, name, line, state, own, tier in rows:
        operation = decode(line)
        nodes.append(
            Node(
                hash=name,
                par=tuple(unb64(parent) for parent in operation.par),
                writes=operation.writes(),
                own=bool(own),
                tier=TIER_RANK.get(tier, 0),
            )
        )
        ops[name] = (op, state)
    return nodes, ops, kind_name
