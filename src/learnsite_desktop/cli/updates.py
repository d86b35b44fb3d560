"""Commands for newer programs: what lies here, and making ready to install it."""

from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services.updates import installing
from learnsite_desktop.services.workspace import Workspace


@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help=N_("With --install: write it there."))  # fmt: skip
@click.option("--install", is_flag=True,
              help=N_("Back up, write the installer out and say the next step."))  # fmt: skip
@command("updates", N_("List newer programs that came, or make ready to install one."))
def updates(invocation: Invocation, *, install: bool, out: Path | None) -> dict[str, Any]:
    """List what lies here; nothing that needs an administrator is done."""
    if out is not None and not install:
        raise click.UsageError(render(N_("Give --out together with --install."), {}))
    with Workspace(invocation.folder, invocation.clock, write=install) as workspace:
        if not install:
            return installing.list_updates(workspace)
        ready = installing.prepare(workspace, out)
    return {
        "version": ready.version,
        "platform": ready.platform,
        "path": str(ready.path),
        "backup": str(ready.backup),
        "command": ready.command or None,
        "steps": list(ready.steps),
    }
