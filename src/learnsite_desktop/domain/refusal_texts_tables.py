"""Words of the refusals of tables that people hand in: message ids, see `domain.refusals`."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

TABLE_TEXTS: Final = (
    RefusalText(
        "mapping_unknown",
        N_("“%(where)s” names no column or field of this table."),
        N_("Write HEADING=FIELD or C=FIELD; fields are: %(fields)s."),
    ),
    RefusalText(
        "roster_activity_missing",
        N_("A roster needs the activity that the people belong to."),
        N_("Choose the activity and try again."),
    ),
    RefusalText(
        "roster_faults",
        N_("%(count)s rows could not be taken; the others were."),
        N_("Correct these rows in the file and hand it in again; what is kept stays the same."),
    ),
    RefusalText(
        "roster_faults_found",
        N_("%(count)s rows could not be taken; nothing was written yet."),
        N_("Correct these rows, or take the others and hand the file in again later."),
    ),
    RefusalText(
        "site_unclear",
        N_("It is not clear at which site these activities took place."),
        N_("Choose the site and try again."),
    ),
    RefusalText(
        "table_empty",
        N_("%(where)s holds no values."),
        N_("Check whether it is the right file; open it in Excel or WPS to see."),
    ),
    RefusalText(
        "table_kind",
        N_("%(where)s is not a table of Excel or WPS, whatever its name says."),
        N_("Open it in Excel or WPS and save it as .xlsx."),
    ),
    RefusalText(
        "table_locked",
        N_("%(where)s is protected by a password."),
        N_("Open it in Excel or WPS, remove the password, save it and try again."),
    ),
    RefusalText(
        "table_too_large",
        N_("%(where)s is too large for a list of people."),
        N_("Delete unused sheets and rows, or divide it, and try again."),
    ),
)
