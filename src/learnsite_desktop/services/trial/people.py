"""Synthetic people: names true to their birth cohort, numbers that can belong to nobody.

ID numbers use area 410199, which was never assigned, and mobiles the block 144xxxxxxxx, which
serves machines only, so that no invented person hits a real one.
"""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, Final

Json = dict[str, Any]

ID_AREA: Final = "410199"
MOBILE_BLOCK: Final = "144"
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
_COHORTS: Final = (
    (1950, "to1949"),
    (1965, "1950_64"),
    (1980, "1965_79"),
    (2000, "1980_99"),
    (9999, "2000on"),
)
_SENSITIVE: Final = ("lone_elder", "disabled", "low_income", "unemployed")
_OPEN_GROUPS: Final = ("farmer", "farmer", "farmer", "migrant_worker", "volunteer", "parent")
_EDUCATION: Final = ("90", "80", "80", "70", "70", "70", "60", "40", "30")
_RELATIONS: Final = ("父亲", "母亲", "祖父", "祖母")
CLAN_SHARE: Final = 0.45
YEAR_ONLY, YEAR_MONTH = 0.30, 0.15


class NamePools:
    """Weighted surnames and given-name characters by birth cohort and sex."""

    def __init__(self, path: Path) -> None:
        """Read the pools from a JSON file (`surnames` [[name, weight]], `cohorts`)."""
        self._pools: Json = json.loads(path.read_text(encoding="utf-8"))

    @cached_property
    def _surnames(self) -> tuple[list[str], list[float]]:
        names, weights = zip(*self._pools["surnames"], strict=True)
        return list(names), list(weights)

    def surname(self, rng: Random) -> str:
        """Return a surname by its share in the population."""
        names, weights = self._surnames
        return rng.choices(names, weights)[0]

    def given(self, rng: Random, year: int, sex: str) -> str:
        """Return a given name of the birth cohort of `year`."""
        cohort = next(name for end, name in _COHORTS if year < end)
        pool = self._pools["cohorts"][cohort][sex]
        if rng.random() < pool["p1"]:
            return str(rng.choice(pool["single"]))
        return str(rng.choice(pool["first"])) + str(rng.choice(pool["second"]))


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person; `birth` is the real day, whatever of it gets written down."""

    name: str
    sex: str
    birth: date


@dataclass
class Population:
    """Draws the people of one village: its clans, its ages, its numbers.

    `serial` keeps mobiles apart between villages: an 8-digit number below 10**8.
    """

    rng: Random
    pools: NamePools
    serial: int
    clans: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clans = [self.pools.surname(self.rng) for _ in range(2)]

    def person(self, born: date | None = None) -> Person:
        """Return a person, by default of an age that comes to village classes."""
        rng = self.rng
        birth = born or self._birth()
        sex = "F" if rng.random() < 0.62 else "M"
        clan = rng.random() < CLAN_SHARE
        surname = rng.choice(self.clans) if clan else self.pools.surname(rng)
        return Person(surname + self.pools.given(rng, birth.year, sex), sex, birth)

    def _birth(self) -> date:
        """Six in ten are 60 or older, one in twenty is a minor."""
        low, high = self.rng.choices(
            ((1940, 1965), (1966, 1985), (1986, 2005), (2009, 2016)), (60, 25, 10, 5)
        )[0]
        first = date(low, 1, 1)
        return first + timedelta(days=self.rng.randrange((date(high, 12, 31) - first).days + 1))

    def mobile(self) -> str:
        """Return the next mobile number of this village."""
        self.serial += 1
        return f"{MOBILE_BLOCK}{self.serial:08d}"

    def entry(self, person: Person, ref: str, joined: date, precision: str = "") -> Json:
        """Return the learner entry of a capture file; `precision` is year, month or day."""
        rng = self.rng
        precision = precision or _precision(rng)
        minor = person.birth.year > joined.year - 18
        if minor:
            precision = "day"
        found: Json = {
            "ref": ref,
            "name": person.name,
            "sex": person.sex,
            "birth": _written(person.birth, precision),
            "residence": "local" if rng.random() < 0.93 else "migrant",
        }
        if precision == "day" and not minor and rng.random() < 0.12:
            found |= {"id_kind": "111", "id_number": id_number(person, rng.randrange(499))}
        if minor:
            return found | self._guarded(person, joined)
        if rng.random() < 0.6:
            found["mobile"] = self.mobile()
        if rng.random() < 0.5:
            found["education"] = rng.choice(_EDUCATION)
        return found | self._groups(joined)

    def _groups(self, joined: date) -> Json:
        """Return typed groups, and the separate consent that sensitive ones want."""
        rng = self.rng
        consents = [_consent("notice", joined, "self")]
        groups = []
        if rng.random() < 0.5:
            groups.append({"code": rng.choice(_OPEN_GROUPS)})
        if rng.random() < 0.06:
            groups.append({"code": rng.choice(_SENSITIVE)})
            consents.append(_consent("sensitive", joined, "self"))
        return {"consents": consents} | ({"groups": groups} if groups else {})

    def _guarded(self, person: Person, joined: date) -> Json:
        """Return guardian and consents of a minor."""
        parent = person.name[:1] + self.pools.given(self.rng, person.birth.year - 30, "M")
        return {
            "guardian": {
                "name": parent,
                "relation": self.rng.choice(_RELATIONS),
                "mobile": self.mobile(),
                "date": joined.isoformat(),
            },
            "consents": [
                _consent("notice", joined, "guardian"),
                _consent("guardian", joined, "guardian"),
            ],
        }


def id_number(person: Person, pair: int) -> str:
    """Return a well-formed ID number of the unassigned area; `pair` is below 499.

    Numbers ending in 000 look like those a spreadsheet has damaged and are passed over.
    """
    sequence = 2 * pair + (1 if person.sex == "M" else 2)
    body = f"{ID_AREA}{person.birth:%Y%m%d}{sequence:03d}"
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    number = body + _CHECK[total % 11]
    return id_number(person, pair - 1) if number.endswith("000") else number


def _consent(kind: str, day: date, by: str) -> Json:
    return {"kind": kind, "date": day.isoformat(), "by": by, "medium": "paper"}


def _precision(rng: Random) -> str:
    draw = rng.random()
    if draw < YEAR_ONLY:
        return "year"
    return "month" if draw < YEAR_ONLY + YEAR_MONTH else "day"


def _written(birth: date, precision: str) -> str:
    """Return what the roster has of a birth day: year, year and month, or all."""
    return birth.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)]
