"""Handing a table back: the user's own rows, wrong cells coloured, the reason beside them."""

import string
from pathlib import Path
from typing import Final

from learnsite_desktop.platform.i18n import render
from learnsite_desktop.reports.marked_copy import MarkedSheet, write_marked
from learnsite_desktop.services.roster.fields import REASON
from learnsite_desktop.services.roster.results import Preview
from learnsite_desktop.services.roster.tables import Sheet

_MARKED: Final = "-错误原因.xlsx"


def marked_path(path: Path) -> Path:
    """Return where the coloured copy of a table goes: beside it."""
    stem = path.stem.removesuffix(_MARKED.removesuffix(".xlsx"))
    return path.with_name(f"{stem}{_MARKED}")


def write_faults(preview: Preview, path: Path) -> int:
    """Write the coloured copy of a table as .xlsx; returns the number of faults in it.

    The copy can be corrected and handed in again: the column of reasons is not taken.
    """
    sheets = [_marked(preview, sheet) for sheet in preview.table.sheets if sheet.rows]
    write_marked(path, sheets, render(REASON, {}))
    return len(preview.faults)


def _marked(preview: Preview, sheet: Sheet) -> MarkedSheet:
    faults = [fault for fault in preview.faults if fault.sheet == sheet.name]
    reasons: dict[int, list[str]] = {}
    for fault in faults:
        told = fault.shown(render)
        text = f"{told['message']}{told['remedy']}"
        lines = reasons.setdefault(fault.row, [])
        if text not in lines:
            lines.append(text)
    return MarkedSheet(
        sheet.name,
        sheet.rows,
        {row: "\n".join(lines) for row, lines in reasons.items()},
        frozenset((fault.row, _number(fault.column)) for fault in faults if fault.column),
        tuple(block.last_heading for block in preview.blocks if block.sheet == sheet.name),
        frozenset(row + 1 for row in sheet.marks.hidden),
        preview.hidden_columns,
        sheet.visible,
        tuple((s.top + 1, s.left + 1, s.bottom + 1, s.right + 1) for s in sheet.spans),
    )


def _number(letters: str) -> int:
    number = 0
    for each in letters:
        number = number * 26 + string.ascii_uppercase.index(each) + 1
    return number
