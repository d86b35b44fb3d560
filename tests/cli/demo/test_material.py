"""The demo's invented people and capture files: harmless, consistent, the same for a seed."""

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from stdnum.cn import ric

from learnsite_desktop.cli.demo.cast import SCALES, Cast, choose
from learnsite_desktop.cli.demo.material import Material
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.regions import shipped_regions
from learnsite_desktop.services.trial.people import NamePools

Json = dict[str, Any]
FIRST = date(2026, 1, 1)
MONTHS = ((2026, 1), (2026, 2), (2026, 3))


def cast_of(scale: str, seed: int) -> Cast:
    rows = [row.as_row() for row in shipped_regions("410122").rows()]
    return choose(SCALES[scale], rows, seed, NamePools(resource("demo", "names_zh.json")))


def files_of(cast: Cast, seed: int) -> dict[str, list[Json]]:
    pools = NamePools(resource("demo", "names_zh.json"))
    plans = [*cast.townships, *(plan for plans in cast.villages.values() for plan in plans)]
    found = {}
    for plan in plans:
        material = Material(plan, seed, pools, FIRST)
        found[plan.code] = [material.base(2025), *(material.month(*month) for month in MONTHS)]
    return found


@pytest.fixture(scope="module")
def files() -> dict[str, list[Json]]:
    return files_of(cast_of("small", 1), 1)


def entries(files: dict[str, list[Json]], section: str) -> list[Json]:
    return [entry for told in files.values() for file in told for entry in file.get(section, [])]


def test_no_number_can_belong_to_anybody(files: dict[str, list[Json]]) -> None:
    learners = entries(files, "learners")
    numbers = [learner["id_number"] for learner in learners if "id_number" in learner]
    assert len(numbers) > 10
    for number in numbers:
        assert number.startswith("410199")
        assert ric.calc_check_digit(number) == number[17]
    guardians = [learner["guardian"] for learner in learners if "guardian" in learner]
    mobiles = [
        person["mobile"]
        for person in [*learners, *guardians, *entries(files, "staff")]
        if "mobile" in person
    ]
    assert all(mobile.startswith("144") and len(mobile) == 11 for mobile in mobiles)
    assert max(Counter(mobiles).values()) == 1


def test_births_are_known_to_the_year_the_month_or_the_day(files: dict[str, list[Json]]) -> None:
    lengths = Counter(len(learner["birth"]) for learner in entries(files, "learners"))
    assert set(lengths) == {4, 7, 10}
    assert all(
        learner["birth"].replace("-", "") == learner["id_number"][6:14]
        for learner in entries(files, "learners")
        if "id_number" in learner
    )


def test_somebody_turns_60_inside_the_period_in_every_unit(files: dict[str, list[Json]]) -> None:
    for told in files.values():
        births = [learner["birth"] for learner in told[0]["learners"]]
        assert any("1966-01-01" < birth < "1966-04-01" for birth in births)


def test_marks_stand_on_the_roster_or_are_walk_ins(files: dict[str, list[Json]]) -> None:
    for told in files.values():
        roster: dict[tuple[str, str], tuple[str, str]] = {}
        classes = set()
        for file in told:
            classes |= {a["ref"] for a in file.get("activities", []) if a["kind"] == "01"}
            for entry in file.get("enrolments", []):
                key = (entry["activity"], entry["learner"])
                roster[key] = (entry["joined"], entry.get("left", "9999"))
            sessions = {entry["ref"]: entry for entry in file.get("sessions", [])}
            for call in file.get("rollcalls", []):
                session = sessions[call["session"]]
                assert session["status"] == "held"
                for row in call["rows"]:
                    if session["activity"] not in classes or row["status"] == "W":
                        continue
                    joined, left = roster[session["activity"], row["learner"]]
                    assert joined <= session["date"] <= left


def test_the_story_has_what_a_real_month_has(files: dict[str, list[Json]]) -> None:
    sessions = entries(files, "sessions")
    statuses = Counter(session["status"] for session in sessions)
    assert {"held", "cancelled", "planned"} <= set(statuses)
    crowds = [
        session
        for told in files.values()
        for file in told
        for session in file.get("sessions", [])
        if "headcount" in session
        and session["ref"] not in {call["session"] for call in file.get("rollcalls", [])}
    ]
    assert crowds
    assert any(s["start"] == "08:30" and s["end"] == "12:40" for s in sessions)
    marks = Counter(row["status"] for call in entries(files, "rollcalls") for row in call["rows"])
    assert set(marks) == set("PLEAXWMR")
    assert any("left" in enrolment for enrolment in entries(files, "enrolments"))
    idle = [told for told in files.values() if not told[2].get("sessions")]
    assert len(idle) == 2


def test_two_people_are_on_the_books_of_two_villages(files: dict[str, list[Json]]) -> None:
    where: dict[tuple[str, str, str], set[str]] = {}
    for unit, told in files.items():
        for learner in told[0]["learners"]:
            key = (learner["name"], learner["sex"], learner["birth"])
            where.setdefault(key, set()).add(unit)
    shared = [key for key, units in where.items() if len(units) > 1]
    assert {4, 10} <= {len(birth) for _name, _sex, birth in shared}


def test_a_seed_tells_one_story_and_another_seed_another(files: dict[str, list[Json]]) -> None:
    again = files_of(cast_of("small", 1), 1)
    assert json.dumps(again, sort_keys=True) == json.dumps(files, sort_keys=True)
    assert json.dumps(files_of(cast_of("small", 2), 2)) != json.dumps(files)


def test_the_county_has_all_its_units() -> None:
    cast = cast_of("county", 1)
    assert len(cast.townships) == 17
    villages = [plan for plans in cast.villages.values() for plan in plans]
    assert len(villages) == 343
    assert 0.8 < sum(plan.site for plan in villages) / 343 < 0.95
    assert len({plan.serial for plan in villages}) == 343
