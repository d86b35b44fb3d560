"""Originals on request: asked for from above, brought by the next bundle, through a relay."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.bundle.payloads import MAX_MEDIA_BYTES
from learnsite_desktop.services import originals, photos, receipts, wants
from tests.desks import Desk, Line, small_class
from tests.services.test_photos import Drawer
from tests.support import files_of


def session_of(desk: Desk) -> str:
    """Return the only session."""
    (row,) = desk("list", "session")["records"]
    return str(row["id"])


def pictured(desk: Desk, *contents: bytes) -> list[str]:
    """Give the first session of a desk photos with these contents; return their records."""
    folder = desk.folder.parent / "phone"
    folder.mkdir(exist_ok=True)
    files = []
    for content in contents:
        path = folder / f"{hashlib.sha256(content).hexdigest()[:8]}.jpg"
        path.write_bytes(content)
        files.append(path)
    session = session_of(desk)
    with desk.open() as workspace:
        added = photos.add_photos(
            workspace, session, files, encoder=Drawer(), reasons={"PHOTO_LOOKS_ALIKE": "不同"}
        )
    assert all(item.saved for item in added.outcomes), added
    return [item.record for item in added.outcomes]


def held(desk: Desk) -> set[bytes]:
    """Return the contents kept beside a desk's database."""
    return set(files_of(desk.folder / "media").values())


def packed(giver: Desk, taker: Desk, line: Line) -> Any:
    """Pack, receive and return what packing said."""
    line._carried += 1
    answer = giver("pack", "--to", taker.unit, "--out", line.stick / f"x{line._carried}")
    taker.receive(Path(answer["path"]))
    return answer


@pytest.fixture
def shown(enrolled: Line) -> Line:
    """Two photos of the village are known by their thumbnails everywhere above."""
    enrolled.village.capture(small_class())
    pictured(enrolled.village, b"apple", b"dog")
    packed(enrolled.village, enrolled.township, enrolled)
    packed(enrolled.township, enrolled.county, enrolled)
    return enrolled


def test_the_next_bundle_brings_what_the_township_asks_for(shown: Line) -> None:
    village, township = shown.village, shown.township
    first, second = (
        row["record"] for row in township("photo", "list", session_of(township))["photos"]
    )
    asked = township("photo", "request", first)
    assert (asked["requested"], asked["before"], asked["operations"]) == ([first], [], 1)
    again = township("photo", "request", first)
    assert (again["requested"], again["before"], again["operations"]) == ([], [first], 0)
    packed(township, village, shown)
    (row,) = village("photo", "requests")["requests"]
    assert (row["record"], row["asked_by"], row["here"]) == (first, ["township"], True)
    answer = packed(village, township, shown)
    assert (answer["wanted"], answer["media"], answer["media_left"]) == (1, 1, 0)
    photo = village("photo", "list", "session:s1")["photos"]
    content = Path(next(p["path"] for p in photo if p["record"] == first)).read_bytes()
    assert content.startswith(b"photo ")
    assert content in held(township)
    listed = {
        p["record"]: p["path"] for p in township("photo", "list", session_of(township))["photos"]
    }
    assert listed[first] is not None
    assert listed[second] is None
    assert township("photo", "requests")["requests"][0]["here"] is True
    # What has come is asked for no more, and does not come again.
    packed(township, village, shown)
    assert packed(village, township, shown)["wanted"] == 0


