"""What stands against locking a period: open conflicts and returns, red issues of its sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.narrowing import narrowed
from learnsite_desktop.services.returns import list_returns
from learnsite_desktop.services.submitting import RedLists
from learnsite_desktop.services.titles import spoken, title_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import find_record_row, open_conflicts, record_by_key

CONFLICT: Final = "conflict"
RETURN: Final = "return"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something open: `code` is conflict, return or that of the `issue`; `field` of the record."""

    code: str
    record: str
    unit: str
    field: str
    issue: Issue | None = None

    def answer(self) -> dict[str, Any]:
        """Return it with the keys of its answer."""
        return {"code": self.code, "record": self.record, "unit": self.unit, "field": self.field}

    def title(self, workspace: Workspace) -> str:
        """Return what people call the record, the word for its kind if it has no title."""
        stored = find_record_row(workspace.database, self.record)
        kind = KINDS.get(stored.kind) if stored else None
        return title_of(workspace, self.record) or (_(kind.label) if kind else "")

    def kind(self, workspace: Workspace) -> str:
        """Return the record's kind, "" if it is not known."""
        stored = find_record_row(workspace.database, self.record)
        return stored.kind if stored else ""

    def words(self) -> str:
        """Return what is wrong, as people say it."""
        if self.issue is not None:
            return str(spoken(self.issue).shown(render)["message"])
        return _("conflict not settled") if self.code == CONFLICT else _("return not answered")


def problems_of(
    workspace: Workspace, period: Period, units: Iterable[str], progress: Progress
) -> list[Problem]:
    """Return what is open in a period of these units.

    Records without a date count to every period.
    """
    wanted = set(units)
    rows: list[dict[str, Any]] = []
    for key, register in open_conflicts(workspace.database):
        stored = record_by_key(workspace.database, key)
        if stored.unit in wanted and stored.kind in KINDS:
            rows.append(Problem(CONFLICT, stored.id, stored.unit, register).answer())
    rows += [
        Problem(RETURN, row["record"], row["unit"], row["field"]).answer()
        for row in list_returns(workspace)
        if row["state"] == "open" and row["unit"] in wanted
    ]
    found = [Problem(**row) for row in narrowed(workspace, rows, period=period.text)]
    lists = RedLists(workspace, period)
    for count, unit in enumerate(sorted(wanted), start=1):
        progress(count, len(wanted), N_("checking"))
        found += [
            Problem(issue.code, str(issue.record), unit, issue.field, issue)
            for issue in lists.of(unit)
        ]
    return found
