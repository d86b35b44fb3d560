"""The lines of Today, without a window."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from learnsite_desktop.services.agenda import Agenda
from learnsite_desktop.services.closing import Due, first_open
from learnsite_desktop.services.rejections import Rejected
from learnsite_desktop.services.standing import Standing
from learnsite_desktop.services.units import Ended
from learnsite_desktop.store.agenda import DaySession
from learnsite_desktop.ui.screens.today.presenter import (
    Late,
    banner,
    chip_of,
    clock_line,
    month_name,
    nothing,
    shown,
)

MARCH = Due("2026-03", date(2026, 4, 5), "open", running=False)
APRIL = Due("2026-04", date(2026, 5, 5), "open", running=True)


@pytest.mark.parametrize(
    ("day", "line", "tone"),
    [
        (date(2026, 4, 2), "2026年3月请在 4月5日前报送，还有 3 天。", "warning"),
        (date(2026, 4, 5), "2026年3月今天是报送最后一天。", "warning"),
        (date(2026, 4, 9), "2026年3月报送已超期 4 天，请尽快报送。", "error"),
    ],
)
def test_the_clock_counts_the_days(day: date, line: str, tone: str) -> None:
    assert clock_line(MARCH, day) == (line, tone)


def test_the_oldest_month_that_is_open_comes_first() -> None:
    done = Due("2026-02", date(2026, 3, 5), "handed_in", running=False)
    assert first_open([done, MARCH, APRIL]) == MARCH
    assert first_open([done, APRIL]) == APRIL
    assert clock_line(APRIL, date(2026, 4, 6))[1] == ""
    assert clock_line(done, date(2026, 4, 6))[1] == "ok"


def test_the_banner_speaks_up_after_a_week() -> None:
    def said(day: int, unreceipted: int = 4, *, ever: bool = True) -> str:
        moment = datetime(2026, 4, 1, 8, tzinfo=UTC) if ever else None
        return banner(Standing("410122101000", unreceipted, moment, 0), MARCH, date(2026, 4, day))

    assert said(3) == ""
    assert "9 天" in said(10)
    assert "4 条" in said(10)
    assert said(10, 0) == ""
    assert said(3, ever=False) == ""
    assert "从来没有" in said(10, ever=False)
    assert banner(None, MARCH, date(2026, 4, 9)) == ""


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "draft"),
        ({"date": "2026-04-01"}, "warning"),
        ({"status": "cancelled"}, "note"),
        ({"marked": 8, "present": 7}, "ok"),
        ({"headcount": 40}, "ok"),
    ],
)
def test_the_chip_of_a_session(change: dict[str, object], status: str) -> None:
    row = one_session(**change)
    assert chip_of(row, date(2026, 4, 2))[0] == status


def one_session(**change: object) -> DaySession:
    values: dict[str, object] = {
        "session": "S", "activity": "A", "title": "书法班", "place": "教学点",
        "date": "2026-04-02", "start": "09:00", "end": "10:00", "seq": None, "status": "planned",
        "headcount": None, "marked": 0, "present": 0, "roster": 8,
    }  # fmt: skip
    return DaySession(**{**values, **change})  # type: ignore[arg-type]


def test_headings_stand_only_over_rows() -> None:
    row = one_session()
    found = shown(Agenda(date(2026, 4, 2), (), (), (), (row,), (), (), (), (MARCH,)), Late())
    assert [one.kind for one in found.rows] == ["heading", "session"]
    assert found.first == "session:S"


def test_a_day_without_rows_knows_of_the_past() -> None:
    day = date(2026, 6, 2)
    first = Agenda(day, (), (), (), (), (), (), (), (MARCH,))
    assert "第一个活动" in nothing(first)
    later = replace(first, last=date(2026, 4, 8))
    assert "2026-04-08" in nothing(later)
    assert "第一个" not in nothing(later)


def test_months_have_names() -> None:
    assert month_name("2026-03") == "2026年3月"
    assert month_name("2026-Q1") == "2026-Q1"


def test_a_unit_that_was_closed_stands_first_and_leads_to_handing_in() -> None:
    ended = Ended("1", "甲村", date(2026, 4, 1), "2", "乙社区", "2", "乙社区")
    day = Agenda(date(2026, 4, 9), (), (), (), (), (), (), (), (MARCH,))
    heading, row = shown(replace(day, ended=ended), Late()).rows
    assert heading.kind == "heading"
    assert (row.kind, row.record) == ("go", "submission")
    assert row.cells[1] == "甲村 已于 2026-04-01 撤销，由 乙社区（2）承接。"
    assert "乙社区" in row.cells[2]
    alone = replace(ended, heir="", heir_name="", onward_name="东镇")
    (_, row) = shown(replace(day, ended=alone), Late()).rows
    assert row.cells[1] == "甲村 已于 2026-04-01 撤销，没有承接单位。"
    assert shown(day, Late()).rows == ()


def test_a_rejection_is_told_with_its_reason_and_leads_to_the_record() -> None:
    said = Rejected("r1", "session", "书法班 3月3日", "township", "2026-04-01", "与照片不符")
    day = Agenda(date(2026, 4, 9), (), (), (), (), (), (), (), (MARCH,), rejected=(said,))
    heading, row = shown(day, Late()).rows
    assert heading.cells[0] == "上级不采纳：不计入数据"
    assert (row.record_kind, row.record, row.word) == ("session", "r1", "不采纳")
    assert row.cells[1:3] == ("书法班 3月3日", "乡镇(街道)：与照片不符。不计入任何数据。")
