"""What the editor of an activity shows and keeps, without a window."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.schedules import WEEK
from learnsite_desktop.services import drafts
from learnsite_desktop.services.copying import Template, fresh, last_activity, like, own_sites
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.holidays import holidays_among
from learnsite_desktop.services.plans import Plan, never_began, roster_of, sessions_of
from learnsite_desktop.services.roll_calls import person_of
from learnsite_desktop.services.series import next_lessons
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord, find_record, heads_of, records_of_kind

COPY: Final = "copy:"
LAST: Final = "last"
SINGLE: Final = 1
SERIAL_KINDS: Final = ("01", "02", "05")
"""Kinds that meet again and again; one of another kind is held once unless said otherwise."""
_OF_LESSONS: Final = ("start", "end", "teachers", "venue")


@dataclass(frozen=True, slots=True)
class Seat:
    """A learner on the roster with the row number."""

    learner: str
    name: str
    sex: str
    birth_year: int | None
    row: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """A session that is there."""

    record: str
    date: str
    start: str
    end: str
    status: str


@dataclass(frozen=True, slots=True)
class Editing:
    """An activity in the editor.

    `saved` is what stands in the record or, of a new one, in its template; `fields` and `plan`
    what the editor shows, a draft's values over it; `seats` the roster shown, `enrolled` the one
    saved; `names` the (record, name) lists to choose from by kind.
    """

    record: str
    new: bool
    drafted: bool
    saved: Mapping[str, Any]
    fields: Mapping[str, Any]
    plan: Plan
    seats: tuple[Seat, ...]
    enrolled: tuple[Seat, ...]
    lessons: tuple[Lesson, ...]
    heads: tuple[str, ...]
    names: Mapping[str, tuple[tuple[str, str], ...]]
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in the editor: every field, the schedule with the reasons written, the roster."""

    fields: Mapping[str, Any]
    plan: Plan
    seats: tuple[Seat, ...]


def open_editing(workspace: Workspace, about: str, *, drafted: bool = True) -> Editing:
    """Return what is to be edited: "" a new activity, "copy:ID" the next of one, else a record.

    "copy:last" is the next of the unit's last one. A record's draft is left out if not `drafted`.
    Refuses `record_unknown`, `record_deleted`.
    """
    if about.startswith(COPY):
        return _copy(workspace, about.removeprefix(COPY))
    if not about:
        return _new(workspace, b64(workspace.tokens(RECORD_ID_BYTES)), fresh(workspace))
    stored = find_record(workspace.database, about, "activity")
    draft = drafts.draft_values(workspace, about) if drafted else {}
    if stored is None:
        if not draft:
            raise Refusal("record_unknown", where=about)
        plan = Plan.of(draft.pop(drafts.PLAN, {}))
        return replace(_new(workspace, about, Template(draft, plan)), drafted=True)
    if stored.deleted:
        raise Refusal("record_deleted", where=about)
    return _old(workspace, stored, draft)


def _copy(workspace: Workspace, record: str) -> Editing:
    stored = (
        last_activity(workspace)
        if record == LAST
        else find_record(workspace.database, record, "activity")
    )
    template = fresh(workspace) if stored is None else like(workspace, stored)
    return _new(workspace, b64(workspace.tokens(RECORD_ID_BYTES)), template)


def _new(workspace: Workspace, record: str, template: Template) -> Editing:
    seats = _seats(workspace, template.plan.roster)
    return Editing(
        record=record,
        new=True,
        drafted=False,
        saved={},
        fields=dict(template.fields),
        plan=template.plan,
        seats=seats,
        enrolled=(),
        lessons=(),
        heads=(),
        names=_names(workspace),
        template=template,
    )


def last_roster(workspace: Workspace) -> tuple[Seat, ...]:
    """Return who would be in the class that follows the unit's last one."""
    stored = last_activity(workspace)
    return () if stored is None else _seats(workspace, like(workspace, stored).plan.roster)


def _old(workspace: Workspace, stored: StoredRecord, draft: dict[str, Any]) -> Editing:
    saved = entry_of(KINDS["activity"], stored.doc, workspace.vault)
    kept = draft.pop(drafts.PLAN, None)
    enrolled = _enrolled(workspace, stored)
    plan = next_lessons(workspace, stored) if kept is None else Plan.of(kept)
    return Editing(
        record=stored.id,
        new=False,
        drafted=bool(draft) or kept is not None,
        saved=saved,
        fields={**saved, **draft},
        plan=plan,
        seats=_with_changes(workspace, enrolled, plan.roster),
        enrolled=enrolled,
        lessons=tuple(
            Lesson(
                session.id,
                *(str(entry.get(key) or "") for key in ("date", "start", "end", "status")),
            )
            for session, entry in sessions_of(workspace, stored)
        ),
        heads=tuple(heads_of(workspace.database, stored.key)),
        names=_names(workspace),
    )


def _seat(workspace: Workspace, learner: str, row: int) -> Seat:
    person = person_of(workspace, learner)
    return Seat(learner, person.name, person.sex, person.birth_year, row)


def _seats(workspace: Workspace, roster: Mapping[str, int | None]) -> tuple[Seat, ...]:
    rows = ((row, learner) for learner, row in roster.items() if row is not None)
    return tuple(_seat(workspace, learner, row) for row, learner in sorted(rows))


def _enrolled(workspace: Workspace, stored: StoredRecord) -> tuple[Seat, ...]:
    """Return who is in the class today or will be; those without a number get the next ones."""
    today = workspace.clock.now().date().isoformat()
    here = [
        entry
        for _stored, entry in roster_of(workspace, stored)
        if str(entry.get("left") or "9999") >= today and not never_began(entry)
    ]
    last = max((entry["row"] for entry in here if entry.get("row")), default=0)
    seats = []
    for entry in here:
        row = entry.get("row")
        if not row:
            last = row = last + 1
        seats.append(_seat(workspace, str(entry["learner"]), row))
    return tuple(seats)


