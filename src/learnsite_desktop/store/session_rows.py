"""Sessions for long lists: the order of all of them as idents, and the rows of a page of them.

A list of a million sessions is eight bytes each; what a row shows is read for the page on the
screen alone.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.store.engine import Database

ORDERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "date": "",
        "time": "s.start",
        "title": "a.title",
        "kind": "a.kind",
        "headcount": "s.headcount_total",
        "minutes": "s.minutes",
        "status": "s.status",
        "notes": "s.notes",
    }
)
"""What a list can be ordered by; within equal values the order of days decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionQuery:
    """Which sessions, in what order.

    Those of `unit` and below, from day to day ("" = open end), of these statuses if any, of these
    activities (idents) if not None. `text` narrows to sessions of `text_activities`, at
    `text_places` (venues), with `text_staff`, or with the text in their notes. `returned`: only
    those of which the unit above asks something.
    """

    unit: str
    first: str = ""
    last: str = ""
    statuses: tuple[str, ...] = ()
    activities: tuple[int, ...] | None = None
    text: str = ""
    text_activities: tuple[int, ...] = ()
    text_places: tuple[int, ...] = ()
    text_staff: tuple[int, ...] = ()
    returned: bool = False
    order: str = "date"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as a list shows it; `destinations` codes, `teachers` idents, `status` a code.

    `named` counts persons marked present, linked records once; `returned` open returns; `draft`
    whether a draft of it is kept here; `key` is the record's key.
    """

    ident: int
    key: int
    record: str
    unit: str
    activity: str
    title: str
    kind: str
    date: str
    start: str
    end: str
    minutes: int | None
    place: str
    status: str
    headcount: int | None
    notes: str
    named: int
    teachers: tuple[int, ...]
    destinations: tuple[str, ...]
    returned: int
    draft: bool


def session_idents(database: Database, query: SessionQuery, limit: int = -1) -> "array[int]":
    """Return the idents of the sessions of a query in its order, at most `limit` (-1 = all)."""
    where, parameters = _where(database, query)
    way = "DESC" if query.descending else "ASC"
    column = ORDERS[query.order]
    days = f"s.date {way}, s.start {way}, s.ident {way}"
    order = f"{column} {way}, {days}" if column else days
    joined = "LEFT JOIN activity a ON a.ident=s.activity " if column.startswith("a.") else ""
    sql = f"SELECT s.ident FROM session s {joined}WHERE {where} ORDER BY {order} LIMIT ?"
    return array("q", (row[0] for row in database.stream(sql, (*parameters, limit))))


def count_sessions(database: Database, query: SessionQuery) -> int:
    """Return how many sessions a query has."""
    where, parameters = _where(database, query)
    return int(database.value(f"SELECT count(*) FROM session s WHERE {where}", parameters))


def _where(database: Database, query: SessionQuery) -> tuple[str, list[object]]:
    units = [
        row[0]
        for row in database.rows(
            "SELECT w.unit FROM unit_within w JOIN unit a ON a.id=w.ancestor WHERE a.code=?",
            (query.unit,),
        )
    ]
    # One unit alone is asked for by equality: its index then gives the order of days as well.
    parts = ["s.unit=?" if len(units) == 1 else f"s.unit IN ({_marks(units)})", "s.counted=1"]
    values: list[object] = [*units]
    for sign, day in ((">=", query.first), ("<=", query.last)):
        if day:
            parts.append(f"s.date{sign}?")
            values.append(day)
    if query.statuses:
        parts.append(f"s.status IN ({_marks(query.statuses)})")
        values += query.statuses
    if query.activities is not None:
        parts.append(f"s.activity IN ({_numbers(query.activities)})")
    if query.text:
        parts.append(
            f"(s.activity IN ({_numbers(query.text_activities)}) "
            f"OR s.venue IN ({_numbers(query.text_places)}) "
            f"OR instr(s.notes, ?) OR s.ident IN (SELECT ident FROM session_teachers "
            f"WHERE value IN ({_numbers(query.text_staff)})))"
        )
        values.append(query.text)
    if query.returned:
        parts.append(
            's.ident IN (SELECT record FROM "return" WHERE closed_by IS NULL AND counted=1)'
        )
    return " AND ".join(parts), values


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _numbers(values: Sequence[int]) -> str:
    """Return idents as they stand in a statement: there may be more than parameters are allowed."""
    return ",".join(map(str, map(int, values)))


_ROWS: Final = """
SELECT s.ident, r.id, i.rid, u.code, j.rid, a.title, a.kind, s.date, s.start, s."end", s.minutes,
  coalesce(v.name, t.name), s.status, s.headcount_total, s.notes, s.activity,
  EXISTS (SELECT 1 FROM draft d WHERE d.record=i.rid)
