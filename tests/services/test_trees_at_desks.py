"""Figures "as now" after units closed, merged, became others and were put right, at every desk.

Recounted from a plain book that knows nothing of the product: who lay where since when, who took
over from whom. A desk that cannot hold what counts must name whose entries it lacks.
"""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desks import Desk, opened
from tests.services.test_trees_of_figures import figures, held, sums

COUNTY, EAST, WEST, NORTH = "530999000000", "530999100000", "530999101000", "530999202000"
OAK, ELM, ASH = "530999100201", "530999100202", "530999100203"
FIR, YEW, BAY = "530999101201", "530999101202", "530999202201"
REGIONS = f"""code,parent,level,name,kind
530000000000,,1,滇省,province
530900000000,530000000000,2,江市,city
{COUNTY},530900000000,3,柳县,county
{EAST},{COUNTY},4,东镇,town
{WEST},{COUNTY},4,西镇,town
{NORTH},{COUNTY},4,北乡,township
{OAK},{EAST},5,栎村,village_committee
{ELM},{EAST},5,榆村,village_committee
{ASH},{EAST},5,桦村,village_committee
{FIR},{WEST},5,杉村,village_committee
{YEW},{WEST},5,柏村,village_committee
{BAY},{NORTH},5,桂村,village_committee
"""
STREET, HOME = "530999009000", "530999100901"
NOW = "2026-12-31T10:00:00+08:00"
END = date(2026, 12, 31)
QUARTERS = {
    "2026": (date(2026, 1, 1), END),
    "2026-Q2": (date(2026, 4, 1), date(2026, 6, 30)),
    "2026-Q4": (date(2026, 10, 1), END),
}


