"""Writing workbooks: every cell goes through one writer, so that no text can become a formula."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from learnsite_desktop.platform.durable import make_folder, named
from learnsite_desktop.reports.cells import acts, cut, printable, stored

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

TEXT_FORMAT: Final = "@"
_TITLE_LIMIT: Final = 31
_TITLE_UNFIT: Final = re.compile(r"[\\/*?:\[\]]")
_NAMELESS: Final = "Sheet"
_KIND_OF_CELL: Final = "data_type"
_ERROR_SIGN: Final = "#"

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and how numbers are shown; ids and phone numbers are text with format "@"."""

    value: Value
    format: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: lines of a heading, column titles, rows.

    `widths` are column widths in characters. `title` may be any text; it is made to fit and unique.
    """

    title: str
    heading: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = field(default=())


class SpecialSheet(Protocol):
    """A sheet that fills itself, as one of charts does (`reports.charts.ChartSheet`)."""

    @property
    def title(self) -> str:
        """Its title, any text."""

    def write(self, sheet: "Worksheet") -> int:
        """Fill the empty sheet; return how many cells were written."""


def ident(text: str) -> Cell:
    """Return a cell for an id, a code or a phone number: never a number."""
    return Cell(text, TEXT_FORMAT)


def write_cell(sheet: "Worksheet", row: int, column: int, cell: Cell) -> int:
    """Write one cell, row and column from 1; the only way values get into a workbook.

    Returns 1, or 0 if there was nothing to write.
    """
    if cell.value is None or cell.value == "":
        return 0
    target: Any = sheet.cell(row=row, column=column)
    if isinstance(cell.value, str):
        text = printable(cell.value)
        target.value = stored(text)
        # Set after the value: openpyxl takes text that begins with = for a formula.
        setattr(target, _KIND_OF_CELL, "s")
        if acts(text):
            target.quotePrefix = 1
    else:
        target.value = cell.value
    if cell.format:
        target.number_format = cell.format
    return 1


def write_workbook(
    path: Path,
    sheets: Sequence[Sheet | SpecialSheet],
    *,
    title: str,
    made: datetime,
) -> int:
    """Write the sheets as `path`, whole or not at all, and return how many cells were written."""
    plain = all(isinstance(sheet, Sheet) for sheet in sheets)
    book = new_book(streamed=plain)
    moment = made.replace(tzinfo=None, microsecond=0)
    book.properties.title = printable(title)
    book.properties.creator = "learnsite"
    book.properties.created = book.properties.modified = moment
    taken: set[str] = set()
    cells = 0
    for sheet in sheets:
        target = book.create_sheet(sheet_title(sheet.title, taken))
        if isinstance(sheet, Sheet):
            cells += (_stream_sheet if plain else _write_sheet)(target, sheet)
        else:
            cells += sheet.write(target)
    save_book(book, path)
    return cells


def new_book(*, streamed: bool = False) -> "Workbook":
    """Return a workbook without sheets; those of a `streamed` one only take row after row."""
    from openpyxl import Workbook  # noqa: PLC0415 - half a second that other commands need not wait

    if streamed:
        return Workbook(write_only=True)
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    return book


def save_book(book: "Workbook", path: Path) -> None:
    """Save a workbook whole or not at all."""
    make_folder(path.parent)
    part = path.with_name(path.name + ".part")
    whole = io.BytesIO()  # a file that openpyxl cannot finish on a full disk it leaves open
    book.save(whole)
    try:
        with named(path):
            part.write_bytes(whole.getbuffer())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def sheet_title(text: str, taken: set[str]) -> str:
    """Return a title that Excel accepts: at most 31 characters, unique, no quotes around."""
    plain = _TITLE_UNFIT.sub("_", printable(text)).replace("\n", " ").strip("' ") or _NAMELESS
    found, number = plain[:_TITLE_LIMIT], 2
    while found.casefold() in taken:
        tail = f" ({number})"
        found = plain[: _TITLE_LIMIT - len(tail)] + tail
        number += 1
    taken.add(found.casefold())
    return found


def _write_sheet(target: "Worksheet", sheet: Sheet) -> int:
    """Fill one sheet; return how many cells have a value."""
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    bold = Font(bold=True)
    written = 0
    for row, line in enumerate(sheet.heading, start=1):
        written += write_cell(target, row, 1, Cell(line))
        target.cell(row=row, column=1).font = bold if row == 1 else Font()
    top = len(sheet.heading) + 1
    for column, text in enumerate(sheet.columns, start=1):
        written += write_cell(target, top, column, Cell(cut(text, 255)))
        target.cell(row=top, column=column).font = bold
    for row, given in enumerate(sheet.rows, start=top + 1):
        for column, cell in enumerate(given, start=1):
            written += write_cell(target, row, column, cell)
    for column, width in enumerate(sheet.widths, start=1):
        target.column_dimensions[get_column_letter(column)].width = width
    target.freeze_panes = f"A{top + 1}"
    return written


class _Stream:
    """Cells on their way into a streamed sheet, each written before the next one is made.

    `written` counts those that have a value.
    """

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._dressed: dict[tuple[str, bool, bool], Any] = {}
        self.written = 0

    def append(self, cells: Iterable[Cell], *, bold: bool = False) -> None:
        """Write a row."""
        self._sheet.append(self._passed(cell, bold=bold) for cell in cells)

    def _passed(self, cell: Cell, *, bold: bool) -> object:
        value = cell.value
        if value is None or value == "":
            return None
        self.written += 1
        acting = False
        if isinstance(value, str):
            text = printable(value)
            acting, value = acts(text), stored(text)
            if not (bold or cell.format or acting or value.startswith(_ERROR_SIGN)):
                return value
        elif not (bold or cell.format):
            return value
        # One cell serves all of its look; its value is written before it is given another.
        made = self._dressed.get((cell.format, acting, bold))
        if made is None:
            made = self._dress(cell, acting, bold)
        made.value = value
        if isinstance(value, str):
            setattr(made, _KIND_OF_CELL, "s")
        return made

    def _dress(self, cell: Cell, acting: bool, bold: bool) -> Any:  # noqa: FBT001
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
        from openpyxl.styles import Font  # noqa: PLC0415

        made: Any = WriteOnlyCell(self._sheet)
        if cell.format:
            made.number_format = cell.format
        if acting:
            made.quotePrefix = 1
        if bold:
            made.font = Font(bold=True)
        self._dressed[cell.format, acting, bold] = made
        return made


def _stream_sheet(target: "Worksheet", sheet: Sheet) -> int:
    """Fill one sheet of a streamed workbook; return how many cells have a value."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for column, width in enumerate(sheet.widths, start=1):
        target.column_dimensions[get_column_letter(column)].width = width
    target.freeze_panes = f"A{len(sheet.heading) + 2}"
    stream = _Stream(target)
    for row, line in enumerate(sheet.heading, start=1):
        stream.append([Cell(line)], bold=row == 1)
    stream.append([Cell(cut(text, 255)) for text in sheet.columns], bold=True)
    for given in sheet.rows:
        stream.append(given)
    return stream.written
