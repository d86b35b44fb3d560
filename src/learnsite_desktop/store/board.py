"""What the board of who hands in is made of: one pass over all units below for each question."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.oplog.line import decode
from learnsite_desktop.store.engine import Database

_SUBTREE: Final = "(SELECT unit FROM unit_within WHERE ancestor = ?1)"
_UNITS: Final = f"""
SELECT u.code, coalesce(u.name, u.code), u.level, coalesce(p.code, ''), coalesce(u.tier, ''),
  EXISTS (SELECT 1 FROM invite i WHERE i.unit = u.code),
  EXISTS (SELECT 1 FROM incarnation i WHERE i.unit = u.id)
FROM unit u LEFT JOIN unit p ON p.id = u.parent
WHERE u.id IN {_SUBTREE} AND u.level >= 4 AND (u.id <> ?1 OR u.level = 5)
ORDER BY u.code
"""
_SITES: Final = f"""
SELECT u.code, s.opened, coalesce(s.closed, ''), coalesce(s.head, ''), coalesce(s.phone, ''),
  i.rid
FROM site s JOIN unit u ON u.id = s.unit JOIN ident i ON i.id = s.ident
WHERE s.unit IN {_SUBTREE} AND s.counted = 1 AND s.opened IS NOT NULL ORDER BY s.opened, i.rid
"""
_HANDED: Final = f"""
SELECT u.code, m.period, coalesce(m.zero_reason, ''), coalesce(m.received_at, '')
FROM submission m JOIN unit u ON u.id = m.unit
WHERE m.unit IN {_SUBTREE} AND m.counted = 1 AND m.period IS NOT NULL
"""
_HELD: Final = f"""
SELECT u.code, count(*), coalesce(sum(s.headcount_total), 0)
FROM session s JOIN unit u ON u.id = s.unit
LEFT JOIN activity a ON a.ident = s.activity
WHERE s.unit IN {_SUBTREE} AND s.counted = 1 AND s.status = 'held' AND s.date BETWEEN ?2 AND ?3
  AND coalesce(a.counted, 1) = 1
GROUP BY u.code
"""
_PRESENT: Final = f"""
SELECT u.code, count(*) FROM (
  SELECT DISTINCT s.ident, s.unit, coalesce(l.cluster, m.learner) FROM session s
  CROSS JOIN mark m LEFT JOIN learner l ON l.ident = m.learner
  LEFT JOIN activity a ON a.ident = s.activity
  WHERE coalesce(a.counted, 1) = 1 AND coalesce(l.counted, 1) = 1
    AND m.session = s.ident AND s.unit IN {_SUBTREE} AND s.counted = 1 AND s.status = 'held'
    AND s.date BETWEEN ?2 AND ?3 AND m.status IN ('P', 'L', 'E', 'W', 'M', 'R')) x
JOIN unit u ON u.id = x.unit GROUP BY u.code
"""
_RETURNS: Final = f"""
SELECT u.code, count(*) FROM "return" r JOIN unit u ON u.id = r.unit
WHERE r.unit IN {_SUBTREE} AND r.counted = 1 AND r.closed_by IS NULL GROUP BY u.code
"""
_CONFLICTS: Final = f"""
SELECT u.code, count(*) FROM conflict c JOIN record r ON r.id = c.record
JOIN unit u ON u.id = r.unit WHERE r.unit IN {_SUBTREE} GROUP BY u.code
"""
_FILES: Final = f"""
SELECT b.from_unit, max(b.received_at) FROM batch b JOIN unit u ON u.code = b.from_unit
WHERE u.id IN {_SUBTREE} AND b.state = 'active' GROUP BY b.from_unit
"""
# The last operation of every chain tells with which file it came: no need to read the whole log.
_CAME: Final = f"""
SELECT u.code, max(b.received_at) FROM chain c
CROSS JOIN run n CROSS JOIN op o CROSS JOIN batch_op x CROSS JOIN batch b
JOIN incarnation i ON i.id = c.incarnation JOIN unit u ON u.id = c.unit
WHERE c.unit IN {_SUBTREE} AND i.unit = c.unit AND n.chain = c.id AND o.hash = n.head
  AND x.op = o.id AND b.id = x.batch AND b.state = 'active' GROUP BY u.code
"""
_BEGUN: Final = f"""
SELECT min(day) FROM (
  SELECT min(s.date) AS day FROM session s
  WHERE s.unit IN {_SUBTREE} AND s.counted = 1 AND s.status = 'held'
  UNION ALL
  SELECT min(m.period) || '-01' FROM submission m
  WHERE m.unit IN {_SUBTREE} AND m.counted = 1 AND length(m.period) = 7)
