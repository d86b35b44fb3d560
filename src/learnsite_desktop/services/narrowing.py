"""Narrowing of lists to a unit (and those below) and to a period."""

from collections.abc import Mapping
from typing import Any

from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.services.records import dated_in, listed
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import StoredRecord, find_record_row

_UNIT_KEYS = ("unit", "from", "to", "code")


def narrowed(
    workspace: Workspace, rows: list[dict[str, Any]], *, unit: str = "", period: str = ""
) -> list[dict[str, Any]]:
    """Return the rows of a unit or of those below, and of a period; "" does not narrow.

    A row about a record has the record's unit and dates, as `list` sees them; any other its own
    unit (sender and receiver of a file) and the day it was made, if it has one. Refuses
    `unit_unknown` and `period_invalid`.
    """
    if unit:
        require_unit(workspace, unit)
    within = parse_period(period) if period else None
    if not unit and within is None:
        return rows
    found = []
    for row in rows:
        record = row.get("record")
        stored = find_record_row(workspace.database, record) if record else None
        if unit and not _is_of(workspace, row, stored, unit):
            continue
        if within is None or _is_in(workspace, row, stored, within):
            found.append(row)
    return found


def _is_of(
    workspace: Workspace, row: Mapping[str, Any], stored: StoredRecord | None, unit: str
) -> bool:
    names = [stored.unit] if stored else [row[key] for key in _UNIT_KEYS if row.get(key)]
    return any(lookups.is_within(workspace.database, name, unit) for name in names)


def _is_in(
    workspace: Workspace, row: Mapping[str, Any], stored: StoredRecord | None, period: Period
) -> bool:
    if stored is not None:
        kind = KINDS.get(stored.kind)
        return kind is None or dated_in(kind, listed(workspace, stored, reveal=False), period)
    made = row.get("at")
    day = as_date(str(made)[:10]) if made else None
    return day is None or period.contains(day)
