"""Running indicator SQL: one unit and period at a time, on temporary tables of this connection.

The SQL comes from the program's `indicators` folder. Everything stands inside one savepoint that is
rolled back at the end: all figures of a unit see the same state, and nothing is left behind, on a
read-only connection either.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from learnsite_desktop.store.engine import Database, Row
from learnsite_desktop.store.figure_rolls import Rolls

_PERSONS: Final = """
SELECT r.person, l.birth_year,
  CASE WHEN v.learner IS NULL THEN json_extract(d.doc, '$.birth') ELSE v.birth END
FROM (SELECT DISTINCT person, learner FROM b_roll) r
JOIN learner l ON l.ident = r.learner
LEFT JOIN b_birth v ON v.learner = l.ident
LEFT JOIN record d ON d.ident = l.ident AND d.kind = 'learner' AND d.unit = l.unit
ORDER BY r.person
"""
_DRILL: Final = """
SELECT x.kind, i.rid, u.code, x.date, x.contribution, u.name, a.title, coalesce(t.name, v.name),
  coalesce(json_extract(d.doc, '$.name'), json_extract(f.doc, '$.name')), n.year, n.source,
  (SELECT r."row" FROM sheet h JOIN sheet_rows r ON r.ident = h.ident
   WHERE h.session = x.session AND r.learner = x.learner AND h.counted = 1
   ORDER BY h.version DESC, h.ident LIMIT 1), si.rid, li.rid
FROM (
  SELECT kind, ident, unit, date, session, learner, contribution FROM ({part})
  WHERE cell = ? ORDER BY date, ident, learner LIMIT ? OFFSET ?) x
LEFT JOIN ident i ON i.id = x.ident AND x.kind NOT IN ('unit', 'policy')
LEFT JOIN unit u ON u.id = x.unit
LEFT JOIN session s ON s.ident = x.session
LEFT JOIN enrolment e ON x.kind = 'enrolment' AND e.ident = x.ident
LEFT JOIN activity a ON a.ident =
  coalesce(s.activity, e.activity, CASE WHEN x.kind = 'activity' THEN x.ident END)
LEFT JOIN site t ON x.kind = 'site' AND t.ident = x.ident
LEFT JOIN venue v ON x.kind = 'venue' AND v.ident = x.ident
LEFT JOIN population n ON x.kind = 'population' AND n.ident = x.ident
LEFT JOIN learner l ON l.ident = x.learner
LEFT JOIN record d ON d.ident = l.ident AND d.kind = 'learner' AND d.unit = l.unit
LEFT JOIN record f
  ON x.kind = 'staff' AND f.ident = x.ident AND f.kind = 'staff' AND f.unit = x.unit
LEFT JOIN ident si ON si.id = x.session
LEFT JOIN ident li ON li.id = x.learner
ORDER BY x.date, x.ident, x.learner
"""
_OF_PERSON: Final = """
SELECT a.last_cell AS cell, 'session' AS kind, a.session AS ident, a.unit, a.date, a.session,
  a.learner, 1 AS contribution, 'named' AS counted
FROM c_att a
WHERE a.person = coalesce((SELECT l.cluster FROM learner l WHERE l.ident = {ident}), {ident})
"""
_SUMS: Final = """
SELECT cell, sum(contribution), sum(CASE WHEN counted = 'named' THEN contribution END),
  sum(CASE WHEN counted = 'crowd' THEN contribution END)
FROM ({part}) GROUP BY cell ORDER BY cell
"""
_COMPLETENESS: Final = """
SELECT u.code, u.level, m.zero_reason, m.received_at, m.ident IS NOT NULL
FROM unit u
LEFT JOIN submission m ON m.unit = u.id AND m.period = :period AND m.counted = 1
WHERE u.id IN (SELECT unit FROM unit_within WHERE ancestor = :unit)
  AND u.level >= 4 AND (u.id <> :unit OR u.level = 5)
  AND (m.ident IS NOT NULL
    OR EXISTS (SELECT 1 FROM invite i WHERE i.unit = u.code)
    OR EXISTS (SELECT 1 FROM incarnation i WHERE i.unit = u.id)
    OR EXISTS (
      SELECT 1 FROM site s WHERE s.unit = u.id AND s.counted = 1 AND s.opened <= :last
        AND (s.closed IS NULL OR s.closed > :last)))
