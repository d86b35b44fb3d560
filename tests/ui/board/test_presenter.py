"""What the lines of the board say, without a window."""

from datetime import date, datetime

from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.services.board import Board, BoardRow, Cell
from learnsite_desktop.ui.screens.board.presenter import (
    chip_of,
    detail,
    heading_of,
    lines_of,
    months_to_choose,
    summary,
    texts_of,
)

TOWNSHIP, ONE, TWO = "410122101000", "410122101205", "410122101206"
NOW = datetime.fromisoformat("2026-04-20T10:00:00+08:00")


def row(unit: str, state: str, **more: object) -> BoardRow:
    """Make a row of one month."""
    level = 4 if unit.endswith("000") else 5
    parent = "410122000000" if level == 4 else TOWNSHIP
    cell = Cell("2026-03", state, state, date(2026, 4, 5))
    fixed = {"name": f"单位{unit[-3:]}", "level": level, "parent": parent, "tier": "x"}
    return BoardRow(unit=unit, cells=(cell,), **{**fixed, **more})  # type: ignore[arg-type]


def board_of(*rows: BoardRow) -> Board:
    return Board("410122000000", "县", parse_period("2026-03"), ("2026-03",), rows)


def test_a_township_stands_for_its_villages() -> None:
    found = board_of(row(TOWNSHIP, "on_time"), row(ONE, "on_time"), row(TWO, "silent"))
    (line,) = lines_of(found)
    chip = chip_of(line, 0)
    assert chip is not None
    assert (chip.status, chip.text) == ("error", "未报 2/3")
    assert [inside.name for inside in lines_of(found, TOWNSHIP)] == [
        "单位000",
        "单位205",
        "单位206",
    ]
    assert "单位206" in detail(line, found)
    assert "未报 1" in summary(found)


def test_what_was_not_asked_is_no_part_of_the_count() -> None:
    found = board_of(row(TOWNSHIP, "on_time"), row(ONE, "not_asked"), row(TWO, "zero"))
    chip = chip_of(lines_of(found)[0], 0)
    assert chip is not None
    assert chip.text == "按时 2/2"
    assert chip_of(lines_of(found, TOWNSHIP)[1], 0) is None


def test_every_state_has_icon_word_and_colour() -> None:
    states = ("on_time", "late", "zero", "entered", "silent", "not_due", "no_opening",
              "not_opened", "locked")  # fmt: skip
    chips = [chip_of(lines_of(board_of(row(ONE, state)))[0], 0) for state in states]
    assert all(chip is not None and chip.icon and chip.word for chip in chips)
    assert len({(chip.icon, chip.word) for chip in chips if chip}) == len(states)


def test_the_texts_beside_the_chips() -> None:
    one = row(ONE, "on_time", sessions=3, attendances=40, returns_open=1, conflicts_open=2,
              last_file="2026-04-15T09:00:00+08:00")  # fmt: skip
    (line,) = lines_of(board_of(one))
    assert texts_of(line, NOW) == ("3", "40", "1 / 2", "4月15日 · 5天前", "–")
    assert texts_of(lines_of(board_of(row(ONE, "silent")))[0], NOW)[3] == "从未"


def test_months() -> None:
    found = months_to_choose(date(2026, 1, 31))
    assert [period for period, _label in found[:3]] == ["2026-01", "2025-12", "2025-11"]
    assert heading_of("2025-12", parse_period("2026-01")) == "2025年12月"
    assert heading_of("2026-01", parse_period("2026-01")) == "1月"


def test_one_late_village_does_not_make_a_township_late() -> None:
    """All came: the chip counts the late ones, and the sentence names them beside the township."""
    found = board_of(row(TOWNSHIP, "on_time"), row(ONE, "late"), row(TWO, "on_time"))
    (line,) = lines_of(found)
    chip = chip_of(line, 0)
    assert chip is not None
    assert (chip.status, chip.text) == ("warning", "迟报 1/3")
    said = detail(line, found)
    assert "单位000 2026年3月：按时" in said
    assert "迟报 1 个：单位205" in said
