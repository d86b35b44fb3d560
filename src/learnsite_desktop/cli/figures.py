"""Commands for figures: indicators, drill, completeness, report."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.cli.official import wrote_row
from learnsite_desktop.cli.printer import pdf_printer
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services import completeness as completeness_of
from learnsite_desktop.services import figures, ledger_files, ledgers, reports, silence
from learnsite_desktop.services.figure_ground import ALL
from learnsite_desktop.services.figure_views import table
from learnsite_desktop.services.indicators import DIMENSIONS
from learnsite_desktop.services.official.asked import Asked
from learnsite_desktop.services.official.catalogue import catalogue
from learnsite_desktop.services.official.writing import write_official
from learnsite_desktop.services.unit_choice import THEN, TREES
from learnsite_desktop.services.workspace import Workspace

_TREE = N_("Units as they stood then (default), or as they stand now.")
_KINDS = (*reports.KINDS, *ledgers.KINDS, *catalogue().reports)


@click.option("--period", required=True, metavar="P")
@click.option("--unit", default="", metavar="CODE", help=N_("The own unit if not given."))
@click.option("--children", is_flag=True, help=N_("Also for each unit directly below."))
@click.option("--by", type=click.Choice(DIMENSIONS), help=N_("Also by the codes of a dimension."))
@click.option("--basis", type=click.Choice(figures.BASES), default="received")
@click.option("--tree", type=click.Choice(TREES), default=THEN, help=_TREE)
@click.option("--id", "ids", multiple=True, metavar="ID", help=N_("Only this one; repeatable."))
@click.option("--targets", "aimed", is_flag=True, help=N_("With target and whether it is reached."))
@click.option("--all", "whole", is_flag=True, help=N_("Also those that cannot be computed."))
@command("indicators", N_("Show the indicators of a unit and period."))
def indicators(  # noqa: PLR0913 - one keyword for each option
    invocation: Invocation,
    *,
    period: str,
    unit: str,
    children: bool,
    by: str | None,
    basis: str,
    tree: str,
    ids: tuple[str, ...],
    aimed: bool,
    whole: bool,
) -> Result:
    """Show indicators; a value is numerator over denominator, shown in per cent to people."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        values = figures.indicators(
            workspace,
            period=period,
            unit=unit or workspace.unit,
            children=children,
            by=by,
            basis=basis,
            ids=ids or None,
            tree=tree,
        )
        ask = table.Ask(unit or workspace.unit, period, basis=basis, tree=tree)
        if aimed:
            values = table.with_targets(workspace, values)
        if whole:
            values += table.not_computed(workspace, ask, aimed=aimed)
    shown = values if invocation.json else [_readable(value) for value in values]
    return {"values": shown, "tree": tree}


def _readable(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that people read, the value as its unit of measure says."""
    keys = ("unit", "id", "cell", "numerator", "denominator", "value", "unit_of_measure")
    shown = {key: value[key] for key in (*keys, "named", "headcount", "missing")}
    if "target" in value:
        target = value["target"]
        shown |= {"target": target["value"] if target else None, "light": value["light"]}
    if value["value"] is not None:
        factor = figures.factor(str(value["unit_of_measure"]))
        shown["value"] = silence.shown(value, f"{value['value'] * factor:.6g}")
    shown["missing"] = value["missing"] or silence.silence_words(value) or None
    return shown


@click.argument("name", metavar="ID")
@click.option("--period", required=True, metavar="P")
@click.option("--unit", default="", metavar="CODE", help=N_("The own unit if not given."))
@click.option("--cell", default=ALL, metavar="DIM:CODE")
@click.option("--part", type=click.Choice(figures.PARTS), default="numerator")
@click.option("--basis", type=click.Choice(figures.BASES), default="received")
@click.option("--tree", type=click.Choice(TREES), default=THEN, help=_TREE)
@click.option("--person", default="", metavar="RECORD", help=N_("The marks of this learner only."))
@click.option("--limit", type=click.IntRange(min=0), default=None)
@click.option("--offset", type=click.IntRange(min=0), default=0)
@command("drill", N_("List the records that a figure is the sum of."))
def drill(  # noqa: PLR0913 - one keyword for each option
    invocation: Invocation,
    *,
    name: str,
    period: str,
    unit: str,
    cell: str,
    part: str,
    basis: str,
    tree: str,
    person: str,
    limit: int | None,
    offset: int,
) -> Result:
    """List contributions."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        found = figures.drill(
            workspace,
            name,
            period=period,
            unit=unit or workspace.unit,
            cell=cell,
            part=part,
            basis=basis,
            tree=tree,
            person=person,
            limit=limit,
            offset=offset,
        )
    return {**found, "tree": tree}


@click.option("--period", required=True, metavar="P")
@command("completeness", N_("Show which units have handed in a period."))
def completeness(invocation: Invocation, *, period: str) -> Result:
    """Show who has handed in."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return {"units": completeness_of.completeness(workspace, period)}


@click.argument("kind", type=click.Choice(_KINDS), metavar="KIND")
@click.option("--period", required=True, metavar="P")
@click.option("--basis", type=click.Choice(figures.BASES), default="received")
@click.option("--tree", type=click.Choice(TREES), default=THEN, help=_TREE)
@click.option("--unit", default="", metavar="CODE", help=N_("The own unit if not given."))
@click.option("--activity", default="", metavar="RECORD", help=N_("Only this class."))
@click.option("--reveal", is_flag=True, help=N_("Show private values; that is noted."))
@click.option("--why", default="", metavar="TEXT", help=N_("What they are needed for."))
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE")
@command("report", N_("Write a report as an Excel workbook, ledgers as PDF too."))
def report(  # noqa: PLR0913 - one keyword for each option
    invocation: Invocation,
    *,
    kind: str,
    period: str,
    basis: str,
    tree: str,
    unit: str,
    activity: str,
    reveal: bool,
    why: str,
    out: Path,
) -> Result:
    """Write a workbook, or the pages of a ledger."""
    if why and not reveal:
        raise click.UsageError(_("--why goes with --reveal."))
    if kind in catalogue().reports:
        if activity or reveal:
            raise click.UsageError(_("--activity and --reveal go with ledgers only."))
        wanted = Asked(period=period, unit=unit, basis=basis, tree=tree)
        with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
            return wrote_row(
                write_official(workspace, kind, wanted, out, progress=invocation.progress)
            )
    if kind in reports.KINDS:
        if unit or activity or reveal:
            raise click.UsageError(_("--unit, --activity and --reveal go with ledgers only."))
        with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
            return reports.write_report(
                workspace,
                kind,
                period=period,
                out=out,
                basis=basis,
                tree=tree,
                progress=invocation.progress,
            )
    asked = ledgers.Question(
        period=period,
        unit=unit,
        activity=activity,
        reveal=reveal,
        why=why,
        operator=invocation.operator,
    )
    with Workspace(invocation.folder, invocation.clock, write=reveal) as workspace:
        return ledger_files.write_ledger(
            workspace, kind, asked, out, pdf_printer, invocation.progress
        )
