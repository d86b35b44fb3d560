"""Periods and birth days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnsite_desktop.domain.births import Precision, age_on, parse_birth
from learnsite_desktop.domain.periods import PeriodKind, month_of, parse_period
from learnsite_desktop.domain.refusals import Refusal


@pytest.mark.parametrize(
    ("text", "kind", "first", "last", "months"),
    [
        ("2026-03", PeriodKind.MONTH, date(2026, 3, 1), date(2026, 3, 31), 1),
        ("2024-02", PeriodKind.MONTH, date(2024, 2, 1), date(2024, 2, 29), 1),
        ("2026-12", PeriodKind.MONTH, date(2026, 12, 1), date(2026, 12, 31), 1),
        ("2026-Q1", PeriodKind.QUARTER, date(2026, 1, 1), date(2026, 3, 31), 3),
        ("2026-Q4", PeriodKind.QUARTER, date(2026, 10, 1), date(2026, 12, 31), 3),
        ("2026-H1", PeriodKind.HALF, date(2026, 1, 1), date(2026, 6, 30), 6),
        ("2026-H2", PeriodKind.HALF, date(2026, 7, 1), date(2026, 12, 31), 6),
        ("2026", PeriodKind.YEAR, date(2026, 1, 1), date(2026, 12, 31), 12),
        ("2025-2026", PeriodKind.SCHOOL_YEAR, date(2025, 9, 1), date(2026, 8, 31), 12),
    ],
)
def test_periods(text: str, kind: PeriodKind, first: date, last: date, months: int) -> None:
    period = parse_period(text)
    assert (period.text, period.kind, period.first, period.last) == (text, kind, first, last)
    assert len(period.months()) == months
    assert period.months()[0].first == first
    assert period.months()[-1].last == last
    assert period.contains(first)
    assert period.contains(last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-00",
        "2026-13",
        "2026-3",
        "2026-Q5",
        "2026-Q0",
        "2026-H3",
        "2025-2027",
        "2026-2025",
        "26",
        "2026 ",
        " 2026",
        "2026-03-01",
        "２０２６",
        "0001",
        "9999-12",
        "2026-q1",
        "2026\n",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_period(text)
    assert caught.value.code == "period_invalid"


@given(st.dates(date(1900, 1, 1), date(9998, 12, 31)))
def test_each_day_lies_in_exactly_its_month(day: date) -> None:
    month = month_of(day)
    assert month == parse_period(f"{day:%Y-%m}".rjust(7, "0"))
    assert [m for m in parse_period(f"{day.year:04d}").months() if m.contains(day)] == [month]


@pytest.mark.parametrize(
    ("text", "precision", "born"),
    [
        ("1955", Precision.YEAR, date(1955, 7, 1)),
        ("1955-03", Precision.MONTH, date(1955, 3, 1)),
        ("1955-03-12", Precision.DAY, date(1955, 3, 12)),
    ],
)
def test_birth_days(text: str, precision: Precision, born: date) -> None:
    birth = parse_birth(text)
    assert birth is not None
    assert (birth.precision, birth.born) == (precision, born)


@pytest.mark.parametrize(
    "text", ["", "55", "1955-13", "1955-02-30", "1955-3-1", None, 1955, "0000"]
)
def test_no_birth_day(text: object) -> None:
    assert parse_birth(text) is None


def test_leap_day_birthday_counts_from_first_of_march() -> None:
    born = date(1964, 2, 29)
    assert age_on(born, date(2026, 2, 28)) == 61
    assert age_on(born, date(2026, 3, 1)) == 62
    assert age_on(born, date(2024, 2, 29)) == 60


def test_partial_birth_day_agrees_with_full_one() -> None:
    birth = parse_birth("1955-03")
    assert birth is not None
    assert birth.may_be(date(1955, 3, 12))
    assert not birth.may_be(date(1955, 4, 12))
