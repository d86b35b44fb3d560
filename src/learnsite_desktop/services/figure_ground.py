"""The ground of figures: what a question of a unit and period is counted from."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from learnsite_desktop.domain.births import Birth, Precision, parse_birth
from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import policy, unit_choice
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.completeness import DAYS_ABOVE, DAYS_VILLAGE
from learnsite_desktop.services.covered import cover
from learnsite_desktop.services.indicators import Indicator, shared
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import figures as store
from learnsite_desktop.store.figures import Ground, Month, Scope
from learnsite_desktop.store.unit_choice import put_required

ALL: Final = "all"
_NO_CELLS: Final[Mapping[str, str]] = MappingProxyType({})
_OF_SESSIONS: Final = ("", "tier", "category", "form", "vocational", "topic", "delivery")
ELDER_AGE: Final = 60
MINUTES_PER_HOUR, ACTIVE_SESSIONS = 45, 12
_OLDEST: Final = 200
_FINENESS: Final = {Precision.YEAR: 0, Precision.MONTH: 1, Precision.DAY: 2}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: a period, a unit (code) with those below it, a basis.

    `tree`: whether units count as the region tree stood `then`, or as it stands `now`.
    """

    period: Period
    unit: str
    basis: str = "received"
    tree: str = unit_choice.THEN


def unit_key(workspace: Workspace, code: str) -> int:
    """Return the key of a unit; refuses `unit_unknown`."""
    key = store.unit_key(workspace.database, code)
    if key is None:
        raise Refusal("unit_unknown", where=code)
    return key


def policy_number(workspace: Workspace, key: str, default: int) -> int:
    """Return a positive whole number of the policy, the default where it is not set."""
    text = policy.current(workspace).get(key, "")
    return int(text) if text.isascii() and text.isdigit() and int(text) else default


def required_evidence(workspace: Workspace) -> list[str]:
    """Return the kinds of evidence that the policy asks of every session held."""
    return policy.current(workspace).get("evidence_required", "").split(",")


def _scope(workspace: Workspace, question: Question) -> Scope:
    period = question.period
    months = period.months()
    per_year = policy_number(workspace, "active_sessions_per_year", ACTIVE_SESSIONS)
    today = workspace.clock.now().date()
    return Scope(
        unit=unit_key(workspace, question.unit),
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
                days_after(month.last, DAYS_VILLAGE).isoformat(),
                days_after(month.last, DAYS_ABOVE).isoformat(),
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
def ground_of(
    workspace: Workspace, question: Question, cells: Mapping[str, str] = _NO_CELLS
) -> Iterator[Ground]:
    """Give the ground of a question: what its figures are counted from, gone afterwards.

    `cells` are further dimensions to split by, as sections like those of `_cells.sql`.
    """
    files = shared()
    scope = _scope(workspace, question)
    with store.ground(workspace.database, files.base, {**files.cells, **cells}, scope) as ground:
        unit_choice.choose(workspace, question.period, question.unit, question.tree)
        put_required(workspace.database, required_evidence(workspace))
        if question.basis == "approved":
            ground.lacking = cover(workspace, question.unit, scope.unit, question.period)
        yield ground


def prepare(
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


def parts(
    workspace: Workspace, ground: Ground, question: Question, indicator: Indicator, dimension: str
) -> tuple[str, str]:
    """Make ready and return what gives the sums of an indicator: numerator, denominator or "".

    Where sums of roll calls give the same, nobody's marks are read; to list the rows, use
    `prepare` and the indicator's own parts.
    """
    if indicator.brief and question.basis == "received" and dimension in _OF_SESSIONS:
        ground.count_rolls(dimension or ALL)
        return indicator.brief
    prepare(workspace, ground, question, indicator, dimension)
    return indicator.numerator, indicator.denominator


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
