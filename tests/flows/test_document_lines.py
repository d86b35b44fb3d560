"""Down documents of a county that was restored, and of two computers of one county."""

import shutil
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.desks import (
    COUNTY,
    SISTER,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    opened,
    small_class,
    twin_of,
)

SOUTH = "410122102000"
NEW = "410122101990"


class County(Line):
    """A county, perhaps with a second computer, two townships, two villages under the first."""

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self.south = Desk(place / "south", SOUTH)
        self.second = Desk(place / "second", COUNTY)

    def found(self) -> None:
        super().found()
        opened(self.county, SOUTH, self.south.folder)
        self.enrol()
        self.carry(self.south, self.county)
        self.carry(self.county, self.south)

    def open_second(self) -> None:
        """Let the county have its second computer."""
        opened(self.county, COUNTY, self.second.folder)
        self.carry(self.second, self.county)
        self.carry(self.county, self.second)

    def restore(self, backup: str) -> None:
        """Let the county go on from a backup; its folder is lost."""
        shutil.rmtree(self.county.folder)
        self.county("restore", backup)

    def add_unit(self, desk: Desk) -> Any:
        """Add a village to the first township."""
        place = ("--on", "2026-04-01", "--kind", "village_committee", "--parent", TOWNSHIP)
        return desk("regions", "add", f"{NEW}=新庄村", *place)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county that everybody knows, to be copied by each test."""
    line = County(tmp_path_factory.mktemp("lines"))
    line.found()
    return line.place


@pytest.fixture
def line(founded: Path, tmp_path: Path) -> County:
    place = tmp_path / "line"
    shutil.copytree(founded, place)
    return County(place)


def minutes(desk: Desk) -> str:
    return str(desk("policy")["policy"]["minutes_per_hour"])


def versions(desk: Desk) -> dict[str, int]:
    return {row["kind"]: row["version"] for row in desk("documents")["documents"]}


def findings(desk: Desk) -> set[str]:
    """Return the codes of what the check says of documents."""
    found = desk("check")["findings"]
    return {one["code"] for one in found if one["code"].startswith("WJ")}


def refused(row: Any) -> list[str]:
    return [one["error"]["code"] for one in row["documents_refused"]]


def tree(desk: Desk) -> Any:
    """Return the units below the county as a desk knows them."""
    return sorted(
        (unit["code"], unit["name"], unit["parent"], unit["valid_to"])
        for unit in desk("units")["units"]
    )


def sessions(desk: Desk) -> Any:
    """Return in how many sessions a desk counts for each unit."""
    words = ("--period", "2026", "--unit", desk.unit, "--children", "--id", "S01")
    return {one["unit"]: one["numerator"] for one in desk("indicators", *words)["values"]}


def test_a_restored_county_numbers_above_what_it_gave_out(line: County) -> None:
    """It hears of its lost versions by the township's receipt, before it issues anything."""
    backup = line.county("backup", line.place / "kept")["path"]
    for number in (50, 55, 60):
        line.county("policy", f"minutes_per_hour={number}")
    line.carry(line.county, line.township)
    line.restore(backup)
    row = line.carry(line.township, line.county)
    assert row["documents_elsewhere"] == [
        {"unit": TOWNSHIP, "kind": "policy", "version": 3, "held": None}
    ]
    assert findings(line.county) == {"WJ3"}
    line.county("policy", "minutes_per_hour=40")
    assert versions(line.county)["policy"] == 4
    for desk in (line.township, line.south):
        row = line.carry(line.county, desk)
        assert (minutes(desk), refused(row)) == ("40", [])
        line.carry(desk, line.county)
    assert findings(line.county) == findings(line.township) == set()


def test_what_a_restored_county_gave_out_comes_back(line: County) -> None:
    """Without hearing anything it issues again; nobody is told that there is nothing to do."""
    backup = line.county("backup", line.place / "kept")["path"]
    for number in (50, 55, 60):
        line.county("policy", f"minutes_per_hour={number}", "review_sample=20")
    line.carry(line.county, line.township)
    line.restore(backup)
    line.county("policy", "minutes_per_hour=40")
    row = line.carry(line.county, line.township)
    assert refused(row) == ["document_behind"]
    assert "无需处理" not in row["documents_refused"][0]["error"]["remedy"]
    assert minutes(line.township) == "60"
    assert findings(line.township) == {"WJ1"}
    line.carry(line.county, line.south)
    assert minutes(line.south) == "40"
    row = line.carry(line.township, line.county)
    assert row["documents_returned"] == [{"kind": "policy", "version": 3, "held": 1}]
    assert (minutes(line.county), versions(line.county)["policy"]) == ("60", 3)
    assert line.county("policy")["policy"]["review_sample"] == "20"
    line.county("policy", "minutes_per_hour=40")
    for desk in (line.township, line.south, line.township):
        line.carry(line.county, desk)
        line.carry(desk, line.county)
    for desk in (line.county, line.township, line.south):
        policy = desk("policy")["policy"]
        assert (policy["minutes_per_hour"], policy["review_sample"]) == ("40", "20")
        assert findings(desk) == set()