ORDER BY u.code
"""
_CHILDREN: Final = """
SELECT code FROM unit
WHERE parent = ? AND (valid_from IS NULL OR valid_from <= ?)
  AND (valid_to IS NULL OR valid_to > ?)
ORDER BY code
"""


class Month(NamedTuple):
    """A month that has ended: `2026-03`, its last day, and the days reports are due on."""

    month: str
    last: str
    due_village: str
    due_above: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: a unit (key) with those below it, a period, and policy values.

    `year` is that of the population record, `needed` the sessions of an active site, `bands` the
    age band of every age as (age, code). `basis` is `received` or `approved`: the latter takes only
    the sessions and enrolments in b_approved.
    """

    unit: int
    first: str
    last: str
    year: int
    minutes_per_hour: int
    needed: int
    basis: str
    months: tuple[Month, ...]
    bands: tuple[tuple[int, str], ...]


class Sum(NamedTuple):
    """The sum of a part's contributions in one cell; named and crowd where they are counted."""

    total: int
    named: int | None
    crowd: int | None


class Drilled(NamedTuple):
    """One contribution with what a label can be made of; `name` is a commitment.

    `site` names the site or the venue that it stands for.

    `session` and `learner` are those of the sign-in row that it stands for, if it is one.
    """

    kind: str
    rid: bytes | None
    unit: str | None
    date: str | None
    contribution: int
    unit_name: str | None
    title: str | None
    site: str | None
    name: str | None
    year: int | None
    source: str | None
    sheet_row: int | None
    session: bytes | None
    learner: bytes | None


class Ground:
    """The temporary tables of one scope; made by `ground`."""

    def __init__(
        self, database: Database, base: Mapping[str, str], cells: Mapping[str, str]
    ) -> None:
        """Use SQL sections of the shared files; `fill` comes first.

        `lacking` names the units of which a lock covers more than is held here.
        """
        self._database = database
        self._base = base
        self._cells = cells
        self._done: set[str] = set()
        self._dimension = ""
        self._rolls: Rolls | None = None
        self.lacking: dict[str, int] = {}

    def fill(self, scope: Scope) -> None:
        """Create the tables and say what is to be counted."""
        self.prepare("tables")
        database = self._database
        database.execute(
            "INSERT INTO b_scope VALUES (?, ?, ?, ?, ?, ?, ?, 'all')",
            (
                *(scope.unit, scope.first, scope.last, scope.year),
                *(scope.minutes_per_hour, scope.needed, scope.basis),
            ),
        )
        database.executemany("INSERT INTO b_month VALUES (?, ?, ?, ?)", scope.months)
        database.executemany("INSERT INTO b_band VALUES (?, ?)", scope.bands)

    def first_time(self, step: str) -> bool:
        """Return whether `step` was not asked about before."""
        fresh = step not in self._done
        self._done.add(step)
        return fresh

    def prepare(self, section: str) -> None:
        """Run a section of the shared file unless it has run."""
        if self.first_time(section):
            self._run(self._base[section])

    def split(self, dimension: str, *, persons: bool) -> None:
        """Sort rows into the cells of a dimension, "all" for totals; list `persons` if wanted.

        What the cells are made of must have been prepared before.
        """
        if dimension != self._dimension:
            self._dimension = dimension
            self._done -= {"persons", "rolls"}
            self._database.execute("UPDATE b_scope SET dim = ?", (dimension,))
            self._run(self._cells["none"])
            self._run(self._cells[dimension])
        if persons and self.first_time("persons"):
            self._run(self._cells["persons"])

    def count_rolls(self, dimension: str) -> None:
        """Make ready the brief parts of indicators: sums of roll calls, different persons.

        Instead of "roll", and only for cells that follow from the session.
        """
        self.prepare("held")
        self.split(dimension, persons=False)
        if self._rolls is None:
            self._rolls = Rolls(self._database)
        if self.first_time("rolls"):
            self._rolls.count()

    def _run(self, section: str) -> None:
        for statement in statements(section):
            self._database.execute(statement)

    def persons(self) -> list[tuple[int, int | None, str | None]]:
        """Return (person, public birth year, commitment of the birth day) of all present."""
        return [(row[0], row[1], row[2]) for row in self._database.rows(_PERSONS)]

    def put_births(self, rows: Iterable[tuple[int, str]]) -> None:
        """Tell the day each person counts as born on."""
        self._database.executemany("INSERT INTO birth (learner, born) VALUES (?, ?)", rows)

    def sums(self, part: str) -> dict[str, Sum]:
        """Return the sums of a part's contributions by cell; cells without rows are left out."""
        rows = self._database.rows(_SUMS.format(part=part))
        return {row[0]: Sum(row[1] or 0, row[2], row[3]) for row in rows}

    def count(self, part: str, cell: str) -> int:
        """Return how many contributions a part has in a cell."""
        sql = f"SELECT count(*) FROM ({part}) WHERE cell = ?"
        return int(self._database.value(sql, (cell,)))

    def drill(self, part: str, cell: str, limit: int | None, offset: int) -> list[Drilled]:
        """Return contributions of a part in a cell, by date."""
        sql = _DRILL.format(part=part)
        rows = self._database.rows(sql, (cell, -1 if limit is None else limit, offset))
        return [Drilled(*row) for row in rows]

    @staticmethod
    def of_person(ident: int) -> str:
        """Return a part: the marks by which the person of a record (ident) counts as present.

        The sections "held" and "roll" must have run.
        """
        return _OF_PERSON.format(ident=ident)

    def explain(self, part: str) -> list[str]:
        """Return the steps of the query plan of a part, for checks."""
        return [row[3] for row in self._database.rows(f"EXPLAIN QUERY PLAN {part}")]


