"""Questions about printed sheets and about the sessions of a period."""

from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.records import StoredRecord, record_by_key

_WITHIN: Final = (
    "s.unit IN (SELECT w.unit FROM unit_within w JOIN unit a ON a.id=w.ancestor WHERE a.code=?)"
)
_SESSIONS: Final = f"""
SELECT r.id, s.ident, u.code, u.name, i.rid, a.title, a.department,
  coalesce(v.name, t.name), s.date, s.start, s."end", s.minutes, s.status, s.headcount_total,
  s.notes
FROM session s
JOIN record r ON r.ident=s.ident AND r.kind='session' AND r.unit=s.unit
JOIN unit u ON u.id=s.unit
LEFT JOIN activity a ON a.ident=s.activity
LEFT JOIN ident i ON i.id=s.activity
LEFT JOIN venue v ON v.ident=s.venue
LEFT JOIN site t ON t.ident=a.site
WHERE s.counted=1 AND s.status<>'cancelled' AND s.date BETWEEN ? AND ? AND {_WITHIN}
ORDER BY u.code, s.date, s.start, i.rid, s.seq, s.ident
"""
_NAMED: Final = f"""
SELECT s.ident, count(DISTINCT coalesce(l.cluster, m.learner))
FROM session s JOIN mark m ON m.session=s.ident LEFT JOIN learner l ON l.ident=m.learner
WHERE s.counted=1 AND s.date BETWEEN ? AND ? AND {_WITHIN}
  AND m.status NOT IN ('A', 'X') AND coalesce(l.counted, 1)=1
GROUP BY s.ident
"""


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session that was not cancelled, with what stands around it.

    `key` is its record key, `activity` an id, `place` the venue's name, else the site's; `named`
    counts persons marked present, linked records once.
    """

    key: int
    ident: int
    unit: str
    unit_name: str
    activity: str
    title: str
    department: str
    place: str
    date: str
    start: str
    end: str
    minutes: int | None
    status: str
    headcount: int | None
    notes: str
    named: int


def session_lines(database: Database, unit: str, first: str, last: str) -> list[SessionLine]:
    """Return the sessions of a unit and those below from day to day, by unit, date and start."""
    named = {row[0]: int(row[1]) for row in database.rows(_NAMED, (first, last, unit))}
    return [
        SessionLine(
            key=row[0],
            ident=row[1],
            unit=row[2],
            unit_name=row[3] or row[2],
            activity=b64(row[4]) if row[4] else "",
            title=row[5] or "",
            department=row[6] or "",
            place=row[7] or "",
            date=row[8],
            start=row[9] or "",
            end=row[10] or "",
            minutes=row[11],
            status=row[12],
            headcount=row[13],
            notes=row[14] or "",
            named=named.get(row[1], 0),
        )
        for row in database.rows(_SESSIONS, (first, last, unit))
    ]


def sheets_with_code(database: Database, code: str) -> list[StoredRecord]:
    """Return the live sheets that carry a code."""
    rows = database.rows(
        "SELECT r.id FROM sheet h JOIN record r ON r.ident=h.ident AND r.kind='sheet' "
        "WHERE h.code=? AND h.counted=1 ORDER BY r.id",
        (code,),
    )
    return [record_by_key(database, row[0]) for row in rows]
