"""Figures: indicators of a unit and period, their cells, and the records behind each figure."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from learnsite_desktop.domain.births import Birth, Precision, parse_birth
from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.services import policy
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.indicators import (
    DIMENSIONS,
    Indicator,
    chosen,
    shared,
)
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import figures as store
from learnsite_desktop.store.figures import Drilled, Ground, Month, Scope, Sum

BASES: Final = ("received", "approved")
PARTS: Final = ("numerator", "denominator")
ALL: Final = "all"
ELDER_AGE: Final = 60
DAYS_VILLAGE, DAYS_ABOVE = 5, 10
MINUTES_PER_HOUR, ACTIVE_SESSIONS = 45, 12
_OLDEST: Final = 200
_FINENESS: Final = {Precision.YEAR: 0, Precision.MONTH: 1, Precision.DAY: 2}

Value = dict[str, Any]


def factor(unit_of_measure: str) -> int:
    """Return what a value is multiplied by to read in its unit of measure: 100 for %."""
    return 100 if unit_of_measure == "%" else 1


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: a period, a unit (code) with those below it, a basis."""

    period: Period
    unit: str
    basis: str = "received"


def indicators(
    workspace: Workspace,
    *,
    period: str,
    unit: str,
    children: bool = False,
    by: str | None = None,
    basis: str = "received",
    ids: Sequence[str] | None = None,
) -> list[Value]:
    """Return figures with the keys of the contract, of the unit and then of its children.

    Each has its total (cell `all`); with `by` the cells in which something was counted follow.
    `value` is numerator over denominator as a plain ratio, so 0.5 where the unit of measure is %.
    Refuses `unit_unknown`, `period_invalid`, `indicator_unknown`, `figures_option_unknown`.
    """
    if by is not None:
        _one_of("--by", by, DIMENSIONS)
    wanted = chosen(ids)
    question = _question(workspace, period, unit, basis)
    units = [unit, *(children_of(workspace, question) if children else ())]
    found: list[Value] = []
    for code in units:
        found += _of_unit(workspace, Question(question.period, code, basis), wanted, by)
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
    limit: int | None = None,
    offset: int = 0,
) -> dict[str, Any]:
    """Return the contributions a figure is the sum of: `records` and their `total`.

    Persons' names are masked. Refuses what `indicators` does, and `figure_cell_unknown` for a cell
    of a dimension that the indicator cannot be split by.
    """
    (indicator,) = chosen([name])
    _one_of("--part", part, PARTS)
    dimension, colon, code = cell.partition(":")
    if cell != ALL and not (colon and code and dimension in indicator.dimensions):
        raise Refusal(
            "figure_cell_unknown", where=cell, id=name, known=" ".join(indicator.dimensions) or ALL
        )
    question = _question(workspace, period, unit, basis)
    query = indicator.part(part)
    if not query:
        return {"records": [], "total": 0}
    with _ground(workspace, question) as ground:
        _prepare(workspace, ground, question, indicator, "" if cell == ALL else dimension)
        total = ground.count(query, code or ALL)
        rows = ground.drill(query, code or ALL, limit, offset)
        return {"records": [_record(workspace, row) for row in rows], "total": total}


def completeness(workspace: Workspace, period: str) -> list[dict[str, Any]]:
    """Return who has handed in a period: `unit`, `state`, `received_at`.

    Asked are all townships and village-level units below this workspace's unit that take part:
    they were given an opening file here, have a computer known here or a valid site on the period's
    last day, or have handed it in; a village is asked itself. A report is
    `on_time` when the unit above first received it by the 5th (village level) or 10th (above) day
    after the period, `zero` when it says that there was nothing, `silent` until it is received.
    """
    asked = parse_period(period)
    key = _unit_key(workspace, workspace.unit)
    rows = store.submissions(workspace.database, key, asked.text, asked.last.isoformat())
    return [
        {
            "unit": code,
            "state": _state(asked, level, zero_reason, received_at),
            "received_at": received_at,
        }
        for code, level, zero_reason, received_at, _there in rows
    ]


def _state(period: Period, level: int, zero_reason: str | None, received_at: str | None) -> str:
    if received_at is None:
        return "silent"
    if zero_reason:
        return "zero"
    grace = DAYS_VILLAGE if level == 5 else DAYS_ABOVE
    due = period.last + timedelta(days=grace)
    return "on_time" if received_at[:10] <= due.isoformat() else "late"


def children_of(workspace: Workspace, question: Question) -> list[str]:
    """Return the codes of the units directly below that exist in the period."""
    period = question.period
    key = _unit_key(workspace, question.unit)
    first, last = period.first.isoformat(), period.last.isoformat()
    return store.children_of(workspace.database, key, first, last)


def _question(workspace: Workspace, period: str, unit: str, basis: str) -> Question:
    _one_of("--basis", basis, BASES)
    question = Question(parse_period(period), unit, basis)
    _unit_key(workspace, unit)
    return question


