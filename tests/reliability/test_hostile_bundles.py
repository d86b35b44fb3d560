"""All or nothing: whatever a file holds, nothing crashes, hangs or is half taken.

The seal is no protection against a computer that is enrolled and hostile: it signs whatever it
likes. So files are spoiled outside the seal, inside it, and in what well-formed operations say.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from learnsite_desktop.services import locks, review
from tests.desks import Desk as CommandDesk
from tests.flows.desks import COUNTY, TOWNSHIP, VILLAGES, Desk
from tests.reliability.conftest import Report
from tests.reliability.forge import Line
from tests.reliability.forge_run import UNITS, forger_of
from tests.reliability.scenes import Scene
from tests.reliability.sizes import size

ROOT: Final = Path(__file__).resolve().parents[2]
MAX_RSS_MB: Final = 300
MAX_CPU_SECONDS: Final = 2
SEALED: Final = ("name", "birth", "mobile", "identity", "address", "guardian")
REFUSED_OUTSIDE: Final = {
    "bundle_damaged", "bundle_truncated", "bundle_empty", "not_a_bundle", "newer_format",
    "wrong_receiver",
}  # fmt: skip


def prepared(scene: Scene, folder: Path, *, township: bool) -> Path:
    """Copy the computers and return the good bundle that the sender will spoil."""
    below, desk = scene.village(folder / "village"), scene.township(folder / "township")
    place = {"ref": "h1", "name": "二分点", "opened": "2021-01-01"}
    below.capture(
        learners=[{"ref": "h1", "name": "王小明", "sex": "F", "birth": "1951-02-03"}],
        sites=[{**place, "unit": VILLAGES[0], "kinds": ["v_point"]}],
    )
    desk.receive(scene.up)
    bundle = below.pack(desk, folder / "stick")
    if not township:
        return bundle
    county = scene.county(folder / "county")
    desk.receive(bundle)
    county.receive(desk.pack(county, folder / "stick"))
    desk.capture(sites=[{**place, "unit": TOWNSHIP, "kinds": ["t_school"]}])
    with desk.open() as workspace:
        review.approve_period(workspace, "2026-03", TOWNSHIP)
        locks.lock(workspace, "2026-03", force=True, why="演练")
    return desk.pack(county, folder / "stick")


def fed(scene: Scene, folder: Path, family: str, count: int, seed: int) -> dict[str, Any]:
    """Run one family in a process of its own; nothing may be wrong."""
    bundle = prepared(scene, folder, township=family.endswith("township"))
    words = [sys.executable, "-m", "tests.reliability.hostile_run", folder, bundle, family]
    done = subprocess.run(
        [*map(str, words), str(count), str(seed)], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    assert not found["faults"], found["faults"]
    assert found["rss_mb"] < MAX_RSS_MB, found
    assert found["slowest"] < MAX_CPU_SECONDS, found
    return found


def judged(found: dict[str, Any], family: str) -> None:
    """A family that never reaches what it is about proves nothing."""
    codes, files = found["codes"], found["files"]
    if family == "damaged":
        assert set(codes) <= REFUSED_OUTSIDE, codes
        assert codes["bundle_damaged"] > files / 3, codes
    elif family == "broken":
        assert codes["part_malformed"] > files / 20, codes
        assert codes["chain_broken"] + codes["part_signature"] > files / 50, codes
        assert codes.get("received", 0) < files / 2, codes
    elif family.startswith("lying"):
        assert codes["received"] > files / 5, codes
        assert found["taken"] > 0
        assert sum(codes.values()) - codes["received"] > files / 20, codes
    else:
        assert "received" not in codes, codes


@pytest.mark.parametrize(
    ("family", "count"),
    [
        ("damaged", 400),
        ("broken", 250),
        ("lying", 200),
        ("lying from a township", 150),
        ("bombs", 0),
    ],
)
def test_hostile_files(
    scene: Scene, quick_folder: Path, family: str, count: int, report: Report
) -> None:
    found = fed(scene, quick_folder, family, count, seed=1)
    judged(found, family)
    report("all or nothing", family=family, **found)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("family", "count"),
    [
        ("damaged", 100_000),
        ("broken", 60_000),
        ("lying", 25_000),
        ("lying from a township", 15_000),
    ],
)
def test_many_hostile_files(
    scene: Scene, quick_folder: Path, family: str, count: int, report: Report
) -> None:
    found = fed(scene, quick_folder, family, size(count), seed=2)
    judged(found, family)
    report("all or nothing", family=family, **found)


@pytest.mark.parametrize("value", ["二分点", "x" * 43, "A" * 43, 5, True, ["x"]])
def test_a_value_where_a_commitment_belongs_is_nobodys(
    scene: Scene, quick_folder: Path, value: object
) -> None:
    """It is taken, stands for nothing, and stops neither reading nor looking for doubles."""
    bundle = prepared(scene, quick_folder, township=False)
    village, township = (Desk(quick_folder / name, UNITS[name]) for name in ("village", "township"))
    forger = forger_of(village, township, bundle)

    def plainly(lines: list[Line]) -> list[Line]:
        learners = [line for line in lines if line["k"].startswith("learner.")]
        assert learners
        for line in learners:
            del line["pf"]
            line.setdefault("f", {}).update(dict.fromkeys(SEALED, value))
        return lines

    bundle.write_bytes(forger.seal(forger.with_operations(plainly)))
    desk = CommandDesk(township.folder, TOWNSHIP)
    assert desk.receive(bundle)[0]["outcome"] == "received"
    assert desk("check", "--deep")["projection_equal"]
    learners = desk("learner", "list")["learners"]
    assert not all(one["name"] for one in learners)
    for one in learners:
        desk("show", one["id"], "--history")
    people = ("--period", "2026-03", "--unit", TOWNSHIP)
    for words in (
        ("learner", "list", "--query", "王", "--reveal"), ("duplicates",), ("questions",),
        ("list", "learner"), ("list", "learner", "--query", "王"), ("quarantine",), ("today",),
        ("indicators", *people, "--by", "age"), ("drill", "S02", *people), ("conflicts",),
    ):  # fmt: skip
        desk(*words)
    desk.pack(COUNTY, quick_folder / "up")
