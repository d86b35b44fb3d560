"""The recovery code of a root key, and founding the topmost unit's computer again from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import Final

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.printout import Heading, Paragraph, Printout, Table
from learnsite_desktop.domain.recovery_codes import GROUPS, WrongCode, from_code, to_code
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.keys import DeviceKeys
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import units
from learnsite_desktop.services.documents import publish
from learnsite_desktop.services.enrolment import enrol, fingerprint
from learnsite_desktop.services.founding import create_workspace, opened, whole_or_nothing
from learnsite_desktop.services.introductions import write_introduction
from learnsite_desktop.services.printing import Printer, write_pages
from learnsite_desktop.services.regions import regions_for
from learnsite_desktop.services.reveals import note_reveal, require_reason
from learnsite_desktop.services.units import list_units
from learnsite_desktop.services.workspace import Keys, Tokens, Workspace

_POINTS: Final = 14
_IN_A_ROW: Final = 2


def recovery_code(workspace: Workspace, *, why: str, operator: str = "") -> str:
    """Return the recovery code of the root key held here, and note who saw it, when and why.

    Refuses `root_missing` and `reveal_reason_missing`.
    """
    root = _root(workspace)
    why = require_reason(why, workspace.unit)
    asked = {"recovery_code": fingerprint(root.public)}
    note_reveal(workspace, (), asked=asked, operator=operator, why=why)
    return to_code(root.seed)


def print_recovery_code(
    workspace: Workspace, path: Path, printer: Printer, *, why: str, operator: str = ""
) -> None:
    """Write the recovery code as a page to print; as `recovery_code` otherwise."""
    page = recovery_page(workspace, why=why, operator=operator)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_pages(path, printer, page)


def recovery_page(workspace: Workspace, *, why: str, operator: str = "") -> Printout:
    """Return the page with the recovery code; as `recovery_code` otherwise."""
    code = recovery_code(workspace, why=why, operator=operator)
    return _page(workspace, code.split("-"))


def _root(workspace: Workspace) -> DeviceKeys:
    if workspace.keys.root is None:
        raise Refusal("root_missing", where=workspace.unit)
    return workspace.keys.root


def _page(workspace: Workspace, groups: Sequence[str]) -> Printout:
    names = {str(row["code"]): str(row["name"] or "") for row in list_units(workspace)}
    unit = f"{names.get(workspace.unit, '')} {workspace.unit}".strip()
    half = GROUPS // _IN_A_ROW
    rows = tuple((str(i + 1), groups[i], str(i + 1 + half), groups[i + half]) for i in range(half))
    return Printout(
        title=_("Recovery code"),
        facts=(
            (_("Unit"), unit),
            (_("Root key"), fingerprint(workspace.root)),
            (_("Date"), workspace.now()[:10]),
        ),
        code="",
        caption="",
        blocks=(
            Table((_("No."), _("Group"), _("No."), _("Group")), rows, (10, 40, 10, 40)),
            Heading(_("Keep this page in the safe")),
            Paragraph(
                _(
                    "Whoever has this code can act for the whole county. Print it twice, keep the "
                    "copies in two places, copy it into no computer and send it to nobody."
                )
            ),
            Heading(_("If the computer is lost")),
            Paragraph(
                render(
                    N_(
                        "1. On a new computer start the program and choose “The computer is lost” "
                        "(Alt+5), or: learnsite recover --unit %(unit)s --code CODE --out DIR. "
                        "2. Give the file it writes to every unit below, which receives it. "
                        "3. Receive the next files of these units: they bring the records back."
                    ),
                    {"unit": workspace.unit},
                )
            ),
        ),
        signs=(_("Kept by"), _("Witness")),
        footer=render(N_("Recovery code of %(unit)s"), {"unit": unit}),
        at=workspace.now(),
        points=_POINTS,
    )


@dataclass(frozen=True, slots=True)
class Recovered:
    """A computer founded again: as `founding.opened`, and the file that makes it known below."""

    opened: dict[str, object]
    introduction: Path


def recover(
    folder: Path,
    clock: Clock,
    out: Path,
    *,
    code: str,
    unit: str,
    tree: RegionTree | None = None,
    tokens: Tokens = token_bytes,
) -> Recovered:
    """Found a unit's computer again under the root key of a recovery code.

    Certificates issued under the root go on standing. Records and documents come back with the
    files of the units below once these have received the introduction file written into `out`.
    Only a `tree` given here is issued at once, as a newer region table than any before. Refuses
    `recovery_code_wrong`, `workspace_exists`, `unit_unknown`, and unsuitable media.
    """
    seed = _seed(code)
    known = tree or regions_for(unit)
    if unit not in known:
        raise Refusal("unit_unknown", where=unit)
    root = replace(DeviceKeys.mint(tokens), seed=seed)
    keys = replace(Keys.mint(tokens, founder=False), root=root)
    made = partial(
        create_workspace, folder, clock, keys, unit=unit, tier=known.tier(unit), tokens=tokens
    )
    with whole_or_nothing(folder), made(root=root.public) as new:
        with new.database.transaction():
            units.store_tree(new.database, known)
            enrol(new, new.begin_incarnation(), None)
            if tree is not None:
                version = int(f"{clock.now():%Y%m%d}")
                publish(new, units.TREE, [row.as_row() for row in tree.rows()], version=version)
        return Recovered(opened(new), write_introduction(new, out))


def _seed(code: str) -> bytes:
    try:
        return from_code(code)
    except WrongCode as error:
        numbers = ", ".join(str(group) for group in error.groups)
        told = render(N_("group %(numbers)s"), {"numbers": numbers})
        where = told if error.groups else _("its length: fourteen groups of five characters")
        raise Refusal("recovery_code_wrong", where=where) from error
