"""Capture files of one invented unit, month by month.

A unit's material depends on the seed and its own code only, so that a county of any size gives the
same village the same people.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from learnsite_desktop.cli.demo import catalogue as offer
from learnsite_desktop.cli.demo import rolls
from learnsite_desktop.services.trial.people import NamePools, Person, Population

Json = dict[str, Any]
SOURCE = "ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPlan:
    """What the demo wants of a unit.

    `bustle` is a key of the volumes; `homes` the villages a school's learners come from; `guests`
    people who also stand on another unit's books, with the precision of their birth; `idle` the
    (year, month) pairs without any session; `long_session` asks for one of 250 minutes.
    """

    code: str
    name: str
    tier: str
    bustle: str
    serial: int
    site: bool = True
    homes: tuple[str, ...] = ()
    guests: tuple[tuple[Person, str], ...] = ()
    idle: frozenset[tuple[int, int]] = frozenset()
    long_session: bool = False


@dataclass(slots=True)
class Course:
    """A class under way: its roster as learner ref -> (joined, left)."""

    ref: str
    subject: offer.Subject
    weekday: int
    start: str
    length: int
    closes: date | None
    roster: dict[str, tuple[date, date | None]] = field(default_factory=dict)
    held: int = 0
    planned: tuple[str, date] | None = None

    def on_roster(self, day: date) -> list[str]:
        """Return the refs of those enrolled on `day`, by roster order."""
        return [
            ref
            for ref, (joined, left) in self.roster.items()
            if joined <= day and (left is None or day <= left)
        ]


class Material:
    """Writes the capture files of one unit, in order."""

    def __init__(self, plan: UnitPlan, seed: int, pools: NamePools, first: date) -> None:
        """`first` is the first day of the first month told."""
        self.plan = plan
        self.first = first
        self.rng = Random(f"{seed}/{plan.code}")  # noqa: S311 - invented people, not secrets
        self.people = Population(self.rng, pools, plan.serial)
        self.learners: list[str] = []
        self.courses: list[Course] = []
        self._counts: dict[str, int] = {}
        self._file: Json = {}

    # -- files -----------------------------------------------------------------------------

    def base(self, year: int) -> Json:
        """Return the first file: operator, site, population of `year`, staff, venue, learners."""
        self._begin()
        plan, rng = self.plan, self.rng
        self._add("operators", {"ref": "O1", "name": self.people.person(date(1985, 5, 1)).name})
        if plan.tier == "village":
            total = rng.randrange(900, 3200)
            counted = {
                "year": year,
                "total": total,
                "over60": round(total * rng.uniform(0.17, 0.26)),
            }
            self._add("population", {"unit": plan.code, **counted, "source": "公安户籍年报"})
        if not plan.site:
            return self._file
        self._place()
        self._add("staff", self._staff("T1", "part_teacher"))
        recorder = self._staff("T2", "recorder")
        self._add("staff", recorder)
        # Nothing is drawn for the site's contact: it is whoever records there.
        self._file["sites"][0] |= {"head": recorder["name"], "phone": recorder["mobile"]}
        for person, precision in plan.guests:
            self._learn(person, self.first, precision)
        for birth, precision in self._birthdays():
            self._learn(self.people.person(birth), self.first, precision)
        for _ in range(offer.PEOPLE[plan.bustle] - len(self.learners)):
            self._learn(self.people.person(), self.first)
        return self._file

    def month(self, year: int, month: int) -> Json:
        """Return the file of one month: new learners, classes, events, their roll calls."""
        self._begin()
        if not self.plan.site or (year, month) in self.plan.idle:
            return self._file
        rng = self.rng
        start, end = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        yearly, _heads = offer.YEARLY[self.plan.bustle]
        share = offer.MONTH_SHARE.get(month, 1.0)
        wanted = max(1, round(yearly / 12 * share + rng.uniform(-0.5, 0.5)))
        if start > self.first:
            for _ in range(max(1, len(self.learners) // 40)):
                self._learn(self.people.person(), start)
        self._renew_courses(start)
        met = sum(self._meet(course, start, end, wanted) for course in self.courses)
        for _ in range(max(1, wanted - met)):
            self._event(start + timedelta(days=rng.randrange((end - start).days + 1)))
        if self.plan.long_session and start == self.first:
            self._event(start + timedelta(days=9), length=offer.LONG_LENGTH)
        return self._file

    def supplement(self, day: date) -> Json:
        """Return a file with one more event on `day`, entered after the month's file."""
        self._begin()
        self._event(day)
        return self._file

    # -- parts -----------------------------------------------------------------------------

    def _begin(self) -> None:
        self._file = {"v": 1, "source": SOURCE, "unit": self.plan.code}

    def _add(self, section: str, entry: Json) -> None:
        self._file.setdefault(section, []).append(entry)

    def _ref(self, letter: str) -> str:
        self._counts[letter] = self._counts.get(letter, 0) + 1
        return f"{letter}{self._counts[letter]:03d}"

    def _place(self) -> None:
        """Add the site and its room."""
        tier = self.plan.tier
        kinds = offer.SITE_KINDS[tier]
        site = {
            "ref": "P1",
            "unit": self.plan.code,
            "name": self.plan.name.removesuffix("委会") + offer.SITE_NAMES[tier],
            "kinds": list(kinds[: self.rng.randrange(1, len(kinds) + 1)]),
            "opened": f"{self.rng.randrange(2012, 2025)}-03-01",
        }
        self._add("sites", site)
        room = {"ref": "V1", "name": "多功能教室", "kind": "classroom", "seats": offer.SEATS}
        self._add("venues", room | {"area_m2": self.rng.randrange(50, 140)})

    def _staff(self, ref: str, kind: str) -> Json:
        person = self.people.person(date(self.rng.randrange(1965, 1998), 6, 15))
        return {"ref": ref, "name": person.name, "kinds": [kind], "mobile": self.people.mobile()}

    def _birthdays(self) -> Iterable[tuple[date, str]]:
        """Return births whose 60th birthday falls into the first three months told."""
        born = self.first.replace(year=self.first.year - 60)
        yield born + timedelta(days=self.rng.randrange(10, 28)), "day"
        yield born + timedelta(days=self.rng.randrange(5, 85)), "day"
        yield born + timedelta(days=self.rng.randrange(32, 85)), "month"

    def _learn(self, person: Person, joined: date, precision: str = "") -> str:
        """Put a person on the unit's books and return the ref."""
        ref = self._ref("L")
        entry = self.people.entry(person, ref, joined, precision)
        if self.plan.homes:
            entry["home_unit"] = self.rng.choice(self.plan.homes)
        self._add("learners", entry)
        self.learners.append(ref)
        return ref

    def _activity(self, subject: offer.Subject, title: str, **more: object) -> str:
        """Add an activity of a subject and return its ref."""
        ref = self._ref("A")
        entry = {
            "ref": ref,
            "title": title,
            "site": "P1",
            "kind": subject.kind,
            "edu_kinds": [subject.edu_kind],
            "form": "F2",
            "vocational": subject.vocational,
            "topics": list(subject.topics),
            "delivery": subject.delivery,
            "department": subject.department,
            "destinations": list(subject.destinations),
        }
        self._add("activities", entry | more)
        return ref

    # -- classes ---------------------------------------------------------------------------

    def _renew_courses(self, start: date) -> None:
        """Let ended classes go, open new ones, and move a few people in and out."""
        self.courses = [c for c in self.courses if c.closes is None or c.closes >= start]
        for course in self.courses:
            self._turnover(course, start)
        while len(self.courses) < offer.CLASSES_AT_ONCE[self.plan.bustle]:
            self._open_course(start)

    def _open_course(self, start: date) -> None:
        """Open a class with a full roster; most classes end within the story."""
        rng = self.rng
        subject = offer.CLASSES[(self._counts.get("A", 0) + self.plan.serial) % len(offer.CLASSES)]
        days = rng.choice((26, 54, 83, 0))
        closes = start + timedelta(days=days) if days else None
        weekday = len(self.courses) % 7
        terms: Json = {"opens": start.isoformat(), "planned_sessions": 12}
        if closes:
            terms["closes"] = closes.isoformat()
        title = f"{subject.title}（{start.year}年{start.month}月）"
        ref = self._activity(subject, title, **terms)
        slot, length = rng.choice(offer.START_TIMES[:2]), rng.choice(offer.LENGTHS)
        course = Course(ref, subject, weekday, slot, length, closes)
        heads = min(round(offer.YEARLY[self.plan.bustle][1] * 1.1), len(self.learners) - 4)
        first = self.learners[: min(6, heads)]  # guests and those about to turn 60
        chosen = first + rng.sample(self.learners[len(first) :], heads - len(first))
        for learner in chosen:
            self._enrol(course, learner, start)
        self.courses.append(course)

    def _enrol(self, course: Course, learner: str, joined: date) -> None:
        course.roster[learner] = (joined, None)
        entry = {"activity": course.ref, "learner": learner, "row": len(course.roster)}
        self._add("enrolments", entry | {"joined": joined.isoformat()})

    def _turnover(self, course: Course, start: date) -> None:
        """One learner leaves in the middle of the month, two join at its beginning."""
        rng = self.rng
        enrolled = course.on_roster(start)
        if not enrolled:
            return
        leaver = rng.choice(enrolled)
        joined, _ = course.roster[leaver]
        left = start + timedelta(days=rng.randrange(8, 20))
        course.roster[leaver] = (joined, left)
        row = list(course.roster).index(leaver) + 1
        gone = {"activity": course.ref, "learner": leaver, "row": row, "result": "dropped"}
        terms = {"joined": joined.isoformat(), "left": left.isoformat()}
        self._add("enrolments", gone | terms)
        outside = [ref for ref in self.learners if ref not in course.roster]
        for learner in rng.sample(outside, min(2, len(outside))):
            self._enrol(course, learner, start)

    def _meet(self, course: Course, start: date, end: date, wanted: int) -> int:
        """Hold the month's sessions of a class and plan the next; return how many there are."""
        last = min(end, course.closes) if course.closes else end
        step = start + timedelta(days=(course.weekday - start.weekday()) % 7)
        days = []
        while step <= last:
            days.append(step)
            step += timedelta(days=7)
        most = max(1, round(wanted * 0.65 / len(self.courses)))
        for day in days[:most]:
            self._class_session(course, day)
        if course.closes is None or step <= course.closes:
            course.planned = (self._ref("S"), step)
            self._session(course.planned[0], course, step, "planned")
        return len(days[:most])

    def _class_session(self, course: Course, day: date) -> None:
        """Add one class session with its roll call; a few are cancelled."""
        ref = course.planned[0] if course.planned and course.planned[1] == day else self._ref("S")
        rng = self.rng
        if rng.random() < 0.06:
            self._session(ref, course, day, "cancelled", notes="天气原因停课")
            return
        self._session(ref, course, day, "held")
        rows = [rolls.class_row(rng, learner, course.length) for learner in course.on_roster(day)]
        outside = [learner for learner in self.learners if learner not in course.roster]
        guests = rng.sample(outside, min(rng.choice((0, 0, 1, 2)), len(outside)))
        rows += [rolls.walk_in_row(rng, learner, course.length) for learner in guests]
        self._add("rollcalls", {"session": ref, "rows": rows})

    def _session(self, ref: str, course: Course, day: date, status: str, **more: object) -> None:
        course.held += status != "planned"
        entry = {
            "ref": ref,
            "activity": course.ref,
            "seq": course.held + (status == "planned"),
            "date": day.isoformat(),
            "start": course.start,
            "end": _later(course.start, course.length),
            "status": status,
            "venue": "V1",
            "teachers": ["T1"],
        }
        self._add("sessions", entry | more)

    # -- events ----------------------------------------------------------------------------

    def _event(self, day: date, length: int = 0) -> None:
        """Add an event of its own with names, a crowd, or both."""
        rng = self.rng
        subject = rng.choice(offer.EVENTS)
        number = self._counts.get("A", 0) + 1
        activity = self._activity(subject, f"{subject.title}（第{number}场）")
        start = "08:30" if length else rng.choice(offer.START_TIMES)
        length = length or rng.choice(offer.LENGTHS)
        ref = self._ref("S")
        entry: Json = {
            "ref": ref,
            "activity": activity,
            "date": day.isoformat(),
            "start": start,
            "end": _later(start, length),
            "status": "held",
            "venue": "V1",
        }
        heads = offer.YEARLY[self.plan.bustle][1]
        if subject.crowd or rng.random() < 0.25:
            entry["headcount"] = rolls.crowd(rng, heads * (3 if subject.crowd else 1))
        self._add("sessions", entry)
        if not subject.crowd:
            there = rng.sample(self.learners, min(round(heads * 0.7), len(self.learners)))
            rows = [rolls.event_row(rng, learner, length) for learner in there]
            self._add("rollcalls", {"session": ref, "rows": rows})


def _later(start: str, minutes: int) -> str:
    """Return the time `minutes` after `HH:MM`."""
    total = int(start[:2]) * 60 + int(start[3:]) + minutes
    return f"{total // 60:02d}:{total % 60:02d}"
