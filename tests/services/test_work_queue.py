"""The work list: what stands in which group, and the decisions that only it knows."""

import shutil
from pathlib import Path

import pytest

from learnsite_desktop.services import work_queue
from learnsite_desktop.services.writing import Writer
from tests.desks import (
    SISTER,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    changed,
    document,
    learner,
    small_class,
)
from tests.ui.review.conftest import counts, group_of, sessions

DAY = "2026-03-03"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A village with a class and three people, held above; nothing is drawn for the sample."""
    line = Line(tmp_path_factory.mktemp("line"))
    line.found()
    line.enrol()
    line.village.capture(small_class())
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    for desk in (line.township, line.county):
        desk("policy", "review_sample=0")
    return line.place


@pytest.fixture
def line(founded: Path, tmp_path: Path) -> Line:
    """A copy of the desks for one test."""
    return Line(shutil.copytree(founded, tmp_path / "line"))


def test_sessions_and_enrolments_wait_and_people_only_when_there_is_something(line: Line) -> None:
    assert counts(line.township) == {"open": 4}
    kinds = [item["kind"] for item in line.township("worklist")["items"]]
    assert sorted(kinds) == ["enrolment"] * 3 + ["session"]
    (person, *_others) = line.township("list", "learner")["records"]
    words = ("--reason", "R06", "--text", "核对出生日期")
    line.township("return", person["id"], "birth", *words)
    assert group_of(line.township, person["id"]) == "returned"
    assert line.township("worklist")["total"] == 4


def test_a_record_goes_through_the_groups(line: Line) -> None:
    village, township = line.village, line.township
    session = sessions(township)[DAY]
    assert group_of(township, session) == "open"
    township("approve", session)
    assert group_of(township, session) == "approved"
    village("edit", session, "notes=后来又写")
    line.carry(village, township)
    assert group_of(township, session) == "edited"
    township("return", session, "notes", "--reason", "R99", "--text", "写清楚")
    assert group_of(township, session) == "returned"
    line.carry(township, village)
    village("edit", session, "notes=写清楚了")
    line.carry(village, township)
    assert group_of(township, session) == "fixed"
    township("reject", session, "--why", "重复")
    assert group_of(township, session) == "rejected"
    township("approve", session)
    assert group_of(township, session) == "approved"
    # The county has said nothing yet: what the township found is not its own word.
    line.carry(township, line.county)
    assert group_of(line.county, session) == "open"


def test_a_reason_against_a_warning_and_the_sample_are_groups(line: Line) -> None:
    long = changed(small_class(), "sessions", 0, end="15:30", reasons={})
    long["sessions"][0]["reasons"] = {"SESSION_LENGTH_UNUSUAL": "外出参观"}
    line.village.capture(long)
    line.carry(line.village, line.township)
    session = sessions(line.township)[DAY]
    assert group_of(line.township, session) == "warning"
    line.township("approve", session)
    assert group_of(line.township, session) == "approved"
    line.township("policy", "review_sample=100")
    assert counts(line.township) == {"sample": 3, "approved": 1}


def test_unit_and_period_narrow_and_what_has_no_date_stays(line: Line) -> None:
    township = line.township
    for desk, unit in ((line.village, VILLAGE), (line.sister, SISTER)):
        person = learner("d", "冯春梅", birth="1950", home_unit=unit)
        desk.capture(document("more", unit=unit, learners=[person]))
        line.carry(desk, township)
    assert counts(township) == {"duplicate": 1, "open": 4}
    found = {period: township("worklist", "--period", period)["counts"] for period in
             ("2026-02", "2026-03", "2026-04")}  # fmt: skip
    # An enrolment lasts; a session is of one day.
    assert {period: row["open"] for period, row in found.items()} == {
        "2026-02": 3, "2026-03": 4, "2026-04": 3,
    }  # fmt: skip
    assert {row["duplicate"] for row in found.values()} == {1}
    assert township("worklist", "--unit", SISTER)["total"] == 0
    assert township("worklist", "--unit", VILLAGE)["total"] == 4
    page = township("worklist", "--limit", "2", "--offset", "1")
    assert (len(page["items"]), page["total"]) == (2, 5)
    assert township("worklist", "--group", "conflict")["items"] == []
    assert township.refuses("worklist", "--unit", "410122102000") == "unit_not_below"


def test_the_quick_list_says_the_same_of_records(line: Line) -> None:
    """The list takes the newest operation's word where it may; the review looks at each record."""
    village, township = line.village, line.township
    session = sessions(township)[DAY]
    others = [row["record"] for row in township("review")["items"] if row["kind"] == "enrolment"]
    township("approve", session, others[0])
    township("reject", others[1], "--why", "重复")
    village("edit", session, "notes=又")
    line.carry(village, township)
    slow = {row["record"]: row["state"] for row in township("review")["items"]}
    quick = {
        item["record"]: group
        for group in work_queue.GROUPS
        for item in township("worklist", "--group", group)["items"]
    }
    words = {"none": "open"}
    assert quick == {
        record: words.get(state, state) for record, state in slow.items() if record in quick
    }
    assert set(quick) == {session, *others}


