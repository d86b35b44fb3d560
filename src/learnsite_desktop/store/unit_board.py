"""What is known of the computers of units: invites given out, files received, facts held."""

from learnsite_desktop.store.engine import Database


def invites(database: Database) -> list[tuple[str, bytes, bool]]:
    """Return (unit, secret, used) of every invite given out here."""
    rows = database.rows("SELECT unit, secret, device IS NOT NULL FROM invite ORDER BY unit, id")
    return [(row[0], row[1], bool(row[2])) for row in rows]


def last_received(database: Database) -> dict[str, str]:
    """Return per unit when a file from it, or one that relays its work, was last taken."""
    direct = database.rows(
        "SELECT from_unit, max(received_at) FROM batch WHERE state='active' GROUP BY from_unit"
    )
    relayed = database.rows(
        "SELECT u.code, max(b.received_at) FROM (SELECT o.chain, max(x.batch) AS batch "
        "FROM batch_op x JOIN op o ON o.id=x.op GROUP BY o.chain) l "
        "JOIN batch b ON b.id=l.batch AND b.state='active' JOIN chain c ON c.id=l.chain "
        "JOIN unit u ON u.id=c.unit GROUP BY u.code"
    )
    found = {str(row[0]): str(row[1]) for row in relayed}
    for unit, at in direct:
        found[str(unit)] = max(str(at), found.get(str(unit), ""))
    return found


def count_records(database: Database, unit: str, kind: str) -> int:
    """Return how many live records of a kind a unit has."""
    found = database.value(
        "SELECT count(*) FROM record WHERE kind=? AND deleted=0 "
        "AND unit=(SELECT id FROM unit WHERE code=?)",
        (kind, unit),
    )
    return int(str(found or 0))


def is_used(database: Database, unit: str) -> bool:
    """Return whether anything was ever recorded for a unit, or a computer of it is known.

    An opening file that was given out may become one any day.
    """
    return bool(
        database.row(
            "SELECT 1 FROM unit u WHERE u.code=? AND (EXISTS (SELECT 1 FROM record r "
            "WHERE r.unit=u.id) OR EXISTS (SELECT 1 FROM incarnation i WHERE i.unit=u.id) "
            "OR EXISTS (SELECT 1 FROM invite v WHERE v.unit=u.code))",
            (unit,),
        )
    )
