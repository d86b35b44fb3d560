"""The questions that the product asks are those that a brute-force count over the captures finds.

Days are generated at random and among them stand planted cases, each beside a near miss: one
minute, one bit, one person, one head-count or one day short of the threshold.
"""

import random
from pathlib import Path
from typing import Any

import pytest

from tests.desks import SISTER, TOWNSHIP, VILLAGE, Desk
from tests.oracle.questions_oracle import Asked, Books, Json, identifier

UNITS = (VILLAGE, SISTER)
CALLS = 30
SOON = "2026-05-02T10:00:00+08:00"
NOW = "2026-06-02T10:00:00+08:00"


class Plan:
    """Capture files in the making, one for each unit and time of entry."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.files: dict[tuple[str, str], Json] = {}
        self.number = 0

    def file(self, unit: str, at: str = SOON) -> Json:
        """Return the file of a unit that is entered at a time."""
        made = {"v": 1, "source": "plan", "unit": unit}
        return self.files.setdefault((at, unit), made)

    def add(self, unit: str, section: str, at: str = SOON, **fields: Any) -> str:
        """Add an entry; returns its ref."""
        self.number += 1
        ref = f"{section[:2]}{self.number}"
        self.file(unit, at).setdefault(section, []).append({"ref": ref, **fields})
        return ref

    def site(self, unit: str) -> str:
        """Add a place."""
        name = f"教学点{self.number}"
        return self.add(unit, "sites", name=name, kinds=["v_point"], opened="2019-05-01")

    def activity(self, unit: str, site: str, kind: str = "03", delivery: str = "10") -> str:
        """Add an activity with a title of its own."""
        return self.add(
            unit, "activities", title=f"活动{self.number}", site=site, kind=kind,
            edu_kinds=["60"], topics=["0501"], delivery=delivery,
        )  # fmt: skip

    def session(
        self, unit: str, activity: str, day: str, start: str, end: str, people: Any = (),
        at: str = SOON, status: str = "P", **fields: Any,
    ) -> str:  # fmt: skip
        """Add a held session with a roll call."""
        ref = self.add(
            unit, "sessions", at, activity=activity, date=day, start=start, end=end,
            status="held", reasons={"SESSION_HEADCOUNT_ONLY": "大型活动"}, **fields,
        )  # fmt: skip
        rows = [{"learner": who, "status": status} for who in sorted(people)]
        if rows:
            self.file(unit, at).setdefault("rollcalls", []).append({"session": ref, "rows": rows})
        return ref

    def learners(self, unit: str, count: int) -> list[str]:
        """Add people whose names are their own."""
        return [
            self.add(unit, "learners", name=f"周{chr(0x4E00 + self.number)}", sex="F", birth="1950")
            for _ in range(count)
        ]


def planted(plan: Plan) -> dict[str, list[str]]:
    """Plant a case of each question beside a near miss; returns refs by name."""
    refs: dict[str, list[str]] = {}
    here = VILLAGE
    east, west = plan.site(here), plan.site(here)
    people = plan.learners(here, 45)
    ann, bob, *crowd = people
    talk, walk = plan.activity(here, east), plan.activity(here, west)
    online = plan.activity(here, west, delivery="31")
    day = "2026-04-20"
    refs["both"] = [
        plan.session(here, talk, day, "09:00", "10:00", [ann, bob]),
        plan.session(here, walk, day, "09:50", "11:00", [ann]),
    ]
    plan.session(here, walk, day, "09:51", "10:31", [bob])  # nine minutes
    plan.session(here, online, day, "09:00", "10:00", [bob])
    plan.session(here, walk, day, "09:00", "10:00", [bob], status="R")
    plan.session(here, plan.activity(here, east), day, "09:00", "10:00", [ann])  # the same place

    one, twin, other = (
        plan.add(here, "staff", name=name, kinds=["part_teacher"], mobile=mobile)
        for name, mobile in (
            ("李明远", "14400000101"), ("李明远", "14400000101"), ("李明远", "14400000102"),
        )
    )  # fmt: skip
    refs["taught"] = [
        plan.session(here, talk, "2026-04-21", "09:00", "10:00", teachers=[one]),
        plan.session(here, walk, "2026-04-21", "09:30", "10:00", teachers=[twin]),
    ]
    plan.session(here, talk, "2026-04-22", "09:00", "10:00", teachers=[one])
    plan.session(here, walk, "2026-04-22", "09:30", "10:00", teachers=[other])

    # With one person changed, 39 of 41 are in both lists of forty, but 37 of 39 in those of 38.
    crowd = crowd[:41]
    copied = [crowd[:40], crowd[:40], crowd[1:41]]
    refs["copied"] = [
        plan.session(here, plan.activity(here, east), f"2026-04-{23 + n}", "09:00", "10:00", who)
        for n, who in enumerate(copied)
    ]
    few = plan.learners(here, 39)
    for n, who in enumerate((few[:38], few[:38], few[1:39])):
        plan.session(here, plan.activity(here, east), f"2026-04-{23 + n}", "14:00", "15:00", who)
    stable = plan.activity(here, east, kind="01")
    regulars = plan.learners(here, 12)
    for n in range(5):
        plan.session(here, stable, f"2026-04-{21 + n}", "16:00", "17:00", regulars, status="W")

    for site, totals, name in (
        (
            plan.site(SISTER),
            [20, 30, 40, 50, 60, 70, 80, 91, 12, 13, 14, 30, 40, 15, 16],
            "rounded",
        ),
        (plan.site(SISTER), [20, 30, 40, 50, 60, 70, 80, 91, 12, 13, 14, 15], ""),
        (plan.site(SISTER), [20] * 11, ""),
    ):
        fair = plan.activity(SISTER, site)
        held = [
            plan.session(
                SISTER, fair, f"2026-04-{16 + n}", "09:00", "10:00",
                headcount={"total": total, "basis": "counted"},
            )
            for n, total in enumerate(totals)
        ]  # fmt: skip
        refs[name] = [site, *held]
    return {**refs, **planted_entries(plan), **planted_pictures(plan, talk, walk, refs["both"])}


def planted_entries(plan: Plan) -> dict[str, list[str]]:
    """Plant sessions entered late in one go, and some that took a minute or a day less."""
    late, slow = plan.site(VILLAGE), plan.site(SISTER)
    meeting, outing = plan.activity(VILLAGE, late), plan.activity(SISTER, slow)
    times = [f"2026-06-01T10:{minute:02d}:00+08:00" for minute in (0, 2, 5, 8, 10)]
    entered = [
        plan.session(VILLAGE, meeting, f"2026-05-{10 + n}", "09:00", "10:00", at=at)
        for n, at in enumerate(times)
    ]
    plan.session(VILLAGE, meeting, "2026-05-18", "09:00", "10:00", at=times[0])  # fourteen days
    for n, at in enumerate([*times[:4], "2026-06-01T10:11:00+08:00"]):
        plan.session(SISTER, outing, f"2026-05-{10 + n}", "09:00", "10:00", at=at)
    return {"entered": entered}


def planted_pictures(plan: Plan, talk: str, walk: str, both: list[str]) -> dict[str, list[str]]:
    """Plant one file twice, looks four and five bits apart, and an activity's own picture."""

    def picture(target: str, number: int, look: int = 0, kind: str = "wide") -> str:
        path = plan.folder / f"{number}.jpg"
        path.write_bytes(b"\xff\xd8\xff" + bytes([number]) * 99)
        return plan.add(
            VILLAGE, "photos", target=target, kind=kind, file=str(path),
            dhash=f"{look:016x}", reasons={"PHOTO_REPEATED": "同一天", "PHOTO_SIMILAR": "同一天"},
        )  # fmt: skip

    base = 0x0123456789ABCDEF
    first, second = both
    found = [picture(first, 1), picture(second, 1)]
    alike = [picture(first, 2, base), picture(second, 3, base ^ 0x8000000100020004)]
    picture(second, 4, base ^ 0x8000000100020005)
    picture(talk, 5)
    picture(first, 5)  # of the activity and of its own session
    for number, target in ((6, first), (7, second)):  # sign-in sheets look alike
        picture(target, number, 0xFF00FF00FF00FF00, "signin")
    return {"reused": found, "alike": alike}


