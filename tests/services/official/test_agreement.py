"""The workbooks side by side: equal facts are equal wherever they stand, and nothing computes."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from learnsite_desktop.services.official.catalogue import catalogue
from tests.desks import Desk

PERIOD = ("--period", "2026-03")
KINDS = sorted(catalogue().reports)
SHOWN = ("计量单位", "本期", "分子", "分母", "其中实名", "其中仅计数", "上年同期", "增减")
_PLAIN_RANGE = re.compile(r"'?[^'!()]+'?!\$?[A-Z]*\$?\d+(:\$?[A-Z]*\$?\d+)?")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")

Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def books(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every workbook of one unit and month."""
    import shutil  # noqa: PLC0415

    place = tmp_path_factory.mktemp("all")
    desk = Desk(Path(shutil.copytree(founded, place / "w")), "410122101000")
    made = {kind: place / f"{kind}.xlsx" for kind in KINDS}
    for kind, path in made.items():
        desk("report", kind, *PERIOD, "--out", path)
    return made


def rows_of(path: Path, sheet: str) -> Rows:
    book = load_workbook(path)
    return list(book[sheet].iter_rows(values_only=True)) if sheet in book.sheetnames else []


def lines_of(path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the lines of a workbook by code and name, as anybody reads them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for sheet in ("统计表", "合计"):
        rows = rows_of(path, sheet)
        head = next((at for at, row in enumerate(rows) if row[0] == "序号"), len(rows))
        for row in rows[head + 1 :]:
            if not isinstance(row[0], int):
                break
            line = dict(zip(rows[head], row, strict=True))
            found[line["代码"] or "", line["指标名称"]] = {name: line[name] for name in SHOWN}
    return found


def named(path: Path, sheet: str) -> dict[str, tuple[Any, ...]]:
    """Return the rows of a sheet of kinds by the name they begin with."""
    return {str(row[0]): row[1:] for row in rows_of(path, sheet) if row[0]}


def test_the_same_line_reads_the_same_in_every_workbook(books: dict[str, Path]) -> None:
    seen: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
    shared = 0
    for kind, path in books.items():
        for line, values in lines_of(path).items():
            first, known = seen.setdefault(line, (kind, values))
            assert values == known, (line, kind, first)
            shared += first != kind
    assert shared > 40


def test_the_units_below_read_the_same_in_every_workbook(books: dict[str, Path]) -> None:
    seen: dict[tuple[str, str], Any] = {}
    shared = 0
    for kind, path in books.items():
        rows = rows_of(path, "分单位")
        if not rows:
            continue
        head = rows[1]
        for row in rows[2:]:
            for title, value in zip(head[3:], row[3:], strict=True):
                shared += (row[2], title) in seen
                assert seen.setdefault((row[2], title), value) == value, (row[2], title, kind)
    assert shared > 40


def test_a_unit_reads_as_its_line(books: dict[str, Path]) -> None:
    """The first row below the heading is the unit itself: its figures are those of the table."""
    lines = lines_of(books["community"])
    head, whole = rows_of(books["community"], "分单位")[1:3]
    row = dict(zip(head, whole, strict=True))
    assert row["序号"] == "合计"
    for title, line in (("参与人次", ("S01", "参与人次")), ("活动场次", ("S03", "活动场次"))):
        assert row[title] == lines[line]["本期"]


def test_kinds_of_education_read_as_the_departments_lines(books: dict[str, Path]) -> None:
    kinds = named(books["training"], "培训")
    agri, elder = lines_of(books["agri"]), lines_of(books["elder"])
    sessions, attendances, persons, hours, _last = kinds["农村成人教育"]
    assert agri["S03", "活动场次：农村成人教育"]["本期"] == sessions == 1
    assert agri["S01", "参与人次：农村成人教育"]["本期"] == attendances
    assert agri["S02", "参与人数(去重)：农村成人教育"]["本期"] == persons
    assert agri["S05", "学时总量：农村成人教育"]["本期"] == pytest.approx(hours)
    assert elder["S01", "参与人次：老年教育"]["本期"] == kinds["老年教育"][1]
    farmers = kinds["农民"]
    assert agri["S01", "参与人次：农民"]["本期"] == farmers[0] == 8


def test_registers_read_the_same_as_lines_and_as_lists(books: dict[str, Path]) -> None:
    network, counted = lines_of(books["network"]), named(books["network"], "分类")
    elder = lines_of(books["elder"])
    assert elder["", "学习点：老年学习点"]["本期"] == counted["老年学习点"][0] == 1
    assert network["", "队伍：兼职教师"]["本期"] == counted["兼职教师"][0]
    sites = [row for row in rows_of(books["network"], "学习点名单") if isinstance(row[0], int)]
    assert len(sites) == network["", "学习点"]["本期"] == network["N07", "活跃站点率"]["分母"]


def test_the_ledger_adds_up_to_the_totals(books: dict[str, Path]) -> None:
    rows = [row for row in rows_of(books["activities"], "活动台账") if isinstance(row[0], int)]
    total = lines_of(books["activities"])["S01", "参与人次"]
    assert sum(row[6] or 0 for row in rows) == total["其中实名"]
    assert sum(row[7] or 0 for row in rows) == total["其中仅计数"]
    assert len(rows) == lines_of(books["community"])["S03", "活动场次"]["本期"]


def test_a_rate_reads_in_its_unit_of_measure(books: dict[str, Path], desk: Desk) -> None:
    """Sites per 10,000 residents are 8.33 on paper, not 0.00083."""
    known = {one["id"]: one for one in desk("indicators", *PERIOD)["values"]}
    lines = {code: values for (code, _name), values in lines_of(books["network"]).items()}
    for name, times in (("N09", 10_000), ("T02", 10_000), ("T03", 1000), ("R03", 1000)):
        value = known[name]["value"]
        shown = lines[name]["本期"]
        assert shown == ("—" if value is None else pytest.approx(value * times)), name
    assert lines["N09"]["本期"] > 1
    assert lines["T02"]["本期"] > 1


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_the_file_computes_or_reaches_out(books: dict[str, Path], kind: str) -> None:
    """No formula in cells, names, charts, checks or headings; no link to another file."""
    with zipfile.ZipFile(books[kind]) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not [
        name for name in parts if re.search("external|vba|connection|query", name, re.IGNORECASE)
    ]
    for name, raw in parts.items():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            assert not _FORMULA.search(raw), name
            for element in (b"dataValidation", b"conditionalFormatting", b"<formula"):
                assert element not in raw, (name, element)
        if name.endswith(".rels"):
            assert b'TargetMode="External"' not in raw, name
    for text in re.findall(rb"<definedName [^>]*>([^<]*)<", parts["xl/workbook.xml"]):
        for one in text.decode("utf-8").split(","):
            assert _PLAIN_RANGE.fullmatch(one), (kind, one)
    charts = [raw for name, raw in parts.items() if name.startswith("xl/charts/")]
    for raw in charts:
        ranges = re.findall(rb"<(?:\w+:)?f>([^<]*)<", raw)
        assert ranges
        for text in ranges:
            assert _PLAIN_RANGE.fullmatch(text.decode("utf-8")), (kind, text)


def test_the_guard_would_see_a_formula() -> None:
    assert _FORMULA.search(b"<c><f>1+1</f></c>")
    assert not _FORMULA.search(b"<c><family>1</family></c>")
    assert _PLAIN_RANGE.fullmatch("'统计表'!$7:$7")
    assert _PLAIN_RANGE.fullmatch("'图表'!$B$3:$B$19")
    assert not _PLAIN_RANGE.fullmatch("SUM('图表'!$B$3:$B$19)")
