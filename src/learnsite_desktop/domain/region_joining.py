"""Two region trees of one owner that grew apart, as one: nothing that either says is forgotten.

They do when two computers of the owner change the tree at a time, or when one was restored from a
backup and goes on from an older tree.
"""

from dataclasses import replace
from datetime import date

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.region_changes import require_succession
from learnsite_desktop.domain.regions import Past, RegionRow, RegionTree


def require_nothing_lost(old: RegionTree, new: RegionTree) -> None:
    """Refuse as `require_succession`, and `regions_history_lost` if a unit that ended is open."""
    require_succession(old, new)
    for row in old.rows():
        if row.valid_to is not None and new.require(row.code).valid_to is None:
            raise Refusal("regions_history_lost", where=row.code, parent=row.name)


def is_lost(old: RegionTree, new: RegionTree) -> RegionRow | None:
    """Return the first unit of the old tree of which the new one forgets something, else None."""
    try:
        require_nothing_lost(old, new)
    except Refusal as refusal:
        return old.get(refusal.where)
    return None


def joined(tree: RegionTree, other: RegionTree) -> RegionTree:
    """Return a tree with what either says; where both speak of one thing, with `tree`'s word.

    A unit that only the other knows is taken over, and so are its moves, its end and its new name
    where the tree says nothing later. Whatever parent a unit had in either stays remembered.
    """
    found = []
    for row in tree.rows():
        theirs = other.get(row.code)
        found.append(row if theirs is None else _both(row, theirs))
    return RegionTree([*found, *(row for row in other.rows() if row.code not in tree)])


def _both(row: RegionRow, theirs: RegionRow) -> RegionRow:
    if len(theirs.former) > len(row.former) and theirs.former[: len(row.former)] == row.former:
        row = replace(row, name=theirs.name, former=theirs.former)
    if row.valid_to is None and theirs.valid_to is not None:
        row = replace(row, valid_to=theirs.valid_to, successor=theirs.successor)
    if len(theirs.past) > len(row.past) and theirs.past[: len(row.past)] == row.past:
        return replace(row, parent=theirs.parent, past=theirs.past)
    kept = {parent for parent, _since, _until in row.parents()}
    lost = sorted({parent for parent, _since, _until in theirs.parents()} - kept)
    # For no day that anything happened on: the tree's own word says where it lay when.
    before = tuple(Past(parent, date.min) for parent in lost)
    return replace(row, past=(*before, *row.past))
