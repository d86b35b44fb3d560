"""Answers to what the rules ask, from the store and the entries in hand together."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.pictures import distance
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.rules import (
    ActivityFacts,
    Context,
    EndedFacts,
    EnrolmentFacts,
    SessionFacts,
    SiteFacts,
)
from learnsite_desktop.domain.rules.values import as_date, length
from learnsite_desktop.services.capture.plan import Item, References
from learnsite_desktop.services.clocks import latest_day
from learnsite_desktop.services.codes import codes_in_force
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.identity import check
from learnsite_desktop.services.units import ended
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import record_by_key

Entry = Mapping[str, Any]
_ABSENT = frozenset({"A", "X"})
ALIKE_BITS = 4
"""Pictures whose `dhash` differ in no more bits look the same."""


class Answers:
    """Looks records up by id as they would stand after the capture."""

    def __init__(self, workspace: Workspace, references: References) -> None:
        """Answer about `references`' entries first, then about the store."""
        self._workspace = workspace
        self._database = workspace.database
        self._references = references
        self._activity_sessions: dict[str, list[Entry]] | None = None
        self._rosters: dict[str, list[EnrolmentFacts]] = {}
        self._mobiles: dict[str, set[str]] | None = None
        self._closed: dict[str, EndedFacts | None] = {}

    def context(self) -> Context:
        """Return the context that rules get."""
        return Context(
            today=self._workspace.clock.now().date(),
            latest=latest_day(self._workspace),
            codes=codes_in_force(self._database),
            identity=check,
            unit_exists=lambda code: lookups.tier_of(self._database, code) is not None,
            known=self._references.known,
            site=self.site,
            activity=self.activity,
            session=self.session,
            seats=self.seats,
            roster=self.roster,
            neighbours=self.neighbours,
            named=self.named,
            mobile_holders=self.mobile_holders,
            held=self.held,
            photo_elsewhere=self.photo_elsewhere,
            photo_alike=self.photo_alike,
        )

    def entry(self, kind: str, record: str) -> Entry | None:
        """Return a record in capture shape: as stored, with what this capture gives over it."""
        item = self._references.items.get((kind, record))
        stored = self._references.stored(kind, record)
        if item is None and stored is None:
            return None
        found = entry_of(KINDS[kind], stored.doc, self._workspace.vault) if stored else {}
        if item is not None:
            found = {**found, **item.entry}
        return {**found, "ref": record}

    def site(self, record: str) -> SiteFacts | None:
        """Return a site's validity."""
        entry = self.entry("site", record)
        if entry is None:
            return None
        return SiteFacts(as_date(entry.get("opened")), as_date(entry.get("closed")))

    def activity(self, record: str) -> ActivityFacts | None:
        """Return an activity."""
        entry = self.entry("activity", record)
        if entry is None:
            return None
        parts = {key: _text(entry, key) for key in ("title", "site", "kind", "campaign")}
        stored = self._references.stored("activity", record)
        return ActivityFacts(
            record, **parts, ended=self._ended(stored.unit if stored else self._references.unit)
        )

    def _ended(self, unit: str) -> EndedFacts | None:
        if unit not in self._closed:
            found = ended(self._workspace, unit)
            self._closed[unit] = (
                EndedFacts(found.name, found.on, found.onward_name) if found else None
            )
        return self._closed[unit]

    def session(self, record: str) -> SessionFacts | None:
        """Return a session."""
        entry = self.entry("session", record)
        return _session_facts(entry) if entry else None

    def seats(self, venue: str) -> int | None:
        """Return a venue's seats."""
        entry = self.entry("venue", venue) or {}
        seats = entry.get("seats")
        return seats if isinstance(seats, int) else None

    def roster(self, activity: str) -> Sequence[EnrolmentFacts]:
        """Return who is enrolled."""
        found = self._rosters.get(activity)
        if found is None:
            entries: dict[str, Entry] = {}
            key = self._workspace.idents.find(activity) if _is_id(activity) else None
            for enrolment in lookups.enrolment_keys(self._database, key):
                stored = record_by_key(self._database, enrolment)
                entries[stored.id] = entry_of(KINDS["enrolment"], stored.doc, None)
            for (kind, record), item in self._references.items.items():
                here = record in entries or item.entry.get("activity") == activity
                if kind == "enrolment" and here:
                    entries[record] = {**entries.get(record, {}), **item.entry}
            found = [_enrolment_facts(entry) for entry in entries.values()]
            self._rosters[activity] = found
        return found

    def neighbours(self, site: str, title: str, day: date) -> Sequence[SessionFacts]:
        """Return sessions with this title at this site, from the day before to the day after."""
        entries: dict[str, Entry] = {}
        for record in self._sessions_at(site, title, day):
            found = self.entry("session", record)
            if found:
                entries[record] = found
        for item in self._planned_sessions(site, title):
            entries[str(item["ref"])] = item
        near = (_session_facts(e) for e in entries.values() if e.get("status") != "cancelled")
        return [s for s in near if s is not None and abs((s.date - day).days) <= 1]

    def _sessions_at(self, site: str, title: str, day: date) -> Iterator[str]:
        key = self._workspace.idents.find(site) if _is_id(site) else None
        first, last = days_after(day, -1).isoformat(), days_after(day, 1).isoformat()
        for ident in lookups.sessions_titled(self._database, key, title, first, last):
            yield self._workspace.idents.record(ident)

    def _planned_sessions(self, site: str, title: str) -> Iterator[Entry]:
        if self._activity_sessions is None:
            self._activity_sessions = {}
            for kind, record in self._references.items:
                if kind == "session":
                    entry = self.entry(kind, record) or {}
                    activity = str(entry.get("activity"))
                    self._activity_sessions.setdefault(activity, []).append(entry)
        for activity, sessions in self._activity_sessions.items():
            facts = self.activity(activity)
            if facts and facts.site == site and facts.title == title:
                yield from sessions

    def named(self, session: str) -> int | None:
        """Return how many are marked present."""
        marks = dict(self.marks(session))
        item = self._references.items.get(("session", session))
        for row in item.rows if item else ():
            marks[str(row.get("learner"))] = [row.get("status")]
        return sum(1 for mark in marks.values() if mark[0] and mark[0] not in _ABSENT)

    def marks(self, session: str) -> Iterator[tuple[str, list[Any]]]:
        """Yield (learner, [status, minutes, source, proxy]) stored for a session."""
        key = self._workspace.idents.find(session) if _is_id(session) else None
        for row in lookups.marks_of(self._database, key):
            proxy = None if row[4] is None else bool(row[4])
            yield self._workspace.idents.record(row[0]), [row[1], row[2], row[3], proxy]

    def mobile_holders(self, mobile: str, ref: str) -> int:
        """Return how many persons have this number, the one asking included."""
        holders = {
            self._workspace.idents.record(ident)
            for ident in self._workspace.vault.idents_with("mobile", mobile)
        }
        return len(holders | self._planned_holders(mobile) | {ref})

    def _planned_holders(self, mobile: str) -> set[str]:
        """Return the persons of this capture with this number, however it is written."""
        if self._mobiles is None:
            self._mobiles = {}
            today = latest_day(self._workspace)
            for (kind, record), item in self._references.items.items():
                given = item.entry.get("mobile")
                if kind in ("learner", "staff") and isinstance(given, str) and given:
                    number = check("mobile", given, today).normalised or given
                    self._mobiles.setdefault(number, set()).add(record)
        return self._mobiles.get(mobile, set())

    def held(self, unit: str, period: Period) -> int:
        """Return how many sessions a unit held in a period."""
        first, last = period.first.isoformat(), period.last.isoformat()
        found = {
            self._workspace.idents.record(ident)
            for ident in lookups.sessions_held(self._database, unit, first, last)
        }
        for (kind, record), item in self._references.items.items():
            if kind == "session" and item.unit == unit:
                entry = self.entry(kind, record) or {}
                day = as_date(entry.get("date"))
                inside = day is not None and period.contains(day)
                if inside and entry.get("status") == "held":
                    found.add(record)
                else:
                    found.discard(record)
        return len(found)

    def photo_elsewhere(self, entry: Entry) -> str:
        """Return a label of another record with the same picture, blank if there is none."""
        said = [entry.get("file"), entry.get("original")]
        file, original = (one if isinstance(one, str) else None for one in said)
        names = {file, original} - {None}
        for item in self._other_photos(entry):
            if not names.isdisjoint((item.entry.get("file"), item.entry.get("original"))):
                return str(item.given.get("target", ""))
        other = lookups.evidence_elsewhere(self._database, file, original, self._target_key(entry))
        return self._workspace.idents.record(other) if other is not None else ""

    def photo_alike(self, entry: Entry) -> str:
        """Return a label of another record with a picture that looks the same, or blank."""
        look = _text(entry, "dhash")
        if not look:
            return ""
        for item in self._other_photos(entry):
            if distance(_text(item.entry, "dhash"), look) <= ALIKE_BITS:
                return str(item.given.get("target", ""))
        for other, target in lookups.evidence_looks(self._database, self._target_key(entry)):
            if distance(other, look) <= ALIKE_BITS:
                return self._workspace.idents.record(target)
        return ""

    def _other_photos(self, entry: Entry) -> Iterator[Item]:
        """Yield the photos in hand that belong to another record."""
        for (kind, _record), item in self._references.items.items():
            if kind == "evidence" and item.entry.get("target") not in (None, entry.get("target")):
                yield item

    def _target_key(self, entry: Entry) -> int | None:
        target = entry.get("target")
        return self._workspace.idents.find(str(target)) if _is_id(target) else None


def _is_id(text: object) -> bool:
    return isinstance(text, str) and len(text) == 22


def _text(entry: Entry, key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _session_facts(entry: Entry) -> SessionFacts | None:
    day = as_date(entry.get("date"))
    if day is None:
        return None
    return SessionFacts(
        _text(entry, "ref"), _text(entry, "activity"), day, _text(entry, "start"), length(entry)
    )


def _enrolment_facts(entry: Entry) -> EnrolmentFacts:
    row = entry.get("row")
    return EnrolmentFacts(
        _text(entry, "learner"),
        row if isinstance(row, int) else None,
        as_date(entry.get("joined")),
        as_date(entry.get("left")),
    )
