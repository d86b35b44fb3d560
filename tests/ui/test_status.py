"""The status line says what the units above hold, and when nothing has been heard for too long."""

from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.desks import Line, small_class
from tests.ui.conftest import OpenWindow, idle

LATER = "2026-05-18T10:00:00+08:00"


def labels(status: object) -> dict[str, tuple[str, str]]:
    """Return the texts of the line with their tooltips and tones."""
    assert status is not None
    found = status.findChildren(QLabel)  # type: ignore[attr-defined]
    return {one.text(): (one.toolTip(), one.property("tone") or "") for one in found if one.text()}


def test_what_the_county_holds(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    line = Line(tmp_path / "line")
    line.found()
    line.enrol()
    line.village.capture(small_class())
    for giver, taker in (
        (line.village, line.township),
        (line.township, line.county),
        (line.county, line.township),
        (line.township, line.village),
    ):
        line.carry(giver, taker)
    total = len(line.village.lines())
    code = line.village("state")["head_code"]
    window = open_window(line.village.folder)
    idle(qtbot, window)
    shown = labels(window.status)
    tooltip, tone = shown[f"中牟县已收 {total}/{total} 条（2026-04-02）"]
    assert tone == ""
    assert len(tooltip.splitlines()) == 2
    assert tooltip.count(code) == 2
    window.close()
    late = open_window(line.village.folder, LATER)
    idle(qtbot, late)
    assert labels(late.status)["已有 46 天没有收到韩寺镇的回执"][1] == "warning"
