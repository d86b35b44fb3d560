"""People of whom it is known who is who, as villages would write them down, some of them twice.

Names are true to their cohorts, with clans. A second record is written without looking at the
first: less of the birth day, another phone, no ID number, a character heard amiss, a day mistyped.
"""

from dataclasses import dataclass, field, replace
from itertools import combinations
from random import Random
from typing import Final

from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.trial.people import NamePools, Person, Population, id_number

COUNTY: Final = "410199000000"
VILLAGE_PEOPLE: Final = 170
VILLAGES_OF_A_TOWNSHIP: Final = 20

TWICE, THRICE = 0.05, 0.005
AWAY: Final = 0.3
PHONE, SHARED_PHONE, OTHER_PHONE = 0.6, 0.1, 0.15
YEAR_ONLY, YEAR_MONTH = 0.3, 0.15
NUMBERED, NUMBER_LEFT_OUT = 0.12, 0.5
HEARD_AMISS, MISREAD, DAY_AMISS = 0.04, 0.02, 0.02
_SOUNDS: Final = (
    "兰蓝岚",
    "芳方坊",
    "玉钰裕",
    "英瑛缨",
    "华桦",
    "明铭名",
    "军君钧",
    "云芸",
    "丽莉俐",
)
_SOUND_OF: Final = {letter: group for group in _SOUNDS for letter in group}

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Written:
    """A record of a person (a number nobody writes down); "" for what is not known."""

    person: int
    unit: str
    name: str
    sex: str
    birth: str
    mobile: str = ""
    number: str = ""


@dataclass(slots=True)
class Known:
    """All records; pairs are of their places in the list, the lower first."""

    tree: RegionTree
    records: list[Written] = field(default_factory=list)

    @property
    def truth(self) -> set[Pair]:
        """Return the pairs of records that are one person."""
        places: dict[int, list[int]] = {}
        for place, record in enumerate(self.records):
            places.setdefault(record.person, []).append(place)
        return {pair for group in places.values() for pair in combinations(group, 2)}


def known_people(count: int, seed: int = 1) -> Known:
    """Return `count` people of a county, recorded once and more; the same for the same seed."""
    rng, pools = Random(seed), NamePools(resource("demo", "names_zh.json"))
    units = _villages(count)
    found = Known(_tree(units))
    numbers: set[str] = set()
    populations = {unit: Population(rng, pools, place * 1000) for place, unit in enumerate(units)}
    phone = ""
    for person in range(count):
        unit = units[person % len(units)]
        population = populations[unit]
        somebody = population.person()
        if rng.random() >= SHARED_PHONE or not phone:
            phone = population.mobile() if rng.random() < PHONE else ""
        first = _written(rng, person, unit, somebody, phone, numbers)
        found.records.append(first)
        for _again in range((rng.random() < TWICE) + (rng.random() < THRICE)):
            other = _elsewhere(rng, units, unit)
            found.records.append(_again_written(rng, first, somebody, other, population))
    return found


def _villages(count: int) -> list[str]:
    villages = max(2, count // VILLAGE_PEOPLE)
    return [
        f"4101991{1 + number // VILLAGES_OF_A_TOWNSHIP:02d}{201 + number % VILLAGES_OF_A_TOWNSHIP}"
        for number in range(villages)
    ]


def _tree(units: list[str]) -> RegionTree:
    towns = sorted({f"{unit[:9]}000" for unit in units})
    rows: list[dict[str, object]] = [
        {"code": COUNTY, "parent": "", "level": "3", "name": "示例县", "kind": "county"}
    ]
    for level, codes in (("4", towns), ("5", units)):
        rows += [
            {
                "code": code,
                "parent": COUNTY if level == "4" else f"{code[:9]}000",
                "level": level,
                "name": f"第{code[6:]}",
                "kind": "town" if level == "4" else "village",
            }
            for code in codes
        ]
    return RegionTree.of(rows)


def _written(
    rng: Random, person: int, unit: str, somebody: Person, phone: str, numbers: set[str]
) -> Written:
    birth, number = _birth(rng, somebody), ""
    if len(birth) == len("1956-04-09") and rng.random() < NUMBERED:
        number = id_number(somebody, rng.randrange(1, 499))
        while number in numbers:
            number = id_number(somebody, rng.randrange(1, 499))
        numbers.add(number)
    return Written(person, unit, somebody.name, somebody.sex, birth, phone, number)


def _again_written(
    rng: Random, first: Written, somebody: Person, unit: str, population: Population
) -> Written:
    phone = population.mobile() if rng.random() < OTHER_PHONE else first.mobile
    number = "" if rng.random() < NUMBER_LEFT_OUT else first.number
    birth = first.birth if number else _birth(rng, somebody)
    if not number and len(birth) == len("1956-04-09") and rng.random() < DAY_AMISS:
        birth = f"{birth[:8]}{1 + int(birth[8:]) % 28:02d}"
    name = _heard(rng, somebody.name)
    return replace(first, unit=unit, name=name, birth=birth, mobile=phone, number=number)


def _birth(rng: Random, somebody: Person) -> str:
    draw = rng.random()
    known = 4 if draw < YEAR_ONLY else 7 if draw < YEAR_ONLY + YEAR_MONTH else 10
    return somebody.birth.isoformat()[:known]


def _heard(rng: Random, name: str) -> str:
    """Return a name as another clerk writes it."""
    place = rng.randrange(1, len(name))
    if rng.random() < HEARD_AMISS and name[place] in _SOUND_OF:
        others = _SOUND_OF[name[place]].replace(name[place], "")
        return name[:place] + rng.choice(others) + name[place + 1 :]
    if rng.random() < MISREAD:
        return name[:place] + rng.choice("文志春金") + name[place + 1 :]
    return name


def _elsewhere(rng: Random, units: list[str], unit: str) -> str:
    """Return another village, mostly of the same township."""
    near = [code for code in units if code[:9] == unit[:9] and code != unit]
    return rng.choice(units if rng.random() < AWAY or not near else near)
