"""Charts by what they show: names, series, a target, where the numbers come from. No drawing here.

One description serves the window, pictures, pages and workbooks. Values stand in the unit of
measure that is written beside them (50 for 50 %); None is a value that is missing, never 0.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

Value = float | int | None

_TICKS: Final = 5
_NICE: Final = (1, 2, 5, 10)
_LEAST: Final = 1e-9
"""What is smaller is 0 to a reader."""


class Mark(NamedTuple):
    """One value of a chart: the number of its series and of its place, both from 0."""

    series: int
    place: int


@dataclass(frozen=True, slots=True)
class Series:
    """Values under one name, one for each label of the chart."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A line to be reached, with who set it: `source` names the paper and its year."""

    value: float
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """A class of tiles: from `least` (included) up to the next step, and its words."""

    least: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What all charts have; a chart is one of the classes below.

    `labels` name the places, `measure` is the unit of measure, `decimals` how many digits of a
    value are shown. `note` says what a reader must know, `source` what was counted and when.
    `unreported` are the places (from 0) whose values are missing because nothing was reported.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    measure: str = ""
    decimals: int = 0
    target: Target | None = None
    note: str = ""
    source: str = ""
    unreported: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """Raise ValueError for a series that has not one value for each label."""
        for one in self.series:
            if len(one.values) != len(self.labels):
                raise ValueError(
                    f"{one.name}: {len(one.values)} values for {len(self.labels)} labels"
                )

    def marks(self) -> Iterator[Mark]:
        """Yield all marks, place by place."""
        for place in range(len(self.labels)):
            for series in range(len(self.series)):
                yield Mark(series, place)

    def value(self, mark: Mark) -> Value:
        """Return the value of a mark."""
        return self.series[mark.series].values[mark.place]

    def held(self) -> Iterator[float]:
        """Yield the values that are there."""
        for mark in self.marks():
            value = self.value(mark)
            if value is not None:
                yield value

    def missing(self) -> bool:
        """Return whether any value is missing."""
        return any(self.lacking())

    def lacking(self) -> tuple[bool, bool]:
        """Return whether values are missing at places that reported, and at others."""
        places = {mark.place for mark in self.marks() if self.value(mark) is None}
        return bool(places - self.unreported), bool(places & self.unreported)

    def number(self, value: float) -> str:
        """Return a value as it is shown, without its unit of measure."""
        return number(value, self.decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars(Chart):
    """A bar for each value, from 0. `lying` bars suit many or long names, as of units."""

    lying: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StackedBars(Chart):
    """Bars that put the series of a place on top of each other, where they add up to a whole."""

    lying: bool = False

    def total(self, place: int) -> Value:
        """Return the sum at a place, None if a part of it is missing."""
        values = [one.values[place] for one in self.series]
        held = [value for value in values if value is not None]
        return sum(held) if held and len(held) == len(values) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Chart):
    """A line for each series over places that follow each other, as months do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatTiles(Chart):
    """A tile for each place with its number, darker by `steps` (ascending), which have words."""

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        """Raise ValueError for more than one series, or steps that do not ascend."""
        Chart.__post_init__(self)
        if len(self.series) != 1:
            raise ValueError("tiles show one series")
        if not self.steps or any(a.least >= b.least for a, b in pairwise(self.steps)):
            raise ValueError("steps must ascend")

    def step(self, value: float) -> int:
        """Return the number of a value's step; what lies below the first belongs to it."""
        return max(
            (at for at, one in enumerate(self.steps) if one.least <= value),
            default=0,
        )


@dataclass(frozen=True, slots=True)
class Axis:
    """The range of an axis and where its lines stand, ascending; `decimals` of their numbers."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int

    def share(self, value: float) -> float:
        """Return how far along the axis a value stands, 0 to 1."""
        return (value - self.low) / (self.high - self.low)


def number(value: float, decimals: int) -> str:
    """Return a number with that many decimals, thousands apart, no minus before 0."""
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if not any(digit in text for digit in "123456789") else text


def axis_of(chart: Chart) -> Axis:
    """Return the axis of a chart: it begins at 0, or below if values do, and reaches the target."""
    reached = [0.0, *_ends(chart)]
    if chart.target is not None:
        reached.append(chart.target.value)
    low, high = min(reached), max(reached)
    whole = all(value == int(value) for value in reached)
    step = _step((high - low) / _TICKS, whole=whole)
    first, last = math.floor(low / step), max(1, math.ceil(high / step))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    ticks = tuple(round(at * step, 9) for at in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks, decimals)


def _ends(chart: Chart) -> Iterator[float]:
    """Yield how far the marks of a chart reach."""
    if not isinstance(chart, StackedBars):
        yield from chart.held()
        return
    for place in range(len(chart.labels)):
        values = [one.values[place] or 0 for one in chart.series]
        yield sum(value for value in values if value > 0)
        yield sum(value for value in values if value < 0)


def _step(least: float, *, whole: bool) -> float:
    """Return 1, 2 or 5 times a power of ten that is at least `least`; 1 or more if `whole`."""
    if least < _LEAST:
        return 1
    size: float = 10.0 ** math.floor(math.log10(least))
    step = next((size * one for one in _NICE if size * one >= least * (1 - 1e-9)), size * 10)
    return max(1, step) if whole else step
