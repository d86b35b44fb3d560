"""A figure beside those of the same class of unit: a spread with one's own place, never a ranking.

A class is a kind of unit (village committees, streets, towns), or the units of one level that have
a valid site of some kind. Units stand in the order of their codes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any, Final

from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionRow
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services import figures, unit_choice
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.figure_views.table import with_target
from learnsite_desktop.services.figure_views.targets import Targets
from learnsite_desktop.services.indicators import chosen
from learnsite_desktop.services.silence import is_silent
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import unit_choice as store

_KIND, _SITE = "kind:", "site:"
_WORDS: Final[Mapping[str, str]] = {
    "province": N_("provinces"),
    "city": N_("cities"),
    "county": N_("counties"),
    "subdistrict": N_("streets"),
    "town": N_("towns"),
    "township": N_("townships"),
    "village_committee": N_("villages"),
    "resident_committee": N_("neighbourhoods"),
}
_FIGURES: Final = N_("figures")


@dataclass(frozen=True, slots=True)
class Spread:
    """How the values of a class lie: how many have one, how many lack it, and five marks.

    The marks are None while nobody has a value. Values are plain ratios, as in the figures.
    """

    count: int
    missing: int
    least: float | None
    quarter: float | None
    median: float | None
    three_quarters: float | None
    greatest: float | None

    @property
    def said(self) -> dict[str, Any]:
        """The spread with plain keys."""
        return {name: getattr(self, name) for name in self.__slots__}


def spread(values: Sequence[float | None]) -> Spread:
    """Return the spread of values; quartiles as of the whole class, ends included."""
    held = sorted(value for value in values if value is not None)
    if not held:
        return Spread(0, len(values), None, None, None, None, None)
    one, two, three = quantiles(held, n=4, method="inclusive") if len(held) > 1 else held * 3
    return Spread(len(held), len(values) - len(held), held[0], one, two, three, held[-1])


def class_words(code: str) -> str:
    """Return the words of a class."""
    if code.startswith(_SITE):
        kind = shipped_codes().label("site_kind", code.removeprefix(_SITE), language())
        return render(N_("units with a site of the kind %(kind)s"), {"kind": kind})
    kind = code.removeprefix(_KIND)
    return _(_WORDS[kind]) if kind in _WORDS else kind


def classes_of(workspace: Workspace, unit: str, period: Period) -> list[str]:
    """Return the classes that a unit belongs to, its kind first."""
    row = load_tree(workspace.database).require(unit)
    last = period.last.isoformat()
    kinds = store.site_kinds_of(workspace.database, row.code, last)
    return [f"{_KIND}{row.kind}", *(f"{_SITE}{kind}" for kind in kinds)]


def peers_of(workspace: Workspace, unit: str, period: Period, klass: str, tree: str) -> list[str]:
    """Return the units of a class below this desk, of the level of a unit, in the order of codes.

    Refuses `class_unknown` for a class that the unit is not in.
    """
    known = load_tree(workspace.database)
    mine = known.require(unit)
    if klass not in classes_of(workspace, unit, period):
        raise Refusal(
            "class_unknown", where=klass, known=" ".join(classes_of(workspace, unit, period))
        )
    today = workspace.clock.now().date()
    day = today if tree == unit_choice.NOW else period.last

    def there(row: RegionRow) -> bool:
        begun = row.valid_from is None or row.valid_from <= day
        first = today if tree == unit_choice.NOW else period.first
        return begun and (row.valid_to is None or row.valid_to > first)

    rows = [
        row
        for code in known.subtree(workspace.unit)
        if (row := known.require(code)).level == mine.level and there(row)
    ]
    if klass.startswith(_KIND):
        found = {row.code for row in rows if row.kind == mine.kind}
    else:
        held = store.with_site_kind(
            workspace.database, klass.removeprefix(_SITE), period.last.isoformat()
        )
        found = {row.code for row in rows} & held
    return sorted(found | {unit})


def compare(
    workspace: Workspace,
    indicator: str,
    *,
    period: str,
    unit: str,
    klass: str = "",
    basis: str = "received",
    tree: str = unit_choice.THEN,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Return one figure of all units of a class: `values` by code, `spread`, and `own` place.

    `own` says how many units have a lower, an equal and a higher value; None where it has no value.
    A figure that is silent counts as missing: it says nothing. Refuses `class_unknown` and what
    `services.figures.indicators` does.
    """
    chosen([indicator])
    asked = parse_period(period)
    load_tree(workspace.database).require(unit)
    klass = klass or classes_of(workspace, unit, asked)[0]
    peers = peers_of(workspace, unit, asked, klass, tree)
    held = Targets(workspace)
    values = []
    for number, code in enumerate(peers):
        progress(number, len(peers), _FIGURES)
        values += figures.indicators(
            workspace, period=period, unit=code, basis=basis, ids=[indicator], tree=tree
        )
    progress(len(peers), len(peers), _FIGURES)
    told = {one["unit"]: None if is_silent(one) else one["value"] for one in values}
    mine = told[unit]
    others = [value for code, value in told.items() if value is not None and code != unit]
    own = None
    if mine is not None:
        own = {
            "lower": sum(value < mine for value in others),
            "equal": sum(value == mine for value in others),
            "higher": sum(value > mine for value in others),
        }
    return {
        "id": indicator,
        "unit": unit,
        "period": period,
        "class": klass,
        "classes": [
            {"class": one, "name": class_words(one)} for one in classes_of(workspace, unit, asked)
        ],
        "values": [with_target(one, held) for one in values],
        "spread": spread(list(told.values())).said,
        "own": own,
    }
