"""Opening files for many units at once, and the printed slip that goes with each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from learnsite_desktop.domain.printout import Heading, Paragraph, Printout
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionRow
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.founding import Given, write_openings
from learnsite_desktop.services.printing import Printer, write_pages
from learnsite_desktop.services.unit_board import board
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import settings

CONTACT = "opening_contact"
"""The setting with whom to ring up, as it was last printed on slips."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch of opening files gave; `slips` is None when none were asked for.

    `again` are the units that had been given a file, or had opened, before.
    """

    files: tuple[Given, ...]
    slips: Path | None
    again: tuple[str, ...]


def write_batch(
    workspace: Workspace,
    codes: Sequence[str],
    folder: Path,
    *,
    slips: Path | None = None,
    printer: Printer | None = None,
    contact: str = "",
    progress: Progress = silent,
) -> Written:
    """Write opening files and one PDF of slips: all of it or, when cancelled or refused, nothing.

    `contact` (name and telephone) stands on the slips and is remembered; "" means the last one.
    Refuses `openings_none_chosen` and as `write_openings`.
    """
    if not codes:
        raise Refusal("openings_none_chosen", where=workspace.unit)
    known = {one.row.code: one.computer for one in board(workspace).lines}
    again = tuple(code for code in codes if known.get(code) in ("given", "opened", "own"))
    contact = contact.strip() or last_contact(workspace)
    print_slips = None
    if slips is not None and printer is not None:
        print_slips = partial(_write_slips, workspace, _beside(slips), printer, contact)
    try:
        files = write_openings(workspace, codes, folder, beside=print_slips, progress=progress)
        if slips is not None and print_slips is not None:
            _beside(slips).replace(slips)  # now that what they tell is kept
    except BaseException:
        if slips is not None:
            _beside(slips).unlink(missing_ok=True)
        raise
    return Written(tuple(files), slips if print_slips else None, again)


def _beside(slips: Path) -> Path:
    """Return where slips lie until the files that they tell of are sure to count."""
    return slips.with_name(f"{slips.name}.new")


def last_contact(workspace: Workspace) -> str:
    """Return the contact that the last slips named, "" before the first."""
    return settings.read(workspace.database, CONTACT)


def _write_slips(
    workspace: Workspace, path: Path, printer: Printer, contact: str, files: Sequence[Given]
) -> None:
    settings.write(workspace.database, CONTACT, contact)
    write_pages(path, printer, *slip_pages(workspace, files, contact))


def slip_pages(workspace: Workspace, files: Sequence[Given], contact: str) -> list[Printout]:
    """Return one page for each file: what it is, whom to ask, what to do in five steps."""
    tree = load_tree(workspace.database)
    own = tree.require(workspace.unit)
    return [_slip(workspace, tree.require(one.unit), own, one, contact) for one in files]


def _slip(
    workspace: Workspace, unit: RegionRow, own: RegionRow, given: Given, contact: str
) -> Printout:
    named = {"file": given.path.name, "check": given.check, "unit": unit.name, "above": own.name}
    steps = (
        N_("1. Copy the file %(file)s from the stick onto the desktop of the computer."),
        N_("2. Install the program and start it. It finds the file by itself."),
        N_("3. Compare: the window must show %(unit)s and the check number %(check)s. If not, stop "
           "and ring up."),
        N_("4. Type your name and press Enter: the records of %(unit)s are made. The file works "
           "once, and for this unit only; afterwards delete it."),
        N_("5. Choose “Hand in”, write the first file onto the stick and bring or send it to "
           "%(above)s. Only then does the computer count as opened there."),
    )  # fmt: skip
    return Printout(
        title=render(N_("Opening slip: %(unit)s"), {"unit": unit.name}),
        facts=(
            (_("Unit"), f"{unit.name} {unit.code}"),
            (_("File"), given.path.name),
            (_("Check number"), given.check),
            (_("Given by"), own.name),
            (_("Questions to"), contact or "____________________"),
            (_("Date"), workspace.now()[:10]),
        ),
        code="",
        caption="",
        blocks=(
            Heading(_("What to do")),
            *(Paragraph(render(step, named)) for step in steps),
            Heading(_("If something goes wrong")),
            Paragraph(
                _(
                    "Nothing can break: a file that does not fit is refused. Whoever finds the "
                    "file could pass for your unit until it is used: do not send it to a group."
                )
            ),
        ),
        signs=(_("Given out by"), _("Received by")),
        footer=render(N_("Opening slip of %(unit)s"), {"unit": unit.name}),
        at=workspace.now(),
        points=14,
    )
