"""Giving a register book 登记簿 out: a workbook that a village without this program fills in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.reports.workbook import SpecialSheet, write_workbook
from learnsite_desktop.services import policy
from learnsite_desktop.services.codes import codes_in_force
from learnsite_desktop.services.entering import may_enter_for
from learnsite_desktop.services.register_book.gathering import Contents, gather
from learnsite_desktop.services.register_book.identity import Header, new_id
from learnsite_desktop.services.register_book.pages import Pages
from learnsite_desktop.services.reveals import note_reveal
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name

SUFFIX: Final = ".xlsx"
LEAST, MOST = 1, 500
"""Blank rows for learners that may be asked for."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A book as it was written: `unnamed` learners are left out, their names are not held here."""

    path: Path
    header: Header
    learners: int
    activities: int
    sessions: int
    unnamed: int


def issue(
    workspace: Workspace,
    unit: str,
    out: Path,
    *,
    period: str = "",
    spare: int = 60,
    why: str = "",
    operator: str = "",
    progress: Progress = silent,
) -> Issued:
    """Write a unit's register book into the folder `out`, or as the file that `out` names.

    It holds what is held here of the unit's learners and classes of the period (this year if
    empty), and `spare` blank rows for learners. Phones, ID numbers and addresses are masked unless
    `why` says for what they are revealed, which is noted before the file is written: a note of a
    book that then could not be written does no harm, a book in full without a note would.
    Refuses `unit_unknown`, `unit_not_below`, `period_invalid`, `register_rows`, `register_place`
    for the name of another kind of file, and `file_exists` for a file that is there.
    """
    require_unit(workspace, unit)
    if not may_enter_for(workspace, unit):
        raise Refusal("unit_not_below", where=unit)
    if not LEAST <= spare <= MOST:
        raise Refusal("register_rows", where=str(spare), least=LEAST, most=MOST)
    span = parse_period(period or str(workspace.clock.now().year))
    contents = gather(workspace, unit, span)
    header = _header(workspace, unit, span)
    path = _path(out, header)
    if why.strip():
        stored = [held.stored for held in contents.learners]
        asked = {"register": header.id, "unit": unit}
        note_reveal(workspace, stored, asked=asked, operator=operator, why=why.strip())
    progress(1, 3, N_("writing the register"))
    sheets = _sheets(workspace, header, contents, span, spare, reveal=bool(why.strip()))
    made = workspace.clock.now()
    title = f"{header.unit_name}登记簿 {header.period}"
    write_workbook(path, sheets, title=title, made=made)
    return Issued(
        path,
        header,
        len(contents.learners),
        len(contents.courses),
        sum(len(course.sessions) for course in contents.courses),
        contents.unnamed,
    )


def _header(workspace: Workspace, unit: str, span: Period) -> Header:
    return Header(
        id=new_id(),
        unit=unit,
        unit_name=unit_name(workspace.database, unit) or unit,
        period=span.text,
        issued_at=workspace.now(),
        issued_by=workspace.unit,
    )


def _sheets(
    workspace: Workspace,
    header: Header,
    contents: Contents,
    span: Period,
    spare: int,
    *,
    reveal: bool,
) -> Sequence[SpecialSheet]:
    issuer = unit_name(workspace.database, workspace.unit) or workspace.unit
    pages = Pages(
        header,
        contents,
        codes_in_force(workspace.database),
        numbers=policy.current(workspace)["id_numbers"] == "on",
        reveal=reveal,
        spare=spare,
    )
    return pages.sheets(workspace, issuer, span)


def _path(out: Path, header: Header) -> Path:
    """Return where the book goes; a name that is taken gets the book's number.

    A file named by hand may be a book that somebody has filled: it is refused, never replaced.
    """
    if out.suffix.lower() == SUFFIX:
        if out.exists():
            raise Refusal("file_exists", where=str(out))
        return out
    if out.is_file() or (out.suffix and not out.is_dir()):
        raise Refusal("register_place", where=str(out))
    safe = "".join(char for char in header.unit_name if char.isalnum()) or header.unit
    path = out / f"{safe}登记簿-{header.period}{SUFFIX}"
    return path.with_name(f"{path.stem}-{header.id}{SUFFIX}") if path.exists() else path


def brief(issued: Issued) -> dict[str, Any]:
    """Return what was given out, as commands tell it."""
    header = issued.header
    return {
        "path": str(issued.path),
        "register": header.id,
        "unit": header.unit,
        "unit_name": header.unit_name,
        "period": header.period,
        "learners": issued.learners,
        "activities": issued.activities,
        "sessions": issued.sessions,
        "unnamed": issued.unnamed,
    }
