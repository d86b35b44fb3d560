"""Photos 佐证: kept by content, known by a thumbnail that travels, asked about when used again."""

import hashlib
import os
import shutil
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.bundle.payloads import Media
from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.domain.pictures import Encoded
from learnsite_desktop.domain.refusals import Cancelled, Refusal
from learnsite_desktop.services import enclosures, photos
from tests.desks import TOWNSHIP, Desk, Line, small_class
from tests.pictures import encoded, heic, photo_file, scene, segments
from tests.support import files_of


class Drawer:
    """Draws nothing: a file's content stands for its picture, its first letter for its look."""

    def __call__(self, source: Path, folder: Path) -> Encoded:
        raw = source.read_bytes()
        if raw.startswith(b"bad"):
            raise Refusal("photo_damaged")
        return Encoded(
            photo=b"photo " + raw,
            thumb=b"thumb " + raw,
            original=hashlib.sha256(raw).digest(),
            dhash=f"{(raw[0] - 96) * 0x1111111111111111 % 2**64:016x}",
            width=4,
            height=3,
        )


def two_sessions() -> dict[str, Any]:
    second = {**small_class()["sessions"][0], "ref": "s2", "date": "2026-03-10"}
    return small_class(sessions=[*small_class()["sessions"], second], rollcalls=[])


def session_ids(desk: Desk) -> tuple[str, str]:
    rows = desk("list", "session")["records"]
    first, second = sorted(rows, key=lambda row: row["date"])
    return first["id"], second["id"]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "phone"
    folder.mkdir()
    names = ("a", "d", "h", "k")
    for name in names:
        (folder / f"{name}.jpg").write_bytes(name.encode() * 9)
        os.utime(folder / f"{name}.jpg", (1772514000, 1772514000))
    return [folder / f"{name}.jpg" for name in names]


@pytest.fixture
def desk(village: Desk) -> Desk:
    village.capture(two_sessions())
    return village


def test_photos_are_added_as_one_change_with_kinds_in_order(desk: Desk, files: list[Path]) -> None:
    session, _other = session_ids(desk)
    with desk.open() as workspace:
        added = photos.add_photos(workspace, session, files, encoder=Drawer())
        found = photos.photos_of(workspace, session)
    assert [item.saved for item in added.outcomes] == [True] * 4
    assert [photo.kind for photo in found] == ["banner", "wide", "wide", "signin"]
    by_record = {photo.record: photo for photo in found}
    shown = [by_record[item.record] for item in added.outcomes]
    assert [photo.kind for photo in shown] == ["banner", "wide", "signin", "wide"]
    assert [photo.path and photo.path.read_bytes() for photo in shown] == [
        b"photo " + path.read_bytes() for path in files
    ]
    assert [photo.thumb_path and photo.thumb_path.read_bytes() for photo in shown] == [
        b"thumb " + path.read_bytes() for path in files
    ]
    assert {(photo.taken, photo.taken_from) for photo in found} == {
        ("2026-03-03T13:00+08:00", "file")
    }
    desk("undo")
    assert desk("photo", "list", session)["photos"] == []


def test_the_missing_kind_comes_first_and_a_given_one_holds(desk: Desk, files: list[Path]) -> None:
    session, _other = session_ids(desk)
    with desk.open() as workspace:
        photos.add_photos(workspace, session, files[:1], encoder=Drawer(), kind="wide")
        photos.add_photos(workspace, session, files[1:3], encoder=Drawer())
        found = photos.photos_of(workspace, session)
    assert [photo.kind for photo in found] == ["banner", "wide", "signin"]


def test_pasted_bytes_and_twice_the_same(desk: Desk, files: list[Path]) -> None:
    session, _other = session_ids(desk)
    raw = files[0].read_bytes()
    with desk.open() as workspace:
        added = photos.add_photos(workspace, session, [raw, files[0], raw], encoder=Drawer())
        assert [item.saved for item in added.outcomes] == [True] * 3
        assert added.change.operations == 1
        again = photos.add_photos(workspace, session, [raw], encoder=Drawer())
        (photo,) = photos.photos_of(workspace, session)
    assert (again.outcomes[0].saved, again.change.operations) == (True, 0)
    assert (photo.taken, photo.taken_from) == ("", "")


