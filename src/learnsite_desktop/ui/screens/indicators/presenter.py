"""What the screen of figures shows, without a window: choices, the words of a figure, of a unit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

from learnsite_desktop.domain.charts import number
from learnsite_desktop.domain.periods import PeriodKind, month_of, parse_period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services.figure_ground import ALL
from learnsite_desktop.services.figure_views.catalogue import measure_words, name_of
from learnsite_desktop.services.figure_views.spans import before
from learnsite_desktop.services.figure_views.table import (
    CELLS,
    INDICATORS,
    MODES,
    PERIODS,
    Ask,
    Column,
    Row,
    cell_words,
    dimensions_of,
    missing_words,
)
from learnsite_desktop.services.figure_views.targets import MET, MISSED, list_targets
from learnsite_desktop.services.figures import BASES, factor
from learnsite_desktop.services.indicators import Indicator, registry
from learnsite_desktop.services.period_words import period_words
from learnsite_desktop.services.silence import MARK, NOT_REPORTED, is_silent, lacking_words
from learnsite_desktop.services.unit_choice import NOW, THEN
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.widgets.chips import Chip
from learnsite_desktop.ui.widgets.choices import Option

MODE_WORDS: Final = {
    INDICATORS: N_("by indicator"),
    PERIODS: N_("by period"),
    CELLS: N_("by dimension"),
}
BASIS_WORDS: Final = {"received": N_("received"), "approved": N_("approved")}
BASIS_NAMES: Final = {"received": N_("all received"), "approved": N_("only approved")}
TREE_WORDS: Final = {THEN: N_("as then"), NOW: N_("as now")}
TIER_WORDS: Final = {
    "province": N_("provinces"),
    "city": N_("cities"),
    "county": N_("counties"),
    "township": N_("townships"),
    "village": N_("villages"),
}
LIGHT_WORDS: Final = {MET: N_("reached"), MISSED: N_("not reached")}
DIMENSION_WORDS: Final = {
    "tier": N_("tier"),
    "category": N_("kind of activity"),
    "form": N_("form of education"),
    "vocational": N_("vocational or not"),
    "topic": N_("topic"),
    "delivery": N_("way of teaching"),
    "age": N_("age"),
    "sex": N_("sex"),
    "group": N_("group of people"),
}
_TONES: Final = {MET: "ok", MISSED: "error"}
_NONE: Final = N_("not computable")
_BACK: Final = {
    PeriodKind.MONTH: 15,
    PeriodKind.QUARTER: 6,
    PeriodKind.HALF: 4,
    PeriodKind.YEAR: 4,
    PeriodKind.SCHOOL_YEAR: 3,
}
SCHOOL_STARTS: Final = 9
_LINE: Final = 11
"""How many letters of a heading stand on one line."""

Figure = Mapping[str, Any]


def last_month(today: date) -> str:
    """Return the month before this one: the last that is complete."""
    return before(month_of(today)).text


def period_options(today: date) -> list[Option]:
    """Return the periods to choose from: months, quarters, halves, years, school years."""
    month = before(month_of(today))
    year, at = today.year, today.month
    newest = (
        month,
        parse_period(f"{year}-Q{(at - 1) // 3 + 1}"),
        parse_period(f"{year}-H{(at - 1) // 6 + 1}"),
        parse_period(f"{year}"),
        parse_period(f"{year}-{year + 1}" if at >= SCHOOL_STARTS else f"{year - 1}-{year}"),
    )
    found = [month_of(today)]
    for period in newest:
        one = period
        for _step in range(_BACK[one.kind]):
            found.append(one)
            one = before(one)
    return [Option(one.text, period_words(one)) for one in found]


def readable_period(text: str) -> str | None:
    """Return a period that was typed, None if it is none."""
    try:
        return parse_period(text.strip().upper()).text
    except Refusal:
        return None


def unit_options(workspace: Workspace) -> list[Option]:
    """Return the units of this desk, each with the one above it."""
    tree = load_tree(workspace.database)
    if workspace.unit not in tree:
        return []
    found = []
    for code in tree.subtree(workspace.unit):
        row = tree.require(code)
        above = tree.get(row.parent)
        under = code != workspace.unit and above is not None and row.parent != workspace.unit
        found.append(Option(code, f"{row.name} · {above.name}" if under and above else row.name))
    return found


def path_of(workspace: Workspace, unit: str) -> list[str]:
    """Return the units from this desk's own down to a unit; the unit alone if it lies elsewhere."""
    tree = load_tree(workspace.database)
    line = [unit, *tree.ancestors(unit)] if unit in tree else [unit]
    if workspace.unit not in line:
        return [unit]
    return line[line.index(workspace.unit) :: -1]


