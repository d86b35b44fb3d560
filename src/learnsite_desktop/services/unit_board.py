"""The board of units: who was given an opening file, who has opened, who was last heard of when."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from learnsite_desktop.domain.region_search import find
from learnsite_desktop.domain.regions import RegionRow, RegionTree
from learnsite_desktop.services import enrolment
from learnsite_desktop.services.opening_check import check_number
from learnsite_desktop.services.units import load_tree, tree_owner
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import settings, unit_board

GIVEN: Final = "opening:"
"""Begins the settings that say when an opening file was last written for a unit, and its name."""
Computer = Literal["none", "given", "opened", "own", "above"]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit and the state of its computer.

    `computer` is `none` (no opening file was written here), `given`, `opened`, `own` for the unit
    that works here and `above` for those above it. `given_at` is "" for a file of unknown date;
    `check` the check number of the newest file that was not opened yet. Moments are RFC 3339.
    """

    row: RegionRow
    computer: Computer
    depth: int = 0
    given_at: str = ""
    file: str = ""
    check: str = ""
    opened_at: str = ""
    heard_at: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """Of the open units of a tier below: all, those given a file or opened, those opened."""

    tier: str
    units: int
    given: int
    opened: int


@dataclass(frozen=True, slots=True)
class Board:
    """The tree, parents before their children, and how far the opening has come.

    `owner` is the unit that keeps the tree ("" while none is known), `ours` whether it is this one.
    """

    lines: tuple[UnitLine, ...]
    counts: tuple[Count, ...]
    owner: str
    owner_name: str
    ours: bool

    @property
    def top(self) -> int:
        """How far down the unit lies that keeps the tree: nobody asks about those above it."""
        line = self.line(self.owner)
        return line.depth if line is not None else 0

    def line(self, code: str) -> UnitLine | None:
        """Return the line of a unit."""
        return next((one for one in self.lines if one.row.code == code), None)

    def without(self, tier: str = "") -> list[str]:
        """Return the open units below that were given no file and have no computer.

        Of a `tier`, or of the one directly below.
        """
        wanted = tier or (self.counts[0].tier if self.counts else "")
        return [
            one.row.code
            for one in self.lines
            if one.computer == "none" and not one.ended and one.row.tier == wanted
        ]


def board(workspace: Workspace) -> Board:
    """Return the board of the units that this workspace's tree knows."""
    tree = load_tree(workspace.database)
    today = workspace.clock.now().date()
    below = set(tree.subtree(workspace.unit)) if workspace.unit in tree else set()
    lines = tuple(_lines(workspace, tree, below, today))
    owner = tree_owner(workspace.database)
    row = tree.get(owner)
    return Board(
        lines, _counts(lines), owner, row.name if row else "", ours=owner == workspace.unit
    )


def found_units(workspace: Workspace, typed: str) -> list[RegionRow]:
    """Return the units that a name, former name, code or pinyin initials may mean."""
    return find(load_tree(workspace.database).rows(), typed)


def note_given(workspace: Workspace, unit: str, file: str, check: str) -> None:
    """Remember that an opening file was written now; inside the caller's transaction."""
    told = json.dumps({"at": workspace.now(), "file": file, "check": check}, ensure_ascii=False)
    settings.write(workspace.database, GIVEN + unit, told)


def _lines(
    workspace: Workspace, tree: RegionTree, below: set[str], today: date
) -> Iterable[UnitLine]:
    database = workspace.database
    invites = unit_board.invites(database)
    given = {unit: json.loads(told) for unit, told in settings.beginning(database, GIVEN).items()}
    unused: dict[str, list[str]] = {}
    for unit, secret, used in invites:
        if not used:
            unused.setdefault(unit, []).append(check_number(secret))
    invited = {unit for unit, _secret, _used in invites}
    opened: dict[str, str] = {}
    for one in enrolment.known_incarnations(database):
        opened[one.unit] = min(one.at, opened.get(one.unit, one.at))
    heard = unit_board.last_received(database)
    for row, depth in _in_order(tree):
        told = given.get(row.code, {})
        state: Computer = "given" if row.code in invited else "none"
        state = "opened" if row.code in opened else state
        if row.code == workspace.unit:
            state = "own"
        elif row.code not in below:
            state = "above"
        yield UnitLine(
            row=row,
            computer=state,
            depth=depth,
            given_at=str(told.get("at", "")),
            file=str(told.get("file", "")),
            check=_newest(str(told.get("check", "")), unused.get(row.code, [])),
            opened_at=opened.get(row.code, ""),
            heard_at=heard.get(row.code, ""),
            ended=not row.valid_on(today),
        )


def _newest(check: str, unused: Sequence[str]) -> str:
    """Return the newest file's check number if nobody used it, else that of another.

    Invites have no order; files written before the number was noted have none of their own.
    """
    return check if check in unused else next(iter(unused), "")


def _in_order(tree: RegionTree) -> Iterable[tuple[RegionRow, int]]:
    """Yield every unit after the one above it, with how far down it lies."""
    left = [(row.code, 0) for row in reversed(tree.rows()) if not row.parent]
    while left:
        code, depth = left.pop()
        yield tree.require(code), depth
        left.extend((child, depth + 1) for child in reversed(tree.children(code)))


def _counts(lines: Iterable[UnitLine]) -> tuple[Count, ...]:
    open_ones = [one for one in lines if one.computer not in ("own", "above") and not one.ended]
    tiers = sorted({(one.row.level, one.row.tier) for one in open_ones})
    return tuple(
        Count(
            tier,
            sum(one.row.tier == tier for one in open_ones),
            sum(one.row.tier == tier and one.computer != "none" for one in open_ones),
            sum(one.row.tier == tier and one.computer == "opened" for one in open_ones),
        )
        for _level, tier in tiers
    )
