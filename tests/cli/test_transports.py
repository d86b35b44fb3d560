"""Sending to sticks and folders, and taking in what lies in them, at the command line."""

import errno
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.platform import drives
from learnsite_desktop.transport.disk import Disk
from tests.desks import TOWNSHIP, VILLAGE, Desk, Line, small_class
from tests.support import files_of

LATER = "2026-04-02T10:01:00+08:00"


@pytest.fixture
def line(tmp_path: Path) -> Line:
    found = Line(tmp_path)
    found.found()
    found.village.capture(small_class())
    return found


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    found = tmp_path / "王小明" / "WeChat Files"
    found.mkdir(parents=True)
    return found


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "media" / "KINGSTON"
    found.mkdir(parents=True)
    monkeypatch.setattr(drives, "removable_folders", lambda: [found] if found.is_dir() else [])
    return found


def collected(desk: Desk, folder: Path, *flags: str, code: int = 0) -> Any:
    """Look at a folder twice, a minute apart, the second time taking in."""
    desk("inbox", folder)
    desk.now, before = LATER, desk.now
    try:
        return desk("receive", "--from", folder, *flags, code=code)
    finally:
        desk.now = before


def listed(desk: Desk, folder: Path) -> dict[str, str]:
    desk("inbox", folder)
    desk.now, before = LATER, desk.now
    answer = desk("inbox", folder)
    desk.now = before
    assert answer["total"] == len(answer["files"])
    return {row["file"]: row["state"] for row in answer["files"]}


