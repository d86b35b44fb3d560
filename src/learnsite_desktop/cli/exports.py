"""``export``: tables of records for other programs."""

from pathlib import Path

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.exports import Export, write_export
from learnsite_desktop.services.workspace import Workspace


@click.argument("kind", metavar="KIND")
@click.option("--unit", default="", metavar="CODE")
@click.option("--period", default="", metavar="P")
@click.option("--reveal", is_flag=True, help=N_("Show private values; that is noted."))
@click.option("--why", default="", metavar="TEXT", help=N_("What they are needed for."))
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE")
@command("export", N_("Write records of a kind as an Excel or CSV table, masked unless revealed."))
def export(
    invocation: Invocation,
    *,
    kind: str,
    unit: str,
    period: str,
    reveal: bool,
    why: str,
    out: Path,
) -> Result:
    """Write a table of records."""
    if why and not reveal:
        raise click.UsageError(_("--why goes with --reveal."))
    asked = Export(
        kind=kind,
        unit=unit,
        period=period,
        reveal=reveal,
        why=why,
        operator=invocation.operator,
    )
    with Workspace(invocation.folder, invocation.clock, write=reveal) as workspace:
        return write_export(workspace, asked, out, invocation.progress)