def statements(section: str) -> Iterator[str]:
    """Yield the statements of a section; comments may stand on lines of their own."""
    lines = (line for line in section.splitlines() if not line.lstrip().startswith("--"))
    for statement in "\n".join(lines).split(";"):
        if statement.strip():
            yield statement.strip()


@contextmanager
def ground(
    database: Database, base: Mapping[str, str], cells: Mapping[str, str], scope: Scope
) -> Iterator[Ground]:
    """Give the ground of one scope; its tables and views are gone afterwards."""
    database.execute("SAVEPOINT figures")
    try:
        made = Ground(database, base, cells)
        made.fill(scope)
        yield made
    finally:
        database.execute("ROLLBACK TO figures")
        database.execute("RELEASE figures")


def unit_key(database: Database, code: str) -> int | None:
    """Return the key of a unit of the region tree, None if it is not in it."""
    found = database.value("SELECT id FROM unit WHERE code = ? AND level > 0", (code,))
    return None if found is None else int(found)


def unit_name(database: Database, code: str) -> str:
    """Return the name of a unit, its code if it has none."""
    return str(database.value("SELECT name FROM unit WHERE code = ?", (code,)) or code)


def children_of(database: Database, unit: int, first: str, last: str) -> list[str]:
    """Return the codes of units directly below that are valid at some time from first to last."""
    return [row[0] for row in database.rows(_CHILDREN, (unit, last, first))]


def submissions(database: Database, unit: int, period: str, last: str) -> list[Row]:
    """Return (code, level, zero reason, received at, whether there is one) of reporting units.

    These are the village-level and township units in the subtree that were given an opening file,
    have a computer or a valid site on the last day, or have handed in the period; not the unit
    itself, unless it is a village.
    """
    parameters: dict[str, Any] = {"unit": unit, "period": period, "last": last}
    return database.rows(_COMPLETENESS, parameters)


def operation_count(database: Database) -> int:
    """Return how many operations are in the log."""
    return int(database.value("SELECT count(*) FROM op"))
