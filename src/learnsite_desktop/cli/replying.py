"""The command that answers all whose files came: a receipt file for each."""

from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.failures import refusal_object
from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import replying, units
from learnsite_desktop.services.workspace import Workspace

_FOLDER = click.Path(path_type=Path, readable=False)


@click.argument("codes", nargs=-1, metavar="CODE…")
@click.option("--out", type=_FOLDER, default=None, metavar="DIR",
              help=N_("Also copy the files there."))  # fmt: skip
@command("reply", N_("Write receipts for all units below whose files came since the last."))
def reply(invocation: Invocation, *, codes: tuple[str, ...], out: Path | None) -> dict[str, Any]:
    """Write receipts for the units named, or for all that wait for one."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        for code in codes:
            units.require_unit(workspace, code)
        wanted = list(codes) or replying.units_to_answer(workspace)
        to = {code: out.expanduser().absolute() for code in wanted} if out is not None else {}
        found = replying.reply(workspace, wanted, to, progress=invocation.progress)
    rows = [_row(one) for one in found.done]
    failed = [row for row in rows if row["error"]]
    answer: dict[str, Any] = {"ok": not failed, "files": rows, "total": len(rows)}
    if failed:
        answer["error"] = failed[0]["error"]
    return answer


def _row(one: replying.Reply) -> dict[str, Any]:
    return {
        "unit": one.unit,
        "number": one.number or None,
        "path": str(one.file) if one.file else None,
        "copy": str(one.copy) if one.copy else None,
        "error": refusal_object(one.trouble) if one.trouble else None,
    }
