"""An enrolled village that writes what its program never would, against the desks above it.

What is written here goes through the real writer, which asks nobody; files carry it upward.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.services import documents, packing, writing
from learnsite_desktop.services.question_search import find_questions
from learnsite_desktop.services.questions import facts_of
from learnsite_desktop.services.record_view import record_view
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store.records import find_record, records_of_kind
from tests.desks import SISTER, TOWNSHIP, VILLAGE, Desk, Line, small_class

MARCH, ROUND = "2026-03", "2026年上半年督导"


@pytest.fixture
def line(enrolled: Line, monkeypatch: pytest.MonkeyPatch) -> Line:
    """Two villages with a class; what a program would not write or pack is written and packed."""
    for village in (enrolled.village, enrolled.sister):
        village.capture(small_class(village.unit))
        enrolled.carry(village, enrolled.township)
    monkeypatch.setattr(writing, "require_verb", lambda *_names: None)
    monkeypatch.setattr(packing, "_periods", lambda *_words: [])
    return enrolled


def forge(desk: Desk, kind: str, record: str, writes: Mapping[str, object], **words: Any) -> str:
    """Write whatever is said; return the record."""
    record = record or b64(os.urandom(16))
    with desk.open() as workspace, workspace.database.transaction():
        writer = Writer(workspace, operator="", label="forged")
        said = {"unit": VILLAGE, "verb": "create", **words}
        writer.save(kind=kind, record=record, writes=writes, **said)
        writer.finish()
    return record


def visit(line: Line, unit: str, *words: str) -> Any:
    """Let the township inspect a unit."""
    return line.township("supervise", unit, *words, "--round", ROUND, "--checklist", "village")


def first_of(desk: Desk, kind: str, unit: str = VILLAGE) -> str:
    """Return a record of a unit."""
    with desk.open(write=False) as workspace:
        return records_of_kind(workspace.database, kind, unit=unit)[0].id


def rounded(activity: str) -> list[dict[str, Any]]:
    """Return sessions of an activity whose head-counts are all round."""
    return [
        {"ref": f"r{day}", "activity": activity, "date": f"2026-03-{day:02}", "start": "09:00",
         "end": "10:00", "status": "held", "headcount": {"total": 30, "basis": "estimate"}}
        for day in range(4, 17)
    ]  # fmt: skip


@pytest.mark.parametrize("writes", [{"reasons": []}, {"strange": 1}, {"lock": [ROUND]}])
@pytest.mark.parametrize("unit", [VILLAGE, SISTER])
def test_nobody_takes_the_place_of_an_inspection_or_its_findings(
    line: Line, writes: dict[str, object], unit: str
) -> None:
    """Their ids follow from unit, round and item: begun by a village, they would hide the visit."""
    place = b64(derived_id("inspection", unit, ROUND))
    found = b64(derived_id("finding", unit, place, "1"))
    forge(line.village, "inspection", place, writes)
    for record in (found, b64(derived_id("finding", place, "1"))):
        forge(line.village, "finding", record, {"answered": "2026-03-01", **writes})
    line.carry(line.village, line.township)
    assert line.township("quarantine")["total"] == 3
    assert visit(line, unit, "1=unmet")["inspection"] == place
    (seen,) = line.township("inspections")["inspections"]
    assert (seen["unit"], seen["open"]) == (unit, 1)
    (asked,) = line.township("findings")["findings"]
    assert (asked["id"], asked["unit"], asked["item"]) == (found, unit, "1")
    assert line.township.is_sound()


@pytest.mark.parametrize("visited", [None, "nie", ["x"], "2026-02-31"])
def test_half_a_visit_by_a_township_does_not_keep_the_county_out(
    line: Line, visited: object
) -> None:
    """It may begin one, with less than its program would write."""
    place = b64(derived_id("inspection", VILLAGE, ROUND))
    said = {"unit": VILLAGE, "round": ROUND, "visited": visited}
    forge(line.township, "inspection", place, said)
    line.carry(line.township, line.county)
    assert line.county("quarantine")["total"] == 0
    words = ("1=unmet", "--round", ROUND, "--checklist", "village")
    assert line.county("supervise", VILLAGE, *words)["inspection"] == place
    (seen,) = line.county("inspections")["inspections"]
    assert (seen["checklist"], seen["visited"], seen["open"]) == ("village", "2026-04-02", 1)


def test_a_finding_is_not_deleted_by_whom_it_is_about(line: Line) -> None:
    """Its answer is the village's, whether it stands is not."""
    visit(line, VILLAGE, "1=unmet", "3=unmet")
    line.carry(line.township, line.village)
    asked = {one["item"]: one["id"] for one in line.village("findings")["findings"]}
    forge(line.village, "finding", asked["1"], {"_deleted": True}, verb="delete")
    line.village("mend", asked["3"], "--text", "已补")
    line.carry(line.village, line.township)
    states = {one["item"]: one["state"] for one in line.township("findings")["findings"]}
    assert states == {"1": "open", "3": "answered"}
    (apart,) = line.township("quarantine")["items"]
    assert (apart["record"], apart["code"]) == (asked["1"], "out_of_scope")


