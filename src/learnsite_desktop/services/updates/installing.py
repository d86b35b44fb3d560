"""Going on with a newer program: a backup first, then the installer and what to do with it.

What needs the rights of an administrator is never done by the program; it says the one next step.
A portable program is unpacked beside the one that runs, never among the records: a data folder may
be moved, or thrown away with what lies in it, and a program must not go with it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any, Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.releases import PLATFORMS
from learnsite_desktop.platform.durable import make_folder
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.platform.packaged import program_folder
from learnsite_desktop.services.backups import automatic
from learnsite_desktop.services.updates.carrying import version_below
from learnsite_desktop.services.updates.files import write_installer
from learnsite_desktop.services.updates.held import (
    FOLDER,
    Held,
    clear_installers,
    held_here,
    newest_for_here,
)
from learnsite_desktop.services.updates.running import Running, running
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.board import children
from learnsite_desktop.store.figures import unit_name

_CLOSE: Final = N_("Close this program on this computer.")
_START: Final = N_(
    "Start the program again. It makes a copy of the records before it changes their form."
)
_STEPS: Final = {
    "deb-amd64": (
        _CLOSE,
        N_("Open %(path)s with the system's installer, or type in a terminal: %(command)s"),
        _START,
    ),
    "uos-amd64": (_CLOSE, N_("Open %(path)s with the system's installer of packages."), _START),
    "linux-x86_64": (
        _CLOSE,
        N_(
            "Unpack %(path)s into %(place)s, where it makes a folder of its own, or type in a "
            "terminal: %(command)s"
        ),
        N_("Start “learnsite” in that folder from now on; the old folder may then be deleted."),
        _START,
    ),
    "windows-x64": (
        _CLOSE,
        N_("Double-click %(path)s and follow it; no administrator is needed."),
        _START,
    ),
}
_COMMANDS: Final[dict[str, Callable[[Path, Path], str]]] = {
    "deb-amd64": lambda path, _place: f"sudo apt install {quote(str(path))}",
    "linux-x86_64": lambda path, place: f"tar --zstd -xf {quote(str(path))} -C {quote(str(place))}",
}


@dataclass(frozen=True, slots=True)
class Ready:
    """An installer that was written out, the backup made before, and what is to be done next.

    `command` is one line for a terminal, "" where none is needed.
    """

    version: str
    platform: str
    path: Path
    backup: Path
    command: str
    steps: tuple[str, ...]


def prepare(
    workspace: Workspace, folder: Path | None = None, *, here: Running | None = None
) -> Ready:
    """Make a backup, then write out the installer of the newest program for this computer.

    It goes into `folder`, else beside the update files, from where nothing is unpacked into the
    same place: see `unpacking_place`. Refuses `update_none` when nothing newer
    for this computer lies here, what a backup does, and `update_damaged`: then it lies here no
    longer. Raises OSError.
    """
    found = newest_for_here(workspace, here)
    if found is None:
        raise Refusal("update_none", where=(here or running()).version)
    made = automatic(workspace, reason="update")
    assert made is not None  # noqa: S101 - for this reason always
    target = folder or workspace.subfolder(FOLDER)
    if folder is None:
        clear_installers(target)
    make_folder(target)
    try:
        path = write_installer(found.update, target.absolute())
    except Refusal as refusal:
        if refusal.code == "update_damaged":
            found.update.path.unlink(missing_ok=True)  # the next copy is then taken in as new
        raise
    platform = found.release.platform
    place = path.parent if folder else unpacking_place(workspace)
    command = command_for(platform, path, place)
    steps = steps_for(platform, path, place)
    return Ready(found.version, platform, path, made.path, command, steps)


def unpacking_place(workspace: Workspace) -> Path:
    """Return where a portable program is unpacked: beside the one that runs, else at home.

    Beside it is not possible where nobody may write, nor wanted where the records lie.
    """
    beside = program_folder().parent
    ours = beside.resolve().is_relative_to(workspace.folder.resolve())
    return Path.home() if ours or not os.access(beside, os.W_OK) else beside


def command_for(platform: str, path: Path, place: Path) -> str:
    """Return the line for a terminal that installs it, "" where a double click does."""
    return _COMMANDS[platform](path, place) if platform in _COMMANDS else ""


def steps_for(platform: str, path: Path, place: Path) -> tuple[str, ...]:
    """Return what is to be done with an installer, step by step."""
    command = command_for(platform, path, place)
    said = {"path": str(path), "place": str(place), "command": command}
    return tuple(render(_(step), said) for step in _STEPS[platform])


def list_updates(workspace: Workspace, *, here: Running | None = None) -> dict[str, Any]:
    """Return what runs here, what lies here and for whom, and what the units below say they run."""
    here = here or running()
    return {
        "running": here.version,
        "platform": here.platform or None,
        "publishers": len(here.publishers),
        "updates": [_row(one) for one in held_here(workspace, here)],
        "below": [
            {
                "unit": code,
                "name": unit_name(workspace.database, code),
                "version": version_below(workspace, code) or None,
            }
            for code, _name in children(workspace.database, workspace.unit)
        ],
    }


def _row(one: Held) -> dict[str, Any]:
    release = one.release
    return {
        "version": release.version,
        "platform": release.platform,
        "name": release.name,
        "size": release.size,
        "at": release.at,
        "follows": release.follows,
        "schema": release.schema,
        "for_here": one.refusal is None,
        "why": one.refusal.code if one.refusal else None,
    }


assert _STEPS.keys() == PLATFORMS.keys()  # noqa: S101 - each package has its steps
