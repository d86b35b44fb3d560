"""Tables of records for other programs: whole, masked unless revealed for a reason, safe."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.services.exports import export_names
from tests.desks import SAMPLE, SISTER, VILLAGE, Desk, Line, document, learner, small_class

ID_NUMBER = "110101195604090028"
PRIVATE = ("周桂兰", "14412345678", "1956-04-09", "十里街一号", "王大山", "14498765432")


@pytest.fixture
def desk(village: Desk) -> Desk:
    """A village with its class; one learner with everything private."""
    guardian = {"name": "王大山", "relation": "儿子", "mobile": "14498765432", "date": "2026-01-02"}
    content = small_class()
    content["learners"][0] |= {
        "mobile": "14412345678", "address": "十里街一号", "guardian": guardian,
        "groups": [{"code": "farmer"}],
    }  # fmt: skip
    village.capture(content)
    return village


def table(desk: Desk, kind: str, *flags: str, suffix: str = "csv") -> list[dict[str, Any]]:
    """Export a kind and return the rows by the columns' headings."""
    path = desk.folder.parent / f"out.{suffix}"
    answer = desk("export", kind, *flags, "--out", path)
    assert answer["path"] == str(path)
    if suffix == "csv":
        with path.open(encoding="utf-8-sig", newline="") as source:
            rows: list[Any] = [list(row) for row in csv.reader(source, strict=True)]
    else:
        rows = [[cell.value for cell in row] for row in load_workbook(path).worksheets[0]]
    assert len(set(rows[0])) == len(rows[0])
    assert answer["rows"] == len(rows) - 1
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_private_values_are_masked(desk: Desk) -> None:
    before = desk.dump()
    (row,) = [row for row in table(desk, "learner") if row["手机"]]
    assert (row["姓名"], row["手机"], row["出生日期"]) == ("周*兰", "144****5678", "1956")
    assert (row["监护人: 姓名"], row["监护人: 手机"]) == ("王*山", "144****5432")
    assert (row["住址"], row["性别"]) == ("***", "女")
    for suffix in ("csv", "xlsx"):
        raw = json.dumps(table(desk, "learner", suffix=suffix), ensure_ascii=False)
        assert not [value for value in PRIVATE if value in raw]
    assert desk.dump() == before


def test_an_id_number_keeps_its_ends_only(desk: Desk) -> None:
    desk("policy", "id_numbers=on")
    extra = learner("x9", "孙有福", sex="F", id_kind="111", id_number=ID_NUMBER)
    answer = desk.capture(document("ids", learners=[extra]), "--keep-good")
    assert answer["created"] == {"learner": 1}, answer["issues"]
    (row,) = [row for row in table(desk, "learner") if row["证件号码"]]
    assert row["证件号码"] == "110101********0028"


def test_in_full_for_a_reason_only_and_noted(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "full.csv"
    assert desk.refuses("export", "learner", "--reveal", "--out", out) == "reveal_reason_missing"
    words = ("export", "learner", "--reveal", "--why", " ", "--out", out)
    assert desk.refuses(*words) == "reveal_reason_missing"
    assert not out.exists()
    assert desk("export", "learner", "--why", "x", "--out", out, code=2)["error"]["code"] == "usage"
    answer = desk("export", "learner", "--reveal", "--why", "上报民政", "--out", out)
    assert answer["masked"] is False
    text = out.read_text(encoding="utf-8-sig")
    assert not [value for value in PRIVATE if value not in text]
    (note,) = desk("learner", "reveals")["reveals"]
    what = note["what"]
    assert (what["export"], what["why"], what["count"]) == ("learner", "上报民政", 3)
    assert len(what["records"]) == 3


def test_in_full_are_the_names_that_a_record_refers_to_as_well(desk: Desk) -> None:
    full = ("--reveal", "--why", "上报民政")
    marks = table(desk, "mark", *full)
    assert {row["学员"] for row in marks} == {"周桂兰", "吴建国"}
    assert {row["学员"] for row in table(desk, "mark")} == {"周*兰", "吴*国"}
    names = [row["记录名称"] for row in table(desk, "learner", *full)]
    assert "周桂兰" in names


def test_every_kind_can_be_exported(village: Desk) -> None:
    village.capture(json.loads(SAMPLE.read_text(encoding="utf-8")))
    assert set(export_names()) == {n for n, k in KINDS.items() if not k.document} | {"mark"}
    for name in export_names():
        for suffix in ("csv", "xlsx"):
            rows = table(village, name, suffix=suffix)
            listed = 0 if name == "mark" else village("list", name)["total"]
            assert len(rows) == listed or name == "mark"
            assert all(row["记录号"] and row["所属单位代码"].lstrip("'") == VILLAGE for row in rows)
    assert table(village, "photo") == table(village, "evidence")


def test_values_stand_in_words(desk: Desk) -> None:
    (row,) = table(desk, "session", suffix="xlsx")
    assert (row["日期"], row["状态"], row["活动"]) == ("2026-03-03", "已举办", "书法班")
    rows = table(desk, "mark", suffix="xlsx")
    assert {(row["学员"], row["状态"]) for row in rows} == {("周*兰", "到"), ("吴*国", "迟到")}
    assert all(row["记录名称"].startswith("2026-03-03") for row in rows)
    (row,) = table(desk, "activity", suffix="xlsx")
    assert row["所属单位"] == "荣庄村委会"


def test_a_period_and_a_unit_narrow(submitted: Line) -> None:
    township = submitted.township
    assert len(table(township, "session", "--period", "2026-03")) == 1
    assert table(township, "session", "--period", "2026-04") == []
    assert len(table(township, "learner", "--unit", VILLAGE)) == 3
    assert table(township, "learner", "--unit", SISTER) == []


@pytest.fixture
def submitted(enrolled: Line) -> Line:
    """The village's class has come to the township."""
    enrolled.village.capture(small_class())
    enrolled.carry(enrolled.village, enrolled.township)
    return enrolled


def test_hostile_text_comes_out_as_text_and_in_again(village: Desk, tmp_path: Path) -> None:
    names = ["=1+1", "@SUM(A1)", "+86 1", "_x0041_", "-5", "'quoted"]
    sites = [
        {"ref": f"p{n}", "name": name, "kinds": ["v_point"], "opened": "2019-05-01"}
        for n, name in enumerate(names)
    ]
    village.capture(document(sites=sites))
    rows = table(village, "site")
    assert {row["名称"][:1] for row in rows} <= {"'", "_"}
    book = tmp_path / "sites.xlsx"
    village("export", "site", "--out", book)
    cells = [cell for row in load_workbook(book).worksheets[0] for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_roster_exported_in_full_comes_in_again(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "roster.csv"
    desk("export", "learner", "--reveal", "--why", "迁移", "--out", out)
    answer = desk("learner", "import", out)
    assert answer["faults"] == []
    assert answer["same"]["learner"] == 3


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [("learner", "a.pdf", "export_suffix"), ("unit", "a.csv", "kind_unknown"),
     ("wings", "a.csv", "kind_unknown")],
)  # fmt: skip
def test_faulty_exports_are_refused(
    desk: Desk, tmp_path: Path, kind: str, name: str, code: str
) -> None:
    assert desk.refuses("export", kind, "--out", tmp_path / name) == code
    assert list(tmp_path.glob("a.*")) == []


def test_headings_follow_the_language(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    desk("--lang", "en", "export", "learner", "--out", out)
    assert '"Record id","Owning unit code"' in out.read_text(encoding="utf-8-sig")
