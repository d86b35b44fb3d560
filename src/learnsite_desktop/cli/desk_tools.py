"""Commands for the tools of the desks above: comparing files, correcting in batches."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.cli.listings import page
from learnsite_desktop.cli.records import field_values
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform import i18n
from learnsite_desktop.services import batch_editing, comparing
from learnsite_desktop.services.workspace import Workspace

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.argument("second", metavar="B", required=False, type=_FILE)
@click.argument("first", metavar="A", type=_FILE)
@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N")
@click.option("--limit", type=click.IntRange(min=0), default=None, metavar="N")
@command("compare-files", N_("Compare two files of one sender, or a file with what is held here."))
def compare_files(
    invocation: Invocation, *, first: Path, second: Path | None, limit: int | None, offset: int
) -> dict[str, Any]:
    """Compare files."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        found = comparing.compare(workspace, first, second, progress=invocation.progress)
    return {
        "first": asdict(found.first),
        "second": asdict(found.second),
        "changes": [asdict(one) for one in page(list(found.changes), limit, offset)],
        "total": len(found.changes),
        "same": found.same,
    }


@click.argument("setting", metavar="FIELD=VALUE")
@click.argument("kind", metavar="KIND")
@click.option("--dry-run", is_flag=True, help=N_("Only show what would change."))
@click.option("--why", default="", metavar="TEXT", help=N_("The reason; it stays on every record."))
@click.option("--period", default="", metavar="P")
@click.option("--unit", default="", metavar="CODE")
@click.option(
    "--where", "wheres", multiple=True, metavar="FIELD=VALUE", help=N_("Only records like this.")
)
@command("batch-edit", N_("Set a field of many records, as one change with a reason."))
def batch_edit(
    invocation: Invocation,
    *,
    kind: str,
    setting: str,
    wheres: tuple[str, ...],
    unit: str,
    period: str,
    why: str,
    dry_run: bool,
) -> dict[str, Any]:
    """Edit many records."""
    ((field, value),) = field_values((setting,)).items()
    if len({pair.partition("=")[0] for pair in wheres}) < len(wheres):
        raise click.UsageError(i18n.render(N_("Each field can be asked for once."), {}))
    where = tuple(field_values(wheres).items())
    wanted = batch_editing.Wanted(kind, field, value, where, unit, period)
    with Workspace(invocation.folder, invocation.clock, write=not dry_run) as workspace:
        if dry_run:
            batch, change = batch_editing.look(workspace, wanted), None
        else:
            done = batch_editing.carry_out(
                workspace,
                wanted,
                why=why,
                operator=invocation.operator,
                progress=invocation.progress,
            )
            batch, change = done.batch, done.change
        rows = batch_editing.shown(workspace, batch, batch.rows)
    return {
        "rows": rows,
        "total": len(batch.rows),
        "changing": batch.count(batch_editing.CHANGE),
        "same": batch.count(batch_editing.SAME),
        "cannot": batch.count(batch_editing.CANNOT),
        "change": change.change or None if change else None,
        "operations": change.operations if change else 0,
    }
