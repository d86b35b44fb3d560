"""The words of issues: what may be wrong with an entry, how grave it is, what to do about it.

Messages and remedies are message ids; ``%(name)s`` stands for a parameter of the issue. Severity
is fixed per code: an *error* stops the entry, a *warning* wants a written reason, a *note* asks
for nothing. The texts that hold for every kind of record stand here, the others beside it; see
`domain.issues` for the whole catalogue.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from learnsite_desktop.domain.wording import N_


class Severity(StrEnum):
    """How grave an issue is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class IssueText:
    """One kind of issue. ``field`` is where it usually shows, ``source`` the rule it rests on."""

    code: str
    severity: Severity
    field: str
    message: str
    remedy: str
    source: str


_FORM: Final = "record form"

FORM_TEXTS: Final[tuple[IssueText, ...]] = (
    IssueText(
        "SUBMISSION_EMPTY",
        Severity.ERROR,
        "period",
        N_("No session was held in this period."),
        N_("Hand in a zero report with its reason, or enter the sessions first."),
        _FORM,
    ),
    IssueText(
        "FIELD_FROM_ABOVE",
        Severity.ERROR,
        "*",
        N_("“%(key)s” is the word of a unit above and cannot be changed here."),
        N_("Answer it, or ask the unit above to change it."),
        _FORM,
    ),
    IssueText(
        "FIELD_IMMUTABLE",
        Severity.ERROR,
        "*",
        N_("“%(key)s” cannot be changed after the record was made."),
        N_("Delete the record with a reason and enter a new one."),
        _FORM,
    ),
    IssueText(
        "FILE_UNREADABLE",
        Severity.ERROR,
        "file",
        N_("The file %(value)s cannot be read."),
        N_("Check the name; relative names are looked for beside the capture file."),
        _FORM,
    ),
    IssueText(
        "ID_NUMBER_DROPPED",
        Severity.NOTE,
        "id_number",
        N_("The ID number was checked and then left out; this workspace keeps none."),
        N_("Nothing needs to be done; the county may switch ID numbers on."),
        _FORM,
    ),
    IssueText(
        "UNIT_OUT_OF_SCOPE",
        Severity.ERROR,
        "*",
        N_("Unit %(unit)s is neither this one nor below it."),
        N_("Enter it in that unit's own workspace."),
        _FORM,
    ),
    IssueText(
        "KEY_UNKNOWN",
        Severity.ERROR,
        "*",
        N_("“%(key)s” is not a key of this kind of record."),
        N_("Remove the key, or correct its spelling."),
        _FORM,
    ),
    IssueText(
        "REQUIRED_MISSING",
        Severity.ERROR,
        "*",
        N_("“%(key)s” must be given."),
        N_("Fill in the field."),
        _FORM,
    ),
    IssueText(
        "TYPE_WRONG",
        Severity.ERROR,
        "*",
        N_("“%(key)s” is not of the right form; expected: %(expected)s."),
        N_("Write dates as 2026-03-05, times as 09:30, numbers without quotes."),
        _FORM,
    ),
    IssueText(
        "CODE_UNKNOWN",
        Severity.ERROR,
        "*",
        N_("“%(value)s” is not in the code list %(list)s."),
        N_("Choose a code of the list, or ask the county for a newer code table."),
        _FORM,
    ),
    IssueText(
        "CODE_CLOSED",
        Severity.NOTE,
        "*",
        N_("The code “%(value)s” has not been in use since %(date)s."),
        N_("Choose a code that is in use. What was entered with this one before stays valid."),
        _FORM,
    ),
    IssueText(
        "REF_UNKNOWN",
        Severity.ERROR,
        "*",
        N_("There is no %(kind)s “%(value)s”."),
        N_("Enter the record referred to first, or correct the reference."),
        _FORM,
    ),
    IssueText(
        "REF_REPEATED",
        Severity.ERROR,
        "ref",
        N_("The reference “%(value)s” is used twice for this kind."),
        N_("Give every record its own reference."),
        _FORM,
    ),
    IssueText(
        "UNIT_UNKNOWN",
        Severity.ERROR,
        "unit",
        N_("The unit %(value)s is not in the region tree."),
        N_("Correct the code, or ask the county for a newer region tree."),
        _FORM,
    ),
    IssueText(
        "NUMBER_OUT_OF_RANGE",
        Severity.ERROR,
        "*",
        N_("“%(key)s” must lie between %(low)s and %(high)s."),
        N_("Correct the number."),
        _FORM,
    ),
    IssueText(
        "PERIOD_INVALID",
        Severity.ERROR,
        "period",
        N_("“%(value)s” is not a period."),
        N_("Write 2026-03, 2026-Q1, 2026-H1, 2026 or 2025-2026."),
        _FORM,
    ),
)
