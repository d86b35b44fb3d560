"""What learners did, and what of theirs the unit above has acknowledged; rows as plain values."""

from collections.abc import Sequence
from typing import NamedTuple

from learnsite_desktop.store.engine import Database

_PRESENT = "m.status NOT IN ('A', 'X')"


class Attendance(NamedTuple):
    """A mark with its session; `minutes` is None where nobody was present.

    The minutes are those of the session unless the mark says otherwise.
    """

    session: int
    activity: int | None
    learner: int
    title: str
    date: str
    session_status: str
    status: str
    minutes: int | None


class Enrolment(NamedTuple):
    """A place on a roster, days as text, "" where there is none."""

    ident: int
    activity: int
    title: str
    joined: str
    left: str
    result: str


def present_since(database: Database, unit: str, day: str) -> set[int]:
    """Return the learners (idents) present at held sessions of a unit on or after a day."""
    rows = database.rows(
        "SELECT DISTINCT m.learner FROM unit u CROSS JOIN session s CROSS JOIN mark m "
        "WHERE u.code=? AND s.unit=u.id AND s.date>=? AND s.counted=1 AND s.status='held' "
        f"AND m.session=s.ident AND {_PRESENT}",
        (unit, day),
    )
    return {row[0] for row in rows}


def person_of(database: Database, learner: int) -> list[int]:
    """Return the idents of all live records of a learner's person, its own included."""
    rows = database.rows(
        "SELECT o.ident FROM learner l JOIN learner o ON o.cluster=l.cluster "
        "WHERE l.ident=? AND (o.counted=1 OR o.ident=l.ident) ORDER BY o.ident<>l.ident, o.ident",
        (learner,),
    )
    return [row[0] for row in rows]


def cluster_members(database: Database, learner: int) -> list[tuple[int, bytes, str]]:
    """Return (ident, record id, unit) of all records of a learner's person, by record id."""
    rows = database.rows(
        "SELECT o.ident, i.rid, u.code FROM learner l JOIN learner o ON o.cluster=l.cluster "
        "JOIN ident i ON i.id=o.ident JOIN unit u ON u.id=o.unit WHERE l.ident=? ORDER BY i.rid",
        (learner,),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def attendances(database: Database, learners: Sequence[int]) -> list[Attendance]:
    """Return the marks of a person's records, the newest first."""
    marks = ",".join("?" * len(learners))
    rows = database.rows(
        "SELECT s.ident, s.activity, m.learner, coalesce(a.title, ''), coalesce(s.date, ''), "
        "coalesce(s.status, ''), m.status, "
        f"CASE WHEN s.status='held' AND {_PRESENT} THEN coalesce(m.minutes, s.minutes, 0) END "
        "FROM mark m JOIN session s ON s.ident=m.session "
        "LEFT JOIN activity a ON a.ident=s.activity "
        f"WHERE m.learner IN ({marks}) AND s.counted=1 ORDER BY s.date DESC, s.ident, m.learner",
        learners,
    )
    return [Attendance(*row) for row in rows]


def enrolments(database: Database, learners: Sequence[int]) -> list[Enrolment]:
    """Return the enrolments of a person's records, the newest first."""
    marks = ",".join("?" * len(learners))
    rows = database.rows(
        "SELECT e.ident, e.activity, coalesce(a.title, ''), coalesce(e.joined, ''), "
        "coalesce(e.\"left\", ''), coalesce(e.result, '') FROM enrolment e "
        "LEFT JOIN activity a ON a.ident=e.activity "
        f"WHERE e.learner IN ({marks}) AND e.counted=1 ORDER BY e.joined DESC, e.ident",
        learners,
    )
    return [Enrolment(*row) for row in rows]


def written_on(database: Database, record: int) -> list[tuple[int, bytes, str, int]]:
    """Return the chains that wrote a record (store key), each with its first operation of it.

    Rows are (chain, incarnation id, unit, number of the operation).
    """
    rows = database.rows(
        "SELECT o.chain, i.inc, u.code, min(o.n) FROM op o JOIN chain c ON c.id=o.chain "
        "JOIN incarnation i ON i.id=c.incarnation JOIN unit u ON u.id=c.unit "
        "WHERE o.record=? GROUP BY o.chain",
        (record,),
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]
