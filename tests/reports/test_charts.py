"""Charts in workbooks: what an opened file holds, read back by openpyxl and from its XML."""

import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from learnsite_desktop.domain.charts import (
    Bars,
    Chart,
    HeatTiles,
    Lines,
    Series,
    StackedBars,
    Step,
    Target,
)
from learnsite_desktop.reports.charts import ChartSheet
from learnsite_desktop.reports.workbook import Cell, Sheet, write_workbook

MONTHS = ("1 月", "2 月", "3 月")
TARGET = Target(80, "目标", "市教育局文件")
ONE = (Series("", (40, None, 90)),)
TWO = (Series("2026 年", (40, None, 90)), Series("2025 年", (30, 50, 70)))


def written(folder: Path, *charts: Chart) -> tuple[Any, dict[str, str]]:
    """Return the sheet of charts as openpyxl reads it, and the XML of its charts."""
    path = folder / "book.xlsx"
    plain = Sheet("数", (), ("单位",), [[Cell("甲")]])
    cells = write_workbook(
        path,
        [plain, ChartSheet("图表", charts)],
        title="图",
        made=datetime(2026, 7, 1, tzinfo=UTC),
    )
    book = load_workbook(path)
    assert book.sheetnames == ["数", "图表"]
    assert cells == sum(
        cell.value is not None for sheet in book for row in sheet.iter_rows() for cell in row
    )
    with zipfile.ZipFile(path) as packed:
        names = [name for name in packed.namelist() if "charts/chart" in name]
        xml = {name: packed.read(name).decode("utf-8") for name in names}
    return book["图表"], xml


@pytest.mark.parametrize(
    "chart",
    [
        Bars(title="场次", labels=MONTHS, series=ONE, measure="场"),
        Bars(title="场次", labels=MONTHS, series=TWO, measure="场", lying=True),
        StackedBars(title="人次", labels=MONTHS, series=TWO),
        Lines(title="按时率", labels=MONTHS, series=TWO, measure="%", target=TARGET),
        Bars(title="按时率", labels=MONTHS, series=ONE, measure="%", target=TARGET),
    ],
)
def test_a_chart_takes_its_numbers_from_cells(tmp_path: Path, chart: Chart) -> None:
    sheet, xml = written(tmp_path, chart)
    (text,) = xml.values()
    found = re.findall(r"<(?:c:)?val>.*?<(?:c:)?f>(.*?)</", text, re.DOTALL)
    count = len(chart.series) + (chart.target is not None)
    assert len(found) == count
    series = [*chart.series, *([None] if chart.target else [])]
    for formula, one in zip(found, series, strict=True):
        title, _bang, area = formula.replace("$", "").rpartition("!")
        assert title == "'图表'"
        values = [row[0].value for row in sheet[area]]
        assert values == (list(one.values) if one is not None else [80] * 3)
    (names,) = set(re.findall(r"<(?:c:)?cat>.*?<(?:c:)?f>(.*?)</", text, re.DOTALL))
    area = names.replace("$", "").rpartition("!")[2]
    assert [row[0].value for row in sheet[area]] == list(MONTHS)
    assert 'dispBlanksAs val="gap"' in text
    assert '<c:delete val="1"' not in text.replace("<delete", "<c:delete")
    assert ("legendPos" in text) == (count > 1)
    assert re.search(r'<(?:c:)?min val="0(?:\.0)?"', text)


def test_the_cells_say_what_a_reader_must_know(tmp_path: Path) -> None:
    chart = Lines(
        title="按时率", labels=MONTHS, series=ONE, measure="%", target=TARGET, decimals=1,
        note="白沙镇尚未报送。", source="按收到的记录统计",
    )  # fmt: skip
    sheet, _xml = written(tmp_path, chart)
    texts = [cell.value for cell in sheet["A"] if cell.value]
    assert texts == [
        "按时率",
        "计量单位：%",
        "目标：80 %（来源：市教育局文件）",
        "空单元格为缺数，不是 0。",
        "白沙镇尚未报送。",
        "来源：按收到的记录统计",
        *MONTHS,
    ]
    assert sheet["B8"].value == 40
    assert sheet["B8"].number_format == "#,##0.0"
    assert sheet["B9"].value is None


def test_tiles_become_coloured_cells_with_words(tmp_path: Path) -> None:
    tiles = HeatTiles(
        title="按时率",
        labels=("韩寺镇", "官渡镇", "白沙镇"),
        series=(Series("", (20, 85, None)),),
        steps=(Step(0, "要催报"), Step(80, "达到目标")),
    )
    sheet, xml = written(tmp_path, tiles)
    assert not xml
    rows = [[cell.value for cell in row[:3]] for row in sheet.iter_rows(min_row=4)]
    assert rows == [["韩寺镇", 20, "要催报"], ["官渡镇", 85, "达到目标"], ["白沙镇", None, None]]
    assert sheet["B4"].fill.start_color.rgb != sheet["B5"].fill.start_color.rgb
    assert sheet["B6"].fill.fill_type is None


def test_charts_stand_apart_and_no_text_acts(tmp_path: Path) -> None:
    bars = Bars(title="=1+1", labels=("=2+2", "乙"), series=(Series("@x", (1, 2)),))
    sheet, xml = written(tmp_path, bars, bars, Bars(title="空", labels=(), series=()))
    assert len(xml) == 2
    first, second = (chart.anchor for chart in sheet._charts)
    assert second._from.row - first._from.row >= 24
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s", "n"}
