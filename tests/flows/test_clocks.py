"""Clocks decide nothing: a dead battery or a year typed wrong gives the same state, and is told."""

import itertools
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from learnsite_desktop.services import conflicts, records
from learnsite_desktop.services.capture import capture
from tests.flows.desks import (
    COUNTY,
    NOW,
    TOWNSHIP,
    VILLAGES,
    Desk,
    found_county,
    open_desk,
    pass_on,
    ring,
    village_entries,
)
from tests.support import CommandLine

VILLAGE: Final = VILLAGES[0]
DEAD_BATTERY, LATE = "1999-01-01T00:03:00+08:00", "2099-12-31T23:59:00+08:00"
AFTER_2038 = "2038-01-19T03:14:08+00:00"
MOMENTS: Final = tuple(
    datetime.fromisoformat(text) for text in (NOW.isoformat(), DEAD_BATTERY, LATE, AFTER_2038)
)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county, a township, and a village with two computers, all enrolled, clocks right."""
    root = tmp_path_factory.mktemp("scene")
    county = found_county(root / "county")
    township = open_desk(root / "township", county, TOWNSHIP, root / "stick")
    first = open_desk(root / "first", township, VILLAGE, root / "stick")
    second = open_desk(root / "second", township, VILLAGE, root / "stick")
    ring([first, second], township, root / "stick")
    ring([township], county, root / "stick")
    first.capture(**village_entries(VILLAGE))
    ring([first, second], township, root / "stick")
    ring([township], county, root / "stick")
    return root


def told(scene: Path, folder: Path, clocks: tuple[datetime, ...]) -> dict[str, Any]:
    """Live through the same weeks with these clocks; return what every desk shows at the end."""
    desks = {
        name: Desk(scene / name, unit).copy_to(folder / name).at(moment)
        for (name, unit), moment in zip(
            {"county": COUNTY, "township": TOWNSHIP, "first": VILLAGE, "second": VILLAGE}.items(),
            clocks,
            strict=True,
        )
    }
    county, township, first, second = desks.values()
    session, activity = record_of(first, "session"), record_of(first, "activity")
    first.edit(session, start="08:30")
    second.edit(session, notes="下雨")
    first.edit(activity, title="国画班")
    second.edit(activity, title="合唱班")
    township.edit(session, why="与签到表不符", end="10:00")
    for _round in range(3):
        ring([first, second], township, folder / "stick")
        ring([township], county, folder / "stick")
    assert len({desk.hash(VILLAGE) for desk in desks.values()}) == 1
    for desk in desks.values():
        desk.check()
    return {name: shown(desk) for name, desk in desks.items()}


def record_of(desk: Desk, kind: str) -> str:
    """Return the id of the one record of a kind; a ref is known only where it was given."""
    with desk.look() as workspace:
        (found,) = records.list_records(workspace, kind)
    return str(found["id"])


def shown(desk: Desk) -> dict[str, Any]:
    """Return a desk's records and open conflicts, without times and without what hashes decide."""
    with desk.look() as workspace:
        open_ones = [
            (row["kind"], row["field"], sorted(str(value["value"]) for value in row["values"]))
            for row in conflicts.list_conflicts(workspace)
        ]
    session = desk.show(record_of(desk, "session"))
    kept = {key: session.get(key) for key in ("start", "end", "date", "notes", "status")}
    return {"conflicts": sorted(open_ones), "session": kept}


def test_the_same_weeks_under_any_clocks(scene: Path, tmp_path: Path) -> None:
    """Each computer in another age, in every way that differs in kind."""
    right = told(scene, tmp_path / "right", (MOMENTS[0],) * 4)
    titles, times = right["county"]["conflicts"]
    assert titles == ("activity", "title", ["合唱班", "国画班"])
    assert times[1] == "time", "the village's hours and the township's"
    assert right["county"]["session"]["notes"] == "下雨"
    ways = [way for way in itertools.permutations(MOMENTS) if way[0] != MOMENTS[0]][::5]
    for number, way in enumerate(ways):
        assert told(scene, tmp_path / str(number), way) == right, way


def test_a_dead_battery_is_told_and_stops_nobody(
    scene: Path, tmp_path: Path, cli: CommandLine
) -> None:
    """What the receipt shows to be past is not called future; the check names the clock."""
    desk = Desk(scene / "first", VILLAGE).copy_to(tmp_path / "village")
    newborn: dict[str, Any] = {"ref": "n1", "name": "王小宝", "sex": "M", "birth": "2011-05-06"}
    newborn["guardian"] = {
        "name": "王大明", "relation": "父亲", "mobile": "14400000001", "date": "2026-03-01"
    }  # fmt: skip
    slow = desk.at(datetime.fromisoformat(DEAD_BATTERY))
    assert not slow.capture(learners=[newborn]).refused
    assert cli(slow.folder, "check", now=DEAD_BATTERY)["clock_behind_days"] == 9953
    assert cli(slow.folder, "check", now=NOW.isoformat())["clock_behind_days"] is None


def test_what_lies_after_the_newest_receipt_wants_a_reason(scene: Path, tmp_path: Path) -> None:
    """With a clock that is known to be wrong nobody can say that a day is impossible."""
    desk = Desk(scene / "first", VILLAGE).copy_to(tmp_path / "village")
    child: dict[str, Any] = {"ref": "n2", "name": "王小宝", "sex": "M", "birth": "2027"}
    child["guardian"] = {
        "name": "王大明", "relation": "父亲", "mobile": "14400000001", "date": "2026-03-01"
    }  # fmt: skip
    with desk.at(datetime.fromisoformat(DEAD_BATTERY)).open() as workspace:
        codes = {i.code for i in capture(workspace, entries(child)).issues if i.blocking}
        assert codes == {"BIRTH_AFTER_CLOCK"}
    with desk.open() as workspace:
        codes = {i.code for i in capture(workspace, entries(child)).issues if i.blocking}
        assert codes == {"BIRTH_IN_FUTURE"}


def entries(learner: dict[str, Any]) -> dict[str, Any]:
    return {"v": 1, "source": "desk", "learners": [learner]}


def test_a_receipt_from_a_computer_far_ahead_makes_nobody_old(scene: Path, tmp_path: Path) -> None:
    """The clock of another is not taken over: ages and deadlines stay this computer's own."""
    village = Desk(scene / "first", VILLAGE).copy_to(tmp_path / "village")
    township = Desk(scene / "township", TOWNSHIP).copy_to(tmp_path / "township")
    pass_on(village, township, tmp_path / "stick")
    pass_on(township.at(datetime.fromisoformat(LATE)), village, tmp_path / "stick")
    elder = {"ref": "n3", "name": "王大爷", "sex": "M", "birth": "1950-02-03"}
    result = village.capture(learners=[elder])
    assert not result.issues
