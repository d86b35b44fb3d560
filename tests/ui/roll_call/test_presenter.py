"""A roll call in hand: gestures, totals, undo, without a window."""

import pytest

from learnsite_desktop.services.roll_calls import Line, Mark, Person, RollCall
from learnsite_desktop.ui.screens.roll_call.presenter import NotUnderstood, Roll


def roll(size: int = 6, *, recorded: bool = False, **entry: object) -> Roll:
    lines = tuple(
        Line(row, Person(f"L{row}", f"学员{row}", "F", 1950), None) for row in range(1, size + 1)
    )
    call = RollCall(
        session="S",
        entry={"date": "2026-04-02", "start": "09:00", "end": "10:30", "status": "planned"} | entry,
        title="合唱班",
        place="活动室",
        teachers=(),
        lines=lines,
        heads=(),
        recorded=recorded,
        minutes=90,
    )
    return Roll(call)


def marks(of: Roll) -> str:
    return "".join(line.mark.status if line.mark else "." for line in of.lines())


def test_all_came_until_somebody_is_absent() -> None:
    one = roll()
    assert marks(one) == "PPPPPP"
    assert not one.changed
    one.numbers("2 4-5")
    assert marks(one) == "PAPAAP"
    one.numbers("6l")
    assert marks(one) == "PAPAAL"
    assert one.counts() == {
        "listed": 6, "present": 3, "absent": 3, "walk_ins": 0, "headcount": 0, "all": 3,
    }  # fmt: skip


def test_plus_names_those_who_came_and_goes_on() -> None:
    one = roll()
    one.numbers("+2")
    assert marks(one) == "APAAAA"
    one.numbers("+5 6")
    assert marks(one) == "APAAPP"


@pytest.mark.parametrize("text", ["7", "2 x", "2q"])
def test_what_is_not_understood_changes_nothing(text: str) -> None:
    one = roll()
    with pytest.raises(NotUnderstood):
        one.numbers(text)
    assert marks(one) == "PPPPPP"
    assert not one.changed


def test_one_undo_per_gesture() -> None:
    one = roll()
    one.numbers("2 4-5")
    one.cycle(one.lines()[0].person)
    one.set_headcount({"total": 8, "male": 3, "female": None, "over60": 5}, estimate=False)
    assert one.state.headcount == {
        "total": 8, "male": 3, "female": 5, "over60": 5, "basis": "counted",
    }  # fmt: skip
    one.undo()
    assert one.call.entry.get("headcount") == one.state.headcount
    one.undo()
    assert marks(one) == "PAPAAP"
    assert [one.undo(), one.undo()] == [True, False]
    assert marks(one) == "PPPPPP"
    assert one.redo()
    assert marks(one) == "PAPAAP"


def test_walk_ins() -> None:
    one = roll(2)
    guest = Person("G", "来客", "M", 1960)
    one.add_walk_in(guest)
    assert marks(one) == "PPW"
    with pytest.raises(NotUnderstood):
        one.add_walk_in(guest)
    one.remove_walk_in(guest)
    assert marks(one) == "PP"
    assert one.saved_marks()["G"] is None
    one.add_walk_in(guest)
    assert marks(one) == "PPW"


def test_somebody_of_the_list_who_came_after_all() -> None:
    one = roll(2)
    one.numbers("2")
    one.add_walk_in(one.call.lines[1].person)
    assert marks(one) == "PP"


def test_minutes_and_proxy() -> None:
    one = roll(2)
    first = one.lines()[0].person
    one.set_minutes(first, 45)
    one.toggle_proxy(first)
    assert one.lines()[0].mark == Mark("P", 45, proxy=True, source="roster")
    with pytest.raises(NotUnderstood):
        one.set_minutes(first, 91)


def test_recorded_sessions_keep_people_without_a_mark() -> None:
    assert marks(roll(2, recorded=True)) == ".."


def test_a_count_of_men_and_women_makes_the_total() -> None:
    one = roll(0)
    one.set_headcount({"total": None, "male": 30, "female": 50, "over60": None}, estimate=True)
    assert one.state.headcount == {
        "total": 80, "male": 30, "female": 50, "basis": "estimate",
    }  # fmt: skip
    assert one.values()["status"] == "held"
