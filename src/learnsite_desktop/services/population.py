"""Population of units in a year: the grid to enter it in, last year's numbers, sums beside entries.

A unit's own entry and the sum of those below it are two statements of two sources. The sum is shown
beside the entry and never takes its place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionRow
from learnsite_desktop.services.capture import CaptureResult, capture
from learnsite_desktop.services.records import list_records
from learnsite_desktop.services.units import load_tree, require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups

KIND = "population"


@dataclass(frozen=True, slots=True)
class Figure:
    """What a unit's population is said to be: residents, those of 60 and over, by whom."""

    total: int
    over60: int
    source: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """A unit of the grid: what is kept of it, what is kept of the year before."""

    unit: str
    name: str
    tier: str
    kept: Figure | None
    last: Figure | None


@dataclass(frozen=True, slots=True)
class Grid:
    """Population of a year: the unit above first in `own`, then those directly below it.

    `total` and `over60` are the sums of the entries in `rows`, `missing` counts units without one.
    """

    year: int
    own: GridRow
    rows: tuple[GridRow, ...]
    total: int
    over60: int
    missing: int

    @property
    def difference(self) -> tuple[int, int] | None:
        """How far the sums lie above the own entry; None unless every unit and it have one."""
        if self.own.kept is None or self.missing or not self.rows:
            return None
        return self.total - self.own.kept.total, self.over60 - self.own.kept.over60


def grid(workspace: Workspace, year: int, unit: str = "") -> Grid:
    """Return the grid of a year for a unit (the own one if "") and those directly below it.

    Units that did not exist in that year are left out. Refuses `unit_unknown`, `unit_not_below`.
    """
    unit = _reached(workspace, unit)
    tree = load_tree(workspace.database)
    kept, last = figures(workspace, year), figures(workspace, year - 1)
    first, after = date(year, 1, 1), days_after(date(year, 12, 31), 1)

    def line(row: RegionRow) -> GridRow:
        return GridRow(row.code, row.name, row.tier, kept.get(row.code), last.get(row.code))

    rows = tuple(
        line(row)
        for row in map(tree.require, tree.children(unit))
        if (row.valid_to is None or row.valid_to > first)
        and (row.valid_from is None or row.valid_from < after)
    )
    held = [row.kept for row in rows if row.kept is not None]
    return Grid(
        year,
        line(tree.require(unit)),
        rows,
        sum(one.total for one in held),
        sum(one.over60 for one in held),
        len(rows) - len(held),
    )


def figures(workspace: Workspace, year: int) -> dict[str, Figure]:
    """Return what is kept of a year, by unit."""
    return {
        str(row["unit"]): as_figure(row.get("total"), row.get("over60"), row.get("source"))
        for row in list_records(workspace, KIND, period=str(year))
    }


def as_figure(total: object, over60: object, source: object) -> Figure:
    """Return what is kept as a figure; what is no number (a hostile computer's) is 0."""
    return Figure(_whole(total), _whole(over60), str(source or ""))


def _whole(value: object) -> int:
    return value if type(value) is int else 0


def save(
    workspace: Workspace, year: int, entries: Mapping[str, Figure], *, operator: str = ""
) -> CaptureResult:
    """Write the entries of a year as one change, all or none; `issues` says what is wrong.

    Entries that are kept already as they stand write nothing. Refuses `population_source_missing`,
    `unit_unknown`, `unit_not_below`.
    """
    for unit, figure in entries.items():
        _reached(workspace, unit)
        if not figure.source.strip():
            raise Refusal("population_source_missing", where=_named(workspace, unit))
    return capture(workspace, document(year, entries), operator=operator)


def copy_year(
    workspace: Workspace,
    year: int,
    *,
    source: str,
    former: int | None = None,
    unit: str = "",
    operator: str = "",
) -> CaptureResult:
    """Take the numbers of a `former` year (the one before) over where nothing is entered yet.

    For a unit and those directly below it. Refuses as `save`.
    """
    shown = grid(workspace, year, unit)
    before = figures(workspace, former if former is not None else year - 1)
    entries = {
        row.unit: Figure(before[row.unit].total, before[row.unit].over60, source)
        for row in (shown.own, *shown.rows)
        if row.kept is None and row.unit in before
    }
    return save(workspace, year, entries, operator=operator)


def document(year: int, entries: Mapping[str, Figure]) -> dict[str, object]:
    """Return the entries of a year as a capture document."""
    return {"v": 1, "source": KIND, KIND: [as_entry(year, *one) for one in entries.items()]}


def as_entry(year: int, unit: str, figure: Figure) -> dict[str, object]:
    """Return one entry of a capture document."""
    return {
        "unit": unit,
        "year": year,
        "total": figure.total,
        "over60": figure.over60,
        "source": figure.source.strip(),
    }


def shown(rows: Iterable[GridRow]) -> list[dict[str, object]]:
    """Return rows of a grid for listing."""
    return [
        {
            "unit": row.unit,
            "name": row.name,
            "tier": row.tier,
            "total": row.kept.total if row.kept else None,
            "over60": row.kept.over60 if row.kept else None,
            "source": row.kept.source if row.kept else None,
        }
        for row in rows
    ]


def wrong_units(result: CaptureResult, units: Sequence[str]) -> set[str]:
    """Return those of the units whose entries an issue stops."""
    return {issue.ref for issue in result.issues if issue.blocking} & set(units)


def _reached(workspace: Workspace, unit: str) -> str:
    unit = unit or workspace.unit
    require_unit(workspace, unit)
    if not lookups.is_within(workspace.database, unit, workspace.unit):
        raise Refusal("unit_not_below", where=unit)
    return unit


def _named(workspace: Workspace, unit: str) -> str:
    return load_tree(workspace.database).require(unit).name
