"""What a record that does not count takes along: marks of learners, sessions of activities."""

import pytest

from tests.desks import TOWNSHIP, VILLAGE, Desk, Line, learner, small_class

FIGURES = ("S01", "S02", "S03", "S04", "S05", "S08", "P01", "P03")
PERIOD = ("--period", "2026-03")


def figures(desk: Desk, *words: str, unit: str = VILLAGE) -> dict[str, int]:
    """Return the numerators of a unit's figures, and what S08 expects."""
    wanted = [word for name in FIGURES for word in ("--id", name)]
    values = desk("indicators", *PERIOD, "--unit", unit, *wanted, *words)["values"]
    found = {one["id"]: one["numerator"] for one in values if one["cell"] == "all"}
    (rate,) = [one for one in values if one["id"] == "S08" and one["cell"] == "all"]
    return {**found, "expected": rate["denominator"]}


def drilled(desk: Desk, name: str) -> int:
    """Return the sum of what stands behind a village's figure."""
    rows = desk("drill", name, *PERIOD, "--unit", VILLAGE)["records"]
    return sum(row["contribution"] for row in rows)


def left_out(desk: Desk, name: str) -> dict[str, int]:
    """Return what a village's figure leaves out, by reason."""
    rows = desk("excluded", name, *PERIOD, "--unit", VILLAGE)["excluded"]
    return {row["reason"]: row["count"] for row in rows}


@pytest.fixture
def records(enrolled: Line) -> dict[str, dict[str, str]]:
    """A class at the village: three learners enrolled, two of them present; ids by kind and ref."""
    entered: dict[str, dict[str, str]] = enrolled.village.capture(small_class())["ids"]
    return entered


COUNTED = {
    "S01": 2, "S02": 2, "S03": 1, "S04": 1, "S05": 180, "S08": 2, "P01": 2, "P03": 2, "expected": 3,
}  # fmt: skip
WITHOUT = {**COUNTED, "S01": 1, "S02": 1, "S05": 90, "S08": 1, "P01": 1, "P03": 1, "expected": 2}


def test_a_learner_deleted_is_in_no_figure(
    enrolled: Line, records: dict[str, dict[str, str]]
) -> None:
    village = enrolled.village
    assert figures(village) == COUNTED
    village("delete", records["learner"]["l1"], "--why", "误录")
    assert figures(village) == WITHOUT
    for name in ("S01", "S02", "S08", "P01"):
        assert drilled(village, name) == WITHOUT[name]
    assert left_out(village, "S01")["of_nobody"] == 1
    enrolled.carry(village, enrolled.township)
    assert figures(enrolled.township) == WITHOUT
    village("undo")
    assert figures(village) == COUNTED
    assert "of_nobody" not in left_out(village, "S01")


def test_a_learner_rejected_is_in_no_figure_of_any_desk(
    enrolled: Line, records: dict[str, dict[str, str]]
) -> None:
    village, township, county = enrolled.village, enrolled.township, enrolled.county
    enrolled.carry(village, township)
    township("reject", records["learner"]["l1"], "--why", "查无此人")
    assert figures(township) == WITHOUT
    for name in ("S01", "S02", "S08", "P01"):
        assert drilled(township, name) == WITHOUT[name]
    assert left_out(township, "S02")["of_nobody"] == 1
    for desk in (village, county):
        enrolled.carry(township, desk)
        assert figures(desk) == WITHOUT
    township("approve", records["learner"]["l1"])
    assert figures(township) == COUNTED


def test_cells_by_age_and_sums_of_roll_calls_leave_out_the_same(
    enrolled: Line, records: dict[str, dict[str, str]]
) -> None:
    village = enrolled.village
    village("delete", records["learner"]["l1"], "--why", "误录")
    values = village("indicators", *PERIOD, "--unit", VILLAGE, "--by", "sex", "--id", "S01")
    by_sex = [one["numerator"] for one in values["values"] if one["cell"] != "all"]
    assert sum(by_sex) == figures(village)["S01"] == 1
    # With nobody left on it the session itself still counts.
    village("delete", records["learner"]["l2"], "--why", "误录")
    assert {name: figures(village)[name] for name in ("S01", "S02", "S03", "S05")} == {
        "S01": 0, "S02": 0, "S03": 1, "S05": 0,
    }  # fmt: skip


