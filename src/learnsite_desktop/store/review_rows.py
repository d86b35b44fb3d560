"""What review asks the store: a record's operations as merging sees them, returns, work lists."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from learnsite_desktop.domain.fields import layer_of
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.merge import Merged, Node, merge, ready_nodes
from learnsite_desktop.domain.review import Asked
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.ingest import load_nodes
from learnsite_desktop.store.projection import known_kind

_CHUNK: Final = 500
_WITHIN = (
    "r.unit IN (SELECT w.unit FROM unit_within w JOIN unit a ON a.id=w.ancestor WHERE a.code=?)"
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A record's operations in force, parents first, what they give, which registers are facts."""

    ready: list[Node]
    merged: Merged
    is_fact: Callable[[str], bool]


def reviewed(database: Database, key: int) -> Reviewed:
    """Return a record as review looks at it."""
    nodes, _ops, kind_name = load_nodes(database, key)
    ready, _waiting = ready_nodes(nodes)
    kind = known_kind(kind_name)

    def is_fact(register: str) -> bool:
        return layer_of(kind, register) == "fact"

    return Reviewed(ready, merge(ready, is_fact), is_fact)


# Whoever may return a record may write any tier into it; it counts as asked by that tier if one of
# its units wrote so. Where the tree does not know an author's tier, his word is taken.
BY_ITS_TIER = (
    "EXISTS (SELECT 1 FROM record q JOIN op o ON o.record=q.id AND o.state=0 "
    "JOIN chain c ON c.id=o.chain JOIN incarnation i ON i.id=c.incarnation "
    "JOIN unit a ON a.id=i.unit WHERE q.ident=t.ident AND q.kind='return' "
    "AND coalesce(a.tier, t.tier)=t.tier "
    "AND json_extract(CAST(o.line AS TEXT), '$.f.tier')=t.tier)"
)


def returns_on(database: Database, record: int) -> list[Asked]:
    """Return the returns on a record (key of its id) that were not taken back.

    One that names another tier than its author's is nobody's.
    """
    rows = database.rows(
        'SELECT t.tier, t.closed_by FROM "return" t WHERE t.record=? AND t.counted=1 '
        f"AND {BY_ITS_TIER}",
        (record,),
    )
    return [Asked(str(row[0]), str(row[1] or "")) for row in rows]


class Untouched(NamedTuple):
    """A record of which no tier has said anything yet; `head` is its one newest operation."""

    key: int
    record: str
    kind: str
    unit: str
    head: bytes
    deleted: bool


def untouched(database: Database, keys: Sequence[int]) -> dict[int, Untouched]:
    """Return those of the records that are undisputed and bear no verdict and no return, by key.

    How they stand with every tier follows from that alone, without merging them anew.
    """
    found: dict[int, Untouched] = {}
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        rows = database.rows(
            "SELECT r.id, i.rid, r.kind, u.code, r.head, r.deleted FROM record r "
            "JOIN ident i ON i.id=r.ident JOIN unit u ON u.id=r.unit "
            f"WHERE r.id IN ({','.join('?' * len(part))}) AND r.plain=1 AND r.frozen=0 "
            "AND r.head IS NOT NULL AND instr(r.doc, '\"review.')=0 "
            'AND NOT EXISTS (SELECT 1 FROM "return" t WHERE t.record=r.ident AND t.counted=1)',
            part,
        )
        for key, raw, kind, unit, head, deleted in rows:
            found[key] = Untouched(key, b64(raw), kind, unit, head, bool(deleted))
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """A record on a work list, before it is looked at closely."""

    key: int
    ident: int
    kind: str
    unit: str
    id: str
    conflict: bool
    asked: bool
    reasoned: bool
    touched: bool


def reviewable(database: Database, kinds: Iterable[str], unit: str, own: str) -> list[Listed]:
    """Return the live records of kinds in a unit and below, those of the unit `own` apart, by key.

    `touched` if some tier has a verdict on the record or has returned it.
    """
    names = list(kinds)
    marks = ",".join("?" * len(names))
    rows = database.rows(
        "SELECT r.id, r.ident, r.kind, u.code, i.rid, "
        "EXISTS (SELECT 1 FROM conflict c WHERE c.record=r.id), "
        'EXISTS (SELECT 1 FROM "return" t WHERE t.record=r.ident AND t.counted=1), '
        "instr(r.doc, '\"reasons\":') > 0 AND instr(r.doc, '\"reasons\":null') = 0, "
        "instr(r.doc, '\"review.') > 0 "
        "FROM record r JOIN ident i ON i.id=r.ident JOIN unit u ON u.id=r.unit "
        f"WHERE r.kind IN ({marks}) AND r.doc<>'{{}}' AND r.deleted=0 AND u.code<>? AND {_WITHIN} "
        "ORDER BY r.id",
        (*names, own, unit),
    )
    return [
        Listed(
            row[0], row[1], row[2], row[3], b64(row[4]),
            bool(row[5]), bool(row[6]), bool(row[7]), bool(row[8]),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """Who wrote an operation: its hash, author's unit, operator ("" if unnamed), on our computer.

    `at` is the wall time that the operation carries.
    """

    hash: bytes
    unit: str
    operator: str
    ours: bool
    at: str


def written_by(database: Database, key: int) -> list[Written]:
    """Return who wrote the operations of a record, in the order they came here."""
    rows = database.rows(
        "SELECT o.hash, u.code, coalesce(json_extract(CAST(o.line AS TEXT), '$.u'), ''), i.own, "
        "coalesce(json_extract(CAST(o.line AS TEXT), '$.at'), '') "
        "FROM op o JOIN chain c ON c.id=o.chain JOIN incarnation i ON i.id=c.incarnation "
        "JOIN unit u ON u.id=i.unit WHERE o.record=? ORDER BY o.id",
        (key,),
    )
    return [Written(row[0], row[1], row[2], bool(row[3]), row[4]) for row in rows]
