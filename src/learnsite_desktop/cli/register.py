"""``register issue`` and ``register read``: workbooks for villages that cannot run the program."""

from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.frame import section
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.cli.tables import cell_decision, with_faults
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services import register_book, roster
from learnsite_desktop.services.register_book.reading import counted
from learnsite_desktop.services.reveals import require_reason
from learnsite_desktop.services.safekeeping import safely
from learnsite_desktop.services.workspace import Workspace

register = section("register", N_("Registers for villages without this program: workbooks."))


@register.command("issue", help=N_("Write the register of a unit, to be filled in elsewhere."))
@click.argument("unit", metavar="UNIT")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR|FILE.xlsx")
@click.option("--period", default="", metavar="P")
@click.option("--rows", default=60, metavar="N", help=N_("Blank rows for new learners."))
@click.option("--reveal", is_flag=True, help=N_("Phones and addresses in full; this is noted."))
@click.option("--why", default="", metavar="TEXT", help=N_("What they are revealed for."))
def issue(
    invocation: Invocation, *, unit: str, out: Path, period: str, rows: int, reveal: bool, why: str
) -> Result:
    """Write a register book."""
    if why and not reveal:
        raise click.UsageError(render(N_("--why goes with --reveal."), {}))
    reason = require_reason(why, "--why") if reveal else ""
    with Workspace(invocation.folder, invocation.clock, write=reveal) as workspace:
        issued = register_book.issue(
            workspace,
            unit,
            out,
            period=period,
            spare=rows,
            why=reason,
            operator=invocation.operator,
            progress=invocation.progress,
        )
    return register_book.brief(issued)


@register.command("read", help=N_("Take a register that came back filled in."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@click.option("--dry-run", is_flag=True, help=N_("Only show what would be done."))
@click.option(
    "--faults",
    type=click.Path(path_type=Path, readable=False),
    metavar="OUT.xlsx",
    help=N_("Write a coloured copy with the reasons of faults."),
)
@click.option("--unit", default="", metavar="CODE", help=N_("Refuse the register of another unit."))
@click.option(
    "--decide",
    "decided",
    multiple=True,
    metavar="CELL=ANSWER",
    help=N_("SHEET!CELL=file or =kept; who a row is: SHEET!ROW=ID of a learner, or =new."),
)
def read(
    invocation: Invocation,
    *,
    file: Path,
    dry_run: bool,
    faults: Path | None,
    unit: str,
    decided: tuple[str, ...],
) -> Result:
    """Look at a filled book, take it unless it is a dry run, and answer."""
    table = roster.open_table(file)
    decisions = dict(cell_decision(text, table) for text in decided)
    operations: dict[str, Any] = {"operations": 0, "change": None}
    with Workspace(invocation.folder, invocation.clock, write=not dry_run) as workspace:
        seen = register_book.preview(
            workspace, table, unit=unit, decisions=decisions, progress=invocation.progress
        )
        if not dry_run:
            safely(workspace, "import")
            taken = register_book.take(
                workspace, seen, operator=invocation.operator, progress=invocation.progress
            )
            seen = taken.preview
            change = taken.change
            operations = {"operations": change.operations, "change": change.change or None}
    header, _stubs = register_book.read_identity(table)
    answer: dict[str, Any] = {
        "register": header.id,
        "unit": header.unit,
        "unit_name": header.unit_name,
        "period": header.period,
        "issued_at": header.issued_at,
        **counted(seen),
        "faults": [
            {**fault.shown(render), "candidates": list(fault.candidates)} for fault in seen.faults
        ],
        "notes": [note.shown(render) for note in seen.notes],
        "skipped": [
            {"sheet": row.sheet, "row": row.row, "why": render(row.why, {})} for row in seen.skipped
        ],
        **operations,
    }
    return with_faults(answer, seen, table, faults, dry_run=dry_run)