FROM session s
JOIN record r ON r.ident=s.ident AND r.kind='session' AND r.unit=s.unit
JOIN ident i ON i.id=s.ident
JOIN unit u ON u.id=s.unit
LEFT JOIN activity a ON a.ident=s.activity
LEFT JOIN ident j ON j.id=s.activity
LEFT JOIN venue v ON v.ident=s.venue
LEFT JOIN site t ON t.ident=a.site
WHERE s.ident IN ({})
"""
_NAMED: Final = """
SELECT m.session, count(DISTINCT coalesce(l.cluster, m.learner))
FROM mark m LEFT JOIN learner l ON l.ident=m.learner
WHERE m.session IN ({}) AND m.status NOT IN ('A', 'X') AND coalesce(l.counted, 1)=1
GROUP BY m.session
"""
_RETURNED: Final = """
SELECT record, count(*) FROM "return" WHERE record IN ({}) AND closed_by IS NULL AND counted=1
GROUP BY record
"""


def session_rows(database: Database, idents: Sequence[int]) -> dict[int, SessionRow]:
    """Return the rows of some sessions by ident; those that are gone are left out."""
    listed = _numbers(idents)
    rows = database.rows(_ROWS.format(listed))
    named = _counts(database, _NAMED.format(listed))
    returned = _counts(database, _RETURNED.format(listed))
    teachers = _lists(database, "session_teachers", listed)
    activities = _numbers(sorted({row[15] for row in rows if row[15] is not None}))
    destinations = _lists(database, "activity_destinations", activities)
    return {
        row[0]: SessionRow(
            ident=row[0],
            key=row[1],
            record=b64(row[2]),
            unit=row[3],
            activity=b64(row[4]) if row[4] else "",
            title=row[5] or "",
            kind=row[6] or "",
            date=row[7] or "",
            start=row[8] or "",
            end=row[9] or "",
            minutes=row[10],
            place=row[11] or "",
            status=row[12] or "",
            headcount=row[13],
            notes=row[14] or "",
            named=named.get(row[0], 0),
            teachers=tuple(teachers.get(row[0], ())),
            destinations=tuple(destinations.get(row[15], ())),
            returned=returned.get(row[0], 0),
            draft=bool(row[16]),
        )
        for row in rows
    }


def _counts(database: Database, sql: str) -> dict[int, int]:
    return {row[0]: int(row[1]) for row in database.rows(sql)}


def _lists(database: Database, table: str, listed: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for ident, value in database.rows(
        f"SELECT ident, value FROM {table} WHERE ident IN ({listed})"
    ):
        found.setdefault(ident, []).append(value)
    return found


def first_writings(database: Database, keys: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return (record key, chain, number of its first operation there) of some records."""
    rows = database.rows(
        f"SELECT record, chain, min(n) FROM op WHERE record IN ({_numbers(keys)}) "
        "GROUP BY record, chain"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def oldest_day(database: Database) -> str:
    """Return the day of the first session, "" without any."""
    return str(database.value("SELECT min(date) FROM session WHERE counted=1") or "")


def titles(database: Database) -> list[tuple[int, str]]:
    """Return (ident, title) of every activity."""
    return [(row[0], row[1] or "") for row in database.rows("SELECT ident, title FROM activity")]


def venue_names(database: Database) -> list[tuple[int, str]]:
    """Return (ident, name) of every venue."""
    return [(row[0], row[1] or "") for row in database.rows("SELECT ident, name FROM venue")]
