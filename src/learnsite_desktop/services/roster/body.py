"""The rows below the headings: which of them are entries, which are totals, footers, headings."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.roster.cells import text_of
from learnsite_desktop.services.roster.faults import Fault, Skipped
from learnsite_desktop.services.roster.headings import Block
from learnsite_desktop.services.roster.tables import Sheet, letter

TOTALS, FOOTER, SUBHEADING = N_("totals"), N_("footer"), N_("sub-heading")
_TOTALS: Final = re.compile(
    r"^(?:合计|总计|小计|共计|累计|总人数|总数|本页|以上共)|^共?\d+(?:人|名|场|次)$"
)
_FOOTER: Final = re.compile(
    r"^(?:填表|制表|填报|审核|经办|负责人|联系人|单位|盖章|签字|注:|备注:|说明:|说明$|日期:|"
    r"以下空白|以下无)|.*:.*(?:签字|盖章|年月日)|^\d{4}年\d{1,2}月\d{1,2}日$"
)
_STATED: Final = re.compile(r"(20\d\d)[年.\-/](?:(\d{1,2})[月.\-/](?:(\d{1,2})日?)?)?")
# A merged cell of these says the same of every row; of the others it cannot be told whose it is.
_SHARED: Final = frozenset({"village", "address", "place", "department", "date", "title", "-"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that is an entry: its cells by field ("" left out), its columns, its faults so far.

    `row` counts from 1 as Excel shows it; columns count from 0.
    """

    sheet: str
    row: int
    cells: Mapping[str, Any]
    columns: Mapping[str, int]
    faults: tuple[Fault, ...] = ()

    def fault(self, field: str, issue: Issue, candidates: tuple[str, ...] = ()) -> Fault:
        """Return a fault of this row in a field's cell."""
        return Fault(
            self.sheet,
            self.row,
            self.column(field),
            field,
            issue,
            text_of(self.cells.get(field, "")),
            candidates,
        )

    def column(self, field: str) -> str:
        """Return the letter of a field's column, "" if the table has none."""
        place = self.columns.get(field)
        return "" if place is None else letter(place)


