"""What a county does to its region tree: each change is a function from a tree to the next one.

No unit ever goes: it is closed with a date, and its records keep it for ever. A unit that moves
keeps its former parents with the day each ended, so what was allowed under them stays allowed. All
dates lie in the past or are today; the service sees to that.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import TIERS, Former, Past, RegionRow, RegionTree

RESIDENTS: Final = "resident_committee"
STREET: Final = "subdistrict"
_TOWNSHIP: Final = 4


@dataclass(frozen=True, slots=True)
class Named:
    """A unit named in a change; with a `name` it is a new one, without it must be there."""

    code: str
    name: str = ""


def add(tree: RegionTree, new: Named, *, parent: str, kind: str, on: date) -> RegionTree:
    """Add a unit one level below `parent`."""
    above = _open_unit(tree, parent, on)
    if above.level + 1 not in TIERS:
        raise Refusal("regions_parent_not_above", where=new.code, parent=parent)
    return _with(tree, _new_row(tree, new, parent, above.level + 1, kind, on))


def rename(tree: RegionTree, unit: str, name: str, on: date) -> RegionTree:
    """Give a unit another name from a day on; the code stays, the former name is remembered."""
    row, name = tree.require(unit), " ".join(name.split())
    if not name:
        raise Refusal("regions_name_missing", where=unit, column="name")
    if row.former and on < row.former[-1].until:
        raise Refusal("regions_date_order", where=unit, date=str(row.former[-1].until))
    if name == row.name:
        return tree
    return _with(tree, replace(row, name=name, former=(*row.former, Former(row.name, on))))


def move(tree: RegionTree, unit: str, parent: str, on: date) -> RegionTree:
    """Put an open unit under another parent from a day on; the former one is remembered."""
    return _with(tree, _moved(tree, _open_unit(tree, unit, on), parent, on))


def close(tree: RegionTree, unit: str, on: date) -> RegionTree:
    """End a unit that nobody takes over; nothing open may be left below it."""
    return _with(tree, _closed(tree, unit, on))


def merge(tree: RegionTree, units: Sequence[str], into: Named, on: date) -> RegionTree:
    """Close units in favour of one: a new unit, one of theirs, or another that goes on.

    All lie at one level and under one parent: move them there first.
    """
    rows = [_open_unit(tree, unit, on) for unit in dict.fromkeys(units)]
    going = [row for row in rows if row.code != into.code]
    if not going or len({(row.level, row.parent) for row in rows}) != 1:
        raise Refusal("regions_not_alike", where=" ".join(units))
    first = rows[0]
    changed = [_closed(tree, row.code, on, into.code) for row in going]
    if into.name:
        changed.append(_new_row(tree, into, first.parent, first.level, first.kind, on))
    elif _open_unit(tree, into.code, on).level != first.level:
        raise Refusal("regions_not_alike", where=into.code)
    return _with(tree, *changed)


def split(tree: RegionTree, unit: str, into: Sequence[Named], on: date) -> RegionTree:
    """Divide a unit. If it stands among `into` it goes on, else the first takes it over.

    Records cannot be told apart by their unit: "as now" all of them count for that one.
    """
    row = _open_unit(tree, unit, on)
    if len({one.code for one in into}) != len(into) or len(into) < 2:
        raise Refusal("regions_split_parts", where=unit)
    new = [
        _new_row(tree, one, row.parent, row.level, row.kind, on) for one in into if one.code != unit
    ]
    if len(new) == len(into):
        new.append(_closed(tree, unit, on, into[0].code))
    return _with(tree, *new)


def convert(tree: RegionTree, unit: str, into: Named, on: date, kind: str = "") -> RegionTree:
    """Let a unit go on under a new code: a village as a neighbourhood, a township as a street.

    What lies below an open unit moves to the new one on that day.
    """
    row = _open_unit(tree, unit, on)
    named = Named(into.code, into.name or row.name)
    default = STREET if row.level == _TOWNSHIP else RESIDENTS
    heir = _new_row(tree, named, row.parent, row.level, kind or default, on)
    grown = _with(tree, heir)
    below = [
        _moved(grown, child, heir.code, on)
        for child in (tree.require(code) for code in tree.children(unit))
        if child.valid_to is None or child.valid_to > on
    ]
    return _with(grown, *below, _closed(tree, unit, on, heir.code, emptied=True))


def taken_back(
    tree: RegionTree, before: Iterable[RegionRow], added: Collection[str], on: date
) -> RegionTree:
    """Return the tree as if a change had never been: `before` its rows, `added` its new units.

    What was allowed under a parent of the meantime stays allowed: it is remembered for no day at
    all, so that the unit lies under its old parent in between, too. A unit that was added ends on
    the day it began.
    """
    changed = []
    for old in before:
        row = tree.require(old.code)
        past = row.past
        if row.parent != old.parent:
            past = (*past, Past(row.parent, row.under_since or on))
        changed.append(replace(old, past=past))
    for code in added:
        row = tree.require(code)
        changed.append(replace(row, valid_to=row.valid_from or on, successor=""))
    return _with(tree, *changed)


def require_succession(old: RegionTree, new: RegionTree) -> None:
    """Refuse a tree that forgets what the one before it said, or names impossible successors.

    Refuses `regions_code_dropped`, `regions_level_changed`, `regions_history_lost` and
    `regions_successor_invalid`.
    """
    for row in old.rows():
        now = new.get(row.code)
        if now is None:
            raise Refusal("regions_code_dropped", where=row.code, name=row.name)
        if now.level != row.level:
            raise Refusal("regions_level_changed", where=row.code)
        kept = {parent for parent, _since, _until in now.parents()}
        lost = sorted({parent for parent, _since, _until in row.parents()} - kept)
        if lost or now.past[: len(row.past)] != row.past:
            raise Refusal("regions_history_lost", where=row.code, parent=" ".join(lost))
    for row in new.rows():
        if not row.successor:
            continue
        heir = new.get(row.successor)
        if heir is None or heir.level != row.level or row.valid_to is None:
            raise Refusal("regions_successor_invalid", where=row.code, unit=row.successor)
        # Whoever stands at the end of the line has no successor, unless the line is a circle.
        if new.require(new.standing(row.code)).successor:
            raise Refusal("regions_successor_invalid", where=row.code, unit=row.successor)


# -- steps -----------------------------------------------------------------------------------------


def _with(tree: RegionTree, *changed: RegionRow) -> RegionTree:
    """Return the tree with rows put in place of those of their codes, new ones at the end."""
    wanted = {row.code: row for row in changed}
    rows = [wanted.pop(row.code, row) for row in tree.rows()]
    return RegionTree([*rows, *wanted.values()])


def _open_unit(tree: RegionTree, unit: str, on: date) -> RegionRow:
    row = tree.require(unit)
    if row.valid_to is not None:
        raise Refusal("regions_unit_closed", where=unit, name=row.name, date=str(row.valid_to))
    if row.valid_from is not None and on < row.valid_from:
        raise Refusal("regions_date_order", where=unit, date=str(row.valid_from))
    return row


def _new_row(
    tree: RegionTree, new: Named, parent: str, level: int, kind: str, on: date
) -> RegionRow:
    old = tree.get(new.code)
    if old is not None and (old.level != level or not _was_taken_back(old)):
        raise Refusal("regions_unit_exists", where=new.code, name=old.name)
    if not new.name.strip():
        raise Refusal("regions_name_missing", where=new.code, column="name")
    if not new.code.isascii() or not new.code.isdigit() or len(new.code) != 12:
        raise Refusal("regions_code_invalid", where=new.code, unit=new.code)
    fresh = RegionRow(new.code, parent, level, new.name.strip(), kind, valid_from=on)
    if old is None:
        return fresh
    # Its parents of the first time stay remembered, for no day that anything happened on.
    past = (*old.past, Past(old.parent, date.min)) if old.parent != parent else old.past
    return replace(fresh, past=past, former=old.former)


def _was_taken_back(row: RegionRow) -> bool:
    """Whether a unit never was: a change that added it was taken back."""
    return row.valid_from is not None and row.valid_to == row.valid_from and not row.successor


def _moved(tree: RegionTree, row: RegionRow, parent: str, on: date) -> RegionRow:
    above = _open_unit(tree, parent, on)
    if not row.parent or above.level >= row.level or parent == row.parent:
        raise Refusal("regions_parent_not_above", where=row.code, parent=parent)
    since = row.under_since
    if since is not None and on <= since:
        raise Refusal("regions_date_order", where=row.code, date=str(since))
    return replace(row, parent=parent, past=(*row.past, Past(row.parent, on)))


def _closed(
    tree: RegionTree, unit: str, on: date, successor: str = "", *, emptied: bool = False
) -> RegionRow:
    row = _open_unit(tree, unit, on)
    left = () if emptied else _open_codes(tree, tree.children(unit), on)
    if left:
        raise Refusal("regions_children_open", where=unit, units=" ".join(list(left)[:5]))
    if not row.parent:
        raise Refusal("regions_top", where=unit)
    return replace(row, valid_to=on, successor=successor)


def _open_codes(tree: RegionTree, codes: Iterable[str], on: date) -> list[str]:
    return [
        code for code in codes if (ending := tree.require(code).valid_to) is None or ending > on
    ]
