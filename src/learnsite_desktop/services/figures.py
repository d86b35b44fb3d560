"""Figures: indicators of a unit and period, their cells, and the records behind each figure."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services import unit_choice
from learnsite_desktop.services.figure_ground import (
    ALL,
    Question,
    ground_of,
    parts,
    prepare,
    unit_key,
)
from learnsite_desktop.services.figure_labels import drilled
from learnsite_desktop.services.indicators import DIMENSIONS, Indicator, chosen
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.silence import Reports
from learnsite_desktop.services.unit_choice import THEN, Elsewhere
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import Ground, Sum, unit_name

BASES: Final = ("received", "approved")
PARTS: Final = ("numerator", "denominator")
_FACTORS: Final = {"%": 100, "‰": 1000, "千人": 1000, "万人": 10_000}
_OF_REPORTS: Final = frozenset({"D01"})
"""What counts reports themselves: there 0 is what it says."""
_INCOMPLETE: Final = N_("incomplete: operations that the lock covers are not held here")

_NAMED: Final = 3
_ELSEWHERE: Final = N_(
    "incomplete: what %(units)s entered does not come to this desk; ask %(unit)s for this figure"
)
_ELSEWHERE_MORE: Final = N_(
    "incomplete: what %(units)s and others (%(count)s units) entered does not come to this desk; "
    "ask %(unit)s for this figure"
)

Value = dict[str, Any]


def factor(unit_of_measure: str) -> int:
    """Return what a value is multiplied by to read in its unit of measure: 100 for %."""
    return _FACTORS.get(unit_of_measure.rpartition("/")[2], 1)


def indicators(
    workspace: Workspace,
    *,
    period: str,
    unit: str,
    children: bool = False,
    by: str | None = None,
    basis: str = "received",
    ids: Sequence[str] | None = None,
    tree: str = THEN,
) -> list[Value]:
    """Return figures with the keys of the contract, of the unit and then of its children.

    Each has its total (cell `all`); with `by` the cells in which something was counted follow.
    `value` is numerator over denominator as a plain ratio, so 0.5 where the unit of measure is %,
    and sites over persons where it is sites per 10,000 (see `factor`).
    `handed_in` counts the unit's reports (`services.silence`); `silent` says that none is held, so
    that 0 is no result. `incomplete` are units whose entries count and are not held here, `missing`
    says why and whom to ask. How far reports were handed in is a result in any case.
    Refuses `unit_unknown`, `period_invalid`, `indicator_unknown`, `figures_option_unknown`.
    """
    if by is not None:
        _one_of("--by", by, DIMENSIONS)
    wanted = chosen(ids)
    question = _question(workspace, period, unit, basis, tree)
    units = [unit, *(children_of(workspace, question) if children else ())]
    reports = Reports(workspace)
    found: list[Value] = []
    for code in units:
        values = _of_unit(workspace, Question(question.period, code, basis, tree), wanted, by)
        handed = reports.of(code, question.period, tree)
        for value in values:
            value["handed_in"] = handed.said
            value["silent"] = (
                handed.silent and value["value"] == 0 and value["id"] not in _OF_REPORTS
            )
        found += values
    return found


def drill(  # noqa: PLR0913 - one keyword for each option of the command
    workspace: Workspace,
    name: str,
    *,
    period: str,
    unit: str,
    cell: str = ALL,
    part: str = "numerator",
    basis: str = "received",
    tree: str = THEN,
    person: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> dict[str, Any]:
    """Return the contributions a figure is the sum of: `records`, their `total`, `incomplete`.

    With `person`, the id of a learner's record, the marks by which that person is among those
    present that the figure is counted from; none where it is not counted from roll calls.
    Persons' names are masked. Refuses `record_unknown`, what `indicators` does, and
    `figure_cell_unknown` for a cell of a dimension that the indicator cannot be split by.
    """
    (indicator,) = chosen([name])
    _one_of("--part", part, PARTS)
    dimension, colon, code = cell.partition(":")
    if cell != ALL and not (colon and code and dimension in indicator.dimensions):
        raise Refusal(
            "figure_cell_unknown", where=cell, id=name, known=" ".join(indicator.dimensions) or ALL
        )
    question = _question(workspace, period, unit, basis, tree)
    query = indicator.part(part)
    learner = require_record(workspace, person).ident if person else 0
    away = unit_choice.elsewhere(workspace, unit, tree)
    incomplete = set(away.units if away is not None else ())
    if not query or (person and "roll" not in indicator.needs):
        return {"records": [], "total": 0, "incomplete": sorted(incomplete)}
    with ground_of(workspace, question) as ground:
        prepare(workspace, ground, question, indicator, "" if cell == ALL else dimension)
        if person:
            query = ground.of_person(learner)
        total = ground.count(query, code or ALL)
        rows = ground.drill(query, code or ALL, limit, offset)
        records = [drilled(workspace, row) for row in rows]
        incomplete |= set(ground.lacking)
    return {"records": records, "total": total, "incomplete": sorted(incomplete)}


def children_of(workspace: Workspace, question: Question) -> list[str]:
    """Return the codes of the units directly below that count in the period."""
    return unit_choice.children_of(workspace, question.period, question.unit, question.tree)


def _question(workspace: Workspace, period: str, unit: str, basis: str, tree: str) -> Question:
    _one_of("--basis", basis, BASES)
    _one_of("--tree", tree, unit_choice.TREES)
    question = Question(parse_period(period), unit, basis, tree)
    unit_key(workspace, unit)
    return question


def _one_of(option: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise Refusal("figures_option_unknown", where=value, option=option, known=" ".join(known))


def _of_unit(
    workspace: Workspace, question: Question, wanted: Sequence[Indicator], by: str | None
) -> list[Value]:
    cells: dict[str, list[Value]] = {indicator.id: [] for indicator in wanted}
    with ground_of(workspace, question) as ground:
        for dimension in ("", by) if by else ("",):
            for indicator in wanted:
                if dimension and dimension not in indicator.dimensions:
                    continue
                queries = parts(workspace, ground, question, indicator, dimension or "")
                found = _values(ground, question, indicator, dimension or "", queries)
                cells[indicator.id] += found
        locked = set(ground.lacking)
    away = unit_choice.elsewhere(workspace, question.unit, question.tree)
    said = [_(_INCOMPLETE)] if locked else []
    if away is not None:
        said.append(_elsewhere_words(workspace, away))
    incomplete = sorted({*locked, *(away.units if away is not None else ())})
    for values in cells.values():
        for value in values:
            value["incomplete"] = incomplete
            if said and value["missing"] is None:
                value["missing"] = "; ".join(said)
    return [value for indicator in wanted for value in cells[indicator.id]]


def _elsewhere_words(workspace: Workspace, away: Elsewhere) -> str:
    named = _("、").join(
        unit_name(workspace.database, code) or code for code in away.units[:_NAMED]
    )
    asked = unit_name(workspace.database, away.ask) or away.ask
    count = len(away.units)
    return render(
        _ELSEWHERE if count <= _NAMED else _ELSEWHERE_MORE,
        {"units": named, "count": count, "unit": asked},
    )


def _values(
    ground: Ground,
    question: Question,
    indicator: Indicator,
    dimension: str,
    queries: tuple[str, str],
) -> Iterator[Value]:
    above = ground.sums(queries[0])
    below = ground.sums(queries[1]) if queries[1] else None
    codes = sorted({*above, *(below or {})} - {ALL}) if dimension else [ALL]
    for code in codes:
        numerator = above.get(code, Sum(0, None, None))
        yield _value(
            question,
            indicator,
            f"{dimension}:{code}" if dimension else ALL,
            numerator,
            None if below is None else below.get(code),
        )


def _value(
    question: Question, indicator: Indicator, cell: str, above: Sum, below: Sum | None
) -> Value:
    divided = bool(indicator.denominator)
    empty = 0 if divided and not indicator.divides_by_register else None
    denominator = below.total if below else empty
    value: float | None = above.total
    missing = None
    if divided:
        value = above.total / denominator if denominator else None
        missing = None if denominator else indicator.text("missing", language())
    if value is not None and value == int(value):
        value = int(value)
    split = below if below and below.crowd is not None else above
    return {
        "id": indicator.id,
        "unit": question.unit,
        "period": question.period.text,
        "cell": cell,
        "numerator": above.total,
        "denominator": denominator,
        "value": value,
        "unit_of_measure": indicator.unit,
        "basis": question.basis,
        "named": (split.named or 0) if indicator.counts_persons else None,
        "headcount": (split.crowd or 0) if indicator.counts_persons else None,
        "missing": missing,
        "rule_version": indicator.rule_version,
    }