def test_one_person_twice_counts_by_the_record_that_stays(enrolled: Line) -> None:
    village = enrolled.village
    twice = [learner("l1", "周桂兰"), learner("l2", "周桂兰"), learner("l3", "郑秀英")]
    rows = [{"learner": "l1", "status": "P"}, {"learner": "l2", "status": "P", "minutes": 30}]
    content = small_class(learners=twice, rollcalls=[{"session": "s1", "rows": rows}])
    ids = village.capture(content)["ids"]["learner"]
    village("link", ids["l1"], ids["l2"])
    whole = figures(village)
    assert (whole["S01"], whole["S02"], whole["S05"]) == (1, 1, 90)
    village("delete", ids["l1"], "--why", "重复")
    left = figures(village)
    assert (left["S01"], left["S02"], left["S05"]) == (1, 1, 30)
    assert drilled(village, "S05") == 30


def test_sessions_of_an_activity_rejected_are_in_no_figure(
    enrolled: Line, records: dict[str, dict[str, str]]
) -> None:
    village, township = enrolled.village, enrolled.township
    enrolled.carry(village, township)
    township("reject", records["activity"]["a1"], "--why", "与上月重复")
    assert set(figures(township).values()) == {0}
    assert left_out(township, "S03") == {"set_aside": 1}
    rows = township("board", *PERIOD)["units"]
    (row,) = [one for one in rows if one["unit"] == VILLAGE]
    assert (row["sessions"], row["attendances"]) == (0, 0)
    township("undo")
    assert figures(township) == COUNTED


def test_a_locked_figure_keeps_whom_the_lock_covers(
    enrolled: Line, records: dict[str, dict[str, str]]
) -> None:
    village, township = enrolled.village, enrolled.township
    village("submit", *PERIOD)
    enrolled.carry(village, township)
    township("lock", "2026-03", "--force", "--why", "核对过")
    before = figures(township, "--basis", "approved")
    assert before == COUNTED
    township("reject", records["learner"]["l1"], "--why", "查无此人")
    assert figures(township, "--basis", "approved") == before
    assert figures(township) == WITHOUT


def test_nobody_approves_what_the_tier_below_has_rejected(
    enrolled: Line, records: dict[str, dict[str, str]]
) -> None:
    village, township, county = enrolled.village, enrolled.township, enrolled.county
    session = records["session"]["s1"]
    enrolled.carry(village, township)
    township("reject", session, "--why", "与照片不符")
    enrolled.carry(township, county)
    assert county.refuses("approve", session) == "review_rejected_below"
    done = county("approve", *PERIOD, "--unit", TOWNSHIP)
    assert {"record": session, "code": "review_rejected_below"} in done["skipped"]
    (refused,) = county("worklist", "--group", "rejected")["items"]
    assert refused["record"] == session
    assert county("show", session)["record"]["review_states"] == {"township": "rejected"}
    township("approve", session)
    enrolled.carry(township, county)
    assert county("approve", session)["approved"] == 1


def test_the_village_hears_of_a_rejection_and_why(
    enrolled: Line, records: dict[str, dict[str, str]]
) -> None:
    village, township = enrolled.village, enrolled.township
    session = records["session"]["s1"]
    enrolled.carry(village, township)
    township("reject", session, "--why", "与照片不符")
    enrolled.carry(township, village)
    (told,) = village("today")["rejected"]
    assert (told["record"], told["tier"], told["why"]) == (session, "township", "与照片不符")
    assert told["about"].startswith("书法班")
    receipt = township("receipt", "--to", VILLAGE, "--out", enrolled.stick / "receipt")
    village("receive", receipt["path"])
    (outcome,) = village("outcome", session)["outcomes"]
    assert (outcome["verdict"], outcome["why"]) == ("rejected", "与照片不符")
    shown = village("show", session)["record"]
    assert shown["rejected"] == [{"tier": "township", "why": "与照片不符"}]
    later = Desk(village.folder, VILLAGE, "2026-06-30T10:00:00+08:00")
    assert later("today")["rejected"] == []
    township("approve", session)
    enrolled.carry(township, village)
    assert village("today")["rejected"] == []
