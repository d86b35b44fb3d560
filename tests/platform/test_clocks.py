"""Clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.platform.clock import SystemClock


def test_the_system_clock_knows_its_offset() -> None:
    now = SystemClock().now()
    assert now.utcoffset() is not None
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_fixed_clock_stands_still_and_wants_an_offset() -> None:
    moment = datetime(2026, 3, 31, 9, tzinfo=UTC)
    assert FixedClock(moment).now() is moment
    with pytest.raises(ValueError, match="offset"):
        FixedClock(moment.replace(tzinfo=None))
