"""Words of the refusals of the board: asking, handing down, locking; see `domain.refusals`."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

BOARD_TEXTS: Final = (
    RefusalText(
        "chase_nobody",
        N_("Nobody has to be asked for %(where)s."),
        N_("Choose another month, or a unit that has not handed in."),
    ),
    RefusalText(
        "contact_no_site",
        N_("%(where)s has no site that is open now, so there is no place for its contact."),
        N_("Let the unit enter its site first; until then ring whoever is on its staff."),
    ),
    RefusalText(
        "lock_not_undone",
        N_("A lock or an unlocking is not taken back by undo: order and reason would be skipped."),
        N_("Open the period with a reason (`unlock`), the latest first, or lock it again."),
    ),
    RefusalText(
        "relay_nothing",
        N_("Nothing waits to go down."),
        N_("Receive the files from above and from below first."),
    ),
)
