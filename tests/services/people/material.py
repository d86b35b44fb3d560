"""Names true to their cohorts for the tests of searching."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

from learnsite_desktop.services.people.index import Person
from tests.arch.source import ROOT
from tests.desks import SISTER, VILLAGE

POOLS: Any = json.loads((ROOT / "resources/demo/names_zh.json").read_text(encoding="utf-8"))
UNITS = (VILLAGE, VILLAGE, SISTER, "410122101207")


def names(count: int, seed: int) -> list[str]:
    """Return as many names, surnames by their weight, given names of all cohorts."""
    rng = Random(seed)
    surnames, weights = zip(*POOLS["surnames"], strict=True)
    found = []
    for _ in range(count):
        pool = rng.choice(list(POOLS["cohorts"].values()))[rng.choice("MF")]
        single = rng.random() < pool["p1"]
        given = (
            rng.choice(pool["single"])
            if single
            else rng.choice(pool["first"]) + rng.choice(pool["second"])
        )
        found.append(rng.choices(surnames, weights)[0] + given)
    return found


def people(given: Sequence[str], seed: int = 1) -> list[Person]:
    """Return learners of these names with units, births and phones."""
    rng = Random(seed)
    found = []
    for number, name in enumerate(given):
        year = rng.randint(1935, 2015)
        found.append(
            Person(
                f"{number:022d}",
                rng.choice(UNITS),
                name,
                rng.choice("MF"),
                f"{year}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
                year,
                f"144{rng.randrange(10**8):08d}" if rng.random() < 0.7 else "",
                recent=rng.random() < 0.3,
            )
        )
    return found
