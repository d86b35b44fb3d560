"""The board's states against an oracle that reads nothing but the log, at every tier."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.desks import Desk
from tests.oracle import board_oracle

NOW = "2026-04-20T10:00:00+08:00"
MONTHS = ["2026-01", "2026-02", "2026-03"]


@pytest.mark.parametrize("unit", ["410122003000", "410122101000", "410122000000"])
def test_every_cell_is_what_the_log_says(computer_of: Callable[[str], Path], unit: str) -> None:
    desk = Desk(computer_of(unit), unit, NOW)
    answer = desk("board", "--period", "2026-03")
    assert answer["periods"] == MONTHS
    told = {
        (row["unit"], cell["period"]): cell["state"]
        for row in answer["units"]
        for cell in row["cells"]
    }
    database = desk.folder / "learnsite.db"
    oracle = board_oracle.states(database, MONTHS, datetime.fromisoformat(NOW).date())
    oracle = {key: state for key, state in oracle.items() if key[0] != unit}
    assert told == oracle
    assert len(set(told.values())) > 1


@pytest.mark.parametrize("day", ["2026-04-05", "2026-04-06", "2026-04-10", "2026-04-11"])
def test_a_month_is_owed_from_the_day_after_the_last(
    computer_of: Callable[[str], Path], day: str
) -> None:
    """A month that nobody has handed in, looked at around both last days."""
    desk = Desk(computer_of("410122000000"), "410122000000", f"{day}T10:00:00+08:00")
    desk.now = f"{day[:5]}05{day[7:]}T10:00:00+08:00"
    today = date.fromisoformat(desk.now[:10])
    told = {row["unit"]: row["state"] for row in desk("board", "--period", "2026-04")["units"]}
    assert told
    for unit, state in told.items():
        owed = today > board_oracle.due(unit, "2026-04")
        assert state == ("silent" if owed else "not_due"), unit


def test_what_was_received_is_recounted(computer_of: Callable[[str], Path]) -> None:
    desk = Desk(computer_of("410122003000"), "410122003000", NOW)
    rows = desk("board", "--period", "2026-03")["units"]
    for row in rows:
        held = board_oracle.sessions_held(desk.folder / "learnsite.db", row["unit"], "2026-03")
        words = ("--period", "2026-03", "--unit", row["unit"], "--id", "S01")
        (value,) = desk("indicators", *words)["values"]
        assert (row["sessions"], row["attendances"]) == (held, value["numerator"])
    assert sum(row["sessions"] for row in rows) > 0


def test_completeness_says_the_same(computer_of: Callable[[str], Path]) -> None:
    desk = Desk(computer_of("410122000000"), "410122000000", NOW)
    known = desk("completeness", "--period", "2026-03")["units"]
    told = desk("board", "--period", "2026-03")["units"]
    assert {row["unit"]: row["state"] for row in known} == {
        row["unit"]: row["handed"] for row in told
    }
