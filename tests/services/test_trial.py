"""The trial village: full of life, and never taken for real."""

from datetime import date, datetime
from pathlib import Path

import pytest

from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.domain.refusals import Cancelled, Refusal
from learnsite_desktop.services.trial.story import Story
from learnsite_desktop.services.trial.village import (
    found_trial,
    has_trial,
    home_of_trial,
    throw_away,
    trial_folder,
)
from tests.desks import NOW, Desk, Line, found_village
from tests.support import CommandLine

UNIT = "410199100200"
DAYS = ["2026-04-02", "2026-01-01", "2028-02-29", "2027-12-31"]


def made(folder: Path, day: str = "2026-04-02") -> Desk:
    """Return a desk at a new trial village."""
    now = f"{day}T08:30:00+08:00"
    found_trial(folder, FixedClock(datetime.fromisoformat(now)))
    return Desk(folder, UNIT, now)


@pytest.mark.parametrize("day", DAYS)
def test_there_are_three_months_and_a_day_of_work(tmp_path: Path, day: str) -> None:
    desk = made(tmp_path / "trial", day)
    sessions = desk("list", "session")["records"]
    today = [one for one in sessions if one["date"] == day]
    assert len(today) >= 3
    assert {one["status"] for one in today} == {"planned"}
    held = sorted(one["date"] for one in sessions if one["status"] == "held")
    assert (date.fromisoformat(day) - date.fromisoformat(held[0])).days >= 80
    rosters: dict[str, int] = {}
    for one in desk("list", "enrolment", "--limit", "500")["records"]:
        rosters[one["activity"]] = rosters.get(one["activity"], 0) + 1
    assert 30 in rosters.values()
    assert any(rosters.get(one["activity"]) == 30 for one in today)
    assert desk.is_sound()


def test_nobody_in_it_can_be_a_real_person() -> None:
    people = Story(date(2026, 4, 2)).told()["learners"]
    assert len(people) >= 40
    mobiles = [one["mobile"] for one in people if "mobile" in one]
    numbers = [one["id_number"] for one in people if "id_number" in one]
    assert mobiles
    assert numbers
    assert all(mobile.startswith("144") for mobile in mobiles)
    assert all(number.startswith("410199") for number in numbers)


def test_nothing_of_it_leaves_as_real(tmp_path: Path) -> None:
    desk = made(tmp_path / "trial")
    out = str(tmp_path / "out")
    for words in (
        ("pack", "--to", "410199100000", "--out", out),
        ("pack", "--to", UNIT, "--out", out),
        ("receipt", "--to", UNIT, "--out", out),
        ("submit", "--period", "2026-03"),
        ("opening", UNIT, "--out", out),
    ):
        assert desk.refuses(*words) == "trial_not_real"
    assert not (tmp_path / "out").exists()


def test_a_backup_of_it_stays_a_trial(tmp_path: Path) -> None:
    desk = made(tmp_path / "trial")
    file = desk("backup", str(tmp_path / "stick"))["path"]
    restored = Desk(tmp_path / "other", UNIT)
    restored("restore", file)
    assert restored.refuses("submit", "--period", "2026-03") == "trial_not_real"


def test_the_command_makes_one(tmp_path: Path, cli: CommandLine) -> None:
    place = tmp_path / "somewhere"
    answer = cli(tmp_path / "unused", "trial", str(place), now=NOW)
    assert answer["unit"] == UNIT
    assert answer["created"]["learner"] >= 40
    assert cli(tmp_path / "unused", "trial", str(place), now=NOW, code=1)["error"]["code"] == (
        "workspace_exists"
    )


def test_a_cancelled_one_leaves_nothing(tmp_path: Path) -> None:
    clock = FixedClock(datetime.fromisoformat(NOW))

    def stop(done: int, total: int, label: str) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        found_trial(tmp_path / "trial", clock, stop)
    assert not (tmp_path / "trial").exists()
    found_trial(tmp_path / "trial", clock)


def test_only_a_trial_is_thrown_away(tmp_path: Path) -> None:
    clock = FixedClock(datetime.fromisoformat(NOW))
    real = found_village(tmp_path / "data")
    with pytest.raises(Refusal) as refused:
        throw_away(real.folder, clock)
    assert refused.value.code == "not_a_trial"
    trial = trial_folder(real.folder)
    assert trial.parent == real.folder.parent
    assert home_of_trial(trial) == real.folder
    found_trial(trial, clock)
    assert has_trial(real.folder)
    throw_away(trial, clock)
    assert not trial.exists()
    assert real.is_sound()


def test_the_real_village_is_not_hindered(tmp_path: Path) -> None:
    line = Line(tmp_path)
    line.found()
    line.enrol()
    assert line.village.pack(line.township.unit, tmp_path / "out").is_file()


def test_a_failed_opening_leaves_nothing(tmp_path: Path, cli: CommandLine) -> None:
    broken = tmp_path / "broken.lso"
    broken.write_bytes(b"{}")
    folder = tmp_path / "data"
    assert cli(folder, "open", str(broken), now=NOW, code=1)["error"]["code"] == (
        "opening_unreadable"
    )
    assert not folder.exists()
