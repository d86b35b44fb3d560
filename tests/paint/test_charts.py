"""Charts: read back from the SVG as texts, rectangles and points, and laid out at many sizes."""

import re
import unicodedata
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF, QImage

from learnsite_desktop.domain.charts import (
    Bars,
    Chart,
    HeatTiles,
    Lines,
    Mark,
    Series,
    StackedBars,
    Step,
    Target,
)
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.paint.chart_layout import lay_out
from learnsite_desktop.paint.chart_look import (
    DAY_FILLS,
    DAY_TILES,
    NIGHT_TILES,
    PAPER,
    Hatch,
    contrast,
    ink_on,
    luminance,
    tile,
)
from learnsite_desktop.paint.chart_parts import Picture
from learnsite_desktop.paint.chart_words import mark_words, whole_words
from learnsite_desktop.paint.charts import hatching, write_chart
from learnsite_desktop.paint.pages import chinese_families
from tests.paint.test_pages import characters, page_count

MONTHS = tuple(f"{month} 月" for month in range(1, 13))
TOWNS = (
    *("青年路街道", "东风路街道", "广惠街街道", "城东街道", "白沙镇", "姚家镇", "韩寺镇", "官渡镇"),
    *("狼城岗镇", "万滩镇", "雁鸣湖镇", "大孟镇", "刘集镇", "九龙镇", "郑庵镇", "三官庙镇"),
    "黄店镇农业技术推广与社区教育综合服务中心（原黄店乡、冯堂乡合并，2026 年 1 月起）",
)
SOURCE = "2026 年 1–6 月，按收到的记录统计，规则第 1 版"
TARGET = Target(80, "目标", "市教育局 2026 年 3 号文")


def of_towns(seed: int) -> tuple[float | None, ...]:
    return tuple(None if at == 4 else (37 * at + seed) % 101 for at in range(len(TOWNS)))


def of_months(seed: int) -> tuple[float | None, ...]:
    return tuple(None if at == 3 + seed else (53 * at + 17 * seed) % 240 + 9 for at in range(12))


ONE = (Series("2026 年", of_towns(5)),)
THREE = tuple(Series(name, of_months(at)) for at, name in enumerate(("男", "女", "不详")))
CHARTS: dict[str, Chart] = {
    "bars": Bars(title="活动场次", labels=TOWNS, series=ONE, measure="场", source=SOURCE),
    "grouped": Bars(title="人次", labels=MONTHS, series=THREE[:2], measure="人次", source=SOURCE),
    "lying": Bars(
        title="参加率", labels=TOWNS, series=ONE, measure="%", lying=True, target=TARGET,
        decimals=1, note="白沙镇尚未报送。", source=SOURCE,
    ),
    "lying grouped": Bars(
        title="两年", labels=TOWNS[:6], lying=True, measure="场",
        series=(Series("2026 年", (1, 2, 3, None, 5, 0)), Series("2025 年", (5, 4, 3, 2, 1, 9999))),
    ),
    "stacked": StackedBars(title="人次", labels=MONTHS, series=THREE, measure="人次"),
    "lying stacked": StackedBars(title="人次", labels=MONTHS, series=THREE, lying=True),
    "line": Lines(title="按时率", labels=MONTHS, series=THREE[:1], measure="%", target=TARGET),
    "lines": Lines(title="按时率", labels=MONTHS, series=THREE, measure="%", target=TARGET),
    "tiles": HeatTiles(
        title="按时率", labels=TOWNS, series=ONE, measure="%", source=SOURCE,
        steps=(Step(0, "不足 60 %，要催报"), Step(60, "60–80 %"), Step(80, "80 % 以上")),
    ),
    "below 0": Bars(title="冲销", labels=MONTHS[:5], series=(Series("", (5, -12, None, 30, -4)),)),
    "nothing": Bars(title="没有数字", labels=(), series=()),
}  # fmt: skip
SIZES = (
    (280, 200),
    (360, 260),
    (480, 300),
    (640, 360),
    (800, 600),
    (1024, 480),
    (1366, 700),
    (400, 900),
)
pytestmark = pytest.mark.usefixtures("qapp")


class Svg:
    """An SVG file as a stranger reads it."""

    def __init__(self, path: Path) -> None:
        root = ET.parse(path).getroot()
        self.size = tuple(float(part) for part in root.attrib["viewBox"].split()[2:])
        self.texts: list[str] = []
        self.rects: list[tuple[str, QRectF]] = []
        self.lines: list[list[tuple[float, float]]] = []
        for group in root.iter("{http://www.w3.org/2000/svg}g"):
            fill = group.attrib.get("fill", "")
            for one in group:
                kind = one.tag.rpartition("}")[2]
                if kind == "text":
                    self.texts.append((one.text or "").strip())
                elif kind == "rect":
                    sides = (float(one.attrib[key]) for key in ("x", "y", "width", "height"))
                    self.rects.append((fill, QRectF(*sides)))
                elif kind == "polyline" and group.attrib.get("stroke-width") == "2":
                    pairs = [pair.split(",") for pair in one.attrib["points"].split()]
                    self.lines.append([(float(x), float(y)) for x, y in pairs])

    def filled(self, colour: str) -> list[QRectF]:
        return [area for fill, area in self.rects if fill == colour]


