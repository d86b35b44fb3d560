"""Region trees from CSV files: those shipped with the product and those a county hands in."""

from functools import lru_cache
from pathlib import Path

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import REGION_COLUMNS, RegionTree
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.tables import read_table

SHIPPED = ("410100", "410122")


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
