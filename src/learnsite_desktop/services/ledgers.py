"""Ledgers 台账: activities of a period, attendance lists, class rosters, disputed values.

Learners are masked unless they are revealed with a reason, which is noted. Teachers and organisers
stand there by their office, in full.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS as RECORD_KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.reports.workbook import Cell, ident
from learnsite_desktop.services import learners, policy
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.conflict_ledger import conflict_rows
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.ledger_shapes import Column, Ledger, Part
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.sheet_pages import organiser_text, session_time, teachers_of
from learnsite_desktop.services.sheets import members_of, number_roster, rows_of
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import (
    StoredRecord,
    find_record,
    record_by_key,
    records_of_kind,
)
from learnsite_desktop.store.sheets import SessionLine, session_lines

_HELD: Final = "held"
_HOURS: Final = "0.0"
_LANDSCAPE: Final = ("ledger", "conflicts")

Person = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a ledger is asked for: the own unit if `unit` is empty, one class if `activity` is set.

    `why` is the reason to show learners in full, which `reveal` asks for.
    """

    period: str
    unit: str = ""
    activity: str = ""
    reveal: bool = False
    why: str = ""
    operator: str = ""


def make_ledger(
    workspace: Workspace, kind: str, asked: Question, progress: Progress = silent
) -> Ledger:
    """Return a ledger of a unit and those below, `kind` one of `KINDS`, texts in use's language.

    Revealing needs a workspace open for writing. Refuses `period_invalid`, `unit_unknown`,
    `record_unknown`, and `reason_missing` for revealing without a reason.
    """
    if asked.unit:
        require_unit(workspace, asked.unit)
    if asked.reveal and not asked.why.strip():
        raise Refusal("reason_missing", where=kind)
    scope = _Scope(workspace, asked, kind, progress)
    title, columns, make = KINDS[kind]
    name = unit_name(workspace.database, scope.unit)
    facts = [(_("unit"), name), (_("period"), asked.period)]
    facts.append((_("written at"), workspace.now()[:10]))
    return Ledger(
        title=f"{name} {_(title)}",
        facts=tuple(facts),
        columns=tuple(Column(_(text), share, width) for text, share, width in columns),
        parts=tuple(make(scope)),
        landscape=kind in _LANDSCAPE,
        at=workspace.now(),
    )


class _Scope:
    """The sessions and classes that a ledger is about, and the people in it."""

    def __init__(
        self, workspace: Workspace, asked: Question, kind: str, progress: Progress
    ) -> None:
        self.workspace = workspace
        self.asked = asked
        self.kind = kind
        self.progress = progress
        self.period: Period = parse_period(asked.period)
        self.unit = asked.unit or workspace.unit
        self.activity = require_record(workspace, asked.activity) if asked.activity else None
        if self.activity is not None and self.activity.kind != "activity":
            raise Refusal("record_unknown", where=asked.activity)

    def sessions(self) -> list[SessionLine]:
        """Return the held sessions."""
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        wanted = self.activity.id if self.activity is not None else ""
        return [
            line
            for line in session_lines(self.workspace.database, self.unit, first, last)
            if line.status == _HELD and wanted in ("", line.activity)
        ]

    def activities(self) -> list[StoredRecord]:
        """Return the classes asked for, all of the unit's if none was named."""
        if self.activity is not None:
            return [self.activity]
        return records_of_kind(self.workspace.database, "activity", unit=self.unit)

    def people(self, records: set[str]) -> dict[str, Person]:
        """Return learners by id, masked or (noted) in full."""
        found = (
            find_record(self.workspace.database, record, "learner") for record in sorted(records)
        )
        stored = [learner for learner in found if learner is not None]
        if not self.asked.reveal:
            rows = learners.show_learners(self.workspace, stored)
        else:
            rows = learners.reveal_learners(
                self.workspace,
                stored,
                asked={"report": self.kind, "period": self.asked.period, "unit": self.unit},
                operator=self.asked.operator,
                why=self.asked.why,
            )
        return {str(row["id"]): row for row in rows}


def _ledger_parts(scope: _Scope) -> Iterator[Part]:
    minutes_per_hour = int(policy.current(scope.workspace)["minutes_per_hour"])
    lines = scope.sessions()
    rows = []
    for number, line in enumerate(lines, start=1):
        entry = _session(scope.workspace, line)
        rows.append(
            (
                Cell(number, "0"),
                ident(session_time(entry)),
                Cell(line.title),
                Cell(line.place),
                Cell(teachers_of(scope.workspace, entry)),
                Cell(organiser_text(line.unit_name, line.department)),
                Cell(line.named, "0"),
                Cell(line.headcount, "0"),
                Cell((line.minutes or 0) / minutes_per_hour, _HOURS),
                Cell(line.notes),
            )
        )
    minutes = sum(line.minutes or 0 for line in lines)
    counted = [line.headcount for line in lines if line.headcount is not None]
    rows.append(
        (
            Cell(""),
            Cell(_("Total")),
            Cell(render(N_("%(count)s sessions"), {"count": len(lines)})),
            *(Cell(""), Cell(""), Cell("")),
            Cell(sum(line.named for line in lines), "0"),
            Cell(sum(counted) if counted else None, "0"),
            Cell(minutes / minutes_per_hour, _HOURS),
            Cell(""),
        )
    )
    yield Part((), tuple(rows))


