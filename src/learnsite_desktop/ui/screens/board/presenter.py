"""What stands on the board: lines with a chip for each period, at the county townships first."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from learnsite_desktop.domain.periods import Period, month_of, parse_period
from learnsite_desktop.domain.regions import TIERS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.board import (
    DELIVERED,
    ENTERED,
    LATE,
    LOCKED,
    NO_OPENING,
    NOT_ASKED,
    NOT_DUE,
    NOT_OPENED,
    ON_TIME,
    SILENT,
    STATES,
    ZERO,
    Board,
    BoardRow,
    Cell,
)
from learnsite_desktop.services.chase import WANTED, day_words, period_words
from learnsite_desktop.ui.widgets.chips import Chip

_LOOKS: Final[Mapping[str, tuple[str, str]]] = {
    ON_TIME: ("ok", "ok"),
    LATE: ("warning", "clock"),
    ZERO: ("note", "note"),
    ENTERED: ("received", "roll-call"),
    SILENT: ("error", "error"),
    NOT_DUE: ("draft", "calendar"),
    NO_OPENING: ("draft", "eye-off"),
    NOT_OPENED: ("exported", "folder"),
    LOCKED: ("approved", "lock"),
}
"""The tone and the icon of each state."""
_TOWNSHIP: Final = 4
_PAST: Final = 24
"""How many months back one may look."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line: of one unit, or (`group`) of a township with its villages, of which `rows` tells."""

    key: str
    name: str
    rows: tuple[BoardRow, ...]
    group: bool = False

    @property
    def first(self) -> BoardRow:
        """The unit itself."""
        return self.rows[0]

    @property
    def sessions(self) -> int:
        """How many held sessions are here."""
        return sum(row.sessions for row in self.rows)

    @property
    def silent(self) -> bool:
        """Whether nobody here has handed in the chosen period."""
        return not any(row.chosen.handed in DELIVERED for row in self.rows)

    @property
    def attendances(self) -> int:
        """How many attendances are here."""
        return sum(row.attendances for row in self.rows)

    @property
    def waiting(self) -> tuple[int, int]:
        """How many returns and conflicts are open."""
        returns = sum(row.returns_open for row in self.rows)
        return returns, sum(row.conflicts_open for row in self.rows)

    @property
    def owing(self) -> bool:
        """Whether somebody of the line has to be asked for the chosen period."""
        return any(row.chosen.handed in WANTED for row in self.rows)

    def cells(self, place: int) -> list[Cell]:
        """Return the cells of one period."""
        return [row.cells[place] for row in self.rows]


def lines_of(found: Board, inside: str = "") -> list[Line]:
    """Return the lines of a board: townships with their villages, or what lies `inside` one."""
    if inside:
        top = [row for row in found.rows if row.unit == inside]
        return [Line(row.unit, row.name, (row,)) for row in (*top, *found.below(inside))]
    by_code = {row.unit: row for row in found.rows}
    below: dict[str, list[BoardRow]] = {}
    for row in found.rows:
        if row.parent in by_code:
            below.setdefault(row.parent, []).append(row)
    return [
        Line(
            row.unit,
            row.name,
            (row, *below.get(row.unit, ())),
            group=row.unit in below,
        )
        for row in found.rows
        if row.parent not in by_code
    ]


def chip_of(line: Line, place: int) -> Chip | None:
    """Return the chip of a line's cell, None where nobody is asked."""
    cells = [cell for cell in line.cells(place) if cell.state != NOT_ASKED]
    if not cells:
        return None
    if not line.group:
        tone, icon = _LOOKS[cells[0].state]
        return Chip(tone, _(STATES[cells[0].state]), icon)
    state = _gravest(cells)
    tone, icon = _LOOKS[state]
    came = sum(cell.handed in DELIVERED for cell in cells)
    said = {"state": _(STATES[state]), "came": came, "asked": len(cells)}
    if state == LATE and came == len(cells):
        # All came: the count says how many of them came late, not that all did.
        said["came"] = sum(cell.handed == LATE for cell in cells)
    return Chip(tone, render(N_("%(state)s %(came)s of %(asked)s"), said), icon)


def _gravest(cells: Sequence[Cell]) -> str:
    """Return the state that stands for many: what asks for something before all else."""
    states = Counter(cell.state for cell in cells)
    if len(states) == 1:
        return next(iter(states))
    for state in (SILENT, NOT_OPENED, NO_OPENING, NOT_DUE):
        if states[state]:
            return state
    return LATE if states[LATE] else ON_TIME


