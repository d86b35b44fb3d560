"""Commands about values that people disagree on: one conflict in full, corrections, objections."""

from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.cli.listings import page
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services import corrections, records
from learnsite_desktop.services.conflict_view import full_conflict
from learnsite_desktop.services.narrowing import narrowed
from learnsite_desktop.services.workspace import Workspace


@click.argument("field", metavar="FIELD")
@click.argument("record", metavar="RECORD")
@click.option("--reveal", is_flag=True, help=N_("Show private values; that is noted."))
@click.option("--why", default="", metavar="TEXT", help=N_("What they are needed for."))
@command("conflict", N_("Show one conflict: base, all values with authors, what depends on it."))
def conflict(
    invocation: Invocation, *, record: str, field: str, reveal: bool, why: str
) -> dict[str, Any]:
    """Show a conflict in full."""
    if why and not reveal:
        raise click.UsageError(render(N_("--why goes with --reveal."), {}))
    with Workspace(invocation.folder, invocation.clock, write=reveal) as workspace:
        stored = records.require_record(workspace, record)
        found = full_conflict(
            workspace, stored, field, reveal=reveal, why=why, operator=invocation.operator
        )
    return {"conflict": found}


@click.option("--seen", is_flag=True, help=N_("Note that those listed have been looked at."))
@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N")
@click.option("--limit", type=click.IntRange(min=0), default=None, metavar="N")
@click.option("--period", default="", metavar="P")
@click.option("--unit", default="", metavar="CODE")
@command("corrections", N_("List what units above have corrected, newest last."))
def corrections_(
    invocation: Invocation,
    *,
    unit: str,
    period: str,
    limit: int | None,
    offset: int,
    seen: bool,
) -> dict[str, Any]:
    """List corrections from above."""
    with Workspace(invocation.folder, invocation.clock, write=seen) as workspace:
        rows = corrections.list_corrections(workspace)
        found = narrowed(workspace, rows, unit=unit, period=period)
        if seen:
            corrections.mark_seen(workspace)
    return {"corrections": page(found, limit, offset), "total": len(found)}


@click.argument("field", metavar="FIELD")
@click.argument("record", metavar="RECORD")
@click.option("--why", required=True, metavar="TEXT")
@command("object", N_("Object to a correction by a unit above; it decides."))
def object_(invocation: Invocation, *, record: str, field: str, why: str) -> dict[str, Any]:
    """Object to a correction."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        stored = records.require_record(workspace, record)
        done = corrections.object_to(
            workspace, stored, field, why=why, operator=invocation.operator
        )
    return {"change": done.change or None, "operations": done.operations}
