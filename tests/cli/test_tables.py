"""``learner import`` and ``ledger import`` on the command line."""

from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.desks import Desk, found_village, small_class
from tests.services.roster.books import xlsx

HEAD = ["姓名", "性别", "出生年月", "联系电话"]
ROWS: list[list[Any]] = [
    HEAD,
    ["张建国", "男", "1955.3", "13812345678"],
    ["李秀英、王桂兰", "女", None, None],
    ["赵铁柱", "男", "1960.5", "1381234"],
]


def test_import_answers_with_what_the_contract_promises(tmp_path: Path) -> None:
    desk = found_village(tmp_path / "v")
    path = xlsx(tmp_path / "a.xlsx", {"名册": ROWS})
    before = desk.lines()
    seen = desk("learner", "import", path, "--dry-run", code=1)
    assert seen["error"]["code"] == "roster_faults_found"
    assert desk.lines() == before
    out = tmp_path / "改.xlsx"
    taken = desk("learner", "import", path, "--faults", out, code=1)
    assert taken["ok"] is False
    assert taken["error"]["code"] == "roster_faults"
    assert taken["created"] == {"learner": 1, "enrolment": 0}
    assert [
        {key: fault[key] for key in ("sheet", "row", "column", "code")} for fault in taken["faults"]
    ] == [
        {"sheet": "名册", "row": 3, "column": "A", "code": "PEOPLE_SEVERAL"},
        {"sheet": "名册", "row": 4, "column": "D", "code": "MOBILE_INVALID"},
    ]
    assert taken["path"] == str(out)
    book = load_workbook(out)
    book["名册"]["A3"].value = "李秀英"
    book["名册"]["D4"].value = "13912345678"
    book.save(out)
    book.close()
    again = desk("learner", "import", out)
    assert again["created"]["learner"] == 2
    assert again["same"]["learner"] == 1
    assert again["faults"] == []
    assert desk("learner", "import", out)["operations"] == 0


def test_import_of_a_roster_with_explained_columns(tmp_path: Path) -> None:
    desk = found_village(tmp_path / "v")
    desk.capture(small_class())
    path = xlsx(tmp_path / "a.xlsx", {"名册": [["叫啥", "性别", "生于"], ["张建国", "男", 1955]]})
    words = ("learner", "import", path, "--activity", "activity:a1", "--map", "叫啥=name")
    taken = desk(*words, "--map", "C=birth", "--joined", "2026-03-01")
    assert taken["created"] == {"learner": 1, "enrolment": 1}
    assert {(one["column"], one["field"]) for one in taken["columns"]} == {
        ("A", "name"), ("B", "sex"), ("C", "birth"),
    }  # fmt: skip


def test_questions_are_answered_by_decide(tmp_path: Path) -> None:
    desk = found_village(tmp_path / "v")
    desk.capture(small_class())
    path = xlsx(tmp_path / "a.xlsx", {"名册": [HEAD[:2], ["周桂兰", "女"]]})
    asked = desk("learner", "import", path, code=1)
    assert [fault["code"] for fault in asked["faults"]] == ["PERSON_UNCLEAR"]
    taken = desk("learner", "import", path, "--decide", "名册!2=new")
    assert taken["created"]["learner"] == 1


def test_ledger(tmp_path: Path) -> None:
    desk = found_village(tmp_path / "v")
    desk.capture(small_class())
    rows: list[list[Any]] = [["活动名称", "日期", "人数"], ["健康讲座", date(2026, 3, 5), 46]]
    path = xlsx(tmp_path / "a.xlsx", {"台账": rows})
    taken = desk("ledger", "import", path, "--start", "14:00", "--minutes", "60")
    assert taken["created"] == {"activity": 1, "session": 1}
    assert desk("ledger", "import", path)["operations"] == 0


def test_refusals_and_wrong_usage(tmp_path: Path) -> None:
    desk: Desk = found_village(tmp_path / "v")
    path = xlsx(tmp_path / "a.xlsx", {"名册": ROWS})
    assert desk.refuses("learner", "import", tmp_path / "none.xlsx") == "table_unreadable"
    assert desk.refuses("learner", "import", path, "--map", "Z=mobile") == "mapping_unknown"
    for words in (("--map", "x"), ("--decide", "x=new"), ("--as-of", "yesterday")):
        desk("learner", "import", path, *words, code=2)
