"""Register books among the tables that are imported: told apart, looked at and taken."""

from collections.abc import Mapping
from typing import Final

from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import register_book, roster
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.screens.roster_import.presenter import Wish

KIND: Final = register_book.TARGET
ANSWERS: Final[Mapping[str, str]] = {
    register_book.FILE: N_("What the register says counts"),
    register_book.KEPT: N_("What is kept stays"),
}


def look(
    workspace: Workspace, table: roster.Table, wish: Wish, progress: Progress
) -> roster.Preview:
    """Return what would become of a table, a register book or another one."""
    if wish.kind == KIND:
        return register_book.preview(workspace, table, decisions=wish.decisions, progress=progress)
    return roster.preview(
        workspace,
        table,
        wish.target(),
        mapping=wish.mapping,
        decisions=wish.decisions,
        progress=progress,
    )


def take(
    workspace: Workspace, seen: roster.Preview, operator: str, progress: Progress
) -> roster.Taken:
    """Take what was looked at."""
    taking = register_book.take if seen.target.kind == KIND else roster.take
    return taking(workspace, seen, operator=operator, progress=progress)


def heading(table: roster.Table, wish: Wish) -> str:
    """Return what stands above the file: its name, and whose register it is."""
    if wish.kind != KIND:
        return render(_("List: %(name)s"), {"name": wish.path.name})
    header, _stubs = register_book.read_identity(table)
    said = {
        "name": wish.path.name,
        "unit": header.unit_name,
        "period": header.period,
        "number": header.id,
        "day": header.issued_at[:10],
    }
    return render(
        _("Register of %(unit)s for %(period)s, no. %(number)s of %(day)s (%(name)s)"), said
    )
