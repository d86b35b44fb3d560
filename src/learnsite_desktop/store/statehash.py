"""The state hash: one digest that two computers share exactly when they hold the same state."""

import hashlib
from collections.abc import Iterator

from learnsite_desktop.domain.fields import OUTCOME_PREFIX
from learnsite_desktop.domain.ids import b64, canonical
from learnsite_desktop.domain.likeness import linked_unasked
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.ingest import merge_record

_WITHIN = (
    "(?='' OR r.unit IN (SELECT w.unit FROM unit_within w JOIN unit a ON a.id=w.ancestor "
    "WHERE a.code=?))"
)


def state_lines(database: Database, unit: str = "") -> Iterator[bytes]:
    """Yield the canonical lines the hash is taken over, unsorted.

    `[record, register, [live hashes]]` of every register of every record, `["q", hash]` of every
    quarantined operation. Private values, withdrawn and waiting operations do not enter, nor does
    what receiving writes of itself, which differs by computer: outcomes, links by a certain rule.
    """
    records = database.rows(
        f"SELECT r.id, i.rid, r.kind FROM record r JOIN ident i ON i.id=r.ident WHERE {_WITHIN}",
        (unit, unit),
    )
    for key, rid, kind in records:
        merged = merge_record(database, key)[0]
        record = b64(rid)
        if merged.frozen:
            yield canonical([record, "*", [b64(head) for head in merged.heads]])
            continue
        for register, nodes in merged.live.items():
            if register.startswith(OUTCOME_PREFIX):
                continue
            names = sorted(b64(n.hash) for n in nodes if not linked_unasked(kind, n.writes))
            if names:
                yield canonical([record, register, names])
    rows = database.rows(
        "SELECT o.hash FROM op o JOIN record r ON r.id=o.record "
        f"WHERE o.state=2 AND o.state<>0 AND {_WITHIN}",
        (unit, unit),
    )
    for row in rows:
        yield canonical(["q", b64(row[0])])


def state_hash(database: Database, unit: str = "") -> str:
    """Return the digest over the sorted state lines."""
    digest = hashlib.sha256()
    for line in sorted(state_lines(database, unit)):
        digest.update(line + b"\n")
    return b64(digest.digest())
