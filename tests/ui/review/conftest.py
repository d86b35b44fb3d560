"""Desks at which there is something to review."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.platform import drives
from tests.desks import SISTER, VILLAGE, Desk, Line, document, learner, small_class

NAMES = (
    "周桂兰",
    "吴建国",
    "郑秀英",
    "王翠花",
    "李大山",
    "赵小红",
    "钱文明",
    "孙玉珍",
    "冯春梅",
    "陈国强",
)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three tiers at work: the village has a class with four sessions held in March."""
    line = Line(tmp_path_factory.mktemp("line"))
    line.found()
    line.enrol()
    line.village.capture(small_class(enrolments=[], rollcalls=[], sessions=_sessions()))
    line.carry(line.village, line.township)
    line.township("policy", "review_sample=0")
    return line.place


def _sessions() -> list[dict[str, Any]]:
    base = small_class()["sessions"][0]
    return [base, *({**base, "ref": f"s{day}", "date": f"2026-03-{day}"} for day in (10, 17, 24))]


@pytest.fixture
def line(founded: Path, tmp_path: Path) -> Line:
    """A copy of the desks for one test."""
    return Line(shutil.copytree(founded, tmp_path / "line"))


@pytest.fixture(autouse=True)
def _no_stick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drives, "removable_folders", list)


def sessions(desk: Desk) -> dict[str, str]:
    """Return the sessions held at a desk: id by date."""
    return {row["date"]: row["id"] for row in desk("list", "session")["records"]}


def disagree(line: Line, *days: str) -> list[str]:
    """Let village and township write other notes on sessions, not knowing of each other."""
    found = [sessions(line.township)[day] for day in days]
    for session in found:
        line.township("edit", session, "notes=镇里写的", "--why", "核对")
        line.village("edit", session, "notes=村里写的")
    line.carry(line.village, line.township)
    return found


def alike(line: Line, count: int) -> None:
    """Enter as many people at both villages; of each only the year of birth is known."""
    for desk, unit in ((line.village, VILLAGE), (line.sister, SISTER)):
        people = [
            learner(f"d{place}", name, birth=str(1950 + place), home_unit=unit)
            for place, name in enumerate(NAMES[:count])
        ]
        desk.capture(document("people", unit=unit, learners=people))
        line.carry(desk, line.township)


def counts(desk: Desk) -> dict[str, int]:
    """Return how many wait in each group that has any."""
    found = desk("worklist")["counts"]
    return {name: count for name, count in found.items() if count}


def group_of(desk: Desk, record: str) -> str:
    """Return the group in which a record stands."""
    for group in desk("worklist")["counts"]:
        for item in desk("worklist", "--group", group)["items"]:
            if item["record"] == record:
                return str(group)
    return ""