def _with_changes(
    workspace: Workspace, seats: Sequence[Seat], changes: Mapping[str, int | None]
) -> tuple[Seat, ...]:
    known = {seat.learner: seat for seat in seats}
    for learner, row in changes.items():
        if row is None:
            known.pop(learner, None)
        elif learner in known:
            known[learner] = replace(known[learner], row=row)
        else:
            known[learner] = _seat(workspace, learner, row)
    return tuple(sorted(known.values(), key=lambda seat: seat.row))


def _names(workspace: Workspace) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {"site": tuple(own_sites(workspace))}
    for kind in ("staff", "venue"):
        records = [
            stored
            for stored in records_of_kind(workspace.database, kind, unit=workspace.acting)
            if stored.unit == workspace.acting
        ]
        entries = [entry_of(KINDS[kind], one.doc, workspace.vault) for one in records]
        found[kind] = tuple(
            (one.id, str(entry.get("name") or ""))
            for one, entry in zip(records, entries, strict=True)
        )
    return found


def changed_fields(editing: Editing, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields to keep: all of a new activity, of a stored one those that differ."""
    if editing.new:
        return {name: value for name, value in shown.items() if value not in (None, "", [])}
    return {
        name: value if value not in ("", []) else None
        for name, value in shown.items()
        if (value or None) != (editing.saved.get(name) or None)
    }


def roster_changes(editing: Editing, seats: Iterable[Seat]) -> dict[str, int | None]:
    """Return what a plan says about a roster: whose row differs, who is gone."""
    return _moves(editing.enrolled, seats)


def _moves(enrolled: Iterable[Seat], seats: Iterable[Seat]) -> dict[str, int | None]:
    before = {seat.learner: seat.row for seat in enrolled}
    after = {seat.learner: seat.row for seat in seats}
    changed: dict[str, int | None] = {
        learner: row for learner, row in after.items() if before.get(learner) != row
    }
    return changed | dict.fromkeys(before.keys() - after.keys())


def kept_values(editing: Editing, shown: Shown, kept: Collection[str]) -> dict[str, Any]:
    """Return what a draft keeps of what is shown; `kept` are the names that it has already."""
    values = changed_fields(editing, shown.fields)
    again = {name for name in shown.fields if name in kept or _differs(editing, name)}
    values = {**{name: editing.saved.get(name) for name in again}, **values}
    plan = replace(shown.plan, roster=roster_changes(editing, shown.seats))
    return {**values, drafts.PLAN: plan.kept()}


def _differs(editing: Editing, name: str) -> bool:
    """Tell whether a draft had another value than the record when the editor was opened."""
    return editing.drafted and (editing.fields.get(name) or None) != (
        editing.saved.get(name) or None
    )


def keep_more(workspace: Workspace, record: str, before: Shown, now: Shown, operator: str) -> None:
    """Keep what was entered after an activity was sent off to be saved, on top of what that made.

    `before` is what was sent. The lessons that were sent are not made once more.
    """
    there = open_editing(workspace, record)
    values = {
        name: value if value not in ("", []) else None
        for name, value in now.fields.items()
        if (value or None) != (before.fields.get(name) or None)
    }
    old, new = before.plan, now.plan
    names = _OF_LESSONS if old.lessons() else (*_OF_LESSONS, "first", "count", "left_out")
    plan = replace(
        there.plan,
        **{name: getattr(new, name) for name in names if getattr(new, name) != getattr(old, name)},
        reasons={**there.plan.reasons, **new.reasons},
        roster={**there.plan.roster, **_moves(before.seats, now.seats)},
    )
    if not there.new and (new.teachers, new.venue) != (old.teachers, old.venue):
        plan = replace(plan, from_now_on=True)
    drafts.commit_fields(
        workspace,
        "activity",
        record,
        {**values, drafts.PLAN: plan.kept()},
        operator=operator,
        heads=None if there.new else there.heads,
    )


def added(seats: Sequence[Seat], seat: Seat) -> tuple[Seat, ...]:
    """Return the roster with one more at its end; who is there already stays where they are."""
    if any(one.learner == seat.learner for one in seats):
        return tuple(seats)
    last = max((one.row for one in seats), default=0)
    return (*seats, replace(seat, row=last + 1))


def moved(seats: Sequence[Seat], place: int, step: int) -> tuple[Seat, ...]:
    """Return the roster with one learner and the neighbour changed over; the ends stay."""
    other = place + step
    if not (0 <= place < len(seats) and 0 <= other < len(seats)):
        return tuple(seats)
    found = list(seats)
    one, two = found[place], found[other]
    found[place], found[other] = replace(two, row=one.row), replace(one, row=two.row)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the series: `number` is 0 when it is left out, `holiday` a message id or ""."""

    day: date
    number: int
    holiday: str


def days_of(plan: Plan) -> list[Day]:
    """Return the days from the first lesson to the last, those left out among them."""
    lessons = plan.lessons()
    if not lessons:
        return []
    first = as_date(plan.first) or lessons[0]
    weeks = (lessons[-1] - first).days // WEEK
    days = [days_after(first, WEEK * week) for week in range(weeks + 1)]
    names = holidays_among(days)
    numbers = {day: number for number, day in enumerate(lessons, start=1)}
    return [Day(day, numbers.get(day, 0), names.get(day, "")) for day in days]


def usual_count(kind: str, plan: Plan) -> int:
    """Return how many lessons an activity of a kind most likely has."""
    return plan.count if kind in SERIAL_KINDS else SINGLE
