"""Commands of trust: who is enrolled, enrolling, revoking, the way back of a root key."""

from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.cli.listings import listing
from learnsite_desktop.cli.printer import pdf_printer
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services import devices, recovering, recovery_proof, revoking
from learnsite_desktop.services.introductions import write_introduction
from learnsite_desktop.services.regions import read_regions
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace

_FOLDER = click.Path(path_type=Path, readable=False)
_DATE = click.DateTime(["%Y-%m-%d"])

devices_ = listing("devices", N_("List the computers known here."), "devices", devices.list_devices)


@click.argument("name", metavar="ID")
@click.option("--for", "unit", default="", metavar="CODE", help=N_("Also let it enter for a unit."))
@click.option("--since", type=_DATE, default=None, metavar="DATE", help=N_("From this day on."))
@click.option("--until", type=_DATE, default=None, metavar="DATE", help=N_("The last such day."))
@command("certify", N_("Enrol a computer of a unit below."))
def certify(
    invocation: Invocation, *, name: str, unit: str, since: Any, until: Any
) -> dict[str, Any]:
    """Certify a device, or let it enter for another unit."""
    if bool(unit) != (since is not None) or (until is not None and not unit):
        raise click.UsageError(render(N_("Give --for and --since together."), {}))
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        first, last = (day.date().isoformat() if day else "" for day in (since, until))
        done = devices.certify(workspace, name, entering_for=unit, since=first, until=last)
        return {"device": done, "devices": devices.list_devices(workspace)}


@click.argument("name", metavar="ID")
@click.option(
    "--at",
    default="",
    metavar="HEADS",
    help=N_("Up to where it is trusted: CODE:NUMBER:HASH,… or “nothing”."),
)
@click.option("--why", default="", metavar="TEXT")
@click.option(
    "--out",
    type=_FOLDER,
    default=None,
    metavar="DIR",
    help=N_("Also write a file by which others learn of it at once."),
)
@command("revoke", N_("Revoke a computer: what it wrote so far stands, nothing after."))
def revoke(
    invocation: Invocation, *, name: str, at: str, why: str, out: Path | None
) -> dict[str, Any]:
    """Revoke a device."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        done = revoking.revoke(
            workspace, name, at=at, why=why, out=out, operator=invocation.operator
        )
        return {
            "device": done.device,
            "heads": [":".join(map(str, head)) for head in done.heads],
            "held_apart": done.held_apart,
            "new": done.certificate,
            **({"path": str(done.path)} if done.path else {}),
            "devices": devices.list_devices(workspace),
        }


@click.option("--why", default="", metavar="TEXT", help=N_("What it is wanted for; it is noted."))
@click.option("--out", type=_FOLDER, default=None, metavar="FILE.pdf", help=N_("Write a page."))
@click.option(
    "--confirm", default="", metavar="N=GROUP", help=N_("Type a group back from the page.")
)
@command("recovery-code", N_("Show or print the recovery code of the root key."))
def recovery_code(
    invocation: Invocation, *, why: str, out: Path | None, confirm: str
) -> dict[str, Any]:
    """Show the recovery code, write the page with it, or take a group typed back as proof."""
    if confirm:
        return _confirmed(invocation, confirm)
    printer = pdf_printer() if out else None
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        asked = {"why": why, "operator": invocation.operator}
        if out is None or printer is None:
            return {"code": recovering.recovery_code(workspace, **asked)}
        recovering.print_recovery_code(workspace, out, printer, **asked)
    return {"path": str(out)}


def _confirmed(invocation: Invocation, text: str) -> dict[str, Any]:
    number, equals, group = text.partition("=")
    if not equals or not number.strip().isdigit():
        raise click.UsageError(
            render(N_("Write the number of the group and the group: 3=ABCDE"), {})
        )
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        done = recovery_proof.confirm_typed(
            workspace, int(number), group, operator=invocation.operator
        )
    return {"confirmed": done.at}


@click.option("--unit", "units", multiple=True, default=(), metavar="CODE")
@click.option("--out", required=True, type=_FOLDER, metavar="DIR")
@command("introduction", N_("Write the certificates of computers, for whom no file fits yet."))
def introduction(invocation: Invocation, *, units: tuple[str, ...], out: Path) -> dict[str, Any]:
    """Write an introduction file: own unit, those above, and the named ones."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        for unit in units:
            require_unit(workspace, unit)
        return {"path": str(write_introduction(workspace, out, units))}


@click.option("--code", required=True, metavar="CODE|-", help=N_("As printed; - reads it."))
@click.option("--unit", required=True, metavar="CODE")
@click.option("--out", required=True, type=_FOLDER, metavar="DIR")
@click.option("--regions", type=_FOLDER, default=None, metavar="CSV")
@command("recover", N_("Found the topmost unit again with its recovery code."))
def recover(
    invocation: Invocation, *, code: str, unit: str, out: Path, regions: Path | None
) -> dict[str, Any]:
    """Recover a founder's workspace; `path` is the file for the units below."""
    if code == "-":
        code = invocation.stdin.readline().decode("utf-8", "replace")
    tree = read_regions(regions) if regions else None
    folder, clock = invocation.folder, invocation.clock
    found = recovering.recover(folder, clock, out, code=code, unit=unit, tree=tree)
    return {**found.opened, "path": str(found.introduction)}
