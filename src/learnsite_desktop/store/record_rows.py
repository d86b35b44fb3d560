"""Record rows while operations are taken in: read and written chunk by chunk, not one by one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from learnsite_desktop.oplog.line import Operation
from learnsite_desktop.store.engine import Database, Row
from learnsite_desktop.store.idents import Idents

_encode_doc = msgspec.json.Encoder().encode
_decode_doc = msgspec.json.Decoder(dict[str, Any]).decode

Key = tuple[str, str, str]
"""Record id, kind, unit code."""


def doc_text(doc: dict[str, Any]) -> str:
    """Return a record's shown registers as stored text."""
    return _encode_doc(doc).decode("utf-8")


def read_doc(text: str) -> dict[str, Any]:
    """Return a record's shown registers from stored text."""
    return _decode_doc(text)


@dataclass(slots=True)
class RecordRow:
    """A record row while a chunk is in hand; `fresh` if it is not in the database yet.

    `plain`: its operations so far form one line, so that the next one may simply be applied.
    """

    id: int
    ident: int
    kind: str
    unit: int
    head: bytes | None
    plain: bool
    deleted: bool
    doc: dict[str, Any]
    fresh: bool
    changed: bool = False


class RecordRows:
    """The rows that a chunk of operations is about."""

    def __init__(self, database: Database, idents: Idents) -> None:
        """New rows are numbered after the last one there is."""
        self._database = database
        self._idents = idents
        self._rows: dict[Key, RecordRow] = {}
        self._claims: dict[tuple[str, str], str] = {}
        self._next = 1 + int(database.value("SELECT coalesce(max(id), 0) FROM record"))

    def load(self, operations: Iterable[Operation]) -> None:
        """Read the rows of these operations' records, or begin new ones."""
        keys = {(item.r, item.kind, item.un) for item in operations} - self._rows.keys()
        fresh = self._idents.intern({key[0] for key in keys})
        stored = self._stored({self._idents.ident(key[0]) for key in keys if key[0] not in fresh})
        for key in sorted(keys):
            self._rows[key] = self._row(key, stored)

    def _stored(self, idents: set[int]) -> dict[tuple[int, str], dict[int, Row]]:
        """Return the rows of each (ident, kind) by unit."""
        found: dict[tuple[int, str], dict[int, Row]] = {}
        wanted = sorted(idents)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            for row in self._database.rows(
                "SELECT ident, kind, unit, id, head, plain, deleted, doc FROM record "
                f"WHERE ident IN ({marks})",
                part,
            ):
                found.setdefault((row[0], row[1]), {})[row[2]] = row
        return found

    def _row(self, key: Key, stored: dict[tuple[int, str], dict[int, Row]]) -> RecordRow:
        record, kind, code = key
        ident, unit = self._idents.ident(record), self._idents.unit(code)
        rivals = stored.get((ident, kind), {})
        row = rivals.get(unit)
        if row is not None:
            head, plain, deleted, doc = row[4:]
            return RecordRow(
                row[3], ident, kind, unit, head, bool(plain), bool(deleted), read_doc(doc), False
            )
        # A second claim to an id goes the long way, which knows whom to show.
        alone = not rivals and self._claims.setdefault((record, kind), code) == code
        self._next += 1
        return RecordRow(self._next - 1, ident, kind, unit, None, alone, False, {}, True)

    def of(self, operation: Operation) -> RecordRow:
        """Return the row of an operation that was loaded."""
        return self._rows[operation.r, operation.kind, operation.un]

    def flush(self) -> None:
        """Write what is new or changed and let go of all rows."""
        rows = self._rows.values()
        self._database.write_rows(
            "INSERT INTO record (id, ident, kind, unit, head, plain, deleted, frozen, doc)",
            [
                (r.id, r.ident, r.kind, r.unit, r.head, r.plain, r.deleted, 0, doc_text(r.doc))
                for r in rows
                if r.fresh
            ],
        )
        self._database.executemany(
            "UPDATE record SET head=?, plain=?, deleted=?, doc=? WHERE id=?",
            [
                (r.head, r.plain, r.deleted, doc_text(r.doc), r.id)
                for r in rows
                if r.changed and not r.fresh
            ],
        )
        self._rows.clear()
        self._claims.clear()
