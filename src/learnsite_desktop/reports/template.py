"""Filling a workbook that somebody drew: markers in its cells give way to values.

A marker is a name in double braces. `{{unit}}` is a fact and may stand amid other text. A row that
holds `{{lines.name}}` is repeated, once for each entry of the list `lines`, with its look; an empty
list leaves one row, empty. What has no value becomes an empty cell. Formulas and everything else
stay as they were drawn; values never become formulas.
"""

import copy
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from learnsite_desktop.reports.workbook import Cell, write_cell

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MARKER: Final = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
MAX_UNPACKED: Final = 32 * 1024 * 1024
MAX_CELLS: Final = 100_000
"""Of a template: bytes in all its parts, cells of a sheet from A1 to the last one with a look."""
_GENERAL: Final = "General"
_LOOK: Final = "_style"
"""Where openpyxl keeps the whole look of a cell."""

_A4: Final = 9
_EMPTY: Final = Cell(None)
_LINE, _ABOVE = 13.5, 2.5
"""Height of a line of text of ten points, and what a row has besides, in points."""
_LATIN, _WIDE, _MARGIN = 0x2E80, 2.0, 1


class TemplateError(ValueError):
    """A workbook cannot be used as a template."""


@dataclass(frozen=True, slots=True)
class Sourced(Cell):
    """A cell that remembers where its value comes from; `source` is any text."""

    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What fills a template: facts by name, and lists of rows whose fields are cells."""

    facts: Mapping[str, Cell]
    lists: Mapping[str, Sequence[Mapping[str, Cell]]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A value with a source, and where it stands: the sheet's title, `B7`."""

    sheet: str
    address: str
    value: float | str
    source: str


@dataclass(slots=True)
class Result:
    """What came of filling: how many cells have a value, and where sourced values stand.

    `unknown` are markers that nothing stands for.
    """

    cells: int = 0
    placed: list[Placed] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Mapping[int, tuple[Any, Any]]
    height: float | None

    def list_of(self, lists: Mapping[str, Any]) -> str:
        """Return the list whose entries this row is repeated for, "" for none."""
        for value, _style in self.cells.values():
            for name in _markers(value):
                head = name.partition(".")[0]
                if "." in name and head in lists:
                    return head
        return ""


def open_template(path: Path) -> "Workbook":
    """Return a template; raises TemplateError for a file that is no workbook."""
    from openpyxl import load_workbook  # noqa: PLC0415 - half a second that others need not wait

    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        book = load_workbook(path) if unpacked <= MAX_UNPACKED else None
    except (OSError, KeyError, ValueError, EOFError) as error:
        raise TemplateError(path.name) from error
    except Exception as error:  # zipfile.BadZipFile and openpyxl's own
        raise TemplateError(path.name) from error
    # One cell with a look at the end of the sheet makes a thousand million between.
    if book is None or any(
        sheet.max_row * sheet.max_column > MAX_CELLS for sheet in book.worksheets
    ):
        raise TemplateError(path.name)
    return book


def markers_of(book: "Workbook") -> set[str]:
    """Return all markers of a template."""
    return {
        name
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        for name in _markers(cell.value)
    }


def fill(book: "Workbook", content: Content) -> Result:
    """Fill every sheet of a template in place; returns what was written where."""
    result = Result()
    for sheet in book.worksheets:
        _fill_sheet(sheet, content, result)
    return result


def lay_out(sheet: "Worksheet", foot: str = "") -> None:
    """Let a sheet print on A4, lying, as wide as the page, with `foot` in the middle below."""
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    footer: Any = sheet.oddFooter
    footer.center.text, footer.left.text = foot, sheet.title


def _markers(value: Any) -> Iterator[str]:
    if isinstance(value, str) and "{{" in value:
        yield from MARKER.findall(value)


