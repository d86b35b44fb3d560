"""Handing in a period: the red list first, then the submission, also when there was nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from learnsite_desktop.domain.fields import REASONS
from learnsite_desktop.domain.issues import Issue, settle
from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.rules import RULES, check_fields
from learnsite_desktop.services.capture import CaptureResult, capture
from learnsite_desktop.services.capture.answers import Answers
from learnsite_desktop.services.capture.plan import References
from learnsite_desktop.services.drafts import finish_drafts
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.marked_twice import marked_twice
from learnsite_desktop.services.trial.mark import refuse_trial
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.agenda import own_session_keys
from learnsite_desktop.store.records import record_by_key


def red_list(workspace: Workspace, period: Period, unit: str = "") -> list[Issue]:
    """Return what must be put right before a period is handed in: blocking issues of its sessions.

    Those of this unit, unless another is named.
    """
    return RedLists(workspace, period).of(unit or workspace.unit)


class RedLists:
    """The red lists of many units for one period; what concerns them all is asked once."""

    def __init__(self, workspace: Workspace, period: Period) -> None:
        """Look up who is marked twice anywhere below."""
        self._workspace = workspace
        self._days = period.first.isoformat(), period.last.isoformat()
        self._context = Answers(workspace, References(workspace, workspace.unit, "")).context()
        self._twice = {item.session: item.issue for item in marked_twice(workspace, "", period)}

    def of(self, unit: str) -> list[Issue]:
        """Return the red list of one unit."""
        workspace, context, kind = self._workspace, self._context, KINDS["session"]
        found: list[Issue] = []
        for key in own_session_keys(workspace.database, unit, *self._days):
            stored = record_by_key(workspace.database, key)
            entry = {**entry_of(kind, stored.doc, workspace.vault), "ref": stored.id}
            reasons = entry.get(REASONS)
            issues = [*check_fields(kind, entry, context), *RULES["session"](entry, context)]
            issues += [self._twice[stored.id]] if stored.id in self._twice else []
            settled = settle(issues, reasons if isinstance(reasons, Mapping) else {})
            found += [replace(issue, record=stored.id) for issue in settled if issue.blocking]
        return found


def submit(
    workspace: Workspace, period_text: str, *, zero: str = "", operator: str = ""
) -> tuple[list[Issue], CaptureResult | None]:
    """Hand a period in; returns the red list and the result, None when the list is not empty.

    `zero` is the reason of a zero report; it is refused when sessions were held, and needed when
    none was. Refuses `period_invalid` and, in a trial village, `trial_not_real`.
    """
    refuse_trial(workspace)
    period = parse_period(period_text)
    for blocked in finish_drafts(workspace):
        if blocked.refused:
            return blocked.issues, None
    issues = red_list(workspace, period)
    context = Answers(workspace, References(workspace, workspace.unit, "")).context()
    if not zero.strip() and not context.held(workspace.unit, period):
        issues.append(Issue("SUBMISSION_EMPTY", "submission", f"{workspace.unit}/{period.text}"))
    if issues:
        return issues, None
    entry: dict[str, Any] = {"unit": workspace.unit, "period": period.text}
    if zero.strip():
        entry["zero_reason"] = zero.strip()
    document = {"v": 1, "source": "submit", "submissions": [entry]}
    result = capture(workspace, document, operator=operator)
    return result.issues, None if result.refused else result
