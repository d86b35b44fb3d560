"""Commands for questions over many records, and for answering them."""

from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.domain.questions import ASKS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import questions
from learnsite_desktop.services.workspace import Workspace


@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N")
@click.option("--limit", type=click.IntRange(min=0), default=None, metavar="N")
@click.option("--state", type=click.Choice(questions.STATES), default=None)
@click.option("--id", "asks", type=click.Choice(ASKS), default=None)
@click.option("--unit", default="", metavar="CODE")
@click.option("--period", default="", metavar="P")
@command("questions", N_("List what records of different places ask together, open ones first."))
def questions_(
    invocation: Invocation,
    *,
    period: str,
    unit: str,
    asks: str | None,
    state: str | None,
    limit: int | None,
    offset: int,
) -> dict[str, Any]:
    """List questions over many records."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        rows, total = questions.list_questions(
            workspace,
            period=period,
            unit=unit,
            asks=asks or "",
            state=state or "",
            limit=limit,
            offset=offset,
            progress=invocation.progress,
        )
    return {"questions": rows, "total": total}


@click.argument("question", metavar="QUESTION")
@click.option("--text", required=True, metavar="T", help=N_("How it is explained."))
@command("answer", N_("Keep an explanation of a question; it is asked again when facts change."))
def answer(invocation: Invocation, *, question: str, text: str) -> dict[str, Any]:
    """Answer a question."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        changes = questions.answer(workspace, question, text, operator=invocation.operator)
    return {"change": changes.change or None, "operations": changes.operations}
