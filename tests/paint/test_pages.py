"""Printed pages: drawn, looked at as pixels, and as the PDF of a real receipt."""

import json
import os
import re
import subprocess
import sys
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from learnsite_desktop.domain.printout import Heading, Paragraph, Printout, Table
from learnsite_desktop.paint.booklet import PdfPrinter
from learnsite_desktop.paint.pages import FOOTER_MM, Pages, chinese_families
from tests.desks import COUNTY, NOW, TOWNSHIP, VILLAGE, Desk, Line, small_class, twin_of

DOTS_PER_INCH = 100
DOTS_PER_MM = DOTS_PER_INCH / 25.4
WIDTH_MM, HEIGHT_MM = 174, 261
HEAD_COLOUR = QColor("#eef1f5")

PRINTOUT = Printout(
    title="回执",
    facts=(("出具单位", "韩寺镇 410122101000"), ("收执单位", "<i>&荣庄村")),
    code="LSR:410122101000:410122101205:12:YBO7XMQM6a4U",
    caption="YBO7XMQM6a4U",
    blocks=(
        Heading("已收到的内容"),
        Paragraph("尾码取自最后一条操作。"),
        Table(("单位", "尾码"), (("荣庄村", "YBO7"),), (70, 30)),
    ),
    signs=("经办人",),
    footer="回执第 12 号",
    at=NOW,
)
pytestmark = pytest.mark.usefixtures("qapp")


def with_rows(count: int) -> Printout:
    rows = tuple((f"第{number}村", f"{number:04}") for number in range(count))
    return replace(PRINTOUT, blocks=(Table(("单位", "尾码"), rows, (70, 30)),))


def painted(printout: Printout) -> Iterator[QImage]:
    """Yield the pages as pictures of the area inside the margins."""
    image = QImage(
        round(WIDTH_MM * DOTS_PER_MM), round(HEIGHT_MM * DOTS_PER_MM), QImage.Format.Format_RGB32
    )
    image.setDotsPerMeterX(round(DOTS_PER_MM * 1000))
    image.setDotsPerMeterY(round(DOTS_PER_MM * 1000))
    pages = Pages(printout, image, chinese_families())
    for number in range(1, pages.count + 1):
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        pages.paint(painter, number)
        painter.end()
        yield image.copy()


def band(image: QImage, top_mm: float, height_mm: float) -> QImage:
    return image.copy(0, round(top_mm * DOTS_PER_MM), image.width(), round(height_mm * DOTS_PER_MM))


def ink(image: QImage) -> float:
    """Return the share of pixels that are dark."""
    gray = image.convertToFormat(QImage.Format.Format_Grayscale8)
    raw = bytes(gray.constBits())
    rows = [raw[y * gray.bytesPerLine() :][: gray.width()] for y in range(gray.height())]
    return sum(value < 128 for row in rows for value in row) / (gray.width() * gray.height())


def codes(image: QImage) -> list[str]:
    """Return the texts of the QR codes that a reader finds in the picture."""
    gray = image.convertToFormat(QImage.Format.Format_Grayscale8)
    lines = bytes(gray.constBits())
    shape = (gray.height(), gray.bytesPerLine())
    return [found.text for found in zxingcpp.read_barcodes(memoryview(lines).cast("B", shape))]


def streams(pdf: bytes) -> Iterator[bytes]:
    """Yield the content of the file's streams, compressed ones opened."""
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            yield zlib.decompressobj().decompress(found[1])
        except zlib.error:
            yield found[1]


def characters(pdf: bytes) -> set[str]:
    """Return the characters that the fonts of the file can be searched and copied by."""
    maps = b"".join(stream for stream in streams(pdf) if b"beginbfrange" in stream)
    ranges = re.findall(rb"<\w{4}> <\w{4}> \[([^\]]*)\]", maps)
    found = {chr(int(code, 16)) for code in re.findall(rb"<(\w{4})>", b"".join(ranges))}
    # Some fonts draw 页 and the radical \u2eda by one shape, and the file names the radical.
    return {unicodedata.normalize("NFKC", one).replace("\u2eda", "页") for one in found}


