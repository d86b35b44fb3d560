"""Descriptions of charts: axes from 0, totals that do not hide a gap, numbers as they are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnsite_desktop.domain.charts import (
    Bars,
    HeatTiles,
    Lines,
    Mark,
    Series,
    StackedBars,
    Step,
    Target,
    axis_of,
    number,
)

MONTHS = ("1 月", "2 月", "3 月")


def bars(*values: float | None, target: float | None = None) -> Bars:
    return Bars(
        title="场次",
        labels=tuple(str(at) for at in range(len(values))),
        series=(Series("2026", values),),
        target=None if target is None else Target(target, "目标", "文件"),
    )


@pytest.mark.parametrize(
    ("chart", "ticks"),
    [
        (bars(3, 7, 4), (0, 2, 4, 6, 8)),
        (bars(1), (0, 1)),
        (bars(0), (0, 1)),
        (bars(None, None), (0, 1)),
        (bars(), (0, 1)),
        (bars(40, 62, target=80), (0, 20, 40, 60, 80)),
        (bars(-12, 30), (-20, -10, 0, 10, 20, 30)),
        (bars(0.25, 0.4), (0, 0.1, 0.2, 0.3, 0.4)),
        (bars(1_234_567), (0, 500_000, 1_000_000, 1_500_000)),
    ],
)
def test_the_axis_begins_at_0_and_reaches_everything(chart: Bars, ticks: tuple[float]) -> None:
    assert axis_of(chart).ticks == ticks


def test_a_stack_reaches_as_high_as_its_sum() -> None:
    chart = StackedBars(
        title="人次", labels=("甲", "乙"), series=(Series("男", (30, 10)), Series("女", (25, None)))
    )
    assert axis_of(chart).high == 60
    assert chart.total(0) == 55
    assert chart.total(1) is None


@given(
    st.lists(
        st.none() | st.integers(-(10**6), 10**7) | st.floats(-1e6, 1e7, allow_nan=False),
        max_size=30,
    )
)
def test_every_axis_holds_its_values_between_few_lines(values: list[float | None]) -> None:
    chart = bars(*values)
    axis = axis_of(chart)
    assert axis.low <= 0 < axis.high
    assert all(axis.low <= value + 1e-8 and value - 1e-8 <= axis.high for value in chart.held())
    assert 2 <= len(axis.ticks) <= 12
    steps = [b - a for a, b in zip(axis.ticks, axis.ticks[1:], strict=False)]
    assert max(steps) == pytest.approx(min(steps))
    # What is written beside a line is where the line stands.
    assert all(
        float(number(tick, axis.decimals).replace(",", "")) == pytest.approx(tick, abs=1e-9)
        for tick in axis.ticks
    )


def test_no_half_session_stands_on_an_axis_of_whole_numbers() -> None:
    assert all(tick == int(tick) for tick in axis_of(bars(1, 2)).ticks)


def test_tiles_know_the_step_of_a_value() -> None:
    tiles = HeatTiles(
        title="按时率",
        labels=("甲", "乙"),
        series=(Series("", (12, None)),),
        steps=(Step(10, "低"), Step(60, "中"), Step(80, "高")),
    )
    assert [tiles.step(value) for value in (5, 10, 59.9, 60, 80, 100)] == [0, 0, 0, 1, 2, 2]
    assert tiles.value(Mark(0, 1)) is None
    assert tiles.missing()


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [(1234, 0, "1,234"), (12.345, 1, "12.3"), (-0.04, 1, "0.0"), (-3, 0, "-3"), (0, 0, "0")],
)
def test_numbers_as_shown(value: float, decimals: int, shown: str) -> None:
    assert number(value, decimals) == shown


def test_what_does_not_fit_together_is_an_error() -> None:
    with pytest.raises(ValueError, match="2 values for 3 labels"):
        Lines(title="", labels=MONTHS, series=(Series("甲", (1, 2)),))
    with pytest.raises(ValueError, match="ascend"):
        HeatTiles(title="", labels=(), series=(Series("", ()),), steps=(Step(1, "a"), Step(1, "b")))
    with pytest.raises(ValueError, match="one series"):
        HeatTiles(title="", labels=(), series=(), steps=(Step(1, "a"),))
