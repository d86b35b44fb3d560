"""Figures of whole years, of trained groups, of campaigns and of venues, from the same books.

Standard library only. A year is any period of twelve months. A person who took part in the year
before counts by what the unit's places recorded then; the areas of all learning venues must be
known, otherwise there is no figure.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.oracle.terms import Figure, Lens, age_on, groups_of, ratio

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.recount import Recount
    from tests.oracle.replay import Row

YEAR = 12
ELDER_AGE, OFTEN, HOURS, MINUTES_PER_HOUR = 60, 6, 12, 45
FARMING, VOCATIONAL = "09", "V1"
NOT_FOR_LEARNING = {"open_air", "home", "work", "online", "other"}


def later(count: Recount) -> dict[str, Figure]:
    """Return P04, P09, G02, G05, T03, R03 and E01 of a unit and period."""
    return {**whole_years(count), **trained(count), **registers(count), "E01": campaign(count)}


def whole_years(count: Recount) -> dict[str, Figure]:
    """Return P04 (60+ who came often) and P09 (who came again)."""
    whole = count.period.months == YEAR
    times: Counter[str] = Counter()
    minutes: Counter[str] = Counter()
    for session in count.sessions(Lens()):
        for person, spent in count.present(session, Lens()).items():
            times[person] += 1
            minutes[person] += spent
    often = [
        person
        for person in times
        if times[person] >= OFTEN or minutes[person] >= HOURS * MINUTES_PER_HOUR
    ]
    elders = [person for person in often if _age(count, person) >= ELDER_AGE]
    _total, over60 = count.population()
    before = _year_before(count) if whole else set()
    return {
        "P04": ratio(len(elders), over60 if whole else None, "no year or no population"),
        "P09": ratio(len(before & set(times)), len(before), "nobody the year before"),
    }


def _year_before(count: Recount) -> set[str]:
    """Return who was present in the year before, at sessions of the same units."""
    first, last = count.period.first, count.period.last
    former = replace(
        count.period,
        first=first.replace(year=first.year - 1),
        last=last.replace(year=last.year - 1),
    )
    return {
        count.person[learner.ident]
        for held in count.held_by_activity.values()
        for session in held
        if former.has(session.values["date"])
        for learner, _mark in count.marked(session)
    }


def _age(count: Recount, person: str) -> int:
    """Return a person's age on the last day, by the finest birth day of all records."""
    births = [
        row.values["birth"]
        for row in count.books.alive("learner")
        if count.person[row.ident] == person and row.values.get("birth")
    ]
    finest = max(map(len, births), default=0)
    best = min((one for one in births if len(one) == finest), default=None)
    return age_on(best, count.period.last) or 0


def trained(count: Recount) -> dict[str, Figure]:
    """Return G02 and G05: persons of a group present at an activity that trains it."""

    def met(group: str, trains: Callable[[Row], bool]) -> Figure:
        """Count persons marked present under a record that has the group."""
        return Figure(
            len(
                {
                    count.person[learner.ident]
                    for session in count.sessions(Lens(activity=trains))
                    for learner, _mark in count.marked(session)
                    if group in groups_of(learner)
                }
            )
        )

    return {
        "G02": met(
            "pro_farmer", lambda row: any(code[:2] == FARMING for code in row.values["topics"])
        ),
        "G05": met("low_skill", lambda row: row.values.get("vocational") == VOCATIONAL),
    }


def registers(count: Recount) -> dict[str, Figure]:
    """Return T03 (volunteers) and R03 (floor area), both over the residents."""
    last = count.period.last.isoformat()
    total, _over60 = count.population()
    volunteers = [
        row
        for row in count.books.alive("staff")
        if count.within(row.unit)
        and "volunteer" in row.values["kinds"]
        and (row.values.get("from") or "") <= last <= (row.values.get("to") or "9999")
    ]
    venues = [row for row in count.books.alive("venue") if count.within(row.unit)]
    rooms = [row for row in venues if row.values["kind"] not in NOT_FOR_LEARNING]
    areas = [row.values.get("area_m2") for row in rooms]
    known = bool(venues) and None not in areas
    return {
        "T03": ratio(len(volunteers), total, "population"),
        "R03": ratio(
            sum(int(area) for area in areas if area is not None),
            total if known else None,
            "population or areas",
        ),
    }


def campaign(count: Recount) -> Figure:
    """Return E01: attendances of activities that name a campaign, crowds included."""
    sessions = count.sessions(Lens(activity=lambda row: bool(row.values.get("campaign"))))
    crowd = sum(int((one.values.get("headcount") or {}).get("total") or 0) for one in sessions)
    return Figure(crowd + sum(len(count.present(one, Lens())) for one in sessions))
