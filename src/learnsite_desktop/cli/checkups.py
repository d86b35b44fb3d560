"""Commands for whoever supports a computer from afar: check, diagnostics."""

from pathlib import Path
from typing import Any

import click

from learnsite_desktop import __version__
from learnsite_desktop.cli.failures import refusal_object
from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation, Worded
from learnsite_desktop.cli.printer import chinese_fonts, screen_facts
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services import checkup, diagnostics, health
from learnsite_desktop.services.workspace import Workspace


@click.option("--deep", is_flag=True, help=N_("Also rebuild everything from the log and compare."))
@command("check", N_("Check the database and what it holds."))
def check(invocation: Invocation, *, deep: bool) -> dict[str, Any]:
    """Check the workspace; in words it is a list of short lines to be read out."""
    fonts = None if invocation.json else chinese_fonts()
    try:
        with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
            found = health.check(workspace, deep=deep)
            findings = checkup.look_over(workspace, found, chinese_fonts=fonts)
    except Refusal as refusal:
        if invocation.json or refusal.code == "workspace_missing":
            raise
        answer: dict[str, Any] = {"ok": False, "error": refusal_object(refusal)}
        findings = [checkup.of_refusal(refusal)]
    else:
        lines = [one.shown() for one in findings]
        answer = {**found, "findings": lines, "ok": checkup.keeps_well(findings)}
    now = invocation.clock.now()
    return Worded(answer, "\n".join(checkup.spoken_lines(findings, now, __version__)))


@click.option(
    "--out", required=True, type=click.Path(path_type=Path, readable=False), metavar="FILE"
)
@click.option("--deep", is_flag=True, help=N_("Also rebuild everything from the log and compare."))
@command("diagnostics", N_("Write a file for whoever supports you, with nothing personal in it."))
def diagnostics_(invocation: Invocation, *, out: Path, deep: bool) -> dict[str, Any]:
    """Write the diagnostics pack; a folder that is named gets one under a name of ours."""
    path = out / diagnostics.name_at(invocation.clock.now()) if out.is_dir() else out
    pack = diagnostics.collect(
        invocation.folder, invocation.clock, screen=screen_facts(), deep=deep
    )
    size = diagnostics.write(pack, path)
    return {
        "path": str(path),
        "bytes": size,
        "members": [
            {"name": one.name, "title": _(one.title), "bytes": len(one.text)}
            for one in pack.members
        ],
    }
