"""The registry of tables: what is held already is refused in words, the rest is registered."""

import json
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.desks import Desk


def table(path: Path, *headings: str) -> Path:
    """Write a workbook as a department sends it: a title, headings, empty rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["中牟县老年人学习情况表"])
    sheet.append(list(headings))
    sheet.append([None])
    book.save(path)
    return path


def add(desk: Desk, path: Path, *words: str, code: int = 0) -> Any:
    return desk("tables", "add", path, "--department", "mca", *words, code=code)


def test_a_table_that_others_hold_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = table(tmp_path / "老年人.xlsx", "序号", "姓名", "性别", "出生年月", "联系电话")
    before = desk.dump()
    answer = add(desk, path, code=1)
    assert answer["error"]["code"] == "table_held_already"
    assert "班级名册" in answer["error"]["message"]
    assert "姓名、性别、出生年月、联系电话" in answer["error"]["message"]
    assert "班级名册" in answer["error"]["remedy"]
    assert desk.dump() == before


def test_figures_are_known_by_their_names(desk: Desk, tmp_path: Path) -> None:
    path = table(tmp_path / "统计.xlsx", "参与人次", "活动场次")
    answer = add(desk, path, code=1)
    assert answer["error"]["code"] == "table_held_already"
    assert "社区教育统计表" in answer["error"]["message"]


def test_a_table_with_something_new_is_registered_and_can_be_undone(
    desk: Desk, tmp_path: Path
) -> None:
    path = table(tmp_path / "意愿.xlsx", "姓名", "性别", "学习意愿", "子女陪同")
    added = add(desk, path)
    assert [one["label"] for one in added["columns"]] == ["姓名", "性别", "学习意愿", "子女陪同"]
    assert added["columns"][0]["means"] == "people.name"
    assert {one["key"]: one["columns"] for one in added["overlaps"]}["roster"] == ["姓名", "性别"]
    shown = desk("tables", "show", "意愿")
    assert shown["key"] == added["record"]
    assert [row["name"] for row in desk("tables")["tables"] if row["origin"] == "request"] == [
        "意愿"
    ]
    # The same again, and a second department that asks for the same under another name.
    assert desk.refuses("tables", "add", path, "--department", "mca") == "table_name_used"
    again = add(desk, table(tmp_path / "再要一次.xlsx", "学习意愿", "子女陪同"), code=1)
    assert again["error"]["code"] == "table_held_already"
    assert "意愿" in again["error"]["message"]
    desk("undo")
    assert [row for row in desk("tables")["tables"] if row["origin"] == "request"] == []


def test_a_description_in_json(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    content = {
        "name": "家长学校情况", "department": "wf", "number": "妇家1表",
        "valid_until": "2027-12-31",
        "fields": ["家长姓名", {"label": "课时", "means": "figure:S05"}, "家风评议次数"],
    }  # fmt: skip
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    added = desk("tables", "add", path)
    assert added["department"] == "wf"
    assert added["overlaps"][0]["columns"] == ["课时"]
    record = desk("show", added["record"])["record"]
    assert (record["number"], record["valid_until"]) == ("妇家1表", "2027-12-31")
    assert desk.is_sound()


def test_what_describes_no_table_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    for text in (
        *("[]", "{", "[" * 100_000, '{"name":"甲","department":"mca","fields":[{}]}'),
        *('{"name":"甲","department":"mca","fields":5}', '{"department":"mca","fields":"甲乙"}'),
    ):
        path.write_text(text, encoding="utf-8")
        assert desk.refuses("tables", "add", path) == "table_description"
    path.write_text('{"name":"甲","fields":["乙丙"]}', encoding="utf-8")
    assert desk.refuses("tables", "add", path) == "table_description"
    path.write_text(" " * 2**20 + "[]", encoding="utf-8")
    assert desk.refuses("tables", "add", path) == "table_too_large"
    blank = tmp_path / "b.csv"
    blank.write_text("1,2\n", encoding="utf-8")
    assert desk.refuses("tables", "add", blank, "--department", "mca") == "table_description"
