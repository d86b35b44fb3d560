"""Commands that look at figures: trend, compare, excluded, targets."""

from pathlib import Path

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import figures
from learnsite_desktop.services.figure_views import compare as comparing
from learnsite_desktop.services.figure_views import table
from learnsite_desktop.services.figure_views.excluded import excluded
from learnsite_desktop.services.figure_views.spans import span
from learnsite_desktop.services.figure_views.targets import list_targets, write_starting_table
from learnsite_desktop.services.indicators import chosen
from learnsite_desktop.services.unit_choice import THEN, TREES
from learnsite_desktop.services.workspace import Workspace

_TREE = N_("Units as they stood then (default), or as they stand now.")
_OWN = N_("The own unit if not given.")


@click.argument("name", metavar="ID")
@click.option("--period", required=True, metavar="P")
@click.option("--unit", default="", metavar="CODE", help=_OWN)
@click.option("--children", is_flag=True, help=N_("Also for each unit directly below."))
@click.option("--basis", type=click.Choice(figures.BASES), default="received")
@click.option("--tree", type=click.Choice(TREES), default=THEN, help=_TREE)
@command("trend", N_("Show one figure over the last 12 months, 4 quarters or 3 years."))
def trend(
    invocation: Invocation,
    *,
    name: str,
    period: str,
    unit: str,
    children: bool,
    basis: str,
    tree: str,
) -> Result:
    """Show a figure over time, the oldest period first, with its targets."""
    chosen([name])
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        ask = table.Ask(unit or workspace.unit, period, table.PERIODS, name, basis=basis, tree=tree)
        if children:
            rows = table.table(workspace, ask, invocation.progress)
        else:
            rows = [table.row(workspace, ask, ask.unit)]
    values = [value for row in rows for value in row.figures.values()]
    return {
        "id": name,
        "periods": [one.text for one in span(period)],
        "values": values,
        "tree": tree,
    }


@click.argument("name", metavar="ID")
@click.option("--period", required=True, metavar="P")
@click.option("--unit", default="", metavar="CODE", help=_OWN)
@click.option(
    "--class", "klass", default="", metavar="CLASS", help=N_("The kind of unit if not given.")
)
@click.option("--basis", type=click.Choice(figures.BASES), default="received")
@click.option("--tree", type=click.Choice(TREES), default=THEN, help=_TREE)
@command("compare", N_("Show one figure of all units of the same class, and how it is spread."))
def compare(
    invocation: Invocation,
    *,
    name: str,
    period: str,
    unit: str,
    klass: str,
    basis: str,
    tree: str,
) -> Result:
    """Show a figure beside its class, in the order of the units' codes."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        found = comparing.compare(
            workspace,
            name,
            period=period,
            unit=unit or workspace.unit,
            klass=klass,
            basis=basis,
            tree=tree,
            progress=invocation.progress,
        )
    return {**found, "tree": tree}


@click.argument("name", metavar="ID")
@click.option("--period", required=True, metavar="P")
@click.option("--unit", default="", metavar="CODE", help=_OWN)
@click.option("--basis", type=click.Choice(figures.BASES), default="received")
@click.option("--tree", type=click.Choice(TREES), default=THEN, help=_TREE)
@command("excluded", N_("Show what a figure leaves out, and why."))
def excluded_(
    invocation: Invocation, *, name: str, period: str, unit: str, basis: str, tree: str
) -> Result:
    """Show what does not count."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        asked = unit or workspace.unit
        found = excluded(workspace, name, period=period, unit=asked, basis=basis, tree=tree)
    return {"excluded": found}


@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Write the table of published targets there, to be changed and issued."),
)
@command("targets", N_("Show the targets in force, or write a table to start from."))
def targets(invocation: Invocation, *, out: Path | None) -> Result:
    """Show the targets of the documents held."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        found = list_targets(workspace)
    if out is not None:
        write_starting_table(out)
    return {"targets": found, "path": str(out) if out is not None else None}
