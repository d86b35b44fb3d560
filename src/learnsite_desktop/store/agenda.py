"""Questions about one unit's own days: its sessions with what was recorded, what asks for work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.review import known_period
from learnsite_desktop.store.engine import Database

_OWN: Final = "s.unit=(SELECT id FROM unit WHERE code=?)"
_SESSIONS: Final = f"""
SELECT i.rid, j.rid, a.title, coalesce(v.name, t.name), s.date, s.start, s."end", s.seq, s.status,
  s.headcount_total,
  (SELECT count(*) FROM mark m WHERE m.session=s.ident),
  (SELECT count(*) FROM mark m WHERE m.session=s.ident AND m.status NOT IN ('A', 'X')),
  (SELECT count(*) FROM enrolment e WHERE e.activity=s.activity AND e.counted=1
     AND coalesce(e.joined, s.date)<=s.date AND coalesce(e.left, s.date)>=s.date)
FROM session s
JOIN ident i ON i.id=s.ident
JOIN record r ON r.ident=s.ident AND r.kind='session' AND r.unit=s.unit AND r.deleted=0
LEFT JOIN activity a ON a.ident=s.activity
LEFT JOIN ident j ON j.id=s.activity
LEFT JOIN venue v ON v.ident=s.venue
LEFT JOIN site t ON t.ident=a.site
WHERE {_OWN} AND s.date BETWEEN ? AND ?
ORDER BY s.date, s.start, s.seq, i.rid
"""
_KEYS: Final = f"""
SELECT r.id FROM session s
JOIN record r ON r.ident=s.ident AND r.kind='session' AND r.unit=s.unit AND r.deleted=0
WHERE {_OWN} AND s.date BETWEEN ? AND ? ORDER BY s.date, s.start, r.id
"""


@dataclass(frozen=True, slots=True)
class DaySession:
    """A session of a unit, cancelled ones too; `session` and `activity` are record ids.

    `place` is the venue's name, else the site's. `marked` counts marks, `present` those of people
    who came, `roster` who is enrolled on the day; `headcount` None if nobody was counted.
    """

    session: str
    activity: str
    title: str
    place: str
    date: str
    start: str
    end: str
    seq: int | None
    status: str
    headcount: int | None
    marked: int
    present: int
    roster: int


def own_sessions(database: Database, unit: str, first: str, last: str) -> list[DaySession]:
    """Return a unit's own sessions from day to day, by date and start."""
    return [
        DaySession(
            session=b64(row[0]),
            activity=b64(row[1]) if row[1] else "",
            title=row[2] or "",
            place=row[3] or "",
            date=row[4],
            start=row[5] or "",
            end=row[6] or "",
            seq=row[7],
            status=row[8] or "",
            headcount=row[9],
            marked=int(row[10]),
            present=int(row[11]),
            roster=int(row[12]),
        )
        for row in database.rows(_SESSIONS, (unit, first, last))
    ]


def own_session_keys(database: Database, unit: str, first: str, last: str) -> list[int]:
    """Return the record keys of a unit's own sessions from day to day."""
    return [int(row[0]) for row in database.rows(_KEYS, (unit, first, last))]


def first_session_day(database: Database, unit: str) -> str:
    """Return the day of a unit's first session that was not cancelled, "" without one."""
    found = database.value(
        f"SELECT min(s.date) FROM session s WHERE {_OWN} AND s.counted=1 AND s.status<>'cancelled'",
        (unit,),
    )
    return str(found or "")


def last_session_day(database: Database, unit: str, before: str) -> str:
    """Return the day of a unit's last session that was held before a day, "" without one."""
    found = database.value(
        f"SELECT max(s.date) FROM session s WHERE {_OWN} AND s.counted=1 "
        "AND s.status='held' AND s.date<?",
        (unit, before),
    )
    return str(found or "")


def months_handed_in(database: Database, unit: str) -> dict[str, str]:
    """Return the periods that a unit has handed in, each with the reason of a zero report or "".

    A lock touches the submission of a unit that never handed in: that one names no period.
    """
    rows = database.rows(
        f"SELECT s.period, coalesce(s.zero_reason, '') FROM submission s WHERE {_OWN} "
        "AND s.counted=1 AND s.period IS NOT NULL",
        (unit,),
    )
    return {str(row[0]): str(row[1]) for row in rows if known_period(row[0])}


def open_return_keys(database: Database, unit: str) -> list[int]:
    """Return the record keys of the returns that ask something of a unit."""
    rows = database.rows(
        "SELECT r.id FROM \"return\" s JOIN record r ON r.ident=s.ident AND r.kind='return' "
        f"WHERE {_OWN} AND s.closed_by IS NULL AND s.counted=1 ORDER BY r.id",
        (unit,),
    )
    return [int(row[0]) for row in rows]


def rejected_keys(database: Database, unit: str, kinds: Sequence[str]) -> list[int]:
    """Return the record keys of a unit's own records that some tier has rejected."""
    rows = database.rows(
        "SELECT r.id FROM record r JOIN unit u ON u.id=r.unit "
        f"WHERE u.code=? AND r.kind IN ({','.join('?' * len(kinds))}) AND r.deleted=0 "
        "AND instr(r.doc, '\"rejected\"') > 0 AND EXISTS (SELECT 1 FROM json_each(r.doc) j "
        "WHERE j.key LIKE 'review.%.state' AND j.value='rejected') ORDER BY r.id",
        (unit, *kinds),
    )
    return [int(row[0]) for row in rows]