def names(workspace: Workspace) -> dict[str, str]:
    """Return the names of all units by code."""
    return {row.code: row.name for row in load_tree(workspace.database).rows()}


def indicator_options(dimension: str = "") -> list[Option]:
    """Return the indicators, with `dimension` those that can be split by it."""
    return [
        Option(one.id, one.text("name", language()))
        for one in registry().values()
        if not dimension or dimension in one.dimensions
    ]


def dimension_options(indicator: str) -> list[Option]:
    """Return the dimensions that an indicator can be split by."""
    return [Option(one, _(DIMENSION_WORDS[one])) for one in dimensions_of(indicator)]


def next_mode(ask: Ask) -> Ask:
    """Return the table by what comes next: indicators, periods, cells of a dimension."""
    mode = MODES[(MODES.index(ask.mode) + 1) % len(MODES)]
    if mode != CELLS:
        return replace(ask, mode=mode)
    return with_indicator(replace(ask, mode=mode), ask.indicator)


def first_key(ask: Ask) -> str:
    """Return the column that a table is first looked at in."""
    if ask.mode == INDICATORS:
        return ask.indicator
    return ask.period if ask.mode == PERIODS else ALL


def with_indicator(ask: Ask, indicator: str) -> Ask:
    """Return a table of an indicator; its dimension stays if it can be split by it.

    One without any goes on by periods.
    """
    known = dimensions_of(indicator)
    dimension = ask.dimension if ask.dimension in known else next(iter(known), "")
    mode = PERIODS if ask.mode == CELLS and not known else ask.mode
    return replace(ask, indicator=indicator, dimension=dimension, mode=mode)


def of_unit(ask: Ask, unit: str) -> Ask:
    """Return the same table of another unit."""
    return replace(ask, unit=unit)


def targets_shown(workspace: Workspace) -> tuple[list[dict[str, Any]], dict[str, str], bool]:
    """Return the targets held, the names of units, and whether this desk may issue targets."""
    return list_targets(workspace), names(workspace), workspace.tier != "village"


def other_basis(ask: Ask) -> Ask:
    """Return the table on the other basis."""
    return replace(ask, basis=BASES[1 - BASES.index(ask.basis)])


def other_tree(ask: Ask) -> Ask:
    """Return the table with the units the other way: as they stood then, as they stand now."""
    return replace(ask, tree=NOW if ask.tree == THEN else THEN)


# Figures


def lacking_of(row: Row, ask: Ask) -> str:
    """Return what is lacking of the reports or entries behind a whole row, "" for nothing.

    By periods every figure has its own reports.
    """
    found = next(iter(row.figures.values()), None)
    return (lacking_words(found) or not_here(found)) if found and ask.mode != PERIODS else ""


def not_here(value: Figure) -> str:
    """Return what a figure lacks of entries that are not held here, "" where it lacks nothing."""
    if not value["incomplete"]:
        return ""
    if value["value"] is not None and value["missing"]:
        return str(value["missing"])
    count = len(value["incomplete"])
    return render(N_("incomplete: entries of %(count)s units are missing"), {"count": count})


def absent_text(row: Row) -> str:
    """Return what stands where a unit has nothing in a cell of a dimension."""
    whole = row.figures.get(ALL)
    return cell_text(whole) if whole and is_silent(whole) else "0"


def decimals_of(measure: str) -> int:
    """Return how many decimals a value is shown with."""
    if measure == "%":
        return 1
    return 2 if "/" in measure else 0


def shown_value(value: Figure) -> float | None:
    """Return a figure in its unit of measure, None for one not computable or not reported."""
    if value["value"] is None or is_silent(value):
        return None
    measure = str(value["unit_of_measure"])
    exact = Fraction(value["numerator"], value["denominator"] or 1) * factor(measure)
    return round(float(exact), 6)


def decimals(value: Figure) -> int:
    """Return how many decimals a figure is shown with: one for hours, which are seldom whole."""
    measure = str(value["unit_of_measure"])
    held = shown_value(value)
    if not decimals_of(measure) and held is not None and held != int(held):
        return 1
    return decimals_of(measure)


def cell_text(value: Figure) -> str:
    """Return what stands in a cell of the table: the number, or that there is none."""
    if is_silent(value):
        return _(NOT_REPORTED)
    held = shown_value(value)
    return _(_NONE) if held is None else number(held, decimals(value))


