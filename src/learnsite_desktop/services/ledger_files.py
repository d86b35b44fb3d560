"""Ledgers as files: workbooks, or pages to print."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.printout import Block, Heading, Paragraph, Printout, Table
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.reports.workbook import Cell, Sheet, write_workbook
from learnsite_desktop.services.ledger_shapes import Ledger
from learnsite_desktop.services.ledgers import Question, make_ledger
from learnsite_desktop.services.printing import SUFFIX, Printer, write_pages
from learnsite_desktop.services.workspace import Workspace

SUFFIXES: Final = (".xlsx", SUFFIX)
_POINTS: Final = 10


def write_ledger(
    workspace: Workspace,
    kind: str,
    asked: Question,
    out: Path,
    printer: Callable[[], Printer],
    progress: Progress = silent,
) -> dict[str, Any]:
    """Write a ledger as a workbook or as pages, as the suffix of `out` says.

    Returns `path` and `cells`, how many cells were written; a file of that name is replaced.
    Refuses `report_suffix` and what `make_ledger` does; OSError where `out` cannot be written.
    """
    suffix = out.suffix.lower()
    if suffix not in SUFFIXES:
        raise Refusal("report_suffix", where=str(out), known=" ".join(SUFFIXES))
    if suffix == SUFFIX:
        draw = printer()
        ledger = make_ledger(workspace, kind, asked, progress)
        write_pages(out, draw, ledger_printout(ledger))
        return {"path": str(out), "cells": ledger.cells}
    ledger = make_ledger(workspace, kind, asked, progress)
    made = workspace.clock.now()
    cells = write_workbook(out, [_sheet(ledger)], title=ledger.title, made=made)
    return {"path": str(out), "cells": cells}


def ledger_printout(ledger: Ledger) -> Printout:
    """Return a ledger as pages to print."""
    return Printout(
        title=ledger.title,
        facts=ledger.facts,
        code="",
        caption="",
        blocks=tuple(_blocks(ledger)),
        signs=(_("Recorded by"), _("Checked by")),
        footer=ledger.title,
        at=ledger.at,
        landscape=ledger.landscape,
        points=_POINTS,
    )


def _blocks(ledger: Ledger) -> Iterator[Block]:
    head = tuple(column.title for column in ledger.columns)
    shares = tuple(column.share for column in ledger.columns)
    for part in ledger.parts:
        if part.about:
            yield Heading(" · ".join(value for _label, value in part.about if value))
        yield Table(head, tuple(tuple(map(_text, row)) for row in part.rows), shares)
    if not ledger.parts:
        yield Paragraph(_("Nothing in this period."))


def _text(cell: Cell) -> str:
    if isinstance(cell.value, float):
        return f"{cell.value:.1f}"
    return "" if cell.value is None else str(cell.value)


def _sheet(ledger: Ledger) -> Sheet:
    """Return a ledger as one sheet; what a part is about stands in columns of its own."""
    labels = [label for label, _value in ledger.parts[0].about] if ledger.parts else []
    return Sheet(
        title=ledger.title,
        heading=(ledger.title, " · ".join(f"{label} {value}" for label, value in ledger.facts)),
        columns=[*labels, *(column.title for column in ledger.columns)],
        rows=[
            [*(Cell(value) for _label, value in part.about), *row]
            for part in ledger.parts
            for row in part.rows
        ],
        widths=[*([26] * len(labels)), *(column.width for column in ledger.columns)],
    )
