"""A new activity like one that was: its fields, its roster, its lessons, one term later."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.schedules import on_or_after
from learnsite_desktop.domain.titles import next_title
from learnsite_desktop.services import drafts
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.plans import Plan, roster_of, sessions_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord, find_record, records_of_kind

_OF_ITS_OWN: Final = ("opens", "closes", "planned_sessions", "reasons")
"""Fields of an activity that the next one does not take over."""
_FIRST_ONE: Final[Mapping[str, Any]] = {
    "title": "",
    "kind": "01",
    "edu_kinds": ["50"],
    "delivery": "10",
    "destinations": ["community"],
}
"""What a unit's very first activity most likely is: a class of community education, on site."""


@dataclass(frozen=True, slots=True)
class Template:
    """A new activity before anything is typed: its fields, and what goes with it."""

    fields: Mapping[str, Any]
    plan: Plan


def like(workspace: Workspace, activity: StoredRecord, *, roster: bool = True) -> Template:
    """Return the activity that follows another one.

    The title counts on; the first lesson is the next one of the same weekday after the last, not
    in the past; as many lessons, at the same time, place and with the same teachers. Refuses
    `activity_wanted` for any other record.
    """
    if activity.kind != "activity":
        raise Refusal("activity_wanted", where=activity.id)
    entry = entry_of(KINDS["activity"], activity.doc, workspace.vault)
    fields = {key: value for key, value in entry.items() if key not in _OF_ITS_OWN}
    fields["title"] = next_title(str(entry.get("title") or ""))
    plan = _schedule(workspace, activity, entry)
    if roster:
        plan = replace(plan, roster=_roster(workspace, activity))
    return Template(fields, plan)


def _schedule(workspace: Workspace, activity: StoredRecord, entry: Mapping[str, Any]) -> Plan:
    sessions = [
        found for _stored, found in sessions_of(workspace, activity)
        if found.get("status") != "cancelled" and as_date(found.get("date"))
    ]  # fmt: skip
    if not sessions:
        return Plan(teachers=(), venue="")
    last = sessions[-1]
    day = as_date(last.get("date")) or date.min
    after = max(days_after(day, 1), workspace.clock.now().date())
    planned = entry.get("planned_sessions")
    return Plan(
        first=on_or_after(after, day.isoweekday()).isoformat(),
        start=str(last.get("start") or ""),
        end=str(last.get("end") or ""),
        count=planned if isinstance(planned, int) and planned > 0 else len(sessions),
        teachers=tuple(_live(workspace, "staff", last.get("teachers"))),
        venue=next(iter(_live(workspace, "venue", [last.get("venue")])), ""),
    )


def _live(workspace: Workspace, kind: str, records: object) -> list[str]:
    """Return those of the records that are still there."""
    found = records if isinstance(records, list) else []
    return [
        record
        for record in found
        if isinstance(record, str)
        and (stored := find_record(workspace.database, record, kind)) is not None
        and not stored.deleted
    ]


def _roster(workspace: Workspace, activity: StoredRecord) -> dict[str, int | None]:
    """Return who is still in the class, numbered anew in the old order."""
    staying = [
        str(entry["learner"])
        for _stored, entry in roster_of(workspace, activity)
        if entry.get("left") is None and entry.get("result") != "dropped"
    ]
    alive = _live(workspace, "learner", staying)
    return {learner: number for number, learner in enumerate(alive, start=1)}


def fresh(workspace: Workspace) -> Template:
    """Return a new activity as the unit's last one suggests it, without anybody on the roster.

    The very first one is a class held on site.
    """
    last = last_activity(workspace)
    if last is not None:
        return like(workspace, last, roster=False)
    fields = dict(_FIRST_ONE)
    sites = own_sites(workspace)
    if len(sites) == 1:
        fields["site"] = sites[0][0]
    today = workspace.clock.now().date()
    plan = Plan(first=today.isoformat(), start="09:00", end="10:30", count=1, teachers=(), venue="")
    return Template(fields, plan)


def last_activity(workspace: Workspace) -> StoredRecord | None:
    """Return the unit's own activity whose lessons reach furthest, None if it has none."""
    last: dict[str, str] = {}
    for stored in records_of_kind(workspace.database, "session", unit=workspace.acting):
        activity, day = str(stored.doc.get("activity")), str(stored.doc.get("date"))
        if stored.unit == workspace.acting:
            last[activity] = max(last.get(activity, ""), day)
    own = [
        stored
        for stored in records_of_kind(workspace.database, "activity", unit=workspace.acting)
        if stored.unit == workspace.acting
    ]
    return max(own, key=lambda stored: (last.get(stored.id, ""), stored.key), default=None)


def own_sites(workspace: Workspace) -> list[tuple[str, str]]:
    """Return (record, name) of the unit's sites that are open today."""
    today = workspace.clock.now().date().isoformat()
    found = []
    for stored in records_of_kind(workspace.database, "site", unit=workspace.acting):
        entry = entry_of(KINDS["site"], stored.doc, None)
        closed = str(entry.get("closed") or "9999")
        if stored.unit == workspace.acting and closed > today:
            found.append((stored.id, str(entry.get("name") or "")))
    return found


def copy_activity(
    workspace: Workspace,
    activity: StoredRecord,
    *,
    title: str = "",
    first: date | None = None,
    count: int | None = None,
    left_out: Collection[date] = (),
    operator: str = "",
) -> tuple[str, CaptureResult]:
    """Make the next one of an activity, roster and lessons included, as one change.

    What is not given is as `like` suggests it. Returns the new activity's id; nothing is written
    when something is refused. Refuses `activity_wanted`.
    """
    template = like(workspace, activity)
    plan = replace(template.plan, left_out=tuple(day.isoformat() for day in left_out))
    if first is not None:
        plan = replace(plan, first=first.isoformat())
    if count is not None:
        plan = replace(plan, count=count)
    fields = {**template.fields, "title": title or template.fields["title"]}
    record = b64(workspace.tokens(RECORD_ID_BYTES))
    return record, save(workspace, record, fields, plan, operator=operator)


def save(
    workspace: Workspace,
    record: str,
    fields: Mapping[str, Any],
    plan: Plan,
    *,
    operator: str = "",
) -> CaptureResult:
    """Save an activity with its plan as one change; refused, nothing of it is kept."""
    with workspace.database.transaction():
        kept = {**fields, drafts.PLAN: plan.kept()}
        drafts.commit_fields(workspace, "activity", record, kept, operator=operator)
        result = drafts.finish(workspace, record, operator=operator)
        if result.refused:
            drafts.discard(workspace, record)
    return result
