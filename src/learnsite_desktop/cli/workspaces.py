"""Commands for workspaces: init, opening, openings, open, trial, units, state, policy."""

from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.cli.listings import page
from learnsite_desktop.cli.printer import pdf_printer
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services import founding, health, opening_slips, policy, unit_board
from learnsite_desktop.services.narrowing import narrowed
from learnsite_desktop.services.regions import read_regions
from learnsite_desktop.services.trial.village import found_trial
from learnsite_desktop.services.units import list_units
from learnsite_desktop.services.workspace import Workspace


@click.option("--tier", required=True, type=click.Choice(["village", "township", "county"]))
@click.option("--unit", required=True, metavar="CODE")
@click.option("--regions", type=click.Path(path_type=Path, readable=False), metavar="CSV")
@command("init", N_("Found a workspace without a unit above it."))
def init(invocation: Invocation, *, tier: str, unit: str, regions: Path | None) -> dict[str, Any]:
    """Found a workspace."""
    tree = read_regions(regions) if regions else None
    return founding.found(invocation.folder, invocation.clock, tier=tier, unit=unit, tree=tree)


@click.argument("codes", nargs=-1, metavar="[CODE…]")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, readable=False), metavar="DIR"
)
@click.option("--all", "every", is_flag=True, help=N_("For all that have none yet."))
@click.option(
    "--tier",
    default="",
    type=click.Choice(["", "village", "township", "county"]),
    metavar="TIER",
    help=N_("With --all: of this tier, not the one directly below."),
)
@click.option(
    "--slips",
    default=None,
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE.pdf",
    help=N_("Also write a page for each, to be handed over with it."),
)
@click.option("--contact", default="", metavar="TEXT", help=N_("Whom to ring up, on the slips."))
@command("opening", N_("Write opening files for units below."))
def opening(
    invocation: Invocation,
    *,
    codes: tuple[str, ...],
    out: Path,
    every: bool,
    tier: str,
    slips: Path | None,
    contact: str,
) -> dict[str, Any]:
    """Write opening files; a unit that is named gets a further one, `--all` passes over those."""
    if every == bool(codes):
        raise click.UsageError(render(N_("Name units, or give --all."), {}))
    printer = pdf_printer() if slips else None
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        done = opening_slips.write_batch(
            workspace,
            unit_board.board(workspace).without(tier) if every else codes,
            out,
            slips=slips,
            printer=printer,
            contact=contact,
            progress=invocation.progress,
        )
    files = [{"unit": one.unit, "path": str(one.path), "check": one.check} for one in done.files]
    return {"files": files, "again": list(done.again), **({"path": str(slips)} if slips else {})}


@click.option("--limit", type=click.IntRange(min=0), default=None, metavar="N")
@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N")
@click.option("--unit", default="", metavar="CODE")
@command("openings", N_("Show who was given an opening file, who has opened, who was heard of."))
def openings(
    invocation: Invocation, *, unit: str, limit: int | None, offset: int
) -> dict[str, Any]:
    """Show the board of the units below."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        found = unit_board.board(workspace)
        rows = [
            {
                "unit": one.row.code,
                "name": one.row.name,
                "tier": one.row.tier,
                "state": one.computer,
                "given_at": one.given_at or None,
                "check": one.check or None,
                "opened_at": one.opened_at or None,
                "heard_at": one.heard_at or None,
            }
            for one in found.lines
            if one.computer not in ("own", "above") and not one.ended
        ]
        rows = narrowed(workspace, rows, unit=unit)
    return {
        "units": page(rows, limit, offset),
        "total": len(rows),
        "counts": [
            {"tier": one.tier, "units": one.units, "given": one.given, "opened": one.opened}
            for one in found.counts
        ],
    }


@click.argument("file", type=click.Path(path_type=Path, readable=False), metavar="FILE")
@command("open", N_("Make this unit's workspace from an opening file."))
def open_(invocation: Invocation, *, file: Path) -> dict[str, Any]:
    """Open a unit."""
    return founding.open_unit(invocation.folder, file, invocation.clock)


@click.argument("folder", type=click.Path(path_type=Path, readable=False), metavar="DIR")
@command("trial", N_("Make a village full of invented people, to try the program out."))
def trial(invocation: Invocation, *, folder: Path) -> dict[str, Any]:
    """Make a trial village."""
    return found_trial(folder.resolve(), invocation.clock, invocation.progress)


@click.option(
    "--find",
    "typed",
    default="",
    metavar="TEXT",
    help=N_("By name, former name, code or pinyin initials."),
)
@click.option("--tree", is_flag=True, help=N_("Order units below their parents."))
@click.option("--unit", default="", metavar="CODE")
@click.option("--limit", type=click.IntRange(min=0), default=None, metavar="N")
@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N")
@command("units", N_("List the units of the region tree."))
def units(
    invocation: Invocation, *, tree: bool, typed: str, unit: str, limit: int | None, offset: int
) -> dict[str, Any]:
    """List units; of a tree, `limit` and `offset` count the units at its top."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        found = narrowed(workspace, list_units(workspace), unit=unit)
        if typed:
            order = [row.code for row in unit_board.found_units(workspace, typed)]
            known = {row["code"]: row for row in found}
            found = [known[code] for code in order if code in known]
    shown = _as_tree(found) if tree else found
    return {"units": page(shown, limit, offset), "total": len(found)}


def _as_tree(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_parent: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        by_parent.setdefault(row["parent"], []).append({**row, "children": []})
    for row in [row for group in by_parent.values() for row in group]:
        row["children"] = by_parent.get(row["code"], [])
    listed = {row["code"] for row in rows}
    return [row for key, group in by_parent.items() if key not in listed for row in group]


@click.option("--unit", default="", metavar="CODE")
@command("state", N_("Show the digest of what this workspace holds."))
def state(invocation: Invocation, *, unit: str) -> dict[str, Any]:
    """Show the state."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return health.state(workspace, unit)


@click.argument("values", nargs=-1, metavar="[KEY=VALUE…]")
@command("policy", N_("Show or set the policy of this workspace."))
def policy_(invocation: Invocation, *, values: tuple[str, ...]) -> dict[str, Any]:
    """Show or set policy."""
    with Workspace(invocation.folder, invocation.clock, write=bool(values)) as workspace:
        return {"policy": policy.apply(workspace, values)}
