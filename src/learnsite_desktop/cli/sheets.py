"""``sheet``: print sign-in sheets, and find one again by its code."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.cli.printer import pdf_printer
from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services import sheet_pages, sheets
from learnsite_desktop.services.printing import write_pages
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.workspace import Workspace

_DAYS_AFTER_MONDAY: Final = 6


@click.argument("session", nargs=-1, metavar="[RECORD…]")
@click.option("--period", default="", metavar="P", help=N_("All sessions of this period."))
@click.option(
    "--week",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    metavar="DATE",
    help=N_("All sessions of the week that holds this day."),
)
@click.option("--unit", default="", metavar="CODE", help=N_("The own unit if not given."))
@click.option("--notice", is_flag=True, help=N_("Also a notice and consent for each class."))
@click.option("--blank", is_flag=True, help=N_("An empty sheet for drop-ins."))
@click.option("--code", default="", metavar="CODE", help=N_("Find a printed sheet by its code."))
@click.option("--out", type=click.Path(path_type=Path), default=None, metavar="FILE.pdf")
@command("sheet", N_("Print sign-in sheets as PDF, or find one by its code."))
def sheet(  # noqa: PLR0913 - one keyword for each option
    invocation: Invocation,
    *,
    session: tuple[str, ...],
    period: str,
    week: datetime | None,
    unit: str,
    notice: bool,
    blank: bool,
    code: str,
    out: Path | None,
) -> Result:
    """Print sheets; the same list printed again is the same sheet."""
    if code:
        return _found(invocation, code)
    if out is None:
        raise click.UsageError(_("Give --out with the file to write."))
    if blank:
        return _blank(invocation, session, out)
    if not session and not period and week is None:
        raise click.UsageError(_("Name sessions, or give --period or --week."))
    printer = pdf_printer()
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        wanted = [require_record(workspace, text) for text in session]
        for first, last in _spans(period, week):
            wanted += sheets.sessions_to_print(workspace, first, last, unit)
        made = sheet_pages.write_sheets(
            workspace,
            list({stored.id: stored for stored in wanted}.values()),
            out,
            printer,
            operator=invocation.operator,
            notice=notice,
            progress=invocation.progress,
        )
    shown = [_shown(one) for one in made.sheets]
    return {"path": str(out), **(shown[0] if len(shown) == 1 else {}), "sheets": shown}


def _spans(period: str, week: datetime | None) -> list[tuple[date, date]]:
    found = []
    if period:
        asked = parse_period(period)
        found.append((asked.first, asked.last))
    if week is not None:
        monday = week.date() - timedelta(days=week.weekday())
        found.append((monday, monday + timedelta(days=_DAYS_AFTER_MONDAY)))
    return found


def _found(invocation: Invocation, code: str) -> Result:
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return _shown(sheets.sheet_of_code(workspace, code))


def _blank(invocation: Invocation, session: Sequence[str], out: Path) -> Result:
    """Write an empty sheet for each session named, or one to be headed by hand."""
    printer = pdf_printer()
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        named = [require_record(workspace, text) for text in session]
        pages = [sheet_pages.drop_in_page(workspace, stored) for stored in named]
        pages = pages or [sheet_pages.drop_in_page(workspace)]
        write_pages(out, printer, *pages)
    return {"path": str(out)}


def _shown(one: sheets.PrintedSheet) -> dict[str, Any]:
    return {
        "session": one.session,
        "sheet_code": one.code,
        "version": one.version,
        "rows": [{"row": row.row, "learner": row.learner} for row in one.rows],
    }
