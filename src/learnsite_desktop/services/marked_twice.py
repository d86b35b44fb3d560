"""People marked twice in one session: counted once, but the two marks say different things."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.periods import Period
from learnsite_desktop.platform.i18n import language
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import find_record
from learnsite_desktop.store.twice import TwiceRow, differing_marks

CODE = "PERSON_TWICE"


@dataclass(frozen=True, slots=True)
class MarkedTwice:
    """A person and a session of a unit: the issue, and the marks as `learner, status, minutes`."""

    session: str
    unit: str
    issue: Issue
    rows: tuple[dict[str, Any], ...]


def marked_twice(
    workspace: Workspace, unit: str = "", period: Period | None = None
) -> list[MarkedTwice]:
    """Return who is marked differently by two records in one session.

    Of a unit's sessions and of those below (this one if empty), in a period if given.
    """
    days = (period.first.isoformat(), period.last.isoformat()) if period else ("", "")
    found = differing_marks(workspace.database, unit or workspace.unit, *days)
    return [_told(workspace, marks) for marks in found]


def _told(workspace: Workspace, marks: Sequence[TwiceRow]) -> MarkedTwice:
    session = b64(marks[0].session)
    rows = tuple(
        {"learner": b64(mark.learner), "status": mark.status, "minutes": mark.minutes}
        for mark in marks
    )
    params = {"first": _words(workspace, marks[0]), "second": _words(workspace, marks[-1])}
    issue = Issue(CODE, "session", session, record=session, params=params)
    return MarkedTwice(session, marks[0].unit, issue, rows)


def _words(workspace: Workspace, mark: TwiceRow) -> str:
    """Return a mark in words: the masked name, the status, the minutes if they are given."""
    stored = find_record(workspace.database, b64(mark.learner), "learner")
    name = workspace.vault.reveal(stored.doc.get("name")) if stored else None
    status = shipped_codes().label("attendance_status", mark.status, language())
    minutes = "" if mark.minutes is None else f" {mark.minutes}′"
    return f"{masked('name', name) if isinstance(name, str) else '?'} {status}{minutes}"