def scattered(plan: Plan) -> None:
    """Add days as they come: random places, hours, people, head-counts and times of entry."""
    pick = plan.random
    for unit in UNITS:
        sites = [plan.site(unit) for _ in range(2)]
        venues = [
            plan.add(unit, "venues", name=f"教室{n}", kind="classroom", seats=60) for n in range(2)
        ]
        activities = [
            plan.activity(unit, pick.choice(sites), kind) for kind in ("01", "03", "03", "04", "05")
        ]
        crowd = plan.learners(unit, 14)
        for _ in range(CALLS):
            hour = pick.randrange(8, 19)
            extra: Json = {"venue": pick.choice(venues)} if pick.random() < 0.5 else {}
            if pick.random() < 0.6:
                total = pick.choice((10, 20, 30, 17, 23))
                extra["headcount"] = {"total": total, "basis": "estimate"}
            plan.session(
                unit, pick.choice(activities), f"2026-04-{pick.randrange(1, 13):02d}",
                f"{hour:02d}:{pick.choice((0, 30)):02d}", f"{hour + 2:02d}:00",
                pick.sample(crowd, pick.choice((6, 13, 14))), status="W", **extra,
            )  # fmt: skip


def played(plan: Plan, desk: Desk) -> Books:
    """Enter everything at a desk and in plain books."""
    books = Books()
    for (at, _unit), content in sorted(plan.files.items()):
        desk.now = at
        for session in content.get("sessions", ()):
            session["reasons"]["SESSION_DUPLICATE"] = "上下午两场"
        desk.capture(content)
        books.capture(content, at)
    desk.now = NOW
    return books