class Body:
    """The rows of one block."""

    def __init__(self, sheet: Sheet, block: Block, key: str) -> None:
        """`key` is the field without which there is no entry."""
        self._sheet = sheet
        self._block = block
        self._key = key
        self._fields = block.fields()
        self._first = block.last_heading
        columns = [column.index for column in block.columns]
        self._left, self._right = min(columns), max(columns)
        self._taken = sorted((place, name) for name, place in self._fields.items())
        self._covered = self._coverings()
        self._titles = self._titles_of_next()
        self.skipped: list[Skipped] = []

    def _coverings(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Return, for every merged cell but the first of its column, the place of its value."""
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for span in self._sheet.spans:
            bottom = min(span.bottom, self._block.last_row - 1)
            if span.bottom < self._first or span.top >= self._block.last_row:
                continue
            for row in range(max(span.top, self._first), bottom + 1):
                for column in range(span.left, min(span.right, self._right) + 1):
                    if (row, column) != (span.top, span.left):
                        found[row, column] = (span.top, span.left)
        return found

    def _titles_of_next(self) -> set[int]:
        """Return the rows of one text each that stand directly above the headings that follow."""
        found: set[int] = set()
        row = self._block.last_row - 1
        if self._block.last_row >= len(self._sheet.rows) or len(self._block.columns) < 2:
            return found
        while row >= self._first and sum(1 for cell in self._sheet.rows[row] if cell != "") == 1:
            found.add(row)
            row -= 1
        return found

    def entries(self) -> Iterator[Entry]:
        """Yield the entries from top to bottom; `skipped` tells of the other rows."""
        for row in range(self._first, self._block.last_row):
            cells = self._sheet.rows[row]
            found = {
                name: cells[place]
                for place, name in self._taken
                if place < len(cells) and cells[place] != ""
            }
            marked = self._marked(row)
            if not found and not marked:
                self._unnamed(row)
                continue
            if self._is_entry(row, found, marked):
                yield self._entry(row, found, marked)

    def _marked(self, row: int) -> dict[str, str]:
        """Return the fields of a row whose value is an error or was never calculated."""
        marks = self._sheet.marks
        if not marks.errors and not marks.unsaved:
            return {}
        found: dict[str, str] = {}
        for place, name in self._taken:
            if (row, place) in marks.errors:
                found[name] = "CELL_ERROR"
            elif (row, place) in marks.unsaved:
                found[name] = "CELL_NOT_CALCULATED"
        return found

    def _unnamed(self, row: int) -> None:
        """Note a row in which only columns that are not taken hold something."""
        text = self._first_text(row)
        if text:
            self._skip(row, _reason(text) or SUBHEADING)

    def _first_text(self, row: int) -> str:
        cells = self._sheet.rows[row][self._left : self._right + 1]
        return next((text_of(cell) for cell in cells if text_of(cell).strip()), "")

    def _is_entry(self, row: int, found: dict[str, Any], marked: dict[str, str]) -> bool:
        first = self._first_text(row)
        own = text_of(found.get(self._key, ""))
        reason = _reason(own) or (None if own else _reason(first))
        if reason is None and _reason(first) == TOTALS:
            reason = TOTALS
        if reason is None and (row in self._titles or self._spans_columns(row)):
            reason = SUBHEADING
        if reason is None and set(found) <= {"number"} and not marked:
            if first.replace(".", "").isdecimal():
                return False
            reason = SUBHEADING
        if reason is not None:
            self._skip(row, reason)
            return False
        return True

    def _spans_columns(self, row: int) -> bool:
        """Whether a row's only value stands in a cell merged over several columns."""
        cells = self._sheet.rows[row][self._left : self._right + 1]
        filled = [self._left + place for place, cell in enumerate(cells) if cell != ""]
        return len(filled) == 1 and (row, filled[0] + 1) in self._covered

    def _entry(self, row: int, found: dict[str, Any], marked: dict[str, str]) -> Entry:
        entry = Entry(self._sheet.name, row + 1, found, self._fields)
        faults = [entry.fault(name, Issue(code, field=name)) for name, code in marked.items()]
        for place, name in self._taken if self._covered else ():
            source = self._covered.get((row, place))
            if source is None or name == "number":
                continue
            value = self._sheet.cell(*source)
            if value == "":
                continue
            if source[1] == place and name in _SHARED and source[0] >= self._first:
                found[name] = value
            else:
                faults.append(entry.fault(name, Issue("CELL_MERGED", field=name)))
        faults += self._merged_over(row, entry)
        return Entry(entry.sheet, entry.row, found, self._fields, tuple(faults))

    def _merged_over(self, row: int, entry: Entry) -> list[Fault]:
        """Find the first cells of merges that reach down into further rows."""
        if not self._covered:
            return []
        return [
            entry.fault(name, Issue("CELL_MERGED", field=name))
            for place, name in self._taken
            if name not in _SHARED
            and name != "number"
            and self._covered.get((row + 1, place)) == (row, place)
            and self._sheet.cell(row, place) != ""
        ]

    def _skip(self, row: int, why: str) -> None:
        self.skipped.append(Skipped(self._sheet.name, row + 1, why))


def _reason(text: str) -> str | None:
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if _TOTALS.search(plain):
        return TOTALS
    if _FOOTER.search(plain):
        return FOOTER
    return None


def stated_days(sheet: Sheet, above: int) -> list[date]:
    """Return the days that the title rows above a heading (counted from 1) name, in order.

    A year alone is its last day, a month its first.
    """
    found: set[date] = set()
    for row in sheet.rows[: above - 1]:
        for cell in row:
            for stated in _STATED.finditer(cell) if isinstance(cell, str) else ():
                year, month, day = (int(part) if part else 0 for part in stated.groups())
                with suppress(ValueError):
                    found.add(date(year, month or 12, day or (1 if month else 31)))
    return sorted(found)
