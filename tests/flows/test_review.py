"""Review between three separate folders: verdicts and their effect, by files alone."""

from pathlib import Path
from typing import Any

import pytest

from tests.desks import (
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    document,
    small_class,
    twin_of,
)

MARCH = "2026-03"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """Three tiers at work; the village has one held session in March and has handed it in."""
    line = Line(tmp_path_factory.mktemp("line"))
    line.found()
    line.enrol()
    line.village.capture(small_class())
    line.village("submit", "--period", MARCH)
    line.carry(line.village, line.township)
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


def one(desk: Desk, kind: str = "session") -> str:
    """Return the id of the only record of a kind."""
    (record,) = desk("list", kind)["records"]
    return str(record["id"])


def figure(desk: Desk, name: str = "S01", basis: str = "approved", unit: str = VILLAGE) -> Any:
    """Return a figure of March."""
    words = ("--period", MARCH, "--unit", unit, "--basis", basis, "--id", name)
    return desk("indicators", *words)["values"][0]["value"]


def states(desk: Desk, record: str) -> Any:
    """Return where a record stands with each tier."""
    return desk("show", record)["record"].get("review_states", {})


def listed(desk: Desk, record: str, *words: str) -> Any:
    """Return the item of a record on the work list, None if it is not on it."""
    return next((row for row in desk("review", *words)["items"] if row["record"] == record), None)


def up_and_down(line: Line) -> None:
    """Carry everything to the county and back to the village."""
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)


def everywhere(line: Line) -> tuple[Desk, ...]:
    """Return the three desks of one line."""
    return line.village, line.township, line.county


def test_a_record_goes_from_none_over_returned_and_edited_to_approved(line: Line) -> None:
    village, township, county = everywhere(line)
    session = one(village)
    assert listed(township, session)["state"] == "none"
    assert figure(township) == 0
    returned = township("return", session, "notes", "--reason", "R01", "--text", "请补签到表")
    assert listed(township, session)["state"] == "returned"
    assert "returned" in listed(township, session)["flags"]
    assert township.refuses("approve", session) == "review_returned"
    line.carry(township, village)
    held = len(village.lines())
    village("edit", session, "notes=已补")
    fix, closing = village.operations(held)
    assert (closing.k, closing.r) == ("return.close", returned["return_id"])
    assert closing.f == {"closed_by": village("returns")["returns"][0]["closed_by"]}
    assert fix.r == session
    line.carry(village, township)
    assert listed(township, session)["state"] == "edited"
    assert township("approve", session)["approved"] == 1
    up_and_down(line)
    for desk in everywhere(line):
        assert states(desk, session) == {"township": "approved"}
        assert figure(desk) == 2
        assert desk.is_sound()
    assert county.state(VILLAGE) == township.state(VILLAGE) == village.state(VILLAGE)


def test_an_approval_covers_what_its_author_had_seen_and_nothing_else(line: Line) -> None:
    """The village adds a mark without knowing of the approval; the township edits knowing of it."""
    village, township, _county = everywhere(line)
    session = one(village)
    (third,) = [row["id"] for row in village("list", "learner", "--query", "郑")["records"]]
    township("approve", session)
    rows = [{"learner": third, "status": "P"}]
    village.capture(document("later", rollcalls=[{"session": session, "rows": rows}]))
    up_and_down(line)
    for desk in everywhere(line):
        assert states(desk, session) == {"township": "edited"}
        assert (figure(desk), figure(desk, basis="received")) == (2, 3)
    assert "edited" in listed(township, session)["flags"]
    assert [row["record"] for row in township("review", "--state", "edited")["items"]] == [session]
    township("approve", session)
    assert (figure(township), states(township, session)) == (3, {"township": "approved"})
    # The second approval taken back, the first one stands with what it covered.
    township("undo")
    assert (figure(township), states(township, session)) == (2, {"township": "edited"})
    up_and_down(line)
    assert {figure(desk) for desk in everywhere(line)} == {2}
    # One step further back there was no approval.
    township("undo")
    assert (figure(township), states(township, session)) == (0, {"township": "none"})


