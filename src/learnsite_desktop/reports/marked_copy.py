"""A coloured copy of a table that somebody handed in, with the reason beside every wrong row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.reports.workbook import (
    TEXT_FORMAT,
    Cell,
    new_book,
    save_book,
    sheet_title,
    write_cell,
)

_WRONG: Final = "FFC7CE"
_REASON: Final = "FFEB9C"
_WIDEST: Final = 60


@dataclass(frozen=True, slots=True)
class MarkedSheet:
    """One sheet as it was: rows of cells from row 1, reasons by row number, wrong cells.

    `wrong` names cells as (row, column), both from 1; `heading_rows` are where the heading of the
    column of reasons belongs; `spans` are merged cells: first row and column, last row and column.
    A sheet that is not `shown` is hidden in the copy too, as are rows and columns.
    """

    title: str
    rows: Sequence[Sequence[Any]]
    reasons: Mapping[int, str]
    wrong: frozenset[tuple[int, int]]
    heading_rows: tuple[int, ...] = ()
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    hidden_columns: tuple[str, ...] = ()
    shown: bool = True
    spans: tuple[tuple[int, int, int, int], ...] = ()


def write_marked(path: Path, sheets: Sequence[MarkedSheet], heading: str) -> int:
    """Write the copy as .xlsx, whole or not at all, and return the number of rows with a reason.

    Long numbers become text, so that nothing of them is lost a second time.
    """
    book = new_book()
    taken: set[str] = set()
    for sheet in sheets:
        _write(book.create_sheet(sheet_title(sheet.title, taken)), sheet, heading)
    save_book(book, path)
    return sum(len(sheet.reasons) for sheet in sheets)


def _write(target: Any, sheet: MarkedSheet, heading: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    wrong, told = (
        PatternFill("solid", start_color=colour, end_color=colour) for colour in (_WRONG, _REASON)
    )
    for row, cells in enumerate(sheet.rows, start=1):
        for column, value in enumerate(cells, start=1):
            write_cell(target, row, column, _cell(value))
    for row, column in sheet.wrong:
        target.cell(row=row, column=column).fill = wrong
    last = max((len(cells) for cells in sheet.rows), default=0) + 1
    for row in sheet.heading_rows:
        write_cell(target, row, last, Cell(heading))
        target.cell(row=row, column=last).font = Font(bold=True)
    for row, reason in sheet.reasons.items():
        write_cell(target, row, last, Cell(reason))
        target.cell(row=row, column=last).fill = told
        target.cell(row=row, column=last).alignment = Alignment(wrap_text=True, vertical="top")
    _hide(target, sheet)
    for first_row, first_column, last_row, last_column in sheet.spans:
        target.merge_cells(
            start_row=first_row,
            start_column=first_column,
            end_row=last_row,
            end_column=last_column,
        )
    if sheet.reasons:
        target.column_dimensions[get_column_letter(last)].width = _WIDEST


def _hide(target: Any, sheet: MarkedSheet) -> None:
    """Hide what was hidden in the file, but no row that has something wrong."""
    for letters in sheet.hidden_columns:
        target.column_dimensions[letters].hidden = True
    if not sheet.shown:
        target.sheet_state = "hidden"
    for row in sheet.hidden_rows - set(sheet.reasons):
        target.row_dimensions[row].hidden = True


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return Cell(str(value).upper(), TEXT_FORMAT)
    if isinstance(value, float):
        if not value.is_integer():
            return Cell(value)
        return Cell(int(value)) if abs(value) < 1e11 else Cell(f"{value:.0f}", TEXT_FORMAT)
    if isinstance(value, datetime):
        return Cell(value.strftime("%Y-%m-%d %H:%M"), TEXT_FORMAT)
    if isinstance(value, (date, time)):
        return Cell(value.isoformat(), TEXT_FORMAT)
    if isinstance(value, timedelta):
        return Cell(str(value), TEXT_FORMAT)
    return Cell(str(value), TEXT_FORMAT)
