"""Commands for classes and their lessons: a series, the next class like one that was."""

from datetime import date, datetime
from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.cli.records import answer
from learnsite_desktop.domain.schedules import MOST_LESSONS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.copying import copy_activity
from learnsite_desktop.services.holidays import holidays_among
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.series import add_series, next_lessons, weekly_lessons
from learnsite_desktop.services.workspace import Workspace

_DAY = click.DateTime(["%Y-%m-%d"])
_COUNT = click.IntRange(1, MOST_LESSONS)
_TIME = "HH:MM"


def _days(moments: tuple[datetime, ...]) -> list[date]:
    return [moment.date() for moment in moments]


def _lessons(days: list[date]) -> list[dict[str, Any]]:
    names = holidays_among(days)
    return [
        {"date": day.isoformat(), "holiday": _(names[day]) if day in names else None}
        for day in days
    ]


@click.argument("record", metavar="ACTIVITY")
@click.option("--count", type=_COUNT, required=True, metavar="N")
@click.option("--weekday", type=click.IntRange(1, 7), metavar="1…7", help=N_("Monday is 1."))
@click.option("--from", "first", type=_DAY, metavar="DAY", help=N_("The first day."))
@click.option("--start", default="", metavar=_TIME)
@click.option("--end", default="", metavar=_TIME)
@click.option("--skip", type=_DAY, multiple=True, metavar="DAY", help=N_("Leave a day out."))
@command("series", N_("Add weekly lessons to an activity, as one change."))
def series(
    invocation: Invocation,
    *,
    record: str,
    count: int,
    weekday: int | None,
    first: datetime | None,
    start: str,
    end: str,
    skip: tuple[datetime, ...],
) -> dict[str, Any]:
    """Add a series; holidays among its days are named."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        activity = require_record(workspace, record)
        plan = weekly_lessons(
            next_lessons(workspace, activity),
            count,
            weekday=weekday,
            first=first.date() if first else None,
            start=start,
            end=end,
            left_out=_days(skip),
        )
        result = add_series(workspace, activity, plan, operator=invocation.operator)
    return {"days": _lessons(plan.lessons()), **answer(result)}


@click.argument("record", metavar="ACTIVITY")
@click.option("--title", default="", metavar="TEXT")
@click.option("--from", "first", type=_DAY, metavar="DAY", help=N_("The first day."))
@click.option("--count", type=_COUNT, metavar="N")
@click.option("--skip", type=_DAY, multiple=True, metavar="DAY", help=N_("Leave a day out."))
@command("copy", N_("Make the next class like one that was: fields, roster and lessons."))
def copy(
    invocation: Invocation,
    *,
    record: str,
    title: str,
    first: datetime | None,
    count: int | None,
    skip: tuple[datetime, ...],
) -> dict[str, Any]:
    """Copy an activity."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        activity = require_record(workspace, record)
        made, result = copy_activity(
            workspace,
            activity,
            title=title,
            first=first.date() if first else None,
            count=count,
            left_out=_days(skip),
            operator=invocation.operator,
        )
    return {"activity": made, **answer(result)}
