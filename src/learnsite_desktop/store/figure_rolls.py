"""Roll calls counted by their sums (`store.roll_sums`): the same numbers without reading marks.

For figures of what was received, and for cells that follow from the session's class, which is its
activity and its unit: c_tally says of each cell how many were present and for how many minutes
together, c_headed how many different persons that were. One person who stands twice on a roll call
counts once, with the longer stay, as always.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from learnsite_desktop.store.engine import Database

_TABLES: Final = (
    "CREATE TEMP TABLE c_tally (cell TEXT, delivery TEXT, named INTEGER, minutes INTEGER)",
    "CREATE TEMP TABLE c_headed (cell TEXT PRIMARY KEY, persons INTEGER)",
    "CREATE TEMP TABLE b_twice (session INTEGER PRIMARY KEY)",
)
_ROLLS: Final = """
SELECT h.activity, h.unit, h.session, r.named, r.minutes + r.whole * h.length, r.learners
FROM b_held h CROSS JOIN roll_sum r
WHERE r.session = h.session
"""
_CELLS: Final = "SELECT DISTINCT cell, delivery, activity, unit FROM c_session"
_TWICE: Final = """
SELECT session, count(*), sum(minutes)
FROM (
  SELECT m.session AS session, max(coalesce(m.minutes, h.length)) AS minutes
  FROM b_twice t CROSS JOIN b_held h CROSS JOIN mark m
  LEFT JOIN learner l ON l.ident = m.learner
  WHERE h.session = t.session AND m.session = t.session AND coalesce(l.counted, 1) = 1
    AND m.status IN (SELECT status FROM b_present)
  GROUP BY m.session, coalesce(l.cluster, m.learner)) each_person
GROUP BY session
"""


@dataclass(slots=True)
class _Class:
    """What was counted at the sessions of an activity in a unit; `rolls` are (session, who)."""

    named: int = 0
    minutes: int = 0
    learners: set[str] = field(default_factory=set)
    rolls: list[tuple[int, str]] = field(default_factory=list)


class Rolls:
    """The roll calls of the held sessions, read once; then counted by cells."""

    def __init__(self, database: Database) -> None:
        """Make the tables and read the sums of every held session; b_held must be there."""
        self._database = database
        self._linked, self._gone = _others(database)
        self._classes: dict[tuple[int | None, int], _Class] = {}
        for statement in _TABLES:
            database.execute(statement)
        sums: dict[int, tuple[int, int]] = {}
        for activity, unit, session, named, minutes, learners in database.rows(_ROLLS):
            one = self._classes.get((activity, unit))
            if one is None:
                one = self._classes[activity, unit] = _Class()
            one.named += named
            one.minutes += minutes
            one.learners.update(learners.split(","))
            if self._linked or self._gone:
                one.rolls.append((session, learners))
                sums[session] = named, minutes
        if sums:
            self._count_once(sums)

    def _count_once(self, sums: dict[int, tuple[int, int]]) -> None:
        """Set right the classes in which somebody stands twice in a roll, or does not count."""
        of: dict[int, _Class] = {}
        for one in self._classes.values():
            if self._differs(one.learners):
                of |= {session: one for session, who in one.rolls if self._differs(who.split(","))}
        self._database.executemany("INSERT INTO b_twice VALUES (?)", [(one,) for one in of])
        found = {row[0]: row[1:] for row in self._database.rows(_TWICE)}
        for session, one in of.items():
            named, minutes = found.get(session, (0, 0))
            one.named += named - sums[session][0]
            one.minutes += minutes - sums[session][1]

    def count(self) -> None:
        """Fill c_tally and c_headed for the cells in force."""
        tallies: dict[tuple[str, str], tuple[int, int]] = {}
        heads: dict[str, set[str]] = {}
        for cell, delivery, activity, unit in self._database.rows(_CELLS):
            one = self._classes.get((activity, unit))
            if one is not None:
                named, minutes = tallies.get((cell, delivery), (0, 0))
                tallies[cell, delivery] = named + one.named, minutes + one.minutes
                heads.setdefault(cell, set()).update(one.learners)
        for table, rows in (
            ("c_tally", [(*key, *sums) for key, sums in sorted(tallies.items())]),
            ("c_headed", [(cell, self._persons(who)) for cell, who in sorted(heads.items())]),
        ):
            self._database.execute(f"DELETE FROM {table}")
            self._database.write_rows(f"INSERT INTO {table}", rows)

    def _persons(self, learners: set[str]) -> int:
        """Return how many persons learners are."""
        counted = learners - self._gone
        others = counted & self._linked.keys()
        if not others:
            return len(counted)
        return len(counted - others | {self._linked[one] for one in others})

    def _differs(self, learners: Iterable[str]) -> bool:
        """Return whether some learners are one person, or do not count."""
        listed = learners if isinstance(learners, set) else set(learners)
        return self._persons(listed) < len(listed)


def _others(database: Database) -> tuple[dict[str, str], set[str]]:
    """Return who stands for a person of several records, by the others; and who does not count."""
    rows = database.rows(
        "SELECT ident, cluster, counted FROM learner WHERE cluster <> ident OR counted = 0"
    )
    linked = {str(ident): str(cluster) for ident, cluster, _ in rows if ident != cluster}
    return linked, {str(ident) for ident, _, counted in rows if not counted}
