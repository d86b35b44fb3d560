"""Draws the templates of official reports into resources/reports/*.xlsx.

They are ordinary workbooks: a county may take a copy and change it in Excel or WPS. This script
makes the ones that are shipped; `report_templates.py FOLDER` writes them elsewhere.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

TARGET = Path(__file__).resolve().parents[1] / "resources" / "reports"
MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook's own clock has no zone
FONT: Final = "宋体"
_THIN = Side(style="thin", color="808080")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="E8EEF4")
WHOLE, PARTED, TEXT = "#,##0", "#,##0.00", "@"


@dataclass(frozen=True)
class Column:
    """A column: heading, marker, width, where its text stands, the number format if fixed."""

    title: str
    marker: str
    width: float
    align: str = "left"
    format: str = "General"


def number(title: str, marker: str, width: float = 11, shown: str = "General") -> Column:
    """Return a column of numbers."""
    return Column(title, marker, width, "right", shown)


NO = Column("序号", "no", 6, "center")
LINES = (
    NO,
    Column("代码", "id", 9, "center", TEXT),
    Column("指标名称", "name", 34),
    Column("计量单位", "unit", 10, "center"),
    number("本期", "value", 12),
    number("分子", "numerator", 11),
    number("分母", "denominator", 11),
    number("其中实名", "named", 10),
    number("其中仅计数", "headcount", 11),
    number("上年同期", "last", 12),
    number("增减", "change", 11),
    Column("空数据说明", "note", 32),
)
FIGURES: Final = {
    "S01": "参与人次",
    "S02": "参与人数",
    "S03": "活动场次",
    "S05": "学时总量",
    "S07": "实名率",
    "P01": "居民参与率",
    "P03": "老年人参与率",
    "N01": "学习点覆盖率",
    "N07": "活跃站点率",
    "N08": "零活动站点",
    "D01": "报送及时率",
}


class Page:
    """A sheet being drawn from top to bottom."""

    def __init__(
        self, book: Workbook, title: str, widths: Sequence[float], *, upright: bool = False
    ) -> None:
        self.sheet: Worksheet = book.create_sheet(title)
        self.columns = len(widths)
        self.row = 0
        for place, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(place)].width = width
        setup = self.sheet.page_setup
        setup.orientation, setup.paperSize = "portrait" if upright else "landscape", 9
        setup.fitToWidth, setup.fitToHeight = 1, 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self.sheet.page_margins.left = self.sheet.page_margins.right = 0.5
        self.sheet.page_margins.top, self.sheet.page_margins.bottom = 0.6, 0.8
        self.sheet.page_margins.footer = 0.4
        self.sheet.print_options.horizontalCentered = True
        self.sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
        self.sheet.oddFooter.left.text = title

    def line(self, text: str, *, size: float = 10, bold: bool = False, align: str = "left") -> None:
        """Write one text across the sheet."""
        self.row += 1
        self._put(1, text, size=size, bold=bold, align=align)
        self.sheet.merge_cells(
            start_row=self.row, start_column=1, end_row=self.row, end_column=self.columns
        )
        self.sheet.row_dimensions[self.row].height = size * 1.8

    def parts(self, *parts: tuple[int, int, str, str]) -> None:
        """Write texts beside each other: first and last column, text, where it stands."""
        self.row += 1
        for first, last, text, align in parts:
            self._put(first, text, align=align)
            if last > first:
                self.sheet.merge_cells(
                    start_row=self.row, start_column=first, end_row=self.row, end_column=last
                )
        self.sheet.row_dimensions[self.row].height = 18

    def table(self, name: str, columns: Sequence[Column], *, repeat: bool = False) -> None:
        """Write headings and the row that is repeated for each entry of a list."""
        self.row += 1
        for place, column in enumerate(columns, start=1):
            cell = self._put(place, column.title, bold=True, align="center")
            cell.border, cell.fill = _BOX, _HEAD
        self.sheet.row_dimensions[self.row].height = 30
        if repeat:
            self.sheet.print_title_rows = f"{self.row}:{self.row}"
            self.sheet.freeze_panes = f"A{self.row + 1}"
        self.row += 1
        for place, column in enumerate(columns, start=1):
            cell = self._put(place, f"{{{{{name}.{column.marker}}}}}", align=column.align)
            cell.border = _BOX
            cell.number_format = column.format

    def gap(self) -> None:
        """Leave a row empty."""
        self.row += 1

    def _put(
        self, column: int, text: str, *, size: float = 10, bold: bool = False, align: str = "left"
    ) -> "Cell | MergedCell":
        cell = self.sheet.cell(row=self.row, column=column, value=text)
        cell.font = Font(name=FONT, size=size, bold=bold)
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
        return cell


def top(page: Page) -> None:
    """Draw the head of an official table: title, official cells at the right, unit, period."""
    last = page.columns
    split = max(last - 3, 2)
    page.line("{{title}}", size=16, bold=True, align="center")
    page.parts((1, split - 1, "", "left"), (split, last, "表　　号：{{table_no}}", "left"))
    page.parts((1, split - 1, "", "left"), (split, last, "制定机关：{{authority}}", "left"))
    page.parts(
        (1, split - 1, "填报单位：{{unit}}（{{unit_code}}）", "left"),
        (split, last, "批准/备案文号：{{approval}}", "left"),
    )
    page.parts(
        (1, split - 1, "期　　间：{{period}}（{{first_day}} 至 {{last_day}}）", "left"),
        (split, last, "有效期至：{{valid_until}}", "left"),
    )
    page.parts((1, last, "数据口径：{{basis}}；区划：{{tree}}；上年同期：{{last_period}}", "left"))


def bottom(page: Page) -> None:
    """Draw the foot: who signs, the seal line, where the numbers come from."""
    last = page.columns
    half = last // 2
    page.parts(
        (1, half, "负责人：{{responsible}}", "left"),
        (half + 1, last, "填表人：{{compiler}}", "left"),
    )
    page.parts(
        (1, half, "联系电话：{{phone}}", "left"),
        (half + 1, last, "报出日期：{{date}}", "left"),
    )
    page.parts((1, last, "单位（盖章）：________________________", "left"))
    page.line("{{footer}}", size=8)


def sheet(
    book: Workbook,
    title: str,
    name: str,
    columns: Sequence[Column],
    heading: str = "",
    *,
    repeat: bool = True,
    upright: bool = False,
) -> Page:
    """Draw a sheet with one table under the head of an official table, or a plain heading."""
    page = Page(book, title, [column.width for column in columns], upright=upright)
    if heading:
        page.line(heading, size=13, bold=True)
    else:
        top(page)
    page.table(name, columns, repeat=repeat)
    if not heading:
        bottom(page)
    return page


def units(book: Workbook, ids: Sequence[str], of: str = "") -> None:
    """Draw the sheet of the units below; `of` says what is counted there."""
    columns = (
        NO,
        Column("单位", "name", 26),
        Column("单位代码", "code", 16, "center", TEXT),
        *(number(FIGURES[name], name, 13) for name in ids),
    )
    heading = f"{{{{title}}}}　分单位{of}　{{{{unit}}}}　{{{{period}}}}"
    sheet(book, "分单位", "units", columns, heading)


def after(book: Workbook) -> None:
    """Draw what every report ends with: empty cells explained, codes, definitions, origin."""
    sheet(
        book,
        "空数据说明",
        "gaps",
        (
            NO,
            Column("所在表", "where", 42),
            Column("项目", "what", 40),
            Column("为什么没有数", "why", 84),
        ),
        "空数据说明　没有数的单元格及原因",
    )
    sheet(
        book,
        "代码表",
        "codes",
        (
            Column("代码表", "list", 24, "left", TEXT),
            Column("代码", "code", 18, "left", TEXT),
            Column("含义", "name", 50),
        ),
        "本表使用的代码",
        upright=True,
    )
    page = sheet(
        book,
        "数据来源",
        "provenance",
        (Column("项目", "name", 24), Column("内容", "value", 70, "left", TEXT)),
        "数据来源　{{title}}　{{unit}}　{{period}}",
        repeat=False,
    )
    for place, width in enumerate((12, 10, 40), start=3):
        page.sheet.column_dimensions[get_column_letter(place)].width = width
    page.columns = 5
    page.gap()
    page.table(
        "definitions",
        (
            Column("指标", "name", 24),
            Column("口径", "basis", 70),
            Column("单位", "unit", 12, "center"),
            Column("规则版本", "rule_version", 10, "center", TEXT),
            Column("依据", "source", 40),
        ),
    )


def new_book() -> Workbook:
    """Return a workbook without sheets, dated so that the same script gives the same file."""
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    book.properties.creator = "learnsite"
    book.properties.created = book.properties.modified = MADE
    return book


SPLIT = (
    number("活动场次", "S03", 12),
    number("参与人次", "S01", 12),
    number("参与人数", "S02", 12),
    number("学时总量", "S05", 12),
    number("上年同期人次", "last", 14),
)


def community(*ids: str, of: str = "") -> Workbook:
    """Draw a table of indicators with one of the units below."""
    book = new_book()
    sheet(book, "统计表", "lines", LINES)
    units(book, ids, of)
    after(book)
    return book


def campaign() -> Workbook:
    """Draw the summary of activity weeks."""
    book = new_book()
    columns = (
        Column("活动周", "name", 40),
        number("活动数", "S04"),
        number("活动场次", "S03"),
        number("参与人次", "S01", 12),
        number("其中实名", "named", 12, WHOLE),
        number("其中仅计数", "headcount", 12, WHOLE),
        number("参与人数", "S02", 12),
        number("上年同期人次", "last", 14),
    )
    sheet(book, "活动周", "campaigns", columns)
    sheet(book, "合计", "lines", LINES, "{{title}}　合计　{{unit}}　{{period}}")
    after(book)
    return book


def training() -> Workbook:
    """Draw the tables of training: degree by vocation, six kinds, population groups."""
    book = new_book()
    page = Page(book, "培训", (34, *[column.width for column in SPLIT]), upright=True)
    top(page)
    for title, name in (
        ("学历/非学历 × 职业/非职业", "tracks"),
        ("六类教育（一项活动可属多类，各类之和可大于合计）", "kinds"),
    ):
        page.line(title, size=11, bold=True)
        page.table(name, (Column("类别", "name", 34), *SPLIT))
    page.line("重点人群（实名；敏感人群不足 3 人的不显示）", size=11, bold=True)
    page.table(
        "groups",
        (
            Column("人群", "name", 34),
            number("参与人次", "S01"),
            number("参与人数", "S02"),
            number("上年同期人次", "last"),
        ),
    )
    bottom(page)
    sheet(book, "合计", "lines", LINES, "{{title}}　合计　{{unit}}　{{period}}")
    after(book)
    return book


def network() -> Workbook:
    """Draw the tables of sites, staff and venues."""
    book = new_book()
    sheet(book, "统计表", "lines", LINES)
    units(book, ("N01", "N07", "N08", "S03"))
    page = Page(book, "分类", (56, 18), upright=True)
    page.sheet.page_setup.fitToHeight = 1
    page.line("站点、队伍与场地分类　{{unit}}　{{last_day}}", size=13, bold=True)
    for title, name, unit in (
        ("学习点（一点可有多块牌子，各类之和可大于学习点数）", "site_kinds", "个"),
        ("队伍", "staff_kinds", "人"),
        ("场地", "venue_kinds", "处"),
    ):
        page.gap()
        page.table(name, (Column(title, "name", 56), number(f"数量（{unit}）", "value", 18)))
    sheet(
        book,
        "学习点名单",
        "sites",
        (
            NO,
            Column("学习点", "name", 30),
            Column("所在单位", "unit", 26),
            Column("单位代码", "unit_code", 16, "center", TEXT),
            Column("类别", "kinds", 70),
            Column("启用日期", "opened", 13, "center", TEXT),
        ),
        "学习点名单　{{unit}}　{{last_day}}",
    )
    after(book)
    return book


def activities() -> Workbook:
    """Draw the ledger of activities."""
    book = new_book()
    columns = (
        NO,
        Column("时间", "time", 31, "left", TEXT),
        Column("活动", "title", 28),
        Column("地点", "place", 18),
        Column("教师", "teachers", 12),
        Column("组织单位", "organiser", 36),
        number("实名人次", "named", 10, WHOLE),
        number("仅计数", "headcount", 9, WHOLE),
        number("学时", "hours", 9, "#,##0.0"),
        Column("备注", "notes", 16),
    )
    sheet(book, "活动台账", "rows", columns)
    sheet(book, "合计", "lines", LINES, "{{title}}　合计　{{unit}}　{{period}}")
    after(book)
    return book


def books() -> dict[str, Workbook]:
    """Return the templates by file name."""
    return {
        "community.xlsx": community("S01", "S02", "S03", "S05", "S07", "P01", "N08", "D01"),
        "elder.xlsx": community("S01", "S02", "S03", "P03"),
        "department.xlsx": community("S01", "S02", "S03", of="（全部活动）"),
        "campaign.xlsx": campaign(),
        "training.xlsx": training(),
        "network.xlsx": network(),
        "activities.xlsx": activities(),
    }


def main() -> None:
    """Write the templates."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    folder.mkdir(parents=True, exist_ok=True)
    for name, book in books().items():
        book.save(folder / name)


if __name__ == "__main__":
    main()
