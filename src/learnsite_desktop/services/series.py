"""Series: every Tuesday 9:00 to 10:30, twelve times, added to an activity as one change."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.schedules import on_or_after
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.copying import like, save
from learnsite_desktop.services.plans import Plan
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord


def next_lessons(workspace: Workspace, activity: StoredRecord) -> Plan:
    """Return how an activity's lessons would go on: after the last, at its time and weekday.

    The plan has no lessons yet: its count is 0. Refuses `activity_wanted` for any other record.
    """
    return like(workspace, activity, roster=False).plan.without_lessons()


def weekly_lessons(
    plan: Plan,
    count: int,
    *,
    weekday: int | None = None,
    first: date | None = None,
    start: str = "",
    end: str = "",
    left_out: Collection[date] = (),
) -> Plan:
    """Return a plan with `count` lessons, one a week; what is not given stays as it is.

    `weekday` (Monday 1 … Sunday 7) moves the first day on; days left out are made up at the end.
    """
    day = first or (date.fromisoformat(plan.first) if plan.first else None)
    if day is not None and weekday is not None:
        day = on_or_after(day, weekday)
    return replace(
        plan,
        first=day.isoformat() if day else "",
        start=start or plan.start,
        end=end or plan.end,
        count=count,
        left_out=tuple(one.isoformat() for one in left_out),
    )


def add_series(
    workspace: Workspace, activity: StoredRecord, plan: Plan, *, operator: str = ""
) -> CaptureResult:
    """Add the lessons of a plan to an activity, as one change.

    Refuses `activity_wanted`, `record_deleted`, and `series_incomplete` when the first day or a
    time is missing.
    """
    if activity.kind != "activity":
        raise Refusal("activity_wanted", where=activity.id)
    if activity.deleted:
        raise Refusal("record_deleted", where=activity.id)
    if not plan.lessons():
        raise Refusal("series_incomplete", where=activity.id)
    return save(workspace, activity.id, {}, plan, operator=operator)