def test_a_visit_can_still_be_taken_back(line: Line) -> None:
    """By whoever made it; the unit learns of it."""
    visit(line, VILLAGE, "1=unmet")
    line.carry(line.township, line.village)
    line.township("undo")
    line.carry(line.township, line.village)
    assert line.village("findings")["findings"] == []
    assert line.township("findings")["findings"] == []


def test_nobody_begins_a_neighbours_answer(line: Line) -> None:
    """The id follows from unit and question; begun by another, it would hide the answer."""
    theirs = b64(derived_id("answer", SISTER, "Q5-2026-x"))
    forge(line.village, "answer", theirs, {"unit": VILLAGE, "question": "Q5-2026-x"})
    line.carry(line.village, line.township)
    (apart,) = line.township("quarantine")["items"]
    assert (apart["record"], apart["code"]) == (theirs, "out_of_scope")


def test_a_question_about_others_is_not_answered_by_anybody(line: Line) -> None:
    """Whoever knows the records asked about may say what he likes; it settles nothing."""
    activity = first_of(line.sister, "activity", SISTER)
    line.sister.capture({"v": 1, "source": "round", "sessions": rounded(activity)})
    line.carry(line.sister, line.township)
    (asked,) = line.township("questions", "--id", "Q5")["questions"]
    with line.township.open(write=False) as workspace:
        (one,) = find_questions(workspace, asks=("Q5",))
        facts = facts_of(workspace, one)
    for desk, unit, state in ((line.village, VILLAGE, "open"), (line.sister, SISTER, "answered")):
        record = b64(derived_id("answer", unit, asked["id"]))
        said = {"unit": unit, "question": asked["id"], "facts": facts}
        forge(desk, "answer", record, said, unit=unit)
        line.carry(desk, line.township)
        (now,) = line.township("questions", "--id", "Q5")["questions"]
        assert (now["state"], now["answers"][-1]["unit"]) == (state, unit)


_QUESTIONS = (("questions",), ("worklist",), ("worklist", "--period", MARCH))


@pytest.mark.parametrize(
    "writes",
    [
        {"date": "x"},
        {"date": ""},
        {"date": "2026-03-99"},
        {"date": "0000-03-03"},
        {"time": ["9" * 5000 + ":00", "10:00"]},
        {"time": ["²:00", "10:00"]},
    ],
)
def test_a_day_or_time_nobody_can_read_stops_no_question(
    line: Line, writes: dict[str, object]
) -> None:
    """The questions over many records, and with them the whole work list, are asked all the same.

    Round head-counts are the question that has to be asked still.
    """
    site, activity = first_of(line.village, "site"), first_of(line.village, "activity")
    line.village.capture({"v": 1, "source": "round", "sessions": rounded(activity)})
    held = {"activity": activity, "status": "held", "time": ["09:00", "10:30"], "site": site}
    for _copy in range(6):
        forge(line.village, "session", "", {**held, "date": "2026-03-09", **writes})
    line.carry(line.village, line.township)
    for words in _QUESTIONS:
        line.township(*words)
    asked = line.township("questions", "--id", "Q5")["questions"]
    assert [one["asks"] for one in asked] == ["Q5"]


@pytest.mark.parametrize(
    "value",
    ["Q5.multiple=0", "Q6.sessions=0", "Q6.sessions=1", "Q4.sessions=0", "Q3.alike_bits=64",
     "Q3.alike_bits=999999", "Q4.equal_percent=0", "Q7.multiple=3"],
)  # fmt: skip
def test_a_threshold_that_makes_no_sense_is_refused(line: Line, value: str) -> None:
    """And none that came from elsewhere is used: no question could be asked any more."""
    assert line.township.refuses("policy", f"questions={value}") == "policy_value"
    with line.township.open() as workspace, workspace.database.transaction():
        workspace.database.execute(
            "INSERT OR REPLACE INTO policy (key, value) VALUES ('questions', ?)", (value,)
        )
    line.township("questions")


