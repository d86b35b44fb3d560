"""Nasty files and what a careful person reads in them, written by hand.

People are (name, sex, birth, phone); faults are (sheet, row, column, code) as Excel shows places.
The learners' village is 荣庄村 of 韩寺镇; today is 2 April 2026.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlwt

from tests.services.roster.books import altered, from_1904, text, xls, xlsx

Someone = tuple[str, str, str, str]
Place = tuple[str, int, str, str]

HEAD = ["姓名", "性别", "出生年月", "联系电话"]


@dataclass(frozen=True)
class Case:
    """A file to build, who stands in it, what is wrong with it, which rows are nobody."""

    name: str
    build: Callable[[Path], Path]
    people: tuple[Someone, ...] = ()
    faults: tuple[Place, ...] = ()
    skipped: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def _one(rows: Any, finish: Any = None, sheet: str = "名册") -> Callable[[Path], Path]:
    return lambda folder: xlsx(folder / "名册.xlsx", {sheet: rows}, finish)


def _csv(rows: Any, encoding: str, separator: str = ",") -> Callable[[Path], Path]:
    return lambda folder: text(folder / "名册.csv", rows, encoding, separator)


ZHANG = ("张建国", "M", "1955-03", "13812345678")
LI = ("李秀英", "F", "1960-01-05", "13912345678")
PLAIN = [
    HEAD,
    ["张建国", "男", "1955.3", "13812345678"],
    ["李秀英", "女", "1960-1-5", "13912345678"],
]


def _merge(*areas: str) -> Callable[[Any], None]:
    def finish(book: Any) -> None:
        for area in areas:
            book.worksheets[0].merge_cells(area)

    return finish


def _hide(book: Any) -> None:
    book.worksheets[0].row_dimensions[3].hidden = True
    book.worksheets[1].sheet_state = "hidden"


def _errors(folder: Path) -> Path:
    rows = [
        HEAD,
        *([name, "男", "1955", "13812345678"] for name in ("甲一", "乙二", "丙三", "丁四")),
    ]
    path = xlsx(folder / "名册.xlsx", {"名册": rows})

    def change(xml: str) -> str:
        for cell, inside in (
            ("D2", '<c r="D2" t="e"><v>#REF!</v></c>'),
            ("C3", '<c r="C3"><f>YEAR(TODAY())-70</f></c>'),
            ("D4", '<c r="D4" t="str"><f>IF(1,"","")</f><v></v></c>'),
            ("C5", '<c r="C5"><f>1900+56</f><v>1956</v></c>'),
        ):
            start = xml.index(f'<c r="{cell}"')
            end = xml.index("</c>", start) + 4
            xml = xml[:start] + inside + xml[end:]
        return xml

    return altered(path, "xl/worksheets/sheet1.xml", change)


def _old(folder: Path) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = True
    sheet = book.add_sheet("名册")
    rows: list[list[Any]] = [HEAD[:3], ["张建国", "男", 18688], ["李秀英", "女", 1960]]
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    sheet.write(3, 0, "王桂兰")
    sheet.write(3, 1, "女")
    sheet.row(3).set_cell_error(2, "#REF!")
    sheet.row(2).hidden = True
    for number in range(4, 300):
        sheet.write(number, 5, "备注" * 40)
    book.save(str(folder / "名册.xls"))
    return folder / "名册.xls"


CASES: tuple[Case, ...] = (
    Case("plain", _one(PLAIN), (ZHANG, LI)),
    Case(
        "title rows, a blank column, spaces and full width",
        _one(
            [
                [None, "韩寺镇荣庄村 2026 年学员花名册"],
                [None, "填报单位：荣庄村", None, None, "填报日期：2026.3.1"],
                [],
                [None, "序号", "姓 名", "性　别", "出生年月", "联系电话＊"],
                [None, 1, " 张 建国 ", "男 ", "１９５５．３", "１３８１２３４５６７８"],
                [None, 2, "李　秀英", "女", "1960年1月5日", "139-1234-5678"],
            ],
            _merge("B1:F1"),
        ),
        (ZHANG, LI),
    ),
    Case(
        "two-line headings with groups; the guardian is not the learner",
        _one(
            [
                ["学员名册"],
                ["序号", "基本信息", None, "出生年月", "联系方式", "监护人", None],
                [None, "姓名", "性别", None, "手机", "姓名", "电话"],
                [1, "张建国", "男", "1955.3", 13812345678, "张大山", 13712345678],
                [2, "李秀英", "女", date(1960, 1, 5), 13912345678, None, None],
            ],
            _merge("A1:G1", "A2:A3", "B2:C2", "D2:D3", "F2:G2"),
        ),
        (ZHANG, ("李秀英", "F", "1960-01-05", "13912345678")),
    ),
    Case(
        "totals, sub-headings, footers, gaps in the numbers",
        _one(
            [
                ["序号", *HEAD, "备注"],
                ["一组"],
                [1, "张建国", "男", "1955.3", "13812345678"],
                [2],
                [],
                [5, "李秀英", "女", "1960-1-5", "13912345678", "组长"],
                [None, "小计", "2人"],
                ["二组"],
                [None, None, None, None, None, None],
                ["合计", 2],
                ["填表人：王会计", None, None, "审核："],
                ["2026年3月1日"],
            ],
            _merge("A2:F2", "A8:F8"),
        ),
        (ZHANG, LI),
        skipped=(2, 7, 8, 10, 11, 12),
    ),
    Case(
        "tables side by side",
        _one(
            [
                ["序号", "姓名", "性别", "电话", None, "序号", "姓名", "性别", "电话"],
                [1, "张建国", "男", "13812345678", None, 3, "李秀英", "女", "13912345678"],
                [2, "王桂兰", "女", None, None, 4, None, None, None],
                [None, "合计", None, None, None, None, "3人"],
            ]
        ),
        (
            ("张建国", "M", "", "13812345678"),
            ("王桂兰", "F", "", ""),
            ("李秀英", "F", "", "13912345678"),
        ),
        skipped=(4, 4),
    ),
    Case(
        "side by side, a fault in one of two",
        _one([[*HEAD[:2], *HEAD[:2]], ["张建国", "男", "李秀英", "女士"], ["王桂兰", "女"]]),
        (("张建国", "M", "", ""), ("王桂兰", "F", "", "")),
        (("名册", 2, "D", "SEX_UNCLEAR"),),
    ),
    Case(
        "tables side by side that differ",
        _one([["姓名", "电话", "姓名", "性别"], ["张建国", "13812345678", "李秀英", "女"]]),
        faults=(("名册", 1, "", "HEADING_UNCLEAR"),),
    ),
    Case(
        "headings again on every page, then a table with other columns",
        _one(
            [
                HEAD,
                PLAIN[1],
                HEAD,
                PLAIN[2],
                [],
                ["二班名单"],
                ["联系电话", "姓名", "性别"],
                ["13712345678", "王桂兰", "女"],
            ]
        ),
        (ZHANG, LI, ("王桂兰", "F", "", "13712345678")),
        skipped=(6,),
    ),
    Case(
        "ID numbers as text, as rounded numbers, in scientific form",
        _one(
            [
                ["姓名", "身份证号码"],
                ["张建国", "41019919550312001x"],
                ["李秀英", "410199 19560409 0024"],
                ["王桂兰", 410199195604090024],
                ["赵铁柱", "4.10199E+17"],
                ["钱有福", "410199195604090000"],
                ["孙二妮", "410199195604090025"],
                ["周老五", "410199550312001"],
                ["吴大姐", None],
            ]
        ),
        (
            ("张建国", "M", "1955-03-12", ""),
            ("李秀英", "F", "1956-04-09", ""),
            ("周老五", "M", "1955-03-12", ""),
            ("吴大姐", "", "", ""),
        ),
        (
            ("名册", 4, "B", "ID_NUMBER_ROUNDED"),
            ("名册", 5, "B", "ID_EXCEL_DAMAGED"),
            ("名册", 6, "B", "ID_EXCEL_DAMAGED"),
            ("名册", 7, "B", "ID_INVALID"),
        ),
    ),
    Case(
        "ID number against sex and birth day",
        _one(
            [
                ["姓名", "性别", "出生日期", "身份证号"],
                ["张建国", "女", "1955-03-12", "41019919550312001X"],
                ["李秀英", "女", "1956-04-10", "410199195604090024"],
                ["王桂兰", "女", "1960.5", "410199196005010031"],
            ]
        ),
        faults=(
            ("名册", 2, "B", "ID_SEX_MISMATCH"),
            ("名册", 3, "C", "ID_BIRTH_MISMATCH"),
            ("名册", 4, "B", "ID_SEX_MISMATCH"),
        ),
    ),
    Case(
        "births in many ways",
        _one(
            [
                HEAD[:3],
                ["甲一", "男", 1955.3],
                ["乙二", "男", 1955.1],
                ["丙三", "男", "1955.10"],
                ["丁四", "男", "55年3月"],
                ["戊五", "男", "1955年3月5日"],
                ["己六", "男", 20150],
                ["庚七", "男", "1955-03"],
                ["辛八", "男", 1955],
                ["壬九", "男", 19550305],
                ["癸十", "男", datetime(1955, 3, 5)],  # noqa: DTZ001 - as cells are
                ["子甲", "男", "3/5/1955"],
                ["丑乙", "男", "12年3月"],
                ["寅丙", "男", "农历1955年3月"],
                ["卯丁", "男", "1955.13"],
                ["辰戊", "男", "55"],
                ["巳己", "男", "2030-01-01"],
                ["午庚", "男", "属羊"],
            ]
        ),
        (
            ("甲一", "M", "1955-03", ""),
            ("丙三", "M", "1955-10", ""),
            ("丁四", "M", "1955-03", ""),
            ("戊五", "M", "1955-03-05", ""),
            ("己六", "M", "1955-03-02", ""),
            ("庚七", "M", "1955-03", ""),
            ("辛八", "M", "1955", ""),
            ("壬九", "M", "1955-03-05", ""),
            ("癸十", "M", "1955-03-05", ""),
        ),
        (
            ("名册", 3, "C", "BIRTH_UNCLEAR"),
            ("名册", 12, "C", "BIRTH_UNCLEAR"),
            ("名册", 13, "C", "BIRTH_UNCLEAR"),
            ("名册", 14, "C", "BIRTH_UNCLEAR"),
            ("名册", 15, "C", "BIRTH_UNCLEAR"),
            ("名册", 16, "C", "BIRTH_UNCLEAR"),
            ("名册", 17, "C", "BIRTH_IN_FUTURE"),
            ("名册", 17, "", "GUARDIAN_REQUIRED"),
            ("名册", 18, "C", "BIRTH_UNCLEAR"),
        ),
        notes=("BIRTH_FROM_SERIAL",),
    ),
    Case(
        "months that Excel made first days of months",
        _one([HEAD[:3], *(["张建国", "男", date(1955, 3, 1)], ["李秀英", "女", date(1960, 1, 1)])]),
        (("张建国", "M", "1955-03", ""), ("李秀英", "F", "1960-01", "")),
        notes=("BIRTH_MONTH_ONLY",),
    ),
    Case(
        "year and month as digits beside five digits that may be either",
        _one([HEAD[:3], ["张建国", "男", 195503], ["李秀英", "女", 19553]]),
        (("张建国", "M", "1955-03", ""),),
        (("名册", 3, "C", "BIRTH_UNCLEAR"),),
    ),
    Case(
        "day numbers that count from 1904",
        lambda folder: from_1904(_one([HEAD[:3], ["张建国", "男", 18688]])(folder)),
        (("张建国", "M", "1955-03-02", ""),),
        notes=("BIRTH_FROM_SERIAL",),
    ),
    Case(
        "ages as of the year in the title",
        _one(
            [
                ["2024年度老年学校学员名册"],
                ["姓名", "性别", "年龄", "出生年月"],
                ["张建国", "男", 69, None],
                ["李秀英", "女", "65岁", None],
                ["王桂兰", "女", "虚岁66", None],
                ["赵铁柱", "男", 1955, None],
                ["钱有福", "男", 69, "1955.3"],
                ["孙二妮", "女", 40, "1955.3"],
            ]
        ),
        (
            ("张建国", "M", "1955", ""),
            ("李秀英", "F", "1959", ""),
            ("钱有福", "M", "1955-03", ""),
        ),
        (
            ("名册", 5, "C", "AGE_UNCLEAR"),
            ("名册", 6, "C", "AGE_UNCLEAR"),
            ("名册", 8, "C", "AGE_BIRTH_MISMATCH"),
        ),
        notes=("AGE_TO_YEAR",),
    ),
    Case(
        "ages under a title that names a year long past",
        _one(
            [
                ["始建于2005年的荣庄学习点学员名册"],
                ["姓名", "性别", "年龄"],
                ["张建国", "男", 70],
                ["李秀英", "女", None],
            ]
        ),
        (("李秀英", "F", "", ""),),
        (("名册", 3, "C", "AGE_DAY_UNCLEAR"),),
    ),
    Case(
        "several people or remarks in the cell of a name",
        _one(
            [
                HEAD[:2],
                ["张三、李四", "男"],
                ["张三 李四", "男"],
                ["张三/李四", "男"],
                ["张三\n李四", "男"],
                ["张三（组长）", "男"],
                ["张三等5人", "男"],
                [None, "男"],
                ["欧阳 娜娜", "女"],
                ["阿依古丽·买买提", "女"],
                ["和平", "男"],
                ["莫𡐓", "女"],
            ]
        ),
        (
            ("欧阳娜娜", "F", "", ""),
            ("阿依古丽·买买提", "F", "", ""),
            ("和平", "M", "", ""),
            ("莫𡐓", "F", "", ""),
        ),
        (
            *(("名册", row, "A", "PEOPLE_SEVERAL") for row in (2, 3, 4, 5)),
            ("名册", 6, "A", "NAME_UNCLEAR"),
            ("名册", 7, "A", "NAME_UNCLEAR"),
            ("名册", 8, "A", "NAME_MISSING"),
        ),
    ),
    Case(
        "hidden rows and sheets",
        lambda folder: xlsx(folder / "名册.xlsx", {"名册": PLAIN, "旧表": PLAIN}, _hide),
        (ZHANG, LI),
        notes=("ROWS_HIDDEN", "SHEET_HIDDEN"),
    ),
    Case(
        "the old kind of workbook",
        lambda folder: xls(
            folder / "名册.xls",
            {
                "名册": [
                    ["荣庄村学员名册"],
                    [],
                    ["序号", *HEAD],
                    [1, "张建国", "男", 1955.3, 13812345678],
                    [2, "李秀英", "女", date(1960, 1, 5), "13912345678"],
                    [3, "赵铁柱、钱有福", "男", None, None],
                    ["合计", 3],
                ]
            },
            [(0, 0, 0, 4)],
        ),
        (ZHANG, LI),
        (("名册", 6, "B", "PEOPLE_SEVERAL"),),
        (7,),
        ("CELLS_NOT_TOLD",),
    ),
    Case(
        "hidden rows, errors and days from 1904 in an old workbook",
        _old,
        (("张建国", "M", "1955-03-02", ""), ("李秀英", "F", "1960", "")),
        (("名册", 4, "C", "CELL_ERROR"),),
        notes=("ROWS_HIDDEN", "BIRTH_FROM_SERIAL"),
    ),
    Case("CSV in GBK", _csv([["荣庄村"], [], *PLAIN], "gbk"), (ZHANG, LI)),
    Case("CSV in UTF-8 with a mark", _csv(PLAIN, "utf-8-sig"), (ZHANG, LI)),
    Case("CSV with tabs in UTF-16", _csv(PLAIN, "utf-16", "\t"), (ZHANG, LI)),
    Case(
        "CSV that has lost zeros, keeps long numbers as formulas",
        _csv(
            [
                ["姓名", "身份证号", "出生年月", "性别"],
                ["张建国", '="41019919550312001X"', "", ""],
                ["李秀英", "'410199195604090024", "", ""],
                ["王桂兰", "", "1955.1", "女"],
                ["赵铁柱", "4.10199E+17", "", "男"],
            ],
            "gb18030",
            ";",
        ),
        (("张建国", "M", "1955-03-12", ""), ("李秀英", "F", "1956-04-09", "")),
        (("名册", 4, "C", "BIRTH_UNCLEAR"), ("名册", 5, "B", "ID_EXCEL_DAMAGED")),
    ),
    Case(
        "an .xlsx file called .xls, as chat programs and people rename",
        lambda folder: xlsx(folder / "名册.xlsx", {"名册": PLAIN}).rename(
            folder / "最终版2(1).xls"
        ),
        (ZHANG, LI),
    ),
    Case(
        "phones",
        _one(
            [
                ["姓名", "性别", "联系电话"],
                ["甲一", "男", 13812345678.0],
                ["乙二", "男", "+86 138 1234 5679"],
                ["丙三", "男", "13812345670/13912345678"],
                ["丁四", "男", "1381234567"],
                ["戊五", "男", "0371-62123456"],
                ["己六", "男", 37162123456],
                ["庚七", "男", "1.38E+10"],
                ["辛八", "男", "无"],
            ]
        ),
        (
            ("甲一", "M", "", "13812345678"),
            ("乙二", "M", "", "13812345679"),
            ("戊五", "M", "", "037162123456"),
            ("辛八", "M", "", ""),
        ),
        (
            ("名册", 4, "C", "VALUES_SEVERAL"),
            ("名册", 5, "C", "MOBILE_INVALID"),
            ("名册", 7, "C", "MOBILE_INVALID"),
            ("名册", 8, "C", "MOBILE_INVALID"),
        ),
        notes=("MOBILE_LANDLINE",),
    ),
    Case(
        "words for the sex",
        _one(
            [
                HEAD[:2],
                ["甲一", "男性"],
                ["乙二", "F"],
                ["丙三", "Male"],
                ["丁四", 1],
                ["戊五", "先生"],
                ["己六", None],
                ["庚七", "未知"],
            ]
        ),
        (
            ("甲一", "M", "", ""),
            ("乙二", "F", "", ""),
            ("丙三", "M", "", ""),
            ("庚七", "U", "", ""),
        ),
        (
            ("名册", 5, "B", "SEX_UNCLEAR"),
            ("名册", 6, "B", "SEX_UNCLEAR"),
            ("名册", 7, "B", "REQUIRED_MISSING"),
        ),
    ),
    Case(
        "ticks under 男 and 女",
        _one(
            [
                ["姓名", "性别", None, "电话"],
                [None, "男", "女", None],
                ["张建国", "√", None, "13812345678"],
                ["李秀英", None, "✓", "13912345678"],
                ["王桂兰", "√", "√", None],
            ],
            _merge("B1:C1", "A1:A2", "D1:D2"),
        ),
        (("张建国", "M", "", "13812345678"), ("李秀英", "F", "", "13912345678")),
        (("名册", 5, "", "SEX_UNCLEAR"),),
    ),
    Case(
        "errors and formulas",
        _errors,
        (("丙三", "M", "1955", ""), ("丁四", "M", "1956", "13812345678")),
        (("名册", 2, "D", "CELL_ERROR"), ("名册", 3, "C", "CELL_NOT_CALCULATED")),
    ),
    Case(
        "merged cells among the rows",
        _one(
            [
                ["姓名", "性别", "出生年月", "家庭住址"],
                ["张建国", "男", "1955", "一组"],
                ["李秀英", "女", "1960", None],
                ["王桂兰", "女", "1961", "二组"],
                ["赵铁柱", "男", None, "二组"],
            ],
            _merge("D2:D3", "C4:C5"),
        ),
        (("张建国", "M", "1955", ""), ("李秀英", "F", "1960", "")),
        (("名册", 4, "C", "CELL_MERGED"), ("名册", 5, "C", "CELL_MERGED")),
    ),
    Case(
        "people twice in the file",
        _one(
            [
                HEAD,
                PLAIN[1],
                ["张建国", "男", "1955.3", "13812345678"],
                ["张建国", "男", "1955.3", "13712345678"],
                ["张建国", "男", "1960.3", "13612345678"],
            ]
        ),
        (ZHANG, ("张建国", "M", "1960-03", "13612345678")),
        (("名册", 4, "A", "ROW_REPEATED"),),
        notes=("ROW_TWICE",),
    ),
    Case(
        "groups and education",
        _one(
            [
                ["姓名", "性别", "出生年份", "人员类别", "文化程度"],
                ["甲一", "男", 1955, "农民、退役军人", "初中毕业"],
                ["乙二", "女", 1950, "老年人", "小学"],
                ["丙三", "男", 1990, "老年人", "大专"],
                ["丁四", "男", 1955, "群众", "博士后流动站"],
                ["戊五", "男", 1955, "外星人", None],
            ]
        ),
        (("甲一", "M", "1955", ""), ("乙二", "F", "1950", "")),
        (
            ("名册", 4, "D", "GROUP_AGAINST_AGE"),
            ("名册", 5, "E", "WORD_UNKNOWN"),
            ("名册", 6, "D", "WORD_UNKNOWN"),
        ),
        notes=("GROUP_LEFT_OUT",),
    ),
    Case(
        "the village's own people only",
        _one(
            [
                ["姓名", "性别", "所在村"],
                ["甲一", "男", "荣庄村"],
                ["乙二", "男", "荣庄"],
                ["丙三", "男", "韩寺镇荣庄村3组"],
                ["丁四", "男", "大洪村"],
                ["戊五", "男", "大红村"],
                ["己六", "男", None],
                ["庚七", "男", "第三组"],
            ]
        ),
        (
            ("庚七", "M", "", ""),
            ("甲一", "M", "", ""),
            ("乙二", "M", "", ""),
            ("丙三", "M", "", ""),
            ("己六", "M", "", ""),
        ),
        (("名册", 5, "C", "VILLAGE_OTHER"), ("名册", 6, "C", "VILLAGE_UNKNOWN")),
    ),
    Case(
        "a sheet of another village",
        lambda folder: xlsx(
            folder / "名册.xlsx", {"荣庄村": PLAIN[:2], "大洪村": [PLAIN[0], PLAIN[2]]}
        ),
        (ZHANG,),
        (("大洪村", 2, "", "VILLAGE_OTHER"),),
    ),
    Case(
        "no headings at all",
        _one([["张建国", "男", "1955.3"], ["李秀英", "女", "1960-1-5"]]),
        faults=(("名册", 1, "", "HEADING_MISSING"),),
    ),
    Case(
        "a sheet of remarks beside the list",
        lambda folder: xlsx(folder / "名册.xlsx", {"名册": PLAIN, "说明": [["本表由各村填报"]]}),
        (ZHANG, LI),
        notes=("SHEET_WITHOUT_TABLE",),
    ),
    Case(
        "names alone",
        _one([["参加人员"], ["张建国"], ["李秀英"]]),
        (("张建国", "", "", ""), ("李秀英", "", "", "")),
        notes=("SEX_NO_COLUMN",),
    ),
    Case(
        "a child under 14 without a guardian",
        _one([HEAD[:3], ["张小宝", "男", "2018-05-01"]]),
        faults=(("名册", 2, "", "GUARDIAN_REQUIRED"),),
    ),
)
