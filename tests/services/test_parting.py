"""Automatic links that give way to what came later: nobody is two people who exclude each other."""

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from learnsite_desktop.services.trial.people import Person, id_number
from tests.desks import (
    SISTER,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    document,
    learner,
    opened,
    small_class,
)

THIRD = "410122101207"
_BORN = Person("", "F", date(1956, 4, 9))
NUMBER, OTHER_NUMBER = (id_number(_BORN, pair) for pair in (60, 61))


class Three(NamedTuple):
    """Desks that keep ID numbers, and one woman written down at three of them, or two women."""

    line: Line
    third: Desk
    one: str
    between: str
    other: str


@pytest.fixture
def three(enrolled: Line) -> Three:
    """Two of the three records hold ID numbers that exclude each other, the third holds none."""
    line = enrolled
    line.county("policy", "id_numbers=on")
    line.carry(line.county, line.township)
    third = opened(line.township, THIRD, line.place / "third")
    line.carry(third, line.township)
    for desk in (line.village, line.sister, third):
        line.carry(line.township, desk)
    one = attend(line.village, VILLAGE, id_kind="111", id_number=NUMBER)
    other = attend(line.sister, SISTER, id_kind="111", id_number=OTHER_NUMBER)
    return Three(line, third, one, attend(third, THIRD), other)


def attend(desk: Desk, unit: str, **fields: Any) -> str:
    """Enter a class with one learner present; return her id."""
    content = small_class(
        unit,
        learners=[learner("l1", "周桂兰", **fields)],
        enrolments=[{"activity": "a1", "learner": "l1", "joined": "2026-02-24"}],
        rollcalls=[{"session": "s1", "rows": [{"learner": "l1", "status": "P"}]}],
    )
    return str(desk.capture(content)["ids"]["learner"]["l1"])


def persons(desk: Desk) -> list[set[str]]:
    """Return the persons of several records."""
    rows = desk("learner", "list")["learners"]
    groups = [{row["id"], *row["linked_to"]} for row in rows if row["linked_to"]]
    return [group for place, group in enumerate(groups) if group not in groups[:place]]


def learners_counted(desk: Desk, unit: str = TOWNSHIP) -> int:
    """Return S02."""
    words = ("indicators", "--period", "2026-03", "--unit", unit, "--id", "S02")
    return int(desk(*words)["values"][0]["value"])


def proposed(desk: Desk) -> list[set[str]]:
    """Return the pairs that somebody is asked about."""
    return [{row["a"], row["b"]} for row in desk("duplicates")["candidates"]]


def test_a_file_taken_in_again_does_not_join_what_excludes_each_other(three: Three) -> None:
    line, township = three.line, three.line.township
    batch = str(line.carry(line.village, township)["batch"])
    line.carry(three.third, township)
    assert persons(township) == [{three.one, three.between}]
    township("rollback", batch)
    line.carry(line.sister, township)
    township("reapply", batch)
    assert learners_counted(township) == 2
    left = {three.one, three.other} - set().union(*persons(township))
    assert proposed(township) == [{three.between, *left}]
    assert township("duplicates", "--apply")["linked"] == []
    assert township.is_sound()
    line.carry(township, line.county)
    assert learners_counted(line.county) == 2
    assert line.county.state(TOWNSHIP) == township.state()


def test_computers_that_took_in_the_same_in_another_order_agree(three: Three) -> None:
    line, first = three.line, three.line.township
    second = another(line)
    for desk in (line.village, line.sister, three.third):
        line.carry(first, desk)
    files = {
        desk.unit: desk.pack(TOWNSHIP, line.stick / f"up-{desk.unit}")
        for desk in (line.village, line.sister, three.third)
    }
    for desk, unit in ((first, VILLAGE), (second, SISTER)):
        desk.receive(files[unit])
        (row,) = desk.receive(files[THIRD])
        assert row["linked"] == 1
    (row,) = second.receive(first.pack(TOWNSHIP, line.stick / "over"))
    assert [pair["rule"] for pair in row["parted"]] == ["birth"]
    for giver, taker in ((second, first), (first, second)):
        taker.receive(giver.pack(TOWNSHIP, line.stick / f"back-{giver.folder.name}"))
    for desk in (first, second):
        assert learners_counted(desk) == 2
        assert desk("conflicts")["total"] == 0
        assert desk.is_sound()
    assert first.state() == second.state()
    assert {frozenset(one) for one in persons(first)} == {frozenset(one) for one in persons(second)}


