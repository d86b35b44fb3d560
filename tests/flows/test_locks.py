"""Locked periods between three separate folders: what is counted, what comes later, in which order.

The oracle of a locked figure is a computer that has never received anything else: a copy of the
folder made at the moment of the lock.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.desks import (
    SISTER,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    counted,
    document,
    learner,
    small_class,
    twin_of,
)
from tests.flows.test_review import everywhere, one, up_and_down

MARCH = "2026-03"
LATER = "2027-02-01T10:00:00+08:00"
DIMENSIONS = ("category", "age", "sex")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """Three tiers at work; a village and its sister have handed in March."""
    line = Line(tmp_path_factory.mktemp("line"))
    line.found()
    line.enrol()
    for village in (line.village, line.sister):
        village.capture(small_class(village.unit))
        village("submit", "--period", MARCH)
        line.carry(village, line.township)
    line.carry(line.township, line.county)
    return line


@pytest.fixture
def line(founded: Line, tmp_path: Path) -> Line:
    """A copy of these folders to work in."""
    copy = Line(tmp_path)
    for name in ("county", "township", "village", "sister"):
        desk: Desk = getattr(founded, name)
        setattr(copy, name, twin_of(desk, tmp_path / name))
    return copy


def figures(desk: Desk, basis: str = "approved", unit: str = TOWNSHIP, period: str = MARCH) -> Any:
    """Return every figure of a unit and those below it with cells and drilled records."""
    words = ("--period", period, "--unit", unit, "--basis", basis)
    found = {"all": counted(desk("indicators", *words, "--children")["values"])}
    for dimension in DIMENSIONS:
        found[dimension] = counted(desk("indicators", *words, "--by", dimension)["values"])
    for name in ("S01", "S02", "S03", "S08"):
        rows = desk("drill", name, *words)["records"]
        found[f"drill {name}"] = sorted(rows, key=json.dumps)
    return json.loads(json.dumps(found))


def value(desk: Desk, name: str = "S01", **words: str) -> Any:
    """Return one figure of the approved basis."""
    asked = {"period": MARCH, "unit": TOWNSHIP, "basis": "approved", **words}
    options = [part for key, text in asked.items() for part in (f"--{key}", text)]
    return counted(desk("indicators", *options, "--id", name)["values"])[0]


def shown(desk: Desk, unit: str = VILLAGE, period: str = MARCH) -> Any:
    """Return how a period of one unit stands."""
    rows = desk("lock", period, "--show")["units"]
    return next(row for row in rows if row["unit"] == unit)


def change_everything(line: Line) -> None:
    """Let the village and the township write on what was locked, and beside it."""
    village, township = line.village, line.township
    session = one(village)
    ids = {name: person(village, name) for name in ("周桂兰", "吴建国", "郑秀英")}
    late = {"reasons": {"PERIOD_LOCKED": "补报"}}
    rows = [{"learner": ids["郑秀英"], "status": "P"}, {"learner": ids["周桂兰"], "status": "A"}]
    village.capture(document("late", rollcalls=[{"session": session, "rows": rows, **late}]))
    village("edit", ids["吴建国"], "birth=1990-01-01", "sex=F")
    village("edit", one(village, "activity"), "kind=02")
    village("edit", one(village, "site"), "closed=2026-03-20")
    village.capture(
        document(
            "desk",
            learners=[learner("l9", "冯新来")],
            sessions=[
                {
                    "ref": "s9", "activity": "a1", "date": "2026-03-10", "start": "09:00",
                    "end": "10:00", "status": "held", **late,
                },
            ],
            rollcalls=[{"session": "s9", "rows": [{"learner": "l9", "status": "W"}], **late}],
        )
    )  # fmt: skip
    line.carry(village, township)
    township("link", ids["周桂兰"], person(township, "周桂兰", SISTER))


def person(desk: Desk, name: str, unit: str = VILLAGE) -> str:
    """Return the id of a learner of a unit."""
    rows = desk("list", "learner", "--query", name, "--unit", unit)["records"]
    return str(rows[0]["id"])


def test_a_locked_figure_counts_what_was_held_and_nothing_written_later(line: Line) -> None:
    village, township, county = everywhere(line)
    answer = township("lock", MARCH)
    assert (answer["period"], answer["state"], answer["operations"]) == (MARCH, "locked", 3)
    oracle = twin_of(township, line.place / "oracle")
    before = figures(oracle)
    assert value(township)["value"] == 4
    assert figures(oracle, "received")["all"][0]["value"] == before["all"][0]["value"]
    change_everything(line)
    assert figures(township, "received") != figures(oracle, "received")
    assert figures(township) == before
    up_and_down(line)
    assert figures(county) == before
    assert value(village, unit=VILLAGE) == value(township, unit=VILLAGE)
    assert value(village, unit=VILLAGE)["value"] == 2
    for desk in everywhere(line):
        assert desk.is_sound()
    assert county.state(VILLAGE) == township.state(VILLAGE) == village.state(VILLAGE)


def test_a_session_moved_out_of_a_locked_month_is_counted_once(line: Line) -> None:
    """Where it was when the month was locked; in its new month only by a reversal."""
    village, township = line.village, line.township
    township.now = village.now = "2026-05-02T10:00:00+08:00"
    township("lock", MARCH)
    session = one(village)
    village("edit", session, "date=2026-04-03", "--reason", "PERIOD_LOCKED=记错了日期")
    line.carry(village, township)
    township("approve", session)
    figures_of = [value(township, unit=VILLAGE, period=p) for p in (MARCH, "2026-04", "2026-H1")]
    assert [row["value"] for row in figures_of] == [2, 0, 2]


def test_what_comes_after_the_lock_is_listed_as_supplement_and_counts_when_locked_anew(
    line: Line,
) -> None:
    village, township = line.village, line.township
    township("lock", MARCH)
    assert shown(township)["supplements"] == []
    change_everything(line)
    kinds = {row["kind"] for row in shown(township)["supplements"]}
    assert {"session", "activity", "learner", "site"} <= kinds
    items = township("review", "--state", "supplement", "--period", MARCH)["items"]
    assert one_of(items, one_session(village))["flags"] == ["supplement"]
    assert {row["record"] for row in shown(township)["supplements"]} <= {
        row["record"] for row in items
    }
    assert township.refuses("unlock", MARCH, "--why", " ") == "reason_missing"
    assert township("unlock", MARCH, "--why", "补报并入")["state"] == "open"
    assert value(township)["value"] == 0
    assert township("lock", MARCH)["state"] == "locked"
    assert value(township) == {**value(township, basis="received"), "basis": "approved"}
    assert shown(township)["supplements"] == []


def one_session(desk: Desk) -> str:
    """Return the session of the first class."""
    rows = desk("list", "session", "--unit", VILLAGE)["records"]
    return str(next(row["id"] for row in rows if row["date"] == "2026-03-03"))


def one_of(items: Any, record: str) -> Any:
    """Return the item of a record."""
    return next(row for row in items if row["record"] == record)


def test_the_village_sees_submitted_then_locked_and_is_warned_but_nothing_is_lost(
    line: Line,
) -> None:
    village, township = line.village, line.township
    session = one(village)
    assert shown(village)["state"] == "submitted"
    assert village.refuses("lock", MARCH) == "lock_not_here"
    township("lock", MARCH)
    line.carry(township, village)
    assert (shown(village)["state"], shown(village)["by"]) == ("locked", "township")
    answer = village("edit", session, "notes=改", code=1)
    (issue,) = answer["issues"]
    assert (issue["code"], issue["severity"]) == ("PERIOD_LOCKED", "warning")
    again = small_class()
    assert village.capture(again)["operations"] == 0
    done = village("edit", session, "notes=改", "--reason", "PERIOD_LOCKED=漏记")
    assert done["operations"] == 1
    line.carry(village, township)
    assert township("show", session)["record"]["notes"] == "改"
    assert [row["record"] for row in shown(township)["supplements"]] == [session]
    # A day of another month asks for nothing; moving it into the locked one does.
    april = {
        "ref": "s4", "activity": "a1", "date": "2026-04-01", "start": "09:00", "end": "10:00",
        "status": "held",
    }  # fmt: skip
    made = village.capture(document("desk", sessions=[april]))["ids"]["session"]["s4"]
    assert village("edit", made, "date=2026-03-30", code=1)["issues"][0]["code"] == "PERIOD_LOCKED"


def test_a_lock_is_refused_while_something_is_open_unless_a_reason_is_given(line: Line) -> None:
    township = line.township
    session = one(line.village)
    assert township.refuses("lock", "2026-04") == "lock_too_early"
    assert township.refuses("lock", MARCH, "--unit", "999999999999") == "unit_unknown"
    township("return", session, "notes", "--reason", "R01", "--text", "补")
    assert township.refuses("lock", MARCH) == "lock_problems"
    (problem,) = township("lock", MARCH, "--show")["problems"]
    assert (problem["code"], problem["record"], problem["unit"]) == ("return", session, VILLAGE)
    assert township.refuses("lock", MARCH, "--force") == "reason_missing"
    answer = township("lock", MARCH, "--force", "--why", "期限已到")
    assert [row["code"] for row in answer["problems"]] == ["return"]
    line.carry(township, line.village)
    lock = township.operations()[-1]
    assert (lock.k, bool(lock.why)) == ("submission.lock", True)
    assert line.sister.refuses("unlock", MARCH, "--why", "x") == "lock_not_here"


def test_an_open_conflict_stands_against_a_lock(line: Line) -> None:
    session = one(line.village)
    line.township("edit", session, "notes=镇", "--why", "核对")
    line.village("edit", session, "notes=村")
    line.carry(line.village, line.township)
    assert line.township.refuses("lock", MARCH) == "lock_problems"
    codes = {row["code"] for row in line.township("lock", MARCH, "--show")["problems"]}
    assert codes == {"conflict"}


def test_locks_go_on_in_order_and_come_off_in_reverse(line: Line) -> None:
    village, township, county = everywhere(line)
    april = {
        "ref": "s4", "activity": "a1", "date": "2026-04-07", "start": "09:00", "end": "10:00",
        "status": "held",
    }  # fmt: skip
    for desk in (village, township, county, line.sister):
        desk.now = LATER
    village.capture(document("desk", unit=VILLAGE, sessions=[april]))
    village("submit", "--period", "2026-04")
    line.carry(village, township)
    assert township.refuses("lock", "2026-04") == "lock_order"
    township("lock", MARCH)
    township("lock", "2026-04")
    assert township("lock", MARCH)["operations"] == 0
    assert township.refuses("unlock", MARCH, "--why", "改") == "unlock_order"
    line.carry(township, county)
    county("lock", "2026")
    line.carry(county, township)
    assert township.refuses("unlock", "2026-04", "--why", "改") == "locked_above"
    assert county.refuses("lock", "2026-05") == "locked_within"
    assert county.refuses("unlock", "2026-05", "--why", "改") == "locked_within"
    assert county.refuses("unlock", "2025-05", "--why", "改") == "not_locked"
    assert county("unlock", "2026", "--why", "省厅要求")["state"] == "open"
    line.carry(county, township)
    assert township("unlock", "2026-04", "--why", "改")["operations"] > 0
    assert township("unlock", MARCH, "--why", "改")["state"] == "open"
    line.carry(township, village)
    assert shown(village)["state"] == "submitted"


def test_a_quarter_is_the_sum_of_its_locked_months_and_a_moved_session_counts_once(
    line: Line,
) -> None:
    village, township = line.village, line.township
    session = one(village)
    for desk in (village, township):
        desk.now = LATER
    township("lock", MARCH)
    why = ("--reason", "PERIOD_LOCKED=日期记错", "--why", "日期记错")
    line.carry(township, village)
    village("edit", session, "date=2026-02-27", *why)
    line.carry(village, township)
    assert value(township)["value"] == 4
    quarter = {"period": "2026-Q1"}
    assert value(township, **quarter, basis="received")["value"] == 4
    assert value(township, **quarter)["value"] == 4
    township("approve", session)
    assert value(township, **quarter)["value"] == 4
    # Approved anew it still counts in March alone, else months would add up to more than quarters.
    assert value(township, period="2026-02")["value"] == 0
    assert value(township, period="2026-02", basis="received")["value"] == 2
    # What is new in the locked month is in none of them, approved or not.
    late = {
        "ref": "s5", "activity": "a1", "date": "2026-03-12", "start": "09:00", "end": "10:00",
        "status": "held", "reasons": {"PERIOD_LOCKED": "补报"},
    }  # fmt: skip
    new = village.capture(document("desk", sessions=[late]))["ids"]["session"]["s5"]
    line.carry(village, township)
    township("approve", new)
    assert value(township, "S03", **quarter, basis="received")["value"] == 3
    assert value(township, "S03", **quarter)["value"] == 2


def test_a_lock_is_no_handing_in(line: Line) -> None:
    """The township locks its own month too; the county has received nothing from it yet."""
    line.township("lock", MARCH)
    line.carry(line.township, line.county)
    (own,) = [
        row["id"]
        for row in line.county("list", "submission")["records"]
        if row["in_unit"] == TOWNSHIP
    ]
    assert "review" not in line.county("show", own)["record"]
    line.county.now = LATER
    line.township.now = LATER
    line.township("submit", "--period", MARCH, "--zero", "本月无活动")
    line.carry(line.township, line.county)
    rows = {row["unit"]: row for row in line.county("completeness", "--period", MARCH)["units"]}
    assert rows[TOWNSHIP]["received_at"] == LATER


def test_what_a_lock_covers_cannot_be_rolled_back(line: Line) -> None:
    village, township = line.village, line.township
    row = line.carry(village, township)
    village("edit", one(village), "notes=补")
    row = line.carry(village, township)
    township("lock", MARCH)
    assert township.refuses("rollback", str(row["batch"])) == "period_locked"
    village("edit", one(village), "notes=再补", "--reason", "PERIOD_LOCKED=x")
    later = line.carry(village, township)
    township("rollback", str(later["batch"]))
    township("unlock", MARCH, "--why", "退回重报")
    township("rollback", str(row["batch"]))
    assert township.is_sound()


def test_a_lock_without_all_it_covers_makes_the_figure_incomplete(line: Line) -> None:
    """The county has taken back a file before the lock came, and does not want it again."""
    village, township, county = everywhere(line)
    village("edit", one(village), "notes=补")
    line.carry(village, township)
    row = line.carry(township, county)
    line.carry(county, township)
    township("lock", MARCH)
    county("rollback", str(row["batch"]))
    path = township.pack(county.unit, line.stick / "lock")
    county("receive", path, "--keep-withdrawn")
    found = value(county)
    assert (found["value"], found["incomplete"]) == (4, [VILLAGE])
    assert found["missing"]
    assert shown(county)["incomplete"] == 1
    assert value(township)["missing"] is None
    county("reapply", str(row["batch"]))
    assert (value(county)["incomplete"], value(county)["missing"]) == ([], None)


def test_what_a_tier_rejects_after_the_lock_changes_only_the_received_figure(line: Line) -> None:
    session = one(line.village)
    line.township("lock", MARCH)
    line.township("reject", session, "--why", "未举办")
    assert value(line.township, basis="received")["value"] == 2
    assert value(line.township)["value"] == 4


def test_a_unit_that_was_silent_when_all_was_locked_counts_nothing_later(line: Line) -> None:
    """A lock of the county stands for units that took no part; what they bring is a supplement."""
    sister, township = line.sister, line.township
    extra = Line(line.place / "extra")
    assert extra.place != line.place
    fresh = Desk(line.place / "fresh", "410122101207")
    opening = township("opening", fresh.unit, "--out", line.stick / "o")["files"][0]["path"]
    township("lock", MARCH)
    fresh("open", opening)
    fresh.capture(small_class(fresh.unit))
    line.carry(fresh, township)
    assert value(township, basis="received")["value"] == 6
    assert value(township)["value"] == 4
    assert value(sister, unit=SISTER)["value"] == 0
    line.carry(township, sister)
    assert value(sister, unit=SISTER)["value"] == 2
    assert {row["kind"] for row in shown(township, fresh.unit)["supplements"]} >= {"session"}


def test_undo_does_not_reach_a_lock_and_what_is_opened_again_is_free(line: Line) -> None:
    """An undo would skip the order of periods and the reason."""
    township = line.township
    change = township("lock", MARCH)["change"]
    assert value(township)["value"] == 4
    assert township.refuses("undo") == "lock_not_undone"
    assert township.refuses("undo", str(change)) == "lock_not_undone"
    township("unlock", MARCH, "--why", "补报")
    assert township.refuses("undo") == "lock_not_undone"
    assert value(township)["value"] == 0
    assert shown(township)["state"] == "submitted"
    line.carry(township, line.village)
    assert line.village("edit", one(line.village), "notes=不必说明")["operations"] == 1
    line.carry(line.village, township)
    assert township("lock", MARCH)["operations"] == 3
    assert (value(township)["value"], shown(township)["state"]) == (4, "locked")
    up_and_down(line)
    assert value(line.county)["value"] == 4
    assert line.county("quarantine")["items"] == []


def test_the_county_locks_over_the_township_and_handing_in_after_a_lock_still_works(
    line: Line,
) -> None:
    village, township, county = everywhere(line)
    for desk in everywhere(line):
        desk.now = LATER
    county("lock", "2026-02")
    up_and_down(line)
    assert shown(village, period="2026-02")["by"] == "county"
    late = {
        "ref": "f1", "activity": "a1", "date": "2026-02-25", "start": "09:00", "end": "10:00",
        "status": "held", "reasons": {"PERIOD_LOCKED": "补报"},
    }  # fmt: skip
    village.capture(document("desk", unit=VILLAGE, sessions=[late]))
    answer = village("submit", "--period", "2026-02")
    assert answer["submitted"] is True
    up_and_down(line)
    rows = {row["unit"]: row for row in township("completeness", "--period", "2026-02")["units"]}
    assert rows[VILLAGE]["state"] == "late"
    assert township.is_sound()
    assert township("conflicts")["total"] == 0


def drilled(desk: Desk, name: str, period: str) -> int:
    """Return the sum of the rows behind a figure of the approved basis."""
    words = ("--period", period, "--unit", TOWNSHIP, "--basis", "approved")
    return sum(row["contribution"] for row in desk("drill", name, *words)["records"])


def test_after_the_years_lock_a_correction_is_booked_in_an_open_period(line: Line) -> None:
    village, township, county = everywhere(line)
    session = one(village)
    for desk in everywhere(line):
        desk.now = LATER
    township("lock", MARCH)
    line.carry(township, county)
    county("lock", "2026")
    up_and_down(line)
    assert county.refuses("reverse", session, "--period", "2027-01", "--why", "x") == (
        "reversal_not_locked"
    )
    rows = [{"learner": person(village, "郑秀英"), "status": "P"}]
    late = {"reasons": {"PERIOD_LOCKED": "漏登"}}
    village.capture(document("late", rollcalls=[{"session": session, "rows": rows, **late}]))
    village("edit", session, "end=11:00", "--why", "实到十一点")
    line.carry(village, township)
    line.carry(township, county)
    assert county.refuses("reverse", session, "--period", "2026-12", "--why", "x") == (
        "reversal_open_period"
    )
    assert village.refuses("reverse", session, "--period", "2027-01", "--why", "x") == (
        "review_not_below"
    )
    learner_ = person(county, "郑秀英")
    assert county.refuses("reverse", learner_, "--period", "2027-01", "--why", "x") == (
        "reversal_sessions_only"
    )
    done = county("reverse", session, "--period", "2027-01", "--why", "年度补登")
    assert done["operations"] == 1
    up_and_down(line)
    for desk in everywhere(line):
        january = {"period": "2027-01", "unit": TOWNSHIP if desk is not village else VILLAGE}
        # One attendance more, and half an hour more for each of the three who were there.
        assert value(desk, **january)["numerator"] == 1
        assert value(desk, "S05", **january)["numerator"] == 3 * 120 - 2 * 90
        assert value(desk, "S03", **january)["numerator"] == 0
        assert value(desk, **january, basis="received")["numerator"] == 0
        assert desk.is_sound()
    for name in ("S01", "S05"):
        asked = value(township, name, period="2027-01")
        assert drilled(township, name, "2027-01") == asked["numerator"]
    (row,) = township("drill", "S01", "--period", "2027-01", "--basis", "approved")["records"]
    assert (row["kind"], row["date"], row["contribution"]) == ("reversal", "2026-03-03", 1)
    assert row["id"] == done["reversal"]
    for period in (MARCH, "2026"):
        assert value(township, period=period)["value"] == 4
    assert value(township, period="2026-2027")["value"] == 1
    assert county.refuses("unlock", "2026", "--why", "改") == "unlock_reversed"
    # A second correction adds only what is new; locked in its turn it stays as it was.
    county("lock", "2027-01")
    line.carry(county, township)
    oracle = figures(township, period="2027-01")
    village("edit", session, "status=cancelled", "--why", "实未举办")
    line.carry(village, township)
    line.carry(township, county)
    county("reverse", session, "--period", "2027-02", "--why", "实未举办")
    up_and_down(line)
    assert figures(township, period="2027-01") == oracle
    assert value(county, period="2027-02")["numerator"] == -3
    assert value(county, "S03", period="2027-02")["numerator"] == -1
    assert value(county, period="2027")["numerator"] == -2
    county("undo")
    assert value(county, period="2027")["numerator"] == 1
