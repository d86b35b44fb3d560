"""What happened in the trial village: a capture document told up to a given day.

Names follow their birth cohorts; ID numbers and mobiles can belong to nobody (see `people`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.trial.people import NamePools, Population

Json = dict[str, Any]

UNIT: Final = "410199100200"
"""The code of the trial village: its county, 410199, was never assigned."""

WEEKS: Final = 13
LEARNERS: Final = 46
_SEED: Final = "trial"
_SERIAL: Final = 99_000_000


@dataclass(frozen=True, slots=True)
class _Class:
    """A weekly class: `heads` learners from `first` on; `days_ago` since it last met, 0 = today."""

    title: str
    edu_kind: str
    topics: tuple[str, ...]
    destinations: tuple[str, ...]
    department: str
    start: str
    end: str
    first: int
    heads: int
    days_ago: int


_CLASSES: Final = (
    _Class("老年书法班", "60", ("0501",), ("elder", "culture"), "edu", "09:00", "10:30", 0, 30, 0),
    _Class(
        "智能手机班", "60", ("0701",), ("elder", "community"), "edu", "09:00", "10:30", 12, 24, 2
    ),
    _Class("太极拳班", "50", ("0601",), ("community",), "sport", "19:00", "20:00", 20, 20, 4),
)


@dataclass(frozen=True, slots=True)
class _Event:
    """A lecture or event; `ago` days before today, 0 = planned for today."""

    title: str
    kind: str
    topics: tuple[str, ...]
    destinations: tuple[str, ...]
    department: str
    delivery: str
    start: str
    end: str
    ago: int
    heads: int = 0


_EVENTS: Final = (
    _Event("家庭教育讲座", "03", ("10",), ("community",), "wf", "21", "14:30", "16:00", 75),
    _Event("戏曲进村展演", "07", ("0505",), ("culture",), "cult", "60", "19:00", "21:00", 52, 80),
    _Event("高血压防治讲座", "03", ("04",), ("elder",), "health", "21", "14:30", "16:00", 31),
    _Event("读书分享会", "08", ("15",), ("reading",), "pub", "21", "14:30", "16:00", 10),
    _Event("防诈骗讲座", "03", ("1201",), ("community", "civil"), "edu", "21", "14:30", "16:00", 0),
    _Event("消防演练", "04", ("1202",), ("civil",), "pub", "60", "17:00", "18:00", 0),
)


class Story:
    """Tells the trial village's last three months; the same story for the same day."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._rng = Random(_SEED)  # noqa: S311 - invented people, not secrets
        pools = NamePools(resource("demo", "names_zh.json"))
        self._people = Population(self._rng, pools, _SERIAL)
        self._told: Json = {"v": 1, "source": "trial"}
        self._learners: list[str] = []
        self._sessions = 0

    def told(self) -> Json:
        """Return the capture document."""
        begun = self.today - timedelta(weeks=WEEKS)
        self._place(begun)
        for number in range(LEARNERS):
            self._learn(number, begun)
        for number, course in enumerate(_CLASSES, start=1):
            self._course(f"C{number}", course, begun)
        for number, event in enumerate(_EVENTS, start=1):
            self._event(f"E{number}", event)
        self._hand_in(begun)
        return self._told

    def _hand_in(self, begun: date) -> None:
        """Hand in every month told but the last full one, which is left to practise on."""
        month = begun.replace(day=1)
        last = (self.today.replace(day=1) - timedelta(days=1)).replace(day=1)
        while month < last:
            self._add("submissions", {"unit": UNIT, "period": f"{month:%Y-%m}"})
            month = (month + timedelta(days=31)).replace(day=1)

    def _add(self, section: str, entry: Json) -> None:
        self._told.setdefault(section, []).append(entry)

    def _place(self, begun: date) -> None:
        self._add("operators", {"ref": "O1", "name": self._name(1985)})
        year = self.today.year - 1
        self._add(
            "population",
            {"unit": UNIT, "year": year, "total": 1860, "over60": 402, "source": "虚构数据"},
        )
        opened = begun.replace(month=1, day=1).isoformat()
        site = {"ref": "P1", "unit": UNIT, "name": "试用村教学点", "kinds": ["v_point"]}
        self._add("sites", site | {"opened": opened})
        room = {"ref": "V1", "name": "多功能教室", "kind": "classroom", "seats": 60}
        self._add("venues", room | {"area_m2": 90})
        for number, born in enumerate((1972, 1980, 1990), start=1):
            entry = {"ref": f"T{number}", "name": self._name(born), "kinds": ["part_teacher"]}
            self._add("staff", entry | {"mobile": self._people.mobile()})

    def _name(self, born: int) -> str:
        return self._people.person(date(born, 5, 1)).name

    def _learn(self, number: int, begun: date) -> None:
        ref = f"L{number + 1:03d}"
        born = None if number % 9 else date(1950 + number % 15, 4, 9)
        person = self._people.person(born)
        if person.birth.year > begun.year - 18:  # guardians and consents: not in the first lesson
            person = self._people.person(date(1958, 3, 12))
        self._add("learners", self._people.entry(person, ref, begun))
        self._learners.append(ref)

    def _course(self, ref: str, course: _Class, begun: date) -> None:
        self._activity(
            ref,
            course,
            kind="01",
            edu_kinds=[course.edu_kind],
            delivery="10",
            opens=begun.isoformat(),
            planned_sessions=WEEKS + 4,
        )
        roster = self._learners[course.first : course.first + course.heads]
        for row, learner in enumerate(roster, start=1):
            self._add(
                "enrolments",
                {"activity": ref, "learner": learner, "row": row, "joined": begun.isoformat()},
            )
        last = self.today - timedelta(days=course.days_ago)
        for week in range(WEEKS):
            day = last - timedelta(weeks=WEEKS - 1 - week)
            teachers = [f"T{1 + _CLASSES.index(course)}"]
            session = self._session(ref, day, course, seq=week + 1, teachers=teachers)
            if day < self.today:
                rows = [self._mark(learner) for learner in roster]
                self._add("rollcalls", {"session": session, "rows": rows})
        ahead = last + timedelta(weeks=1)
        self._session(ref, ahead, course, seq=WEEKS + 1)

    def _event(self, ref: str, event: _Event) -> None:
        self._activity(ref, event, kind=event.kind, edu_kinds=["50"], delivery=event.delivery)
        day = self.today - timedelta(days=event.ago)
        if not event.ago:
            self._session(ref, day, event)
        elif event.heads:
            crowd = {"total": event.heads, "over60": event.heads // 3, "basis": "counted"}
            self._session(ref, day, event, headcount=crowd)
        else:
            session = self._session(ref, day, event)
            there = self._rng.sample(self._learners, 28)
            rows = [{"learner": ref, "status": "P", "source": "sheet"} for ref in there]
            self._add("rollcalls", {"session": session, "rows": rows})

    def _activity(self, ref: str, what: _Class | _Event, **more: object) -> None:
        entry = {
            "ref": ref,
            "title": what.title,
            "site": "P1",
            "form": "F2",
            "vocational": "V2",
            "topics": list(what.topics),
            "department": what.department,
            "destinations": list(what.destinations),
        }
        self._add("activities", entry | more)

    def _session(self, activity: str, day: date, times: _Class | _Event, **more: object) -> str:
        self._sessions += 1
        ref = f"S{self._sessions:03d}"
        entry = {
            "ref": ref,
            "activity": activity,
            "date": day.isoformat(),
            "start": times.start,
            "end": times.end,
            "status": "planned" if day >= self.today else "held",
            "venue": "V1",
        }
        self._add("sessions", entry | more)
        return ref

    def _mark(self, learner: str) -> Json:
        status = self._rng.choices(("P", "A", "X"), (88, 8, 4))[0]
        return {"learner": learner, "status": status}
