"""Rules for activities, enrolments, evidence and submissions."""

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.context import Context, Entry
from learnsite_desktop.domain.rules.values import day, number, text

MOST_TOPICS = 3
PAPER = frozenset({"signin", "plan", "notice", "cert"})


def check_activity(entry: Entry, context: Context) -> list[Issue]:
    """Dates in order and within those of the site; one to three topics."""
    ref = text(entry, "ref")
    issues: list[Issue] = []
    opens, closes = day(entry, "opens"), day(entry, "closes")
    if opens and closes and closes < opens:
        issues.append(Issue("ACTIVITY_CLOSES_BEFORE_OPENS", "activity", ref))
    site = context.site(text(entry, "site"))
    if site is not None:
        early = site.opened and opens and opens < site.opened
        late = site.closed and any(at >= site.closed for at in (opens, closes) if at)
        if early or late:
            issues.append(Issue("ACTIVITY_OUTSIDE_SITE", "activity", ref))
    topics = entry.get("topics")
    if isinstance(topics, list) and len(topics) > MOST_TOPICS:
        issues.append(Issue("ACTIVITY_TOPICS_MANY", "activity", ref))
    return issues


def check_enrolment(entry: Entry, context: Context) -> list[Issue]:
    """Dates in order; a roster row belongs to one learner."""
    learner = text(entry, "learner")
    ref = text(entry, "ref") or f"{text(entry, 'activity')}/{learner}"
    issues: list[Issue] = []
    joined, left = day(entry, "joined"), day(entry, "left")
    if joined and left and left < joined:
        issues.append(Issue("ENROLMENT_LEFT_BEFORE_JOINED", "enrolment", ref))
    row = number(entry, "row")
    if row is not None and any(
        other.row == row and other.learner != learner
        for other in context.roster(text(entry, "activity"))
    ):
        issues.append(Issue("ENROLMENT_ROW_REPEATED", "enrolment", ref, params={"row": row}))
    return issues


def check_evidence(entry: Entry, context: Context) -> list[Issue]:
    """Check that a picture belongs to one record.

    Sheets of paper all look alike: of them only the very same picture is asked about.
    """
    ref = text(entry, "ref")
    other = context.photo_elsewhere(entry)
    if other:
        return [Issue("PHOTO_REPEATED", "evidence", ref, params={"other": other})]
    alike = "" if text(entry, "kind") in PAPER else context.photo_alike(entry)
    return [Issue("PHOTO_SIMILAR", "evidence", ref, params={"other": alike})] if alike else []


def check_submission(entry: Entry, context: Context) -> list[Issue]:
    """Check that a zero report is for a period without held sessions."""
    if not text(entry, "zero_reason").strip():
        return []
    unit, period = text(entry, "unit"), text(entry, "period")
    try:
        held = context.held(unit, parse_period(period))
    except Refusal:
        return []
    if not held:
        return []
    return [Issue("SUBMISSION_NOT_EMPTY", "submission", f"{unit}/{period}", params={"count": held})]