def test_a_month_by_the_folder_of_a_chat(line: Line, downloads: Path) -> None:
    """Up and down: renamed, wrapped, twice, half there, of others; taken in once."""
    line.enrol()
    line.village("edit", "activity:a1", "title=书法提高班")
    up = line.village.pack(TOWNSHIP, line.stick)
    raw = up.read_bytes()
    (downloads / "报送(1).lsb.txt").write_bytes(raw)
    with zipfile.ZipFile(downloads / "报送.lsb.zip", "w") as archive:
        archive.writestr("..\\报送.lsb", raw)
    (downloads / "半个.lsb").write_bytes(raw[: len(raw) // 2])
    spoilt = bytearray(raw)
    spoilt[len(raw) // 2] ^= 1
    (downloads / "坏的.lsb").write_bytes(spoilt)
    (downloads / "通知.docx").write_bytes(b"PK\x03\x04" + bytes(500))
    down = line.township("pack", "--to", VILLAGE, "--out", line.stick)["path"]
    shutil.copy(down, downloads / "给村里的.lsb")
    before = files_of(downloads)
    states = listed(line.township, downloads)
    name = next(one for one in states if one.startswith("报送"))
    assert states == {
        name: "new", "半个.lsb": "incomplete", "坏的.lsb": "damaged", "给村里的.lsb": "foreign",
    }  # fmt: skip
    answer = collected(line.township, downloads, code=1)
    rows = {Path(row["file"]).name: row for row in answer["bundles"]}
    assert {one: row["outcome"] for one, row in rows.items()} == {
        name: "received", "坏的.lsb": "refused",
    }  # fmt: skip
    assert rows[name]["fast_forward"] == 1
    assert answer["error"]["code"] == "bundle_damaged"
    assert {row["file"]: row["state"] for row in answer["not_taken"]} == {
        "半个.lsb": "incomplete", "给村里的.lsb": "foreign",
    }  # fmt: skip
    assert line.township("batches")["batches"][-1]["file"] == name
    assert files_of(downloads) == before
    assert listed(line.township, downloads)[name] == "taken"
    again = collected(line.township, downloads, code=1)
    assert [Path(row["file"]).name for row in again["bundles"]] == ["坏的.lsb"]
    (downloads / "坏的.lsb").unlink()
    (downloads / "半个.lsb").write_bytes(raw)
    assert collected(line.township, downloads)["bundles"] == []
    assert line.township.is_sound()


def test_a_file_that_still_grows_is_left_alone(line: Line, downloads: Path) -> None:
    up = line.village.pack(TOWNSHIP, line.stick)
    shutil.copy(up, downloads / "a.lsb")
    before = line.township.dump()
    answer = line.township("receive", "--from", downloads)
    assert answer["bundles"] == []
    assert [(row["state"], row["error"]["code"]) for row in answer["not_taken"]] == [
        ("incomplete", "file_unfinished")
    ]
    assert line.township.dump() == before
    assert len(collected(line.township, downloads)["bundles"]) == 1


def test_what_was_rolled_back_does_not_come_back_by_itself(line: Line, downloads: Path) -> None:
    shutil.copy(line.village.pack(TOWNSHIP, line.stick), downloads / "a.lsb")
    (row,) = collected(line.township, downloads)["bundles"]
    line.township("rollback", str(row["batch"]))
    assert collected(line.township, downloads)["bundles"] == []
    assert listed(line.township, downloads) == {"a.lsb": "taken"}


def test_a_preview_takes_nothing_in(line: Line, downloads: Path) -> None:
    shutil.copy(line.village.pack(TOWNSHIP, line.stick), downloads / "a.lsb")
    before = line.township.dump()
    answer = collected(line.township, downloads, "--dry-run")
    assert [row["outcome"] for row in answer["bundles"]] == ["received"]
    assert line.township.dump() == before


def test_a_wrapped_file_may_be_named(line: Line, tmp_path: Path) -> None:
    up = line.village.pack(TOWNSHIP, line.stick)
    wrapped = tmp_path / "报送.zip"
    with zipfile.ZipFile(wrapped, "w") as archive:
        archive.write(up, "a.lsb")
    (row,) = line.township.receive(wrapped)
    assert (row["outcome"], row["file"]) == ("received", str(wrapped))
    with zipfile.ZipFile(wrapped, "a") as archive:
        archive.writestr("b.txt", "more")
    (row,) = line.township.receive(wrapped, code=1)
    assert row["error"]["code"] == "zip_several"
    empty = tmp_path / "other.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("b.txt", "more")
    (row,) = line.township.receive(empty, code=1)
    assert row["error"]["code"] == "not_a_bundle"


def test_nothing_named_and_places_that_are_not_there(line: Line, tmp_path: Path) -> None:
    assert line.township.refuses("receive") == "files_not_named"
    assert line.township.refuses("receive", "--from", tmp_path / "weg") == "place_gone"
    assert line.township.refuses("inbox", tmp_path / "weg") == "place_gone"


# -- pictures --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("qapp")
def test_a_bundle_as_pictures_over_several_days(line: Line, tmp_path: Path) -> None:
    pages, photos = tmp_path / "图片", tmp_path / "手机照片"
    photos.mkdir()
    answer = line.village("pack", "--to", TOWNSHIP, "--out", line.stick, "--qr", pages)
    count, spare = answer["pictures"]["total"], answer["pictures"]["spare"]
    drawn = sorted(pages.glob("*.png"))
    assert len(drawn) == count > spare > 0
    assert (pages / Path(answer["path"]).with_suffix(".pdf").name).read_bytes()[:5] == b"%PDF-"
    # Two of one group are missing, so the spare one does not help.
    step = spare
    for path in (path for number, path in enumerate(drawn) if number not in {0, step}):
        shutil.copy(path, photos / f"IMG_{path.name}")
    (photos / "风景.jpg").write_bytes(b"\xff\xd8\xff no photo")
    before = line.township.dump()
    answer = line.township("receive", "--from", photos, "--pictures")
    assert answer["bundles"] == []
    missing = {row["error"]["code"]: row["error"]["message"] for row in answer["not_taken"]}
    assert f"1、{step + 1}" in missing["pictures_missing"]
    assert missing.keys() == {"pictures_missing", "photo_damaged"}
    assert line.township.dump() == before
    # The first photos are gone from the phone; what they said is kept.
    for path in photos.iterdir():
        path.unlink()
    shutil.copy(drawn[0], photos / "新照片.jpg")
    assert [row["state"] for row in line.township("inbox", photos, "--pictures")["files"]] == [
        "new"
    ]
    (row,) = line.township("receive", "--from", photos, "--pictures")["bundles"]
    assert (row["outcome"], row["from"]) == ("received", VILLAGE)
    again = line.township("receive", "--from", photos, "--pictures")
    assert (again["bundles"], [row["state"] for row in again["not_taken"]]) == ([], ["taken"])


@pytest.mark.usefixtures("qapp")
def test_too_much_for_pictures_packs_nothing(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("learnsite_desktop.transport.pictures.MOST_BYTES", 1000)
    pages = tmp_path / "pages"
    words = ("pack", "--to", TOWNSHIP, "--out", line.stick, "--qr", pages)
    assert line.village.refuses(*words) == "pictures_too_large"
    assert files_of(pages) == {}
    assert files_of(line.stick) == {}


# -- sticks ----------------------------------------------------------------------------------------


def test_a_stick_there_and_back(line: Line, stick: Path) -> None:
    assert line.village("drives")["drives"][0]["files"] == []
    sent = line.village("send", "--to", TOWNSHIP, "--drive", "KINGSTON")
    assert Path(sent["copy"]).parent == stick
    assert files_of(stick) == files_of(line.village.folder / "outbox")
    (drive,) = line.township("drives")["drives"]
    assert (drive["path"], drive["name"], drive["writable"]) == (str(stick), "KINGSTON", True)
    assert [(one["state"], one["from"], one["kind"]) for one in drive["files"]] == [
        ("new", VILLAGE, "up")
    ]
    # On a stick nothing is still arriving: what is there is taken in at the first look.
    (row,) = line.township("receive", "--from", stick)["bundles"]
    assert row["outcome"] == "received"
    line.township("send", "--to", VILLAGE, "--drive", stick)
    states = {one["from"]: one["state"] for one in line.village("drives")["drives"][0]["files"]}
    assert states == {None: "foreign", TOWNSHIP: "new"}
    (row,) = line.village("receive", "--from", stick)["bundles"]
    assert (row["outcome"], row["from"]) == ("received", TOWNSHIP)


class _Pulled(Disk):
    """A stick that is pulled out in the middle of a copy."""

    def write(self, path: Path, pieces: Any) -> None:
        def half() -> Iterator[bytes]:
            for piece in pieces:
                yield piece[: len(piece) // 2]
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(path))

        super().write(path, half())


def test_a_stick_pulled_out_leaves_the_file_in_the_outbox(
    line: Line, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("learnsite_desktop.transport.folder.Disk", _Pulled)
        answer = line.village("send", "--to", TOWNSHIP, "--drive", "KINGSTON", code=1)
    assert (answer["error"]["code"], answer["error"]["where"]) == ("place_gone", str(stick))
    assert answer["copy"] is None
    assert files_of(stick) == {}
    kept = Path(answer["path"])
    assert kept.parent == line.village.folder / "outbox"
    assert [row["path"] for row in line.village("outbox")["items"]] == [str(kept)]
    again = line.village("send", kept, "--drive", "KINGSTON")
    assert Path(again["copy"]).read_bytes() == kept.read_bytes()
    assert line.township.receive(Path(again["copy"]))[0]["outcome"] == "received"


def test_a_drive_whose_place_stays_behind_is_noticed(
    line: Line, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pulled out, its mount point is a folder of the computer's own disk."""
    sent = line.village("send", "--to", TOWNSHIP, "--folder", stick.parent)
    numbers = iter([7, *[8] * 20])
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Disk, "device", lambda *_any: next(numbers))
        answer = line.village("send", sent["path"], "--drive", "KINGSTON", code=1)
    assert answer["error"]["code"] == "place_gone"
    assert files_of(stick) == {}


def test_what_to_send_and_where_must_be_clear(line: Line, stick: Path, tmp_path: Path) -> None:
    village = line.village
    other = tmp_path / "x.lsb"
    other.write_bytes(b"something else")
    assert village.refuses("send", "--drive", "KINGSTON") == "send_what_unclear"
    assert village.refuses("send", other, "--to", TOWNSHIP, "--drive", "K") == "send_what_unclear"
    assert village.refuses("send", other) == "send_place_unclear"
    assert village.refuses("send", "--to", TOWNSHIP, "--drive", "SANDISK") == "drive_unknown"
    assert village.refuses("send", other, "--drive", "KINGSTON") == "not_a_bundle"
    assert village.refuses("send", tmp_path / "no.lsb", "--folder", stick) == "file_missing"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs to mount")
def test_a_real_file_system_full_and_read_only(line: Line, tmp_path: Path) -> None:
    place = tmp_path / "mounted"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8k", "none", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        answer = line.village("send", "--to", TOWNSHIP, "--folder", place, code=1)
        assert answer["error"]["code"] == "disk_full"
        assert files_of(place) == {}
        subprocess.run(["mount", "-o", "remount,size=4m", str(place)], check=True)
        sent = line.village("send", answer["path"], "--folder", place)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        other = line.village.pack(TOWNSHIP, tmp_path / "again")
        answer = line.village("send", other, "--folder", place, code=1)
        assert (answer["error"]["code"], answer["error"]["where"]) == ("disk_readonly", str(place))
        assert line.township.receive(Path(sent["copy"]))[0]["outcome"] == "received"
    finally:
        subprocess.run(["umount", str(place)], check=True)
