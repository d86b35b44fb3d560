"""What stands in a unit's register book when it is given out: learners, activities, roll calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.register_book.layout import CLASS_KINDS
from learnsite_desktop.services.sheets import Member, members_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import StoredRecord, children_of, records_of_kind


@dataclass(frozen=True, slots=True)
class Held:
    """A record with its values in capture shape, private ones in clear."""

    stored: StoredRecord
    entry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Course:
    """An activity with its sessions of the period; a `grid` if it has a roll call of its own."""

    activity: Held
    sessions: tuple[Held, ...]
    members: tuple[Member, ...] = ()
    grid: bool = False


@dataclass(slots=True)
class Contents:
    """What a book is filled with; `unnamed` counts learners whose name is not held here."""

    learners: list[Held] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    sites: list[tuple[str, str]] = field(default_factory=list)
    unnamed: int = 0


def gather(workspace: Workspace, unit: str, period: Period) -> Contents:
    """Return what is held here of a unit's own records."""
    found = Contents(sites=sites_of(workspace, unit))
    for held in _records(workspace, "learner", unit):
        if held.entry.get("name"):
            found.learners.append(held)
        else:
            found.unnamed += 1
    found.learners.sort(key=lambda one: (_sound(one.entry.get("name")), one.stored.id))
    courses = [_course(workspace, held, period) for held in _records(workspace, "activity", unit)]
    found.courses = sorted(
        (course for course in courses if course is not None),
        key=lambda one: (str(one.activity.entry.get("opens") or ""), one.activity.stored.key),
    )
    return found


def sites_of(workspace: Workspace, unit: str) -> list[tuple[str, str]]:
    """Return (record, name) of a unit's sites that are open today."""
    today = workspace.clock.now().date().isoformat()
    return [
        (held.stored.id, str(held.entry.get("name") or ""))
        for held in _records(workspace, "site", unit)
        if str(held.entry.get("closed") or "9999") > today
    ]


def marks_of(workspace: Workspace, session: StoredRecord) -> dict[str, list[Any]]:
    """Return the marks of a session by learner, as their registers have them."""
    return {
        workspace.idents.record(row[0]): [
            row[1],
            row[2],
            row[3],
            None if row[4] is None else bool(row[4]),
        ]
        for row in lookups.marks_of(workspace.database, session.ident)
    }


def _records(workspace: Workspace, kind: str, unit: str) -> list[Held]:
    return [
        Held(stored, entry_of(KINDS[kind], stored.doc, workspace.vault))
        for stored in records_of_kind(workspace.database, kind, unit=unit)
        if stored.unit == unit and not stored.deleted
    ]


def _course(workspace: Workspace, activity: Held, period: Period) -> Course | None:
    """Return an activity with what the period has of it, None where it has no part in it."""
    children = children_of(workspace.database, activity.stored.id, "session", "activity")
    all_sessions = [Held(one, entry_of(KINDS["session"], one.doc, None)) for one in children]
    sessions = [
        one
        for one in all_sessions
        if one.entry.get("status") != "cancelled" and _within(one.entry.get("date"), period)
    ]
    closes, opens = as_date(activity.entry.get("closes")), as_date(activity.entry.get("opens"))
    over = closes is not None and closes < period.first
    ahead = opens is not None and opens > period.last
    if not sessions and (over or ahead or (opens is None and closes is None and all_sessions)):
        return None
    sessions.sort(key=lambda one: (str(one.entry.get("date")), str(one.entry.get("start"))))
    members = tuple(members_of(workspace, activity.stored, period.first, period.last))
    grid = bool(members) or len(all_sessions) > 1 or activity.entry.get("kind") in CLASS_KINDS
    named = any(marks_of(workspace, one.stored) for one in sessions)
    return Course(activity, tuple(sessions), members, grid or named)


def _within(value: object, period: Period) -> bool:
    day = as_date(value)
    return day is not None and period.contains(day)


def _sound(name: object) -> bytes:
    return str(name).encode("gb18030", "replace")
