"""Locks in the store: which periods of which units are locked, and what of a chain they cover."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.domain.review import Head, Lock, known_period, locks_in
from learnsite_desktop.store.chains import held_heads, links_of
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.ingest import OpState
from learnsite_desktop.store.record_rows import read_doc

_LOCKS = (
    "SELECT u.code, coalesce(u.tier, ''), r.doc FROM record r JOIN unit u ON u.id=r.unit "
    "WHERE r.kind='submission' AND r.doc LIKE '%lock\":[%' AND r.unit IN ({units})"
)
_BELOW = (
    "SELECT w.unit FROM unit_within w JOIN unit a ON a.id=w.ancestor WHERE a.code=?1 "
    "UNION SELECT w.ancestor FROM unit_within w JOIN unit b ON b.id=w.unit WHERE b.code=?1"
)
_LINE = "SELECT w.ancestor FROM unit_within w JOIN unit b ON b.id=w.unit WHERE b.code=?1"


def locks_around(database: Database, unit: str) -> dict[str, list[Lock]]:
    """Return the locks of a unit, of those below it and of those above it, by unit."""
    return _read(database, _LOCKS.format(units=_BELOW), unit)


def locks_above(database: Database, unit: str) -> dict[str, list[Lock]]:
    """Return the locks of a unit and of those above it, by unit."""
    return _read(database, _LOCKS.format(units=_LINE), unit)


def _read(database: Database, sql: str, unit: str) -> dict[str, list[Lock]]:
    found: dict[str, list[Lock]] = {}
    for code, tier, doc in database.rows(sql, (unit,)):
        found.setdefault(code, []).extend(locks_in(read_doc(doc), tier))
    return found


def lines_up(database: Database, unit: str) -> dict[str, list[str]]:
    """Return, for a unit and each below it, the units above it, the nearest first."""
    rows = database.rows(
        "SELECT u.code, a.code FROM unit_within s JOIN unit t ON t.id=s.ancestor "
        "JOIN unit u ON u.id=s.unit JOIN unit_within w ON w.unit=u.id "
        "JOIN unit a ON a.id=w.ancestor WHERE t.code=? AND a.id<>u.id ORDER BY a.level DESC",
        (unit,),
    )
    found: dict[str, list[str]] = {}
    for code, above in rows:
        found.setdefault(code, []).append(above)
    return found


def _chains(database: Database, unit: str) -> dict[str, int]:
    rows = database.rows(
        "SELECT i.inc, c.id FROM chain c JOIN incarnation i ON i.id=c.incarnation "
        "JOIN unit u ON u.id=c.unit WHERE u.code=?",
        (unit,),
    )
    return {b64(row[0]): row[1] for row in rows}


def heads_held(database: Database, unit: str) -> list[Head]:
    """Return the heads of all branches of a unit's chains that are held here, ordered."""
    return [
        Head(inc, n, b64(head))
        for inc, chain in sorted(_chains(database, unit).items())
        for n, head in held_heads(database, chain)
    ]


class Coverage:
    """Which operations of a unit's chains these heads of a lock cover."""

    def __init__(self, database: Database, unit: str, heads: Iterable[Head]) -> None:
        """Read what is known of the unit's chains."""
        by_inc: dict[str, list[Head]] = {}
        for item in heads:
            by_inc.setdefault(item.inc, []).append(item)
        self.last: dict[int, int] = {}
        self.beside: dict[int, set[bytes]] = {}
        for inc, chain in _chains(database, unit).items():
            mine = by_inc.get(inc, [])
            self.last[chain] = max((item.n for item in mine), default=0)
            self.beside[chain] = _beside(database, chain, mine)

    def covers(self, operation: "Written") -> bool:
        """Return whether an operation is covered; those of other chains no lock leaves out."""
        if operation.chain not in self.last:
            return True
        late = operation.n > self.last[operation.chain]
        return not late and operation.hash not in self.beside[operation.chain]


class Written(NamedTuple):
    """An operation on a record (store keys) with its place in its chain."""

    record: int
    hash: bytes
    chain: int
    n: int


def written_on(database: Database, record: int) -> list[Written]:
    """Return the operations of a record."""
    sql = "SELECT record, hash, chain, n FROM op WHERE record=?"
    return [Written(*row) for row in database.rows(sql, (record,))]


def written_on_sessions(database: Database, unit: str, first: str, last: str) -> list[Written]:
    """Return the operations of a unit's sessions that are dated in these days, by record."""
    rows = database.rows(
        "SELECT o.record, o.hash, o.chain, o.n FROM unit u CROSS JOIN main.session s "
        "CROSS JOIN record r CROSS JOIN op o WHERE u.code=? AND s.unit=u.id "
        "AND s.date BETWEEN ? AND ? AND r.ident=s.ident AND r.kind='session' AND r.unit=s.unit "
        "AND o.record=r.id ORDER BY o.record",
        (unit, first, last),
    )
    return [Written(*row) for row in rows]


