"""``population``: the people of units in a year, entered, copied or taken from a table."""

from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.failures import refusal_object
from learnsite_desktop.cli.frame import section
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.cli.tables import with_faults
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services import population as service
from learnsite_desktop.services import population_table, roster
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.safekeeping import safely
from learnsite_desktop.services.workspace import Workspace

population = section("population", N_("Population of units in a year, with its source."))

_FILE = click.Path(path_type=Path, readable=False)
_YEAR = click.option("--year", type=click.IntRange(1900, 2200), required=True, metavar="YEAR")
_FROM = N_("Where the numbers come from.")


@click.option("--unit", default="", metavar="CODE")
@_YEAR
@population.command("list", help=N_("Show a unit's population and that of the units below it."))
def list_(invocation: Invocation, *, year: int, unit: str) -> Result:
    """Show a year; `sum` is that of the units below, beside the unit's own entry."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        grid = service.grid(workspace, year, unit)
    return {
        "year": year,
        "units": service.shown((grid.own, *grid.rows)),
        "sum": {"total": grid.total, "over60": grid.over60, "missing": grid.missing},
    }


@click.option("--source", required=True, metavar="TEXT", help=_FROM)
@click.option("--over60", required=True, type=click.IntRange(min=0), metavar="N")
@click.option("--total", required=True, type=click.IntRange(min=0), metavar="N")
@_YEAR
@click.argument("unit", metavar="CODE")
@population.command("set", help=N_("Enter the population of a unit."))
def set_(
    invocation: Invocation, *, unit: str, year: int, total: int, over60: int, source: str
) -> Result:
    """Enter one unit's numbers."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        done = service.save(
            workspace,
            year,
            {unit: service.Figure(total, over60, source)},
            operator=invocation.operator,
        )
    return _answer(done)


@click.option("--source", required=True, metavar="TEXT", help=_FROM)
@click.option("--from", "former", type=click.IntRange(1900, 2200), default=None, metavar="YEAR")
@click.option("--unit", default="", metavar="CODE")
@_YEAR
@population.command("copy", help=N_("Take another year over where nothing is entered yet."))
def copy(
    invocation: Invocation, *, year: int, former: int | None, unit: str, source: str
) -> Result:
    """Copy the year before, or another one."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        done = service.copy_year(
            workspace, year, source=source, former=former, unit=unit, operator=invocation.operator
        )
    return _answer(done)


@click.option("--faults", type=_FILE, default=None, metavar="OUT.xlsx",
              help=N_("Write a coloured copy with the reasons of faults."))  # fmt: skip
@click.option("--source", default="", metavar="TEXT", help=_FROM)
@click.option("--unit", default="", metavar="CODE")
@click.option("--dry-run", is_flag=True, help=N_("Only show what would be done."))
@click.option("--year", type=click.IntRange(1900, 2200), default=None, metavar="YEAR")
@click.argument("file", type=_FILE, metavar="FILE")
@population.command("import", help=N_("Take population from a table of Excel, WPS or CSV."))
def import_(
    invocation: Invocation,
    *,
    file: Path,
    year: int | None,
    dry_run: bool,
    unit: str,
    source: str,
    faults: Path | None,
) -> Result:
    """Import a table; its sound rows are one change."""
    table = roster.open_table(file)
    written: dict[str, Any] = {"operations": 0, "change": None}
    with Workspace(invocation.folder, invocation.clock, write=not dry_run) as workspace:
        asked: dict[str, Any] = {"year": year or 0, "source": source, "unit": unit}
        if dry_run:
            seen = population_table.look(workspace, table, **asked)
        else:
            safely(workspace, "import")
            taken = population_table.take(
                workspace,
                table,
                operator=invocation.operator,
                progress=invocation.progress,
                **asked,
            )
            seen, change = taken.preview, taken.change
            written = {"operations": change.operations, "change": change.change or None}
    answer = {
        **{name: found.get(service.KIND, 0) for name, found in seen.counts.items()},
        "faults": [fault.shown(render) for fault in seen.faults],
        "skipped": [
            {"sheet": row.sheet, "row": row.row, "why": render(row.why, {})} for row in seen.skipped
        ],
        **written,
    }
    return with_faults(answer, seen, table, faults, dry_run=dry_run)


def _answer(done: CaptureResult) -> Result:
    answer = {
        "change": done.change.change or None,
        "operations": done.change.operations,
        "issues": [issue.shown(render) for issue in done.issues],
    }
    if not done.refused:
        return answer
    refusal = Refusal("capture_refused", count=done.refused)
    return {"ok": False, "error": refusal_object(refusal), **answer}
