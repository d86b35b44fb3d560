"""Which units count for a unit: as the region tree stood then, or as it stands now.

"Then": what happened counts for the units that lay above on its day. "Now": for whoever stands
there today, with what was merged into it and what once lay under a unit that it took over. Stocks
(sites, villages, population) are those of one day; a unit that ended hands them to its successor.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from learnsite_desktop.domain.regions import RegionTree

TREES: Final = ("then", "now")
ALWAYS: Final = ("", "9999-12-31")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `since` to the day before `until` (ISO, `ALWAYS` for open ends) a unit counts."""

    unit: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Members:
    """What counts for a unit.

    `flows` say when what happens in a unit counts; `stocks` give each unit whose sites and people
    count, with the unit that stands for it on the last day; `heirs` (unit, successor), all of them.
    """

    flows: tuple[Stretch, ...]
    stocks: dict[str, str]
    heirs: tuple[tuple[str, str], ...]

    def partly(self, first: date, last: date) -> set[str]:
        """Return the units of the stocks whose flows of the period do not all count."""
        whole = {
            one.unit
            for one in self.flows
            if one.since <= first.isoformat() and last.isoformat() < one.until
        }
        return set(self.stocks) - whole


def members(tree: RegionTree, unit: str, last: date, *, now: bool, today: date) -> Members:
    """Return what counts for a unit in a period that ends on `last`."""
    ended = [row.code for row in tree.rows() if row.successor]
    heirs = tuple(pair for code in ended for pair in _heirs(tree, code))
    if now:
        codes = _standing_today(tree, unit, today)
        return Members(
            tuple(Stretch(code, *ALWAYS) for code in codes),
            {code: tree.standing(code, last) for code in codes},
            heirs,
        )
    children = _edges(tree)
    there = {one.unit for one in _below(children, unit) if _holds(one, last)}
    stocks = {code: code for code in there if tree.standing(code, last) == code}
    for code in ended:
        heir = tree.standing(code, last)
        if heir != code and heir in there:
            stocks[code] = heir
    return Members(tuple(_below(children, unit)), stocks, heirs)


def children(
    tree: RegionTree, unit: str, first: date, last: date, *, now: bool, today: date
) -> tuple[list[str], list[str]]:
    """Return the units directly below in a period, and those that ended before it or began later.

    The latter count only if something was entered for them or for what counts for them.
    """
    if now:
        found = sorted(_standing(tree, today).below.get(unit, ()))
    else:
        found = sorted(
            {
                one.unit
                for one in _edges(tree).get(unit, ())
                if one.since <= last.isoformat() and first.isoformat() < one.until
            }
        )
    rows = [tree.require(code) for code in found]
    there = [
        row.code
        for row in rows
        if (now or row.valid_from is None or row.valid_from <= last)
        and (row.valid_to is None or row.valid_to > first)
    ]
    return there, [row.code for row in rows if row.code not in there]


def _heirs(tree: RegionTree, code: str) -> Iterator[tuple[str, str]]:
    seen = {code}
    row = tree.get(code)
    while row is not None and row.successor and row.successor not in seen:
        seen.add(row.successor)
        yield code, row.successor
        row = tree.get(row.successor)


@dataclass(frozen=True, slots=True)
class _Standing:
    """How units stand on a day: `below` each its children, `taken` each those it stands for.

    Only units that nobody took over are keys and children: what lay under one that ended lies
    under its successor, whether it was open then or not.
    """

    below: dict[str, list[str]]
    taken: dict[str, list[str]]


@lru_cache(maxsize=4)
def _standing(tree: RegionTree, today: date) -> _Standing:
    found = _Standing({}, {})
    for row in tree.rows():
        heir = tree.standing(row.code, today)
        if heir != row.code:
            found.taken.setdefault(heir, []).append(row.code)
        elif row.parent:
            above = tree.standing(row.parent, today)
            found.below.setdefault(above, []).append(row.code)
    return found


def _standing_today(tree: RegionTree, unit: str, today: date) -> list[str]:
    """Return the units that lie under a unit today, each with those it stands for."""
    stands = _standing(tree, today)
    found: list[str] = []
    left = [unit]
    while left:
        code = left.pop()
        found += [code, *stands.taken.get(code, ())]
        left += sorted(stands.below.get(code, ()), reverse=True)
    return found


@lru_cache(maxsize=4)
def _edges(tree: RegionTree) -> dict[str, list[Stretch]]:
    """Return who lay under a unit, and when."""
    found: dict[str, list[Stretch]] = {}
    for row in tree.rows():
        for parent, since, until in row.parents():
            stretch = Stretch(
                row.code,
                since.isoformat() if since else ALWAYS[0],
                until.isoformat() if until else ALWAYS[1],
            )
            if stretch.since < stretch.until:
                found.setdefault(parent, []).append(stretch)
    return found


def _below(edges: dict[str, list[Stretch]], unit: str) -> Iterator[Stretch]:
    """Yield when each unit lay under a unit, itself included."""
    left = [Stretch(unit, *ALWAYS)]
    while left:
        above = left.pop()
        yield above
        for one in edges.get(above.unit, ()):
            since, until = max(above.since, one.since), min(above.until, one.until)
            if since < until:
                left.append(Stretch(one.unit, since, until))


def _holds(stretch: Stretch, day: date) -> bool:
    return stretch.since <= day.isoformat() < stretch.until
