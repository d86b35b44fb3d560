"""Commands for down documents: publish, documents, notices, and edits of the region tree."""

from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from learnsite_desktop.cli.frame import command, section
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.domain import region_changes
from learnsite_desktop.domain.region_changes import Named
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services import publishing
from learnsite_desktop.services.documents import list_documents
from learnsite_desktop.services.publishing import notice_board
from learnsite_desktop.services.publishing.outlook import reached
from learnsite_desktop.services.publishing.table_out import write_table_of
from learnsite_desktop.services.region_edits import (
    Edit,
    change_tree,
    join_trees,
    look_ahead,
    undo_tree,
)
from learnsite_desktop.services.updates import held as updates
from learnsite_desktop.services.workspace import Workspace

_DAY = click.DateTime(["%Y-%m-%d"])
_PATH = click.Path(path_type=Path)
_INTO = N_("A name makes a new unit; the code alone means one that is there.")


@click.argument("file", type=_PATH, metavar="FILE")
@click.argument("kind", type=click.Choice((*publishing.KINDS, updates.PROGRAM)), metavar="KIND")
@click.option("--unit", default="", metavar="CODE", help=N_("For this unit below alone."))
@click.option("--expires", type=_DAY, metavar="DATE", help=N_("From when it wants renewing."))
@click.option("--version", type=click.IntRange(min=1), default=None, metavar="N")
@click.option("--dry-run", is_flag=True, help=N_("Only show what it changes."))
@command("publish", N_("Issue a document for the units below, once its file is checked."))
def publish(
    invocation: Invocation,
    *,
    kind: str,
    file: Path,
    unit: str,
    expires: datetime | None,
    version: int | None,
    dry_run: bool,
) -> dict[str, Any]:
    """Publish a file."""
    if kind == updates.PROGRAM and (unit or expires or version is not None):
        raise click.UsageError(_("A program goes to all units below; give only its file."))
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        if kind == updates.PROGRAM:
            return _program(workspace, file, dry_run=dry_run)
        issued = publishing.publish_file(
            workspace,
            kind,
            file,
            unit=unit,
            expires=expires.date() if expires else None,
            version=version,
            dry_run=dry_run,
        )
    return {
        **issued.as_row(),
        "units": issued.units,
        "changes": [change.as_row() for change in issued.changes],
    }


def _program(workspace: Workspace, file: Path, *, dry_run: bool) -> dict[str, Any]:
    """Keep an update file so that it goes down; the keys are those of a document."""
    kept = updates.publish_program(workspace, file, dry_run=dry_run)
    return {
        "kind": updates.PROGRAM,
        "scope": workspace.unit,
        "version": kept.held.version,
        "entries": int(kept.new),
        "expires": None,
        "units": reached(workspace, workspace.unit),
        "changes": [],
    }


@click.argument("words", nargs=-1, metavar="[show|table KIND]")
@click.option("--unit", default="", metavar="CODE", help=N_("The table issued for this unit."))
@click.option("--out", type=_PATH, metavar="DIR", help=N_("Write the files, or the table, there."))
@command("documents", N_("List documents from above and own ones, or show those of a kind."))
def documents(
    invocation: Invocation, *, words: tuple[str, ...], out: Path | None, unit: str
) -> dict[str, Any]:
    """List documents; `show KIND` gives what stands in them, `table KIND` a file to edit."""
    table = words[:1] == ("table",)
    if words and (words[0] not in ("show", "table") or len(words) != 2 or (table and not out)):
        raise click.UsageError(
            _("Write `documents`, `documents show KIND` or `documents table KIND --out FILE`.")
        )
    # To open a roster is to look at private values, which is noted.
    shown = out is not None and not table
    with Workspace(invocation.folder, invocation.clock, write=shown) as workspace:
        if table and out is not None:
            return write_table_of(workspace, words[1], out, unit=unit)
        if words:
            return publishing.show(workspace, words[1], out, operator=invocation.operator)
        return {"documents": list_documents(workspace)}


@click.argument("title", metavar="TITLE")
@click.option("--text", default="", metavar="TEXT")
@click.option("--from", "first", type=_DAY, metavar="DAY", help=N_("Today unless said otherwise."))
@click.option("--to", "last", type=_DAY, metavar="DAY")
@click.option("--unit", default="", metavar="CODE", help=N_("For this unit below alone."))
@click.option("--end", is_flag=True, help=N_("Take the notice of this title down."))
@command("notice", N_("Put a notice up for the units below, or take it down."))
def notice(
    invocation: Invocation,
    *,
    title: str,
    text: str,
    first: datetime | None,
    last: datetime | None,
    unit: str,
    end: bool,
) -> dict[str, Any]:
    """Put up one notice beside the others."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        if end:
            issued = notice_board.take_down(workspace, title, unit=unit)
        else:
            today = invocation.clock.now()
            values = {
                "title": title,
                "text": text,
                "from": (first or today).date().isoformat(),
                "to": last.date().isoformat() if last else "",
            }
            issued = notice_board.put_up(workspace, values, unit=unit)
    return issued.as_row()


@click.option("--day", type=_DAY, metavar="DAY")
@command("notices", N_("Show the notices to be read on a day."))
def notices(invocation: Invocation, *, day: datetime | None) -> dict[str, Any]:
    """Show notices."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        asked = day.date() if day else workspace.clock.now().date()
        return {"day": asked.isoformat(), "notices": publishing.notices(workspace, asked)}


# -- the region tree -------------------------------------------------------------------------------

regions = section("regions", N_("Keep the region tree: only the unit that issues it can."))


def _named(text: str) -> Named:
    code, _equals, name = text.partition("=")
    return Named(code.strip(), name.strip())