@dataclass
class Desks:
    """A county with its computers, and the stick that goes between them."""

    place: Path
    desks: dict[str, Desk] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    carried: int = 0

    def __getitem__(self, unit: str) -> Desk:
        return self.desks[unit]

    def open(self, unit: str, above: str) -> Desk:
        """Open a computer for a unit, with a file from the one above."""
        self.desks[unit] = opened(self[above], unit, self.place / unit)
        self.desks[unit].now = NOW
        self.parents[unit] = above
        self.carry(unit, above)
        self.carry(above, unit)
        return self.desks[unit]

    def carry(self, from_unit: str, to_unit: str) -> None:
        """Carry a file from one desk to another."""
        self.carried += 1
        file = self[from_unit].pack(to_unit, self.place / f"stick{self.carried}")
        self[to_unit]("receive", file)

    def exchange(self, lie: dict[str, str]) -> None:
        """Let everybody's file come down; `lie` says under which desk each one lies."""
        for unit in sorted(self.desks, key=lambda code: (lie.get(code, "") != COUNTY, code)):
            if lie.get(unit) in self.desks:
                self.carry(lie[unit], unit)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with computers at three townships and two villages."""
    place = tmp_path_factory.mktemp("founded")
    (place / "regions.csv").write_text(REGIONS, encoding="utf-8")
    found = Desks(place, {COUNTY: Desk(place / COUNTY, COUNTY, NOW)})
    found[COUNTY]("init", "--tier", "county", "--unit", COUNTY, "--regions", place / "regions.csv")
    for unit, above in ((EAST, COUNTY), (WEST, COUNTY), (OAK, EAST), (FIR, WEST)):
        found.open(unit, above)
    for unit, above in ((EAST, COUNTY), (WEST, COUNTY)):
        found.carry(unit, above)
        found.carry(above, unit)
    return place


@pytest.fixture
def desks(founded: Path, tmp_path: Path) -> Desks:
    place = tmp_path / "desks"
    shutil.copytree(founded, place)
    found = Desks(place)
    for unit, above in ((COUNTY, ""), (EAST, COUNTY), (WEST, COUNTY), (OAK, EAST), (FIR, WEST)):
        found.desks[unit], found.parents[unit] = Desk(place / unit, unit, NOW), above
    return found


def asked(desk: Desk, unit: str, tree: str = "now", name: str = "S01") -> dict[str, Any]:
    """Return one figure of a unit for the year."""
    (value,) = desk("indicators", "--period", "2026", "--unit", unit, "--id", name, "--tree", tree)[
        "values"
    ]
    return dict(value)


# -- whose records a desk cannot hold --------------------------------------------------------------


def test_a_desk_says_whose_records_it_never_gets(desks: Desks) -> None:
    """Oak of the east goes on in Fir of the west: there one has only what Fir entered."""
    county = desks[COUNTY]
    county.capture(held(OAK, 1, "2026-01-05", 11))
    county.capture(held(FIR, 1, "2026-01-06", 100))
    desks.exchange(desks.parents)
    county("regions", "merge", OAK, "--into", FIR, "--on", "2026-03-01")
    desks.exchange(desks.parents)
    whole = asked(county, WEST)
    assert (whole["value"], whole["incomplete"], whole["missing"]) == (111, [], None)
    for desk, unit in ((WEST, WEST), (WEST, FIR), (FIR, FIR)):
        value = asked(desks[desk], unit)
        assert (value["value"], value["incomplete"]) == (100, [OAK])
        assert "栎村" in value["missing"]
        assert "柳县" in value["missing"]
        assert asked(desks[desk], unit, "then")["incomplete"] == []
    # Who lost it lacks nothing, and every way of looking at the figure says the same.
    assert asked(desks[EAST], EAST)["incomplete"] == []
    west = desks[WEST]
    words = ("S01", "--period", "2026", "--unit", WEST, "--tree", "now")
    assert west("drill", *words)["incomplete"] == [OAK]
    assert county("drill", *words)["incomplete"] == []
    assert {tuple(one["incomplete"]) for one in west("trend", *words)["values"]} == {(OAK,)}
    (out,) = [one for one in west("excluded", *words)["excluded"] if one["reason"] == "not_here"]
    assert out["count"] == 1
    assert west("excluded", *words[:-1], "then")["excluded"] == []


def test_a_street_says_what_stayed_with_the_township(desks: Desks) -> None:
    county = desks[COUNTY]
    county.capture(held(OAK, 1, "2026-01-05", 5))
    county.capture(held(ELM, 1, "2026-01-05", 70))
    county("regions", "close", OAK, "--on", "2026-02-01")
    county("regions", "convert", EAST, "--into", f"{STREET}=东街道", "--on", "2026-03-01")
    # Whoever was closed under the township counts for the street that took it over.
    assert sums(county, COUNTY, "now") == {COUNTY: 75, STREET: 75}
    assert sums(county, STREET, "now") == {STREET: 75, OAK: 5, ELM: 70}
    assert sums(county, COUNTY, "then") == {COUNTY: 75, EAST: 75}
    drilled = county("drill", "S01", "--period", "2026", "--unit", STREET, "--tree", "now")
    assert drilled["total"] == 2
    desks.open(STREET, COUNTY)
    value = asked(desks[STREET], STREET)
    assert (value["value"], value["incomplete"]) == (70, [EAST, OAK])


def test_what_was_entered_late_for_a_closed_village_is_listed_under_who_stands_there(
    desks: Desks,
) -> None:
    county = desks[COUNTY]
    county("regions", "close", OAK, "--on", "2026-02-01")
    county("regions", "convert", EAST, "--into", f"{STREET}=东街道", "--on", "2026-03-01")
    county.capture(held(OAK, 1, "2026-05-05", 5))
    assert sums(county, COUNTY, "now", "2026-Q2") == {COUNTY: 5, STREET: 5}
    assert sums(county, COUNTY, "then", "2026-Q2") == {COUNTY: 5, EAST: 5}
    assert sums(county, COUNTY, "then", "2026-Q4") == {}


# -- a mistaken change, put right ------------------------------------------------------------------


def test_a_mistaken_move_is_taken_back_and_made_on_its_true_day(desks: Desks) -> None:
    county = desks[COUNTY]
    county.capture(held(OAK, 1, "2026-03-15", 5))
    county.capture(held(OAK, 2, "2026-05-15", 70))
    move = ("regions", "move", OAK, "--parent")
    county(*move, WEST, "--on", "2026-04-01")
    county("regions", "undo")
    assert sums(county, COUNTY, "then") == {COUNTY: 75, EAST: 75}
    assert sums(county, WEST, "then") == {}
    assert [code for code, _ in figures(county, "S01", EAST, "then").items()].count(OAK) == 1
    county(*move, WEST, "--on", "2026-03-01")
    assert sums(county, COUNTY, "then") == {COUNTY: 75, WEST: 75}
    county("regions", "undo")
    county(*move, NORTH, "--on", "2026-04-01")
    assert sums(county, COUNTY, "then") == {COUNTY: 75, EAST: 5, NORTH: 70}
    # A move that stands is not overtaken by an earlier one.
    assert county.refuses(*move, WEST, "--on", "2026-03-01") == "regions_date_order"
    assert county.is_sound()


def test_two_changes_taken_back_leave_no_day_behind(desks: Desks) -> None:
    county = desks[COUNTY]
    for month, heads in ((3, 1), (5, 20), (7, 300)):
        county.capture(held(OAK, month, f"2026-0{month}-15", heads))
    county("regions", "move", OAK, "--parent", WEST, "--on", "2026-04-01")
    county("regions", "move", OAK, "--parent", NORTH, "--on", "2026-06-01")
    county("regions", "undo")
    assert sums(county, COUNTY, "then") == {COUNTY: 321, EAST: 1, WEST: 320}
    county("regions", "undo")
    assert sums(county, COUNTY, "then") == {COUNTY: 321, EAST: 321}
    county("regions", "move", OAK, "--parent", NORTH, "--on", "2026-06-01")
    assert sums(county, COUNTY, "then") == {COUNTY: 321, EAST: 21, NORTH: 300}


def test_a_conversion_dated_wrongly_is_made_again_under_the_same_code(desks: Desks) -> None:
    county = desks[COUNTY]
    county.capture(held(OAK, 1, "2026-03-15", 5))
    county("regions", "convert", EAST, "--into", f"{STREET}=东街道", "--on", "2026-04-01")
    county("regions", "undo")
    desks.exchange(desks.parents)
    assert sums(county, COUNTY, "then") == {COUNTY: 5, EAST: 5}
    county("regions", "convert", EAST, "--into", f"{STREET}=东街道", "--on", "2026-03-01")
    assert sums(county, COUNTY, "then") == {COUNTY: 5, STREET: 5}
    assert county.is_sound()
    desks.exchange(desks.parents)
    for desk in (EAST, OAK):
        (row,) = [one for one in desks[desk]("units")["units"] if one["code"] == STREET]
        assert (row["valid_from"], row["valid_to"]) == ("2026-03-01", None)
    refused = ("regions", "convert", OAK, "--into", f"{ELM}=榆社区", "--on", "2026-05-01")
    assert county.refuses(*refused) == "regions_unit_exists"


# -- what a unit that was closed hears -------------------------------------------------------------


def test_the_desk_of_a_closed_village_is_told(desks: Desks) -> None:
    county, village = desks[COUNTY], desks[FIR]
    village.capture(held(FIR, 1, "2026-09-02", 3))
    assert village("today")["ended"] is None
    assert [one["period"] for one in village("today")["months"]][-1] == "2026-12"
    desks.carry(FIR, WEST)
    county("regions", "convert", FIR, "--into", f"{HOME}=杉社区", "--on", "2026-10-15")
    desks.exchange(desks.parents)
    told = village("today")
    assert (told["ended"]["valid_to"], told["ended"]["successor"]) == ("2026-10-15", HOME)
    assert HOME in told["ended"]["said"]
    assert "杉社区" in told["ended"]["remedy"]
    assert [one["period"] for one in told["months"]] == ["2026-09", "2026-10"]

    def noted(number: int, day: str) -> list[dict[str, Any]]:
        answer = village.capture(held(FIR, number, day, 5))
        return [one for one in answer["issues"] if one["code"] == "SESSION_AFTER_CLOSING"]

    assert noted(2, "2026-10-14") == []
    (late,) = noted(3, "2026-10-15")
    assert late["severity"] == "note"
    assert "杉社区" in late["remedy"]
    assert asked(village, FIR, "then")["value"] == 13


def test_a_village_that_nobody_took_over_hears_whose_the_place_is(desks: Desks) -> None:
    desks[COUNTY]("regions", "close", FIR, "--on", "2026-10-01")
    desks.exchange(desks.parents)
    ended = desks[FIR]("today")["ended"]
    assert (ended["valid_to"], ended["successor"]) == ("2026-10-01", None)
    assert "西镇" in ended["remedy"]
    # It was closed on the first: no month is due any more that began then.
    assert [one["period"] for one in desks[FIR]("today")["months"]] == ["2026-09"]


def test_where_a_village_packs_to_that_was_closed_before_its_township_changed(
    desks: Desks,
) -> None:
    county, village = desks[COUNTY], desks[FIR]
    village.capture(held(FIR, 1, "2026-01-06", 100))
    county("regions", "close", FIR, "--on", "2026-03-01")
    county("regions", "convert", WEST, "--into", f"{STREET}=西街道", "--on", "2026-04-01")
    desks.carry(COUNTY, WEST)
    desks.carry(WEST, FIR)
    answer = village("pack", "--to", STREET, "--out", desks.place / "no", code=1)
    assert answer["error"]["code"] == "pack_no_route"
    assert COUNTY in answer["error"]["remedy"]
    # What the remedy says works, and the figure of whoever stands there is whole.
    desks.carry(FIR, COUNTY)
    assert sums(county, COUNTY, "now") == {COUNTY: 100, STREET: 100}


# -- recounted -------------------------------------------------------------------------------------


@dataclass
class Book:
    """Who lay where since when, who ended and who took over: read as it stands, day by day."""

    lay: dict[str, list[tuple[date, str]]]
    heirs: dict[str, str] = field(default_factory=dict)
    ended: dict[str, date] = field(default_factory=dict)
    sessions: list[tuple[str, date, int]] = field(default_factory=list)

    def parent(self, unit: str, day: date = END) -> str:
        """Return where a unit lay on a day."""
        return [above for since, above in self.lay[unit] if since <= day][-1]

    def heir(self, unit: str) -> str:
        """Return who stands for a unit in the end."""
        while unit in self.heirs:
            unit = self.heirs[unit]
        return unit

    def open(self, level: int) -> list[str]:
        """Return the open villages or townships."""
        return sorted(
            unit
            for unit in self.lay
            if unit not in self.ended and (self.parent(unit) == COUNTY) == (level == 4)
        )

    def stands_under(self, unit: str) -> set[str]:
        """Return who a unit counts for today: who stands for it, and for what lay above that."""
        found = set()
        while unit in self.lay:
            unit = self.heir(unit)
            found.add(unit)
            unit = self.parent(unit)
        return found | {self.heir(unit)}

    def lies_under(self, unit: str) -> set[str]:
        """Return the units that a unit's file goes to today: itself and what it lies under."""
        found = {unit}
        while unit in self.lay:
            unit = self.parent(unit)
            found.add(unit)
        return found

    def now(self, unit: str, first: date, last: date) -> int:
        """Count what happened in all that stands under a unit today."""
        return sum(
            n
            for code, day, n in self.sessions
            if first <= day <= last and unit in self.stands_under(code)
        )

    def then(self, unit: str, first: date, last: date) -> int:
        """Count what happened in a township's villages while they were its own."""
        return sum(
            n
            for code, day, n in self.sessions
            if first <= day <= last and unit in (code, self.parent(code, day))
        )

    def counting(self, unit: str) -> set[str]:
        """Return the units whose entries count for a unit today."""
        return {code for code in self.lay if unit in self.stands_under(code)}


