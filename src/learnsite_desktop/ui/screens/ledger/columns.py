"""The columns of the ledger: what they show, and how what is typed into them is read."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from re import split
from typing import Any, Final

from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.reports.delimited import block_text, unguarded
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.session_list import Line
from learnsite_desktop.ui.widgets.typed import half_width, read_date, read_number, read_time

_SHORT_DAYS: Final = (
    N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"),
)  # fmt: skip
_MOST_HEADS: Final = 99_999
_DASHES: Final = r"\s*[-–—~～至到]\s*"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `order` is what it can be ordered by ("" = not), `width` in letters.

    `text` gives its words; a column with `read` can be written: it returns the fields that a text
    means, None when it is not understood.
    """

    name: str
    heading: str
    width: int
    text: Callable[[Line], str]
    order: str = ""
    read: Callable[[str, date], dict[str, Any] | None] | None = None
    number: bool = False


def word(list_name: str, code: str) -> str:
    """Return the word of a code."""
    return shipped_codes().label(list_name, code, language()) if code else ""


def _day(line: Line) -> str:
    day = as_date(line.row.date)
    return f"{line.row.date} {_(_SHORT_DAYS[day.weekday()])}" if day else line.row.date


def _read_day(text: str, today: date) -> dict[str, Any] | None:
    bare = text.strip()
    for name in _SHORT_DAYS:
        bare = bare.removesuffix(_(name)).strip()
    day = read_date(bare, today)
    return {"date": day.isoformat()} if day else None


def _read_time(text: str, _today: date) -> dict[str, Any] | None:
    parts = split(_DASHES, half_width(text))
    times = [read_time(part) for part in parts if part]
    if len(times) != 2 or None in times:
        return None
    return {"start": times[0], "end": times[1]}


def _read_status(text: str, _today: date) -> dict[str, Any] | None:
    bare = text.strip()
    for code in shipped_codes().codes("session_status"):
        if bare in (code, word("session_status", code)):
            return {"status": code}
    return None


def _read_heads(text: str, _today: date) -> dict[str, Any] | None:
    if not text.strip():
        return {"headcount": None}
    number = read_number(text, 0, _MOST_HEADS)
    return None if number is None else {"headcount": number or None}


def _read_notes(text: str, _today: date) -> dict[str, Any] | None:
    return {"notes": text.strip() or None}


def _handed_in(line: Line) -> str:
    """Return what stands where there is no chip: whether a session is still to be handed in."""
    return "" if line.row.status == "planned" else _("not yet")


def _destinations(line: Line) -> str:
    return "、".join(word("destination", code) for code in line.row.destinations)


COLUMNS: Final[tuple[Column, ...]] = (
    Column("date", N_("Date"), 14, _day, "date", _read_day),
    Column("time", N_("Time"), 11, lambda one: f"{one.row.start}–{one.row.end}", "time",
           _read_time),
    Column("title", N_("Activity"), 15, lambda one: one.row.title, "title"),
    Column("status", N_("Status"), 10, lambda one: word("session_status", one.row.status),
           "status", _read_status),
    Column("named", N_("Named"), 4, lambda one: str(one.row.named or ""), number=True),
    Column("headcount", N_("Head-count"), 4, lambda one: str(one.row.headcount or ""),
           "headcount", _read_heads, number=True),
    Column("minutes", N_("Minutes"), 4, lambda one: str(one.row.minutes or ""), "minutes",
           number=True),
    Column("place", N_("Place"), 11, lambda one: one.row.place),
    Column("teachers", N_("Teachers"), 8, lambda one: "、".join(one.teachers)),
    Column("state", N_("Handed in"), 10, _handed_in),
    Column("kind", N_("Kind"), 8, lambda one: word("activity_kind", one.row.kind), "kind"),
    Column("destinations", N_("Report to"), 12, _destinations),
    Column("notes", N_("Notes"), 12, lambda one: one.row.notes, "notes", _read_notes),
    Column("unit", N_("Unit"), 10, lambda one: one.unit),
)  # fmt: skip


def block_of(text: str) -> list[list[str]]:
    """Return the cells of a block as spreadsheets copy it: tabs, quotes around line breaks."""
    rows = csv.reader(io.StringIO(text.replace("\r\n", "\n"), newline=""), delimiter="\t")
    found = [[unguarded(cell) for cell in row] for row in rows]
    while found and not any(cell.strip() for cell in found[-1]):
        found.pop()
    return found


def text_of(rows: Iterable[Sequence[str]]) -> str:
    """Return cells as a block that spreadsheets take."""
    return block_text(rows)


@dataclass(frozen=True, slots=True)
class Paste:
    """A block read for the grid: per row the fields to set, and the cells that are wrong.

    `wrong` has (row of the block, column number of the grid) of cells not understood; `locked`
    columns that cannot be written; `rows` may be more than the grid has from there on.
    """

    rows: tuple[dict[str, Any], ...]
    wrong: tuple[tuple[int, int], ...]
    locked: tuple[int, ...]


def read_block(block: Sequence[Sequence[str]], first_column: int, today: date) -> Paste:
    """Read a block that is to be put in from a column on; empty cells leave things as they are."""
    rows: list[dict[str, Any]] = []
    wrong: list[tuple[int, int]] = []
    locked: set[int] = set()
    for number, cells in enumerate(block):
        fields: dict[str, Any] = {}
        for place, cell in enumerate(cells, start=first_column):
            if not cell.strip():
                continue
            read = COLUMNS[place].read if place < len(COLUMNS) else None
            if read is None:
                locked.add(place)
                continue
            found = read(cell, today)
            if found is None:
                wrong.append((number, place))
            else:
                fields |= found
        rows.append(fields)
    return Paste(tuple(rows), tuple(wrong), tuple(sorted(locked)))
