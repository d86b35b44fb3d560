"""Notices from above on Today, at every tier; put away for a day by one key."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import Desk, Line
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

NOW, NEXT, OVER = (f"2026-04-{day}T10:00:00+08:00" for day in ("02", "03", "21"))


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """Three tiers that hold a notice of the county, in force until the 20th of April."""
    made = Line(tmp_path / "line")
    made.place.mkdir()
    made.found()
    made.enrol()
    table = made.place / "notices.csv"
    table.write_text(
        "title,text,from,to\n防汛通知,雨天停课请登记,2026-04-01,2026-04-20\n", encoding="utf-8"
    )
    made.county("publish", "notices", table)
    made.carry(made.county, made.township)
    made.carry(made.township, made.village)
    return made


def noticed(window: MainWindow) -> list[str]:
    rows = window.current().list.rows()  # type: ignore[attr-defined]
    return [row.cells[1] for row in rows if row.kind == "notice"]


@pytest.mark.parametrize("tier", ["village", "township", "county"])
def test_a_notice_stands_on_today_until_it_is_put_away(
    open_window: OpenWindow, qtbot: QtBot, line: Line, tier: str
) -> None:
    desk: Desk = getattr(line, tier)
    window = open_window(desk.folder, NOW)
    idle(qtbot, window)
    assert noticed(window) == ["防汛通知"]
    keys = Keys(qtbot, window)
    view = window.current()
    view.list.setFocus()  # type: ignore[attr-defined]
    view.list.select_first(("notice",))  # type: ignore[attr-defined]
    keys.press("Return")
    assert "雨天停课请登记" in window.feedback.text
    keys.press("Escape")
    keys.press("Delete")
    assert noticed(window) == []
    window.close()
    # Gone for this day, also after a new start; there again tomorrow; over with its last day.
    for moment, titles in ((NOW, []), (NEXT, ["防汛通知"]), (OVER, [])):
        window = open_window(desk.folder, moment)
        idle(qtbot, window)
        assert noticed(window) == titles, moment
        window.close()
