"""Lines of a report from which a hidden number would follow are hidden with it."""

from typing import Any

from learnsite_desktop.domain.progress import silent
from learnsite_desktop.services.official.asked import Asked
from learnsite_desktop.services.official.catalogue import parse_line
from learnsite_desktop.services.official.lines import Counter, Filled, fill_lines, year_before
from tests.desks import VILLAGE, Desk, learner


def filled(desk: Desk, *words: str) -> list[Filled]:
    """Fill lines for March as a report does."""
    with desk.open(write=False) as workspace:
        asked = Asked(period="2026-03")
        now = asked.question(workspace)
        last = asked.question(workspace, year_before(now.period).text)
        counters = Counter(workspace, now), Counter(workspace, last)
        return fill_lines(workspace, *counters, [parse_line(word) for word in words], silent)


def a_small_child(desk: Desk) -> None:
    guardian = {"name": "孙桂芳", "relation": "母亲", "mobile": "14400000103", "date": "2026-02-01"}
    child = learner("c1", "小宝", birth="2021-05-01", guardian=guardian, consents=[
        {"kind": kind, "date": "2026-02-01", "by": "guardian", "medium": "paper"}
        for kind in ("notice", "guardian")
    ])  # fmt: skip
    held = {"session": "s1", "rows": [{"learner": "c1", "status": "P"}]}
    entered = {"v": 1, "source": "village", "unit": VILLAGE}
    desk.capture({**entered, "learners": [child], "rollcalls": [held]})


def test_a_line_of_every_age_hides_two(desk: Desk) -> None:
    a_small_child(desk)
    ages = [value["cell"].removeprefix("age:") for value in by_age(desk)]
    for name in ("S01", "S02"):
        made = filled(desk, name, *(f"{name}/age:{code}" for code in ages))
        by_code = {one.line.codes[0]: one.now for one in made[1:]}
        assert (by_code["00"].hidden, by_code["00"].beside) == (True, False)
        beside = [code for code, one in by_code.items() if one.beside]
        persons = {one["cell"].removeprefix("age:"): one["numerator"] for one in by_age(desk)}
        others = {code: count for code, count in persons.items() if code != "00"}
        assert beside == [min(others, key=lambda code: (others[code], code))]
        assert not made[0].now.hidden


def test_where_nothing_follows_nothing_more_is_hidden(desk: Desk) -> None:
    """The older ones alone do not tell of a child."""
    a_small_child(desk)
    made = filled(desk, "S02", "S02/age:60,70,80", "S02/age:80")
    assert [one.now.hidden for one in made] == [False, False, False]


def by_age(desk: Desk) -> list[dict[str, Any]]:
    words = ("--period", "2026-03", "--by", "age", "--id", "S02")
    return [one for one in desk("indicators", *words)["values"] if one["cell"] != "all"]
