"""Sign-in sheets drawn: looked at as pixels, and read back by a code reader."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from learnsite_desktop.domain.printout import Paragraph, Printout, SignInPage
from learnsite_desktop.paint.booklet import Booklet, PdfPrinter
from learnsite_desktop.paint.signin import (
    BOTTOM_MM,
    FOOT_MM,
    PAGE_MM,
    SIDE_MM,
    SIGNS_MM,
    TEXT_POINTS,
    row_height,
)
from tests.desks import NOW, Desk, found_village, small_class
from tests.paint.test_pages import characters, codes, ink, page_count

MM_PER_POINT = 25.4 / 72
GRID_MM = 40
PAGE = SignInPage(
    title="书法班签到表",
    facts=(("时间：", "2026-03-03（周二）09:00–10:30"), ("教师：", "周桂兰"), ("地点：", "活动室")),
    code="LSS:5WR9299T:1",
    caption="5WR9 299T",
    notice="签名即表示同意登记以上信息。",
    head=("序号", "姓名", "性别", "电话尾号", "签名", "备注"),
    widths=(8, 19, 8, 13, 32, 20),
    rows=tuple((str(row), "王秀英", "女", "0101", "", "") for row in range(1, 31)),
    blank=10,
    signs=("应到：30 人　实到：", "记录人：", "审核人："),
    footer="荣庄村委会 · 签到表",
    number="第 1 页",
    at=NOW,
)
LETTER = Printout(
    title="告知同意书",
    facts=(),
    code="",
    caption="",
    blocks=(Paragraph("登记的内容"),),
    signs=(),
    footer="荣庄村委会",
    at=NOW,
)
pytestmark = pytest.mark.usefixtures("qapp")


def band(image: QImage, top_mm: float, height_mm: float) -> QImage:
    scale = image.height() / PAGE_MM[1]
    return image.copy(0, round(top_mm * scale), image.width(), round(height_mm * scale))


def rules(image: QImage, share: float) -> list[float]:
    """Return where dark lines cross a place of the page's width, in millimetres from above."""
    x = round(image.width() * share)
    dark = [image.pixelColor(x, y).lightness() < 200 for y in range(image.height())]
    starts = [y for y, (before, now) in enumerate(pairwise([False, *dark])) if now and not before]
    return [y * PAGE_MM[1] / image.height() for y in starts]


def test_forty_rows_fit_with_letters_of_fourteen_points() -> None:
    assert TEXT_POINTS >= 14
    assert row_height(40) > TEXT_POINTS * MM_PER_POINT + 0.5
    assert row_height(12) > row_height(40)


@pytest.mark.parametrize(("rows", "blank"), [(30, 10), (3, 10), (0, 10), (25, 0)])
def test_every_row_has_its_rules_and_the_foot_its_place(rows: int, blank: int) -> None:
    page = replace(PAGE, rows=PAGE.rows[:rows], blank=blank)
    image = Booklet(page).image(1, 150)
    # A place in the column to sign in, where nothing is printed.
    found = [y for y in rules(image, 0.56) if y < PAGE_MM[1] - BOTTOM_MM - FOOT_MM - SIGNS_MM + 1]
    grid = [y for y in found if y > GRID_MM]
    assert len(grid) >= rows + blank + 1
    lines = grid[-(rows + blank + 1) :]
    assert max(b - a for a, b in pairwise(lines)) <= row_height(rows + blank) + 0.4
    assert lines[-1] < PAGE_MM[1] - BOTTOM_MM - FOOT_MM - SIGNS_MM + 0.5
    assert ink(band(image, PAGE_MM[1] - BOTTOM_MM - FOOT_MM, FOOT_MM)) > 0.001
    assert ink(band(image, PAGE_MM[1] - BOTTOM_MM + 0.5, BOTTOM_MM - 1)) == 0


@pytest.mark.parametrize("resolution", [110, 150, 200])
def test_a_reader_finds_the_code(resolution: int) -> None:
    assert codes(Booklet(PAGE).image(1, resolution)) == [PAGE.code]
    assert codes(Booklet(replace(PAGE, code="")).image(1, resolution)) == []