def _fill_sheet(sheet: "Worksheet", content: Content, result: Result) -> None:
    rows = _take_rows(sheet)
    merged = [(one.min_row, one.min_col, one.max_row, one.max_col) for one in sheet.merged_cells]
    for one in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(one))
    sheet.delete_rows(1, max(sheet.max_row, 1))
    sheet.row_dimensions.clear()
    where: dict[int, list[int]] = {}
    at = 1
    for number, row in enumerate(rows, start=1):
        name = row.list_of(content.lists)
        entries: Sequence[Mapping[str, Cell]] = content.lists[name] if name else ({},)
        where[number] = []
        for entry in entries or ({},):
            fields = {f"{name}.{key}": cell for key, cell in entry.items()}
            _write_row(sheet, at, row, {**content.facts, **fields}, name, result)
            where[number].append(at)
            at += 1
    for top, left, bottom, right in merged:
        for first, last in zip(where.get(top, ()), where.get(bottom, ()), strict=False):
            sheet.merge_cells(start_row=first, start_column=left, end_row=last, end_column=right)
    _follow(sheet, where, at - 1)


def _take_rows(sheet: "Worksheet") -> list[_Row]:
    found = []
    for number in range(1, sheet.max_row + 1):
        cells: dict[int, tuple[Any, Any]] = {}
        for place, cell in enumerate(sheet[number], start=1):
            look = getattr(cell, _LOOK, None)
            if look is not None and (cell.value is not None or cell.has_style):
                cells[place] = (cell.value, copy.copy(look))
        found.append(_Row(cells, sheet.row_dimensions[number].height))
    return found


def _write_row(
    sheet: "Worksheet",
    at: int,
    row: _Row,
    known: Mapping[str, Cell],
    listed: str,
    result: Result,
) -> None:
    if row.height is not None:
        sheet.row_dimensions[at].height = row.height
    for column, (value, style) in row.cells.items():
        target = sheet.cell(row=at, column=column)
        setattr(target, _LOOK, copy.copy(style))
        names = list(_markers(value))
        if not names:
            if value is not None:
                target.value = value
                result.cells += 1
            continue
        result.unknown |= {
            name for name in names if name not in known and not name.startswith(f"{listed}.")
        }
        cell = _cell_for(str(value), names, known)
        if cell.format and target.number_format != _GENERAL:
            cell = Cell(cell.value) if not isinstance(cell, Sourced) else _plain(cell)
        written = write_cell(sheet, at, column, cell)
        result.cells += written
        if written and isinstance(cell, Sourced) and cell.value is not None:
            result.placed.append(Placed(sheet.title, target.coordinate, cell.value, cell.source))
    if row.height is None:
        _grow(sheet, at, row)


def _grow(sheet: "Worksheet", at: int, row: _Row) -> None:
    """Make a row as high as its wrapped texts want; not every program does so by itself."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    lines = [1]
    for column in row.cells:
        cell = sheet.cell(row=at, column=column)
        if isinstance(cell.value, str) and cell.alignment.wrap_text:
            room = sheet.column_dimensions[get_column_letter(column)].width - _MARGIN
            lines.append(sum(_lines(one, max(room, 1)) for one in cell.value.split("\n")))
    sheet.row_dimensions[at].height = _LINE * max(lines) + _ABOVE


def _lines(text: str, room: float) -> int:
    return max(1, int(-(-_width(text) // room)))


def _width(text: str) -> float:
    """Return how wide a text is, in the characters that column widths are told in."""
    return sum(_WIDE if ord(character) > _LATIN else 1 for character in text)


def _plain(cell: Sourced) -> Sourced:
    return Sourced(cell.value, "", cell.source)


def _cell_for(text: str, names: Sequence[str], known: Mapping[str, Cell]) -> Cell:
    """Return what a cell becomes: the value itself where a marker stands alone, else text."""
    if len(names) == 1 and MARKER.fullmatch(text.strip()):
        return known.get(names[0], _EMPTY)

    def shown(found: re.Match[str]) -> str:
        value = known.get(found[1], _EMPTY).value
        return "" if value is None else str(value)

    return Cell(MARKER.sub(shown, text))


def _follow(sheet: "Worksheet", where: Mapping[int, Sequence[int]], last: int) -> None:
    """Let the print area and page breaks follow the rows."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.pagebreak import RowBreak  # noqa: PLC0415

    if sheet.print_area:
        sheet.print_area = f"A1:{get_column_letter(sheet.max_column)}{last}"
    breaks = [one.id for one in sheet.row_breaks.brk]
    if breaks:
        moved = RowBreak()
        for one in breaks:
            for place in where.get(one, ())[-1:]:
                moved.append(_break(place))
        sheet.row_breaks = moved


def _break(row: int) -> Any:
    from openpyxl.worksheet.pagebreak import Break  # noqa: PLC0415

    return Break(id=row)
