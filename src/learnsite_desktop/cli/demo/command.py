"""`demo`: an invented county in a folder, with its figures and everything that was entered."""

from pathlib import Path

import click

from learnsite_desktop.cli.demo.cast import SCALES
from learnsite_desktop.cli.demo.driver import tell
from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.cli.main import run
from learnsite_desktop.domain.wording import N_


@command("demo", N_("Tell the story of an invented county in a new folder."))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--scale",
    type=click.Choice(sorted(SCALES)),
    default="small",
    help=N_("small: 8 villages, 3 months; county: all villages, 1 month."),
)
@click.option("--seed", type=int, default=1, help=N_("Another number tells another story."))
def demo(invocation: Invocation, *, folder: Path, scale: str, seed: int) -> Result:
    """Tell the story; every figure of the summary is what a command answered."""
    return tell(folder.resolve(), run=run, scale=scale, seed=seed, progress=invocation.progress)
