"""Which learners could be one person: pairs that share a keyed digest, and what was decided.

Nothing private is read here. Digests stand for every name, phone and ID number that a learner has
or once had, so a pair found is only one to look at.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.record_rows import read_doc

CROWD: Final = 500
"""A value held by more people than this tells nobody apart (an invented phone number, "不详")."""

_CHUNK: Final = 500
_PRIVATE: Final = frozenset(one.key for one in KINDS["learner"].registers if one.private)
_TABLES: Final = (
    "CREATE TEMP TABLE IF NOT EXISTS alike_scope (unit INTEGER PRIMARY KEY)",
    """CREATE TEMP TABLE IF NOT EXISTS alike_seed
    (digest BLOB, ident INTEGER, PRIMARY KEY (digest, ident)) WITHOUT ROWID""",
    "CREATE TEMP TABLE IF NOT EXISTS alike_crowd (digest BLOB PRIMARY KEY) WITHOUT ROWID",
)
_SCOPE: Final = """
INSERT INTO alike_scope SELECT DISTINCT w.unit FROM unit_within w JOIN unit a ON a.id=w.ancestor
WHERE a.code=?
"""
_EVERYBODY: Final = """
INSERT INTO alike_seed SELECT b.digest, b.ident FROM blind b JOIN learner l ON l.ident=b.ident
WHERE l.counted=1 AND l.unit IN (SELECT unit FROM alike_scope)
"""
_CROWDS: Final = """
INSERT INTO alike_crowd SELECT digest FROM (SELECT DISTINCT digest FROM alike_seed) d
WHERE (SELECT count(*) FROM (SELECT 1 FROM blind b WHERE b.digest=d.digest LIMIT ?)) > ?
"""
# One shared value is enough with equal sex and birth year, or where both have an ID number (which
# may be what they share); else it takes two: a name and a phone number.
_PAIRS: Final = """
SELECT s.ident, b.ident FROM alike_seed s
CROSS JOIN blind b
CROSS JOIN learner x
CROSS JOIN learner y
WHERE b.digest=s.digest AND b.ident<>s.ident AND x.ident=s.ident AND y.ident=b.ident
  AND x.counted=1 AND y.counted=1 AND x.cluster<>y.cluster
  AND x.unit IN (SELECT unit FROM alike_scope) AND y.unit IN (SELECT unit FROM alike_scope)
  AND s.digest NOT IN (SELECT digest FROM alike_crowd)
  AND (b.ident>s.ident OR NOT EXISTS (
    SELECT 1 FROM alike_seed z WHERE z.digest=b.digest AND z.ident=b.ident))
GROUP BY min(s.ident, b.ident), max(s.ident, b.ident)
HAVING (x.sex=y.sex AND x.birth_year=y.birth_year) OR count(DISTINCT s.digest)>1 OR (
  EXISTS (SELECT 1 FROM record r WHERE r.ident=s.ident AND r.kind='learner'
    AND json_extract(r.doc, '$.identity') IS NOT NULL)
  AND EXISTS (SELECT 1 FROM record r WHERE r.ident=b.ident AND r.kind='learner'
    AND json_extract(r.doc, '$.identity') IS NOT NULL))
"""
_COMPANIONS: Final = """
SELECT l.home_unit, l.sex, l.birth_year, l.ident, json_extract(r.doc, '$.name')
FROM learner l JOIN record r ON r.ident=l.ident AND r.kind='learner' AND r.unit=l.unit
WHERE l.counted=1 AND l.unit IN (SELECT unit FROM alike_scope) AND l.sex IN ('M', 'F')
  AND l.birth_year IS NOT NULL AND json_extract(r.doc, '$.name') IS NOT NULL