def listed(desk: Desk, *flags: str) -> Asked:
    """Return the questions that the product asks, by what they are and their records."""
    rows = desk("questions", *flags)["questions"]
    return {
        (row["asks"], frozenset(one["id"] for one in row["records"] if one["kind"] != "staff"))
        for row in rows
    }


@pytest.mark.parametrize("seed", [3, 4])
def test_what_is_asked_is_what_a_count_over_everything_finds(tmp_path: Path, seed: int) -> None:
    desk = Desk(tmp_path / "township", TOWNSHIP)
    desk("init", "--tier", "township", "--unit", TOWNSHIP)
    plan = Plan(seed, tmp_path)
    refs = planted(plan)
    scattered(plan)
    books = played(plan, desk)
    learners = sorted(books.rows["learner"])
    of_units = [[one for one in learners if books.units[one] == unit] for unit in UNITS]
    for one, other in zip(of_units[0][:4], of_units[1], strict=False):
        desk("link", one, other)
        books.link(one, other)

    asked = listed(desk)

    assert asked == books.asked()
    by_kind = {kind: {records for name, records in asked if name == kind} for kind, _ in asked}
    assert set(by_kind) == {"Q1", "Q2", "Q3", "Q4", "Q5", "Q6"}
    planted_in = {
        "Q1": [identifier("capture", VILLAGE, "plan", "session", ref) for ref in refs["both"]],
        "Q2": [identifier("capture", VILLAGE, "plan", "session", ref) for ref in refs["taught"]],
        "Q4": [identifier("capture", VILLAGE, "plan", "session", ref) for ref in refs["copied"]],
        "Q5": [
            identifier("capture", SISTER, "plan", "session", ref) for ref in refs["rounded"][1:]
        ],
        "Q6": [identifier("capture", VILLAGE, "plan", "session", ref) for ref in refs["entered"]],
    }
    for name, records in planted_in.items():
        assert any(set(records) <= group for group in by_kind[name]), name
    assert by_kind["Q3"] == {
        frozenset(identifier("capture", VILLAGE, "plan", "evidence", ref) for ref in refs[name])
        for name in ("reused", "alike")
    }
