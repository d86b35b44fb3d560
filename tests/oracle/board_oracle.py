"""Who has handed in what, told from the lines of a log alone; imports nothing of the program."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def lines(database: Path) -> Iterator[Json]:
    """Yield the operations of a log as their lines say."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        for (line,) in connection.execute("SELECT line FROM op ORDER BY id"):
            yield json.loads(line)


def due(unit: str, month: str) -> date:
    """Return the last day: the 5th of the month after for villages, the 10th for townships."""
    year, number = map(int, month.split("-"))
    after = date(year + number // 12, number % 12 + 1, 1)
    return after + timedelta(days=9 if unit.endswith("000") else 4)


def states(database: Path, months: list[str], today: date) -> dict[tuple[str, str], str]:
    """Return the state of every unit that has a site and every month; nothing is locked there."""
    opened: dict[str, str] = {}
    zero: dict[tuple[str, str], bool] = {}
    place: dict[str, tuple[str, str]] = {}
    came: dict[str, str] = {}
    for one in lines(database):
        facts, kind = one.get("f", {}), one["k"].partition(".")[0]
        if kind == "site" and "validity" in facts:
            first = facts["validity"][0]
            opened[one["un"]] = min(opened.get(one["un"], first), first)
        if kind != "submission":
            continue
        if "period" in facts:
            place[one["r"]] = (facts["unit"], facts["period"])
            zero[place[one["r"]]] = bool(facts.get("zero_reason"))
        for name, value in facts.items():
            if name.startswith("outcome."):
                came[one["r"]] = min(came.get(one["r"], value), value)
    received = {place[record]: at for record, at in came.items() if record in place}
    found = {}
    for unit in {*opened, *(unit for unit, _month in place.values())}:
        for month in months:
            key = (unit, month)
            if key in received:
                late = received[key][:10] > due(unit, month).isoformat()
                found[key] = "zero" if zero[key] else "late" if late else "on_time"
            else:
                found[key] = "not_due" if today <= due(unit, month) else "silent"
    return found


def sessions_held(database: Path, unit: str, month: str) -> int:
    """Return how many sessions of a unit were held in a month; the last line of each counts."""
    known: dict[str, Json] = {}
    for one in lines(database):
        if one["un"] == unit and one["k"].partition(".")[0] == "session":
            known.setdefault(one["r"], {}).update(one.get("f", {}))
    return sum(
        row.get("status") == "held"
        and str(row.get("date", "")).startswith(month)
        and not row.get("_deleted")
        for row in known.values()
    )
