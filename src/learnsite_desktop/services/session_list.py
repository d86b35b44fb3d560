"""The list of sessions 台账 as people narrow and read it; see `store.session_rows` for its size."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups, trust
from learnsite_desktop.store import session_rows as store
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import records_of_kind
from learnsite_desktop.store.session_rows import SessionQuery, SessionRow

if TYPE_CHECKING:
    from array import array

STATES: Final = ("returned", "draft", "received", "final")
"""How a session stands with the unit above, the first that holds."""
_STATUS_LIST: Final = "session_status"
_RETURNED: Final = ("退回", "returned")
_MONTH: Final = re.compile(r"(1[0-2]|0?[1-9])月")
_LETTERS: Final = re.compile(r"[a-z]+")
_UNIT_LETTERS: Final = 2
"""How much of a unit's name is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a clerk wants to see: words as typed, a period ("" = all), an activity, an order.

    Among the words may be a month (3月, 2026-03), a day (2026-03-05), a status (已举办, held),
    退回 and the beginning of the name of a unit below; every other one is looked for in titles,
    places, teachers and notes, in titles also as pinyin initials.
    """

    words: str = ""
    period: str = ""
    activity: str = ""
    order: str = "date"
    descending: bool = True
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row with what is not in it: teachers' names, state of `STATES`, the unit's name."""

    row: SessionRow
    teachers: tuple[str, ...]
    state: str
    unit: str = ""


def query_of(workspace: Workspace, wish: Wish) -> SessionQuery:
    """Return the query that a wish means. Refuses `period_invalid`."""
    query = SessionQuery(
        unit=wish.unit or workspace.unit, order=wish.order, descending=wish.descending
    )
    if wish.period:
        query = _within(query, wish.period)
    if wish.activity:
        ident = workspace.idents.find(wish.activity)
        query = replace(query, activities=() if ident is None else (ident,))
    sought: list[str] = []
    for word in wish.words.split():
        narrowed = _special(workspace, query, word)
        if narrowed is None:
            sought.append(word)
        else:
            query = narrowed
    return _with_text(workspace, query, " ".join(sought)) if sought else query


def _within(query: SessionQuery, text: str) -> SessionQuery:
    period = parse_period(text)
    return replace(query, first=period.first.isoformat(), last=period.last.isoformat())


def _special(workspace: Workspace, query: SessionQuery, word: str) -> SessionQuery | None:
    """Return the query narrowed by a word that is a status, a month or 退回; None for others."""
    codes = shipped_codes()
    if word in _RETURNED:
        return replace(query, returned=True)
    for code in codes.codes(_STATUS_LIST):
        if word in (code, *(codes.label(_STATUS_LIST, code, lang) for lang in ("zh", "en"))):
            return replace(query, statuses=(*query.statuses, code))
    below = _unit_below(workspace, word)
    if below:
        return replace(query, unit=below)
    month = _MONTH.fullmatch(word)
    if month:
        year = int(query.first[:4]) if query.first else workspace.clock.now().year
        return _within(query, f"{year}-{int(month[1]):02d}")
    try:
        return _within(query, word)
    except Refusal:
        day = as_date(word)
        return replace(query, first=day.isoformat(), last=day.isoformat()) if day else None


def _unit_below(workspace: Workspace, word: str) -> str:
    """Return the one unit below that is called so, or begins so; "" for none or several."""
    if len(word) < _UNIT_LETTERS or workspace.tier == "village":
        return ""
    inside = {*lookups.units_within(workspace.database, workspace.unit)} - {workspace.unit}
    names = {str(row[0]): str(row[1]) for row in trust.units(workspace.database)}
    found = [code for code in inside if names[code].startswith(word)]
    exact = [code for code in found if names[code] == word]
    return (exact or found)[0] if len(exact or found) == 1 else ""


def _with_text(workspace: Workspace, query: SessionQuery, text: str) -> SessionQuery:
    wanted = text.casefold()
    return replace(
        query,
        text=text,
        text_activities=tuple(_matching(store.titles(workspace.database), wanted)),
        text_places=tuple(_matching(store.venue_names(workspace.database), wanted)),
        text_staff=tuple(_matching(staff_names(workspace).items(), wanted)),
    )


def _matching(names: Iterable[tuple[int, str]], wanted: str) -> list[int]:
    by_letters = bool(_LETTERS.fullmatch(wanted))
    return [
        ident
        for ident, name in names
        if wanted in name.casefold() or (by_letters and _reads(name, wanted))
    ]


def _reads(name: str, letters: str) -> bool:
    from learnsite_desktop.services.people.readings import initials  # noqa: PLC0415

    return any(letters in way for way in initials(name, surname=False))


def staff_names(workspace: Workspace) -> dict[int, str]:
    """Return the names of all staff by ident."""
    found = {}
    for stored in records_of_kind(workspace.database, "staff", deleted=True):
        name = {"name": stored.doc.get("name")}
        entry = entry_of(KINDS["staff"], name, workspace.vault)
        found[stored.ident] = str(entry.get("name") or "")
    return found


def idents(workspace: Workspace, query: SessionQuery, limit: int = -1) -> "array[int]":
    """Return the sessions of a query in order; with a limit only the first of them."""
    return store.session_idents(workspace.database, query, limit)


def count(workspace: Workspace, query: SessionQuery) -> int:
    """Return how many sessions a query has."""
    return store.count_sessions(workspace.database, query)


def lines(
    workspace: Workspace,
    wanted: Sequence[int],
    *,
    staff: Mapping[int, str],
    covered: Mapping[int, int],
) -> dict[int, Line]:
    """Return the lines of some sessions by ident.

    `staff` is what `staff_names` returned, `covered` what `receipted.covered_chains` did.
    """
    rows = store.session_rows(workspace.database, wanted)
    received = _received(workspace, [row.key for row in rows.values()], covered)
    units = {row.unit: unit_name(workspace.database, row.unit) for row in rows.values()}
    return {
        ident: Line(
            row,
            tuple(staff[one] for one in row.teachers if staff.get(one)),
            _state(row, received=row.key in received),
            units[row.unit],
        )
        for ident, row in rows.items()
    }


def _received(workspace: Workspace, keys: Sequence[int], covered: Mapping[int, int]) -> set[int]:
    """Return those of the records (keys) of which the unit above has acknowledged anything."""
    if not covered or not keys:
        return set()
    return {
        key
        for key, chain, first in store.first_writings(workspace.database, keys)
        if covered.get(chain, 0) >= first
    }


def _state(row: SessionRow, *, received: bool) -> str:
    held = (bool(row.returned), row.draft, received, True)
    return next(state for state, holds in zip(STATES, held, strict=True) if holds)


def months(workspace: Workspace, today: date) -> list[str]:
    """Return the periods one may choose: this year's months up to today, then years."""
    found = [f"{today.year}-{month:02d}" for month in range(today.month, 0, -1)]
    oldest = store.oldest_day(workspace.database)
    first = int(oldest[:4]) if oldest else today.year
    return [*found, *(str(year) for year in range(today.year, first - 1, -1))]
