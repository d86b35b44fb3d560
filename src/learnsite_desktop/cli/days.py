"""Commands for the day's work: what is to be done, the same session again."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.cli.records import answer, shown
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.agenda import Agenda, agenda, ended_words, is_recorded
from learnsite_desktop.services.repeating import DAYS, repeat_session
from learnsite_desktop.services.units import Ended
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.agenda import DaySession


@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY")
@command("today", N_("Show the work of a day: what was sent back, sessions, months to hand in."))
def today(invocation: Invocation, *, day: datetime | None) -> dict[str, Any]:
    """Show the agenda of this unit's own activities."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return _shown(agenda(workspace, day.date() if day else None))


def _shown(found: Agenda) -> dict[str, Any]:
    return {
        "day": found.day.isoformat(),
        "next": found.first_to_record() or None,
        "ended": _ended(found.ended),
        "returns": [asdict(one) for one in found.returns],
        "rejected": [asdict(one) for one in found.rejected],
        "findings": [
            {"id": one.id, "round": one.round, "question": one.question, "text": one.text,
             "due": one.due or None, "state": one.state}
            for one in found.findings
        ],
        "drafts": [
            {"record": one.record, "kind": one.kind, "about": one.about,
             "issues": shown(list(one.issues))}
            for one in found.drafts
        ],
        "sessions": [_session(row) for row in found.sessions()],
        "months": [
            {"period": one.period, "due": one.due.isoformat(), "state": one.state,
             "days_left": one.days_left(found.day)}
            for one in found.months
        ],
    }  # fmt: skip


def _ended(found: Ended | None) -> dict[str, Any] | None:
    if found is None:
        return None
    said, todo = ended_words(found)
    heir = found.heir or None
    return {"valid_to": found.on.isoformat(), "successor": heir, "said": said, "remedy": todo}


def _session(row: DaySession) -> dict[str, Any]:
    return {**asdict(row), "recorded": is_recorded(row)}


@click.argument("record", metavar="SESSION")
@click.option("--days", type=click.IntRange(1, 366), default=DAYS, metavar="N")
@command("repeat", N_("Plan a session like one that was, a week later unless said otherwise."))
def repeat(invocation: Invocation, *, record: str, days: int) -> dict[str, Any]:
    """Plan the same session again."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        result = repeat_session(workspace, record, days=days, operator=invocation.operator)
    return answer(result)
