"""Rebuilding record rows and projection from the log, and comparing them with what is live.

The standing test of the store: `rebuild == live`. Surrogate keys are replaced by ids before
comparing, so that two databases can be compared as well.
"""

import json
from collections.abc import Callable, Iterator

from learnsite_desktop.domain.fields import FieldType
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.oplog.line import decode
from learnsite_desktop.store import roll_sums
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.idents import Idents
from learnsite_desktop.store.ingest import Incoming, Ingest, OpState, is_ranked
from learnsite_desktop.store.projection_tables import projected_kinds, table_names, tables_of

Step = Callable[[int, int, str], None]


def rebuild(database: Database, progress: Step | None = None) -> None:
    """Make records, conflicts and projection anew from the log, in the caller's transaction.

    Quarantine and withdrawal are facts of the log and the batch journal; readiness is found anew.
    """
    for table in (*table_names(), "conflict", "record"):
        database.execute(f'DELETE FROM "{table}"')
    total = int(database.value("SELECT count(*) FROM op"))
    ingest = _Replay(database, Idents(database))
    done = 0
    for chunk in _chunks(database):
        ingest.replay(chunk)
        done += len(chunk)
        if progress:
            progress(done, total, "rebuilding")
    ingest.finish()


def _chunks(database: Database) -> Iterator[list[tuple[int, int, Incoming]]]:
    last = 0
    while True:
        rows = database.rows(
            "SELECT id, hash, state, line FROM op WHERE id>? ORDER BY id LIMIT 500", (last,)
        )
        if not rows:
            return
        last = rows[-1][0]
        yield [(row[0], row[2], Incoming(row[3], row[1], decode(row[3]))) for row in rows]


class _Replay(Ingest):
    """Takes operations that are already in the log through the same doors."""

    def replay(self, rows: list[tuple[int, int, Incoming]]) -> None:
        """Apply logged operations and point them at their new record rows."""
        places: list[tuple[int, int, int]] = []
        self._records.load(item.operation for _op, _was, item in rows)
        for op, was, item in rows:
            record = self._records.of(item.operation)
            state = was
            if was not in (OpState.QUARANTINED, OpState.WITHDRAWN):
                if self._continues(record, item.operation) and not is_ranked(item.operation.kind):
                    self._apply(record, item.operation, item.hash)
                    state = OpState.READY
                else:
                    self._dirty.add(record.id)
                    record.plain, record.changed = False, True
                    state = OpState.WAITING
            places.append((record.id, int(state), op))
        self.flush()
        self._database.executemany(
            "UPDATE op SET record=?, state=? WHERE id=? AND (record<>? OR state<>?)",
            [(record, state, op, record, state) for record, state, op in places],
        )


def dump(database: Database) -> list[str]:
    """Return the live state as sorted text lines, surrogate keys replaced by ids."""
    idents = {row[0]: b64(row[1]) for row in database.rows("SELECT id, rid FROM ident")}
    units: dict[int, str] = dict(database.rows("SELECT id, code FROM unit"))
    lines = [
        f"record|{idents[row[0]]}|{row[1]}|{units[row[2]]}|{row[3]}|{row[4]}|{row[5]}|"
        f"{sorted_doc(row[6])}"
        for row in database.stream(
            "SELECT ident, kind, unit, hex(head), deleted, frozen, doc FROM record WHERE doc<>'{}'"
        )
    ]
    lines += [
        f"conflict|{idents[row[0]]}|{row[1]}"
        for row in database.stream(
            "SELECT r.ident, c.register FROM conflict c JOIN record r ON r.id=c.record"
        )
    ]
    lines += [f"op|{b64(row[0])}|{row[1]}" for row in database.stream("SELECT hash, state FROM op")]
    for kind in projected_kinds():
        lines += _dump_kind(database, kind, idents, units)
    lines += roll_sums.dump(database, idents)
    return sorted(lines)


def sorted_doc(text: str) -> str:
    """Return a record's registers in a fixed order."""
    return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False)


def _dump_kind(
    database: Database, kind: str, idents: dict[int, str], units: dict[int, str]
) -> Iterator[str]:
    tables = tables_of(kind)
    types = {"ident": "ref", "unit": "unit", "cluster": "ref"}
    for column in tables.columns:
        types[column.name] = {FieldType.REF: "ref", FieldType.UNIT: "unit"}.get(column.type, "")
    names = [kind, *(side.name for side in tables.sides)]
    for family in tables.kind.maps:
        names.append(family.table)
        types |= {kind: "ref", family.key.name: "ref"}
    for name in names:
        columns = database.columns(f'SELECT * FROM "{name}" LIMIT 0')
        side = next((side for side in tables.sides if side.name == name), None)
        kinds = dict(types)
        if side is not None:
            kinds |= {
                column.name: "ref" if column.type is FieldType.REF else ""
                for column in side.columns
            }
        for row in database.stream(f'SELECT * FROM "{name}"'):
            shown = []
            for column_name, value in zip(columns, row, strict=True):
                sort = kinds.get(column_name, "")
                table: dict[int, str] = {"ref": idents, "unit": units}.get(sort, {})
                shown.append(str(table.get(value, value)) if sort else str(value))
            yield f"{name}|{'|'.join(shown)}"
