"""Disk full: at every request that needs room, said plainly, nothing spoilt, and work goes on."""

import errno
from collections import Counter
from pathlib import Path

import pytest

from tests.reliability.conftest import Report
from tests.reliability.deeds import OWN_DISK, Stand, places
from tests.reliability.faulty_disk import FaultyDisk
from tests.reliability.journal import ROOM, Fault
from tests.reliability.scenes import Scene

SHORT = 5
LONG = 100_000
DEEP_EVERY = 7


def filled_up(stand: Stand, name: str, most: int) -> Counter[str]:
    """Let the disk be full from the n-th request on, for many n; count what was said."""
    deed = OWN_DISK[name]
    said: Counter[str] = Counter()
    count = stand.requests(deed, ROOM)
    assert count > 3
    done = stand.content(deed)
    for turn, at in enumerate(places(count, most)):
        stand.reset()
        content, files = stand.content(deed), stand.files()
        with stand.broken(Fault(at, errno.ENOSPC, ROOM, half=turn % 2 == 0)):
            answer = stand.run(deed)
        said["done" if answer["ok"] else answer["error"]["code"]] += 1
        if answer["ok"]:
            assert len(stand.content(deed)["op"]) == len(done["op"])
            continue
        assert answer["error"]["code"] == "disk_full", (at, answer)
        assert answer["error"]["message"]
        left = stand.files() - files
        assert not [name for name in left if not name.startswith(deed.leaves or "?")], (at, left)
        assert stand.files() >= files
        assert stand.content(deed) == content, at
        if content and turn % DEEP_EVERY == 0:
            assert stand.desk(deed).is_sound()
        again = stand.run(deed)
        assert again["ok"], (at, again)
        assert len(stand.content(deed)["op"]) == len(done["op"])
    return said


def _tell(report: Report, name: str, said: Counter[str]) -> None:
    report("disk full", deed=name, requests=said.total(), said=dict(said), lost=0)


@pytest.mark.parametrize("name", sorted(OWN_DISK))
def test_a_full_disk_spoils_nothing(
    disk: FaultyDisk, scene: Scene, tmp_path: Path, report: Report, name: str
) -> None:
    stand = Stand(disk.place, disk, tmp_path / "pristine")
    stand.prepare(scene, OWN_DISK[name])
    said = filled_up(stand, name, SHORT)
    assert said["disk_full"] > 1
    _tell(report, name, said)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(OWN_DISK))
def test_a_full_disk_spoils_nothing_at_every_request(
    disk: FaultyDisk, scene: Scene, tmp_path: Path, report: Report, name: str
) -> None:
    stand = Stand(disk.place, disk, tmp_path / "pristine")
    stand.prepare(scene, OWN_DISK[name])
    _tell(report, name, filled_up(stand, name, LONG))
