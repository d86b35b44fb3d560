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
@click.option("--limit", type=click.IntRange(min=0), default=None)
@click.option("--offset", type=click.IntRange(min=0), default=0)
def list_(
    invocation: Invocation, *, query: str, unit: str, reveal: bool, limit: int | None, offset: int
) -> Result:
    """List learners."""
    with Workspace(invocation.folder, invocation.clock, write=reveal) as workspace:
        found = learners.list_learners(
            workspace, query=query, unit=unit, reveal=reveal, operator=invocation.operator
        )
    end = None if limit is None else offset + limit
    return {"learners": found[offset:end], "total": len(found)}


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
