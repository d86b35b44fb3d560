"""Which automatic backups are kept."""

from datetime import datetime, timedelta

import pytest

from learnsite_desktop.domain.keeping import kept

NOON = datetime.fromisoformat("2026-04-30T12:00:00+08:00")
DAY = timedelta(days=1)


def days_back(*days: float) -> list[datetime]:
    return [NOON - timedelta(days=day) for day in days]


CASES = {
    "none": ([], 0),
    "few are all kept": (days_back(0, 0.1, 0.2), 3),
    "ten of one day": (days_back(*(hour / 100 for hour in range(30))), 10),
    "one a day": (days_back(*range(14)), 14),
    "once a month for two years": ([NOON - 30 * month * DAY for month in range(24)], 14),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_how_many_are_kept(name: str) -> None:
    moments, count = CASES[name]
    found = kept(moments)
    assert found <= set(moments)
    assert len(found) == count


def test_days_then_weeks_then_months() -> None:
    moments = days_back(*range(400))
    weeks = {moment.isocalendar()[:2]: moment for moment in reversed(moments)}
    months = {(moment.year, moment.month): moment for moment in reversed(moments)}
    expected = {*moments[:14], *sorted(weeks.values())[-8:], *sorted(months.values())[-12:]}
    assert kept(moments) == expected
    assert len(expected) == 14 + 5 + 11


def test_the_newest_of_a_day_stands_for_it() -> None:
    moments = [
        NOON - day * DAY - timedelta(minutes=minute) for day in range(12) for minute in (0, 5)
    ]
    found = kept(moments)
    assert {moment for moment in found if moment < NOON - 5 * DAY} == set(days_back(*range(6, 12)))


def test_thinning_again_and_again_keeps_the_same() -> None:
    moments = set(days_back(*(step / 3 for step in range(900))))
    once = kept(moments)
    assert kept(once) == once
