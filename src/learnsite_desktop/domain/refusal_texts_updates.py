"""Words of the refusals of newer programs: message ids (`domain.refusals`)."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

UPDATE_TEXTS: Final = (
    RefusalText(
        "conversion_failed",
        N_("The records could not be brought into the form of this newer program."),
        N_(
            "Nothing was changed; a copy made before lies at %(backup)s. Install the former "
            "version again and go on with it, and report this with the diary."
        ),
    ),
    RefusalText(
        "database_converted",
        N_("The records were brought into the form of this newer program."),
        N_("A copy made before lies at %(backup)s. Nothing more is to be done."),
    ),
    RefusalText(
        "update_damaged",
        N_("The update file %(where)s was changed or damaged on its way."),
        N_("Copy it again from where it came from, with another USB stick if need be."),
    ),
    RefusalText(
        "update_foreign",
        N_("The update file %(where)s was not signed by the publisher of this program."),
        N_("Do not install it. Ask the unit above for the file again, and tell them about this."),
    ),
    RefusalText(
        "update_no_publisher",
        N_("This program knows no publisher, so that no update file can be trusted."),
        N_("Install newer versions by hand, from the packages of whoever gave you this one."),
    ),
    RefusalText(
        "update_nobody_below",
        N_("There is no unit below %(where)s to which a program could be sent down."),
        N_("Use “receive” to take the file in for this computer."),
    ),
    RefusalText(
        "update_none",
        N_("No newer program for this computer lies here; version %(where)s runs."),
        N_("Receive an update file first; the township has it, or the county."),
    ),
    RefusalText(
        "update_older",
        N_("The update file brings version %(version)s; version %(running)s is here already."),
        N_("Nothing is to be done: an older version never takes the place of a newer one."),
    ),
    RefusalText(
        "update_other_platform",
        N_("The update file %(where)s is for another kind of computer (%(platform)s)."),
        N_("Receive the file for this computer; the same stick usually has it."),
    ),
    RefusalText(
        "update_same",
        N_("Version %(version)s runs on this computer already."),
        N_("Nothing is to be done."),
    ),
    RefusalText(
        "update_schema_older",
        N_("The program in %(where)s could not read the records of this computer."),
        N_("Keep working with version %(running)s and ask for a newer file."),
    ),
    RefusalText(
        "update_too_far",
        N_("Version %(version)s follows on version %(follows)s; this computer runs %(running)s."),
        N_("Install version %(follows)s first, then receive this file again."),
    ),
    RefusalText(
        "update_too_large",
        N_("The update file %(where)s is larger than %(limit)s MB."),
        N_("Ask whoever publishes the program for a smaller package."),
    ),
    RefusalText(
        "update_truncated",
        N_("The end of the update file %(where)s is missing."),
        N_("The copy did not finish. Copy the file again and eject the stick safely."),
    ),
)