def test_a_return_counts_only_for_the_tier_of_its_author(line: Line) -> None:
    """A township that writes a return in the county's name does not stop the county."""
    session = sessions(line.county)[DAY]
    with line.township.open() as workspace, workspace.database.transaction():
        writer = Writer(workspace, operator="", label="return")
        writer.save(
            kind="return",
            record="AAAAAAAAAAAAAAAAAAAAAA",
            unit=VILLAGE,
            writes={
                "record": session,
                "field": "*",
                "reason": "R99",
                "text": "冒名",
                "tier": "county",
            },
        )
        writer.finish()
    line.carry(line.township, line.county)
    assert group_of(line.county, session) == "open"
    assert line.county("approve", session)["approved"] == 1
    assert line.county("show", session)["record"]["review_states"] == {"county": "approved"}
    # Its own word still counts, for itself.
    line.township("return", session, "*", "--reason", "R99", "--text", "补")
    assert group_of(line.township, session) == "returned"


def test_what_is_not_flagged_is_approved_together(line: Line) -> None:
    township = line.township
    session = sessions(township)[DAY]
    township("return", session, "notes", "--reason", "R01", "--text", "补")
    answer = township("approve", "--unflagged", "--unit", VILLAGE, "--period", "2026-03")
    assert (answer["approved"], answer["skipped"]) == (3, [])
    assert counts(township) == {"returned": 1, "approved": 3}
    township("undo")
    assert counts(township) == {"returned": 1, "open": 3}
    assert township("approve", session, "--unflagged", code=2)["error"]["code"] == "usage"
    assert township.refuses("approve", "--unflagged", "--period", "March") == "period_invalid"


def test_files_are_owed_to_whom_something_was_decided_about(line: Line, tmp_path: Path) -> None:
    village, township, county = line.village, line.township, line.county
    session = sessions(township)[DAY]

    def owed(desk: Desk) -> list[tuple[str, int, int]]:
        rows = desk("relay")["units"]
        return [
            (row["unit"], row["operations"], row["returns"])
            for row in rows
            if row["operations"] and row["written"] is None
        ]

    assert (owed(township), owed(county)) == ([], [])
    township("return", session, "notes", "--reason", "R01", "--text", "补")
    township("approve", "--unflagged")
    assert owed(township) == [(VILLAGE, 4, 1)]
    line.carry(township, village)
    assert owed(township) == []
    # The county's word about a village goes by its township, which then owes it in its turn.
    line.carry(township, county)
    county("approve", session)
    assert owed(county) == [(TOWNSHIP, 1, 0)]
    line.carry(county, township)
    # The next file brings all that the village has not acknowledged, what the first one had too.
    assert (owed(county), owed(township)) == ([], [(VILLAGE, 5, 1)])


def test_a_decided_conflict_is_decided_anew_when_asked_for(line: Line) -> None:
    village, township = line.village, line.township
    session = sessions(township)[DAY]
    township("edit", session, "notes=镇", "--why", "核对")
    village("edit", session, "notes=村")
    line.carry(village, township)
    (conflict,) = township("conflicts")["conflicts"]
    by_value = {value["value"]: value["op"] for value in conflict["values"]}
    township("resolve", session, "notes", "--keep", by_value["村"])
    words = ("resolve", session, "notes", "--keep", by_value["镇"])
    assert township.refuses(*words) == "conflict_unknown"
    assert township(*words, "--again")["operations"] == 1
    assert township("show", session)["record"]["notes"] == "镇"
    assert township("conflicts")["total"] == 0
    assert township.refuses("resolve", session, "date", "--keep", by_value["镇"], "--again") == (
        "conflict_unknown"
    )
    line.carry(township, village)
    assert village("show", session)["record"]["notes"] == "镇"
    assert village.is_sound()


def test_a_disputed_deletion_is_taken_back_and_decided_anew_with_its_children(line: Line) -> None:
    village, township = line.village, line.township
    session = sessions(township)[DAY]
    township("edit", session, "notes=镇", "--why", "核对")
    village("delete", session, "--why", "误录")
    line.carry(village, township)
    (conflict,) = township("conflicts")["conflicts"]
    (gone,) = [value["op"] for value in conflict["values"] if value["value"] is True]
    township("resolve", session, "_deleted", "--keep", gone)
    assert township("list", "session")["total"] == 0
    township("undo")
    assert township("list", "session")["total"] == 1
    township("resolve", session, "_deleted", "--keep", gone, "--again")
    assert township("list", "session")["total"] == 0
    line.carry(township, village)
    assert village("list", "session")["total"] == 0
    assert township.state(VILLAGE) == village.state()
