"""Recount the figures from a demo's `truth.json`, independently of the product.

Standard library only. Follows the definitions in the project's contract word by word:
head-count stays apart from named marks, a person is a cluster of links, ratios keep both parts.
Where the text leaves room, the choice is named at the function that makes it.

    python -m tests.oracle.recount truth.json 410122000000 2026-Q1 [--by age] [--now ISO]
"""

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.oracle.recount_later import later
from tests.oracle.recount_more import attended, more, quality
from tests.oracle.replay import Books, Row, replay
from tests.oracle.terms import (
    BANDS,
    TIERS,
    UNKNOWN,
    Figure,
    Lens,
    Period,
    age_on,
    band,
    codes_of,
    crowd_of_sex,
    groups_of,
    minutes_between,
    ratio,
)

PRESENT = frozenset("PLEWMR")
VILLAGE_LEVEL = 5
ELDER_AGE = 60
GRACE_DAYS = {VILLAGE_LEVEL: 5}
GRACE_DAYS_ABOVE = 10
MINUTES_PER_HOUR = 45
ACTIVE_SESSIONS_PER_YEAR = 12
BY = {
    "tier": (
        *("S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "N07", "N08", "D01"),
        *("G01", "G07", "G09", "D02", "D03"),
    ),
    "category": (
        *("S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "G01", "D02", "D03"),
    ),
    "topic": ("S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09"),
    "form": ("S01", "S02", "S03", "S04", "S05"),
    "vocational": ("S01", "S02", "S03", "S04", "S05"),
    "delivery": ("S01", "S02", "S03", "S04", "S05"),
    "age": ("S01", "S02", "S05", "S06"),
    "sex": ("S01", "S02"),
    "group": ("S01", "S02", "S05", "S06", "S09", "G07"),
}


class Recount:
    """The figures of one unit and one period."""

    def __init__(
        self, truth: Mapping[str, Any], unit: str, period: str, *, books: Books | None = None
    ) -> None:
        """Look at `truth` from `unit` (its subtree) over `period`; `books` saves a replay."""
        self.truth = truth
        self.unit = unit
        self.period = Period.parse(period)
        self.books = books or replay(truth)
        self.person = self.books.persons()
        self.regions = {row["code"]: row for row in truth["regions"]}

    # -- the ground ------------------------------------------------------------------------

    def within(self, code: str | None) -> bool:
        """Whether the unit `code` lies in the looked-at subtree."""
        while code:
            if code == self.unit:
                return True
            code = self.regions[code]["parent"] if code in self.regions else None
        return False

    def level(self, code: str) -> int:
        """Return the level of a unit, 1 to 5."""
        return int(self.regions[code]["level"])

    @cached_property
    def held_by_activity(self) -> dict[str, list[Row]]:
        """Held sessions of the subtree by activity id, whatever their date."""
        found: dict[str, list[Row]] = defaultdict(list)
        for session in self.books.alive("session"):
            gone = self.books.rows[session.values["activity"]].deleted
            if session.values["status"] == "held" and self.within(session.unit) and not gone:
                found[session.values["activity"]].append(session)
        return found

    def sessions(self, lens: Lens) -> list[Row]:
        """Held sessions with their date in the period."""
        return [
            session
            for activity, held in self.held_by_activity.items()
            if lens.activity(self.books.rows[activity])
            for session in held
            if self.period.has(session.values["date"])
        ]

    def marked(self, session: Row) -> Iterator[tuple[Row, Mapping[str, Any]]]:
        """Yield who is marked present in a session, without learners who were deleted."""
        for learner, mark in session.marks.items():
            row = self.books.rows[learner]
            if mark["status"] in PRESENT and not row.deleted:
                yield row, mark

    def present(self, session: Row, lens: Lens) -> dict[str, int]:
        """Return person -> minutes, the greatest of the person's present marks in `session`."""
        length = minutes_between(session.values["start"], session.values["end"])
        day = date.fromisoformat(session.values["date"])
        found: dict[str, int] = {}
        for learner, mark in self.marked(session):
            if lens.learner(learner, day):
                given = mark.get("minutes")
                person = self.person[learner.ident]
                found[person] = max(found.get(person, 0), length if given is None else int(given))
        return found

    def persons(self, lens: Lens, also: Callable[[Row], bool] = lambda _row: True) -> set[str]:
        """Return persons present in the period; a cell's age is that of the last day."""
        return {
            self.person[learner.ident]
            for session in self.sessions(lens)
            for learner, _mark in self.marked(session)
            if lens.learner(learner, self.period.last) and also(learner)
        }

    def valid_sites(self, day: date, lens_tier: str = "") -> list[Row]:
        """Return sites open on `day`: opened on or before it, not closed on or before it."""
        text = day.isoformat()
        return [
            site
            for site in self.books.alive("site")
            if self.within(site.unit)
            and site.values["opened"] <= text
            and not (site.values.get("closed") and site.values["closed"] <= text)
            and (not lens_tier or TIERS[self.level(site.unit)] == lens_tier)
        ]

    # -- the figures -----------------------------------------------------------------------

    def attendance(self, lens: Lens) -> dict[str, Figure]:
        """Return S01 to S07 through `lens`."""
        sessions = self.sessions(lens)
        rolls = [self.present(session, lens) for session in sessions]
        named = sum(len(roll) for roll in rolls)
        crowd = sum(
            lens.crowd(session.values["headcount"])
            for session in sessions
            if session.values.get("headcount")
        )
        minutes = sum(sum(roll.values()) for roll in rolls)
        persons = len(self.persons(lens))
        return {
            "S01": Figure(named + crowd),
            "S02": Figure(persons),
            "S03": Figure(len(sessions)),
            "S04": Figure(len({session.values["activity"] for session in sessions})),
            "S05": Figure(minutes, MINUTES_PER_HOUR),
            "S06": ratio(minutes, MINUTES_PER_HOUR * persons, "nobody named"),
            "S07": ratio(named, named + crowd, "no attendance"),
        }

    @cached_property
    def enrolments(self) -> list[Row]:
        """Enrolments of the subtree; not those of a learner or an activity that was deleted."""
        rows = self.books.rows
        return [
            row
            for row in self.books.alive("enrolment")
            if self.within(row.unit)
            and not any(rows[row.values[name]].deleted for name in ("learner", "activity"))
        ]

    def attendance_rate(self, lens: Lens) -> Figure:
        """Return S08: of those enrolled on the day of a class session, how many were present."""
        roster: dict[str, list[Row]] = defaultdict(list)
        for enrolment in self.enrolments:
            roster[enrolment.values["activity"]].append(enrolment)
        expected = present = 0
        for session in self.sessions(lens):
            activity = session.values["activity"]
            if self.books.rows[activity].values["kind"] != "01":
                continue
            there = self.present(session, Lens())
            day = session.values["date"]
            for enrolment in roster[activity]:
                left = enrolment.values.get("left")
                if enrolment.values["joined"] <= day and (not left or day <= left):
                    expected += 1
                    present += self.person[enrolment.values["learner"]] in there
        return ratio(present, expected, "nobody expected")

    def completion(self, lens: Lens) -> Figure:
        """Return S09. An activity that never met completes nobody."""
        ended = completed = 0
        for enrolment in self.enrolments:
            activity = self.books.rows[enrolment.values["activity"]]
            learner = self.books.rows[enrolment.values["learner"]]
            end = enrolment.values.get("left") or activity.values.get("closes")
            if not self.period.has(end) or not lens.activity(activity):
                continue
            if not lens.learner(learner, self.period.last):
                continue
            ended += 1
            held = self.held_by_activity.get(activity.ident, [])
            offered = sum(
                minutes_between(session.values["start"], session.values["end"]) for session in held
            )
            person = self.person[learner.ident]
            attended = sum(self.present(session, Lens()).get(person, 0) for session in held)
            completed += offered > 0 and 3 * attended >= 2 * offered
        return ratio(completed, ended, "no enrolment ended")

    def population(self) -> tuple[int | None, int | None]:
        """Return residents and residents 60+ of the year before the period."""
        year = self.period.first.year - 1
        rows = {
            row.unit: row
            for row in self.books.alive("population")
            if int(row.values["year"]) == year and self.within(row.unit)
        }
        if self.unit in rows:
            counted = [rows[self.unit]]
        else:
            counted = [row for code, row in rows.items() if self.level(code) == VILLAGE_LEVEL]
        if not counted:
            return None, None
        return (
            sum(int(row.values["total"]) for row in counted),
            sum(int(row.values["over60"]) for row in counted),
        )

    def participation(self) -> dict[str, Figure]:
        """Return P01 and P03."""
        total, over60 = self.population()
        residents = self.persons(
            Lens(), lambda row: self.within(row.values.get("home_unit") or row.unit)
        )
        elders = self.persons(
            Lens(),
            lambda row: (age_on(row.values.get("birth"), self.period.last) or 0) >= ELDER_AGE,
        )
        return {
            "P01": ratio(len(residents), total, "population"),
            "P03": ratio(len(elders), over60, "population"),
        }

    def network(self, tier: str = "") -> dict[str, Figure]:
        """Return N01, N07 and N08."""
        sites = self.valid_sites(self.period.last, tier)
        at_site: dict[str, int] = defaultdict(int)
        for session in self.sessions(Lens()):
            at_site[self.books.rows[session.values["activity"]].values["site"]] += 1
        needed = math.ceil(ACTIVE_SESSIONS_PER_YEAR * self.period.months / 12)
        villages = [
            code
            for code, row in self.regions.items()
            if row["kind"] in {"village_committee", "resident_committee"}
            and int(row["level"]) == VILLAGE_LEVEL
            and self.within(code)
            and (row.get("valid_from") or "") <= self.period.last.isoformat()
            and (row.get("valid_to") or "9999") > self.period.last.isoformat()
        ]
        with_site = {site.unit for site in sites}
        return {
            "N01": ratio(
                sum(code in with_site for code in villages), len(villages), "no village-level unit"
            ),
            "N07": ratio(
                sum(at_site[site.ident] >= needed for site in sites), len(sites), "no valid site"
            ),
            "N08": Figure(sum(at_site[site.ident] == 0 for site in sites)),
        }

    def punctuality(self, now: str, tier: str = "") -> Figure:
        """Return D01. A site is due for a month if it is valid on that month's last day."""
        today = datetime.fromisoformat(now).date()
        first: dict[tuple[str, str], str] = {}
        for entry in self.truth.get("received", []):
            key = (entry["unit"], entry["period"])
            first[key] = min(first.get(key, entry["at"]), entry["at"], key=datetime.fromisoformat)
        due = on_time = 0
        for end in self.period.month_ends():
            if end >= today:
                continue
            for site in self.valid_sites(end, tier):
                due += 1
                at = first.get((site.unit, end.isoformat()[:7]))
                grace = timedelta(days=GRACE_DAYS.get(self.level(site.unit), GRACE_DAYS_ABOVE))
                on_time += bool(at) and datetime.fromisoformat(str(at)).date() <= end + grace
        return ratio(on_time, due, "nothing due")

    def all(self, now: str) -> dict[str, Figure]:
        """Return all figures."""
        lens = Lens()
        return {
            **self.attendance(lens),
            "S08": self.attendance_rate(lens),
            "S09": self.completion(lens),
            **self.participation(),
            **self.network(),
            "D01": self.punctuality(now),
            **more(self),
            **later(self),
        }

    def cells(self, by: str, now: str) -> dict[str, dict[str, Figure]]:
        """Return `DIM:code` -> the figures that have this dimension, for codes that occur."""
        found: dict[str, dict[str, Figure]] = {}
        for code in sorted(self.codes(by)):
            lens = self.lens(by, code)
            every = self.attendance(lens) | {
                "S08": self.attendance_rate(lens),
                "S09": self.completion(lens),
            }
            every |= attended(self, lens) | quality(self, lens)
            if by == "tier":
                every |= self.network(code) | {"D01": self.punctuality(now, code)}
            found[f"{by}:{code}"] = {name: every[name] for name in BY[by]}
        return found

    def codes(self, by: str) -> Iterable[str]:
        """Return the codes that occur in the period's sessions, marks and enrolments."""
        if by == "tier":
            return {TIERS[self.level(site.unit)] for site in self.valid_sites(self.period.last)}
        if by == "sex":
            return {"M", "F", "U"}
        if by == "age":
            return {code for _, code in BANDS} | {UNKNOWN}
        if by == "group":
            return {code for learner in self.books.alive("learner") for code in groups_of(learner)}
        return {
            code
            for activity in self.books.alive("activity")
            if self.within(activity.unit)
            for code in codes_of(activity, by)
        }

    def lens(self, by: str, code: str) -> Lens:
        """Return the lens of one cell.

        Nobody in a crowd has a group or an age band: a crowd stands under `age:NA`, under its
        counted sex, and under `sex:U` for the rest.
        """
        if by == "tier":
            return Lens(activity=lambda row: TIERS[self.level(row.unit)] == code)
        if by == "sex":
            return Lens(
                learner=lambda row, _day: row.values["sex"] == code,
                crowd=lambda headcount: crowd_of_sex(headcount, code),
            )
        if by == "age":
            return Lens(
                learner=lambda row, day: band(age_on(row.values.get("birth"), day)) == code,
                crowd=lambda headcount: int(headcount["total"]) if code == UNKNOWN else 0,
            )
        if by == "group":
            return Lens(learner=lambda row, _day: code in groups_of(row), crowd=lambda _crowd: 0)
        return Lens(activity=lambda row: code in codes_of(row, by))


def recount(
    truth: Mapping[str, Any],
    unit: str,
    period: str,
    *,
    now: str = "",
    without: frozenset[str] = frozenset(),
) -> dict[str, Figure]:
    """Return the figures of `unit`; `without` leaves out units that never sent."""
    books = replay(truth, without)
    return Recount(truth, unit, period, books=books).all(now or truth["now"])


def recount_cells(
    truth: Mapping[str, Any], unit: str, period: str, by: str, *, now: str = ""
) -> dict[str, dict[str, Figure]]:
    """Return the cells of `unit` along one dimension."""
    return Recount(truth, unit, period).cells(by, now or truth["now"])


def main(arguments: Sequence[str]) -> None:
    """Print the figures of a truth file as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("truth", type=Path)
    parser.add_argument("unit")
    parser.add_argument("period")
    parser.add_argument("--by", choices=sorted(BY))
    parser.add_argument("--now", default="")
    given = parser.parse_args(arguments)
    truth = json.loads(given.truth.read_text(encoding="utf-8"))
    cells = (
        recount_cells(truth, given.unit, given.period, given.by, now=given.now)
        if given.by
        else {"all": recount(truth, given.unit, given.period, now=given.now)}
    )
    shown = {
        cell: {name: {**vars(figure), "value": figure.value} for name, figure in figures.items()}
        for cell, figures in cells.items()
    }
    sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
