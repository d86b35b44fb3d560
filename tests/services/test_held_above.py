"""“The county holds n of m”: for what one enters for others, after a fork, by any clock."""

from typing import Any

from tests.desks import (
    SISTER,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    document,
    learner,
    small_class,
    twin_of,
)


def above(desk: Desk) -> tuple[int, int, int]:
    """Return (held, total, entries without a receipt) towards the township."""
    told = desk("standing")
    (row,) = [one for one in told["above"] if one["unit"] == TOWNSHIP]
    return row["held"], row["total"], told["unreceipted"]


def there_and_back(line: Line, desk: Desk) -> Any:
    line.carry(desk, line.township)
    return line.carry(line.township, desk)


def person(unit: str, name: str) -> dict[str, Any]:
    return document(name, unit=unit, learners=[learner("z", name)])


def test_what_is_entered_for_another_unit_counts_until_it_is_held(enrolled: Line) -> None:
    village, township = enrolled.village, enrolled.township
    device = village("devices", "--unit", VILLAGE)["devices"][0]["id"]
    township("certify", device, "--for", SISTER, "--since", "2026-01-01")
    enrolled.carry(township, village)
    village.capture(small_class(SISTER))
    there_and_back(enrolled, village)
    held, total, waiting = above(village)
    assert held == total > 0
    assert waiting == 0
    village.capture(person(SISTER, "钱三"))
    assert above(village) == (held, total + 1, 1)
    village.capture(person(VILLAGE, "钱二"))
    assert above(village) == (held, total + 2, 2)
    there_and_back(enrolled, village)
    assert above(village) == (total + 2, total + 2, 0)
    assert above(enrolled.sister)[2] == 0


def test_after_a_fork_both_branches_are_counted_on_both_sides(enrolled: Line) -> None:
    village = enrolled.village
    village.capture(small_class())
    there_and_back(enrolled, village)
    copy = twin_of(village, enrolled.place / "copy")
    for desk, name in ((village, "甲一"), (copy, "乙二")):
        desk.capture(person(VILLAGE, name))
        enrolled.carry(desk, enrolled.township)
    for desk in (village, copy, village):
        there_and_back(enrolled, desk)
    for desk in (village, copy):
        held, total, waiting = above(desk)
        assert (held, waiting) == (total, 0)


def test_what_a_township_took_back_is_not_held(enrolled: Line) -> None:
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    there_and_back(enrolled, village)
    _held, total, _none = above(village)
    township("rollback", township("batches")["batches"][-1]["batch"])
    enrolled.carry(township, village)
    assert above(village) == (0, total, total)


def test_a_receipt_dated_ahead_is_relied_on_by_nobody(enrolled: Line) -> None:
    """One clock set forward would otherwise hide for good that no receipts come."""
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    right, township.now = township.now, "2099-01-01T10:00:00+08:00"
    there_and_back(enrolled, village)
    (row,) = [one for one in village("standing")["above"] if one["unit"] == TOWNSHIP]
    assert (row["days"], row["expired"]) == (0, True)
    township.now = right
    there_and_back(enrolled, village)
    village.capture(person(VILLAGE, "钱二"))
    there_and_back(enrolled, village)
    village.now = "2026-04-03T10:00:00+08:00"
    (row,) = [one for one in village("standing")["above"] if one["unit"] == TOWNSHIP]
    assert row["expired"] is False
