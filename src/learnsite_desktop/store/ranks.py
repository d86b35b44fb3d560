"""Operations set apart because their author stands below who began the record."""

from typing import Final

from learnsite_desktop.domain.fields import Kind
from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.domain.merge import TIER_RANK, Node
from learnsite_desktop.domain.words import outranked
from learnsite_desktop.oplog.line import decode
from learnsite_desktop.store.engine import Database

CODE: Final = "outranked"
_TIER: Final = "json_extract(CAST(i.body AS TEXT), '$.tier')"


def judged(database: Database, record: int) -> list[tuple[int, str, Node]]:
    """Return (key, verdict against it or "", operation) of all that certificates allow.

    The tier is the one that the author's certificate claims: whether that is true was judged.
    """
    rows = database.rows(
        f"SELECT o.id, coalesce(q.code, ''), o.hash, o.line, i.unit = c.unit, {_TIER} FROM op o "
        "JOIN chain c ON c.id=o.chain JOIN incarnation i ON i.id=c.incarnation "
        "LEFT JOIN quarantine q ON q.op=o.id "
        "WHERE o.record=? AND o.state<>3 AND coalesce(q.code, ?)=?",
        (record, CODE, CODE),
    )
    found = []
    for op, code, name, line, own, tier in rows:
        operation = decode(line)
        parents = tuple(unb64(parent) for parent in operation.par)
        rank = TIER_RANK.get(tier, 0)
        found.append((op, code, Node(name, parents, operation.writes(), bool(own), rank)))
    return found


def newly_judged(database: Database, record: int, kind: Kind) -> tuple[list[int], list[int]]:
    """Return the keys of a record's operations to set apart now, and of those to let in again."""
    found = judged(database, record)
    apart = outranked(kind, [node for _op, _code, node in found])
    return (
        [op for op, code, node in found if node.hash in apart and not code],
        [op for op, code, node in found if node.hash not in apart and code],
    )


def begun_by(database: Database, kind: str) -> dict[str, int]:
    """Return for each record of a kind (its id) the tier rank of the highest unit that began it."""
    found: dict[str, int] = {}
    for rid, tier in database.rows(
        f"SELECT DISTINCT d.rid, {_TIER} FROM record r JOIN ident d ON d.id=r.ident "
        "JOIN op o ON o.record=r.id JOIN chain c ON c.id=o.chain "
        "JOIN incarnation i ON i.id=c.incarnation "
        "WHERE r.kind=? AND o.state=0 "
        "AND coalesce(json_array_length(CAST(o.line AS TEXT), '$.par'), 0)=0",
        (kind,),
    ):
        record, rank = b64(rid), TIER_RANK.get(tier, 0)
        found[record] = max(found.get(record, 0), rank)
    return found
