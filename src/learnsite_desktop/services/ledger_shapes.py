"""The shape of a ledger: its columns and its tables, before it becomes a file or pages."""

from dataclasses import dataclass

from learnsite_desktop.reports.workbook import Cell

Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of a page in percent, its width in a workbook."""

    title: str
    share: int
    width: int


@dataclass(frozen=True, slots=True)
class Part:
    """A table; `about` (label, value) says what of, where a ledger has several."""

    about: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A ledger: all parts have the same columns and the same labels in `about`."""

    title: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]
    landscape: bool
    at: str

    @property
    def cells(self) -> int:
        """How many cells of its tables have a value."""
        rows = (row for part in self.parts for row in part.rows)
        return sum(cell.value not in (None, "") for row in rows for cell in row)