ORDER BY l.home_unit, l.sex, l.birth_year, l.ident
"""

Pair = tuple[int, int]
"""Idents of two learners."""


class LearnerRow(NamedTuple):
    """A learner as the projection has it; `doc` maps registers to values and commitments."""

    ident: int
    record: bytes
    unit: str
    home: str
    cluster: int
    counted: bool
    doc: dict[str, Any]


class LinkRow(NamedTuple):
    """A link between two learners; `standing` is false once the record was deleted or undone."""

    record: bytes
    unit: str
    a: int
    b: int
    linked: bool
    rule: str
    standing: bool


class JoinedRow(NamedTuple):
    """A link in force; `cluster` is the person, `records` the store keys of link and learners."""

    record: bytes
    unit: str
    a: int
    b: int
    rule: str
    cluster: int
    records: frozenset[int]


def look_within(database: Database, unit: str) -> None:
    """Begin a search among the learners of a unit and those below it, forgetting the one before."""
    for statement in _TABLES:
        database.execute(statement)
    for table in ("alike_scope", "alike_seed", "alike_crowd"):
        database.execute(f"DELETE FROM {table}")
    database.execute(_SCOPE, (unit,))


def seek(database: Database, seeds: Iterable[tuple[bytes, int]] | None) -> int:
    """Look for doubles of some learners, given with the digests of their values (None = of all).

    Returns how many values were passed over because a crowd holds them.
    """
    if seeds is None:
        database.execute(_EVERYBODY)
    else:
        rows = sorted(set(seeds))
        database.write_rows("INSERT INTO alike_seed (digest, ident)", rows)
    database.execute(_CROWDS, (CROWD + 1, CROWD))
    return database.count("alike_crowd")


def pairs(database: Database) -> list[Pair]:
    """Return the pairs to look at, each once, of learners that are not linked yet."""
    return [(min(row), max(row)) for row in database.rows(_PAIRS)]


def companions(database: Database) -> Iterator[list[tuple[int, str]]]:
    """Yield groups of two and more learners of one home, sex and birth year.

    Rows are (ident, commitment of the name).
    """
    key: tuple[Any, ...] = ()
    group: list[tuple[int, str]] = []
    for home, sex, year, ident, name in database.stream(_COMPANIONS):
        if (home, sex, year) != key:
            if len(group) > 1:
                yield group
            key, group = (home, sex, year), []
        group.append((ident, name))
    if len(group) > 1:
        yield group


def learners(database: Database, idents: Iterable[int]) -> dict[int, LearnerRow]:
    """Return learners by ident."""
    found: dict[int, LearnerRow] = {}
    for part in _chunks(sorted(set(idents))):
        marks = ",".join("?" * len(part))
        rows = database.rows(
            "SELECT l.ident, i.rid, u.code, coalesce(h.code, ''), l.cluster, l.counted, r.doc "
            "FROM learner l JOIN ident i ON i.id=l.ident JOIN unit u ON u.id=l.unit "
            "JOIN record r ON r.ident=l.ident AND r.kind='learner' AND r.unit=l.unit "
            f"LEFT JOIN unit h ON h.id=l.home_unit WHERE l.ident IN ({marks})",
            part,
        )
        for row in rows:
            ident, record, unit, home, cluster, counted, doc = row
            said = {key: value for key, value in read_doc(doc).items() if _is_fit(key, value)}
            found[ident] = LearnerRow(ident, record, unit, home, cluster, bool(counted), said)
    return found


def _is_fit(register: str, value: object) -> bool:
    """Whether a register may hold this: somebody may write anything where a commitment belongs."""
    return isinstance(value, str) or register not in _PRIVATE


def left_alone(database: Database) -> set[int]:
    """Return the learners held that a link in force joins to one who is not held (any more)."""
    rows = database.rows(
        "SELECT l.ident FROM link k JOIN learner l ON l.ident IN (k.a, k.b) "
        "LEFT JOIN learner o ON o.ident=k.a+k.b-l.ident "
        "WHERE k.linked=1 AND k.counted=1 AND o.ident IS NULL"
    )
    return {row[0] for row in rows}


def learners_of(database: Database, records: Iterable[int]) -> list[int]:
    """Return the idents of those records (store keys) that are learners shown."""
    found: list[int] = []
    for part in _chunks(sorted(records)):
        marks = ",".join("?" * len(part))
        rows = database.rows(
            f"SELECT ident FROM record WHERE id IN ({marks}) AND kind='learner' AND doc<>'{{}}'",
            part,
        )
        found += [row[0] for row in rows]
    return found


def records_among(
    database: Database, idents: Iterable[int], records: Iterable[int]
) -> frozenset[int]:
    """Return those of some records (store keys) that are learners of these idents."""
    wanted = set(records)
    return frozenset(
        row[0]
        for part in _chunks(sorted(set(idents)))
        for row in database.rows(
            "SELECT id FROM record WHERE kind='learner' AND ident IN "
            f"({','.join('?' * len(part))})",
            part,
        )
        if row[0] in wanted
    )


def grouped(database: Database) -> dict[int, int]:
    """Return ident -> cluster of the learners that count as somebody else."""
    return dict(database.rows("SELECT ident, cluster FROM learner WHERE cluster<>ident"))


def links(database: Database) -> list[LinkRow]:
    """Return every link, also those that say no and those taken back, by record id."""
    rows = database.rows(
        "SELECT i.rid, u.code, l.a, l.b, l.linked, coalesce(l.rule, ''), l.counted FROM link l "
        "JOIN ident i ON i.id=l.ident JOIN unit u ON u.id=l.unit "
        "WHERE l.a IS NOT NULL AND l.b IS NOT NULL ORDER BY i.rid"
    )
    return [
        LinkRow(record, unit, a, b, bool(linked), rule, bool(standing))
        for record, unit, a, b, linked, rule, standing in rows
    ]


def joined(database: Database) -> list[JoinedRow]:
    """Return the links by which persons of several records are one, by record id."""
    rows = database.rows(
        "SELECT i.rid, u.code, k.a, k.b, coalesce(k.rule, ''), x.cluster, r.id, p.id, q.id "
        "FROM link k JOIN learner x ON x.ident=k.a JOIN learner y ON y.ident=k.b "
        "JOIN ident i ON i.id=k.ident JOIN unit u ON u.id=k.unit "
        "JOIN record r ON r.ident=k.ident AND r.kind='link' AND r.unit=k.unit "
        "JOIN record p ON p.ident=x.ident AND p.kind='learner' AND p.unit=x.unit "
        "JOIN record q ON q.ident=y.ident AND q.kind='learner' AND q.unit=y.unit "
        "WHERE k.linked=1 AND k.counted=1 ORDER BY i.rid"
    )
    return [
        JoinedRow(row[0], row[1], row[2], row[3], row[4], row[5], frozenset(row[6:]))
        for row in rows
    ]


def _chunks(items: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