def test_a_power_cut_leaves_no_picture_beside_the_others(
    desk: Desk, files: list[Path], tmp_path: Path
) -> None:
    cut = Desk(tmp_path / "cut", desk.unit)

    class Cut(Drawer):
        """The power goes while the second picture is drawn."""

        def __call__(self, source: Path, folder: Path) -> Encoded:
            if source == files[1]:
                shutil.copytree(desk.folder, cut.folder)
            (folder / f"{source.stem}.half").write_bytes(b"half a picture")
            return super().__call__(source, folder)

    first, _second = session_ids(desk)
    with desk.open() as workspace:
        photos.add_photos(workspace, first, files[:2], encoder=Cut())
    assert [found.relative_to(cut.folder).parts[0] for found in cut.folder.rglob("*.half")] == [
        "tmp"
    ]
    with cut.open():
        assert list(cut.folder.rglob("*.half")) == []


def test_a_bad_file_does_not_stop_the_good_ones(desk: Desk, files: list[Path]) -> None:
    session, _other = session_ids(desk)
    bad = files[0].with_name("bad.jpg")
    bad.write_bytes(b"bad")
    gone = files[0].with_name("gone.jpg")
    with desk.open() as workspace:
        added = photos.add_photos(workspace, session, [bad, files[0], gone], encoder=Drawer())
        assert len(photos.photos_of(workspace, session)) == 1
    refusals = [item.refusal for item in added.outcomes]
    assert [refusal.code if refusal else "" for refusal in refusals] == [
        "photo_damaged", "", "file_missing",
    ]  # fmt: skip
    assert refusals[0] is not None
    assert refusals[0].where == "bad.jpg"


def test_a_picture_used_again_wants_a_reason(desk: Desk, files: list[Path]) -> None:
    first, second = session_ids(desk)
    alike = files[0].with_name("alike.jpg")
    alike.write_bytes(b"a chat made it smaller")
    with desk.open() as workspace:
        photos.add_photos(workspace, first, files[:1], encoder=Drawer())
        before = files_of(desk.folder / "media")
        added = photos.add_photos(workspace, second, [files[0], alike], encoder=Drawer())
        codes = [[issue.code for issue in item.issues] for item in added.outcomes]
        assert codes == [["PHOTO_REPEATED"], ["PHOTO_SIMILAR"]]
        assert [item.saved for item in added.outcomes] == [False, False]
        assert added.outcomes[0].issues[0].params["other"] == first
        assert photos.photos_of(workspace, second) == []
        assert files_of(desk.folder / "media") == before
        reasons = {"PHOTO_REPEATED": "同一次活动", "PHOTO_SIMILAR": "同一间教室"}
        again = photos.add_photos(
            workspace, second, [files[0], alike], encoder=Drawer(), reasons=reasons
        )
        assert [item.saved for item in again.outcomes] == [True, True]
        assert len(photos.photos_of(workspace, second)) == 2


def test_sheets_of_paper_may_look_alike(desk: Desk, files: list[Path]) -> None:
    first, second = session_ids(desk)
    alike = files[0].with_name("alike.jpg")
    alike.write_bytes(b"another sheet")
    with desk.open() as workspace:
        photos.add_photos(workspace, first, files[:1], encoder=Drawer(), kind="signin")
        added = photos.add_photos(workspace, second, [alike], encoder=Drawer(), kind="signin")
        assert added.outcomes[0].saved
        same = photos.add_photos(workspace, second, files[:1], encoder=Drawer(), kind="signin")
        assert [issue.code for issue in same.outcomes[0].issues] == ["PHOTO_REPEATED"]


def test_cancelling_saves_nothing(desk: Desk, files: list[Path]) -> None:
    session, _other = session_ids(desk)

    def stop(done: int, total: int, label: str) -> None:
        if done == 2:
            raise Cancelled

    before = files_of(desk.folder / "media"), desk.dump()
    with desk.open() as workspace, pytest.raises(Cancelled):
        photos.add_photos(workspace, session, files, encoder=Drawer(), progress=stop)
    assert (files_of(desk.folder / "media"), desk.dump()) == before


def test_notes_are_private_and_stand_in_no_operation(desk: Desk, files: list[Path]) -> None:
    session, _other = session_ids(desk)
    with desk.open() as workspace:
        added = photos.add_photos(workspace, session, files[:1], encoder=Drawer())
    desk("edit", added.outcomes[0].record, "note=前排是周桂兰", "publishable=true")
    (shown,) = desk("photo", "list", session)["photos"]
    assert (shown["note"], shown["publishable"]) == ("前排是周桂兰", True)
    assert not any("周桂兰".encode() in line for line in desk.lines())


def carried(line: Line, giver: Desk, taker: Desk) -> Any:
    row = line.carry(giver, taker)
    assert row["outcome"] == "received"
    return row


def add(desk: Desk, session: str, files: list[Path]) -> list[str]:
    with desk.open() as workspace:
        added = photos.add_photos(workspace, session, files, encoder=Drawer())
    return [item.record for item in added.outcomes]