def test_a_long_name_stays_in_its_cell_and_keeps_its_height() -> None:
    long = ("1", "买买提江·艾合买提·阿卜杜热依木", "男", "0101", "", "")
    image = Booklet(replace(PAGE, rows=(long,), blank=0)).image(1, 150)
    plain = Booklet(replace(PAGE, rows=(("1", "王", "男", "0101", "", ""),), blank=0)).image(1, 150)
    scale = image.width() / PAGE_MM[0]
    edge = round((SIDE_MM + (PAGE_MM[0] - 2 * SIDE_MM) * 0.27) * scale) + 3
    assert image.copy(edge, 0, image.width() - edge, image.height()) == plain.copy(
        edge, 0, image.width() - edge, image.height()
    )
    assert ink(image) > ink(plain)


def test_preview_and_print_are_laid_out_alike() -> None:
    """The same lines at the same millimetres, whatever the resolution."""
    low, high = (
        [y for y in rules(Booklet(PAGE).image(1, dpi), 0.56) if y > GRID_MM] for dpi in (150, 300)
    )
    assert len(low) == len(high) > 40
    assert max(abs(a - b) for a, b in zip(low, high, strict=True)) < 0.3


def test_a_booklet_of_different_pages(tmp_path: Path) -> None:
    wide = replace(LETTER, landscape=True)
    booklet = Booklet(PAGE, LETTER, wide)
    assert booklet.count == 3
    assert (booklet.size_mm(1).width(), booklet.size_mm(3).width()) == (210, 297)
    pdf = PdfPrinter()(PAGE, LETTER, wide)
    assert page_count(pdf) == 3
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
    assert [float(width) > float(height) for width, height in boxes] == [False, False, True]
    assert set("书法班签到表告知同意书王秀英") <= characters(pdf)
    assert pdf == PdfPrinter()(PAGE, LETTER, wide)


def test_any_painter_and_any_device_with_pages(tmp_path: Path) -> None:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(300)
    Booklet(PAGE, PAGE).print_on(writer)
    assert page_count(bytes(buffer.data().data())) == 2
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    Booklet(PAGE, LETTER).print_on(printer)
    assert page_count((tmp_path / "printed.pdf").read_bytes()) == 2
    image = QImage(420, 594, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    Booklet(PAGE).paint(painter, 1, 2.0)
    painter.end()
    assert ink(image) > 0.01


def test_the_footer_of_a_page_has_letters_of_its_size() -> None:
    """A preview has other dots than the page was laid out for; letters must not shrink."""
    image = Booklet(LETTER).image(1, 120)
    foot = band(image, 297 - 18 - 7, 8)
    font = QFont("WenQuanYi Micro Hei")
    font.setPixelSize(20)
    columns = [
        x
        for x in range(foot.width() // 2)
        if any(foot.pixelColor(x, y).lightness() < 160 for y in range(foot.height()))
    ]
    width = QFontMetricsF(font).horizontalAdvance("荣庄村委会")
    assert columns[-1] - columns[0] > width * 0.7


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = found_village(tmp_path_factory.mktemp("village") / "w")
    desk.capture(small_class())
    return desk


def test_the_command_prints_and_finds(village: Desk, tmp_path: Path) -> None:
    out = tmp_path / "签到表.pdf"
    answer = village("sheet", "session:s1", "--out", out)
    assert (answer["version"], len(answer["rows"])) == (1, 3)
    assert page_count(out.read_bytes()) == 1
    assert set("书法班签到表周桂兰") <= characters(out.read_bytes())
    again = village("sheet", "--week", "2026-03-05", "--notice", "--out", out)
    assert again["sheet_code"] == answer["sheet_code"]
    assert page_count(out.read_bytes()) == 2
    found = village("sheet", "--code", answer["sheet_code"].lower())
    assert found["rows"] == answer["rows"]
    assert village("sheet", "--period", "2026-03", "--out", out)["sheets"] == [
        {key: value for key, value in found.items() if key != "ok"}
    ]
    village("sheet", "--blank", "--out", out)
    assert page_count(out.read_bytes()) == 1
    assert village("sheet", "--period", "2026-01", "--out", out, code=1)["error"]["code"] == (
        "sheets_none"
    )
    for words in (["sheet"], ["sheet", "session:s1"], ["sheet", "--out", str(out)]):
        assert village(*words, code=2)["error"]["code"] == "usage"
