"""Official workbooks: every number is the command's, every empty cell explained, text is text."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from learnsite_desktop.domain.refusals import Cancelled
from learnsite_desktop.services.official.asked import Asked
from learnsite_desktop.services.official.catalogue import catalogue
from learnsite_desktop.services.official.writing import write_set
from tests.desks import TOWNSHIP, VILLAGE, Desk

PERIOD = ("--period", "2026-03")
ALL = sorted(catalogue().reports)
STATUTORY = ("表　　号", "制定机关", "批准/备案文号", "有效期至", "填报单位", "负责人", "填表人")


def written(desk: Desk, kind: str, out: Path, *words: str) -> tuple[Any, Any]:
    """Write a report; return the answer and the workbook."""
    answer = desk("report", kind, *PERIOD, "--out", out, *words)
    return answer, load_workbook(out)


def table(book: Any, sheet: str, first: str) -> dict[str, dict[str, Any]]:
    """Return the rows under the headings that begin with `first`, by their second column."""
    rows = list(book[sheet].iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[0] == first)
    found = {}
    for row in rows[head + 1 :]:
        if row[1] is None:
            break
        found[str(row[1])] = dict(zip(rows[head], row, strict=True))
    return found


def figures_of(desk: Desk, *words: str) -> dict[tuple[str, str], Any]:
    """Return the figures of the command by (id, cell)."""
    values = desk("indicators", *words)["values"]
    return {(one["id"], one["cell"]): one for one in values}


def test_every_line_is_the_commands_figure(desk: Desk, tmp_path: Path) -> None:
    _answer, book = written(desk, "community", tmp_path / "a.xlsx")
    lines = table(book, "统计表", "序号")
    known = figures_of(desk, *PERIOD)
    last = figures_of(desk, "--period", "2025-03")
    assert {"S01", "S07", "P01", "N01", "D01"} <= set(lines)
    for name, row in lines.items():
        value = known.get((name, "all"))
        if value is None or value["value"] is None:
            assert row["本期"] == "—"
            assert row["空数据说明"]
            continue
        assert row["本期"] == pytest.approx(value["value"])
        assert row["分子"] == value["numerator"]
        assert row["分母"] == (value["denominator"] if value["denominator"] is not None else "—")
        before = last[name, "all"]["value"]
        if before is not None:
            assert row["上年同期"] == pytest.approx(before)
            assert row["增减"] == pytest.approx(value["value"] - before)
        else:
            assert row["上年同期"] == "—"
    assert lines["S01"]["其中仅计数"] == 40


def test_the_units_below_stand_beside_each_other(desk: Desk, tmp_path: Path) -> None:
    _answer, book = written(desk, "community", tmp_path / "a.xlsx")
    rows = list(book["分单位"].iter_rows(values_only=True))[2:]
    known = desk("indicators", *PERIOD, "--children", "--id", "S01", "--id", "S02")["values"]
    by_unit = {(one["unit"], one["id"]): "未报" if one["silent"] else one["value"] for one in known}
    assert {row[2] for row in rows} == {unit for unit, _name in by_unit}
    for row in rows:
        assert (row[3], row[4]) == (by_unit[row[2], "S01"], by_unit[row[2], "S02"])


def test_groups_of_few_sensitive_persons_are_hidden(desk: Desk, tmp_path: Path) -> None:
    answer, book = written(desk, "training", tmp_path / "a.xlsx")
    rows = {row[0]: row for row in book["培训"].iter_rows(values_only=True) if row[0]}
    assert rows["残疾人"][1:3] == ("<3", "<3")
    known = figures_of(desk, *PERIOD, "--by", "group")
    farmers = (known["S01", "group:farmer"]["value"], known["S02", "group:farmer"]["value"])
    assert rows["农民"][1:3] == farmers == (8, 4)
    assert any(gap["what"] == "残疾人" for gap in answer["gaps"])
    texts = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    ]
    assert "2" not in [text for text in texts if text == rows["残疾人"][2]]


def test_the_matrix_and_the_kinds_add_up_to_the_whole(desk: Desk, tmp_path: Path) -> None:
    _answer, book = written(desk, "training", tmp_path / "a.xlsx")
    rows = [row for row in book["培训"].iter_rows(values_only=True) if row[0]]
    tracks = [row for row in rows if " · " in row[0]]
    known = figures_of(desk, *PERIOD)
    assert sum(row[1] for row in tracks) == known["S03", "all"]["value"]
    assert sum(row[2] for row in tracks) == known["S01", "all"]["value"]
    vocational = figures_of(desk, *PERIOD, "--by", "vocational")
    track = next(row for row in tracks if row[0] == "非学历 · 职业")
    assert track[2] == vocational["S01", "vocational:V1"]["value"] == 4
    kinds = {row[0]: row for row in rows}
    assert kinds["农村成人教育"][1:4] == (1, 4, 4)
    assert kinds["社区教育"][2] == 6 + 40


def test_a_campaign_is_summed_up(desk: Desk, tmp_path: Path) -> None:
    _answer, book = written(desk, "campaign", tmp_path / "a.xlsx")
    rows = {row[0]: row for row in book["活动周"].iter_rows(values_only=True) if row[0]}
    assert rows["全民终身学习活动周 2026"][1:6] == (1, 1, 40, 0, 40)
    empty, book = written(desk, "campaign", tmp_path / "b.xlsx", "--unit", "410122101207")
    assert any("活动周" in gap["where"] for gap in empty["gaps"])


def test_sites_staff_and_venues_are_counted_by_kind(desk: Desk, tmp_path: Path) -> None:
    _answer, book = written(desk, "network", tmp_path / "a.xlsx")
    counted = dict(row[:2] for row in book["分类"].iter_rows(values_only=True) if row[0])
    assert counted["村(居)教学点(居民学校)"] == 2
    assert counted["老年学习点"] == 1
    assert counted["兼职教师"] == 1
    assert counted["教学点教室"] == 1
    names = [row[1] for row in book["学习点名单"].iter_rows(values_only=True)]
    assert "=荣庄教学点" in names


def test_the_ledger_of_activities_lists_every_session(desk: Desk, tmp_path: Path) -> None:
    _answer, book = written(desk, "activities", tmp_path / "a.xlsx")
    rows = list(book["活动台账"].iter_rows(values_only=True))
    numbered = [row for row in rows if isinstance(row[0], int)]
    assert sorted(row[2] for row in numbered) == ["书法班", "活动a1", "活动a2", "活动a3"]
    named, heads = (sum(row[place] or 0 for row in numbered) for place in (6, 7))
    s01 = figures_of(desk, *PERIOD)["S01", "all"]
    assert (named, heads) == (s01["named"], s01["headcount"])


def test_official_cells_are_asked_once_and_printed(desk: Desk, tmp_path: Path) -> None:
    desk(
        "statutory", "--report", "community",
        "table_no=教统1表", "approval=教备〔2026〕1号", "phone=037160001234",
    )  # fmt: skip
    desk("statutory", "responsible=张负责")
    _answer, book = written(desk, "community", tmp_path / "a.xlsx")
    texts = [
        str(cell) for row in book["统计表"].iter_rows(values_only=True) for cell in row if cell
    ]
    for text in STATUTORY:
        assert any(one.startswith(text) for one in texts), text
    assert "表　　号：教统1表" in texts
    assert "联系电话：037160001234" in texts
    assert any(one.startswith("单位（盖章）") for one in texts)
    assert any(one.startswith("报出日期：2026-04-02") for one in texts)
    # Another table has its own number and the same people.
    _answer, book = written(desk, "elder", tmp_path / "b.xlsx")
    texts = [
        str(cell) for row in book["统计表"].iter_rows(values_only=True) for cell in row if cell
    ]
    assert "表　　号：（待填）" in texts
    assert "负责人：张负责" in texts
    assert desk.refuses("statutory", "table_no=1") == "statutory_report"
    assert desk.refuses("statutory", "colour=red") == "statutory_unknown"


@pytest.mark.parametrize("kind", ALL)
def test_text_is_text_and_nothing_is_a_formula(desk: Desk, tmp_path: Path, kind: str) -> None:
    _answer, book = written(desk, kind, tmp_path / "a.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert "{{" not in str(cell.value)
                if isinstance(cell.value, str) and re.fullmatch(r"\d{12}", cell.value):
                    assert cell.number_format == "@"
                if isinstance(cell.value, (int, float)):
                    assert cell.number_format != "General", (sheet.title, cell.coordinate)


@pytest.mark.parametrize("kind", ["community", "elder", "mof", "hrss"])
def test_every_empty_cell_is_explained(desk: Desk, tmp_path: Path, kind: str) -> None:
    answer, book = written(desk, kind, tmp_path / "a.xlsx")
    explained = {row[2] for row in book["空数据说明"].iter_rows(values_only=True)}
    lines = list(book["统计表"].iter_rows(values_only=True))
    head = next(number for number, row in enumerate(lines) if row[0] == "序号")
    empty = [row for row in lines[head + 1 :] if row[4] == "—" or row[9] == "—"]
    assert empty or kind == "hrss"
    for row in empty:
        assert row[2] in explained, row
    whys = [row[3] for row in book["空数据说明"].iter_rows(values_only=True)][2:]
    assert all(whys)
    assert len(answer["gaps"]) == len(whys)


def test_it_says_what_it_was_counted_from(desk: Desk, tmp_path: Path) -> None:
    answer, book = written(desk, "community", tmp_path / "a.xlsx", "--basis", "received")
    told = {row[0]: row[1] for row in book["数据来源"].iter_rows(values_only=True) if row[0]}
    assert told["期间"].startswith("2026-03 ")
    assert told["上年同期"].startswith("2025-03 ")
    assert told["状态码"] == answer["state"]
    assert "参与人次" in told
    _answer, other = written(desk, "elder", tmp_path / "b.xlsx")
    listed = {row[:2] for row in other["代码表"].iter_rows(values_only=True)}
    assert ("年龄", "60") in listed
    assert ("教育类别", "60") in listed


def test_a_number_is_found_again(desk: Desk, tmp_path: Path) -> None:
    answer, book = written(desk, "community", tmp_path / "a.xlsx")
    assert desk("written")["written"][0]["key"] == answer["key"]
    s01 = figures_of(desk, *PERIOD)["S01", "all"]["value"]
    found = desk("written", answer["key"], "--number", f"{s01:,}")["numbers"]
    one = next(row for row in found if row["id"] == "S01" and row["part"] == "value")
    assert book[one["sheet"]][one["address"]].value == s01
    assert (one["unit"], one["period"], one["cell"]) == (TOWNSHIP, "2026-03", "all")
    assert desk("drill", one["id"], "--period", one["period"], "--unit", one["unit"])["total"] > 0
    assert desk.refuses("written", "../../etc") == "written_unknown"


@pytest.mark.parametrize("place", ["A1048576", "XFD1048576"])
def test_a_template_that_reaches_to_the_end_of_the_sheet_is_refused(
    desk: Desk, tmp_path: Path, place: str
) -> None:
    """A look at the last cell is set by accident; every cell before it would be filled."""
    path = Path(desk("reports", "community", "--template")["template"])
    book = load_workbook(path)
    book.worksheets[0][place] = "x"
    book.save(path)
    out = tmp_path / "out.xlsx"
    assert desk.refuses("report", "community", "--out", out, *PERIOD) == "report_template"
    assert not out.exists()


def test_a_changed_template_is_used(desk: Desk, tmp_path: Path) -> None:
    path = Path(desk("reports", "community", "--template")["template"])
    book = load_workbook(path)
    sheet = book.create_sheet("我县")
    sheet["A1"] = "合计 {{S01}} 人次，{{nonsense}}"
    sheet["B1"] = "{{S01.last}}"
    sheet["C1"] = "=1+1"
    sheet["A2"] = "{{units.name}}"
    sheet["B2"] = "{{units.S01}}"
    book.save(path)
    _answer, book = written(desk, "community", tmp_path / "a.xlsx")
    s01 = figures_of(desk, *PERIOD)["S01", "all"]["value"]
    last = figures_of(desk, "--period", "2025-03")["S01", "all"]["value"]
    own = book["我县"]
    assert own["A1"].value == f"合计 {s01} 人次，"
    assert own["B1"].value == last == 1
    assert own["C1"].value == "=1+1"
    names = [row[0].value for row in own.iter_rows(min_row=2)]
    assert len(names) == len(set(names)) > 2
    path.write_bytes(b"no workbook")
    code = desk.refuses("report", "community", *PERIOD, "--out", tmp_path / "b.xlsx")
    assert code == "report_template"
    assert not (tmp_path / "b.xlsx").exists()


def test_a_department_gets_its_whole_set(desk: Desk, tmp_path: Path) -> None:
    answer = desk("report-set", "mca", *PERIOD, "--out", tmp_path)
    reports = {one["id"] for one in desk("reports", "--department", "mca")["reports"]}
    assert {one["report"] for one in answer["files"]} == reports == {"elder", "network", "mca"}
    assert all(Path(one["path"]).parent == Path(answer["path"]) for one in answer["files"])
    assert all(Path(one["path"]).is_file() for one in answer["files"])
    refused = desk("report-set", "zzz", *PERIOD, "--out", tmp_path, code=1)
    assert refused["error"]["code"] == "report_department_unknown"


def test_a_look_writes_nothing(desk: Desk) -> None:
    before = desk.dump()
    found = desk("reports", "mof", "--period", "2026-03")
    assert [gap for gap in found["gaps"] if "经费" in gap["what"] and gap["why"]]
    assert "table_no" in found["unsaid"]
    assert desk("written")["written"] == []
    assert desk.dump() == before


def test_every_department_can_be_served(desk: Desk, tmp_path: Path) -> None:
    for one in desk("reports")["reports"]:
        answer = desk("report", one["id"], *PERIOD, "--unit", VILLAGE, "--out", tmp_path / "a.xlsx")
        assert answer["cells"] > 50, one["id"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_office_program_opens_and_prints_it(desk: Desk, tmp_path: Path) -> None:
    for kind in ("community", "training", "network"):
        written(desk, kind, tmp_path / f"{kind}.xlsx")
    # A profile of its own: another office program may be open.
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = sorted(tmp_path.glob("*.xlsx"))
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, *files],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    for file in files:
        raw = file.with_suffix(".pdf").read_bytes()
        assert raw.startswith(b"%PDF")
        boxes = re.findall(rb"/Type\s*/Page\b.*?/MediaBox\s*\[([^\]]+)\]", raw, re.DOTALL)
        sides = {tuple(round(float(one)) for one in box.split()[2:]) for box in boxes}
        assert sides <= {(842, 595), (595, 842)}, sides


def test_a_cancelled_set_leaves_whole_workbooks_only(desk: Desk, tmp_path: Path) -> None:
    def until_the_second(done: int, total: int, label: str) -> None:
        if done >= total // 2:
            raise Cancelled

    with desk.open(write=False) as workspace, pytest.raises(Cancelled):
        write_set(workspace, "mca", Asked(period="2026-03"), tmp_path / "out", until_the_second)
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert 0 < len(files) < 3
    for path in files:
        assert load_workbook(path).sheetnames
    assert len(desk("written")["written"]) == len(files)
