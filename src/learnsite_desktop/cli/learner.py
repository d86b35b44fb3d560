"""``learner``: what concerns single persons."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.frame import section
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.cli.printer import pdf_printer
from learnsite_desktop.cli.records import answer
from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services import identity, learners
from learnsite_desktop.services.people import card as cards
from learnsite_desktop.services.people.consents import record_consent
from learnsite_desktop.services.people.extract import extract
from learnsite_desktop.services.people.gathering import build_index
from learnsite_desktop.services.printing import write_pages
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.reveals import list_reveals
from learnsite_desktop.services.sheet_pages import personal_notice
from learnsite_desktop.services.workspace import Workspace

learner = section("learner", N_("Learners: check numbers, list and import persons."))


@learner.command("list", help=N_("List persons; private values are masked unless revealed."))
@click.option("--query", default="", metavar="Q")
@click.option("--unit", default="", metavar="CODE")
@click.option("--reveal", is_flag=True, help=N_("Show private values; that is noted."))
@click.option("--why", default="", metavar="TEXT", help=N_("What they are needed for."))
@click.option("--limit", type=click.IntRange(min=0), default=None)
@click.option("--offset", type=click.IntRange(min=0), default=0)
def list_(
    invocation: Invocation,
    *,
    query: str,
    unit: str,
    reveal: bool,
    why: str,
    limit: int | None,
    offset: int,
) -> Result:
    """List learners; only those shown are noted as revealed."""
    if why and not reveal:
        raise click.UsageError(render(N_("--why goes with --reveal."), {}))
    end = None if limit is None else offset + limit
    with Workspace(invocation.folder, invocation.clock, write=reveal) as workspace:
        found = learners.find_learners(workspace, query, unit)
        if reveal:
            shown = learners.reveal_learners(
                workspace,
                found[offset:end],
                asked={"query": query, "unit": unit},
                operator=invocation.operator,
                why=why,
            )
        else:
            shown = learners.show_learners(workspace, found[offset:end])
    return {"learners": shown, "total": len(found)}


@learner.command("search", help=N_("Find persons by name, initials, pinyin or end of a number."))
@click.argument("query", metavar="Q")
@click.option("--unit", default="", metavar="CODE")
@click.option("--limit", type=click.IntRange(min=1), default=50)
def search(invocation: Invocation, *, query: str, unit: str, limit: int) -> Result:
    """Find learners as the window does while one types."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        found = build_index(workspace, unit, invocation.progress).search(query, limit=limit)
    shown = [{**asdict(hit), "name": masked("name", hit.name)} for hit in found.hits]
    return {"learners": shown, "more": found.more}


@learner.command("card", help=N_("Show a person: consents, classes, attendance and hours."))
@click.argument("record", metavar="RECORD")
@click.option("--reveal", is_flag=True, help=N_("Show private values; that is noted."))
@click.option("--why", default="", metavar="TEXT", help=N_("What they are needed for."))
def card(invocation: Invocation, *, record: str, reveal: bool, why: str) -> Result:
    """Show a learner's card."""
    if why and not reveal:
        raise click.UsageError(render(N_("--why goes with --reveal."), {}))
    with Workspace(invocation.folder, invocation.clock, write=reveal) as workspace:
        stored = require_record(workspace, record)
        shown = asdict(cards.card(workspace, stored))
        shown["consents_in_force"] = sorted(shown["consents_in_force"])
        shown["why_not_deletable"] = render(shown["why_not_deletable"], {})
        found: dict[str, Any] = {"card": shown}
        if reveal:
            found["revealed"] = cards.reveal(
                workspace, stored, why=why, operator=invocation.operator
            )
    return found


@learner.command("consent", help=N_("Note a consent of a person, or its withdrawal."))
@click.argument("record", metavar="RECORD")
@click.option("--kind", required=True, metavar="KIND")
@click.option("--by", required=True, metavar="BY")
@click.option("--medium", default="paper", metavar="MEDIUM")
@click.option("--day", default="", metavar="DAY")
@click.option("--why", default="", metavar="TEXT")
def consent(
    invocation: Invocation, *, record: str, kind: str, by: str, medium: str, day: str, why: str
) -> Result:
    """Record a consent."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        stored = require_record(workspace, record)
        result = record_consent(
            workspace,
            stored,
            kind=kind,
            by=by,
            medium=medium,
            day=day,
            why=why,
            operator=invocation.operator,
        )
    return answer(result)


@learner.command("leave", help=N_("Let a person leave all classes; what was attended stays."))
@click.argument("record", metavar="RECORD")
@click.option("--day", default="", metavar="DAY")
@click.option("--why", default="", metavar="TEXT")
def leave(invocation: Invocation, *, record: str, day: str, why: str) -> Result:
    """Leave every open class."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        stored = require_record(workspace, record)
        result = cards.leave(workspace, stored, day=day, why=why, operator=invocation.operator)
    return answer(result)


@learner.command("extract", help=N_("Write what is kept about a person as PDF, or the notice."))
@click.argument("record", metavar="RECORD")
@click.option("--notice", is_flag=True, help=N_("The notice that the person signs instead."))
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE.pdf")
def extract_(invocation: Invocation, *, record: str, notice: bool, out: Path) -> Result:
    """Write a page about one learner; names stand in full, which is noted."""
    printer = pdf_printer()
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        stored = require_record(workspace, record)
        make = personal_notice if notice else extract
        page = make(workspace, stored, operator=invocation.operator)
        write_pages(out, printer, page)
    return {"path": str(out)}


@learner.command("reveals", help=N_("List who looked at private values, and why."))
def reveals(invocation: Invocation) -> Result:
    """List what was revealed."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return {"reveals": list_reveals(workspace)}


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
