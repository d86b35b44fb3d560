"""Numbered pictures on paper and screens, photographed badly, and read back."""

import random
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF, QTransform

from learnsite_desktop.domain.printout import CodePicture, CodeSheet
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.paint.booklet import Booklet, PdfPrinter
from learnsite_desktop.paint.code_child import codes_in
from learnsite_desktop.paint.codes import CodeReader
from learnsite_desktop.transport.picture_place import pictures_of
from learnsite_desktop.transport.pictures import decoded, frames_of
from tests.desks import NOW
from tests.paint.test_pages import characters, page_count

RAW = random.Random(4).randbytes(3789)
FRAMES = frames_of(RAW)
PHOTO = 2000
pytestmark = pytest.mark.usefixtures("qapp")


def sheets() -> list[CodeSheet]:
    drawn = pictures_of(RAW)
    pairs = [drawn[at : at + 2] for at in range(0, len(drawn), 2)]
    return [
        CodeSheet(
            title="数据包图片",
            lines=("荣庄村 → 韩寺镇 · 共 4 张", "逐张拍清楚"),
            pictures=tuple(CodePicture(one.matrix, f"{one.number}/{one.total}") for one in pair),
            code="a.lsb",
            footer="a.lsb",
            number=f"第 {place} 页",
            at=NOW,
        )
        for place, pair in enumerate(pairs, 1)
    ]


@pytest.fixture(scope="module")
def page(qapp: object) -> QImage:
    del qapp
    return Booklet(*sheets()).image(1, 200)


def photographed(page: QImage, quad: list[tuple[float, float]], side: int = PHOTO) -> QImage:
    """Return a photo of a page whose corners fall on shares of the photo's width and height."""
    photo = QImage(side, round(side * 1.33), QImage.Format.Format_RGB32)
    photo.fill(QColor("#8c8574"))
    corners = QPolygonF(
        [QPointF(0, 0), QPointF(page.width(), 0), QPointF(page.width(), page.height()),
         QPointF(0, page.height())]
    )  # fmt: skip
    seen = QPolygonF([QPointF(x * photo.width(), y * photo.height()) for x, y in quad])
    move = QTransform()
    assert QTransform.quadToQuad(corners, seen, move)
    painter = QPainter(photo)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(move)
    painter.drawImage(0, 0, page)
    painter.end()
    return photo


FLAT = [(0.06, 0.04), (0.94, 0.04), (0.94, 0.96), (0.06, 0.96)]
TILTED = [(0.16, 0.07), (0.86, 0.04), (0.97, 0.95), (0.03, 0.93)]
UPSIDE_DOWN = FLAT[2:] + FLAT[:2]
TURNED = [(0.12, 0.02), (0.98, 0.12), (0.88, 0.98), (0.02, 0.88)]


def blurred(image: QImage, times: float) -> QImage:
    small = image.scaled(
        round(image.width() / times), round(image.height() / times),
        Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation,
    )  # fmt: skip
    return small.scaled(
        image.size(), Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )  # fmt: skip


def noisy(image: QImage, spots: int = 60_000) -> QImage:
    image, rng = image.copy(), random.Random(2)
    for _ in range(spots):
        x, y = rng.randrange(image.width()), rng.randrange(image.height())
        image.setPixelColor(x, y, QColor.fromHsv(0, 0, rng.randrange(256)))
    return image


def shaded(image: QImage) -> QImage:
    """Half of the page lies in the shadow of whoever takes the photo."""
    image = image.copy()
    painter = QPainter(image)
    shadow = QPolygonF([QPointF(0, 0), QPointF(image.width() * 0.7, 0), QPointF(0, image.height())])
    painter.setBrush(QColor(0, 0, 0, 120))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(shadow)
    painter.end()
    return image


@pytest.mark.parametrize(
    "photo",
    [
        lambda page: photographed(page, FLAT),
        lambda page: photographed(page, UPSIDE_DOWN),
        lambda page: photographed(page, TURNED),
        lambda page: photographed(page, TILTED),
        lambda page: blurred(photographed(page, TILTED), 2),
        lambda page: noisy(photographed(page, FLAT)),
        lambda page: shaded(photographed(page, TURNED)),
        lambda page: photographed(page, FLAT, 1080),
        lambda page: photographed(page, FLAT).transformed(QTransform().rotate(90)),
    ],
    ids=["flat", "upside-down", "turned", "tilted", "blurred", "noisy", "shaded", "chat", "lying"],
)
def test_a_bad_photo_of_a_page_is_read(page: QImage, photo: object, tmp_path: Path) -> None:
    taken = photo(page)  # type: ignore[operator]
    file = tmp_path / "photo.jpg"
    assert taken.save(str(file), "JPG", 70)
    assert sorted(codes_in(QImage(str(file)))) == sorted(FRAMES[:2])


def test_too_bad_a_photo_gives_nothing_wrong(page: QImage) -> None:
    assert codes_in(blurred(photographed(page, FLAT, 700), 4)) == []


def test_the_child_reads_what_a_phone_sends(page: QImage, tmp_path: Path) -> None:
    file = tmp_path / "微信图片(1).png"  # its name lies
    assert photographed(page, TILTED).save(str(file), "JPG", 80)  # type: ignore[call-overload]
    assert sorted(CodeReader()(file)) == sorted(FRAMES[:2])
    plain = tmp_path / "a.jpg"
    assert photographed(QImage(page.size(), QImage.Format.Format_RGB32), FLAT).save(str(plain))
    assert CodeReader()(plain) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "photo_empty"),
        (b"\xff\xd8\xff\xe0 cut", "photo_damaged"),
        (b"\0\0\0\x18ftypheic" + bytes(80), "photo_heic"),
        (b"%PDF-1.7", "photo_kind"),
    ],
)
def test_what_is_no_photo_is_named(content: bytes, code: str, tmp_path: Path) -> None:
    file = tmp_path / "x.jpg"
    file.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        CodeReader()(file)
    assert (refused.value.code, refused.value.where) == (code, "x.jpg")


def test_the_pages_carry_numbers_and_are_the_same_every_time() -> None:
    pdf = PdfPrinter()(*sheets())
    assert page_count(pdf) == 2
    assert set("数据包图片共张第页1234/") <= characters(pdf)
    assert pdf == PdfPrinter()(*sheets())
    booklet = Booklet(*sheets())
    found = [raw for number in (1, 2) for raw in codes_in(booklet.image(number, 110))]
    assert sorted(found) == sorted(FRAMES)
    assert all(decoded(raw) for raw in found)
