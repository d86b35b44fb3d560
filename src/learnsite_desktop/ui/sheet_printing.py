"""Printing sign-in sheets of sessions: their row numbers are fixed, then the pages are shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.printout import SignInPage
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.sheet_pages import sheet_pages
from learnsite_desktop.services.sheets import make_sheets
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.paper import show_paper


@dataclass(frozen=True, slots=True)
class Sheets:
    """Sheets ready to print, and what was written to fix their row numbers."""

    pages: list[SignInPage]
    change: ChangeSet


def print_sheets(desk: Desk, parent: QWidget, sessions: Sequence[str]) -> None:
    """Fix the lists of sessions (record ids) as they are printed now and show the pages."""
    records, operator = list(sessions), desk.operator

    def make(workspace: Workspace, progress: Progress) -> Sheets:
        stored = [require_record(workspace, f"session:{record}") for record in records]
        sheets, change = make_sheets(workspace, stored, operator=operator, progress=progress)
        return Sheets([page for sheet in sheets for page in sheet_pages(workspace, sheet)], change)

    desk.write(
        _("Making the sheets"),
        make,
        lambda made: show_paper(desk, parent, _("Sign-in sheets"), *made.pages),
    )
