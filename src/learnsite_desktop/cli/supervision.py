"""Commands of supervision: checklists, inspections, findings, clauses and their evidence."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import language
from learnsite_desktop.services.supervision import findings as service
from learnsite_desktop.services.supervision.evidence import write_evidence
from learnsite_desktop.services.supervision.rounds import (
    Verdict,
    inspect_unit,
    list_inspections,
)
from learnsite_desktop.services.supervision.rules import checklists as known_checklists
from learnsite_desktop.services.supervision.rules import clauses as known_clauses
from learnsite_desktop.services.workspace import Workspace

_DAY = click.DateTime(["%Y-%m-%d"])


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@command("checklists", N_("List the checklists of supervision with their items."))
def checklists(invocation: Invocation) -> dict[str, Any]:
    """List checklists."""
    del invocation
    return {
        "checklists": [
            {
                "id": one.id,
                "tier": one.tier,
                "title": str(one.words),
                "source": one.source,
                "items": [
                    {
                        "id": item.id,
                        "clause": item.clause,
                        "title": str(item.words),
                        "points": item.points,
                        "look": item.look,
                    }
                    for item in one.items
                ],
            }
            for one in known_checklists().values()
        ]
    }


@click.argument("verdicts", nargs=-1, metavar="[ITEM=VERDICT[:POINTS] …]")
@click.argument("unit", metavar="CODE")
@click.option("--round", "round_name", required=True, metavar="NAME")
@click.option("--checklist", required=True, metavar="ID")
@click.option("--on", "visited", type=_DAY, metavar="DAY", help=N_("The day of the visit."))
@click.option("--by", "visitors", default="", metavar="NAMES", help=N_("Who went there."))
@click.option("--text", "texts", multiple=True, metavar="ITEM=TEXT", help=N_("What was found."))
@click.option("--due", "dues", multiple=True, metavar="ITEM=DAY", help=N_("To be mended by."))
@command("supervise", N_("Write down a visit to a unit below, item by item."))
def supervise(  # noqa: PLR0913 - one keyword for each option of the command
    invocation: Invocation,
    *,
    unit: str,
    verdicts: tuple[str, ...],
    round_name: str,
    checklist: str,
    visited: datetime | None,
    visitors: str,
    texts: tuple[str, ...],
    dues: tuple[str, ...],
) -> dict[str, Any]:
    """Write an inspection down."""
    said, until = _pairs(texts), _pairs(dues)
    found: dict[str, Verdict] = {}
    for item, words in _pairs(verdicts).items():
        verdict, _colon, points = words.partition(":")
        found[item] = Verdict(
            verdict,
            _number(points) if points else None,
            said.get(item, ""),
            _iso(until[item]) if item in until else None,
        )
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        record, changes = inspect_unit(
            workspace,
            unit,
            found,
            round_name=round_name,
            checklist=checklist,
            visited=_day(visited),
            visitors=visitors,
            operator=invocation.operator,
        )
    return {
        "inspection": record,
        "change": changes.change or None,
        "operations": changes.operations,
    }


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for name, equals, _value in pairs:
        if not equals:
            raise click.BadParameter(name)
    return {name.strip(): value.strip() for name, _equals, value in pairs}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise click.BadParameter(text)
    return int(text)


def _iso(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(text) from error


@click.option("--round", "round_name", default="", metavar="NAME")
@click.option("--unit", default="", metavar="CODE")
@command("inspections", N_("List inspections with their points and what is still open."))
def inspections(invocation: Invocation, *, round_name: str, unit: str) -> dict[str, Any]:
    """List inspections."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        found = list_inspections(workspace, round_name=round_name, unit=unit)
    return {"inspections": [one.as_row() for one in found]}


@click.option("--state", default="", metavar="STATE", help=N_("overdue open answered closed met …"))
@click.option("--round", "round_name", default="", metavar="NAME")
@click.option("--unit", default="", metavar="CODE")
@command("findings", N_("List findings of supervision, the overdue ones first."))
def findings(invocation: Invocation, *, state: str, round_name: str, unit: str) -> dict[str, Any]:
    """List findings."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        found = service.list_findings(workspace, unit=unit, state=state, round_name=round_name)
    return {"findings": [one.as_row() for one in found]}


@click.argument("finding", metavar="FINDING")
@click.option("--text", required=True, metavar="TEXT", help=N_("How it was mended."))
@click.option("--on", "day", type=_DAY, metavar="DAY")
@command("mend", N_("Say how a finding at this unit was mended."))
def mend(
    invocation: Invocation, *, finding: str, text: str, day: datetime | None
) -> dict[str, Any]:
    """Answer a finding."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        changes = service.answer_finding(
            workspace, finding, text, on=_day(day), operator=invocation.operator
        )
    return {"change": changes.change or None, "operations": changes.operations}


@click.argument("finding", metavar="FINDING")
@click.option("--failed", is_flag=True, help=N_("It is not mended yet."))
@click.option("--text", default="", metavar="TEXT", help=N_("What was found."))
@click.option("--due", type=_DAY, metavar="DAY", help=N_("To be mended by."))
@command("recheck", N_("Look at a finding again: it is mended, or stays open."))
def recheck(
    invocation: Invocation, *, finding: str, failed: bool, text: str, due: datetime | None
) -> dict[str, Any]:
    """Check a finding again."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        changes = service.recheck(
            workspace,
            finding,
            passed=not failed,
            text=text,
            due=_day(due),
            operator=invocation.operator,
        )
    return {"change": changes.change or None, "operations": changes.operations}


@command("clauses", N_("List clauses with duties, departments and indicators."))
def clauses(invocation: Invocation) -> dict[str, Any]:
    """List clauses."""
    del invocation
    english = language().startswith("en")
    return {
        "clauses": [
            {
                "id": one.id,
                "document": one.document,
                "title": one.words.en if english else one.words.zh,
                "duties": [
                    {"text": duty.words, "lead": duty.lead, "with": list(duty.helping)}
                    for duty in one.duties
                ],
                "indicators": list(one.indicators),
            }
            for one in known_clauses().values()
        ]
    }


@click.argument("clause", metavar="CLAUSE")
@click.option("--period", required=True, metavar="P")
@click.option("--unit", default="", metavar="CODE")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR")
@click.option("--publishable", is_flag=True, help=N_("Only photos that may be shown in public."))
@command("evidence-folder", N_("Write the evidence of a clause into a folder."))
def evidence_folder(
    invocation: Invocation, *, clause: str, period: str, unit: str, out: Path, publishable: bool
) -> dict[str, Any]:
    """Write an evidence folder."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return write_evidence(
            workspace,
            clause,
            period=period,
            unit=unit,
            out=out,
            publishable=publishable,
            progress=invocation.progress,
        )
