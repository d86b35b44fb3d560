"""Tables as people hand them in, read with the row and column names that Excel shows.

Nothing is understood here: a sheet is rows of cells, with what the file says about hidden rows,
merged cells and cells without a value that can be trusted.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.roster import xls_marks, xlsx_marks
from learnsite_desktop.services.roster.csv_text import read_csv
from learnsite_desktop.services.roster.faults import Note
from learnsite_desktop.services.roster.xlsx_marks import MAX_CELLS, Marks

MAX_BYTES: Final = 64 * 1024 * 1024
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_PANICS: Final = "pyo3_runtime"
"""Where the error comes from that the reader of values ends with at a spoilt file; no Exception."""

_MARKUP: Final = (b"<html", b"<!doc", b"<?xml", b"<table", b"{\\rtf", b"%pdf")

Cell = Any
"""Text, float, bool, date, datetime, time or timedelta; "" where nothing stands."""


@dataclass(frozen=True, slots=True)
class Span:
    """Merged cells: first and last row and column, counted from 0, both inside."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[0]` is Excel's row 1, `rows[0][0]` its cell A1; rows may differ in length.

    `marks` tells what the file says beyond the values; rows and columns in it count from 0.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    visible: bool = True
    spans: tuple[Span, ...] = ()
    marks: Marks = field(default_factory=Marks)

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell by its place counted from 0, "" outside the sheet."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]


@dataclass(frozen=True)
class Table:
    """A file: its sheets in order; `kind` is `xlsx`, `xls`, `csv` or `other` (ods, xlsb)."""

    path: Path
    kind: str
    sheets: tuple[Sheet, ...]
    encoding: str = ""
    date1904: bool = False
    notes: tuple[Note, ...] = ()


def letter(column: int) -> str:
    """Return the column name that Excel shows for a column counted from 0."""
    text, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def open_table(path: Path) -> Table:
    """Read a workbook or CSV file, whatever its name ends in.

    Refuses `table_unreadable`, `table_locked` (password), `table_kind` (web page, PDF, …),
    `table_empty` and `table_too_large`.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refusal("table_too_large", where=path.name)
        raw = path.read_bytes()
    except OSError as error:
        raise Refusal("table_unreadable", where=str(path)) from error
    if not raw.strip():
        raise Refusal("table_empty", where=path.name)
    table = _read(path, raw)
    if not any(any(cell != "" for cell in row) for sheet in table.sheets for row in sheet.rows):
        raise Refusal("table_empty", where=path.name)
    return table


def _read(path: Path, raw: bytes) -> Table:
    if raw.startswith(_ZIP):
        return _workbook(path, raw)
    if raw.startswith(_OLE):
        if _ENCRYPTED in raw:
            raise Refusal("table_locked", where=path.name)
        return _workbook(path, raw)
    if raw.lstrip(b"\xef\xbb\xbf \r\n\t")[:6].lower().startswith(_MARKUP):
        raise Refusal("table_kind", where=path.name)
    rows, encoding = read_csv(raw, path.name)
    return Table(path, "csv", (Sheet(path.stem, rows),), encoding)


def _workbook(path: Path, raw: bytes) -> Table:
    """Read a workbook by calamine, and the marks that it does not tell from the file itself."""
    import python_calamine as calamine  # noqa: PLC0415 - needed by few commands only

    try:
        zipped = raw.startswith(_ZIP)
        found = xlsx_marks.marks_of(raw, path.name) if zipped else xls_marks.marks_of(raw)
        marks = found.sheets if found else {}
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        seen = {
            about.name: about.visible == calamine.SheetVisibleEnum.Visible
            for about in book.sheets_metadata
            if about.typ == calamine.SheetTypeEnum.WorkSheet
        }
        sheets = tuple(
            _sheet(book.get_sheet_by_name(name), visible, marks.get(name, Marks()), path)
            for name, visible in seen.items()
        )
    except (calamine.PasswordError, xls_marks.Scrambled) as error:
        raise Refusal("table_locked", where=path.name) from error
    except xls_marks.Oversized as error:
        raise Refusal("table_too_large", where=path.name) from error
    except (calamine.CalamineError, xls_marks.Broken) as error:
        raise Refusal("table_kind", where=path.name) from error
    except BaseException as error:
        if type(error).__module__ != _PANICS:
            raise
        raise Refusal("table_kind", where=path.name) from error
    if not zipped:
        sheets = tuple(replace(sheet, rows=_floats(sheet.rows)) for sheet in sheets)
    kind = "other" if found is None and zipped else "xlsx" if zipped else "xls"
    untold = [] if zipped and found else ["CELLS_NOT_TOLD"] if found else ["HIDDEN_NOT_TOLD"]
    notes = tuple(Note("", 0, "", "", Issue(code)) for code in untold)
    return Table(path, kind, sheets, date1904=bool(found and found.date1904), notes=notes)


def _sheet(source: Any, visible: bool, marks: Marks, path: Path) -> Sheet:  # noqa: FBT001
    """Return a sheet; blank columns at the left, which calamine drops, stand again."""
    if source.start is None:
        return Sheet(source.name, (), visible)
    last_row, last_column = source.end
    if (last_row + 1) * (last_column + 1) > MAX_CELLS:
        raise Refusal("table_too_large", where=path.name)
    pad = [""] * source.start[1]
    rows = [pad + row for row in source.iter_rows()] if pad else list(source.iter_rows())
    spans = tuple(
        Span(first[0], first[1], last[0], last[1])
        for first, last in source.merged_cell_ranges or ()
    )
    return Sheet(source.name, rows, visible, spans, marks)


def _floats(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Return rows with all numbers as floats; those of an .xls file come as integers, too."""
    return [[float(cell) if type(cell) is int else cell for cell in row] for row in rows]
