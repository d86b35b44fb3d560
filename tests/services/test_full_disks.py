"""A full disk and a folder that may not be written to: refused in plain words, nothing spoilt."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desks import TOWNSHIP, VILLAGE, Desk, Line, document, learner, small_class, twin_of
from tests.pictures import photo_file

MEGABYTES = 6
LATER = "2026-04-02T12:00:00+08:00"
"""When it is time for the next automatic backup: receiving has made one."""
IS_ROOT = sys.platform == "linux" and os.geteuid() == 0
needs_disk = pytest.mark.skipif(not IS_ROOT, reason="only root may mount a small disk")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("this system lets nobody mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path, leave: int = 0) -> Path:
    """Fill the disk up but for `leave` bytes; return the file that does it."""
    stuffing = disk / "stuffing"
    room = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    stuffing.write_bytes(bytes(max(0, room - leave)))
    return stuffing


Deed = Callable[[Desk, Path], str]


def refused(desk: Desk, *words: str | Path) -> str:
    answer = desk(*words, code=1)
    found = answer["error"] or answer["bundles"][0]["error"]
    return str(found["code"])


def capture_much(desk: Desk, _place: Path) -> str:
    people = [learner(f"x{number}", f"学员{number}") for number in range(3000)]
    return str(desk.capture(document(learners=people), code=1)["error"]["code"])


def add_photo(desk: Desk, place: Path) -> str:
    photo = photo_file(place / "photo.jpg")
    answer = desk("photo", "add", photo, "--to", "session:s1", code=1)
    return str(answer["error"]["code"])


DEEDS: dict[str, Deed] = {
    "capture": capture_much,
    "backup": lambda desk, _place: refused(desk, "backup", desk.folder.parent / "safe"),
    "automatic backup": lambda desk, _place: refused(
        Desk(desk.folder, desk.unit, LATER), "backup", "--auto"
    ),
    "pack": lambda desk, _place: refused(
        desk, "pack", "--to", TOWNSHIP, "--out", desk.folder.parent / "out"
    ),
    "photo": add_photo,
    "handover": lambda desk, _place: refused(desk, "handover", "--out", desk.folder.parent / "out"),
    "report": lambda desk, _place: refused(
        desk, "report", "ledger", "--period", "2026-03", "--out", desk.folder.parent / "x.xlsx"
    ),
}


@needs_disk
@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", sorted(DEEDS))
def test_a_full_disk_is_said_plainly_and_spoils_nothing(
    enrolled: Line, small_disk: Path, tmp_path: Path, name: str
) -> None:
    desk = twin_of(enrolled.village, small_disk / "village")
    desk.capture(small_class())
    operations, state = len(desk.lines()), desk.state()
    stuffing = fill(small_disk, leave=4096)
    before = sorted(path for path in small_disk.rglob("*") if "/logs/" not in str(path))
    assert DEEDS[name](desk, tmp_path) == "disk_full"
    after = sorted(path for path in small_disk.rglob("*") if "/logs/" not in str(path))
    assert [path for path in set(after) - set(before) if path.is_file()] == []
    stuffing.unlink()
    assert (len(desk.lines()), desk.state()) == (operations, state)
    assert desk.is_sound()
    desk("edit", "session:s1", "notes=继续")


@needs_disk
def test_receiving_onto_a_full_disk(enrolled: Line, small_disk: Path) -> None:
    village = enrolled.village
    village.capture(small_class())
    people = [learner(f"x{number}", f"学员{number}") for number in range(600)]
    village.capture(document(learners=people))
    path = village.pack(TOWNSHIP, enrolled.place / "out")
    township = twin_of(enrolled.township, small_disk / "township")
    before = township.state()
    stuffing = fill(small_disk, leave=32 * 1024)
    (row,) = township("receive", path, code=1)["bundles"]
    assert row["error"]["code"] == "disk_full"
    stuffing.unlink()
    assert township.state() == before
    assert township.is_sound()
    assert township.receive(path)[0]["outcome"] == "received"


@needs_disk
def test_a_full_stick_leaves_nothing_half_written(enrolled: Line, small_disk: Path) -> None:
    desk = enrolled.village
    desk.capture(small_class())
    fill(small_disk, leave=16 * 1024)
    for words in (("backup", small_disk), ("move", "--out", small_disk)):
        assert refused(desk, *words) == "disk_full"
    assert [path.name for path in small_disk.iterdir()] == ["stuffing"]
    desk("edit", "session:s1", "notes=没有搬走")


@needs_disk
@pytest.mark.usefixtures("qapp")
def test_a_full_stick_is_named(enrolled: Line, small_disk: Path) -> None:
    """The system does not say which disk is full; unnamed, the clerk empties the wrong one."""
    fill(small_disk)
    for words in (
        ("diagnostics", "--out", small_disk / "pack.zip"),
        ("register", "issue", VILLAGE, "--out", small_disk / "book.xlsx"),
    ):
        error = enrolled.township(*words, code=1)["error"]
        assert (error["code"], Path(error["where"])) == ("disk_full", words[-1])
    assert [path.name for path in small_disk.iterdir()] == ["stuffing"]


@needs_disk
@pytest.mark.usefixtures("qapp")
def test_a_write_protected_disk_is_said_plainly(enrolled: Line, small_disk: Path) -> None:
    desk = twin_of(enrolled.village, small_disk / "village")
    desk.capture(small_class())
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for words in (
        ("edit", "session:s1", "notes=甲"),
        ("backup", small_disk / "safe"),
        ("handover", "--out", small_disk / "out"),
    ):
        assert refused(desk, *words) in {"disk_readonly", "database_unopenable"}
    assert refused(enrolled.village, "backup", small_disk / "safe") == "disk_readonly"
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert desk.is_sound()
