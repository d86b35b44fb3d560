"""The lines of a report: each with its parts, last year's value, and why there is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from learnsite_desktop.domain.disclosure import Told, hide_beside
from learnsite_desktop.domain.periods import Period, PeriodKind, parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services import figures
from learnsite_desktop.services.codes import codes_in_force
from learnsite_desktop.services.figure_ground import ALL, Question, ground_of, prepare
from learnsite_desktop.services.figure_views.catalogue import lacking, measure_of, name_of
from learnsite_desktop.services.indicators import CODE_LISTS, DIMENSIONS, Indicator, registry
from learnsite_desktop.services.official.catalogue import (
    COUNTS,
    Line,
    catalogue,
    is_computable,
    parse_line,
)
from learnsite_desktop.services.official.hiding import DELICATE, PERSONS, WHOLE, hidden_cells
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import Sum

EVERY: Final = "*"
_LACKS: Final = N_("Cannot be computed: missing %(what)s")
NO_YEAR: Final = N_("nothing was recorded in that period")
_NO_CAMPAIGN: Final = N_("activities marked with a campaign")
_NO_DIMENSION: Final = N_("a split of this indicator by that")
_UNITS: Final = {"sites": "个", "staff": "人", "venues": "处"}
NAMES: Final = {"sites": N_("Sites"), "staff": N_("Staff"), "venues": N_("Venues")}
"""What is counted besides indicators."""

_HELD_AT_SITES: Final = frozenset({"N07", "N08"})
"""Indicators of sites that ask what was held there: where nothing was, they say nothing."""

Key = tuple[str, str, str]
"""What was counted: indicator or register, dimension ("" for the total), code."""


@dataclass(frozen=True, slots=True)
class Number:
    """A counted number: numerator, denominator (None for a plain count), value, why there is none.

    `hidden` says that few persons of a sensitive group stand behind it: it must not be shown;
    with `beside` that such a number would follow from this one.
    """

    numerator: int | None
    denominator: int | None
    value: float | None
    unit: str
    named: int | None = None
    headcount: int | None = None
    missing: str = ""
    rule_version: str = ""
    hidden: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A line of a report with its number and last year's."""

    line: Line
    name: str
    now: Number
    last: Number

    @property
    def change(self) -> float | None:
        """How much more than last year, None where one of them is missing or hidden."""
        if self.now.hidden or self.last.hidden:
            return None
        if self.now.value is None or self.last.value is None:
            return None
        return self.now.value - self.last.value


def year_before(period: Period) -> Period:
    """Return the same period a year earlier."""
    year = period.first.year - 1
    if period.kind is PeriodKind.SCHOOL_YEAR:
        return parse_period(f"{year}-{year + 1}")
    return parse_period(f"{year}{period.text[4:]}")


def _why_incomplete(value: figures.Value) -> str:
    if value["value"] is not None and value["missing"]:
        return str(value["missing"])
    count = len(value["incomplete"])
    return render(N_("incomplete: entries of %(count)s units are missing"), {"count": count})


