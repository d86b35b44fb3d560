"""Sticks pulled out, write-protected media, no rights, long paths, names as people have them.

Whatever becomes of the medium: the records and the outbox stay as they were, what lies half
written on it is never taken for a bundle, the refusal has a name, and the next try succeeds.
"""

import errno
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.desks import COMMANDS, TOWNSHIP, Desk
from tests.reliability.conftest import Report
from tests.reliability.deeds import STICK, Deed, Stand, places
from tests.reliability.faulty_disk import FaultyDisk
from tests.reliability.journal import ALL, CHANGES, Fault
from tests.reliability.scenes import Scene

SHORT = 6
LONG = 100_000
READING = {"open", "receive", "restore"}
"""What only reads from a stick; a write-protected one is as good as any."""
NAMED = {
    errno.ENODEV: {"place_gone", "bundle_unreadable"},
    errno.EIO: {"disk_error", "bundle_unreadable"},
    errno.EROFS: {"disk_readonly"},
}
WAYS = [
    (name, error)
    for name in sorted(STICK)
    for error in sorted(NAMED)
    if error != errno.EROFS or name not in READING
]


class Receiver:
    """A township that is shown everything that lies on a stick, whatever its name."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self._folder = folder
        scene.township(folder / "fresh")
        self._whole: set[int] = set()

    def takes_only_whole(self, stick: Path, whole: int) -> None:
        """Feed it all files; only one of `whole` operations is taken, the others change nothing."""
        fresh, used = self._folder / "fresh", self._folder / "used"
        for path in sorted(stick.rglob("*")):
            if not path.is_file() or "in" in path.relative_to(stick).parts:
                continue
            shutil.rmtree(used, ignore_errors=True)
            shutil.copytree(fresh, used)
            desk = Desk(used, TOWNSHIP)
            before = desk.lines()
            copy = self._folder / "copied.lsb"
            shutil.copyfile(path, copy)
            _code, answer = _attempt(desk, "receive", copy)
            taken = len(desk.lines()) - len(before)
            assert taken in ({0, whole} if answer["ok"] else {0}), (path, answer)


def _attempt(desk: Desk, *words: str | Path) -> tuple[int, dict[str, Any]]:
    return COMMANDS.attempt(desk.folder, *words, now=desk.now)


def pulled(
    stand: Stand, receiver: Receiver, name: str, error: int, most: int
) -> Counter[str]:  # fmt: skip
    """Let the stick be gone from the n-th request on, for many n; count what was said."""
    deed = STICK[name]
    kinds = CHANGES if error == errno.EROFS else ALL
    said: Counter[str] = Counter()
    count = stand.requests(deed, kinds)
    whole = _packed(stand, deed)
    for at in places(count, most):
        stand.reset()
        before = stand.content(deed)
        with stand.broken(Fault(at, error, kinds, half=True)):
            answer = stand.run(deed)
        said["done" if answer["ok"] else answer["error"]["code"]] += 1
        if not answer["ok"]:
            assert answer["error"]["code"] in NAMED[error], (at, answer)
            assert answer["error"]["where"], (at, answer)
            after = stand.content(deed)
            assert after.get("op") == before.get("op")
            assert after.get("outbox") == before.get("outbox"), "noted as handed out, but it is not"
        receiver.takes_only_whole(stand.disk.folder, whole)
        if not answer["ok"]:
            again = stand.run(deed)
            assert again["ok"], (at, again)
    return said


def _packed(stand: Stand, deed: Deed) -> int:
    if deed.words[0] != "pack":
        return 0
    stand.reset()
    return int(stand.run(deed)["operations"])


@pytest.fixture
def stand(disk: FaultyDisk, tmp_path: Path) -> Stand:
    """The computers on their own disk, the stick the one that fails."""
    (tmp_path / "computers").mkdir()
    return Stand(tmp_path / "computers", disk, tmp_path / "pristine")


def _tell(report: Report, name: str, error: int, said: Counter[str]) -> None:
    code = errno.errorcode[error]
    report("stick pulled", deed=name, error=code, requests=said.total(), said=dict(said), lost=0)


@pytest.mark.parametrize(("name", "error"), WAYS)
def test_a_stick_pulled_out_harms_nothing(
    stand: Stand, scene: Scene, tmp_path: Path, report: Report, name: str, error: int
) -> None:
    stand.prepare(scene, STICK[name])
    said = pulled(stand, Receiver(scene, tmp_path / "receiver"), name, error, SHORT)
    _tell(report, name, error, said)


@pytest.mark.soak
@pytest.mark.parametrize(("name", "error"), WAYS)
def test_a_stick_pulled_out_at_every_request_harms_nothing(
    stand: Stand, scene: Scene, tmp_path: Path, report: Report, name: str, error: int
) -> None:
    stand.prepare(scene, STICK[name])
    said = pulled(stand, Receiver(scene, tmp_path / "receiver"), name, error, LONG)
    _tell(report, name, error, said)
