"""What review asks the store: records with their flags, sessions attended."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.store.engine import Database

_WITHIN = (
    "r.unit IN (SELECT w.unit FROM unit_within w JOIN unit a ON a.id=w.ancestor WHERE a.code=?)"
)
_DISPUTED = "EXISTS (SELECT 1 FROM conflict c WHERE c.record=r.id)"
_ASKED = 'EXISTS (SELECT 1 FROM "return" t WHERE t.record=r.ident AND t.counted=1)'
_REASONED = "instr(r.doc, '\"reasons\":') > 0 AND instr(r.doc, '\"reasons\":null') = 0"
_REJECTED = (
    "instr(r.doc, '\"rejected\"') > 0 AND EXISTS (SELECT 1 FROM json_each(r.doc) j "
    "WHERE j.key LIKE 'review.%.state' AND j.value='rejected')"
)


class WorkRow(NamedTuple):
    """A record to review.

    `word` is the tier's verdict where the newest operation of an undisputed record gives it, so
    that nothing was written since; `judged` says that the tier has given one at some time;
    `rejected` that some tier has rejected it. `first` and `last` are the days it belongs to, ""
    for none.
    """

    key: int
    ident: int
    record: str
    kind: str
    unit: str
    disputed: bool
    asked: bool
    reasoned: bool
    judged: bool
    word: str
    first: str
    last: str
    rejected: bool


def work_rows(
    database: Database,
    unit: str,
    own: str,
    register: str,
    batch: Sequence[str],
    rest: Sequence[str],
) -> list[WorkRow]:
    """Return the live records in a unit and below, those of the unit `own` apart, by unit and day.

    Of the kinds `batch` all, of `rest` those about which something is said. `register` holds the
    tier's verdict.
    """
    marks, more = ",".join("?" * len(batch)), ",".join("?" * len(rest))
    judged = "instr(r.doc, ?) > 0"
    rows = database.rows(
        "SELECT r.id, r.ident, i.rid, r.kind, u.code, "
        f"{_DISPUTED}, {_ASKED}, {_REASONED}, {judged}, "
        f"CASE WHEN r.plain=1 AND {judged} THEN coalesce((SELECT json_extract("
        "CAST(o.line AS TEXT), ?) FROM op o WHERE o.hash=r.head AND o.state=0), '') ELSE '' END, "
        "coalesce(s.date, e.joined, a.opens, p.year || '-01-01', ''), "
        f"coalesce(s.date, e.left, a.closes, p.year || '-12-31', ''), {_REJECTED} "
        "FROM record r JOIN ident i ON i.id=r.ident JOIN unit u ON u.id=r.unit "
        "LEFT JOIN session s ON r.kind='session' AND s.ident=r.ident AND s.unit=r.unit "
        "LEFT JOIN enrolment e ON r.kind='enrolment' AND e.ident=r.ident AND e.unit=r.unit "
        "LEFT JOIN activity a ON r.kind='activity' AND a.ident=r.ident AND a.unit=r.unit "
        "LEFT JOIN population p ON r.kind='population' AND p.ident=r.ident AND p.unit=r.unit "
        f"WHERE r.doc<>'{{}}' AND r.deleted=0 AND u.code<>? AND {_WITHIN} AND (r.kind IN ({marks}) "
        f"OR (r.kind IN ({more}) AND ({judged} OR {_REASONED} OR {_ASKED}))) "
        "ORDER BY u.code, 11, r.kind DESC, r.id",
        (
            *(f'"{register}"', f'"{register}"', f'$.f."{register}"', own, unit),
            *(*batch, *rest, f'"{register}"'),
        ),
    )
    return [
        WorkRow(
            *(row[0], row[1], b64(row[2]), row[3], row[4], bool(row[5]), bool(row[6])),
            *(bool(row[7]), bool(row[8]), str(row[9]), row[10], row[11], bool(row[12])),
        )
        for row in rows
    ]


class Attended(NamedTuple):
    """When a learner was present at held sessions: how often, first and last day, what for."""

    sessions: int
    first: str
    last: str
    titles: tuple[str, ...]


_PRESENT = (
    "FROM mark m JOIN session s ON s.ident=m.session AND s.counted=1 AND s.status='held' "
    "WHERE m.learner=? AND m.status NOT IN ('A', 'X')"
)


def attended(database: Database, learner: int, most: int) -> Attended:
    """Return what a learner's own record has attended, with `most` titles, the frequent first."""
    row = database.row(f"SELECT count(*), min(s.date), max(s.date) {_PRESENT}", (learner,))
    titles = database.rows(
        "SELECT a.title FROM (SELECT s.activity AS activity, count(*) AS times "
        f"{_PRESENT} GROUP BY s.activity) f JOIN activity a ON a.ident=f.activity "
        "ORDER BY f.times DESC, a.title LIMIT ?",
        (learner, most),
    )
    count, first, last = row or (0, None, None)
    return Attended(count, first or "", last or "", tuple(str(one[0]) for one in titles))


def attended_both(database: Database, one: int, other: int) -> int:
    """Return at how many held sessions two learners are both marked present."""
    found = database.value(
        "SELECT count(*) FROM mark m JOIN mark n ON n.session=m.session "
        "JOIN session s ON s.ident=m.session AND s.counted=1 AND s.status='held' "
        "WHERE m.learner=? AND n.learner=? AND m.status NOT IN ('A', 'X') "
        "AND n.status NOT IN ('A', 'X')",
        (one, other),
    )
    return int(found or 0)


def present_and_marked(database: Database, session: int) -> tuple[int, int]:
    """Return how many learners a session's roll call has present, and how many it names."""
    row = database.row(
        "SELECT coalesce(sum(m.status NOT IN ('A', 'X')), 0), count(*) FROM mark m "
        "WHERE m.session=?",
        (session,),
    )
    return (int(row[0]), int(row[1])) if row else (0, 0)


def unit_names(database: Database, codes: Iterable[str]) -> dict[str, str]:
    """Return the names of units by code, the code itself where none is known."""
    wanted = sorted(set(codes))
    marks = ",".join("?" * len(wanted))
    rows = database.rows(
        f"SELECT code, coalesce(name, code) FROM unit WHERE code IN ({marks})", wanted
    )
    return {code: code for code in wanted} | {row[0]: row[1] for row in rows}
