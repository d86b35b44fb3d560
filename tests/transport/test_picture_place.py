"""Photos of numbered pictures in a folder, and a drive whose place stays behind."""

import hashlib
from pathlib import Path

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.transport import pictures
from learnsite_desktop.transport.picture_place import MOST_SERIES, PicturePlace
from learnsite_desktop.transport.pictures import Frame, decoded, frames_of
from learnsite_desktop.transport.places import Candidate, State, Taken
from tests.support import files_of
from tests.transport.places import MAGIC, Bench, PulledDisk

RAW = MAGIC + bytes(range(256)) * 40
FRAMES = frames_of(RAW)


class Phone:
    """A folder of photos, each of which holds the codes that were said to be in it."""

    def __init__(self, place: Path) -> None:
        self.folder, self.store = place / "photos", place / "own"
        self.folder.mkdir()
        self._codes: dict[str, list[bytes]] = {}
        self.read: list[str] = []

    def photo(self, *codes: bytes) -> None:
        name = f"IMG_{len(self._codes):03}.jpg"
        (self.folder / name).write_bytes(b"\xff\xd8\xff" + name.encode())
        self._codes[name] = list(codes)

    def _read(self, photo: Path) -> list[bytes]:
        self.read.append(photo.name)
        return self._codes[photo.name]

    def place(self) -> PicturePlace:
        taken = Taken(lambda _digest: False)
        return PicturePlace(self.folder, taken, store=self.store, read=self._read)

    def look(self) -> list[Candidate]:
        return self.place().candidates()


@pytest.fixture
def phone(tmp_path: Path) -> Phone:
    return Phone(tmp_path)


def missing(found: Candidate) -> object:
    assert found.refusal is not None
    assert found.refusal.code == "pictures_missing"
    return found.refusal.params["missing"]


def test_in_any_order_repeated_and_over_several_runs(phone: Phone, tmp_path: Path) -> None:
    last, *_rest = FRAMES[::-1]
    phone.photo(last, FRAMES[0])
    phone.photo(b"https://example.org", b"LSS:5WR9299T:1")
    phone.photo(last)
    (found,) = phone.look()
    assert (found.state, found.size) == (State.INCOMPLETE, len(RAW))
    for frame in reversed(FRAMES[2:-1]):
        phone.photo(frame)
    assert [one.state for one in phone.look()] == [State.NEW]
    (found,) = phone.look()
    staged = phone.place().fetch(found, tmp_path)
    assert staged.read_bytes() == RAW


def test_missing_ones_are_named(phone: Phone) -> None:
    for frame in FRAMES[3:]:
        phone.photo(frame)
    (found,) = phone.look()
    assert missing(found) == "1、2、3"
    phone.photo(FRAMES[1])
    (found,) = phone.look()
    assert missing(found) == "1、3"
    phone.photo(FRAMES[0])
    assert [one.state for one in phone.look()] == [State.NEW]


def test_a_photo_is_opened_once(phone: Phone) -> None:
    for frame in FRAMES[:4]:
        phone.photo(frame)
    phone.look()
    assert len(phone.read) == 4
    phone.photo(FRAMES[4])
    phone.look()
    assert len(phone.read) == 5
    assert phone.read[-1] == "IMG_004.jpg"


def test_pictures_of_two_files_among_each_other(phone: Phone, tmp_path: Path) -> None:
    other = RAW[::-1]
    for pair in zip(FRAMES, frames_of(other), strict=True):
        phone.photo(*pair)
    found = phone.look()
    assert {one.digest for one in found} == {hashlib.sha256(raw).digest() for raw in (RAW, other)}
    contents = {phone.place().fetch(one, tmp_path).read_bytes() for one in found}
    assert contents == {RAW, other}


def test_a_false_picture_costs_one_more_look(phone: Phone) -> None:
    """Its checksum is right, but the whole is not the file that the pictures name."""
    frame = decoded(FRAMES[0])
    assert frame is not None
    false = pictures._encoded(Frame(frame.series, 1, bytes(len(frame.content))))
    phone.photo(false)
    for one in FRAMES[1:]:
        phone.photo(one)
    (found,) = phone.look()
    assert found.state is State.DAMAGED
    assert found.refusal is not None
    assert found.refusal.code == "pictures_wrong"
    with pytest.raises(Refusal):
        phone.place().fetch(found, phone.store)
    (phone.folder / "IMG_000.jpg").unlink()
    phone.photo(FRAMES[0])
    assert [one.state for one in phone.look()] == [State.NEW]


def test_what_is_kept_is_bounded(phone: Phone) -> None:
    for number in range(MOST_SERIES + 5):
        phone.photo(frames_of(RAW + bytes([number]))[0])
    assert len(phone.look()) == MOST_SERIES
    assert len([one for one in phone.store.iterdir() if one.is_dir()]) == MOST_SERIES


def test_a_drive_that_is_not_plugged_in_is_not_written(tmp_path: Path) -> None:
    """Its mount point may still be there, as a folder of the computer's own disk."""
    stick, file = tmp_path / "KINGSTON", tmp_path / "a.lsb"
    stick.mkdir()
    file.write_bytes(RAW)
    bench = Bench("drive", stick, tmp_path, PulledDisk(stick), plugged=False)
    for act in (lambda: bench.transport().put(file), bench.transport().candidates):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "place_gone"
    assert files_of(stick) == {}
    bench.plugged = True
    assert bench.transport().put(file).read_bytes() == RAW
