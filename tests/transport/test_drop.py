"""Folders into which other programs drop files: settled, renamed, wrapped, half there."""

import io
import os
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.transport.disk import Disk, native, windows_path
from learnsite_desktop.transport.drop import SETTLED_SECONDS, DropPlace
from learnsite_desktop.transport.places import Candidate, State, Taken
from tests.support import files_of
from tests.transport.places import MAGIC, Ticking, sealed

CONTENT = MAGIC + bytes(range(256)) * 40


class Counting(Disk):
    """Counts the files that are opened."""

    def __init__(self) -> None:
        self.opened = 0

    def head(self, path: Path, count: int) -> bytes:
        self.opened += 1
        return super().head(path, count)

    def read(self, path: Path) -> Iterator[bytes]:
        self.opened += 1
        return super().read(path)


class Downloads:
    """A folder of downloads, looked at by one program that is started again and again."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "下载 文件"
        self.folder.mkdir()
        self.looks = place / "own" / "looks.json"
        self.clock = Ticking()
        self.disk = Counting()
        self.taken: set[bytes] = set()

    def place(self) -> DropPlace:
        return DropPlace(
            self.folder, sealed, Taken(self.taken.__contains__),
            clock=self.clock, looks=self.looks, disk=self.disk,
        )  # fmt: skip

    def look(self, seconds: float = 0) -> list[Candidate]:
        """Start anew after so many seconds and look once."""
        self.clock.wait(seconds)
        return self.place().candidates()

    def settled(self) -> list[Candidate]:
        self.look()
        return self.look(SETTLED_SECONDS)

    def fetched(self) -> list[bytes]:
        place = self.place()
        return [
            place.fetch(one, self.folder.parent).read_bytes()
            for one in self.settled()
            if one.refusal is None
        ]


@pytest.fixture
def downloads(tmp_path: Path) -> Downloads:
    return Downloads(tmp_path)


def states(found: list[Candidate]) -> list[State]:
    return [one.state for one in found]


def test_a_file_counts_when_it_has_rested_between_two_looks(downloads: Downloads) -> None:
    file = downloads.folder / "a.lsb"
    file.write_bytes(CONTENT[:5000])
    (first,) = downloads.look()
    assert (first.state, first.digest) == (State.INCOMPLETE, b"")
    assert first.refusal is not None
    assert first.refusal.code == "file_unfinished"
    with pytest.raises(Refusal):
        downloads.place().fetch(first, downloads.folder.parent)
    file.write_bytes(CONTENT)
    assert states(downloads.look(60)) == [State.INCOMPLETE]
    assert states(downloads.look(SETTLED_SECONDS - 0.1)) == [State.INCOMPLETE]
    assert states(downloads.look(0.1)) == [State.NEW]
    assert states(downloads.look()) == [State.NEW]


def test_a_file_of_one_size_whose_time_changes_is_still_being_written(
    downloads: Downloads,
) -> None:
    """Some programs make the file as large as it will be, then fill it."""
    file = downloads.folder / "a.lsb"
    file.write_bytes(MAGIC.ljust(len(CONTENT), b"\0"))
    assert states(downloads.settled()) == [State.NEW]
    file.write_bytes(CONTENT)
    later = file.stat().st_mtime_ns + 1000
    os.utime(file, ns=(later, later))
    assert states(downloads.look()) == [State.INCOMPLETE]
    assert downloads.fetched() == [CONTENT]


def test_a_file_filled_within_one_tick_of_its_time_is_not_missed(downloads: Downloads) -> None:
    """Sticks keep times to two seconds: size and time may stay while the content comes."""
    file = downloads.folder / "a.lsb"
    file.write_bytes(bytes(len(CONTENT)))
    time = file.stat().st_mtime_ns
    assert downloads.look() == []
    file.write_bytes(CONTENT)
    os.utime(file, ns=(time, time))
    assert states(downloads.look(SETTLED_SECONDS)) == [State.NEW]


def test_a_clock_that_was_put_back_counts_anew(downloads: Downloads) -> None:
    (downloads.folder / "a.lsb").write_bytes(CONTENT)
    downloads.look()
    assert states(downloads.look(-86400)) == [State.INCOMPLETE]
    assert states(downloads.look(SETTLED_SECONDS)) == [State.NEW]


@pytest.mark.parametrize(
    "name",
    [
        "410122101205(1).lsb", "410122101205 (2).lsb", "410122101205.lsb.zip",
        "410122101205.lsb.txt", "村里的报表", "FINAL.LSB", "a.lsb.1", "数据 最终版.docx", ".lsb",
    ],
)  # fmt: skip
def test_a_bundle_is_known_by_its_content(downloads: Downloads, name: str) -> None:
    (downloads.folder / name).write_bytes(CONTENT)
    (found,) = downloads.settled()
    assert (found.state, found.name) == (State.NEW, name)
    assert downloads.fetched() == [CONTENT]


@pytest.mark.parametrize("name", ["a.lsb.part", "a.lsb.crdownload", "a.TMP", "a.lsb.partial"])
def test_what_a_program_is_still_writing_waits(downloads: Downloads, name: str) -> None:
    (downloads.folder / name).write_bytes(CONTENT)
    assert states(downloads.settled()) == [State.INCOMPLETE]


def test_the_same_file_by_two_ways_is_there_once(downloads: Downloads) -> None:
    (downloads.folder / "a.lsb").write_bytes(CONTENT)
    (downloads.folder / "a(1).lsb").write_bytes(CONTENT)
    zipped(downloads.folder / "a.zip", {"a.lsb": CONTENT})
    (downloads.folder / "wechat").mkdir()
    (downloads.folder / "wechat" / "a.lsb").write_bytes(CONTENT)
    (found,) = downloads.settled()
    assert (found.state, found.copies) == (State.NEW, 4)
    downloads.taken.add(found.digest)
    for path in downloads.folder.glob("a*"):
        path.unlink()
    (again,) = downloads.settled()
    assert (again.state, again.copies) == (State.TAKEN, 1)


def test_files_of_others_are_passed_over_and_read_only_once(downloads: Downloads) -> None:
    for number in range(300):
        (downloads.folder / f"照片{number}.jpg").write_bytes(b"\xff\xd8\xff" + bytes(500))
    zipped(downloads.folder / "作业.zip", {"作业.docx": b"x" * 900})
    (downloads.folder / "新建文本文档.txt").write_bytes(b"")
    (downloads.folder / "age.txt").write_bytes(MAGIC[:10])
    (downloads.folder / "a.lsb").write_bytes(CONTENT)
    assert len(downloads.settled()) == 1
    downloads.disk.opened = 0
    assert len(downloads.look(60)) == 1
    assert downloads.disk.opened == 0
    (downloads.folder / "照片7.jpg").write_bytes(CONTENT)
    downloads.settled()
    assert 0 < downloads.disk.opened < 5


def test_what_was_seen_names_nobody(downloads: Downloads) -> None:
    (downloads.folder / "王小明的体检报告.pdf").write_bytes(b"%PDF" + bytes(300))
    (downloads.folder / "a.lsb").write_bytes(CONTENT)
    downloads.settled()
    kept = downloads.looks.read_text(encoding="utf-8")
    assert "王小明" not in kept
    assert "u738b" not in kept
    assert "a.lsb" not in kept


@pytest.mark.parametrize("kept", ["", "[1]", '{"a":1}', '{"a":[1]}', "\x00"])
def test_a_spoilt_memory_starts_anew(downloads: Downloads, kept: str) -> None:
    (downloads.folder / "a.lsb").write_bytes(CONTENT)
    downloads.looks.parent.mkdir()
    downloads.looks.write_text(kept, encoding="utf-8")
    assert states(downloads.settled()) == [State.NEW]


# -- archives --------------------------------------------------------------------------------------


def zipped(path: Path, entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "name",
    ["a.lsb", "../../../x.lsb", "/etc/x.lsb", "C:\\Windows\\x.lsb", "CON", "aux.lsb", "a" * 300,
     "x\u202e.lsb", "夹/村/a.lsb", "nul .lsb."],
)  # fmt: skip
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wrapped_bundle_is_taken_out_and_no_name_of_it_used(
    downloads: Downloads, name: str, method: int
) -> None:
    zipped(downloads.folder / "a.lsb.zip", {name: CONTENT}, method)
    (found,) = downloads.settled()
    assert (found.state, found.refusal) == (State.NEW, None)
    before = set(files_of(downloads.folder.parent))
    assert downloads.fetched() == [CONTENT]
    made = set(files_of(downloads.folder.parent)) - before
    assert made == {f"{found.digest.hex()[:32]}.lsb"}


def test_what_a_system_adds_beside_the_file_is_passed_over(downloads: Downloads) -> None:
    litter = {"__MACOSX/._a.lsb": b"x", ".DS_Store": b"x", "夹/Thumbs.db": b"x"}
    zipped(downloads.folder / "a.zip", {**litter, "夹/a.lsb": CONTENT})
    (found,) = downloads.settled()
    assert (found.state, found.refusal) == (State.NEW, None)
    assert downloads.fetched() == [CONTENT]


def test_archives_that_cannot_be_used_say_why(downloads: Downloads) -> None:
    folder = downloads.folder
    zipped(folder / "two.zip", {"a.lsb": CONTENT, "b.lsb": CONTENT[:-1]})
    zipped(folder / "bomb.zip", {"a.lsb": MAGIC + bytes(30_000_000)})
    lying = bytearray(
        zipped(folder / "lying.zip", {"a.lsb": MAGIC + bytes(30_000_000)}).read_bytes()
    )
    for magic, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = lying.find(magic)
        lying[start + at : start + at + 4] = struct.pack("<I", 3000)
    (folder / "lying.zip").write_bytes(lying)
    spoilt = bytearray(zipped(folder / "x.zip", {"a.lsb": CONTENT}).read_bytes())
    (folder / "x.zip").unlink()
    spoilt[len(spoilt) // 4] ^= 0xFF
    (folder / "spoilt.zip").write_bytes(spoilt)
    locked = bytearray(zipped(folder / "y.zip", {"a.lsb": CONTENT}).read_bytes())
    (folder / "y.zip").unlink()
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    locked[6] |= 1
    (folder / "locked.zip").write_bytes(locked)
    inner = zipped(folder / "z.zip", {"a.lsb": CONTENT}).read_bytes()
    (folder / "z.zip").unlink()
    zipped(folder / "twice.zip", {"__MACOSX/._a": b"x", "夹/a.lsb.zip": inner})
    found = {one.name: one.refusal.code for one in downloads.settled() if one.refusal}
    assert found == {
        "two.zip": "zip_several",
        "bomb.zip": "zip_too_large",
        "lying.zip": "zip_damaged",
        "spoilt.zip": "zip_damaged",
        "locked.zip": "zip_locked",
        "twice.zip": "zip_nested",
    }


def test_archives_of_others_are_not_read_far(downloads: Downloads) -> None:
    """Many entries, a huge directory, one half copied, an archive in an archive: not ours."""
    folder = downloads.folder
    zipped(folder / "many.zip", {f"{number}.lsb": CONTENT[:200] for number in range(40)})
    lying = bytearray((folder / "many.zip").read_bytes())
    lying[-14:-10] = struct.pack("<HH", 1, 1)
    (folder / "lying.zip").write_bytes(lying)
    with zipfile.ZipFile(folder / "wide.zip", "w") as archive:
        for name in ("a.lsb", "b.lsb"):
            entry = zipfile.ZipInfo(name)
            entry.comment = b"x" * 50_000
            archive.writestr(entry, CONTENT)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.lsb", CONTENT)
    zipped(folder / "nested.zip", {"a.zip": inner.getvalue()})
    whole = zipped(folder / "half.zip", {"a.lsb": CONTENT}).read_bytes()
    (folder / "half.zip").write_bytes(whole[:-30])
    assert downloads.settled() == []
    (folder / "half.zip").write_bytes(whole)
    assert states(downloads.settled()) == [State.NEW]


# -- names and paths -------------------------------------------------------------------------------


def test_long_paths_are_prefixed_for_windows() -> None:
    long = "C:\\" + "\\".join(["村" * 40] * 8) + "\\a.lsb"
    assert len(long) > 260
    assert windows_path(long) == "\\\\?\\" + long
    assert windows_path("C:\\a.lsb") == "C:\\a.lsb"
    share = "\\\\server\\share\\" + "x" * 300
    assert windows_path(share) == "\\\\?\\UNC\\server\\share\\" + "x" * 300
    assert windows_path(windows_path(long)) == windows_path(long)
    assert native(Path("a")) == "a"


def test_deep_folders_and_chinese_names(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["用户 王小明的文件夹"] * 26)
    deep.mkdir(parents=True)
    assert len(str(deep)) > 260
    downloads = Downloads(deep)
    (downloads.folder / ("长" * 80)).write_bytes(CONTENT)
    assert downloads.fetched() == [CONTENT]
