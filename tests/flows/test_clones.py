"""Two, three and four computers from one image of a disk, meeting in any order."""

import itertools
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.desks import (
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    document,
    learner,
    opened,
    small_class,
    twin_of,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("line")
    line = Line(place)
    line.found()
    line.village.capture(small_class())
    line.enrol()
    return place


@pytest.fixture
def line(made: Path, tmp_path: Path) -> Line:
    shutil.copytree(made, tmp_path / "line")
    return Line(tmp_path / "line")


def cloned(desk: Desk, place: Path, count: int) -> list[Desk]:
    """Return so many computers of one image, the original first; each has written by itself."""
    clones = [desk, *(twin_of(desk, place / f"clone-{n}") for n in range(1, count))]
    for number, clone in enumerate(clones):
        for entry in range(number + 1):  # branches of different lengths
            ref = f"c{number}-{entry}"
            clone.capture(document("clone", learners=[learner(ref, f"来人{number}{entry}")]))
        clone.now = f"2026-04-02T11:{number:02}:00+08:00"
    return clones


def incarnation(desk: Desk) -> str:
    return str(desk.value("SELECT value FROM setting WHERE key='incarnation'"))


def require_settled(
    line: Line, clones: Sequence[Desk], people: int, others: Sequence[Desk] = ()
) -> None:
    """Everybody holds everything, the fork is named once, no clone goes on under its name."""
    branches = len(clones)
    everyone = [*clones, *others, line.township]
    assert {desk.state(VILLAGE) for desk in everyone} == {line.township.state(VILLAGE)}
    for desk in everyone:
        assert desk("list", "learner", "--unit", VILLAGE)["total"] == people
        (fork,) = desk("forks")["items"]
        assert fork["unit"] == VILLAGE
        assert len(fork["heads"]) == branches
        assert desk("state")["waiting"] == desk("state")["quarantined"] == 0
        assert desk.is_sound()
    lives = [incarnation(desk) for desk in clones]
    assert len(set(lives)) == len(lives)
    assert fork["inc"] not in lives


def written(count: int) -> int:
    return 3 + sum(range(1, count + 1))


def go_on(line: Line, clones: Sequence[Desk]) -> None:
    """Everybody works on and exchanges twice more; the fork stays the one that it was."""
    for number, clone in enumerate(clones):
        clone.capture(document("later", learners=[learner(f"n{number}", f"后来{number}")]))
    for _round in range(2):
        for clone in clones:
            line.carry(clone, line.township)
        path = line.township.pack(VILLAGE, line.stick / f"down-{_round}-{len(clones)}")
        for clone in clones:
            clone.receive(path)


@pytest.mark.parametrize(
    "order", [o for n in (2, 3) for o in itertools.permutations(range(n))], ids=str
)
def test_clones_meet_at_the_township_in_any_order(
    line: Line, tmp_path: Path, order: tuple[int, ...]
) -> None:
    clones = cloned(line.village, tmp_path, len(order))
    for _round in range(2):
        for place in order:
            line.carry(clones[place], line.township)
            line.carry(line.township, clones[place])
    go_on(line, clones)
    require_settled(line, clones, written(len(order)) + len(order))
    line.carry(line.township, line.county)
    assert line.county.state(VILLAGE) == line.township.state(VILLAGE)
    assert len(line.county("forks")["items"]) == 1


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (1, 3, 0, 2)], ids=str)
def test_four_clones_whose_files_come_shuffled(
    line: Line, tmp_path: Path, order: tuple[int, ...]
) -> None:
    """All pack before anybody has received anything; then the files come in two orders."""
    clones = cloned(line.village, tmp_path, 4)
    files = [clone.pack(TOWNSHIP, line.stick / f"up-{n}") for n, clone in enumerate(clones)]
    other = twin_of(line.township, tmp_path / "other-township")
    for place in order:
        line.township.receive(files[place])
    for place in reversed(order):
        other.receive(files[place])
    assert other.state() == line.township.state()
    assert other("forks")["items"] == line.township("forks")["items"]
    go_on(line, clones)
    require_settled(line, clones, written(4) + 4)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)], ids=str)
def test_clones_that_exchange_among_themselves(
    line: Line, tmp_path: Path, order: tuple[int, ...]
) -> None:
    """By the files of a second computer of the village, which all of them can read."""
    second = opened(line.township, VILLAGE, tmp_path / "second")
    for _round in range(2):
        line.carry(second, line.township)
        line.carry(line.township, second)
        line.carry(line.township, line.village)
    clones = cloned(line.village, tmp_path, 3)
    for _round in range(2):
        for place in order:
            line.carry(clones[place], second)
            line.carry(second, clones[place])
        # Once they have names of their own, each one's file can be read by the others too.
        for giver, taker in itertools.permutations(order, 2):
            line.carry(clones[giver], clones[taker])
    go_on(line, clones)
    for _round in range(2):
        line.carry(second, line.township)
        line.carry(line.township, second)
    require_settled(line, clones, written(3) + 3, [second])


def test_one_proof_is_enough_to_go_on_under_another_name(line: Line, tmp_path: Path) -> None:
    """A receipt of its own that it never gave tells a copy what it is, before any fork shows."""
    clones = cloned(line.village, tmp_path, 2)
    first, second = clones
    before = incarnation(second)
    line.carry(first, line.township)
    line.carry(line.township, second)
    assert incarnation(second) != before
    line.carry(second, line.township)
    line.carry(line.township, first)
    go_on(line, clones)
    require_settled(line, clones, written(2) + 2)


def test_clones_of_a_township(line: Line, tmp_path: Path) -> None:
    """A township writes in several chains; its copies fork each of them once."""
    township, village, county = line.township, line.village, line.county
    clone = twin_of(township, tmp_path / "clone")
    record = township("list", "learner", "--query", "周")["records"][0]["id"]
    township("edit", record, "name=周桂花", "--why", "核对")
    clone("edit", record, "sex=M", "--why", "核对")
    for desk in (township, clone):
        line.carry(desk, county)
    for _round in range(2):
        for desk in (township, clone):
            line.carry(county, desk)
            line.carry(desk, county)
            line.carry(desk, village)
            line.carry(village, desk)
    assert len({desk.state(TOWNSHIP) for desk in (township, clone, county)}) == 1
    assert len({desk.state(VILLAGE) for desk in (township, clone, county, village)}) == 1
    shown = village("show", record)["record"]
    assert (shown["name"], shown["sex"]) == ("周桂花", "M")
    for desk in (township, clone, county, village):
        assert [item["unit"] for item in desk("forks")["items"]] == [VILLAGE]
        assert desk.is_sound()
