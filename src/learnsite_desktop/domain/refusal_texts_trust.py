"""Refusals of enrolling, revoking and recovering computers: message ids (`domain.refusals`)."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

TRUST_TEXTS: Final = (
    RefusalText(
        "database_copied",
        N_(
            "The database in %(where)s was put back or copied by hand, or lost its newest part "
            "(entries missing for certain: %(count)s)."
        ),
        N_(
            "This computer goes on under a new mark of its own, and what it had sent before comes "
            "back with the next file from the unit above. See whether what was entered last is "
            "there, else enter it again. Next time use restore."
        ),
    ),
    RefusalText(
        "device_revoked",
        N_("This computer was revoked on %(at)s: nothing new that is written here will count."),
        N_(
            "Ask the unit above why. To go on, have it write a new opening file and open it in an "
            "empty data folder; what was accepted comes back with the next file from above."
        ),
    ),
    RefusalText(
        "device_revoked_already",
        N_("The computer %(where)s is revoked; its key is never trusted again."),
        N_(
            "Write a new opening file for its unit and open it in an empty data folder there: the "
            "computer gets a new key."
        ),
    ),
    RefusalText(
        "head_unknown",
        N_("%(where)s is not an operation of this computer that is held here."),
        N_(
            "Name unit, number and hash as receipts shows them under covers, or leave --at away: "
            "then everything held here stands."
        ),
    ),
    RefusalText(
        "heads_unreadable",
        N_("%(where)s does not say where the computer's work ends."),
        N_("Write CODE:NUMBER:HASH, several with commas between them, or “nothing”."),
    ),
    RefusalText(
        "introduction_foreign",
        N_("%(where)s introduces a computer under another root of trust than the one used here."),
        N_("Do not use it. Ask the unit above by telephone which file is the right one."),
    ),
    RefusalText(
        "introduction_unreadable",
        N_("%(where)s is not a sound introduction file."),
        N_("Copy it again from the unit above; nothing was changed."),
    ),
    RefusalText(
        "recovery_code_wrong",
        N_("The recovery code is not right: look at %(where)s."),
        N_(
            "Compare it with the printed page group by group; letters may be small or large, the "
            "lines between groups may be left out."
        ),
    ),
    RefusalText(
        "regions_awaited",
        N_("The region table has not come back yet."),
        N_("Receive a file from a unit below first: it brings the region table and the forms."),
    ),
    RefusalText(
        "revoke_not_enrolled",
        N_("The computer %(where)s was never enrolled."),
        N_("Nothing to do: what it sends does not count as long as nobody certifies it."),
    ),
    RefusalText(
        "revoke_out_of_reach",
        N_("This computer cannot revoke a computer of %(where)s."),
        N_(
            "The unit above it revokes a computer; for the topmost unit, the computer that holds "
            "the root key, or one recovered with the recovery code."
        ),
    ),
    RefusalText(
        "revoke_own",
        N_("%(where)s is this computer itself."),
        N_("Have the unit above revoke it, or another computer that may."),
    ),
    RefusalText(
        "root_missing",
        N_("This computer does not hold a root key, so it has no recovery code."),
        N_("Make it on the computer on which the topmost unit was founded."),
    ),
    RefusalText(
        "scope_own_unit",
        N_("%(where)s is the computer's own unit or lies below it: it enters for it anyway."),
        N_("Name another unit after --for."),
    ),
)