def cell_chip(value: Figure) -> Chip | None:
    """Return the light of a figure that has a target, with its number."""
    tone = _TONES.get(str(value.get("light", "")))
    return Chip(tone, cell_text(value)) if tone else None


def value_text(value: Figure) -> str:
    """Return a figure with its unit of measure."""
    if value["value"] is None or is_silent(value):
        return missing_words(dict(value))
    return f"{cell_text(value)} {measure_words(str(value['unit_of_measure']))}"


def heading(column: Column, ask: Ask) -> str:
    """Return what stands above a column: its name on short lines, the unit of measure below."""
    words = column.heading
    lines = [words]
    if language().startswith("zh"):
        lines = [words[at : at + _LINE] for at in range(0, len(words), _LINE)] or [""]
    elif len(words) > 2 * _LINE and " " in words:
        half = words.rfind(" ", 0, 2 * _LINE)
        lines = [words[:half], words[half + 1 :]] if half > 0 else [words]
    if ask.mode == INDICATORS:
        measure = registry()[column.key].unit if column.key in registry() else ""
        lines.append(f"{column.key}  {measure_words(measure)}")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Detail:
    """One figure in words: what it is, how it is made up, its target, how it is counted.

    `tone` is that of the target's light, "" without one.
    """

    title: str
    parts: str
    target: str
    tone: str
    basis: str = field(default="")


def detail_of(value: Figure, name: str, ask: Ask) -> Detail:
    """Return the words of a figure of a unit called `name`."""
    period = period_words(parse_period(str(value["period"])))
    about = [name, name_of(str(value["id"])), period]
    if value["cell"] != ALL:
        about.append(cell_words(str(value["cell"])))
    said = {"about": " · ".join(about), "value": value_text(value)}
    target, tone = _target_words(value)
    indicator = registry().get(str(value["id"]))
    return Detail(
        title=render(N_("%(about)s: %(value)s"), said),
        parts=" · ".join(_parts(value, ask)),
        target=target,
        tone=tone,
        basis=_how(indicator),
    )


def _how(indicator: Indicator | None) -> str:
    if indicator is None:
        return ""
    return render(N_("How it is counted: %(how)s"), {"how": indicator.text("basis", language())})


def _parts(value: Figure, ask: Ask) -> Iterator[str]:
    if value["denominator"] is not None:
        top, below = f"{value['numerator']:,}", f"{value['denominator']:,}"
        yield render(N_("numerator %(top)s ÷ denominator %(below)s"), {"top": top, "below": below})
    if value["named"] is not None:
        counts = {"named": f"{value['named']:,}", "heads": f"{value['headcount']:,}"}
        yield render(N_("by name %(named)s, only counted %(heads)s"), counts)
    if lacking := lacking_words(value):
        yield f"{MARK} {lacking}"
    yield render(N_("basis: %(basis)s"), {"basis": _(BASIS_WORDS[str(value["basis"])])})
    yield render(N_("units: %(tree)s"), {"tree": _(TREE_WORDS[ask.tree])})
    yield render(N_("rule version %(version)s"), {"version": value["rule_version"]})
    if absent := not_here(value):
        yield f"{MARK} {absent}"


def _target_words(value: Figure) -> tuple[str, str]:
    target = value.get("target")
    if not target:
        return _("No target in force. F10 shows the targets."), ""
    sign = "≤" if target["sense"] == "at_most" else "≥"
    said = {
        "target": f"{sign} {target['value']} {measure_words(str(value['unit_of_measure']))}",
        "year": target["year"],
        "source": target["source"],
    }
    words = render(N_("Target %(target)s (%(year)s, %(source)s)"), said)
    light = str(value["light"])
    if not light:
        return words, ""
    return f"{words} · {_(LIGHT_WORDS[light])}", _TONES[light]


def progress_words(done: int, total: int, basis: str) -> str:
    """Return how much of a table is there."""
    if done < total:
        return render(N_("%(done)s of %(total)s units…"), {"done": done, "total": total})
    return render(
        N_("%(total)s units, %(basis)s"), {"total": total, "basis": _(BASIS_WORDS[basis])}
    )


def worst(rows: list[Row], column: str, row: int) -> int:
    """Return the next row below one whose figure misses its target, round and round; -1 if none."""
    for step in range(1, len(rows) + 1):
        at = (row + step) % len(rows)
        value = rows[at].figures.get(column)
        if value is not None and value["light"] == MISSED:
            return at
    return -1
