"""Small questions that services ask the projection; rows come back as plain values."""

from collections.abc import Iterator

from learnsite_desktop.domain.review import known_period
from learnsite_desktop.store.engine import Database, Row


def unit_exists(database: Database, code: str) -> bool:
    """Return whether the region tree has a unit."""
    return database.row("SELECT 1 FROM unit WHERE code=? AND level>0", (code,)) is not None


def is_within(database: Database, unit: str, ancestor: str) -> bool:
    """Return whether `unit` is `ancestor` or lies under it."""
    return unit == ancestor or bool(
        database.row(
            "SELECT 1 FROM unit_within w JOIN unit u ON u.id=w.unit JOIN unit a ON a.id=w.ancestor "
            "WHERE u.code=? AND a.code=?",
            (unit, ancestor),
        )
    )


def tier_of(database: Database, unit: str) -> str | None:
    """Return the tier of a unit, None if the tree does not know it."""
    found = database.value("SELECT tier FROM unit WHERE code=?", (unit,))
    return str(found) if found else None


def parent_of(database: Database, unit: str) -> str | None:
    """Return the unit directly above that exists in the tree, None at its top."""
    found = database.value(
        "SELECT p.code FROM unit u JOIN unit p ON p.id=u.parent WHERE u.code=?", (unit,)
    )
    return str(found) if found else None


def ancestors_of(database: Database, unit: str) -> set[str]:
    """Return the codes of a unit and of those above it."""
    rows = database.rows(
        "SELECT a.code FROM unit_within w JOIN unit a ON a.id=w.ancestor "
        "JOIN unit u ON u.id=w.unit WHERE u.code=?",
        (unit,),
    )
    return {str(row[0]) for row in rows}


def common_unit(database: Database, first: str, second: str) -> str | None:
    """Return the lowest unit whose subtree holds both units, None if there is none."""
    found = database.value(
        "SELECT a.code FROM unit_within w JOIN unit_within v ON v.ancestor=w.ancestor "
        "JOIN unit a ON a.id=w.ancestor JOIN unit u ON u.id=w.unit JOIN unit x ON x.id=v.unit "
        "WHERE u.code=? AND x.code=? ORDER BY a.level DESC LIMIT 1",
        (first, second),
    )
    return str(found) if found else None


def enrolment_keys(database: Database, activity: int | None) -> list[int]:
    """Return record keys of an activity's live enrolments."""
    rows = database.rows(
        "SELECT r.id FROM enrolment e JOIN record r ON r.ident=e.ident AND r.kind='enrolment' "
        "WHERE e.activity=? AND e.counted=1",
        (activity,),
    )
    return [row[0] for row in rows]


def sessions_titled(
    database: Database, site: int | None, title: str, first: str, last: str
) -> list[int]:
    """Return idents of sessions at a site, of activities of this title, between two dates."""
    rows = database.rows(
        "SELECT s.ident FROM session s JOIN activity a ON a.ident=s.activity WHERE a.site=? "
        "AND a.title=? AND s.counted=1 AND s.date BETWEEN ? AND ?",
        (site, title, first, last),
    )
    return [row[0] for row in rows]


def sessions_held(database: Database, unit: str, first: str, last: str) -> list[int]:
    """Return idents of a unit's held sessions between two dates."""
    rows = database.rows(
        "SELECT s.ident FROM session s JOIN unit u ON u.id=s.unit WHERE u.code=? "
        "AND s.counted=1 AND s.status='held' AND s.date BETWEEN ? AND ?",
        (unit, first, last),
    )
    return [row[0] for row in rows]


def marks_of(database: Database, session: int | None) -> Iterator[Row]:
    """Yield (learner, status, minutes, source, proxy) of a session."""
    yield from database.stream(
        "SELECT learner, status, minutes, source, proxy FROM mark WHERE session=? ORDER BY learner",
        (session,),
    )


