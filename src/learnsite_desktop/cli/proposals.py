"""``proposals``: changes of the region tree that a unit asks its keeper for."""

from datetime import datetime
from typing import Any

import click

from learnsite_desktop.cli.frame import section
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import region_proposals as service
from learnsite_desktop.services.region_deeds import DEEDS, Given
from learnsite_desktop.services.workspace import Workspace

_DAY = click.DateTime(["%Y-%m-%d"])
_STATES = (service.OPEN, service.TAKEN, service.REFUSED)

proposals = section("proposals", N_("Propose changes of the region tree, and decide on them."))


@click.option("--state", type=click.Choice(_STATES), default=None)
@proposals.command("list", help=N_("List what was proposed and what became of it."))
def list_(invocation: Invocation, *, state: str | None) -> dict[str, Any]:
    """List proposals."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return {"proposals": [one.as_row() for one in service.proposals(workspace, state or "")]}


@click.argument("unit", metavar="CODE")
@click.argument("deed", type=click.Choice(DEEDS))
@click.option("--on", "on", required=True, type=_DAY, metavar="DATE")
@click.option("--code", default="", metavar="CODE", help=N_("Code of the new unit."))
@click.option("--name", default="", metavar="NAME", help=N_("Its new name."))
@click.option("--kind", default="", metavar="KIND")
@click.option("--parent", default="", metavar="CODE")
@click.option("--into", default="", metavar="CODE")
@click.option("--part", "parts", multiple=True, metavar="CODE=NAME")
@click.option("--why", default="", metavar="TEXT")
@proposals.command("make", help=N_("Propose a change to whoever keeps the region tree."))
def make(  # noqa: PLR0913 - one for each option
    invocation: Invocation,
    *,
    deed: str,
    unit: str,
    on: datetime,
    code: str,
    name: str,
    kind: str,
    parent: str,
    into: str,
    parts: tuple[str, ...],
    why: str,
) -> dict[str, Any]:
    """Propose a change."""
    given = Given(
        code=code,
        name=name,
        kind=kind,
        parent=parent,
        into=into,
        parts="\n".join(parts),
        on=on.date(),
    )
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        record, done = service.propose(
            workspace, deed, unit, given, why=why, operator=invocation.operator
        )
    return {"proposal": record, "change": done.change or None, "operations": done.operations}


@click.argument("record", metavar="PROPOSAL")
@proposals.command("take", help=N_("Make the change that was proposed."))
def take(invocation: Invocation, *, record: str) -> dict[str, Any]:
    """Take a proposal over into the tree."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        return service.take(workspace, record, operator=invocation.operator)


@click.argument("record", metavar="PROPOSAL")
@click.option("--why", required=True, metavar="TEXT")
@proposals.command("refuse", help=N_("Refuse a proposal with a reason."))
def refuse(invocation: Invocation, *, record: str, why: str) -> dict[str, Any]:
    """Refuse a proposal."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        done = service.refuse(workspace, record, why, operator=invocation.operator)
    return {"change": done.change or None, "operations": done.operations}
