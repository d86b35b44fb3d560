"""The title of the next class, and the days of a series."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnsite_desktop.domain.schedules import MOST_LESSONS, on_or_after, weekly
from learnsite_desktop.domain.titles import next_title

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("title", "following"),
    [
        ("书法班（第2期）", "书法班（第3期）"),
        ("书法班 第 9 期", "书法班 第10期"),
        ("合唱第二期", "合唱第三期"),
        ("太极第九班", "太极第十班"),
        ("太极第十班", "太极第十一班"),
        ("剪纸第十九期", "剪纸第二十期"),
        ("剪纸第二十九届", "剪纸第三十届"),
        ("2026年春季书法班", "2026年秋季书法班"),
        ("2026年秋季书法班", "2027年春季书法班"),
        ("2026年重阳节活动", "2027年重阳节活动"),
        ("书法班", "书法班 第2期"),
        ("", ""),
    ],
)
def test_the_next_title(title: str, following: str) -> None:
    assert next_title(title) == following


@given(DAYS, st.integers(0, 40), st.sets(st.integers(0, 20)))
def test_a_series_has_its_number_whatever_is_left_out(
    first: date, count: int, weeks: set[int]
) -> None:
    left_out = {first + timedelta(weeks=week) for week in weeks}
    days = weekly(first, count, left_out)
    assert len(days) == count
    assert not left_out & set(days)
    assert all((day - first).days % 7 == 0 and day >= first for day in days)
    assert days == sorted(set(days))


def test_a_series_ends_somewhere() -> None:
    assert len(weekly(date(2026, 1, 1), 10**6)) == MOST_LESSONS
    assert weekly(date.max, 3) == [date.max]


@given(DAYS, st.integers(1, 7))
def test_a_weekday_is_within_a_week(day: date, weekday: int) -> None:
    found = on_or_after(day, weekday)
    assert found.isoweekday() == weekday
    assert 0 <= (found - day).days < 7
