"""Commands for official reports: what there is, whole sets, official cells, history, registry."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services import figures
from learnsite_desktop.services.official import catalogue as known
from learnsite_desktop.services.official import datapackage, dhis2, registry, statutory, written
from learnsite_desktop.services.official.asked import Asked
from learnsite_desktop.services.official.writing import (
    Wrote,
    copy_template,
    file_name,
    look,
    write_set,
)
from learnsite_desktop.services.unit_choice import THEN, TREES
from learnsite_desktop.services.workspace import Workspace

_PATH = click.Path(path_type=Path)
_TREE = N_("Units as they stood then (default), or as they stand now.")
_UNIT = N_("The own unit if not given.")


def _asked(options: dict[str, Any]) -> Asked:
    return Asked(
        period=options["period"],
        unit=options["unit"],
        basis=options["basis"],
        tree=options["tree"],
    )


def wrote_row(one: Wrote) -> dict[str, Any]:
    """Return what was written with the keys of the answer."""
    return {
        "report": one.report,
        "path": str(one.path),
        "cells": one.cells,
        "gaps": [{"where": where, "what": what, "why": why} for where, what, why in one.gaps],
        "state": one.state,
        "key": one.key,
    }


@click.argument("kind", default="", metavar="[KIND]")
@click.option("--department", default="", metavar="CODE", help=N_("Only those for it."))
@click.option("--period", default="", metavar="P", help=N_("Also what KIND would hold."))
@click.option("--unit", default="", metavar="CODE", help=_UNIT)
@click.option("--basis", type=click.Choice(figures.BASES), default="received")
@click.option("--tree", type=click.Choice(TREES), default=THEN, help=_TREE)
@click.option("--template", is_flag=True, help=N_("Put the template of KIND where to change it."))
@command("reports", N_("List the official reports, or show what one would hold and lack."))
def reports(
    invocation: Invocation, *, kind: str, department: str, template: bool, **options: Any
) -> Result:
    """List reports; with a period, look into one without writing it."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        found = known.reports_of(department) if department else known.catalogue().reports.values()
        listed = [known.report_named(kind)] if kind else list(found)
        answer: dict[str, Any] = {
            "reports": [
                {
                    "id": one.id,
                    "name": one.name(),
                    "departments": list(one.departments),
                    "lines": len(one.lines),
                    "unsaid": statutory.unsaid(workspace, one.id),
                }
                for one in listed
            ]
        }
        if template and kind:
            answer["template"] = str(copy_template(workspace, kind))
        if kind and options["period"]:
            made, unsaid = look(workspace, kind, _asked(options), invocation.progress)
            answer["gaps"] = [
                {"where": where, "what": what, "why": why} for where, what, why in made.gaps
            ]
            answer["unsaid"] = unsaid
            answer["state"] = made.state
            answer["file"] = file_name(workspace, listed[0], _asked(options))
        return answer


@click.argument("department", metavar="DEPARTMENT")
@click.option("--period", required=True, metavar="P")
@click.option("--out", required=True, type=_PATH, metavar="DIR")
@click.option("--unit", default="", metavar="CODE", help=_UNIT)
@click.option("--basis", type=click.Choice(figures.BASES), default="received")
@click.option("--tree", type=click.Choice(TREES), default=THEN, help=_TREE)
@command("report-set", N_("Write all official reports of a department into a folder."))
def report_set(invocation: Invocation, *, department: str, out: Path, **options: Any) -> Result:
    """Write a department's set."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        done = write_set(workspace, department, _asked(options), out, invocation.progress)
    folder = str(done[0].path.parent) if done else str(out)
    return {"files": [wrote_row(one) for one in done], "path": folder}


@click.argument("values", nargs=-1, metavar="[NAME=VALUE…]")
@click.option("--report", default="", metavar="KIND", help=N_("Whose cells; needed for a table's."))
@command("statutory", N_("Show or set the official cells that are printed on every workbook."))
def statutory_(invocation: Invocation, *, values: tuple[str, ...], report: str) -> Result:
    """Show or set official cells."""
    with Workspace(invocation.folder, invocation.clock, write=bool(values)) as workspace:
        cells = statutory.set_statutory(workspace, report, values)
        labels = {name: _(text) for name, text in statutory.LABELS.items()}
        return {"report": report, "cells": cells, "labels": labels}


@click.argument("key", default="", metavar="[KEY]")
@click.option("--number", default="", metavar="N", help=N_("Only numbers that read like this."))
@click.option("--limit", type=click.IntRange(min=0), default=None)
@command("written", N_("List reports written here, or where the numbers of one come from."))
def written_(invocation: Invocation, *, key: str, number: str, limit: int | None) -> Result:
    """List the history, or the origins of one workbook's numbers."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        if key:
            found = written.origins(workspace, key, number)
            return {"numbers": [asdict(one) for one in found[:limit]], "total": len(found)}
        listed = written.list_written(workspace)
        return {"written": [asdict(one) for one in listed[:limit]], "total": len(listed)}


