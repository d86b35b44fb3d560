"""Commands for carrying files: what lies in a folder, which sticks there are, sending to one."""

from pathlib import Path
from typing import Any, Final

import click

from learnsite_desktop.cli.codes import code_reader, pause_of
from learnsite_desktop.cli.failures import refusal_object
from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import sticks, transports
from learnsite_desktop.services.sending import Sent, send_file, send_packed
from learnsite_desktop.services.updates.carrying import Along, put_along
from learnsite_desktop.services.workspace import Workspace

_PATH = click.Path(path_type=Path, readable=False)
MOST_ON_A_DRIVE: Final = 50


@click.argument("folder", type=_PATH, metavar="DIR")
@click.option("--pictures", is_flag=True, help=N_("The folder holds photos of numbered pictures."))
@command("inbox", N_("List what lies in a folder and could be received."))
def inbox(invocation: Invocation, *, folder: Path, pictures: bool) -> dict[str, Any]:
    """List what lies in a folder; nothing is taken in."""
    read = code_reader() if pictures else None
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        place = transports.place_at(workspace, folder, read=read)
        found = transports.lying_in(workspace, place, pause=pause_of(invocation.clock))
    return {"files": [lying_row(one) for one in found], "total": len(found)}


@command("drives", N_("List the USB sticks plugged in and what lies on them."))
def drives(invocation: Invocation) -> dict[str, Any]:
    """List sticks."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        rows = sticks.list_drives(workspace, MOST_ON_A_DRIVE)
    for row in rows:
        row["files"] = [lying_row(one) for one in row["files"]]
    return {"drives": rows}


def lying_row(one: transports.Lying) -> dict[str, Any]:
    """Return a file that lies somewhere as an answer tells of it."""
    return {
        "file": one.candidate.name,
        "path": str(one.candidate.path),
        "state": one.state,
        "size": one.candidate.size,
        "at": one.at,
        "copies": one.candidate.copies,
        "kind": one.kind or None,
        "from": one.from_unit or None,
        "bundle_id": one.summary.bundle_id if one.summary else None,
        "program": one.program or None,
        "error": refusal_object(one.refusal) if one.refusal else None,
    }


@click.argument("file", type=_PATH, metavar="FILE", required=False)
@click.option("--to", "unit", metavar="CODE", help=N_("Pack what this unit lacks and send that."))
@click.option("--drive", metavar="NAME", help=N_("The stick that it goes to."))
@click.option("--folder", type=_PATH, metavar="DIR", help=N_("The folder that it goes to."))
@command("send", N_("Copy a packed file to a stick or folder, and read it back."))
def send(
    invocation: Invocation,
    *,
    file: Path | None,
    unit: str | None,
    drive: str | None,
    folder: Path | None,
) -> dict[str, Any]:
    """Send a file; where copying fails the file stays in the outbox and can be sent again."""
    if (file is None) == (unit is None):
        raise Refusal("send_what_unclear")
    if (drive is None) == (folder is None):
        raise Refusal("send_place_unclear")
    target = folder.expanduser().absolute() if folder else sticks.drive_named(drive or "")
    if file is not None:
        return _sent(send_file(file, target))
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        sent = send_packed(workspace, unit or "", target, progress=invocation.progress)
        along = put_along(workspace, unit or "", target) if sent.trouble is None else Along()
        return {**_sent(sent), "programs": list(map(str, along.files))}


def _sent(sent: Sent) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "ok": sent.trouble is None,
        "path": str(sent.file),
        "copy": str(sent.copy) if sent.copy else None,
        "bytes": sent.size,
        "sha256": sent.digest.hex(),
    }
    if sent.trouble is not None:
        answer["error"] = refusal_object(sent.trouble)
    return answer
