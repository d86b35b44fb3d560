"""Ledgers: what stands in them is what was recorded, learners masked unless revealed."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from learnsite_desktop.services import ledger_files, ledgers
from learnsite_desktop.services.ledger_shapes import Ledger
from learnsite_desktop.services.ledgers import Question
from tests.desks import VILLAGE, Desk, document, learner, small_class

PERIOD = "2026-03"


@pytest.fixture
def desk(village: Desk) -> Desk:
    """A village with a class, a second session with a crowd, and one only planned."""
    village.capture(small_class(staff=[{"ref": "t1", "name": "郑老师", "kinds": ["guest"]}]))
    village.capture(
        document(
            unit=VILLAGE,
            learners=[learner("w1", "=HYPERLINK(1)", mobile="14400000103")],
            edits=[{"kind": "session", "record": "s1", "set": {"teachers": ["t1"]}}],
            sessions=[
                {
                    "ref": "s2", "activity": "a1", "date": "2026-03-10", "start": "09:00",
                    "end": "11:15", "status": "held", "notes": "=1+1",
                    "headcount": {"total": 12, "basis": "counted"},
                },
                {
                    "ref": "s3", "activity": "a1", "date": "2026-03-17", "start": "09:00",
                    "end": "10:30", "status": "planned",
                },
            ],
            rollcalls=[
                {
                    "session": "s2",
                    "rows": [
                        {"learner": "l1", "status": "A"},
                        {"learner": "l3", "status": "E", "minutes": 60, "proxy": True},
                        {"learner": "w1", "status": "W"},
                    ],
                }
            ],
        )
    )  # fmt: skip
    return village


def made(desk: Desk, kind: str, **asked: Any) -> Ledger:
    with desk.open(write=bool(asked.get("reveal"))) as workspace:
        return ledgers.make_ledger(workspace, kind, Question(period=PERIOD, **asked))


def values(ledger: Ledger, part: int = 0) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in ledger.parts[part].rows]


def test_the_ledger_counts_held_sessions_and_keeps_names_and_heads_apart(desk: Desk) -> None:
    first, second, total = values(made(desk, "ledger"))
    assert first == [
        1, "2026-03-03（周二）09:00–10:30", "书法班", "荣庄教学点", "郑老师", "荣庄村委会",
        2, None, 2.0, "",
    ]  # fmt: skip
    assert second[6:] == [2, 12, 3.0, "=1+1"]
    assert total[2] == "2 场"
    assert total[6:9] == [4, 12, 5.0]


def test_linked_records_are_one_attendance(desk: Desk) -> None:
    learners = {row["name"]: row["id"] for row in desk("list", "learner")["records"]}
    desk("link", learners["郑秀英"], learners["=HYPERLINK(1)"])
    assert values(made(desk, "ledger"))[1][6] == 1


def test_attendance_lists_the_class_then_who_walked_in(desk: Desk) -> None:
    ledger = made(desk, "attendance")
    assert [part.about[0][1][:10] for part in ledger.parts] == ["2026-03-03", "2026-03-10"]
    assert values(ledger, 1) == [
        [1, "吴*国", "男", "", None, ""],
        [2, "郑*英", "女", "早退", 60, "代签"],
        [3, "周*兰", "女", "缺席", None, ""],
        [None, "=***********)", "女", "临时参加", None, ""],
    ]


def test_the_roster_is_masked_unless_revealed_with_a_reason(desk: Desk) -> None:
    desk("edit", "learner:l1", "mobile=14400000101")
    hidden = values(made(desk, "roster"))
    assert hidden[2][:6] == [3, "周*兰", "女", "1956", "144****0101", "2026-02-24"]
    assert desk("learner", "reveals")["reveals"] == []
    shown = values(made(desk, "roster", reveal=True, why="上报名册"))
    assert shown[2][:6] == [3, "周桂兰", "女", "1956-04-09", "14400000101", "2026-02-24"]
    (reveal,) = desk("learner", "reveals")["reveals"]
    assert reveal["what"] | {"records": []} == {
        "list": "learner", "report": "roster", "period": PERIOD, "unit": VILLAGE,
        "why": "上报名册", "count": 3, "records": [],
    }  # fmt: skip
    words = ("report", "roster", "--period", PERIOD, "--reveal", "--out", "a.xlsx")
    assert desk.refuses(*words) == "reason_missing"


def test_only_one_class(desk: Desk) -> None:
    desk.capture(
        document(
            unit=VILLAGE,
            activities=[{**small_class()["activities"][0], "ref": "a2", "title": "太极拳"}],
            enrolments=[{"activity": "a2", "learner": "l1", "joined": "2026-03-01"}],
        )
    )
    assert len(made(desk, "roster").parts) == 2
    (part,) = made(desk, "roster", activity="activity:a2").parts
    assert [value for _label, value in part.about] == ["太极拳", "荣庄村委会"]
    assert made(desk, "attendance", activity="activity:a2").parts == ()
    assert len(values(made(desk, "ledger", activity="activity:a2"))) == 1
    assert desk.refuses(
        "report", "ledger", "--period", PERIOD, "--activity", "session:s1", "--out", "a.xlsx"
    ) == "record_unknown"  # fmt: skip


@pytest.mark.parametrize("kind", ledgers.KINDS)
def test_workbook_and_pages(desk: Desk, tmp_path: Path, kind: str, qapp: object) -> None:
    del qapp
    before = desk.dump()
    book, pages = tmp_path / "台账.xlsx", tmp_path / "台账.PDF"
    for out in (book, pages):
        answer = desk("report", kind, "--period", PERIOD, "--out", out)
        assert answer["path"] == str(out)
        assert answer["cells"] > 5 or kind == "conflicts", "nothing is in dispute here"
    assert pages.read_bytes().startswith(b"%PDF-")
    (sheet,) = load_workbook(book).worksheets
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    assert desk.dump() == before
    refused = desk("report", kind, "--period", PERIOD, "--out", tmp_path / "a.doc", code=1)
    assert refused["error"]["code"] == "report_suffix"
    assert sorted(path.suffix for path in tmp_path.glob("台账*")) == [".PDF", ".xlsx"]


def test_a_period_without_anything(desk: Desk, tmp_path: Path, qapp: object) -> None:
    del qapp
    for kind in ledgers.KINDS:
        for suffix in ledger_files.SUFFIXES:
            out = tmp_path / f"{kind}{suffix}"
            desk("report", kind, "--period", "2025-01", "--out", out)
            assert out.stat().st_size > 0
    refused = desk("report", "indicators", "--period", PERIOD, "--out", tmp_path / "a.pdf", code=1)
    assert refused["error"]["code"] == "report_suffix"