def test_thumbnails_travel_through_a_relay_and_photos_stay(
    enrolled: Line, files: list[Path]
) -> None:
    village, township, county = enrolled.village, enrolled.township, enrolled.county
    village.capture(two_sessions())
    session, _other = session_ids(village)
    add(village, session, files[:2])
    carried(enrolled, village, township)
    carried(enrolled, township, county)
    for above in (township, county):
        shown = above("photo", "list", session)["photos"]
        thumbs = [Path(item["thumb_path"]).read_bytes() for item in shown]
        assert thumbs == [b"thumb " + path.read_bytes() for path in files[:2]]
        assert [item["path"] for item in shown] == [None, None]
        assert len(files_of(above.folder / "media")) == 2
    assert len(files_of(village.folder / "media")) == 4


def test_a_preview_keeps_no_picture(enrolled: Line, files: list[Path]) -> None:
    village, township = enrolled.village, enrolled.township
    village.capture(two_sessions())
    add(village, session_ids(village)[0], files[:1])
    path = village.pack(TOWNSHIP, enrolled.place / "out")
    before = files_of(township.folder)
    (row,) = township("receive", path, "--dry-run")["bundles"]
    assert row["outcome"] == "received"
    after = files_of(township.folder)
    assert [name for name in after if "media" in name or "tmp" in name] == []
    assert set(after) - set(before) <= {"writer.lock", "learnsite.db-wal", "learnsite.db-shm"}


def test_a_picture_that_no_record_names_is_not_kept(
    enrolled: Line, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    village, township = enrolled.village, enrolled.township
    village.capture(two_sessions())
    session, _other = session_ids(village)
    add(village, session, files[:1])

    honest = enclosures.thumbnails
    digest = hashlib.sha256(b"stray").digest()
    stray = Media("thumbnail", "image/jpeg", digest, digest, b"stray")
    monkeypatch.setattr(enclosures, "thumbnails", lambda *given: chain(honest(*given), [stray]))
    carried(enrolled, village, township)
    kept = files_of(township.folder / "media")
    assert list(kept.values()) == [b"thumb " + files[0].read_bytes()]


def test_only_what_nobody_has_acknowledged_can_be_removed(
    enrolled: Line, files: list[Path]
) -> None:
    village, township = enrolled.village, enrolled.township
    village.capture(two_sessions())
    session, _other = session_ids(village)
    first, second = add(village, session, files[:2])
    with village.open() as workspace:
        with pytest.raises(Refusal) as caught:
            photos.remove_photo(workspace, first, why="")
        assert caught.value.code == "reason_missing"
        photos.remove_photo(workspace, first, why="拍糊了")
        assert [photo.record for photo in photos.photos_of(workspace, session)] == [second]
    carried(enrolled, village, township)
    with village.open() as workspace:
        photos.remove_photo(workspace, second, why="还没有回执")
    village("undo")
    carried(enrolled, village, township)
    carried(enrolled, township, village)
    with village.open() as workspace:
        with pytest.raises(Refusal) as caught:
            photos.remove_photo(workspace, second, why="晚了")
        assert caught.value.code == "received_not_deletable"
    assert village("edit", second, "kind=work")["operations"] == 1


def test_the_commands_use_the_real_child(village: Desk, tmp_path: Path) -> None:
    village.capture(small_class())
    good = photo_file(tmp_path / "IMG_1.jpg")
    answer = village("photo", "add", good, "--to", "session:s1")
    assert answer["operations"] == 1
    (row,) = answer["photos"]
    (shown,) = village("photo", "list", "session:s1")["photos"]
    assert shown["record"] == row["record"]
    kept = Path(shown["path"]).read_bytes()
    assert not any(marker == 0xE1 for marker, _content in segments(kept))
    assert b"SECRET" not in kept
    assert unb64(village("show", row["record"])["record"]["file"]) == hashlib.sha256(kept).digest()
    phone = tmp_path / "IMG_2.heic"
    phone.write_bytes(heic())
    other = tmp_path / "IMG_3.png"
    other.write_bytes(encoded(scene(seed=4), "png"))
    answer = village("photo", "add", phone, other, "--to", "session:s1", code=1)
    assert answer["error"]["code"] == "photo_heic"
    assert [item["saved"] for item in answer["photos"]] == [False, True]
    assert village("photo", "list", "session:s1")["total"] == 2
    learner = village("list", "learner")["records"][0]["id"]
    answer = village("photo", "add", other, "--to", learner, code=1)
    assert answer["photos"][0]["error"] is None
    assert (answer["error"]["code"], answer["error"]["where"]) == ("PHOTO_REPEATED", "IMG_3.png")
    assert answer["error"]["remedy"]
