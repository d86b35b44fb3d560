"""Roll calls 点名: a session with its numbered list and what is marked, and keeping the marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.values import as_date, length
from learnsite_desktop.services import drafts
from learnsite_desktop.services.capture import CaptureResult, capture
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.receipted import is_received
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.sheets import newest_sheet, rows_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import StoredRecord, children_of, find_record, heads_of

PRESENT: Final = "P"
ABSENT: Final = "A"
WALK_IN: Final = "W"
SOURCE: Final = "window"


@dataclass(frozen=True, slots=True)
class Mark:
    """One person's mark: a code of `attendance_status`, minutes (None = all), proxy signature."""

    status: str
    minutes: int | None = None
    proxy: bool = False
    source: str = ""

    def as_row(self, learner: str) -> dict[str, Any]:
        """Return the mark in the shape of capture files."""
        row: dict[str, Any] = {"learner": learner, "status": self.status}
        if self.minutes is not None:
            row["minutes"] = self.minutes
        if self.source:
            row["source"] = self.source
        if self.proxy:
            row["proxy"] = True
        return row


@dataclass(frozen=True, slots=True)
class Person:
    """Who stands on a row: the names are for the roll call itself, never for an export."""

    learner: str
    name: str
    sex: str
    birth_year: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its number on paper (0 for people not on the list), the person, the mark if any."""

    number: int
    person: Person
    mark: Mark | None

    @property
    def listed(self) -> bool:
        """Whether the person is on the list, not a walk-in."""
        return self.number > 0


@dataclass(frozen=True, slots=True)
class RollCall:
    """A session as its roll call shows it.

    `entry` is the session in capture shape; `lines` the list in the order of the paper, then
    walk-ins; `heads` the record's heads, which the marks will continue; `recorded` whether marks
    or a head-count were saved before; `sheet` the code of the printed sheet, "" if none;
    `received` whether a unit above has what was recorded, so that changing it is a correction.
    """

    session: str
    entry: Mapping[str, Any]
    title: str
    place: str
    teachers: tuple[str, ...]
    lines: tuple[Line, ...]
    heads: tuple[str, ...]
    recorded: bool
    minutes: int
    sheet: str = ""
    received: bool = False
    draft: Mapping[str, Any] = field(default_factory=dict)


def open_roll_call(workspace: Workspace, record: str) -> RollCall:
    """Return a session's roll call, with what a draft of it keeps.

    Refuses `record_unknown`, and `record_deleted` for one that is gone.
    """
    stored = require_record(workspace, f"session:{record}")
    if stored.deleted:
        raise Refusal("record_deleted", where=record)
    entry = entry_of(KINDS["session"], stored.doc, workspace.vault)
    draft = drafts.draft_values(workspace, stored.id)
    activity = _entry(workspace, "activity", entry.get("activity"))
    sheet = newest_sheet(workspace, stored)
    lines, recorded = _lines(workspace, stored, draft.get(drafts.ROWS))
    recorded = recorded or bool(entry.get("headcount"))
    shown = {**entry, **{key: value for key, value in draft.items() if key != drafts.ROWS}}
    return RollCall(
        session=stored.id,
        entry=shown,
        title=str(activity.get("title", "")),
        place=_place(workspace, shown, activity),
        teachers=tuple(_name(workspace, "staff", one) for one in shown.get("teachers") or ()),
        lines=lines,
        heads=tuple(heads_of(workspace.database, stored.key)),
        recorded=recorded,
        received=recorded and is_received(workspace, stored),
        minutes=length(shown) or 0,
        sheet=sheet.code if sheet else "",
        draft=draft,
    )


def _lines(
    workspace: Workspace, stored: StoredRecord, kept: object
) -> tuple[tuple[Line, ...], bool]:
    """Return the rows of the list and the walk-ins, and whether any mark is saved."""
    marks = _saved_marks(workspace, stored)
    recorded = bool(marks)
    if isinstance(kept, list):
        for row in kept:
            if row.get("status") is None:
                marks.pop(str(row["learner"]), None)
            else:
                marks[str(row["learner"])] = _mark_of_row(row)
    numbered = rows_of(workspace, stored)
    lines = [
        Line(row.row, person_of(workspace, row.learner), marks.get(row.learner)) for row in numbered
    ]
    on_list = {row.learner for row in numbered}
    lines += [
        Line(0, person_of(workspace, learner), mark)
        for learner, mark in marks.items()
        if learner not in on_list
    ]
    return tuple(lines), recorded


def _saved_marks(workspace: Workspace, stored: StoredRecord) -> dict[str, Mark]:
    return {
        workspace.idents.record(row[0]): Mark(row[1], row[2], bool(row[4]), row[3] or "")
        for row in lookups.marks_of(workspace.database, stored.ident)
    }


def _mark_of_row(row: Mapping[str, Any]) -> Mark:
    return Mark(
        str(row["status"]), row.get("minutes"), bool(row.get("proxy")), str(row.get("source") or "")
    )


def person_of(workspace: Workspace, record: str) -> Person:
    """Return who a learner's record is, by the full name."""
    entry = _entry(workspace, "learner", record)
    birth = str(entry.get("birth") or "")
    year = int(birth[:4]) if birth[:4].isdigit() else None
    return Person(record, str(entry.get("name", "?")), str(entry.get("sex", "U")), year)


