"""A table of figures: a unit and those below it against indicators, periods or a dimension's cells.

A row is one unit's, so that rows can be shown as they are ready. Every figure is what
`services.figures.indicators` gives, with its target and whether it is reached.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services import figures, unit_choice
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.figure_ground import ALL
from learnsite_desktop.services.figure_views.catalogue import lacking, name_of
from learnsite_desktop.services.figure_views.spans import span
from learnsite_desktop.services.figure_views.targets import Targets, light
from learnsite_desktop.services.indicators import CODE_LISTS, chosen, registry
from learnsite_desktop.services.silence import is_silent, silent_words
from learnsite_desktop.services.unit_choice import THEN
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.services.workspace import Workspace

INDICATORS, PERIODS, CELLS = "indicators", "periods", "cells"
MODES: Final = (INDICATORS, PERIODS, CELLS)
_NOT_GIVEN: Final = N_("not known")
_NOT_COMPUTABLE: Final = N_("not computable: %(why)s")
_LACKING: Final = N_("missing: %(what)s")
_FIGURES: Final = N_("figures")

Figure = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a table shows: `unit` with those below it in `period`, by `mode`.

    `ids` are the indicators of the columns (empty: all); `indicator` is the one that stands in
    every cell by periods and by the cells of `dimension`.
    """

    unit: str
    period: str
    mode: str = INDICATORS
    indicator: str = "S01"
    dimension: str = ""
    basis: str = "received"
    tree: str = THEN
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key of its figures in a row, and what stands above it."""

    key: str
    heading: str


@dataclass(frozen=True, slots=True)
class Row:
    """One unit's figures by the key of their column; `leaf` has nothing below it."""

    unit: str
    name: str
    leaf: bool
    figures: dict[str, Figure]


def units_of(workspace: Workspace, ask: Ask) -> list[str]:
    """Return the units of the rows: the one asked for, then those directly below, by code.

    Refuses `unit_unknown` and `period_invalid`.
    """
    load_tree(workspace.database).require(ask.unit)
    period = parse_period(ask.period)
    return [ask.unit, *unit_choice.children_of(workspace, period, ask.unit, ask.tree)]


def columns_of(ask: Ask, rows: Sequence[Row] = ()) -> list[Column]:
    """Return the columns; those of cells follow from the rows known so far."""
    if ask.mode == PERIODS:
        return [Column(one.text, one.text) for one in span(ask.period)]
    if ask.mode == CELLS:
        keys = {key for row in rows for key in row.figures} - {ALL}
        cells = [Column(key, cell_words(key)) for key in sorted(keys, key=_cell_order)]
        return [Column(ALL, _("all")), *cells]
    computed = [one.id for one in chosen(ask.ids or None)]
    return [Column(name, name_of(name)) for name in computed]


def _cell_order(key: str) -> tuple[bool, str]:
    code = key.partition(":")[2]
    return (code in ("NA", "U"), code)


def cell_words(key: str) -> str:
    """Return the word of a cell `DIM:code`, "all" for the total."""
    dimension, colon, code = key.partition(":")
    if not colon:
        return _("all")
    if code == "NA":
        return _(_NOT_GIVEN)
    return shipped_codes().label(CODE_LISTS.get(dimension, dimension), code, language()) or code


def row(workspace: Workspace, ask: Ask, unit: str, targets: Targets | None = None) -> Row:
    """Return one unit's row. Refuses what `services.figures.indicators` does."""
    found = load_tree(workspace.database).get(unit)
    return Row(
        unit=unit,
        name=found.name if found else unit,
        leaf=found is None or found.level >= 5,
        figures=dict(_figures(workspace, ask, unit, targets)),
    )


def _figures(
    workspace: Workspace, ask: Ask, unit: str, targets: Targets | None
) -> Iterator[tuple[str, Figure]]:
    held = targets or Targets(workspace)
    if ask.mode == INDICATORS:
        for value in _asked(workspace, ask, unit, ask.period, ask.ids or None):
            yield value["id"], with_target(value, held)
    elif ask.mode == PERIODS:
        for period in span(ask.period):
            for value in _asked(workspace, ask, unit, period.text, [ask.indicator]):
                yield period.text, with_target(value, held)
    else:
        only = [ask.indicator]
        for value in _asked(workspace, ask, unit, ask.period, only, by=ask.dimension):
            yield value["cell"], with_target(value, held)


def _asked(
    workspace: Workspace,
    ask: Ask,
    unit: str,
    period: str,
    ids: Sequence[str] | None,
    by: str | None = None,
) -> list[Figure]:
    return figures.indicators(
        workspace, period=period, unit=unit, by=by, basis=ask.basis, ids=ids, tree=ask.tree
    )


def with_target(value: Figure, targets: Targets) -> Figure:
    """Return a figure with `target` and `light`; what is missing is said in full.

    Targets are of totals: a cell of a dimension has none.
    """
    found = None
    if value["cell"] == ALL:
        found = targets.of(value["unit"], value["id"], parse_period(value["period"]))
    said = found.said if found is not None else None
    return {**value, "target": said, "light": light(value, found)}


def with_targets(workspace: Workspace, values: Sequence[Figure]) -> list[Figure]:
    """Return figures with `target` and `light`."""
    held = Targets(workspace)
    return [with_target(value, held) for value in values]


def table(workspace: Workspace, ask: Ask, progress: Progress = silent) -> list[Row]:
    """Return all rows of a table, the unit's own first."""
    units, held = units_of(workspace, ask), Targets(workspace)
    found = []
    for number, unit in enumerate(units):
        progress(number, len(units), _FIGURES)
        found.append(row(workspace, ask, unit, held))
    progress(len(units), len(units), _FIGURES)
    return found


def missing_words(value: Figure) -> str:
    """Return the words that stand for a figure without a value: that it has none, and why.

    For one that is silent: that nothing was reported.
    """
    if is_silent(value):
        return silent_words(value)
    return render(_NOT_COMPUTABLE, {"why": value["missing"]})


def not_computed(workspace: Workspace, ask: Ask, *, aimed: bool = True) -> list[Figure]:
    """Return the catalogue's other indicators: no value, and what is missing for it."""
    held = Targets(workspace) if aimed else None
    empty = {"numerator": None, "denominator": None, "value": None}
    values: list[Figure] = [
        {
            "id": one.id,
            "unit": ask.unit,
            "period": ask.period,
            "cell": ALL,
            **empty,
            "unit_of_measure": one.unit,
            "basis": ask.basis,
            "named": None,
            "headcount": None,
            "missing": render(_LACKING, {"what": one.missing}),
            "rule_version": "",
            "incomplete": [],
            "handed_in": None,
            "silent": False,
        }
        for one in lacking().values()
    ]
    return [with_target(one, held) for one in values] if held is not None else values


def dimensions_of(indicator: str) -> tuple[str, ...]:
    """Return the dimensions that an indicator can be split by."""
    found = registry().get(indicator)
    return found.dimensions if found is not None else ()
