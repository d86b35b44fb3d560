"""Which figures must not leave the unit: few persons of a sensitive group, or few small children.

A figure of a cell is hidden when one or two persons stand behind it, whatever it counts.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from learnsite_desktop.services.codes import codes_in_force
from learnsite_desktop.services.workspace import Workspace

FEWEST: Final = 3
"""A cell of fewer persons of a sensitive group is not shown outside the unit."""

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


def hidden_cells(workspace: Workspace, values: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Return the cells (dimension, code) to hide among `figures.indicators` values with S02."""
    found = set()
    for value in values:
        dimension, _colon, code = value["cell"].partition(":")
        few = value["id"] == PERSONS and 0 < value["numerator"] < FEWEST
        if code and few and is_sensitive(workspace, dimension, code):
            found.add((dimension, code))
    return found