@click.argument("words", nargs=-1, metavar="[add FILE|show TABLE]")
@click.option("--name", default="", metavar="TEXT", help=N_("Its name, if the file has none."))
@click.option("--department", default="", metavar="CODE", help=N_("Who asks for it."))
@command("tables", N_("List tables asked for by departments, register one, or show one."))
def tables(invocation: Invocation, *, words: tuple[str, ...], name: str, department: str) -> Result:
    """List, add or show registered tables."""
    if words and (words[0] not in ("add", "show") or len(words) != 2):
        raise click.UsageError(_("Write `tables`, `tables add FILE` or `tables show TABLE`."))
    adding = words[:1] == ("add",)
    with Workspace(invocation.folder, invocation.clock, write=adding) as workspace:
        if adding:
            added = registry.add_table(
                workspace,
                Path(words[1]),
                name=name,
                department=department,
                operator=invocation.operator,
            )
            return {
                "record": added.record,
                **_table_row(added.table, whole=True),
                "overlaps": [asdict(one) for one in added.overlaps],
                "operations": added.change.operations,
                "change": added.change.change or None,
            }
        if words:
            found = registry.table_named(workspace, words[1])
            held = registry.overlaps(workspace, found)
            return {
                **_table_row(found, whole=True),
                "overlaps": [asdict(one) for one in held],
            }
        listed = registry.list_tables(workspace)
        return {"tables": [_table_row(one, whole=False) for one in listed], "total": len(listed)}


def _table_row(table: registry.TableCard, *, whole: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": table.key,
        "name": table.name,
        "department": table.department,
        "origin": table.origin,
        "print": table.print,
    }
    if whole:
        return {**row, "columns": [asdict(one) for one in table.columns]}
    return {**row, "columns": len(table.columns)}


@click.option("--period", required=True, metavar="P")
@click.option("--out", required=True, type=_PATH, metavar="DIR")
@click.option("--unit", default="", metavar="CODE", help=_UNIT)
@click.option("--basis", type=click.Choice(figures.BASES), default="received")
@click.option("--tree", type=click.Choice(TREES), default=THEN, help=_TREE)
@command("datapackage", N_("Write figures and records as CSV with a datapackage.json."))
def datapackage_(invocation: Invocation, *, out: Path, **options: Any) -> Result:
    """Write a data package."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return datapackage.write_package(workspace, _asked(options), out, invocation.progress)


@click.option("--period", required=True, metavar="P")
@click.option("--out", required=True, type=_PATH, metavar="FILE")
@click.option("--unit", default="", metavar="CODE", help=_UNIT)
@click.option("--basis", type=click.Choice(figures.BASES), default="received")
@click.option("--tree", type=click.Choice(TREES), default=THEN, help=_TREE)
@command("dhis2", N_("Write figures as a DHIS2 data value set."))
def dhis2_(invocation: Invocation, *, out: Path, **options: Any) -> Result:
    """Write a data value set."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return dhis2.write_values(workspace, _asked(options), out, invocation.progress)
