"""Moving to another computer: everything into one file, after which this computer only reads."""

from contextlib import closing
from pathlib import Path
from typing import Any

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.backups import backup
from learnsite_desktop.services.workspace import DATABASE_NAME, MOVED, Workspace
from learnsite_desktop.store import settings
from learnsite_desktop.store.engine import Database


def move_out(workspace: Workspace, folder: Path) -> dict[str, Any]:
    """Write everything into one file for another computer; from then on nothing is written here.

    The file is a backup: the other computer restores it and goes on under an incarnation of its
    own. Returns what `backup` does. Refuses `move_inside` and what a backup does; then this
    computer goes on as before.
    """
    if folder.resolve().is_relative_to(workspace.folder.resolve()):
        raise Refusal("move_inside", where=str(folder))
    answer = backup(workspace, folder)
    with workspace.database.transaction():
        settings.write(workspace.database, MOVED, workspace.now())
    return answer


def moved_out(folder: Path) -> str:
    """Return when the records of a data folder moved away (RFC 3339), "" if they did not."""
    if not (folder / DATABASE_NAME).is_file():
        return ""
    with closing(Database(folder / DATABASE_NAME, readonly=True)) as database:
        return settings.read(database, MOVED)


def stay(folder: Path, clock: Clock) -> str:
    """Go on here after all; returns the new incarnation.

    The file may have been opened elsewhere all the same: with an incarnation of its own for either
    computer, what both write stands side by side.
    """
    with Workspace(folder, clock, write=True, even_moved=True) as workspace:
        if not settings.read(workspace.database, MOVED):
            return workspace.inc
        with workspace.database.transaction():
            settings.write(workspace.database, MOVED, "")
            return workspace.renew_incarnation()
