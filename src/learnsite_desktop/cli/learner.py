"""``learner``: what concerns single persons."""

import click

from learnsite_desktop.cli.frame import section
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services import identity

learner = section("learner", N_("Learners: check numbers, list and import persons."))


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
