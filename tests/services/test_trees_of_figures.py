"""Figures "as then" and "as now", recounted from a plain list of what was entered and moved."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desks import COUNTY, Desk, document

NORTH, SOUTH = "410122101000", "410122102000"
OAK, ELM = "410122101205", "410122101206"
NEW = "410122101990"
NOW = "2026-12-31T10:00:00+08:00"


def held(village: str, number: int, day: str, heads: int) -> dict[str, Any]:
    """Return a capture of one held session with a head-count at a site of its own activity."""
    ref = f"{village}-{number}"
    return document(
        source=f"trees-{village}",
        unit=village,
        sites=[
            {
                "ref": "p", "unit": village, "name": "点", "kinds": ["v_point"],
                "opened": "2020-01-01",
            }
        ],
        activities=[
            {
                "ref": "a", "title": "班", "site": "p", "kind": "03", "edu_kinds": ["60"],
                "topics": ["0501"], "delivery": "10",
            }
        ],
        sessions=[
            {
                "ref": ref, "activity": "a", "date": day, "start": "09:00", "end": "10:00",
                "status": "held", "headcount": {"total": heads, "basis": "counted"},
            }
        ],
    )  # fmt: skip


@pytest.fixture
def county(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "county", COUNTY, NOW)
    desk("init", "--tier", "county", "--unit", COUNTY)
    return desk


def figures(desk: Desk, name: str, unit: str, tree: str, period: str = "2026") -> dict[str, Any]:
    """Return a unit's figure and those of its children: unit → (numerator, denominator)."""
    answer = desk(
        "indicators", "--period", period, "--unit", unit, "--children", "--id", name,
        "--tree", tree,
    )  # fmt: skip
    assert answer["tree"] == tree
    return {one["unit"]: (one["numerator"], one["denominator"]) for one in answer["values"]}


def sums(desk: Desk, unit: str, tree: str, period: str = "2026") -> dict[str, int]:
    """Return attendances of a unit and of its children that have any."""
    return {code: top for code, (top, _) in figures(desk, "S01", unit, tree, period).items() if top}


def test_two_villages_merged_in_july(county: Desk) -> None:
    for number, (village, day, heads) in enumerate(
        [(OAK, "2026-03-03", 10), (ELM, "2026-04-03", 20), (OAK, "2026-08-03", 40)]
    ):
        county.capture(held(village, number, day, heads))
    county("regions", "merge", OAK, ELM, "--into", f"{NEW}=栎榆村", "--on", "2026-07-01")
    county.capture(held(NEW, 9, "2026-09-03", 80))
    # As then: three units, each with what it did, the one that ended with what it did later too.
    assert sums(county, NORTH, "then") == {NORTH: 150, OAK: 50, ELM: 20, NEW: 80}
    assert sums(county, NORTH, "now") == {NORTH: 150, NEW: 150}
    assert sums(county, NORTH, "then", "2026-Q3") == {NORTH: 120, OAK: 40, NEW: 80}
    for unit, total in ((OAK, 50), (ELM, 20), (NEW, 80)):
        assert sums(county, unit, "then") == {unit: total}
    refused = ("indicators", "--period", "2026", "--unit", OAK, "--tree", "now")
    assert county.refuses(*refused) == "unit_succeeded"
    drilled = county("drill", "S01", "--period", "2026", "--unit", NEW, "--tree", "now")
    assert sorted((one["unit"], one["contribution"]) for one in drilled["records"]) == [
        (OAK, 10), (OAK, 40), (ELM, 20), (NEW, 80),
    ]  # fmt: skip


def test_coverage_is_of_the_last_day(county: Desk) -> None:
    before = figures(county, "N01", NORTH, "then")[NORTH][1]
    county.capture(held(OAK, 1, "2026-03-03", 10))
    county("regions", "merge", OAK, ELM, "--into", f"{NEW}=栎榆村", "--on", "2026-07-01")
    for tree in ("then", "now"):
        # One village instead of two; the site that the old one left covers it.
        assert figures(county, "N01", NORTH, tree)[NORTH] == (1, before - 1)
        assert figures(county, "N01", NEW, tree)[NEW] == (1, 1)
        # In spring both were there, and one was covered.
        assert figures(county, "N01", NORTH, tree, "2026-Q1")[NORTH] == (1, before)
    # Twelve sessions a year make a site active, wherever its unit lay at the time.
    for number in range(2, 14):
        county.capture(held(OAK, number, f"2026-0{number % 5 + 2}-1{number % 9}", 1))
    county("regions", "move", NEW, "--parent", SOUTH, "--on", "2026-10-01")
    assert figures(county, "N07", SOUTH, "then")[SOUTH] == (1, 1)
    assert figures(county, "N07", NORTH, "then")[NORTH] == (0, 0)


