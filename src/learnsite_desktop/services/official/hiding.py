"""Which figures must not leave the unit: few persons of a sensitive group, or few small children.

A figure of a cell is hidden when one or two persons stand behind it, whatever it counts. Where a
split of persons is given whole, another cell is hidden with it: what is missing from the total
would tell.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from learnsite_desktop.services.codes import codes_in_force
from learnsite_desktop.services.workspace import Workspace

FEWEST: Final = 3
"""A cell of fewer persons of a sensitive group is not shown outside the unit."""

FEW, BESIDE = "<3", "*"
"""What stands where few persons are not told of, and where that would tell of them."""

PERSONS: Final = "S02"
"""The indicator that says how many persons stand behind a cell."""

_CHILD_BANDS: Final = ("00", "06")
_MINOR: Final = "left_child"
DELICATE: Final = ("group", "age")
"""Dimensions that have sensitive cells."""


def is_sensitive(workspace: Workspace, dimension: str, code: str) -> bool:
    """Return whether few people of a cell must not be told of."""
    if dimension == "age":
        return code in _CHILD_BANDS
    if dimension != "group":
        return False
    codes = codes_in_force(workspace.database)
    return code == _MINOR or bool(codes.is_sensitive("population_group", code))


WHOLE: Final = ("age",)
"""Dimensions in which everybody stands in just one cell."""


def untold_cells(
    workspace: Workspace, values: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, str], str]:
    """Return what stands in place of the cells to hide where a whole split is given.

    These are the `hidden_cells`, and beside each dimension's the smallest other one.
    """
    few = hidden_cells(workspace, values)
    found = dict.fromkeys(sorted(few), FEW)
    persons = {
        tuple(value["cell"].split(":", 1)): value["numerator"]
        for value in values
        if value["id"] == PERSONS and ":" in value["cell"] and value["numerator"]
    }
    for dimension in {place for place, _code in few if place in WHOLE}:
        others = [cell for cell in persons if cell[0] == dimension and cell not in few]
        if others:
            found[min(others, key=lambda cell: (persons[cell], cell))] = BESIDE
    return found


def hidden_cells(workspace: Workspace, values: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Return the cells (dimension, code) to hide among `figures.indicators` values with S02."""
    found = set()
    for value in values:
        dimension, _colon, code = value["cell"].partition(":")
        few = value["id"] == PERSONS and 0 < value["numerator"] < FEWEST
        if code and few and is_sensitive(workspace, dimension, code):
            found.add((dimension, code))
    return found
