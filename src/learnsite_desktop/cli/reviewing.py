"""Commands of review: the work list, approving, rejecting, locking periods."""

from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform import i18n
from learnsite_desktop.services import (
    deciding,
    lock_view,
    locks,
    records,
    reversals,
    review,
    review_list,
)
from learnsite_desktop.services.workspace import Workspace


@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N")
@click.option("--limit", type=click.IntRange(min=0), default=None, metavar="N")
@click.option("--sample", is_flag=True, help=N_("Only what is flagged, and a random few."))
@click.option("--period", default="", metavar="P")
@click.option("--unit", default="", metavar="CODE")
@click.option("--state", type=click.Choice(review_list.STATES), default=None)
@command("review", N_("List what is to be reviewed, flagged records first."))
def review_(
    invocation: Invocation,
    *,
    state: str | None,
    unit: str,
    period: str,
    sample: bool,
    limit: int | None,
    offset: int,
) -> dict[str, Any]:
    """List records of the units below with where they stand."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        if state == "supplement":
            items = lock_view.supplements_of(workspace, period, unit)
            end = None if limit is None else offset + limit
            return {"items": items[offset:end], "total": len(items)}
        items, total = review_list.work_list(
            workspace,
            state=state or "",
            unit=unit,
            period=period,
            sample=sample,
            limit=limit,
            offset=offset,
        )
    return {"items": items, "total": total}


@click.argument("names", metavar="RECORD…", nargs=-1)
@click.option("--unflagged", is_flag=True, help=N_("Leave out what is flagged, and the sample."))
@click.option("--unit", default="", metavar="CODE", help=N_("With --period: of this unit only."))
@click.option("--period", default="", metavar="P", help=N_("All sessions and enrolments of it."))
@command("approve", N_("Approve records of units below, as they stand now."))
def approve(
    invocation: Invocation, *, names: tuple[str, ...], period: str, unit: str, unflagged: bool
) -> dict[str, Any]:
    """Approve records."""
    many = bool(period) or unflagged
    if bool(names) == many or (unit and not many):
        raise click.UsageError(i18n.render(N_("Give either records or --period."), {}))
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        if unflagged:
            done = deciding.approve_unflagged(
                workspace,
                unit=unit,
                period=period,
                operator=invocation.operator,
                progress=invocation.progress,
            )
        elif period:
            done = review.approve_period(
                workspace,
                period,
                unit,
                operator=invocation.operator,
                progress=invocation.progress,
            )
        else:
            stored = [records.require_record(workspace, name) for name in names]
            done = review.approve(
                workspace, stored, operator=invocation.operator, progress=invocation.progress
            )
    return review.approval_answer(done)


@click.argument("record", metavar="RECORD")
@click.option("--why", required=True, metavar="TEXT")
@command("reject", N_("Take a record of a unit below out of every figure."))
def reject(invocation: Invocation, *, record: str, why: str) -> dict[str, Any]:
    """Reject a record."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        stored = records.require_record(workspace, record)
        changes = review.reject(workspace, stored, why=why, operator=invocation.operator)
    return {"change": changes.change or None, "operations": changes.operations}


@click.argument("record", metavar="RECORD")
@click.option("--why", required=True, metavar="TEXT")
@click.option("--period", required=True, metavar="P", help=N_("The open period to book it in."))
@command("reverse", N_("Book the correction of a locked session in an open period."))
def reverse(invocation: Invocation, *, record: str, period: str, why: str) -> dict[str, Any]:
    """Book a correction."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        stored = records.require_record(workspace, record)
        name, changes = reversals.reverse(
            workspace, stored, period, why=why, operator=invocation.operator
        )
    return reversals.answer(name, changes)


@click.argument("period", metavar="P")
@click.option("--show", is_flag=True, help=N_("Only show what is locked and what came since."))
@click.option("--why", default="", metavar="TEXT", help=N_("The reason; needed with --force."))
@click.option("--force", is_flag=True, help=N_("Lock although something is still open."))
@click.option("--unit", default="", metavar="CODE", help=N_("Only this unit and those below it."))
@command("lock", N_("Lock a period: what is held now is what counts."))
def lock(
    invocation: Invocation, *, period: str, unit: str, force: bool, why: str, show: bool
) -> dict[str, Any]:
    """Lock a period, or show how it stands."""
    if show:
        with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
            return lock_view.show_lock(workspace, period, unit)
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        return locks.lock(
            workspace,
            period,
            unit=unit,
            force=force,
            why=why,
            operator=invocation.operator,
            progress=invocation.progress,
        )


@click.argument("period", metavar="P")
@click.option("--why", required=True, metavar="TEXT")
@click.option("--unit", default="", metavar="CODE", help=N_("Only this unit and those below it."))
@command("unlock", N_("Open a locked period again."))
def unlock(invocation: Invocation, *, period: str, unit: str, why: str) -> dict[str, Any]:
    """Open a period."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        return locks.unlock(workspace, period, unit=unit, why=why, operator=invocation.operator)