def another(line: Line) -> Desk:
    """Return a second computer of the township, known everywhere."""
    desk = opened(line.county, TOWNSHIP, line.place / "second")
    for giver, taker in (
        (desk, line.county),
        (line.county, desk),
        (line.county, line.township),
        (line.township, desk),
        (desk, line.township),
    ):
        line.carry(giver, taker)
    return desk


@pytest.mark.parametrize("by_township", [False, True])
def test_a_number_corrected_later_parts_them(three: Three, by_township: bool) -> None:
    line, township = three.line, three.line.township
    line.carry(line.village, township)
    line.carry(three.third, township)
    assert learners_counted(township) == 1
    words = ("edit", three.between, "id_kind=111", f"id_number={OTHER_NUMBER}")
    if by_township:
        township(*words, "--why", "表格上是这个号码")
    else:
        three.third(*words)
        line.carry(three.third, township)
    assert learners_counted(township) == 2
    assert proposed(township) == [{three.one, three.between}]
    # Who looks at the two and says so decides: what people link stays linked.
    township("link", three.one, three.between)
    three.third("edit", three.between, "address=村东")
    line.carry(three.third, township)
    assert learners_counted(township) == 1


def test_a_link_by_hand_takes_an_automatic_one_away(three: Three) -> None:
    line, township = three.line, three.line.township
    for desk in (line.village, three.third, line.sister):
        line.carry(desk, township)
    (first,) = persons(township)
    (left,) = {three.one, three.other} - first
    township("link", left, three.between)
    assert persons(township) == [{left, three.between}]
    assert township("undo")["ok"] is True
    assert persons(township) == []


def test_values_that_come_later_part_them_too(three: Three) -> None:
    line, township = three.line, three.line.township
    saved = township("backup", line.place / "saved")["path"]
    line.carry(line.village, township)
    line.carry(three.third, township)
    line.carry(township, line.county)
    restored = Desk(line.place / "restored", TOWNSHIP, township.now)
    restored("restore", saved)
    line.carry(line.sister, restored)
    line.carry(three.third, restored)
    line.carry(restored, line.county)
    # The county holds no ID numbers: what comes back from it is one person of three records.
    line.carry(line.county, restored)
    assert learners_counted(restored) == 1
    line.carry(restored, line.village)
    row = line.carry(line.village, restored)
    assert (row["operations_new"], len(row["parted"])) == (0, 1)
    assert learners_counted(restored) == 2
    line.carry(restored, line.county)
    assert learners_counted(line.county) == 2


def test_unlinking_names_somebody_of_the_same_person(enrolled: Line) -> None:
    village = enrolled.village
    entered = village.capture(
        document(learners=[learner("a", "王芳"), learner("b", "王方"), learner("x", "赵钱")])
    )
    a, b, x = (entered["ids"]["learner"][ref] for ref in "abx")
    village("link", a, b)
    assert village.refuses("unlink", a, x) == "not_one_person"
    assert persons(village) == [{a, b}]
    village("unlink", b, a)
    assert village.refuses("unlink", a, b) == "not_one_person"


def test_the_stick_holds_what_was_packed(three: Three, tmp_path: Path) -> None:
    """A file taken in twice parts nobody twice."""
    line, township = three.line, three.line.township
    line.carry(line.village, township)
    line.carry(three.third, township)
    three.third("edit", three.between, "id_kind=111", f"id_number={OTHER_NUMBER}")
    path = three.third.pack(TOWNSHIP, tmp_path)
    (row,) = township.receive(path)
    assert len(row["parted"]) == 1
    before = len(township.lines())
    (row,) = township.receive(path)
    assert (row["parted"], len(township.lines())) == ([], before)
