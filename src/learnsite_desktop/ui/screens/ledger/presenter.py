"""What the ledger reads and writes, without a window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import session_list
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.receipted import covered_chains
from learnsite_desktop.services.session_edits import Change, edit_sessions, wants_reason
from learnsite_desktop.services.session_list import Line, Wish
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.session_rows import SessionQuery
from learnsite_desktop.ui.screens.ledger.columns import COLUMNS, Paste

FIRST_WINDOW: Final = 128
ACTIVITY: Final = "activity:"


@dataclass(frozen=True, slots=True)
class Beginning:
    """The list before all of it is known: its first idents, and what rows are made with.

    `today_row` is where the sessions up to today begin in a list by falling date, else 0.
    """

    query: SessionQuery
    first: Sequence[int]
    staff: Mapping[int, str]
    covered: Mapping[int, int]
    today_row: int


def begin(workspace: Workspace, wish: Wish) -> Beginning:
    """Return the first window of what is wished for. Refuses `period_invalid`."""
    query = session_list.query_of(workspace, wish)
    return Beginning(
        query=query,
        first=session_list.idents(workspace, query, FIRST_WINDOW),
        staff=session_list.staff_names(workspace),
        covered=covered_chains(workspace),
        today_row=_to_come(workspace, query),
    )


def _to_come(workspace: Workspace, query: SessionQuery) -> int:
    """Return how many sessions stand above today's in a list by falling date."""
    if query.order != "date" or not query.descending:
        return 0
    tomorrow = (workspace.clock.now().date() + timedelta(days=1)).isoformat()
    if query.last and query.last < tomorrow:
        return 0
    later = replace(query, first=max(query.first, tomorrow))
    return session_list.count(workspace, later)


def lines(workspace: Workspace, idents: Sequence[int], start: Beginning) -> dict[int, Line]:
    """Return the lines of a page."""
    return session_list.lines(workspace, idents, staff=start.staff, covered=start.covered)


def wish_of(about: str, former: Wish) -> Wish:
    """Return what a screen opened with `about` shows: a period, an activity, or as it was left."""
    if about.startswith(ACTIVITY):
        return Wish(activity=about.removeprefix(ACTIVITY), unit=former.unit)
    return replace(former, period=about, words="", activity="") if about else former


@dataclass(frozen=True, slots=True)
class Correction:
    """Changes on their way: whether a reason is asked for because the unit above has them."""

    changes: tuple[Change, ...]
    wants_why: bool = False
    why: str = ""
    reasons: Mapping[str, str] | None = None


def correction_of(workspace: Workspace, changes: Sequence[Change]) -> Correction:
    """Return changes with what they need before they can be made."""
    records = [record for record, _fields in changes]
    return Correction(tuple(changes), wants_reason(workspace, records))


def correct(workspace: Workspace, correction: Correction, operator: str) -> CaptureResult:
    """Make the changes, all as one."""
    return edit_sessions(
        workspace,
        correction.changes,
        why=correction.why,
        reasons=correction.reasons,
        operator=operator,
    )


def paste_trouble(paste: Paste, rows_there: int) -> str:
    """Return why a block cannot be put in, "" if it can."""
    if paste.locked:
        names = "、".join(
            _(COLUMNS[column].heading) for column in paste.locked if column < len(COLUMNS)
        )
        return render(
            N_("Nothing was pasted: the column %(names)s cannot be written. Paste dates, times, "
               "status, head-counts or notes."),
            {"names": names or "…"},
        )  # fmt: skip
    if paste.wrong:
        row, column = paste.wrong[0]
        return render(
            N_("Nothing was pasted: row %(row)s of the block has no valid “%(column)s”. Correct it "
               "there and paste again."),
            {"row": row + 1, "column": _(COLUMNS[column].heading)},
        )  # fmt: skip
    if len(paste.rows) > rows_there:
        return render(
            N_("Nothing was pasted: the block has %(rows)s rows, from here on the list has "
               "%(there)s."),
            {"rows": len(paste.rows), "there": rows_there},
        )  # fmt: skip
    return "" if any(paste.rows) else _("Nothing was pasted: the clipboard holds no cells.")


def period_options(workspace: Workspace, today: date) -> list[tuple[str, str]]:
    """Return (period, words) to choose from, all time first."""
    periods = session_list.months(workspace, today)
    return [("all", _("All time")), *((period, _words(period)) for period in periods)]


def _words(period: str) -> str:
    year, _dash, month = period.partition("-")
    if not month:
        return render(N_("year %(year)s"), {"year": year})
    return render(N_("%(year)s-%(month)s"), {"year": year, "month": month})


def changes_of(
    lines_there: Sequence[Line | None], fields: Sequence[Mapping[str, Any]]
) -> list[Change]:
    """Return the change of every row that has fields to set."""
    return [
        (line.row.record, values)
        for line, values in zip(lines_there, fields, strict=True)
        if line is not None and values
    ]