@pytest.mark.parametrize("fields", ["x", 7, ["x"], [7], [["a"]], [[["a"], 7]]])
def test_strange_columns_of_a_registered_table_stop_no_list(line: Line, fields: object) -> None:
    """What departments ask for is listed and can be added to."""
    writes = {"name": ["x"], "department": 7, "fields": fields, "standing": "x"}
    forge(line.village, "request", "", writes)
    line.carry(line.village, line.township)
    assert line.township("tables")["tables"]


@pytest.mark.parametrize("count", ["x", ["x", "y"], [None], [[1], 2], ["", True]])
def test_strange_numbers_of_people_stop_no_grid(line: Line, count: object) -> None:
    """What is no number counts as none."""
    record = b64(derived_id("population", VILLAGE, "2026"))
    writes = {"unit": VILLAGE, "year": 2026, "count": count, "source": ["x"]}
    forge(line.village, "population", record, writes)
    line.carry(line.village, line.township)
    assert line.township("quarantine")["total"] == 0
    rows = line.township("population", "list", "--year", "2026")["units"]
    assert {row["total"] for row in rows if row["unit"] == VILLAGE} <= {0, None}


@pytest.mark.parametrize("headcount", ["x", ["x"], [[1]], [2**53], [None, "y"]])
def test_strange_head_counts_stop_no_export(line: Line, tmp_path: Path, headcount: object) -> None:
    """Figures for other programs are written all the same."""
    session = first_of(line.village, "session")
    forge(line.village, "session", session, {"headcount": headcount}, verb="edit")
    line.carry(line.village, line.township)
    line.township("datapackage", "--out", tmp_path / "open", "--period", MARCH)


def test_a_strange_picture_can_be_looked_at(line: Line) -> None:
    """Whoever reviews it sees the record."""
    session = first_of(line.village, "session")
    writes = {"target": session, "content": [["x"], ["x"], ["x"]], "original": ["x"]}
    record = forge(line.village, "evidence", "", {**writes, "reasons": [["X", "y"]]})
    with line.village.open(write=False) as workspace:
        stored = find_record(workspace.database, record)
        assert stored is not None
        assert record_view(workspace, stored).title


@pytest.mark.parametrize("body", [7, "x", ["x"], [[1]], [{"from": None, "to": 7, "title": []}]])
def test_notices_that_are_none_stop_no_notice(line: Line, body: Any) -> None:
    """A township that issues nonsense keeps nobody from what the county says."""
    words = ("notice", "防汛", "--text", "周末停课", "--from", "2026-04-01", "--to", "2026-05-01")
    line.county(*words)
    with line.township.open() as workspace, workspace.database.transaction():
        documents.publish(workspace, "notices", body)
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)
    for desk in (line.village, line.township):
        told = desk("notices", "--day", "2026-04-02")["notices"]
        assert [one["title"] for one in told if one["title"]] == ["防汛"]
    line.township(*words)


@pytest.mark.parametrize("value", ["1E+999999999", "1E-999999999", "9" * 4000, "NaN", ["1"]])
def test_a_target_that_is_no_number_is_none(line: Line, value: object) -> None:
    """To write it out would take a milliard digits."""
    row = {"indicator": "S01", "unit": VILLAGE, "year": 2026, "value": value, "source": "x"}
    with line.township.open() as workspace, workspace.database.transaction():
        documents.publish(workspace, "targets", [row])
    line.carry(line.township, line.village)
    (shown,) = line.village("indicators", "--period", MARCH, "--id", "S01", "--targets")["values"]
    assert shown["target"] is None


def test_the_township_itself_is_not_kept_from_anything(line: Line) -> None:
    """What it enters for a village below begins under that village's ids, and counts."""
    line.township("population", "set", VILLAGE, "--year", "2026", "--total", "900",
                  "--over60", "200", "--source", "年报")  # fmt: skip
    visit(line, VILLAGE, "1=unmet")
    line.carry(line.township, line.county)
    assert line.county("quarantine")["total"] == 0
    assert line.county("findings", "--unit", TOWNSHIP)["findings"][0]["unit"] == VILLAGE
