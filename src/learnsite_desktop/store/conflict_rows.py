"""Rows that views of disputes are made of: operations from above, joined branches, dates."""

from collections.abc import Iterator

from learnsite_desktop.domain.merge import Node
from learnsite_desktop.oplog.line import Operation, decode
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.ingest import load_nodes

_BRANCHED = '%"par":["' + "_" * 43 + '","%'
"""A line with more than one parent; a quotation mark inside a text would be escaped."""


def nodes_of(database: Database, key: int) -> list[Node]:
    """Return a record's operations that take part in merging, in no particular order."""
    return load_nodes(database, key)[0]


def from_above(database: Database, below: str) -> list[tuple[int, int]]:
    """Return (operation, record) of ready operations on a unit's subtree by units above theirs.

    In the order in which they came; keys of the store.
    """
    return [
        (row[0], row[1])
        for row in database.rows(
            "SELECT o.id, o.record FROM unit b JOIN unit_within s ON s.ancestor=b.id "
            "JOIN chain c ON c.unit=s.unit JOIN incarnation i ON i.id=c.incarnation "
            "JOIN unit_within w ON w.unit=c.unit AND w.ancestor=i.unit "
            "JOIN op o ON o.chain=c.id "
            "WHERE b.code=? AND i.unit<>c.unit AND o.state=0 ORDER BY o.id",
            (below,),
        )
    ]


def has_word_from_above(database: Database, key: int, unit: str) -> bool:
    """Return whether somebody of a unit above `unit` has written on a record (store key)."""
    return (
        database.row(
            "SELECT 1 FROM op o JOIN chain c ON c.id=o.chain "
            "JOIN incarnation i ON i.id=c.incarnation JOIN unit u ON u.code=? "
            "JOIN unit_within w ON w.unit=u.id AND w.ancestor=i.unit "
            "WHERE o.record=? AND o.state=0 AND i.unit<>u.id LIMIT 1",
            (unit, key),
        )
        is not None
    )


def branched_records(database: Database, below: str) -> list[int]:
    """Return the records of a unit's subtree whose branches some operation has joined.

    Reads every line of the subtree: for what is printed once a month.
    """
    return [
        row[0]
        for row in database.rows(
            "SELECT DISTINCT o.record FROM unit b JOIN unit_within s ON s.ancestor=b.id "
            "JOIN chain c ON c.unit=s.unit JOIN op o ON o.chain=c.id "
            "WHERE b.code=? AND o.state=0 AND CAST(o.line AS TEXT) LIKE ? ORDER BY o.record",
            (below, _BRANCHED),
        )
    ]


def author_of(database: Database, name: bytes) -> tuple[bytes, str] | None:
    """Return (device key, name of its unit or its code) of an operation's author."""
    row = database.row(
        "SELECT i.device, coalesce(u.name, u.code) FROM op o JOIN chain c ON c.id=o.chain "
        "JOIN incarnation i ON i.id=c.incarnation JOIN unit u ON u.id=i.unit WHERE o.hash=?",
        (name,),
    )
    return (row[0], row[1]) if row else None


def deleted_under(database: Database, kind: str, register: str, parent: int) -> list[int]:
    """Return (store keys of) deleted records of a kind whose reference names an ident."""
    rows = database.rows(
        f'SELECT r.id FROM "{kind}" t JOIN record r ON r.ident=t.ident AND r.kind=? '
        f'WHERE t."{register}"=? AND r.deleted=1 ORDER BY r.id',
        (kind, parent),
    )
    return [row[0] for row in rows]


_OF_LEARNER = "s.ident IN (SELECT session FROM mark WHERE learner=?1)"
_OF_KIND = {
    "session": "s.ident=?1",
    "activity": "s.activity=?1",
    "site": "s.activity IN (SELECT ident FROM activity WHERE site=?1)",
    "learner": _OF_LEARNER,
    "enrolment": "s.activity=(SELECT activity FROM enrolment WHERE ident=?1) AND "
    + _OF_LEARNER.replace("?1", "(SELECT learner FROM enrolment WHERE ident=?1)"),
}


def months_touched(database: Database, kind: str, ident: int) -> list[str]:
    """Return the months ("2026-03") of the live sessions that a record has to do with."""
    where = _OF_KIND.get(kind)
    if where is None:
        return []
    rows = database.rows(
        f"SELECT DISTINCT substr(s.date, 1, 7) FROM session s WHERE s.counted=1 AND {where} "
        "AND s.date IS NOT NULL ORDER BY 1",
        (ident,),
    )
    return [row[0] for row in rows]


def marks_touched(database: Database, kind: str, ident: int) -> int:
    """Return how many marks stand in the live sessions of a record, or of a learner."""
    where = _OF_KIND.get(kind)
    if where is None:
        return 0
    own = "" if kind in ("session", "activity", "site") else " AND m.learner=?1"
    if kind == "enrolment":
        own = " AND m.learner=(SELECT learner FROM enrolment WHERE ident=?1)"
    return int(
        database.value(
            "SELECT count(*) FROM session s JOIN mark m ON m.session=s.ident "
            f"WHERE s.counted=1 AND {where}{own}",
            (ident,),
        )
    )


def months_handed_in(database: Database, unit: str, months: list[str]) -> list[str]:
    """Return those of the periods for which a live submission of a unit is held."""
    return [
        month
        for month in months
        if database.row(
            "SELECT 1 FROM submission m JOIN unit u ON u.id=m.unit "
            "WHERE u.code=? AND m.period=? AND m.counted=1",
            (unit, month),
        )
    ]


def minutes_of_session(database: Database, session: int) -> int:
    """Return the length of a session in minutes, 0 if it has none."""
    return int(database.value("SELECT minutes FROM session WHERE ident=?", (session,)) or 0)


def deletions_before(database: Database, name: bytes) -> Iterator[tuple[bytes, Operation]]:
    """Yield (hash, operation) of the deletions written in one go before a deletion.

    They stand right before it in the same chain, by the same operator; newest first.
    """
    place = database.row("SELECT chain, n, line FROM op WHERE hash=?", (name,))
    if place is None:
        return
    last = decode(place[2])
    for found, line in database.rows(
        "SELECT hash, line FROM op WHERE chain=? AND n<? ORDER BY n DESC", (place[0], place[1])
    ):
        operation = decode(line)
        if operation.verb != last.verb or operation.u != last.u:
            return
        yield found, operation
