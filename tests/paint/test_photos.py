"""The child that draws photos anew: nothing of the original but its picture comes out."""

import hashlib
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from learnsite_desktop.domain.pictures import Encoded, distance
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.paint import photos
from learnsite_desktop.paint.photo_bytes import require_picture
from learnsite_desktop.paint.photos import PhotoEncoder
from tests.pictures import (
    chunk,
    decoded,
    encoded,
    heic,
    jpeg_bomb,
    png_bomb,
    scene,
    segments,
    with_camera_notes,
)

APP0, COMMENT = 0xE0, 0xFE
JPEG = encoded(scene())
PNG = encoded(scene(), "png")


def encode(place: Path, name: str, raw: bytes) -> Encoded:
    path = place / name
    path.write_bytes(raw)
    return PhotoEncoder()(path, place)


def refused(place: Path, name: str, raw: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        encode(place, name, raw)
    assert caught.value.where == name
    assert [found.name for found in place.iterdir()] == [name]
    return caught.value.code


def is_red(colour: QColor) -> bool:
    return colour.red() > 200 and colour.green() < 60 and colour.blue() < 60


def test_camera_notes_are_gone_and_the_picture_stands_upright(tmp_path: Path) -> None:
    raw = with_camera_notes(encoded(scene(4000, 3000)), orientation=6)
    found = encode(tmp_path, "IMG_001.JPG", raw)
    assert (found.width, found.height) == (1920, 2560)
    assert found.original == hashlib.sha256(raw).digest()
    for jpeg in (found.photo, found.thumb):
        markers = [marker for marker, _content in segments(jpeg)]
        apps = [marker for marker in markers if 0xE0 <= marker <= 0xEF or marker == COMMENT]
        assert apps == [APP0]
        assert b"SECRET" not in jpeg
        assert b"Exif" not in jpeg
    # Turned by 90° clockwise, the red quarter is at the upper right.
    photo = decoded(found.photo)
    assert (photo.width(), photo.height()) == (1920, 2560)
    assert is_red(photo.pixelColor(1800, 100))
    assert not is_red(photo.pixelColor(100, 100))
    thumb = decoded(found.thumb)
    assert (thumb.width(), thumb.height()) == (240, 320)
    assert len(found.thumb) <= 30 * 1024
    assert [item.name for item in tmp_path.iterdir()] == ["IMG_001.JPG"]


def test_small_pictures_keep_their_size_and_see_through_ones_get_paper(tmp_path: Path) -> None:
    image = scene(300, 200)
    image.convertTo(image.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    found = encode(tmp_path, "drawing.png", encoded(image, "png"))
    assert (found.width, found.height) == (300, 200)
    assert decoded(found.photo).pixelColor(10, 10).value() > 250


@pytest.mark.parametrize("kind", ["png", "webp", "bmp"])
def test_other_formats_become_jpeg(tmp_path: Path, kind: str) -> None:
    found = encode(tmp_path, f"x.{kind}", encoded(scene(), kind))
    assert found.photo.startswith(b"\xff\xd8\xff\xe0")
    assert distance(found.dhash, encode(tmp_path, "x.jpg", JPEG).dhash) <= 4


def test_a_picture_sent_through_a_chat_still_looks_the_same(tmp_path: Path) -> None:
    first = encode(tmp_path, "a.jpg", encoded(scene(2000, 1500), quality=95))
    smaller = encoded(scene(2000, 1500).scaled(1080, 810), quality=50)
    again = encode(tmp_path, "b.jpg", smaller)
    other = encode(tmp_path, "c.jpg", encoded(scene(2000, 1500, seed=5)))
    assert first.original != again.original
    assert distance(first.dhash, again.dhash) <= 4
    assert distance(first.dhash, other.dhash) > 4


def test_bombs_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    assert refused(tmp_path, "bomb.png", png_bomb(50_000, 50_000)) == "photo_too_large"
    (tmp_path / "bomb.png").unlink()
    assert refused(tmp_path, "bomb.jpg", jpeg_bomb(JPEG)) == "photo_too_large"


def test_a_picture_that_ends_too_early_inside_is_refused(tmp_path: Path) -> None:
    # Whole by its chunks, but most of its rows are missing.
    assert refused(tmp_path, "rows.png", png_bomb(5000, 5000)) == "photo_damaged"


def test_a_file_of_more_than_60_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.jpg"
    with path.open("wb") as file:
        file.write(JPEG)
        file.truncate(61 * 1024 * 1024)
    with pytest.raises(Refusal) as caught:
        PhotoEncoder()(path, tmp_path)
    assert caught.value.code == "photo_too_large"


BAD = {
    "empty.jpg": (b"", "photo_empty"),
    "IMG_2.HEIC": (heic(), "photo_heic"),
    "IMG_2.jpg": (heic(), "photo_heic"),
    "cut.jpg": (JPEG[: len(JPEG) // 2], "photo_damaged"),
    "cut-head.jpg": (JPEG[:30], "photo_damaged"),
    "cut.png": (PNG[:-20], "photo_damaged"),
    "cut.webp": (encoded(scene(), "webp")[:-40], "photo_damaged"),
    "cut.bmp": (encoded(scene(), "bmp")[:-40], "photo_damaged"),
    "png.jpg": (PNG, "photo_lying"),
    "jpeg.png": (JPEG, "photo_lying"),
    "page.jpg": (b"<!doctype html><html>", "photo_kind"),
    "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_kind"),
    "drawing.jpg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_kind"),
    "photo.exe": (JPEG, "photo_kind"),
    "film.mp4": (b"\0\0\0\x18ftypisom" + bytes(100), "photo_kind"),
    "party.gif": (b"GIF89a" + bytes(100), "photo_moving"),
    "party.png": (PNG[:33] + chunk(b"acTL", bytes(8)) + PNG[33:], "photo_moving"),
    "party.webp": (b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\x02" + bytes(30), "photo_moving"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_what_is_no_photo_says_so(name: str) -> None:
    raw, code = BAD[name]
    with pytest.raises(Refusal) as caught:
        require_picture(raw, Path(name).suffix.lower())
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["empty.jpg", "IMG_2.HEIC", "png.jpg"])
def test_the_child_says_so_too(tmp_path: Path, name: str) -> None:
    raw, code = BAD[name]
    assert refused(tmp_path, name, raw) == code


def test_what_cameras_append_does_no_harm() -> None:
    assert require_picture(JPEG + b"MotionPhoto" + bytes(1000), ".jpeg") == "jpeg"
    assert require_picture(with_camera_notes(JPEG), "") == "jpeg"


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.jpg", tmp_path):
        with pytest.raises(Refusal) as caught:
            PhotoEncoder()(path, tmp_path)
        assert caught.value.code == "file_missing"


@pytest.mark.parametrize(
    "deed",
    [
        "import os; os.abort()",
        "raise SystemExit(1)",
        "print('nonsense')",
        "import threading; threading.Event().wait()",
    ],
)
def test_a_child_that_dies_or_hangs_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    monkeypatch.setattr(photos, "photo_command", lambda: [sys.executable, "-c", deed])
    monkeypatch.setattr(photos, "SECONDS", 0.5)
    assert refused(tmp_path, "x.jpg", JPEG) == "photo_unreadable"


@pytest.mark.skipif(sys.platform == "win32", reason="this system bounds no memory")
def test_the_child_cannot_take_more_memory_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed = (
        "from learnsite_desktop.paint import photo_child as child\n"
        "child.limit_resources()\n"
        "try:\n    bytearray(2 * child.MAX_ADDED_MEMORY)\n"
        'except MemoryError:\n    print(\'{"code": "photo_too_large", "params": {}}\')\n'
    )
    monkeypatch.setattr(photos, "photo_command", lambda: [sys.executable, "-c", deed])
    assert refused(tmp_path, "x.jpg", JPEG) == "photo_too_large"