def _attendance_parts(scope: _Scope) -> Iterator[Part]:
    lines = scope.sessions()
    lists = []
    for done, line in enumerate(lines):
        scope.progress(done, len(lines), N_("listing"))
        lists.append(_attendance(scope.workspace, line))
    people = scope.people({learner for rows in lists for _number, learner, _mark in rows})
    codes = shipped_codes()
    for line, rows in zip(lines, lists, strict=True):
        cells = []
        for number, learner, mark in rows:
            person = people.get(learner, {})
            status, minutes, proxy = mark
            label = codes.label("attendance_status", status, language()) if status else ""
            cells.append(
                (
                    Cell(number, "0"),
                    Cell(person.get("name")),
                    Cell(_sex(person)),
                    Cell(label),
                    Cell(minutes, "0"),
                    Cell(_("by proxy") if proxy else ""),
                )
            )
        yield Part(_about(scope.workspace, line), tuple(cells))


def _attendance(
    workspace: Workspace, line: SessionLine
) -> list[tuple[int | None, str, tuple[str, int | None, bool]]]:
    """Return (row number, learner, mark) of a session's list, walk-ins without number after it."""
    marks = {
        workspace.idents.record(row[0]): (str(row[1] or ""), row[2], bool(row[4]))
        for row in lookups.marks_of(workspace.database, line.ident)
    }
    none = ("", None, False)
    numbered = rows_of(workspace, record_by_key(workspace.database, line.key))
    listed = {row.learner for row in numbered}
    return [
        *((row.row, row.learner, marks.get(row.learner, none)) for row in numbered),
        *((None, learner, mark) for learner, mark in marks.items() if learner not in listed),
    ]


def _roster_parts(scope: _Scope) -> Iterator[Part]:
    classes = [
        (activity, members)
        for activity in scope.activities()
        if (members := members_of(scope.workspace, activity, scope.period.first, scope.period.last))
    ]
    people = scope.people({member.learner for _one, members in classes for member in members})
    codes = shipped_codes()
    for activity, members in classes:
        known = {member.learner: member for member in members}
        cells = []
        for row in number_roster(members):
            member, person = known[row.learner], people.get(row.learner, {})
            result = codes.label("enrol_result", member.result, language())
            cells.append(
                (
                    Cell(row.row, "0"),
                    Cell(person.get("name")),
                    Cell(_sex(person)),
                    ident(str(person.get("birth") or "")),
                    ident(str(person.get("mobile") or "")),
                    ident(member.joined),
                    ident(member.left),
                    Cell(result if member.result else ""),
                )
            )
        unit = unit_name(scope.workspace.database, activity.unit)
        about = ((_("activity"), str(activity.doc.get("title") or "")), (_("unit"), unit))
        yield Part(about, tuple(cells))


def _conflict_parts(scope: _Scope) -> Iterator[Part]:
    rows = conflict_rows(
        scope.workspace,
        unit=scope.unit,
        period=scope.period,
        activity=scope.activity.id if scope.activity is not None else "",
        reveal=scope.asked.reveal,
        why=scope.asked.why,
        operator=scope.asked.operator,
    )
    if rows:
        yield Part((), tuple(rows))


def _session(workspace: Workspace, line: SessionLine) -> dict[str, Any]:
    stored = record_by_key(workspace.database, line.key)
    return entry_of(RECORD_KINDS["session"], stored.doc, None)


def _about(workspace: Workspace, line: SessionLine) -> tuple[tuple[str, str], ...]:
    return (
        (_("time"), session_time(_session(workspace, line))),
        (_("activity"), line.title),
        (_("place"), line.place),
    )


def _sex(person: Person) -> str:
    sex = str(person.get("sex") or "")
    return shipped_codes().label("sex", sex, language()) if sex else ""


KINDS: Final[
    Mapping[
        str,
        tuple[str, tuple[tuple[str, int, int], ...], Callable[[_Scope], Iterator[Part]]],
    ]
] = {
    "ledger": (
        N_("Ledger of activities"),
        (
            (N_("No."), 5, 6),
            (N_("time"), 16, 32),
            (N_("activity"), 12, 24),
            (N_("place"), 13, 22),
            (N_("teachers"), 11, 14),
            (N_("organising unit"), 13, 22),
            (N_("named attendances"), 7, 10),
            (N_("head-count"), 7, 10),
            (N_("class hours"), 6, 8),
            (N_("notes"), 10, 24),
        ),
        _ledger_parts,
    ),
    "attendance": (
        N_("Attendance lists"),
        (
            (N_("No."), 10, 6),
            (N_("Full name"), 28, 14),
            (N_("Sex"), 12, 6),
            (N_("mark"), 20, 10),
            (N_("minutes"), 15, 8),
            (N_("remarks"), 15, 10),
        ),
        _attendance_parts,
    ),
    "roster": (
        N_("Class rosters"),
        (
            (N_("No."), 8, 6),
            (N_("Full name"), 16, 14),
            (N_("Sex"), 8, 6),
            (N_("birth"), 14, 12),
            (N_("mobile"), 18, 16),
            (N_("joined"), 14, 12),
            (N_("left"), 12, 12),
            (N_("result"), 10, 10),
        ),
        _roster_parts,
    ),
    "conflicts": (
        N_("Ledger of conflicts"),
        (
            (N_("No."), 4, 6),
            (N_("record"), 14, 28),
            (N_("field"), 9, 16),
            (N_("state"), 6, 8),
            (N_("values, by whom and when"), 32, 60),
            (N_("decided for"), 10, 18),
            (N_("decided by"), 10, 20),
            (N_("decided on"), 7, 12),
            (N_("why"), 8, 24),
        ),
        _conflict_parts,
    ),
}
"""Kinds of ledgers: title, columns (heading, share of a page, width), what makes the parts."""
