"""The monthly digest 月报: one page about how a period stands, for all units below to read.

Nobody is ranked: units stand in the order of their codes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.periods import Period, PeriodKind, month_of
from learnsite_desktop.domain.printout import Block, Heading, Paragraph, Printout, Table
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services import figures
from learnsite_desktop.services.board import (
    DELIVERED,
    LATE,
    NO_OPENING,
    NOT_DUE,
    NOT_OPENED,
    ON_TIME,
    SILENT,
    STATES,
    ZERO,
    Board,
    BoardRow,
    board,
    due_day,
)
from learnsite_desktop.services.chase import day_words, period_words
from learnsite_desktop.services.duplicates import list_duplicates
from learnsite_desktop.services.indicators import chosen, registry
from learnsite_desktop.services.printing import Printer, write_pages
from learnsite_desktop.services.questions import OPEN, list_questions
from learnsite_desktop.services.silence import NOT_REPORTED, is_silent
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import board as store

OVERDUE_DAYS: Final = 14
"""After how many days without an answer a return is called overdue."""
FIGURES: Final = ("S03", "S04", "S01", "S02", "S07")
NAMED: Final = 24
"""How many units are named in a line; the others are counted, so that one page is enough."""
_POINTS: Final = 10
_LISTED: Final = (ON_TIME, LATE, ZERO, SILENT, NOT_DUE, NOT_OPENED, NO_OPENING)


@dataclass(frozen=True, slots=True)
class Figure:
    """A main figure with that of the month before, None where it cannot be computed.

    `silent` says of both whether they are 0 because nothing was reported.
    """

    id: str
    name: str
    unit: str
    now: float | None
    before: float | None
    silent: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class Digest:
    """What the page says; `open` are the numbers of what waits for somebody."""

    board: Board
    figures: tuple[Figure, ...]
    open: dict[str, int]
    steady: tuple[BoardRow, ...]
    at: str

    def units_in(self, state: str) -> list[BoardRow]:
        """Return the units in a state in the order of their codes."""
        return [row for row in self.board.rows if row.chosen.handed == state]


def digest(workspace: Workspace, period_text: str, *, progress: Progress = silent) -> Digest:
    """Return what the digest of a period says of the units below.

    Refuses what `board` does.
    """
    found = board(workspace, period_text)
    progress(1, 3, N_("counting"))
    numbers = _figures(workspace, found.period)
    progress(2, 3, N_("counting"))
    return Digest(found, numbers, _open(workspace, found), _steady(found), workspace.now())


def _figures(workspace: Workspace, period: Period) -> tuple[Figure, ...]:
    now = _values(workspace, period.text)
    is_month = period.kind is PeriodKind.MONTH
    former = month_of(days_after(period.first, -1)).text if is_month else ""
    before = _values(workspace, former) if former else {}
    defined = registry()
    nothing = (None, False)
    found = []
    for name in FIGURES:
        (here, quiet), (former_value, former_quiet) = now[name], before.get(name, nothing)
        one = defined[name]
        words = one.text("name", language())
        found.append(Figure(name, words, one.unit, here, former_value, (quiet, former_quiet)))
    return tuple(found)


def _values(workspace: Workspace, period: str) -> dict[str, tuple[float | None, bool]]:
    """Return (value in its unit of measure, whether it is silent) by indicator."""
    rows = figures.indicators(workspace, period=period, unit=workspace.unit, ids=FIGURES)
    defined = {one.id: one for one in chosen(FIGURES)}
    return {
        row["id"]: (
            None
            if row["value"] is None
            else row["value"] * figures.factor(defined[row["id"]].unit),
            is_silent(row),
        )
        for row in rows
        if row["cell"] == "all"
    }


def _open(workspace: Workspace, found: Board) -> dict[str, int]:
    until = workspace.clock.now() - timedelta(days=OVERDUE_DAYS)
    returns = store.returned_at(workspace.database, _key(workspace))
    return {
        "conflicts": sum(row.conflicts_open for row in found.rows),
        "duplicates": int(list_duplicates(workspace, limit=0)["total"]),
        "questions": _questions(workspace, found.period),
        "returns": len(returns),
        "overdue": sum(_moment(at) < until for at in returns),
    }


def _questions(workspace: Workspace, period: Period) -> int:
    _rows, count = list_questions(workspace, period=period.text, state=OPEN, limit=0)
    return count


def _key(workspace: Workspace) -> int:
    return store.key_of(workspace.database, workspace.unit)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _steady(found: Board) -> tuple[BoardRow, ...]:
    """Return the units that handed in every month shown in time and have nothing to answer."""
    if len(found.periods) < 2:
        return ()
    return tuple(
        row
        for row in found.rows
        if all(cell.handed in (ON_TIME, ZERO) for cell in row.cells) and not row.returns_open
    )


def digest_page(made: Digest) -> Printout:
    """Return the digest as one page, in the language in use."""
    found = made.board
    title = render(
        N_("%(unit)s: digest of %(period)s"),
        {"unit": found.name, "period": period_words(found.period)},
    )
    due = due_day(found.period, village=True)
    facts = (
        (_("Units asked"), str(len(found.rows))),
        (_("Last day"), day_words(due)),
        (_("As of"), made.at[:16].replace("T", " ")),
    )
    return Printout(
        title=title,
        facts=facts,
        code="",
        caption="",
        blocks=(
            *_who(made),
            *_numbers(made),
            *_waiting(made),
            *_good(made),
            *_asked(made),
        ),
        signs=(_("Clerk"), _("Date")),
        footer=title,
        at=made.at,
        points=_POINTS,
    )


def _who(made: Digest) -> Iterator[Block]:
    yield Heading(_("Who has handed in"))
    rows = []
    for state in _LISTED:
        units = made.units_in(state)
        if units or state in (ON_TIME, LATE, ZERO, SILENT):
            # Who did as asked need not be named one by one where there are many.
            named = names_of(units) if len(units) <= NAMED or state not in (ON_TIME, ZERO) else "–"
            rows.append((_(STATES[state]), str(len(units)), named))
    yield Table((_("State"), _("Units"), _("Which")), tuple(rows), (14, 10, 76))


def names_of(rows: Sequence[BoardRow]) -> str:
    """Return the names of units in the order of their codes, the last ones only counted."""
    names = _("、").join(row.name for row in rows[:NAMED])
    more = len(rows) - NAMED
    if more <= 0:
        return names or "–"
    return render(N_("%(names)s and %(count)s more"), {"names": names, "count": more})


def _numbers(made: Digest) -> Iterator[Block]:
    yield Heading(_("Main figures, as received so far"))
    rows = tuple(
        (
            render(N_("%(name)s (%(unit)s)"), {"name": one.name, "unit": one.unit}),
            _number(one, one.now, quiet=one.silent[0]),
            _number(one, one.before, quiet=one.silent[1]),
            _change(one),
        )
        for one in made.figures
    )
    head = (_("Figure"), _("This period"), _("The month before"), _("Change"))
    yield Table(head, rows, (40, 20, 20, 20))


def _number(figure: Figure, value: float | None, *, quiet: bool) -> str:
    if quiet:
        return _(NOT_REPORTED)
    if value is None:
        return "–"
    return f"{value:.1f}" if figure.unit == "%" else f"{value:,.0f}"


def _change(figure: Figure) -> str:
    if figure.now is None or figure.before is None or any(figure.silent):
        return "–"
    change = figure.now - figure.before
    return f"{change:+.1f}" if figure.unit == "%" else f"{change:+,.0f}"


def _waiting(made: Digest) -> Iterator[Block]:
    words = {
        "conflicts": N_("conflicts open"),
        "duplicates": N_("possible duplicates of persons"),
        "questions": N_("questions open"),
        "returns": N_("returns not answered"),
        "overdue": N_("of these for more than %(days)s days"),
    }
    said = [
        render(
            N_("%(what)s: %(count)s"),
            {"what": render(text, {"days": OVERDUE_DAYS}), "count": made.open[key]},
        )
        for key, text in words.items()
        if key in made.open
    ]
    yield Heading(_("What waits"))
    yield Paragraph(_("; ").join(said))


def _good(made: Digest) -> Iterator[Block]:
    if not made.steady:
        return
    yield Heading(_("Good practice (in the order of codes, nobody is ranked)"))
    said = {
        "count": len(made.steady),
        "months": len(made.board.periods),
        "names": names_of(made.steady),
    }
    text = N_(
        "%(count)s units have handed in in time for %(months)s months and left no return "
        "unanswered: %(names)s."
    )
    yield Paragraph(render(text, said))


def _asked(made: Digest) -> Iterator[Block]:
    """Yield what is asked of the villages now."""
    yield Heading(_("What is asked of you"))
    period = period_words(made.board.period)
    lines = []
    if any(row.chosen.handed not in DELIVERED for row in made.board.rows):
        text = N_(
            "Whoever has not handed in %(period)s: please do so; nothing held is a zero report."
        )
        lines.append(render(text, {"period": period}))
    if made.open["returns"]:
        lines.append(_("Whoever got a return: correct the field on “Today” and hand in again."))
    coming = month_of(days_after(made.board.period.last, 1))
    text = N_("%(period)s is to be handed in by %(due)s.")
    day = day_words(due_day(coming, village=True))
    lines.append(render(text, {"period": period_words(coming), "due": day}))
    yield Paragraph("\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1)))


def write_digest(
    workspace: Workspace,
    period: str,
    out: Path,
    printer: Printer,
    *,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Write the digest as a PDF file; a file of that name is replaced.

    Returns `path`, `period`, `counts` (units by state) and `open`. Refuses what `digest` does.
    """
    made = digest(workspace, period, progress=progress)
    write_pages(out, printer, digest_page(made))
    return {
        "path": str(out),
        "period": made.board.period.text,
        "counts": dict(sorted(made.board.counts().items())),
        "open": made.open,
        "figures": [_figure_answer(one) for one in made.figures],
    }


def _figure_answer(one: Figure) -> dict[str, Any]:
    return {"id": one.id, "value": one.now, "before": one.before, "unit_of_measure": one.unit}