def heading_of(period: str, running: Period) -> str:
    """Return the heading of a column: the month, with its year where that is not this one."""
    found = parse_period(period)
    if len(found.months()) > 1:
        return period
    if found.first.year == running.first.year:
        return render(N_("month %(month)s"), {"month": found.first.month})
    return period_words(found)


def texts_of(line: Line, now: datetime) -> tuple[str, str, str, str, str]:
    """Return the texts beside the chips: sessions, attendances, open, last file, contact."""
    returns, conflicts = line.waiting
    waits = f"{returns} / {conflicts}" if returns or conflicts else "–"
    last = max((row.last_file for row in line.rows), default="")
    contact = line.first.contact
    who = " ".join(part for part in (contact.head, contact.phone) if part)
    counts = (str(line.sessions), str(line.attendances))
    if not line.sessions and not line.attendances and line.silent:
        counts = (_(STATES[SILENT]), _(STATES[SILENT]))
    return *counts, waits, _last(last, now), who or "–"


def _last(moment: str, now: datetime) -> str:
    if not moment:
        return _("never")
    at = datetime.fromisoformat(moment)
    days = max(0, (now - at).days)
    said = {"day": day_words(at.date()), "days": days}
    if days == 0:
        return _("today")
    return render(N_("%(day)s, %(days)s days ago"), said)


def summary(found: Board) -> str:
    """Return the line above: how many units are in each state."""
    counts = found.counts()
    parts = [render(N_("%(count)s asked"), {"count": len(found.rows)})]
    for state, word in STATES.items():
        if counts[state]:
            parts.append(
                render(N_("%(what)s: %(count)s"), {"what": _(word), "count": counts[state]})
            )
    locked = sum(bool(row.chosen.locked_by) for row in found.rows)
    if locked:
        said = {"what": _(STATES[LOCKED]), "count": locked}
        parts.append(render(N_("%(what)s: %(count)s"), said))
    return " · ".join(parts)


def _counted(word: str, count: int) -> str:
    return render(N_("%(what)s: %(count)s"), {"what": _(word), "count": count})


def detail(line: Line, found: Board) -> str:
    """Return everything about the chosen cell of a line, in one sentence."""
    if line.group:
        return _group_detail(line, found)
    cell = line.first.chosen
    return " · ".join(_said(line.name, cell, found.period))


def _group_detail(line: Line, found: Board) -> str:
    owing = [row.name for row in line.rows if row.chosen.handed in WANTED]
    late = [row.name for row in line.rows if row.chosen.handed == LATE]
    own = next(iter(_said(line.name, line.first.chosen, found.period)))
    if late and not owing:
        said = {"own": own, "names": _("、").join(late[:6]), "count": len(late)}
        return render(N_("%(own)s · %(count)s late: %(names)s · Enter shows its villages"), said)
    if not owing:
        return render(N_("%(own)s · Enter shows its villages"), {"own": own})
    said = {"own": own, "names": _("、").join(owing[:6]), "count": len(owing)}
    return render(N_("%(own)s · %(count)s to ask: %(names)s · Enter shows its villages"), said)


def _said(name: str, cell: Cell, period: Period) -> Iterator[str]:
    said = {"name": name, "period": period_words(period), "state": _(STATES[cell.handed])}
    yield render(N_("%(name)s, %(period)s: %(state)s"), said)
    if cell.received_at:
        day = day_words(date.fromisoformat(cell.received_at[:10]))
        yield render(N_("received %(day)s"), {"day": day})
    if cell.reason:
        yield render(N_("reason: %(reason)s"), {"reason": cell.reason})
    yield render(N_("last day %(day)s"), {"day": day_words(cell.due)})
    if cell.locked_by:
        yield render(N_("locked by the %(tier)s"), {"tier": _tier(cell.locked_by)})


def _tier(tier: str) -> str:
    words = {"township": N_("township"), "county": N_("county")}
    return _(words[tier]) if tier in words and tier in TIERS.values() else tier


def months_to_choose(today: date) -> list[tuple[str, str]]:
    """Return the months that may be looked at, the running one first, each with its label.

    After them come the whole years that have ended: they are locked as one.
    """
    month, found = month_of(today), []
    for _number in range(_PAST):
        found.append((month.text, period_words(month)))
        month = month_of(month.first.fromordinal(month.first.toordinal() - 1))
    years = range(today.year - 1, month.first.year - 1, -1)
    found += [(str(one), render(N_("%(year)s, the whole year"), {"year": one})) for one in years]
    return found


def is_month(period: str) -> bool:
    """Whether a choice is a month, not a whole year."""
    return len(parse_period(period).months()) == 1


def month_shown(period: str) -> str:
    """Return the month of which the board tells: of a whole year its last one."""
    return parse_period(period).months()[-1].text
