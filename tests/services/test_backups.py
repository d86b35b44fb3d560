"""Backups: verified, restored under a new incarnation, and never a way to write elsewhere."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from learnsite_desktop.services.workspace import DATABASE_NAME, KEYS_NAME
from tests.desks import VILLAGE, Desk, Line, document, learner, small_class


def with_photo(desk: Desk, place: Path) -> Path:
    """Capture a class with a photo; return where the photo is kept."""
    (place / "room.jpg").write_bytes(b"\xff\xd8 a room")
    content = small_class()
    content["photos"] = [{"ref": "f1", "target": "s1", "kind": "wide", "file": "room.jpg"}]
    path = place / "entries.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    desk("capture", path)
    (found,) = (file for file in (desk.folder / "media").rglob("*") if file.is_file())
    return found.relative_to(desk.folder)


def test_a_backup_is_one_verified_file(village: Desk, tmp_path: Path) -> None:
    photo = with_photo(village, tmp_path)
    answer = village("backup", tmp_path / "safe")
    path = Path(answer["path"])
    assert path.parent == tmp_path / "safe"
    assert answer["bytes"] == path.stat().st_size
    assert answer["operations"] == len(village.lines())
    assert [found.name for found in path.parent.iterdir()] == [path.name]
    with tarfile.open(path) as archive:
        names = archive.getnames()
    assert sorted(names) == sorted([DATABASE_NAME, KEYS_NAME, f"media/{photo.name}"])
    again = village("backup", tmp_path / "safe")
    assert again["path"] != answer["path"]


def test_restoring_brings_everything_back_under_a_new_incarnation(
    village: Desk, tmp_path: Path
) -> None:
    photo = with_photo(village, tmp_path)
    path = village("backup", tmp_path / "safe")["path"]
    village("edit", "session:s1", "notes=备份以后")
    restored = Desk(tmp_path / "restored", VILLAGE)
    answer = restored("restore", path)
    assert answer["unit"] == VILLAGE
    (old,) = village("devices")["devices"]
    states = {row["inc"]: row["state"] for row in restored("devices")["devices"]}
    assert states == {old["inc"]: "superseded", answer["inc"]: "enrolled"}
    assert (restored.folder / photo).read_bytes() == (village.folder / photo).read_bytes()
    assert restored("show", "learner:l1")["record"]["name"] == "周桂兰"
    assert "notes" not in restored("show", "session:s1")["record"]
    assert restored.is_sound()
    restored("edit", "session:s1", "notes=恢复以后")
    last = restored.operations()[-1]
    assert (last.inc, last.n) == (answer["inc"], 1)
    assert restored("capture", tmp_path / "entries.json")["created"] == {}


def test_the_restored_and_the_living_do_not_clash(enrolled: Line) -> None:
    """The old computer turns out to live on; both send to the township."""
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    path = village("backup", enrolled.place / "safe")["path"]
    village("edit", "session:s1", "notes=旧电脑")
    village.capture(document(learners=[learner("l8", "冯家宝")]))
    restored = Desk(enrolled.place / "restored", VILLAGE)
    restored("restore", path)
    restored("edit", "session:s1", "notes=新电脑")
    restored.capture(document(learners=[learner("l9", "褚时健")]))
    enrolled.carry(village, township)
    row = enrolled.carry(restored, township)
    assert (row["outcome"], row["conflict"], row["quarantined"]) == ("received", 1, 0)
    names = {record["name"] for record in township("list", "learner")["records"]}
    assert {"冯家宝", "褚时健"} <= names
    (conflict,) = township("conflicts")["conflicts"]
    assert {value["value"] for value in conflict["values"]} == {"旧电脑", "新电脑"}
    assert township("forks")["items"] == []
    enrolled.carry(township, restored)
    assert restored.state() == township.state(VILLAGE)
    assert township.is_sound()


def test_a_restored_computer_gets_its_own_tail_back(enrolled: Line) -> None:
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    path = village("backup", enrolled.place / "safe")["path"]
    village("edit", "session:s1", "notes=备份以后")
    village.capture(document(learners=[learner("l8", "冯家宝", mobile="14400000133")]))
    enrolled.carry(village, township)
    restored = Desk(enrolled.place / "restored", VILLAGE)
    restored("restore", path)
    enrolled.carry(restored, township)
    enrolled.carry(township, restored)
    assert restored("show", "session:s1")["record"]["notes"] == "备份以后"
    shown = restored("list", "learner", "--query", "冯家宝")["records"]
    assert restored("show", shown[0]["id"])["record"]["mobile"] == "14400000133"
    assert restored.state() == township.state(VILLAGE)


def test_restoring_is_refused_over_a_workspace_and_without_a_file(
    village: Desk, tmp_path: Path
) -> None:
    path = village("backup", tmp_path / "safe")["path"]
    assert village.refuses("restore", path) == "workspace_exists"
    empty = Desk(tmp_path / "new", VILLAGE)
    answer = empty("restore", tmp_path / "absent.lsk", code=1)
    assert answer["error"]["code"] == "file_missing"
    assert not (empty.folder / DATABASE_NAME).exists()


def archive_with(path: Path, kept: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    """Write a copy of the backup `kept` with further members."""
    with tarfile.open(kept) as source, tarfile.open(path, "w") as target:
        for member in source:
            content = source.extractfile(member)
            assert content is not None
            target.addfile(member, content)
        for member, raw in members:
            target.addfile(member, io.BytesIO(raw))
    return path


def entry(
    name: str, raw: bytes = b"x", kind: bytes = tarfile.REGTYPE
) -> tuple[tarfile.TarInfo, bytes]:
    """Return an archive member."""
    found = tarfile.TarInfo(name)
    found.type = kind
    if kind != tarfile.REGTYPE:
        found.linkname = "/etc/passwd"
        return found, b""
    found.size = len(raw)
    return found, raw


HOSTILE = {
    "other name": entry("evil.sh"),
    "traversal": entry("../outside.txt"),
    "absolute": entry("/tmp/outside.txt"),
    "media traversal": entry("media/../../outside.txt"),
    "media name": entry("media/" + "g" * 64),
    "symlink": entry("media/" + "a" * 64, kind=tarfile.SYMTYPE),
    "hard link": entry("media/" + "b" * 64, kind=tarfile.LNKTYPE),
    "device": entry("media/" + "c" * 64, kind=tarfile.CHRTYPE),
    "folder": entry("media", kind=tarfile.DIRTYPE),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_archives_are_refused_and_write_nowhere(
    village: Desk, tmp_path: Path, name: str
) -> None:
    kept = Path(village("backup", tmp_path / "safe")["path"])
    path = archive_with(tmp_path / "hostile.lsk", kept, HOSTILE[name])
    place = tmp_path / "deep" / "restored"
    answer = Desk(place, VILLAGE)("restore", path, code=1)
    assert answer["error"]["code"] == "backup_unreadable"
    left = [found for found in (tmp_path / "deep").rglob("*") if found.is_file()]
    assert left == []


@pytest.mark.parametrize("raw", [b"", b"not a tar", b"\x00" * 10240])
def test_files_that_are_no_backup_are_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.lsk"
    path.write_bytes(raw)
    desk = Desk(tmp_path / "restored", VILLAGE)
    assert desk("restore", path, code=1)["error"]["code"] == "backup_unreadable"
    assert not (desk.folder / DATABASE_NAME).exists()
    assert not (desk.folder / KEYS_NAME).exists()


def test_a_cut_backup_is_refused(village: Desk, tmp_path: Path) -> None:
    kept = Path(village("backup", tmp_path / "safe")["path"])
    raw = kept.read_bytes()
    for length in (len(raw) // 2, len(raw) // 10, 700):
        kept.write_bytes(raw[:length])
        desk = Desk(tmp_path / f"restored-{length}", VILLAGE)
        assert desk("restore", kept, code=1)["error"]["code"] == "backup_unreadable"
        assert not (desk.folder / DATABASE_NAME).exists()


def test_a_media_file_that_is_not_its_name_is_refused(village: Desk, tmp_path: Path) -> None:
    kept = Path(village("backup", tmp_path / "safe")["path"])
    path = archive_with(tmp_path / "swapped.lsk", kept, entry("media/" + "a" * 64, b"another"))
    answer = Desk(tmp_path / "restored", VILLAGE)("restore", path, code=1)
    assert answer["error"]["code"] == "backup_unreadable"


def test_a_backup_whose_database_is_damaged_is_refused(village: Desk, tmp_path: Path) -> None:
    village.capture(small_class())
    kept = Path(village("backup", tmp_path / "safe")["path"])
    with tarfile.open(kept) as archive:
        parts = {m.name: archive.extractfile(m).read() for m in archive}  # type: ignore[union-attr]
    raw = bytearray(parts[DATABASE_NAME])
    page = int.from_bytes(raw[16:18], "big")
    for start in range(page * 2, len(raw), page):
        raw[start : start + 32] = b"\xff" * 32
    with tarfile.open(kept, "w") as archive:
        for name, content in {**parts, DATABASE_NAME: bytes(raw)}.items():
            member, content_ = entry(name, content)
            archive.addfile(member, io.BytesIO(content_))
    desk = Desk(tmp_path / "restored", VILLAGE)
    assert desk("restore", kept, code=1)["error"]["code"] == "backup_unreadable"
    assert not (desk.folder / DATABASE_NAME).exists()
    assert not (desk.folder / KEYS_NAME).exists()