def test_what_nobody_can_bring_keeps_no_other_from_being_asked_for(
    shown: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a limit of one: the original that would come first by its name is lost at the village."""
    village, township = shown.village, shown.township
    photos_ = village("photo", "list", "session:s1")["photos"]
    first = min(photos_, key=lambda row: Path(row["path"]).name)
    Path(first["path"]).unlink()
    township("photo", "request", session_of(township))
    monkeypatch.setattr(wants, "MEDIA_LISTED", 1)
    for _round in range(3):
        packed(township, village, shown)
        packed(village, township, shown)
    (last,) = (row["record"] for row in photos_ if row is not first)
    listed = {
        p["record"]: p["path"] for p in township("photo", "list", session_of(township))["photos"]
    }
    assert listed[last] is not None
    assert listed[first["record"]] is None


def test_the_county_asks_through_the_township(shown: Line) -> None:
    village, township, county = shown.village, shown.township, shown.county
    asked = county("photo", "request", "--period", "2026-03", "--sample", "1")
    assert len(asked["requested"]) == 1
    packed(county, township, shown)
    assert packed(township, county, shown)["media_missing"] == 1
    packed(township, village, shown)
    assert packed(village, township, shown)["media"] == 1
    # The township holds it now; the village need not be asked again.
    before = held(village)
    assert packed(township, county, shown)["media"] == 1
    originals_ = {content for content in held(county) if content.startswith(b"photo ")}
    assert len(originals_) == 1
    assert originals_ <= before
    packed(county, township, shown)
    assert packed(township, county, shown)["wanted"] == 0


def test_a_cancelled_request_is_asked_for_no_longer(shown: Line) -> None:
    village, township = shown.village, shown.township
    change = township("photo", "request", "--period", "2026-03")["change"]
    packed(township, village, shown)
    township("undo", str(change))
    packed(township, village, shown)
    assert village("photo", "requests")["requests"] == []
    assert packed(village, township, shown)["wanted"] == 0
    township("photo", "request", session_of(township))
    assert township("photo", "request", session_of(township), "--cancel")["operations"] == 2
    packed(township, village, shown)
    assert packed(village, township, shown)["wanted"] == 0


def test_large_originals_come_in_pieces_and_many_one_bundle_after_the_other(
    enrolled: Line,
) -> None:
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    large = [bytes([letter]) * (MAX_MEDIA_BYTES + 5) for letter in b"adh"]
    pictured(village, *large)
    # The thumbnail of such a picture is as large and stays, the drawer here draws nothing.
    packed(village, township, enrolled)
    township("policy", "media_per_bundle=2")
    township("photo", "request", session_of(township))
    packed(township, village, enrolled)
    answer = packed(village, township, enrolled)
    assert (answer["wanted"], answer["media"], answer["media_left"]) == (3, 1, 2)
    for left in (1, 0):
        packed(township, village, enrolled)
        assert packed(village, township, enrolled)["media_left"] == left
    assert {b"photo " + content for content in large} <= held(township)


def test_pieces_that_do_not_make_the_whole_are_not_kept(
    enrolled: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    large = b"a" * (MAX_MEDIA_BYTES + 5)
    pictured(village, large)
    packed(village, township, enrolled)
    township("photo", "request", session_of(township))
    packed(township, village, enrolled)
    honest = originals.frames_of
    with monkeypatch.context() as patched:
        patched.setattr(
            "learnsite_desktop.services.enclosures.frames_of",
            lambda *given: list(honest(*given))[:1],
        )
        packed(village, township, enrolled)
    assert b"photo " + large not in held(township)
    assert not list((township.folder / "media").rglob("*.part"))
    packed(township, village, enrolled)
    packed(village, township, enrolled)
    assert b"photo " + large in held(township)


def test_nobody_gets_a_file_that_is_not_his(shown: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever hash a receipt names: only evidence of the units exchanged about is handed out."""
    village, township, sister = shown.village, shown.township, shown.sister
    township("photo", "request", session_of(township))
    packed(township, village, shown)
    packed(village, township, shown)
    name = hashlib.sha256(b"photo apple").digest()
    wanted = {sister.unit: (name,)}
    with monkeypatch.context() as patched:
        patched.setattr(
            receipts,
            "wants_of",
            lambda _ws, _unit: {unit: wants.Wants(media) for unit, media in wanted.items()},
        )
        packed(sister, township, shown)
    answer = packed(township, sister, shown)
    assert (answer["wanted"], answer["media"]) == (0, 0)
    assert b"photo apple" not in held(sister)


def test_what_can_not_be_asked_for(shown: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    village, township = shown.village, shown.township
    assert village.refuses("photo", "request", "session:s1") == "photo_request_not_below"
    assert township.refuses("photo", "request", "--period", "2020") == "photo_request_empty"
    assert township.refuses("photo", "request", "session:nobody") == "record_unknown"
    assert township("photo", "request", code=2)["ok"] is False
    township("photo", "request", session_of(township))
    packed(township, village, shown)
    monkeypatch.setattr(originals, "MAX_ORIGINAL_BYTES", 3)
    answer = packed(village, township, shown)
    assert (answer["wanted"], answer["media"], answer["media_too_large"]) == (2, 0, 2)
