"""Charts of figures: units side by side, in the order of their codes, never ranked."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from learnsite_desktop.domain.charts import Bars, Chart, Series, StackedBars
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.services.figures import factor
from learnsite_desktop.services.indicators import Indicator, registry
from learnsite_desktop.services.silence import is_silent

_BY_NAME: Final = (N_("named"), N_("head-count"))

Value = Mapping[str, Any]


def _told(value: Value) -> float | None:
    """Return the value to draw: none where nothing was reported."""
    return None if is_silent(value) else value["value"]


def charts_of_units(values: Sequence[Value], names: Mapping[str, str], source: str) -> list[Chart]:
    """Return a chart for every indicator of which at least two units have something to show.

    `values` are totals with the keys of `services.figures.indicators`, `names` the units that
    stand beside each other, by code; `source` says what was counted.
    """
    found: dict[str, dict[str, Value]] = {}
    for value in values:
        if value["unit"] in names:
            found.setdefault(value["id"], {})[value["unit"]] = value
    known = registry()
    return [
        _chart(known[name], list(by_unit.values()), names, source)
        for name, by_unit in found.items()
        if sum(bool(value["value"]) for value in by_unit.values()) > 1
    ]


def _chart(one: Indicator, values: Sequence[Value], names: Mapping[str, str], source: str) -> Chart:
    title = f"{one.id} {one.text('name', language())}"
    labels = tuple(names[value["unit"]] for value in values)
    unreported = frozenset(at for at, value in enumerate(values) if is_silent(value))
    if one.counts_persons and not one.denominator and any(value["headcount"] for value in values):
        parts = zip(_BY_NAME, ("named", "headcount"), strict=True)
        series = tuple(
            Series(_(name), tuple(None if is_silent(v) else v[key] for v in values))
            for name, key in parts
        )
        return StackedBars(
            title=title,
            labels=labels,
            series=series,
            measure=one.unit,
            source=source,
            lying=True,
            unreported=unreported,
        )
    by = factor(one.unit)
    told = [_told(value) for value in values]
    shown = tuple(None if value is None else value * by for value in told)
    whole = all(value is None or value == int(value) for value in shown)
    return Bars(
        title=title,
        labels=labels,
        series=(Series(one.text("name", language()), shown),),
        measure=one.unit,
        decimals=0 if whole else 1,
        source=source,
        lying=True,
        unreported=unreported,
    )
