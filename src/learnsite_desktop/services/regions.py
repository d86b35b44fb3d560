"""Region trees from CSV files: those shipped with the product and those a county hands in."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.region_search import find
from learnsite_desktop.domain.regions import REGION_COLUMNS, RegionTree
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.tables import read_table

SHIPPED = ("410100", "410122")
FOUNDED: Final = ("county", "township")
MOST_SHOWN: Final = 50


def read_regions(path: Path) -> RegionTree:
    """Read and check a region CSV (``code,parent,level,name,kind`` and maybe validity columns).

    Refuses ``table_unreadable``, ``table_columns_missing`` and the ``regions_…`` codes; a refusal
    names the file and the line.
    """
    rows = read_table(path, REGION_COLUMNS)
    try:
        return RegionTree.of(rows)
    except Refusal as refusal:
        place = f"{path}: {refusal.where}" if refusal.where else str(path)
        params = {key: value for key, value in refusal.params.items() if key != "where"}
        raise Refusal(refusal.code, where=place, **params) from refusal


@lru_cache(maxsize=4)
def shipped_regions(area: str) -> RegionTree:
    """Return the shipped tree of an area (``410122`` is one county, ``410100`` its city)."""
    if area not in SHIPPED:
        raise Refusal("regions_not_shipped", where=area)
    return read_regions(resource("regions", f"{area}.csv"))


def regions_for(unit: str) -> RegionTree:
    """Return the smallest shipped tree that holds ``unit``; refuses ``regions_not_shipped``."""
    trees = sorted((shipped_regions(area) for area in SHIPPED), key=len)
    for tree in trees:
        if unit in tree:
            return tree
    raise Refusal("regions_not_shipped", where=unit)


@dataclass(frozen=True, slots=True)
class Foundable:
    """A county or township that a topmost workspace may be founded for.

    `above` are the names of the units above it, the highest first; `below` counts those below.
    """

    code: str
    name: str
    tier: str
    above: str
    below: int


def foundable(typed: str, tree: RegionTree | None = None) -> list[Foundable]:
    """Return the counties and townships of a tree (of those shipped) that a text may mean.

    The likeliest first, at most `MOST_SHOWN`; by name, code or pinyin initials.
    """
    known = tree or shipped_regions(max(SHIPPED, key=lambda area: len(shipped_regions(area))))
    rows = [row for row in known.rows() if row.tier in FOUNDED and row.valid_to is None]
    return [
        Foundable(
            row.code,
            row.name,
            row.tier,
            " ".join(known.require(code).name for code in reversed(known.ancestors(row.code))),
            len(known.subtree(row.code)) - 1,
        )
        for row in sorted(find(rows, typed)[: 4 * MOST_SHOWN], key=lambda row: row.level)[
            :MOST_SHOWN
        ]
    ]


def tree_of(unit: str, tree: RegionTree | None = None) -> RegionTree:
    """Return what a unit founded at the top keeps of a tree: those above it and those below.

    Refuses `regions_not_shipped` without a tree of one's own, `unit_unknown` with one.
    """
    return (tree or regions_for(unit)).slice(unit)
