"""Issues about values that a unit above has corrected."""

from typing import Final

from learnsite_desktop.domain.issue_words import IssueText, Severity
from learnsite_desktop.domain.wording import N_

DISPUTE_TEXTS: Final[tuple[IssueText, ...]] = (
    IssueText(
        "CORRECTION_OVERWRITTEN",
        Severity.WARNING,
        "*",
        N_("The unit above corrected “%(name)s” on %(at)s: %(given)s"),
        N_("Leave it, object to it, or write why your value is right."),
        "rules of the trade",
    ),
)