def test_a_rejected_record_is_in_no_figure_anywhere_until_that_is_taken_back(line: Line) -> None:
    session = one(line.village)
    assert line.township.refuses("reject", session, "--why", " ") == "reason_missing"
    line.township("reject", session, "--why", "活动未举办")
    assert figure(line.township, basis="received") == 0
    up_and_down(line)
    for desk in everywhere(line):
        assert states(desk, session) == {"township": "rejected"}
        assert figure(desk, basis="received") == figure(desk) == 0
        assert desk.is_sound()
    (last,) = [row for row in line.village.history(session) if row["kind"] == "session.reject"]
    assert last["why"] == "活动未举办"
    line.township("undo")
    up_and_down(line)
    for desk in everywhere(line):
        assert states(desk, session) in ({}, {"township": "none"})
        assert figure(desk, basis="received") == 2


def test_each_tier_has_its_own_word_and_what_is_above_stands(line: Line) -> None:
    village, township, county = everywhere(line)
    session = one(village)
    county("approve", session)
    up_and_down(line)
    assert states(village, session) == {"county": "approved"}
    township("reject", session, "--why", "重复")
    up_and_down(line)
    assert states(county, session) == {"township": "rejected", "county": "approved"}
    assert figure(county, basis="received") == 0
    county("reject", session, "--why", "重复")
    up_and_down(line)
    assert township.refuses("approve", session) == "review_rejected_above"
    assert county("undo")["operations"] == 1
    up_and_down(line)
    assert township("approve", session)["approved"] == 1


def test_returning_what_was_approved_takes_it_out_until_it_is_approved_again(line: Line) -> None:
    village, township = line.village, line.township
    session = one(village)
    township("approve", session)
    for text in ("缺照片", "再看一次"):
        township("return", session, "notes", "--reason", "R02", "--text", text)
    assert states(township, session) == {"township": "returned"}
    assert (figure(township), figure(township, basis="received")) == (0, 2)
    line.carry(township, village)
    village("edit", session, "notes=补")
    assert {row["state"] for row in village("returns")["returns"]} == {"closed"}
    line.carry(village, township)
    assert (states(township, session), figure(township)) == ({"township": "edited"}, 2)
    township("return", session, "notes", "--reason", "R02", "--text", "第三次")
    assert states(township, session) == {"township": "returned"}
    township("undo")
    assert township("returns")["total"] == 2
    assert states(township, session) == {"township": "edited"}
    township("approve", session)
    assert states(township, session) == {"township": "approved"}


def test_approving_the_same_twice_writes_nothing_and_faults_are_refused(line: Line) -> None:
    session = one(line.village)
    line.township("approve", session)
    answer = line.township("approve", session)
    assert (answer["operations"], answer["same"], answer["change"]) == (0, 1, None)
    assert line.village.refuses("approve", session) == "review_not_below"
    submission = one(line.township, "submission")
    assert line.township.refuses("approve", submission) == "review_not_kind"
    line.township("edit", session, "notes=镇", "--why", "核对")
    line.village("edit", session, "notes=村")
    line.carry(line.village, line.township)
    assert line.township.refuses("approve", session) == "review_conflict"
    assert "conflict" in listed(line.township, session)["flags"]
    assert line.township("approve", code=2)["error"]["code"] == "usage"


def test_a_whole_period_is_approved_at_once_but_not_what_is_open(line: Line) -> None:
    township = line.township
    answer = township("approve", "--period", MARCH, "--unit", VILLAGE)
    assert (answer["approved"], answer["skipped"]) == (4, [])
    assert township("approve", "--period", MARCH)["operations"] == 0
    assert township("approve", "--period", "2026-01")["approved"] == 0
    assert figure(township, "S08") == 2 / 3
    township("undo")
    assert figure(township) == 0
    session = one(township)
    township("return", session, "notes", "--reason", "R01", "--text", "补")
    answer = township("approve", "--period", MARCH)
    assert answer["skipped"] == [{"record": session, "code": "review_returned"}]
    assert (answer["approved"], figure(township)) == (3, 0)