def page_count(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def test_a_page_is_drawn_with_its_code() -> None:
    (image,) = painted(PRINTOUT)
    assert codes(image) == [PRINTOUT.code]
    assert 0.001 < ink(band(image, 45, 60)) < 0.2
    assert ink(band(image, 180, 60)) == 0
    assert ink(band(image, HEIGHT_MM - FOOTER_MM / 2, FOOTER_MM / 2)) > 0.001


def test_text_is_text_and_no_markup() -> None:
    (plain,) = painted(replace(PRINTOUT, facts=(("收执单位", "<i>&荣庄村</i>"),)))
    (bare,) = painted(replace(PRINTOUT, facts=(("收执单位", "&荣庄村"),)))
    assert ink(plain) > ink(bare)
    assert {"<", "&"} <= characters(PdfPrinter()(PRINTOUT))


def test_a_long_table_goes_on_with_its_head_row() -> None:
    first, *others = painted(with_rows(80))
    assert len(others) in (2, 3)  # as high as the lines of this computer's Chinese font are
    for image in others:
        top = band(image, 0, 6)
        colours = {top.pixelColor(top.width() - 3, y).name() for y in range(top.height())}
        assert HEAD_COLOUR.name() in colours
    footers = [band(image, HEIGHT_MM - FOOTER_MM, FOOTER_MM) for image in (first, *others)]
    assert all(one != other for one, other in pairwise(footers))


@pytest.mark.parametrize("count", [1, 31, 32, 80])
def test_no_row_is_lost_between_pages(count: int) -> None:
    """Rows and the head on each page have a line under them, but not the last row of a page."""
    images = list(painted(with_rows(count)))
    lines = 0
    for image in images:
        body = band(image, 0, HEIGHT_MM - FOOTER_MM)
        places = (2, body.width() // 2, body.width() - 3)
        drawn = [
            all(body.pixelColor(x, y).lightness() < 230 for x in places)
            for y in range(body.height())
        ]
        lines += sum(now and not former for former, now in pairwise([False, *drawn]))
    assert lines == count + len(images) - (len(images) - 1)


def test_the_file_has_its_font_inside_and_can_be_searched() -> None:
    pdf = PdfPrinter()(PRINTOUT)
    assert pdf.startswith(b"%PDF-1.")
    assert page_count(pdf) == 1
    assert page_count(PdfPrinter()(with_rows(80))) in (3, 4)
    assert b"/FontFile2" in pdf or b"/FontFile3" in pdf
    assert set("回执出具单位韩寺镇410122101000经办人第页共") <= characters(pdf)


def test_the_same_printout_is_the_same_file() -> None:
    pdf = PdfPrinter()(PRINTOUT)
    assert pdf == PdfPrinter()(PRINTOUT)
    dates = re.findall(rb"D:(\d{8,14}Z?)", pdf) + re.findall(rb'Date="([^"]*)"', pdf)
    assert dates == [b"20260402020000Z"] * 2 + [b"2026-04-02T02:00:00+00:00"] * 3
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    assert pdf[start : start + 4] == b"xref"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a township that has received a village's class."""
    line = Line(tmp_path_factory.mktemp("line"))
    line.found()
    line.enrol()
    line.village.capture(small_class())
    line.carry(line.village, line.township)
    return line.township.folder


@pytest.fixture
def township(founded: Path, tmp_path: Path) -> Desk:
    return twin_of(Desk(founded, TOWNSHIP), tmp_path / "township-pc")


def test_a_real_receipt(township: Desk, tmp_path: Path) -> None:
    answer = township("receipt", "--to", VILLAGE, "--out", tmp_path / "out", "--pdf")
    page = Path(answer["pdf"])
    assert page == Path(answer["path"]).with_suffix(".pdf")
    pdf = page.read_bytes()
    assert page_count(pdf) == 1
    assert set("回执已收下荣庄村委会") <= characters(pdf)
    assert sorted(path.suffix for path in page.parent.iterdir()) == [".lsb", ".pdf"]
    assert "pdf" not in township("receipt", "--to", VILLAGE, "--out", tmp_path / "out")


def shell(desk: Desk, *words: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run the program by itself, on a computer without a screen."""
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    surroundings = {key: value for key, value in os.environ.items() if key not in left_out}
    program = (
        "import sys\n"
        "from learnsite_desktop.cli.main import run\n"
        "import json\n"
        "code, answer = run(sys.argv[1:])\n"
        "answer['qt'] = 'PySide6' in sys.modules\n"
        "print(json.dumps(answer))\n"
        "sys.exit(code)\n"
    )
    options = ["--data", str(desk.folder), "--now", desk.now]
    return subprocess.run(
        [sys.executable, "-c", program, *options, *map(str, words)],
        env={**surroundings, **more},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_without_a_screen_and_qt_only_for_pages(township: Desk, tmp_path: Path) -> None:
    words: list[str | Path] = ["receipt", "--to", VILLAGE, "--out", tmp_path / "out"]
    plain = json.loads(shell(township, *words).stdout)
    assert (plain["ok"], plain["qt"]) == (True, False)
    drawn = shell(township, *words, "--pdf")
    assert drawn.returncode == 0, drawn.stderr
    assert Path(json.loads(drawn.stdout)["pdf"]).read_bytes().startswith(b"%PDF-")


@pytest.mark.skipif(sys.platform != "linux", reason="fonts are hidden by way of fontconfig")
def test_without_a_chinese_font_nothing_is_changed(township: Desk, tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text("<fontconfig></fontconfig>", encoding="utf-8")
    before = township.dump()
    words: list[str | Path] = ["receipt", "--to", VILLAGE, "--out", tmp_path / "out", "--pdf"]
    refused = shell(township, *words, FONTCONFIG_FILE=str(config))
    assert refused.returncode == 1, refused.stderr
    error = json.loads(refused.stdout)["error"]
    assert error["code"] == "font_missing"
    assert "fonts-wqy-microhei" in error["remedy"]
    assert township.dump() == before
    assert not (tmp_path / "out").exists()


def test_going_up_it_says_whose_records_it_is_about(township: Desk, tmp_path: Path) -> None:
    up = township("receipt", "--to", COUNTY, "--out", tmp_path / "out", "--pdf")
    assert set("所涉单位") <= characters(Path(up["pdf"]).read_bytes())


def test_paper_is_dark_on_white_in_the_dark_look_too(qapp: QApplication) -> None:
    """The window's palette is light on dark there: pages once took its letters, and were blank."""

    def dots(pages: Iterator[QImage]) -> list[bytes]:
        return [bytes(page.constBits()) for page in pages]

    former = qapp.palette()
    light = dots(painted(PRINTOUT))
    try:
        dark = QPalette(QColor("#e6eaf0"), QColor("#171b21"))
        qapp.setPalette(dark)
        assert dots(painted(PRINTOUT)) == light
    finally:
        qapp.setPalette(former)