def written_on_links(database: Database, unit: int) -> list[tuple[str, Written]]:
    """Return the operations of the links of a unit (key) and those below it, with their units."""
    rows = database.rows(
        "SELECT u.code, o.record, o.hash, o.chain, o.n FROM record r JOIN unit u ON u.id=r.unit "
        "JOIN op o ON o.record=r.id WHERE r.kind='link' "
        "AND r.unit IN (SELECT unit FROM unit_within WHERE ancestor=?)",
        (unit,),
    )
    return [(row[0], Written(*row[1:])) for row in rows]


def uncovered(database: Database, unit: str, heads: Sequence[Head]) -> dict[int, set[bytes]]:
    """Return the operations of a unit's chains that `heads` do not cover, by record key."""
    coverage = Coverage(database, unit, heads)
    found: dict[int, set[bytes]] = {}
    for chain, last in coverage.last.items():
        beside = coverage.beside[chain]
        for name, record, n in database.rows(
            "SELECT hash, record, n FROM op WHERE chain=? AND (n>? OR ?)",
            (chain, last, bool(beside)),
        ):
            if n > last or name in beside:
                found.setdefault(record, set()).add(name)
    return found


def _beside(database: Database, chain: int, heads: Iterable[Head]) -> set[bytes]:
    """Return operations of a forked chain that no covered branch holds, whatever their number."""
    branches = database.value("SELECT count(*) FROM run WHERE chain=?", (chain,))
    if branches < 2:
        return set()
    links = links_of(database, chain)
    covered: set[bytes] = set()
    for item in heads:
        name = unb64(item.head)
        while name in links and name not in covered:
            covered.add(name)
            name = links[name][1]
    if not covered:
        return set()
    lowest = min(links[name][0] for name in covered)
    # Below a gap one cannot see which branch it was; what is held there came before.
    return {name for name, (n, _prev) in links.items() if name not in covered and n >= lowest}


def missing(database: Database, unit: str, heads: Iterable[Head]) -> int:
    """Return of how many branches something that a lock covers is not in force here."""
    chains = _chains(database, unit)
    return sum(not _is_held(database, chains.get(item.inc), item) for item in heads)


def _is_held(database: Database, chain: int | None, item: Head) -> bool:
    if chain is None:
        return False
    if not database.row(
        "SELECT 1 FROM op WHERE hash=? AND chain=? AND n=?", (unb64(item.head), chain, item.n)
    ):
        return False
    if database.row(
        "SELECT 1 FROM op WHERE state=? AND state<>0 AND chain=? AND n<=?",
        (OpState.WITHDRAWN, chain, item.n),
    ):
        return False
    count = database.value(
        "SELECT count(DISTINCT n) FROM op WHERE chain=? AND n<=?", (chain, item.n)
    )
    return bool(count == item.n)


def any_lock(database: Database) -> bool:
    """Return whether any period of any unit was ever locked, as far as is known here."""
    return (
        database.row(
            "SELECT 1 FROM record WHERE kind='submission' AND doc LIKE '%lock\":[%' LIMIT 1"
        )
        is not None
    )


def unit_of_chain(database: Database, chain: int) -> str:
    """Return the unit whose records a chain holds."""
    sql = "SELECT u.code FROM chain c JOIN unit u ON u.id=c.unit WHERE c.id=?"
    return str(database.value(sql, (chain,)))


def handed_in(database: Database, unit: str) -> list[str]:
    """Return the periods that a unit has handed in."""
    rows = database.rows(
        "SELECT m.period FROM submission m JOIN unit u ON u.id=m.unit "
        "WHERE u.code=? AND m.counted=1 AND m.period IS NOT NULL",
        (unit,),
    )
    return [row[0] for row in rows if known_period(row[0])]


def units_with_chains(database: Database, unit: str) -> set[str]:
    """Return the units in a subtree of which operations are held."""
    rows = database.rows(
        "SELECT DISTINCT u.code FROM chain c JOIN unit u ON u.id=c.unit "
        "JOIN unit_within w ON w.unit=u.id JOIN unit a ON a.id=w.ancestor "
        "WHERE a.code=? AND EXISTS (SELECT 1 FROM run r WHERE r.chain=c.id)",
        (unit,),
    )
    return {str(row[0]) for row in rows}


def operation_counts(database: Database, records: Sequence[int]) -> dict[int, int]:
    """Return how many operations each record has."""
    found: dict[int, int] = {}
    for start in range(0, len(records), 500):
        part = records[start : start + 500]
        marks = ",".join("?" * len(part))
        found.update(
            database.rows(
                f"SELECT record, count(*) FROM op WHERE record IN ({marks}) GROUP BY record", part
            )
        )
    return found


def covers_any(
    database: Database, unit: str, going: Iterable[tuple[int, int, int]], free: set[bytes]
) -> bool:
    """Return whether one of the operations (key, chain, n) of a unit is not among the `free`."""
    chains = set(_chains(database, unit).values())
    return any(
        chain in chains and database.value("SELECT hash FROM op WHERE id=?", (op,)) not in free
        for op, chain, _n in going
    )
