"""The command of the reviewer's desk: everything that waits for a decision."""

from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.work_queue import GROUPS, shown_queue
from learnsite_desktop.services.workspace import Workspace


@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N")
@click.option("--limit", type=click.IntRange(min=0), default=None, metavar="N")
@click.option("--period", default="", metavar="P")
@click.option("--unit", default="", metavar="CODE")
@click.option("--group", type=click.Choice(GROUPS), default=None)
@command("worklist", N_("List all that waits for a decision here, in groups."))
def worklist(
    invocation: Invocation,
    *,
    group: str | None,
    unit: str,
    period: str,
    limit: int | None,
    offset: int,
) -> dict[str, Any]:
    """List what waits for a decision."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return shown_queue(
            workspace, unit=unit, period=period, group=group or "", limit=limit, offset=offset
        )
