"""Edits of the region tree: what a county does to its units, and what must never be forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from learnsite_desktop.domain import region_changes as edits
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.region_changes import Named, require_succession
from learnsite_desktop.domain.regions import Past, RegionRow, RegionTree

COUNTY, NORTH, SOUTH = "410122000000", "410122101000", "410122102000"
OAK, ELM, ASH = "410122101201", "410122101202", "410122102201"
NEW, STREET = "410122101299", "410122009000"
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


def _tree() -> RegionTree:
    return RegionTree(
        [
            RegionRow(COUNTY, "", 3, "县", "county"),
            RegionRow(NORTH, COUNTY, 4, "北乡", "township"),
            RegionRow(SOUTH, COUNTY, 4, "南镇", "town"),
            RegionRow(OAK, NORTH, 5, "栎村", "village_committee"),
            RegionRow(ELM, NORTH, 5, "榆村", "village_committee"),
            RegionRow(ASH, SOUTH, 5, "桦村", "village_committee"),
        ]
    )


def _code(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


def test_merged_villages_end_in_favour_of_a_new_one() -> None:
    tree = edits.merge(_tree(), [OAK, ELM], Named(NEW, "栎榆村"), JULY)
    for code in (OAK, ELM):
        row = tree.require(code)
        assert (row.valid_to, row.successor, row.parent) == (JULY, NEW, NORTH)
    heir = tree.require(NEW)
    assert (heir.parent, heir.level, heir.kind) == (NORTH, 5, "village_committee")
    assert (heir.valid_from, heir.valid_to) == (JULY, None)
    assert [tree.standing(OAK, day) for day in (date(2026, 6, 30), JULY)] == [OAK, NEW]


def test_a_village_may_take_another_in() -> None:
    tree = edits.merge(_tree(), [OAK, ELM], Named(OAK), JULY)
    assert tree.require(OAK) == _tree().require(OAK)
    assert tree.require(ELM).successor == OAK


def test_who_took_over_may_be_taken_over() -> None:
    tree = edits.merge(_tree(), [OAK, ELM], Named(OAK), JULY)
    tree = edits.convert(tree, OAK, Named(NEW), AUGUST)
    assert [tree.standing(ELM, day) for day in (JULY, AUGUST)] == [OAK, NEW]
    assert tree.require(NEW).kind == "resident_committee"
    assert tree.require(NEW).name == "栎村"


def test_a_village_moves_and_its_former_parent_is_remembered() -> None:
    tree = edits.move(_tree(), OAK, SOUTH, JULY)
    row = tree.require(OAK)
    assert (row.parent, row.past) == (SOUTH, (Past(NORTH, JULY),))
    assert RegionTree.of([one.as_row() for one in tree.rows()]).rows() == tree.rows()
    back = edits.move(tree, OAK, NORTH, AUGUST)
    assert back.require(OAK).past == (Past(NORTH, JULY), Past(SOUTH, AUGUST))


def test_a_township_becomes_a_street_with_its_villages() -> None:
    tree = edits.convert(_tree(), NORTH, Named(STREET, "北街道"), JULY)
    assert tree.require(STREET).kind == "subdistrict"
    assert tree.require(NORTH).successor == STREET
    assert tree.children(STREET) == [OAK, ELM]
    assert tree.require(OAK).past == (Past(NORTH, JULY),)


def test_a_split_gives_the_records_to_one_part() -> None:
    tree = edits.split(_tree(), OAK, [Named(NEW, "东栎村"), Named(STREET, "西栎村")], JULY)
    assert tree.require(OAK).successor == NEW
    kept = edits.split(_tree(), OAK, [Named(OAK), Named(NEW, "新栎村")], JULY)
    assert kept.require(OAK) == _tree().require(OAK)
    assert kept.require(NEW).valid_from == JULY


@pytest.mark.parametrize(
    ("code", "act"),
    [
        ("unit_unknown", lambda t: edits.close(t, NEW, JULY)),
        ("regions_children_open", lambda t: edits.close(t, NORTH, JULY)),
        ("regions_children_open", lambda t: edits.merge(t, [NORTH, SOUTH], Named(SOUTH), JULY)),
        ("regions_unit_exists", lambda t: edits.convert(t, OAK, Named(ELM, "新"), JULY)),
        ("regions_not_alike", lambda t: edits.merge(t, [OAK, ASH], Named(OAK), JULY)),
        ("regions_not_alike", lambda t: edits.merge(t, [OAK], Named(OAK), JULY)),
        ("regions_split_parts", lambda t: edits.split(t, OAK, [Named(NEW, "新")], JULY)),
        ("regions_parent_not_above", lambda t: edits.move(t, OAK, ASH, JULY)),
        ("regions_parent_not_above", lambda t: edits.move(t, OAK, NORTH, JULY)),
        ("regions_name_missing", lambda t: edits.rename(t, OAK, " ", JULY)),
        ("regions_unit_closed", lambda t: edits.close(edits.close(t, OAK, JULY), OAK, AUGUST)),
        (
            "regions_date_order",
            lambda t: edits.move(edits.move(t, OAK, SOUTH, AUGUST), OAK, NORTH, JULY),
        ),
        (
            "regions_code_invalid",
            lambda t: edits.add(t, Named("12", "新"), parent=NORTH, kind="x", on=JULY),
        ),
    ],
)
def test_refused(code: str, act: Callable[[RegionTree], object]) -> None:
    assert _code(lambda: act(_tree())) == code


def _replaced(tree: RegionTree, row: RegionRow) -> RegionTree:
    return RegionTree([row if one.code == row.code else one for one in tree.rows()])


def test_a_tree_must_not_forget() -> None:
    tree = edits.move(_tree(), OAK, SOUTH, JULY)
    oak = tree.require(OAK)
    less = RegionTree([row for row in tree.rows() if row.code != ASH])
    assert _code(lambda: require_succession(tree, less)) == "regions_code_dropped"
    for wrong in (replace(oak, past=()), replace(oak, past=(Past(SOUTH, JULY),), parent=SOUTH)):
        forgetful = _replaced(tree, wrong)
        assert _code(partial(require_succession, tree, forgetful)) == ("regions_history_lost")
    higher = _replaced(tree, replace(tree.require(ASH), level=4, parent=COUNTY))
    assert _code(lambda: require_succession(tree, higher)) == "regions_level_changed"
    require_succession(_tree(), tree)


def test_successors_must_be_possible() -> None:
    tree = _tree()
    oak, elm = tree.require(OAK), tree.require(ELM)
    for rows in (
        [replace(oak, successor=ELM)],
        [replace(oak, successor=NEW, valid_to=JULY)],
        [replace(oak, successor=SOUTH, valid_to=JULY)],
        [replace(oak, successor=ELM, valid_to=JULY), replace(elm, successor=OAK, valid_to=JULY)],
    ):
        after = tree
        for row in rows:
            after = _replaced(after, row)
        assert _code(partial(require_succession, tree, after)) == ("regions_successor_invalid")


def test_what_was_taken_back_lasted_no_day_and_may_be_said_rightly() -> None:
    june = date(2026, 6, 1)
    first = _tree()
    wrong = edits.move(first, OAK, SOUTH, JULY)
    back = edits.taken_back(wrong, [first.require(OAK)], (), AUGUST)
    require_succession(wrong, back)
    assert {*back.require(OAK).parents()} == {(SOUTH, JULY, JULY), (NORTH, None, None)}
    assert back.require(OAK).under_since is None
    right = edits.move(back, OAK, SOUTH, june)
    require_succession(back, right)
    lay = [one for one in right.require(OAK).parents() if one[1] != one[2]]
    assert lay == [(NORTH, None, june), (SOUTH, june, None)]
    assert RegionTree.of([one.as_row() for one in right.rows()]).rows() == right.rows()
    # From there on it is a move like any other.
    assert _code(lambda: edits.move(right, OAK, NORTH, june)) == "regions_date_order"


def test_a_unit_that_never_was_may_be_added_elsewhere() -> None:
    grown = edits.add(_tree(), Named(NEW, "新村"), parent=NORTH, kind="village_committee", on=JULY)
    back = edits.taken_back(grown, [], [NEW], AUGUST)
    again = edits.add(back, Named(NEW, "新村"), parent=SOUTH, kind="village_committee", on=JULY)
    require_succession(back, again)
    row = again.require(NEW)
    assert (row.parent, row.valid_from, row.valid_to) == (SOUTH, JULY, None)
    assert row.under_since == date.min
    higher = partial(edits.convert, back, NORTH, Named(NEW, "新街"), AUGUST)
    assert _code(higher) == "regions_unit_exists"