_DRY: Final = click.option("--dry-run", is_flag=True, help=N_("Only show what would be done."))


def _change(
    invocation: Invocation, edit: Edit, on: datetime | None, *, dry_run: bool
) -> dict[str, Any]:
    day = on.date() if on else None
    with Workspace(invocation.folder, invocation.clock, write=not dry_run) as workspace:
        seen = look_ahead(workspace, edit, on=day)
        effects = [
            {"unit": one.unit, "sessions": one.sessions, "learners": one.learners,
             "then": one.then, "now": one.now}
            for one in seen.effects
        ]  # fmt: skip
        if dry_run:
            rows = [row.as_row() for _before, row in seen.changed]
            return {"version": None, "units": rows, "effects": effects}
        done = change_tree(workspace, edit, on=day, operator=invocation.operator)
    return {**done, "effects": effects}


@click.argument("unit", metavar="CODE=NAME")
@click.option("--parent", required=True, metavar="CODE")
@click.option("--kind", required=True, metavar="KIND")
@click.option("--on", "on", required=True, type=_DAY, metavar="DATE")
@_DRY
@regions.command("add", help=N_("Add a unit."))
def add(
    invocation: Invocation, *, unit: str, parent: str, kind: str, on: datetime, dry_run: bool
) -> dict[str, Any]:
    """Add a unit."""
    new, day = _named(unit), on.date()
    return _change(
        invocation,
        lambda tree: region_changes.add(tree, new, parent=parent, kind=kind, on=day),
        on,
        dry_run=dry_run,
    )


@click.argument("name", metavar="NAME")
@click.argument("unit", metavar="CODE")
@click.option("--on", "on", default=None, type=_DAY, metavar="DATE", help=N_("Today if not given."))
@_DRY
@regions.command("rename", help=N_("Give a unit another name."))
def rename(
    invocation: Invocation, *, unit: str, name: str, on: datetime | None, dry_run: bool
) -> dict[str, Any]:
    """Rename a unit."""
    day = (on or invocation.clock.now()).date()
    return _change(
        invocation, lambda tree: region_changes.rename(tree, unit, name, day), on, dry_run=dry_run
    )


@click.argument("unit", metavar="CODE")
@click.option("--parent", required=True, metavar="CODE")
@click.option("--on", "on", required=True, type=_DAY, metavar="DATE")
@_DRY
@regions.command("move", help=N_("Put a unit under another one."))
def move(
    invocation: Invocation, *, unit: str, parent: str, on: datetime, dry_run: bool
) -> dict[str, Any]:
    """Move a unit."""
    day = on.date()
    return _change(
        invocation, lambda tree: region_changes.move(tree, unit, parent, day), on, dry_run=dry_run
    )


@click.argument("units", nargs=-1, required=True, metavar="CODE…")
@click.option("--into", required=True, metavar="CODE=NAME", help=_INTO)
@click.option("--on", "on", required=True, type=_DAY, metavar="DATE")
@_DRY
@regions.command("merge", help=N_("Let units go on as one; with a name it is a new one."))
def merge(
    invocation: Invocation, *, units: tuple[str, ...], into: str, on: datetime, dry_run: bool
) -> dict[str, Any]:
    """Merge units."""
    heir, day = _named(into), on.date()
    return _change(
        invocation, lambda tree: region_changes.merge(tree, units, heir, day), on, dry_run=dry_run
    )


@click.argument("unit", metavar="CODE")
@click.option("--into", multiple=True, required=True, metavar="CODE=NAME", help=_INTO)
@click.option("--on", "on", required=True, type=_DAY, metavar="DATE")
@_DRY
@regions.command("split", help=N_("Divide a unit; the first part takes its records over."))
def split(
    invocation: Invocation, *, unit: str, into: tuple[str, ...], on: datetime, dry_run: bool
) -> dict[str, Any]:
    """Split a unit."""
    parts, day = [_named(text) for text in into], on.date()
    return _change(
        invocation, lambda tree: region_changes.split(tree, unit, parts, day), on, dry_run=dry_run
    )


@click.argument("unit", metavar="CODE")
@click.option("--into", required=True, metavar="CODE=NAME", help=_INTO)
@click.option("--kind", default="", metavar="KIND")
@click.option("--on", "on", required=True, type=_DAY, metavar="DATE")
@_DRY
@regions.command(
    "convert", help=N_("Let a village go on as a neighbourhood, a township as a street.")
)
def convert(
    invocation: Invocation, *, unit: str, into: str, kind: str, on: datetime, dry_run: bool
) -> dict[str, Any]:
    """Convert a unit."""
    heir, day = _named(into), on.date()
    return _change(
        invocation,
        lambda tree: region_changes.convert(tree, unit, heir, day, kind),
        on,
        dry_run=dry_run,
    )


@click.argument("unit", metavar="CODE")
@click.option("--on", "on", required=True, type=_DAY, metavar="DATE")
@_DRY
@regions.command("close", help=N_("End a unit that nobody takes over."))
def close(invocation: Invocation, *, unit: str, on: datetime, dry_run: bool) -> dict[str, Any]:
    """Close a unit."""
    day: date = on.date()
    return _change(
        invocation, lambda tree: region_changes.close(tree, unit, day), on, dry_run=dry_run
    )


@_DRY
@regions.command("join", help=N_("Take over what another computer of this unit changed."))
def join(invocation: Invocation, *, dry_run: bool) -> dict[str, Any]:
    """Issue a tree with what is in use and what was set aside."""
    return _change(invocation, join_trees, None, dry_run=dry_run)


@regions.command("undo", help=N_("Take the last change of the tree back, by a further version."))
def undo(invocation: Invocation) -> dict[str, Any]:
    """Undo the last change made on this computer."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        return undo_tree(workspace)