class History:
    """Changes of a county in any order, at the county's desk and in the book alike."""

    def __init__(self, county: Desk, seed: int) -> None:
        self.county, self.chance = county, random.Random(seed)
        lie = {EAST: COUNTY, WEST: COUNTY, NORTH: COUNTY, FIR: WEST, YEW: WEST, BAY: NORTH}
        lie |= dict.fromkeys((OAK, ELM, ASH), EAST)
        self.book = Book({unit: [(date.min, above)] for unit, above in lie.items()})
        self.day, self.made, self.number = date(2026, 1, 3), 0, 0

    def run(self, steps: int) -> Iterator[None]:
        """Make a change and let the villages work, over and over."""
        acts = (self.move, self.mistake, self.close, self.merge, self.convert, self.street)
        for _step in range(steps):
            self.work()
            self.day += timedelta(days=self.chance.randint(8, 30))
            self.chance.choice(acts)()
            yield
        self.work()

    def work(self) -> None:
        """Enter a session for some; a computer of a unit that ended goes on for a while."""
        for unit in self.chance.sample(sorted(self.book.lay), 5):
            if self.book.parent(unit) == COUNTY:
                continue
            self.number += 1
            day = self.day + timedelta(days=self.chance.randint(0, 7))
            heads = self.chance.randint(1, 999)
            self.county.capture(held(unit, self.number, day.isoformat(), heads))
            self.book.sessions.append((unit, day, heads))

    def edit(self, *words: str, on: date | None = None) -> None:
        """Change the tree at the county's desk."""
        self.county("regions", *words, "--on", (on or self.day).isoformat())

    def move(self) -> None:
        """Put a village under another township."""
        unit = self.chance.choice(self.book.open(5))
        to = self.chance.choice(self.book.open(4))
        if to != self.book.parent(unit):
            self.edit("move", unit, "--parent", to)
            self.book.lay[unit].append((self.day, to))

    def mistake(self) -> None:
        """Put a village elsewhere, take that back, and say it rightly: earlier, elsewhere."""
        unit = self.chance.choice(self.book.open(5))
        wrong, right = self.chance.sample(self.book.open(4), 2)
        here = self.book.parent(unit)
        on = self.day - timedelta(days=self.chance.randint(0, 7))
        if here in (wrong, right) or on <= self.book.lay[unit][-1][0]:
            return
        self.edit("move", unit, "--parent", wrong)
        self.county("regions", "undo")
        self.edit("move", unit, "--parent", right, on=on)
        self.book.lay[unit].append((on, right))

    def end(self, unit: str, heir: str = "") -> None:
        """Note in the book that a unit ended."""
        self.book.ended[unit] = self.day
        if heir:
            self.book.heirs[unit] = heir

    def close(self) -> None:
        """End a village that nobody takes over."""
        unit = self.chance.choice(self.book.open(5))
        if len(self.book.open(5)) > 3:
            self.edit("close", unit)
            self.end(unit)

    def merge(self) -> None:
        """Let a village go on in another, of whichever township."""
        if len(self.book.open(5)) > 3:
            unit, into = self.chance.sample(self.book.open(5), 2)
            self.edit("merge", unit, "--into", into)
            self.end(unit, into)

    def convert(self) -> None:
        """Let a village go on under another code."""
        unit = self.chance.choice(self.book.open(5))
        self.made += 1
        new = f"5309991009{self.made:02}"
        self.edit("convert", unit, "--into", f"{new}=社区{self.made}")
        self.book.lay[new] = [(date.min, self.book.parent(unit))]
        self.end(unit, new)

    def street(self) -> None:
        """Let a township go on as a street, sometimes in the one beside it."""
        unit = self.chance.choice(self.book.open(4))
        below = [code for code in self.book.open(5) if self.book.parent(code) == unit]
        others = [code for code in self.book.open(4) if code != unit]
        if len(others) > 2 and self.chance.random() < 0.5:
            new = self.chance.choice(others)
            for code in below:
                self.edit("move", code, "--parent", new)
            self.edit("merge", unit, "--into", new)
        else:
            self.made += 1
            new = f"5309990{self.made:02}000"
            self.edit("convert", unit, "--into", f"{new}=街道{self.made}")
            self.book.lay[new] = [(date.min, COUNTY)]
        for code in below:
            self.book.lay[code].append((self.day, new))
        self.end(unit, new)


