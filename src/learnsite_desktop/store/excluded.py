"""What the ground of figures leaves out, counted inside the ground after its sections ran."""

from typing import Final

from learnsite_desktop.store.engine import Database

_THERE: Final = """
FROM b_scope p CROSS JOIN b_within w CROSS JOIN session s
WHERE s.unit = w.unit AND s.date >= w.since AND s.date < w.until
  AND s.date BETWEEN p."first" AND p."last"
"""
_BARRED: Final = f"""
SELECT r.frozen, count(*) FROM (SELECT s.ident, s.unit {_THERE}
  AND s.counted = 0 AND s.status = 'held') x
JOIN record r ON r.ident = x.ident AND r.kind = 'session' AND r.unit = x.unit AND r.deleted = 0
GROUP BY r.frozen
"""
_ABSENT: Final = """
SELECT count(*) FROM b_held h CROSS JOIN mark m
WHERE m.session = h.session AND m.status IS NOT NULL
  AND m.status NOT IN (SELECT status FROM b_present)
  AND h.session NOT IN (SELECT session FROM b_remarked)
"""

_SET_ASIDE: Final = f"""
SELECT count(*) {_THERE} AND s.counted = 1 AND s.status = 'held'
  AND EXISTS (SELECT 1 FROM activity a WHERE a.ident = s.activity AND a.counted = 0)
"""
_NOBODY: Final = """
SELECT count(*) FROM b_held h CROSS JOIN {marks} m CROSS JOIN learner l
WHERE m.session = h.session AND l.ident = m.learner AND l.counted = 0
  AND m.status IN (SELECT status FROM b_present) {which}
"""


def not_held(database: Database) -> dict[str, int]:
    """Return how many sessions of the period are planned or cancelled, by status."""
    sql = (
        f"SELECT s.status, count(*) {_THERE} AND s.counted = 1 AND s.status <> 'held' "
        "GROUP BY s.status"
    )
    return {str(row[0]): int(row[1]) for row in database.rows(sql)}


def barred(database: Database) -> tuple[int, int]:
    """Return how many held sessions are rejected, and how many are frozen."""
    found = {int(row[0]): int(row[1]) for row in database.rows(_BARRED)}
    return found.get(0, 0), sum(count for frozen, count in found.items() if frozen)


def not_taken(database: Database) -> int:
    """Return how many held sessions count as received, but not as approved."""
    sql = (
        f"SELECT count(*) {_THERE} AND s.counted = 1 AND s.status = 'held' "
        "AND s.ident NOT IN (SELECT session FROM b_held)"
    )
    return int(database.value(sql)) - set_aside(database)


def set_aside(database: Database) -> int:
    """Return how many held sessions are of an activity that does not count."""
    return int(database.value(_SET_ASIDE))


def of_nobody(database: Database) -> int:
    """Return how many marks of people present are of learners who do not count."""
    stored = "AND h.session NOT IN (SELECT session FROM b_remarked)"
    return sum(
        int(database.value(_NOBODY.format(marks=marks, which=which)))
        for marks, which in (("mark", stored), ("b_mark", ""))
    )


def heads(database: Database) -> int:
    """Return the persons of head-counts."""
    return int(database.value("SELECT coalesce(sum(heads), 0) FROM b_held"))


def absent(database: Database) -> int:
    """Return how many marks say that somebody was not there."""
    return int(database.value(_ABSENT))


def repeated(database: Database) -> int:
    """Return how many marks are a second one of a person in a session."""
    return int(
        database.value("SELECT (SELECT count(*) FROM b_roll) - (SELECT count(*) FROM b_att)")
    )


def elsewhere(database: Database) -> int:
    """Return how many persons present have their home in another unit."""
    return int(database.value("SELECT count(*) FROM b_person WHERE resident = 0"))


def without_birth(database: Database) -> int:
    """Return of how many persons present no birth day or year is known."""
    sql = "SELECT count(*) FROM b_person WHERE person NOT IN (SELECT learner FROM birth)"
    return int(database.value(sql))
