"""Words of the issues of locked periods, see `domain.issue_words`."""

from typing import Final

from learnsite_desktop.domain.issue_words import IssueText, Severity
from learnsite_desktop.domain.wording import N_

REVIEW_ISSUES: Final[tuple[IssueText, ...]] = (
    IssueText(
        "PERIOD_LOCKED",
        Severity.WARNING,
        "date",
        N_("%(period)s is locked by the unit above (%(tier)s)."),
        N_(
            "Write why it changes all the same: it is kept and listed as a supplement, and counts "
            "once the period is opened or a reversal is booked."
        ),
        "rules of the trade",
    ),
)
