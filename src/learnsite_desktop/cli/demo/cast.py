"""Who plays in the demo: which units of the region tree, how busy each, who is known twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any, Final

from learnsite_desktop.cli.demo.material import UnitPlan
from learnsite_desktop.services.trial.people import NamePools, Person

Json = dict[str, Any]
COUNTY: Final = "410122000000"
SERIALS_PER_UNIT: Final = 10_000
_SMALL_MIX: Final = ("typical", "active", "typical", "quiet")


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of the county plays: townships, villages of each (0 = all), months, its period."""

    name: str
    townships: int
    villages: int
    months: tuple[tuple[int, int], ...]
    period: str

    @property
    def first(self) -> date:
        """The first day told."""
        return date(*self.months[0], 1)


SCALES: Final = {
    "small": Scale("small", 2, 4, ((2026, 1), (2026, 2), (2026, 3)), "2026-Q1"),
    "county": Scale("county", 0, 0, ((2026, 3),), "2026-03"),
}


@dataclass(frozen=True, slots=True)
class Cast:
    """The plans of townships and, by township code, of their villages."""

    townships: tuple[UnitPlan, ...]
    villages: dict[str, tuple[UnitPlan, ...]]


def choose(scale: Scale, regions: Sequence[Json], seed: int, pools: NamePools) -> Cast:
    """Choose units and give them their parts, the same for the same seed."""
    rng = Random(seed)  # noqa: S311 - invented people, not secrets
    below: dict[str, list[Json]] = {}
    for row in regions:
        below.setdefault(row["parent"], []).append(row)
    towns = below[COUNTY]
    if scale.townships:
        large = [row for row in towns if len(below.get(row["code"], [])) >= scale.villages]
        towns = sorted(rng.sample(large, scale.townships), key=lambda row: str(row["code"]))
    serial, townships, villages = 0, [], {}
    for town in towns:
        rows = below.get(town["code"], [])
        if scale.villages:
            rows = sorted(rng.sample(rows, scale.villages), key=lambda row: str(row["code"]))
        homes = tuple(str(row["code"]) for row in rows)
        serial += SERIALS_PER_UNIT
        townships.append(_plan(town, "township", "school", serial, homes=homes))
        plans = []
        for number, row in enumerate(rows):
            serial += SERIALS_PER_UNIT
            plans.append(_village(scale, rng, row, number, serial))
        villages[str(town["code"])] = tuple(plans)
    return Cast(tuple(townships), _known_twice(rng, pools, villages, scale))


def _plan(row: Json, tier: str, bustle: str, serial: int, **more: Any) -> UnitPlan:
    return UnitPlan(
        code=str(row["code"]),
        name=str(row["name"]),
        tier=tier,
        bustle=bustle,
        serial=serial,
        **more,
    )


def _village(scale: Scale, rng: Random, row: Json, number: int, serial: int) -> UnitPlan:
    """Give a village its bustle; in the small demo one of each four is idle in one month."""
    if scale.villages:
        bustle = _SMALL_MIX[number % len(_SMALL_MIX)]
        idle = frozenset({scale.months[1]}) if bustle == "quiet" else frozenset()
        return _plan(row, "village", bustle, serial, idle=idle, long_session=number == 0)
    if row["kind"] == "resident_committee":
        bustle = rng.choices(("community", "busy"), (75, 25))[0]
    else:
        bustle = rng.choices(("quiet", "typical", "active"), (35, 45, 20))[0]
    # the first four of a township play the incidents and need a site
    site = number < len(_SMALL_MIX) or rng.random() < 0.85
    return _plan(row, "village", bustle, serial, site=site, long_session=number == 0)


def _known_twice(
    rng: Random, pools: NamePools, villages: dict[str, tuple[UnitPlan, ...]], scale: Scale
) -> dict[str, tuple[UnitPlan, ...]]:
    """Put a few people on the books of two villages of a township.

    The first is known by the full birth day at both, so the township's computer links the two
    records by itself; the second only by the year, a duplicate left as found.
    """
    found = {}
    for town, plans in villages.items():
        twice = [(_anybody(rng, pools, scale), precision) for precision in ("day", "year")]
        found[town] = tuple(
            replace(plan, guests=tuple(twice)) if number < 2 else plan
            for number, plan in enumerate(plans)
        )
    return found


def _anybody(rng: Random, pools: NamePools, scale: Scale) -> Person:
    """Return somebody between 62 and 80."""
    year = scale.first.year - rng.randrange(62, 80)
    sex = rng.choice("MF")
    name = pools.surname(rng) + pools.given(rng, year, sex)
    return Person(name, sex, date(year, rng.randrange(1, 13), rng.randrange(1, 29)))
