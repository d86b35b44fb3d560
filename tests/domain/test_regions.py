"""The region tree."""

from datetime import date

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionTree

Row = dict[str, object]


def _row(code: str, parent: str, level: int | str, **more: object) -> Row:
    return {"code": code, "parent": parent, "level": level, "name": "某地", "kind": "town", **more}


COUNTY = _row("410122000000", "", 3)
TOWN = _row("410122101000", "410122000000", 4)
OTHER_TOWN = _row("410122102000", "410122000000", 4)
VILLAGE = _row("410122101205", "410122101000", "5")
COUNTY_VILLAGE = _row("410122900201", "410122000000", 5)


def _tree() -> RegionTree:
    return RegionTree.of([COUNTY, TOWN, OTHER_TOWN, VILLAGE, COUNTY_VILLAGE])


def test_questions_of_a_tree() -> None:
    tree = _tree()
    assert tree.tier("410122101205") == "village"
    assert tree.tier("410122101000") == "township"
    assert tree.tier("410122000000") == "county"
    assert tree.ancestors("410122101205") == ["410122101000", "410122000000"]
    assert tree.subtree("410122101000") == ["410122101000", "410122101205"]
    assert tree.subtree("410122000000") == [
        "410122000000",
        "410122101000",
        "410122101205",
        "410122102000",
        "410122900201",
    ]
    assert tree.parent_unit("410122000000") is None


def test_level_missing_in_between() -> None:
    assert _tree().parent_unit("410122900201") == "410122000000"


def test_slice_holds_the_line_up_and_all_below() -> None:
    part = _tree().slice("410122101000")
    assert [row.code for row in part.rows()] == ["410122000000", "410122101000", "410122101205"]
    assert RegionTree.of([row.as_row() for row in part.rows()]).rows() == part.rows()


def test_unit_that_no_longer_exists_is_no_superior() -> None:
    town = _row("410122101000", "410122000000", 4, valid_to="2026-07-01", valid_from="")
    tree = RegionTree.of([COUNTY, town, VILLAGE])
    assert tree.parent_unit("410122101205", on=date(2026, 6, 30)) == "410122101000"
    assert tree.parent_unit("410122101205", on=date(2026, 7, 1)) == "410122000000"


@pytest.mark.parametrize(
    ("rows", "code", "where"),
    [
        ([], "regions_empty", ""),
        ([COUNTY, COUNTY], "regions_code_repeated", "line 3"),
        ([COUNTY, _row("41012210100", "410122000000", 4)], "regions_code_invalid", "line 3"),
        ([COUNTY, _row("", "410122000000", 4)], "regions_code_invalid", "line 3"),
        ([_row("410122000000", "4101", 3)], "regions_code_invalid", "line 2"),
        ([_row("４１０１２２０００００００", "", 3)], "regions_code_invalid", "line 2"),
        ([TOWN], "regions_parent_unknown", "line 2"),
        ([COUNTY, _row("410122101000", "410122000000", 3)], "regions_parent_not_above", "line 3"),
        (
            [
                _row("410122000000", "410122101000", 3),
                _row("410122101000", "410122000000", 4),
            ],
            "regions_parent_not_above",
            "line 2",
        ),
        ([_row("410122000000", "410122000000", 3)], "regions_parent_not_above", "line 2"),
        ([_row("410122000000", "", 0)], "regions_level_invalid", "line 2"),
        ([_row("410122000000", "", 6)], "regions_level_invalid", "line 2"),
        ([_row("410122000000", "", "")], "regions_level_invalid", "line 2"),
        ([{**COUNTY, "name": " "}], "regions_name_missing", "line 2"),
        ([{**COUNTY, "kind": None}], "regions_name_missing", "line 2"),
        ([{**COUNTY, "valid_from": "2026-02-30"}], "regions_date_invalid", "line 2"),
    ],
)
def test_faulty_trees_are_refused(rows: list[Row], code: str, where: str) -> None:
    with pytest.raises(Refusal) as caught:
        RegionTree.of(rows)
    assert (caught.value.code, caught.value.where) == (code, where)


def test_unknown_unit() -> None:
    with pytest.raises(Refusal) as caught:
        _tree().tier("990000000000")
    assert caught.value.code == "unit_unknown"
