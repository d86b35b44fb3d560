"""Temporary tables that say which units a figure counts, and by which codes and rules."""

import json
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


def put_required(database: Database, kinds: Iterable[str]) -> None:
    """Fill b_required with the kinds of evidence that every session must have."""
    rows = [(kind,) for kind in kinds if kind]
    database.executemany("INSERT OR IGNORE INTO b_required VALUES (?)", rows)


def any_held(database: Database, stretches: Sequence[Triple], first: str, last: str) -> bool:
    """Return whether a session was held between two days in a unit while it counted.

    `stretches` are (unit code, first day, day after the last).
    """
    found = database.value(
        "SELECT EXISTS (SELECT 1 FROM json_each(?1) j "
        "JOIN unit u ON u.code = json_extract(j.value, '$[0]') JOIN session s ON s.unit = u.id "
        "WHERE s.counted = 1 AND s.status = 'held' AND s.date BETWEEN ?2 AND ?3 "
        "AND s.date >= json_extract(j.value, '$[1]') AND s.date < json_extract(j.value, '$[2]'))",
        (json.dumps(stretches), first, last),
    )
    return bool(found)


def site_kinds_of(database: Database, code: str, day: str) -> list[str]:
    """Return the kinds of the sites of a unit that are valid on a day."""
    rows = database.rows(
        "SELECT DISTINCT k.value FROM unit u JOIN site s ON s.unit = u.id "
        "JOIN site_kinds k ON k.ident = s.ident WHERE u.code = ? AND s.counted = 1 "
        "AND s.opened <= ? AND (s.closed IS NULL OR s.closed > ?) ORDER BY k.value",
        (code, day, day),
    )
    return [str(row[0]) for row in rows]


def with_site_kind(database: Database, kind: str, day: str) -> set[str]:
    """Return the units that have a site of a kind that is valid on a day."""
    rows = database.rows(
        "SELECT DISTINCT u.code FROM site_kinds k JOIN site s ON s.ident = k.ident "
        "JOIN unit u ON u.id = s.unit WHERE k.value = ? AND s.counted = 1 "
        "AND s.opened <= ? AND (s.closed IS NULL OR s.closed > ?)",
        (kind, day, day),
    )
    return {str(row[0]) for row in rows}
