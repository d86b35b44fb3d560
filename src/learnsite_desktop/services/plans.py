"""Plans: what belongs to an activity beside its own fields, and is saved together with it.

One gesture in the editor or one command makes teachers, a place, a roster and a whole series of
lessons; all of it is one change with one undo. While it is being entered, the plan rests in the
activity's draft.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any, Final, Self

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.ids import b64, capture_id
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.schedules import weekly
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.receipted import is_received
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import (
    StoredRecord,
    children_of,
    find_record,
    find_record_row,
    records_of_kind,
)

NEW: Final = "="
"""A teacher or place that begins with this is a name: a new record is made of it."""
SOURCE: Final = "edit"
_TEACHER_KIND: Final = "part_teacher"
_VENUE_KIND: Final = "classroom"
_SITE_KINDS: Final = {"village": "v_point", "township": "t_school", "county": "c_college"}
_DROPPED: Final = "dropped"
_TAKEN_OFF: Final = N_("Taken off the roster before the class began")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done with an activity; an empty plan does nothing.

    `first`, `start`, `end`, `count`, `left_out` are the lessons to add (dates and times as in
    capture files; none while one is missing). `teachers` and `venue` are theirs, and with
    `from_now_on` those of the lessons still to come; None says nothing about them. A teacher or
    venue is a record id, or `NEW` and a name. `roster` has only what changes: learner → row
    number, None for taken off.
    `site` names a site to be made along. `reasons` are those written for warnings: kind of
    record, a colon, code → text.
    """

    first: str = ""
    start: str = ""
    end: str = ""
    count: int = 0
    left_out: tuple[str, ...] = ()
    teachers: tuple[str, ...] | None = None
    venue: str | None = None
    from_now_on: bool = False
    roster: Mapping[str, int | None] = field(default_factory=dict)
    site: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: object) -> Self:
        """Return the plan of a draft's kept values; what is not known is passed over."""
        held = kept if isinstance(kept, Mapping) else {}
        known = {name: held[name] for name in (one.name for one in fields(cls)) if name in held}
        for name in ("left_out", "teachers"):
            if isinstance(known.get(name), list):
                known[name] = tuple(known[name])
        return cls(**known)

    def kept(self) -> dict[str, Any]:
        """Return the plan as a draft keeps it."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    def lessons(self) -> list[date]:
        """Return the days of the lessons to add."""
        first = as_date(self.first)
        if first is None or not self.start or not self.end:
            return []
        left_out = {day for text in self.left_out if (day := as_date(text))}
        return weekly(first, self.count, left_out)

    def without_lessons(self) -> Self:
        """Return the plan with nothing to add to the schedule."""
        return replace(self, count=0)


def roster_of(
    workspace: Workspace, activity: StoredRecord
) -> list[tuple[StoredRecord, dict[str, Any]]]:
    """Return the live enrolments of an activity with their entries, by row number and id."""
    found = [
        (stored, entry_of(KINDS["enrolment"], stored.doc, None))
        for stored in children_of(workspace.database, activity.id, "enrolment", "activity")
    ]
    return sorted(found, key=lambda pair: (pair[1].get("row") or 10**6, pair[0].key))


def never_began(entry: Mapping[str, Any]) -> bool:
    """Tell whether an enrolment was taken back before it began, after a unit above had it."""
    left = entry.get("left")
    dropped = not entry.get("row") and entry.get("result") == _DROPPED
    return dropped and left is not None and left == entry.get("joined")


def sessions_of(
    workspace: Workspace, activity: StoredRecord
) -> list[tuple[StoredRecord, dict[str, Any]]]:
    """Return the live sessions of an activity with their entries, by date and start."""
    found = [
        (stored, entry_of(KINDS["session"], stored.doc, None))
        for stored in children_of(workspace.database, activity.id, "session", "activity")
    ]
    return sorted(found, key=lambda pair: (str(pair[1].get("date")), str(pair[1].get("start"))))


def completed(
    workspace: Workspace, record: str, values: Mapping[str, Any], plan: Plan
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an activity's fields completed by its plan, and the capture document beside it.

    `values` are the fields entered for the activity `record`, stored already or new.
    """
    making = _Making(workspace, record, plan)
    return making.fields(values), making.document()


