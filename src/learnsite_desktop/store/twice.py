"""People who stand in one session by two records that say different things."""

from typing import Final, NamedTuple

from learnsite_desktop.store.engine import Database

_TWICE: Final = """
WITH person AS MATERIALIZED (
  SELECT ident, cluster FROM learner
  WHERE cluster IN (SELECT cluster FROM learner WHERE cluster<>ident))
SELECT i.rid, u.code, p.cluster, j.rid, m.status, m.minutes
FROM person p
CROSS JOIN mark m
CROSS JOIN session s
JOIN ident i ON i.id=s.ident
JOIN unit u ON u.id=s.unit
JOIN ident j ON j.id=p.ident
WHERE m.learner=p.ident AND s.ident=m.session AND s.counted=1
  AND s.unit IN (SELECT w.unit FROM unit_within w JOIN unit a ON a.id=w.ancestor WHERE a.code=?)
  AND (?='' OR s.date>=?) AND (?='' OR s.date<=?)
"""


class TwiceRow(NamedTuple):
    """A mark of a person who has another one in the same session; ids as bytes."""

    session: bytes
    unit: str
    cluster: int
    learner: bytes
    status: str
    minutes: int | None


def differing_marks(
    database: Database, unit: str, first: str = "", last: str = ""
) -> list[list[TwiceRow]]:
    """Return the marks of each person and session that differ, of sessions between two days.

    Those of a unit and below, by session and person, the marks of one by learner id.
    """
    groups: dict[tuple[bytes, int], list[TwiceRow]] = {}
    for row in database.rows(_TWICE, (unit, first, first, last, last)):
        mark = TwiceRow(*row)
        groups.setdefault((mark.session, mark.cluster), []).append(mark)
    return [
        sorted(marks, key=lambda mark: mark.learner)
        for _key, marks in sorted(groups.items())
        if len({(mark.status, mark.minutes) for mark in marks}) > 1
    ]
