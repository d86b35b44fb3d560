"""Sheets that somebody fills in: lists to choose from, text that stays text, what is hidden."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from learnsite_desktop.reports.workbook import TEXT_FORMAT, Cell, write_cell

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_HEADED: Final = "DCE6F1"
_ENTRY: Final = "FFFDF2"
_LINE: Final = "A6A6A6"
_SMALL: Final = 10
_LARGE: Final = 14
_HEIGHT: Final = 20
"""Of a row, in points; programs do not make rows of files from elsewhere high enough."""


@dataclass(frozen=True, slots=True)
class Area:
    """Cells from the first to the last row and column, counted from 1, both inside."""

    top: int
    left: int
    bottom: int
    right: int

    def text(self) -> str:
        """Return the area as spreadsheets write it: C5:C64."""
        from openpyxl.utils import get_column_letter  # noqa: PLC0415

        first, last = get_column_letter(self.left), get_column_letter(self.right)
        return f"{first}{self.top}:{last}{self.bottom}"

    def fixed(self, sheet: str) -> str:
        """Return the area of a sheet as a list to choose from names it."""
        from openpyxl.utils import get_column_letter  # noqa: PLC0415

        first, last = get_column_letter(self.left), get_column_letter(self.right)
        return f"'{sheet}'!${first}${self.top}:${last}${self.bottom}"


@dataclass(frozen=True, slots=True)
class Choice:
    """Words offered in an area: those that stand in `words` of another sheet.

    What is not among them may be typed all the same unless `only`.
    """

    area: Area
    sheet: str
    words: Area
    only: bool = False


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet to be filled in; `rows[0]` is row 1. Cells of `entries` are text, also blank ones.

    `title` must be fit for a sheet and unique. `hides` are row numbers and column numbers that
    stay out of sight; `frozen` is the cell above and left of which everything stays in view.
    """

    title: str
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int]
    headings: Area | None = None
    entries: Sequence[Area] = ()
    choices: Sequence[Choice] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    large_rows: tuple[int, ...] = ()
    small_rows: tuple[int, ...] = ()
    wrapped: bool = False
    frozen: str = ""
    shown: bool = True

    def write(self, sheet: "Worksheet") -> int:
        """Fill the empty sheet; return how many cells were written."""
        from openpyxl.utils import get_column_letter  # noqa: PLC0415

        written = 0
        self._dress(sheet)
        for row, cells in enumerate(self.rows, start=1):
            for column, cell in enumerate(cells, start=1):
                written += write_cell(sheet, row, column, cell)
        for column, width in enumerate(self.widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        for column in self.hidden_columns:
            sheet.column_dimensions[get_column_letter(column)].hidden = True
        for row in self.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        if self.frozen:
            sheet.freeze_panes = self.frozen
        if not self.shown:
            sheet.sheet_state = "hidden"
        self._offer(sheet)
        self._page(sheet)
        return written

    def _dress(self, sheet: "Worksheet") -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415

        side = Side(style="thin", color=_LINE)
        box = Border(left=side, right=side, top=side, bottom=side)
        headed = PatternFill("solid", start_color=_HEADED, end_color=_HEADED)
        self._boxes(sheet, box)
        if self.headings is not None:
            for cell in _cells(sheet, self.headings):
                cell.fill, cell.border, cell.font = headed, box, Font(bold=True)
                cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        large, small = Font(bold=True, size=_LARGE), Font(size=_SMALL, color="595959")
        for rows, font in ((self.large_rows, large), (self.small_rows, small)):
            for cell in (cell for row in rows for cell in sheet[row]):
                cell.font = font
        if self.wrapped:
            whole = Area(1, 1, len(self.rows), max(map(len, self.rows)))
            for cell in _cells(sheet, whole):
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            for row, cells in enumerate(self.rows, start=1):
                lines = -(-_width(str(cells[0].value or "")) // self.widths[0])
                sheet.row_dimensions[row].height = _HEIGHT * max(lines, 1)

    def _boxes(self, sheet: "Worksheet", box: Any) -> None:
        """Dress what is filled in: framed, light, text."""
        from openpyxl.styles import Alignment, PatternFill  # noqa: PLC0415

        entry = PatternFill("solid", start_color=_ENTRY, end_color=_ENTRY)
        middle = Alignment(vertical="center")
        for area in self.entries:
            for cell in _cells(sheet, area):
                cell.number_format, cell.border, cell.fill = TEXT_FORMAT, box, entry
                cell.alignment = middle
            for row in range(area.top, area.bottom + 1):
                sheet.row_dimensions[row].height = _HEIGHT

    def _offer(self, sheet: "Worksheet") -> None:
        from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

        for choice in self.choices:
            offer = DataValidation(
                type="list",
                formula1=choice.words.fixed(choice.sheet),
                allow_blank=True,
                showErrorMessage=choice.only,
            )
            offer.add(choice.area.text())
            sheet.add_data_validation(offer)

    def _page(self, sheet: "Worksheet") -> None:
        from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        if self.headings is not None:
            sheet.print_title_rows = f"{self.headings.top}:{self.headings.bottom}"


def _cells(sheet: "Worksheet", area: Area) -> list[Any]:
    return [
        sheet.cell(row=row, column=column)
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    ]


def _width(text: str) -> int:
    """Return how many columns a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)