def _one_of(option: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise Refusal("figures_option_unknown", where=value, option=option, known=" ".join(known))


def _unit_key(workspace: Workspace, code: str) -> int:
    key = store.unit_key(workspace.database, code)
    if key is None:
        raise Refusal("unit_unknown", where=code)
    return key


# -- the ground ------------------------------------------------------------------------------------


def policy_number(workspace: Workspace, key: str, default: int) -> int:
    """Return a positive whole number of the policy, the default where it is not set."""
    text = policy.current(workspace).get(key, "")
    return int(text) if text.isascii() and text.isdigit() and int(text) else default


def _scope(workspace: Workspace, question: Question) -> Scope:
    period = question.period
    months = period.months()
    per_year = policy_number(workspace, "active_sessions_per_year", ACTIVE_SESSIONS)
    today = workspace.clock.now().date()
    return Scope(
        unit=_unit_key(workspace, question.unit),
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        year=period.first.year - 1,
        minutes_per_hour=policy_number(workspace, "minutes_per_hour", MINUTES_PER_HOUR),
        needed=-(-per_year * len(months) // 12),
        basis=question.basis,
        months=tuple(
            Month(
                month.text,
                month.last.isoformat(),
                (month.last + timedelta(days=DAYS_VILLAGE)).isoformat(),
                (month.last + timedelta(days=DAYS_ABOVE)).isoformat(),
            )
            for month in months
            if month.last < today
        ),
        bands=_age_bands(),
    )


def _band_starts() -> list[int]:
    """Return the first years of the age bands; a band's code is that year."""
    return sorted(int(code) for code in shipped_codes().codes("age_band") if code.isdigit())


def _age_bands() -> tuple[tuple[int, str], ...]:
    """Return the band's code for every age a person can have."""
    codes = sorted(code for code in shipped_codes().codes("age_band") if code.isdigit())
    ends = [int(code) for code in codes[1:]] + [_OLDEST]
    return tuple(
        (age, code) for code, end in zip(codes, ends, strict=True) for age in range(int(code), end)
    )


@contextmanager
def _ground(workspace: Workspace, question: Question) -> Iterator[Ground]:
    files = shared()
    scope = _scope(workspace, question)
    with store.ground(workspace.database, files.base, files.cells, scope) as ground:
        yield ground


def _prepare(
    workspace: Workspace, ground: Ground, question: Question, indicator: Indicator, dimension: str
) -> None:
    """Run the shared sections that an indicator needs, and split by a dimension ("": totals)."""
    for section in indicator.needs:
        if section == "ages":
            _tell_ages(workspace, ground, question.period)
        if section != "persons":
            ground.prepare(section)
    if dimension == "age":
        _tell_ages(workspace, ground, question.period)
    ground.split(dimension or ALL, persons="persons" in indicator.needs)


def _tell_ages(workspace: Workspace, ground: Ground, period: Period) -> None:
    """Fill in birth days, once.

    The private day is opened only where the public birth year leaves the age band open, and where
    several records of one person may differ: then the most precise counts, the earliest among
    equals.
    """
    if not ground.first_time("births"):
        return
    starts = {*_band_starts(), ELDER_AGE}
    years = range(period.first.year, period.last.year + 1)
    open_years: set[int | None] = {year - start for year in years for start in starts} | {None}
    listed: dict[int, list[tuple[int | None, str | None]]] = {}
    for person, year, commitment in ground.persons():
        listed.setdefault(person, []).append((year, commitment))
    rows: list[tuple[int, str]] = []
    for person, records in listed.items():
        births = [
            birth
            for year, commitment in records
            if (birth := _birth(workspace, year, commitment, open_years, len(records) > 1))
        ]
        if births:
            best = max(births, key=lambda one: (_FINENESS[one.precision], -one.born.toordinal()))
            rows.append((person, best.born.isoformat()))
    ground.put_births(rows)


def _birth(
    workspace: Workspace,
    year: int | None,
    commitment: str | None,
    open_years: set[int | None],
    several: bool,  # noqa: FBT001
) -> Birth | None:
    found = None
    if commitment and (several or year in open_years):
        found = parse_birth(workspace.vault.reveal(commitment))
    return found or (parse_birth(f"{year:04d}") if year is not None else None)


# -- values ----------------------------------------------------------------------------------------


def _of_unit(
    workspace: Workspace, question: Question, wanted: Sequence[Indicator], by: str | None
) -> list[Value]:
    cells: dict[str, list[Value]] = {indicator.id: [] for indicator in wanted}
    with _ground(workspace, question) as ground:
        for dimension in ("", by) if by else ("",):
            for indicator in wanted:
                if dimension and dimension not in indicator.dimensions:
                    continue
                _prepare(workspace, ground, question, indicator, dimension or "")
                cells[indicator.id] += _values(ground, question, indicator, dimension or "")
    return [value for indicator in wanted for value in cells[indicator.id]]


def _values(
    ground: Ground, question: Question, indicator: Indicator, dimension: str
) -> Iterator[Value]:
    above = ground.sums(indicator.numerator)
    below = ground.sums(indicator.denominator) if indicator.denominator else None
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


# -- records ---------------------------------------------------------------------------------------

_NO_NAME: Final = N_("name not held here")
_MINUTES_LABEL: Final = N_("minutes per learning hour (policy)")


def _record(workspace: Workspace, row: Drilled) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "id": _id(row),
        "unit": row.unit,
        "date": row.date,
        "label": _label(workspace, row),
        "sheet_row": row.sheet_row,
        "contribution": row.contribution,
    }


def _id(row: Drilled) -> str | None:
    if row.kind == "policy":
        return "minutes_per_hour"
    if row.kind == "unit":
        return row.unit
    return b64(row.rid) if row.rid is not None else None


def _label(workspace: Workspace, row: Drilled) -> str:
    """Return words for a contribution: what it is about and, masked, whom."""
    if row.kind == "policy":
        return _(_MINUTES_LABEL)
    if row.kind == "unit":
        return row.unit_name or row.unit or ""
    if row.kind == "site":
        return row.site or ""
    if row.kind == "population":
        return f"{row.unit_name or row.unit} {row.year} {row.source or ''}".strip()
    name = workspace.vault.reveal(row.name) if row.name else None
    words = [row.title] if row.title else []
    if isinstance(name, str):
        words.append(masked("name", name))
    elif row.name or row.kind == "learner":
        words.append(_(_NO_NAME))
    return " · ".join(words)
