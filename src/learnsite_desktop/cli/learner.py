"""``learner``: what concerns single persons."""

import click

from learnsite_desktop.cli.frame import section
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services import identity, learners
from learnsite_desktop.services.workspace import Workspace

learner = section("learner", N_("Learners: check numbers, list and import persons."))


@learner.command("list", help=N_("List persons; private values are masked unless revealed."))
@click.option("--query", default="", metavar="Q")
@click.option("--unit", default="", metavar="CODE")
@click.option("--reveal", is_flag=True, help=N_("Show private values; that is noted."))
@click.option("--why", default="", metavar="TEXT", help=N_("What they are needed for."))
@click.option("--limit", type=click.IntRange(min=0), default=None)
@click.option("--offset", type=click.IntRange(min=0), default=0)
def list_(
    invocation: Invocation,
    *,
    query: str,
    unit: str,
    reveal: bool,
    why: str,
    limit: int | None,
    offset: int,
) -> Result:
    """List learners; only those shown are noted as revealed."""
    if why and not reveal:
        raise click.UsageError(render(N_("--why goes with --reveal."), {}))
    end = None if limit is None else offset + limit
    with Workspace(invocation.folder, invocation.clock, write=reveal) as workspace:
        found = learners.find_learners(workspace, query, unit)
        if reveal:
            shown = learners.reveal_learners(
                workspace,
                found[offset:end],
                asked={"query": query, "unit": unit},
                operator=invocation.operator,
                why=why,
            )
        else:
            shown = learners.show_learners(workspace, found[offset:end])
    return {"learners": shown, "total": len(found)}


@learner.command("reveals", help=N_("List who looked at private values, and why."))
def reveals(invocation: Invocation) -> Result:
    """List what was revealed."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return {"reveals": learners.list_reveals(workspace)}


@learner.command("check", help=N_("Check an ID number, credit code or phone number."))
@click.argument("kind", type=click.Choice(identity.KINDS))
@click.argument("value")
def check(invocation: Invocation, *, kind: str, value: str) -> Result:
    """Check one number; an invalid one is an answer, not a refusal.

    ``upgrade`` is the 18-digit form of an old ID number, null for everything else.
    """
    found = identity.check(kind, value, invocation.clock.now().date())
    return {
        "result": found.result,
        "normalised": found.normalised or None,
        "upgrade": found.upgrade or None,
        "issues": [issue.shown(render) for issue in found.issues],
    }
