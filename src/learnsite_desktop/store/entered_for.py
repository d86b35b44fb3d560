"""What one wants to know of a unit before entering for it."""

from learnsite_desktop.store.engine import Database


def with_computer(database: Database) -> set[str]:
    """Return the units of which an incarnation is known here."""
    rows = database.rows("SELECT DISTINCT u.code FROM incarnation i JOIN unit u ON u.id=i.unit")
    return {str(row[0]) for row in rows}


def held_between(database: Database, first: str, last: str) -> dict[str, int]:
    """Return how many sessions each unit held between two days."""
    rows = database.rows(
        "SELECT u.code, count(*) FROM session s JOIN unit u ON u.id=s.unit "
        "WHERE s.counted=1 AND s.status='held' AND s.date BETWEEN ? AND ? GROUP BY u.code",
        (first, last),
    )
    return {str(row[0]): int(row[1]) for row in rows}
