"""Temporary tables that say which units a figure counts, and local codes with their parents."""

from collections.abc import Iterable, Mapping, Sequence

from learnsite_desktop.store.engine import Database

Triple = tuple[str, str, str]


def fill(
    database: Database,
    *,
    flows: Iterable[Triple],
    stocks: Mapping[str, str],
    partly: Iterable[str],
    heirs: Iterable[tuple[str, str]],
) -> None:
    """Fill b_within, b_last, b_partly and b_heir, which the shared SQL has made; by unit codes."""
    database.executemany(
        "INSERT INTO b_within SELECT id, ?2, ?3 FROM unit WHERE code = ?1", list(flows)
    )
    database.executemany(
        "INSERT INTO b_last SELECT u.id, s.id FROM unit u, unit s "
        "WHERE u.code = ?1 AND s.code = ?2",
        list(stocks.items()),
    )
    database.executemany(
        "INSERT INTO b_partly SELECT id FROM unit WHERE code = ?1", [(code,) for code in partly]
    )
    database.executemany(
        "INSERT INTO b_heir SELECT u.id, h.id FROM unit u, unit h "
        "WHERE u.code = ?1 AND h.code = ?2",
        list(heirs),
    )


def fill_codes(database: Database, rows: Sequence[Triple]) -> None:
    """Fill b_local with (list, local code, the national code it counts for)."""
    database.executemany("INSERT INTO b_local VALUES (?, ?, ?)", rows)


def with_sessions(database: Database, codes: Sequence[str], first: str, last: str) -> list[str]:
    """Return those of the units in which a session was held between two days."""
    marks = ",".join("?" * len(codes))
    rows = database.rows(
        f"SELECT u.code FROM unit u WHERE u.code IN ({marks}) AND EXISTS (SELECT 1 FROM session s "
        "WHERE s.unit = u.id AND s.counted = 1 AND s.status = 'held' AND s.date BETWEEN ? AND ?) "
        "ORDER BY u.code",
        (*codes, first, last),
    )
    return [str(row[0]) for row in rows]
