"""Writing tables as text: CSV files, and blocks for the clipboard.

A spreadsheet that opens such a text guesses what every cell is. Text that it would take for a
formula, or for a number of which it would lose digits, gets an apostrophe in front, and so does
text that begins with one; `unguarded` takes exactly that one away again.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from learnsite_desktop.platform.durable import make_folder
from learnsite_desktop.reports.cells import acts, printable

Value = str | int | float | None
MARK: Final = "'"
_SPOILT: Final = re.compile(r"0\d+|\d{12,}|\d+[eE]\d+")
"""Digits of which a spreadsheet would drop the first or the last ones."""


def guarded(text: str, *, digits: bool = True) -> str:
    """Return text as a cell of a CSV file may hold it; `unguarded` gives `printable(text)` back.

    Without `digits` long numbers stand bare, for programs that are told which columns are text.
    """
    clean = printable(text)
    bare = clean.lstrip()
    spoilt = digits and _SPOILT.fullmatch(bare.rstrip())
    if clean.startswith(MARK) or acts(clean) or acts(bare) or spoilt:
        return MARK + clean
    return clean


def unguarded(cell: str) -> str:
    """Return the text of a cell that `guarded` wrote."""
    return cell.removeprefix(MARK)


def write_csv(path: Path, rows: Iterable[Sequence[Value]], *, digits: bool = True) -> int:
    """Write rows as CSV in UTF-8 with byte order mark, whole or not at all; all text in quotes.

    Returns how many cells have a value. Numbers stand bare, a missing value is an empty cell;
    `digits` as for `guarded`.
    """
    written = 0
    make_folder(path.parent)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8-sig", newline="") as target:
            out = csv.writer(target, quoting=csv.QUOTE_NONNUMERIC)
            for row in rows:
                cells = [_cell(value, digits=digits) for value in row]
                written += sum(cell != "" for cell in cells)
                out.writerow(cells)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return written


def _cell(value: Value, *, digits: bool) -> str | int | float:
    if value is None:
        return ""
    return guarded(value, digits=digits) if isinstance(value, str) else value


def block_text(rows: Iterable[Sequence[str]]) -> str:
    """Return cells as a block for the clipboard: tabs between them, guarded like a file's."""
    out = io.StringIO()
    lines = [[guarded(cell) for cell in row] for row in rows]
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(lines)
    return out.getvalue()
