"""A ledger of past activities becomes activities and sessions with their head-counts."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import roster
from tests.desks import VILLAGE, Desk, document, small_class
from tests.services.roster.books import xlsx

HEAD = ["序号", "活动名称", "活动时间", "地点", "参加人数", None, "主讲人", "活动类型", "经费"]
TARGET = roster.Target("ledger")
SITE = {
    "ref": "p1",
    "unit": VILLAGE,
    "name": "荣庄教学点",
    "kinds": ["v_point"],
    "opened": "2019-05-01",
}


@pytest.fixture
def desk(village: Desk) -> Desk:
    village.capture(document(sites=[SITE]))
    return village


def write(folder: Path, *rows: Any, name: str = "台账") -> Path:
    def merge(book: Any) -> None:
        sheet = book.worksheets[0]
        sheet.merge_cells("A1:I1")
        sheet.merge_cells("E2:F2")

    lower = [None, None, None, None, "合计", "其中老年人", None, None, None]
    rows = (["荣庄村2025年活动台账"], HEAD, lower, *rows)
    return xlsx(folder / f"{name}.xlsx", {"台账": rows}, merge)


def take(desk: Desk, path: Path) -> roster.Taken:
    with desk.open() as workspace:
        seen = roster.preview(workspace, roster.open_table(path), TARGET)
        taken = roster.take(workspace, seen)
    assert taken.preview.counts == seen.counts
    return taken


def sessions(desk: Desk) -> list[tuple[Any, ...]]:
    return sorted(
        (one["date"], one["start"], one["end"], (one.get("headcount") or {}).get("total"))
        for one in desk("list", "session")["records"]
    )


AFTERNOON = datetime(2025, 4, 9, 14, 30)  # noqa: DTZ001 - as cells are
ROWS = (
    [1, "春季健康讲座", date(2025, 3, 5), "文化广场", "46人", 40, "王医生", "讲座", 200],
    [2, "防诈骗宣传", "3月12日上午9:00-10:00", "村委会", "约80", None, None, "主题活动", None],
    [3, "春季健康讲座", AFTERNOON, "文化广场", 52.0, None, None, "讲座", None],
    ["合计", None, None, None, 178],
)


def test_rows_become_sessions_of_activities_by_title(desk: Desk, tmp_path: Path) -> None:
    taken = take(desk, write(tmp_path, *ROWS))
    assert not taken.preview.faults
    assert taken.counts["created"] == {"activity": 2, "session": 3}
    assert sessions(desk) == [
        ("2025-03-05", "09:00", "10:30", 46),
        ("2025-03-12", "09:00", "10:00", 80),
        ("2025-04-09", "14:30", "16:00", 52),
    ]
    kinds = {one["title"]: one["kind"] for one in desk("list", "activity")["records"]}
    assert kinds == {"春季健康讲座": "03", "防诈骗宣传": "04"}
    counts = {one["date"]: one["headcount"] for one in desk("list", "session")["records"]}
    assert counts["2025-03-05"] == {"total": 46, "over60": 40, "basis": "counted"}
    assert counts["2025-03-12"]["basis"] == "estimate"
    codes = {note.code for note in taken.preview.notes}
    assert {"LEDGER_ASSUMED", "SESSION_HEADCOUNT_ONLY"} <= codes


def test_twice_nothing_and_a_correction_changes_one_session(desk: Desk, tmp_path: Path) -> None:
    take(desk, write(tmp_path, *ROWS))
    assert take(desk, write(tmp_path, *ROWS)).change.operations == 0
    better = [*ROWS[0][:4], "48人", *ROWS[0][5:]]
    taken = take(desk, write(tmp_path, better, *ROWS[1:], name="b"))
    assert taken.counts == {"created": {}, "updated": {"session": 1}, "same": {"session": 2}}
    assert taken.preview.rows[0].changed == ("headcount",)
    assert sessions(desk)[0][3] == 48
    desk("undo")
    assert sessions(desk)[0][3] == 46


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ([1, None, date(2025, 3, 5), None, 20], "B", "TITLE_MISSING"),
        ([1, "讲座", "三月初", None, 20], "C", "DATE_UNCLEAR"),
        ([1, "讲座", "3.5-3.7", None, 20], "C", "DATE_UNCLEAR"),
        ([1, "讲座", "2025.3.5-3.7", None, 20], "C", "TIME_UNCLEAR"),
        ([1, "讲座", None, None, 20], "C", "DATE_UNCLEAR"),
        ([1, "讲座", date(2025, 3, 5), None, "很多人"], "E", "COUNT_UNCLEAR"),
        ([1, "讲座", date(2025, 3, 5), None, 20, 30], "E", "HEADCOUNT_PART_EXCEEDS_TOTAL"),
        ([1, "讲座", date(2025, 3, 5), None, 20, None, None, "联欢"], "H", "WORD_UNKNOWN"),
        ([1, "讲座", date(2027, 3, 5), None, 20], "", "SESSION_HELD_IN_FUTURE"),
    ],
)
def test_faults(row: list[Any], column: str, code: str, desk: Desk, tmp_path: Path) -> None:
    taken = take(desk, write(tmp_path, row))
    assert [(f.row, f.column, f.code) for f in taken.preview.faults] == [(4, column, code)]
    assert sessions(desk) == []
    assert taken.counts["created"].get("session") is None


def test_two_rows_of_one_hour_must_say_the_same(desk: Desk, tmp_path: Path) -> None:
    other = [*ROWS[0][:4], 30]
    taken = take(desk, write(tmp_path, ROWS[0], ROWS[0], other))
    assert [(f.row, f.code) for f in taken.preview.faults] == [(6, "ROW_REPEATED")]
    assert "ROW_TWICE" in {note.code for note in taken.preview.notes}
    assert len(sessions(desk)) == 1


def test_a_session_with_a_roll_call_keeps_it(village: Desk, tmp_path: Path) -> None:
    village.capture(small_class())
    row = [1, "书法班", date(2026, 3, 3), None, 25, None, None, None]
    taken = take(village, write(tmp_path, row))
    assert taken.counts == {"created": {}, "updated": {}, "same": {"session": 1}}
    assert "LEDGER_NAMED" in {note.code for note in taken.preview.notes}
    assert sessions(village)[0][3] is None


def test_the_site_must_be_clear(village: Desk, desk: Desk, tmp_path: Path) -> None:
    desk.capture(document(sites=[{**SITE, "ref": "p2", "name": "东头教学点"}]))
    table = roster.open_table(write(tmp_path, *ROWS))
    with desk.open() as workspace:
        with pytest.raises(Refusal) as caught:
            roster.preview(workspace, table, TARGET)
        assert caught.value.code == "site_unclear"
        found = roster.preview(workspace, table, roster.Target("ledger", site="site:p2"))
        assert found.created == 3
