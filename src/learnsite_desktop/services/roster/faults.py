"""Faults and notes of a table, placed where its owner sees them: sheet, row, column letter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from learnsite_desktop.domain.issues import Issue

Render = Callable[[str, Mapping[str, object]], str]


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that stops nothing; row 0 means the whole sheet (or file)."""

    sheet: str
    row: int
    column: str
    field: str
    issue: Issue
    value: str = ""

    @property
    def code(self) -> str:
        """The code of the issue."""
        return self.issue.code

    @property
    def message(self) -> str:
        """The message id of what is the matter."""
        return self.issue.text.message

    @property
    def remedy(self) -> str:
        """The message id of what to do."""
        return self.issue.text.remedy

    @property
    def address(self) -> str:
        """The cell as spreadsheets name it, "Sheet!B7"; the row alone without a column."""
        cell = f"{self.column}{self.row or ''}"
        return f"{self.sheet}!{cell}" if self.sheet and cell else cell or self.sheet

    @property
    def params(self) -> Mapping[str, object]:
        """The values of places in message and remedy."""
        return self.issue.params

    def shown(self, render: Render) -> dict[str, Any]:
        """Return the place, code and translated words."""
        told = self.issue.shown(render)
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "field": self.field,
            "code": self.code,
            "message": told["message"],
            "remedy": told["remedy"],
        }


@dataclass(frozen=True, slots=True)
class Fault(Note):
    """Something that keeps its row from being taken; `candidates` are people it may be about."""

    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no person or session: totals, footers, sub-headings; `why` is a message id."""

    sheet: str
    row: int
    why: str
