"""Entries that reach into a locked period: they are kept, but want a reason and count later."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from learnsite_desktop.domain.fields import REASONS
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.periods import month_of
from learnsite_desktop.domain.review import governing
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.platform.i18n import language
from learnsite_desktop.services.capture.edits import changed_registers, stored_entry
from learnsite_desktop.services.capture.plan import Item
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.lock_reading import locks_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lock_rows, lookups

CODE: Final = "PERIOD_LOCKED"
_DAYS: Final = {"session": ("date",), "enrolment": ("left",)}


def into_locked(workspace: Workspace, item: Item) -> list[Issue]:
    """Find the locked period that a change of a session or of a leaving day reaches into."""
    if item.kind.name not in _DAYS or not lock_rows.any_lock(workspace.database):
        return []
    if item.stored is not None and not _changes(workspace, item):
        return []
    former = stored_entry(workspace, item)
    days = {
        entry[name]
        for entry in (former, item.entry)
        for name in _DAYS[item.kind.name]
        if isinstance(entry.get(name), str)
    }
    locks = locks_of(workspace, item.unit)
    for day in sorted(days):
        found = as_date(day)
        ruling = governing(locks, month_of(found)) if found else {}
        for lock in ruling.values():
            tier = shipped_codes().label("tier", lock.tier, language()) or lock.tier
            params = {"period": lock.period, "tier": tier}
            return [Issue(CODE, item.kind.name, item.ref, _DAYS[item.kind.name][0], params=params)]
    return []


def _changes(workspace: Workspace, item: Item) -> bool:
    if set(changed_registers(workspace, item)) - {REASONS}:
        return True
    return item.stored is not None and any(
        _row_changes(workspace, item, family.key.name, [field.name for field in family.fields])
        for family in item.kind.maps
    )


def _row_changes(workspace: Workspace, item: Item, key: str, names: Iterable[str]) -> bool:
    former: dict[str, list[Any]] = {}
    for row in lookups.marks_of(workspace.database, item.stored.ident if item.stored else None):
        proxy = None if row[4] is None else bool(row[4])
        former[workspace.idents.record(row[0])] = [row[1], row[2], row[3], proxy]
    rows: list[Any] = list(item.rows)  # not checked yet
    for given in rows:
        if not isinstance(given, Mapping):
            continue
        values = [given.get(name) for name in names]
        if former.get(str(given.get(key))) != (None if values[0] is None else values):
            return True
    return False
