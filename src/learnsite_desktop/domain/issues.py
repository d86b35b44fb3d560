"""Issues: what the rules found in one entry, and the reasons a clerk gave for the warnings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as declared
from types import MappingProxyType
from typing import Final

from learnsite_desktop.domain.issue_texts_disputes import DISPUTE_TEXTS
from learnsite_desktop.domain.issue_texts_persons import PERSON_TEXTS
from learnsite_desktop.domain.issue_texts_register import REGISTER_ISSUES
from learnsite_desktop.domain.issue_texts_review import REVIEW_ISSUES
from learnsite_desktop.domain.issue_texts_tables import TABLE_TEXTS
from learnsite_desktop.domain.issue_texts_units import UNIT_ISSUES
from learnsite_desktop.domain.issue_texts_work import WORK_TEXTS
from learnsite_desktop.domain.issue_words import FORM_TEXTS, IssueText, Severity

ISSUES: Final[Mapping[str, IssueText]] = MappingProxyType(
    {
        text.code: text
        for texts in (
            *(FORM_TEXTS, PERSON_TEXTS, WORK_TEXTS, TABLE_TEXTS, DISPUTE_TEXTS, REVIEW_ISSUES),
            UNIT_ISSUES,
            REGISTER_ISSUES,
        )
        for text in texts
    }
)

_WORDED: Final = frozenset({"why", "expected"})  # parameters that are message ids themselves


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding.

    ``kind`` and ``ref`` name the entry, ``record`` its id in text once known; ``params`` fill the
    placeholders of the message. ``reason`` is what the clerk wrote about a warning.
    """

    code: str
    kind: str = ""
    ref: str = ""
    field: str = ""
    record: str = ""
    params: Mapping[str, object] = declared(default_factory=dict)
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse a code outside the catalogue, a fault of the program, with KeyError."""
        usual = ISSUES[self.code].field
        if not self.field:
            object.__setattr__(self, "field", usual)

    @property
    def text(self) -> IssueText:
        """The catalogue entry of this issue."""
        return ISSUES[self.code]

    @property
    def severity(self) -> Severity:
        """Severity by the catalogue; a given reason does not change it."""
        return self.text.severity

    @property
    def reason_given(self) -> bool:
        """Tell whether a reason was written."""
        return bool(self.reason)

    @property
    def blocking(self) -> bool:
        """Tell whether the entry may not be saved: an error, or a warning without a reason."""
        if self.severity is Severity.WARNING:
            return not self.reason
        return self.severity is Severity.ERROR

    def shown(self, render: Callable[[str, Mapping[str, object]], str]) -> dict[str, object]:
        """Return the issue as the command line gives it; ``render`` translates a message id."""
        params = {
            name: render(value, {}) if name in _WORDED and isinstance(value, str) else value
            for name, value in self.params.items()
        }
        return {
            "code": self.code,
            "severity": self.severity.value,
            "kind": self.kind,
            "ref": self.ref,
            "record": self.record,
            "field": self.field,
            "message": render(self.text.message, params),
            "remedy": render(self.text.remedy, params),
            "reason_given": self.reason_given,
            "reason": self.reason,
        }


def settle(issues: Iterable[Issue], reasons: Mapping[str, str]) -> list[Issue]:
    """Give every warning the reason written for its code; the others stay as they are.

    A warning left without a reason is ``blocking``. Blank reasons do not count, nor do reasons
    for errors.
    """
    return [
        replace(issue, reason=reasons.get(issue.code, "").strip())
        if issue.severity is Severity.WARNING
        else issue
        for issue in issues
    ]