class Counter:
    """Counts what the lines of reports ask for, each ground once, and remembers it."""

    def __init__(self, workspace: Workspace, question: Question) -> None:
        """Count for one question; nothing is counted yet."""
        self.workspace, self.question = workspace, question
        self._found: dict[Key, Number] = {}
        self._asked: set[tuple[str, str]] = set()
        self.incomplete = ""

    def want(self, lines: Iterable[Line], progress: Progress = silent) -> None:
        """Count all that `lines` need and that was not counted yet."""
        wanted: dict[str, list[str]] = {}
        for line in lines:
            if not is_computable(line) or (line.id, line.dimension) in self._asked:
                continue
            self._asked.add((line.id, line.dimension))
            if line.counted or _splits(line):
                wanted.setdefault("" if line.counted else line.dimension, []).append(line.id)
        for done, (dimension, ids) in enumerate(wanted.items()):
            progress(done, len(wanted), N_("Counting"))
            plain = [name for name in ids if name not in COUNTS]
            if plain and dimension in ("", *DIMENSIONS):
                self._count_figures(dimension, plain)
            elif plain:
                self._count_axis(dimension, plain)
            if len(plain) < len(ids):
                self._count_records([name for name in ids if name in COUNTS])

    def cells(self, name: str, dimension: str) -> dict[str, Number]:
        """Return the cells counted of an indicator along a dimension, by code."""
        return {key[2]: one for key, one in self._found.items() if key[:2] == (name, dimension)}

    def number(self, line: Line) -> Number:
        """Return the number of a line; where there is none, it says what is missing."""
        if not is_computable(line):
            other = lacking().get(line.id)
            what = other.missing if other else line.id
            return _none(render(_(_LACKS), {"what": what}), measure_of(line.id))
        if line.counted:
            found = self._found.get((line.id, line.dimension, line.codes[0]))
            return found or Number(0, None, 0, _UNITS[line.id])
        if not _splits(line):
            return _none(render(_(_LACKS), {"what": _(_NO_DIMENSION)}), measure_of(line.id))
        if not line.dimension:
            return self._found[line.id, "", ALL]
        known = self.cells(line.id, line.dimension)
        codes = list(known) if EVERY in line.codes else list(line.codes)
        if EVERY in line.codes and not codes:
            return _none(render(_(_LACKS), {"what": _(_NO_CAMPAIGN)}), measure_of(line.id))
        return _summed(registry()[line.id], [known[code] for code in codes if code in known])

    # Counting

    def _count_figures(self, dimension: str, ids: Sequence[str]) -> None:
        asked = self.question
        persons = [PERSONS] if dimension in DELICATE and PERSONS not in ids else []
        values = figures.indicators(
            self.workspace,
            period=asked.period.text,
            unit=asked.unit,
            by=dimension or None,
            basis=asked.basis,
            ids=[*ids, *persons],
            tree=asked.tree,
        )
        few = hidden_cells(self.workspace, values)
        for value in values:
            if value["incomplete"] and not self.incomplete:
                self.incomplete = _why_incomplete(value)
            place, _colon, code = value["cell"].partition(":")
            along = place if code else ""
            hidden = (along, code) in few
            self._found[value["id"], along, code or ALL] = Number(
                value["numerator"],
                value["denominator"],
                value["value"],
                value["unit_of_measure"],
                value["named"],
                value["headcount"],
                value["missing"] or "",
                value["rule_version"],
                hidden,
            )

    def _count_axis(self, axis: str, ids: Sequence[str]) -> None:
        with ground_of(self.workspace, self.question, catalogue().cells) as ground:
            for name in ids:
                indicator = registry()[name]
                prepare(self.workspace, ground, self.question, indicator, axis)
                above = ground.sums(indicator.numerator)
                below = ground.sums(indicator.denominator) if indicator.denominator else {}
                for code, total in above.items():
                    self._found[name, axis, code] = _number(indicator, total, below.get(code))

    def _count_records(self, names: Sequence[str]) -> None:
        with ground_of(self.workspace, self.question) as ground:
            for section in ("held", "sites"):
                ground.prepare(section)
            for name in names:
                for code, total in ground.sums(catalogue().counts[name]).items():
                    self._found[name, COUNTS[name], code] = Number(
                        total.total, None, total.total, _UNITS[name]
                    )


def _splits(line: Line) -> bool:
    if not line.dimension:
        return True
    return line.dimension in catalogue().axes or line.dimension in registry()[line.id].dimensions


def _none(missing: str, unit: str) -> Number:
    return Number(None, None, None, unit, missing=missing)


def _number(indicator: Indicator, above: Sum, below: Sum | None) -> Number:
    denominator = below.total if below else None
    value: float | None = above.total
    if indicator.denominator:
        value = above.total / denominator if denominator else None
    persons = indicator.counts_persons
    return Number(
        above.total,
        denominator,
        _whole(value),
        indicator.unit,
        (above.named or 0) if persons else None,
        (above.crowd or 0) if persons else None,
        indicator.text("missing", language()) if value is None else "",
        indicator.rule_version,
    )


