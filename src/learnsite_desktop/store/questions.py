"""What questions over many records are made of: held sessions with who was there, pictures, entry.

Rows come in bulk, for the sessions of some years at once: deciding is the domain's business.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.questions import Entered, Lesson, Picture
from learnsite_desktop.store.engine import Database

_WITHIN: Final = (
    "s.unit IN (SELECT w.unit FROM unit_within w JOIN unit o ON o.id=w.ancestor WHERE o.code=?)"
)
# A day that is none, as only a hostile computer writes it, belongs to no year.
_DAY: Final = "s.date >= '0001-01-01' AND date(s.date)=s.date"
_HELD: Final = (
    f"{_WITHIN} AND s.counted=1 AND s.status='held' AND s.date BETWEEN ? AND ? AND {_DAY}"
)
_LESSONS: Final = f"""
SELECT s.ident, i.rid, u.code, s.activity, coalesce(a.kind, ''), a.site, s.venue,
  coalesce(a.delivery, ''), s.date, coalesce(s.start, ''), coalesce(s."end", ''),
  s.headcount_total, s.headcount_basis
FROM session s JOIN ident i ON i.id=s.ident JOIN unit u ON u.id=s.unit
LEFT JOIN activity a ON a.ident=s.activity
WHERE {_HELD} ORDER BY s.date, i.rid
"""
_PRESENT: Final = f"""
SELECT m.session, coalesce(l.cluster, m.learner), m.status='R'
FROM session s CROSS JOIN mark m LEFT JOIN learner l ON l.ident=m.learner
WHERE m.session=s.ident AND m.status NOT IN ('A', 'X') AND {_HELD}
"""
_TEACHERS: Final = f"""
SELECT t.ident, t.value FROM session s JOIN session_teachers t ON t.ident=s.ident WHERE {_HELD}
"""
_STAFF: Final = f"""
SELECT s.ident, json_extract(r.doc, '$.name'), json_extract(r.doc, '$.mobile')
FROM staff s JOIN record r ON r.ident=s.ident AND r.kind='staff' AND r.unit=s.unit
WHERE {_WITHIN} AND json_extract(r.doc, '$.mobile') IS NOT NULL ORDER BY s.ident
"""
_PICTURES: Final = f"""
SELECT s.ident, i.rid, u.code, coalesce(t.date, ''), s.target, t.activity, s.kind,
  s.file, s.original, coalesce(s.dhash, '')
FROM evidence s JOIN ident i ON i.id=s.ident JOIN unit u ON u.id=s.unit
LEFT JOIN session t ON t.ident=s.target
WHERE {_WITHIN} AND s.counted=1 AND s.target IS NOT NULL ORDER BY i.rid
"""
# A session planned beforehand is entered when it is said to have been held.
_ENTERED: Final = f"""
SELECT s.ident, c.incarnation, json_extract(CAST(p.line AS TEXT), '$.at')
FROM session s
JOIN record r ON r.ident=s.ident AND r.kind='session' AND r.unit=s.unit
JOIN op p ON p.record=r.id
JOIN chain c ON c.id=p.chain
WHERE p.state=0 AND instr(p.line, CAST('"status":"held"' AS BLOB)) AND {_HELD}
  AND json_extract(CAST(p.line AS TEXT), '$.f.status')='held'
"""
_MARKED: Final = """
SELECT i.rid FROM mark m JOIN ident i ON i.id=m.learner LEFT JOIN learner l ON l.ident=m.learner
WHERE m.session=? AND m.status NOT IN ('A', 'X') AND coalesce(l.cluster, m.learner)=?
"""


def lessons(
    database: Database, unit: str, first: str, last: str, remote: Iterable[str]
) -> list[Lesson]:
    """Return the held sessions of a unit and those below from day to day, without teachers.

    Of deliveries `remote` a session is held at no place, and nobody is in the room.
    """
    span = (unit, first, last)
    people: dict[int, list[int]] = defaultdict(list)
    away: dict[int, list[int]] = defaultdict(list)
    for session, person, is_remote in database.stream(_PRESENT, span):
        people[session].append(person)
        if is_remote:
            away[session].append(person)
    nowhere = frozenset(remote)
    found = []
    for row in database.stream(_LESSONS, span):
        everybody = frozenset(people.pop(row[0], ()))
        found.append(
            Lesson(
                key=row[0],
                record=b64(row[1]),
                unit=row[2],
                activity=row[3],
                kind=row[4],
                site=row[5],
                venue=row[6],
                remote=row[7] in nowhere,
                day=row[8],
                start=row[9],
                end=row[10],
                total=row[11],
                estimate=row[12] == "estimate",
                people=everybody,
                there=everybody.difference(away[row[0]]) if row[0] in away else everybody,
            )
        )
    return found


def teachers(database: Database, unit: str, first: str, last: str) -> dict[int, list[int]]:
    """Return session -> staff who taught it."""
    found: dict[int, list[int]] = defaultdict(list)
    for session, person in database.stream(_TEACHERS, (unit, first, last)):
        if person is not None:
            found[session].append(person)
    return found


def staff_with_phone(database: Database, unit: str) -> list[tuple[int, str, str]]:
    """Return (key, commitment of the name, of the phone number) of staff that has one."""
    return [(row[0], str(row[1] or ""), str(row[2])) for row in database.rows(_STAFF, (unit,))]


def pictures(database: Database, unit: str) -> list[Picture]:
    """Return the pictures kept for records of a unit and those below."""
    return [
        Picture(
            key=row[0],
            record=b64(row[1]),
            unit=row[2],
            day=row[3],
            target=row[4],
            above=row[5],
            kind=row[6] or "",
            names=frozenset(name for name in row[7:9] if name),
            look=row[9],
        )
        for row in database.stream(_PICTURES, (unit,))
    ]


def entered(database: Database, unit: str, first: str, last: str) -> Iterator[Entered]:
    """Yield when held sessions were said to be held, and by which incarnation."""
    for session, by, at in database.stream(_ENTERED, (unit, first, last)):
        if isinstance(at, str):
            yield Entered(session, by, at)


def years(database: Database, unit: str) -> list[str]:
    """Return the years, in order, in which sessions of a unit and those below were held."""
    rows = database.rows(
        "SELECT DISTINCT substr(s.date, 1, 4) FROM session s "
        f"WHERE {_WITHIN} AND s.counted=1 AND s.status='held' AND {_DAY} ORDER BY 1",
        (unit,),
    )
    return [str(row[0]) for row in rows]


def marked_as(database: Database, session: int, person: int) -> list[str]:
    """Return the learner records by which a person is present in a session."""
    return [b64(row[0]) for row in database.rows(_MARKED, (session, person))]