"""


class BoardUnit(NamedTuple):
    """A unit below: `invited` if an opening file was made for it here, `known` if a computer is."""

    code: str
    name: str
    level: int
    parent: str
    tier: str
    invited: bool
    known: bool


class BoardSite(NamedTuple):
    """A site with its days (ISO, `closed` "" while open) and whom to ring; `record` is its id."""

    unit: str
    opened: str
    closed: str
    head: str
    phone: str
    record: str


def units(database: Database, unit: int) -> list[BoardUnit]:
    """Return the townships and village-level units below a unit (key); a village itself."""
    rows = database.rows(_UNITS, (unit,))
    return [
        BoardUnit(row[0], row[1], row[2], row[3], row[4], bool(row[5]), bool(row[6]))
        for row in rows
    ]


def sites(database: Database, unit: int) -> list[BoardSite]:
    """Return the sites of a subtree, the oldest first."""
    return [
        BoardSite(row[0], row[1], row[2], row[3], row[4], b64(row[5]))
        for row in database.rows(_SITES, (unit,))
    ]


def handed_in(database: Database, unit: int) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (zero reason, first received at) of what was handed in, by (unit, period)."""
    return {(row[0], row[1]): (row[2], row[3]) for row in database.rows(_HANDED, (unit,))}


def held(database: Database, unit: int, first: str, last: str) -> dict[str, tuple[int, int]]:
    """Return (held sessions, attendances: named ones and heads counted beside) by unit."""
    named: dict[str, int] = dict(database.rows(_PRESENT, (unit, first, last)))
    return {
        row[0]: (int(row[1]), int(row[2]) + int(named.get(row[0], 0)))
        for row in database.rows(_HELD, (unit, first, last))
    }


def open_returns(database: Database, unit: int) -> dict[str, int]:
    """Return how many returns wait for an answer, by unit."""
    return dict(database.rows(_RETURNS, (unit,)))


def open_conflicts(database: Database, unit: int) -> dict[str, int]:
    """Return how many conflicts are open, by unit."""
    return dict(database.rows(_CONFLICTS, (unit,)))


def last_files(database: Database, unit: int) -> dict[str, str]:
    """Return when the last file came, by unit: from it, or with what its own computers wrote."""
    found: dict[str, str] = dict(database.rows(_FILES, (unit,)))
    for code, at in database.rows(_CAME, (unit,)):
        found[code] = max(found.get(code, ""), at)
    return found


def first_month(database: Database, unit: int) -> str:
    """Return the first month of which anything is held here, "" without one."""
    return str(database.value(_BEGUN, (unit,)) or "")[:7]


def staff_of(database: Database, unit: int, kinds: Sequence[str]) -> list[tuple[int, str, str]]:
    """Return (record key, unit, kind) of the staff of some kinds in service, in a subtree."""
    marks = ",".join("?" * len(kinds))
    rows = database.rows(
        "SELECT r.id, u.code, k.value FROM staff s JOIN staff_kinds k ON k.ident = s.ident "
        "JOIN record r ON r.ident = s.ident AND r.kind = 'staff' AND r.unit = s.unit "
        f"JOIN unit u ON u.id = s.unit WHERE s.unit IN {_SUBTREE.replace('?1', '?')} "
        f'AND s.counted = 1 AND s."to" IS NULL AND k.value IN ({marks}) ORDER BY r.id',
        (unit, *kinds),
    )
    return [(int(row[0]), str(row[1]), str(row[2])) for row in rows]


def key_of(database: Database, unit: str) -> int:
    """Return the key of a unit that is in the region tree."""
    return int(database.value("SELECT id FROM unit WHERE code = ?", (unit,)))


def returned_at(database: Database, unit: int) -> list[str]:
    """Return when each return of a subtree that waits for an answer was written."""
    rows = database.rows(
        "SELECT (SELECT o.line FROM op o WHERE o.record = r.id ORDER BY o.id LIMIT 1) "
        "FROM \"return\" t JOIN record r ON r.ident = t.ident AND r.kind = 'return' "
        f"WHERE t.unit IN {_SUBTREE} AND t.counted = 1 AND t.closed_by IS NULL",
        (unit,),
    )
    return [decode(row[0]).at for row in rows if row[0]]


def children(database: Database, unit: str) -> list[tuple[str, str]]:
    """Return (code, name) of the units directly below one, by code."""
    rows = database.rows(
        "SELECT u.code, coalesce(u.name, u.code) FROM unit u JOIN unit p ON p.id = u.parent "
        "WHERE p.code = ? ORDER BY u.code",
        (unit,),
    )
    return [(str(row[0]), str(row[1])) for row in rows]
