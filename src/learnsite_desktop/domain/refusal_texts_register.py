"""Words of the refusals of register books: message ids, see `domain.refusals`."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

REGISTER_TEXTS: Final = (
    RefusalText(
        "register_damaged",
        N_("The hidden part of the register %(where)s is gone or was changed."),
        N_("Ask for the file as it was filled in; or import its lists of people as tables."),
    ),
    RefusalText(
        "register_foreign",
        N_("%(where)s is not a register given out by this program."),
        N_("Choose the register that came back, or import the table as a list."),
    ),
    RefusalText(
        "register_not_bundle",
        N_("%(where)s is a filled register, not a bundle."),
        N_("Look at it with “register read”, or under Import in the window, and take it there."),
    ),
    RefusalText(
        "register_other_unit",
        N_("This is the register of %(where)s."),
        N_("Take the file of the unit that you mean."),
    ),
    RefusalText(
        "register_place",
        N_("A register cannot be written as %(where)s."),
        N_("Give a file name that ends in .xlsx, or a folder that exists."),
    ),
    RefusalText(
        "register_rows",
        N_("%(where)s is no number of blank rows."),
        N_("Give a number from %(least)s to %(most)s."),
    ),
    RefusalText(
        "register_version",
        N_("The register %(where)s is of another make (%(found)s; this program reads %(known)s)."),
        N_("Update the program, or give a new register out and copy what was filled in by hand."),
    ),
)
