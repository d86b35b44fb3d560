"""Writing official workbooks: one report, or the whole set of a department, into a folder."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.durable import make_folder
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.reports.charts import write_charts
from learnsite_desktop.reports.template import (
    TemplateError,
    fill,
    lay_out,
    markers_of,
    open_template,
)
from learnsite_desktop.reports.workbook import save_book
from learnsite_desktop.services.codes import codes_in_force
from learnsite_desktop.services.official.asked import Asked
from learnsite_desktop.services.official.catalogue import Report, report_named, reports_of
from learnsite_desktop.services.official.contents import Made, make_content
from learnsite_desktop.services.official.statutory import unsaid
from learnsite_desktop.services.official.written import remember
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name

SUFFIX: Final = ".xlsx"
OWN: Final = "templates"
"""The folder in the data folder where a county keeps templates that it has changed."""

_PAGE: Final = N_("Page %(page)s of %(pages)s")
_UNFIT: Final = re.compile(r'[\\/:*?"<>|\s]+')


@dataclass(frozen=True, slots=True)
class Wrote:
    """A workbook that was written: `key` finds it in the history."""

    report: str
    path: Path
    cells: int
    gaps: tuple[tuple[str, str, str], ...]
    unknown: tuple[str, ...]
    key: str
    state: str


def template_of(workspace: Workspace, report: Report) -> Path:
    """Return the template of a report: the one changed here, else the one shipped."""
    own = workspace.folder / OWN / report.template
    return own if own.is_file() else resource("reports", report.template)


def copy_template(workspace: Workspace, report: str) -> Path:
    """Put a report's template where it may be changed, unless it lies there; return its path."""
    found = report_named(report)
    own = workspace.folder / OWN / found.template
    if not own.is_file():
        make_folder(own.parent)
        shutil.copyfile(resource("reports", found.template), own)
    return own


def file_name(workspace: Workspace, report: Report, asked: Asked) -> str:
    """Return the name proposed for a workbook: unit, table, period."""
    name = unit_name(workspace.database, asked.unit or workspace.unit)
    return _UNFIT.sub("_", f"{name}_{report.name()}_{asked.period}") + SUFFIX


def look(
    workspace: Workspace, report: str, asked: Asked, progress: Progress = silent
) -> tuple[Made, list[str]]:
    """Return what a report would hold, and the official cells that nobody has said yet."""
    found = report_named(report)
    _book, made = _made(workspace, found, asked, progress)
    return made, unsaid(workspace, report)


def write_official(
    workspace: Workspace,
    report: str,
    asked: Asked,
    out: Path,
    *,
    department: str = "",
    progress: Progress = silent,
) -> Wrote:
    """Write the workbook of a report as `out`, whole or not at all, and remember its numbers.

    Refuses `report_suffix`, `report_unknown`, `report_template` for a changed template that cannot
    be used, and what `figures.indicators` does; OSError where `out` cannot be written.
    """
    found = report_named(report)
    if out.suffix.lower() != SUFFIX:
        raise Refusal("report_suffix", where=str(out), known=SUFFIX)
    book, made = _made(workspace, found, asked, progress)
    result = fill(book, made.content)
    if made.charts:
        page = book.create_sheet(_("Charts"))
        result.cells += write_charts(page, made.charts)
        lay_out(page, render(_PAGE, {"page": "&P", "pages": "&N"}))
    moment = workspace.clock.now().replace(tzinfo=None, microsecond=0)
    book.properties.title = found.name()
    book.properties.creator = "learnsite"
    book.properties.created = book.properties.modified = moment
    save_book(book, out)
    fields = {
        "report": report,
        "title": found.name(),
        "department": department,
        "unit": asked.unit or workspace.unit,
        "period": asked.period,
        "basis": asked.basis,
        "tree": asked.tree,
        "state": made.state,
        "operations": made.operations,
        "at": workspace.now(),
        "path": str(out),
        "cells": result.cells,
        "gaps": len(made.gaps),
    }
    key = remember(workspace, fields, result.placed)
    unknown = tuple(sorted(result.unknown))
    return Wrote(report, out, result.cells, tuple(made.gaps), unknown, key, made.state)


def _made(
    workspace: Workspace, report: Report, asked: Asked, progress: Progress
) -> tuple[Any, Made]:
    require_unit(workspace, asked.unit or workspace.unit)
    path = template_of(workspace, report)
    try:
        book = open_template(path)
    except TemplateError as error:
        raise Refusal("report_template", where=str(path)) from error
    return book, make_content(workspace, report, asked, markers_of(book), progress)


def write_set(
    workspace: Workspace, department: str, asked: Asked, folder: Path, progress: Progress = silent
) -> list[Wrote]:
    """Write every report of a department into a folder below `folder`, one after the other.

    A cancel between two leaves those that are whole. Refuses `report_department_unknown` and what
    `write_official` does.
    """
    reports = reports_of(department)
    place = folder / set_name(workspace, department, asked)
    done: list[Wrote] = []
    for number, report in enumerate(reports):
        progress(number, len(reports), N_("Writing reports"))
        out = place / file_name(workspace, report, asked)
        done.append(
            write_official(
                workspace,
                report.id,
                asked,
                out,
                department=department,
                progress=_inside(progress, number, len(reports)),
            )
        )
    progress(len(reports), len(reports), N_("Writing reports"))
    return done


def _inside(progress: Progress, number: int, reports: int) -> Progress:
    """Return the progress of one report as a share of the whole set."""

    def told(done: int, total: int, label: str) -> None:
        progress(number * 100 + (done * 100 // total if total else 0), reports * 100, label)

    return told


def set_name(workspace: Workspace, department: str, asked: Asked) -> str:
    """Return the name of the folder that a department's set goes into."""
    name = unit_name(workspace.database, asked.unit or workspace.unit)
    word = codes_in_force(workspace.database).label("department", department, language())
    return _UNFIT.sub("_", f"{name}_{word}_{asked.period}")


def open_name(workspace: Workspace, asked: Asked) -> str:
    """Return the name of the folder that figures for other programs go into."""
    name = unit_name(workspace.database, asked.unit or workspace.unit)
    return _UNFIT.sub("_", f"{name}_{_('open data')}_{asked.period}")
