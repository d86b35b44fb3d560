"""``learner import`` and ``ledger import``: tables that people hand in."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.failures import refusal_object
from learnsite_desktop.cli.frame import section
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.cli.learner import learner
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services import roster
from learnsite_desktop.services.safekeeping import safely
from learnsite_desktop.services.workspace import Workspace

__all__ = ["learner", "ledger"]

ledger = section("ledger", N_("Ledgers: import past activities with their head-counts."))

_MAP_HELP = N_("What a column is: HEADING=FIELD or C=FIELD; C= leaves it out.")
_FAULTS_HELP = N_("Write a coloured copy with the reasons of faults.")
_SHEET_HELP = N_("Read only this sheet.")


@learner.command("import", help=N_("Take learners from a table of Excel, WPS or CSV."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@click.option("--dry-run", is_flag=True, help=N_("Only show what would be done."))
@click.option("--activity", default="", metavar="REF", help=N_("Enrol them in this activity."))
@click.option("--map", "maps", multiple=True, metavar="C=FIELD", help=_MAP_HELP)
@click.option(
    "--faults",
    type=click.Path(path_type=Path, readable=False),
    metavar="OUT.xlsx",
    help=_FAULTS_HELP,
)
@click.option("--sheet", "sheets", multiple=True, metavar="NAME", help=_SHEET_HELP)
@click.option("--unit", default="", metavar="CODE")
@click.option("--as-of", default="", metavar="DATE", help=N_("Day on which ages were counted."))
@click.option("--joined", default="", metavar="DATE", help=N_("Day of enrolment."))
@click.option(
    "--decide",
    "decided",
    multiple=True,
    metavar="ROW=ID",
    help=N_("Who a row is: SHEET!ROW=ID of a learner, or =new."),
)
def import_(
    invocation: Invocation, *, file: Path, dry_run: bool, faults: Path | None, **options: Any
) -> Result:
    """Import learners, and with an activity its roster."""
    target = roster.Target(
        kind="roster" if options["activity"] else "learners",
        unit=options["unit"],
        activity=options["activity"],
        as_of=_day(options["as_of"]),
        joined=_day(options["joined"]),
        sheets=options["sheets"],
    )
    table = roster.open_table(file)
    decisions = dict(cell_decision(text, table) for text in options["decided"])
    return _run(invocation, table, target, _mapping(options["maps"]), decisions, dry_run, faults)


@ledger.command("import", help=N_("Take past activities with head-counts from a table."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@click.option("--dry-run", is_flag=True, help=N_("Only show what would be done."))
@click.option("--site", default="", metavar="REF", help=N_("Site of the activities."))
@click.option("--map", "maps", multiple=True, metavar="C=FIELD", help=_MAP_HELP)
@click.option(
    "--faults",
    type=click.Path(path_type=Path, readable=False),
    metavar="OUT.xlsx",
    help=_FAULTS_HELP,
)
@click.option("--sheet", "sheets", multiple=True, metavar="NAME", help=_SHEET_HELP)
@click.option("--unit", default="", metavar="CODE")
@click.option("--start", default="09:00", metavar="HH:MM", help=N_("Start, where it is not said."))
@click.option("--minutes", default=90, metavar="N", help=N_("Length, where it is not said."))
@click.option("--kind", default="03", metavar="KIND", help=N_("Kind, where it is not said."))
@click.option("--edu-kind", "edu_kinds", multiple=True, default=("50",), metavar="CODE")
@click.option("--topic", "topics", multiple=True, default=("99",), metavar="CODE")
@click.option("--delivery", default="10", metavar="CODE")
def import_ledger(
    invocation: Invocation, *, file: Path, dry_run: bool, faults: Path | None, **options: Any
) -> Result:
    """Import a ledger of past activities."""
    kept = ("unit", "site", "sheets", "start", "minutes", "edu_kinds", "topics", "delivery")
    target = roster.Target(
        kind="ledger",
        activity_kind=options["kind"],
        **{name: options[name] for name in kept},
    )
    table = roster.open_table(file)
    return _run(invocation, table, target, _mapping(options["maps"]), {}, dry_run, faults)


def _run(
    invocation: Invocation,
    table: roster.Table,
    target: roster.Target,
    mapping: dict[str, str],
    decisions: roster.Decisions,
    dry_run: bool,  # noqa: FBT001
    faults: Path | None,
) -> Result:
    """Preview the table, take it unless it is a dry run, and answer."""
    with Workspace(invocation.folder, invocation.clock, write=not dry_run) as workspace:
        seen = roster.preview(
            workspace,
            table,
            target,
            mapping=mapping,
            decisions=decisions,
            progress=invocation.progress,
        )
        operations: dict[str, Any] = {"operations": 0, "change": None}
        if not dry_run:
            safely(workspace, "import")
            taken = roster.take(
                workspace, seen, operator=invocation.operator, progress=invocation.progress
            )
            seen = taken.preview
            operations = {
                "operations": taken.change.operations,
                "change": taken.change.change or None,
            }
    answer = {**_answer(seen), **operations}
    return with_faults(answer, seen, table, faults, dry_run=dry_run)


def with_faults(
    answer: dict[str, Any],
    seen: roster.Preview,
    table: roster.Table,
    faults: Path | None,
    *,
    dry_run: bool,
) -> Result:
    """End the answer about a table read: the coloured copy if asked for, and a refusal by count."""
    if faults is not None:
        roster.write_faults(seen, faults)
        answer["path"] = str(faults)
    if not seen.faults:
        return answer
    code = "roster_faults_found" if dry_run else "roster_faults"
    refusal = Refusal(code, where=table.path.name, count=seen.faulty_rows)
    return {"ok": False, "error": refusal_object(refusal), **answer}


def _answer(seen: roster.Preview) -> dict[str, Any]:
    kinds = ("activity", "session") if seen.target.kind == "ledger" else ("learner", "enrolment")
    counts = {
        outcome: {kind: found.get(kind, 0) for kind in kinds}
        for outcome, found in seen.counts.items()
    }
    return {
        **counts,
        "faults": [fault.shown(render) for fault in seen.faults],
        "notes": [note.shown(render) for note in seen.notes],
        "skipped": [
            {"sheet": row.sheet, "row": row.row, "why": render(row.why, {})} for row in seen.skipped
        ],
        "columns": [
            {
                "sheet": column.sheet,
                "column": column.letter,
                "heading": column.heading,
                "field": column.field,
                "score": column.score,
            }
            for block in seen.blocks
            for column in block.columns
        ],
    }


def _day(text: str) -> date | None:
    if not text:
        return None
    found = as_date(text)
    if found is None:
        raise click.UsageError(
            render(N_("%(value)s is not a date such as 2026-03-31"), {"value": text})
        )
    return found


def _mapping(texts: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.rpartition("=") for text in texts]
    if any(not equals for _key, equals, _field in pairs):
        raise click.UsageError(render(_MAP_HELP, {}))
    return {key.strip(): field.strip() for key, _equals, field in pairs}


def cell_decision(
    text: str, table: roster.Table
) -> tuple[tuple[str, int] | tuple[str, int, str], str]:
    """Return the place and the answer of ``SHEET!ROW=ANSWER`` or ``SHEET!CELL=ANSWER``."""
    place, equals, who = text.partition("=")
    sheet, _mark, cell = place.rpartition("!")
    found = re.fullmatch(r"([A-Za-z]{0,3})([0-9]{1,7})", cell.strip())
    known = not sheet or any(one.name == sheet for one in table.sheets)
    if not equals or found is None or not known:
        raise click.UsageError(render(N_("Write SHEET!ROW=ID or SHEET!ROW=new."), {}))
    where = (sheet or table.sheets[0].name, int(found[2]))
    return (*where, found[1].upper()) if found[1] else where, who.strip()
