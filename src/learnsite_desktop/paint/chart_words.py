"""What a chart says in words: legend, values read out, the whole of it for who cannot see it."""

from collections.abc import Iterator
from typing import Final

from learnsite_desktop.domain.charts import Chart, HeatTiles, Mark, StackedBars
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render

NOT_HANDED_IN: Final = N_("Not handed in")


def gap(chart: Chart | None = None, place: int = -1) -> str:
    """Return the mark of a missing value, at a place of a chart."""
    unreported = chart is not None and place in chart.unreported
    return _(NOT_HANDED_IN) if unreported else _(N_("n/a"))


def measure_words(chart: Chart) -> str:
    """Return the line that names the unit of measure, "" if there is none."""
    if not chart.measure:
        return ""
    return render(N_("Unit of measure: %(measure)s"), {"measure": chart.measure})


def value_words(chart: Chart, mark: Mark) -> str:
    """Return a value with its unit of measure; a missing one says so."""
    value = chart.value(mark)
    if value is None:
        unreported = mark.place in chart.unreported
        return _(NOT_HANDED_IN) if unreported else _(N_("value missing"))
    return _measured(chart, value)


def mark_words(chart: Chart, mark: Mark) -> str:
    """Return place, series and value of a mark, one line."""
    place = chart.labels[mark.place]
    name = chart.series[mark.series].name if len(chart.series) > 1 else ""
    head = f"{place} · {name}" if name else place
    said = render(N_("%(name)s: %(value)s"), {"name": head, "value": value_words(chart, mark)})
    value = chart.value(mark)
    if isinstance(chart, HeatTiles) and value is not None:
        return f"{said} · {chart.steps[chart.step(value)].words}"
    return said


def target_words(chart: Chart) -> str:
    """Return name, value and source of the target, "" if there is none."""
    target = chart.target
    if target is None:
        return ""
    said = {
        "name": target.name,
        "value": f"{target.value:,g} {chart.measure}".rstrip(),
        "source": target.source,
    }
    if not target.source:
        return render(N_("%(name)s: %(value)s"), said)
    return render(N_("%(name)s: %(value)s (source: %(source)s)"), said)


def source_words(chart: Chart) -> str:
    """Return the line that says where the numbers come from, "" if that is not known."""
    return render(N_("Source: %(source)s"), {"source": chart.source}) if chart.source else ""


def whole_words(chart: Chart) -> str:
    """Return everything that the chart shows, a line for each value."""
    return "\n".join(_lines(chart))


def _lines(chart: Chart) -> Iterator[str]:
    yield from (one for one in (measure_words(chart), target_words(chart), chart.note) if one)
    for mark in chart.marks():
        yield mark_words(chart, mark)
        if isinstance(chart, StackedBars) and mark.series == len(chart.series) - 1:
            total = chart.total(mark.place)
            if total is not None and len(chart.series) > 1:
                name = f"{chart.labels[mark.place]} · {_(N_('in all'))}"
                said = {"name": name, "value": _measured(chart, total)}
                yield render(N_("%(name)s: %(value)s"), said)
    if chart.source:
        yield source_words(chart)


def _measured(chart: Chart, value: float) -> str:
    return f"{chart.number(value)} {chart.measure}".rstrip()