def test_one_number_given_out_twice(line: County) -> None:
    """Equal numbers, other content: whoever holds one keeps it, and the county hears of it."""
    backup = line.county("backup", line.place / "kept")["path"]
    line.county("policy", "minutes_per_hour=50")
    line.carry(line.county, line.township)
    line.restore(backup)
    line.county("policy", "minutes_per_hour=40")
    path = line.county.pack(TOWNSHIP, line.stick / "twice")
    (row,) = line.township.receive(path)
    assert refused(row) == ["document_twice"]
    assert minutes(line.township) == "50"
    before = line.township.dump()
    (row,) = line.township.receive(path)
    assert row["outcome"] == "held"
    assert line.township.dump() == before
    row = line.carry(line.township, line.county)
    assert refused(row) == ["document_own_other"]
    assert [one["version"] for one in row["documents_elsewhere"]] == [1]
    assert (minutes(line.county), findings(line.county)) == ("40", {"WJ3"})
    line.county("policy", "minutes_per_hour=45")
    line.carry(line.county, line.township)
    line.carry(line.township, line.county)
    assert (minutes(line.township), versions(line.township)["policy"]) == ("45", 2)
    assert findings(line.county) == findings(line.township) == set()


def test_a_restored_county_has_its_units_back(line: County) -> None:
    backup = line.county("backup", line.place / "kept")["path"]
    line.add_unit(line.county)
    line.carry(line.county, line.township)
    new = opened(line.township, NEW, line.place / "new")
    new.capture(small_class(NEW))
    line.carry(new, line.township)
    line.carry(line.township, line.county)
    before = sessions(line.county)
    line.restore(backup)
    line.carry(line.township, line.county)
    line.carry(line.county, line.township)
    line.carry(line.township, line.county)
    assert sessions(line.county) == before
    assert line.county("quarantine")["items"] == []
    assert tree(line.county) == tree(line.township)


def test_a_restored_county_that_goes_on_forgets_nothing(line: County) -> None:
    """Its own later edits are set aside below until they are joined with those it lost."""
    backup = line.county("backup", line.place / "kept")["path"]
    line.add_unit(line.county)
    line.county("regions", "merge", VILLAGE, SISTER, "--into", SISTER, "--on", "2026-04-01")
    line.carry(line.county, line.township)
    line.restore(backup)
    for number in range(3):
        line.county("regions", "rename", SOUTH, f"南镇{number}")
    row = line.carry(line.county, line.township)
    assert refused(row) == ["document_apart"]
    assert NEW in {code for code, *_rest in tree(line.township)}
    assert findings(line.township) == {"WJ1"}
    line.carry(line.township, line.county)
    assert "WJ2" in findings(line.county)
    dry = line.county("regions", "join", "--dry-run")
    assert {unit["code"] for unit in dry["units"]} == {NEW, VILLAGE}
    assert "WJ2" in findings(line.county)
    line.county("regions", "join")
    for desk in (line.township, line.south):
        assert refused(line.carry(line.county, desk)) == []
        line.carry(desk, line.county)
        assert tree(desk) == tree(line.county)
        assert findings(desk) == set()
    assert findings(line.county) == set()
    known = {code: (name, ended) for code, name, _parent, ended in tree(line.county)}
    assert (known[SOUTH][0], known[VILLAGE][1], NEW in known) == ("南镇2", "2026-04-01", True)


def test_two_computers_that_edit_the_tree_at_a_time(line: County) -> None:
    """A figure never falls because a tree from the other computer lacks a unit."""
    line.open_second()
    line.add_unit(line.second)
    line.carry(line.second, line.township)
    new = opened(line.township, NEW, line.place / "new")
    new.capture(small_class(NEW))
    line.carry(new, line.township)
    before = sessions(line.township)
    line.county("regions", "rename", VILLAGE, "甲新村")
    line.county("regions", "rename", SISTER, "乙新村")
    assert refused(line.carry(line.county, line.township)) == ["document_apart"]
    assert sessions(line.township) == before
    line.carry(line.township, line.county)
    # Any edit takes over what was set aside, a join by itself does too.
    line.county("regions", "rename", SOUTH, "南新镇")
    assert sessions(line.county)[COUNTY] == before[TOWNSHIP]
    assert line.county("quarantine")["items"] == []
    for desk in (line.second, line.township, line.south):
        assert refused(line.carry(line.county, desk)) == []
        line.carry(desk, line.county)
        assert tree(desk) == tree(line.county)
    assert findings(line.county) == findings(line.township) == findings(line.second) == set()
    assert sessions(line.township) == before


