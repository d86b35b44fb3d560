"""Passing newer programs on: the file goes beside the files for a unit, once for a whole stick.

An update file is the same for everybody and not sealed, so that one copy on a stick serves every
village that the stick comes to. A unit says in its receipts which version it has; one that has it
is given nothing more.
"""

from dataclasses import dataclass, field
from pathlib import Path

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.documents import Receipt
from learnsite_desktop.oplog.releases import version_of
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.receipts import live_receipts
from learnsite_desktop.services.transports import carrier
from learnsite_desktop.services.updates.files import SUFFIX
from learnsite_desktop.services.updates.held import PROGRAM, Held, held_here
from learnsite_desktop.services.updates.running import Running
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.board import children


@dataclass(slots=True)
class Along:
    """Update files put into folders; `trouble` says why one could not be, the rest stands."""

    files: list[Path] = field(default_factory=list)
    trouble: Refusal | None = None
    seen: set[tuple[Path, Path]] = field(default_factory=set)


def wanted_by(workspace: Workspace, unit: str, here: Running | None = None) -> list[Held]:
    """Return what lies here and a unit below, or another computer of this one, may lack.

    A unit that passes files on has what lies there; one that does not has it too when it runs that
    version, whatever its computer is.
    """
    database = workspace.database
    if unit != workspace.unit and not lookups.is_within(database, unit, workspace.unit):
        return []
    found = held_here(workspace, here)
    if not found:
        return []
    receipts = live_receipts(workspace, unit, unit)
    passes_on = bool(children(database, unit))
    newest = {one.release.platform: one.number for one in reversed(found)}
    wanted = []
    for one in found:
        is_step = one.number < newest[one.release.platform]
        has = (_has(said, one, is_step=is_step, passes_on=passes_on) for said in receipts)
        if one.number > min(has, default=0):
            wanted.append(one)
    return wanted


def _has(receipt: Receipt, held: Held, *, is_step: bool, passes_on: bool) -> int:
    """Return the version that a computer has of what lies here, as a number.

    `is_step`: a newer one lies here that some computers can only install after this one.
    """
    name = f"{PROGRAM}.{held.release.platform}"
    lies = receipt.counts.get(name, 0)
    if passes_on and is_step and lies != held.number:
        return receipt.counts.get(f"{name}.{held.version}", 0)
    if passes_on:
        return lies
    return max(
        (count for name, count in receipt.counts.items() if name.split(".")[0] == PROGRAM),
        default=0,
    )


def version_below(workspace: Workspace, unit: str) -> str:
    """Return the oldest version that a computer of a unit says it runs, "" while none says so."""
    receipts = live_receipts(workspace, unit, unit)
    least = min((said.counts.get(PROGRAM, 0) for said in receipts), default=0)
    return version_of(least) if least else ""


def put_along(
    workspace: Workspace,
    unit: str,
    folder: Path,
    along: Along | None = None,
    here: Running | None = None,
) -> Along:
    """Put what a unit may lack into the folder where its file goes; the same file only once.

    One that cannot be copied is told and stops nothing: the unit's own file is what counts.
    """
    along = along or Along()
    if folder.resolve().is_relative_to(workspace.folder.resolve()):
        return along
    for one in wanted_by(workspace, unit, here):
        place = (folder, one.update.path)
        if place in along.seen:
            continue
        along.seen.add(place)
        try:
            name = f"{one.release.name}{SUFFIX}"
            along.files.append(carrier(folder).put(one.update.path, name))
        except (Refusal, OSError) as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            along.trouble = along.trouble or refusal
    return along
