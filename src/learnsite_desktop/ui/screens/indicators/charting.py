"""The charts of the screen: one figure over time, its spread in a class, the units of the table."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from learnsite_desktop.domain.charts import (
    Bars,
    Chart,
    HeatTiles,
    Lines,
    Series,
    StackedBars,
    Step,
    Target,
    number,
)
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.figure_ground import ALL
from learnsite_desktop.services.figure_views.catalogue import measure_of, measure_words, name_of
from learnsite_desktop.services.figure_views.compare import class_words
from learnsite_desktop.services.figure_views.table import CELLS, Ask, Row, cell_words
from learnsite_desktop.services.figures import factor
from learnsite_desktop.services.silence import is_silent
from learnsite_desktop.ui.screens.indicators.presenter import (
    BASIS_WORDS,
    TREE_WORDS,
    decimals,
    decimals_of,
    shown_value,
)

NO_CHART, TREND, SPREAD, TILES, BARS, STACK = "", "trend", "spread", "tiles", "bars", "stack"
KINDS: Final = (NO_CHART, TREND, SPREAD, TILES, BARS, STACK)
OF_UNITS: Final = (TILES, BARS, STACK)
KIND_WORDS: Final = {
    NO_CHART: N_("no chart"),
    TREND: N_("trend"),
    SPREAD: N_("its class"),
    TILES: N_("tiles"),
    BARS: N_("bars"),
    STACK: N_("by name or counted"),
}
_BINS: Final = 8
_STEPS: Final = 5

Figure = Mapping[str, Any]


def following(kind: str, value: Figure | None, ask: Ask) -> str:
    """Return the chart that comes next for a figure; those that would say nothing are left out."""
    stacked = value is not None and bool(value["headcount"])
    left_out = set() if stacked and ask.mode != CELLS else {STACK}
    kinds = [one for one in KINDS if one not in left_out]
    at = kinds.index(kind) if kind in kinds else 0
    return kinds[(at + 1) % len(kinds)]


def _source(ask: Ask) -> str:
    said = {"basis": _(BASIS_WORDS[ask.basis]), "tree": _(TREE_WORDS[ask.tree])}
    return render(N_("Basis: %(basis)s; units %(tree)s"), said)


def _target(values: Sequence[Figure]) -> Target | None:
    """Return the target line, if all figures that have a target have the same."""
    found = [one["target"] for one in values if one.get("target")]
    lines = {(one["value"], one["source"], one["year"]) for one in found}
    if len(lines) != 1:
        return None
    ((text, source, year),) = lines
    words = render(N_("%(source)s, %(year)s"), {"source": source, "year": year})
    return Target(float(text), _("target"), words)


def _named(indicator: str, name: str) -> str:
    return render(N_("%(indicator)s · %(unit)s"), {"indicator": name_of(indicator), "unit": name})


def _digits(values: Sequence[Figure]) -> int:
    return max((decimals(one) for one in values), default=0)


def trend(row: Row, indicator: str, ask: Ask) -> Chart:
    """Return a figure of one unit over time."""
    values = list(row.figures.values())
    return Lines(
        title=_named(indicator, row.name),
        labels=tuple(str(one["period"]) for one in values),
        series=(Series(name_of(indicator), tuple(shown_value(one) for one in values)),),
        measure=measure_words(measure_of(indicator)),
        decimals=_digits(values),
        target=_target(values[-1:]),
        source=_source(ask),
        unreported=_unreported(values),
    )


def _unreported(values: Sequence[Figure]) -> frozenset[int]:
    return frozenset(at for at, one in enumerate(values) if is_silent(one))


def of_units(kind: str, rows: Sequence[Row], column: str, ask: Ask) -> Chart | None:
    """Return the units below the first row in one column: as tiles, bars, or named and counted.

    They stand in the order of the table. None while there is nothing to show.
    """
    held = [(row, row.figures[column]) for row in rows[1:] or rows if column in row.figures]
    if not held:
        return None
    values = [value for _row, value in held]
    indicator = str(values[0]["id"])
    about = name_of(indicator)
    if ask.mode == CELLS and column != ALL:
        about = f"{about} · {cell_words(column)}"
    common: dict[str, Any] = {
        "title": f"{about} · {values[0]['period']}",
        "labels": tuple(row.name for row, _value in held),
        "measure": measure_words(measure_of(indicator)),
        "decimals": _digits(values),
        "source": _source(ask),
        "unreported": _unreported(values),
    }
    if kind == STACK:
        parts = ((_("by name"), "named"), (_("only counted"), "headcount"))
        series = tuple(
            Series(name, tuple(None if is_silent(one) else one[key] for one in values))
            for name, key in parts
        )
        return StackedBars(series=series, lying=True, **common)
    series = (Series(about, tuple(shown_value(one) for one in values)),)
    if kind == BARS:
        return Bars(series=series, lying=True, target=_target(values), **common)
    steps = _steps([one for one in series[0].values if one is not None], common["decimals"])
    return HeatTiles(series=series, steps=steps, **common)


def _steps(values: Sequence[float], digits: int) -> tuple[Step, ...]:
    """Return classes of equal width between the least and the greatest value."""
    low, high = (min(values), max(values)) if values else (0.0, 0.0)
    if low == high:
        return (Step(low, number(low, digits)),)
    width = (high - low) / _STEPS
    ends = [round(low + width * at, digits + 1) for at in range(_STEPS)]
    return tuple(
        Step(end, render(N_("from %(least)s"), {"least": number(end, digits)}))
        for end in dict.fromkeys(ends)
    )


def spread(found: Mapping[str, Any], name: str, ask: Ask) -> Chart:
    """Return how many units of a class have which value, with the place of one's own.

    No unit but one's own is named: it is a spread, not a ranking.
    """
    indicator = str(found["id"])
    values = [(one, shown_value(one)) for one in found["values"]]
    held = [value for _one, value in values if value is not None]
    own = next((value for one, value in values if one["unit"] == found["unit"]), None)
    digits = max(_digits([one for one, _value in values]), decimals_of(measure_of(indicator)))
    edges = _edges(held, digits)
    counts, mine = [0] * (len(edges) - 1), [0] * (len(edges) - 1)
    for value in held:
        counts[_bin(edges, value)] += 1
    if own is not None:
        at = _bin(edges, own)
        mine[at], counts[at] = 1, counts[at] - 1
    labels = [f"{number(a, digits)}–{number(b, digits)}" for a, b in pairwise(edges)]
    return StackedBars(
        title=_named(indicator, class_words(str(found["class"]))),
        labels=tuple(labels),
        series=(Series(name, tuple(mine)), Series(_("other units"), tuple(counts))),
        measure=render(
            N_("units by %(measure)s"), {"measure": measure_words(measure_of(indicator))}
        ),
        note=spread_words(found, digits),
        source=_source(ask),
    )


def _edges(values: Sequence[float], digits: int) -> list[float]:
    low, high = (min(values), max(values)) if values else (0.0, 0.0)
    least = 10.0**-digits
    if high - low < least:
        return [low, low + least]
    bins = max(2, min(_BINS, math.ceil(math.sqrt(len(values)))))
    width = max(least, math.ceil((high - low) / bins / least) * least)
    edges = [math.floor(low / least) * least]
    while edges[-1] <= high:
        edges.append(round(edges[-1] + width, digits + 1))
    return edges


def _bin(edges: Sequence[float], value: float) -> int:
    return max(at for at, edge in enumerate(edges[:-1]) if edge <= value + 1e-9)


def spread_words(found: Mapping[str, Any], digits: int) -> str:
    """Return a spread in words: half of the class, its middle, one's own place."""
    times = factor(measure_of(str(found["id"])))
    lies = found["spread"]
    if not lies["count"]:
        return _("No unit of the class has this figure.")
    said = {
        name: number(lies[name] * times, digits) for name in ("quarter", "median", "three_quarters")
    }
    words = render(
        N_("%(count)s units; middle %(median)s, half of them %(quarter)s–%(three_quarters)s"),
        {**said, "count": lies["count"]},
    )
    if lies["missing"]:
        words += " · " + render(N_("%(missing)s without a figure"), {"missing": lies["missing"]})
    own = found["own"]
    if own is not None:
        words += " · " + render(N_("lower %(lower)s, equal %(equal)s, higher %(higher)s"), own)
    return words