def _summed(indicator: Indicator, cells: Sequence[Number]) -> Number:
    """Return cells that do not overlap as one; a ratio only where they share the denominator."""
    if not cells:
        empty = 0 if not indicator.denominator else None
        why = "" if empty == 0 else _("nothing was counted")
        return Number(empty, None, empty, indicator.unit, missing=why)
    below = {cell.denominator for cell in cells}
    if len(cells) > 1 and len(below) > 1:
        return _none(render(_(_LACKS), {"what": _(_NO_DIMENSION)}), indicator.unit)
    total = sum(cell.numerator or 0 for cell in cells)
    (denominator,) = below
    value: float | None = total
    if indicator.denominator:
        value = total / denominator if denominator else None
    persons = indicator.counts_persons
    return Number(
        total,
        denominator,
        _whole(value),
        indicator.unit,
        sum(cell.named or 0 for cell in cells) if persons else None,
        sum(cell.headcount or 0 for cell in cells) if persons else None,
        next((cell.missing for cell in cells if cell.missing), ""),
        indicator.rule_version,
        any(cell.hidden for cell in cells),
    )


def _whole(value: float | None) -> float | None:
    return int(value) if value is not None and value == int(value) else value


def line_name(workspace: Workspace, line: Line) -> str:
    """Return the name of a line in the language in use: indicator, and what it is split by."""
    codes = codes_in_force(workspace.database)
    if line.counted:
        if line.codes == (ALL,):
            return _(NAMES[line.id])
        word = codes.label(line.dimension, line.codes[0], language())
        return f"{_(NAMES[line.id])}：{word}"
    name = name_of(line.id)
    if not line.dimension:
        return name
    listed = CODE_LISTS.get(line.dimension) or catalogue().axes.get(line.dimension, "")
    if EVERY in line.codes:
        return f"{name}：{_('activity weeks')}"
    words = [codes.label(listed, code, language()) if listed else code for code in line.codes]
    return f"{name}：{'、'.join(words)}"


def fill_lines(
    workspace: Workspace, now: Counter, last: Counter, lines: Sequence[Line], progress: Progress
) -> list[Filled]:
    """Return the lines of a report, counted for the period and the year before."""
    held = parse_line("S03")
    now.want(lines, progress)
    last.want([*lines, held], progress)
    silent_year = not last.number(held).value
    numbers = _kept_apart(now, lines, [now.number(line) for line in lines])
    before = [_before(last, line, silent_year) for line in lines]
    return [
        Filled(line, line_name(workspace, line), *both)
        for line, *both in zip(lines, numbers, _kept_apart(last, lines, before), strict=True)
    ]


def _kept_apart(counter: Counter, lines: Sequence[Line], numbers: list[Number]) -> list[Number]:
    """Return the numbers with those hidden from which a hidden one would follow.

    Everybody stands in one age, so that a total without the other ages tells one.
    """
    for name in {line.id for line in lines if line.dimension in WHOLE}:
        for dimension in WHOLE:
            places = [
                place
                for place, line in enumerate(lines)
                if line.id == name and line.dimension in ("", dimension)
            ]
            cells = counter.cells(name, dimension)
            few = {code for code, one in cells.items() if one.hidden}
            persons = {c: n.numerator or 0 for c, n in counter.cells(PERSONS, dimension).items()}
            asked = {code for place in places for code in lines[place].codes if code != ALL}
            every = frozenset({*(code for code in persons if persons[code]), *asked})
            total = Told(-1, every, sum(persons.values()), stays=True)
            told = [
                Told(place, frozenset(codes), sum(persons.get(code, 0) for code in codes))
                for place in places
                if not numbers[place].hidden and numbers[place].value is not None
                if (codes := lines[place].codes if lines[place].dimension else ())
            ]
            for place in hide_beside([total, *told], few):
                numbers[place] = replace(numbers[place], hidden=True, beside=True)
    return numbers


def _before(last: Counter, line: Line, silent_year: bool) -> Number:  # noqa: FBT001
    """Return last year's number; where nothing at all was recorded then, it is no 0."""
    found = last.number(line)
    stands = line.counted or (line.id.startswith("N") and line.id not in _HELD_AT_SITES)
    if not silent_year or stands or found.value is None:
        return found
    return replace(found, numerator=None, denominator=None, value=None, missing=_(NO_YEAR))