def svg_of(chart: Chart, folder: Path) -> Svg:
    path = folder / "chart.svg"
    write_chart(path, chart)
    return Svg(path)


@pytest.mark.parametrize("lying", [False, True])
def test_bars_are_as_long_as_their_values_from_0(tmp_path: Path, lying: bool) -> None:
    values = (10, 25, None, 40, 0)
    chart = Bars(title="场次", labels=TOWNS[:5], series=(Series("", values),), lying=lying)
    bars = svg_of(chart, tmp_path).filled(DAY_FILLS[0])
    lengths = [bar.width() if lying else bar.height() for bar in bars]
    assert len(bars) == 4
    scale = lengths[0] / 10
    assert lengths == pytest.approx([10 * scale, 25 * scale, 40 * scale, 0], abs=0.01)
    starts = {round(bar.left() if lying else bar.bottom(), 2) for bar in bars}
    assert len(starts) == 1


def test_what_is_missing_is_said_and_not_drawn_as_0(tmp_path: Path) -> None:
    held = Bars(title="场次", labels=MONTHS[:3], series=(Series("", (4, 0, 6)),))
    lacking = Bars(title="场次", labels=MONTHS[:3], series=(Series("", (4, None, 6)),))
    assert "缺" not in svg_of(held, tmp_path).texts
    assert "0" in svg_of(held, tmp_path).texts[3:]
    svg = svg_of(lacking, tmp_path)
    assert svg.texts.count("缺") == 2  # at its place, and in the legend
    assert len(svg.filled(DAY_FILLS[0])) == 2


def test_a_stack_is_as_high_as_its_sum_and_says_no_sum_over_a_gap(tmp_path: Path) -> None:
    chart = StackedBars(
        title="人次", labels=("甲", "乙"), series=(Series("男", (30, 10)), Series("女", (45, None)))
    )
    svg = svg_of(chart, tmp_path)
    # The first patch of a fill is that of the legend.
    low, other = svg.filled(DAY_FILLS[0])[1:]
    (high,) = svg.filled(DAY_FILLS[1])[1:]
    assert low.height() / other.height() == pytest.approx(3, abs=0.01)
    assert high.height() / low.height() == pytest.approx(1.5, abs=0.01)
    assert high.bottom() == pytest.approx(low.top(), abs=0.01)
    assert {"30", "45", "75", "10", "缺"} <= set(svg.texts)
    assert svg.texts.count("10") == 1  # the part, but no sum


def test_a_line_has_a_gap_where_a_value_is_missing(tmp_path: Path) -> None:
    values = (10, 20, None, 40, 30)
    chart = Lines(title="率", labels=MONTHS[:5], series=(Series("", values),))
    lines = svg_of(chart, tmp_path).lines
    assert [len(line) for line in lines] == [2, 2]
    ys = [y for line in lines for _x, y in line]
    assert (ys[0] - ys[2]) / (ys[0] - ys[1]) == pytest.approx(3, abs=0.02)


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_every_text_is_in_the_file_as_text(tmp_path: Path, name: str) -> None:
    chart = CHARTS[name]
    texts = svg_of(chart, tmp_path).texts
    assert chart.title in texts
    if chart.source:
        assert f"来源：{chart.source}" in texts
    if chart.target is not None:
        assert "目标：80 %（来源：市教育局 2026 年 3 号文）" in texts
    if isinstance(chart, HeatTiles):
        assert {step.words for step in chart.steps} <= set(texts)
        assert {chart.number(value) for value in chart.held()} <= set(texts)
    # A legend only where there is something to tell apart.
    assert all((one.name in texts) == (len(chart.series) > 1) for one in chart.series if one.name)


def drawn(chart: Chart, width: int, height: int, pixels: int) -> Picture:
    font = QFont(chinese_families())
    font.setPixelSize(pixels)
    return lay_out(chart, QSizeF(width, height), font)


