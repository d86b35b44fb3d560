"""Commands for people recorded twice: who may be one person, links, and saying no."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform import i18n
from learnsite_desktop.services import auto_links, duplicates, links, marked_twice, records
from learnsite_desktop.services.workspace import Workspace

Say = Callable[..., ChangeSet]


@click.option("--apply", "apply", is_flag=True, help=N_("Link everything that is certain."))
@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N")
@click.option("--limit", type=click.IntRange(min=0), default=None, metavar="N")
@click.option(
    "--state", type=click.Choice([duplicates.OPEN, duplicates.SETTLED]), default=duplicates.OPEN
)
@click.option("--unit", default="", metavar="CODE")
@command("duplicates", N_("List learners that may be one person, the surest first."))
def duplicates_(
    invocation: Invocation, *, unit: str, state: str, limit: int | None, offset: int, apply: bool
) -> dict[str, Any]:
    """List candidates, or link those that need no question first."""
    progress = invocation.progress
    answer: dict[str, Any] = {}
    with Workspace(invocation.folder, invocation.clock, write=apply) as workspace:
        if apply:
            linked, changes = auto_links.link_certain(
                workspace, unit=unit, operator=invocation.operator, progress=progress
            )
            answer = {"linked": [asdict(pair) for pair in linked], **_changed(changes)}
        found = duplicates.list_duplicates(
            workspace, unit=unit, state=state, limit=limit, offset=offset, progress=progress
        )
        twice = marked_twice.marked_twice(workspace, unit)
        issues = [{**item.issue.shown(i18n.render), "rows": item.rows} for item in twice]
    return {**found, **answer, "issues": issues}


def _changed(changes: ChangeSet) -> dict[str, Any]:
    return {"change": changes.change or None, "operations": changes.operations}


def _say(invocation: Invocation, first: str, second: str, say: Say) -> dict[str, Any]:
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        pair = [records.require_record(workspace, name) for name in (first, second)]
        return _changed(say(workspace, *pair, operator=invocation.operator))


@click.argument("second", metavar="B")
@click.argument("first", metavar="A")
@command("link", N_("Say that two learner records are one person."))
def link(invocation: Invocation, *, first: str, second: str) -> dict[str, Any]:
    """Link two learners."""
    return _say(invocation, first, second, links.link)


@click.argument("second", metavar="B")
@click.argument("first", metavar="A")
@command("unlink", N_("Take the first learner record out of the other's person."))
def unlink(invocation: Invocation, *, first: str, second: str) -> dict[str, Any]:
    """Unlink two learners."""
    return _say(invocation, first, second, links.unlink)


@click.argument("second", metavar="B")
@click.argument("first", metavar="A")
@command(
    "distinct", N_("Say that two learner records are two people; they are not proposed again.")
)
def distinct(invocation: Invocation, *, first: str, second: str) -> dict[str, Any]:
    """Refuse a candidate."""
    return _say(invocation, first, second, links.distinguish)
