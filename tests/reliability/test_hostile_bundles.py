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
from tests.flows.desks import TOWNSHIP, VILLAGES
from tests.reliability.conftest import Report
from tests.reliability.scenes import Scene
from tests.reliability.sizes import size

ROOT: Final = Path(__file__).resolve().parents[2]
MAX_RSS_MB: Final = 300
MAX_CPU_SECONDS: Final = 2
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
