"""Issues about the population of units (`domain.issues`)."""

from typing import Final

from learnsite_desktop.domain.issue_words import IssueText, Severity
from learnsite_desktop.domain.wording import N_

UNIT_ISSUES: Final[tuple[IssueText, ...]] = (
    IssueText(
        "POPULATION_ROW_REPEATED",
        Severity.ERROR,
        "village",
        N_("“%(value)s” stands in row %(row)s of the table as well."),
        N_("Leave one row for each unit and year."),
        "table",
    ),
)
