"""A ledger of past activities: a row is one session with its head-count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from learnsite_desktop.domain.ids import b64, capture_id
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.capture.plan import Item, References
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.roster import cells, dates, results, words
from learnsite_desktop.services.roster.body import Body, Entry, stated_days
from learnsite_desktop.services.roster.cells import Reading
from learnsite_desktop.services.roster.faults import Fault, Note
from learnsite_desktop.services.roster.headings import Block
from learnsite_desktop.services.roster.results import Finding, Row, Target
from learnsite_desktop.services.roster.tables import Sheet, Table
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import StoredRecord, children_of, records_of_kind

SOURCE: Final = "ledger"
MINUTES_A_LESSON: Final = 45
_COUNTS: Final = ("total", "male", "female", "over60")
_REMARKS: Final = (("place", "地点"), ("teacher", "主讲"), ("department", "主办"), ("notes", ""))


@dataclass(slots=True)
class Lesson:
    """One row as understood; `start` and `end` are "" where the row does not say."""

    entry: Entry
    title: str = ""
    day: str = ""
    start: str = ""
    end: str = ""
    minutes: int | None = None
    kind: str = ""
    department: str = ""
    headcount: dict[str, Any] = field(default_factory=dict)
    remarks: str = ""
    faults: list[Fault] = field(default_factory=list)
    activity: str = ""
    session: str = ""
    outcome: str = results.SAME
    changed: tuple[str, ...] = ()

    @property
    def shown(self) -> dict[str, str]:
        """What was understood, as text."""
        told = {
            "title": self.title,
            "date": self.day,
            "start": self.start,
            "end": self.end,
            "kind": self.kind,
            "total": str(self.headcount.get("total", "")),
            "notes": self.remarks,
        }
        return {name: value for name, value in told.items() if value}


def read_lesson(entry: Entry, year: int | None, *, date1904: bool) -> Lesson:
    """Understand one row of a ledger."""
    lesson = Lesson(entry, faults=list(entry.faults))
    broken = {fault.field for fault in entry.faults}
    given = {name: cell for name, cell in entry.cells.items() if name not in broken}
    if "title" not in given and "title" not in broken:
        lesson.faults.append(entry.fault("title", Issue("TITLE_MISSING")))
    lesson.title = str(_kept(lesson, "title", cells.read_text(given.get("title", ""))) or "")
    rest = ""
    if "date" not in broken:
        reading, rest = dates.read_day(given.get("date", ""), year, date1904=date1904)
        lesson.day = str(_kept(lesson, "date", reading) or "")
    _times(lesson, given, rest)
    _headcount(lesson, given)
    if "kind" in given:
        lesson.kind = str(
            _kept(lesson, "kind", words.read_code(given["kind"], "activity_kind")) or ""
        )
    found = words.read_code(given.get("department", ""), "department")
    lesson.department = str(found.value or "")
    parts = (
        f"{label}：{cells.text_of(given[name])}" if label else cells.text_of(given[name])
        for name, label in _REMARKS
        if name in given and not (name == "department" and lesson.department)
    )
    lesson.remarks = "；".join(parts)
    return lesson


def _kept(lesson: Lesson, name: str, reading: Reading) -> Any:
    if reading.issue is not None:
        lesson.faults.append(lesson.entry.fault(name, reading.issue))
    return reading.value


def _times(lesson: Lesson, given: Mapping[str, Any], rest: str) -> None:
    """Read start, end and length from their own columns, or behind the date."""
    for name, cell in (("date", rest), ("start", given.get("start", ""))):
        if cell == "" or (name == "date" and "start" in given and not rest):
            continue
        times = dates.read_times(cell)
        if times is None:
            issue = Issue("TIME_UNCLEAR", params={"value": cells.text_of(cell)})
            lesson.faults.append(lesson.entry.fault(name, issue))
        else:
            lesson.start, lesson.end = times[0], times[1] or lesson.end
    if given.get("end", "") != "":
        times = dates.read_times(given["end"])
        if times is None or times[1]:
            issue = Issue("TIME_UNCLEAR", params={"value": cells.text_of(given["end"])})
            lesson.faults.append(lesson.entry.fault("end", issue))
        else:
            lesson.end = times[0]
    for name, unit in (("hours", MINUTES_A_LESSON), ("minutes", 1)):
        if given.get(name, "") != "":
            reading = _length(given[name], unit)
            lesson.minutes = _kept(lesson, name, reading) or lesson.minutes


def _length(cell: object, unit: int) -> Reading:
    shown = (
        cells.text_of(cell).removesuffix("分钟").removesuffix("学时").removesuffix("课时").strip()
    )
    try:
        minutes = float(shown) * unit
    except ValueError:
        minutes = 0
    if not 0 < minutes <= 24 * 60 or not minutes.is_integer():
        return Reading(None, Issue("TIME_UNCLEAR", params={"value": cells.text_of(cell)}))
    return Reading(int(minutes))


def _headcount(lesson: Lesson, given: Mapping[str, Any]) -> None:
    counts: dict[str, int] = {}
    estimate = False
    for name in _COUNTS:
        if given.get(name, "") != "":
            found = _kept(lesson, name, cells.read_count(given[name]))
            if found:
                counts[name] = found[0]
                estimate = estimate or found[1]
    if "total" not in counts and {"male", "female"} <= set(counts):
        counts["total"] = counts["male"] + counts["female"]
    if counts.get("total"):
        lesson.headcount = {**counts, "basis": "estimate" if estimate else "counted"}


class Ledger:
    """A ledger on its way into activities and sessions."""

    def __init__(
        self, workspace: Workspace, table: Table, target: Target, unit: str, finding: Finding
    ) -> None:
        """Refuses `site_unclear` unless the target names the site or the unit has one only."""
        self._workspace = workspace
        self._table = table
        self._target = target
        self._finding = finding
        self._site = self._find_site(unit)
        self._unit = self._site.unit
        self._activities = self._known_activities()
        self._lessons: list[Lesson] = []
        self._about: dict[str, Lesson] = {}

    def _find_site(self, unit: str) -> StoredRecord:
        if self._target.site:
            text = self._target.site
            return require_record(self._workspace, text if ":" in text else f"site:{text}")
        found = [
            stored
            for stored in records_of_kind(self._workspace.database, "site", unit=unit)
            if stored.unit == unit
        ]
        if len(found) != 1:
            raise Refusal("site_unclear")
        return found[0]

    def _known_activities(self) -> dict[str, StoredRecord]:
        """Return the activities at the site by title; of equal ones the newest."""
        held = children_of(self._workspace.database, self._site.id, "activity", "site")
        return {str(stored.doc.get("title")): stored for stored in held}

    def read(self, blocks: Iterable[tuple[Sheet, Block]]) -> None:
        """Understand all rows."""
        for sheet, block in blocks:
            years = {day.year for day in stated_days(sheet, block.first_heading)}
            year = years.pop() if len(years) == 1 else None
            body = Body(sheet, block, "title")
            for entry in body.entries():
                lesson = read_lesson(entry, year, date1904=self._table.date1904)
                self._lessons.append(lesson)
                self._finding.faults += lesson.faults
            self._finding.skipped += body.skipped
        if self._lessons:
            self._tell_assumed()

    def _tell_assumed(self) -> None:
        codes, target = shipped_codes(), self._target
        named = [("activity_kind", target.activity_kind), ("delivery", target.delivery)]
        named += [("edu_kind", code) for code in target.edu_kinds]
        named += [("topic", code) for code in target.topics]
        labels = [codes.label(name, code, "zh") for name, code in named]
        minutes = _("minutes")
        length = f"{target.minutes} {minutes}"
        values = "、".join([target.start, length, *labels])
        issue = Issue("LEDGER_ASSUMED", params={"values": values})
        self._finding.notes.append(Note("", 0, "", "", issue))

    def items(self, references: References) -> list[Item]:
        """Return the items of activities and sessions that are new or change."""
        found: list[Item] = []
        seen: dict[str, Lesson] = {}
        for lesson in self._lessons:
            if lesson.faults:
                continue
            activity = self._activity(lesson, references, found)
            session, stored = self._session(lesson, activity)
            if lesson.faults:
                self._finding.faults += lesson.faults
                continue
            earlier = seen.get(session)
            if earlier is not None:
                self._repeated(lesson, earlier)
                continue
            seen[session] = self._about[session] = lesson
            lesson.session = session
            item = self._session_item(lesson, activity, session, stored)
            if item is not None:
                references.items["session", session] = item
                found.append(item)
        return found

    def _activity(self, lesson: Lesson, references: References, found: list[Item]) -> str:
        known = self._activities.get(lesson.title)
        if known is not None:
            return known.id
        ref = f"{self._site.id}|{lesson.title}"
        record = b64(capture_id(self._unit, SOURCE, "activity", ref))
        if ("activity", record) not in references.items:
            target = self._target
            entry: dict[str, Any] = {
                "ref": record,
                "title": lesson.title,
                "site": self._site.id,
                "kind": lesson.kind or target.activity_kind,
                "edu_kinds": list(target.edu_kinds),
                "topics": list(target.topics),
                "delivery": target.delivery,
            }
            if lesson.department:
                entry["department"] = lesson.department
            found.append(self._item(references, "activity", record, entry))
            self._about[record] = lesson
        lesson.activity = record
        return record

    def _item(self, references: References, kind: str, record: str, entry: dict[str, Any]) -> Item:
        stored = references.stored(kind, record)
        item = Item(KINDS[kind], record, entry, entry, record, self._unit, stored)
        references.items[kind, record] = item
        return item

    def _session(self, lesson: Lesson, activity: str) -> tuple[str, StoredRecord | None]:
        """Return the id of a lesson's session, and its record if it is kept already."""
        ref = f"{activity}|{lesson.day}|{lesson.start}"
        record = b64(capture_id(self._unit, SOURCE, "session", ref))
        known = self._activities.get(lesson.title)
        if known is None:
            return record, None
        held = children_of(self._workspace.database, known.id, "session", "activity")
        same_day = [stored for stored in held if stored.doc.get("date") == lesson.day]
        if lesson.start:
            same_day = [s for s in same_day if _start_of(s) == lesson.start]
        if len(same_day) > 1:
            issue = Issue("TIME_UNCLEAR", params={"value": lesson.day})
            lesson.faults.append(lesson.entry.fault("date", issue))
        return (same_day[0].id, same_day[0]) if same_day else (record, None)

    def _session_item(
        self, lesson: Lesson, activity: str, session: str, stored: StoredRecord | None
    ) -> Item | None:
        """Return what a lesson writes: all of a new session, of a known one what the row adds."""
        if stored is None:
            start = lesson.start or self._target.start
            end = lesson.end or _later(start, lesson.minutes or self._target.minutes)
            entry: dict[str, Any] = {
                "ref": session,
                "activity": activity,
                "date": lesson.day,
                "start": start,
                "end": end,
                "status": "held",
                "headcount": lesson.headcount or None,
                "notes": lesson.remarks or None,
            }
            entry = {name: value for name, value in entry.items() if value is not None}
            lesson.outcome = results.CREATED
        else:
            entry = {"ref": session, **self._additions(lesson, stored)}
            if len(entry) == 1:
                return None
            lesson.outcome = results.UPDATED
            lesson.changed = tuple(name for name in entry if name != "ref")
        return Item(KINDS["session"], session, entry, entry, session, self._unit, stored)

    def _additions(self, lesson: Lesson, stored: StoredRecord) -> dict[str, Any]:
        held = entry_of(KINDS["session"], stored.doc, self._workspace.vault)
        entry: dict[str, Any] = {}
        headcount = {**(held.get("headcount") or {}), **lesson.headcount}
        if lesson.headcount and headcount != held.get("headcount"):
            if any(True for _mark in lookups.marks_of(self._workspace.database, stored.ident)):
                place = lesson.entry
                note = Note(
                    place.sheet, place.row, place.column("total"), "total", Issue("LEDGER_NAMED")
                )
                self._finding.notes.append(note)
            else:
                entry["headcount"] = headcount
        if lesson.remarks and not held.get("notes"):
            entry["notes"] = lesson.remarks
        return entry

    def _repeated(self, lesson: Lesson, earlier: Lesson) -> None:
        params = {"sheet": earlier.entry.sheet, "row": earlier.entry.row}
        place = lesson.entry
        if lesson.shown == earlier.shown and lesson.headcount == earlier.headcount:
            issue = Issue("ROW_TWICE", field="title", params=params)
            note = Note(place.sheet, place.row, place.column("title"), "title", issue)
            self._finding.notes.append(note)
            lesson.outcome = results.REPEATED
        else:
            issue = Issue("ROW_REPEATED", field="title", params=params)
            lesson.faults.append(place.fault("title", issue))
            self._finding.faults.append(lesson.faults[-1])

    def conclude(self, result: CaptureResult) -> None:
        """Add the issues of the rules and the outcome of every row to the finding."""
        for issue in result.issues:
            lesson = self._about.get(issue.record)
            if lesson is None:
                continue
            name = {"headcount": "total"}.get(issue.field, issue.field)
            if issue.blocking:
                lesson.faults.append(lesson.entry.fault(name, issue))
                self._finding.faults.append(lesson.faults[-1])
            else:
                place = lesson.entry
                note = Note(place.sheet, place.row, place.column(name), name, issue)
                self._finding.notes.append(note)
        made = {lesson.activity for lesson in self._lessons if lesson.activity}
        for lesson in self._lessons:
            place = lesson.entry
            outcome = results.FAULT if lesson.faults else lesson.outcome
            self._finding.rows.append(
                Row(place.sheet, place.row, outcome, lesson.shown, lesson.changed)
            )
            if outcome in results.OUTCOMES:
                self._finding.count(outcome, "session")
        blocked = {issue.record for issue in result.issues if issue.blocking}
        self._finding.count(results.CREATED, "activity", len(made - blocked))


def _start_of(stored: StoredRecord) -> str:
    values = stored.doc.get("time")
    return str(values[0]) if isinstance(values, list) and values else ""


def _later(start: str, minutes: int) -> str:
    hour, minute = map(int, start.split(":"))
    total = min(hour * 60 + minute + minutes, 23 * 60 + 59)
    return f"{total // 60:02}:{total % 60:02}"