def evidence_elsewhere(
    database: Database, digest: object, original: object, target: int | None
) -> int | None:
    """Return the target of another record with the same file, None if there is none.

    The same is what is kept here under `digest`, or was made of the file `original`.
    """
    found = database.value(
        "SELECT target FROM evidence WHERE counted=1 AND target<>coalesce(?3, -1) "
        "AND (file=?1 OR original=?2 OR original=?1 OR file=?2)",
        (digest, original, target),
    )
    return int(found) if found is not None else None


def evidence_looks(database: Database, target: int | None) -> Iterator[tuple[str, int]]:
    """Yield (dhash, target) of the pictures of other records."""
    for row in database.stream(
        "SELECT dhash, target FROM evidence WHERE counted=1 AND dhash IS NOT NULL "
        "AND target<>coalesce(?, -1)",
        (target,),
    ):
        yield str(row[0]), int(row[1])


def is_evidence(database: Database, digest: str) -> bool:
    """Return whether a record of evidence names this content as its file or thumbnail."""
    sql = "SELECT 1 FROM evidence WHERE thumb=?1 OR file=?1 LIMIT 1"
    return database.row(sql, (digest,)) is not None


def open_returns(database: Database, record: int | None) -> list[int]:
    """Return record keys of returns that still ask for something of a record."""
    rows = database.rows(
        "SELECT r.id FROM \"return\" t JOIN record r ON r.ident=t.ident AND r.kind='return' "
        "WHERE t.record=? AND t.closed_by IS NULL AND t.counted=1 ORDER BY r.id",
        (record,),
    )
    return [row[0] for row in rows]


def links_of(database: Database, learner: int | None) -> list[int]:
    """Return record keys of the links that name a learner."""
    rows = database.rows(
        "SELECT r.id FROM link l JOIN record r ON r.ident=l.ident AND r.kind='link' "
        "WHERE l.a=? OR l.b=? ORDER BY r.id",
        (learner, learner),
    )
    return [row[0] for row in rows]


def cluster_of(database: Database, learner: int) -> int | None:
    """Return the ident that stands for a learner's person."""
    found = database.value("SELECT cluster FROM learner WHERE ident=?", (learner,))
    return int(found) if found is not None else None


def linked_learners(database: Database) -> list[tuple[int, int, bytes]]:
    """Return (cluster, ident, record id) of the learners that are linked to others."""
    rows = database.rows(
        "SELECT l.cluster, l.ident, i.rid FROM learner l JOIN ident i ON i.id=l.ident "
        "WHERE l.counted=1 AND l.cluster IN (SELECT cluster FROM learner WHERE cluster<>ident) "
        "ORDER BY i.rid"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def units_within(database: Database, unit: str) -> list[str]:
    """Return the codes of a unit and of those below it."""
    rows = database.rows(
        "SELECT u.code FROM unit_within w JOIN unit u ON u.id=w.unit "
        "JOIN unit a ON a.id=w.ancestor WHERE a.code=? ORDER BY u.code",
        (unit,),
    )
    return [str(row[0]) for row in rows]


def months_told(database: Database, chain: int, first_n: int, last_n: int) -> set[str]:
    """Return the months ("2026-03") that a stretch of a chain tells of.

    Those of the sessions that it writes, and those that it hands in, of which there is perhaps
    nothing to tell.
    """
    rows = database.rows(
        "SELECT DISTINCT substr(s.date, 1, 7) FROM op o JOIN record r ON r.id=o.record "
        "JOIN session s ON s.ident=r.ident WHERE r.kind='session' AND o.chain=?1 "
        "AND o.n BETWEEN ?2 AND ?3 AND s.date IS NOT NULL "
        "UNION SELECT m.period FROM op o JOIN record r ON r.id=o.record "
        "JOIN submission m ON m.ident=r.ident WHERE r.kind='submission' AND o.chain=?1 "
        "AND o.n BETWEEN ?2 AND ?3 AND length(m.period) = 7",
        (chain, first_n, last_n),
    )
    return {row[0] for row in rows if known_period(row[0])}
