"""Commands of who hands in: the board, the text that asks, the digest, files for units below."""

from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.failures import refusal_object
from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.cli.printer import pdf_printer
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform import i18n
from learnsite_desktop.services import board as boards
from learnsite_desktop.services import chase as chasing
from learnsite_desktop.services import contacts, relaying
from learnsite_desktop.services import digest as digests
from learnsite_desktop.services import supplements as changed_later
from learnsite_desktop.services.workspace import Workspace

_FILE = click.Path(path_type=Path, dir_okay=False)
_TEMPLATE = click.Path(path_type=Path, dir_okay=False, exists=True)
_MOST_TEXT = 64 * 1024
_FOLDER = click.Path(path_type=Path, file_okay=False)
_REVEAL = N_("Show private contacts in full; that is noted.")
_WHY = N_("What they are needed for.")


def _check_why(reveal: bool, why: str) -> None:  # noqa: FBT001
    if why and not reveal:
        raise click.UsageError(i18n.render(N_("--why goes with --reveal."), {}))


@click.option("--period", required=True, metavar="P")
@click.option("--months", type=click.IntRange(0, 36), default=boards.MONTHS, metavar="N",
              help=N_("So many months before it too (6)."))  # fmt: skip
@click.option("--unit", default="", metavar="CODE", help=N_("The own unit if not given."))
@click.option("--reveal", is_flag=True, help=_REVEAL)
@click.option("--why", default="", metavar="TEXT", help=_WHY)
@command("board", N_("Show how every unit below stands with its periods, and whom to ring."))
def board(
    invocation: Invocation, *, period: str, months: int, unit: str, reveal: bool, why: str
) -> dict[str, Any]:
    """Show the board."""
    _check_why(reveal, why)
    with Workspace(invocation.folder, invocation.clock, write=reveal) as workspace:
        found = boards.board(
            workspace,
            period,
            unit=unit,
            months=months,
            reveal=reveal,
            why=why,
            operator=invocation.operator,
        )
        return boards.board_answer(found, workspace.clock.now())


@click.option("--period", required=True, metavar="P")
@click.option("--unit", "units", multiple=True, metavar="CODE",
              help=N_("Only this one; repeatable."))  # fmt: skip
@click.option("--template", type=_TEMPLATE, default=None, metavar="FILE",
              help=N_("A text of your own with {month} {due} {count} {list} {unit}."))  # fmt: skip
@click.option("--reveal", is_flag=True, help=_REVEAL)
@click.option("--why", default="", metavar="TEXT", help=_WHY)
@command("chase", N_("Write the text that asks for what was not handed in."))
def chase(
    invocation: Invocation,
    *,
    period: str,
    units: tuple[str, ...],
    template: Path | None,
    reveal: bool,
    why: str,
) -> dict[str, Any]:
    """Write the text."""
    _check_why(reveal, why)
    text = _text_of(template) if template else ""
    with Workspace(invocation.folder, invocation.clock, write=reveal) as workspace:
        found = boards.board(
            workspace, period, months=0, reveal=reveal, why=why, operator=invocation.operator
        )
        return chasing.chase_answer(chasing.chase(found, units, template=text))


def _text_of(path: Path) -> str:
    """Return a text that somebody saved, by an editor of today or one of yesterday."""
    raw = path.read_bytes()[:_MOST_TEXT]
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise click.BadParameter(path.name)


@click.option("--period", required=True, metavar="P")
@click.option("--out", required=True, type=_FILE, metavar="FILE.pdf")
@command("digest", N_("Write the digest of a period as one page."))
def digest(invocation: Invocation, *, period: str, out: Path) -> dict[str, Any]:
    """Write the page."""
    printer = pdf_printer()
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return digests.write_digest(workspace, period, out, printer, progress=invocation.progress)


@click.argument("unit", metavar="CODE")
@click.option("--head", required=True, metavar="NAME")
@click.option("--phone", required=True, metavar="NUMBER")
@command("contact", N_("Write down whom to ring at a unit's site."))
def contact(invocation: Invocation, *, unit: str, head: str, phone: str) -> dict[str, Any]:
    """Write a work contact."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        done = contacts.set_contact(workspace, unit, head, phone, operator=invocation.operator)
    change = done.change
    return {"unit": unit, "change": change.change or None, "operations": change.operations}


@click.option("--out", default=None, type=_FOLDER, metavar="DIR",
              help=N_("Write a file for each of them there."))  # fmt: skip
@click.option("--unit", "units", multiple=True, metavar="CODE",
              help=N_("Only this one; repeatable."))  # fmt: skip
@command("relay", N_("Show what waits to go down to each unit below, or write the files."))
def relay(invocation: Invocation, *, units: tuple[str, ...], out: Path | None) -> dict[str, Any]:
    """Show what waits, or write files."""
    with Workspace(invocation.folder, invocation.clock, write=out is not None) as workspace:
        if out is None:
            return {"units": [one.answer() for one in relaying.waiting_below(workspace, units)]}
        made = relaying.write_below(workspace, out, units, progress=invocation.progress)
    rows = [_relayed(one) for one in made.done]
    answer: dict[str, Any] = {"ok": made.trouble is None, "files": rows, "total": len(rows)}
    if made.trouble is not None:
        answer["error"] = refusal_object(made.trouble)
    return answer


def _relayed(one: relaying.Relayed) -> dict[str, Any]:
    return {**one.answer(), "error": refusal_object(one.trouble) if one.trouble else None}


@click.option("--period", default="", metavar="P", help=N_("Every locked one if not given."))
@click.option("--unit", default="", metavar="CODE", help=N_("Only this unit and those below it."))
@command("supplements", N_("Show what was changed after its period was locked."))
def supplements(invocation: Invocation, *, period: str, unit: str) -> dict[str, Any]:
    """Show supplements, and where they are booked."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        rows = changed_later.supplements(workspace, period, unit)
    return {"items": [one.answer() for one in rows], "total": len(rows)}