@pytest.mark.parametrize("pixels", [13, 16, 19, 21])
@pytest.mark.parametrize("name", sorted(CHARTS))
def test_no_text_is_clipped_or_covers_another_at_any_size(name: str, pixels: int) -> None:
    for width, height in SIZES:
        picture = drawn(CHARTS[name], width, height, pixels)
        whole = QRectF(0, 0, picture.size.width(), picture.size.height()).adjusted(-1, -1, 1, 1)
        for one in picture.writings:
            font = QFont(picture.font)
            font.setBold(one.bold)
            metrics = QFontMetricsF(font)
            across, down = one.area.width(), one.area.height()
            if one.turned:
                across, down = down, across
            assert metrics.horizontalAdvance(one.text) <= across + 0.5, (width, one.text)
            assert metrics.height() <= down + 0.5, (width, one.text)
            assert whole.contains(one.area), (width, one.text)
        for one, other in combinations(picture.writings, 2):
            shared = one.area.intersected(other.area)
            assert shared.width() < 1.5 or shared.height() < 1.5, (width, one.text, other.text)


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_marks_stay_inside_and_what_is_cut_is_told_in_full(name: str) -> None:
    chart = CHARTS[name]
    told = whole_words(chart)
    for width, height in SIZES:
        picture = drawn(chart, width, height, 16)
        whole = QRectF(0, 0, picture.size.width(), picture.size.height()).adjusted(-1, -1, 1, 1)
        assert set(picture.marks) == set(chart.marks())
        assert all(whole.contains(area) for area in picture.marks.values())
        cut = [one for one in picture.writings if one.text.endswith("…")]
        assert all(one.full in told for one in cut)
        assert picture.size.width() >= width
        assert picture.size.height() >= height


def test_everything_is_told_in_words() -> None:
    told = whole_words(CHARTS["lying"]).splitlines()
    assert "计量单位：%" in told
    assert "目标：80 %（来源：市教育局 2026 年 3 号文）" in told
    assert "青年路街道：5.0 %" in told
    assert "白沙镇：缺" in told
    assert mark_words(CHARTS["stacked"], Mark(1, 0)) == "1 月 · 女：26 人次"
    assert "1 月 · 合计：78 人次" in whole_words(CHARTS["stacked"])
    assert mark_words(CHARTS["tiles"], Mark(0, 0)) == "青年路街道：5 % · 不足 60 %，要催报"


def test_pdf_and_png_show_the_same(tmp_path: Path) -> None:
    chart = CHARTS["lying"]
    write_chart(tmp_path / "chart.pdf", chart)
    pdf = (tmp_path / "chart.pdf").read_bytes()
    assert page_count(pdf) == 1
    simple = CHARTS["line"]
    write_chart(tmp_path / "simple.pdf", simple)
    # Qt names some glyphs by the radical that looks the same, which NFKC undoes for most.
    held = "".join(characters((tmp_path / "simple.pdf").read_bytes()))
    texts = unicodedata.normalize("NFKC", "".join(svg_of(simple, tmp_path).texts))
    assert set(texts) - {" "} <= set(unicodedata.normalize("NFKC", held))
    write_chart(tmp_path / "chart.png", chart)
    image = QImage(str(tmp_path / "chart.png"))
    assert image.width() == 1800
    fill = 0xFF1757C2
    ends = {}
    for place in (1, 5):
        area = drawn(chart, 900, 520, 16).marks[Mark(0, place)]
        row = int(area.center().y() * 2)
        ends[place] = sum(image.pixel(x, row) == fill for x in range(image.width()))
    assert ends[1] / ends[5] == pytest.approx(42 / 89, abs=0.02)


def test_a_file_is_written_whole_under_a_known_suffix(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        write_chart(tmp_path / "chart.gif", CHARTS["bars"])
    assert caught.value.code == "report_suffix"
    assert not list(tmp_path.iterdir())


def test_series_stay_apart_in_gray() -> None:
    # A neighbour that is as bright would leave the pattern alone to tell them apart.
    grays = [luminance(colour) for colour in DAY_FILLS]
    assert all(abs(a - b) > 0.09 for a, b in pairwise(grays))
    assert contrast(PAPER.edge, PAPER.back) > 3


@pytest.mark.parametrize("tiles", [DAY_TILES, NIGHT_TILES])
def test_tiles_go_one_way_and_their_numbers_can_be_read(tiles: tuple[str, ...]) -> None:
    colours = replace(PAPER, tiles=tiles)
    steps = [tile(colours, at, 4) for at in range(4)]
    grays = [luminance(colour) for colour in steps]
    assert grays in (sorted(grays), sorted(grays, reverse=True))
    assert len(set(steps)) == 4
    assert all(contrast(ink_on(colour), colour) >= 4.5 for colour in steps)


@pytest.mark.parametrize("hatch", list(Hatch))
def test_patterns_stay_inside_their_bar(hatch: Hatch) -> None:
    area = QRectF(30, 50, 17, 43)
    lines = list(hatching(area, hatch))
    assert bool(lines) == (hatch != Hatch.NONE)
    around = area.adjusted(-0.01, -0.01, 0.01, 0.01)
    assert all(around.contains(line.p1()) and around.contains(line.p2()) for line in lines)
    assert all(line.length() > 0 for line in lines)


def test_a_long_name_is_wrapped_at_words_and_not_before_a_comma(tmp_path: Path) -> None:
    chart = replace(CHARTS["bars"], note="第一句，" * 60)
    texts = svg_of(chart, tmp_path).texts
    lines = [text for text in texts if re.fullmatch("[第一句，]+", text)]
    assert len(lines) > 1
    assert "".join(lines) == chart.note
    assert not any(line.startswith("，") for line in lines)