def test_nobody_reviews_his_own_entries_where_the_county_says_so(line: Line) -> None:
    village, township, county = everywhere(line)
    operators = [{"ref": ref, "name": name} for ref, name in (("o1", "钱一"), ("o2", "孙二"))]
    ids = township.capture(document("op", unit=TOWNSHIP, operators=operators))["ids"]["operator"]
    session = one(village)
    township("--operator", ids["o1"], "edit", session, "notes=代改", "--why", "电话核对")
    assert township("--operator", ids["o1"], "approve", session)["approved"] == 1
    township("undo")
    county("policy", "four_eyes=on")
    up_and_down(line)
    assert township("policy")["policy"]["four_eyes"] == "on"
    assert township.refuses("policy", "four_eyes=off") == "policy_from_above"
    assert township.refuses("--operator", ids["o1"], "approve", session) == "reviewer_is_author"
    assert township.refuses("approve", session) == "reviewer_is_author"
    assert listed(township, session)["author"] == ids["o1"]
    answer = township("--operator", ids["o1"], "approve", "--period", MARCH)
    assert answer["skipped"] == [{"record": session, "code": "reviewer_is_author"}]
    assert township("--operator", ids["o2"], "approve", session)["approved"] == 1
    # What was approved by another is no longer at stake: only the uncovered part is.
    village("edit", session, "notes=村里又改", "--why", "核对")
    line.carry(village, township)
    assert township("--operator", ids["o1"], "approve", session)["approved"] == 1


def many(count: int) -> dict[str, Any]:
    """Return a class with as many sessions in March."""
    content = small_class()
    content["source"] = "many"
    content["activities"] = [{**content["activities"][0], "opens": "2026-03-01"}]
    sessions = []
    for n in range(count):
        day, hour = 1 + n % 28, 8 + 2 * (n // 28)
        sessions.append(
            {
                "ref": f"s{n}", "activity": "a1", "date": f"2026-03-{day:02}",
                "start": f"{hour:02}:00", "end": f"{hour + 1:02}:00", "status": "held",
            }
        )  # fmt: skip
    content["sessions"] = sessions
    content["rollcalls"] = []
    content["learners"], content["enrolments"] = [], []
    return content


def test_the_sample_is_stable_flagged_records_are_in_it_and_nobody_else_can_know_it(
    line: Line,
) -> None:
    line.village.capture(many(120), "--keep-good")
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    township = line.township
    asked = next(row["record"] for row in township("review")["items"] if row["kind"] == "session")
    township("return", asked, "notes", "--reason", "R01", "--text", "补")

    def chosen(desk: Desk) -> set[str]:
        return {row["record"] for row in desk("review", "--sample")["items"]}

    flagged = {row["record"] for row in township("review")["items"] if row["flags"]}
    total = township("review")["total"]
    first = chosen(township)
    assert asked in first
    assert first == chosen(township)
    assert flagged < first
    assert 0 < len(first - flagged) < total / 2
    assert first - flagged != chosen(line.county) - flagged
    line.township("policy", "review_sample=0")
    assert chosen(township) == flagged
    line.township("policy", "review_sample=100")
    assert len(chosen(township)) == total
    assert township.refuses("policy", "review_sample=101") == "policy_value"


def test_approving_a_period_leaves_what_was_rejected_to_be_approved_by_name(line: Line) -> None:
    township = line.township
    session = one(township)
    township("reject", session, "--why", "活动未举办")
    answer = township("approve", "--period", MARCH, "--unit", VILLAGE)
    assert {"record": session, "code": "review_rejected"} in answer["skipped"]
    assert states(township, session) == {"township": "rejected"}
    assert figure(township, basis="received") == 0
    assert township("approve", session)["approved"] == 1
    assert figure(township, basis="received") == 2
