"""The way to one figure: what a screen says to the screen of figures to be shown just that."""

from dataclasses import replace

from learnsite_desktop.services.figure_ground import ALL
from learnsite_desktop.services.figure_views.table import CELLS, Ask
from learnsite_desktop.services.indicators import registry

_BETWEEN = "|"
_PARTS = 6


def figure_about(
    name: str, *, unit: str, period: str, cell: str = ALL, basis: str, tree: str
) -> str:
    """Return what to open the screen of figures about: an indicator of a unit and period."""
    return _BETWEEN.join((name, unit, period, cell, basis, tree))


def read_about(about: str) -> tuple[Ask, str] | None:
    """Return the table to show and the column to stand on; None for another kind of text.

    A cell that the screen has no column for (several codes at once, a split that only reports
    have) shows the indicator's total.
    """
    parts = about.split(_BETWEEN)
    if len(parts) != _PARTS or parts[0] not in registry():
        return None
    name, unit, period, cell, basis, tree = parts
    ask = Ask(unit, period, indicator=name, basis=basis, tree=tree)
    dimension, colon, code = cell.partition(":")
    if colon and "," not in code and dimension in registry()[name].dimensions:
        return replace(ask, mode=CELLS, dimension=dimension), cell
    return ask, name