def test_population_is_not_counted_twice(county: Desk) -> None:
    for village, total in ((OAK, 300), (ELM, 500)):
        county.capture(held(village, 1, "2026-03-03", 30))
        county.capture(
            document(
                source="p",
                unit=village,
                population=[
                    {"unit": village, "year": 2025, "total": total, "over60": 9, "source": "村"}
                ],
            )
        )
    county("regions", "merge", OAK, ELM, "--into", f"{NEW}=栎榆村", "--on", "2026-07-01")
    for tree in ("then", "now"):
        assert figures(county, "P01", NORTH, tree)[NORTH] == (0, 800)
        assert figures(county, "P01", NEW, tree)[NEW] == (0, 800)
    county.capture(
        document(
            source="p",
            unit=NEW,
            population=[{"unit": NEW, "year": 2025, "total": 810, "over60": 9, "source": "村"}],
        )
    )
    for tree in ("then", "now"):
        assert figures(county, "P01", NORTH, tree)[NORTH] == (0, 810)


# -- recounted -------------------------------------------------------------------------------------


@dataclass
class Ledger:
    """Days and what lay where on each: the plainest account there is of a county."""

    parents: dict[str, str]
    log: list[tuple[date, str, str, str]] = field(default_factory=list)
    sessions: list[tuple[str, date, int]] = field(default_factory=list)

    def parent(self, village: str, day: date) -> str:
        """Return the township a village lay under on a day."""
        found = self.parents[village]
        for when, what, code, value in self.log:
            if what == "move" and code == village and when <= day:
                found = value
        return found

    def heir(self, village: str) -> str:
        """Return who stands for a village in the end."""
        for _when, what, code, value in self.log:
            if what == "end" and code == village:
                return self.heir(value)
        return village

    def own(self, village: str, tree: str) -> int:
        """Count a village's own sessions, wherever it lay; "now" with those it stands for."""
        return sum(
            n
            for unit, _day, n in self.sessions
            if (self.heir(unit) if tree == "now" else unit) == village
        )

    def then(self, township: str) -> int:
        """Count what happened in a township's villages while they were its own."""
        return sum(n for unit, day, n in self.sessions if self.parent(unit, day) == township)

    def now(self, township: str) -> int:
        """Count what happened in what are a township's villages today."""
        end = date(2026, 12, 31)
        return sum(
            n for unit, _day, n in self.sessions if self.parent(self.heir(unit), end) == township
        )


@pytest.mark.parametrize("seed", range(6))
def test_recounted_by_hand(county: Desk, seed: int) -> None:
    """Villages move, merge and go on under new codes in any order; both counts follow."""
    chance = random.Random(seed)
    villages = ["410122101205", "410122101206", "410122101207", "410122102200", "410122102201"]
    known = {row["code"]: row["parent"] for row in county("units")["units"]}
    villages = [code for code in villages if code in known]
    ledger = Ledger({code: known[code] for code in villages})
    townships = sorted({NORTH, SOUTH, *ledger.parents.values()})
    alive, fresh = list(villages), 0
    day, number = date(2026, 1, 5), 0
    while day < date(2026, 10, 20):
        for _again in range(chance.randint(1, 3)):
            number += 1
            # A computer of a unit that ended goes on for a while under the old code.
            village = chance.choice([*alive, *ledger.parents])
            when, heads = day + timedelta(days=chance.randint(0, 20)), chance.randint(1, 9)
            county.capture(held(village, number, when.isoformat(), heads))
            ledger.sessions.append((village, when, heads))
        day += timedelta(days=chance.randint(40, 70))
        act = chance.choice(["move", "merge", "convert"])
        one = chance.choice(alive)
        if act == "move":
            to = chance.choice([code for code in townships if code != ledger.parent(one, day)])
            county("regions", "move", one, "--parent", to, "--on", day.isoformat())
            ledger.log.append((day, "move", one, to))
            continue
        fresh += 1
        new = f"41012210199{fresh}"
        under = ledger.parent(one, day)
        gone = [one]
        if act == "merge":
            beside = [c for c in alive if c != one and ledger.parent(c, day) == under]
            gone += beside[:1]
        command = "merge" if len(gone) > 1 else "convert"
        county("regions", command, *gone, "--into", f"{new}=新村", "--on", day.isoformat())
        ledger.parents[new] = under
        ledger.log += [(day, "end", code, new) for code in gone]
        alive = [code for code in alive if code not in gone] + [new]
    for township in townships:
        for tree, expected in (("then", ledger.then(township)), ("now", ledger.now(township))):
            found = figures(county, "S01", township, tree)
            assert found.pop(township)[0] == expected, (township, tree)
            for code, (top, _bottom) in found.items():
                assert top == ledger.own(code, tree), (township, tree, code)
            if tree == "now":
                assert sum(top for top, _bottom in found.values()) == expected, township
    total = sum(heads for _unit, _day, heads in ledger.sessions)
    for tree in ("then", "now"):
        assert figures(county, "S01", COUNTY, tree)[COUNTY][0] == total
    assert county.is_sound()


def test_who_lay_there_on_the_last_day_is_asked(county: Desk) -> None:
    """A village that moved in July hands June in to the old township, July to the new one."""
    for village in (OAK, ELM):
        county.capture(held(village, 1, "2026-03-03", 10))
    county("regions", "merge", OAK, ELM, "--into", f"{NEW}=栎榆村", "--on", "2026-07-01")
    county.capture(held(NEW, 1, "2026-07-03", 10))

    def asked(period: str) -> list[str]:
        return [row["unit"] for row in county("completeness", "--period", period)["units"]]

    assert asked("2026-06") == [OAK, ELM]
    assert asked("2026-07") == [NEW]