def test_one_village_moved_by_two_computers_on_different_days(line: County) -> None:
    """No tree can repeat both; the joined one says that it knows both, and is taken everywhere."""
    line.open_second()
    line.second("regions", "move", VILLAGE, "--parent", SOUTH, "--on", "2026-03-01")
    line.county("regions", "move", VILLAGE, "--parent", SOUTH, "--on", "2026-03-20")
    line.county("regions", "rename", SISTER, "乙新村")
    line.carry(line.second, line.township)
    line.carry(line.county, line.south)
    assert refused(line.carry(line.county, line.township)) == ["document_apart"]
    line.carry(line.township, line.county)
    line.county("regions", "join")
    for desk in (line.township, line.south, line.second):
        assert refused(line.carry(line.county, desk)) == []
        line.carry(desk, line.county)
        assert tree(desk) == tree(line.county)
    assert findings(line.county) == findings(line.township) == set()


def test_peers_bring_each_other_s_documents_along(line: County) -> None:
    line.open_second()
    line.second("policy", "minutes_per_hour=50")
    line.carry(line.second, line.county)
    assert minutes(line.county) == "50"
    line.county("policy", "review_sample=30")
    line.carry(line.county, line.second)
    policy = line.second("policy")["policy"]
    assert (policy["minutes_per_hour"], policy["review_sample"]) == ("50", "30")
    line.add_unit(line.second)
    line.county("regions", "rename", VILLAGE, "甲新村")
    line.county("regions", "rename", SISTER, "乙新村")
    assert refused(line.carry(line.county, line.second)) == ["document_own_other"]
    assert refused(line.carry(line.second, line.county)) == ["document_own_other"]
    assert "WJ2" in findings(line.county)
    line.county("regions", "join")
    line.carry(line.county, line.second)
    line.carry(line.second, line.county)
    assert tree(line.second) == tree(line.county)
    assert findings(line.county) == findings(line.second) == set()


def test_a_county_hears_of_its_copy_through_a_township(line: County) -> None:
    """Both issue under one number; the township has the county's, and was offered the copy's."""
    clone = twin_of(line.county, line.place / "clone")
    line.county("policy", "minutes_per_hour=50")
    clone("policy", "minutes_per_hour=60")
    line.carry(line.county, line.township)
    assert refused(line.carry(clone, line.township)) == ["document_twice"]
    line.carry(line.township, line.county)
    assert findings(line.county) == {"WJ3"}
    line.county("policy", "minutes_per_hour=55")
    line.carry(line.county, line.township)
    line.carry(line.township, line.county)
    assert minutes(line.township) == "55"
    assert findings(line.county) == findings(line.township) == set()


def test_a_unit_added_again_by_hand_is_the_same_unit(line: County) -> None:
    """The restored county enters it anew, while those below hold what was said first."""
    backup = line.county("backup", line.place / "kept")["path"]
    line.add_unit(line.county)
    line.carry(line.county, line.township)
    new = opened(line.township, NEW, line.place / "new")
    new.capture(small_class(NEW))
    line.carry(new, line.township)
    before = sessions(line.township)
    line.restore(backup)
    line.add_unit(line.county)
    line.county("regions", "rename", SOUTH, "南新镇")
    line.carry(line.county, line.township)
    for _ in range(2):
        line.carry(line.township, line.county)
        line.carry(line.county, line.township)
    assert tree(line.county) == tree(line.township)
    assert sessions(line.township) == before
    assert sessions(line.county)[COUNTY] == before[TOWNSHIP]
    assert line.county("quarantine")["items"] == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_any_order_ends_alike_once_issued_anew(line: County, order: tuple[int, ...]) -> None:
    """A copied county and the county issue at a time; their files come in any order, and again."""
    line.open_second()
    clone = twin_of(line.county, line.place / "clone")
    line.county("policy", "minutes_per_hour=50")
    clone("policy", "minutes_per_hour=60")
    line.second("regions", "rename", VILLAGE, "甲新村")
    files = [
        desk.pack(TOWNSHIP, line.stick / f"f{number}")
        for number, desk in enumerate((line.county, clone, line.second))
    ]
    for number in (*order, *order):
        line.township("receive", files[number])
    assert minutes(line.township) == ("50" if order.index(0) < order.index(1) else "60")
    for desk in (line.township, clone, line.second):
        line.carry(desk, line.county)
    line.county("policy", "minutes_per_hour=55")
    for desk in (line.township, clone, line.second):
        line.carry(line.county, desk)
    # A copy is known as a computer of its own only once it has said so.
    for desk in (line.township, clone, line.second):
        line.carry(desk, line.county)
        line.carry(line.county, desk)
    for number in reversed(order):
        line.township("receive", files[number], code=outcome_code(line.township, files[number]))
    for desk in (line.county, line.township, clone, line.second):
        assert (minutes(desk), versions(desk)["policy"]) == ("55", 2)
        assert tree(desk) == tree(line.county)


def outcome_code(desk: Desk, file: Path) -> int:
    """Return how `receive` ends for a file that may bring nothing but what is passed already."""
    return 0 if desk("receive", "--dry-run", file)["ok"] else 1
