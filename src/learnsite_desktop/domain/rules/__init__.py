"""The rules that check entries, one function per kind of entry.

``RULES`` maps a kind of the registry to its rule; ``rollcall`` and ``photo`` stand for the entries
of the capture sections of these names. A rule takes the whole entry in the shape of the capture
file (after an edit: the record as it would become) and a `Context`, and returns what it found; it
never raises on strange values, which `check_fields` reports.
"""

from learnsite_desktop.domain.rules.activities import (
    check_activity,
    check_enrolment,
    check_evidence,
    check_submission,
)
from learnsite_desktop.domain.rules.context import (
    ActivityFacts,
    Context,
    EndedFacts,
    EnrolmentFacts,
    Entry,
    Rule,
    SessionFacts,
    SiteFacts,
)
from learnsite_desktop.domain.rules.persons import check_learner, check_staff
from learnsite_desktop.domain.rules.places import check_population, check_site
from learnsite_desktop.domain.rules.sessions import check_rollcall, check_session
from learnsite_desktop.domain.rules.shape import check_fields, check_rows

RULES: dict[str, Rule] = {
    "activity": check_activity,
    "enrolment": check_enrolment,
    "evidence": check_evidence,
    "learner": check_learner,
    "photo": check_evidence,
    "population": check_population,
    "rollcall": check_rollcall,
    "session": check_session,
    "site": check_site,
    "staff": check_staff,
    "submission": check_submission,
}

__all__ = [
    "RULES",
    "ActivityFacts",
    "Context",
    "EndedFacts",
    "EnrolmentFacts",
    "Entry",
    "Rule",
    "SessionFacts",
    "SiteFacts",
    "check_fields",
    "check_rows",
]
