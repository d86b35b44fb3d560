"""Words of the refusals of official reports and the registry of tables; see `domain.refusals`."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

REPORT_TEXTS: Final = (
    RefusalText(
        "class_unknown",
        N_("The unit does not belong to the class %(where)s."),
        N_("Choose one of its classes: %(known)s."),
    ),
    RefusalText(
        "report_unknown",
        N_("There is no report %(where)s."),
        N_("Choose one of these: %(known)s."),
    ),
    RefusalText(
        "report_department_unknown",
        N_("No report is made for the department %(where)s."),
        N_("Choose one of these: %(known)s."),
    ),
    RefusalText(
        "report_template",
        N_("The template %(where)s cannot be used: it is no workbook."),
        N_("Delete this file to use the one of the program again, then change that."),
    ),
    RefusalText(
        "statutory_unknown",
        N_("%(where)s is no cell of an official table."),
        N_("Write NAME=VALUE; names are: %(known)s."),
    ),
    RefusalText(
        "statutory_report",
        N_("%(where)s belongs to one table."),
        N_("Say which with --report."),
    ),
    RefusalText(
        "written_unknown",
        N_("No report %(where)s is remembered here."),
        N_("List the reports written here and take the name from there."),
    ),
    RefusalText(
        "table_held_already",
        N_("All %(count)s columns of “%(where)s” are in other tables already: %(tables)s."),
        N_("Do not collect them again: print %(print)s and hand that in."),
    ),
    RefusalText(
        "table_name_used",
        N_("A table “%(where)s” is registered already."),
        N_("Look at it with “tables show”, and change it there if its columns are others."),
    ),
    RefusalText(
        "table_description",
        N_("%(where)s does not describe a table: %(what)s."),
        N_("Give an Excel table with its headings, or a JSON file with name, department, fields."),
    ),
    RefusalText(
        "dhis_period",
        N_("DHIS2 knows no school year such as %(where)s."),
        N_("Take months, quarters, half years or a year."),
    ),
)