def _entry(workspace: Workspace, kind: str, record: object) -> dict[str, Any]:
    stored = find_record(workspace.database, record, kind) if isinstance(record, str) else None
    return entry_of(KINDS[kind], stored.doc, workspace.vault) if stored else {}


def _name(workspace: Workspace, kind: str, record: object) -> str:
    return str(_entry(workspace, kind, record).get("name", ""))


def _place(workspace: Workspace, entry: Mapping[str, Any], activity: Mapping[str, Any]) -> str:
    return _name(workspace, "venue", entry.get("venue")) or _name(
        workspace, "site", activity.get("site")
    )


def keep(
    workspace: Workspace,
    call: RollCall,
    marks: Mapping[str, Mark | None],
    values: Mapping[str, Any],
    *,
    operator: str = "",
) -> None:
    """Keep one gesture: all marks (None withdraws one) and other fields of the session, durably."""
    rows = [
        {"learner": learner, "status": None} if mark is None else mark.as_row(learner)
        for learner, mark in marks.items()
    ]
    drafts.commit_fields(
        workspace,
        "session",
        call.session,
        {drafts.ROWS: rows, **values},
        operator=operator,
        heads=call.heads,
    )


def finish(
    workspace: Workspace,
    call: RollCall,
    marks: Mapping[str, Mark | None],
    values: Mapping[str, Any],
    *,
    operator: str = "",
    why: str = "",
) -> CaptureResult:
    """Save a roll call as one operation; what may not be saved stays a draft with its issues.

    Refuses `reason_missing` for a change of what a unit above has, without a reason.
    """
    with workspace.database.transaction():
        keep(workspace, call, marks, values, operator=operator)
        if not why.strip() and drafts.wants_reason(workspace, call.session):
            raise Refusal("reason_missing", where=call.title)
        return drafts.finish(workspace, call.session, operator=operator, why=why.strip())


def add_learner(
    workspace: Workspace, name: str, sex: str, birth: str, *, operator: str = ""
) -> CaptureResult:
    """Register a person who dropped in: name, sex and year are enough."""
    entry = {"ref": b64(workspace.tokens(RECORD_ID_BYTES)), "name": name, "sex": sex}
    if birth:
        entry["birth"] = birth
    document = {"v": 1, "source": SOURCE, "learners": [entry]}
    return capture(workspace, document, operator=operator)


def second_session(workspace: Workspace, record: str, *, operator: str = "") -> CaptureResult:
    """Plan another session of the same class on the same day, right after the last one there.

    It has the same length, place and teachers. Refuses `record_unknown`.
    """
    stored = require_record(workspace, f"session:{record}")
    entry = entry_of(KINDS["session"], stored.doc, workspace.vault)
    siblings = [
        entry_of(KINDS["session"], other.doc, workspace.vault)
        for other in children_of(workspace.database, str(entry["activity"]), "session", "activity")
    ]
    same_day = [other for other in siblings if other.get("date") == entry.get("date")]
    start = max(str(other.get("end", "")) for other in same_day)
    new = {key: entry[key] for key in ("activity", "date", "venue", "teachers") if entry.get(key)}
    new |= {
        "ref": b64(workspace.tokens(RECORD_ID_BYTES)),
        "start": start,
        "end": _later(start, length(entry) or 60),
        "status": "planned",
        "seq": 1 + max(int(other.get("seq") or 0) for other in siblings),
    }
    document = {"v": 1, "source": SOURCE, "sessions": [new]}
    return capture(workspace, document, operator=operator)


def _later(start: str, minutes: int) -> str:
    hour, minute = map(int, start.split(":"))
    end = min(timedelta(hours=hour, minutes=minute + minutes), timedelta(hours=23, minutes=59))
    seconds = int(end.total_seconds())
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def held_on(entry: Mapping[str, Any]) -> date | None:
    """Return the day of a session in capture shape."""
    return as_date(entry.get("date"))


def totals(marks: Sequence[Mark | None]) -> dict[str, int]:
    """Return how many marks there are of each status; people without a mark are under ""."""
    counted: dict[str, int] = {}
    for mark in marks:
        status = mark.status if mark else ""
        counted[status] = counted.get(status, 0) + 1
    return counted
