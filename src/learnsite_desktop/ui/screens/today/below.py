"""What the units below want of a township or county today; each row leads to its screen."""

from collections.abc import Iterator
from typing import Final

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import incoming, region_proposals, unit_board
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.screens.today.presenter import Row

_TIERS: Final = {"township": N_("townships"), "village": N_("villages")}


def below(workspace: Workspace) -> tuple[Row, ...]:
    """Return what stands open, nothing for a village: `record` is `screen` or `screen:about`."""
    if workspace.tier == "village":
        return ()
    return tuple(_rows(workspace))


def _rows(workspace: Workspace) -> Iterator[Row]:
    board = incoming.board(workspace)
    if board.conflicts:
        text = render(_("%(count)s conflicts to decide"), {"count": board.conflicts})
        yield _row("review", text, "", "warning", _("Review"))
    asked = board.townships[1] + board.villages[1]
    if asked:
        came = board.townships[0] + board.villages[0]
        said = {"period": board.period, "came": came, "asked": asked}
        text = render(_("%(period)s: %(came)s of %(asked)s units have handed in"), said)
        whole = came == asked
        why = "" if whole else _("Enter shows who has not, and writes the text that asks.")
        yield _row("board", text, why, "ok" if whole else "warning", _("Who hands in"))
    proposed = region_proposals.to_answer(workspace)
    if proposed:
        text = render(_("%(count)s proposed changes of units"), {"count": len(proposed)})
        why = _("Enter shows them: take them over or refuse them.")
        yield _row("units:proposals", text, why, "warning", _("Waits for an answer"))
    yield from _openings(workspace)


def _openings(workspace: Workspace) -> Iterator[Row]:
    for count in unit_board.board(workspace).counts[:1]:
        said = {"units": _(_TIERS.get(count.tier, "")), "all": count.units}
        if count.given < count.units:
            said |= {"count": count.units - count.given}
            text = render(_("%(count)s of %(all)s %(units)s have no opening file yet"), said)
            why = _("Enter writes all files and the slips to print.")
        elif count.opened < count.units:
            said |= {"count": count.units - count.opened}
            text = render(_("%(count)s of %(all)s %(units)s have not opened yet"), said)
            why = _("Enter shows who has the file and since when.")
        else:
            continue
        yield _row("units:openings", text, why, "draft", _("Opening files"))


def _row(leads: str, text: str, why: str, status: str, word: str) -> Row:
    return Row(f"below:{leads}", "go", ("", text, why, ""), status, word, record=leads)