class _Making:
    """One plan on its way into records."""

    def __init__(self, workspace: Workspace, record: str, plan: Plan) -> None:
        self.workspace, self.record, self.plan = workspace, record, plan
        self.stored = find_record(workspace.database, record, "activity")
        self.unit = self.stored.unit if self.stored else workspace.acting
        self.today = workspace.clock.now().date()
        self.days = plan.lessons()
        self.sessions = sessions_of(workspace, self.stored) if self.stored else []
        self.made: dict[str, list[dict[str, Any]]] = {}
        self.teachers = None if plan.teachers is None else [*map(self._teacher, plan.teachers)]
        self.venue = None if plan.venue is None else self._venue(plan.venue)
        self.site = self._site() if plan.site and self.stored is None else ""

    def fields(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Complete what was entered: the site, the term, how many lessons are planned."""
        found = dict(values)
        found |= self._reasons("activity")
        if self.site:
            found["site"] = self.site
        if not self.days:
            return found
        former = self.stored.doc.get("planned_sessions") if self.stored else 0
        if found.get("planned_sessions") is None:
            held = max(len(self.sessions), former if isinstance(former, int) else 0)
            found["planned_sessions"] = held + len(self.days)
        if self.stored is None and not found.get("opens") and not found.get("closes"):
            found["opens"] = self.days[0].isoformat()
            found["closes"] = self.days[-1].isoformat()
        return found

    def document(self) -> dict[str, Any]:
        """Return everything else as a capture document."""
        found: dict[str, Any] = {"v": 1, "source": SOURCE, "unit": self.unit, **self.made}
        found["enrolments"], found["deletes"] = self._roster()
        found["sessions"] = list(self._lessons())
        found["edits"] = list(self._later_lessons())
        return found

    def _new(self, kind: str, ref: str) -> tuple[str, str]:
        """Return a ref under this activity that no record has yet, and the id it leads to."""
        number = 0
        while True:
            named = f"{self.record}/{ref}" + (f"/{number}" if number else "")
            record = b64(capture_id(self.unit, SOURCE, kind, named))
            if find_record_row(self.workspace.database, record) is None:
                return named, record
            number += 1

    def _teacher(self, text: str) -> str:
        if not text.startswith(NEW):
            return text
        name = text.removeprefix(NEW).strip()
        known = self._named("staff", name)
        if known:
            return known
        ref, record = self._new("staff", f"staff/{name}")
        entry = {"ref": ref, "name": name, "kinds": [_TEACHER_KIND]}
        self.made.setdefault("staff", []).append(entry)
        return record

    def _venue(self, text: str) -> str:
        if not text.startswith(NEW):
            return text
        name = text.removeprefix(NEW).strip()
        known = self._named("venue", name)
        if known:
            return known
        ref, record = self._new("venue", f"venue/{name}")
        self.made["venues"] = [{"ref": ref, "name": name, "kind": _VENUE_KIND}]
        return record

    def _named(self, kind: str, name: str) -> str:
        """Return the record of the unit that has this name already, "" if none."""
        for stored in records_of_kind(self.workspace.database, kind, unit=self.unit):
            entry = entry_of(KINDS[kind], stored.doc, self.workspace.vault)
            if stored.unit == self.unit and entry.get("name") == name:
                return stored.id
        return ""

    def _site(self) -> str:
        ref, record = self._new("site", "site")
        since = min([self.today, *self.days]).replace(day=1)
        self.made["sites"] = [
            {
                "ref": ref,
                "unit": self.unit,
                "name": self.plan.site,
                "kinds": [_SITE_KINDS[self.workspace.tier]],
                "opened": since.isoformat(),
            }
        ]
        return record

    def _roster(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return enrolments to make or change, and those to delete: over before they began.

        What a unit above has is not deleted: there somebody leaves on the day of joining.
        """
        held = {
            str(entry.get("learner")): (stored, entry)
            for stored, entry in (roster_of(self.workspace, self.stored) if self.stored else [])
            if not never_began(entry)
        }
        joined = max([self.today, *self.days[:1]]) if not self.sessions else self.today
        joined = self.days[0] if self.stored is None and self.days else joined
        yesterday = days_after(self.today, -1).isoformat()
        changed: list[dict[str, Any]] = []
        gone: list[dict[str, Any]] = []
        for learner, row in self.plan.roster.items():
            known = held.get(learner)
            entry: dict[str, Any] = {"activity": self.record, "learner": learner, "row": row}
            if row is not None:
                if known:
                    entry |= {"joined": str(known[1].get("joined")), "left": None}
                else:
                    entry |= {"joined": joined.isoformat(), "left": None, "result": None}
                changed.append({**entry, **self._reasons("enrolment")})
            elif known and str(known[1].get("joined")) <= yesterday:
                began = str(known[1].get("joined"))
                changed.append({**entry, "joined": began, "left": yesterday})
            elif known and is_received(self.workspace, known[0]):
                began = str(known[1].get("joined"))
                left = {"joined": began, "left": began, "result": _DROPPED}
                changed.append({**entry, **left})
            elif known:
                gone.append({"kind": "enrolment", "record": known[0].id, "why": _(_TAKEN_OFF)})
        return changed, gone

    def _lessons(self) -> Iterator[dict[str, Any]]:
        """Yield the new sessions."""
        numbers = [entry.get("seq") for _stored, entry in self.sessions]
        last = max((one for one in numbers if isinstance(one, int)), default=len(numbers))
        for number, day in enumerate(self.days, start=last + 1):
            ref, _record = self._new("session", f"{day.isoformat()}/{self.plan.start}")
            entry: dict[str, Any] = {
                "ref": ref,
                "activity": self.record,
                "seq": number,
                "date": day.isoformat(),
                "start": self.plan.start,
                "end": self.plan.end,
                "status": "planned",
            }
            yield {**entry, **self._where_and_who(), **self._reasons("session")}

    def _later_lessons(self) -> Iterator[dict[str, Any]]:
        """Yield the edits of lessons still to come, when teachers or place have changed."""
        wanted = self._where_and_who() if self.plan.from_now_on else {}
        for stored, entry in self.sessions if wanted else ():
            open_yet = entry.get("status") == "planned"
            same = all((entry.get(key) or None) == (value or None) for key, value in wanted.items())
            if open_yet and not same and str(entry.get("date")) >= self.today.isoformat():
                edit = {"kind": "session", "record": stored.id, "set": wanted}
                yield {**edit, **self._reasons("session")}

    def _where_and_who(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.teachers is not None:
            found["teachers"] = self.teachers or None
        if self.venue is not None:
            found["venue"] = self.venue or None
        return found

    def _reasons(self, kind: str) -> dict[str, Any]:
        own = {
            code: text
            for name, text in self.plan.reasons.items()
            for of, _colon, code in [name.partition(":")]
            if of == kind
        }
        return {"reasons": own} if own else {}
