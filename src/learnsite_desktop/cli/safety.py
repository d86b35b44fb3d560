"""Commands for everyday safety: backup, restore, move, handover."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.cli.printer import pdf_printer
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services import backups, moving, restoring
from learnsite_desktop.services.handover import handover as hand_over
from learnsite_desktop.services.safekeeping import replace_with
from learnsite_desktop.services.workspace import DATABASE_NAME, Workspace

_FOLDER = click.Path(path_type=Path, readable=False)


@click.argument("folder", type=_FOLDER, metavar="[DIR]", required=False)
@click.option("--auto", is_flag=True, help=N_("Into the data folder, if it is time for one."))
@command("backup", N_("Write a verified backup file."))
def backup(invocation: Invocation, *, folder: Path | None, auto: bool) -> dict[str, Any]:
    """Back the workspace up; `written` false: no automatic one was needed."""
    if auto == (folder is not None):
        raise click.UsageError(render(N_("Give a folder, or --auto."), {}))
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        if folder is not None:
            return {**backups.backup(workspace, folder), "written": True}
        found = backups.automatic(workspace, reason="start")
    if found is None:
        return {"written": False}
    size = found.path.stat().st_size
    return {
        "path": str(found.path), "bytes": size, "operations": found.operations, "written": True,
    }  # fmt: skip


@click.argument("file", type=_FOLDER, metavar="FILE")
@click.option("--replace", is_flag=True, help=N_("Set the workspace that is there aside."))
@click.option("--look", is_flag=True, help=N_("Only show what is in it."))
@command("restore", N_("Make a workspace of a backup file."))
def restore(invocation: Invocation, *, file: Path, look: bool, replace: bool) -> dict[str, Any]:
    """Restore a workspace, or look into a backup beside the one that is there."""
    folder, clock = invocation.folder, invocation.clock
    if not look and replace and (folder / DATABASE_NAME).is_file():
        return replace_with(folder, file, clock)
    if not look:
        return restoring.restore(folder, file, clock, replace=replace)
    if not (folder / DATABASE_NAME).is_file():
        return asdict(restoring.look_into(file))
    with Workspace(folder, clock, write=False) as workspace:
        return asdict(restoring.look_into(file, workspace))


@click.option("--out", "folder", type=_FOLDER, metavar="DIR", help=N_("Where the file goes."))
@click.option("--stay", is_flag=True, help=N_("Go on working here after all."))
@command("move", N_("Write everything for a new computer; this one only reads from then on."))
def move(invocation: Invocation, *, folder: Path | None, stay: bool) -> dict[str, Any]:
    """Move out, or take the move back."""
    if stay == (folder is not None):
        raise click.UsageError(render(N_("Give --out with a folder, or --stay."), {}))
    if folder is None:
        return {"inc": moving.stay(invocation.folder, invocation.clock)}
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        return moving.move_out(workspace, folder)


@click.option("--out", "folder", required=True, type=_FOLDER, metavar="DIR")
@command("handover", N_("Write a page for whoever takes this desk over."))
def handover(invocation: Invocation, *, folder: Path) -> dict[str, Any]:
    """Write the hand-over page."""
    printer = pdf_printer()
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        found = hand_over(workspace, folder, printer)
    return {"path": str(found.path), "counts": found.counts}
