"""Targets: what a figure is measured against, by down documents only, and whether it is reached."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.documents import counting
from learnsite_desktop.services.figure_views.catalogue import measure_of, name_of
from learnsite_desktop.services.figures import factor
from learnsite_desktop.services.publishing.tables import AT_MOST, PERIODS, as_target
from learnsite_desktop.services.silence import is_silent
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.services.workspace import Workspace

KIND: Final = "targets"
MET, MISSED = "met", "missed"


@dataclass(frozen=True, slots=True)
class Target:
    """One target: `unit` alone, or with `tier` or `klass` (kind of unit) every such unit below it.

    `value` is in the indicator's unit of measure; `period` the kind of period it is for, "any" for
    all of them. `issuer` is the unit whose document it stands in.
    """

    indicator: str
    unit: str
    tier: str
    klass: str
    year: int
    period: str
    at_most: bool
    value: Fraction
    text: str
    source: str
    issuer: str

    @property
    def said(self) -> dict[str, Any]:
        """The target beside a figure: `value` as decimal text."""
        return {
            "value": self.text,
            "sense": AT_MOST if self.at_most else "at_least",
            "year": self.year,
            "source": self.source,
            "issuer": self.issuer,
        }


class Targets:
    """The targets of the documents held here, read once."""

    def __init__(self, workspace: Workspace) -> None:
        """Read them; rows that this version cannot use are left aside."""
        self._tree = load_tree(workspace.database)
        self._documents: list[tuple[str, list[Target]]] = []
        for document in counting(workspace, KIND):
            rows = document.body if isinstance(document.body, list) else []
            read = [one for row in rows for one in _read(row, document.scope)]
            self._documents.append((document.scope, read))

    def all(self) -> Iterator[Target]:
        """Yield every target, the lowest issuer's first."""
        for _scope, found in self._documents:
            yield from found

    def of(self, unit: str, indicator: str, period: Period) -> Target | None:
        """Return a figure's target: the lowest issuer's, then the closest to the unit and year.

        The one of the year of the period's last day comes first, then the newest before it, then
        the next to come.
        """
        if unit not in self._tree:
            return None
        line = [unit, *self._tree.ancestors(unit)]
        for scope, found in self._documents:
            if scope not in line:
                continue
            fitting = [
                (_closeness(self._tree, one), _nearness(one.year, period.last.year), one)
                for one in found
                if one.indicator == indicator
                and one.period in ("any", period.kind.value)
                and _concerns(self._tree, one, unit, line)
            ]
            if fitting:
                return min(fitting, key=lambda item: item[:2])[2]
        return None


def _read(row: object, issuer: str) -> Iterator[Target]:
    if not isinstance(row, Mapping):
        return
    try:
        value = as_target(str(row["value"]))
        yield Target(
            indicator=str(row["indicator"]),
            unit=str(row["unit"]),
            tier=str(row.get("tier", "")),
            klass=str(row.get("class", "")),
            year=int(row["year"]),
            period=str(row.get("period", PERIODS[0])),
            at_most=row.get("sense") == AT_MOST,
            value=Fraction(value),
            text=str(row["value"]),
            source=str(row["source"]),
            issuer=issuer,
        )
    except (KeyError, ValueError, TypeError, OverflowError):
        return


def _concerns(tree: RegionTree, one: Target, unit: str, line: list[str]) -> bool:
    if not one.tier and not one.klass:
        return one.unit == unit
    row = tree.require(unit)
    return one.unit in line and one.tier in ("", row.tier) and one.klass in ("", row.kind)


def _closeness(tree: RegionTree, one: Target) -> tuple[int, int, int]:
    """Return how general a target is: for the unit alone, for its class, for its tier."""
    if not one.tier and not one.klass:
        return (0, 0, 0)
    level = tree.require(one.unit).level if one.unit in tree else 0
    return (1, -level, 0 if one.klass else 1)


def _nearness(year: int, asked: int) -> tuple[int, int]:
    return (0, asked - year) if year <= asked else (1, year - asked)


def light(value: Mapping[str, Any], target: Target | None) -> str:
    """Return `met` or `missed` for a figure with a target, "" without, missing or silent."""
    if target is None or value["value"] is None or is_silent(value):
        return ""
    top, bottom = value["numerator"], value["denominator"]
    shown = Fraction(top, bottom or 1) * factor(str(value["unit_of_measure"]))
    reached = shown <= target.value if target.at_most else shown >= target.value
    return MET if reached else MISSED


def list_targets(workspace: Workspace) -> list[dict[str, Any]]:
    """Return every target held: indicator, name, unit, tier, class, year, period, and `said`."""
    return [
        {
            "indicator": one.indicator,
            "name": name_of(one.indicator),
            "unit": one.unit,
            "tier": one.tier or None,
            "class": one.klass or None,
            "period": one.period,
            **one.said,
            "unit_of_measure": measure_of(one.indicator),
        }
        for one in Targets(workspace).all()
    ]


def starting_table() -> Path:
    """Return the table of published national and local targets that one can start from."""
    return resource("targets", "public.csv")


def write_starting_table(path: Path) -> None:
    """Write the table to start from, to be changed and published; refuses `file_exists`."""
    if path.exists():
        raise Refusal("file_exists", where=str(path))
    shutil.copyfile(starting_table(), path)