@pytest.mark.parametrize("seed", range(5))
def test_the_county_recounted(desks: Desks, seed: int) -> None:
    """Whatever was closed, merged, changed or put right: both counts, and what they are made of."""
    history = History(desks[COUNTY], seed)
    for _step in history.run(10):
        pass
    book, county = history.book, desks[COUNTY]
    townships = [unit for unit in book.lay if book.parent(unit) == COUNTY]
    for period, (first, last) in QUARTERS.items():
        whole = sum(n for _unit, day, n in book.sessions if first <= day <= last)
        for tree, count in (("then", book.then), ("now", book.now)):
            of = {unit: count(unit, first, last) for unit in townships}
            if tree == "now":
                of = {unit: n for unit, n in of.items() if unit not in book.heirs}
            expected = {unit: n for unit, n in of.items() if n} | ({COUNTY: whole} if whole else {})
            assert sums(county, COUNTY, tree, period) == expected, (tree, period)
            assert sum(of.values()) == whole
        for unit in book.open(4):
            expected = {
                code: book.now(code, first, last)
                for code in book.lay
                if code not in book.heirs and book.heir(book.parent(code)) == unit
            }
            expected[unit] = book.now(unit, first, last)
            found = sums(county, unit, "now", period)
            assert found == {code: n for code, n in expected.items() if n}, (unit, period)
            assert sum(n for code, n in found.items() if code != unit) == expected[unit]
    assert county.is_sound()


@pytest.mark.parametrize("seed", range(3))
def test_every_desk_is_right_or_says_what_it_lacks(desks: Desks, seed: int) -> None:
    history = History(desks[COUNTY], 100 + seed)
    book = history.book
    for _step in history.run(6):
        if history.chance.random() < 0.5:
            desks.exchange({unit: book.parent(unit) for unit in desks.desks if unit in book.lay})
    for unit in book.open(4):
        if unit not in desks.desks:
            desks.open(unit, COUNTY)
    desks.exchange({unit: book.parent(unit) for unit in desks.desks if unit in book.lay})
    for at, desk in desks.desks.items():
        for unit in book.lay:
            if unit in book.heirs or at not in book.lies_under(unit):
                continue
            value = asked(desk, unit)
            kept = {code for code in book.counting(unit) if at not in book.lies_under(code)}
            assert value["incomplete"] == sorted(kept), (at, unit)
            if not kept:
                assert value["value"] == book.now(unit, date.min, END), (at, unit)
    assert asked(desks[COUNTY], COUNTY)["incomplete"] == []
